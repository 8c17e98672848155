// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/planrunner.h"

#include "ui/common/services.h"

#include <QCoreApplication>

#include <mutex>

namespace catamaran::ui {

std::shared_ptr<fleet::Session> forWorker(std::shared_ptr<fleet::Session> session)
{
    fleet::Session *raw = session.get();
    return std::shared_ptr<fleet::Session>(raw, [session = std::move(session)](fleet::Session *) mutable {
        if (auto *application = QCoreApplication::instance())
            QMetaObject::invokeMethod(application, [session = std::move(session)]() mutable { session.reset(); }, Qt::QueuedConnection);
    });
}

QFuture<core::Result<FreshPlan>> planNow(std::shared_ptr<fleet::Session> session, const fleet::FleetDocument &desired, PlanPurpose purpose, std::stop_token stop)
{
    return core::runSequence([session = forWorker(std::move(session)), desired, purpose, stop]() -> core::Result<FreshPlan> {
        const auto observed = fleet::observeFor(*session, desired, stop);
        if (!observed)
            return core::fail(observed.error());
        const auto plan = purpose == PlanPurpose::Apply ? fleet::planApply(desired, *observed) : fleet::planDestroy(desired, *observed);
        if (!plan)
            return core::fail(plan.error());
        return FreshPlan { *observed, *plan, purpose == PlanPurpose::Destroy ? fleet::refusedOf(fleet::rightsFor(*plan), *session, stop) : fleet::Rights() };
    });
}

/// Between the worker and the runner, which may be gone before the worker is.
struct PlanRunner::Link {
    std::mutex mutex;
    PlanRunner *runner = nullptr;
};

PlanRunner::PlanRunner(Services &services, QObject *parent)
    : QObject(parent)
    , m_services(services)
    , m_link(std::make_shared<Link>())
{
    m_link->runner = this;
}

PlanRunner::~PlanRunner()
{
    m_stop.request_stop();
    const std::lock_guard lock(m_link->mutex);
    m_link->runner = nullptr;
}

void PlanRunner::start(const fleet::Plan &plan, const QString &operation, const QString &title)
{
    const auto session = m_services.session();
    if (m_running || !session)
        return;
    m_running = true;
    m_stop = std::stop_source();
    m_clock.start();
    m_done = 0;
    m_total = int(plan.steps.size());
    m_operation = m_services.beginOperation(title, m_stop);

    fleet::ExecuteOptions options;
    options.operation = operation;
    options.databaseFile = m_services.history().file();
    options.onProgress = [link = m_link](const fleet::StepProgress &progress) {
        const std::lock_guard lock(link->mutex);
        if (PlanRunner *runner = link->runner)
            QMetaObject::invokeMethod(runner, [runner, progress] { runner->take(progress); }, Qt::QueuedConnection);
    };
    auto future = core::runSequence([session = forWorker(session), plan, options, stop = m_stop.get_token()] {
        return fleet::execute(plan, *session, options, stop);
    });
    core::whenReady(future, this, [this](const fleet::ExecutionResult &result) {
        m_running = false;
        m_services.endOperation(m_operation, result.error ? result.error->text() : result.complete ? tr("done") : tr("stopped"), result.complete);
        m_services.announceActivity();
        if (auto *live = m_services.live())
            live->refresh();
        emit finished(result);
    });
    emit started();
}

void PlanRunner::stop()
{
    m_stop.request_stop();
}

void PlanRunner::take(const fleet::StepProgress &progress)
{
    const bool ended = progress.state == fleet::StepState::Done || progress.state == fleet::StepState::Skipped;
    if (ended)
        ++m_done;
    if (m_running)
        m_services.reportProgress(m_operation, progress.note.isEmpty() ? progress.stepId : progress.note, m_total > 0 ? std::min(100, 100 * m_done / m_total) : -1);
    if (ended || progress.state == fleet::StepState::Failed)
        m_services.announceActivity();
    emit progressed(progress);
}

} // namespace catamaran::ui
