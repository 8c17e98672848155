// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "icons.h"

#include <QApplication>
#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QSvgRenderer>

#include <memory>

static void initIconResources()
{
    Q_INIT_RESOURCE(icons); // a static library's resources are not linked in by themselves
}

namespace catamaran::ui {
namespace {

QString glyphFile(const QString &name)
{
    static const bool ready = [] {
        initIconResources();
        return true;
    }();
    Q_UNUSED(ready)
    return QStringLiteral(":/catamaran/icons/%1.svg").arg(name);
}

/// One renderer per glyph and colour; there are few of either. Main thread.
std::shared_ptr<QSvgRenderer> renderer(const QString &name, const QColor &colour)
{
    static QHash<QString, std::shared_ptr<QSvgRenderer>> renderers;
    const QString key = name + colour.name(QColor::HexArgb);
    const auto found = renderers.constFind(key);
    if (found != renderers.constEnd())
        return *found;
    QFile file(glyphFile(name));
    std::shared_ptr<QSvgRenderer> made;
    if (file.open(QIODevice::ReadOnly)) {
        QByteArray svg = file.readAll();
        svg.replace("currentColor", colour.name(QColor::HexRgb).toLatin1());
        made = std::make_shared<QSvgRenderer>(svg);
    }
    renderers.insert(key, made);
    return made;
}

/// Draws a glyph in the palette's colour of the moment, or in a fixed one.
class GlyphEngine final : public QIconEngine {
public:
    explicit GlyphEngine(QString name, QColor fixed = {}, QPalette::ColorRole role = QPalette::WindowText)
        : m_name(std::move(name))
        , m_fixed(fixed)
        , m_role(role)
    {
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const int side = std::min(rect.width(), rect.height());
        const QRectF square(rect.x() + (rect.width() - side) / 2.0, rect.y() + (rect.height() - side) / 2.0, side, side);
        paintGlyph(painter, square, m_name, colour(mode));
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        if (size.isEmpty())
            return {}; // a button that is laid out without any room
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    QIconEngine *clone() const override { return new GlyphEngine(m_name, m_fixed, m_role); }
    QString iconName() override { return m_name; }
    bool isNull() override { return false; }

private:
    QColor colour(QIcon::Mode mode) const
    {
        const QPalette palette = QGuiApplication::palette();
        switch (mode) {
        case QIcon::Disabled: return palette.color(QPalette::Disabled, QPalette::WindowText);
        case QIcon::Selected: return m_fixed.isValid() ? m_fixed : palette.color(QPalette::HighlightedText);
        case QIcon::Normal:
        case QIcon::Active: break;
        }
        return m_fixed.isValid() ? m_fixed : palette.color(m_role);
    }

    QString m_name;
    QColor m_fixed;
    QPalette::ColorRole m_role;
};

} // namespace

QIcon themedIcon(const QString &name)
{
    if (hasGlyph(name))
        return QIcon(new GlyphEngine(name));
    if (const QIcon icon = QIcon::fromTheme(name); !icon.isNull())
        return icon;
    const bool dark = QGuiApplication::palette().color(QPalette::Window).lightness() < 128;
    for (const char *size : { "22", "16", "24", "32" }) {
        const QString file = QStringLiteral("/usr/share/icons/%1/actions/%2/%3.svg")
                                 .arg(dark ? QStringLiteral("breeze-dark") : QStringLiteral("breeze"), QLatin1String(size), name);
        if (QFile::exists(file))
            return QIcon(file);
    }
    return {};
}

QIcon iconOnAccent(const QString &name)
{
    return hasGlyph(name) ? QIcon(new GlyphEngine(name, {}, QPalette::HighlightedText)) : themedIcon(name);
}

QIcon colouredIcon(const QString &name, const QColor &colour)
{
    return hasGlyph(name) ? QIcon(new GlyphEngine(name, colour)) : themedIcon(name);
}

bool hasGlyph(const QString &name)
{
    return QFile::exists(glyphFile(name));
}

void paintGlyph(QPainter *painter, const QRectF &rect, const QString &name, const QColor &colour)
{
    const auto glyph = renderer(name, colour);
    if (!glyph)
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    glyph->render(painter, rect);
    painter->restore();
}

} // namespace catamaran::ui
