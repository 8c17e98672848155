// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFileDialog>

#include <functional>

namespace catamaran::ui {

/// Every file dialog of the console: it shows files by their names and opens none of them. Qt's own looks into each file for its icon and
/// type. Where that is our history, closing it again takes away all locks that this process has on it (POSIX; sqlite.org/howtocorrupt,
/// 2.2), and the next program that closes it last removes the log under our hands.
class FileDialog : public QFileDialog {
    Q_OBJECT
public:
    explicit FileDialog(QWidget *parent, const QString &title, const QString &folder = {}, const QString &filters = {});
};

/// Asks for one file that is there, without blocking: @p handler gets its path; nothing is called when the person gives up. The dialog
/// goes with @p parent.
void askWhichFile(QWidget *parent, const QString &title, const QString &filters, std::function<void(const QString &path)> handler);

} // namespace catamaran::ui
