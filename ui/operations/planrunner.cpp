// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/operations/planrunner.h"

#include "fleet/plans.h"
#include "fleet/render.h"
#include "fleet/sessionworld.h"
#include "ui/common/services.h"
#include "ui/operations/executions.h"

#include <QCoreApplication>

namespace catamaran::ui {

QFuture<core::Result<FreshPlan>> planNow(
    std::shared_ptr<session::Session> session, const documents::FleetDocument &desired, PlanPurpose purpose, std::stop_token stop)
{
    return core::runSequence([session = forWorker(std::move(session)), desired, purpose, stop]() -> core::Result<FreshPlan> {
        const auto observed = observe::lookFor(*session, desired, stop);
        if (!observed)
            return core::fail(observed.error());
        const auto whole = fleet::rendered(desired, stop);
        if (!whole)
            return core::fail(whole.error());
        const auto plan = purpose == PlanPurpose::Apply ? fleet::applyPlan(*whole, *observed) : fleet::destroyPlan(*whole, *observed);
        if (!plan)
            return core::fail(plan.error());
        if (const auto checked = ops::checkPlan(*plan, fleet::operationKinds()); !checked)
            return core::fail(checked.error());
        return FreshPlan { *observed, *plan,
            purpose == PlanPurpose::Destroy ? fleet::refusedOf(rightsOf(*plan), *session, stop) : fleet::Rights() };
    });
}

fleet::Rights rightsOf(const ops::Plan &plan, ops::Direction direction)
{
    return fleet::byCluster(ops::rightsOf(plan, fleet::operationKinds(), direction));
}

bool isHeld(const core::Error &error)
{
    return error.kind == core::ErrorKind::Conflict && error.code == QLatin1String("Held");
}

PlanRunner::PlanRunner(Services &services, QObject *parent)
    : QObject(parent)
    , m_services(services)
    , m_link(std::make_shared<WorkerLink<PlanRunner>>(this))
    , m_control(std::make_shared<ops::Control>())
{
}

PlanRunner::~PlanRunner()
{
    m_stop.request_stop();
    m_link->cut();
}

void PlanRunner::carryOut(const ShownPlan &plan, const QString &purpose, const QString &name, const QString &title)
{
    fleet::CarryOutOptions options;
    options.purpose = purpose;
    options.name = name;
    options.names = plan.names;
    run(plan.steps, title, options, [what = plan.plan](session::Session &session, const fleet::CarryOutOptions &how, std::stop_token stop) {
        return fleet::carryOut(what, session, how, stop);
    });
}

void PlanRunner::takeBack(qint64 execution, const QList<ops::DescribedStep> &steps, const QString &title)
{
    run(steps, title, {}, [execution](session::Session &session, const fleet::CarryOutOptions &options, std::stop_token stop) {
        fleet::CarryOutOptions all = options;
        const auto now = std::make_shared<qint64>(execution); // whose turn it is: changes between executions, when nothing is told
        all.onExecution = [now](const ops::Execution &one) { *now = one.id; };
        all.onProgress = [now, execution, tell = options.onProgress](ops::StepProgress progress) {
            progress.stepId = chainStepId(*now, execution, progress.stepId);
            tell(progress);
        };
        return fleet::takeBack(execution, session, all, stop);
    });
}

void PlanRunner::goOn(qint64 execution, const QList<ops::DescribedStep> &steps, const QString &title)
{
    run(steps, title, {}, [execution](session::Session &session, const fleet::CarryOutOptions &options, std::stop_token stop) {
        return fleet::goOn(execution, session, options, stop);
    });
}

void PlanRunner::leave(qint64 execution, const QString &title)
{
    run({}, title, {}, [execution](session::Session &session, const fleet::CarryOutOptions &options, std::stop_token stop) {
        return fleet::leave(execution, session, options, stop);
    });
}

void PlanRunner::run(const QList<ops::DescribedStep> &steps, const QString &title, fleet::CarryOutOptions options, Work work)
{
    const auto session = m_services.session();
    if (m_running || !session)
        return;
    m_running = true;
    m_stop = std::stop_source();
    m_control = std::make_shared<ops::Control>();
    m_clock.start();
    m_done = 0;
    m_titles.clear();
    m_notice.clear();
    for (const ops::DescribedStep &one : steps)
        m_titles.insert(one.step.id, one.words.title);
    m_operation = m_services.beginOperation(title, m_stop);

    options.databaseFile = m_services.history().file();
    options.control = m_control;
    if (!options.names.byHand)
        options.names = fleet::namesOf(*session);
    options.onProgress
        = [link = m_link](const ops::StepProgress &progress) { link->post([progress](PlanRunner &runner) { runner.take(progress); }); };
    options.onNotice = [link = m_link](const QString &notice) { link->post([notice](PlanRunner &runner) { runner.tell(notice); }); };
    auto future = core::runSequence([session = forWorker(session), options, work = std::move(work), stop = m_stop.get_token()] {
        return work(*session, options, stop);
    });
    core::whenReady(future, this, [this](const ops::ExecutionResult &result) {
        m_running = false;
        const QString ended = result.error ? result.error->text() : result.complete ? tr("done") : tr("stopped");
        m_services.endOperation(m_operation, m_notice.isEmpty() ? ended : QStringLiteral("%1 (%2)").arg(ended, m_notice), result.complete);
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

void PlanRunner::setPaused(bool paused)
{
    if (!m_running || paused == m_control->isPaused())
        return;
    if (paused)
        m_control->pause();
    else
        m_control->resume();
    emit pausedChanged();
}

bool PlanRunner::isPaused() const
{
    return m_running && m_control->isPaused();
}

/// What the user is to know of the whole: it stays with the result.
void PlanRunner::tell(const QString &notice)
{
    m_notice = notice;
    if (m_running)
        m_services.reportProgress(m_operation, notice, -1);
}

void PlanRunner::take(const ops::StepProgress &progress)
{
    using ops::StepState;
    const bool over = progress.state != StepState::Waiting && progress.state != StepState::Running;
    const bool told = m_titles.contains(progress.stepId);
    if (progress.state == StepState::Done && told)
        ++m_done;
    if (m_running && progress.state != StepState::Waiting && told) {
        const QString title = m_titles.value(progress.stepId);
        m_services.reportProgress(m_operation, progress.note.isEmpty() ? title : tr("%1: %2").arg(title, progress.note),
            int(std::min<qsizetype>(100, 100 * m_done / m_titles.size())));
    }
    if (over)
        m_services.announceActivity();
    emit progressed(progress);
}

} // namespace catamaran::ui
