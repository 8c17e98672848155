// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/plan.h"

#include "fleet/plancheck.h"
#include "fleet/planstep.h"
#include "pki/ca.h"

#include <QCoreApplication>

#include <algorithm>

namespace catamaran::fleet {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Plan)
};

class ApplyPlanner {
public:
    ApplyPlanner(const FleetDocument &desired, const ObservedFleet &observed)
        : m_world { desired, observed }
        , m_desired(desired)
        , m_observed(observed)
    {
        m_plan.fleet = desired.name;
    }

    Result<Plan> run()
    {
        if (const auto error = whyNotPlannable(m_desired, m_observed))
            return core::fail(*error);
        if (const auto error = whyRootsDoNotFit(m_desired, m_observed))
            return core::fail(*error);
        planMeshes();
        planMembers(mesh::Mode::Managed);
        planComparison();
        planMembers(mesh::Mode::DiscoveryOnly);
        planNetworks();
        planNamespaces();
        planInjection();
        for (const FleetWorkload &workload : m_desired.workloads)
            if (auto done = planWorkload(workload); !done)
                return core::fail(done.error());
        return m_plan;
    }

private:
    /// Adds @p step behind what it must wait for: the newest step of the same mesh, and @p after.
    void add(PlanStep step, const QString &mesh = {}, const QStringList &after = {})
    {
        if (!mesh.isEmpty()) {
            if (const QString newest = m_newestOf.value(mesh); !newest.isEmpty())
                step.dependsOn << newest;
            m_newestOf.insert(mesh, step.id);
        }
        for (const QString &id : after)
            if (has(id))
                step.dependsOn << id;
        // Only what is in the plan; the rest is there already.
        step.dependsOn.erase(std::remove_if(step.dependsOn.begin(), step.dependsOn.end(), [this](const QString &id) { return !has(id); }),
            step.dependsOn.end());
        step.dependsOn.removeDuplicates();
        m_plan.steps.append(std::move(step));
    }

    [[nodiscard]] bool has(const QString &id) const
    {
        return std::any_of(m_plan.steps.begin(), m_plan.steps.end(), [&](const PlanStep &step) { return step.id == id; });
    }

    [[nodiscard]] QString managedBy(const QString &mesh) const
    {
        for (const FleetMembership &membership : m_desired.memberships)
            if (membership.mesh == mesh && membership.mode == mesh::Mode::Managed)
                return membership.cluster;
        return {};
    }

    void planMeshes()
    {
        const bool missesOne = std::any_of(
            m_desired.meshes.begin(), m_desired.meshes.end(), [this](const FleetMesh &mesh) { return !m_observed.mesh(mesh.name); });
        if (missesOne && m_desired.root == RootKind::Shared)
            add(steps::makeRoot(m_world));
        for (const FleetMesh &mesh : m_desired.meshes)
            if (!m_observed.mesh(mesh.name))
                add(steps::createMesh(m_world, mesh, managedBy(mesh.name)), mesh.name);
        for (const FleetMesh &mesh : m_desired.meshes) {
            const ObservedMesh *found = m_observed.mesh(mesh.name);
            if (!found || found->status.state != mesh::MeshState::Running)
                add(steps::waitForMesh(mesh.name, found ? found->status.stateWord : QString()), mesh.name);
        }
    }

    void planMembers(mesh::Mode mode)
    {
        for (const FleetMembership &membership : m_desired.memberships) {
            if (membership.mode != mode)
                continue;
            const mesh::MemberCluster *member = memberOf(m_observed, membership.mesh, m_world.clusterId(membership.cluster));
            // Where the provider does not tell the mode, membership is all that can be compared.
            if (member && (member->mode == mode || member->mode == mesh::Mode::Unknown))
                continue;
            if (member)
                add(steps::removeMember(m_world, membership.mesh, membership.cluster,
                        Say::tr("%1 has %2 in another mode; the provider cannot change it in place.")
                            .arg(membership.mesh, membership.cluster)),
                    membership.mesh);
            add(steps::addMember(m_world, membership), membership.mesh);
        }
    }

    void planComparison()
    {
        if (has(QStringLiteral("trust-root")) && m_desired.meshes.size() > 1)
            add(steps::compareRoots(m_world));
    }

    void planNetworks()
    {
        QSet<QString> names;
        for (const FleetCluster &cluster : m_desired.clusters)
            names.insert(cluster.network);
        if (names.size() < 2) // routed, or one network: nothing to set
            return;
        for (const FleetMesh &mesh : m_desired.meshes) {
            QMap<QString, mesh::NetworkSetting> wanted;
            bool differs = false;
            for (const FleetMembership &membership : m_desired.memberships) {
                const FleetCluster *cluster = membership.mesh == mesh.name ? m_desired.cluster(membership.cluster) : nullptr;
                if (!cluster)
                    continue;
                // A gateway is run by the mesh that manages the cluster.
                const mesh::NetworkSetting setting { cluster->network, cluster->gateway && membership.mode == mesh::Mode::Managed };
                wanted.insert(cluster->name, setting);
                const mesh::MemberCluster *member = memberOf(m_observed, mesh.name, m_world.clusterId(cluster->name));
                differs = differs || !member || mesh::NetworkSetting { member->network, member->gateway } != setting;
            }
            if (differs)
                add(steps::setNetworks(m_world, mesh.name, wanted, false), mesh.name);
        }
    }

    void planNamespaces()
    {
        for (const FleetWorkload &workload : m_desired.workloads) {
            const PlanStep step = steps::createNamespace(m_world.cluster(workload.cluster), workload.ns);
            if (workload.ns != QLatin1String("default") && !m_observed.cluster(workload.cluster)->namespaces.contains(workload.ns) && !has(step.id))
                add(step);
        }
    }

    void planInjection()
    {
        for (const QString &ns : m_desired.injectedNamespaces) {
            for (const FleetMesh &mesh : m_desired.meshes) {
                bool misses = !m_observed.mesh(mesh.name);
                for (const FleetMembership &membership : m_desired.memberships) {
                    if (membership.mesh != mesh.name || membership.mode != mesh::Mode::Managed)
                        continue;
                    const ObservedCluster *cluster = m_observed.cluster(membership.cluster);
                    misses = misses || !cluster || !cluster->injectedNamespaces.contains(ns);
                }
                QStringList after;
                for (const FleetMembership &membership : m_desired.memberships)
                    if (membership.mesh == mesh.name && membership.mode == mesh::Mode::Managed)
                        after << steps::namespaceStepId(membership.cluster, ns);
                if (misses)
                    add(steps::setInjection(m_world, mesh.name, ns, true), mesh.name, after);
            }
        }
    }

    Result<core::Done> planWorkload(const FleetWorkload &workload)
    {
        const auto objects = manifestObjects(workload);
        if (!objects)
            return core::fail(objects.error());
        const ObservedCluster *cluster = m_observed.cluster(workload.cluster);
        bool misses = false;
        QList<ScaleWorkload> resized;
        for (const QJsonObject &object : *objects) {
            const QString kind = object.value(u"kind").toString();
            const QString name = object.value(u"metadata").toObject().value(u"name").toString();
            if (kind == QLatin1String("Service"))
                misses = misses || !cluster->services.contains(workload.ns + u'/' + name);
            if (kind != QLatin1String("Deployment"))
                continue;
            const ObservedWorkload *found = workloadOf(*cluster, workload.ns, name);
            misses = misses || !found;
            const QString &image = workload.overrides.image;
            misses = misses || (!image.isEmpty() && !found->image.isEmpty() && found->image != image);
            const int replicas = object.value(u"spec").toObject().value(u"replicas").toInt(1);
            // A number that the document gives is wanted; the manifest's own only where there is nothing at all.
            if (found && (workload.overrides.replicas ? found->desired != replicas : found->desired == 0 && replicas > 0))
                resized.append({ workload.cluster, workload.ns, name, replicas, found->desired });
        }
        const QString mesh = m_desired.managerOf(workload.cluster);
        const QStringList after { QStringLiteral("inject-%1-%2").arg(mesh, workload.ns), steps::namespaceStepId(workload.cluster, workload.ns) };
        if (misses) {
            auto step = steps::applyManifest(workload, m_world.cluster(workload.cluster));
            if (!step)
                return core::fail(step.error());
            add(*step, {}, after);
        }
        // Somebody scaled it: scaling leaves the rest, and its owner, as they are.
        for (const ScaleWorkload &scale : resized)
            add(steps::scaleWorkload(scale, m_world.cluster(scale.cluster),
                    Say::tr("%1 in %2 is scaled to %3; the fleet asks for %4.")
                        .arg(scale.deployment, scale.cluster)
                        .arg(scale.previous)
                        .arg(scale.replicas)),
                {}, after);
        return core::Done {};
    }

    steps::World m_world;
    const FleetDocument &m_desired;
    const ObservedFleet &m_observed;
    Plan m_plan;
    QMap<QString, QString> m_newestOf; // mesh -> the last step on it: changes of one mesh go one after the other
};

} // namespace

Result<Plan> planApply(const FleetDocument &desired, const ObservedFleet &observed)
{
    return ApplyPlanner(desired, observed).run();
}

} // namespace catamaran::fleet
