// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observedfleet.h"
#include "ui/common/rights.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QObject>

#include <memory>
#include <stop_token>

namespace catamaran::ui {

/// One answer of a connection test.
struct TestLine {
    QString what; ///< "reach the API server", "send requests from a pod"
    observe::Health health = observe::Health::Unknown; ///< Unknown: not asked yet
    QString answer; ///< "v1.24.6", "allowed", "denied: patch deployments.apps/scale in namespace default"
    QString remedy; ///< what to do; empty when nothing is
    QString command; ///< to see the same by hand
    QDateTime at; ///< when the answer came
    qint64 ms = 0; ///< how long it took
};

/// Asks one API server for its version and then whether the identity may do what Catamaran needs. Every answer is kept
/// with its time. Main thread; it can be started again, and ends with this object.
class ConnectionTest : public QObject {
    Q_OBJECT
public:
    explicit ConnectionTest(kube::ClusterAccess access, QObject *parent = nullptr);
    ~ConnectionTest() override;

    void start();
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_running; }
    [[nodiscard]] bool isOver() const { return m_over; }
    [[nodiscard]] const QList<TestLine> &lines() const { return m_lines; }
    [[nodiscard]] int done() const { return m_done; }
    [[nodiscard]] int total() const { return m_total; }
    [[nodiscard]] observe::Health health() const;
    /// "v1.24.6, everything allowed", "2 of 7 denied", "does not answer", "3 of 15".
    [[nodiscard]] QString summary() const;
    /// What is denied.
    [[nodiscard]] const QList<kube::AccessQuestion> &refused() const { return m_refused; }
    [[nodiscard]] QString asText() const;

signals:
    void changed();
    void finished();

private:
    kube::ClusterAccess m_access;
    QList<Right> m_rights;
    QList<TestLine> m_lines;
    QList<int> m_left; ///< questions open, by line
    QList<kube::AccessQuestion> m_refused;
    std::unique_ptr<kube::KubeClient> m_client;
    std::stop_source m_stop;
    QElapsedTimer m_clock;
    QString m_version;
    int m_done = 0, m_total = 0;
    bool m_running = false, m_over = false;

    void askRights();
    void took(int line, const kube::AccessQuestion &question, const core::Result<bool> &answer);
    void end();
};

} // namespace catamaran::ui
