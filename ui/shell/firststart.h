// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QProgressBar;
class QPushButton;

namespace catamaran::ui {

class PlainLabel;

/// The first screen while no environment is open: where one worked last, and three ways to begin.
class FirstStart : public QWidget {
    Q_OBJECT
public:
    explicit FirstStart(QWidget *parent = nullptr);
    /// A note under the cards while something is being opened; empty: nothing is, and the buttons work.
    void setBusy(const QString &note);
    /// The environment that was open last, offered above the cards; an empty @p file: there is none.
    void setLast(const QString &file, const QString &name);

signals:
    void lastRequested(const QString &file);
    void rangeRequested();
    void cloudRequested();
    void kubeconfigsRequested();
    void openFileRequested();

private:
    QList<QPushButton *> m_buttons;
    QWidget *m_lastPart = nullptr;
    QPushButton *m_last = nullptr;
    PlainLabel *m_lastFile = nullptr;
    QString m_file;
    PlainLabel *m_note = nullptr;
    QProgressBar *m_progress = nullptr;
};

} // namespace catamaran::ui
