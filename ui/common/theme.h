// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observedfleet.h"

#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>

#include <optional>

class QAbstractButton;
class QApplication;
class QPainter;
class QRectF;
class QWidget;

namespace catamaran::ui {

enum class Scheme { System, Light, Dark };

/// The colours of one scheme, by role. A value: painters ask for it with themeOf(), nothing keeps it.
struct Theme {
    bool dark = false;
    QColor window, panel, line;
    QColor raised; ///< hovered rows, code, the rail
    QColor text, muted;
    QColor accent, accentText; ///< accentText is drawn on accent
    QColor ok, warning, failed, unknown;

    /// Unknown and Stale share a colour; they differ from ok by shape and dashes as well.
    [[nodiscard]] QColor health(observe::Health health) const;
    /// Okabe-Ito, lightened in the dark scheme: 0 is v1, 1 is v2, ... It repeats after six.
    [[nodiscard]] QColor series(int index) const;
    /// "v1" is series(0), "v2" series(1); other names get a colour of their own that stays the same; "" is unknown.
    [[nodiscard]] QColor seriesOf(const QString &version) const;
    /// @p over laid on the panel with @p alpha (0..1): quiet fills.
    [[nodiscard]] QColor tint(const QColor &over, double alpha) const;
    /// The same on another ground.
    [[nodiscard]] static QColor blend(const QColor &ground, const QColor &over, double alpha);
};

[[nodiscard]] Theme lightTheme();
[[nodiscard]] Theme darkTheme();
/// The theme that @p palette belongs to.
[[nodiscard]] Theme themeOf(const QPalette &palette);
/// The theme that @p widget is drawn in: the application's.
[[nodiscard]] Theme themeOf(const QWidget *widget);
/// The palette that themeOf() recognizes.
[[nodiscard]] QPalette paletteOf(const Theme &theme);

/// Sets Fusion, palette, font and the small style sheet of the console. Call it again to change the scheme; widgets
/// get their PaletteChange event. System: what the desktop's own palette was when the program started.
void applyTheme(QApplication &application, Scheme scheme);
/// "system", "light", "dark": the words of --theme and the settings.
[[nodiscard]] QString schemeName(Scheme scheme);
[[nodiscard]] std::optional<Scheme> parseScheme(const QString &word);

/// WCAG contrast ratio, 1..21.
[[nodiscard]] double contrast(const QColor &first, const QColor &second);

/// Figures of one width, for numbers that change in place (the application's font has none).
[[nodiscard]] QFont tabularFont(const QFont &base);
[[nodiscard]] QFont tabularFont();
/// For commands, raw answers and manifests.
[[nodiscard]] QFont monoFont();
/// The base font times @p factor, for titles.
[[nodiscard]] QFont scaledFont(const QFont &base, double factor, QFont::Weight weight = QFont::Normal);

/// How the style sheet draws a button: the one main action of a view, one that breaks or stops something, a quiet one.
enum class ButtonRole { Normal, Primary, Danger, Quiet };
void setButtonRole(QAbstractButton *button, ButtonRole role);

/// The translated word of a state: "ok", "warning", "failed", "unknown", "stale".
[[nodiscard]] QString healthWord(observe::Health health);
/// The shape of a state: check in a disc, triangle, cross, dashed circle with question mark or clock. Fills @p rect.
void paintHealthShape(QPainter *painter, const QRectF &rect, observe::Health health, const Theme &theme);

} // namespace catamaran::ui
