// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/applypage.h"

#include "core/printable.h"
#include "fleet/sessionworld.h"
#include "ui/common/accessible.h"
#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/rights.h"
#include "ui/common/staleness.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/operations/executiondialog.h"
#include "ui/operations/planview.h"

#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTime>
#include <QVBoxLayout>

namespace catamaran::ui {

ApplyPage::ApplyPage(SetupContext &shared, QWidget *parent)
    : SetupPage(shared, tr("Apply"),
        tr("Each step looks before it acts and reads its change back. You can stop at any time, go on later, and take everything away again."),
        parent, Body::Fills)
    , m_note(new ErrorBanner)
    , m_summary(new PlainLabel)
    , m_progress(new QProgressBar)
    , m_stack(new QStackedWidget)
    , m_empty(new EmptyState(QStringLiteral("check"), tr("Looking at the fleet…"), {}))
    , m_view(new PlanView)
    , m_log(new QPlainTextEdit)
    , m_go(new QPushButton(tr("&Apply")))
    , m_pause(new QPushButton(themedIcon(QStringLiteral("pause")), tr("&Pause")))
    , m_stop(new QPushButton(themedIcon(QStringLiteral("stop")), tr("S&top")))
    , m_undo(new QPushButton(themedIcon(QStringLiteral("undo")), tr("&Undo…")))
    , m_takeAway(new QPushButton(tr("Take all a&way…")))
{
    m_note->setObjectName(QStringLiteral("applyNote"));
    m_summary->setObjectName(QStringLiteral("applySummary"));
    m_summary->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    m_summary->setWordWrap(true);
    m_progress->setAccessibleName(tr("Steps done"));
    m_progress->setTextVisible(false);
    m_progress->setMaximumHeight(8);
    m_log->setObjectName(QStringLiteral("applyLog"));
    m_log->setAccessibleName(tr("Log of this run"));
    m_log->setReadOnly(true);
    m_log->setMaximumBlockCount(5000);
    m_log->setFont(monoFont());
    m_log->setPlaceholderText(tr("What happens is written here, and kept in the Activity place."));
    m_log->setTabChangesFocus(true);
    m_go->setObjectName(QStringLiteral("apply"));
    setButtonRole(m_go, ButtonRole::Primary);
    m_go->setToolTip(tr("Ctrl+Enter"));
    m_stop->setObjectName(QStringLiteral("stopApply"));
    m_pause->setObjectName(QStringLiteral("pauseApply"));
    m_undo->setObjectName(QStringLiteral("undoApply"));
    m_takeAway->setObjectName(QStringLiteral("undoAll"));
    m_takeAway->setToolTip(tr("Plans how the whole fleet is taken away again, whoever set it up"));
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    for (QPushButton *button : { m_go, m_pause, m_stop, m_undo, m_takeAway })
        row->addWidget(button);
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_view);
    splitter->addWidget(m_log);
    splitter->setStretchFactor(0, 4);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({ 380, 110 });
    splitter->setChildrenCollapsible(false);
    nameSplitter(splitter, { tr("Steps"), tr("Log") });
    m_log->setMinimumHeight(70);
    body()->addWidget(m_note);
    body()->addWidget(m_summary);
    body()->addWidget(m_progress);
    body()->addLayout(row);
    m_stack->addWidget(splitter);
    m_stack->addWidget(m_empty);
    body()->addWidget(m_stack, 1);
    m_tick.setInterval(500);

    connect(m_go, &QPushButton::clicked, this, &ApplyPage::go);
    connect(m_stop, &QPushButton::clicked, this, &ApplyPage::stop);
    connect(m_pause, &QPushButton::clicked, this, [this] { context.runner()->setPaused(!context.runner()->isPaused()); });
    connect(m_undo, &QPushButton::clicked, this, &ApplyPage::askUndo);
    connect(m_takeAway, &QPushButton::clicked, this, &ApplyPage::askTakeAway);
    connect(m_note, &ErrorBanner::actionTriggered, this, [this] {
        if (m_failure && isHeld(*m_failure))
            go();
        else
            emit context.services.placeRequested(QStringLiteral("activity"), {});
    });
    connect(&m_tick, &QTimer::timeout, this, [this] {
        m_view->model()->tick();
        refresh();
    });
    connect(context.runner(), &PlanRunner::pausedChanged, this, [this] {
        log(context.runner()->isPaused() ? tr("Paused: what runs goes on, nothing new begins") : tr("Continued"));
        refresh();
    });
    connect(context.runner(), &PlanRunner::progressed, this, &ApplyPage::take);
    connect(context.runner(), &PlanRunner::finished, this, &ApplyPage::ended);
    connect(&context, &SetupContext::planChanged, this, [this] {
        if (context.runner()->isRunning())
            return;
        if (m_goWhenPlanned && context.plan()) {
            m_goWhenPlanned = false;
            start();
            return;
        }
        if (context.planError())
            m_goWhenPlanned = false;
        askWhatIsAllowed();
        // The steps that were just done stay in sight until another plan has something to do.
        if (context.plan() && !context.plan()->isEmpty() && !m_finished) {
            m_view->setSteps(context.plan()->steps);
            m_view->resetStates();
        }
        refresh();
    });
    connect(&context, &SetupContext::sessionChanged, this, [this] {
        if (context.runner()->isRunning())
            return;
        // What was done in another environment says nothing about this one.
        m_finished = m_goWhenPlanned = false;
        m_failure.reset();
        m_last.reset();
        m_log->clear();
        m_view->setSteps({});
        readLast();
        refresh();
    });
    connect(&context, &SetupContext::draftChanged, this, [this] {
        if (!context.runner()->isRunning() && isVisible())
            refresh();
    });
    refresh();
}

QString ApplyPage::missing() const
{
    if (context.runner()->isRunning())
        return tr("Steps are running.");
    if (m_finished || (context.plan() && context.plan()->isEmpty()))
        return {};
    return tr("The plan has not been applied.");
}

QWidget *ApplyPage::firstFocus() const
{
    return m_go;
}

void ApplyPage::enter()
{
    if (context.runner()->isRunning())
        return;
    if (!context.plan() && !context.isPlanning())
        context.replan();
    else if (context.plan() && !context.plan()->isEmpty() && !m_finished)
        m_view->setSteps(context.plan()->steps);
    readLast();
    refresh();
}

void ApplyPage::go()
{
    if (context.runner()->isRunning() || !context.session() || !m_go->isEnabled())
        return;
    m_finished = false;
    m_failure.reset();
    // Always from a fresh look: what was done in the meantime is not done again.
    m_goWhenPlanned = true;
    context.replan();
    refresh();
}

void ApplyPage::start()
{
    if (context.plan()->isEmpty()) {
        m_finished = true;
        context.edit([](SetupDraft &draft) { draft.applying = false; });
        refresh();
        emit completeChanged();
        return;
    }
    m_takingAway = false;
    begin(*context.plan(), QStringLiteral("apply"), tr("Apply %1").arg(context.draft().fleet.name));
    emit completeChanged();
}

void ApplyPage::begin(const ShownPlan &plan, const QString &purpose, const QString &title)
{
    m_lastNote.clear();
    m_view->setSteps(plan.steps);
    m_view->resetStates();
    m_view->setFollowing(true);
    log(tr("%1: %2").arg(title, stepsText(int(plan.steps.size()))));
    context.runner()->carryOut(plan, purpose, context.draft().fleet.name, title);
    m_tick.start();
    refresh();
}

void ApplyPage::stop()
{
    log(tr("Stop requested"));
    context.runner()->stop();
}

void ApplyPage::take(const ops::StepProgress &progress)
{
    using ops::StepState;
    m_view->setProgress(progress);
    const QModelIndex row = m_view->model()->indexOf(progress.stepId);
    if (progress.state == StepState::Waiting || !row.isValid()) {
        refresh();
        return;
    }
    const QString title = m_view->model()->titleOf(row);
    QString line;
    switch (progress.state) {
    case StepState::Waiting: break;
    case StepState::Running: line = progress.note.isEmpty() ? tr("▶ %1").arg(title) : tr("   %1: %2").arg(title, progress.note); break;
    case StepState::Done: line = tr("✓ %1 (%2)").arg(title, elapsedText(progress.elapsedMs)); break;
    case StepState::Failed: line = tr("✗ %1: %2").arg(title, progress.error ? progress.error->text() : progress.note); break;
    case StepState::Unknown: line = tr("? %1: %2").arg(title, progress.error ? progress.error->text() : progress.note); break;
    case StepState::Skipped: line = tr("– %1: %2").arg(title, progress.note); break;
    }
    if (m_lastNote.value(progress.stepId) != line) { // looking repeats itself
        m_lastNote[progress.stepId] = line;
        log(line);
    }
    refresh();
}

void ApplyPage::ended(const ops::ExecutionResult &result)
{
    m_tick.stop();
    m_failure = result.error;
    if (result.stopped && result.error && result.error->kind == core::ErrorKind::Cancelled)
        m_failure.reset();
    m_finished = result.complete && !m_takingAway;
    log(result.complete    ? (m_takingAway ? tr("Everything was taken away again.") : tr("All steps are done."))
            : result.error ? result.error->text()
                           : tr("Stopped."));
    if (m_takingAway && result.complete)
        context.edit([](SetupDraft &draft) { draft.applying = false; });
    readLast();
    refresh();
    emit completeChanged();
}

/// What there is to undo, also of a run before this window was opened.
void ApplyPage::readLast()
{
    const auto session = context.session();
    if (!session)
        return;
    const auto ask = [environment = session->environment().name, name = context.draft().fleet.name](
                         ops::Journal &journal) -> core::Result<std::optional<ExecutionEntry>> {
        constexpr int newest = 50;
        const auto executions = journal.executions(newest, environment);
        if (!executions)
            return core::fail(executions.error());
        for (const ops::Execution &one : *executions) {
            if (one.purpose != QLatin1String("apply") || one.name != name)
                continue;
            return readExecution(journal, one).map([](const ExecutionEntry &entry) { return std::optional(entry); });
        }
        return std::optional<ExecutionEntry>();
    };
    core::whenReady(
        askJournal(context.services.history(), ask), this, [this, session](const core::Result<std::optional<ExecutionEntry>> &last) {
            if (session != context.session())
                return;
            m_last = last.value_or(std::nullopt); // that it cannot be read, the window says
            refresh();
        });
}

void ApplyPage::refresh()
{
    const bool running = context.runner()->isRunning();
    const StepModel *steps = m_view->model();
    const int total = int(steps->steps().size());
    const int done = steps->count(ops::StepState::Done);
    m_progress->setMaximum(std::max(1, total));
    m_progress->setVisible(total > 0);
    m_stack->setCurrentIndex(total == 0 && !running && m_log->document()->isEmpty() ? 1 : 0);
    if (context.plan())
        m_empty->setTexts(tr("Nothing is to do"), tr("The fleet is as you want it. Go on to verify it."));
    else
        m_empty->setTexts(context.isPlanning() ? tr("Looking at the fleet…") : tr("There is no plan"),
            context.planError() ? tr("See above what is in the way.") : QString());
    m_progress->setValue(done);
    QStringList inTheWay = m_refusals;
    if (context.plan() && !context.plan()->isEmpty()) {
        if (const int byHand = byHandCount(context.plan()->steps); byHand > 0 && !m_finished)
            inTheWay << byHandText(byHand);
        for (const QString &name : std::as_const(m_touched)) {
            if (const auto stale = staleObstacle(context.observed(), name, tr("apply the plan")))
                inTheWay << tr("%1 is %2").arg(name, stale->answer);
        }
    }
    const bool nothing = !m_finished && context.plan() && context.plan()->isEmpty();
    m_go->setEnabled(
        !running && !nothing && !context.isPlanning() && context.session() && context.problems().isEmpty() && inTheWay.isEmpty());
    m_go->setToolTip(inTheWay.isEmpty() ? tr("Ctrl+Enter") : inTheWay.join(u'\n'));
    const bool stopping = context.runner()->isStopping();
    m_stop->setEnabled(running && !stopping);
    m_pause->setEnabled(running && !stopping);
    m_pause->setText(context.runner()->isPaused() ? tr("&Continue") : tr("&Pause"));
    m_pause->setToolTip(context.runner()->isPaused() ? QString() : tr("Nothing new begins; what runs goes on"));
    const QString notUndone = running ? tr("Steps are running.")
        : !m_last                     ? tr("Nothing was applied yet.")
                                      : whyNotUndone(*m_last, m_last->execution.environment);
    m_undo->setEnabled(notUndone.isEmpty() && context.session() && !context.isPlanning());
    m_undo->setToolTip(notUndone.isEmpty() ? tr("Shows what the last apply did, and takes it back in reverse") : notUndone);
    m_takeAway->setEnabled(!running && context.session() && !context.isPlanning());
    const bool resumable = !running && !m_finished && (context.draft().applying || done > 0);
    m_go->setText(m_finished ? tr("&Apply again") : resumable ? tr("&Resume") : tr("&Apply"));

    if (stopping)
        m_summary->setText(tr("Stopping: what was sent is still looked at."));
    else if (running && context.runner()->isPaused())
        m_summary->setText(tr("Paused. %1").arg(runningText(*steps, context.runner()->elapsedMs())));
    else if (running)
        m_summary->setText(runningText(*steps, context.runner()->elapsedMs()));
    else if (context.isPlanning())
        m_summary->setText(tr("Looking at the fleet…"));
    else if (m_finished)
        m_summary->setText(total > 0 && done == total ? tr("All done: %1.").arg(stepsText(total)) : tr("Nothing is to do."));
    else if (context.plan() && context.plan()->isEmpty())
        m_summary->setText(tr("Nothing is to do."));
    else
        m_summary->setText(tr("To do: %1.").arg(stepsText(total - done)));

    noteTrouble(running ? QStringList() : inTheWay, resumable);
}

void ApplyPage::noteTrouble(const QStringList &inTheWay, bool resumable)
{
    const bool running = context.runner()->isRunning();
    const auto error = running ? std::nullopt : m_failure ? m_failure : context.planError();
    const QString lost = running || m_finished ? QString() : context.whatCannotBeResumed();
    const QString note = error ? error->text()
        : !inTheWay.isEmpty()  ? inTheWay.join(u'\n')
        : resumable && context.draft().applying
        ? tr("An apply was begun and did not come to its end. Resume makes only the steps that are missing; Undo takes back what was done.")
        : lost;
    if (note == m_noted)
        return;
    m_noted = note;
    if (note.isEmpty()) {
        m_note->clear();
        return;
    }
    if (error)
        m_note->showError(*error);
    else
        m_note->showNote(observe::Health::Warning, note);
    const bool journalled = error && error->kind == core::ErrorKind::Conflict && error->code == QLatin1String("Unsettled");
    m_note->setAction(error && isHeld(*error) ? tr("&Retry") : journalled ? tr("&Show in Activity") : QString());
    m_note->setClosable(false);
}

/// Of this moment, for another console may have done something about it.
void ApplyPage::askUndo()
{
    if (!m_last || !m_undo->isEnabled())
        return;
    m_undo->setEnabled(false);
    const auto ask = [id = m_last->execution.id](ops::Journal &journal) -> core::Result<ExecutionEntry> {
        const auto execution = journal.execution(id);
        if (!execution)
            return core::fail(execution.error());
        return readExecution(journal, *execution);
    };
    core::whenReady(askJournal(context.services.history(), ask), this, [this](const core::Result<ExecutionEntry> &entry) {
        refresh();
        if (!entry) {
            m_failure = entry.error();
            refresh();
            return;
        }
        m_last = *entry;
        refresh();
        if (!m_undo->isEnabled())
            return;
        auto *dialog = new ExecutionDialog(context.services, *entry, ExecutionDialog::Deed::TakeBack, this);
        connect(dialog, &ExecutionDialog::ended, this, [this](const ops::ExecutionResult &result) {
            log(result.complete ? tr("What was applied was taken back.") : result.error ? result.error->text() : tr("Stopped."));
            m_finished = false;
            m_failure.reset();
            if (result.complete)
                context.edit([](SetupDraft &draft) { draft.applying = false; });
            readLast();
            context.replan();
            emit completeChanged();
        });
        dialog->open();
    });
}

void ApplyPage::askTakeAway()
{
    const auto session = context.session();
    if (!session)
        return;
    m_summary->setText(tr("Looking at what is there…"));
    m_takeAway->setEnabled(false);
    core::whenReady(
        planNow(session, context.draft().fleet, PlanPurpose::Destroy, {}), this, [this, session](const core::Result<FreshPlan> &made) {
            refresh();
            m_noted.clear();
            if (!made) {
                m_note->showError(made.error());
                return;
            }
            if (made->plan.isEmpty()) {
                m_note->showNote(observe::Health::Ok, tr("There is nothing left to take away."));
                return;
            }
            if (!made->refused.isEmpty()) { // half-way is no place to learn of it
                m_note->showError(fleet::rightsError(tr("take %1 away").arg(context.draft().fleet.name), made->refused));
                return;
            }
            const ShownPlan plan = shownPlan(made->plan, fleet::namesOf(*session, made->observed));
            auto *dialog = new PlanDialog(tr("Take all away"),
                tr("This takes the sample, the gateways, the memberships and the meshes of %1 away again. The clusters stay.")
                    .arg(context.draft().fleet.name),
                plan.steps, tr("&Take it away"), true, this);
            connect(dialog, &QDialog::accepted, this, [this, plan] {
                m_takingAway = true;
                m_finished = false;
                m_failure.reset();
                begin(plan, QStringLiteral("destroy"), tr("Take away %1").arg(context.draft().fleet.name));
            });
            dialog->open();
        });
}

/// The rights that the plan needs, asked before it is offered.
void ApplyPage::askWhatIsAllowed()
{
    m_refusals.clear();
    m_touched.clear();
    const auto session = context.session();
    if (!session || !context.plan())
        return;
    const fleet::Rights rights = rightsOf(context.plan()->plan);
    for (auto it = rights.cbegin(); it != rights.cend(); ++it) {
        m_touched << it.key();
        askRights(*session, it.key(), it.value(), this, [this, session](const QString &refusal) {
            if (refusal.isEmpty() || session != context.session() || m_refusals.contains(refusal))
                return;
            m_refusals << refusal;
            refresh();
        });
    }
}

void ApplyPage::log(const QString &line)
{
    m_log->appendPlainText(QTime::currentTime().toString(QStringLiteral("HH:mm:ss  ")) + core::printableLine(line));
}

} // namespace catamaran::ui
