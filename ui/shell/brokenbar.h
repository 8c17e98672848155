// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/escapetwice.h"
#include "ui/common/services.h"

#include <QFrame>

class QPushButton;

namespace catamaran::ui {

class PlainLabel;

/// Across the window in every place while a drill runs: what is broken on purpose, until when, and STOP AND RESTORE. Red from the
/// moment something is broken until it is back. Escape twice stops too, wherever the keyboard's focus is.
class BrokenBar : public QFrame {
    Q_OBJECT
public:
    explicit BrokenBar(Services &services, QWidget *parent = nullptr);
    [[nodiscard]] QString text() const;
    [[nodiscard]] bool isRed() const { return m_isRed; }

signals:
    void drillRequested(); ///< the user wants to see it

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void tell();
    void stop();
    void tellCountdown();
    void paintItself();

    Services &m_services;
    QStringList m_broken; ///< one line each
    EscapeTwice m_escape;
    QTimer m_second;
    bool m_isRed = false, m_isEscapeDown = false;
    PlainLabel *m_title = nullptr, *m_what = nullptr, *m_until = nullptr;
    QPushButton *m_show = nullptr, *m_stop = nullptr;
};

} // namespace catamaran::ui
