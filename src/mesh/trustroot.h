// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mesh/operations.h"
#include "pki/ca.h"
#include "store/secretstore.h"

#include "ops/world.h"

#include <chrono>
#include <functional>
#include <optional>

/// The offline root that a fleet's meshes share: kept in the secret store, in memory while it is used, never on disk in plain.
namespace catamaran::mesh {

/// A root lies in the secret store by what it is, "catamaran/root/<its fingerprint>": it is found again by what the meshes show
/// that have it, in whatever file they are described, and no other environment finds it. Only a root that is shared on purpose
/// lies by its name, "catamaran/root/<name>"; so did every root of earlier versions.
[[nodiscard]] QString ownRootEntry(const QString &fingerprint);
[[nodiscard]] QString namedRootEntry(const QString &name);

/// Where a new one lies first: under a name that is known before it is made. From there it is copied to its own entry; the first is removed
/// when it is written down which one it is. Whoever is cut off in between finds it here.
[[nodiscard]] QString rootEntryInMaking(const QString &execution, const QString &step);

/// Where the root is looked for that @p wish and @p meshes, those of the fleet that exist, ask for: the entries, best first. A
/// root that is not one of theirs is not taken from any of them. Empty: a new one is made. Pure.
[[nodiscard]] QStringList rootEntries(const RootWish &wish, const QList<MeshStatus> &meshes);

/// Certificate and key as one secret, and back. Pure.
[[nodiscard]] core::Secret packRoot(const pki::Identity &root);
[[nodiscard]] core::Result<pki::Identity> unpackRoot(const core::Secret &packed, const QString &entry);

struct TakenRoot {
    pki::Identity identity;
    QString entry;
    bool isNew = false; ///< it was not there before
};

/// How long the secret store is waited for, which may ask a person.
struct RootPatience {
    std::stop_token stop {};
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
    /// Called around each writing, with the entry; may be empty.
    std::function<core::Result<core::Done>(const QString &entry, const std::function<core::Result<core::Done>()> &write)> onWrite {};
};

// --- worker thread ----------------------------------------------------------------------------------------------------

[[nodiscard]] core::Result<core::Secret> readEntry(const QString &entry, store::SecretStore &secrets, const RootPatience &patience);

/// The root that lies in @p secrets for @p wish. @p meshes are the fleet's meshes that exist: when they have a root already, only
/// that one will do. nullopt: none lies there.
[[nodiscard]] core::Result<std::optional<TakenRoot>> findRoot(
    const RootWish &wish, const QList<MeshStatus> &meshes, store::SecretStore &secrets, const RootPatience &patience);

/// What lies in the entry @p making and is none of another than @p meshes; its entry is its own one, where it may not lie yet.
[[nodiscard]] core::Result<std::optional<TakenRoot>> findBegunRoot(
    const QString &making, const QList<MeshStatus> &meshes, store::SecretStore &secrets, const RootPatience &patience);
/// Copies @p making to @p entry, when it is not there yet, and removes it; nothing when there is none.
[[nodiscard]] core::Result<core::Done> endMaking(
    const QString &making, const QString &entry, store::SecretStore &secrets, const RootPatience &patience);

/// Takes the root from @p secrets, or makes and keeps it, first in the entry @p making (rootEntryInMaking(); not where it is found by
/// name). A root that an earlier version kept is copied to where it is found by
/// what it is; the old entry stays. No entry is ever written over.
[[nodiscard]] core::Result<TakenRoot> obtainRoot(const RootWish &wish, const QList<MeshStatus> &meshes, store::SecretStore &secrets,
    const RootPatience &patience, const QString &making = {});

/// The root, with its key, that the step @p rootStep of the same plan left (trust.takeRoot). @p target: who needs it, for errors.
[[nodiscard]] core::Result<pki::Identity> rootLeftBy(
    const QString &rootStep, const RootWish &wish, const QString &tried, const QString &target, ops::Scope &scope);

// ----------------------------------------------------------------------------------------------------------------------

/// The lines for sh that make an issuing CA for @p mesh of root-cert.pem and root-key.pem: ca-cert.pem, ca-key.pem and cert-chain.pem.
[[nodiscard]] QString issuingCommand(const QString &mesh);
/// An issuing CA for @p mesh under @p root.
[[nodiscard]] core::Result<IssuingCa> issueFor(const QString &mesh, const pki::Identity &root);

} // namespace catamaran::mesh
