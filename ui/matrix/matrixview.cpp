// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/matrix/matrixview.h"

#include "ui/common/theme.h"
#include "ui/matrix/matrixmodel.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

namespace catamaran::ui {
namespace {

constexpr double mark = 9; ///< a layer's, pixels
constexpr int markGap = 3;

/// The state with shape and word, under it a mark per layer and the age.
class CellDelegate final : public QStyledItemDelegate {
public:
    explicit CellDelegate(const MatrixView *view, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_view(view)
    {
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Theme theme = themeOf(option.widget);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QRectF rect = QRectF(option.rect).adjusted(2, 2, -2, -2);
        const QVariant state = index.data(MatrixModel::LookRole);
        if (!state.isValid()) { // a cluster to itself
            painter->setPen(QPen(theme.line, 1));
            painter->drawLine(rect.center() - QPointF(7, 0), rect.center() + QPointF(7, 0));
            painter->restore();
            return;
        }
        const auto look = static_cast<Look>(state.toInt());
        const QColor colour = lookColour(look, theme);
        const bool chosen = option.state & QStyle::State_Selected;
        painter->setPen(chosen ? QPen(theme.accent, 2) : QPen(Theme::blend(theme.line, colour, 0.35), 1));
        painter->setBrush(theme.tint(colour, look == Look::Unknown || look == Look::Stale ? 0.05 : theme.dark ? 0.16 : 0.09));
        painter->drawRoundedRect(rect, 6, 6);
        if (chosen && (option.state & QStyle::State_HasFocus)) {
            painter->setPen(QPen(theme.accent, 1, Qt::DotLine));
            painter->setBrush(Qt::NoBrush);
            painter->drawRoundedRect(rect.adjusted(3, 3, -3, -3), 4, 4);
        }
        const QVariantList layers = index.data(MatrixModel::LayersRole).toList();
        const auto marks = [&](QPointF at, double size) {
            for (const QVariant &layer : layers) {
                paintLook(painter, { at, QSizeF(size, size) }, static_cast<Look>(layer.toInt()), theme);
                at.rx() += size + markGap;
            }
        };
        if (m_view->hasSmallCells()) {
            const bool hasDots = rect.height() >= 20;
            const double side = std::min({ 14.0, rect.width() - 6, rect.height() - (hasDots ? 9 : 3) }), dot = 2.6;
            paintLook(painter, { rect.center() - QPointF(side / 2, side / 2 + (hasDots ? 2 : 0)), QSizeF(side, side) }, look, theme);
            double x = rect.center().x() - 1.5 * (dot + 1.6);
            painter->setPen(Qt::NoPen);
            for (const QVariant &layer : hasDots ? layers : QVariantList()) {
                painter->setBrush(lookColour(static_cast<Look>(layer.toInt()), theme));
                painter->drawEllipse(QPointF(x, rect.bottom() - 3.2), dot / 2, dot / 2);
                x += dot + 1.6;
            }
            painter->restore();
            return;
        }
        const QFontMetricsF metrics(option.font);
        const double line = metrics.height(), top = rect.center().y() - line - 1;
        paintLook(painter, { rect.left() + 7, top + (line - 14) / 2, 14, 14 }, look, theme);
        painter->setFont(option.font);
        painter->setPen(colour);
        const double room = rect.width() - 33;
        painter->drawText(QRectF(rect.left() + 26, top, room, line), Qt::AlignVCenter | Qt::AlignLeft,
            metrics.elidedText(index.data().toString(), Qt::ElideRight, room));
        const double below = rect.center().y() + 2;
        marks({ rect.left() + 7, below + (line - mark) / 2 }, mark);
        const QFont small = tabularFont(scaledFont(option.font, 0.86));
        const double left = rect.left() + 7 + 4 * (mark + markGap) + 3, wide = rect.right() - left - 4;
        painter->setFont(small);
        painter->setPen(theme.muted);
        painter->drawText(QRectF(left, below, wide, line), Qt::AlignVCenter | Qt::AlignRight,
            QFontMetricsF(small).elidedText(index.data(MatrixModel::AgeRole).toString(), Qt::ElideRight, wide));
        painter->restore();
    }

private:
    const MatrixView *m_view;
};

/// Names stand upright above small cells.
class ColumnHeader final : public QHeaderView {
public:
    explicit ColumnHeader(const MatrixView *view, QWidget *parent)
        : QHeaderView(Qt::Horizontal, parent)
        , m_view(view)
    {
        setSectionsClickable(true);
    }

    QSize sizeHint() const override
    {
        QSize size = QHeaderView::sizeHint();
        if (m_view->hasSmallCells() && model()) {
            int longest = 40;
            for (int i = 0; i < count(); ++i)
                longest = std::max(longest, fontMetrics().horizontalAdvance(model()->headerData(i, Qt::Horizontal).toString()));
            size.setHeight(std::min(longest + 16, 130));
        }
        return size;
    }

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override
    {
        if (!m_view->hasSmallCells()) {
            QHeaderView::paintSection(painter, rect, section);
            return;
        }
        painter->save();
        painter->setPen(palette().color(QPalette::ButtonText));
        painter->setFont(font());
        painter->translate(rect.left(), rect.bottom());
        painter->rotate(-90);
        const QRect upright(6, 0, rect.height() - 10, rect.width());
        painter->drawText(upright, Qt::AlignVCenter | Qt::AlignLeft,
            fontMetrics().elidedText(model()->headerData(section, Qt::Horizontal).toString(), Qt::ElideMiddle, upright.width()));
        painter->restore();
    }

private:
    const MatrixView *m_view;
};

} // namespace

MatrixView::MatrixView(QWidget *parent)
    : QTableView(parent)
{
    setObjectName(QStringLiteral("matrix"));
    setAccessibleName(tr("Directions: rows send, columns answer"));
    setHorizontalHeader(new ColumnHeader(this, this));
    setItemDelegate(new CellDelegate(this, this));
    setSelectionMode(QAbstractItemView::SingleSelection);
    setSelectionBehavior(QAbstractItemView::SelectItems);
    setShowGrid(false);
    setCornerButtonEnabled(false);
    setTabKeyNavigation(false);
    setWordWrap(false);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    for (QHeaderView *header : { horizontalHeader(), verticalHeader() }) {
        header->setSectionResizeMode(QHeaderView::Fixed);
        header->setHighlightSections(true);
        header->setMinimumSectionSize(18);
    }
    horizontalHeader()->setTextElideMode(Qt::ElideMiddle);
    verticalHeader()->setTextElideMode(Qt::ElideMiddle);
    verticalHeader()->setMaximumWidth(150);
    verticalHeader()->setDefaultAlignment(Qt::AlignVCenter | Qt::AlignLeft);
    horizontalHeader()->setAccessibleName(tr("Clusters that answer"));
    verticalHeader()->setAccessibleName(tr("Clusters that send"));
    connect(this, &QAbstractItemView::doubleClicked, this, &MatrixView::opened);
}

void MatrixView::setModel(QAbstractItemModel *model)
{
    QTableView::setModel(model);
    connect(model, &QAbstractItemModel::modelReset, this, &MatrixView::share);
    share();
}

void MatrixView::setSmallCells(bool small)
{
    m_small = small;
    share();
    horizontalHeader()->updateGeometry();
    updateGeometries();
    viewport()->update();
}

void MatrixView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    share();
}

void MatrixView::keyPressEvent(QKeyEvent *event)
{
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && event->modifiers() == Qt::NoModifier
        && currentIndex().isValid()) {
        emit opened(currentIndex());
        return;
    }
    QTableView::keyPressEvent(event);
}

void MatrixView::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        share();
}

void MatrixView::share()
{
    if (!model() || model()->columnCount() == 0)
        return;
    const int count = model()->columnCount();
    const QFontMetrics metrics(font());
    const int line = metrics.height();
    // The least width has room for the longest word, and for the marks with an age beside them.
    int word = 0;
    for (const Look look : { Look::Ok, Look::Configured, Look::Unknown, Look::Stale, Look::Warning, Look::Failed })
        word = std::max(word, metrics.horizontalAdvance(proofWord(look)));
    const int leastWide
        = m_small ? 22 : std::max(word + 42, int(4 * (mark + markGap)) + metrics.horizontalAdvance(QStringLiteral("59 min ago")) + 14);
    const int leastHigh = m_small ? 19 : 2 * line + 12;
    const int wide = std::clamp(viewport()->width() / count, leastWide, m_small ? 40 : 2 * leastWide);
    const int high = std::clamp(viewport()->height() / count, leastHigh, m_small ? 30 : leastHigh + 16);
    if (horizontalHeader()->defaultSectionSize() != wide)
        horizontalHeader()->setDefaultSectionSize(wide);
    if (verticalHeader()->defaultSectionSize() != high)
        verticalHeader()->setDefaultSectionSize(high);
}

} // namespace catamaran::ui
