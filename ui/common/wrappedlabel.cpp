// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/labels.h"

#include <QFontMetricsF>
#include <QGlyphRun>
#include <QHash>
#include <QPainter>
#include <QStyle>
#include <QTextBoundaryFinder>
#include <QTextLayout>

#include <cmath>

namespace catamaran::ui {

/// The text shaped once, as one long line (or one for each break of its own), and where it may be broken: heights for any
/// width are arithmetic from there, and painting draws parts of that line below each other.
struct WrappedLabel::Shaped {
    struct Piece {
        int from = 0, to = 0; ///< letters that stay together, without the blanks after them
        double start = 0, end = 0; ///< where they are on the long line
        bool endsLine = false;
    };
    struct Line {
        int from = 0, to = 0;
        double start = 0, end = 0;
    };
    QString text;
    QFont font;
    QTextLayout layout;
    QList<Piece> pieces;
    double lineHeight = 0;
    double leading = 0;
    QHash<int, int> heights; ///< by width, for what QLabel measures

    void measure()
    {
        layout.setText(text);
        layout.setFont(font);
        layout.setCacheEnabled(true);
        layout.beginLayout();
        for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine())
            line.setLineWidth(1 << 20);
        layout.endLayout();
        QTextBoundaryFinder finder(QTextBoundaryFinder::Line, text);
        for (int from = 0, to = static_cast<int>(finder.toNextBoundary()); to > from;
             from = to, to = static_cast<int>(finder.toNextBoundary())) {
            const QTextLine line = layout.lineForTextPosition(from);
            int end = to;
            while (end > from && text[end - 1].isSpace())
                --end;
            pieces.append(
                { from, end, line.cursorToX(from), line.cursorToX(end), to < text.size() && text[to - 1] == QChar::LineSeparator });
            lineHeight = std::max(lineHeight, line.height());
        }
        leading = std::max(0.0, QFontMetricsF(font).leading());
    }

    [[nodiscard]] QList<Line> brokenFor(double width) const
    {
        QList<Line> lines;
        bool fresh = true;
        for (const Piece &piece : pieces) {
            if (fresh || piece.end - lines.last().start > width)
                lines.append({ piece.from, piece.to, piece.start, piece.end });
            lines.last().to = piece.to;
            lines.last().end = piece.end;
            fresh = piece.endsLine;
        }
        return lines;
    }

    [[nodiscard]] QSizeF sizeFor(double width) const
    {
        double widest = 0;
        const QList<Line> lines = brokenFor(width);
        for (const Line &line : lines)
            widest = std::max(widest, line.end - line.start);
        return { widest, heightOf(lines.size()) };
    }

    [[nodiscard]] double heightOf(qsizetype lines) const
    {
        return static_cast<double>(lines) * (lineHeight + leading) - (lines > 0 ? leading : 0);
    }
};

WrappedLabel::WrappedLabel(const QString &text, QWidget *parent)
    : PlainLabel(text, parent)
{
    setWordWrap(true);
}

WrappedLabel::~WrappedLabel() = default;

bool WrappedLabel::isOurs() const
{
    return !(textInteractionFlags() & Qt::TextSelectableByMouse);
}

WrappedLabel::Shaped &WrappedLabel::shaped() const
{
    QString now = text();
    now.replace(u'\n', QChar::LineSeparator);
    if (!m_shaped || m_shaped->text != now || m_shaped->font != font()) {
        m_shaped = std::make_unique<Shaped>();
        m_shaped->text = now;
        m_shaped->font = font();
        if (isOurs())
            m_shaped->measure();
    }
    return *m_shaped;
}

int WrappedLabel::heightForWidth(int width) const
{
    Shaped &now = shaped();
    if (isOurs()) {
        const QMargins margins = contentsMargins();
        return static_cast<int>(std::ceil(now.sizeFor(width - margins.left() - margins.right()).height())) + margins.top()
            + margins.bottom();
    }
    auto known = now.heights.constFind(width);
    if (known == now.heights.constEnd())
        known = now.heights.insert(width, QLabel::heightForWidth(width));
    return *known;
}

/// As QLabel: at most 80 letters wide, narrower where the text has few lines.
QSize WrappedLabel::sizeHint() const
{
    if (!isOurs())
        return QLabel::sizeHint();
    const Shaped &now = shaped();
    double width = std::min(QFontMetrics(font()).averageCharWidth() * 80, maximumWidth());
    QSizeF size = now.sizeFor(width);
    for (int i = 0; i < 2 && size.height() < 4 * now.lineHeight && size.width() > width / 2; ++i)
        size = now.sizeFor(width = std::ceil(width / 2));
    return QSize(static_cast<int>(std::ceil(size.width())), static_cast<int>(std::ceil(size.height()))).grownBy(contentsMargins());
}

QSize WrappedLabel::minimumSizeHint() const
{
    if (!isOurs())
        return QLabel::minimumSizeHint();
    const Shaped &now = shaped();
    return QSize(static_cast<int>(std::ceil(now.sizeFor(0).width())), static_cast<int>(std::ceil(now.lineHeight)))
        .grownBy(contentsMargins());
}

void WrappedLabel::paintEvent(QPaintEvent *event)
{
    if (!isOurs()) {
        QLabel::paintEvent(event);
        return;
    }
    const QRectF inside = contentsRect();
    const Shaped &now = shaped();
    const QList<Shaped::Line> lines = now.brokenFor(inside.width());
    const Qt::Alignment side = QStyle::visualAlignment(layoutDirection(), alignment());
    const double free = inside.height() - now.heightOf(lines.size());
    double y = inside.top() + std::floor(side & Qt::AlignVCenter ? free / 2 : side & Qt::AlignBottom ? free : 0);
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    for (const Shaped::Line &line : lines) {
        const double room = inside.width() - (line.end - line.start);
        const double x = inside.left() + std::floor(side & Qt::AlignHCenter ? room / 2 : side & Qt::AlignRight ? room : 0);
        const QTextLine whole = now.layout.lineForTextPosition(line.from);
        for (const QGlyphRun &run : whole.glyphRuns(line.from, line.to - line.from))
            painter.drawGlyphRun({ x - line.start, y - whole.y() }, run);
        y += now.lineHeight + now.leading;
    }
}

} // namespace catamaran::ui
