// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QSet>
#include <QString>

#include <vector>

namespace catamaran::mesh::istio {

/// A cluster that a remote secret may be for.
struct SecretCandidate {
    QString name; ///< the environment's
    QString id; ///< that its control plane has; empty: not told
    QSet<QString> authorities {}; ///< that vouch for its API server, as far as is known
    bool isReader = false; ///< it holds the secret
};

/// Which of @p all a remote secret of @p key is for whose server @p authorities vouch for: the one that they vouch for too, if it is one
/// alone (one authority may vouch for several), else the one with its id. Its place; -1: none. Pure.
[[nodiscard]] qsizetype secretTarget(const QString &key, const QSet<QString> &authorities, const std::vector<SecretCandidate> &all);

} // namespace catamaran::mesh::istio
