// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

class QAbstractItemModel;
class QTableView;

namespace catamaran::ui {

/// A table of figures: dense rows chosen as a whole, digits of one width, Tab leaves it.
[[nodiscard]] QTableView *makeDataTable(const QString &name, const QString &accessible, QAbstractItemModel *model);

} // namespace catamaran::ui
