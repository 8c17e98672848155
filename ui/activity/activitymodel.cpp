// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/activity/activitymodel.h"

#include "core/printable.h"
#include "ui/common/format.h"
#include "ui/common/theme.h"

#include <QApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

#include <algorithm>

namespace catamaran::ui {

namespace {

/// A state's shape as a letter, for colour alone says nothing.
QString marked(std::optional<observe::Health> health, const QString &text)
{
    const QChar mark = !health                ? u'–'
        : *health == observe::Health::Ok      ? u'✓'
        : *health == observe::Health::Failed  ? u'✗'
        : *health == observe::Health::Warning ? u'▲'
                                              : u'?';
    return QStringLiteral("%1 %2").arg(mark).arg(text);
}

QVariant colourOf(std::optional<observe::Health> health)
{
    const Theme theme = themeOf(QApplication::palette());
    return health ? theme.health(*health) : theme.muted;
}

QString callsOf(const StepEntry &step)
{
    QStringList calls;
    for (const ops::Call &call : step.step.words.calls)
        calls += call.method;
    return calls.join(QStringLiteral("; "));
}

QString whenText(const QDateTime &at)
{
    return at.isValid() ? at.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")) : QString();
}

/// The journal's words for one step; the columns of the table and the fields of the document.
QList<std::pair<QString, QVariant>> fieldsOf(const ExportedStep &one)
{
    const ops::Execution &execution = one.execution.execution;
    const StepEntry &step = one.step;
    const QDateTime at = step.record.intentAt.isValid() ? step.record.intentAt : step.at;
    return { { QStringLiteral("at"), at.toUTC().toString(Qt::ISODateWithMs) }, { QStringLiteral("environment"), execution.environment },
        { QStringLiteral("operation"), execution.title() }, { QStringLiteral("step"), step.step.step.id },
        { QStringLiteral("what"), step.step.words.title }, { QStringLiteral("target"), step.step.words.subject },
        { QStringLiteral("call"), callsOf(step) }, { QStringLiteral("state"), ops::stateName(step.record.state) },
        { QStringLiteral("answer"), step.record.answer }, { QStringLiteral("request_id"), step.record.requestId },
        { QStringLiteral("duration_ms"), step.durationMs }, { QStringLiteral("command"), step.step.words.command },
        { QStringLiteral("undo"), step.step.words.undo }, { QStringLiteral("execution"), execution.id },
        { QStringLiteral("execution_state"),
            one.execution.isInterrupted() ? QStringLiteral("interrupted") : ops::stateName(execution.state) },
        { QStringLiteral("owner"), execution.owner.host.isEmpty() ? QString() : execution.owner.text() },
        { QStringLiteral("evidence"), step.evidence.text }, { QStringLiteral("evidence_source"), step.evidence.source } };
}

} // namespace

void ActivityModel::setEntries(const QList<ExecutionEntry> &entries)
{
    QSet<qint64> there;
    for (const ExecutionEntry &entry : entries)
        there.insert(entry.execution.id);
    for (int row = int(m_entries.size()) - 1; row >= 0; --row) {
        if (there.contains(m_entries.at(row).execution.id))
            continue;
        beginRemoveRows({}, row, row);
        m_entries.removeAt(row);
        endRemoveRows();
    }
    for (int row = 0; row < entries.size(); ++row) {
        if (row < m_entries.size() && m_entries.at(row).execution.id == entries.at(row).execution.id) {
            takeSteps(row, entries.at(row));
            continue;
        }
        beginInsertRows({}, row, row);
        m_entries.insert(row, entries.at(row));
        endInsertRows();
    }
}

/// Steps are what was planned; executions of earlier versions grew.
void ActivityModel::takeSteps(int row, const ExecutionEntry &entry)
{
    const QModelIndex parent = index(row, 0);
    const int before = int(m_entries.at(row).steps.size()), after = int(entry.steps.size());
    if (after > before)
        beginInsertRows(parent, before, after - 1);
    else if (after < before)
        beginRemoveRows(parent, after, before - 1);
    m_entries[row] = entry;
    if (after > before)
        endInsertRows();
    else if (after < before)
        endRemoveRows();
    emit dataChanged(parent, index(row, COLUMN_COUNT - 1));
    if (const int same = std::min(before, after); same > 0)
        emit dataChanged(index(0, 0, parent), index(same - 1, COLUMN_COUNT - 1, parent));
}

int ActivityModel::rowOf(qint64 execution) const
{
    const auto found
        = std::find_if(m_entries.begin(), m_entries.end(), [&](const ExecutionEntry &one) { return one.execution.id == execution; });
    return found == m_entries.end() ? -1 : int(found - m_entries.begin());
}

const ExecutionEntry *ActivityModel::entry(const QModelIndex &index) const
{
    const QModelIndex row = index.parent().isValid() ? index.parent() : index;
    return row.isValid() ? &m_entries.at(row.row()) : nullptr;
}

const StepEntry *ActivityModel::step(const QModelIndex &index) const
{
    return index.parent().isValid() ? &entry(index)->steps.at(index.row()) : nullptr;
}

// A step's index bears the id of its execution, which stays when rows come above it.
QModelIndex ActivityModel::index(int row, int column, const QModelIndex &parent) const
{
    if (row < 0 || column < 0 || column >= COLUMN_COUNT || row >= rowCount(parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(m_entries.at(parent.row()).execution.id) : quintptr(0));
}

QModelIndex ActivityModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || child.internalId() == 0)
        return {};
    const int row = rowOf(qint64(child.internalId()));
    return row < 0 ? QModelIndex() : createIndex(row, 0, quintptr(0));
}

int ActivityModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_entries.size());
    return parent.internalId() == 0 && parent.column() == 0 ? int(m_entries.at(parent.row()).steps.size()) : 0;
}

int ActivityModel::columnCount(const QModelIndex &) const
{
    return COLUMN_COUNT;
}

QVariant ActivityModel::executionValue(const ExecutionEntry &entry, int column, int role) const
{
    const ops::Execution &execution = entry.execution;
    const std::optional<observe::Health> health = executionHealth(entry);
    switch (role) {
    case Qt::UserRole:
        return QStringList { executionTitle(execution), execution.title(), execution.environment, executionStateText(entry),
            ownerText(execution), QString::number(execution.id) }
            .join(u'\n');
    case Qt::AccessibleTextRole:
        return column == WhatColumn ? QVariant(tr("%1, %2").arg(executionTitle(execution), executionStateText(entry))) : QVariant();
    case Qt::ToolTipRole: return column == TimeColumn ? QVariant(absoluteTime(execution.at)) : QVariant();
    case Qt::ForegroundRole:
        if (column == StateColumn)
            return entry.isRunning() ? QVariant(themeOf(QApplication::palette()).accent) : colourOf(health);
        return {};
    case Qt::FontRole: {
        if (column != WhatColumn)
            return {};
        QFont font = QApplication::font();
        font.setWeight(QFont::DemiBold);
        return font;
    }
    case Qt::DisplayRole: break;
    default: return {};
    }
    switch (Columns(column)) {
    case WhatColumn: return executionTitle(execution);
    case TimeColumn: return whenText(execution.at);
    case TargetColumn: return execution.environment;
    case StateColumn:
        return entry.isRunning() ? QStringLiteral("▶ %1").arg(executionStateText(entry)) : marked(health, executionStateText(entry));
    case DurationColumn:
        return execution.ended.isValid() && !entry.isRunning() ? durationText(execution.at.msecsTo(execution.ended)) : QString();
    case WhoColumn: return ownerText(execution);
    case COLUMN_COUNT: break;
    }
    return {};
}

QVariant ActivityModel::stepValue(const StepEntry &one, int column, int role) const
{
    const ops::Description &words = one.step.words;
    const std::optional<observe::Health> health = eventHealth(one.record.state);
    const QDateTime at = one.record.intentAt.isValid() ? one.record.intentAt : one.at;
    const QString target = subjectText(words.subject, words.calls.isEmpty() ? QString() : words.calls.first().method);
    switch (role) {
    case Qt::UserRole:
        return QStringList { one.step.step.id, words.title, words.subject, target, callsOf(one), words.command, words.undo,
            eventStateText(one.record.state), one.record.answer, one.record.requestId, one.evidence.text }
            .join(u'\n');
    case Qt::AccessibleTextRole:
        return column == WhatColumn ? QVariant(tr("%1, %2").arg(words.title, eventStateText(one.record.state))) : QVariant();
    case Qt::ToolTipRole: return column == TimeColumn ? QVariant(absoluteTime(at)) : QVariant(one.record.answer);
    case Qt::ForegroundRole: return column == StateColumn ? colourOf(health) : QVariant();
    case Qt::DisplayRole: break;
    default: return {};
    }
    const bool begun = one.record.state != ops::EventState::Planned;
    switch (Columns(column)) {
    case WhatColumn: return words.title;
    case TimeColumn: return begun ? whenText(at) : QString();
    case TargetColumn: return target;
    case StateColumn: return marked(health, eventStateText(one.record.state));
    case DurationColumn: return one.durationMs < 0 ? QString() : durationText(one.durationMs);
    case WhoColumn:
    case COLUMN_COUNT: break;
    }
    return {};
}

QVariant ActivityModel::value(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::TextAlignmentRole)
        return index.column() == DurationColumn ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    if (const StepEntry *one = step(index))
        return stepValue(*one, index.column(), role);
    return executionValue(*entry(index), index.column(), role);
}

QVariant ActivityModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return int((section == DurationColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QStringList names { tr("Change"), tr("When"), tr("On"), tr("State"), tr("Took"), tr("Who") };
    return names.value(section);
}

QByteArray stepsToCsv(const QList<ExportedStep> &steps)
{
    QString text = QStringLiteral(
        "at,environment,operation,step,what,target,call,state,answer,request_id,duration_ms,command,undo,execution,execution_state,owner,evidence,evidence_source\r\n");
    for (const ExportedStep &one : steps) {
        QStringList cells;
        for (const auto &[name, value] : fieldsOf(one))
            cells += core::printableCell(value.toString());
        text += cells.join(u',') + QStringLiteral("\r\n");
    }
    return text.toUtf8();
}

QByteArray stepsToJson(const QList<ExportedStep> &steps)
{
    QJsonArray rows;
    for (const ExportedStep &one : steps) {
        QJsonObject row;
        for (const auto &[name, value] : fieldsOf(one))
            row.insert(name, QJsonValue::fromVariant(value));
        rows += row;
    }
    return core::printableJson(QJsonDocument(rows));
}

} // namespace catamaran::ui
