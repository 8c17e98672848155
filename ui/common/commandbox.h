// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFrame>

class QPlainTextEdit;
class QToolButton;

namespace catamaran::ui {

/// A command or manifest in fixed pitch, selectable, with a copy button. Lines that are too long are wrapped, never cut.
class CommandBox : public QFrame {
    Q_OBJECT
public:
    explicit CommandBox(QWidget *parent = nullptr);
    void setCommand(const QString &command);
    [[nodiscard]] QString command() const;
    /// Grows with its text up to this many lines (default 8), then scrolls.
    void setMaximumLines(int lines);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fit();
    QPlainTextEdit *m_text = nullptr;
    QToolButton *m_copy = nullptr;
    int m_maximumLines = 8;
};

} // namespace catamaran::ui
