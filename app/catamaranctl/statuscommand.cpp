// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include "drill/unrestored.h"

#include "core/printable.h"
#include "observe/identity.h"
#include <QFileInfo>

#include <QJsonArray>

#include <algorithm>

namespace catamaran::ctl {

using core::Result;
using observe::Condition;
using observe::Health;

namespace {

QJsonArray toJson(const QList<Condition> &conditions)
{
    QJsonArray list;
    for (const Condition &condition : conditions) {
        list += QJsonObject { { QStringLiteral("type"), condition.type },
            { QStringLiteral("health"), observe::healthName(condition.health) },
            { QStringLiteral("basis"), condition.isHearsay ? QStringLiteral("said") : QStringLiteral("read") },
            { QStringLiteral("reason"), condition.reason }, { QStringLiteral("evidence"), condition.evidence },
            { QStringLiteral("source"), condition.source }, { QStringLiteral("at"), condition.at.toString(Qt::ISODateWithMs) } };
        if (!condition.subject.isEmpty()) {
            QJsonObject about = list.last().toObject();
            about.insert(QStringLiteral("subject"), condition.subject);
            list.replace(list.size() - 1, about);
        }
    }
    return list;
}

QString modeName(mesh::Mode mode)
{
    switch (mode) {
    case mesh::Mode::Managed: return QStringLiteral("managed");
    case mesh::Mode::DiscoveryOnly: return QStringLiteral("discovery-only");
    case mesh::Mode::Unknown: break;
    }
    return QStringLiteral("unknown");
}

QJsonObject toJson(const observe::ObservedCluster &cluster)
{
    QJsonArray workloads;
    for (const observe::ObservedWorkload &workload : cluster.workloads) {
        workloads += QJsonObject { { QStringLiteral("namespace"), workload.ns }, { QStringLiteral("name"), workload.name },
            { QStringLiteral("version"), workload.version }, { QStringLiteral("desired"), workload.desired },
            { QStringLiteral("ready"), workload.ready },
            { QStringLiteral("injected"), workload.podsKnown ? QJsonValue(workload.injected) : QJsonValue(QJsonValue::Null) },
            { QStringLiteral("apart"), workload.apart }, { QStringLiteral("why"), workload.why },
            { QStringLiteral("pods"), QJsonArray::fromStringList(workload.podNames) } };
    }
    return { { QStringLiteral("name"), cluster.name }, { QStringLiteral("id"), cluster.cloudId },
        { QStringLiteral("api_server"), cluster.apiServer }, { QStringLiteral("reachable"), cluster.reachable },
        { QStringLiteral("version"), cluster.kubeVersion },
        { QStringLiteral("injected_namespaces"), QJsonArray::fromStringList(cluster.injectedNamespaces) },
        { QStringLiteral("gateway"), cluster.gatewayAddress }, { QStringLiteral("workloads"), workloads },
        { QStringLiteral("conditions"), toJson(cluster.conditions) } };
}

QJsonObject toJson(const observe::ObservedMesh &mesh)
{
    QJsonArray members;
    for (const mesh::MemberCluster &member : mesh.status.members) {
        members += QJsonObject { { QStringLiteral("cluster"), observe::nameOrId(member) }, { QStringLiteral("id"), member.clusterId },
            { QStringLiteral("in_environment"), !member.clusterName.isEmpty() }, { QStringLiteral("mode"), modeName(member.mode) },
            { QStringLiteral("state"), member.state }, { QStringLiteral("network"), member.network },
            { QStringLiteral("gateway"), member.gateway } };
    }
    QStringList roots = mesh.status.rootFingerprints.values();
    roots.sort();
    QJsonArray planes, told;
    for (const mesh::ControlPlane &plane : mesh.status.controlPlanes) {
        QJsonArray replicas;
        for (const mesh::Replica &replica : plane.replicas)
            replicas += QJsonObject { { QStringLiteral("name"), replica.name }, { QStringLiteral("ready"), replica.isReady } };
        planes += QJsonObject { { QStringLiteral("revision"), plane.revision }, { QStringLiteral("version"), plane.version },
            { QStringLiteral("place"), plane.place }, { QStringLiteral("desired"), plane.desired },
            { QStringLiteral("ready"), plane.ready }, { QStringLiteral("replicas"), replicas } };
    }
    for (const mesh::ToldFact &fact : mesh.status.told)
        told += QJsonObject { { QStringLiteral("what"), fact.what }, { QStringLiteral("value"), fact.value },
            { QStringLiteral("error"), fact.error ? QJsonValue(fact.error->text()) : QJsonValue(QJsonValue::Null) },
            { QStringLiteral("right"), fact.right }, { QStringLiteral("source"), fact.source },
            { QStringLiteral("at"), fact.at.toString(Qt::ISODateWithMs) } };
    return { { QStringLiteral("name"), mesh.status.name }, { QStringLiteral("provider"), mesh.status.provider },
        { QStringLiteral("home"), mesh.status.home }, { QStringLiteral("mesh_id"), mesh.status.meshId },
        { QStringLiteral("trust_domain"), mesh.status.trustDomain }, { QStringLiteral("control_planes"), planes },
        { QStringLiteral("facts"), told }, { QStringLiteral("not_ours"), QJsonArray::fromStringList(mesh.status.notOurs) },
        { QStringLiteral("id"), mesh.status.id }, { QStringLiteral("version"), mesh.status.version },
        { QStringLiteral("state"), mesh.status.stateWord }, { QStringLiteral("members"), members },
        { QStringLiteral("roots"), QJsonArray::fromStringList(roots) }, { QStringLiteral("conditions"), toJson(mesh.conditions) } };
}

QString rootsSentence(const observe::ObservedFleet &observed)
{
    if (observed.meshesError || observed.meshesUnread) // what was last seen is no sentence about now either
        return observed.account.isEmpty()
            ? Say::tr("No mesh is known: no control plane runs in the clusters, and the environment has no cloud account.")
            : Say::tr("Which meshes there are is unknown: they could not be listed.");
    const observe::Trust trust = observed.trustOfMeshes();
    if (trust == observe::Trust::Rotating)
        return Say::tr(
            "The meshes have trust roots in common and others besides: a rotation is under way. Whether a mesh signs with a root that the others do not have yet is not seen here; real requests show it (matrix).");
    if (trust == observe::Trust::Unknown)
        return observed.meshes.isEmpty() ? Say::tr("There is no mesh yet.")
                                         : Say::tr("Whether the meshes share a root is unknown: not every root could be read.");
    if (trust == observe::Trust::Same)
        return observed.meshes.size() == 1 ? Say::tr("There is one mesh with one trust root.")
                                           : Say::tr("All meshes share the same trust root.");
    QStringList parts;
    for (const observe::ObservedMesh &mesh : observed.meshes) {
        QStringList roots = mesh.status.rootFingerprints.values();
        roots.sort();
        for (QString &root : roots)
            root = root.left(16);
        parts += mesh.status.name + u' ' + roots.join(u'+');
    }
    return Say::tr(
        "The roots differ (%1): workloads of these meshes do not trust each other, and requests between them fail in the TLS handshake.")
        .arg(parts.join(QStringLiteral(", ")));
}

void addRows(QList<QStringList> &rows, const QString &where, const QList<Condition> &conditions)
{
    for (const Condition &condition : conditions)
        rows += { condition.isHearsay && condition.health == Health::Ok ? Say::tr("said") : observe::healthName(condition.health), where,
            condition.type, condition.reason, condition.evidence };
}

QString describe(const observe::ObservedFleet &observed)
{
    QList<QStringList> rows;
    addRows(rows, Say::tr("drills"), observed.restores);
    for (const Condition &condition : observed.account)
        addRows(rows, condition.type == u"Meshes" ? Say::tr("meshes") : Say::tr("account"), { condition });
    for (const observe::ObservedCluster &cluster : observed.clusters)
        addRows(rows, cluster.name, cluster.conditions);
    for (const observe::ObservedMesh &mesh : observed.meshes)
        addRows(rows, mesh.status.name, mesh.conditions);
    addRows(rows, Say::tr("trust"), observed.trust);
    QString text = table({ Say::tr("STATE"), Say::tr("WHERE"), Say::tr("WHAT"), Say::tr("FINDING"), Say::tr("EVIDENCE") }, rows);

    QList<QStringList> workloads;
    for (const observe::ObservedCluster &cluster : observed.clusters) {
        for (const observe::ObservedWorkload &workload : cluster.workloads) {
            workloads += { cluster.name, workload.ns + u'/' + workload.name, workload.version,
                QStringLiteral("%1/%2").arg(workload.ready).arg(workload.desired),
                !workload.podsKnown            ? Say::tr("unknown")
                    : workload.injected        ? Say::tr("yes")
                    : workload.apart.isEmpty() ? Say::tr("no")
                                               : Say::tr("no: %1").arg(workload.apart) };
        }
    }
    if (!workloads.isEmpty())
        text += u'\n'
            + table({ Say::tr("CLUSTER"), Say::tr("WORKLOAD"), Say::tr("VERSION"), Say::tr("READY"), Say::tr("SIDECAR") }, workloads);

    QList<QStringList> members;
    for (const observe::ObservedMesh &mesh : observed.meshes) {
        for (const mesh::MemberCluster &member : mesh.status.members)
            members += { mesh.status.name, observe::toldName(member), modeName(member.mode), member.network,
                member.gateway ? Say::tr("gateway") : QString() };
    }
    if (!members.isEmpty())
        text += u'\n' + table({ Say::tr("MESH"), Say::tr("CLUSTER"), Say::tr("MODE"), Say::tr("NETWORK"), QString() }, members);
    QList<QStringList> planes, facts;
    for (const observe::ObservedMesh &mesh : observed.meshes) {
        QStringList roots = mesh.status.rootFingerprints.values();
        roots.sort();
        for (QString &root : roots)
            root = root.left(16);
        for (const mesh::ControlPlane &plane : mesh.status.controlPlanes)
            planes += { mesh.status.name, plane.place, plane.revision, plane.version,
                QStringLiteral("%1/%2").arg(plane.ready).arg(plane.desired), mesh.status.meshId, mesh.status.trustDomain,
                roots.join(u'+') };
        for (const mesh::ToldFact &fact : mesh.status.told)
            if (fact.error)
                facts += { mesh.status.name, fact.what, fact.error->text(), fact.right };
        for (const QString &reason : mesh.status.notOurs)
            facts += { mesh.status.name, Say::tr("not ours"), reason, QString() };
    }
    if (!planes.isEmpty())
        text += u'\n'
            + table({ Say::tr("MESH"), Say::tr("CONTROL PLANE"), Say::tr("REVISION"), Say::tr("VERSION"), Say::tr("READY"),
                        Say::tr("MESH ID"), Say::tr("TRUST DOMAIN"), Say::tr("ROOT") },
                planes);
    if (!facts.isEmpty())
        text += u'\n' + table({ Say::tr("MESH"), Say::tr("FACT"), Say::tr("NOT KNOWN BECAUSE"), Say::tr("RIGHT") }, facts);
    const auto isInTable = [&](const core::Error &error) {
        return std::any_of(observed.account.begin(), observed.account.end(),
            [&](const Condition &condition) { return condition.evidence == error.text(); });
    };
    for (const core::Error &error : observed.errors)
        if (!isInTable(error))
            text += u'\n' + Say::tr("Not seen: %1").arg(error.text()) + u'\n';
    return text + u'\n' + core::printableLine(rootsSentence(observed)) + u'\n';
}

/// What the journal and the objects' marks tell of drills that did not put everything back.
void markRestores(const Context &context, observe::ObservedFleet &observed)
{
    QList<drill::MarkedObject> marks = drill::marksIn(observed);
    drill::DueRestores restores;
    if (QFileInfo::exists(context.databaseFile)) { // where there is none nothing is known
        if (const auto known = drill::dueRestores(context.databaseFile, context.environment.name))
            restores = *known;
        if (const auto journal = ops::Journal::open(context.databaseFile))
            marks = drill::unknownTo(*journal, marks).value_or(marks);
    }
    drill::markUnrestored(observed, restores, marks);
}

int status(Context &context, const QStringList &namespaces)
{
    auto observed = observe::look(*context.session, context.stop, namespaces);
    if (!observed)
        return context.failed(observed.error());
    markRestores(context, *observed);
    QJsonArray clusters, meshes, errors;
    for (const observe::ObservedCluster &cluster : observed->clusters)
        clusters += toJson(cluster);
    for (const observe::ObservedMesh &mesh : observed->meshes)
        meshes += toJson(mesh);
    for (const core::Error &error : observed->errors)
        errors += QJsonObject { { QStringLiteral("kind"), core::kindName(error.kind) }, { QStringLiteral("text"), error.text() } };
    const auto shares = observed->sharesRoot();
    const Health worst = observed->worst();
    context.print(
        { { QStringLiteral("environment"), observed->environment }, { QStringLiteral("at"), observed->at.toString(Qt::ISODateWithMs) },
            { QStringLiteral("health"), observe::healthName(worst) },
            { QStringLiteral("shares_root"), shares ? QJsonValue(*shares) : QJsonValue(QJsonValue::Null) },
            { QStringLiteral("roots"), rootsSentence(*observed) }, { QStringLiteral("account"), toJson(observed->account) },
            { QStringLiteral("restores"), toJson(observed->restores) }, { QStringLiteral("clusters"), clusters },
            { QStringLiteral("meshes"), meshes }, { QStringLiteral("trust"), toJson(observed->trust) },
            { QStringLiteral("errors"), errors } },
        describe(*observed));
    const int unheard = unheardCode(observed->errors);
    return unheard == Unreachable                                                                   ? Unreachable
        : unheard == Failed || worst == Health::Failed || worst == Health::Stale || shares == false ? Failed
                                                                                                    : Holds;
}

} // namespace

Command statusCommand()
{
    Command command { "status", Say::tr("Shows what is known of clusters, meshes and trust, with the evidence for it."), {}, true, {}, {},
        {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOption({ QStringLiteral("namespace"), Say::tr("Show this namespace's workloads too. May be given several times."),
            QStringLiteral("NAME") });
    };
    command.prepare = [](const QCommandLineParser &parser, const QStringList &words) -> Result<Work> {
        if (!words.isEmpty())
            return core::fail(badArgument(words.first(), Say::tr("not expected here")));
        return Work([namespaces = parser.values(QStringLiteral("namespace"))](Context &context) { return status(context, namespaces); });
    };
    return command;
}

} // namespace catamaran::ctl
