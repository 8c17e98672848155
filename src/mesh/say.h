// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QCoreApplication>

namespace catamaran::mesh {

/// The texts of this folder and of those in it.
struct Say {
    Q_DECLARE_TR_FUNCTIONS(MeshOperations)
};

} // namespace catamaran::mesh
