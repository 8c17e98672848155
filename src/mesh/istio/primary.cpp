// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/primary.h"

#include "mesh/istio/say.h"
#include "mesh/istio/secrettarget.h"

#include <QJsonArray>

#include <algorithm>

namespace catamaran::mesh::istio {

namespace {

constexpr qsizetype mostRoots = 64;

QString labelOf(const QJsonObject &object, QStringView label)
{
    return object[u"metadata"][u"labels"][label].toString();
}

void readName(const QJsonObject &object, Named &named)
{
    const QJsonObject metadata = object.value(u"metadata").toObject();
    named.ns = metadata.value(u"namespace").toString();
    named.name = metadata.value(u"name").toString();
    named.created = QDateTime::fromString(metadata.value(u"creationTimestamp").toString(), Qt::ISODate).toUTC();
}

QString revisionOf(const QJsonObject &object)
{
    const QString revision = labelOf(object, u"istio.io/rev");
    return revision.isEmpty() ? QStringLiteral("default") : revision;
}

QString environmentOf(const QJsonValue &container, QStringView name)
{
    for (const QJsonValue &one : container[u"env"].toArray())
        if (one[u"name"].toString() == name)
            return one[u"value"].toString();
    return {};
}

QString worded(QSet<QString> prints)
{
    QStringList list(prints.begin(), prints.end());
    list.sort();
    for (QString &one : list)
        one = one.left(16);
    return list.join(QStringLiteral(", "));
}

/// A fact as it is told; @p value of what was read.
template <typename T> ToldFact told(const QString &what, const core::Fact<T> &fact, const QString &value, const QString &right)
{
    return { what, fact.isRead() ? value : QString(), fact.error, fact.error ? right : QString(), fact.source, fact.at };
}

class Builder {
public:
    explicit Builder(const QList<SeenCluster> &clusters)
        : m_all(clusters)
    {
    }

    MeshList run()
    {
        for (const SeenCluster &cluster : m_all) {
            if (!cluster.planes.isRead()) {
                if (!m_list.unread)
                    m_list.unread = cluster.planes.error;
                continue;
            }
            QStringList spaces;
            for (const PlaneFacts &plane : cluster.planes.get())
                if (!spaces.contains(plane.ns))
                    spaces << plane.ns;
            spaces.sort();
            for (const QString &ns : std::as_const(spaces))
                m_list.meshes.append(meshIn(cluster, ns, spaces.size() > 1));
        }
        nameTheOthers();
        return std::move(m_list);
    }

private:
    MeshStatus meshIn(const SeenCluster &cluster, const QString &ns, bool isOneOfMany)
    {
        MeshStatus mesh;
        mesh.provider = istioName;
        mesh.home = cluster.place.name;
        mesh.name = meshNameFor(cluster.place.name) + (isOneOfMany && ns != systemNamespace ? u'-' + ns : QString());
        mesh.id = cluster.place.name + u'/' + ns;
        mesh.stale = cluster.planes.error;
        mesh.heard = cluster.planes.at;
        takePlanes(mesh, cluster, ns);
        if (cluster.config.isRead()) {
            mesh.meshId = cluster.config.get().meshId;
            mesh.trustDomain = cluster.config.get().trustDomain;
        }
        takeRoots(mesh, cluster);
        mesh.clusterId = clusterIdOf(cluster);
        mesh.exposed = cluster.exposed;
        mesh.reader = cluster.reader;
        takeMembers(mesh, cluster, ns);
        tell(mesh, cluster);
        return mesh;
    }

    static void takePlanes(MeshStatus &mesh, const SeenCluster &cluster, const QString &ns)
    {
        int ready = 0, desired = 0;
        QStringList versions;
        for (const PlaneFacts &plane : cluster.planes.get()) {
            if (plane.ns != ns)
                continue;
            ControlPlane one { plane.revision, plane.version, plane.key(), plane.desired, plane.ready };
            for (const PodSeen &pod : cluster.pods.get())
                if (pod.ns == ns && pod.revision == plane.revision) {
                    one.replicas.append({ pod.name, pod.isReady, pod.created });
                }
            ready += plane.ready;
            desired += plane.desired;
            if (!plane.version.isEmpty() && !versions.contains(plane.version))
                versions << plane.version;
            mesh.controlPlanes.append(one);
            if (plane.servesOthers)
                mesh.notOurs << Say::tr("%1 is an external control plane: it is made for other clusters, and shown only").arg(one.place);
            if (plane.isAmbient)
                mesh.notOurs << Say::tr("%1 runs with ambient: proxies of nodes and waypoints are shown only").arg(one.place);
        }
        if (cluster.ztunnel.get()
            && !std::any_of(cluster.planes.get().begin(), cluster.planes.get().end(), [](const PlaneFacts &one) { return one.isAmbient; }))
            mesh.notOurs << Say::tr("%1 has ztunnels: ambient is shown only").arg(cluster.place.name);
        std::sort(mesh.controlPlanes.begin(), mesh.controlPlanes.end(),
            [](const ControlPlane &a, const ControlPlane &b) { return a.revision < b.revision; });
        mesh.version = versions.join(QStringLiteral(", "));
        mesh.state = ready > 0 ? MeshState::Running : MeshState::Failed;
        mesh.stateWord = ready > 0 ? Say::tr("running") : desired == 0 ? Say::tr("scaled to 0") : Say::tr("not ready");
        if (ready == 0)
            mesh.errorMessage
                = desired == 0 ? Say::tr("its control plane is scaled to 0") : Say::tr("no replica of %n is ready", nullptr, desired);
    }

    /// Of the ConfigMap in the system namespace, else in any. What vouches for the webhook is told beside it.
    static void takeRoots(MeshStatus &mesh, const SeenCluster &cluster)
    {
        const auto &roots = cluster.roots.get();
        const auto own = roots.constFind(mesh.controlPlanes.first().place.section(u'/', 0, 0));
        const auto found = own != roots.cend() ? own : roots.cbegin();
        if (found != roots.cend() && found->trouble.isEmpty())
            mesh.rootFingerprints = found->roots;
        else if (found != roots.cend())
            mesh.rootError = found->trouble;
        else
            mesh.rootError = cluster.roots.error ? cluster.roots.error->text() : Say::tr("there is no ConfigMap istio-ca-root-cert");
        if (mesh.rootFingerprints.isEmpty() && cluster.roots.error)
            mesh.unread.append(*cluster.roots.error);
    }

    void takeMembers(MeshStatus &mesh, const SeenCluster &cluster, const QString &ns)
    {
        const QString ownId = clusterIdOf(cluster);
        MemberCluster home;
        home.clusterId = ownId;
        home.clusterName = cluster.place.name;
        home.mode = Mode::Managed;
        takeNetwork(mesh, home, cluster);
        mesh.members.append(home);

        QHash<QString, qsizetype> byId; // member by the id that the control plane knows it under
        const auto memberFor = [&](const QString &id, const SeenCluster *target) -> MemberCluster & {
            // An id that only looks like a name of the environment's is no cluster of it.
            const QString key = target ? target->place.name : u'?' + id;
            if (const auto known = byId.constFind(key); known != byId.cend())
                return mesh.members[*known];
            MemberCluster member;
            member.clusterName = target ? target->place.name : QString();
            member.clusterId = id;
            member.mode = Mode::DiscoveryOnly;
            if (target)
                takeNetwork(mesh, member, *target);
            byId.insert(key, mesh.members.size());
            mesh.members.append(member);
            return mesh.members.last();
        };
        if (cluster.secrets.isRead()) {
            for (const RemoteSecretFacts &secret : cluster.secrets.get()) {
                if (secret.ns != ns || secret.key == ownId)
                    continue;
                const SeenCluster *target = targetOf(secret, cluster, m_all);
                if (target == &cluster)
                    continue;
                MemberCluster &member = memberFor(secret.key, target);
                member.state = secret.trouble.isEmpty() ? QString() : Say::tr("its remote secret is refused: %1").arg(secret.trouble);
                if (!secret.trouble.isEmpty())
                    member.renew = member.state;
                else if (isNearItsEnd(secret.tokenIssued, secret.tokenExpires, cluster.secrets.at))
                    member.renew = Say::tr("the token of %1 ends at %2").arg(secret.name, secret.tokenExpires.toString(Qt::ISODate));
                for (const TokenVerdict &verdict : cluster.tokens.get())
                    if (verdict.secret == secret.name && verdict.key == secret.key && verdict.isAccepted == false) {
                        member.renew = Say::tr("%1 refuses the token of %2").arg(verdict.cluster, secret.name);
                        member.lost.append({ Say::tr("%1 refuses the token of the remote secret %2: %3")
                                                 .arg(verdict.cluster, secret.name,
                                                     verdict.words.isEmpty() ? Say::tr("it is no token of its own") : verdict.words),
                            cluster.tokens.source, cluster.tokens.at });
                    }
            }
        } else {
            mesh.membersKnown = false;
            if (cluster.secrets.error)
                mesh.unread.append(*cluster.secrets.error);
        }
        takeReplicas(mesh, cluster, ns, memberFor);
    }

    /// What each replica itself says of the clusters that it reads.
    template <typename MemberFor>
    void takeReplicas(MeshStatus &mesh, const SeenCluster &cluster, const QString &ns, const MemberFor &memberFor)
    {
        const QString ownId = clusterIdOf(cluster);
        const auto byKey = [&](const QString &id) -> const SeenCluster * {
            RemoteSecretFacts named;
            named.key = id;
            for (const RemoteSecretFacts &secret : cluster.secrets.get())
                if (secret.ns == ns && secret.key == id)
                    named = secret;
            return targetOf(named, cluster, m_all);
        };
        for (const PodSeen &pod : cluster.pods.get()) {
            const auto found = cluster.replicas.constFind(pod.name);
            if (pod.ns != ns || found == cluster.replicas.cend())
                continue;
            const QString place = QStringLiteral("%1/%2").arg(ns, pod.name);
            QSet<QString> knows;
            for (const RemoteCluster &remote : found->remotes.get()) {
                if (remote.secret.isEmpty() || remote.id == ownId)
                    continue;
                const SeenCluster *target = byKey(remote.id);
                MemberCluster &member = memberFor(remote.id, target);
                knows.insert(member.clusterId);
                member.words.append({ place, remote.status, found->remotes.error, found->remotes.source, found->remotes.at });
            }
            for (MemberCluster &member : mesh.members)
                if (member.mode != Mode::Managed && !knows.contains(member.clusterId)) {
                    if (found->remotes.isRead())
                        member.words.append({ place, QStringLiteral("absent"), {}, found->remotes.source, found->remotes.at });
                    else if (found->remotes.error)
                        member.words.append({ place, {}, found->remotes.error, found->remotes.source, found->remotes.at });
                }
            const auto lost = found->lost.get();
            // A connection that it lost without saying to which cluster was to one of them.
            const QString unnamed = lost.value(QString()).words;
            const auto others = std::count_if(
                mesh.members.begin(), mesh.members.end(), [](const MemberCluster &one) { return one.mode != Mode::Managed; });
            for (MemberCluster &member : mesh.members)
                if (!unnamed.isEmpty() && member.mode != Mode::Managed)
                    member.lost.append({ others == 1 ? unnamed : Say::tr("of one of its clusters: %1").arg(unnamed), found->lost.source,
                        lost.value(QString()).last });
            for (auto it = lost.cbegin(); it != lost.cend(); ++it)
                for (MemberCluster &member : mesh.members)
                    if (member.mode != Mode::Managed && !it.key().isEmpty() && member.clusterId == it.key())
                        member.lost.append({ it->words, found->lost.source, it->last });
        }
    }

    /// As its own objects say, which is what control planes read.
    static void takeNetwork(MeshStatus &mesh, MemberCluster &member, const SeenCluster &cluster)
    {
        if (cluster.space.isRead()) {
            member.network = cluster.space.get().network;
            return;
        }
        mesh.networksKnown = false;
        if (cluster.space.error)
            mesh.unread.append(*cluster.space.error);
    }

    static void tell(MeshStatus &mesh, const SeenCluster &cluster)
    {
        QStringList planes;
        for (const ControlPlane &one : mesh.controlPlanes)
            planes << Say::tr("%1: revision %2, version %3, %4 of %5 ready")
                          .arg(one.place, one.revision, one.version.isEmpty() ? Say::tr("unknown") : one.version,
                              QString::number(one.ready), QString::number(one.desired));
        const auto add = [&](ToldFact fact) {
            if (!fact.source.isEmpty() || fact.error)
                mesh.told.append(std::move(fact));
        };
        const QString in = QStringLiteral("list %1 in ") + mesh.controlPlanes.first().place.section(u'/', 0, 0);
        add(told(Say::tr("control planes"), cluster.planes, planes.join(QStringLiteral("; ")), QStringLiteral("list deployments.apps")));
        add(told(Say::tr("replicas"), cluster.pods, Say::tr("%n pod(s)", nullptr, int(cluster.pods.get().size())),
            in.arg(QStringLiteral("pods"))));
        const MeshConfigFacts &config = cluster.config.get();
        add(told(Say::tr("mesh configuration"), cluster.config,
            !config.isThere ? Say::tr("there is none")
                            : Say::tr("mesh id %1, trust domain %2, cluster id %3")
                                  .arg(config.meshId.isEmpty() ? Say::tr("none") : config.meshId, config.trustDomain,
                                      config.clusterId.isEmpty() ? Say::tr("none") : config.clusterId),
            in.arg(QStringLiteral("configmaps"))));
        add(told(Say::tr("network"), cluster.space,
            cluster.space.get().network.isEmpty() ? Say::tr("the namespace has no network label") : cluster.space.get().network,
            QStringLiteral("get namespaces/") + systemNamespace));
        add(told(Say::tr("root"), cluster.roots, QStringLiteral("SHA-256 ") + worded(mesh.rootFingerprints),
            in.arg(QStringLiteral("configmaps"))));
        QStringList injectors;
        for (const InjectorFacts &one : cluster.injectors.get().mid(0, mostRoots))
            injectors << Say::tr("%1 (revision %2), vouched for by %3").arg(one.name, one.revision, worded(one.roots));
        add(told(Say::tr("injection"), cluster.injectors,
            injectors.isEmpty() ? Say::tr("no webhook") : injectors.join(QStringLiteral("; ")),
            QStringLiteral("list mutatingwebhookconfigurations.admissionregistration.k8s.io")));
        add(told(Say::tr("exposure"), cluster.exposed,
            cluster.exposed.get() ? Say::tr("a Gateway passes TLS through on port 15443")
                                  : Say::tr("no Gateway passes TLS through on port 15443"),
            QStringLiteral("list gateways.networking.istio.io")));
        add(told(Say::tr("reader account"), cluster.reader,
            cluster.reader.get() ? readerAccount : Say::tr("there is no %1").arg(readerAccount),
            QStringLiteral("get serviceaccounts/") + readerAccount));
        QStringList secrets;
        for (const RemoteSecretFacts &one : cluster.secrets.get().mid(0, mostRoots))
            secrets << Say::tr("%1 for %2 at %3, token of %4, %5")
                           .arg(one.name, one.key, one.server, one.account.isEmpty() ? Say::tr("nobody known") : one.account,
                               one.tokenExpires.isValid() ? Say::tr("until %1").arg(one.tokenExpires.toString(Qt::ISODate))
                                                          : Say::tr("without end"));
        add(told(Say::tr("remote secrets"), cluster.secrets, secrets.isEmpty() ? Say::tr("none") : secrets.join(QStringLiteral("; ")),
            in.arg(QStringLiteral("secrets"))));
        QStringList verdicts;
        for (const TokenVerdict &one : cluster.tokens.get())
            verdicts << (one.isAccepted.value_or(false) ? Say::tr("%1 accepts the token of %2") : Say::tr("%1 refuses the token of %2"))
                            .arg(one.cluster, one.secret);
        add(told(Say::tr("tokens"), cluster.tokens,
            verdicts.isEmpty() ? Say::tr("none was asked for") : verdicts.join(QStringLiteral("; ")),
            QStringLiteral("create tokenreviews.authentication.k8s.io")));
        for (const PodSeen &pod : cluster.pods.get()) {
            const auto found = cluster.replicas.constFind(pod.name);
            if (found == cluster.replicas.cend())
                continue;
            QStringList remotes, proxies;
            for (const RemoteCluster &one : found->remotes.get())
                remotes << one.id + u' ' + one.status;
            add(told(Say::tr("what %1 knows of clusters").arg(pod.name), found->remotes, remotes.join(QStringLiteral(", ")),
                QStringLiteral("get and create pods/exec in ") + pod.ns));
            QStringList lost;
            for (auto it = found->lost.get().cbegin(); it != found->lost.get().cend(); ++it)
                lost << it->words;
            add(told(Say::tr("what the log of %1 admits").arg(pod.name), found->lost,
                lost.isEmpty() ? Say::tr("no lost watch") : lost.join(QStringLiteral("; ")), QStringLiteral("get pods/log in ") + pod.ns));
            const ProxyCounts &counts = found->proxies.get();
            add(told(Say::tr("proxies of %1").arg(pod.name), found->proxies,
                Say::tr("%1 connected, %2 behind, %3 refuse something%4")
                    .arg(QString::number(counts.proxies), QString::number(counts.behind), QString::number(counts.rejecting),
                        counts.firstRejection.isEmpty() ? QString() : QStringLiteral(": ") + counts.firstRejection),
                QStringLiteral("get and create pods/exec in ") + pod.ns));
            QStringList endpoints;
            for (auto it = found->endpoints.get().cbegin(); it != found->endpoints.get().cend(); ++it)
                endpoints << Say::tr("%1 of %2").arg(QString::number(*it), it.key());
            endpoints.sort();
            add(told(Say::tr("endpoints of %1").arg(pod.name), found->endpoints, endpoints.join(QStringLiteral(", ")),
                QStringLiteral("get and create pods/exec in ") + pod.ns));
        }
    }

    /// Clusters without a control plane of their own: whose they are.
    void nameTheOthers()
    {
        for (const SeenCluster &cluster : m_all) {
            if (!cluster.planes.isRead() || !cluster.planes.get().isEmpty())
                continue;
            const QStringList by = cluster.space.get().controlledBy;
            for (MeshStatus &mesh : m_list.meshes) {
                const auto home
                    = std::find_if(m_all.begin(), m_all.end(), [&](const SeenCluster &one) { return one.place.name == mesh.home; });
                if (home == m_all.end() || !(by.contains(clusterIdOf(*home)) || by.contains(QStringLiteral("*"))))
                    continue;
                for (MemberCluster &member : mesh.members)
                    if (member.clusterName == cluster.place.name) {
                        member.mode = Mode::Managed;
                        mesh.notOurs << Say::tr("%1 has no control plane of its own, %2 is in charge of it (primary-remote): shown only")
                                            .arg(cluster.place.name, mesh.name);
                    }
            }
        }
    }

    const QList<SeenCluster> &m_all;
    MeshList m_list;
};

} // namespace

QString versionOf(const QString &image)
{
    const QString last = image.section(u'/', -1).section(u'@', 0, 0);
    return last.contains(u':') ? last.section(u':', 1) : QString();
}

PlaneFacts decodePlane(const QJsonObject &deployment)
{
    PlaneFacts plane;
    readName(deployment, plane);
    plane.revision = revisionOf(deployment);
    const QJsonValue spec = deployment.value(u"spec");
    for (const QJsonValue &container : spec[u"template"][u"spec"][u"containers"].toArray()) {
        if (container[u"name"].toString() != u"discovery")
            continue;
        plane.version = versionOf(container[u"image"].toString());
        plane.clusterId = environmentOf(container, u"CLUSTER_ID");
        plane.servesOthers = environmentOf(container, u"EXTERNAL_ISTIOD") == u"true";
        plane.isAmbient = environmentOf(container, u"PILOT_ENABLE_AMBIENT") == u"true";
    }
    plane.desired = spec[u"replicas"].toInt(1);
    plane.ready = deployment[u"status"][u"readyReplicas"].toInt();
    return plane;
}

PodSeen decodePod(const QJsonObject &pod)
{
    PodSeen seen;
    readName(pod, seen);
    seen.revision = revisionOf(pod);
    for (const QJsonValue &one : pod[u"status"][u"conditions"].toArray())
        if (one[u"type"].toString() == u"Ready")
            seen.isReady = one[u"status"].toString() == u"True" && !pod[u"metadata"].toObject().contains(u"deletionTimestamp");
    return seen;
}

SpaceSeen decodeSpace(const QJsonObject &space)
{
    SpaceSeen seen;
    seen.isThere = true;
    seen.network = labelOf(space, networkLabel);
    for (const QString &id :
        space[u"metadata"][u"annotations"][u"topology.istio.io/controlPlaneClusters"].toString().split(u',', Qt::SkipEmptyParts))
        seen.controlledBy << id.trimmed();
    return seen;
}

QList<InjectorFacts> decodeInjectors(const QList<QJsonObject> &webhookConfigurations)
{
    QList<InjectorFacts> injectors;
    for (const QJsonObject &configuration : webhookConfigurations) {
        InjectorFacts one;
        readName(configuration, one);
        one.revision = revisionOf(configuration);
        for (const QJsonValue &hook : configuration.value(u"webhooks").toArray()) {
            if (!hook[u"name"].toString().endsWith(u"sidecar-injector.istio.io"))
                continue;
            one.url = hook[u"clientConfig"][u"url"].toString();
            one.roots = decodeBundle(QByteArray::fromBase64(hook[u"clientConfig"][u"caBundle"].toString().toLatin1())).roots;
            injectors.append(one);
            break;
        }
        if (injectors.size() >= mostRoots)
            break;
    }
    return injectors;
}

bool passesThrough(const QJsonObject &gateway)
{
    for (const QJsonValue &server : gateway[u"spec"][u"servers"].toArray())
        if (server[u"port"][u"number"].toInt() == gatewayPort && server[u"tls"][u"mode"].toString() == u"AUTO_PASSTHROUGH")
            return true;
    return false;
}

bool isNearItsEnd(const QDateTime &issued, const QDateTime &expires, const QDateTime &now)
{
    if (!expires.isValid() || !now.isValid())
        return false;
    return expires <= now || (issued.isValid() && now > issued.addSecs(issued.secsTo(expires) / 3 * 2));
}

QString clusterIdOf(const SeenCluster &cluster)
{
    for (const PlaneFacts &plane : cluster.planes.get())
        if (!plane.clusterId.isEmpty())
            return plane.clusterId;
    return cluster.config.get().clusterId;
}

const SeenCluster *targetOf(const RemoteSecretFacts &secret, const SeenCluster &reader, const QList<SeenCluster> &all)
{
    std::vector<SecretCandidate> candidates;
    for (const SeenCluster &one : all)
        candidates.push_back({ one.place.name, clusterIdOf(one), one.authorities, &one == &reader });
    const qsizetype found = secretTarget(secret.key, secret.authorities, candidates);
    return found < 0 ? nullptr : &all.at(found);
}

QString meshNameFor(const QString &cluster)
{
    return istioName + u'-' + cluster;
}

MeshList meshesOf(const QList<SeenCluster> &clusters)
{
    return Builder(clusters).run();
}

} // namespace catamaran::mesh::istio
