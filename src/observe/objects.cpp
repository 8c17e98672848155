// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "observe/objects.h"

#include "core/duration.h"
#include "observe/gateways.h"
#include "observe/injection.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace catamaran::observe {

namespace {

const QString networkLabel = QStringLiteral("topology.istio.io/network");

QStringList texts(const QJsonValue &list)
{
    QStringList result;
    for (const QJsonValue &one : list.toArray()) {
        if (result.size() >= mostEntries)
            break;
        if (one.isString())
            result.append(one.toString());
    }
    return result;
}

Labels labelsOf(const QJsonValue &map)
{
    const QJsonObject object = map.toObject();
    Labels labels;
    labels.reserve(object.size());
    for (auto it = object.begin(); it != object.end() && labels.size() < mostEntries; ++it)
        labels.insert(it.key(), it.value().toString());
    return labels;
}

QDateTime timeOf(const QJsonValue &text)
{
    return QDateTime::fromString(text.toString(), Qt::ISODate).toUTC();
}

std::optional<int> numberOf(const QJsonValue &value)
{
    return value.isDouble() ? std::optional(value.toInt()) : std::nullopt;
}

template <typename T> std::optional<T> named(const QJsonObject &object)
{
    const QJsonObject metadata = object.value(u"metadata").toObject();
    T one;
    one.name = metadata.value(u"name").toString();
    if (one.name.isEmpty())
        return std::nullopt;
    one.ns = metadata.value(u"namespace").toString();
    one.created = timeOf(metadata.value(u"creationTimestamp"));
    return one;
}

/// What Istio's kinds have in common.
template <typename T> std::optional<T> config(const QJsonObject &object)
{
    auto one = named<T>(object);
    if (!one)
        return std::nullopt;
    const QJsonObject spec = object.value(u"spec").toObject();
    // QJsonObject keeps its keys in order, so equal specs have equal texts.
    one->hash = QCryptographicHash::hash(QJsonDocument(spec).toJson(QJsonDocument::Compact), QCryptographicHash::Sha256);
    one->exportTo = texts(spec.value(u"exportTo"));
    const QJsonValue selector
        = spec.value(spec.contains(u"workloadSelector") ? QStringView(u"workloadSelector") : QStringView(u"selector"));
    one->selector = labelsOf(selector[u"matchLabels"].isObject() ? selector[u"matchLabels"] : selector[u"labels"]);
    return one;
}

bool isGoing(const QJsonObject &object)
{
    return object[u"metadata"][u"deletionTimestamp"].isString();
}

OutlierDetection outlierOf(const QJsonObject &object)
{
    OutlierDetection outlier;
    outlier.isEmpty = object.isEmpty();
    outlier.consecutive5xx = numberOf(object.value(u"consecutive5xxErrors"));
    if (!outlier.consecutive5xx)
        outlier.consecutive5xx = numberOf(object.value(u"consecutiveErrors"));
    outlier.consecutiveGateway = numberOf(object.value(u"consecutiveGatewayErrors"));
    outlier.maxEjectionPercent = numberOf(object.value(u"maxEjectionPercent"));
    outlier.minHealthPercent = numberOf(object.value(u"minHealthPercent"));
    return outlier;
}

TrafficPolicy policyOf(const QJsonObject &policy)
{
    TrafficPolicy result;
    result.tlsMode = policy[u"tls"][u"mode"].toString();
    if (const QJsonValue outlier = policy.value(u"outlierDetection"); outlier.isObject())
        result.outlier = outlierOf(outlier.toObject());
    if (const QJsonValue locality = policy[u"loadBalancer"][u"localityLbSetting"]; locality.isObject()) {
        LocalitySettings settings;
        settings.isEnabled = locality[u"enabled"].toBool(true);
        settings.distributes = !locality[u"distribute"].toArray().isEmpty();
        for (const QJsonValue &one : locality[u"failover"].toArray())
            if (settings.failover.size() < mostEntries)
                settings.failover.append({ one[u"from"].toString(), one[u"to"].toString() });
        settings.failoverPriority = texts(locality[u"failoverPriority"]);
        result.locality = settings;
    }
    if (const QString timeout = policy[u"connectionPool"][u"tcp"][u"connectTimeout"].toString(); !timeout.isEmpty())
        if (const auto duration = core::parseDuration(timeout))
            result.connectTimeoutMs = int(std::min<qint64>(duration->count(), std::numeric_limits<int>::max()));
    for (const QJsonValue &port : policy.value(u"portLevelSettings").toArray())
        if (const QString mode = port[u"tls"][u"mode"].toString(); !mode.isEmpty())
            result.portTlsModes.append(mode);
    return result;
}

QString environmentOf(const QJsonValue &container, QStringView name)
{
    for (const QJsonValue &one : container[u"env"].toArray())
        if (one[u"name"].toString() == name)
            return one[u"value"].toString();
    return {};
}

/// The tag of an image, without what a registry or a digest adds; empty: it has none.
QString tagOf(const QString &image)
{
    const QString plain = image.section(u'@', 0, 0);
    const qsizetype colon = plain.lastIndexOf(u':');
    return colon > plain.lastIndexOf(u'/') ? plain.mid(colon + 1) : QString();
}

void readProxy(const QJsonValue &container, PodFacts &pod)
{
    pod.proxyVersion = tagOf(container[u"image"].toString());
    if (pod.network.isEmpty())
        pod.network = environmentOf(container, u"ISTIO_META_NETWORK");
    pod.clusterId = environmentOf(container, u"ISTIO_META_CLUSTER_ID");
    pod.meshId = environmentOf(container, u"ISTIO_META_MESH_ID");
    pod.trustDomain = environmentOf(container, u"TRUST_DOMAIN");
    pod.networkView = environmentOf(container, u"ISTIO_META_REQUESTED_NETWORK_VIEW");
    pod.capturesDns = environmentOf(container, u"ISTIO_META_DNS_CAPTURE") == u"true"
        || environmentOf(container, u"PROXY_CONFIG").contains(u"\"ISTIO_META_DNS_CAPTURE\":\"true\"");
}

/// The numbers that Envoy is known to refuse, by field: what is larger makes the whole listener be refused.
const QHash<QString, qint64> &largest()
{
    static const QHash<QString, qint64> fields { { QStringLiteral("max_request_headers_kb"), 8192 },
        { QStringLiteral("maxRequestHeadersKb"), 8192 }, { QStringLiteral("port_value"), 65535 }, { QStringLiteral("portValue"), 65535 },
        { QStringLiteral("initial_stream_window_size"), 2147483647 }, { QStringLiteral("initial_connection_window_size"), 2147483647 } };
    return fields;
}

void findOutOfRange(const QJsonValue &value, int depth, QStringList &found)
{
    if (depth > 64 || found.size() >= 16)
        return;
    if (value.isArray()) {
        for (const QJsonValue &one : value.toArray())
            findOutOfRange(one, depth + 1, found);
    } else if (value.isObject()) {
        const QJsonObject object = value.toObject();
        for (auto it = object.begin(); it != object.end(); ++it) {
            if (const auto limit = largest().constFind(it.key());
                limit != largest().cend() && it.value().isDouble() && (it.value().toDouble() > double(*limit) || it.value().toDouble() < 0))
                found.append(QStringLiteral("%1: %2").arg(it.key(), QString::number(it.value().toDouble(), 'g', 15)));
            findOutOfRange(it.value(), depth + 1, found);
        }
    }
}

} // namespace

bool matches(const Labels &selector, const Labels &labels)
{
    for (auto it = selector.cbegin(); it != selector.cend(); ++it) {
        const auto found = labels.constFind(it.key());
        if (found == labels.cend() || *found != *it)
            return false;
    }
    return true;
}

template <> std::optional<NamespaceFacts> decode(const QJsonObject &object)
{
    auto one = named<NamespaceFacts>(object);
    if (!one)
        return std::nullopt;
    one->network = object[u"metadata"][u"labels"][networkLabel].toString();
    one->injects = injectsSidecars(object);
    one->isGoing = isGoing(object);
    return one;
}

template <> std::optional<ServiceFacts> decode(const QJsonObject &object)
{
    auto one = named<ServiceFacts>(object);
    if (!one)
        return std::nullopt;
    const QJsonObject spec = object.value(u"spec").toObject();
    one->type = spec.value(u"type").toString(QStringLiteral("ClusterIP"));
    one->externalName = spec.value(u"externalName").toString();
    one->clusterIp = spec.value(u"clusterIP").toString();
    one->isHeadless = one->clusterIp == u"None";
    one->isProvidersGateway = isProvidersGateway(object);
    for (const QJsonValue &port : spec.value(u"ports").toArray())
        if (one->ports.size() < mostEntries)
            one->ports.append({ port[u"port"].toInt(), port[u"name"].toString(), port[u"protocol"].toString(QStringLiteral("TCP")),
                port[u"appProtocol"].toString(), port[u"targetPort"].toVariant().toString() });
    one->labels = labelsOf(object[u"metadata"][u"labels"]);
    one->selector = labelsOf(spec.value(u"selector"));
    if (const QJsonValue exported = object[u"metadata"][u"annotations"][u"networking.istio.io/exportTo"]; exported.isString()) {
        QStringList names = exported.toString().left(4096).split(u',', Qt::SkipEmptyParts);
        for (QString &name : names)
            name = name.trimmed();
        one->exportTo = names;
    }
    one->trafficDistribution = spec.value(u"trafficDistribution").toString();
    if (one->trafficDistribution.isEmpty())
        one->trafficDistribution = object[u"metadata"][u"annotations"][u"networking.istio.io/traffic-distribution"].toString();
    for (const QJsonValue &ingress : object[u"status"][u"loadBalancer"][u"ingress"].toArray()) {
        const QString ip = ingress[u"ip"].toString(), hostname = ingress[u"hostname"].toString();
        if (one->addresses.isEmpty())
            one->isAddressName = ip.isEmpty() && !hostname.isEmpty();
        if (!(ip + hostname).isEmpty() && one->addresses.size() < mostEntries)
            one->addresses.append(ip.isEmpty() ? hostname : ip);
    }
    if (one->addresses.isEmpty())
        one->addresses = texts(spec.value(u"externalIPs"));
    return one;
}

template <> std::optional<SliceFacts> decode(const QJsonObject &object)
{
    auto one = named<SliceFacts>(object);
    if (!one)
        return std::nullopt;
    one->service = object[u"metadata"][u"labels"][u"kubernetes.io/service-name"].toString();
    for (const QJsonValue &endpoint : object.value(u"endpoints").toArray()) {
        const int addresses = int(endpoint[u"addresses"].toArray().size());
        (endpoint[u"conditions"][u"ready"].toBool(true) ? one->ready : one->notReady) += addresses;
    }
    for (const QJsonValue &port : object.value(u"ports").toArray())
        if (one->portNames.size() < mostEntries)
            one->portNames.append(port[u"name"].toString());
    return one;
}

template <> std::optional<PodFacts> decode(const QJsonObject &object)
{
    auto one = named<PodFacts>(object);
    if (!one)
        return std::nullopt;
    const QJsonObject spec = object.value(u"spec").toObject(), status = object.value(u"status").toObject();
    one->labels = labelsOf(object[u"metadata"][u"labels"]);
    one->network = one->labels.value(networkLabel);
    one->phase = status.value(u"phase").toString();
    one->serviceAccount = spec.value(u"serviceAccountName").toString();
    one->node = spec.value(u"nodeName").toString();
    one->ip = status.value(u"podIP").toString();
    one->started = timeOf(status.value(u"startTime"));
    one->isGoing = isGoing(object);
    one->hostNetwork = spec.value(u"hostNetwork").toBool();
    one->optsOut = !whyNoSidecar(object).isEmpty();
    for (const QJsonValue &condition : status.value(u"conditions").toArray())
        if (condition[u"type"].toString() == u"Ready")
            one->isReady = condition[u"status"].toString() == u"True";
    for (const QStringView list : { QStringView(u"containers"), QStringView(u"initContainers") }) {
        for (const QJsonValue &container : spec.value(list).toArray()) {
            const QString name = container[u"name"].toString();
            if (name == u"istio-proxy") {
                one->hasSidecar = true;
                readProxy(container, *one);
            } else if (name == u"discovery") {
                one->proxyVersion = tagOf(container[u"image"].toString());
                one->clusterId = environmentOf(container, u"CLUSTER_ID");
            }
        }
    }
    return one;
}

template <> std::optional<DeploymentFacts> decode(const QJsonObject &object)
{
    auto one = named<DeploymentFacts>(object);
    if (!one)
        return std::nullopt;
    const QJsonObject spec = object.value(u"spec").toObject(), status = object.value(u"status").toObject();
    one->podLabels = labelsOf(spec[u"template"][u"metadata"][u"labels"]);
    one->desired = spec.value(u"replicas").toInt(1);
    one->ready = status.value(u"readyReplicas").toInt();
    for (const QJsonValue &condition : status.value(u"conditions").toArray())
        if (condition[u"type"].toString() == u"ReplicaFailure" && condition[u"status"].toString() == u"True")
            one->trouble = condition[u"message"].toString().left(1024);
    return one;
}

template <> std::optional<NodeFacts> decode(const QJsonObject &object)
{
    auto one = named<NodeFacts>(object);
    if (!one)
        return std::nullopt;
    const QJsonValue labels = object[u"metadata"][u"labels"];
    one->region = labels[u"topology.kubernetes.io/region"].toString();
    one->zone = labels[u"topology.kubernetes.io/zone"].toString();
    one->subzone = labels[u"topology.istio.io/subzone"].toString();
    one->version = object[u"status"][u"nodeInfo"][u"kubeletVersion"].toString();
    one->podCidrs = texts(object[u"spec"][u"podCIDRs"]);
    if (const QString cidr = object[u"spec"][u"podCIDR"].toString(); one->podCidrs.isEmpty() && !cidr.isEmpty())
        one->podCidrs.append(cidr);
    for (const QJsonValue &condition : object[u"status"][u"conditions"].toArray())
        if (condition[u"type"].toString() == u"Ready")
            one->isReady = condition[u"status"].toString() == u"True";
    return one;
}

template <> std::optional<DestinationRuleFacts> decode(const QJsonObject &object)
{
    auto one = config<DestinationRuleFacts>(object);
    if (!one)
        return std::nullopt;
    const QJsonObject spec = object.value(u"spec").toObject();
    one->host = spec.value(u"host").toString();
    one->policy = policyOf(spec.value(u"trafficPolicy").toObject());
    for (const QJsonValue &subset : spec.value(u"subsets").toArray())
        if (one->subsets.size() < mostEntries)
            one->subsets.append({ subset[u"name"].toString(), labelsOf(subset[u"labels"]), policyOf(subset[u"trafficPolicy"].toObject()) });
    return one;
}

template <> std::optional<VirtualServiceFacts> decode(const QJsonObject &object)
{
    auto one = config<VirtualServiceFacts>(object);
    if (!one)
        return std::nullopt;
    const QJsonObject spec = object.value(u"spec").toObject();
    one->hosts = texts(spec.value(u"hosts"));
    one->gateways = texts(spec.value(u"gateways"));
    for (const QStringView protocol : { QStringView(u"http"), QStringView(u"tcp"), QStringView(u"tls") }) {
        for (const QJsonValue &route : spec.value(protocol).toArray()) {
            one->injectsFaults = one->injectsFaults || !route[u"fault"].toObject().isEmpty();
            if (const auto attempts = numberOf(route[u"retries"][u"attempts"]))
                one->retryAttempts = std::min(*attempts, one->retryAttempts.value_or(*attempts));
            for (const QJsonValue &to : route[u"route"].toArray())
                if (one->destinations.size() < mostEntries)
                    one->destinations.append({ to[u"destination"][u"host"].toString(), to[u"destination"][u"subset"].toString(),
                        to[u"weight"].toInt(route[u"route"].toArray().size() == 1 ? 100 : 0), route[u"match"].toArray().isEmpty() });
        }
    }
    return one;
}

template <> std::optional<GatewayFacts> decode(const QJsonObject &object)
{
    auto one = config<GatewayFacts>(object);
    if (!one)
        return std::nullopt;
    one->selector = labelsOf(object[u"spec"][u"selector"]); // of this kind alone the labels stand right there
    for (const QJsonValue &server : object[u"spec"][u"servers"].toArray()) {
        if (one->servers.size() >= mostEntries)
            break;
        QStringList hosts = texts(server[u"hosts"]);
        for (QString &host : hosts)
            host = host.section(u'/', -1); // "namespace/host"
        one->servers.append(
            { server[u"port"][u"number"].toInt(), server[u"port"][u"protocol"].toString(), server[u"tls"][u"mode"].toString(), hosts });
    }
    return one;
}

template <> std::optional<SidecarFacts> decode(const QJsonObject &object)
{
    auto one = config<SidecarFacts>(object);
    if (!one)
        return std::nullopt;
    const QJsonValue egress = object[u"spec"][u"egress"];
    one->hasEgress = egress.isArray();
    for (const QJsonValue &listener : egress.toArray())
        one->egressHosts += texts(listener[u"hosts"]);
    return one;
}

template <> std::optional<ServiceEntryFacts> decode(const QJsonObject &object)
{
    auto one = config<ServiceEntryFacts>(object);
    if (one)
        one->hosts = texts(object[u"spec"][u"hosts"]);
    return one;
}

template <> std::optional<PeerAuthenticationFacts> decode(const QJsonObject &object)
{
    auto one = config<PeerAuthenticationFacts>(object);
    if (!one)
        return std::nullopt;
    one->mode = object[u"spec"][u"mtls"][u"mode"].toString();
    const QJsonObject ports = object[u"spec"][u"portLevelMtls"].toObject();
    for (const QJsonValue &port : ports)
        one->portModes.append(port[u"mode"].toString());
    return one;
}

template <> std::optional<AuthorizationPolicyFacts> decode(const QJsonObject &object)
{
    auto one = config<AuthorizationPolicyFacts>(object);
    if (!one)
        return std::nullopt;
    one->action = object[u"spec"][u"action"].toString(QStringLiteral("ALLOW"));
    const QJsonArray rules = object[u"spec"][u"rules"].toArray();
    one->rules = int(rules.size());
    for (const QJsonValue &rule : rules) {
        const QJsonObject parts = rule.toObject();
        one->isOpen = one->isOpen || parts.isEmpty();
        for (const QJsonValue &from : parts.value(u"from").toArray()) {
            const QJsonValue source = from[u"source"];
            if (one->principals.size() < mostEntries)
                one->principals += texts(source[u"principals"]);
            one->restrictsAddresses = one->restrictsAddresses || !source[u"ipBlocks"].toArray().isEmpty();
        }
    }
    return one;
}

template <> std::optional<DisruptionBudgetFacts> decode(const QJsonObject &object)
{
    auto one = named<DisruptionBudgetFacts>(object);
    if (!one)
        return std::nullopt;
    one->selector = labelsOf(object[u"spec"][u"selector"][u"matchLabels"]);
    const QJsonObject status = object.value(u"status").toObject();
    one->isObserved = status.contains(u"disruptionsAllowed");
    one->allowed = status.value(u"disruptionsAllowed").toInt();
    one->healthy = status.value(u"currentHealthy").toInt();
    one->expected = status.value(u"expectedPods").toInt();
    return one;
}

template <> std::optional<AutoscalerFacts> decode(const QJsonObject &object)
{
    auto one = named<AutoscalerFacts>(object);
    if (!one)
        return std::nullopt;
    const QJsonValue spec = object.value(u"spec");
    one->kind = spec[u"scaleTargetRef"][u"kind"].toString();
    one->target = spec[u"scaleTargetRef"][u"name"].toString();
    one->least = spec[u"minReplicas"].toInt(1);
    one->most = spec[u"maxReplicas"].toInt(1);
    return one;
}

template <> std::optional<EnvoyFilterFacts> decode(const QJsonObject &object)
{
    auto one = config<EnvoyFilterFacts>(object);
    if (one)
        findOutOfRange(object[u"spec"][u"configPatches"], 0, one->outOfRange);
    return one;
}

template <> std::optional<NetworkPolicyFacts> decode(const QJsonObject &object)
{
    auto one = named<NetworkPolicyFacts>(object);
    if (!one)
        return std::nullopt;
    const QJsonObject spec = object.value(u"spec").toObject();
    one->podSelector = labelsOf(spec[u"podSelector"][u"matchLabels"]);
    const QStringList types = texts(spec.value(u"policyTypes"));
    one->isOfIngress = types.isEmpty() || types.contains(QLatin1StringView("Ingress"));
    const QJsonArray rules = spec.value(u"ingress").toArray();
    one->ingressRules = int(rules.size());
    for (const QJsonValue &rule : rules) {
        const QJsonArray from = rule[u"from"].toArray();
        one->admitsOtherNamespaces = one->admitsOtherNamespaces || from.isEmpty()
            || std::any_of(from.begin(), from.end(),
                [](const QJsonValue &peer) { return peer[u"namespaceSelector"].isObject() || peer[u"ipBlock"].isObject(); });
    }
    return one;
}

} // namespace catamaran::observe
