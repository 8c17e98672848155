// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/executor.h"
#include "fleet/plan.h"
#include "fleet/rights.h"
#include "fleet/session.h"

#include <QElapsedTimer>
#include <QObject>

#include <memory>

namespace catamaran::ui {

class Services;

enum class PlanPurpose { Apply, Destroy };
struct FreshPlan {
    fleet::ObservedFleet observed;
    fleet::Plan plan;
    fleet::Rights refused; ///< rights that taking away needs and this identity has not
};

/// Looks at the fleet and plans, off the main thread. The session stays alive until both are done.
[[nodiscard]] QFuture<core::Result<FreshPlan>> planNow(std::shared_ptr<fleet::Session> session, const fleet::FleetDocument &desired, PlanPurpose purpose,
                                                       std::stop_token stop);

/// A copy of @p session for a worker thread: whoever drops it last, the session itself ends on the main thread.
[[nodiscard]] std::shared_ptr<fleet::Session> forWorker(std::shared_ptr<fleet::Session> session);

/// Runs a plan with fleet::execute() on a thread of its own and tells the main thread about it; shows in the strip of
/// operations. One plan at a time. Destroying it asks the plan to stop and does not wait.
class PlanRunner : public QObject {
    Q_OBJECT
public:
    explicit PlanRunner(Services &services, QObject *parent = nullptr);
    ~PlanRunner() override;

    /// Does nothing while one runs or without a session. @p operation names it in the journal.
    void start(const fleet::Plan &plan, const QString &operation, const QString &title);
    void stop();
    [[nodiscard]] bool isRunning() const { return m_running; }
    [[nodiscard]] qint64 elapsedMs() const { return m_clock.isValid() ? m_clock.elapsed() : 0; }

signals:
    void started();
    void progressed(const catamaran::fleet::StepProgress &progress);
    void finished(const catamaran::fleet::ExecutionResult &result);

private:
    struct Link;
    Services &m_services;
    std::shared_ptr<Link> m_link;
    std::stop_source m_stop;
    QElapsedTimer m_clock;
    int m_operation = 0;
    int m_done = 0, m_total = 0;
    bool m_running = false;

    void take(const fleet::StepProgress &progress);
};

} // namespace catamaran::ui
