// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/datatable.h"

#include "ui/common/lists.h"
#include "ui/common/theme.h"

#include <QHeaderView>
#include <QTableView>

namespace catamaran::ui {

QTableView *makeDataTable(const QString &name, const QString &accessible, QAbstractItemModel *model)
{
    auto *table = new QTableView;
    prepareList(table, name, accessible);
    table->setModel(model);
    table->setFont(tabularFont(table->font()));
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 6);
    return table;
}

} // namespace catamaran::ui
