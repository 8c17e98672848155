// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/operations/stepmodel.h"

#include "mesh/providers.h"
#include "ui/common/format.h"
#include "ui/common/theme.h"

#include <QApplication>

#include <algorithm>

namespace catamaran::ui {

using ops::StepState;

namespace {

constexpr quintptr topLevel = 0; ///< of a row; a row within a group has the group's row, counted from one

QString usualText(qint64 ms)
{
    return StepModel::tr("≈ %1").arg(ms < 10000 ? StepModel::tr("%1 s").arg(ms / 1000) : elapsedText(ms));
}

QColor colourOf(StepState state)
{
    const Theme theme = themeOf(QApplication::palette());
    switch (state) {
    case StepState::Done: return theme.ok;
    case StepState::Failed: return theme.failed;
    case StepState::Unknown: return theme.unknown;
    case StepState::Running: return theme.accent;
    case StepState::Waiting:
    case StepState::Skipped: return theme.muted;
    }
    return theme.muted;
}

} // namespace

QString stepStateText(StepState state)
{
    switch (state) {
    case StepState::Waiting: return StepModel::tr("○ waiting");
    case StepState::Running: return StepModel::tr("▶ running");
    case StepState::Done: return StepModel::tr("✓ done");
    case StepState::Failed: return StepModel::tr("✗ failed");
    case StepState::Unknown: return StepModel::tr("? no answer");
    case StepState::Skipped: return StepModel::tr("– not begun");
    }
    return {};
}

int byHandCount(const QList<ops::DescribedStep> &steps)
{
    return int(std::count_if(steps.begin(), steps.end(), [](const ops::DescribedStep &one) { return mesh::isByHand(one.step.operation); }));
}

QString byHandText(int count)
{
    return StepModel::tr(
        "%n step(s) are done by hand: Catamaran does not do them yet, and begins nothing of a plan that holds one. Each shows its command. Do them, then look again.",
        nullptr, count);
}

QString runningText(const StepModel &model, qint64 elapsedMs)
{
    const QString done = QString::number(model.count(StepState::Done)), all = stepsText(int(model.steps().size()));
    const qint64 left = model.remainingMs() / 1000 * 1000;
    if (left == 0)
        return StepModel::tr("%1 of %2 done, %3 so far").arg(done, all, elapsedText(elapsedMs / 1000 * 1000));
    return StepModel::tr("%1 of %2 done, %3 so far, about %4 to go")
        .arg(done, all, elapsedText(elapsedMs / 1000 * 1000), elapsedText(left));
}

StepModel::StepModel(QObject *parent)
    : PlainModel(parent)
{
    m_clock.start();
}

void StepModel::setSteps(const QList<ops::DescribedStep> &steps, Wording wording)
{
    const bool same = wording == m_wording
        && std::equal(
            steps.begin(), steps.end(), m_steps.begin(), m_steps.end(), [](const ops::DescribedStep &a, const ops::DescribedStep &b) {
                return a.step.id == b.step.id && a.words.subject == b.words.subject;
            });
    if (same) {
        m_steps = steps;
        m_groups = groupSteps(steps);
        for (int step = 0; step < m_steps.size(); ++step)
            emitChanged(step);
        return;
    }
    beginResetModel(); // another plan altogether
    m_steps = steps;
    m_wording = wording;
    m_groups = groupSteps(steps);
    m_places.clear();
    m_progress.clear();
    for (int step = 0; step < steps.size(); ++step) {
        m_places.insert(steps.at(step).step.id, step);
        m_progress.append({ steps.at(step).step.id });
    }
    m_since = QList<qint64>(steps.size(), 0);
    endResetModel();
}

void StepModel::setProgress(const ops::StepProgress &progress)
{
    const int step = m_places.value(progress.stepId, -1);
    if (step < 0)
        return;
    m_progress[step] = progress;
    m_since[step] = m_clock.elapsed() - progress.elapsedMs;
    emitChanged(step);
}

void StepModel::resetStates()
{
    for (int step = 0; step < m_steps.size(); ++step) {
        m_progress[step] = { m_steps.at(step).step.id };
        emitChanged(step);
    }
}

void StepModel::tick()
{
    for (int step = 0; step < m_steps.size(); ++step)
        if (m_progress.at(step).state == StepState::Running)
            emitChanged(step);
}

void StepModel::emitChanged(int step)
{
    const QModelIndex own = indexOf(m_steps.at(step).step.id);
    for (QModelIndex row = own; row.isValid(); row = row.parent())
        emit dataChanged(row, row.siblingAtColumn(COLUMN_COUNT - 1));
}

int StepModel::count(StepState state) const
{
    return int(std::count_if(
        m_progress.begin(), m_progress.end(), [state](const ops::StepProgress &progress) { return progress.state == state; }));
}

qint64 StepModel::elapsedMs(int step) const
{
    return m_progress.at(step).state == StepState::Running ? m_clock.elapsed() - m_since.at(step) : m_progress.at(step).elapsedMs;
}

qint64 StepModel::remainingMs() const
{
    return longestChain(m_steps, [this](int step) -> qint64 {
        const qint64 usual = qint64(m_steps.at(step).words.usualSeconds) * 1000;
        switch (m_progress.at(step).state) {
        case StepState::Waiting: return usual;
        case StepState::Running: return std::max<qint64>(usual - elapsedMs(step), 1000);
        case StepState::Done:
        case StepState::Failed:
        case StepState::Unknown:
        case StepState::Skipped: return 0;
        }
        return 0;
    });
}

QString StepModel::worded(const QString &title, bool stays) const
{
    if (m_wording == Wording::Do)
        return title;
    return stays ? tr("Stays: %1").arg(title) : tr("Take back: %1").arg(title);
}

QString StepModel::title(int step) const
{
    const ops::Description &words = m_steps.at(step).words;
    return worded(words.title, !words.keeps.isEmpty());
}

QList<int> StepModel::stepsOf(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    if (index.internalId() == topLevel)
        return m_groups.at(index.row()).steps;
    return { m_groups.at(int(index.internalId()) - 1).steps.at(index.row()) };
}

QString StepModel::titleOf(const QModelIndex &index) const
{
    const QList<int> steps = stepsOf(index);
    if (steps.isEmpty())
        return {};
    if (steps.size() == 1)
        return title(steps.first());
    const bool stays = std::all_of(steps.begin(), steps.end(), [this](int step) { return !m_steps.at(step).words.keeps.isEmpty(); });
    return worded(m_groups.at(index.row()).title, stays);
}

QModelIndex StepModel::indexOf(const QString &stepId) const
{
    const int step = m_places.value(stepId, -1);
    for (int row = 0; step >= 0 && row < m_groups.size(); ++row) {
        const qsizetype within = m_groups.at(row).steps.indexOf(step);
        if (within >= 0)
            return m_groups.at(row).steps.size() == 1 ? index(row, 0) : index(int(within), 0, index(row, 0));
    }
    return {};
}

QModelIndex StepModel::index(int row, int column, const QModelIndex &parent) const
{
    if (row < 0 || column < 0 || column >= COLUMN_COUNT || row >= rowCount(parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row() + 1) : topLevel);
}

QModelIndex StepModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || child.internalId() == topLevel)
        return {};
    return createIndex(int(child.internalId()) - 1, 0, topLevel);
}

int StepModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_groups.size());
    if (parent.internalId() != topLevel || parent.column() != 0)
        return 0;
    const qsizetype steps = m_groups.at(parent.row()).steps.size();
    return steps > 1 ? int(steps) : 0;
}

int StepModel::columnCount(const QModelIndex &) const
{
    return COLUMN_COUNT;
}

/// One state for all: the worst that is over, else whether something of it runs.
StepState StepModel::stateOf(const QList<int> &steps) const
{
    const auto any = [&](StepState state) {
        return std::any_of(steps.begin(), steps.end(), [&](int step) { return m_progress.at(step).state == state; });
    };
    for (const StepState state : { StepState::Failed, StepState::Unknown, StepState::Running, StepState::Skipped })
        if (any(state))
            return state;
    if (!any(StepState::Waiting))
        return StepState::Done;
    return any(StepState::Done) ? StepState::Running : StepState::Waiting;
}

bool StepModel::areByHand(const QList<int> &steps) const
{
    return std::all_of(steps.begin(), steps.end(), [this](int step) { return mesh::isByHand(m_steps.at(step).step.operation); });
}

QString StepModel::stateText(const QList<int> &steps) const
{
    const StepState state = stateOf(steps);
    if (state == StepState::Waiting && areByHand(steps))
        return tr("▲ by hand");
    if (steps.size() == 1 || (state != StepState::Running && state != StepState::Skipped))
        return stepStateText(state);
    const auto done = std::count_if(steps.begin(), steps.end(), [this](int step) { return m_progress.at(step).state == StepState::Done; });
    if (done == 0)
        return stepStateText(state);
    return (state == StepState::Running ? tr("▶ %1 of %2 done") : tr("– %1 of %2 done"))
        .arg(QString::number(done), QString::number(steps.size()));
}

QString StepModel::timeText(const QList<int> &steps) const
{
    QList<ops::DescribedStep> these;
    for (const int step : steps)
        these.append(m_steps.at(step));
    const qint64 elapsed = longestChain(these, [&](int place) { return elapsedMs(steps.at(place)); });
    switch (stateOf(steps)) {
    case StepState::Waiting: return areByHand(steps) ? QString() : usualText(usualMs(these));
    case StepState::Running: return tr("%1 of %2").arg(elapsedText(elapsed), usualText(usualMs(these)));
    case StepState::Skipped: return elapsed > 0 ? elapsedText(elapsed) : QString();
    case StepState::Done:
    case StepState::Failed:
    case StepState::Unknown: break;
    }
    return elapsedText(elapsed);
}

QVariant StepModel::value(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const QList<int> steps = stepsOf(index);
    const QString title = titleOf(index);
    switch (role) {
    case Qt::AccessibleTextRole:
        if (index.column() != StepColumn)
            break;
        return index.parent().isValid() ? tr("%1, %2").arg(title, stateText(steps))
                                        : tr("Step %1: %2, %3").arg(QString::number(index.row() + 1), title, stateText(steps));
    case Qt::ToolTipRole: {
        const QString note = steps.size() == 1 ? m_progress.at(steps.first()).note : QString();
        return note.isEmpty() ? title : tr("%1\n%2").arg(title, note);
    }
    case Qt::ForegroundRole:
        if (index.column() == StateColumn)
            return stateOf(steps) == StepState::Waiting && areByHand(steps) ? themeOf(QApplication::palette()).warning
                                                                            : colourOf(stateOf(steps));
        return index.column() == TimeColumn ? QVariant(themeOf(QApplication::palette()).muted) : QVariant();
    case Qt::FontRole: {
        const StepState state = stateOf(steps);
        if (index.column() != StateColumn || (state != StepState::Failed && state != StepState::Unknown))
            return {};
        QFont font = QApplication::font();
        font.setBold(true);
        return font;
    }
    case Qt::TextAlignmentRole: return index.column() == TimeColumn ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    case Qt::DisplayRole: break;
    default: return {};
    }
    switch (Columns(index.column())) {
    case StepColumn: return index.parent().isValid() ? title : QStringLiteral("%1  %2").arg(index.row() + 1, 2).arg(title);
    case StateColumn: return stateText(steps);
    case TimeColumn: return timeText(steps);
    case COLUMN_COUNT: break;
    }
    return {};
}

QVariant StepModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return int((section == TimeColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
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

} // namespace catamaran::ui
