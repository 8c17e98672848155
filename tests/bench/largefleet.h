// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observedfleet.h"

namespace catamaran::bench {

/// A fleet of @p count clusters, in proportions of a thousand: 200 meshes, 50 networks, 4,000 memberships, 6,000 workloads. Every
/// cluster answers, is managed by one mesh, and is discovered by three others.
inline observe::ObservedFleet largeFleet(int count)
{
    observe::ObservedFleet fleet;
    fleet.environment = QStringLiteral("large");
    fleet.at = QDateTime::fromMSecsSinceEpoch(1'790'000'000'000, Qt::UTC);
    const int meshes = std::max(2, count / 5), networks = std::max(2, count / 20);
    const auto networkOf = [&](int i) { return QStringLiteral("network%1").arg(i * networks / count + 1); };
    for (int i = 0; i < count; ++i) {
        observe::ObservedCluster cluster;
        cluster.name = QStringLiteral("cluster-%1").arg(i + 1);
        cluster.cloudId = QStringLiteral("c%1").arg(i + 1, 32, 10, QLatin1Char('0'));
        cluster.region = QStringLiteral("eu-%1").arg(i % 7);
        cluster.kubeVersion = QStringLiteral("v1.32.1");
        cluster.reachable = true;
        cluster.network = networkOf(i);
        cluster.gatewayAddress = QStringLiteral("10.%1.%2.1").arg(i / 250).arg(i % 250);
        cluster.gatewayAddresses = { cluster.gatewayAddress };
        cluster.namespaces = { QStringLiteral("default"), QStringLiteral("istio-system"), QStringLiteral("kube-system") };
        cluster.conditions.append({ QStringLiteral("Reachable"), observe::Health::Ok, cluster.name + QStringLiteral(" answers"),
            cluster.kubeVersion, QStringLiteral("GET /version"), fleet.at });
        for (int w = 0; w < 6; ++w) {
            observe::ObservedWorkload workload;
            workload.ns = QStringLiteral("default");
            workload.name = QStringLiteral("service-%1").arg(w);
            workload.version = w % 2 ? QStringLiteral("v1") : QStringLiteral("v2");
            workload.desired = workload.ready = 2;
            workload.injected = true;
            workload.podNames = { workload.name + QStringLiteral("-a"), workload.name + QStringLiteral("-b") };
            cluster.workloads.append(workload);
        }
        fleet.clusters.append(cluster);
    }
    for (int m = 0; m < meshes; ++m) {
        observe::ObservedMesh mesh;
        mesh.status.id = QStringLiteral("m%1").arg(m + 1);
        mesh.status.name = QStringLiteral("mesh-%1").arg(m + 1);
        mesh.status.state = mesh::MeshState::Running;
        mesh.status.rootFingerprints = { QStringLiteral("AA:BB") };
        for (int i = 0; i < count; ++i) {
            const int own = i % meshes, away = (m - own + meshes) % meshes;
            if (away > std::min(3, meshes - 1))
                continue;
            mesh.status.members.append({ fleet.clusters.at(i).cloudId, fleet.clusters.at(i).name,
                away == 0 ? mesh::Mode::Managed : mesh::Mode::DiscoveryOnly, QStringLiteral("running"), networkOf(i), away == 0 });
        }
        fleet.meshes.append(mesh);
    }
    return fleet;
}

} // namespace catamaran::bench
