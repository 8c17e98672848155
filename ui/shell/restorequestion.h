// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QWidget>

#include <functional>

namespace catamaran::ui {

struct RestoreQuestion {
    QString name; ///< the dialog's object name
    QString title, text;
    QString accept; ///< the button's
    QString reason {}; ///< the caption of a line that must be filled; empty: there is none
};
/// Asks over @p parent's window; @p accepted gets the reason. Nothing waits for it.
void askAboutRestore(QWidget *parent, const RestoreQuestion &question, const std::function<void(const QString &reason)> &accepted);

} // namespace catamaran::ui
