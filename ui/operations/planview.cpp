// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/operations/planview.h"

#include "core/printable.h"
#include "ui/common/accessible.h"
#include "ui/common/lists.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QTreeView>
#include <QVBoxLayout>

namespace catamaran::ui {

using ops::StepState;

PlanView::PlanView(QWidget *parent)
    : QWidget(parent)
    , m_model(new StepModel(this))
    , m_steps(new QTreeView)
    , m_detail(new QScrollArea)
    , m_said(new ErrorBanner)
{
    prepareTree(m_steps, QStringLiteral("planSteps"), tr("Steps of the plan"));
    m_steps->setModel(m_model);
    m_steps->header()->setStretchLastSection(false);
    m_steps->header()->setSectionResizeMode(StepModel::StepColumn, QHeaderView::Stretch);
    // As wide as they get, so that nothing moves while they tick.
    const int em = fontMetrics().horizontalAdvance(u'0');
    m_steps->setColumnWidth(StepModel::StateColumn, em * 15);
    m_steps->setColumnWidth(StepModel::TimeColumn, em * 20);
    m_said->setObjectName(QStringLiteral("stepSaid"));
    m_said->setClosable(false);
    m_detail->setWidgetResizable(true);
    m_detail->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_detail->setAccessibleName(tr("The chosen step"));
    m_detail->setFrameShape(QFrame::StyledPanel);
    auto *chosen = new QWidget;
    auto *chosenLayout = new QVBoxLayout(chosen);
    chosenLayout->setContentsMargins(0, 0, 0, 0);
    chosenLayout->setSpacing(0);
    chosenLayout->addWidget(m_said);
    m_page = new QWidget;
    chosenLayout->addWidget(m_page, 1);
    m_detail->setWidget(chosen);

    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_steps);
    splitter->addWidget(m_detail);
    splitter->setStretchFactor(0, 5);
    splitter->setStretchFactor(1, 6);
    splitter->setSizes({ 220, 260 });
    nameSplitter(splitter, { tr("Steps"), tr("The chosen step") });
    m_steps->setMinimumHeight(90);
    m_detail->setMinimumHeight(100);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
    setFocusProxy(m_steps);

    connect(m_steps->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        m_following = m_following && m_isChoosing;
        showDetail();
    });
    connect(m_steps, &QAbstractItemView::pressed, this, [this] { m_following = false; });
    connect(m_said, &ErrorBanner::actionTriggered, this, [this] {
        const QList<int> chosenSteps = m_model->stepsOf(m_steps->currentIndex());
        if (chosenSteps.size() == 1)
            emit giveUpRequested(steps().at(chosenSteps.first()).step.id);
    });
}

void PlanView::setSteps(const QList<ops::DescribedStep> &steps, StepModel::Wording wording)
{
    m_model->setSteps(steps, wording);
    m_shown.clear();
    if (m_model->rowCount() > 0 && !m_steps->currentIndex().isValid())
        m_steps->setCurrentIndex(m_model->index(0, 0));
    showDetail();
}

void PlanView::setProgress(const ops::StepProgress &progress)
{
    m_model->setProgress(progress);
    const bool failed = progress.state == StepState::Failed || progress.state == StepState::Unknown;
    // Several run at once: what is looked at stays until it ends, then the next one comes.
    if (m_following && (failed || (progress.state == StepState::Running && !chosenRuns())))
        showStep(progress.stepId);
    showSaid();
}

bool PlanView::chosenRuns() const
{
    const QList<int> chosen = m_model->stepsOf(m_steps->currentIndex());
    return std::any_of(chosen.begin(), chosen.end(), [this](int step) {
        const StepState state = m_model->progress(step).state;
        return state == StepState::Running || state == StepState::Failed || state == StepState::Unknown;
    });
}

void PlanView::resetStates()
{
    m_model->resetStates();
    showSaid();
}

void PlanView::setFollowing(bool following)
{
    m_following = following;
}

void PlanView::offerGivingUp(bool offered)
{
    m_givingUp = offered;
    showSaid();
}

void PlanView::showStep(const QString &stepId)
{
    QModelIndex row = m_model->indexOf(stepId);
    if (!row.isValid())
        return;
    const StepState state = m_model->progress(m_model->stepsOf(row).first()).state;
    const bool failed = state == StepState::Failed || state == StepState::Unknown;
    if (row.parent().isValid() && failed)
        m_steps->expand(row.parent());
    else if (row.parent().isValid() && !m_steps->isExpanded(row.parent()))
        row = row.parent(); // what is folded stays folded
    if (m_steps->currentIndex().siblingAtColumn(0) != row) {
        m_isChoosing = true;
        m_steps->setCurrentIndex(row);
        m_isChoosing = false;
        m_steps->scrollTo(row);
    }
}

/// What is to be known before anything else of the chosen step: its error, or why it was not begun.
void PlanView::showSaid()
{
    const QModelIndex current = m_steps->currentIndex();
    const QList<int> chosen = m_model->stepsOf(current);
    const ops::StepProgress *said = nullptr;
    for (const int step : chosen) {
        const StepState state = m_model->progress(step).state;
        if (state == StepState::Failed || state == StepState::Unknown || (state == StepState::Skipped && !said))
            said = &m_model->progress(step);
    }
    if (!said) {
        m_said->clear();
        return;
    }
    const bool unknown = said->state == StepState::Unknown;
    if (unknown)
        m_said->showNote(observe::Health::Unknown,
            tr("Sent, no answer: what became of it is looked at before anything else is done. %1")
                .arg(said->error ? said->error->text() : said->note));
    else if (said->error)
        m_said->showError(*said->error);
    else
        m_said->showNote(observe::Health::Unknown, said->note.isEmpty() ? tr("It was not begun.") : said->note);
    m_said->setClosable(false);
    m_said->setAction(m_givingUp && chosen.size() == 1 && said->state != StepState::Skipped ? tr("&Give up…") : QString());
}

void PlanView::showDetail()
{
    const QList<int> chosen = m_model->stepsOf(m_steps->currentIndex());
    showSaid();
    if (chosen.isEmpty()) {
        setPage(new QWidget);
        m_shown.clear();
        return;
    }
    QStringList ids;
    for (const int step : chosen)
        ids += steps().at(step).step.id;
    if (m_shown == ids.join(u'\n'))
        return;
    m_shown = ids.join(u'\n');
    setPage(makeDetail(chosen, m_model->titleOf(m_steps->currentIndex())));
    m_detail->verticalScrollBar()->setValue(0);
}

void PlanView::setPage(QWidget *page)
{
    m_page->parentWidget()->layout()->replaceWidget(m_page, page);
    m_page->deleteLater();
    m_page->hide();
    m_page = page;
}

QWidget *PlanView::makeDetail(const QList<int> &chosen, const QString &titleText) const
{
    auto *page = new QWidget;
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(6);
    auto *title = new PlainLabel(titleText);
    title->setWordWrap(true);
    title->setFont(scaledFont(font(), 1.08, QFont::DemiBold));
    layout->addWidget(title);
    const auto box = [&](const QString &heading, const QString &text, int lines) {
        auto *title2 = new SectionTitle(heading);
        title2->QLabel::setText(title2->text().replace(u'/', QStringLiteral("/\u200b"))); // paths may break
        title2->setWordWrap(true);
        title2->setMinimumWidth(1);
        layout->addWidget(title2);
        auto *command = new CommandBox;
        command->setMaximumLines(lines);
        command->setCommand(text);
        command->setAccessibleName(core::printableLine(heading));
        layout->addWidget(command);
    };
    QStringList titles, whys, commands, undos, keeps;
    QList<ops::DescribedStep> those;
    for (const int place : chosen) {
        const ops::DescribedStep &one = steps().at(place);
        those.append(one);
        titles += QStringLiteral("· ") + one.words.title;
        if (!one.step.why.isEmpty() && !whys.contains(one.step.why))
            whys += one.step.why;
        if (!one.words.undo.isEmpty())
            undos.prepend(one.words.undo);
        if (!one.words.keeps.isEmpty())
            keeps += one.words.keeps;
    }
    if (those.size() == 1)
        titles.clear(); // it is the heading
    for (const QString &line : titles + (titles.isEmpty() ? whys : QStringList()))
        layout->addWidget(new MutedLabel(line));
    if (const auto &dependsOn = those.first().step.dependsOn; those.size() == 1 && !dependsOn.isEmpty())
        layout->addWidget(new MutedLabel(tr("After: %1").arg(dependsOn.join(QStringLiteral(", ")))));
    for (const QString &why : std::as_const(keeps))
        layout->addWidget(new MutedLabel(tr("It cannot be taken back: %1").arg(why)));
    for (const ops::DescribedStep &one : std::as_const(those))
        for (const ops::Call &call : one.words.calls)
            box(tr("Call to %1: %2").arg(call.system, call.method), call.body.isEmpty() ? tr("(no body)") : call.body, 14);
    if (those.size() > 1)
        box(tr("The same by hand"), planAsScript(those).trimmed(), 8);
    else if (!those.first().words.command.isEmpty())
        box(tr("The same by hand"), those.first().words.command, 8);
    const bool takesBack = m_model->wording() == StepModel::Wording::TakeBack; // then the command is the undo
    if (undos.isEmpty() && !takesBack)
        layout->addWidget(new MutedLabel(tr("Nothing remains that would have to be undone.")));
    else if (!takesBack)
        box(tr("Undo by hand"), undos.join(u'\n'), 6);
    layout->addStretch(1);
    return page;
}

PlanDialog::PlanDialog(const QString &title, const QString &explanation, const QList<ops::DescribedStep> &steps, const QString &doIt,
    bool dangerous, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("planDialog"));
    setWindowTitle(title);
    setAttribute(Qt::WA_DeleteOnClose);
    resize(720, 560);
    auto *text = new PlainLabel(explanation);
    text->setWordWrap(true);
    auto *view = new PlanView;
    view->setSteps(steps);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto *go = buttons->addButton(doIt, QDialogButtonBox::AcceptRole);
    go->setObjectName(QStringLiteral("planConfirm"));
    setButtonRole(go, dangerous ? ButtonRole::Danger : ButtonRole::Primary);
    go->setDefault(!dangerous);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addWidget(new MutedLabel(tr("%1, %2. Nothing has happened yet.").arg(stepsText(int(steps.size())), usualTimeText(steps))));
    layout->addWidget(view, 1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

} // namespace catamaran::ui
