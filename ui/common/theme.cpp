// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "theme.h"

#include "icons.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QCoreApplication>
#include <QFontDatabase>
#include <QPainter>
#include <QPainterPath>
#include <QProxyStyle>
#include <QStyleOption>
#include <QWidget>

#include <array>
#include <cmath>

namespace catamaran::ui {
namespace {

double channel(double value)
{
    return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &colour)
{
    return 0.2126 * channel(colour.redF()) + 0.7152 * channel(colour.greenF()) + 0.0722 * channel(colour.blueF());
}

/// What the desktop gave us, before our own palette hid it.
bool desktopIsDark(const QApplication &application)
{
    static const bool dark = [&application] {
        const QPalette palette = application.palette();
        return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
    }();
    return dark;
}

QString hex(const QColor &colour)
{
    return colour.name(QColor::HexRgb);
}

/// Only what Fusion cannot say with a palette. Selectors name classes or dynamic properties, so that it stays cheap.
QString styleSheet(const Theme &theme)
{
    QString sheet = QStringLiteral(R"(
QPushButton { border: 1px solid @line; border-radius: 5px; padding: 5px 14px; background: @panel; color: @text; min-height: 1.25em; }
QPushButton:hover { background: @raised; }
QPushButton:pressed { background: @line; }
QPushButton:focus { border: 1px solid @accent; }
QPushButton:disabled { color: @muted; background: @window; }
QPushButton[role="primary"] { background: @accent; border-color: @accent; color: @accentText; }
QPushButton[role="primary"]:hover { background: @accentHover; }
QPushButton[role="primary"]:focus { border: 2px solid @text; padding: 4px 13px; }
QPushButton[role="primary"]:disabled { background: @line; border-color: @line; color: @muted; }
QPushButton[role="danger"] { border-color: @failed; color: @failed; }
QPushButton[role="danger"]:hover { background: @failedTint; }
QPushButton[role="quiet"] { border-color: transparent; background: transparent; color: @accent; }
QPushButton[role="quiet"]:hover { background: @raised; }
QToolButton { border: 1px solid transparent; border-radius: 5px; padding: 4px; }
QToolButton:hover { background: @raised; }
QToolButton:pressed, QToolButton:checked { background: @accentTint; }
QToolButton:focus { border-color: @accent; }
QToolButton::menu-indicator { image: none; }
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox { border: 1px solid @line; border-radius: 5px; padding: 4px 8px; background: @panel; color: @text; min-height: 1.25em; selection-background-color: @accent; selection-color: @accentText; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus { border: 1px solid @accent; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled { color: @muted; background: @window; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url(:/catamaran/icons/@scheme/down.svg); width: 12px; height: 12px; }
QSpinBox, QDoubleSpinBox { padding-right: 26px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border; width: 22px; border: none; border-left: 1px solid @line; background: transparent; margin-right: 1px; }
QAbstractSpinBox::up-button { subcontrol-position: top right; border-top-right-radius: 4px; margin-top: 1px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; border-bottom-right-radius: 4px; margin-bottom: 1px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: @raised; }
QAbstractSpinBox::up-button:pressed, QAbstractSpinBox::down-button:pressed { background: @line; }
QAbstractSpinBox::up-arrow { image: url(:/catamaran/icons/@scheme/up.svg); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url(:/catamaran/icons/@scheme/down.svg); width: 10px; height: 10px; }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator { width: 14px; height: 14px; border: 1px solid @muted; border-radius: 4px; background: @panel; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: @accent; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked { background: @accent; border-color: @accent; image: url(:/catamaran/icons/@scheme/check.svg); }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid @accent; }
QCheckBox::indicator:focus { width: 12px; height: 12px; border: 2px solid @text; }
QRadioButton::indicator:focus { width: 12px; height: 12px; border: 2px solid @text; }
QRadioButton::indicator:checked:focus { width: 6px; height: 6px; border: 5px solid @text; }
QAbstractItemView::indicator:checked:selected { border-color: @accentText; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: @line; background: @window; }
QCheckBox::indicator:checked:disabled { background: @muted; border-color: @muted; }
QRadioButton::indicator:checked:disabled { border-color: @muted; }
QFrame[card="true"] { background: @panel; border: 1px solid @line; border-radius: 8px; }
QFrame[code="true"] { background: @raised; border: 1px solid @line; border-radius: 6px; }
QFrame[code="true"] QPlainTextEdit { background: transparent; border: none; }
QLabel[muted="true"] { color: @muted; }
QHeaderView { background: @panel; border: none; border-top-left-radius: 6px; border-top-right-radius: 6px; qproperty-defaultAlignment: "AlignLeft | AlignVCenter"; }
QHeaderView::section { background: @panel; color: @muted; border: none; border-bottom: 1px solid @line; padding: 4px 6px; font-weight: 600; }
QTableView, QTreeView, QListView, QPlainTextEdit, QTextEdit { border: 1px solid @line; border-radius: 6px; background: @panel; alternate-background-color: @window; }
QToolTip { background: @panel; color: @text; border: 1px solid @line; padding: 4px; }
QMenu { background: @panel; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 28px; border-radius: 4px; }
QMenu::item:selected { background: @accentTint; color: @text; }
QMenu::item:disabled { color: @muted; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QListView[nav="true"] { border: none; background: transparent; outline: none; padding: 8px 6px; }
QListView[nav="true"]::item { border: 1px solid transparent; border-radius: 6px; padding-left: 8px; color: @text; }
QListView[nav="true"]::item:hover { background: @raised; }
QListView[nav="true"]::item:selected { background: @accentTint; color: @text; }
QListView[nav="true"]::item:selected:focus { border-color: @accent; }
QListView[nav="true"]::item:disabled { color: @muted; background: transparent; }
QSplitter::handle { background: @line; }
QSplitter::handle:hover { background: @accent; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QTabWidget::pane { border: none; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { padding: 7px 14px; border: none; border-bottom: 2px solid transparent; background: transparent; color: @muted; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { border-bottom-color: @accent; color: @text; }
QTabBar::tab:selected:focus { background: @accentTint; }
QDockWidget::title { text-align: left; padding: 9px 14px 5px 14px; }
QDockWidget::close-button { border: none; border-radius: 4px; padding: 1px; subcontrol-position: right center; right: 10px; }
QDockWidget::close-button:hover { background: @raised; }
QScrollBar { border: none; background: transparent; margin: 0; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: @thumb; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QProgressBar { border: none; border-radius: 3px; background: @line; text-align: center; max-height: 6px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QAbstractScrollArea::corner { border: none; background: transparent; }
QScrollArea { border: none; background: transparent; }
)");
    const QList<std::pair<QLatin1String, QString>> values {
        { QLatin1String("@accentHover"), hex(Theme::blend(theme.accent, theme.text, 0.15)) },
        { QLatin1String("@accentText"), hex(theme.accentText) },
        { QLatin1String("@accentTint"), hex(theme.tint(theme.accent, 0.16)) },
        { QLatin1String("@accent"), hex(theme.accent) },
        { QLatin1String("@failedTint"), hex(theme.tint(theme.failed, 0.12)) },
        { QLatin1String("@failed"), hex(theme.failed) },
        { QLatin1String("@window"), hex(theme.window) },
        { QLatin1String("@panel"), hex(theme.panel) },
        { QLatin1String("@raised"), hex(theme.raised) },
        { QLatin1String("@line"), hex(theme.line) },
        { QLatin1String("@thumb"), hex(Theme::blend(theme.line, theme.muted, 0.4)) },
        { QLatin1String("@text"), hex(theme.text) },
        { QLatin1String("@muted"), hex(theme.muted) },
        { QLatin1String("@scheme"), theme.dark ? QStringLiteral("dark") : QStringLiteral("light") },
    };
    for (const auto &[name, value] : values)
        sheet.replace(name, value);
    return sheet;
}

/// Fusion with more room beside the text of table, tree and list cells, so that it stands under its header's.
class Style final : public QProxyStyle {
public:
    Style()
        : QProxyStyle(QStringLiteral("Fusion"))
    {
    }

    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override
    {
        return metric == PM_FocusFrameHMargin ? 5 : QProxyStyle::pixelMetric(metric, option, widget);
    }

    /// Glyphs of our own: an image in the style sheet, or Fusion's, makes Qt load every image plugin before the first frame.
    QIcon standardIcon(StandardPixmap icon, const QStyleOption *option, const QWidget *widget) const override
    {
        switch (icon) {
        case SP_TitleBarCloseButton:
        case SP_DockWidgetCloseButton: return themedIcon(QStringLiteral("close"));
        case SP_TitleBarNormalButton: return themedIcon(QStringLiteral("document"));
        case SP_ToolBarHorizontalExtensionButton:
        case SP_ToolBarVerticalExtensionButton: return themedIcon(QStringLiteral("right"));
        default: return QProxyStyle::standardIcon(icon, option, widget);
        }
    }

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const override
    {
        if (element != PE_FrameFocusRect || !qobject_cast<const QAbstractItemView *>(widget)) {
            QProxyStyle::drawPrimitive(element, option, painter, widget);
            return;
        }
        // Fusion paints a gradient over the cell. A selected row needs no more than its colour; another gets an outline.
        const auto *focus = qstyleoption_cast<const QStyleOptionFocusRect *>(option);
        const QColor highlight = option->palette.color(QPalette::Highlight);
        if (focus && focus->backgroundColor == highlight)
            return;
        painter->save();
        painter->setPen(highlight);
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        painter->restore();
    }
};

QString firstFamily(const QStringList &wanted, QFontDatabase::SystemFont fallback)
{
    // Not hasFamily(): it first asks fontconfig for aliases of each name, which costs more than the list.
    static const QStringList families = QFontDatabase::families();
    for (const QString &family : wanted) {
        if (families.contains(family, Qt::CaseInsensitive))
            return family;
    }
    return QFontDatabase::systemFont(fallback).family();
}

} // namespace

QColor Theme::health(observe::Health health) const
{
    switch (health) {
    case observe::Health::Ok: return ok;
    case observe::Health::Warning: return warning;
    case observe::Health::Failed: return failed;
    case observe::Health::Unknown:
    case observe::Health::Stale: return unknown;
    }
    return unknown;
}

QColor Theme::series(int index) const
{
    static constexpr std::array<QRgb, 6> okabeIto { 0x0072B2, 0xE69F00, 0x009E73, 0xCC79A7, 0x56B4E9, 0xD55E00 };
    const QColor colour(okabeIto[static_cast<size_t>(((index % 6) + 6) % 6)]);
    return dark ? Theme::blend(colour, Qt::white, 0.15) : colour;
}

QColor Theme::seriesOf(const QString &version) const
{
    if (version.isEmpty())
        return unknown;
    // "v2", "v10", "2": the number decides, so that v1 looks the same everywhere. Else a hash of our own, since qHash is
    // seeded per process.
    bool isNumber = false;
    const int number = version.mid(version.startsWith(u'v', Qt::CaseInsensitive) ? 1 : 0).toInt(&isNumber);
    if (isNumber)
        return series(number - 1);
    uint sum = 0;
    for (const QChar letter : version)
        sum = sum * 31 + letter.unicode();
    return series(static_cast<int>(sum % 6));
}

QColor Theme::tint(const QColor &over, double alpha) const
{
    return blend(panel, over, alpha);
}

QColor Theme::blend(const QColor &ground, const QColor &over, double alpha)
{
    const auto mix = [alpha](float first, float second) { return static_cast<float>(first + (second - first) * alpha); };
    return QColor::fromRgbF(mix(ground.redF(), over.redF()), mix(ground.greenF(), over.greenF()), mix(ground.blueF(), over.blueF()));
}

Theme lightTheme()
{
    Theme theme;
    theme.dark = false;
    theme.window = QColor(0xF6F7F9);
    theme.panel = QColor(0xFFFFFF);
    theme.line = QColor(0xD5D9E0);
    theme.raised = QColor(0xEEF1F5);
    theme.text = QColor(0x1D2129);
    theme.muted = QColor(0x5F6877);
    theme.accent = QColor(0x0B6BCB);
    theme.accentText = QColor(0xFFFFFF);
    theme.ok = QColor(0x00795A);
    theme.warning = QColor(0xA65F00);
    theme.failed = QColor(0xC02626);
    theme.unknown = QColor(0x6B7280);
    return theme;
}

Theme darkTheme()
{
    Theme theme;
    theme.dark = true;
    theme.window = QColor(0x1B1E24);
    theme.panel = QColor(0x23272F);
    theme.line = QColor(0x3A404B);
    theme.raised = QColor(0x2B303A);
    theme.text = QColor(0xE6E9EF);
    theme.muted = QColor(0x9AA3B2);
    theme.accent = QColor(0x5AA9FF);
    theme.accentText = QColor(0x0E1116);
    theme.ok = QColor(0x2FBF92);
    theme.warning = QColor(0xF0A63A);
    theme.failed = QColor(0xFF7A70);
    theme.unknown = QColor(0x9AA3B2);
    return theme;
}

Theme themeOf(const QPalette &palette)
{
    return palette.color(QPalette::Active, QPalette::Window).lightness() < 128 ? darkTheme() : lightTheme();
}

Theme themeOf(const QWidget *)
{
    // Not the widget's own palette: under a style sheet it arrives late, and the whole console has one theme.
    return themeOf(QGuiApplication::palette());
}

QPalette paletteOf(const Theme &theme)
{
    QPalette palette;
    palette.setColor(QPalette::Window, theme.window);
    palette.setColor(QPalette::WindowText, theme.text);
    palette.setColor(QPalette::Base, theme.panel);
    palette.setColor(QPalette::AlternateBase, theme.window);
    palette.setColor(QPalette::Text, theme.text);
    palette.setColor(QPalette::PlaceholderText, theme.muted);
    palette.setColor(QPalette::Button, theme.panel);
    palette.setColor(QPalette::ButtonText, theme.text);
    palette.setColor(QPalette::BrightText, theme.failed);
    palette.setColor(QPalette::ToolTipBase, theme.panel);
    palette.setColor(QPalette::ToolTipText, theme.text);
    palette.setColor(QPalette::Highlight, theme.accent);
    palette.setColor(QPalette::HighlightedText, theme.accentText);
    palette.setColor(QPalette::Link, theme.accent);
    palette.setColor(QPalette::LinkVisited, theme.accent);
    palette.setColor(QPalette::Light, Theme::blend(theme.panel, Qt::white, theme.dark ? 0.1 : 1));
    palette.setColor(QPalette::Midlight, theme.raised);
    palette.setColor(QPalette::Mid, theme.line);
    palette.setColor(QPalette::Dark, theme.dark ? QColor(0x14171C) : QColor(0xB4BAC5));
    palette.setColor(QPalette::Shadow, theme.dark ? QColor(0x0A0C0F) : QColor(0x8A919E));
    for (const auto role : { QPalette::WindowText, QPalette::Text, QPalette::ButtonText })
        palette.setColor(QPalette::Disabled, role, theme.muted);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, theme.line);
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, theme.muted);
    return palette;
}

void applyTheme(QApplication &application, Scheme scheme)
{
    const bool desktopDark = desktopIsDark(application);
    const Theme theme = (scheme == Scheme::Dark || (scheme == Scheme::System && desktopDark)) ? darkTheme() : lightTheme();
    static bool first = true;
    if (first) {
        first = false;
        QApplication::setStyle(new Style);
        QFont font = QApplication::font();
        font.setFamily(firstFamily(
            { QStringLiteral("Inter"), QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans") }, QFontDatabase::GeneralFont));
        if (font.pointSizeF() < 10)
            font.setPointSizeF(10);
        // Letters stand on whole pixels, where kerning at this size comes to nothing; looking for it takes longer than the rest
        // of a line's layout. Scripts that need shaping get it all the same, and so do headings.
        font.setStyleStrategy(QFont::PreferNoShaping);
        QApplication::setFont(font);
    }
    QApplication::setPalette(paletteOf(theme));
    application.setStyleSheet(styleSheet(theme));
}

QString schemeName(Scheme scheme)
{
    switch (scheme) {
    case Scheme::System: return QStringLiteral("system");
    case Scheme::Light: return QStringLiteral("light");
    case Scheme::Dark: return QStringLiteral("dark");
    }
    return {};
}

std::optional<Scheme> parseScheme(const QString &word)
{
    for (const Scheme scheme : { Scheme::System, Scheme::Light, Scheme::Dark }) {
        if (word == schemeName(scheme))
            return scheme;
    }
    return std::nullopt;
}

double contrast(const QColor &first, const QColor &second)
{
    const double one = luminance(first) + 0.05;
    const double other = luminance(second) + 0.05;
    return one > other ? one / other : other / one;
}

QFont tabularFont(const QFont &base)
{
    // Qt 6.4 cannot ask Inter for its "tnum" figures, so take a font whose figures have one width anyway: Roboto is drawn
    // to nearly the same measures, DejaVu runs larger.
    static const QString family
        = firstFamily({ QStringLiteral("Roboto"), QStringLiteral("DejaVu Sans"), QStringLiteral("Noto Sans") }, QFontDatabase::GeneralFont);
    static const double factor = family.startsWith(QLatin1String("DejaVu")) ? 0.94 : 1;
    QFont font = base;
    font.setFamily(family);
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * factor);
    return font;
}

QFont tabularFont()
{
    return tabularFont(QApplication::font());
}

QFont monoFont()
{
    static const QString family
        = firstFamily({ QStringLiteral("DejaVu Sans Mono"), QStringLiteral("Noto Sans Mono") }, QFontDatabase::FixedFont);
    QFont font = QApplication::font();
    font.setFamily(family);
    font.setStyleHint(QFont::Monospace);
    font.setFixedPitch(true);
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * 0.92);
    return font;
}

QFont scaledFont(const QFont &base, double factor, QFont::Weight weight)
{
    QFont font = base;
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * factor);
    font.setWeight(weight);
    if (factor > 1)
        font.setStyleStrategy(QFont::PreferDefault);
    return font;
}

void setButtonRole(QAbstractButton *button, ButtonRole role)
{
    switch (role) {
    case ButtonRole::Normal: button->setProperty("role", {}); break;
    case ButtonRole::Primary: button->setProperty("role", QStringLiteral("primary")); break;
    case ButtonRole::Danger: button->setProperty("role", QStringLiteral("danger")); break;
    case ButtonRole::Quiet: button->setProperty("role", QStringLiteral("quiet")); break;
    }
    if (!button->testAttribute(Qt::WA_WState_Polished))
        return; // the style has not looked at it yet
    button->style()->unpolish(button);
    button->style()->polish(button);
}

QString healthWord(observe::Health health)
{
    switch (health) {
    case observe::Health::Ok: return QCoreApplication::translate("Health", "ok");
    case observe::Health::Warning: return QCoreApplication::translate("Health", "warning");
    case observe::Health::Failed: return QCoreApplication::translate("Health", "failed");
    case observe::Health::Stale: return QCoreApplication::translate("Health", "stale");
    case observe::Health::Unknown: return QCoreApplication::translate("Health", "unknown");
    }
    return {};
}

void paintHealthShape(QPainter *painter, const QRectF &rect, observe::Health health, const Theme &theme)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->translate(rect.topLeft());
    painter->scale(rect.width() / 16, rect.height() / 16); // everything below is drawn on a 16 by 16 grid
    const QColor colour = theme.health(health);
    const QPen mark(theme.panel, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    switch (health) {
    case observe::Health::Ok:
        painter->setPen(Qt::NoPen);
        painter->setBrush(colour);
        painter->drawEllipse(QRectF(1, 1, 14, 14));
        painter->setPen(mark);
        painter->setBrush(Qt::NoBrush);
        painter->drawPolyline(QPolygonF { { 4.6, 8.3 }, { 7, 10.7 }, { 11.4, 5.6 } });
        break;
    case observe::Health::Warning:
        painter->setPen(QPen(colour, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->setBrush(colour);
        painter->drawPolygon(QPolygonF { { 8, 2.2 }, { 14.4, 13.6 }, { 1.6, 13.6 } });
        painter->setPen(mark);
        painter->drawLine(QPointF(8, 6.2), QPointF(8, 9.4));
        painter->drawPoint(QPointF(8, 12.2));
        break;
    case observe::Health::Failed:
        painter->setPen(Qt::NoPen);
        painter->setBrush(colour);
        painter->drawRoundedRect(QRectF(1, 1, 14, 14), 3.5, 3.5);
        painter->setPen(mark);
        painter->drawLine(QPointF(5.2, 5.2), QPointF(10.8, 10.8));
        painter->drawLine(QPointF(10.8, 5.2), QPointF(5.2, 10.8));
        break;
    case observe::Health::Unknown:
    case observe::Health::Stale: {
        QPen ring(colour, 1.5);
        ring.setDashPattern({ 2, 1.6 });
        painter->setPen(ring);
        painter->setBrush(Qt::NoBrush);
        painter->drawEllipse(QRectF(1.5, 1.5, 13, 13));
        painter->setPen(QPen(colour, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        if (health == observe::Health::Stale) { // the hands of a clock
            painter->drawPolyline(QPolygonF { { 8, 4.8 }, { 8, 8.2 }, { 10.4, 9.6 } });
        } else {
            QPainterPath hook;
            hook.moveTo(6, 6.3);
            hook.cubicTo(6, 3.6, 10.2, 3.7, 10.2, 6.4);
            hook.cubicTo(10.2, 8, 8.1, 7.9, 8.1, 9.6);
            painter->drawPath(hook);
            painter->drawPoint(QPointF(8.1, 11.9));
        }
        break;
    }
    }
    painter->restore();
}

} // namespace catamaran::ui
