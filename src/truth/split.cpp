// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "truth/split.h"

#include "observe/gateways.h"
#include "probe/serviceaddress.h"
#include "probe/shares.h"
#include "session/session.h"
#include "truth/homekeeping.h"
#include "truth/say.h"

#include <QUrl>

#include <algorithm>

namespace catamaran::truth {

using core::ErrorKind;
using core::Result;
using observe::DestinationRuleFacts;
using observe::NodeFacts;
using observe::PodFacts;
using observe::VirtualServiceFacts;

namespace {

using List = Result<kube::ListResult>;

/// A kind that a cluster does not have has no objects.
Result<QList<QJsonObject>> itemsOf(const List &list)
{
    if (list)
        return list->items;
    if (list.error().kind == ErrorKind::NotFound)
        return QList<QJsonObject>();
    return core::fail(list.error());
}

QString selectorOf(const observe::Labels &labels)
{
    QStringList parts;
    for (auto it = labels.cbegin(); it != labels.cend(); ++it)
        parts += it.key() + u'=' + it.value();
    parts.sort();
    return parts.join(u',');
}

bool isExportedTo(const observe::ConfigFacts &object, const QString &ns)
{
    return object.exportTo.isEmpty() || object.exportTo.contains(QStringLiteral("*")) || object.exportTo.contains(ns)
        || (object.exportTo.contains(QStringLiteral(".")) && object.ns == ns);
}

/// One service's reading.
class Reader {
public:
    Reader(session::Session &session, const observe::ObservedFleet &fleet, const probe::RunSpec &spec, std::stop_token stop)
        : m_session(session)
        , m_fleet(fleet)
        , m_spec(spec)
        , m_stop(std::move(stop))
    {
    }

    SplitFacts read()
    {
        m_facts.cluster = m_spec.source.cluster;
        m_facts.ns = m_spec.source.ns;
        m_facts.keepsConnections = m_spec.keepAlive;
        m_facts.hasMesh = !m_fleet.meshes.isEmpty();
        m_facts.isReachKnown = m_facts.hasMesh || !m_fleet.meshesUnknown();
        if (const auto *own = m_fleet.cluster(m_facts.cluster)) {
            for (const observe::ObservedWorkload &workload : own->workloads)
                if (workload.ns == m_facts.ns && workload.name == m_spec.source.workload && workload.podsKnown)
                    m_facts.hasSidecar = workload.injected;
        }
        const auto named = probe::serviceOfHost(QUrl(m_spec.url, QUrl::StrictMode).host(), m_facts.ns);
        if (named) {
            m_facts.service = named->ns + u'/' + named->name;
            readSides(*named);
            readSettings(*named);
        } else {
            m_facts.cannot = Say::tr("%1 names no service of the clusters").arg(m_spec.url);
        }
        m_facts.at = QDateTime::currentDateTimeUtc();
        return m_facts;
    }

private:
    static void unread(observe::FactHead &fact, const core::Error &error)
    {
        fact.error = error;
        fact.at = QDateTime::currentDateTimeUtc();
    }

    /// Services first, then the pods that they select: each for all clusters at once.
    void readSides(const probe::ServiceName &named)
    {
        std::vector<std::optional<QFuture<Result<QJsonObject>>>> services;
        for (const observe::ObservedCluster &cluster : m_fleet.clusters) {
            m_facts.sides.append({ cluster.name });
            kube::KubeClient *client = m_session.cluster(cluster.name);
            services.push_back(client ? std::optional(client->get(kube::kinds::services, named.ns, named.name, m_stop)) : std::nullopt);
        }
        std::vector<std::optional<QFuture<List>>> pods(services.size());
        for (size_t i = 0; i < services.size(); ++i) {
            SplitFacts::Side &side = m_facts.sides[qsizetype(i)];
            if (!services[i]) {
                unread(side.endpoints,
                    m_session.clusterError(side.cluster)
                        .value_or(core::Error::make(ErrorKind::NotFound, Say::tr("read the endpoints"), side.cluster,
                            Say::tr("the environment does not know it"))));
                continue;
            }
            const auto object = core::await(*services[i], m_stop);
            if (!object && object.error().kind != ErrorKind::NotFound) {
                unread(side.endpoints, object.error());
                continue;
            }
            side.endpoints.take(
                QList<PodFacts>(), Say::tr("GET services and pods on %1").arg(side.cluster), QDateTime::currentDateTimeUtc());
            const auto service = object ? observe::decode<observe::ServiceFacts>(*object) : std::nullopt;
            if (!service)
                continue;
            if (service->type == u"ExternalName" || service->selector.isEmpty())
                m_facts.cannot = Say::tr("the Service %1 in %2 selects no pods").arg(m_facts.service, side.cluster);
            else if (side.cluster == m_facts.cluster && isKeptNear(*object))
                m_facts.keptNear = QStringLiteral("Service ") + m_facts.service;
            if (!service->selector.isEmpty())
                pods[i] = m_session.cluster(side.cluster)->list(kube::kinds::pods, named.ns, selectorOf(service->selector), m_stop);
        }
        for (size_t i = 0; i < pods.size(); ++i) {
            if (!pods[i])
                continue;
            SplitFacts::Side &side = m_facts.sides[qsizetype(i)];
            const auto objects = itemsOf(core::await(*pods[i], m_stop));
            if (!objects) {
                side.endpoints.value.reset();
                unread(side.endpoints, objects.error());
                continue;
            }
            for (const QJsonObject &object : *objects)
                if (const auto pod = observe::decode<PodFacts>(object); pod && pod->isReady && !pod->isGoing)
                    side.endpoints.value->append(*pod);
        }
    }

    void readSettings(const probe::ServiceName &named)
    {
        kube::KubeClient *client = m_session.cluster(m_facts.cluster);
        if (!client || m_facts.hasSidecar == false)
            return;
        static const kube::ResourceKind virtualServices { QStringLiteral("networking.istio.io"), QStringLiteral("v1"),
            QStringLiteral("virtualservices"), true };
        QStringList spaces { m_facts.ns, named.ns, observe::systemNamespace };
        spaces.removeDuplicates();
        std::vector<std::pair<QFuture<List>, QFuture<List>>> lists;
        for (const QString &space : std::as_const(spaces))
            lists.emplace_back(
                client->list(kube::kinds::destinationRules, space, {}, m_stop), client->list(virtualServices, space, {}, m_stop));
        const QString source = Say::tr("GET %1 on %2");
        Result<QList<DestinationRuleFacts>> rules;
        Result<QList<VirtualServiceFacts>> routes;
        for (auto &[ruleList, routeList] : lists) {
            if (const auto objects = itemsOf(core::await(ruleList, m_stop)); !objects)
                rules = core::fail(objects.error());
            else if (rules)
                for (const QJsonObject &object : *objects)
                    take(*rules, object);
            if (const auto objects = itemsOf(core::await(routeList, m_stop)); !objects)
                routes = core::fail(objects.error());
            else if (routes)
                for (const QJsonObject &object : *objects)
                    if (const auto route = observe::decode<VirtualServiceFacts>(object); route && isOfService(*route))
                        routes->append(*route);
        }
        const QDateTime now = QDateTime::currentDateTimeUtc();
        m_facts.rules.take(std::move(rules), source.arg(QStringLiteral("destinationrules"), m_facts.cluster), now);
        m_facts.routes.take(std::move(routes), source.arg(QStringLiteral("virtualservices"), m_facts.cluster), now);
        if (!m_facts.keptNear.isEmpty())
            readPlaces(*client);
    }

    void take(QList<DestinationRuleFacts> &rules, const QJsonObject &object)
    {
        const auto rule = observe::decode<DestinationRuleFacts>(object);
        if (!rule || !meansService(rule->host, rule->ns, m_facts.service) || !isExportedTo(*rule, m_facts.ns))
            return;
        rules.append(*rule);
        if (m_facts.keptNear.isEmpty() && prefersNear(object, m_facts.service))
            m_facts.keptNear = QStringLiteral("DestinationRule ") + rule->key();
    }

    [[nodiscard]] bool isOfService(const VirtualServiceFacts &route) const
    {
        const bool isOfMesh = route.gateways.isEmpty() || route.gateways.contains(QStringLiteral("mesh"));
        return isOfMesh && isExportedTo(route, m_facts.ns) && std::any_of(route.hosts.begin(), route.hosts.end(), [&](const QString &host) {
            return meansService(host, route.ns, m_facts.service);
        });
    }

    /// Where everybody is: nodes of all sides, and of the client.
    void readPlaces(kube::KubeClient &client)
    {
        std::vector<std::optional<QFuture<List>>> nodes;
        for (const SplitFacts::Side &side : std::as_const(m_facts.sides)) {
            kube::KubeClient *of = m_session.cluster(side.cluster);
            nodes.push_back(of && side.endpoints.isRead() && (side.cluster == m_facts.cluster || !side.endpoints.get().isEmpty())
                    ? std::optional(of->list(kube::kinds::nodes, {}, {}, m_stop))
                    : std::nullopt);
        }
        QStringList clients;
        if (const auto *own = m_fleet.cluster(m_facts.cluster))
            for (const observe::ObservedWorkload &workload : own->workloads)
                if (workload.ns == m_facts.ns && workload.name == m_spec.source.workload)
                    clients = workload.podNames.mid(0, 10);
        for (const QString &pod : std::as_const(clients))
            if (const auto object = core::await(client.get(kube::kinds::pods, m_facts.ns, pod, m_stop), m_stop))
                m_facts.clientNodes += (*object)[u"spec"][u"nodeName"].toString();
        for (size_t i = 0; i < nodes.size(); ++i) {
            if (!nodes[i])
                continue;
            SplitFacts::Side &side = m_facts.sides[qsizetype(i)];
            side.nodes.take(itemsOf(core::await(*nodes[i], m_stop)).and_then([](const QList<QJsonObject> &list) {
                return observe::decodeAll<NodeFacts>(list);
            }),
                Say::tr("GET %1 on %2").arg(QStringLiteral("nodes"), side.cluster), QDateTime::currentDateTimeUtc());
        }
    }

    session::Session &m_session;
    const observe::ObservedFleet &m_fleet;
    const probe::RunSpec &m_spec;
    std::stop_token m_stop;
    SplitFacts m_facts;
};

struct Place {
    QString region, zone, subzone;
    bool operator==(const Place &) const = default;
};

/// Works the expectation out, or says why it cannot.
class Expecting {
public:
    explicit Expecting(const SplitFacts &facts)
        : m_facts(facts)
    {
    }

    SplitExpectation run()
    {
        m_result.at = m_facts.at;
        m_result.unknown = work();
        if (!m_result.unknown.isEmpty())
            m_result.shares.clear();
        return m_result;
    }

private:
    /// Why it is not known; empty: shares are there.
    QString work()
    {
        if (!m_facts.cannot.isEmpty())
            return m_facts.cannot;
        if (!m_facts.hasSidecar)
            return Say::tr("whether a proxy sends the client's requests could not be read");
        if (!m_facts.isReachKnown)
            return Say::tr("nobody tells which clusters a request may go to");
        bool elsewhere = false;
        for (const SplitFacts::Side &side : m_facts.sides) {
            const bool isOwn = side.cluster == m_facts.cluster;
            if (!isOwn && !*m_facts.hasSidecar)
                continue; // the cluster's own address knows its own pods
            SplitExpectation::Side shown { side.cluster, {}, {} };
            if (!side.endpoints.isRead())
                shown.unread = side.endpoints.error ? side.endpoints.error->answer : Say::tr("not read");
            for (const PodFacts &pod : side.endpoints.get())
                ++shown.endpoints[pod.labels.value(QStringLiteral("version"))];
            elsewhere = elsewhere || (!isOwn && (!shown.endpoints.isEmpty() || !shown.unread.isEmpty()));
            m_result.sides += shown;
        }
        if (*m_facts.hasSidecar && !m_facts.hasMesh && elsewhere)
            return Say::tr("nobody tells whether the client's mesh reaches the endpoints in the other clusters");
        for (const SplitExpectation::Side &side : std::as_const(m_result.sides)) {
            if (!side.unread.isEmpty())
                return Say::tr("the endpoints in %1 could not be read (%2)").arg(side.cluster, side.unread);
            if (side.endpoints.contains(QString()))
                return Say::tr("ready pods of %1 in %2 have no label “version”, so that answers cannot be told apart")
                    .arg(m_facts.service, side.cluster);
        }
        if (!*m_facts.hasSidecar) {
            if (m_facts.keepsConnections)
                return Say::tr("a kept connection without a proxy stays with one pod");
            m_result.settings += Say::tr("the client has no sidecar: its requests stay in %1").arg(m_facts.cluster);
            return finish(share({}));
        }
        if (!m_facts.rules.isRead() || !m_facts.routes.isRead())
            return Say::tr("the weights and localities set in %1 could not be read").arg(m_facts.cluster);
        if (const QString why = locate(); !why.isEmpty())
            return why;
        return routes();
    }

    [[nodiscard]] QString finish(const QMap<QString, double> &shares)
    {
        m_result.shares = shares;
        return shares.isEmpty() ? Say::tr("no ready endpoint of %1 is there").arg(m_facts.service) : QString();
    }

    /// By the routes of a VirtualService, or straight.
    QString routes()
    {
        const auto &all = m_facts.routes.get();
        if (all.isEmpty()) {
            m_result.settings.prepend(Say::tr("no weights are set"));
            return finish(share({}));
        }
        if (all.size() > 1)
            return Say::tr("several VirtualServices are for %1").arg(m_facts.service);
        const VirtualServiceFacts &route = all.first();
        QMap<QString, double> shares;
        QStringList words;
        double whole = 0;
        for (const observe::RouteDestination &one : route.destinations)
            whole += one.isDefault ? one.weight : 0;
        for (const observe::RouteDestination &one : route.destinations) {
            if (!one.isDefault)
                return Say::tr("VirtualService %1 chooses by what is asked").arg(route.key());
            if (!meansService(one.host, route.ns, m_facts.service))
                return Say::tr("VirtualService %1 sends to %2 as well").arg(route.key(), one.host);
            const double part = whole > 0 ? one.weight / whole : 0;
            words += (one.subset.isEmpty() ? one.host : one.subset) + u' ' + Say::tr("%1 %").arg(qRound(100 * part));
            if (part <= 0)
                continue;
            observe::Labels labels;
            if (!one.subset.isEmpty()) {
                const observe::SubsetFacts *subset = nullptr;
                for (const DestinationRuleFacts &rule : m_facts.rules.get())
                    for (const observe::SubsetFacts &each : rule.subsets)
                        if (!subset && each.name == one.subset)
                            subset = &each;
                if (!subset)
                    return Say::tr("no DestinationRule has the subset %1 of VirtualService %2").arg(one.subset, route.key());
                labels = subset->labels;
            }
            const auto of = share(labels);
            if (of.isEmpty())
                return Say::tr("VirtualService %1 sends to %2, of which no ready endpoint is there")
                    .arg(route.key(), one.subset.isEmpty() ? one.host : one.subset);
            for (auto it = of.cbegin(); it != of.cend(); ++it)
                shares[it.key()] += part * it.value();
        }
        if (whole <= 0)
            return Say::tr("VirtualService %1 has no routes that say how").arg(route.key());
        m_result.settings.prepend(Say::tr("VirtualService %1: %2").arg(route.key(), words.join(QStringLiteral(", "))));
        return finish(shares);
    }

    /// Where the client is, when that matters; what keeps it from being known.
    QString locate()
    {
        if (m_facts.keptNear.isEmpty()) {
            m_result.settings += Say::tr("nothing is preferred for being near");
            return {};
        }
        for (const DestinationRuleFacts &rule : m_facts.rules.get()) {
            if (!rule.policy.locality)
                continue;
            if (rule.policy.locality->distributes || !rule.policy.locality->failoverPriority.isEmpty())
                return Say::tr("DestinationRule %1 distributes by locality in its own way").arg(rule.key());
            m_failover = rule.policy.locality->failover;
        }
        if (std::any_of(m_facts.rules.get().begin(), m_facts.rules.get().end(), [](const DestinationRuleFacts &rule) {
                return std::any_of(rule.subsets.begin(), rule.subsets.end(),
                    [](const observe::SubsetFacts &subset) { return subset.policy.locality || subset.policy.outlier; });
            }))
            return Say::tr("subsets have settings of their own for what is near");
        for (const SplitFacts::Side &side : m_facts.sides) {
            const bool isAsked = side.cluster == m_facts.cluster || !side.endpoints.get().isEmpty();
            if (isAsked && !side.nodes.isRead())
                return Say::tr("%1 prefers what is near, and the nodes of %2 could not be read").arg(m_facts.keptNear, side.cluster);
        }
        for (const QString &node : m_facts.clientNodes) {
            const Place place = placeOf(m_facts.cluster, node);
            if (m_client && *m_client != place)
                return Say::tr("%1 prefers what is near, and the client's pods are in several places").arg(m_facts.keptNear);
            m_client = place;
        }
        if (!m_client)
            return Say::tr("%1 prefers what is near, and where the client is could not be read").arg(m_facts.keptNear);
        m_result.settings += Say::tr("%1: what is near is preferred").arg(m_facts.keptNear);
        return {};
    }

    [[nodiscard]] Place placeOf(const QString &cluster, const QString &node) const
    {
        for (const SplitFacts::Side &side : m_facts.sides)
            if (side.cluster == cluster)
                for (const NodeFacts &one : side.nodes.get())
                    if (one.name == node)
                        return { one.region, one.zone, one.subzone };
        return {};
    }

    /// As Istio ranks localities for a client: the same subzone, zone and region, then what `failover` names, then the rest.
    [[nodiscard]] int priorityOf(const QString &cluster, const PodFacts &pod) const
    {
        if (!m_client)
            return 0;
        const Place place = placeOf(cluster, pod.node);
        if (place.region != m_client->region) {
            const auto named
                = std::find_if(m_failover.begin(), m_failover.end(), [&](const auto &one) { return one.first == m_client->region; });
            return named == m_failover.end() || named->second == place.region ? 3 : 4;
        }
        return place.zone != m_client->zone ? 2 : place.subzone != m_client->subzone ? 1 : 0;
    }

    [[nodiscard]] QMap<QString, double> share(const observe::Labels &labels) const
    {
        QList<probe::PossibleHost> hosts;
        for (const SplitFacts::Side &side : m_facts.sides) {
            if (!*m_facts.hasSidecar && side.cluster != m_facts.cluster)
                continue;
            for (const PodFacts &pod : side.endpoints.get())
                if (observe::matches(labels, pod.labels))
                    hosts += { pod.labels.value(QStringLiteral("version")), 1, priorityOf(side.cluster, pod) };
        }
        return probe::expectedShares(hosts);
    }

    const SplitFacts &m_facts;
    SplitExpectation m_result;
    std::optional<Place> m_client;
    QList<QPair<QString, QString>> m_failover;
};

} // namespace

SplitFacts readSplit(session::Session &session, const observe::ObservedFleet &fleet, const probe::RunSpec &spec, std::stop_token stop)
{
    return Reader(session, fleet, spec, std::move(stop)).read();
}

SplitExpectation expectedSplit(const SplitFacts &facts)
{
    return Expecting(facts).run();
}

QFuture<SplitExpectation> askForSplit(std::shared_ptr<session::Session> session, std::optional<observe::ObservedFleet> fleet,
    const probe::RunSpec &spec, std::stop_token stop)
{
    return core::runSequence([session = forWorker(std::move(session)), fleet = std::move(fleet), spec, stop = std::move(stop)] {
        const auto failed = [](const core::Error &error) {
            SplitExpectation result;
            result.unknown = error.text();
            result.at = QDateTime::currentDateTimeUtc();
            return result;
        };
        if (fleet)
            return expectedSplit(readSplit(*session, *fleet, spec, stop));
        const auto seen = observe::look(*session, stop, { spec.source.ns });
        return seen ? expectedSplit(readSplit(*session, *seen, spec, stop)) : failed(seen.error());
    });
}

QString SplitExpectation::sentence() const
{
    QStringList where;
    for (const Side &side : sides) {
        QStringList counts;
        for (auto it = side.endpoints.cbegin(); it != side.endpoints.cend(); ++it)
            counts += QStringLiteral("%1 × %2").arg(QString::number(it.value()), it.key().isEmpty() ? Say::tr("no version") : it.key());
        where += side.unread.isEmpty()
            ? Say::tr("%1: %2").arg(side.cluster, counts.isEmpty() ? Say::tr("none ready") : counts.join(QStringLiteral(", ")))
            : Say::tr("%1: not read").arg(side.cluster);
    }
    const QString read = at.isValid() ? Say::tr("read at %1").arg(at.toLocalTime().toString(QStringLiteral("HH:mm:ss"))) : QString();
    if (!isKnown()) {
        if (unknown.isEmpty())
            return {};
        const QString text = Say::tr("What to expect is not known: %1.").arg(unknown);
        return where.isEmpty() ? text : text + u' ' + Say::tr("Endpoints: %1; %2.").arg(where.join(QStringLiteral("; ")), read);
    }
    QStringList parts;
    for (auto it = shares.cbegin(); it != shares.cend(); ++it)
        parts += it.key() + u' ' + Say::tr("%1 %").arg(QLocale::c().toString(100 * it.value(), 'f', 0));
    return Say::tr("Expected: %1. Ready endpoints: %2.")
        .arg(parts.join(QStringLiteral(", ")), (where + settings + QStringList { read }).join(QStringLiteral("; ")));
}

QJsonObject SplitExpectation::toJson() const
{
    QJsonObject parts;
    for (auto it = shares.cbegin(); it != shares.cend(); ++it)
        parts.insert(it.key(), it.value());
    QJsonArray where;
    for (const Side &side : sides) {
        QJsonObject ready;
        for (auto it = side.endpoints.cbegin(); it != side.endpoints.cend(); ++it)
            ready.insert(it.key(), it.value());
        where.append(QJsonObject { { QStringLiteral("cluster"), side.cluster },
            { QStringLiteral("ready"), side.unread.isEmpty() ? QJsonValue(ready) : QJsonValue() },
            { QStringLiteral("unread"), side.unread.isEmpty() ? QJsonValue() : QJsonValue(side.unread) } });
    }
    return { { QStringLiteral("known"), isKnown() }, { QStringLiteral("shares"), parts }, { QStringLiteral("unknown"), unknown },
        { QStringLiteral("sentence"), sentence() }, { QStringLiteral("endpoints"), where },
        { QStringLiteral("settings"), QJsonArray::fromStringList(settings) },
        { QStringLiteral("at"), at.isValid() ? QJsonValue(at.toString(Qt::ISODateWithMs)) : QJsonValue() } };
}

SplitExpectation SplitExpectation::fromJson(const QJsonObject &object)
{
    SplitExpectation result;
    const QJsonObject parts = object.value(u"shares").toObject();
    for (auto it = parts.begin(); it != parts.end(); ++it)
        result.shares.insert(it.key(), it.value().toDouble());
    result.unknown = object.value(u"unknown").toString();
    for (const QJsonValue &entry : object.value(u"endpoints").toArray()) {
        Side side { entry[u"cluster"].toString(), {}, entry[u"unread"].toString() };
        const QJsonObject ready = entry[u"ready"].toObject();
        for (auto it = ready.begin(); it != ready.end(); ++it)
            side.endpoints.insert(it.key(), it.value().toInt());
        result.sides += side;
    }
    for (const QJsonValue &setting : object.value(u"settings").toArray())
        result.settings += setting.toString();
    result.at = QDateTime::fromString(object.value(u"at").toString(), Qt::ISODateWithMs);
    return result;
}

} // namespace catamaran::truth
