// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/expectation.h"

#include <QUrl>

#include <algorithm>
#include <cmath>

namespace catamaran::ui {

namespace {

bool isClient(const QString &name)
{
    return name == QLatin1String("sleep") || name.startsWith(QLatin1String("sleep-")) || name.startsWith(QLatin1String("curl"));
}

} // namespace

QList<probe::Source> possibleSources(const observe::ObservedFleet &fleet, bool all)
{
    QList<probe::Source> clients, others;
    for (const observe::ObservedCluster &cluster : fleet.clusters) {
        for (const observe::ObservedWorkload &workload : cluster.workloads) {
            if (workload.ready <= 0 && !all)
                continue;
            (isClient(workload.name) ? clients : others).append({ cluster.name, workload.ns, workload.name });
        }
    }
    return clients + others;
}

QMap<QString, double> expectedSplit(const observe::ObservedFleet &fleet, const QString &url, const QString &ns, const QString &from)
{
    // "helloworld", "helloworld.default" and "helloworld.default.svc.cluster.local" are one service.
    const QStringList host = QUrl(url).host().split(u'.');
    const QString service = host.value(0);
    const QString serviceNs = host.size() > 1 ? host.at(1) : ns;
    QMap<QString, double> pods;
    double total = 0;
    if (service.isEmpty())
        return {};
    if (fleet.meshes.isEmpty() && fleet.meshesUnknown() && fleet.clusters.size() > 1)
        return {}; // nobody knows how far a request goes
    for (const observe::ObservedCluster &cluster : fleet.clusters) {
        if (fleet.meshes.isEmpty() && !from.isEmpty() && cluster.name != from)
            continue; // without a mesh a request stays in its cluster
        for (const observe::ObservedWorkload &workload : cluster.workloads) {
            const bool fits = workload.ns == serviceNs && (workload.name == service || workload.name.startsWith(service + u'-'));
            if (!fits || workload.version.isEmpty() || workload.ready <= 0)
                continue;
            pods[workload.version] += workload.ready;
            total += workload.ready;
        }
    }
    for (double &value : pods)
        value /= total;
    return pods;
}

observe::Health judgeShares(int requests, const QMap<QString, int> &versions, const QMap<QString, double> &expected)
{
    using observe::Health;
    int ok = 0;
    for (const int count : versions)
        ok += count;
    if (requests == 0)
        return Health::Unknown;
    if (ok == 0)
        return Health::Failed;
    Health health = ok < requests ? Health::Warning : Health::Ok;
    for (auto it = expected.cbegin(); it != expected.cend(); ++it) {
        if (versions.value(it.key()) > 0)
            continue;
        if (std::pow(1.0 - it.value(), ok) < 0.01)
            return Health::Failed;
        if (health == Health::Ok)
            health = Health::Unknown;
    }
    return probe::sharesDiffer(versions, expected) ? Health::Warning : health;
}

ClientMove possibleMove(const observe::ObservedFleet &fleet, const QString &ns)
{
    ClientMove move;
    move.ns = ns;
    for (const observe::ObservedCluster &cluster : fleet.clusters) {
        const auto sleep = std::find_if(cluster.workloads.begin(), cluster.workloads.end(),
            [&](const observe::ObservedWorkload &workload) { return workload.ns == ns && workload.name == QLatin1String("sleep"); });
        const bool stands = sleep != cluster.workloads.end();
        if (stands && sleep->desired > 0) {
            if (!move.fromCluster.isEmpty())
                return { ns, {}, {}, 1, {} }; // a client in both: nothing to move
            move.fromCluster = cluster.name;
            move.replicas = sleep->desired;
        } else if (move.toCluster.isEmpty()) {
            move.toCluster = cluster.name;
            if (stands)
                move.standing = sleep->desired;
        }
    }
    return move;
}

} // namespace catamaran::ui
