// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "observe/observedfleet.h"

#include <QFrame>

class QHBoxLayout;
class QPushButton;
class QToolButton;

namespace catamaran::ui {

class PlainLabel;

/// Says what failed, on what, why and what to do, with a button that does it. Hidden until showError().
class ErrorBanner : public QFrame {
    Q_OBJECT
public:
    explicit ErrorBanner(QWidget *parent = nullptr);
    void showError(const core::Error &error);
    /// A banner that is not an error: a note with a state.
    void showNote(observe::Health health, const QString &text);
    /// A button with @p text; empty removes it. actionTriggered() follows a click.
    void setAction(const QString &text);
    /// The same with several; actionChosen() says which was clicked.
    void setActions(const QStringList &texts);
    /// The cross at its right; on by default for errors.
    void setClosable(bool closable);
    /// One line that takes as little room as it can: for a standing note that is no hurry.
    void setSlim(bool slim);
    void clear();
    [[nodiscard]] QString text() const;

signals:
    void actionTriggered(); ///< the first one
    void actionChosen(int number);
    void closed();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void build();
    observe::Health m_health = observe::Health::Failed;
    bool m_slim = false;
    QString m_copyText;
    PlainLabel *m_title = nullptr;
    PlainLabel *m_detail = nullptr;
    QHBoxLayout *m_actions = nullptr;
    QList<QPushButton *> m_buttons;
    QToolButton *m_copy = nullptr;
    QToolButton *m_close = nullptr;
};

} // namespace catamaran::ui
