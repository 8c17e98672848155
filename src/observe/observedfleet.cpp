// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "observe/observedfleet.h"

#include "pki/ca.h"

#include <algorithm>

namespace catamaran::observe {

namespace {

/// How bad a health is when several are put together.
int badness(Health health)
{
    switch (health) {
    case Health::Ok: return 0;
    case Health::Unknown: return 1;
    case Health::Stale: return 2;
    case Health::Warning: return 3;
    case Health::Failed: return 4;
    }
    return 1;
}

} // namespace

const Condition *ObservedCluster::condition(const QString &type) const
{
    const auto found = std::find_if(conditions.begin(), conditions.end(), [&](const Condition &one) { return one.type == type; });
    return found == conditions.end() ? nullptr : &*found;
}

std::optional<core::Error> ObservedCluster::whyUnread(const QString &resource, const QString &ns, const QString &object) const
{
    static const QString spaces = QStringLiteral("namespaces");
    if (unread.isEmpty())
        return std::nullopt;
    if (resource != spaces && !whyUnread(spaces, ns) && !namespaces.contains(ns)) // what is not there has nothing in it
        return std::nullopt;
    const QStringList read = readOneByOne.value(resource);
    if (read.contains(ns) || (!object.isEmpty() && read.contains(ns + u'/' + object)))
        return std::nullopt;
    std::optional<core::Error> whole;
    for (const Unread &one : unread) {
        if (one.resource == resource && one.ns == ns)
            return one.error;
        if (one.resource == resource && one.ns.isEmpty())
            whole = one.error;
    }
    return whole;
}

QList<const ObservedWorkload *> ObservedCluster::workloadsBehind(const QString &key) const
{
    QList<const ObservedWorkload *> behind;
    const QString ns = key.section(u'/', 0, 0);
    const QStringList selected = serving.value(key);
    for (const ObservedWorkload &workload : workloads)
        if (workload.ns == ns && selected.contains(workload.name))
            behind.append(&workload);
    return behind;
}

const ObservedCluster *ObservedFleet::cluster(const QString &name) const
{
    const auto found = std::find_if(clusters.begin(), clusters.end(), [&](const ObservedCluster &one) { return one.name == name; });
    return found == clusters.end() ? nullptr : &*found;
}

const ObservedMesh *ObservedFleet::mesh(const QString &name) const
{
    const auto found = std::find_if(meshes.begin(), meshes.end(), [&](const ObservedMesh &one) { return one.status.name == name; });
    return found == meshes.end() ? nullptr : &*found;
}

Trust trustBetween(const mesh::MeshStatus &one, const mesh::MeshStatus &other)
{
    if (one.rootFingerprints.isEmpty() || other.rootFingerprints.isEmpty())
        return Trust::Unknown;
    if (!pki::shareARoot(one.rootFingerprints, other.rootFingerprints))
        return Trust::Different;
    return pki::sameRoots(one.rootFingerprints, other.rootFingerprints) ? Trust::Same : Trust::Rotating;
}

Trust ObservedFleet::trustOfMeshes() const
{
    if (meshes.isEmpty())
        return Trust::Unknown;
    Trust all = Trust::Same;
    for (const ObservedMesh &one : meshes) {
        for (const ObservedMesh &other : meshes) { // every two: a root in common is nothing that is handed on
            const Trust found = trustBetween(one.status, other.status);
            if (found == Trust::Unknown)
                return found;
            if (found == Trust::Different || (found == Trust::Rotating && all == Trust::Same))
                all = found;
        }
    }
    return all;
}

std::optional<bool> ObservedFleet::sharesRoot() const
{
    const Trust found = trustOfMeshes();
    return found == Trust::Same ? std::optional(true) : found == Trust::Different ? std::optional(false) : std::nullopt;
}

Health ObservedFleet::worst() const
{
    Health worst = Health::Ok;
    bool any = false;
    const auto weigh = [&](const QList<Condition> &conditions) {
        for (const Condition &condition : conditions) {
            any = true;
            if (badness(condition.health) > badness(worst))
                worst = condition.health;
        }
    };
    for (const ObservedCluster &one : clusters)
        weigh(one.conditions);
    for (const ObservedMesh &one : meshes)
        weigh(one.conditions);
    weigh(trust);
    weigh(account);
    weigh(restores);
    return any ? worst : Health::Unknown;
}

QString healthName(Health health)
{
    switch (health) {
    case Health::Unknown: return QStringLiteral("unknown");
    case Health::Ok: return QStringLiteral("ok");
    case Health::Warning: return QStringLiteral("warning");
    case Health::Failed: return QStringLiteral("failed");
    case Health::Stale: return QStringLiteral("stale");
    }
    return QStringLiteral("unknown");
}

} // namespace catamaran::observe
