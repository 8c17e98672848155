// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/setupdraft.h"

#include "mesh/providers.h"
#include "ui/common/say.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace catamaran::ui {

using documents::FleetDocument;

namespace {

const QString sampleNamespace = QStringLiteral("default");
const QString plainNamespace = QStringLiteral("sample"); ///< made for it, and taken away with it
const QStringList sampleManifests { QStringLiteral("sleep"), QStringLiteral("helloworld-v1"), QStringLiteral("helloworld-v2") };

QString modeInDraft(mesh::Mode mode)
{
    return mode == mesh::Mode::Managed ? QStringLiteral("managed") : QStringLiteral("discovery-only");
}

QString nextName(const QString &stem, const QSet<QString> &taken)
{
    for (int n = 1;; ++n) {
        const QString name = stem + QString::number(n);
        if (!taken.contains(name))
            return name;
    }
}

QSet<QString> meshNames(const FleetDocument &fleet)
{
    QSet<QString> names;
    for (const documents::FleetMesh &mesh : fleet.meshes)
        names.insert(mesh.name);
    return names;
}

/// The mesh that manages @p cluster in the world as it is.
QString presentManager(const QString &cluster, const observe::ObservedFleet &observed)
{
    for (const observe::ObservedMesh &mesh : observed.meshes) {
        for (const mesh::MemberCluster &member : mesh.status.members) {
            if (member.clusterName == cluster && member.mode == mesh::Mode::Managed)
                return mesh.status.name;
        }
    }
    return {};
}

} // namespace

QJsonObject SetupDraft::toJson() const
{
    QJsonArray meshes, clusters, memberships, workloads;
    for (const documents::FleetMesh &mesh : fleet.meshes)
        meshes.append(QJsonObject { { QStringLiteral("name"), mesh.name }, { QStringLiteral("version"), mesh.version },
            { QStringLiteral("provider"), mesh.provider } });
    for (const documents::FleetCluster &cluster : fleet.clusters)
        clusters.append(QJsonObject { { QStringLiteral("name"), cluster.name }, { QStringLiteral("network"), cluster.network },
            { QStringLiteral("gateway"), cluster.gateway } });
    for (const documents::FleetMembership &member : fleet.memberships)
        memberships.append(QJsonObject { { QStringLiteral("mesh"), member.mesh }, { QStringLiteral("cluster"), member.cluster },
            { QStringLiteral("mode"), modeInDraft(member.mode) } });
    for (const documents::FleetWorkload &workload : fleet.workloads) {
        QJsonObject one { { QStringLiteral("cluster"), workload.cluster }, { QStringLiteral("namespace"), workload.ns },
            { QStringLiteral("manifest"), workload.manifest } };
        if (!workload.overrides.image.isEmpty())
            one[u"image"] = workload.overrides.image;
        if (!workload.overrides.imagePullPolicy.isEmpty())
            one[u"imagePullPolicy"] = workload.overrides.imagePullPolicy;
        if (workload.overrides.replicas)
            one[u"replicas"] = *workload.overrides.replicas;
        if (!workload.overrides.command.isEmpty())
            one[u"command"] = QJsonArray::fromStringList(workload.overrides.command);
        workloads.append(one);
    }
    return {
        { QStringLiteral("origin"),
            origin == Origin::Range      ? QStringLiteral("range")
                : origin == Origin::File ? QStringLiteral("file")
                                         : QString() },
        { QStringLiteral("environmentFile"), environmentFile },
        { QStringLiteral("environmentName"), environmentName },
        { QStringLiteral("maker"), maker },
        { QStringLiteral("step"), int(step) },
        { QStringLiteral("applying"), applying },
        { QStringLiteral("plain"), plain },
        { QStringLiteral("fleet"),
            QJsonObject { { QStringLiteral("name"), fleet.name },
                { QStringLiteral("root"),
                    fleet.root == documents::RootKind::Shared ? QStringLiteral("shared") : QStringLiteral("separate") },
                { QStringLiteral("rootName"), fleet.sharedRoot }, { QStringLiteral("meshes"), meshes },
                { QStringLiteral("clusters"), clusters }, { QStringLiteral("memberships"), memberships },
                { QStringLiteral("injection"), QJsonArray::fromStringList(fleet.injectedNamespaces) },
                { QStringLiteral("workloads"), workloads } } },
    };
}

SetupDraft SetupDraft::fromJson(const QJsonObject &json)
{
    const auto text = [](const QJsonObject &object, const char *key) { return object.value(QLatin1String(key)).toString(); };
    SetupDraft draft;
    draft.origin = text(json, "origin") == QLatin1String("range") ? Origin::Range
        : text(json, "origin") == QLatin1String("file")           ? Origin::File
                                                                  : Origin::None;
    draft.environmentFile = text(json, "environmentFile");
    draft.environmentName = text(json, "environmentName");
    draft.maker = text(json, "maker");
    if (!draft.maker.isEmpty() && !mesh::providerKind(draft.maker))
        draft.maker.clear();
    draft.step = SetupStep(std::clamp(json.value(QLatin1String("step")).toInt(), 0, setupStepCount - 1));
    draft.applying = json.value(QLatin1String("applying")).toBool();
    draft.plain = json.value(QLatin1String("plain")).toBool();
    const QJsonObject fleet = json.value(QLatin1String("fleet")).toObject();
    draft.fleet.name = text(fleet, "name");
    draft.fleet.root = text(fleet, "root") == QLatin1String("separate") ? documents::RootKind::Separate : documents::RootKind::Shared;
    draft.fleet.sharedRoot = text(fleet, "rootName");
    if (draft.fleet.sharedRoot == draft.fleet.name + QStringLiteral("-root")) // drafts of earlier versions name what is not shared
        draft.fleet.sharedRoot.clear();
    const auto each = [&](const char *key, auto &&take) {
        const QJsonArray list = fleet.value(QLatin1String(key)).toArray();
        for (const QJsonValue &value : list)
            take(value.toObject());
    };
    each("meshes", [&](const QJsonObject &o) { draft.fleet.meshes.append({ text(o, "name"), text(o, "version"), text(o, "provider") }); });
    each("clusters", [&](const QJsonObject &o) {
        draft.fleet.clusters.append({ text(o, "name"), text(o, "network"), o.value(QLatin1String("gateway")).toBool() });
    });
    each("memberships", [&](const QJsonObject &o) {
        draft.fleet.memberships.append({ text(o, "mesh"), text(o, "cluster"),
            text(o, "mode") == QLatin1String("managed") ? mesh::Mode::Managed : mesh::Mode::DiscoveryOnly });
    });
    each("workloads", [&](const QJsonObject &o) {
        documents::FleetWorkload workload { text(o, "cluster"), text(o, "namespace"), text(o, "manifest") };
        workload.overrides.image = text(o, "image");
        workload.overrides.imagePullPolicy = text(o, "imagePullPolicy");
        if (o.contains(QLatin1String("replicas")))
            workload.overrides.replicas = o.value(QLatin1String("replicas")).toInt();
        for (const QJsonValue &word : o.value(QLatin1String("command")).toArray())
            workload.overrides.command << word.toString();
        draft.fleet.workloads.append(workload);
    });
    const QJsonArray injected = fleet.value(QLatin1String("injection")).toArray();
    for (const QJsonValue &value : injected)
        draft.fleet.injectedNamespaces << value.toString();
    return draft;
}

QString defaultMeshVersion(const QString &provider, const QStringList &offered)
{
    const mesh::ProviderKind *kind = mesh::providerKind(provider);
    if (!kind || (offered.isEmpty() && !kind->needsAccount()))
        return {};
    return kind->newestVersion(offered);
}

QString providerInDocument(const QString &provider)
{
    return mesh::providerKind(provider) == mesh::providerKind({}) ? QString() : provider;
}

namespace {

/// A mesh that is there, as a document has it.
documents::FleetMesh presentMesh(const mesh::MeshStatus &status)
{
    const mesh::ProviderKind &kind = mesh::kindOf(status);
    const bool isVersion = kind.needsAccount() || !kind.versionProblem(status.version); // else an image's own tag
    return { status.name, isVersion ? status.version : QString(), providerInDocument(status.provider) };
}

} // namespace

void chooseClusters(FleetDocument &fleet, const QStringList &clusters, const observe::ObservedFleet &observed, const QString &maker)
{
    if (fleet.name.isEmpty())
        fleet.name = QStringLiteral("fleet");
    const bool separate = fleet.clusters.isEmpty() ? judgeNetworks(clusters, observed).apart : networksSeparate(fleet);
    const bool sample = fleet.clusters.isEmpty() || !fleet.workloads.isEmpty();

    // What is gone takes its memberships, its workloads, and a mesh that managed nothing else.
    QStringList gone;
    for (const documents::FleetCluster &cluster : std::as_const(fleet.clusters)) {
        if (!clusters.contains(cluster.name))
            gone << cluster.name;
    }
    for (const QString &name : std::as_const(gone)) {
        const QString manager = fleet.managerOf(name);
        fleet.clusters.removeIf([&](const documents::FleetCluster &cluster) { return cluster.name == name; });
        fleet.memberships.removeIf([&](const documents::FleetMembership &member) { return member.cluster == name; });
        fleet.workloads.removeIf([&](const documents::FleetWorkload &workload) { return workload.cluster == name; });
        const bool managesMore = std::any_of(fleet.memberships.begin(), fleet.memberships.end(),
            [&](const documents::FleetMembership &member) { return member.mesh == manager && member.mode == mesh::Mode::Managed; });
        if (!manager.isEmpty() && !managesMore)
            removeMesh(fleet, manager);
    }

    QStringList added;
    for (const QString &name : clusters) {
        if (fleet.cluster(name))
            continue;
        added << name;
        fleet.clusters.append({ name, {}, false });
        QString manager = presentManager(name, observed);
        if (manager.isEmpty())
            manager = nextName(QStringLiteral("mesh-"), meshNames(fleet));
        if (!meshNames(fleet).contains(manager)) {
            const auto *present = observed.mesh(manager);
            fleet.meshes.append(present ? presentMesh(present->status) : documents::FleetMesh { manager, {}, providerInDocument(maker) });
            for (const documents::FleetCluster &other : std::as_const(fleet.clusters)) {
                if (other.name != name)
                    setMode(fleet, manager, other.name, mesh::Mode::DiscoveryOnly);
            }
        }
        for (const documents::FleetMesh &mesh : std::as_const(fleet.meshes))
            setMode(fleet, mesh.name, name, mesh.name == manager ? mesh::Mode::Managed : mesh::Mode::DiscoveryOnly);
    }
    setNetworksSeparate(fleet, separate);
    if (!sample)
        return;
    // One client in the whole fleet, and both versions of the answering service as far as there are clusters for them.
    const auto anywhere = [&](const QString &manifest) {
        return std::any_of(fleet.workloads.begin(), fleet.workloads.end(),
            [&](const documents::FleetWorkload &workload) { return workload.manifest == manifest; });
    };
    for (const QString &name : std::as_const(added)) {
        if (!anywhere(QStringLiteral("sleep")))
            setWorkload(fleet, name, QStringLiteral("sleep"), true);
        setWorkload(fleet, name,
            anywhere(QStringLiteral("helloworld-v1")) ? QStringLiteral("helloworld-v2") : QStringLiteral("helloworld-v1"), true);
    }
}

std::optional<mesh::Mode> modeOf(const FleetDocument &fleet, const QString &mesh, const QString &cluster)
{
    for (const documents::FleetMembership &member : fleet.memberships) {
        if (member.mesh == mesh && member.cluster == cluster)
            return member.mode;
    }
    return std::nullopt;
}

void setMode(FleetDocument &fleet, const QString &mesh, const QString &cluster, std::optional<mesh::Mode> mode)
{
    if (mode == mesh::Mode::Managed) {
        for (documents::FleetMembership &member : fleet.memberships) {
            if (member.cluster == cluster && member.mode == mesh::Mode::Managed)
                member.mode = mesh::Mode::DiscoveryOnly;
        }
    }
    for (qsizetype i = 0; i < fleet.memberships.size(); ++i) {
        documents::FleetMembership &member = fleet.memberships[i];
        if (member.mesh != mesh || member.cluster != cluster)
            continue;
        if (mode)
            member.mode = *mode;
        else
            fleet.memberships.removeAt(i);
        return;
    }
    if (mode)
        fleet.memberships.append({ mesh, cluster, *mode });
}

void addMesh(FleetDocument &fleet, const QString &maker)
{
    const QString name = nextName(QStringLiteral("mesh-"), meshNames(fleet));
    fleet.meshes.append({ name, {}, providerInDocument(maker) });
    for (const documents::FleetCluster &cluster : std::as_const(fleet.clusters))
        setMode(fleet, name, cluster.name, mesh::Mode::DiscoveryOnly);
}

void removeMesh(FleetDocument &fleet, const QString &mesh)
{
    fleet.meshes.removeIf([&](const documents::FleetMesh &each) { return each.name == mesh; });
    fleet.memberships.removeIf([&](const documents::FleetMembership &member) { return member.mesh == mesh; });
}

bool renameMesh(FleetDocument &fleet, const QString &from, const QString &to)
{
    if (from == to)
        return true;
    if (to.isEmpty() || meshNames(fleet).contains(to))
        return false;
    for (documents::FleetMesh &mesh : fleet.meshes) {
        if (mesh.name == from)
            mesh.name = to;
    }
    for (documents::FleetMembership &member : fleet.memberships) {
        if (member.mesh == from)
            member.mesh = to;
    }
    return true;
}

NetworkView judgeNetworks(const QStringList &clusters, const observe::ObservedFleet &observed)
{
    QStringList facts;
    QSet<QString> vpcs, regions, pods, labels;
    int labelled = 0;
    bool overlap = false;
    for (const QString &name : clusters) {
        const auto *cluster = observed.cluster(name);
        if (!cluster)
            continue;
        if (!cluster->vpcId.isEmpty())
            vpcs.insert(cluster->vpcId);
        if (!cluster->region.isEmpty())
            regions.insert(cluster->region);
        if (!cluster->podCidr.isEmpty()) {
            overlap = overlap || pods.contains(cluster->podCidr);
            pods.insert(cluster->podCidr);
        }
        QStringList where;
        if (!cluster->region.isEmpty())
            where << cluster->region;
        if (!cluster->vpcId.isEmpty())
            where << cluster->vpcId;
        if (!cluster->podCidr.isEmpty())
            where << Say::tr("pods %1").arg(cluster->podCidr);
        if (!cluster->network.isEmpty()) {
            labels.insert(cluster->network);
            ++labelled;
            where << Say::tr("network label %1").arg(cluster->network);
        }
        if (!where.isEmpty())
            facts << QStringLiteral("%1: %2").arg(name, where.join(QStringLiteral(", ")));
    }
    const QString evidence = facts.join(QStringLiteral("; "));
    if (clusters.size() < 2)
        return { false, Say::tr("There is one cluster, so there is nothing to join.") };
    if (labels.size() > 1)
        return { true, Say::tr("The clusters' own labels put them on different networks. %1").arg(evidence) };
    if (labelled == clusters.size())
        return { false, Say::tr("The clusters' own labels put them on one network. %1").arg(evidence) };
    if (overlap)
        return { true,
            Say::tr("Two clusters give their pods the same addresses, so a pod of one can never reach a pod of the other directly. %1")
                .arg(evidence) };
    if (vpcs.size() > 1)
        return { true,
            Say::tr(
                "The clusters are in different VPCs. Unless a CEN joins these, their pods cannot reach each other, and requests must go through gateways. %1")
                .arg(evidence) };
    if (regions.size() > 1)
        return { true,
            Say::tr("The clusters are in different regions. Unless their networks are joined, requests must go through gateways. %1")
                .arg(evidence) };
    if (!vpcs.isEmpty())
        return { false, Say::tr("The clusters are in the same VPC, so their pods reach each other directly. %1").arg(evidence) };
    return { false,
        Say::tr("Nothing is known about the networks of these clusters. Choose by whether a pod of one reaches a pod of the other.") };
}

void setNetworksSeparate(FleetDocument &fleet, bool separate)
{
    QSet<QString> taken;
    for (const documents::FleetCluster &cluster : std::as_const(fleet.clusters))
        taken.insert(cluster.network);
    for (documents::FleetCluster &cluster : fleet.clusters) {
        if (!separate) {
            cluster.network.clear();
            cluster.gateway = false;
        } else if (cluster.network.isEmpty()) {
            cluster.network = nextName(QStringLiteral("network"), taken);
            cluster.gateway = true;
            taken.insert(cluster.network);
        }
    }
}

bool networksSeparate(const FleetDocument &fleet)
{
    return std::any_of(
        fleet.clusters.begin(), fleet.clusters.end(), [](const documents::FleetCluster &cluster) { return !cluster.network.isEmpty(); });
}

void setSample(FleetDocument &fleet, bool wanted)
{
    fleet.workloads.clear();
    fleet.injectedNamespaces.removeAll(sampleNamespace);
    if (!wanted)
        return;
    if (fleet.meshes.isEmpty()) {
        makePlain(fleet);
        return;
    }
    fleet.injectedNamespaces << sampleNamespace;
    for (qsizetype i = 0; i < fleet.clusters.size(); ++i) {
        const QString &cluster = fleet.clusters.at(i).name;
        if (i == 0)
            fleet.workloads.append({ cluster, sampleNamespace, QStringLiteral("sleep") });
        fleet.workloads.append(
            { cluster, sampleNamespace, i % 2 == 0 ? QStringLiteral("helloworld-v1") : QStringLiteral("helloworld-v2") });
    }
}

bool hasWorkload(const FleetDocument &fleet, const QString &cluster, const QString &manifest)
{
    return std::any_of(fleet.workloads.begin(), fleet.workloads.end(),
        [&](const documents::FleetWorkload &workload) { return workload.cluster == cluster && workload.manifest == manifest; });
}

void makePlain(FleetDocument &fleet)
{
    fleet.meshes.clear();
    fleet.memberships.clear();
    fleet.injectedNamespaces.clear();
    fleet.sharedRoot.clear();
    setNetworksSeparate(fleet, false);
    // Without a mesh a request stays in its cluster: each gets the client and both versions.
    const QString ns
        = fleet.workloads.isEmpty() || fleet.workloads.first().ns == sampleNamespace ? plainNamespace : fleet.workloads.first().ns;
    QList<documents::FleetWorkload> workloads;
    for (const documents::FleetCluster &cluster : std::as_const(fleet.clusters)) {
        for (const QString &manifest : sampleManifests)
            workloads.append({ cluster.name, ns, manifest, overridesOf(fleet, manifest) });
    }
    fleet.workloads = workloads;
}

documents::WorkloadOverrides overridesOf(const FleetDocument &fleet, const QString &manifest)
{
    for (const documents::FleetWorkload &workload : fleet.workloads) {
        if (workload.manifest == manifest)
            return workload.overrides;
    }
    return {};
}

void setOverrides(FleetDocument &fleet, const QString &manifest, const documents::WorkloadOverrides &overrides)
{
    for (documents::FleetWorkload &workload : fleet.workloads) {
        if (workload.manifest == manifest)
            workload.overrides = overrides;
    }
}

QString sampleNamespaceOf(const FleetDocument &fleet)
{
    return fleet.workloads.isEmpty() ? (fleet.meshes.isEmpty() ? plainNamespace : sampleNamespace) : fleet.workloads.first().ns;
}

void setSampleNamespace(FleetDocument &fleet, const QString &ns)
{
    const QString before = sampleNamespaceOf(fleet);
    for (documents::FleetWorkload &workload : fleet.workloads)
        workload.ns = ns;
    if (fleet.injectedNamespaces.removeAll(before) > 0)
        fleet.injectedNamespaces << ns;
}

QStringList commandWords(const QString &text)
{
    QStringList words;
    QString word;
    bool inside = false;
    QChar quote;
    for (const QChar c : text) {
        if (!quote.isNull()) {
            if (c == quote)
                quote = {};
            else
                word += c;
        } else if (c == u'\'' || c == u'"') {
            quote = c;
            inside = true;
        } else if (c.isSpace()) {
            if (inside)
                words << word;
            word.clear();
            inside = false;
        } else {
            word += c;
            inside = true;
        }
    }
    if (inside)
        words << word;
    return words;
}

QString commandText(const QStringList &words)
{
    QStringList quoted;
    for (const QString &word : words) {
        const bool plain
            = !word.isEmpty() && std::none_of(word.cbegin(), word.cend(), [](QChar c) { return c.isSpace() || c == u'\'' || c == u'"'; });
        quoted << (plain ? word : word.contains(u'\'') ? u'"' + word + u'"' : u'\'' + word + u'\'');
    }
    return quoted.join(u' ');
}

void setWorkload(FleetDocument &fleet, const QString &cluster, const QString &manifest, bool wanted)
{
    const QString ns = sampleNamespaceOf(fleet);
    const documents::WorkloadOverrides overrides = overridesOf(fleet, manifest);
    fleet.workloads.removeIf(
        [&](const documents::FleetWorkload &workload) { return workload.cluster == cluster && workload.manifest == manifest; });
    if (!wanted)
        return;
    fleet.workloads.append({ cluster, ns, manifest, overrides });
    if (!fleet.meshes.isEmpty() && !fleet.injectedNamespaces.contains(ns))
        fleet.injectedNamespaces << ns;
}

observe::ObservedFleet previewFleet(const FleetDocument &fleet, const observe::ObservedFleet &observed)
{
    observe::ObservedFleet preview;
    preview.environment = observed.environment;
    preview.at = observed.at;
    preview.trust = observed.trust;
    for (const documents::FleetCluster &cluster : fleet.clusters) {
        observe::ObservedCluster shown;
        if (const auto *seen = observed.cluster(cluster.name))
            shown = *seen;
        shown.name = cluster.name;
        for (const documents::FleetWorkload &workload : fleet.workloads) {
            if (workload.cluster != cluster.name)
                continue;
            const QString name = workload.manifest == QLatin1String("sleep-standalone") ? QStringLiteral("sleep") : workload.manifest;
            const bool there = std::any_of(shown.workloads.begin(), shown.workloads.end(),
                [&](const observe::ObservedWorkload &each) { return each.ns == workload.ns && each.name == name; });
            if (there)
                continue;
            observe::ObservedWorkload planned;
            planned.ns = workload.ns;
            planned.name = name;
            planned.version = name.startsWith(QLatin1String("helloworld-")) ? name.mid(11) : QString();
            shown.workloads << planned;
        }
        preview.clusters << shown;
    }
    for (const documents::FleetMesh &mesh : fleet.meshes) {
        observe::ObservedMesh shown;
        if (const auto *seen = observed.mesh(mesh.name))
            shown = *seen;
        shown.status.name = mesh.name;
        if (shown.status.version.isEmpty())
            shown.status.version = mesh.version;
        shown.status.members.clear();
        for (const documents::FleetMembership &member : fleet.memberships) {
            if (member.mesh != mesh.name)
                continue;
            mesh::MemberCluster planned;
            planned.clusterName = member.cluster;
            planned.mode = member.mode;
            if (const auto *cluster = fleet.cluster(member.cluster)) {
                planned.network = cluster->network;
                planned.gateway = cluster->gateway && member.mode == mesh::Mode::Managed;
            }
            shown.status.members << planned;
        }
        preview.meshes << shown;
    }
    return preview;
}

QString asLabel(const QString &text)
{
    static const QRegularExpression other(QStringLiteral("[^a-z0-9]+"));
    QString label = text.toLower().replace(other, QStringLiteral("-")).left(63);
    while (label.startsWith(u'-'))
        label.remove(0, 1);
    while (label.endsWith(u'-'))
        label.chop(1);
    return label.isEmpty() ? QStringLiteral("cluster") : label;
}

} // namespace catamaran::ui
