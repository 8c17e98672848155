// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observedfleet.h"

/// The guide's fleet as values, for tests of what draws it.
namespace catamaran::test {

inline observe::Condition condition(const QString &type, observe::Health health, const QString &reason)
{
    return { type, health, reason, QStringLiteral("evidence of ") + type, QStringLiteral("GET /version"),
        QDateTime::fromSecsSinceEpoch(1750000000, Qt::UTC) };
}

inline observe::ObservedWorkload workload(const QString &name, const QString &version, int ready, int desired, bool injected = true)
{
    observe::ObservedWorkload one;
    one.ns = QStringLiteral("default");
    one.name = name;
    one.version = version;
    one.ready = ready;
    one.desired = desired;
    one.injected = injected;
    for (int i = 0; i < ready; ++i)
        one.podNames << QStringLiteral("%1-7b888c5f9-%2").arg(name).arg(i);
    return one;
}

inline observe::ObservedCluster cluster(int number)
{
    observe::ObservedCluster one;
    one.name = QStringLiteral("cluster-%1").arg(number);
    one.cloudId = QStringLiteral("c-%1").arg(number);
    one.region = QStringLiteral("cn-hangzhou");
    one.kubeVersion = QStringLiteral("v1.30.1");
    one.apiServer = QStringLiteral("https://127.0.%1.1:6443").arg(number);
    one.podCidr = QStringLiteral("127.%1.0.0/16").arg(100 + number);
    one.reachable = true;
    one.byHand = { { QStringLiteral("/k/%1").arg(number) }, QStringLiteral("context-%1").arg(number), {} };
    one.injectedNamespaces = { QStringLiteral("default") };
    one.gatewayAddress = QStringLiteral("127.0.%1.200").arg(number);
    one.conditions = { condition(QStringLiteral("Reachable"), observe::Health::Ok, QStringLiteral("API server answers")),
        condition(QStringLiteral("Gateway"), observe::Health::Ok, QStringLiteral("listens on 127.0.%1.200:15443").arg(number)) };
    return one;
}

inline mesh::MemberCluster member(int number, mesh::Mode mode, bool gateway, bool networks = true)
{
    mesh::MemberCluster one;
    one.clusterId = QStringLiteral("c-%1").arg(number);
    one.clusterName = QStringLiteral("cluster-%1").arg(number);
    one.mode = mode;
    one.state = QStringLiteral("running");
    if (networks)
        one.network = QStringLiteral("network%1").arg(number);
    one.gateway = gateway;
    return one;
}

/// Two meshes, two clusters, two networks; @p networks false: one flat network without gateways.
inline observe::ObservedFleet guideFleet(bool networks = true)
{
    observe::ObservedFleet fleet;
    fleet.environment = QStringLiteral("practice-range");
    fleet.at = QDateTime::fromSecsSinceEpoch(1750000000, Qt::UTC);
    fleet.clusters = { cluster(1), cluster(2) };
    fleet.clusters[0].workloads
        = { workload(QStringLiteral("helloworld-v1"), QStringLiteral("v1"), 1, 1), workload(QStringLiteral("sleep"), {}, 1, 1) };
    fleet.clusters[1].workloads = { workload(QStringLiteral("helloworld-v2"), QStringLiteral("v2"), 1, 1) };
    for (int number : { 1, 2 }) {
        observe::ObservedMesh mesh;
        mesh.status.id = QStringLiteral("m-%1").arg(number);
        mesh.status.name = QStringLiteral("mesh-%1").arg(number);
        mesh.status.region = QStringLiteral("cn-hangzhou");
        mesh.status.version = QStringLiteral("v1.22.6.71");
        mesh.status.state = mesh::MeshState::Running;
        mesh.status.rootFingerprints = { QStringLiteral("ab12cd34") };
        for (int other : { 1, 2 })
            mesh.status.members << member(
                other, number == other ? mesh::Mode::Managed : mesh::Mode::DiscoveryOnly, networks && number == other, networks);
        mesh.conditions = { condition(QStringLiteral("Running"), observe::Health::Ok, QStringLiteral("running")) };
        fleet.meshes << mesh;
    }
    fleet.trust = { condition(QStringLiteral("RootShared"), observe::Health::Ok, QStringLiteral("mesh-1 and mesh-2 have the same root")) };
    if (!networks) {
        for (auto &one : fleet.clusters) {
            one.gatewayAddress.clear();
            one.conditions.removeIf([](const observe::Condition &of) { return of.type == QLatin1String("Gateway"); });
        }
    }
    return fleet;
}

} // namespace catamaran::test
