// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QPushButton;

namespace catamaran::ui {

class PlainLabel;

/// What an empty screen shows: what belongs here, and the one action that fills it.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    explicit EmptyState(
        const QString &glyph, const QString &title, const QString &text, const QString &actionText = {}, QWidget *parent = nullptr);
    void setTexts(const QString &title, const QString &text);
    /// Null when there is no action.
    [[nodiscard]] QPushButton *button() const { return m_button; }

signals:
    void triggered();

private:
    PlainLabel *m_icon = nullptr;
    PlainLabel *m_title = nullptr;
    PlainLabel *m_text = nullptr;
    QPushButton *m_button = nullptr;
    QString m_glyph;
    bool event(QEvent *event) override;
    void redrawIcon();
};

} // namespace catamaran::ui
