// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFrame>

class QPushButton;
class QVBoxLayout;

namespace catamaran::ui {

class PlainLabel;

/// A panel with a line around it; optionally a glyph, a title and a text above its body.
class Card : public QFrame {
    Q_OBJECT
public:
    explicit Card(QWidget *parent = nullptr);
    explicit Card(const QString &title, QWidget *parent = nullptr);
    void setTitle(const QString &title);
    void setText(const QString &text);
    void setIcon(const QString &glyph);
    /// Where content goes, under the title.
    [[nodiscard]] QVBoxLayout *body() const { return m_body; }
    /// A button at the foot of the card.
    QPushButton *addButton(const QString &text, bool primary = false);

private:
    QVBoxLayout *m_body = nullptr;
    PlainLabel *m_icon = nullptr;
    PlainLabel *m_title = nullptr;
    PlainLabel *m_text = nullptr;
    QString m_glyph;
    bool event(QEvent *event) override;
    void redrawIcon();
};

} // namespace catamaran::ui
