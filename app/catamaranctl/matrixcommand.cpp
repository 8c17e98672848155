// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include "observe/readings.h"
#include "probe/run.h"
#include "probe/serviceaddress.h"

#include <QJsonArray>
#include <QUrl>

#include <algorithm>
#include <atomic>

namespace catamaran::ctl {

using core::Result;
using observe::Health;

namespace {

/// One layer of one direction.
struct Judged {
    QString layer;
    Health health = Health::Unknown;
    QString evidence, source;
};

const observe::ObservedMesh *managerOf(const observe::ObservedFleet &observed, const observe::ObservedCluster &cluster)
{
    for (const observe::ObservedMesh &mesh : observed.meshes) {
        for (const mesh::MemberCluster &member : mesh.status.members) {
            if (member.clusterId == cluster.cloudId && member.mode == mesh::Mode::Managed)
                return &mesh;
        }
    }
    return nullptr;
}

/// Why it is not known which mesh manages @p cluster, or of which meshes it is a member; empty when it is.
QString whyMeshUnknown(const observe::ObservedFleet &observed, const observe::ObservedCluster &cluster)
{
    if (observed.meshesError)
        return Say::tr("not known: %1").arg(observed.meshesError->text());
    if (cluster.cloudId.isEmpty() && observed.clustersError)
        return Say::tr("not known: %1").arg(observed.clustersError->text());
    if (managerOf(observed, cluster))
        return {};
    for (const observe::ObservedMesh &mesh : observed.meshes) {
        if (!mesh.status.membersKnown && !mesh.status.unread.isEmpty())
            return Say::tr("not known: %1").arg(mesh.status.unread.first().text());
        for (const mesh::MemberCluster &member : mesh.status.members)
            if (member.clusterId == cluster.cloudId && member.mode == mesh::Mode::Unknown)
                return Say::tr("%1 has %2, but nobody tells whether it manages it").arg(mesh.status.name, cluster.name);
    }
    return {};
}

const mesh::MemberCluster *memberOf(const observe::ObservedMesh &mesh, const observe::ObservedCluster &cluster)
{
    const auto &members = mesh.status.members;
    const auto found = std::find_if(
        members.begin(), members.end(), [&](const mesh::MemberCluster &member) { return member.clusterId == cluster.cloudId; });
    return found == members.end() ? nullptr : &*found;
}

Judged discovery(const QString &unknown, const observe::ObservedMesh *manager, const observe::ObservedCluster &to)
{
    Judged judged { QStringLiteral("discovery"), Health::Failed, {}, QStringLiteral("DescribeServiceMeshes") };
    if (!unknown.isEmpty()) {
        judged.health = Health::Unknown;
        judged.evidence = unknown;
    } else if (!manager)
        judged.evidence = Say::tr("no mesh manages the sending cluster");
    else if (!manager->status.membersKnown && !manager->status.unread.isEmpty()) {
        judged.health = Health::Unknown;
        judged.evidence = Say::tr("not known: %1").arg(manager->status.unread.first().text());
    } else if (!memberOf(*manager, to))
        judged.evidence = Say::tr("%1 has not added %2").arg(manager->status.name, to.name);
    else if (manager->status.state != mesh::MeshState::Running) {
        judged.health = Health::Warning;
        judged.evidence = Say::tr("%1 is %2").arg(manager->status.name, manager->status.stateWord);
    } else {
        judged.health = Health::Ok;
        judged.evidence = Say::tr("%1 reads the services of %2").arg(manager->status.name, to.name);
    }
    return judged;
}

Judged trust(const QString &unknown, const observe::ObservedMesh *ours, const observe::ObservedMesh *theirs)
{
    Judged judged { QStringLiteral("trust"), Health::Unknown, Say::tr("not every root could be read"),
        QStringLiteral("istio-ca-root-cert") };
    if (!unknown.isEmpty()) {
        judged.evidence = unknown;
        return judged;
    }
    if (!ours || !theirs) {
        judged.health = Health::Failed;
        judged.evidence = Say::tr("a cluster has no managing mesh");
        return judged;
    }
    switch (observe::trustBetween(ours->status, theirs->status)) {
    case observe::Trust::Same:
        judged.health = Health::Ok;
        judged.evidence = Say::tr("the same root");
        break;
    case observe::Trust::Rotating:
        judged.health = Health::Warning;
        judged.evidence = Say::tr("%1 and %2 have a root in common and others besides: a rotation is under way")
                              .arg(ours->status.name, theirs->status.name);
        break;
    case observe::Trust::Different:
        judged.health = Health::Failed;
        judged.evidence = Say::tr("the roots of %1 and %2 differ").arg(ours->status.name, theirs->status.name);
        break;
    case observe::Trust::Unknown: break;
    }
    return judged;
}

Judged gateway(
    const QString &unknown, const observe::ObservedMesh *manager, const observe::ObservedCluster &from, const observe::ObservedCluster &to)
{
    Judged judged { QStringLiteral("gateway"), Health::Failed, {}, Say::tr("networks of the managing mesh, services of %1").arg(to.name) };
    const mesh::MemberCluster *here = manager ? memberOf(*manager, from) : nullptr;
    const mesh::MemberCluster *there = manager ? memberOf(*manager, to) : nullptr;
    const observe::Condition *seen = to.condition(QStringLiteral("Gateway"));
    if (!unknown.isEmpty()) {
        judged.health = Health::Unknown;
        judged.evidence = unknown;
    } else if (manager && !manager->status.networksKnown && !manager->status.unread.isEmpty()) {
        judged.health = Health::Unknown;
        judged.evidence = Say::tr("not known: %1").arg(manager->status.unread.first().text());
    } else if (!here || !there) {
        judged.evidence = Say::tr("the clusters are not members of one mesh");
    } else if (here->network == there->network) {
        judged.health = Health::Ok;
        judged.evidence = Say::tr("one network: none is needed");
    } else if (to.gatewayAddress.isEmpty() && seen) {
        judged.health = seen->health == Health::Unknown ? Health::Unknown : Health::Failed;
        judged.evidence = seen->reason;
    } else if (to.gatewayAddress.isEmpty()) {
        judged.evidence = Say::tr("%1 is on another network and has no gateway").arg(to.name);
    } else {
        judged.health = Health::Ok;
        judged.evidence = Say::tr("gateway at %1").arg(to.gatewayAddress);
    }
    return judged;
}

/// Whether the answer came from @p to: by the pod's name, or by a version that only @p to runs.
bool answeredFrom(const probe::Sample &sample, const observe::ObservedCluster &from, const observe::ObservedCluster &to)
{
    const auto runs = [&sample](const observe::ObservedCluster &cluster) {
        return std::any_of(cluster.workloads.begin(), cluster.workloads.end(),
            [&](const observe::ObservedWorkload &workload) { return !sample.version.isEmpty() && workload.version == sample.version; });
    };
    const bool byName = std::any_of(to.workloads.begin(), to.workloads.end(),
        [&](const observe::ObservedWorkload &workload) { return workload.podNames.contains(sample.instance); });
    return byName || (runs(to) && !runs(from));
}

Judged request(
    const Context &context, const observe::ObservedCluster &from, const observe::ObservedCluster &to, const probe::RunSpec &question)
{
    probe::RunSpec spec = question;
    spec.source.cluster = from.name;
    Judged judged { QStringLiteral("request"), Health::Unknown, {}, spec.source.text() + QStringLiteral(" → ") + spec.url };
    const bool hasSource = std::any_of(from.workloads.begin(), from.workloads.end(), [&](const observe::ObservedWorkload &workload) {
        return workload.ns == spec.source.ns && workload.name == spec.source.workload && workload.ready > 0;
    });
    kube::KubeClient *client = context.session->cluster(from.name);
    const auto unread = from.whyUnread(observe::resources::deployments, spec.source.ns, spec.source.workload);
    if (!hasSource && (!from.reachable || unread)) {
        judged.evidence = Say::tr("not asked: %1")
                              .arg(unread                         ? unread->text()
                                      : from.conditions.isEmpty() ? from.name
                                                                  : from.conditions.first().reason);
        return judged;
    }
    if (!hasSource || !client) {
        judged.evidence = Say::tr("not asked: %1 has no ready %2/%3 to send from").arg(from.name, spec.source.ns, spec.source.workload);
        return judged;
    }
    context.progress(Say::tr("%1 requests from %2").arg(spec.count).arg(spec.source.text()));
    const auto crossings = std::make_shared<std::atomic<int>>(0); // counted as they come: a long run does not keep every sample
    const auto count = [crossings, from, to](const QList<probe::Sample> &samples) {
        *crossings += int(std::count_if(
            samples.begin(), samples.end(), [&](const probe::Sample &sample) { return sample.ok() && answeredFrom(sample, from, to); }));
    };
    const auto result = core::await(probe::run(*client, spec, context.stop, count), std::stop_token());
    if (!result) {
        judged.evidence = result.error().text();
        return judged;
    }
    const auto summary = result->figures();
    const int crossed = *crossings;
    judged.health = crossed > 0 && summary.errors == 0 ? Health::Ok : crossed > 0 ? Health::Warning : Health::Failed;
    judged.evidence
        = Say::tr("%1 of %2 answers came from %3; %4").arg(crossed).arg(summary.requests).arg(to.name, probe::verdictSentence(summary, {}));
    const auto service = probe::serviceOfHost(QUrl(spec.url).host(), spec.source.ns);
    if (const QString host = service ? from.externalServices.value(service->ns + u'/' + service->name) : QString();
        crossed == 0 && !host.isEmpty())
        judged.evidence += u' '
            + Say::tr("The Service %1/%2 of %3 is of type ExternalName: requests go to %4.")
                  .arg(service->ns, service->name, from.name, host);
    return judged;
}

int matrix(Context &context, const probe::RunSpec &question)
{
    const auto observed = look(context, { question.source.ns });
    if (!observed)
        return context.failed(observed.error());
    QJsonArray pairs;
    QList<QStringList> rows;
    bool allProven = observed->clusters.size() > 1;
    QStringList silent; // directions that failed in nothing, but were not asked
    for (const observe::ObservedCluster &from : observed->clusters) {
        for (const observe::ObservedCluster &to : observed->clusters) {
            if (from.name == to.name)
                continue;
            const observe::ObservedMesh *ours = managerOf(*observed, from);
            const QString unknown = whyMeshUnknown(*observed, from), unknownThere = whyMeshUnknown(*observed, to);
            const QList<Judged> layers { discovery(unknown, ours, to),
                trust(unknown.isEmpty() ? unknownThere : unknown, ours, managerOf(*observed, to)), gateway(unknown, ours, from, to),
                request(context, from, to, question) };
            if (context.stop.stop_requested())
                return Aborted;
            QJsonArray list;
            bool proven = true;
            for (const Judged &judged : layers) {
                proven = proven && judged.health == Health::Ok;
                list += QJsonObject { { QStringLiteral("layer"), judged.layer },
                    { QStringLiteral("health"), observe::healthName(judged.health) }, { QStringLiteral("evidence"), judged.evidence },
                    { QStringLiteral("source"), judged.source } };
                rows += { from.name + QStringLiteral(" → ") + to.name, judged.layer, observe::healthName(judged.health), judged.evidence };
            }
            allProven = allProven && proven;
            if (layers.last().health == Health::Unknown)
                silent += from.name + QStringLiteral(" → ") + to.name;
            pairs += QJsonObject { { QStringLiteral("from"), from.name }, { QStringLiteral("to"), to.name },
                { QStringLiteral("proven"), proven }, { QStringLiteral("layers"), list } };
        }
    }
    const QString sentence = allProven ? Say::tr("Every direction is proven in every layer.")
                                       : Say::tr("Not every direction is proven in every layer.")
            + (silent.isEmpty() ? QString()
                                : u' '
                        + Say::tr(
                            "Not asked: %1. It needs a ready client there; name one with --source, or start the sample's with “catamaranctl move-client”.")
                              .arg(silent.join(QStringLiteral(", "))));
    context.print(
        { { QStringLiteral("proven"), allProven }, { QStringLiteral("sentence"), sentence }, { QStringLiteral("directions"), pairs } },
        table({ Say::tr("DIRECTION"), Say::tr("LAYER"), Say::tr("STATE"), Say::tr("EVIDENCE") }, rows) + u'\n' + sentence);
    return allProven ? Holds : unheardCode(observed->errors) == Unreachable ? Unreachable : Failed;
}

Result<Work> prepare(const QCommandLineParser &parser, const QStringList &words)
{
    if (!words.isEmpty())
        return core::fail(badArgument(words.first(), Say::tr("not expected here")));
    const auto source = probe::Source::parse(QStringLiteral("any/") + parser.value(QStringLiteral("source")));
    if (!source)
        return core::fail(badArgument(QStringLiteral("--source"), Say::tr("it is not of the form namespace/workload")));
    probe::RunSpec spec;
    spec.source = *source;
    spec.url = parser.value(QStringLiteral("url"));
    spec.count = parser.value(QStringLiteral("count")).toInt();
    spec.requestTimeout = std::chrono::seconds(2); // a cut network answers none of them
    if (const auto checked = spec.check(); !checked)
        return core::fail(checked.error());
    return Work([spec](Context &context) { return matrix(context, spec); });
}

} // namespace

Command matrixCommand()
{
    Command command { "matrix", Say::tr("Judges every direction between clusters in four layers, with a real request as the last."), {},
        true, {}, &prepare, {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOptions({
            { QStringLiteral("url"), Say::tr("What to ask for. Default: http://helloworld:5000/hello"), QStringLiteral("URL"),
                QStringLiteral("http://helloworld:5000/hello") },
            { QStringLiteral("count"), Say::tr("Requests per direction. Default: 20"), QStringLiteral("N"), QStringLiteral("20") },
            { QStringLiteral("source"), Say::tr("The workload to send from, in each cluster. Default: default/sleep"),
                QStringLiteral("NAMESPACE/WORKLOAD"), QStringLiteral("default/sleep") },
        });
    };
    return command;
}

} // namespace catamaran::ctl
