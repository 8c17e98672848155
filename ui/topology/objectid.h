// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

/// Names of the things on the map, stable between observations: selection, faults and the palette use them.
namespace catamaran::ui::objectid {

enum class Kind { None, Root, Mesh, Network, Cluster, Gateway, Workload, Link };

struct ObjectId {
    Kind kind = Kind::None;
    QString name; ///< mesh, network or cluster; for a gateway or workload its cluster
    QString ns; ///< of a workload
    QString workload; ///< of a workload
    QString to {}; ///< of a link, which starts at name: both are clusters, or both networks

    bool operator==(const ObjectId &) const = default;
};

[[nodiscard]] QString root(); ///< "root"
[[nodiscard]] QString mesh(const QString &name); ///< "mesh:mesh-1"
[[nodiscard]] QString network(const QString &name); ///< "network:network1"
[[nodiscard]] QString cluster(const QString &name); ///< "cluster:cluster-1"
[[nodiscard]] QString gateway(const QString &cluster); ///< "gateway:cluster-1"
[[nodiscard]] QString workload(
    const QString &cluster, const QString &ns, const QString &name); ///< "workload:cluster-1/default/helloworld-v1"
/// The direction from one cluster, or one network, to another: "link:cluster-1>cluster-2".
[[nodiscard]] QString link(const QString &from, const QString &to);
/// Kind::None for anything else.
[[nodiscard]] ObjectId parse(const QString &id);

} // namespace catamaran::ui::objectid
