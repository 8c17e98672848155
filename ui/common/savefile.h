// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

#include <functional>

class QWidget;

namespace catamaran::ui {

/// Asks where to write, without blocking: @p handler gets the chosen path; nothing is called when the person gives up.
/// @p filters like "Table (*.csv)": the chosen one gives a name without an ending its own. The dialog goes with @p parent.
void askWhereToSave(QWidget *parent, const QString &title, const QString &name, const QStringList &filters, std::function<void(const QString &path)> handler);

} // namespace catamaran::ui
