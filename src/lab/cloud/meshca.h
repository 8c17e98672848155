// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/cloud/webrequest.h"
#include "lab/mesh/meshworld.h"

/// The certificate authority of a new mesh (facts asm-openapi 3.1).
namespace catamaran::lab {

struct NewMeshCa {
    MeshCa ca;
    bool isOwn = false; ///< given by the caller: only such a mesh can rotate it later
    CloudAnswer refusal;
};

/// From the CA fields of CreateServiceMesh: the given issuing CA when UseExistingCA is true (checked: the key fits, the chain
/// leads to the given root), else a root of the mesh's own. refusal.isError() says why not.
[[nodiscard]] NewMeshCa makeMeshCa(const CloudParameters &parameters, const std::string &meshId);

} // namespace catamaran::lab
