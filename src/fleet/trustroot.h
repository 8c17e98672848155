// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/plan.h"
#include "mesh/trustroot.h"

/// mesh/trustroot.h for the steps of a Plan.
namespace catamaran::fleet {

using mesh::issueFor;
using mesh::namedRootEntry;
using mesh::ownRootEntry;
using mesh::packRoot;
using mesh::unpackRoot;

[[nodiscard]] inline QStringList rootEntries(const MakeRoot &wish, const QList<mesh::MeshStatus> &meshes)
{
    return mesh::rootEntries({ wish.rootName, wish.shared }, meshes);
}
[[nodiscard]] inline core::Result<pki::Identity> takeRoot(const MakeRoot &wish, const QList<mesh::MeshStatus> &meshes,
    store::SecretStore &secrets, std::stop_token stop, const decltype(mesh::RootPatience::onWrite) &onWrite)
{
    mesh::RootPatience patience;
    patience.stop = std::move(stop);
    patience.onWrite = onWrite;
    return mesh::obtainRoot({ wish.rootName, wish.shared }, meshes, secrets, patience).map([](const mesh::TakenRoot &taken) { return taken.identity; });
}

/// To be said before @p plan is carried out: what an interruption would cost because its secrets are kept as @p keeping tells.
/// Empty: nothing. Pure.
[[nodiscard]] QString whatCannotBeResumed(const Plan &plan, store::Keeping keeping);

} // namespace catamaran::fleet
