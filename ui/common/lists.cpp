// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/lists.h"

#include <QHeaderView>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTreeView>

namespace catamaran::ui {

namespace {

/// A tree has no height for its rows, as a table has.
class RowDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        return { QStyledItemDelegate::sizeHint(option, index).width(), option.fontMetrics.height() + 12 };
    }
};

} // namespace

void prepareList(QTableView *table, const QString &name, const QString &accessible)
{
    table->setObjectName(name);
    table->setAccessibleName(accessible);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setShowGrid(false);
    table->setWordWrap(false); // or an id is cut at its first hyphen
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->horizontalHeader()->setHighlightSections(false);
}

void prepareTree(QTreeView *tree, const QString &name, const QString &accessible)
{
    tree->setObjectName(name);
    tree->setAccessibleName(accessible);
    tree->setSelectionBehavior(QAbstractItemView::SelectRows);
    tree->setSelectionMode(QAbstractItemView::SingleSelection);
    tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    tree->setAllColumnsShowFocus(true);
    tree->setUniformRowHeights(true);
    tree->setWordWrap(false);
    tree->setTabKeyNavigation(false);
    tree->setItemDelegate(new RowDelegate(tree));
    tree->header()->setHighlightSections(false);
}

} // namespace catamaran::ui
