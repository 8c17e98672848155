// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/contexttable.h"

#include "ui/common/lists.h"
#include "ui/common/theme.h"
#include "ui/setup/contextmodel.h"

#include <QHeaderView>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>

#include <algorithm>

namespace catamaran::ui {

namespace {

constexpr int measuredRows = 60; ///< that decide how wide a column is; a company has hundreds
constexpr int soonMs = 120;
constexpr int wideEnough = 1050; ///< pixels; below, the table leaves out what stands in the details

/// Shape and colour before the words of a state.
class StateDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const QVariant state = index.data(ContextModel::HealthRole);
        if (!state.isValid())
            return;
        const auto health = observe::Health(state.toInt());
        const Theme theme = themeOf(option->widget);
        const double ratio = option->widget ? option->widget->devicePixelRatioF() : 1.0;
        QPixmap shape(QSize(15, 15) * ratio);
        shape.setDevicePixelRatio(ratio);
        shape.fill(Qt::transparent);
        QPainter painter(&shape);
        paintHealthShape(&painter, QRectF(0, 0, 15, 15), health, theme);
        painter.end();
        option->icon = QIcon(shape);
        option->decorationSize = { 15, 15 };
        option->features |= QStyleOptionViewItem::HasDecoration;
        if (health != observe::Health::Ok)
            option->palette.setColor(QPalette::Text, theme.health(health));
    }
};

} // namespace

ContextTable::ContextTable(ContextModel *model, QWidget *parent)
    : QTableView(parent)
{
    prepareList(this, QStringLiteral("contexts"), tr("Contexts of the kubeconfig files"));
    QTableView::setModel(model);
    setItemDelegate(new StateDelegate(this));
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
    setTextElideMode(Qt::ElideMiddle);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 14);
    verticalHeader()->setMinimumSectionSize(fontMetrics().height() + 14);
    horizontalHeader()->setMinimumSectionSize(60);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setResizeContentsPrecision(measuredRows);
    setMinimumHeight(fontMetrics().height() * 7);
    m_soon.setSingleShot(true);
    m_soon.setInterval(soonMs);
    connect(&m_soon, &QTimer::timeout, this, &ContextTable::fitColumns);
}

void ContextTable::fitColumns()
{
    // With room for a scroll bar, whether or not it is there already: the columns do not jump when it comes.
    const int bar = verticalScrollBar()->isVisible() ? 0 : style()->pixelMetric(QStyle::PM_ScrollBarExtent);
    const int room = viewport()->width() - bar;
    const bool wide = room >= wideEnough;
    setColumnHidden(ContextModel::ClusterColumn, true); // in the details
    setColumnHidden(ContextModel::FileColumn, true);
    setColumnHidden(ContextModel::NamespaceColumn, !wide);
    setColumnHidden(ContextModel::UserColumn, room < 620);
    resizeColumnsToContents();
    int total = 0;
    for (int column = 0; column < ContextModel::COLUMN_COUNT; ++column) {
        if (isColumnHidden(column))
            continue;
        setColumnWidth(column, std::min(columnWidth(column) + 8, std::max(90, room * 28 / 100)));
        total += columnWidth(column);
    }
    // Too wide: the long texts give way, each keeps enough to be told apart; they stand whole in tool tip and details.
    const QList<QPair<int, int>> least { { ContextModel::UserColumn, 90 }, { ContextModel::BecomesColumn, 90 },
        { ContextModel::StateColumn, 170 }, { ContextModel::ServerColumn, 120 }, { ContextModel::ContextColumn, 120 },
        { ContextModel::TestColumn, 90 }, { ContextModel::ExpiryColumn, 100 }, { ContextModel::StateColumn, 110 } };
    for (const auto &[column, keeps] : least) {
        if (total <= room || isColumnHidden(column))
            continue;
        const int give = std::min(total - room, std::max(0, columnWidth(column) - keeps));
        setColumnWidth(column, columnWidth(column) - give);
        total -= give;
    }
    if (total < room) // what is left goes to what is wrong
        setColumnWidth(ContextModel::StateColumn, columnWidth(ContextModel::StateColumn) + room - total);
}

void ContextTable::fitColumnsSoon()
{
    if (!m_soon.isActive())
        m_soon.start();
}

void ContextTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fitColumns();
}

} // namespace catamaran::ui
