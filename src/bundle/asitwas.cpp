// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "bundle/asitwas.h"

#include "bundle/fields.h"

// The lists of fields stand where their types do, so that they are found by them.
namespace catamaran::core {
constexpr ErrorKind lastOf(ErrorKind)
{
    return ErrorKind::Internal;
}
template <typename A> void fields(A &a, HeldField &held)
{
    a("manager", held.manager);
    a("field", held.field);
}
template <typename A> void fields(A &a, Error &error)
{
    a("kind", error.kind);
    a("tried", error.tried);
    a("target", error.target);
    a("answer", error.answer);
    a("remedy", error.remedy);
    a("http_status", error.httpStatus);
    a("code", error.code);
    a("request_id", error.requestId);
}
} // namespace catamaran::core

namespace catamaran::mesh {
constexpr Mode lastOf(Mode)
{
    return Mode::Unknown;
}
constexpr MeshState lastOf(MeshState)
{
    return MeshState::Unknown;
}
template <typename A> void fields(A &a, MemberCluster &member)
{
    a("cluster_id", member.clusterId);
    a("cluster_name", member.clusterName);
    a("mode", member.mode);
    a("state", member.state);
    a("network", member.network);
    a("gateway", member.gateway);
}
template <typename A> void fields(A &a, MeshStatus &status)
{
    a("id", status.id);
    a("name", status.name);
    a("region", status.region);
    a("version", status.version);
    a("state_word", status.stateWord);
    a("error_message", status.errorMessage);
    a("owner", status.owner);
    a("state", status.state);
    a("members", status.members);
    a("root_fingerprints", status.rootFingerprints);
    a("root_error", status.rootError);
    a("members_known", status.membersKnown);
    a("networks_known", status.networksKnown);
    a("unread", status.unread);
    a("provider", status.provider);
}
} // namespace catamaran::mesh

namespace catamaran::ops {
template <typename A> void fields(A &a, FaultMark &mark)
{
    a("execution", mark.execution);
    a("step", mark.step);
    a("replicas", mark.replicas);
    a("set", mark.set);
    a("name", mark.name);
    a("at", mark.at);
}
} // namespace catamaran::ops

namespace catamaran::observe {
constexpr Health lastOf(Health)
{
    return Health::Stale;
}
template <typename A> void fields(A &a, Condition &condition)
{
    a("type", condition.type);
    a("health", condition.health);
    a("reason", condition.reason);
    a("evidence", condition.evidence);
    a("source", condition.source);
    a("at", condition.at);
    a("subject", condition.subject);
    a("hearsay", condition.isHearsay);
}
template <typename A> void fields(A &a, ObservedWorkload &workload)
{
    a("namespace", workload.ns);
    a("name", workload.name);
    a("version", workload.version);
    a("desired", workload.desired);
    a("ready", workload.ready);
    a("injected", workload.injected);
    a("pods", workload.podNames);
    a("image", workload.image);
    a("why", workload.why);
    a("pods_known", workload.podsKnown);
    a("apart", workload.apart);
}
template <typename A> void fields(A &a, ObservedFault &fault)
{
    a("api_version", fault.apiVersion);
    a("kind", fault.kind);
    a("namespace", fault.ns);
    a("name", fault.name);
    a("mark", fault.mark);
}
template <typename A> void fields(A &a, Unread &unread)
{
    a("resource", unread.resource);
    a("namespace", unread.ns);
    a("error", unread.error);
}
template <typename A> void fields(A &a, ObservedCluster &cluster)
{
    a("name", cluster.name);
    a("cloud_id", cluster.cloudId);
    a("region", cluster.region);
    a("vpc", cluster.vpcId);
    a("version", cluster.kubeVersion);
    a("api_server", cluster.apiServer);
    a("pod_cidr", cluster.podCidr);
    a("service_cidr", cluster.serviceCidr);
    a("reachable", cluster.reachable);
    a("injected_namespaces", cluster.injectedNamespaces);
    a("workloads", cluster.workloads);
    a("gateway_address", cluster.gatewayAddress);
    a("conditions", cluster.conditions);
    a("v_switches", cluster.vSwitches);
    a("public_api_server", cluster.publicApiServer);
    a("services", cluster.services);
    a("namespaces", cluster.namespaces);
    a("own_namespaces", cluster.ownNamespaces);
    a("faults", cluster.faults);
    a("provider", cluster.provider);
    a("external_services", cluster.externalServices);
    a("unread", cluster.unread);
    a("read_one_by_one", cluster.readOneByOne);
    a("serving", cluster.serving);
    a("gateway_addresses", cluster.gatewayAddresses);
    a("network", cluster.network);
    a("control_plane_ready", cluster.controlPlaneReady);
}
template <typename A> void fields(A &a, ObservedMesh &mesh)
{
    a("status", mesh.status);
    a("conditions", mesh.conditions);
}
template <typename A> void fields(A &a, ObservedFleet &fleet)
{
    a("environment", fleet.environment);
    a("at", fleet.at);
    a("clusters", fleet.clusters);
    a("meshes", fleet.meshes);
    a("trust", fleet.trust);
    a("account", fleet.account);
    a("errors", fleet.errors);
    a("restores", fleet.restores);
    a("mesh_versions", fleet.meshVersions);
    a("meshes_error", fleet.meshesError);
    a("clusters_error", fleet.clustersError);
    a("versions_error", fleet.versionsError);
}
} // namespace catamaran::observe

namespace catamaran::truth {
constexpr Layer lastOf(Layer)
{
    return Layer::Request;
}
constexpr Basis lastOf(Basis)
{
    return Basis::Proven;
}
constexpr Standing lastOf(Standing)
{
    return Standing::Unknown;
}
template <typename A> void fields(A &a, Direction &direction)
{
    a("from", direction.from);
    a("to", direction.to);
}
template <typename A> void fields(A &a, Cell &cell)
{
    a("layer", cell.layer);
    a("health", cell.health);
    a("basis", cell.basis);
    a("evidence", cell.evidence);
    a("source", cell.source);
    a("at", cell.at);
    a("needs", cell.needs);
    a("latent", cell.latent);
}
template <typename A> void fields(A &a, DirectionState &state)
{
    a("direction", state.direction);
    a("cells", state.cells);
    a("standing", state.standing);
    a("health", state.health);
    a("proven_at", state.provenAt);
}
template <typename A> void fields(A &a, Matrix &matrix)
{
    a("at", matrix.at);
    a("clusters", matrix.clusters);
    a("directions", matrix.directions);
}
} // namespace catamaran::truth

namespace catamaran::findings {
constexpr Layer lastOf(Layer)
{
    return Layer::Drill;
}
template <typename A> void fields(A &a, Evidence &evidence)
{
    a("text", evidence.text);
    a("source", evidence.source);
    a("at", evidence.at);
}
template <typename A> void fields(A &a, Accepted &accepted)
{
    a("until", accepted.until);
    a("reason", accepted.reason);
}
template <typename A> void fields(A &a, Finding &finding)
{
    a("rule", finding.rule);
    a("layer", finding.layer);
    a("state", finding.state);
    a("cluster", finding.cluster);
    a("object", finding.object);
    a("from", finding.from);
    a("to", finding.to);
    a("both_ways", finding.bothWays);
    a("services", finding.services);
    a("sentence", finding.sentence);
    a("evidence", finding.evidence);
    a("remedy", finding.remedy);
    a("since", finding.since);
    a("accepted", finding.accepted);
}
} // namespace catamaran::findings

namespace catamaran::bundle {

namespace {

struct Found {
    QList<findings::Finding> findings;
};
template <typename A> void fields(A &a, Found &found)
{
    a("findings", found.findings);
}

template <typename T> bool readInto(const QJsonObject &object, T &value)
{
    return Reader::read(object, value);
}

} // namespace

QJsonObject toJson(const observe::ObservedFleet &fleet)
{
    return Writer::written(fleet).toObject();
}

QJsonObject toJson(const truth::Matrix &matrix)
{
    return Writer::written(matrix).toObject();
}

QJsonObject toJson(const QList<findings::Finding> &findings)
{
    return Writer::written(Found { findings }).toObject();
}

bool read(const QJsonObject &object, observe::ObservedFleet &fleet)
{
    return readInto(object, fleet);
}

bool read(const QJsonObject &object, truth::Matrix &matrix)
{
    return readInto(object, matrix);
}

bool read(const QJsonObject &object, QList<findings::Finding> &findings)
{
    Found found;
    const bool ok = readInto(object, found);
    findings = found.findings;
    return ok;
}

} // namespace catamaran::bundle
