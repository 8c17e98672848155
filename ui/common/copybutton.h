// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <functional>

class QToolButton;
class QWidget;

namespace catamaran::ui {

/// Copies @p text, printable, to the clipboard.
void copyText(const QString &text);
/// A small button that copies what @p text gives when it is clicked.
[[nodiscard]] QToolButton *makeCopyButton(std::function<QString()> text, QWidget *parent);

} // namespace catamaran::ui
