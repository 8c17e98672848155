// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/planview.h"

#include "core/printable.h"
#include "ui/common/accessible.h"
#include "ui/common/format.h"
#include "ui/common/lists.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"

#include <QApplication>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace catamaran::ui {

namespace {

QString stateText(fleet::StepState state)
{
    switch (state) {
    case fleet::StepState::Waiting: return StepModel::tr("○ waiting");
    case fleet::StepState::Running: return StepModel::tr("▶ running");
    case fleet::StepState::Done: return StepModel::tr("✓ done");
    case fleet::StepState::Failed: return StepModel::tr("✗ failed");
    case fleet::StepState::Skipped: return StepModel::tr("– nothing to do");
    }
    return {};
}

QString usualText(int seconds)
{
    return StepModel::tr("≈ %1").arg(seconds < 10 ? StepModel::tr("%1 s").arg(seconds) : elapsedText(qint64(seconds) * 1000));
}

} // namespace

void StepModel::setPlan(const fleet::Plan &plan)
{
    QList<fleet::StepProgress> progress;
    for (const fleet::PlanStep &step : plan.steps) {
        fleet::StepProgress each;
        each.stepId = step.id;
        progress << each;
    }
    const bool same = std::equal(progress.begin(), progress.end(), m_progress.begin(), m_progress.end(),
                                 [](const fleet::StepProgress &a, const fleet::StepProgress &b) { return a.stepId == b.stepId; });
    if (same) {
        m_plan = plan;
        if (!m_progress.isEmpty())
            emit dataChanged(index(0, 0), index(rowCount() - 1, COLUMN_COUNT - 1));
        return;
    }
    beginResetModel(); // another plan altogether
    m_plan = plan;
    m_progress = progress;
    endResetModel();
}

int StepModel::rowOf(const QString &stepId) const
{
    for (int row = 0; row < m_progress.size(); ++row) {
        if (m_progress.at(row).stepId == stepId)
            return row;
    }
    return -1;
}

void StepModel::setProgress(const fleet::StepProgress &progress)
{
    const int row = rowOf(progress.stepId);
    if (row < 0)
        return;
    m_progress[row] = progress;
    emit dataChanged(index(row, 0), index(row, COLUMN_COUNT - 1));
}

void StepModel::resetStates()
{
    for (fleet::StepProgress &progress : m_progress) {
        const QString id = progress.stepId;
        progress = {};
        progress.stepId = id;
    }
    if (!m_progress.isEmpty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, COLUMN_COUNT - 1));
}

int StepModel::count(fleet::StepState state) const
{
    return int(std::count_if(m_progress.begin(), m_progress.end(), [state](const fleet::StepProgress &progress) { return progress.state == state; }));
}

int StepModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_progress.size());
}

int StepModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : COLUMN_COUNT;
}

QVariant StepModel::value(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const fleet::PlanStep &step = m_plan.steps.at(index.row());
    const fleet::StepProgress &progress = m_progress.at(index.row());
    if (role == Qt::AccessibleTextRole)
        return index.column() == StepColumn ? tr("Step %1: %2, %3").arg(index.row() + 1).arg(step.title, stateText(progress.state)) : value(index, Qt::DisplayRole);
    if (role == Qt::ToolTipRole)
        return progress.note.isEmpty() ? step.title : tr("%1\n%2").arg(step.title, progress.note);
    if (role == Qt::ForegroundRole && index.column() != StepColumn) {
        const Theme theme = themeOf(QApplication::palette());
        if (index.column() == TimeColumn)
            return theme.muted;
        switch (progress.state) {
        case fleet::StepState::Done: return theme.ok;
        case fleet::StepState::Failed: return theme.failed;
        case fleet::StepState::Running: return theme.accent;
        case fleet::StepState::Waiting:
        case fleet::StepState::Skipped: return theme.muted;
        }
    }
    if (role == Qt::TextAlignmentRole && index.column() == TimeColumn)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (Columns(index.column())) {
    case StepColumn: return QStringLiteral("%1  %2").arg(index.row() + 1, 2).arg(step.title);
    case StateColumn: return stateText(progress.state);
    case TimeColumn:
        return progress.state == fleet::StepState::Waiting ? usualText(step.usualSeconds)
            : progress.state == fleet::StepState::Running ? tr("%1 of %2").arg(elapsedText(progress.elapsedMs), usualText(step.usualSeconds))
                                                          : elapsedText(progress.elapsedMs);
    case COLUMN_COUNT: break;
    }
    return {};
}

QVariant StepModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (Columns(section)) {
    case StepColumn: return tr("Step");
    case StateColumn: return tr("State");
    case TimeColumn: return tr("Time");
    case COLUMN_COUNT: break;
    }
    return {};
}

PlanView::PlanView(QWidget *parent)
    : QWidget(parent)
    , m_model(new StepModel(this))
    , m_steps(new QTableView)
    , m_detail(new QScrollArea)
{
    prepareList(m_steps, QStringLiteral("planSteps"), tr("Steps of the plan"));
    m_steps->setModel(m_model);
    m_steps->setSelectionMode(QAbstractItemView::SingleSelection);
    m_steps->verticalHeader()->setDefaultSectionSize(m_steps->fontMetrics().height() + 12);
    m_steps->horizontalHeader()->setSectionResizeMode(StepModel::StepColumn, QHeaderView::Stretch);
    m_steps->horizontalHeader()->setSectionResizeMode(StepModel::StateColumn, QHeaderView::ResizeToContents);
    m_steps->horizontalHeader()->setSectionResizeMode(StepModel::TimeColumn, QHeaderView::ResizeToContents);
    m_detail->setWidgetResizable(true);
    m_detail->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_detail->setAccessibleName(tr("The chosen step"));
    m_detail->setFrameShape(QFrame::StyledPanel);

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

    connect(m_steps->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) { showDetail(current.row()); });
    connect(m_steps, &QAbstractItemView::pressed, this, [this] { m_following = false; });
}

void PlanView::setPlan(const fleet::Plan &plan)
{
    m_model->setPlan(plan);
    m_shownStep.clear();
    if (m_model->rowCount() > 0 && !m_steps->currentIndex().isValid())
        m_steps->selectRow(0);
    showDetail(m_steps->currentIndex().row());
}

void PlanView::setProgress(const fleet::StepProgress &progress)
{
    m_model->setProgress(progress);
    if (m_following && progress.state == fleet::StepState::Running)
        showStep(progress.stepId);
}

void PlanView::resetStates()
{
    m_model->resetStates();
}

void PlanView::setFollowing(bool following)
{
    m_following = following;
}

void PlanView::showStep(const QString &stepId)
{
    const int row = m_model->rowOf(stepId);
    if (row >= 0 && m_steps->currentIndex().row() != row) {
        m_steps->selectRow(row);
        m_steps->scrollTo(m_model->index(row, 0));
    }
}

void PlanView::showDetail(int row)
{
    if (row < 0 || row >= m_model->rowCount()) {
        m_detail->setWidget(new QWidget);
        m_shownStep.clear();
        return;
    }
    const fleet::PlanStep &step = m_model->plan().steps.at(row);
    if (m_shownStep == step.id)
        return;
    m_shownStep = step.id;
    auto *page = new QWidget;
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(6);
    auto *title = new PlainLabel(step.title);
    title->setWordWrap(true);
    title->setFont(scaledFont(font(), 1.08, QFont::DemiBold));
    layout->addWidget(title);
    if (!step.why.isEmpty())
        layout->addWidget(new MutedLabel(step.why));
    if (!step.dependsOn.isEmpty())
        layout->addWidget(new MutedLabel(tr("After: %1").arg(step.dependsOn.join(QStringLiteral(", ")))));
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
    for (const fleet::PlannedCall &call : step.calls)
        box(tr("Call to %1: %2").arg(call.system, call.method), call.body.isEmpty() ? tr("(no body)") : call.body, 14);
    if (!step.command.isEmpty())
        box(tr("The same by hand"), step.command, 8);
    if (step.undo.isEmpty())
        layout->addWidget(new MutedLabel(tr("Nothing remains that would have to be undone.")));
    else
        box(tr("Undo"), step.undo, 6);
    layout->addStretch(1);
    m_detail->setWidget(page);
    m_detail->verticalScrollBar()->setValue(0);
}

PlanDialog::PlanDialog(const QString &title, const QString &explanation, const fleet::Plan &plan, const QString &doIt, bool dangerous, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("planDialog"));
    setWindowTitle(title);
    setAttribute(Qt::WA_DeleteOnClose);
    resize(720, 560);
    auto *text = new PlainLabel(explanation);
    text->setWordWrap(true);
    auto *view = new PlanView;
    view->setPlan(plan);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto *go = buttons->addButton(doIt, QDialogButtonBox::AcceptRole);
    go->setObjectName(QStringLiteral("planConfirm"));
    setButtonRole(go, dangerous ? ButtonRole::Danger : ButtonRole::Primary);
    go->setDefault(!dangerous);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addWidget(new MutedLabel(tr("%1, %2. Nothing has happened yet.").arg(stepsText(int(plan.steps.size())), usualTimeText(plan))));
    layout->addWidget(view, 1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

QString planAsScript(const fleet::Plan &plan)
{
    QString script;
    for (qsizetype i = 0; i < plan.steps.size(); ++i) {
        const fleet::PlanStep &step = plan.steps.at(i);
        script += QStringLiteral("# %1. %2\n").arg(i + 1).arg(core::printableLine(step.title)); // what follows it would be run
        script += step.command.isEmpty() ? QStringLiteral("# (nothing to run by hand)\n") : step.command + u'\n';
        script += u'\n';
    }
    return script;
}

QString stepsText(int count)
{
    return count == 1 ? PlanView::tr("1 step") : PlanView::tr("%1 steps").arg(count);
}

QString usualTimeText(const fleet::Plan &plan)
{
    qint64 seconds = 0;
    for (const fleet::PlanStep &step : plan.steps)
        seconds += step.usualSeconds;
    return PlanView::tr("usually %1").arg(elapsedText(seconds * 1000));
}

} // namespace catamaran::ui
