// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QString>
#include <QStringList>

#include <functional>

class QIODevice;
class QWidget;

namespace catamaran::ui {

/// Asks where to write, without blocking: @p handler gets the chosen path; nothing is called when the person gives up.
/// @p filters like "Table (*.csv)": the chosen one gives a name without an ending its own. The dialog goes with @p parent.
void askWhereToSave(QWidget *parent, const QString &title, const QString &name, const QStringList &filters,
    std::function<void(const QString &path)> handler);

/// Writes @p path whole or not at all: what was there stays when @p write returns false or the disk is full. @p tried is for
/// the error, "write the run".
[[nodiscard]] core::Result<core::Done> writeWhole(const QString &path, const QString &tried, const std::function<bool(QIODevice &)> &write);
[[nodiscard]] core::Result<core::Done> writeWhole(const QString &path, const QString &tried, const QByteArray &bytes);

} // namespace catamaran::ui
