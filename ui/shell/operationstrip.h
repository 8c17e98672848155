// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QElapsedTimer>
#include <QFrame>
#include <QTimer>

#include <map>

class QProgressBar;
class QToolButton;
class QVBoxLayout;

namespace catamaran::ui {

class PlainLabel;
class Services;
class StateBadge;

/// What runs now, at the bottom of the window: title, newest note, progress, elapsed time, cancel. Hidden when there is
/// nothing; a good end shows for some seconds, a bad one until it is closed.
class OperationStrip : public QFrame {
    Q_OBJECT
public:
    explicit OperationStrip(Services &services, QWidget *parent = nullptr);
    [[nodiscard]] int count() const { return static_cast<int>(m_rows.size()); }

private:
    struct Row {
        QWidget *widget = nullptr;
        StateBadge *badge = nullptr;
        PlainLabel *note = nullptr;
        PlainLabel *elapsed = nullptr;
        QProgressBar *progress = nullptr;
        QToolButton *cancel = nullptr;
        QElapsedTimer since;
        bool ended = false, isStopping = false;
    };
    void begin(int id, const QString &title);
    void progress(int id, const QString &note, int percent);
    void end(int id, const QString &result, bool ok);
    void remove(int id);
    void tick();

    Services &m_services;
    std::map<int, Row> m_rows;
    QVBoxLayout *m_layout = nullptr;
    QTimer m_timer;
};

} // namespace catamaran::ui
