// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/fleetdocument.h"
#include "observe/observedfleet.h"
#include "support/paths.h"

/// Worlds to plan for, as values.
namespace catamaran::tests {

inline documents::FleetDocument exampleFleet(const QString &name = QStringLiteral("two-meshes"))
{
    return documents::loadFleet(tests::sourceFile(QStringLiteral("resources/fleets/")) + name + QStringLiteral(".yaml")).value();
}

inline observe::ObservedCluster emptyCluster(int number)
{
    observe::ObservedCluster cluster;
    cluster.name = QStringLiteral("cluster-%1").arg(number);
    cluster.cloudId = QStringLiteral("c0ffee0000000000000000000000000%1").arg(number, 2, 10, QLatin1Char('0'));
    cluster.region = QStringLiteral("cn-hangzhou");
    cluster.vpcId = QStringLiteral("vpc-%1").arg(number);
    cluster.vSwitches = QStringList { QStringLiteral("vsw-%1").arg(number) };
    cluster.podCidr = QStringLiteral("10.%1.0.0/16").arg(number);
    cluster.publicApiServer = QStringLiteral("https://127.0.0.1:6443");
    cluster.reachable = true;
    cluster.byHand = { { QStringLiteral("/k/%1").arg(number) }, QStringLiteral("context-%1").arg(number), {} };
    cluster.namespaces = QStringList { QStringLiteral("default") };
    cluster.conditions
        = { { QStringLiteral("Reachable"), observe::Health::Ok, QStringLiteral("answers"), {}, QStringLiteral("GET /version"), {} } };
    return cluster;
}

/// Two reachable clusters and nothing else.
inline observe::ObservedFleet emptyWorld()
{
    observe::ObservedFleet world;
    world.environment = QStringLiteral("lab");
    world.clusters = { emptyCluster(1), emptyCluster(2) };
    return world;
}

inline observe::ObservedMesh runningMesh(int number, const QString &root = QStringLiteral("aa"))
{
    observe::ObservedMesh mesh;
    mesh.status.id = QStringLiteral("c00000000000000000000000000000m%1").arg(number);
    mesh.status.name = QStringLiteral("mesh-%1").arg(number);
    mesh.status.version = QStringLiteral("v1.22.6.71-g7d67a80b-aliyun");
    mesh.status.state = mesh::MeshState::Running;
    mesh.status.stateWord = QStringLiteral("running");
    mesh.status.owner = QStringLiteral("execution-1");
    mesh.status.rootFingerprints = { root };
    mesh.conditions = { { QStringLiteral("Running"), observe::Health::Ok, QStringLiteral("runs"), QStringLiteral("state: running"),
        QStringLiteral("DescribeServiceMeshes"), {} } };
    return mesh;
}

inline mesh::MemberCluster member(int cluster, mesh::Mode mode)
{
    return { emptyCluster(cluster).cloudId, QStringLiteral("cluster-%1").arg(cluster), mode, QStringLiteral("running"),
        QStringLiteral("network%1").arg(cluster), mode == mesh::Mode::Managed };
}

inline observe::ObservedWorkload workload(const QString &name, const QString &version, int replicas = 1)
{
    return { QStringLiteral("default"), name, version, replicas, replicas, replicas > 0,
        replicas > 0 ? QStringList { name + QStringLiteral("-x") } : QStringList() };
}

/// Everything that two-meshes asks for.
inline observe::ObservedFleet finishedWorld()
{
    observe::ObservedFleet world = emptyWorld();
    world.meshes = { runningMesh(1), runningMesh(2) };
    world.meshes[0].status.members = { member(1, mesh::Mode::Managed), member(2, mesh::Mode::DiscoveryOnly) };
    world.meshes[1].status.members = { member(1, mesh::Mode::DiscoveryOnly), member(2, mesh::Mode::Managed) };
    world.clusters[0].injectedNamespaces = world.clusters[1].injectedNamespaces = QStringList { QStringLiteral("default") };
    world.clusters[0].workloads
        = { workload(QStringLiteral("helloworld-v1"), QStringLiteral("v1")), workload(QStringLiteral("sleep"), {}) };
    world.clusters[0].services
        = QStringList { QStringLiteral("default/helloworld"), QStringLiteral("default/kubernetes"), QStringLiteral("default/sleep") };
    world.clusters[1].workloads = { workload(QStringLiteral("helloworld-v2"), QStringLiteral("v2")) };
    world.clusters[1].services = QStringList { QStringLiteral("default/helloworld"), QStringLiteral("default/kubernetes") };
    return world;
}

} // namespace catamaran::tests
