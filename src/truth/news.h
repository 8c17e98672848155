// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "truth/matrix.h"

namespace catamaran::truth {

/// Which directions are another than before, for notifications and the activity.
struct News {
    [[nodiscard]] bool isEmpty() const { return broken.isEmpty() && found.isEmpty() && mended.isEmpty(); }
    QList<DirectionState> broken; ///< was proven, is failed
    QList<DirectionState> found; ///< was set up as it has to be and never proven; is failed
    QList<DirectionState> mended; ///< was failed, is proven
};

/// Compares @p directions with what is @p known of them, which is the last of each that says something: proven, failed, or, before
/// either, configured. It is brought up to date. Who comes up failed is no news. Pure.
[[nodiscard]] News newsOf(const QList<DirectionState> &directions, QHash<Direction, Standing> &known);

} // namespace catamaran::truth
