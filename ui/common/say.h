// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QCoreApplication>

namespace catamaran::ui {

/// The texts of the window that belong to no widget.
struct Say {
    Q_DECLARE_TR_FUNCTIONS(Window)
};

} // namespace catamaran::ui
