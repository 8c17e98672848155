// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mesh/asm/asmcalls.h"

namespace catamaran::mesh {

/// One cluster in one mesh.
struct Membership {
    QString mesh, cluster;
};

/// {"exists":…,"id":…} of the mesh, with {"member":…} and, of a member, {"mode":"managed"}.
[[nodiscard]] core::Result<ops::State> seeMembership(const Membership &one, AsmCalls &calls);
/// A mode that the provider does not tell is like any other: it may be told later, when other meshes have changed.
[[nodiscard]] bool isSameMembership(const ops::State &a, const ops::State &b);
[[nodiscard]] inline bool isMember(const ops::State &state)
{
    return state.value.value(u"member").toBool();
}
[[nodiscard]] inline Mode modeIn(const ops::State &state)
{
    return modeOf(state.value.value(u"mode").toString());
}

/// Waits until the mesh @p id runs, and makes the change.
[[nodiscard]] core::Result<ops::Receipt> join(const Membership &one, const QString &id, Mode mode, AsmCalls &calls);
[[nodiscard]] core::Result<ops::Receipt> leave(const Membership &one, const QString &id, AsmCalls &calls);
/// Waits until the mesh runs with it, or without it.
[[nodiscard]] core::Result<ops::Evidence> proveJoined(const Membership &one, Mode mode, AsmCalls &calls);
[[nodiscard]] core::Result<ops::Evidence> proveLeft(const Membership &one, AsmCalls &calls);

} // namespace catamaran::mesh
