// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mesh/provider.h"
#include "ops/world.h"

/// What the kinds of operations on meshes have in common. For worker threads.
namespace catamaran::mesh {

struct Waiting {
    QString tried, target;
    QString pending; ///< "the mesh is still there": begins the answer when the time is over
};

/// Asks until @p done says true, first after half a second, then less often: a mesh's provider has no watch. What passes by itself
/// (throttling, a fault of the server, a lost connection) is waited through; any other error ends it at once.
[[nodiscard]] core::Result<core::Done> poll(ops::Scope &scope, const Waiting &waiting, const std::function<core::Result<bool>()> &done);

/// Before anything was sent, so that it is known that nothing was changed.
[[nodiscard]] core::Error notSent(core::Error error);

/// Every mesh of all accounts. Precondition when there is none.
[[nodiscard]] core::Result<QList<MeshStatus>> readMeshes(ops::Scope &scope, const QString &tried);

void note(const ops::Scope &scope, const QString &line);

/// Of everything that is done to a mesh: "mesh mesh-1". No cluster's name has a space.
[[nodiscard]] QString subjectOf(const QString &mesh);

} // namespace catamaran::mesh
