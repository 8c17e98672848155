// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "truth/path.h"

#include "findings/rule.h"
#include "findings/view.h"
#include "probe/serviceaddress.h"
#include "truth/say.h"

#include <QUrl>

#include <algorithm>

namespace catamaran::truth {

using findings::ClusterView;
using findings::Finding;
using observe::Health;

namespace {

constexpr qsizetype mostRulings = 20; ///< of one kind at one hop

class Path {
public:
    Path(const PathQuestion &question, const findings::FleetFacts &facts, const QList<Finding> &found, const Matrix &matrix,
        const Proofs &proofs, const ServingProxy &serving)
        : m_index(facts)
        , m_found(found)
        , m_proofs(proofs)
        , m_serving(serving)
        , m_state(matrix.find(question.from, question.to))
    {
        m_path.question = question;
        m_path.at = matrix.at;
        const QUrl url(question.url, QUrl::StrictMode);
        if (const auto service = probe::serviceOfHost(url.host(), question.ns))
            m_path.service = observe::keyOf(service->ns, service->name);
        for (const ClusterView &cluster : m_index.clusters()) {
            if (cluster.name() == question.from)
                m_here = &cluster;
            if (cluster.name() == question.to)
                m_there = &cluster;
        }
        const Direction direction { question.from, question.to };
        if (const auto one = proofs.requests.constFind(direction); one != proofs.requests.cend())
            m_request = &*one;
        if (const auto one = proofs.proxies.constFind(direction); one != proofs.proxies.cend())
            m_proxy = &*one;
        for (const HopKind kind : { HopKind::Client, HopKind::Sidecar, HopKind::GatewayOut, HopKind::GatewayIn, HopKind::Pod })
            m_path.hops.append(Hop { .kind = kind });
    }

    RequestPath run()
    {
        if (m_state && m_request && !m_request->error) {
            const Health asked = m_state->cell(Layer::Request).health;
            if (asked == Health::Ok || asked == Health::Warning)
                m_path.arrives = true;
            else if (asked == Health::Failed)
                m_path.arrives = false;
        }
        client();
        sidecar();
        gatewayOut();
        gatewayIn();
        pod();
        attach();
        if (m_path.arrives == true)
            for (Hop &hop : m_path.hops)
                pass(hop);
        conclude();
        return std::move(m_path);
    }

private:
    Hop &hop(HopKind kind) { return m_path.hops[int(kind)]; }
    [[nodiscard]] const QString &from() const { return m_path.question.from; }
    [[nodiscard]] const QString &to() const { return m_path.question.to; }

    void rule(Hop &hop, const QString &object, const QString &says, const observe::FactHead &fact)
    {
        hop.rulings.append({ object, says, fact.source, fact.at });
    }

    /// A kind that was not read may rule the hop as well.
    void unread(Hop &hop, const observe::FactHead &fact, const QString &what)
    {
        const QString why = fact.error ? fact.error->answer : Say::tr("it was not read");
        hop.asked.append({ Say::tr("%1: not known, %2").arg(what, why), fact.source, fact.at });
        if (hop.needs.isEmpty())
            hop.needs = fact.error && fact.error->kind == core::ErrorKind::Forbidden ? Say::tr("the right to list %1").arg(what)
                                                                                     : Say::tr("%1, which could not be read").arg(what);
    }

    void takeCell(Hop &hop, Layer layer)
    {
        if (!m_state) {
            hop.needs = Say::tr("both clusters in the environment");
            return;
        }
        const Cell &cell = m_state->cell(layer);
        if (!cell.evidence.isEmpty())
            hop.asked.append({ cell.evidence, cell.source, cell.at });
        if (!cell.latent.isEmpty())
            hop.asked.append({ cell.latent, cell.source, cell.at });
        if (hop.sentence.isEmpty() || cell.health == Health::Failed)
            hop.sentence = cell.evidence;
        if (cell.health == Health::Failed || hop.health == Health::Unknown)
            hop.health = cell.health;
        if (hop.needs.isEmpty() && cell.health != Health::Ok)
            hop.needs = cell.needs;
    }

    void client()
    {
        Hop &one = hop(HopKind::Client);
        one.where = QStringList { from(), m_path.question.ns, m_path.question.workload }.join(u'/');
        if (!m_request) {
            one.sentence = Say::tr("nobody has sent a request from there");
            one.needs = Say::tr("a request from a ready pod of %1").arg(one.where);
        } else if (m_request->error) {
            one.sentence = Say::tr("no request could be sent: %1").arg(m_request->error->answer);
            one.needs = m_request->error->remedy;
            one.asked.append({ m_request->error->text(), m_request->source, m_request->at });
        } else {
            one.health = Health::Ok;
            one.sentence = Say::tr("%1 requests were sent: %2 answered by %3, %4 answered elsewhere, %5 failed")
                               .arg(QString::number(m_request->sent), QString::number(m_request->crossed), to(),
                                   QString::number(m_request->elsewhere), QString::number(m_request->failed + m_request->failedElsewhere));
            if (m_request->unattributed > 0)
                one.sentence += Say::tr(", of %1 answers it is not known where from").arg(QString::number(m_request->unattributed));
            one.asked.append({ one.sentence, m_request->source, m_request->at });
            if (!m_request->words.isEmpty())
                one.asked.append({ m_request->words, m_request->source, m_request->at });
        }
        if (!m_here)
            return;
        if (const auto *pod = clientPod())
            rule(one, QStringLiteral("Pod ") + pod->key(),
                Say::tr("service account %1, %2")
                    .arg(pod->serviceAccount, pod->hasSidecar ? Say::tr("with a sidecar") : Say::tr("without a sidecar")),
                m_here->objects->pods);
    }

    /// The pod that sent, else one of the workload's by name.
    [[nodiscard]] const observe::PodFacts *clientPod() const
    {
        const QString sender = m_request ? m_request->source.section(u' ', 0, 0).section(u'/', 2) : QString();
        const observe::PodFacts *other = nullptr;
        for (const observe::PodFacts *pod : m_here->pods.value(m_path.question.ns)) {
            if (pod->name == sender)
                return pod;
            if (pod->name.startsWith(m_path.question.workload + u'-'))
                other = pod;
        }
        return other;
    }

    void certify(Hop &hop, const ProxyProof &word, const ClusterView *cluster)
    {
        if (word.error) {
            hop.asked.append({ word.error->text(), word.source, word.at });
            return;
        }
        if (word.identity.isEmpty())
            return;
        PresentedCertificate presented { word.identity, word.certificateSerial, word.certificateUntil, {}, {}, word.source, word.at };
        const QString secret = QStringLiteral("Secret istio-system/cacerts");
        if (!cluster || !cluster->objects->issuer.isRead()) {
            presented.issuerNeeds = Say::tr("the right to get %1").arg(secret);
        } else if (const auto &issuer = cluster->objects->issuer.get().issuer) {
            presented.issuer
                = Say::tr("%1, serial %2, until %3").arg(issuer->subject, issuer->serial, issuer->notAfter.toString(Qt::ISODate));
            rule(hop, secret, Say::tr("the control plane of %1 signs with it").arg(cluster->name()), cluster->objects->issuer);
        } else {
            presented.issuerNeeds
                = Say::tr("%1 has no Secret cacerts: its control plane or provider signs with a CA of its own").arg(cluster->name());
        }
        hop.certificate = presented;
    }

    void sidecar()
    {
        Hop &one = hop(HopKind::Sidecar);
        one.where = Say::tr("istio-proxy of %1").arg(hop(HopKind::Client).where);
        takeCell(one, Layer::Discovery);
        if (m_proxy) {
            certify(one, *m_proxy, m_here);
            one.endpoints = m_proxy->endpointsThere;
            if (!m_proxy->rejecting.isEmpty())
                one.asked.append({ Say::tr("set aside as unhealthy: %1").arg(m_proxy->rejecting.join(QStringLiteral(", "))),
                    m_proxy->source, m_proxy->at });
            if (m_proxy->error && one.needs.isEmpty())
                one.needs = m_proxy->error->remedy;
        } else {
            one.asked.append({ Say::tr("the sidecar was not asked"), {}, {} });
            if (one.needs.isEmpty())
                one.needs = Say::tr("what the sidecar itself knows");
        }
        if (!m_here)
            return;
        const observe::PodFacts *pod = clientPod();
        if (pod && !pod->hasSidecar) {
            one.isAbsent = true;
            one.sentence = Say::tr("the client has no sidecar: it goes to the cluster's own address and never leaves it");
            if (m_path.arrives != true)
                one.health = Health::Failed;
        }
        const observe::ClusterObjects &objects = *m_here->objects;
        const QString &key = m_path.service;
        if (const auto *service = m_here->services.value(key)) {
            QStringList ports;
            for (const observe::ServicePort &port : service->ports)
                ports.append(QStringLiteral("%1 %2").arg(QString::number(port.port), port.name).trimmed());
            rule(one, QStringLiteral("Service ") + key,
                Say::tr("%1, ports %2")
                    .arg(service->clusterIp.isEmpty() ? service->type : service->clusterIp, ports.join(QStringLiteral(", "))),
                objects.services);
        } else if (objects.services.isRead()) {
            one.asked.append(
                { key.isEmpty() ? Say::tr("the URL names no Service of the cluster") : Say::tr("there is no Service %1").arg(key),
                    objects.services.source, objects.services.at });
        } else {
            unread(one, objects.services, Say::tr("services of %1").arg(from()));
        }
        if (objects.destinationRules.isRead()) {
            for (const auto *rules : m_here->rulesFor(key).mid(0, mostRulings)) {
                QStringList says { rules->policy.tlsMode.isEmpty() ? Say::tr("TLS as the mesh decides")
                                                                   : Say::tr("TLS mode %1").arg(rules->policy.tlsMode) };
                if (rules->policy.outlier)
                    says.append(Say::tr("outlier detection"));
                if (rules->policy.locality)
                    says.append(Say::tr("locality settings"));
                rule(one, findings::objectName("DestinationRule", *rules), says.join(QStringLiteral(", ")), objects.destinationRules);
            }
        } else {
            unread(one, objects.destinationRules, Say::tr("destinationrules of %1").arg(from()));
        }
        if (objects.virtualServices.isRead()) {
            for (const auto *route : m_here->virtualServices.value(key).mid(0, mostRulings)) {
                QStringList says;
                for (const observe::RouteDestination &to : route->destinations)
                    says.append(to.subset.isEmpty() ? to.host : to.host + u':' + to.subset);
                says.removeDuplicates();
                rule(one, findings::objectName("VirtualService", *route), Say::tr("leads to %1").arg(findings::someOf(says)),
                    objects.virtualServices);
            }
        } else {
            unread(one, objects.virtualServices, Say::tr("virtualservices of %1").arg(from()));
        }
        for (const observe::SidecarFacts &scope : objects.sidecars.get())
            if ((scope.ns == m_path.question.ns || scope.ns == objects.meshConfig.get().rootNamespace) && scope.hasEgress
                && (scope.selector.isEmpty() || (pod && observe::matches(scope.selector, pod->labels))))
                rule(one, findings::objectName("Sidecar", scope), Say::tr("lets it know of %1").arg(findings::someOf(scope.egressHosts)),
                    objects.sidecars);
        if (!objects.sidecars.isRead())
            unread(one, objects.sidecars, Say::tr("sidecars of %1").arg(from()));
    }

    void gatewayOut()
    {
        Hop &one = hop(HopKind::GatewayOut);
        one.where = from();
        if (!m_here || !m_here->objects->virtualServices.isRead()) {
            one.sentence = Say::tr("whether requests leave through a gateway of their own cluster is not known");
            one.needs = Say::tr("the objects of %1").arg(from());
            if (m_here)
                unread(one, m_here->objects->virtualServices, Say::tr("virtualservices of %1").arg(from()));
            return;
        }
        one.isAbsent = true;
        one.sentence = Say::tr("none: the sidecar itself dials the other side");
        for (const auto *route : m_here->virtualServices.value(m_path.service)) {
            QStringList gateways = route->gateways;
            gateways.removeAll(QStringLiteral("mesh"));
            if (gateways.isEmpty())
                continue;
            one.isAbsent = false;
            one.sentence = Say::tr("a route names gateways of its own; whether this request takes one is not seen from here");
            one.needs = Say::tr("the access log of %1").arg(findings::someOf(gateways));
            rule(one, findings::objectName("VirtualService", *route), Say::tr("gateways: %1").arg(findings::someOf(gateways)),
                m_here->objects->virtualServices);
        }
    }

    void gatewayIn()
    {
        Hop &one = hop(HopKind::GatewayIn);
        one.where = to();
        takeCell(one, Layer::Gateway);
        if (m_state && m_state->isOneNetwork == true) {
            one.isAbsent = true;
            one.sentence = Say::tr("none: both clusters are on one network, pods are dialled at their own addresses");
            one.needs.clear();
            return;
        }
        for (const GatewayProof &proof : m_proofs.gateways.value({ from(), to() })) {
            one.endpoints.append(proof.address);
            const QString met = metText(proof);
            one.asked.append({ Say::tr("%1: %2").arg(proof.address, met), proof.source, proof.at });
        }
        if (!m_there)
            return;
        const observe::ClusterObjects &objects = *m_there->objects;
        if (!objects.services.isRead())
            unread(one, objects.services, Say::tr("services of %1").arg(to()));
        if (!objects.gateways.isRead())
            unread(one, objects.gateways, Say::tr("gateways of %1").arg(to()));
        for (const findings::EastWestGateway &gateway : m_there->gateways) {
            rule(one, findings::objectName("Service", *gateway.service),
                gateway.service->addresses.isEmpty()
                    ? Say::tr("no address, port %1").arg(gateway.port)
                    : Say::tr("%1, port %2").arg(gateway.service->addresses.join(QStringLiteral(", ")), QString::number(gateway.port)),
                objects.services);
            for (const observe::GatewayFacts &object : objects.gateways.get()) {
                if (object.selector.isEmpty() || !observe::matches(object.selector, gateway.service->selector))
                    continue;
                for (const observe::GatewayServer &server : object.servers)
                    if (server.port == gateway.port)
                        rule(one, findings::objectName("Gateway", object),
                            Say::tr("TLS mode %1, hosts %2").arg(server.tlsMode, findings::someOf(server.hosts)), objects.gateways);
            }
        }
        one.asked.append({ Say::tr("it has no certificate of its own on this way: TLS is passed through by name to the pod"), {}, {} });
    }

    static QString metText(const GatewayProof &proof)
    {
        const QString more = proof.words.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(proof.words);
        switch (proof.met) {
        case GatewayProof::Met::Nothing: return proof.error ? proof.error->answer : Say::tr("not tried");
        case GatewayProof::Met::Refused: return Say::tr("refused") + more;
        case GatewayProof::Met::Silence: return Say::tr("silent") + more;
        case GatewayProof::Met::Closed: return Say::tr("taken and closed without a greeting") + more;
        case GatewayProof::Met::Greeting: return Say::tr("greeted") + more;
        }
        return {};
    }

    /// Whether something shows that the way up to the pods is open.
    [[nodiscard]] bool isWayOpen() const
    {
        if (m_state && m_state->isOneNetwork == true)
            return true;
        const auto met = m_proofs.gateways.value({ from(), to() });
        return std::any_of(met.begin(), met.end(), [](const GatewayProof &one) { return one.met == GatewayProof::Met::Greeting; });
    }

    void pod()
    {
        Hop &one = hop(HopKind::Pod);
        one.where = m_serving.pod.isEmpty() ? to() + u'/' + m_path.service : m_serving.pod;
        takeCell(one, Layer::Trust);
        if (m_state) {
            const Cell &asked = m_state->cell(Layer::Request);
            one.asked.append({ asked.evidence, asked.source, asked.at });
            if (asked.health == Health::Failed && one.health != Health::Failed) {
                // That nothing comes back is said of the pod only where the way to it is known to be open.
                one.health = isWayOpen() ? Health::Failed : Health::Unknown;
                one.sentence = isWayOpen() ? asked.evidence : Say::tr("whether requests get here is not known: none came back");
            } else if (one.health != Health::Failed && !asked.evidence.isEmpty()) {
                one.sentence = asked.evidence;
            }
            if (one.needs.isEmpty() && asked.health != Health::Ok)
                one.needs = asked.needs;
        }
        if (m_request)
            for (const QString &name : m_request->answeredBy)
                one.asked.append({ Say::tr("answered by %1").arg(name), m_request->source, m_request->at });
        if (m_serving.pod.isEmpty()) {
            one.asked.append({ Say::tr("no pod there was asked for its certificate"), {}, {} });
        } else {
            certify(one, m_serving.word, m_there);
        }
        if (!m_there)
            return;
        const observe::ClusterObjects &objects = *m_there->objects;
        if (!objects.slices.isRead() || !objects.services.isRead()) {
            unread(one, objects.services.isRead() ? static_cast<const observe::FactHead &>(objects.slices) : objects.services,
                Say::tr("endpoints of %1").arg(to()));
        } else {
            rule(one, QStringLiteral("Service ") + m_path.service,
                m_there->services.contains(m_path.service)
                    ? Say::tr("ready endpoints: %1").arg(QString::number(m_there->ready.value(m_path.service)))
                    : Say::tr("is not there"),
                objects.slices);
        }
        const auto *service = m_there->services.value(m_path.service);
        const auto pods = service ? m_there->podsOf(*service) : QList<const observe::PodFacts *>();
        const QString ns = m_path.service.section(u'/', 0, 0);
        const observe::Labels labels = pods.isEmpty() ? observe::Labels() : pods.first()->labels;
        if (!objects.peerAuthentications.isRead())
            unread(one, objects.peerAuthentications, Say::tr("peerauthentications of %1").arg(to()));
        else if (const auto *policy = m_there->peerPolicy(ns, labels))
            rule(one, findings::objectName("PeerAuthentication", *policy), Say::tr("mutual TLS: %1").arg(policy->mode),
                objects.peerAuthentications);
        else
            one.asked.append({ Say::tr("no PeerAuthentication: mutual TLS is taken, plain text too"), objects.peerAuthentications.source,
                objects.peerAuthentications.at });
        if (!objects.authorizationPolicies.isRead())
            unread(one, objects.authorizationPolicies, Say::tr("authorizationpolicies of %1").arg(to()));
        for (const auto &policy : objects.authorizationPolicies.get())
            if ((policy.ns == ns || policy.ns == objects.meshConfig.get().rootNamespace) && one.rulings.size() < 3 * mostRulings
                && (policy.selector.isEmpty() || (!pods.isEmpty() && observe::matches(policy.selector, labels))))
                rule(one, findings::objectName("AuthorizationPolicy", policy),
                    Say::tr("%1, %2 rules").arg(policy.action, QString::number(policy.rules)), objects.authorizationPolicies);
        if (!objects.networkPolicies.isRead())
            unread(one, objects.networkPolicies, Say::tr("networkpolicies of %1").arg(to()));
        for (const auto &policy : objects.networkPolicies.get())
            if (policy.ns == ns && policy.isOfIngress && one.rulings.size() < 4 * mostRulings
                && (policy.podSelector.isEmpty() || (!pods.isEmpty() && observe::matches(policy.podSelector, labels))))
                rule(one, findings::objectName("NetworkPolicy", policy),
                    policy.admitsOtherNamespaces ? Say::tr("admits other namespaces") : Say::tr("admits its own namespace alone"),
                    objects.networkPolicies);
    }

    /// Where on the way a finding belongs.
    [[nodiscard]] std::optional<HopKind> placeOf(const Finding &finding) const
    {
        switch (finding.layer) {
        case findings::Layer::Discovery: return HopKind::Sidecar;
        case findings::Layer::Gateway: return HopKind::GatewayIn;
        case findings::Layer::Trust: return finding.cluster == from() && finding.to.isEmpty() ? HopKind::Sidecar : HopKind::Pod;
        case findings::Layer::Request: return finding.cluster == from() ? HopKind::Sidecar : HopKind::Pod;
        case findings::Layer::Workload: return HopKind::Pod;
        case findings::Layer::Cluster: return finding.cluster == from() ? HopKind::Client : HopKind::Pod;
        case findings::Layer::Drill: return std::nullopt;
        }
        return std::nullopt;
    }

    void attach()
    {
        for (const Finding &finding : m_found) {
            const bool isUnknown = finding.state == Health::Unknown;
            if (isUnknown || !finding.concerns(m_path.service, from(), to()))
                continue;
            const auto place = placeOf(finding);
            if (!place)
                continue;
            Hop &one = hop(*place);
            one.findings.append(finding);
            if (finding.state == Health::Failed && !finding.accepted && m_path.arrives == false && !one.isAbsent
                && one.health != Health::Failed) {
                one.health = Health::Failed;
                one.sentence = finding.sentence;
            }
        }
    }

    void pass(Hop &hop)
    {
        if (hop.isAbsent || hop.kind == HopKind::GatewayOut)
            return;
        const bool warns = hop.health == Health::Warning || !hop.findings.isEmpty();
        hop.health = warns ? Health::Warning : Health::Ok;
    }

    void conclude()
    {
        const QString source = hop(HopKind::Client).where;
        if (m_path.arrives == true) {
            m_path.sentence = Say::tr("Requests from %1 for %2 are answered by pods of %3.").arg(source, m_path.question.url, to());
            return;
        }
        const auto stop = std::find_if(m_path.hops.begin(), m_path.hops.end(), [](const Hop &one) { return one.health == Health::Failed; });
        if (m_path.arrives == false) {
            if (stop != m_path.hops.end()) {
                m_path.stopsAt = stop->kind;
                m_path.sentence = Say::tr("Requests from %1 for %2 do not reach %3. They stop here: %4 (%5).")
                                      .arg(source, m_path.question.url, to(), hopTitle(stop->kind), stop->sentence);
            } else {
                m_path.sentence = Say::tr("Requests from %1 for %2 do not reach %3, and nothing that was asked shows where they stop.")
                                      .arg(source, m_path.question.url, to());
            }
            return;
        }
        m_path.sentence = Say::tr("It is not known whether requests from %1 for %2 reach %3.").arg(source, m_path.question.url, to());
        if (stop != m_path.hops.end())
            m_path.sentence
                += u' ' + Say::tr("As far as is known they would stop here: %1 (%2).").arg(hopTitle(stop->kind), stop->sentence);
    }

    const findings::Index m_index;
    const QList<Finding> &m_found;
    const Proofs &m_proofs;
    const ServingProxy &m_serving;
    const DirectionState *m_state;
    const ClusterView *m_here = nullptr, *m_there = nullptr;
    const RequestProof *m_request = nullptr;
    const ProxyProof *m_proxy = nullptr;
    RequestPath m_path;
};

QString timeText(const QDateTime &at)
{
    return at.isValid() ? at.toString(Qt::ISODateWithMs) : QString();
}

} // namespace

QString hopName(HopKind kind)
{
    switch (kind) {
    case HopKind::Client: return QStringLiteral("client");
    case HopKind::Sidecar: return QStringLiteral("sidecar");
    case HopKind::GatewayOut: return QStringLiteral("gateway-out");
    case HopKind::GatewayIn: return QStringLiteral("gateway-in");
    case HopKind::Pod: return QStringLiteral("pod");
    }
    return {};
}

QString hopTitle(HopKind kind)
{
    switch (kind) {
    case HopKind::Client: return Say::tr("client");
    case HopKind::Sidecar: return Say::tr("its sidecar");
    case HopKind::GatewayOut: return Say::tr("gateway out");
    case HopKind::GatewayIn: return Say::tr("gateway in");
    case HopKind::Pod: return Say::tr("pod");
    }
    return {};
}

QJsonObject RequestPath::toJson() const
{
    QJsonArray list;
    for (const Hop &one : hops) {
        QJsonArray rulings, asked, found;
        for (const Ruling &ruling : one.rulings)
            rulings.append(QJsonObject { { QStringLiteral("object"), ruling.object }, { QStringLiteral("says"), ruling.says },
                { QStringLiteral("source"), ruling.source }, { QStringLiteral("at"), timeText(ruling.at) } });
        for (const findings::Evidence &evidence : one.asked)
            asked.append(QJsonObject { { QStringLiteral("text"), evidence.text }, { QStringLiteral("source"), evidence.source },
                { QStringLiteral("at"), timeText(evidence.at) } });
        for (const Finding &finding : one.findings)
            found.append(findings::toJson(finding));
        QJsonValue certificate = QJsonValue::Null;
        if (one.certificate)
            certificate = QJsonObject { { QStringLiteral("identity"), one.certificate->identity },
                { QStringLiteral("serial"), one.certificate->serial }, { QStringLiteral("until"), timeText(one.certificate->until) },
                { QStringLiteral("issuer"), one.certificate->issuer }, { QStringLiteral("issuer_needs"), one.certificate->issuerNeeds },
                { QStringLiteral("source"), one.certificate->source }, { QStringLiteral("at"), timeText(one.certificate->at) } };
        list.append(QJsonObject { { QStringLiteral("hop"), hopName(one.kind) }, { QStringLiteral("where"), one.where },
            { QStringLiteral("absent"), one.isAbsent }, { QStringLiteral("health"), observe::healthName(one.health) },
            { QStringLiteral("sentence"), one.sentence }, { QStringLiteral("rulings"), rulings },
            { QStringLiteral("certificate"), certificate }, { QStringLiteral("endpoints"), QJsonArray::fromStringList(one.endpoints) },
            { QStringLiteral("asked"), asked }, { QStringLiteral("findings"), found }, { QStringLiteral("needs"), one.needs } });
    }
    return { { QStringLiteral("from"), question.from }, { QStringLiteral("source"), question.ns + u'/' + question.workload },
        { QStringLiteral("url"), question.url }, { QStringLiteral("to"), question.to }, { QStringLiteral("service"), service },
        { QStringLiteral("at"), timeText(at) },
        { QStringLiteral("arrives"), arrives ? QJsonValue(*arrives) : QJsonValue(QJsonValue::Null) },
        { QStringLiteral("stops_at"), stopsAt ? QJsonValue(hopName(*stopsAt)) : QJsonValue(QJsonValue::Null) },
        { QStringLiteral("sentence"), sentence }, { QStringLiteral("hops"), list } };
}

RequestPath pathOf(const PathQuestion &question, const findings::FleetFacts &facts, const QList<Finding> &found, const Matrix &matrix,
    const Proofs &proofs, const ServingProxy &serving)
{
    return Path(question, facts, found, matrix, proofs, serving).run();
}

} // namespace catamaran::truth
