// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh::istio {

/// istio.removeMember, with the arguments of istio.addMember (addmember.h): the remote secret goes, and with it what the control plane read
/// through it. One that others have applied is refused, with foreign "leave" left as it is (done), with "take" deleted.
///
/// Its token lives on in the cluster that made it: a long-lived one ends when its Secret is deleted, one that was asked for at its end.
/// Taking back makes the remote secret anew, with a new token.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeRemoveMember();

} // namespace catamaran::mesh::istio
