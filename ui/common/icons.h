// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>

class QPainter;
class QRectF;

namespace catamaran::ui {

/// An icon by name. Ours (resources/icons/<name>.svg: topology setup verify drills activity mesh cluster network
/// gateway root pod service copy check cross warning question play stop pause search filter fit export legend theme
/// palette refresh shield link close more command range cloud file expand arrow info undo ...) are drawn in the
/// palette's text colour at every paint, so they follow a change of theme by themselves. Any other name is looked up
/// in the desktop's icon theme, then in Breeze.
[[nodiscard]] QIcon themedIcon(const QString &name);
/// The same for a button that is filled with the accent's colour.
[[nodiscard]] QIcon iconOnAccent(const QString &name);
/// The same in one fixed colour.
[[nodiscard]] QIcon colouredIcon(const QString &name, const QColor &colour);
/// Whether resources/icons has @p name.
[[nodiscard]] bool hasGlyph(const QString &name);
/// Draws a glyph of ours into @p rect, for canvases and delegates. Nothing for an unknown name.
void paintGlyph(QPainter *painter, const QRectF &rect, const QString &name, const QColor &colour);

} // namespace catamaran::ui
