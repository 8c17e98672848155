// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/cloudreader.h"
#include "observe/observedfleet.h"

#include <QHash>

/// Who a cluster is: the environment's name for it. What a provider calls it is an alias, and this is the only place where one becomes
/// the other. Pure.
namespace catamaran::observe {

/// The environment's names by what a provider calls its clusters. Whatever no cluster of the environment is called is not in it.
using NamesByAlias = QHash<QString, QString>;
[[nodiscard]] NamesByAlias namesByAlias(const QList<ObservedCluster> &clusters);
/// The same before anything of the clusters was read. @p known: what accounts tell of theirs; of a cluster without an id in the environment
/// it takes that.
[[nodiscard]] NamesByAlias namesByAlias(const QList<documents::EnvironmentCluster> &clusters, const AccountReadings &known);

/// MemberCluster::clusterName is an account's own word until here: it becomes the environment's name, or empty where the environment has no
/// such cluster, which then has its id alone. Control planes in the clusters know these by the environment's own names already.
void nameMembers(mesh::MeshStatus &mesh, const NamesByAlias &names);

/// The environment's name, else the provider's id.
[[nodiscard]] QString nameOrId(const mesh::MemberCluster &member);
/// For people: an id is said to be none of the environment's clusters.
[[nodiscard]] QString toldName(const mesh::MemberCluster &member);
/// The member of @p mesh that is the environment's @p cluster; null: there is none.
[[nodiscard]] const mesh::MemberCluster *memberOf(const mesh::MeshStatus &mesh, const QString &cluster);

} // namespace catamaran::observe
