// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "describe.h"

#include "fleetfacts.h"
#include "mesh/providers.h"
#include "observe/identity.h"
#include "ui/common/format.h"
#include "ui/topology/objectid.h"

#include <QCoreApplication>

#include <algorithm>

namespace catamaran::ui {
namespace {

using objectid::Kind;

struct ObjectText {
    Q_DECLARE_TR_FUNCTIONS(ObjectText)
};

void addRow(ObjectFacts &facts, const QString &key, const QString &value, bool mono = false)
{
    if (!value.isEmpty())
        facts.rows.append({ key, value, {}, mono, std::nullopt });
}

/// What is read or said is at best what the matrix has proven of it.
void prove(ObjectFacts &facts, observe::Health said, const PartTruth &truth)
{
    facts.truth = truth;
    facts.look = said == observe::Health::Ok ? truth.look : lookOf(said);
}

void describeRoot(ObjectFacts &facts, const observe::FleetView &view, const MapTruth &truth)
{
    const observe::ObservedFleet &fleet = view.fleet();
    facts.kind = ObjectText::tr("Trust root");
    facts.glyph = QStringLiteral("root");
    prove(facts, trustHealth(fleet), truth.trust());
    facts.conditions = fleet.trust;
    QStringList meshes;
    for (const auto &mesh : fleet.meshes) {
        meshes << mesh.status.name;
        facts.related << objectid::mesh(mesh.status.name);
        QStringList prints = mesh.status.rootFingerprints.values();
        prints.sort();
        addRow(facts, ObjectText::tr("Root of %1").arg(mesh.status.name),
            prints.isEmpty() ? ObjectText::tr("not read: %1").arg(mesh.status.rootError) : prints.join(u'\n'), !prints.isEmpty());
    }
    facts.rows.prepend({ ObjectText::tr("Meshes"), meshes.join(QStringLiteral(", ")) });
    QStringList commands; // where each mesh gives its root to the workloads that it manages
    for (const auto &mesh : fleet.meshes) {
        for (const auto &member : mesh.status.members) {
            if (const auto *cluster = member.mode == mesh::Mode::Managed ? view.clusterOf(member) : nullptr) {
                commands << cluster->byHand.kubectl({ QStringLiteral("-n"), QStringLiteral("istio-system"), QStringLiteral("get"),
                                QStringLiteral("configmap/istio-ca-root-cert"), QStringLiteral("-o"),
                                QStringLiteral("jsonpath={.data.root-cert\\.pem}") })
                        + QStringLiteral(" |\n  openssl x509 -noout -subject -fingerprint -sha256");
            }
        }
    }
    facts.command = commands.join(u'\n');
}

void describeMesh(ObjectFacts &facts, const observe::FleetView &view, const observe::ObservedMesh &mesh, const MapTruth &truth)
{
    facts.kind = ObjectText::tr("Mesh (control plane)");
    facts.glyph = QStringLiteral("mesh");
    prove(facts, healthOf(mesh), truth.mesh(mesh.status.name));
    facts.conditions = mesh.conditions;
    addRow(facts, ObjectText::tr("State, as reported"), stateWord(mesh.status.state));
    addRow(facts, ObjectText::tr("Version"), mesh.status.version);
    addRow(facts, ObjectText::tr("Region"), mesh.status.region);
    addRow(facts, ObjectText::tr("Id"), mesh.status.id, true);
    addRow(facts, ObjectText::tr("Error"), mesh.status.errorMessage);
    for (const auto &plane : mesh.status.controlPlanes)
        addRow(facts, ObjectText::tr("Control plane %1").arg(plane.revision),
            ObjectText::tr("%1, %2 of %3 ready").arg(plane.place, QString::number(plane.ready), QString::number(plane.desired)));
    addRow(facts, ObjectText::tr("Mesh id"), mesh.status.meshId);
    addRow(facts, ObjectText::tr("Trust domain"), mesh.status.trustDomain);
    addRow(facts, ObjectText::tr("Not changed here"), mesh.status.notOurs.join(u'\n'));
    for (const auto &member : mesh.status.members) {
        const auto *cluster = view.clusterOf(member);
        const QString name = observe::toldName(member);
        QStringList words { modeWord(member.mode) };
        if (!member.network.isEmpty())
            words << member.network;
        if (member.gateway)
            words << ObjectText::tr("gateway");
        if (!member.state.isEmpty())
            words << member.state;
        for (const auto &word : member.words)
            words << (word.error ? ObjectText::tr("%1 did not tell").arg(word.replica)
                                 : ObjectText::tr("%1 says %2").arg(word.replica, word.word));
        if (!member.lost.isEmpty())
            words << ObjectText::tr("cannot be read now: %1").arg(member.lost.first().words);
        addRow(facts, name, words.join(QStringLiteral(" · ")));
        if (cluster)
            facts.related << objectid::cluster(cluster->name);
    }
    facts.related << objectid::root();
    facts.command = mesh::kindOf(mesh.status).meshCommand(mesh.status);
}

void describeNetwork(ObjectFacts &facts, const observe::FleetView &view, const QString &network, const MapTruth &truth)
{
    const observe::ObservedFleet &fleet = view.fleet();
    facts.kind = ObjectText::tr("Network");
    facts.glyph = QStringLiteral("network");
    const QStringList clusters = view.clustersIn(network);
    facts.look = truth.look(view, clusters);
    addRow(facts, ObjectText::tr("Clusters"), clusters.join(QStringLiteral(", ")));
    QStringList gateways;
    for (const QString &name : clusters) {
        const auto *cluster = view.cluster(name);
        facts.related << objectid::cluster(name);
        if (!cluster->gatewayAddress.isEmpty())
            gateways << cluster->gatewayAddress;
    }
    addRow(facts, ObjectText::tr("Gateways"), gateways.isEmpty() ? ObjectText::tr("none") : gateways.join(QStringLiteral(", ")));
    if (network.isEmpty())
        addRow(facts, ObjectText::tr("Meaning"),
            fleet.meshesUnknown()        ? ObjectText::tr("Whether a mesh joins these clusters is unknown: the meshes could not be listed.")
                : fleet.meshes.isEmpty() ? ObjectText::tr("There is no mesh: requests stay in their cluster.")
                                         : ObjectText::tr("No mesh gives these clusters a network: their pods reach each other directly."));
}

void describeCluster(ObjectFacts &facts, const observe::FleetView &view, const observe::ObservedCluster &cluster, const MapTruth &truth)
{
    facts.kind = ObjectText::tr("Cluster");
    facts.glyph = QStringLiteral("cluster");
    facts.look = truth.look(cluster);
    facts.truth = truth.cluster(cluster.name);
    facts.conditions = cluster.conditions;
    addRow(facts, ObjectText::tr("Managed by"), view.managingMesh(cluster.name));
    addRow(facts, ObjectText::tr("Network"), networkTitle(view.networkOf(cluster.name)));
    addRow(facts, ObjectText::tr("Kubernetes"), cluster.kubeVersion);
    addRow(facts, ObjectText::tr("Region"), cluster.region);
    addRow(facts, ObjectText::tr("VPC"), cluster.vpcId, true);
    addRow(facts, ObjectText::tr("Id"), cluster.cloudId, true);
    addRow(facts, ObjectText::tr("API server"), cluster.apiServer, true);
    addRow(facts, ObjectText::tr("Pod addresses"), cluster.podCidr, true);
    addRow(facts, ObjectText::tr("Service addresses"), cluster.serviceCidr, true);
    addRow(facts, ObjectText::tr("Injection"),
        cluster.injectedNamespaces.isEmpty() ? ObjectText::tr("in no namespace") : cluster.injectedNamespaces.join(QStringLiteral(", ")));
    if (const QString mesh = view.managingMesh(cluster.name); !mesh.isEmpty())
        facts.related << objectid::mesh(mesh);
    facts.related << objectid::network(view.networkOf(cluster.name));
    for (const auto &workload : cluster.workloads)
        facts.related << objectid::workload(cluster.name, workload.ns, workload.name);
    facts.command = cluster.byHand.kubectl({ QStringLiteral("get"), QStringLiteral("deployments,pods"), QStringLiteral("-A") });
}

void describeGateway(ObjectFacts &facts, const observe::ObservedCluster &cluster, const MapTruth &truth)
{
    facts.kind = ObjectText::tr("Cross-cluster gateway");
    facts.glyph = QStringLiteral("gateway");
    addRow(facts, ObjectText::tr("Cluster"), cluster.name);
    addRow(facts, ObjectText::tr("Address"),
        !cluster.gatewayAddress.isEmpty()                                  ? cluster.gatewayAddress
            : findCondition(cluster.conditions, QStringLiteral("Gateway")) ? ObjectText::tr("none yet")
                                                                           : ObjectText::tr("declared, not seen yet"),
        !cluster.gatewayAddress.isEmpty());
    addRow(facts, ObjectText::tr("Port"), QStringLiteral("15443"));
    addRow(facts, ObjectText::tr("TLS"), ObjectText::tr("passed through by SNI"));
    observe::Health said
        = cluster.gatewayAddress.isEmpty() ? observe::Health::Unknown : (cluster.reachable ? observe::Health::Ok : observe::Health::Stale);
    if (const auto *condition = findCondition(cluster.conditions, QStringLiteral("Gateway"))) {
        facts.conditions = { *condition };
        said = condition->health;
    }
    prove(facts, said, truth.gateway(cluster.name));
    facts.related = { objectid::cluster(cluster.name) };
    facts.command = cluster.byHand.kubectl(
        { QStringLiteral("-n"), QStringLiteral("istio-system"), QStringLiteral("get"), QStringLiteral("services,pods") });
}

void describeWorkload(
    ObjectFacts &facts, const observe::FleetView &view, const observe::ObservedCluster &cluster, const observe::ObservedWorkload &workload)
{
    const observe::ObservedFleet &fleet = view.fleet();
    facts.kind = ObjectText::tr("Workload");
    facts.glyph = QStringLiteral("workload");
    facts.title = workload.name;
    facts.look = lookOf(healthOf(workload));
    addRow(facts, ObjectText::tr("Cluster"), cluster.name);
    addRow(facts, ObjectText::tr("Namespace"), workload.ns);
    addRow(facts, ObjectText::tr("Version"), workload.version);
    addRow(facts, ObjectText::tr("Pods ready"), ObjectText::tr("%1 of %2").arg(workload.ready).arg(workload.desired));
    addRow(facts, ObjectText::tr("Sidecar"),
        workload.injected                                     ? ObjectText::tr("in every pod")
            : !workload.apart.isEmpty()                       ? ObjectText::tr("none, as it is meant: %1").arg(workload.apart)
            : fleet.meshesUnknown() && fleet.meshes.isEmpty() ? ObjectText::tr("none; the meshes could not be listed")
            : fleet.meshes.isEmpty()                          ? ObjectText::tr("none: there is no mesh here")
                                                              : ObjectText::tr("missing: this workload is outside the mesh"));
    addRow(facts, ObjectText::tr("Not ready because"), workload.why);
    addRow(facts, ObjectText::tr("Pods"), workload.podNames.join(u'\n'), true);
    for (const auto &condition : cluster.conditions) {
        if (condition.type == QLatin1String("Workload") && condition.subject == workload.ns + u'/' + workload.name)
            facts.conditions << condition;
    }
    facts.related = { objectid::cluster(cluster.name) };
    facts.command = cluster.byHand.kubectl({ QStringLiteral("-n"), workload.ns, QStringLiteral("get"),
        QStringLiteral("deployment/") + workload.name, QStringLiteral("-o"), QStringLiteral("wide") });
}

} // namespace

bool isWordOnly(const observe::Condition &condition)
{
    static const QStringList words { QStringLiteral("Running"), QStringLiteral("Discovery"), QStringLiteral("RootShared"),
        QStringLiteral("Gateway") };
    return words.contains(condition.type);
}

ObjectFacts describeObject(
    const observe::FleetView &view, const QString &objectId, const QMap<QString, QString> &faults, const truth::Matrix &matrix)
{
    const observe::ObservedFleet &fleet = view.fleet();
    const MapTruth truth(view, matrix);
    const auto id = objectid::parse(objectId);
    ObjectFacts facts;
    const auto *cluster = view.cluster(id.name);
    switch (id.kind) {
    case Kind::None:
    case Kind::Link: return {};
    case Kind::Root:
        if (fleet.meshes.isEmpty())
            return {};
        describeRoot(facts, view, truth);
        break;
    case Kind::Mesh: {
        const auto *mesh = view.mesh(id.name);
        if (!mesh)
            return {};
        describeMesh(facts, view, *mesh, truth);
        break;
    }
    case Kind::Network:
        if (!view.networks().contains(id.name))
            return {};
        describeNetwork(facts, view, id.name, truth);
        break;
    case Kind::Cluster:
        if (!cluster)
            return {};
        describeCluster(facts, view, *cluster, truth);
        break;
    case Kind::Gateway:
        if (!cluster || !view.hasGateway(id.name))
            return {};
        describeGateway(facts, *cluster, truth);
        break;
    case Kind::Workload: {
        const auto *workload = cluster ? findWorkload(*cluster, id.ns, id.workload) : nullptr;
        if (!workload)
            return {};
        describeWorkload(facts, view, *cluster, *workload);
        break;
    }
    }
    facts.id = objectId;
    if (facts.title.isEmpty())
        facts.title = objectTitle(objectId);
    Impairments impaired;
    for (auto fault = faults.cbegin(); fault != faults.cend(); ++fault)
        impaired.insert(fault.key(), { true, fault.value() });
    impairAgain(impaired, view, faults, truth, { id.name }, { id.name });
    if (impaired.contains(objectId)) {
        facts.note = impaired.value(objectId).reason;
        facts.look = impaired.value(objectId).dead ? Look::Failed : Look::Stale;
    }
    return facts;
}

QList<findings::Finding> findingsAbout(const observe::FleetView &view, const QString &objectId, const QList<findings::Finding> &found)
{
    const objectid::ObjectId id = objectid::parse(objectId);
    QStringList services; // that a workload stands behind
    if (const observe::ObservedCluster *cluster = id.kind == objectid::Kind::Workload ? view.cluster(id.name) : nullptr)
        for (auto it = cluster->serving.cbegin(); it != cluster->serving.cend(); ++it)
            if (it.key().section(u'/', 0, 0) == id.ns && it->contains(id.workload))
                services << it.key();
    const auto isAbout = [&](const findings::Finding &one) {
        const QString object = one.object.section(u' ', 1);
        switch (id.kind) {
        case objectid::Kind::None:
        case objectid::Kind::Link: return false;
        case objectid::Kind::Root: return one.layer == findings::Layer::Trust;
        case objectid::Kind::Mesh: return one.object == id.name;
        case objectid::Kind::Network: {
            const observe::ObservedCluster *cluster = view.cluster(one.cluster);
            return one.layer == findings::Layer::Gateway && cluster && cluster->network == id.name;
        }
        case objectid::Kind::Cluster: return one.cluster == id.name;
        case objectid::Kind::Gateway: return one.cluster == id.name && one.layer == findings::Layer::Gateway;
        case objectid::Kind::Workload:
            return one.cluster == id.name
                && (object == id.ns + u'/' + id.workload || std::any_of(services.begin(), services.end(), [&](const QString &service) {
                       return one.services.contains(service) || object == service;
                   }));
        }
        return false;
    };
    QList<findings::Finding> about;
    for (const findings::Finding &one : found)
        if (one.state != observe::Health::Unknown && isAbout(one))
            about.append(one);
    return about;
}

int unaskedOf(const QString &objectId, const QList<findings::Finding> &found)
{
    const objectid::ObjectId id = objectid::parse(objectId);
    const bool isOfCluster
        = id.kind == objectid::Kind::Cluster || id.kind == objectid::Kind::Gateway || id.kind == objectid::Kind::Workload;
    return int(std::count_if(found.begin(), found.end(),
        [&](const findings::Finding &one) { return isOfCluster && one.state == observe::Health::Unknown && one.cluster == id.name; }));
}

QStringList allObjects(const observe::FleetView &view)
{
    const observe::ObservedFleet &fleet = view.fleet();
    QStringList ids;
    if (!fleet.meshes.isEmpty())
        ids << objectid::root();
    for (const auto &mesh : fleet.meshes)
        ids << objectid::mesh(mesh.status.name);
    for (const QString &network : view.networks()) {
        ids << objectid::network(network);
        for (const QString &name : view.clustersIn(network)) {
            ids << objectid::cluster(name);
            if (view.hasGateway(name))
                ids << objectid::gateway(name);
            for (const auto &workload : view.cluster(name)->workloads)
                ids << objectid::workload(name, workload.ns, workload.name);
        }
    }
    return ids;
}

} // namespace catamaran::ui
