// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"
#include "session/session.h"

/// What a change asks of an identity, so that a missing right is said before anything is begun.
namespace catamaran::fleet {

/// The questions by cluster name; each is there once.
using Rights = QMap<QString, QList<kube::AccessQuestion>>;

/// What ops::rightsOf() gives, by cluster. Pure.
[[nodiscard]] Rights byCluster(const QList<ops::Right> &rights);
/// Adds @p questions of @p cluster that @p rights does not have yet.
void addRights(Rights &rights, const QString &cluster, const QList<kube::AccessQuestion> &questions);

/// Asks each cluster and returns what is refused; empty: everything is allowed. What cannot be asked is left out: the
/// server judges when it comes to it. For a worker thread.
[[nodiscard]] Rights refusedOf(const Rights &rights, const session::Session &session, std::stop_token stop);

/// "cluster-1 does not allow: delete deployments.apps in namespace default, …": Forbidden. @p refused is not empty.
[[nodiscard]] core::Error rightsError(const QString &tried, const Rights &refused);

} // namespace catamaran::fleet
