// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mesh/controlplane.h"
#include "pki/ca.h"
#include "store/secretstore.h"

#include <functional>

/// The fleet's offline root: kept in the secret store, in memory while a plan runs, never on disk in plain.
namespace catamaran::fleet {

/// Its name in the secret store: "catamaran/root/<name>".
[[nodiscard]] QString rootEntry(const QString &rootName);

/// Certificate and key as one secret, and back. Pure.
[[nodiscard]] core::Secret packRoot(const pki::Identity &root);
[[nodiscard]] core::Result<pki::Identity> unpackRoot(const core::Secret &packed, const QString &rootName);

/// Takes the root from @p secrets, or makes and keeps it. @p meshes are the fleet's meshes that exist: when they have a
/// root already, only that one will do. For a worker thread. @p onWrite is called around the writing of a new root (journal).
[[nodiscard]] core::Result<pki::Identity> takeRoot(const QString &rootName, const QList<mesh::MeshStatus> &meshes,
    store::SecretStore &secrets, std::stop_token stop,
    const std::function<core::Result<core::Done>(std::function<core::Result<core::Done>()>)> &onWrite);

/// An issuing CA for @p mesh under @p root.
[[nodiscard]] core::Result<mesh::IssuingCa> issueFor(const QString &mesh, const pki::Identity &root);

} // namespace catamaran::fleet
