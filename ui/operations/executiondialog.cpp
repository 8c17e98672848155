// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/operations/executiondialog.h"

#include "ui/common/icons.h"
#include "ui/common/services.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/operations/giveup.h"
#include "ui/operations/planview.h"

#include <QDialogButtonBox>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace catamaran::ui {

using ops::StepState;

ExecutionDialog::ExecutionDialog(Services &services, const ExecutionEntry &entry, Deed deed, QWidget *parent)
    : QDialog(parent)
    , m_services(services)
    , m_execution(entry.execution.id)
    , m_undone(entry.execution.undoes != 0 ? entry.execution.undoes : entry.execution.id)
    , m_title(executionTitle(entry.execution))
    , m_deed(deed)
    , m_runner(new PlanRunner(services, this))
    , m_summary(new PlainLabel)
    , m_note(new ErrorBanner)
    , m_progress(new QProgressBar)
    , m_view(new PlanView)
    , m_stop(new QPushButton(themedIcon(QStringLiteral("stop")), tr("S&top")))
{
    const bool back = deed == Deed::TakeBack;
    setObjectName(QStringLiteral("executionDialog"));
    setWindowTitle(deedText());
    resize(760, 600);
    m_summary->setObjectName(QStringLiteral("executionSummary"));
    m_note->setObjectName(QStringLiteral("executionNote"));
    m_progress->setAccessibleName(tr("Steps done"));
    m_progress->setTextVisible(false);
    m_view->setSteps(back ? stepsToUndo(entry) : stepsLeft(entry), back ? StepModel::Wording::TakeBack : StepModel::Wording::Do);
    auto *text = new WrappedLabel(
        back ? tr(
            "Takes back what “%1” did, newest first. Each step is looked at before: what is neither as it was nor as it was left stays, and is said. "
            "What it goes on from, and what went on from it, is taken back with it, and is in this list.")
                   .arg(m_title)
             : tr("Goes on with “%1”: what was sent is looked at first, what is done stays, and the rest follows.").arg(m_title));
    auto *buttons = new QDialogButtonBox;
    m_go = buttons->addButton(back ? tr("&Take it back") : tr("&Go on"), QDialogButtonBox::ActionRole);
    m_go->setObjectName(QStringLiteral("executionConfirm"));
    setButtonRole(m_go, back ? ButtonRole::Danger : ButtonRole::Primary);
    m_go->setDefault(!back);
    m_go->setAutoDefault(!back);
    m_stop->setObjectName(QStringLiteral("executionStop"));
    buttons->addButton(m_stop, QDialogButtonBox::ActionRole);
    m_close = buttons->addButton(QDialogButtonBox::Close);
    m_close->setObjectName(QStringLiteral("executionClose"));
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addWidget(m_note);
    layout->addWidget(m_summary);
    layout->addWidget(m_progress);
    layout->addWidget(m_view, 1);
    layout->addWidget(buttons);
    m_tick.setInterval(500);
    connect(&m_tick, &QTimer::timeout, this, &ExecutionDialog::refresh);
    connect(m_go, &QPushButton::clicked, this, &ExecutionDialog::go);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        m_runner->stop();
        refresh();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_note, &ErrorBanner::actionTriggered, this, &ExecutionDialog::go);
    connect(m_view, &PlanView::giveUpRequested, this, &ExecutionDialog::giveUp);
    connect(m_runner, &PlanRunner::progressed, this, [this](const ops::StepProgress &progress) {
        m_view->setProgress(progress);
        refresh();
    });
    connect(m_runner, &PlanRunner::finished, this, &ExecutionDialog::take);
    if (back)
        readWhole();
    refresh();
    (back ? m_close : m_go)->setFocus();
}

/// What goes with it: its steps are in the list before anything is taken back.
void ExecutionDialog::readWhole()
{
    m_isKnown = false;
    const auto ask = [id = m_execution](ops::Journal &journal) { return readChain(journal, id); };
    core::whenReady(askJournal(m_services.history(), ask), this, [this](const core::Result<QList<ExecutionEntry>> &chain) {
        if (!chain) {
            m_goWhenKnown = false;
            m_note->showError(chain.error());
            m_note->setAction(tr("&Retry"));
            refresh();
            return;
        }
        m_isKnown = true;
        m_view->setSteps(stepsToUndo(*chain, m_execution), StepModel::Wording::TakeBack);
        refresh();
        if (std::exchange(m_goWhenKnown, false))
            go();
    });
}

QString ExecutionDialog::deedText() const
{
    return m_deed == Deed::TakeBack ? tr("Undo: %1").arg(m_title) : tr("Go on: %1").arg(m_title);
}

void ExecutionDialog::go()
{
    if (m_runner->isRunning())
        return;
    if (!m_isKnown) {
        if (!std::exchange(m_goWhenKnown, true) && !m_note->isHidden()) { // it could not be read
            m_note->clear();
            readWhole();
        }
        return;
    }
    m_note->clear();
    m_view->resetStates();
    m_view->setFollowing(true);
    m_view->offerGivingUp(false);
    if (m_deed == Deed::TakeBack)
        m_runner->takeBack(m_execution, m_view->steps(), deedText());
    else
        m_runner->goOn(m_execution, m_view->steps(), deedText());
    m_tick.start();
    m_view->setFocus();
    refresh();
}

void ExecutionDialog::take(const ops::ExecutionResult &result)
{
    m_tick.stop();
    m_view->offerGivingUp(!result.complete);
    if (result.complete) {
        const auto &steps = m_view->steps();
        const bool stays = m_deed == Deed::TakeBack
            && std::any_of(steps.begin(), steps.end(), [](const ops::DescribedStep &one) { return !one.words.keeps.isEmpty(); });
        m_note->showNote(observe::Health::Ok,
            m_deed == Deed::GoOn ? tr("All steps are done.")
                : stays          ? tr("Taken back, but for what cannot be.")
                                 : tr("Everything was taken back."));
    } else if (result.error && result.execution == 0) { // nothing was begun
        m_note->showError(*result.error);
        m_note->setAction(tr("&Retry"));
    } else if (result.error && !result.stopped) {
        const StepModel &model = *m_view->model();
        QStringList counts;
        const auto count = [&](StepState state, const QString &text) {
            if (const int steps = model.count(state); steps > 0)
                counts += text.arg(steps);
        };
        count(StepState::Failed, tr("failed: %1"));
        count(StepState::Unknown, tr("without an answer: %1"));
        count(StepState::Skipped, tr("not begun: %1"));
        if (counts.isEmpty())
            m_note->showError(*result.error);
        else
            m_note->showNote(observe::Health::Failed,
                (m_deed == Deed::TakeBack ? tr("Not everything was taken back (%1). The step says why; it can be given up.")
                                          : tr("Not everything was done (%1). The step says why."))
                    .arg(counts.join(QStringLiteral(", "))));
    } else {
        m_note->showNote(observe::Health::Warning, tr("Stopped. What is left can be done at any time."));
    }
    m_note->setClosable(false);
    if (result.complete) {
        m_go->hide();
        m_stop->hide();
        m_close->setFocus();
    } else {
        m_go->setText(tr("Try &again"));
    }
    refresh();
    emit ended(result);
    if (!isVisible())
        deleteLater();
}

void ExecutionDialog::refresh()
{
    const bool running = m_runner->isRunning();
    StepModel *model = m_view->model();
    model->tick();
    m_go->setEnabled(!running && m_services.session());
    m_stop->setEnabled(running && !m_runner->isStopping());
    m_progress->setMaximum(std::max(1, int(model->steps().size())));
    m_progress->setValue(model->count(StepState::Done));
    if (running)
        m_summary->setText(
            m_runner->isStopping() ? tr("Stopping: what was sent is still looked at.") : runningText(*model, m_runner->elapsedMs()));
    else if (model->count(StepState::Waiting) == model->steps().size())
        m_summary->setText(
            tr("%1, %2. Nothing has happened yet.").arg(stepsText(int(model->steps().size())), usualTimeText(model->steps())));
    else
        m_summary->setText(tr("%1 of %2 done").arg(QString::number(model->count(StepState::Done)), stepsText(int(model->steps().size()))));
}

void ExecutionDialog::giveUp(const QString &step)
{
    const QModelIndex row = m_view->model()->indexOf(step);
    const auto [execution, id] = chainStep(step, m_undone);
    askToGiveUp(m_services, execution, id, m_view->model()->titleOf(row), this,
        [this, step](const core::Result<core::Done> &given, const QString &reason) {
            if (!given) {
                m_note->showError(given.error());
                m_note->setClosable(false);
                return;
            }
            ops::StepProgress left { step, StepState::Skipped };
            left.note = tr("given up: %1").arg(reason);
            m_view->setProgress(left);
            const StepModel *model = m_view->model();
            if (model->count(StepState::Failed) + model->count(StepState::Unknown) == 0)
                m_note->showNote(observe::Health::Warning, tr("What could not be done was given up."));
            refresh();
        });
}

void ExecutionDialog::done(int result)
{
    QDialog::done(result);
    if (!m_runner->isRunning())
        deleteLater();
}

} // namespace catamaran::ui
