// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/plan.h"

#include "fleet/plancheck.h"
#include "fleet/planstep.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

namespace catamaran::fleet {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Plan)
};

const QString client = QStringLiteral("sleep");
const QString standaloneClient = QStringLiteral("sleep-standalone");

class DestroyPlanner {
public:
    DestroyPlanner(const FleetDocument &desired, const ObservedFleet &observed)
        : m_world { desired, observed }
        , m_desired(desired)
        , m_observed(observed)
    {
        m_plan.fleet = desired.name;
    }

    Result<Plan> run()
    {
        if (const auto error = whyNot())
            return core::fail(*error);
        for (const FleetWorkload &workload : presentWorkloads()) {
            auto step = steps::deleteManifest(workload, m_world.cluster(workload.cluster));
            if (!step)
                return core::fail(step.error());
            add(*step);
        }
        planNamespaces();
        planInjection();
        planGateways();
        planMembers(mesh::Mode::DiscoveryOnly);
        planMembers(mesh::Mode::Managed);
        for (const FleetMesh &mesh : m_desired.meshes)
            if (m_observed.mesh(mesh.name))
                add(steps::deleteMesh(m_world, mesh.name), mesh.name);
        return m_plan;
    }

private:
    void add(PlanStep step, const QString &mesh = {})
    {
        if (!mesh.isEmpty()) {
            if (const QString newest = m_newestOf.value(mesh); !newest.isEmpty())
                step.dependsOn << newest;
            m_newestOf.insert(mesh, step.id);
        }
        m_plan.steps.append(std::move(step));
    }

    [[nodiscard]] std::optional<Error> whyNot() const
    {
        const QString tried = Say::tr("plan to destroy the fleet %1").arg(m_desired.name);
        const bool hasMesh
            = std::any_of(m_desired.meshes.begin(), m_desired.meshes.end(), [this](const FleetMesh &one) { return m_observed.mesh(one.name); });
        for (const FleetCluster &cluster : m_desired.clusters) {
            const ObservedCluster *found = m_observed.cluster(cluster.name);
            // Without its id nobody can say whose member it is.
            if (!found || !found->reachable || (hasMesh && found->cloudId.isEmpty()))
                if (auto error = whyNotPlannable(m_desired, m_observed))
                    return error;
        }
        if (auto error = whyUnheard(m_desired, m_observed, true))
            return error;
        // Deleting a mesh would take foreign clusters' mesh away as well.
        for (const FleetMesh &mesh : m_desired.meshes) {
            const ObservedMesh *found = m_observed.mesh(mesh.name);
            if (!found)
                continue;
            for (const mesh::MemberCluster &member : found->status.members) {
                const bool ours = std::any_of(m_desired.clusters.begin(), m_desired.clusters.end(),
                    [&](const FleetCluster &one) { return m_world.clusterId(one.name) == member.clusterId; });
                if (!ours)
                    return Error::make(ErrorKind::Precondition, tried, mesh.name,
                        Say::tr("it also has the cluster %1, which this fleet does not name")
                            .arg(member.clusterName.isEmpty() ? member.clusterId : member.clusterName),
                        Say::tr("Remove that cluster from %1 first, if it may go.").arg(mesh.name));
            }
        }
        return std::nullopt;
    }

    /// Newest first; with the client that a move left in another cluster.
    [[nodiscard]] QList<FleetWorkload> presentWorkloads() const
    {
        QList<FleetWorkload> wanted;
        QSet<QString> clientNamespaces;
        for (const FleetWorkload &workload : m_desired.workloads) {
            wanted.prepend(workload);
            if (workload.manifest == client || workload.manifest == standaloneClient)
                clientNamespaces.insert(workload.ns);
        }
        for (const FleetCluster &cluster : m_desired.clusters) {
            for (const QString &ns : clientNamespaces) {
                const bool named = std::any_of(m_desired.workloads.begin(), m_desired.workloads.end(), [&](const FleetWorkload &one) {
                    return one.cluster == cluster.name && one.ns == ns && (one.manifest == client || one.manifest == standaloneClient);
                });
                if (!named)
                    wanted.prepend({ cluster.name, ns, standaloneClient });
            }
        }
        QList<FleetWorkload> present;
        std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(present),
            [this](const FleetWorkload &workload) { return isPresent(workload); });
        return present;
    }

    [[nodiscard]] bool isPresent(const FleetWorkload &workload) const
    {
        const ObservedCluster *cluster = m_observed.cluster(workload.cluster);
        const auto objects = manifestObjects(workload.manifest, workload.ns);
        if (!cluster || !objects)
            return !objects; // its error is reported when the step is made
        return std::any_of(objects->begin(), objects->end(), [&](const QJsonObject &object) {
            const QString kind = object.value(u"kind").toString();
            const QString name = object.value(u"metadata").toObject().value(u"name").toString();
            return (kind == QLatin1String("Deployment") && workloadOf(*cluster, workload.ns, name))
                || (kind == QLatin1String("Service") && cluster->services.contains(workload.ns + u'/' + name));
        });
    }

    /// Those made for the sample, unless somebody else runs something there by now.
    void planNamespaces()
    {
        QSet<QPair<QString, QString>> seen;
        for (const FleetWorkload &workload : m_desired.workloads) {
            const ObservedCluster *cluster = m_observed.cluster(workload.cluster);
            const QPair<QString, QString> place { workload.cluster, workload.ns };
            if (!cluster || !cluster->ownNamespaces.contains(workload.ns) || seen.contains(place))
                continue;
            seen.insert(place);
            const bool foreign = std::any_of(cluster->workloads.begin(), cluster->workloads.end(), [&](const ObservedWorkload &one) {
                return one.ns == workload.ns && !isOurs(workload.cluster, one);
            });
            if (foreign)
                continue;
            PlanStep step = steps::deleteNamespace(m_world.cluster(workload.cluster), workload.ns);
            for (const PlanStep &earlier : m_plan.steps)
                if (const auto *gone = std::get_if<DeleteManifest>(&earlier.action); gone && gone->cluster == workload.cluster && gone->ns == workload.ns)
                    step.dependsOn << earlier.id;
            add(std::move(step));
        }
    }

    [[nodiscard]] bool isOurs(const QString &cluster, const ObservedWorkload &found) const
    {
        if (found.name == client) // a move may have left it anywhere
            return true;
        return std::any_of(m_desired.workloads.begin(), m_desired.workloads.end(), [&](const FleetWorkload &one) {
            const auto objects = one.cluster == cluster && one.ns == found.ns ? manifestObjects(one) : Result<QList<QJsonObject>>();
            return objects && std::any_of(objects->begin(), objects->end(), [&](const QJsonObject &object) {
                return object.value(u"kind").toString() == QLatin1String("Deployment")
                    && object.value(u"metadata").toObject().value(u"name").toString() == found.name;
            });
        });
    }

    void planInjection()
    {
        for (const FleetMesh &mesh : m_desired.meshes) {
            if (!m_observed.mesh(mesh.name))
                continue;
            for (const QString &ns : m_desired.injectedNamespaces) {
                const bool injects
                    = std::any_of(m_desired.memberships.begin(), m_desired.memberships.end(), [&](const FleetMembership &one) {
                          const ObservedCluster *cluster
                              = one.mesh == mesh.name && one.mode == mesh::Mode::Managed ? m_observed.cluster(one.cluster) : nullptr;
                          return cluster && memberOf(m_observed, mesh.name, cluster->cloudId) && cluster->injectedNamespaces.contains(ns);
                      });
                if (injects)
                    add(steps::setInjection(m_world, mesh.name, ns, false), mesh.name);
            }
        }
    }

    void planGateways()
    {
        for (const FleetMesh &mesh : m_desired.meshes) {
            const ObservedMesh *found = m_observed.mesh(mesh.name);
            if (!found)
                continue;
            QMap<QString, mesh::NetworkSetting> off;
            bool any = false;
            for (const mesh::MemberCluster &member : found->status.members) {
                any = any || member.gateway;
                if (!member.network.isEmpty())
                    off.insert(clusterName(member), { member.network, false });
            }
            if (any)
                add(steps::setNetworks(m_world, mesh.name, off, true), mesh.name);
        }
    }

    void planMembers(mesh::Mode mode)
    {
        for (const FleetMesh &mesh : m_desired.meshes) {
            const ObservedMesh *found = m_observed.mesh(mesh.name);
            if (!found)
                continue;
            for (const mesh::MemberCluster &member : found->status.members) {
                const QString cluster = clusterName(member);
                // Where the provider does not tell, the fleet does.
                const mesh::Mode is = member.mode != mesh::Mode::Unknown ? member.mode
                    : m_desired.managerOf(cluster) == mesh.name          ? mesh::Mode::Managed
                                                                         : mesh::Mode::DiscoveryOnly;
                if (is == mode)
                    add(steps::removeMember(m_world, mesh.name, cluster,
                            mode == mesh::Mode::Managed ? Say::tr("A mesh can only be deleted when it has no cluster.")
                                                        : Say::tr("%1 no longer discovers %2.").arg(mesh.name, cluster)),
                        mesh.name);
            }
        }
    }

    [[nodiscard]] QString clusterName(const mesh::MemberCluster &member) const
    {
        for (const FleetCluster &cluster : m_desired.clusters)
            if (m_world.clusterId(cluster.name) == member.clusterId)
                return cluster.name;
        return member.clusterName;
    }

    steps::World m_world;
    const FleetDocument &m_desired;
    const ObservedFleet &m_observed;
    Plan m_plan;
    QMap<QString, QString> m_newestOf;
};

} // namespace

Result<Plan> planDestroy(const FleetDocument &desired, const ObservedFleet &observed)
{
    return DestroyPlanner(desired, observed).run();
}

Plan planMoveClient(const QString &ns, const PlanCluster &from, const PlanCluster &to, int previousReplicas, std::optional<int> standing)
{
    Plan plan;
    plan.fleet = QStringLiteral("move-client");
    plan.steps.append(steps::scaleWorkload({ from.name, ns, client, 0, previousReplicas }, from,
        Say::tr("Step 5: the client of %1 stops, so that the next requests come from %2.").arg(from.name, to.name)));
    const QString why = Say::tr("Step 5: the same client in %1.").arg(to.name);
    if (standing) {
        PlanStep wake = steps::scaleWorkload({ to.name, ns, client, std::max(1, *standing), *standing }, to, why);
        wake.dependsOn << plan.steps.first().id;
        plan.steps.append(wake);
    } else if (auto step = steps::applyManifest({ to.name, ns, standaloneClient }, to)) {
        step->why = why;
        step->dependsOn << plan.steps.first().id;
        plan.steps.append(*step);
    }
    return plan;
}

QJsonObject namespaceObject(const QString &ns)
{
    return { { QStringLiteral("apiVersion"), QStringLiteral("v1") }, { QStringLiteral("kind"), QStringLiteral("Namespace") },
        { QStringLiteral("metadata"),
            QJsonObject { { QStringLiteral("name"), ns }, { QStringLiteral("labels"), QJsonObject { { ownerLabel, ownerName } } } } } };
}

QJsonObject Plan::toJson() const
{
    QJsonArray list;
    for (const PlanStep &step : steps) {
        QJsonArray calls;
        for (const PlannedCall &call : step.calls)
            calls.append(QJsonObject { { QStringLiteral("system"), call.system }, { QStringLiteral("method"), call.method },
                { QStringLiteral("body"), call.body } });
        list.append(QJsonObject { { QStringLiteral("id"), step.id }, { QStringLiteral("title"), step.title },
            { QStringLiteral("depends_on"), QJsonArray::fromStringList(step.dependsOn) }, { QStringLiteral("calls"), calls },
            { QStringLiteral("command"), step.command }, { QStringLiteral("undo"), step.undo } });
    }
    return { { QStringLiteral("steps"), list } };
}

} // namespace catamaran::fleet
