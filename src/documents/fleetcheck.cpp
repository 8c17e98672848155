// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/fleetcheck.h"

#include "core/wholepattern.h"
#include "documents/say.h"
#include "documents/strictyaml.h"
#include "mesh/providers.h"

#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace catamaran::documents {

namespace {

const QString meshes = QStringLiteral("meshes");
const QString clusters = QStringLiteral("clusters");
const QString memberships = QStringLiteral("memberships");
const QString injection = QStringLiteral("injection");
const QString workloads = QStringLiteral("workloads");
constexpr int maxReplicas = 100;

class Check {
public:
    explicit Check(const FleetDocument &fleet)
        : m_fleet(fleet)
    {
    }

    QList<FleetProblem> run()
    {
        checkMeshes();
        checkClusters();
        checkMemberships();
        checkManagers();
        checkSample();
        return m_problems;
    }

private:
    void add(const QString &section, int index, const char *field, const QString &answer, const QString &remedy = {})
    {
        m_problems.append({ section, index, QString::fromUtf8(field), answer, remedy });
    }

    void checkName(const QString &section, int index, const char *field, const QString &name, QSet<QString> &seen)
    {
        if (!isDnsLabel(name))
            add(section, index, field,
                Say::tr("must be a name of lower-case letters, digits and “-”, at most 63 long, but is “%1”").arg(name.left(80)));
        else if (seen.contains(name))
            add(section, index, field, Say::tr("the name “%1” is used twice").arg(name));
        seen.insert(name);
    }

    void checkMeshes()
    {
        QSet<QString> seen;
        for (int i = 0; i < m_fleet.meshes.size(); ++i) {
            const FleetMesh &mesh = m_fleet.meshes.at(i);
            checkName(meshes, i, "name", mesh.name, seen);
            if (!mesh.provider.isEmpty() && !mesh::providerNames().contains(mesh.provider))
                add(meshes, i, "provider",
                    Say::tr("must be one of %1, but is “%2”")
                        .arg(mesh::providerNames().join(QStringLiteral(", ")), mesh.provider.left(60)));
            // What an account makes is not installed from anything.
            const mesh::ProviderKind *maker = mesh::providerKind(mesh.provider);
            if (maker && maker->needsAccount() && !(mesh.controlPlane.isEmpty() && mesh.gateway.isEmpty()))
                add(meshes, i, mesh.controlPlane.isEmpty() ? "gateway" : "controlPlane",
                    Say::tr("%1 makes its control planes and gateways itself").arg(maker->words().product), Say::tr("Remove it"));
            const mesh::ProviderKind *kind = mesh.version.isEmpty() ? nullptr : mesh::providerKind(mesh.provider);
            if (const auto problem = kind ? kind->versionProblem(mesh.version) : std::nullopt)
                add(meshes, i, "version", problem->answer, problem->remedy);
        }
    }

    void checkClusters()
    {
        if (m_fleet.clusters.isEmpty())
            add(clusters, -1, "", Say::tr("names no cluster"));
        QSet<QString> seen, networks;
        for (const FleetCluster &cluster : m_fleet.clusters)
            networks.insert(cluster.network);
        for (int i = 0; i < m_fleet.clusters.size(); ++i) {
            const FleetCluster &cluster = m_fleet.clusters.at(i);
            checkName(clusters, i, "name", cluster.name, seen);
            if (!cluster.network.isEmpty() && !isDnsLabel(cluster.network))
                add(clusters, i, "network",
                    Say::tr("must be a name of lower-case letters, digits and “-”, but is “%1”").arg(cluster.network.left(80)));
            if (cluster.network.isEmpty() && networks.size() > 1 && !m_fleet.meshes.isEmpty())
                add(clusters, i, "network", Say::tr("%1 is on no network, but others are").arg(cluster.name),
                    Say::tr("Give every cluster a network, or none"));
            if (m_fleet.meshes.isEmpty() && (cluster.gateway || !cluster.network.isEmpty()))
                add(clusters, i, cluster.gateway ? "gateway" : "network",
                    Say::tr("networks and gateways are a mesh's, and this fleet has no mesh"), Say::tr("Remove it, or add meshes"));
            else if (cluster.gateway && networks.size() < 2)
                add(clusters, i, "gateway", Say::tr("all clusters are on one network, where no gateway is needed"),
                    Say::tr("Remove the gateway, or give the clusters different networks"));
        }
    }

    void checkMemberships()
    {
        QSet<QPair<QString, QString>> seen;
        QMap<QString, QString> managers;
        for (int i = 0; i < m_fleet.memberships.size(); ++i) {
            const FleetMembership &membership = m_fleet.memberships.at(i);
            if (!hasMesh(membership.mesh))
                add(memberships, i, "mesh", Say::tr("there is no mesh “%1” in this fleet").arg(membership.mesh.left(80)));
            if (!m_fleet.cluster(membership.cluster))
                add(memberships, i, "cluster", Say::tr("there is no cluster “%1” in this fleet").arg(membership.cluster.left(80)));
            if (membership.mode == mesh::Mode::Unknown)
                add(memberships, i, "mode", Say::tr("must be managed or discovery-only"));
            if (seen.contains({ membership.mesh, membership.cluster }))
                add(memberships, i, "", Say::tr("%1 is a member of %2 already").arg(membership.cluster, membership.mesh),
                    Say::tr("Remove one of them"));
            seen.insert({ membership.mesh, membership.cluster });
            if (membership.mode != mesh::Mode::Managed)
                continue;
            if (managers.contains(membership.cluster) && managers.value(membership.cluster) != membership.mesh)
                add(memberships, i, "mode",
                    Say::tr("%1 is managed by two meshes, %2 and %3")
                        .arg(membership.cluster, managers.value(membership.cluster), membership.mesh),
                    Say::tr("Exactly one mesh manages a cluster; make it discovery-only in the other"));
            else
                managers.insert(membership.cluster, membership.mesh);
        }
    }

    void checkManagers()
    {
        if (m_fleet.meshes.isEmpty()) // clusters alone
            return;
        for (int i = 0; i < m_fleet.clusters.size(); ++i)
            if (m_fleet.managerOf(m_fleet.clusters.at(i).name).isEmpty())
                add(clusters, i, "", Say::tr("no mesh manages %1").arg(m_fleet.clusters.at(i).name),
                    Say::tr("Add a membership with mode managed for it"));
        for (int i = 0; i < m_fleet.meshes.size(); ++i) {
            const QString &name = m_fleet.meshes.at(i).name;
            const bool manages = std::any_of(m_fleet.memberships.begin(), m_fleet.memberships.end(),
                [&](const FleetMembership &m) { return m.mesh == name && m.mode == mesh::Mode::Managed; });
            if (!manages)
                add(meshes, i, "",
                    Say::tr("%1 manages no cluster; region and network of a mesh follow from the cluster it manages").arg(name),
                    Say::tr("Add a membership with mode managed for it"));
        }
    }

    void checkSample()
    {
        QSet<QString> namespaces, seen;
        if (m_fleet.meshes.isEmpty() && !m_fleet.injectedNamespaces.isEmpty())
            add(injection, -1, "", Say::tr("a mesh injects sidecars, and this fleet has no mesh"), Say::tr("Remove it, or add meshes"));
        for (int i = 0; i < m_fleet.injectedNamespaces.size(); ++i)
            checkName(injection, i, "", m_fleet.injectedNamespaces.at(i), namespaces);
        for (int i = 0; i < m_fleet.workloads.size(); ++i) {
            const FleetWorkload &workload = m_fleet.workloads.at(i);
            if (!m_fleet.cluster(workload.cluster))
                add(workloads, i, "cluster", Say::tr("there is no cluster “%1” in this fleet").arg(workload.cluster.left(80)));
            if (!isDnsLabel(workload.ns))
                add(workloads, i, "namespace",
                    Say::tr("must be a name of lower-case letters, digits and “-”, but is “%1”").arg(workload.ns.left(80)));
            if (const auto text = manifestText(workload.manifest); !text)
                add(workloads, i, "manifest", text.error().answer, text.error().remedy);
            checkOverrides(i, workload);
            const QString key = workload.cluster + u'/' + workload.ns + u'/' + workload.manifest;
            if (seen.contains(key))
                add(workloads, i, "", Say::tr("%1 is given twice").arg(key), Say::tr("Remove one of them"));
            seen.insert(key);
        }
    }

    void checkOverrides(int i, const FleetWorkload &workload)
    {
        const WorkloadOverrides &overrides = workload.overrides;
        static const QRegularExpression image = core::wholePattern(QStringLiteral("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,511}"));
        static const QStringList policies { QStringLiteral("Always"), QStringLiteral("IfNotPresent"), QStringLiteral("Never") };
        if (!overrides.image.isEmpty() && !image.match(overrides.image).hasMatch())
            add(workloads, i, "image", Say::tr("“%1” is not the name of an image").arg(overrides.image.left(80)),
                Say::tr("Write it like registry.example.com/team/curl:8.1.2"));
        if (!overrides.imagePullPolicy.isEmpty() && !policies.contains(overrides.imagePullPolicy))
            add(workloads, i, "imagePullPolicy",
                Say::tr("must be one of %1, but is “%2”").arg(policies.join(QStringLiteral(", ")), overrides.imagePullPolicy.left(60)));
        if (overrides.replicas && (*overrides.replicas < 0 || *overrides.replicas > maxReplicas))
            add(workloads, i, "replicas", Say::tr("must be between %1 and %2, but is %3").arg(0).arg(maxReplicas).arg(*overrides.replicas));
        if (overrides.isEmpty())
            return;
        const auto objects = manifestObjects(workload.manifest, workload.ns);
        const bool hasDeployment = !objects || std::any_of(objects->begin(), objects->end(), [](const QJsonObject &object) {
            return object.value(u"kind").toString() == QLatin1String("Deployment");
        });
        if (!hasDeployment)
            add(workloads, i, "",
                Say::tr("image, imagePullPolicy, replicas and command are a Deployment's, and %1 has none").arg(workload.manifest));
    }

    [[nodiscard]] bool hasMesh(const QString &name) const
    {
        return std::any_of(m_fleet.meshes.begin(), m_fleet.meshes.end(), [&](const FleetMesh &mesh) { return mesh.name == name; });
    }

    const FleetDocument &m_fleet;
    QList<FleetProblem> m_problems;
};

} // namespace

QList<FleetProblem> problemsOf(const FleetDocument &fleet)
{
    return Check(fleet).run();
}

} // namespace catamaran::documents
