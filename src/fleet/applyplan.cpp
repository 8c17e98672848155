// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/plans.h"

#include "fleet/planbuilder.h"
#include "fleet/plancheck.h"
#include "fleet/say.h"
#include "mesh/operations.h"
#include "observe/ownnamespace.h"
#include "observe/readings.h"

#include <algorithm>

namespace catamaran::fleet {

using core::Done;
using core::Result;

namespace {

const QString rootStep = QStringLiteral("trust-root"), comparison = QStringLiteral("compare-roots");

class ApplyPlanner {
public:
    ApplyPlanner(const documents::FleetDocument &desired, const observe::ObservedFleet &observed)
        : m_desired(desired)
        , m_observed(observed)
        , m_index(desired, observed)
    {
    }

    Result<ops::Plan> run()
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
        for (const documents::FleetWorkload &workload : m_desired.workloads)
            if (auto done = planWorkload(workload); !done)
                return core::fail(done.error());
        return m_plan.take();
    }

private:
    [[nodiscard]] QStringList meshNames() const
    {
        QStringList names;
        for (const documents::FleetMesh &mesh : m_desired.meshes)
            names << m_index.operations(mesh.name).knownAs(mesh.name, homeOf(mesh.name));
        return names;
    }

    [[nodiscard]] QString homeOf(const QString &mesh) const { return m_index.managed(mesh).value(0); }

    void planMeshes()
    {
        const bool missesOne = std::any_of(m_desired.meshes.begin(), m_desired.meshes.end(),
            [this](const documents::FleetMesh &mesh) { return !m_index.mesh(mesh.name); });
        std::optional<mesh::RootWish> root;
        if (m_desired.root == documents::RootKind::Shared)
            root = mesh::RootWish { m_desired.rootName(), !m_desired.sharedRoot.isEmpty(), meshNames() };
        if (missesOne && root) {
            QString why = Say::tr(
                "Step 1: all meshes share one trust root. Its key stays in the keyring; each mesh gets an issuing authority of its own under it.");
            why += u' '
                + (root->shared ? Say::tr(
                       "The fleet names the root (trust.name): every environment whose fleet names %1 shares it, and trusts this one.")
                                      .arg(root->name)
                                : Say::tr("No other environment uses it."));
            m_plan.add({ rootStep, why, {}, mesh::takeRoot(*root) });
        }
        for (const documents::FleetMesh &mesh : m_desired.meshes) {
            if (m_index.mesh(mesh.name))
                continue;
            const QString home = homeOf(mesh.name);
            mesh::MeshWish wish { mesh.name, mesh.version, home, {}, {}, {}, root, root ? rootStep : QString(), mesh.controlPlane.objects };
            if (const observe::ObservedCluster *cluster = m_index.cluster(home)) {
                wish.region = cluster->region;
                wish.vpcId = cluster->vpcId;
                wish.vSwitches = cluster->vSwitches;
            }
            const QString why = root
                ? Say::tr("Step 1: %1 is missing. Region, VPC and vSwitch follow from %2; it issues under the shared root.")
                      .arg(mesh.name, home)
                : Say::tr("Step 1: %1 is missing. Region, VPC and vSwitch follow from %2; it makes a root of its own, as the fleet asks.")
                      .arg(mesh.name, home);
            for (const mesh::Deed &deed : m_index.operations(mesh.name).makeMesh(wish))
                m_plan.add({ deed.id.isEmpty() ? QStringLiteral("create-") + mesh.name : deed.id, deed.why.isEmpty() ? why : deed.why, {},
                               deed.operation },
                    { rootStep }, mesh.name);
        }
        for (const documents::FleetMesh &mesh : m_desired.meshes) {
            const observe::ObservedMesh *found = m_index.mesh(mesh.name);
            if (found && found->status.state == mesh::MeshState::Running)
                continue;
            const QString word = found ? found->status.stateWord : QString();
            const bool isMade = found || !mesh.controlPlane.objects.isEmpty() || !m_index.operations(mesh.name).isPerCluster();
            m_waits << m_plan.add({ QStringLiteral("wait-") + mesh.name,
                                      word.isEmpty() ? Say::tr("Step 1: a new mesh takes two to three minutes.")
                                                     : Say::tr("%1 is %2 now.").arg(mesh.name, word),
                                      {}, m_index.operations(mesh.name).awaitMesh(mesh.name, isMade ? homeOf(mesh.name) : QString()) },
                {}, mesh.name);
            m_waitOf.insert(mesh.name, m_waits.last());
        }
    }

    void planMembers(mesh::Mode mode)
    {
        const bool manages = mode == mesh::Mode::Managed;
        for (const documents::FleetMembership &membership : m_desired.memberships) {
            if (membership.mode != mode)
                continue;
            const QString &mesh = membership.mesh, &cluster = membership.cluster;
            const mesh::MemberCluster *member = m_index.member(mesh, cluster);
            const mesh::Operations &operations = m_index.operations(mesh);
            if (manages)
                m_managed.insert(cluster, m_waitOf.value(mesh)); // until it is joined, where that takes anything
            const bool renews = member && member->mode == mode && !member->renew.isEmpty();
            // Where the provider does not tell the mode, membership is all that can be compared.
            if (member && !renews && (member->mode == mode || member->mode == mesh::Mode::Unknown))
                continue;
            // Nobody discovers what no mesh has made its own yet, nor under a root that is not known to be the same.
            const QStringList after = manages ? QStringList() : QStringList { m_managed.value(cluster), comparison };
            if (member && !renews)
                m_plan.add({ QStringLiteral("remove-%1-%2").arg(mesh, cluster),
                               Say::tr("%1 has %2 in another mode; the provider cannot change it in place.").arg(mesh, cluster), {},
                               operations.leave(m_index.memberWish(mesh, cluster, member->mode)) },
                    after, mesh);
            const QString step = renews ? QStringLiteral("renew-%1-%2")
                : manages               ? QStringLiteral("manage-%1-%2")
                                        : QStringLiteral("discover-%1-%2");
            const QString why = renews ? member->renew
                : manages              ? Say::tr("Step 1: %1 injects and configures the workloads of %2.").arg(mesh, cluster)
                          : Say::tr("Step 2: %1 reads the services and endpoints of %2 and changes nothing there.").arg(mesh, cluster);
            const QString id
                = addDeeds(operations.join(m_index.memberWish(mesh, cluster, mode)), step.arg(mesh, cluster), why, after, mesh);
            if (manages && !id.isEmpty())
                m_managed.insert(cluster, id);
        }
    }

    /// Each behind those before it; gives the last one's id. What all meshes need of a cluster is done once.
    QString addDeeds(const QList<mesh::Deed> &deeds, const QString &step, const QString &why, QStringList after, const QString &mesh)
    {
        QString id;
        for (const mesh::Deed &deed : deeds) {
            id = !deed.id.isEmpty() && m_plan.has(deed.id)
                ? deed.id
                : m_plan.add({ deed.id.isEmpty() ? step : deed.id, deed.why.isEmpty() ? why : deed.why, {}, deed.operation }, after,
                    deed.id.isEmpty() ? mesh : QString());
            after << id;
        }
        return id;
    }

    void planComparison()
    {
        // One that is not made yet shows no root; nor does one that an interrupted run began.
        const bool isOpen = std::any_of(m_desired.meshes.begin(), m_desired.meshes.end(), [this](const documents::FleetMesh &mesh) {
            const observe::ObservedMesh *found = m_index.mesh(mesh.name);
            return !found || (found->status.rootFingerprints.isEmpty() && found->status.state != mesh::MeshState::Running);
        });
        if (isOpen && m_desired.root == documents::RootKind::Shared && m_desired.meshes.size() > 1)
            m_plan.add({ comparison, Say::tr("Step 1: equality of the roots is fetched from the meshes and compared, not assumed."), {},
                           mesh::compareRoots(meshNames()) },
                m_waits);
    }

    void planNetworks()
    {
        QHash<QString, const documents::FleetCluster *> clusters;
        QSet<QString> networks;
        for (const documents::FleetCluster &cluster : m_desired.clusters) {
            clusters.insert(cluster.name, &cluster);
            networks.insert(cluster.network);
        }
        if (networks.size() < 2) // routed, or one network: nothing to set
            return;
        for (const documents::FleetMesh &mesh : m_desired.meshes) {
            if (m_index.operations(mesh.name).isPerCluster()) {
                for (const QString &name : m_index.managed(mesh.name))
                    if (const documents::FleetCluster *cluster = clusters.value(name))
                        planNetwork(mesh.name, *cluster);
                continue;
            }
            QMap<QString, mesh::NetworkSetting> wanted;
            QStringList told;
            bool differs = false;
            for (const documents::FleetMembership &membership : m_index.memberships(mesh.name)) {
                const documents::FleetCluster *cluster = clusters.value(membership.cluster);
                if (!cluster)
                    continue;
                // A gateway is run by the mesh that manages the cluster.
                const mesh::NetworkSetting setting { cluster->network, cluster->gateway && membership.mode == mesh::Mode::Managed };
                wanted.insert(cluster->name, setting);
                const mesh::MemberCluster *member = m_index.member(mesh.name, cluster->name);
                differs = differs || !member || mesh::NetworkSetting { member->network, member->gateway } != setting;
            }
            for (auto it = wanted.begin(); it != wanted.end(); ++it)
                told << (it->gateway ? Say::tr("%1 on %2 with gateway") : Say::tr("%1 on %2")).arg(it.key(), it->network);
            if (differs)
                m_plan.add({ QStringLiteral("networks-") + mesh.name,
                               Say::tr("Step 3: the clusters are on different networks. In %1: %2.")
                                   .arg(mesh.name, told.join(QStringLiteral(", "))),
                               {}, m_index.operations(mesh.name).setNetworks(mesh.name, wanted, m_index.networks(mesh.name)) },
                    { comparison }, mesh.name);
        }
    }

    /// Where the cluster's own objects say it.
    void planNetwork(const QString &mesh, const documents::FleetCluster &cluster)
    {
        const mesh::MemberCluster *member = m_index.member(mesh, cluster.name);
        if (!member || member->network != cluster.network)
            m_plan.add(
                { QStringLiteral("network-") + cluster.name,
                    Say::tr("Step 3: the clusters are on different networks. %1 is to say that it is on %2, and says: %3.")
                        .arg(cluster.name, cluster.network, !member || member->network.isEmpty() ? Say::tr("nothing") : member->network),
                    {},
                    m_index.operations(mesh).setNetworks(mesh, { { cluster.name, { cluster.network, false } } }, m_index.networks(mesh)) },
                { comparison }, mesh);
        if (cluster.gateway)
            addDeeds(m_index.operations(mesh).openGateway(m_index.gatewayWish(mesh, cluster.name, cluster.network)), {}, {},
                { comparison, m_waitOf.value(mesh) }, mesh);
    }

    void planNamespaces()
    {
        for (const documents::FleetWorkload &workload : m_desired.workloads) {
            const observe::ObservedCluster *cluster = m_index.cluster(workload.cluster);
            const QStringList place { workload.cluster, workload.ns };
            // Where one may look into a namespace but not at it, somebody gave that right in it: it is there.
            const bool misses
                = !cluster->namespaces.contains(workload.ns) && !cluster->whyUnread(observe::resources::namespaces, workload.ns);
            if (workload.ns == QLatin1String("default") || !misses || m_namespaces.contains(place))
                continue;
            m_namespaces.insert(place,
                m_plan.add({ namespaceStepId(workload.cluster, workload.ns),
                    Say::tr("Step 4: %1 has no namespace %2 yet.").arg(workload.cluster, workload.ns), {},
                    makeObject(workload.cluster, observe::namespaceObject(workload.ns)) })); // somebody's is used as it is
        }
    }

    void planInjection()
    {
        for (const QString &ns : m_desired.injectedNamespaces) {
            for (const documents::FleetMesh &mesh : m_desired.meshes) {
                const QStringList managed = m_index.managed(mesh.name);
                const mesh::Operations &operations = m_index.operations(mesh.name);
                if (operations.isPerCluster()) {
                    for (const QString &name : managed)
                        if (const observe::ObservedCluster *cluster = m_index.cluster(name);
                            cluster && !cluster->injectedNamespaces.contains(ns))
                            m_injections.insert({ mesh.name, ns },
                                m_plan.add({ QStringLiteral("inject-%1-%2").arg(name, ns),
                                               Say::tr("Step 4: pods made in %1 of %2 from now on get a sidecar.").arg(ns, name), {},
                                               operations.setInjection(mesh.name, ns, true, { name }) },
                                    { m_namespaces.value({ name, ns }) }, mesh.name));
                    continue;
                }
                QStringList after;
                bool misses = !m_index.mesh(mesh.name);
                for (const QString &name : managed) {
                    const observe::ObservedCluster *cluster = m_index.cluster(name);
                    misses = misses || !cluster || !cluster->injectedNamespaces.contains(ns);
                    after << m_namespaces.value({ name, ns });
                }
                if (misses)
                    m_injections.insert({ mesh.name, ns },
                        m_plan.add({ QStringLiteral("inject-%1-%2").arg(mesh.name, ns),
                                       Say::tr("Step 4: pods made in %1 from now on get a sidecar in the clusters that %2 manages.")
                                           .arg(ns, mesh.name),
                                       {}, operations.setInjection(mesh.name, ns, true, managed) },
                            after, mesh.name));
            }
        }
    }

    /// What is missing of it, and nothing else.
    Result<Done> planWorkload(const documents::FleetWorkload &workload)
    {
        const auto objects = documents::manifestObjects(workload);
        if (!objects)
            return core::fail(objects.error());
        QList<bool> misses;
        bool missesAll = true; // of those that were looked at: then the others are missing as well, for all one knows
        for (const QJsonObject &object : *objects) {
            const QString kind = object.value(u"kind").toString(), name = object[u"metadata"][u"name"].toString();
            if (kind == QLatin1String("Service")) {
                misses << !m_index.hasService(workload.cluster, workload.ns, name);
            } else if (kind == QLatin1String("Deployment")) {
                const observe::ObservedWorkload *found = m_index.workload(workload.cluster, workload.ns, name);
                const QString &image = workload.overrides.image;
                misses << (!found || (!image.isEmpty() && !found->image.isEmpty() && found->image != image));
                missesAll = missesAll && !found;
            } else if (kind == QLatin1String("ServiceAccount")) {
                const observe::ObservedCluster *cluster = m_index.cluster(workload.cluster);
                misses << (cluster && cluster->accountsRead.contains(workload.ns)
                    && !cluster->serviceAccounts.contains(workload.ns + u'/' + name));
            } else {
                misses << false;
            }
        }
        if (!std::any_of(objects->begin(), objects->end(),
                [](const QJsonObject &one) { return one.value(u"kind").toString() == QLatin1String("Deployment"); }))
            missesAll = misses.contains(true);
        const QStringList suffixes = stepSuffixes(*objects);
        const QStringList inNamespace { m_namespaces.value({ workload.cluster, workload.ns }) };
        const QStringList injected = inNamespace
            + QStringList { m_managed.value(workload.cluster), m_injections.value({ m_index.managerOf(workload.cluster), workload.ns }) };
        QStringList earlier; // its pods need what the manifest has beside them
        for (int pass = 0; pass < 2; ++pass) {
            for (qsizetype i = 0; i < objects->size(); ++i) {
                const QJsonObject &object = objects->at(i);
                const QString kind = object.value(u"kind").toString();
                const observe::ObservedCluster *cluster = m_index.cluster(workload.cluster);
                const bool hasPods = kind == QLatin1String("Deployment"),
                           seesAccounts = cluster && cluster->accountsRead.contains(workload.ns);
                const bool isSeen
                    = hasPods || kind == QLatin1String("Service") || (kind == QLatin1String("ServiceAccount") && seesAccounts);
                if (hasPods != (pass == 1) || !(isSeen ? misses.at(i) : missesAll))
                    continue;
                const ops::Operation operation = applyObject(workload.cluster, object);
                if (const QString same = m_applied.value(operation.toJson()); !same.isEmpty()) { // of another workload
                    earlier << same;
                    continue;
                }
                const QString id = m_plan.add(
                    { QStringLiteral("deploy-") + placeOf(workload) + suffixes.at(i),
                        Say::tr("Step 4: %1 of %2 into namespace %3.").arg(told(object), workload.manifest, workload.ns), {}, operation },
                    hasPods ? injected + earlier : inNamespace);
                m_applied.insert(operation.toJson(), id);
                if (!hasPods)
                    earlier << id;
            }
        }
        planScale(workload, *objects, injected);
        return Done {};
    }

    /// Somebody scaled it: scaling leaves the rest, and its owner, as they are.
    void planScale(const documents::FleetWorkload &workload, const QList<QJsonObject> &objects, const QStringList &after)
    {
        for (const QJsonObject &object : objects) {
            const QString name = object[u"metadata"][u"name"].toString();
            const observe::ObservedWorkload *found = object.value(u"kind").toString() == QLatin1String("Deployment")
                ? m_index.workload(workload.cluster, workload.ns, name)
                : nullptr;
            const int replicas = object[u"spec"][u"replicas"].toInt(1);
            // A number that the document gives is wanted; the manifest's own only where there is nothing at all.
            if (!found || !(workload.overrides.replicas ? found->desired != replicas : found->desired == 0 && replicas > 0))
                continue;
            m_plan.add({ QStringLiteral("scale-") + placeOf({ workload.cluster, workload.ns, name }),
                           Say::tr("%1 in %2 is scaled to %3; the fleet asks for %4.")
                               .arg(name, workload.cluster)
                               .arg(found->desired)
                               .arg(replicas),
                           {}, scaleDeployment(workload.cluster, workload.ns, name, replicas, found->desired) },
                after);
        }
    }

    const documents::FleetDocument &m_desired;
    const observe::ObservedFleet &m_observed;
    const FleetIndex m_index;
    PlanBuilder m_plan;
    QStringList m_waits;
    QHash<QString, QString> m_waitOf; ///< step by mesh
    QHash<QString, QString> m_managed; ///< step by cluster
    QHash<QStringList, QString> m_namespaces; ///< step by cluster and namespace
    QHash<QStringList, QString> m_injections; ///< step by mesh and namespace
    QHash<QJsonObject, QString> m_applied; ///< step by operation
};

} // namespace

Result<ops::Plan> applyPlan(const documents::FleetDocument &desired, const observe::ObservedFleet &observed)
{
    return ApplyPlanner(desired, observed).run();
}

} // namespace catamaran::fleet
