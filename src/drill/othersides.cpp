// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/othersides.h"

#include "core/async.h"
#include "drill/faultwriter.h"
#include "drill/runner.h"
#include "drill/say.h"
#include "fleet/sessionworld.h"
#include "kube/labelselector.h"
#include "observe/observedfleet.h"
#include "probe/serviceaddress.h"
#include "truth/prover.h"

#include <QJsonArray>
#include <QUrl>

#include <algorithm>

namespace catamaran::drill {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

bool isReady(const QJsonObject &pod)
{
    if (pod[u"metadata"].toObject().contains(u"deletionTimestamp"))
        return false;
    const QJsonArray conditions = pod[u"status"][u"conditions"].toArray();
    return std::any_of(conditions.begin(), conditions.end(),
        [](const QJsonValue &one) { return one[u"type"].toString() == u"Ready" && one[u"status"].toString() == u"True"; });
}

/// The drill's faults in one cluster, as far as they take pods of the service away.
class Losses {
public:
    Losses(const DrillDocument &drill, const FaultLook &look)
        : m_drill(drill)
        , m_look(look)
    {
        for (const Fault &fault : drill.faults)
            if (const QString cluster = fault.kind ? fault.kind->loses(fault.arguments) : QString(); !cluster.isEmpty())
                m_clusters += cluster;
        m_clusters.removeDuplicates();
    }
    [[nodiscard]] const QStringList &clusters() const { return m_clusters; }

    /// How many ready pods of @p service stay in @p cluster.
    [[nodiscard]] Result<int> staying(const QString &cluster, const probe::ServiceName &service) const
    {
        const auto object = m_look.get(cluster, kube::kinds::services, service.ns, service.name);
        if (!object && object.error().kind == ErrorKind::NotFound)
            return 0;
        if (!object)
            return core::fail(object.error());
        const QJsonObject selector { { QStringLiteral("matchLabels"), (*object)[u"spec"][u"selector"] } };
        if ((*object)[u"spec"][u"selector"].toObject().isEmpty())
            return 0;
        const auto pods = m_look.list(cluster, kube::kinds::pods, service.ns);
        if (!pods)
            return core::fail(pods.error());
        Lost lost;
        for (const Fault &fault : m_drill.faults) {
            if (!fault.kind || fault.kind->loses(fault.arguments) != cluster)
                continue;
            if (fault.kind->cutsOff(fault.arguments, m_drill.probes.source))
                return 0;
            if (const auto added = addLost(lost, fault, cluster); !added)
                return core::fail(added.error());
        }
        return int(std::count_if(pods->begin(), pods->end(), [&](const QJsonObject &pod) {
            const QJsonObject metadata = pod[u"metadata"].toObject(), labels = metadata[u"labels"].toObject();
            const bool isLost = lost.pods.contains(metadata[u"name"].toString())
                || std::any_of(
                    lost.selectors.begin(), lost.selectors.end(), [&](const QJsonObject &one) { return kube::selects(one, labels); });
            return isReady(pod) && kube::selects(selector, labels) && !isLost;
        }));
    }

private:
    struct Lost {
        QStringList pods;
        QList<QJsonObject> selectors;
    };
    [[nodiscard]] Result<core::Done> addLost(Lost &lost, const Fault &fault, const QString &cluster) const
    {
        const auto objects = fault.kind->touches(fault.arguments);
        if (!objects)
            return core::fail(objects.error());
        for (const FaultObject &object : *objects) {
            if (object.kind == u"Pod")
                lost.pods += object.name;
            const auto kind = kube::kindOf(object.apiVersion, object.kind);
            if (!kind || object.cluster != cluster || object.kind == u"Pod")
                continue;
            const auto workload = m_look.get(cluster, *kind, object.ns, object.name);
            if (!workload)
                return core::fail(workload.error());
            lost.selectors += (*workload)[u"spec"][u"selector"].toObject();
        }
        return core::Done {};
    }

    const DrillDocument &m_drill;
    const FaultLook &m_look;
    QStringList m_clusters;
};

/// Asks once whether requests of the drill's client reach @p others.
void prove(OtherSides &sides, const DrillDocument &drill, const QStringList &others, session::Session &session, std::stop_token stop)
{
    const probe::Source &source = drill.probes.source;
    const auto fleet = observe::look(session, stop, { source.ns });
    if (!fleet) {
        sides.unproven += Say::tr("nothing could be proven: %1").arg(fleet.error().text());
        return;
    }
    truth::Question question;
    question.ns = source.ns;
    question.workload = source.workload;
    question.container = drill.probes.container;
    question.url = drill.probes.url;
    question.timeout = drill.probes.requestTimeout;
    question.greetsGateways = question.asksProxies = false;
    QList<truth::Direction> directions;
    for (const QString &other : others)
        directions.append({ source.cluster, other });
    const truth::Proofs proofs = truth::prove(session, *fleet, question, directions, stop);
    QStringList open;
    for (const truth::Direction &direction : std::as_const(directions)) {
        const truth::RequestProof proof = proofs.requests.value(direction);
        if (proof.crossed > 0)
            sides.proofs += Say::tr("%1: answered by %2 a moment ago").arg(direction.text(), proof.answeredBy.value(0, direction.to));
        else if (proof.error)
            sides.obstacles += *proof.error; // whoever cannot send measures nothing
        else if (!proof.keptHomeBy.isEmpty())
            open += Say::tr("%1: %2 keeps requests at home, so none of %3 went there")
                        .arg(direction.text(), proof.keptHomeBy, QString::number(proof.sent));
        else
            open += Say::tr("%1: none of %2 requests was answered from there").arg(direction.text(), QString::number(proof.sent))
                + (proof.words.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(proof.words));
    }
    if (sides.proofs.isEmpty()) // one that is proven is enough to take over
        sides.unproven += open;
}

} // namespace

OtherSides otherSides(const DrillDocument &drill, session::Session &session, std::stop_token stop, OtherSides::Ask ask)
{
    OtherSides sides;
    fleet::SessionWorld world(session);
    const FaultLook look { world, stop };
    const Losses losses(drill, look);
    if (losses.clusters().isEmpty())
        return sides;
    const QString lost = losses.clusters().join(QStringLiteral(", "));
    const QString host = QUrl(drill.probes.url, QUrl::StrictMode).host();
    const auto service = probe::serviceOfHost(host, drill.probes.source.ns);
    if (!service) {
        sides.unproven += Say::tr("%1 names no service of a cluster: who answers when %2 does not is not known").arg(host, lost);
        return sides;
    }
    QList<Error> unheard;
    QStringList others, bare;
    bool staysHome = false;
    QStringList unread;
    for (const QString &cluster : session.clusterNames()) {
        const auto ready = losses.staying(cluster, *service);
        if (!ready && (ready.error().kind == ErrorKind::Forbidden || ready.error().kind == ErrorKind::NotFound))
            unread += ready.error().text();
        else if (!ready) {
            unheard += ready.error();
            unheard.last().answer = Say::tr("%1 cannot be asked: %2").arg(cluster, unheard.last().answer); // a reason by itself
        } else if (*ready == 0)
            bare += cluster;
        else if (cluster == drill.probes.source.cluster || losses.clusters().contains(cluster))
            staysHome = true;
        else
            others += cluster;
    }
    const QString name = service->ns + u'/' + service->name;
    QStringList open;
    for (const QString &words : std::as_const(unread))
        open += Say::tr("whether another cluster could take over is not known: %1").arg(words);
    if (!staysHome && others.isEmpty()) {
        sides.obstacles = unheard; // who is not heard may not be counted on
        if (unheard.isEmpty() && unread.isEmpty()) // a loss of all may be meant so
            open += Say::tr("nobody would take over what %1 loses: no other pod of %2 is ready in %3")
                        .arg(lost, name, bare.join(QStringLiteral(", ")));
        sides.unproven += open;
        return sides;
    }
    for (const Error &error : std::as_const(unheard))
        open += Say::tr("whether another cluster could take over is not known: %1").arg(error.text());
    if (staysHome)
        sides.proofs += Say::tr("pods of %1 stay where the client, or the loss, is").arg(name);
    else if (ask == OtherSides::Ask::Client)
        prove(sides, drill, others, session, stop);
    if (sides.proofs.isEmpty()) // one that is proven is enough to take over
        sides.unproven += open;
    return sides;
}

Error unprovenError(const QString &drill, const QStringList &unproven)
{
    Error error = Error::make(ErrorKind::Precondition, Say::tr("run the drill"), drill,
        Say::tr("it is not proven that another side can take over: %1").arg(unproven.join(QStringLiteral("; "))),
        Say::tr("Prove it first (catamaranctl matrix), or say that it may run all the same: --yes-unproven"));
    error.code = unprovenCode;
    return error;
}

} // namespace catamaran::drill
