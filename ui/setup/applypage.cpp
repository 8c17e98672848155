// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/applypage.h"

#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/rights.h"
#include "ui/common/staleness.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/verify/planview.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTime>
#include <QVBoxLayout>

namespace catamaran::ui {

ApplyPage::ApplyPage(SetupContext &shared, QWidget *parent)
    : SetupPage(shared, tr("Apply"), tr("Each step looks before it acts and reads its change back. You can stop at any time, go on later, and take everything away again."), parent, Body::Fills)
    , m_note(new ErrorBanner)
    , m_summary(new QLabel)
    , m_progress(new QProgressBar)
    , m_stack(new QStackedWidget)
    , m_empty(new EmptyState(QStringLiteral("check"), tr("Looking at the fleet…"), {}))
    , m_view(new PlanView)
    , m_log(new QPlainTextEdit)
    , m_go(new QPushButton(tr("&Apply")))
    , m_stop(new QPushButton(themedIcon(QStringLiteral("stop")), tr("S&top")))
    , m_undo(new QPushButton(themedIcon(QStringLiteral("undo")), tr("&Undo all…")))
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
    m_undo->setObjectName(QStringLiteral("undoAll"));
    auto *row = new QHBoxLayout;
    row->addWidget(m_summary, 1);
    row->addWidget(m_go);
    row->addWidget(m_stop);
    row->addWidget(m_undo);
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_view);
    splitter->addWidget(m_log);
    splitter->setStretchFactor(0, 4);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({ 380, 110 });
    splitter->setChildrenCollapsible(false);
    m_log->setMinimumHeight(70);
    body()->addWidget(m_note);
    body()->addLayout(row);
    body()->addWidget(m_progress);
    m_stack->addWidget(splitter);
    m_stack->addWidget(m_empty);
    body()->addWidget(m_stack, 1);
    m_tick.setInterval(500);

    connect(m_go, &QPushButton::clicked, this, &ApplyPage::go);
    connect(m_stop, &QPushButton::clicked, this, &ApplyPage::stop);
    connect(m_undo, &QPushButton::clicked, this, &ApplyPage::askUndo);
    connect(&m_tick, &QTimer::timeout, this, &ApplyPage::refresh);
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
            m_view->setPlan(*context.plan());
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
        m_log->clear();
        m_view->setPlan({});
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
        m_view->setPlan(*context.plan());
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
    m_undoing = false;
    m_lastNote.clear();
    m_view->setPlan(*context.plan());
    m_view->resetStates();
    m_view->setFollowing(true);
    log(tr("Apply %1: %2").arg(context.draft().fleet.name, stepsText(int(context.plan()->steps.size()))));
    context.runner()->start(*context.plan(), QStringLiteral("apply %1").arg(context.draft().fleet.name), tr("Apply %1").arg(context.draft().fleet.name));
    m_tick.start();
    refresh();
    emit completeChanged();
}

void ApplyPage::stop()
{
    log(tr("Stop requested"));
    context.runner()->stop();
}

void ApplyPage::take(const fleet::StepProgress &progress)
{
    m_view->setProgress(progress);
    if (progress.state == fleet::StepState::Waiting) {
        refresh();
        return;
    }
    const int row = m_view->model()->rowOf(progress.stepId);
    const QString title = row >= 0 ? m_view->plan().steps.at(row).title : progress.stepId;
    const QString line = progress.error ? tr("✗ %1: %2").arg(title, progress.error->text())
        : progress.state == fleet::StepState::Done ? tr("✓ %1 (%2)").arg(title, elapsedText(progress.elapsedMs))
        : progress.state == fleet::StepState::Skipped ? tr("– %1: nothing to do").arg(title)
        : progress.note.isEmpty() ? tr("▶ %1").arg(title) : tr("   %1").arg(progress.note);
    if (m_lastNote.value(progress.stepId) != line) { // polling repeats itself
        m_lastNote[progress.stepId] = line;
        log(line);
    }
    refresh();
}

void ApplyPage::ended(const fleet::ExecutionResult &result)
{
    m_tick.stop();
    m_failure = result.error;
    if (result.error && result.error->kind == core::ErrorKind::Cancelled)
        m_failure.reset();
    m_finished = result.complete && !m_undoing;
    log(result.complete ? (m_undoing ? tr("Everything was taken away again.") : tr("All steps are done.")) : result.error ? result.error->text() : tr("Stopped."));
    if (m_undoing && result.complete)
        context.edit([](SetupDraft &draft) { draft.applying = false; });
    refresh();
    emit completeChanged();
}

void ApplyPage::refresh()
{
    const bool running = context.runner()->isRunning();
    const StepModel *steps = m_view->model();
    const int total = steps->rowCount();
    const int done = steps->count(fleet::StepState::Done) + steps->count(fleet::StepState::Skipped);
    m_progress->setMaximum(std::max(1, total));
    m_progress->setVisible(total > 0);
    m_stack->setCurrentIndex(total == 0 && !running && m_log->document()->isEmpty() ? 1 : 0);
    if (context.plan())
        m_empty->setTexts(tr("Nothing is to do"), tr("The fleet is as you want it. Go on to verify it."));
    else
        m_empty->setTexts(context.isPlanning() ? tr("Looking at the fleet…") : tr("There is no plan"), context.planError() ? tr("See above what is in the way.") : QString());
    m_progress->setValue(done);
    QStringList inTheWay = m_refusals;
    if (context.plan() && !context.plan()->isEmpty()) {
        for (const QString &name : std::as_const(m_touched)) {
            if (const auto stale = staleObstacle(context.observed(), name, tr("apply the plan")))
                inTheWay << tr("%1 is %2").arg(name, stale->answer);
        }
    }
    const bool nothing = !m_finished && context.plan() && context.plan()->isEmpty();
    m_go->setEnabled(!running && !nothing && !context.isPlanning() && context.session() && context.problems().isEmpty() && inTheWay.isEmpty());
    m_go->setToolTip(inTheWay.isEmpty() ? tr("Ctrl+Enter") : inTheWay.join(u'\n'));
    m_stop->setEnabled(running);
    m_undo->setEnabled(!running && context.session() && !context.isPlanning());
    const bool resumable = !running && !m_finished && (context.draft().applying || done > 0);
    m_go->setText(m_finished ? tr("&Apply again") : resumable ? tr("&Resume") : tr("&Apply"));

    if (running)
        m_summary->setText(tr("%1 of %2 done, %3 so far, %4").arg(done).arg(stepsText(total), elapsedText(context.runner()->elapsedMs()), usualTimeText(m_view->plan())));
    else if (context.isPlanning())
        m_summary->setText(tr("Looking at the fleet…"));
    else if (m_finished)
        m_summary->setText(total > 0 && done == total ? tr("All done: %1.").arg(stepsText(total)) : tr("Nothing is to do."));
    else if (context.plan() && context.plan()->isEmpty())
        m_summary->setText(tr("Nothing is to do."));
    else
        m_summary->setText(tr("To do: %1.").arg(stepsText(total - done)));

    if (m_failure && !running) {
        m_note->showError(*m_failure);
        m_note->setClosable(false);
    } else if (context.planError() && !running) {
        m_note->showError(*context.planError());
        m_note->setClosable(false);
    } else if (!inTheWay.isEmpty() && !running) {
        m_note->showNote(fleet::Health::Warning, inTheWay.join(u'\n'));
        m_note->setClosable(false);
    } else if (resumable && context.draft().applying) {
        m_note->showNote(fleet::Health::Warning, tr("An apply was begun and did not come to its end. Resume makes only the steps that are missing."));
        m_note->setClosable(false);
    } else if (const QString lost = context.whatCannotBeResumed(); !lost.isEmpty() && !running && !m_finished) {
        m_note->showNote(fleet::Health::Warning, lost);
        m_note->setClosable(false);
    } else {
        m_note->hide();
    }
}

void ApplyPage::askUndo()
{
    const auto session = context.session();
    if (!session)
        return;
    m_summary->setText(tr("Looking at what is there…"));
    m_undo->setEnabled(false);
    core::whenReady(planNow(session, context.draft().fleet, PlanPurpose::Destroy, {}), this, [this](const core::Result<FreshPlan> &made) {
        refresh();
        if (!made) {
            m_note->showError(made.error());
            return;
        }
        if (made->plan.isEmpty()) {
            m_note->showNote(fleet::Health::Ok, tr("There is nothing left to take away."));
            return;
        }
        if (!made->refused.isEmpty()) { // half-way is no place to learn of it
            m_note->showError(fleet::rightsError(tr("Undo %1").arg(context.draft().fleet.name), made->refused));
            return;
        }
        const fleet::Plan plan = made->plan;
        auto *dialog = new PlanDialog(tr("Undo all"), tr("This takes the sample, the gateways, the memberships and the meshes of %1 away again. The clusters stay.").arg(context.draft().fleet.name), plan,
                                      tr("&Take it away"), true, this);
        connect(dialog, &QDialog::accepted, this, [this, plan] {
            m_undoing = true;
            m_finished = false;
            m_failure.reset();
            m_lastNote.clear();
            m_view->setPlan(plan);
            m_view->resetStates();
            m_view->setFollowing(true);
            log(tr("Undo %1: %2").arg(context.draft().fleet.name, stepsText(int(plan.steps.size()))));
            context.runner()->start(plan, QStringLiteral("destroy %1").arg(context.draft().fleet.name), tr("Undo %1").arg(context.draft().fleet.name));
            m_tick.start();
            refresh();
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
    QHash<QString, QList<kube::AccessQuestion>> questions; // by cluster
    const auto need = [&](const QString &cluster, const QList<kube::AccessQuestion> &wanted) {
        if (!m_touched.contains(cluster))
            m_touched << cluster;
        for (const kube::AccessQuestion &question : wanted) {
            const bool known = std::any_of(questions[cluster].cbegin(), questions[cluster].cend(), [&](const kube::AccessQuestion &other) { return questionText(other) == questionText(question); });
            if (!known)
                questions[cluster] << question;
        }
    };
    for (const fleet::PlanStep &step : context.plan()->steps) {
        if (const auto *apply = std::get_if<fleet::ApplyManifest>(&step.action))
            need(apply->cluster, rightToApply(apply->ns).questions);
        else if (const auto *scale = std::get_if<fleet::ScaleWorkload>(&step.action))
            need(scale->cluster, rightToScale(scale->ns).questions);
        else if (const auto *space = std::get_if<fleet::CreateNamespace>(&step.action))
            need(space->cluster, { { QStringLiteral("patch"), {}, QStringLiteral("namespaces"), {}, {}, {} } });
    }
    for (auto it = questions.cbegin(); it != questions.cend(); ++it) {
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
    m_log->appendPlainText(QTime::currentTime().toString(QStringLiteral("HH:mm:ss  ")) + line);
}

} // namespace catamaran::ui
