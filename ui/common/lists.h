// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

class QTableView;
class QTreeView;

namespace catamaran::ui {

/// How every list in columns looks and behaves: a row is chosen as a whole and has one line, which is cut where the column
/// ends; no grid, no row numbers; Tab leaves the list. @p accessible is read out.
void prepareList(QTableView *table, const QString &name, const QString &accessible);
/// The same for a list whose rows can be opened.
void prepareTree(QTreeView *tree, const QString &name, const QString &accessible);

} // namespace catamaran::ui
