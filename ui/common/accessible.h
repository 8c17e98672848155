// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStringList>

#include <functional>

class QAbstractButton;
class QObject;
class QSplitter;
class QWidget;

/// For those who do not see the window: what they press does what it says, and what changes is said.
namespace catamaran::ui {

/// Calls @p handler when somebody changes @p button: with the mouse, a key, or the Toggle of a screen reader, which clicks
/// nothing. What the program itself shows goes through showChecked() and calls nothing.
void whenToggled(QAbstractButton *button, QObject *context, std::function<void(bool)> handler);
void showChecked(QAbstractButton *button, bool checked);

/// Names @p splitter and its borders by its parts, in their order, and has the borders moved with keys too: Tab, then the arrows, Home
/// and End. Where one was moved to is said.
void nameSplitter(QSplitter *splitter, const QStringList &parts);

/// Says what is new about @p widget: its description from now on.
void announce(QWidget *widget, const QString &text);

} // namespace catamaran::ui
