// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/expectation.h"

#include "core/printable.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstdlib>

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

observe::Health judgeShares(int requests, int ok, const probe::ShareVerdict &verdict)
{
    using observe::Health;
    if (requests == 0)
        return Health::Unknown;
    if (ok == 0)
        return Health::Failed;
    if (verdict.state == probe::ShareVerdict::State::Differs)
        return verdict.missing.isEmpty() ? Health::Warning : Health::Failed;
    if (ok < requests)
        return Health::Warning;
    return verdict.state == probe::ShareVerdict::State::TooFew ? Health::Unknown : Health::Ok;
}

QString changeText(const probe::ShareChange &change)
{
    const auto percent = [](const QMap<QString, int> &counts, const QString &version) {
        const QList<QString> names = counts.keys();
        return probe::wholePercents(counts.values()).value(names.indexOf(version), 0);
    };
    QMap<QString, int> all = change.before;
    all.insert(change.after);
    QString most;
    int from = 0, to = 0;
    for (auto it = all.keyBegin(); it != all.keyEnd(); ++it) {
        const int before = percent(change.before, *it), after = percent(change.after, *it);
        if (std::abs(after - before) > std::abs(to - from)) {
            most = *it;
            from = before;
            to = after;
        }
    }
    return QCoreApplication::translate("VerifyPlace", "%1: %2 → %3 %")
        .arg(most.isEmpty() ? QCoreApplication::translate("VerifyPlace", "other") : core::printableLine(most), QString::number(from),
            QString::number(to));
}

QString endpointsText(const observe::ObservedFleet &fleet)
{
    QStringList parts;
    for (const observe::ObservedCluster &cluster : fleet.clusters) {
        parts += cluster.name + (cluster.reachable ? u'+' : u'-');
        for (const observe::ObservedWorkload &workload : cluster.workloads)
            parts += QStringLiteral("%1/%2 %3 %4 %5")
                         .arg(workload.ns, workload.name, workload.version)
                         .arg(workload.ready)
                         .arg(workload.injected ? 1 : 0);
    }
    return parts.join(u'\n');
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
