// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mesh/providerkind.h"

namespace catamaran::mesh {

inline const QString asmName = QStringLiteral("asm");

/// Alibaba Cloud Service Mesh.
[[nodiscard]] const ProviderKind &asmKind();
[[nodiscard]] const Operations &asmOperations();

} // namespace catamaran::mesh
