// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/services.h"

#include <QElapsedTimer>
#include <QList>
#include <QObject>
#include <QTimer>

#include <functional>

namespace catamaran::ui {

class MainWindow;

/// --tour DIR: walks every place's stops and saves a picture of the window at each, "01-first-start.png". Waits for the
/// environment that is being opened, and for places that are busy, but not for ever.
class Tour : public QObject {
    Q_OBJECT
public:
    Tour(MainWindow &window, Services &services, QString folder, QObject *parent = nullptr);
    void start();

signals:
    /// @p error empty: all pictures are there.
    void finished(const QString &error, int pictures);

private:
    struct Stop {
        QString name;
        std::function<void()> show;
        std::function<bool()> busy;
    };
    void plan();
    void next();
    void poll();
    void picture();

    MainWindow &m_window;
    Services &m_services;
    QString m_folder;
    QList<Stop> m_stops;
    qsizetype m_at = -1;
    int m_running = 0; ///< operations
    QTimer m_timer;
    QElapsedTimer m_since;
    bool m_planned = false;
};

} // namespace catamaran::ui
