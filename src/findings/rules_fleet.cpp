// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/rule.h"
#include "observe/identity.h"

namespace catamaran::findings {

using observe::Health;

namespace {

void unreachable(const View &view, Report &report)
{
    for (const ClusterView &cluster : view.all()) {
        const auto &server = cluster.objects->server;
        if (server.isRead() && !server.error)
            continue;
        report.add({ .cluster = &cluster,
            .sentence = Say::tr("The API server of %1 does not answer.").arg(cluster.name()),
            .evidence = { seen(server, server.error ? server.error->text() : Say::tr("it was not asked")) } });
    }
}

QString modeWords(mesh::Mode mode)
{
    return mode == mesh::Mode::Managed      ? Say::tr("managed")
        : mode == mesh::Mode::DiscoveryOnly ? Say::tr("discovery only")
                                            : Say::tr("unknown");
}

const mesh::MeshStatus *meshOf(const FleetFacts &facts, const QString &name)
{
    for (const mesh::MeshStatus &mesh : facts.meshes.get())
        if (mesh.name == name)
            return &mesh;
    return nullptr;
}

void membershipMissing(const View &view, Report &report)
{
    const FleetFacts &facts = view.facts();
    if (!facts.wish)
        return;
    for (const documents::FleetMembership &wanted : facts.wish->memberships) {
        const mesh::MeshStatus *mesh = meshOf(facts, wanted.mesh);
        if (!mesh || !mesh->membersKnown || observe::memberOf(*mesh, wanted.cluster))
            continue;
        report.add({ .object = wanted.mesh,
            .to = wanted.cluster,
            .sentence
            = Say::tr("%1 does not have %2 as a member: its proxies know none of the endpoints there.").arg(wanted.mesh, wanted.cluster),
            .evidence = { seen(facts.meshes, Say::tr("%1 has %2 members").arg(wanted.mesh, QString::number(mesh->members.size()))) } });
    }
}

void modeDiffers(const View &view, Report &report)
{
    const FleetFacts &facts = view.facts();
    if (!facts.wish)
        return;
    for (const documents::FleetMembership &wanted : facts.wish->memberships) {
        const mesh::MeshStatus *mesh = meshOf(facts, wanted.mesh);
        const mesh::MemberCluster *member = mesh ? observe::memberOf(*mesh, wanted.cluster) : nullptr;
        if (!member || member->mode == mesh::Mode::Unknown || member->mode == wanted.mode)
            continue;
        report.add({ .object = wanted.mesh,
            .to = wanted.cluster,
            .sentence = Say::tr("%1 has %2 as %3, and it was meant as %4.")
                            .arg(wanted.mesh, wanted.cluster, modeWords(member->mode), modeWords(wanted.mode)),
            .evidence = { seen(facts.meshes, member->state) } });
    }
}

void managedTwice(const View &view, Report &report)
{
    QMap<QString, QStringList> managers;
    for (const mesh::MeshStatus &mesh : view.facts().meshes.get())
        for (const mesh::MemberCluster &member : mesh.members)
            if (member.mode == mesh::Mode::Managed)
                managers[observe::nameOrId(member)].append(mesh.name);
    for (auto it = managers.cbegin(); it != managers.cend(); ++it)
        if (it->size() > 1)
            report.add({ .object = it.key(),
                .sentence = Say::tr("%1 is managed by %2 at once: two injectors and two configurations for the same pods.")
                                .arg(it.key(), it->join(QStringLiteral(", "))),
                .evidence = { seen(view.facts().meshes, it->join(QStringLiteral(", "))) } });
}

void meshNotRunning(const View &view, Report &report)
{
    for (const mesh::MeshStatus &mesh : view.facts().meshes.get()) {
        if (mesh.state == mesh::MeshState::Running || mesh.state == mesh::MeshState::Unknown)
            continue;
        report.add({ .object = mesh.name,
            .sentence = Say::tr("%1 does not run: it is %2.").arg(mesh.name, mesh.stateWord),
            .evidence = { seen(view.facts().meshes, mesh.errorMessage.isEmpty() ? mesh.stateWord : mesh.errorMessage) },
            .state = mesh.state == mesh::MeshState::Failed ? Health::Failed : Health::Warning });
    }
}

void networkDiffersFromWish(const View &view, Report &report)
{
    const FleetFacts &facts = view.facts();
    if (!facts.wish)
        return;
    for (const mesh::MeshStatus &mesh : facts.meshes.get()) {
        for (const mesh::MemberCluster &member : mesh.members) {
            const documents::FleetCluster *wanted = facts.wish->cluster(member.clusterName);
            if (!mesh.networksKnown || !wanted || wanted->network.isEmpty() || member.network.isEmpty()
                || member.network == wanted->network)
                continue;
            report.add({ .object = mesh.name,
                .to = member.clusterName,
                .sentence = Say::tr("%1 has %2 on the network %3, and it was meant to be on %4.")
                                .arg(mesh.name, member.clusterName, member.network, wanted->network),
                .evidence = { seen(facts.meshes, member.network) } });
        }
    }
}

} // namespace

QList<Rule> fleetRules()
{
    return {
        { "cluster.unreachable", Layer::Cluster, Health::Failed, {}, unreachable, QT_TRANSLATE_NOOP("Findings", "The API server answers"),
            QT_TRANSLATE_NOOP(
                "Findings", "Nothing else is known of a cluster whose API server does not answer. What runs there may run well."),
            QT_TRANSLATE_NOOP("Findings", "Check the kubeconfig and the network to the API server.") },
        { "discovery.member-missing", Layer::Discovery, Health::Failed, Need::Meshes, membershipMissing,
            QT_TRANSLATE_NOOP("Findings", "Every mesh has the members that were meant"),
            QT_TRANSLATE_NOOP("Findings",
                "A mesh reads services and endpoints of its members only. One that it does not have does not exist for its proxies."),
            QT_TRANSLATE_NOOP("Findings", "Add the cluster to the mesh; “plan” shows the call.") },
        { "discovery.mode-differs", Layer::Discovery, Health::Failed, Need::Meshes, modeDiffers,
            QT_TRANSLATE_NOOP("Findings", "Every member is managed or discovery only as it was meant"),
            QT_TRANSLATE_NOOP("Findings",
                "A mesh gives sidecars and configuration to clusters that it manages, and only reads those that are discovery only. A cluster that two meshes manage, or none, has no clear configuration."),
            QT_TRANSLATE_NOOP("Findings", "Remove the member and add it again in the other mode.") },
        { "discovery.managed-twice", Layer::Discovery, Health::Failed, Need::Meshes, managedTwice,
            QT_TRANSLATE_NOOP("Findings", "Every cluster has one manager"),
            QT_TRANSLATE_NOOP("Findings", "Two meshes that manage one cluster both inject sidecars and overwrite each other's webhooks."),
            QT_TRANSLATE_NOOP("Findings", "Keep one as the manager and make the cluster discovery only in the other.") },
        { "discovery.network-not-as-meant", Layer::Discovery, Health::Failed, Need::Meshes, networkDiffersFromWish,
            QT_TRANSLATE_NOOP("Findings", "Every member is on the network that was meant"),
            QT_TRANSLATE_NOOP("Findings",
                "Endpoints of another network are reached through its gateway, those of the own network directly. With the wrong network a mesh dials addresses that it cannot reach."),
            QT_TRANSLATE_NOOP("Findings", "Correct the mesh's network settings; “plan” shows the call.") },
        { "cluster.mesh-not-running", Layer::Cluster, Health::Failed, Need::Meshes, meshNotRunning,
            QT_TRANSLATE_NOOP("Findings", "Every mesh runs"),
            QT_TRANSLATE_NOOP("Findings", "While a mesh is not running, changes of its configuration and new pods have to wait."),
            QT_TRANSLATE_NOOP("Findings", "Wait, or look into the console of the service mesh.") },
    };
}

} // namespace catamaran::findings
