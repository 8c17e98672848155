// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/plans.h"

#include "fleet/planbuilder.h"
#include "fleet/plancheck.h"
#include "fleet/say.h"
#include "mesh/operations.h"
#include "observe/identity.h"
#include "observe/ownnamespace.h"

#include <algorithm>

namespace catamaran::fleet {

using core::Done;
using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

const QString client = QStringLiteral("sleep");
const QString standaloneClient = QStringLiteral("sleep-standalone");

bool isClient(const documents::FleetWorkload &workload)
{
    return workload.manifest == client || workload.manifest == standaloneClient;
}

class DestroyPlanner {
public:
    DestroyPlanner(const documents::FleetDocument &desired, const observe::ObservedFleet &observed, const QList<ForeignObject> &taken)
        : m_desired(desired)
        , m_observed(observed)
        , m_index(desired, observed)
    {
        for (const ForeignObject &one : taken)
            if (one.kind.compare(QLatin1String("mesh"), Qt::CaseInsensitive) == 0 && one.ns.isEmpty())
                m_taken << one.name;
        for (const documents::FleetMesh &mesh : m_desired.meshes)
            if (m_index.mesh(mesh.name)) {
                (isForeign(mesh.name) && !m_taken.contains(mesh.name) ? m_left : m_goes) << mesh.name;
                if (!m_left.contains(mesh.name) || m_index.operations(mesh.name).isPerCluster())
                    m_emptied << mesh.name;
            }
    }

    Result<ops::Plan> run()
    {
        if (const auto error = whyNot())
            return core::fail(*error);
        for (const documents::FleetWorkload &workload : workloads())
            if (auto done = planWorkload(workload); !done)
                return core::fail(done.error());
        planInjection();
        planNamespaces();
        planGateways();
        planMembers(mesh::Mode::DiscoveryOnly);
        planMembers(mesh::Mode::Managed);
        for (const QString &mesh : std::as_const(m_goes))
            m_plan.add(
                { QStringLiteral("delete-") + mesh, Say::tr("The fleet is taken away. What the mesh held of configuration goes with it."),
                    {}, m_index.operations(mesh).deleteMesh(mesh, isForeign(mesh) ? ops::Foreign::Take : ops::Foreign::Leave) },
                {}, mesh);
        for (const QString &mesh : std::as_const(m_left)) {
            if (const QList<mesh::Deed> deeds = uninstall(mesh); !deeds.isEmpty()) {
                for (const mesh::Deed &deed : deeds)
                    m_plan.add({ deed.id, deed.why, {}, deed.operation }, m_inCluster.value(m_index.managed(mesh).value(0)), mesh);
                continue;
            }
            m_plan.add(
                { QStringLiteral("delete-") + mesh,
                    m_emptied.contains(mesh)
                        ? Say::tr("It stays: nothing on it tells that Catamaran made it. What Catamaran made around it goes.")
                        : Say::tr(
                            "It stays, with its clusters, networks and injection, as long as nothing on it tells that Catamaran made it. If it may go: --foreign mesh/%1")
                              .arg(mesh),
                    {}, m_index.operations(mesh).deleteMesh(mesh, ops::Foreign::Leave) },
                {}, mesh);
        }
        return m_plan.take();
    }

private:
    /// Catamaran before the tag left none either: a name alone tells nothing.
    [[nodiscard]] bool isForeign(const QString &mesh) const { return m_index.mesh(mesh)->status.owner.isEmpty(); }

    /// Of what the document says it was installed from; each object goes if Catamaran applied it. The gateway before the control plane.
    [[nodiscard]] QList<mesh::Deed> uninstall(const QString &name) const
    {
        const auto wish = std::find_if(
            m_desired.meshes.begin(), m_desired.meshes.end(), [&](const documents::FleetMesh &one) { return one.name == name; });
        if (wish == m_desired.meshes.end())
            return {};
        mesh::MeshWish made { name, {}, m_index.managed(name).value(0), {}, {}, {} };
        made.objects = wish->controlPlane.objects + wish->gateway.objects;
        return m_index.operations(name).unmakeMesh(made);
    }

    [[nodiscard]] std::optional<Error> whyNot() const
    {
        const QString tried = Say::tr("plan to destroy the fleet %1").arg(m_desired.name);
        const bool hasMesh = !m_goes.isEmpty() && needsAccount(m_desired);
        for (const documents::FleetCluster &cluster : m_desired.clusters) {
            const observe::ObservedCluster *found = m_index.cluster(cluster.name);
            // Without its id nobody can say whose member it is.
            if (!found || !found->reachable || (hasMesh && found->cloudId.isEmpty()))
                if (auto error = whyNotPlannable(m_desired, m_observed))
                    return error;
        }
        if (auto error = whyUnheard(m_desired, m_observed, true))
            return error;
        // Deleting a mesh would take foreign clusters' mesh away as well.
        for (const QString &mesh : m_goes)
            for (const mesh::MemberCluster &member : membersOf(mesh))
                if (!m_index.isNamed(member))
                    return Error::make(ErrorKind::Precondition, tried, mesh,
                        Say::tr("it also has the cluster %1, which this fleet does not name").arg(observe::nameOrId(member)),
                        Say::tr("Remove that cluster from %1 first, if it may go.").arg(mesh));
        return std::nullopt;
    }

    [[nodiscard]] const QList<mesh::MemberCluster> &membersOf(const QString &mesh) const { return m_index.mesh(mesh)->status.members; }

    /// Newest first; with the client that a move may have left in another cluster.
    [[nodiscard]] QList<documents::FleetWorkload> workloads() const
    {
        QList<documents::FleetWorkload> wanted;
        QStringList clientNamespaces;
        QSet<QStringList> named;
        for (const documents::FleetWorkload &workload : m_desired.workloads) {
            wanted.prepend(workload);
            if (!isClient(workload))
                continue;
            named.insert({ workload.cluster, workload.ns });
            if (!clientNamespaces.contains(workload.ns))
                clientNamespaces << workload.ns;
        }
        for (const documents::FleetCluster &cluster : m_desired.clusters)
            for (const QString &ns : std::as_const(clientNamespaces))
                if (!named.contains({ cluster.name, ns }))
                    wanted.prepend({ cluster.name, ns, standaloneClient });
        return wanted;
    }

    [[nodiscard]] bool isPresent(const documents::FleetWorkload &workload, const QJsonObject &object) const
    {
        const QString kind = object.value(u"kind").toString(), name = object[u"metadata"][u"name"].toString();
        const observe::ObservedCluster *cluster = m_index.cluster(workload.cluster);
        if (kind == QLatin1String("ServiceAccount"))
            return cluster && cluster->ownServiceAccounts.contains(workload.ns + u'/' + name);
        return kind == QLatin1String("Deployment")
            ? m_index.workload(workload.cluster, workload.ns, name) != nullptr
            : kind == QLatin1String("Service") && m_index.hasService(workload.cluster, workload.ns, name);
    }

    [[nodiscard]] bool seesAccounts(const documents::FleetWorkload &workload) const
    {
        const observe::ObservedCluster *cluster = m_index.cluster(workload.cluster);
        return cluster && cluster->accountsRead.contains(workload.ns);
    }

    /// Its Deployment first; what could not be seen (ServiceAccounts, without the right to list them) as soon as anything of it is there.
    Result<Done> planWorkload(const documents::FleetWorkload &workload)
    {
        const auto objects = documents::manifestObjects(workload);
        if (!objects)
            return core::fail(objects.error());
        if (!std::any_of(objects->begin(), objects->end(), [&](const QJsonObject &object) { return isPresent(workload, object); }))
            return Done {};
        const QStringList suffixes = stepSuffixes(*objects);
        QStringList pods;
        for (const bool withPods : { true, false }) {
            for (qsizetype i = objects->size() - 1; i >= 0; --i) {
                const QJsonObject &object = objects->at(i);
                const QString kind = object.value(u"kind").toString();
                const bool hasPods = kind == QLatin1String("Deployment"),
                           isSeen
                    = hasPods || kind == QLatin1String("Service") || (kind == QLatin1String("ServiceAccount") && seesAccounts(workload));
                if (hasPods != withPods || (isSeen && !isPresent(workload, object)))
                    continue;
                const ops::Operation operation = deleteObject(workload.cluster, object);
                const QJsonObject key = operation.toJson();
                if (m_deleted.contains(key)) // another workload has it too
                    continue;
                m_deleted.insert(key);
                const QString id
                    = m_plan.add({ QStringLiteral("delete-") + placeOf(workload) + suffixes.at(i),
                                     Say::tr("The sample goes first: %1 of %2.").arg(told(object), workload.manifest), {}, operation },
                        pods);
                m_inNamespace[{ workload.cluster, workload.ns }] << id;
                m_inCluster[workload.cluster] << id;
                if (hasPods)
                    pods << id;
            }
        }
        return Done {};
    }

    /// Those made for the sample. What somebody else has in one by now keeps it; that is seen, and said, when it is its turn.
    void planNamespaces()
    {
        QSet<QStringList> seen;
        for (const documents::FleetWorkload &workload : m_desired.workloads) {
            const observe::ObservedCluster *cluster = m_index.cluster(workload.cluster);
            const QStringList place { workload.cluster, workload.ns };
            if (!cluster || !cluster->ownNamespaces.contains(workload.ns) || seen.contains(place))
                continue;
            seen.insert(place);
            m_plan.add({ QStringLiteral("delete-") + namespaceStepId(workload.cluster, workload.ns), Say::tr("It was made for the sample."),
                           {}, deleteObject(workload.cluster, observe::namespaceObject(workload.ns)) },
                m_inNamespace.value(place));
        }
    }

    void planInjection()
    {
        for (const QString &mesh : std::as_const(m_emptied)) {
            QStringList managed;
            for (const QString &name : m_index.managed(mesh))
                if (m_index.cluster(name) && m_index.member(mesh, name))
                    managed << name;
            for (const QString &ns : m_desired.injectedNamespaces) {
                if (std::none_of(managed.cbegin(), managed.cend(),
                        [&](const QString &name) { return m_index.cluster(name)->injectedNamespaces.contains(ns); }))
                    continue;
                QStringList pods; // taken back the other way round: pods that are made again get their sidecar
                for (const QString &name : std::as_const(managed))
                    pods += m_inNamespace.value({ name, ns });
                const QList<QStringList> each
                    = m_index.operations(mesh).isPerCluster() ? oneByOne(managed) : QList<QStringList> { managed };
                for (const QStringList &clusters : each) {
                    const QString id = m_plan.add({ QStringLiteral("inject-off-%1-%2").arg(mesh, ns),
                                                      Say::tr("Pods that run keep their sidecar until they are made anew."), {},
                                                      m_index.operations(mesh).setInjection(mesh, ns, false, clusters) },
                        pods, mesh);
                    for (const QString &name : clusters)
                        m_inNamespace[{ name, ns }] << id;
                }
            }
        }
    }

    [[nodiscard]] static QList<QStringList> oneByOne(const QStringList &names)
    {
        QList<QStringList> each;
        for (const QString &name : names)
            each << QStringList { name };
        return each;
    }

    void planGateways()
    {
        for (const QString &mesh : std::as_const(m_emptied)) {
            if (m_index.operations(mesh).isPerCluster()) {
                for (const QString &name : m_index.managed(mesh))
                    for (const mesh::Deed &deed : m_index.operations(mesh).closeGateway(m_index.gatewayWish(mesh, name, {})))
                        m_plan.add({ deed.id, deed.why, {}, deed.operation }, {}, mesh);
                continue;
            }
            const QMap<QString, mesh::NetworkSetting> present = m_index.networks(mesh);
            QMap<QString, mesh::NetworkSetting> off = present;
            for (mesh::NetworkSetting &one : off)
                one.gateway = false;
            if (off != present)
                m_plan.add({ QStringLiteral("gateways-off-") + mesh,
                               Say::tr("Gateways have load balancers of their own: they go before the clusters leave."), {},
                               m_index.operations(mesh).setNetworks(mesh, off, present) },
                    {}, mesh);
        }
    }

    void planMembers(mesh::Mode mode)
    {
        for (const QString &mesh : std::as_const(mode == mesh::Mode::Managed ? m_goes : m_emptied)) {
            for (const mesh::MemberCluster &member : membersOf(mesh)) {
                if (!m_index.isNamed(member)) // of a mesh that stays: no affair of this fleet's
                    continue;
                const QString &cluster = member.clusterName;
                // Where the provider does not tell, the fleet does.
                const mesh::Mode is = member.mode != mesh::Mode::Unknown ? member.mode
                    : m_index.managerOf(cluster) == mesh                 ? mesh::Mode::Managed
                                                                         : mesh::Mode::DiscoveryOnly;
                if (is != mode)
                    continue;
                // The mesh that manages it leaves last: the others still read what it is to be.
                const QStringList after
                    = mode == mesh::Mode::Managed ? m_discovered.value(cluster) + m_inCluster.value(cluster) : QStringList();
                const QString id
                    = m_plan.add({ QStringLiteral("remove-%1-%2").arg(mesh, cluster),
                                     mode == mesh::Mode::Managed ? Say::tr("A mesh can only be deleted when it has no cluster.")
                                                                 : Say::tr("%1 no longer discovers %2.").arg(mesh, cluster),
                                     {}, m_index.operations(mesh).leave(m_index.memberWish(mesh, cluster, is)) },
                        after, mesh);
                if (mode == mesh::Mode::DiscoveryOnly)
                    m_discovered[cluster] << id;
            }
        }
    }

    const documents::FleetDocument &m_desired;
    const observe::ObservedFleet &m_observed;
    const FleetIndex m_index;
    QStringList m_taken; ///< meshes that may go, whoever made them
    QStringList m_goes, m_left; ///< of the meshes that are there
    QStringList m_emptied; ///< of those, whose injection, gateways and discovered members go
    PlanBuilder m_plan;
    QSet<QJsonObject> m_deleted;
    QHash<QStringList, QStringList> m_inNamespace; ///< steps by cluster and namespace
    QHash<QString, QStringList> m_inCluster; ///< steps of the sample, by cluster
    QHash<QString, QStringList> m_discovered; ///< removals, by cluster
};

} // namespace

Result<ops::Plan> destroyPlan(
    const documents::FleetDocument &desired, const observe::ObservedFleet &observed, const QList<ForeignObject> &taken)
{
    return DestroyPlanner(desired, observed, taken).run();
}

ops::Plan movePlan(const ClientMove &move)
{
    PlanBuilder plan;
    const QString stopped = plan.add({ QStringLiteral("scale-") + placeOf({ move.from, move.ns, client }),
        Say::tr("Step 5: the client of %1 stops, so that the next requests come from %2.").arg(move.from, move.to), {},
        scaleDeployment(move.from, move.ns, client, 0, move.replicas) });
    const QString why = Say::tr("Step 5: the same client in %1.").arg(move.to);
    if (move.standing) { // whoever scaled it owns its replicas: to apply the manifest over it would fail with nobody left to send
        plan.add({ QStringLiteral("scale-") + placeOf({ move.to, move.ns, client }), why, {},
                     scaleDeployment(move.to, move.ns, client, std::max(1, *move.standing), *move.standing) },
            { stopped });
        return plan.take();
    }
    const documents::FleetWorkload moved { move.to, move.ns, standaloneClient };
    const QList<QJsonObject> objects = documents::manifestObjects(moved).value_or(QList<QJsonObject>()); // it is compiled in
    const QStringList suffixes = stepSuffixes(objects);
    QStringList after { stopped };
    for (qsizetype i = 0; i < objects.size(); ++i)
        after << plan.add(
            { QStringLiteral("deploy-") + placeOf(moved) + suffixes.at(i), why, {}, applyObject(move.to, objects.at(i)) }, after);
    return plan.take();
}

} // namespace catamaran::fleet
