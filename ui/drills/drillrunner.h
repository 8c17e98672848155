// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/runner.h"
#include "ui/common/workerlink.h"

#include <QObject>

#include <memory>
#include <stop_token>

namespace catamaran::ui {

class Services;

/// Runs one drill at a time with drill::runDrill() on a thread of its own and tells the main thread about it. A stop
/// restores first; destroying this asks for the same and does not wait.
class DrillRunner : public QObject {
    Q_OBJECT
public:
    explicit DrillRunner(Services &services, QObject *parent = nullptr);
    ~DrillRunner() override;

    /// Does nothing while one runs or without a session.
    void start(const drill::DrillDocument &drill, const drill::DrillOptions &options = {});
    void stopAndRestore();
    [[nodiscard]] bool isRunning() const { return m_running; }

signals:
    void started();
    /// Which process stands sentry over what will be broken, or why none does.
    void sentryTold(const QString &text);
    void phaseReached(const catamaran::drill::PhaseMark &mark);
    void received(const QList<catamaran::probe::Sample> &samples);
    void guardsRead(const QList<catamaran::drill::GuardReading> &readings);
    void finished(const catamaran::drill::DrillResult &result);

private:
    void tell(const drill::PhaseMark &mark);

    Services &m_services;
    QList<drill::FaultStage> m_stagesLeft; ///< of the drill that runs
    std::shared_ptr<WorkerLink<DrillRunner>> m_link;
    const QString m_sentryProgram; ///< the program that stands sentry
    std::stop_source m_stop;
    int m_operation = 0;
    bool m_running = false;
};

/// Why each of @p drills cannot run here now (empty: it can), in their order. Looks once, off the main thread.
[[nodiscard]] QFuture<QList<QList<core::Error>>> checkDrills(
    std::shared_ptr<session::Session> session, const QList<drill::DrillDocument> &drills, std::stop_token stop);

/// The phase as people read it: "Before the fault", "Fault", ...
[[nodiscard]] QString phaseWord(drill::Phase phase);

} // namespace catamaran::ui
