// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QProgressBar;
class QPushButton;

namespace catamaran::ui {

class PlainLabel;

/// The first screen while no environment is open: three ways to begin.
class FirstStart : public QWidget {
    Q_OBJECT
public:
    explicit FirstStart(QWidget *parent = nullptr);
    /// A note under the cards while something is being opened; empty: nothing is, and the buttons work.
    void setBusy(const QString &note);

signals:
    void rangeRequested();
    void cloudRequested();
    void kubeconfigsRequested();
    void openFileRequested();

private:
    QList<QPushButton *> m_buttons;
    PlainLabel *m_note = nullptr;
    QProgressBar *m_progress = nullptr;
};

} // namespace catamaran::ui
