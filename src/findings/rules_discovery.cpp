// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/rule.h"

#include "observe/gateways.h"

#include <QHostAddress>
#include <QUrl>

#include <algorithm>

namespace catamaran::findings {

using observe::Health;

namespace {

using observe::RemoteSecretFacts;

constexpr qsizetype mostPairs = 5; ///< more from one cluster are one finding

QString secretName(const RemoteSecretFacts &secret)
{
    return QStringLiteral("Secret ") + observe::keyOf(secret.ns, secret.name);
}

Evidence seenSecret(const ClusterView &cluster, const QString &text)
{
    return seen(cluster.objects->remoteSecrets, text);
}

/// The cluster that @p secret leads to, by who vouches for its API server; else the one with its key as id.
const ClusterView *targetOf(const RemoteSecretFacts &secret, const ClusterView &reader, const QList<const ClusterView *> &clusters)
{
    const ClusterView *byId = nullptr;
    for (const ClusterView *cluster : clusters) {
        if (cluster == &reader)
            continue;
        if (!secret.authorities.isEmpty() && cluster->objects->authorities.intersects(secret.authorities))
            return cluster;
        if (cluster->id == secret.key)
            byId = cluster;
    }
    return byId;
}

const ClusterView *byId(const QString &id, const QList<const ClusterView *> &clusters)
{
    const auto found = std::find_if(clusters.begin(), clusters.end(), [&](const ClusterView *one) { return one->id == id; });
    return found == clusters.end() ? nullptr : *found;
}

// --- remote secrets ---------------------------------------------------------------------------------------------------

void secretMissing(const View &view, Report &report)
{
    QHash<QString, const ClusterView *> ids;
    QHash<QString, QList<const ClusterView *>> authorities;
    for (const ClusterView *cluster : view.clusters()) {
        ids.insert(cluster->id, cluster);
        for (const QString &authority : cluster->objects->authorities)
            authorities[authority].append(cluster);
    }
    for (const ClusterView *reader : view.clusters()) {
        if (!reader->hasPrimary)
            continue;
        QSet<const ClusterView *> known;
        for (const RemoteSecretFacts &secret : reader->objects->remoteSecrets.get()) {
            if (const ClusterView *one = ids.value(secret.key))
                known.insert(one);
            for (const QString &authority : secret.authorities)
                for (const ClusterView *one : authorities.value(authority))
                    known.insert(one);
        }
        QList<const ClusterView *> missing;
        for (const ClusterView *other : view.clusters())
            if (other != reader && other->hasPrimary && !known.contains(other))
                missing.append(other);
        const auto add = [&](const QString &to, const QString &words, bool isOneMesh) {
            report.add({ .cluster = reader,
                .from = reader->name(),
                .to = to,
                .sentence
                = Say::tr("%1 holds no remote secret for %2: its proxies know nothing of what runs there.").arg(reader->name(), words),
                .evidence
                = { seenSecret(*reader, Say::tr("%1 remote secrets").arg(QString::number(reader->objects->remoteSecrets.get().size()))) },
                .remedy = Say::tr("Make the remote secret of %1 with istioctl create-remote-secret, and apply it in %2.")
                              .arg(words, reader->name()),
                .state = isOneMesh ? Health::Failed : Health::Warning });
        };
        if (missing.size() > mostPairs) {
            QStringList names;
            for (const ClusterView *one : missing)
                names.append(one->name());
            add({}, someOf(names), true);
            continue;
        }
        for (const ClusterView *one : missing)
            add(one->name(), one->name(), reader->meshId.isEmpty() || one->meshId.isEmpty() || reader->meshId == one->meshId);
    }
}

void secretTwice(const View &view, Report &report)
{
    for (const ClusterView *reader : view.clusters()) {
        QMap<QString, QStringList> byKey;
        for (const RemoteSecretFacts &secret : reader->objects->remoteSecrets.get())
            byKey[secret.key].append(secret.name);
        for (auto it = byKey.cbegin(); it != byKey.cend(); ++it) {
            if (it->size() < 2)
                continue;
            QStringList names = *it;
            names.sort();
            const ClusterView *target = byId(it.key(), view.clusters());
            report.add({ .cluster = reader,
                .object = QStringLiteral("Secret istio-system/") + names.last(),
                .from = reader->name(),
                .to = target ? target->name() : it.key(),
                .sentence = Say::tr("%1 holds %2 remote secrets for %3: after a restart the first by name wins, the others are refused.")
                                .arg(reader->name(), QString::number(names.size()), it.key()),
                .evidence = { seenSecret(*reader, names.join(QStringLiteral(", "))) } });
        }
    }
}

void secretKeyUnknown(const View &view, Report &report)
{
    for (const ClusterView *reader : view.clusters()) {
        for (const RemoteSecretFacts &secret : reader->objects->remoteSecrets.get()) {
            if (byId(secret.key, view.clusters()))
                continue;
            const ClusterView *target = targetOf(secret, *reader, view.clusters());
            if (!target)
                continue;
            report.add({ .cluster = reader,
                .object = secretName(secret),
                .from = reader->name(),
                .to = target->name(),
                .sentence = Say::tr("%1 files %2 under the id %3, but its control plane calls itself %4.")
                                .arg(reader->name(), target->name(), secret.key, target->id),
                .evidence = { seenSecret(*reader, Say::tr("key %1, server %2").arg(secret.key, secret.server)) } });
        }
    }
}

void secretOwnId(const View &view, Report &report)
{
    for (const ClusterView *reader : view.clusters())
        for (const RemoteSecretFacts &secret : reader->objects->remoteSecrets.get())
            if (secret.key == reader->id)
                report.add({ .cluster = reader,
                    .object = secretName(secret),
                    .sentence = Say::tr("A remote secret of %1 has %1's own id: it is ignored.").arg(reader->name()),
                    .evidence = { seenSecret(*reader, Say::tr("key %1, server %2").arg(secret.key, secret.server)) } });
}

void secretAnnotation(const View &view, Report &report)
{
    for (const ClusterView *reader : view.clusters())
        for (const RemoteSecretFacts &secret : reader->objects->remoteSecrets.get())
            if (!secret.annotated.isEmpty() && secret.annotated != secret.key && byId(secret.key, view.clusters()))
                report.add({ .cluster = reader,
                    .object = secretName(secret),
                    .sentence = Say::tr("A remote secret of %1 says two ids: %2 in its annotation, %3 as its key, which is what counts.")
                                    .arg(reader->name(), secret.annotated, secret.key),
                    .evidence = { seenSecret(*reader, Say::tr("networking.istio.io/cluster: %1").arg(secret.annotated)) } });
}

void secretBroken(const View &view, Report &report)
{
    for (const ClusterView *reader : view.clusters()) {
        for (const RemoteSecretFacts &secret : reader->objects->remoteSecrets.get()) {
            if (secret.trouble.isEmpty())
                continue;
            const ClusterView *target = byId(secret.key, view.clusters());
            report.add({ .cluster = reader,
                .object = secretName(secret),
                .from = reader->name(),
                .to = target ? target->name() : secret.key,
                .sentence = Say::tr("A control plane does not take the kubeconfig in %1's remote secret for %2, and does not try again.")
                                .arg(reader->name(), secret.key),
                .evidence = { seenSecret(*reader, secret.trouble) } });
        }
    }
}

void secretCaWrong(const View &view, Report &report)
{
    for (const ClusterView *reader : view.clusters()) {
        for (const RemoteSecretFacts &secret : reader->objects->remoteSecrets.get()) {
            const ClusterView *target = byId(secret.key, view.clusters());
            if (!target || target == reader || secret.authorities.isEmpty() || target->objects->authorities.isEmpty()
                || target->objects->authorities.intersects(secret.authorities))
                continue;
            report.add({ .cluster = reader,
                .object = secretName(secret),
                .from = reader->name(),
                .to = target->name(),
                .sentence = Say::tr(
                    "The CA in %1's remote secret for %2 is not the one of that API server: it holds only until %1's control plane restarts.")
                                .arg(reader->name(), target->name()),
                .evidence = { seenSecret(*reader, Say::tr("the secret trusts %1…").arg(secret.authorities.values().first().left(16))),
                    seen(target->objects->meshConfig,
                        Say::tr("kube-root-ca.crt is %1…").arg(target->objects->authorities.values().first().left(16))) } });
        }
    }
}

bool isLoopback(const QString &host)
{
    return host == u"localhost" || QHostAddress(host).isLoopback();
}

void secretLocal(const View &view, Report &report)
{
    for (const ClusterView *reader : view.clusters()) {
        const auto &pods = reader->objects->pods.get();
        if (std::any_of(pods.begin(), pods.end(), [](const observe::PodFacts &pod) { return !pod.hostNetwork && isLoopback(pod.ip); }))
            continue; // a range, in which loopback is everybody's
        for (const RemoteSecretFacts &secret : reader->objects->remoteSecrets.get()) {
            const ClusterView *target = byId(secret.key, view.clusters());
            if (!isLoopback(QUrl(secret.server).host()))
                continue;
            report.add({ .cluster = reader,
                .object = secretName(secret),
                .from = reader->name(),
                .to = target ? target->name() : secret.key,
                .sentence = Say::tr("%1's remote secret for %2 names an address of this machine: in a pod that is the pod itself.")
                                .arg(reader->name(), secret.key),
                .evidence = { seenSecret(*reader, Say::tr("server: %1").arg(secret.server)) } });
        }
    }
}

constexpr qint64 soonForToken = 7; // days

void secretExpires(const View &view, Report &report)
{
    for (const ClusterView *reader : view.clusters()) {
        for (const RemoteSecretFacts &secret : reader->objects->remoteSecrets.get()) {
            QDateTime until = secret.tokenExpires;
            if (secret.certificateExpires.isValid() && (!until.isValid() || secret.certificateExpires < until))
                until = secret.certificateExpires;
            if (!until.isValid() || view.now().daysTo(until) > soonForToken)
                continue;
            const bool isOver = until <= view.now();
            const ClusterView *target = byId(secret.key, view.clusters());
            report.add({ .cluster = reader,
                .object = secretName(secret),
                .from = reader->name(),
                .to = target ? target->name() : secret.key,
                .sentence = isOver
                    ? Say::tr("The credential in %1's remote secret for %2 has expired: it holds only until %1's control plane restarts.")
                          .arg(reader->name(), secret.key)
                    : Say::tr("The credential in %1's remote secret for %2 expires in %3 days.")
                          .arg(reader->name(), secret.key, QString::number(view.now().daysTo(until))),
                .evidence = { seenSecret(*reader, Say::tr("until %1").arg(until.toString(Qt::ISODate))) },
                .state = isOver ? Health::Failed : Health::Warning });
        }
    }
}

void tokenRefused(const View &view, Report &report)
{
    for (const ClusterView *reader : view.clusters()) {
        for (const observe::TokenVerdict &verdict : reader->objects->tokens.get()) {
            if (verdict.isAccepted.value_or(true))
                continue;
            report.add({ .cluster = reader,
                .object = QStringLiteral("Secret istio-system/") + verdict.secret,
                .from = reader->name(),
                .to = verdict.cluster,
                .sentence
                = Say::tr("%2 does not accept the token in %1's remote secret any more: it holds only until %1's control plane restarts.")
                      .arg(reader->name(), verdict.cluster),
                .evidence = { seen(reader->objects->tokens, verdict.words.isEmpty() ? Say::tr("authenticated: false") : verdict.words) } });
        }
    }
}

void accountRemade(const View &view, Report &report)
{
    for (const ClusterView *reader : view.clusters()) {
        for (const RemoteSecretFacts &secret : reader->objects->remoteSecrets.get()) {
            const ClusterView *target = targetOf(secret, *reader, view.clusters());
            const auto &verdicts = reader->objects->tokens.get();
            const bool isAnswered = std::any_of(
                verdicts.begin(), verdicts.end(), [&](const observe::TokenVerdict &one) { return one.secret == secret.name; });
            if (!target || isAnswered || secret.accountUid.isEmpty() || !secret.account.startsWith(u"istio-system/"))
                continue;
            const QString uid = target->objects->accounts.get().value(secret.account.section(u'/', 1));
            if (uid == secret.accountUid)
                continue;
            report.add({ .cluster = reader,
                .object = secretName(secret),
                .from = reader->name(),
                .to = target->name(),
                .sentence = Say::tr(
                    "The service account that %1's remote secret for %2 stands for was made anew: its token is dead, and it holds only until %1's control plane restarts.")
                                .arg(reader->name(), target->name()),
                .evidence = { seenSecret(*reader, Say::tr("the token is of the account with uid %1").arg(secret.accountUid)),
                    seen(target->objects->accounts,
                        uid.isEmpty() ? Say::tr("there is no %1").arg(secret.account)
                                      : Say::tr("%1 has uid %2").arg(secret.account, uid)) } });
        }
    }
}

// --- ids and networks -------------------------------------------------------------------------------------------------

void idTwice(const View &view, Report &report)
{
    QMap<QString, QStringList> names;
    for (const ClusterView *cluster : view.clusters())
        if (cluster->hasPrimary)
            names[cluster->id].append(cluster->name());
    for (auto it = names.cbegin(); it != names.cend(); ++it)
        if (it->size() > 1)
            report.add({ .object = it.key(),
                .from = it->at(0),
                .to = it->at(1),
                .bothWays = true,
                .sentence = Say::tr("%1 have the same cluster id %2: each takes the other's remote secret for its own and ignores it.")
                                .arg(someOf(*it), it.key()),
                .evidence = { seen(view.cluster(it->first())->objects->pods, Say::tr("CLUSTER_ID: %1").arg(it.key())) } });
}

void meshIdDiffers(const View &view, Report &report)
{
    QSet<QString> ofAccounts; // a provider gives each of its meshes an id of its own, and means nothing by it
    for (const mesh::MeshStatus &mesh : view.facts().meshes.get())
        ofAccounts.insert(mesh.id);
    const ClusterView *first = nullptr;
    for (const ClusterView *cluster : view.clusters()) {
        if (cluster->meshId.isEmpty() || ofAccounts.contains(cluster->meshId))
            continue;
        if (!first)
            first = cluster;
        else if (cluster->meshId != first->meshId)
            report.add({ .cluster = cluster,
                .object = QStringLiteral("ConfigMap istio-system/istio-sidecar-injector"),
                .sentence = Say::tr("%1 is of the mesh %2, %3 of %4.").arg(first->name(), first->meshId, cluster->name(), cluster->meshId),
                .evidence = { seen(cluster->objects->meshConfig, Say::tr("global.meshID: %1").arg(cluster->meshId)) } });
    }
}

QString labelled(const ClusterView &cluster)
{
    const auto *system = cluster.namespaces.value(observe::systemNamespace);
    return system ? system->network : QString();
}

/// Pods of applications that have a proxy.
QList<const observe::PodFacts *> proxied(const ClusterView &cluster)
{
    QList<const observe::PodFacts *> found;
    for (const auto &list : cluster.pods)
        for (const observe::PodFacts *pod : list)
            if (pod->hasSidecar)
                found.append(pod);
    return found;
}

bool anyHasNetwork(const View &view)
{
    return std::any_of(view.all().begin(), view.all().end(), [](const ClusterView &one) { return !one.network.isEmpty(); });
}

void networkUnlabelled(const View &view, Report &report)
{
    if (!anyHasNetwork(view))
        return;
    for (const ClusterView *cluster : view.clusters()) {
        if (!cluster->hasPrimary || !cluster->namespaces.contains(observe::systemNamespace) || !labelled(*cluster).isEmpty())
            continue;
        const auto pods = proxied(*cluster);
        const bool haveOwn = !pods.isEmpty() && std::all_of(pods.begin(), pods.end(), [](const observe::PodFacts *pod) {
            return !pod->network.isEmpty() || isSystemNamespace(pod->ns);
        }) && std::any_of(pods.begin(), pods.end(), [](const observe::PodFacts *pod) {
            return !pod->network.isEmpty() && !isSystemNamespace(pod->ns);
        });
        QString network = cluster->network;
        if (network.isEmpty() && !cluster->gateways.isEmpty())
            network = cluster->gateways.first().network;
        QList<ops::Operation> mend;
        if (!network.isEmpty())
            mend.append(patchOf(*cluster, QStringLiteral("v1"), QStringLiteral("Namespace"), {}, observe::systemNamespace,
                { { QStringLiteral("metadata"),
                    QJsonObject {
                        { QStringLiteral("labels"), QJsonObject { { QStringLiteral("topology.istio.io/network"), network } } } } } }));
        report.add({ .cluster = cluster,
            .object = QStringLiteral("Namespace istio-system"),
            .from = {},
            .to = haveOwn ? QString() : cluster->name(),
            .sentence
            = haveOwn ? Say::tr(
                  "The namespace istio-system of %1 has no network label: pods without a sidecar fall back to it and are dialled at their own addresses.")
                            .arg(cluster->name())
                      : Say::tr("%1 has no network: other clusters dial its pods at their own addresses, which they cannot reach.")
                            .arg(cluster->name()),
            .evidence = { seen(cluster->objects->namespaces, Say::tr("no label topology.istio.io/network")) },
            .mend = mend,
            .state = haveOwn ? Health::Warning : Health::Failed });
    }
}

void podsOfOtherNetwork(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        const QString own = labelled(*cluster);
        if (own.isEmpty())
            continue;
        QStringList names;
        QString other;
        for (const observe::PodFacts *pod : proxied(*cluster)) {
            if (pod->network.isEmpty() || pod->network == own || isSystemNamespace(pod->ns))
                continue;
            names.append(pod->key());
            other = pod->network;
        }
        if (!names.isEmpty())
            report.add({ .cluster = cluster,
                .object = QStringLiteral("ConfigMap istio-system/istio-sidecar-injector"),
                .to = cluster->name(),
                .bothWays = true,
                .sentence
                = Say::tr("Pods of %1 say that they are on %2, and the cluster is on %3: addresses are dialled that cannot be reached.")
                      .arg(cluster->name(), other, own),
                .evidence = { seen(cluster->objects->pods, Say::tr("on %1: %2").arg(other, someOf(names))),
                    seen(cluster->objects->namespaces, Say::tr("istio-system: topology.istio.io/network=%1").arg(own)) } });
    }
}

void podsBeforeNetwork(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        if (labelled(*cluster).isEmpty())
            continue;
        QStringList names;
        for (const observe::PodFacts *pod : proxied(*cluster))
            if (pod->network.isEmpty() && !isSystemNamespace(pod->ns))
                names.append(pod->key());
        if (!names.isEmpty())
            report.add({ .cluster = cluster,
                .object = names.size() == 1 ? QStringLiteral("Pod ") + names.first() : QString(),
                .from = cluster->name(),
                .sentence = Say::tr(
                    "Pods of %1 were made before its network was set and have none: they go through a gateway even to their own cluster (%2).")
                                .arg(cluster->name(), someOf(names)),
                .evidence = { seen(cluster->objects->pods, Say::tr("no network: %1").arg(someOf(names))) } });
    }
}

void addressesOverlap(const View &view, Report &report)
{
    struct Range {
        quint32 first, last;
        const ClusterView *cluster;
        QString text;
    };
    QHash<QString, std::vector<Range>> byNetwork;
    for (const ClusterView *cluster : view.clusters()) {
        for (const observe::NodeFacts &node : cluster->objects->nodes.get()) {
            for (const QString &text : node.podCidrs) {
                const auto [address, bits] = QHostAddress::parseSubnet(text);
                bool isV4 = false;
                const quint32 base = address.toIPv4Address(&isV4);
                if (!isV4 || bits < 1 || bits > 32)
                    continue;
                const quint32 size = quint32((quint64(1) << (32 - bits)) - 1);
                byNetwork[cluster->network].push_back({ base & ~size, (base & ~size) + size, cluster, text });
            }
        }
    }
    QSet<QString> said;
    for (auto &ranges : byNetwork) {
        std::sort(ranges.begin(), ranges.end(), [](const Range &a, const Range &b) { return a.first < b.first; });
        for (size_t i = 1; i < ranges.size(); ++i) {
            const Range &before = ranges[i - 1], &one = ranges[i];
            if (one.first > before.last || one.cluster == before.cluster)
                continue;
            QStringList names { before.cluster->name(), one.cluster->name() };
            names.sort();
            if (said.contains(names.join(u'|')))
                continue;
            said.insert(names.join(u'|'));
            report.add({ .cluster = one.cluster,
                .from = names.first(),
                .to = names.last(),
                .bothWays = true,
                .sentence
                = Say::tr("%1 and %2 are on one network, and their pods have the same addresses.").arg(names.first(), names.last()),
                .evidence = { seen(before.cluster->objects->nodes, Say::tr("%1: %2").arg(before.cluster->name(), before.text)),
                    seen(one.cluster->objects->nodes, Say::tr("%1: %2").arg(one.cluster->name(), one.text)) } });
        }
    }
}

void networksUnknown(const View &view, Report &report)
{
    QSet<QString> ids;
    for (const ClusterView &cluster : view.all())
        ids.insert(cluster.id);
    for (const ClusterView *cluster : view.clusters()) {
        const auto &config = cluster->objects->meshConfig.get();
        for (auto it = config.fromRegistry.cbegin(); it != config.fromRegistry.cend(); ++it)
            for (const QString &registry : *it)
                if (!ids.contains(registry))
                    report.add({ .cluster = cluster,
                        .object = QStringLiteral("ConfigMap istio-system/istio"),
                        .from = cluster->name(),
                        .sentence = Say::tr("meshNetworks of %1 takes %2 from the cluster id %3, which no cluster has.")
                                        .arg(cluster->name(), it.key(), registry),
                        .evidence = { seen(cluster->objects->meshConfig, Say::tr("fromRegistry: %1").arg(registry)) } });
        for (auto it = config.registryGateways.cbegin(); it != config.registryGateways.cend(); ++it) {
            for (const QString &service : *it) {
                const QString key = serviceKeyOf(service, observe::systemNamespace);
                const bool isThere = std::any_of(view.all().begin(), view.all().end(),
                    [&](const ClusterView &one) { return one.services.contains(key) || !one.objects->services.isRead(); });
                if (!key.isEmpty() && !isThere)
                    report.add({ .cluster = cluster,
                        .object = QStringLiteral("ConfigMap istio-system/istio"),
                        .from = cluster->name(),
                        .sentence = Say::tr("meshNetworks of %1 names %2 as the gateway of %3, which no cluster has.")
                                        .arg(cluster->name(), service, it.key()),
                        .evidence = { seen(cluster->objects->meshConfig, Say::tr("registryServiceName: %1").arg(service)) } });
            }
        }
    }
}

void configBroken(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters())
        if (const auto &config = cluster->objects->meshConfig.get(); !config.trouble.isEmpty())
            report.add({ .cluster = cluster,
                .object = QStringLiteral("ConfigMap istio-system/istio"),
                .sentence
                = Say::tr("The mesh configuration of %1 cannot be read: its control plane keeps what it had and starts without it.")
                      .arg(cluster->name()),
                .evidence = { seen(cluster->objects->meshConfig, config.trouble) } });
}

// --- control plane and injection --------------------------------------------------------------------------------------

void controlPlaneDown(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        int ready = 0;
        QStringList names;
        bool isLeft = false;
        QList<ops::Operation> mend;
        for (const observe::DeploymentFacts &deployment : cluster->objects->deployments.get()) {
            if (deployment.ns != observe::systemNamespace || deployment.podLabels.value(QStringLiteral("app")) != u"istiod")
                continue;
            names.append(
                QStringLiteral("%1 (%2/%3)").arg(deployment.name, QString::number(deployment.ready), QString::number(deployment.desired)));
            ready += deployment.ready;
            isLeft = true;
            if (deployment.desired == 0)
                mend.append(scaleOf(*cluster, deployment, 1));
        }
        if (isLeft && ready == 0)
            report.add({ .cluster = cluster,
                .object = QStringLiteral("Deployment istio-system/istiod"),
                .to = cluster->name(),
                .sentence = Say::tr(
                    "No control plane runs in %1: no pod is made, changes do not reach its proxies, and their certificates end within 24 hours.")
                                .arg(cluster->name()),
                .evidence = { seen(cluster->objects->deployments, someOf(names)) },
                .mend = mend });
    }
}

void injectionOff(const View &view, Report &report)
{
    struct Plain {
        const ClusterView *cluster;
        QStringList services;
        qsizetype pods = 0;
    };
    QMap<QPair<QString, QString>, Plain> plain; // by cluster and namespace
    for (const SharedService &shared : view.sharedServices()) {
        QList<const SharedService::In *> without;
        bool someHave = false;
        for (const SharedService::In &in : shared.in) {
            const auto pods = in.cluster->podsOf(*in.service);
            const bool has = std::any_of(pods.begin(), pods.end(), [](const observe::PodFacts *pod) { return pod->hasSidecar; });
            someHave = someHave || has;
            const auto *space = in.cluster->namespaces.value(in.service->ns);
            if (!has && !pods.isEmpty() && !(space && space->injects))
                without.append(&in);
        }
        for (const SharedService::In *in : someHave ? without : QList<const SharedService::In *>()) {
            Plain &one = plain[{ in->cluster->name(), in->service->ns }];
            one.cluster = in->cluster;
            one.services.append(shared.key);
            one.pods += in->cluster->podsOf(*in->service).size();
        }
    }
    for (auto it = plain.cbegin(); it != plain.cend(); ++it) {
        const QString &ns = it.key().second;
        const QJsonObject labels { { QStringLiteral("istio-injection"), QStringLiteral("enabled") } };
        report.add({ .cluster = it->cluster,
            .object = QStringLiteral("Namespace ") + ns,
            .to = it->cluster->name(),
            .bothWays = true,
            .services = it->services,
            .sentence
            = Say::tr("The pods of %1 in %2 have no sidecar, for their namespace does not inject: they are offered to no other network.")
                  .arg(someOf(it->services), it->cluster->name()),
            .evidence = { seen(it->cluster->objects->pods, Say::tr("%1 pods without istio-proxy").arg(QString::number(it->pods))) },
            .mend = { patchOf(*it->cluster, QStringLiteral("v1"), QStringLiteral("Namespace"), {}, ns,
                { { QStringLiteral("metadata"), QJsonObject { { QStringLiteral("labels"), labels } } } }) } });
    }
}

void sidecarMissing(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        for (auto it = cluster->pods.cbegin(); it != cluster->pods.cend(); ++it) {
            const auto *space = cluster->namespaces.value(it.key());
            if (!space || !space->injects || isSystemNamespace(it.key()))
                continue;
            QStringList names;
            for (const observe::PodFacts *pod : *it)
                if (!pod->hasSidecar && !pod->optsOut && !pod->hostNetwork)
                    names.append(pod->name);
            if (!names.isEmpty())
                report.add({ .cluster = cluster,
                    .object = QStringLiteral("Namespace ") + it.key(),
                    .to = cluster->name(),
                    .sentence = Say::tr("Pods of %1 in %2 have no sidecar although the namespace injects: %3.")
                                    .arg(it.key(), cluster->name(), someOf(names)),
                    .evidence = { seen(cluster->objects->pods, Say::tr("without istio-proxy: %1").arg(someOf(names))) } });
        }
    }
}

} // namespace

QList<Rule> discoveryRules()
{
    const Needs id = Needs(Need::Pods) | Need::MeshConfig;
    const Needs secrets = id | Need::RemoteSecrets | Need::Deployments;
    const Needs places = id | Need::Namespaces;
    return {
        { "discovery.secret-missing", Layer::Discovery, Health::Failed, secrets, secretMissing,
            QT_TRANSLATE_NOOP("Findings", "Every control plane holds a remote secret for every other cluster"),
            QT_TRANSLATE_NOOP("Findings",
                "A control plane learns services and endpoints of another cluster through a remote secret. Without it clients stay in their own cluster, and no request fails."),
            QT_TRANSLATE_NOOP("Findings", "Make the remote secret with istioctl create-remote-secret.") },
        { "discovery.secret-twice", Layer::Discovery, Health::Failed, secrets, secretTwice,
            QT_TRANSLATE_NOOP("Findings", "One remote secret per cluster"),
            QT_TRANSLATE_NOOP("Findings",
                "Of several secrets for one id the first by name is used after a restart; the others are refused as already registered. An old one that sorts first takes the cluster away."),
            QT_TRANSLATE_NOOP("Findings", "Delete the secret that is not the one in use, then restart the control plane.") },
        { "discovery.secret-key-unknown", Layer::Discovery, Health::Warning, secrets, secretKeyUnknown,
            QT_TRANSLATE_NOOP("Findings", "Remote secrets use the ids that the clusters have"),
            QT_TRANSLATE_NOOP("Findings",
                "The key of a remote secret is the id that the cluster's endpoints are filed under. With another one requests pass, but what selects by cluster does not match, and a second secret with the right id doubles the cluster."),
            QT_TRANSLATE_NOOP("Findings", "Make the secret again with create-remote-secret --name and the cluster's own id.") },
        { "discovery.secret-own-id", Layer::Discovery, Health::Warning, secrets, secretOwnId,
            QT_TRANSLATE_NOOP("Findings", "No remote secret is for the own cluster"),
            QT_TRANSLATE_NOOP("Findings", "A secret whose key is the reader's own id is ignored."),
            QT_TRANSLATE_NOOP("Findings", "Delete it, or make it again with the id of the cluster that it is for.") },
        { "discovery.secret-annotation-differs", Layer::Discovery, Health::Warning, secrets, secretAnnotation,
            QT_TRANSLATE_NOOP("Findings", "Remote secrets say one id"),
            QT_TRANSLATE_NOOP(
                "Findings", "The key of the data is the cluster's id; the annotation is for people and misleads them when it differs."),
            QT_TRANSLATE_NOOP("Findings", "Make the secret again.") },
        { "discovery.secret-broken", Layer::Discovery, Health::Failed, secrets, secretBroken,
            QT_TRANSLATE_NOOP("Findings", "Remote secrets hold a kubeconfig that a control plane takes"),
            QT_TRANSLATE_NOOP(
                "Findings", "Broken kubeconfigs, and those that name programs or files, are refused once and not tried again."),
            QT_TRANSLATE_NOOP("Findings", "Make the secret again with istioctl create-remote-secret.") },
        { "discovery.secret-wrong-ca", Layer::Discovery, Health::Failed, secrets, secretCaWrong,
            QT_TRANSLATE_NOOP("Findings", "Remote secrets trust the API server that they are for"),
            QT_TRANSLATE_NOOP("Findings",
                "With another CA the control plane cannot read the cluster (x509: unknown authority). One that runs lives on what it read before; after its restart nothing of that cluster is known."),
            QT_TRANSLATE_NOOP("Findings", "Make the remote secret again from the cluster that it is for.") },
        { "discovery.secret-local-address", Layer::Discovery, Health::Failed, secrets, secretLocal,
            QT_TRANSLATE_NOOP("Findings", "Remote secrets name addresses that pods reach"),
            QT_TRANSLATE_NOOP(
                "Findings", "The address in a remote secret is dialled from a pod of the other cluster. localhost there is the pod."),
            QT_TRANSLATE_NOOP("Findings", "Make the secret again with --server and an address that the other cluster reaches.") },
        { "discovery.credential-expires", Layer::Discovery, Health::Warning, secrets, secretExpires,
            QT_TRANSLATE_NOOP("Findings", "No credential of a remote secret is about to expire"),
            QT_TRANSLATE_NOOP("Findings",
                "A control plane whose credential has expired goes on with what it read, says that it is synced, and knows nothing of the cluster after its restart."),
            QT_TRANSLATE_NOOP("Findings", "Make the remote secret again, with a token that does not expire.") },
        { "discovery.token-refused", Layer::Discovery, Health::Failed, secrets | Need::Tokens, tokenRefused,
            QT_TRANSLATE_NOOP("Findings", "Tokens of remote secrets are accepted"),
            QT_TRANSLATE_NOOP("Findings",
                "The API server that made the token was asked whether it still is one (TokenReview). All traffic is good while the control plane that holds it keeps running; when it restarts, everything across is lost."),
            QT_TRANSLATE_NOOP(
                "Findings", "Make the remote secret again from the cluster that it is for, before the control plane restarts.") },
        { "discovery.account-remade", Layer::Discovery, Health::Failed, secrets | Need::Accounts, accountRemade,
            QT_TRANSLATE_NOOP("Findings", "Tokens of remote secrets are of accounts that exist"),
            QT_TRANSLATE_NOOP("Findings", "A token dies with its service account; one of the same name made later has other tokens."),
            QT_TRANSLATE_NOOP(
                "Findings", "Make the remote secret again from the cluster that it is for, before the control plane restarts.") },
        { "discovery.cluster-id-twice", Layer::Discovery, Health::Failed, id | Need::Deployments, idTwice,
            QT_TRANSLATE_NOOP("Findings", "Every cluster has an id of its own"),
            QT_TRANSLATE_NOOP("Findings", "The id tells clusters apart. A control plane ignores a remote secret with its own id."),
            QT_TRANSLATE_NOOP("Findings",
                "Set global.multiCluster.clusterName to another value in one of them, restart its control plane and workloads, and make its remote secrets again.") },
        { "discovery.mesh-id-differs", Layer::Discovery, Health::Warning, id | Need::Meshes, meshIdDiffers,
            QT_TRANSLATE_NOOP("Findings", "All clusters are of one mesh"),
            QT_TRANSLATE_NOOP("Findings", "Several primaries of one mesh have the same meshID."),
            QT_TRANSLATE_NOOP("Findings", "Set global.meshID to the same value in all clusters.") },
        { "discovery.network-unlabelled", Layer::Discovery, Health::Failed, places | Need::Services | Need::Deployments, networkUnlabelled,
            QT_TRANSLATE_NOOP("Findings", "Every cluster has its network label"),
            QT_TRANSLATE_NOOP("Findings",
                "Endpoints of a cluster without a network are taken for reachable and dialled directly. Pods that carry the label themselves are right without it."),
            QT_TRANSLATE_NOOP("Findings",
                "Label the namespace istio-system with topology.istio.io/network; set global.network and restart pods that have none.") },
        { "discovery.network-differs", Layer::Discovery, Health::Failed, places, podsOfOtherNetwork,
            QT_TRANSLATE_NOOP("Findings", "Pods are on the network of their cluster"),
            QT_TRANSLATE_NOOP("Findings",
                "The injector writes global.network into each pod. Values copied from another cluster make pods of two networks count as one."),
            QT_TRANSLATE_NOOP("Findings", "Set global.network to the cluster's own network and restart the pods.") },
        { "discovery.pod-before-network", Layer::Discovery, Health::Warning, places, podsBeforeNetwork,
            QT_TRANSLATE_NOOP("Findings", "No pod is older than its cluster's network"),
            QT_TRANSLATE_NOOP("Findings",
                "A client without a network is given gateways instead of pods, also of its own cluster: a detour that depends on the gateway."),
            QT_TRANSLATE_NOOP("Findings", "Restart these pods.") },
        { "discovery.addresses-overlap", Layer::Discovery, Health::Failed, places | Need::Nodes, addressesOverlap,
            QT_TRANSLATE_NOOP("Findings", "Pod addresses of one network do not overlap"),
            QT_TRANSLATE_NOOP(
                "Findings", "Clusters of one network dial each other's pods directly. Overlapping addresses reach the wrong pod."),
            QT_TRANSLATE_NOOP("Findings", "Put the clusters on different networks, with gateways.") },
        { "discovery.mesh-networks-unknown", Layer::Discovery, Health::Failed, id, networksUnknown,
            QT_TRANSLATE_NOOP("Findings", "meshNetworks names what there is"),
            QT_TRANSLATE_NOOP("Findings",
                "fromRegistry is a cluster id, registryServiceName a Service. What nobody has makes the network's endpoints unreachable."),
            QT_TRANSLATE_NOOP("Findings", "Correct meshNetworks, or remove it: gateways with the network label are found by themselves.") },
        { "discovery.mesh-config-broken", Layer::Discovery, Health::Failed, Need::MeshConfig, configBroken,
            QT_TRANSLATE_NOOP("Findings", "The mesh configuration can be read"),
            QT_TRANSLATE_NOOP("Findings", "The ConfigMap istio holds the mesh configuration as YAML."),
            QT_TRANSLATE_NOOP("Findings", "Correct the YAML in the ConfigMap.") },
        { "discovery.control-plane-down", Layer::Discovery, Health::Failed, Need::Deployments, controlPlaneDown,
            QT_TRANSLATE_NOOP("Findings", "Every control plane runs"),
            QT_TRANSLATE_NOOP("Findings",
                "Proxies go on with their last configuration. New pods are not made, for the injection webhook has nobody behind it; dead endpoints stay in the lists; certificates end after 12 to 24 hours."),
            QT_TRANSLATE_NOOP("Findings", "Scale the control plane up.") },
        { "discovery.injection-off", Layer::Discovery, Health::Failed, Needs(Need::Services) | Need::Namespaces | Need::Pods, injectionOff,
            QT_TRANSLATE_NOOP("Findings", "A service has sidecars in all clusters or in none"),
            QT_TRANSLATE_NOOP("Findings",
                "Endpoints without a sidecar are not offered across networks, and clients without one know no other cluster: both sides stay alone, and no request fails."),
            QT_TRANSLATE_NOOP("Findings", "Label the namespace with istio-injection=enabled and restart its pods.") },
        { "discovery.sidecar-missing", Layer::Discovery, Health::Warning, Needs(Need::Namespaces) | Need::Pods, sidecarMissing,
            QT_TRANSLATE_NOOP("Findings", "Every pod of an injected namespace has a sidecar"),
            QT_TRANSLATE_NOOP(
                "Findings", "Pods that were made before injection was on, or while no control plane answered, are outside the mesh."),
            QT_TRANSLATE_NOOP("Findings", "Restart these pods.") },
    };
}

} // namespace catamaran::findings
