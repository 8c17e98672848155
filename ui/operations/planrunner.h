// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/fleetdocument.h"
#include "fleet/carryout.h"
#include "fleet/rights.h"
#include "observe/observedfleet.h"
#include "session/session.h"
#include "ui/common/workerlink.h"
#include "ui/operations/shownplan.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>

#include <memory>

namespace catamaran::ui {

class Services;

enum class PlanPurpose { Apply, Destroy };
struct FreshPlan {
    observe::ObservedFleet observed;
    ops::Plan plan;
    fleet::Rights refused; ///< rights that taking away needs and this identity has not
};

/// Looks at the fleet and plans, off the main thread. The session stays alive until both are done.
[[nodiscard]] QFuture<core::Result<FreshPlan>> planNow(
    std::shared_ptr<session::Session> session, const documents::FleetDocument &desired, PlanPurpose purpose, std::stop_token stop);

/// What carrying out @p plan asks of each cluster; for Undo taking it back. Pure.
[[nodiscard]] fleet::Rights rightsOf(const ops::Plan &plan, ops::Direction direction = ops::Direction::Do);

/// Whether nothing was begun because another console works there: its text says who and since when. Worth trying again.
[[nodiscard]] bool isHeld(const core::Error &error);

/// Carries plans out on a thread of its own (fleet/carryout.h) and tells the main thread about it; shows in the strip of
/// operations. One at a time. Destroying it asks what runs to stop and does not wait.
class PlanRunner : public QObject {
    Q_OBJECT
public:
    explicit PlanRunner(Services &services, QObject *parent = nullptr);
    ~PlanRunner() override;

    // Each does nothing while something runs or without a session. @p title is for the strip.
    /// @p purpose and @p name are for the journal: "apply", "two-meshes".
    void carryOut(const ShownPlan &plan, const QString &purpose, const QString &name, const QString &title);
    /// Of an execution, with the steps that are to be told about: takes it back (with its whole chain; progress has the ids of
    /// chainStepId()), goes on with it, or ends it by looking what became of it.
    void takeBack(qint64 execution, const QList<ops::DescribedStep> &steps, const QString &title);
    void goOn(qint64 execution, const QList<ops::DescribedStep> &steps, const QString &title);
    void leave(qint64 execution, const QString &title);

    /// What was sent is still settled; nothing new begins.
    void stop();
    /// Nothing new begins until it is resumed; what runs goes on.
    void setPaused(bool paused);
    [[nodiscard]] bool isPaused() const;
    [[nodiscard]] bool isRunning() const { return m_running; }
    [[nodiscard]] bool isStopping() const { return m_running && m_stop.stop_requested(); }
    [[nodiscard]] qint64 elapsedMs() const { return m_clock.isValid() ? m_clock.elapsed() : 0; }

signals:
    void started();
    void pausedChanged();
    void progressed(const catamaran::ops::StepProgress &progress);
    void finished(const catamaran::ops::ExecutionResult &result);

private:
    using Work = std::function<ops::ExecutionResult(session::Session &, const fleet::CarryOutOptions &, std::stop_token)>;
    Services &m_services;
    std::shared_ptr<WorkerLink<PlanRunner>> m_link;
    std::stop_source m_stop;
    std::shared_ptr<ops::Control> m_control;
    QElapsedTimer m_clock;
    int m_operation = 0;
    QHash<QString, QString> m_titles; ///< of the steps
    QString m_notice; ///< why others at work are not seen; empty: they are
    int m_done = 0;
    bool m_running = false;

    void run(const QList<ops::DescribedStep> &steps, const QString &title, fleet::CarryOutOptions options, Work work);
    void take(const ops::StepProgress &progress);
    void tell(const QString &notice);
};

} // namespace catamaran::ui
