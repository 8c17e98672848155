// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QCoreApplication>

namespace catamaran::net {

/// The texts of this folder.
struct Say {
    Q_DECLARE_TR_FUNCTIONS(Net)
};

} // namespace catamaran::net
