// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/plan.h"
#include "pki/ca.h"
#include "store/secretstore.h"

#include <functional>

/// The fleet's offline root: kept in the secret store, in memory while a plan runs, never on disk in plain.
namespace catamaran::fleet {

/// A root lies in the secret store by what it is, "catamaran/root/<its fingerprint>": it is found again by what the meshes show
/// that have it, in whatever file they are described, and no other environment finds it. Only a root that is shared on purpose
/// lies by its name, "catamaran/root/<name>"; so did every root of earlier versions.
[[nodiscard]] QString ownRootEntry(const QString &fingerprint);
[[nodiscard]] QString namedRootEntry(const QString &name);

/// Where the root is looked for that @p wish and @p meshes, those of the fleet that exist, ask for: the entries, best first. A
/// root that is not one of theirs is not taken from any of them. Empty: a new one is made. Pure.
[[nodiscard]] QStringList rootEntries(const MakeRoot &wish, const QList<mesh::MeshStatus> &meshes);

/// Certificate and key as one secret, and back. Pure.
[[nodiscard]] core::Secret packRoot(const pki::Identity &root);
[[nodiscard]] core::Result<pki::Identity> unpackRoot(const core::Secret &packed, const QString &entry);

/// Takes the root from @p secrets, or makes and keeps it. @p meshes are the fleet's meshes that exist: when they have a
/// root already, only that one will do. A root that an earlier version kept is copied to where it is found by what it is; the
/// old entry stays. No entry is ever written over. For a worker thread. @p onWrite is called around each writing, with the
/// entry (journal).
[[nodiscard]] core::Result<pki::Identity> takeRoot(const MakeRoot &wish, const QList<mesh::MeshStatus> &meshes,
    store::SecretStore &secrets, std::stop_token stop,
    const std::function<core::Result<core::Done>(const QString &, const std::function<core::Result<core::Done>()> &)> &onWrite);

/// To be said before @p plan is carried out: what an interruption would cost because its secrets are kept as @p keeping tells.
/// Empty: nothing. Pure.
[[nodiscard]] QString whatCannotBeResumed(const Plan &plan, store::Keeping keeping);

/// An issuing CA for @p mesh under @p root.
[[nodiscard]] core::Result<mesh::IssuingCa> issueFor(const QString &mesh, const pki::Identity &root);

} // namespace catamaran::fleet
