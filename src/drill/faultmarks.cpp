// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/faultmarks.h"

#include "core/async.h"
#include "drill/say.h"
#include "fleet/sessionworld.h"
#include "ops/purpose.h"

#include <array>

namespace catamaran::drill {

using core::ErrorKind;
using core::Result;
using namespace std::chrono_literals;

namespace {

/// A cluster that says nothing keeps no other waiting longer than this.
constexpr auto patience = 20s;

struct MarkedKind {
    const char *apiVersion, *kind;
    kube::ResourceKind resource;
    bool isAlwaysThere = true; ///< a console that may not list it can do little else; else that is told, and no more
};
const std::array markedKinds {
    MarkedKind { "apps/v1", "Deployment", kube::kinds::deployments },
    MarkedKind { "v1", "Service", kube::kinds::services },
    MarkedKind { "v1", "ServiceAccount", kube::kinds::serviceAccounts },
    MarkedKind { "apps/v1", "StatefulSet", kube::kinds::statefulSets, false },
    MarkedKind { "networking.istio.io/v1", "VirtualService",
        { QStringLiteral("networking.istio.io"), QStringLiteral("v1"), QStringLiteral("virtualservices") }, false },
};

struct Question {
    QString cluster;
    const MarkedKind *kind;
    kube::KubeClient *client;
    QFuture<Result<kube::ListResult>> answer;
};

void take(MarkSearch &search, const Question &question, const kube::ListResult &list)
{
    for (const QJsonObject &object : list.items) {
        const QJsonObject metadata = object[u"metadata"].toObject();
        const QString text = metadata[u"annotations"][ops::faultAnnotation].toString();
        if (text.isEmpty())
            continue;
        MarkedObject one { question.cluster, QLatin1String(question.kind->apiVersion), QLatin1String(question.kind->kind),
            metadata[u"namespace"].toString(), metadata[u"name"].toString(), {} };
        if (const auto mark = ops::readFaultMark(text)) {
            one.mark = *mark;
            search.found += one;
        } else {
            search.unseen += core::Error::make(ErrorKind::Precondition, Say::tr("see what a drill left broken"), one.trace().subject(),
                Say::tr("it bears the mark of a fault (%1) that cannot be read: %2").arg(ops::faultAnnotation, text.left(300)),
                Say::tr("Put the object back by hand, and take the annotation off."));
        }
    }
}

} // namespace

ops::Trace MarkedObject::trace() const
{
    return { mark.execution, mark.step, cluster, apiVersion, kind, ns, name, mark.replicas, mark.set };
}

QString whoseMark(const ops::FaultMark &mark)
{
    const QString drill = mark.name.isEmpty() ? mark.execution : mark.name;
    const QString since
        = mark.at.isValid() ? mark.at.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")) : Say::tr("at an unknown time");
    if (ops::isProbesName(mark.name))
        return mark.owner.host.isEmpty() ? Say::tr("the probe “%1”, made %2").arg(drill, since)
                                         : Say::tr("the probe “%1”, made %2 by %3").arg(drill, since, mark.owner.text());
    return mark.owner.host.isEmpty() ? Say::tr("the drill “%1”, begun %2").arg(drill, since)
                                     : Say::tr("the drill “%1”, begun %2 by %3").arg(drill, since, mark.owner.text());
}

QString MarkedObject::text() const
{
    return mark.replicas ? Say::tr("%1 had %2 replicas").arg(trace().subject()).arg(*mark.replicas)
                         : Say::tr("%1 was not there").arg(trace().subject());
}

QList<MarkedObject> marksIn(const observe::ObservedFleet &fleet)
{
    QList<MarkedObject> marks;
    for (const observe::ObservedCluster &cluster : fleet.clusters)
        for (const observe::ObservedFault &fault : cluster.faults)
            marks.append({ cluster.name, fault.apiVersion, fault.kind, fault.ns, fault.name, fault.mark });
    return marks;
}

MarkSearch findMarks(session::Session &session, const QStringList &namespaces, std::stop_token stop)
{
    MarkSearch search;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    std::stop_source ended;
    const std::stop_callback forward(stop, [ended]() mutable { ended.request_stop(); });
    fleet::SessionWorld world(session);
    QList<Question> questions; // all clusters at once
    for (const QString &name : session.clusterNames()) {
        const auto client = world.cluster(name);
        if (!client) {
            search.unseen += client.error();
            continue;
        }
        for (const MarkedKind &kind : markedKinds)
            questions.append({ name, &kind, *client, (*client)->list(kind.resource, {}, {}, ended.get_token()) });
    }
    QStringList silent;
    for (const Question &question : std::as_const(questions)) {
        if (silent.contains(question.cluster))
            continue;
        auto answer = core::await(question.answer, stop, deadline);
        if (!answer && answer.error().kind == ErrorKind::Forbidden) { // where the whole cluster may not be listed
            QStringList places = namespaces;
            const QString own = question.client->access().defaultNamespace;
            for (const QString &one : { own.isEmpty() ? QStringLiteral("default") : own, QStringLiteral("default") })
                if (!places.contains(one))
                    places += one;
            std::optional<Result<kube::ListResult>> some;
            for (const QString &ns : std::as_const(places)) {
                const auto part = core::await(question.client->list(question.kind->resource, ns, {}, ended.get_token()), stop, deadline);
                if (!part)
                    continue;
                if (!some)
                    some = kube::ListResult {};
                (*some)->items += part->items;
            }
            if (some)
                answer = *some;
        }
        if (answer) {
            take(search, question, *answer);
            continue;
        }
        if (answer.error().kind == ErrorKind::NotFound && !question.kind->isAlwaysThere) // no such kind there, and so no such object
            continue;
        if (answer.error().kind == ErrorKind::Forbidden && !question.kind->isAlwaysThere) {
            search.unlisted += Say::tr("%1: %2 may not be listed").arg(question.cluster, question.kind->resource.plural);
            continue;
        }
        core::Error error = answer.error();
        error.target = question.cluster;
        search.unseen += error;
        silent += question.cluster;
    }
    ended.request_stop();
    return search;
}

Result<QList<MarkedObject>> unknownTo(const ops::Journal &journal, const QList<MarkedObject> &marks)
{
    QList<MarkedObject> unknown;
    for (const MarkedObject &one : marks) {
        const auto known = journal.marking(one.mark.execution, one.mark.step);
        if (!known)
            return core::fail(known.error());
        if (!*known)
            unknown += one;
    }
    return unknown;
}

OwnerState ownerOf(const ops::FaultMark &mark)
{
    const ops::Owner &self = ops::Owner::self();
    if (mark.owner.host != self.host || mark.owner.boot != self.boot)
        return OwnerState::Elsewhere;
    if (mark.owner == self) // what this process holds is in the journal, which was asked
        return OwnerState::Gone;
    return ops::isAlive(mark.owner, {}, {}) ? OwnerState::Alive : OwnerState::Gone;
}

} // namespace catamaran::drill
