// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/output.h"

#include <QElapsedTimer>
#include <QEvent>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QObject>
#include <QTimer>
#include <QWidget>

#include <functional>

/// For the benchmarks: prints when the window was painted for the first time, and the memory then, as one JSON line.
class FirstFrame final : public QObject {
    Q_OBJECT
public:
    FirstFrame(QWidget *window, QElapsedTimer since, std::function<void()> then)
        : QObject(window)
        , m_since(since)
        , m_then(std::move(then))
    {
        window->installEventFilter(this);
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::UpdateRequest || event->type() == QEvent::Paint) {
            watched->removeEventFilter(this);
            QTimer::singleShot(0, this, &FirstFrame::report); // after this very event has painted
        }
        return false;
    }

private:
    void report()
    {
        qint64 residentKb = 0;
        QFile status(QStringLiteral("/proc/self/status"));
        if (status.open(QIODevice::ReadOnly)) {
            for (const QByteArray &line : status.readAll().split('\n')) {
                if (line.startsWith("VmRSS:"))
                    residentKb = line.mid(6).simplified().split(' ').first().toLongLong();
            }
        }
        const QJsonObject line { { QStringLiteral("first_frame_ms"), static_cast<double>(m_since.nsecsElapsed()) / 1e6 },
            { QStringLiteral("rss_kb"), residentKb } };
        (void)catamaran::core::writeOutput(QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n');
        m_then();
    }

    QElapsedTimer m_since;
    std::function<void()> m_then;
};
