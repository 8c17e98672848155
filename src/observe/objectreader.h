// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/objects.h"

#include <stop_token>

namespace catamaran::session {
class Session;
}

namespace catamaran::observe {

/// Reads the objects of every cluster once, clusters side by side (sixteen at a time). What one cluster or one kind does not tell is
/// that fact's error. In the environment's order. For a worker thread.
///
/// Remote secrets are compared with the API servers that they are for: each token is shown to the server that made it (TokenReview), which
/// is asked nothing else with it.
[[nodiscard]] QList<ClusterObjects> readObjects(session::Session &session, std::stop_token stop);

/// The same of the clusters @p names alone; the others of @p known are kept as they are. One that @p known lacks is added.
[[nodiscard]] QList<ClusterObjects> rereadObjects(
    session::Session &session, const QStringList &names, QList<ClusterObjects> known, std::stop_token stop);

/// What was read of one cluster's kind, as lists of objects; for decoding without a server. An absent kind was not read.
using ObjectLists = QHash<QString, QList<QJsonObject>>;

/// The facts of one cluster from @p lists, by plural ("services", "destinationrules", "configmaps", …), as readObjects() makes
/// them. Pure.
[[nodiscard]] ClusterObjects decodeObjects(const QString &name, const ObjectLists &lists, const ServerFacts &server, const QDateTime &at);

} // namespace catamaran::observe
