// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/adopt.h"

#include "documents/strictyaml.h"
#include "fleet/plans.h"
#include "fleet/say.h"
#include "mesh/providers.h"
#include "observe/identity.h"
#include "observe/readings.h"

#include <QJsonArray>

#include <algorithm>

namespace catamaran::fleet {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

QString nameOf(const QJsonObject &object)
{
    return object[u"metadata"][u"name"].toString();
}

class Adopter {
public:
    Adopter(const QString &name, const observe::ObservedFleet &observed)
        : m_tried(Say::tr("adopt what is there"))
        , m_observed(observed)
    {
        m_made.document.name = name;
    }

    Result<Adopted> run()
    {
        documents::FleetDocument &document = m_made.document;
        if (!documents::isDnsLabel(document.name))
            return core::fail(ErrorKind::InvalidInput, m_tried, document.name, Say::tr("the name is not a DNS label"),
                Say::tr("Use lower-case letters, digits and dashes."));
        if (m_observed.meshesUnknown())
            return core::fail(m_observed.meshesError ? *m_observed.meshesError : *m_observed.meshesUnread);
        QList<mesh::MeshStatus> meshes; // in an order that does not change from look to look
        for (const observe::ObservedMesh &mesh : m_observed.meshes)
            meshes << mesh.status;
        std::sort(meshes.begin(), meshes.end(), [](const auto &a, const auto &b) { return a.name < b.name; });
        for (const mesh::MeshStatus &mesh : std::as_const(meshes))
            if (auto error = takeMesh(mesh))
                return core::fail(*error);
        if (auto error = takeRoots())
            return core::fail(*error);
        if (auto error = takeClusters())
            return core::fail(*error);
        takeInjection();
        takeWorkloads();
        if (const QList<Error> problems = documents::validateFleet(document); !problems.isEmpty())
            return core::fail(problems.first());
        const auto plan = applyPlan(document, m_observed);
        if (!plan)
            return core::fail(plan.error());
        if (!plan->isEmpty()) {
            QStringList steps;
            for (const ops::Step &step : plan->steps)
                steps << step.id;
            return core::fail(ErrorKind::Precondition, m_tried, document.name,
                Say::tr("what is there cannot be said in a Fleet document: these steps would remain: %1")
                    .arg(steps.join(QStringLiteral(", "))));
        }
        return std::move(m_made);
    }

private:
    void note(const QString &sentence) { m_made.notes << sentence; }

    std::optional<Error> takeMesh(const mesh::MeshStatus &status)
    {
        if (status.state == mesh::MeshState::Deleting) {
            note(Say::tr("%1 is being deleted: left out.").arg(status.name));
            return std::nullopt;
        }
        if (status.state != mesh::MeshState::Running)
            return Error::make(ErrorKind::Precondition, m_tried, status.name, Say::tr("it is %1").arg(status.stateWord),
                Say::tr("Wait until it runs, or repair or delete it, then try again."));
        if ((!status.membersKnown || !status.networksKnown) && !status.unread.isEmpty())
            return status.unread.first();
        const mesh::ProviderKind &kind = mesh::kindOf(status);
        const bool isDefault = &kind == mesh::providerKind({});
        // A version that is no version of its provider (an image's own tag) is left to the provider.
        m_made.document.meshes.append(
            { status.name, kind.versionProblem(status.version) ? QString() : status.version, isDefault ? QString() : kind.name() });
        for (const QString &reason : status.notOurs)
            note(reason + u'.');
        for (const mesh::MemberCluster &member : status.members) {
            const observe::ObservedCluster *cluster = m_observed.cluster(member.clusterName);
            if (!cluster) {
                note(Say::tr("%1 has the member %2, which is no cluster of the environment %3: left out.")
                         .arg(status.name, observe::nameOrId(member), m_observed.environment));
                continue;
            }
            m_members.append({ status.name, cluster, member });
        }
        return std::nullopt;
    }

    std::optional<Error> takeRoots()
    {
        documents::FleetDocument &document = m_made.document;
        if (document.meshes.size() < 2)
            return std::nullopt;
        switch (m_observed.trustOfMeshes()) {
        case observe::Trust::Same: break;
        case observe::Trust::Rotating: note(Say::tr("The meshes have roots in common and others besides: a rotation is under way.")); break;
        case observe::Trust::Different: document.root = documents::RootKind::Separate; break;
        case observe::Trust::Unknown:
            return Error::make(ErrorKind::Precondition, m_tried, document.name, Say::tr("not every root could be read"),
                Say::tr("Without them nobody knows whether the meshes trust each other. Try again when their clusters answer."));
        }
        if (document.root == documents::RootKind::Shared)
            note(Say::tr(
                "The meshes have one root. Whether its key is in the keyring was not asked: without it no further mesh can be made under it."));
        return std::nullopt;
    }

    std::optional<Error> takeClusters()
    {
        documents::FleetDocument &document = m_made.document;
        QMap<QString, QString> managers; // by cluster
        for (const Member &one : std::as_const(m_members)) {
            if (one.member.mode != mesh::Mode::Managed)
                continue;
            if (managers.contains(one.cluster->name))
                return Error::make(ErrorKind::Precondition, m_tried, one.cluster->name,
                    Say::tr("%1 and %2 both manage it").arg(managers.value(one.cluster->name), one.mesh),
                    Say::tr("A cluster is managed by one mesh: remove it from the other, or add it there discovery-only."));
            managers.insert(one.cluster->name, one.mesh);
        }
        for (const Member &one : std::as_const(m_members)) {
            mesh::Mode mode = one.member.mode;
            if (mode == mesh::Mode::Unknown) { // nobody tells: the first that has it, where none is known to manage it
                mode = managers.contains(one.cluster->name) ? mesh::Mode::DiscoveryOnly : mesh::Mode::Managed;
                if (mode == mesh::Mode::Managed)
                    managers.insert(one.cluster->name, one.mesh);
                note((mode == mesh::Mode::Managed ? Say::tr("%1 is taken to manage %2: the provider does not tell.")
                                                  : Say::tr("%1 is taken to discover %2 only: the provider does not tell."))
                         .arg(one.mesh, one.cluster->name));
            }
            document.memberships.append({ one.mesh, one.cluster->name, mode });
        }
        std::stable_sort(document.memberships.begin(), document.memberships.end(),
            [](const auto &a, const auto &b) { return a.mode == mesh::Mode::Managed && b.mode != mesh::Mode::Managed; });
        for (const observe::ObservedCluster &cluster : m_observed.clusters) {
            const QString manager = managers.value(cluster.name);
            if (!document.meshes.isEmpty() && manager.isEmpty()) {
                note(Say::tr("No mesh manages %1: left out.").arg(cluster.name));
                document.memberships.removeIf([&](const documents::FleetMembership &one) { return one.cluster == cluster.name; });
                continue;
            }
            if (!cluster.reachable) {
                const observe::Condition *reachable = cluster.condition(QStringLiteral("Reachable"));
                return Error::make(ErrorKind::Network, m_tried, cluster.name,
                    reachable ? reachable->evidence : Say::tr("it cannot be reached"),
                    Say::tr("Without its API server nobody knows what is in it. Try again when it answers."));
            }
            if (auto error = whyUnread(cluster))
                return error;
            takeCluster(cluster, manager);
        }
        return std::nullopt;
    }

    /// What nobody may read is not "nothing": a document of it would say so.
    std::optional<Error> whyUnread(const observe::ObservedCluster &cluster)
    {
        for (const QString &resource : { observe::resources::namespaces, observe::resources::deployments, observe::resources::services }) {
            const auto refused = std::find_if(cluster.unread.begin(), cluster.unread.end(),
                [&](const observe::Unread &one) { return one.resource == resource && one.ns.isEmpty(); });
            if (refused == cluster.unread.end())
                continue;
            const QStringList read = cluster.readOneByOne.value(resource);
            if (read.isEmpty())
                return refused->error;
            note(Say::tr("Of the %1 of %2 only these could be read: %3. What else is there is not in the document.")
                     .arg(resource, cluster.name, read.join(QStringLiteral(", "))));
        }
        return std::nullopt;
    }

    /// Network and gateway as the mesh that manages it has them; others' words of them are compared.
    void takeCluster(const observe::ObservedCluster &cluster, const QString &manager)
    {
        documents::FleetCluster taken { cluster.name, {}, false };
        for (const Member &one : std::as_const(m_members))
            if (one.cluster == &cluster && one.mesh == manager) {
                taken.network = one.member.network;
                taken.gateway = one.member.gateway;
            }
        for (const Member &one : std::as_const(m_members))
            if (one.cluster == &cluster && one.mesh != manager && one.member.network != taken.network)
                note(Say::tr("%1 has %2 on network “%3”, %4 on “%5”.")
                         .arg(manager, cluster.name, taken.network, one.mesh, one.member.network));
        m_made.document.clusters.append(taken);
    }

    /// The document has one list for all: a namespace counts when every cluster injects it.
    void takeInjection()
    {
        documents::FleetDocument &document = m_made.document;
        if (document.meshes.isEmpty())
            return;
        QMap<QString, QStringList> where; // clusters, by namespace
        for (const documents::FleetCluster &one : std::as_const(document.clusters))
            for (const QString &ns : m_observed.cluster(one.name)->injectedNamespaces)
                where[ns] << one.name;
        for (auto it = where.cbegin(); it != where.cend(); ++it) {
            if (it->size() == document.clusters.size())
                document.injectedNamespaces << it.key();
            else
                note(Say::tr("Namespace %1 gets sidecars in %2 alone: not in the document, which says so of all clusters.")
                         .arg(it.key(), it->join(QStringLiteral(", "))));
        }
    }

    void takeWorkloads()
    {
        for (const documents::FleetCluster &one : std::as_const(m_made.document.clusters)) {
            const observe::ObservedCluster &cluster = *m_observed.cluster(one.name);
            for (const observe::ObservedWorkload &workload : cluster.workloads)
                takeWorkload(cluster, workload);
        }
    }

    /// By the manifest whose Deployment bears its name; of two, the one of which more is there.
    void takeWorkload(const observe::ObservedCluster &cluster, const observe::ObservedWorkload &workload)
    {
        QString best;
        int bestServices = -1;
        QJsonObject deployment;
        for (const QString &manifest : documents::manifestNames()) {
            int services = 0;
            bool isWhole = true;
            QJsonObject found;
            for (const QJsonObject &object : documents::manifestObjects(manifest, workload.ns).value_or(QList<QJsonObject>())) {
                const QString kind = object.value(u"kind").toString();
                if (kind == u"Deployment" && nameOf(object) == workload.name)
                    found = object;
                else if (kind == u"Service" && cluster.services.contains(workload.ns + u'/' + nameOf(object)))
                    ++services;
                else if (kind == u"Service")
                    isWhole = false;
            }
            if (!found.isEmpty() && isWhole && services > bestServices) {
                best = manifest;
                bestServices = services;
                deployment = found;
            }
        }
        const QString place = cluster.name + u'/' + workload.ns + u'/' + workload.name;
        if (best.isEmpty()) {
            note(Say::tr("%1 is described by no manifest of Catamaran: left out.").arg(place));
            return;
        }
        documents::FleetWorkload taken { cluster.name, workload.ns, best, {} };
        const QString image = deployment[u"spec"][u"template"][u"spec"][u"containers"][0][u"image"].toString();
        if (!workload.image.isEmpty() && workload.image != image)
            taken.overrides.image = workload.image;
        if (workload.desired != deployment[u"spec"][u"replicas"].toInt(1))
            taken.overrides.replicas = workload.desired;
        m_made.document.workloads.append(taken);
    }

    struct Member {
        QString mesh;
        const observe::ObservedCluster *cluster;
        mesh::MemberCluster member;
    };

    QString m_tried;
    const observe::ObservedFleet &m_observed;
    QList<Member> m_members; ///< those that are clusters of the environment
    Adopted m_made;
};

} // namespace

Result<Adopted> adopt(const QString &name, const observe::ObservedFleet &observed)
{
    return Adopter(name, observed).run();
}

} // namespace catamaran::fleet
