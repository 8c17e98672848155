// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/lists.h"

#include <QHeaderView>
#include <QTableView>

namespace catamaran::ui {

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

} // namespace catamaran::ui
