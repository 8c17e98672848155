// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QPixmap>

class QColor;
class QEvent;
class QString;
class QWidget;

namespace catamaran::ui {

/// The domain glyph @p name as a picture for @p widget's screen.
[[nodiscard]] QPixmap glyphPixmap(const QWidget *widget, const QString &name, int side, const QColor &colour);
/// Whether what a widget has drawn in the theme's colours is to be drawn anew.
[[nodiscard]] bool isThemeChange(const QEvent *event);

} // namespace catamaran::ui
