// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAction>
#include <QVariant>
#include <QWidget>

namespace catamaran::ui {

/// Enables @p target (an action or a widget), or disables it with @p obstacle as the reason: in its tool tip, and for who cannot
/// see that, in its description.
template <typename T> void setPossible(T *target, const QString &obstacle)
{
    constexpr const char *usual = "usualToolTip";
    if (!obstacle.isEmpty() && !target->property(usual).isValid())
        target->setProperty(usual, target->toolTip());
    if (target->property(usual).isValid())
        target->setToolTip(obstacle.isEmpty() ? target->property(usual).toString() : obstacle);
    if constexpr (std::is_base_of_v<QWidget, T>)
        target->setAccessibleDescription(obstacle);
    target->setEnabled(obstacle.isEmpty());
}

} // namespace catamaran::ui
