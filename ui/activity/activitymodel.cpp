// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/activity/activitymodel.h"

#include "core/printable.h"
#include "ui/common/format.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace catamaran::ui {

namespace {

bool sameRow(const store::Activity &a, const store::Activity &b) { return a.id == b.id; }

} // namespace

void ActivityModel::setActivities(const QList<store::Activity> &activities)
{
    // The journal only grows at its top: new rows are inserted, the rest is refreshed in place.
    const auto firstKnown = m_activities.isEmpty() ? activities.cend()
                                                   : std::find_if(activities.cbegin(), activities.cend(), [&](const auto &one) { return sameRow(one, m_activities.first()); });
    const auto fresh = int(firstKnown - activities.cbegin());
    const bool grows = firstKnown != activities.cend() && activities.size() - fresh >= m_activities.size()
        && std::equal(m_activities.cbegin(), m_activities.cend(), firstKnown, sameRow);
    if (!grows || activities.size() - fresh != m_activities.size()) {
        beginResetModel();
        m_activities = activities;
        endResetModel();
        return;
    }
    if (fresh > 0) {
        beginInsertRows({}, 0, fresh - 1);
        m_activities = activities;
        endInsertRows();
    } else {
        m_activities = activities;
    }
    if (!m_activities.isEmpty())
        emit dataChanged(index(0, 0), index(int(m_activities.size()) - 1, COLUMN_COUNT - 1));
}

int ActivityModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(m_activities.size()); }

int ActivityModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : COLUMN_COUNT; }

QVariant ActivityModel::value(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const store::Activity &activity = m_activities.at(index.row());
    if (role == Qt::UserRole)
        return QStringList { activity.operation, activity.step, activity.what, activity.target, activity.call, activity.command, activity.state, activity.answer, activity.requestId }.join(u'\n');
    if (role == Qt::ToolTipRole)
        return index.column() == TimeColumn ? absoluteTime(activity.at) : activity.answer;
    if (role == Qt::TextAlignmentRole && index.column() == DurationColumn)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case TimeColumn: return activity.at.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    case OperationColumn: return activity.operation;
    case WhatColumn: return activity.what;
    case TargetColumn: {
        const QString kind = objectKindOf(activity.call);
        return kind.isEmpty() ? activity.target : tr("%1 %2").arg(kind, activity.target);
    }
    case StateColumn: return activityStateWord(activity.state);
    case DurationColumn: return activity.durationMs < 0 ? QString() : durationText(activity.durationMs);
    default: return {};
    }
}

QVariant ActivityModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return int((section == DurationColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QStringList names { tr("When"), tr("Operation"), tr("Change"), tr("On"), tr("State"), tr("Took") };
    return names.value(section);
}

QString objectKindOf(const QString &call)
{
    // "PATCH /apis/apps/v1/namespaces/default/deployments/sleep/scale?…": the kind is the name of the collection.
    const QString path = call.section(u' ', 1, 1).section(u'?', 0, 0);
    QStringList parts = path.split(u'/', Qt::SkipEmptyParts);
    if (parts.size() < 3 || (parts.first() != QLatin1String("api") && parts.first() != QLatin1String("apis")))
        return {};
    parts = parts.mid(parts.first() == QLatin1String("api") ? 2 : 3);
    if (parts.size() > 2 && parts.first() == QLatin1String("namespaces"))
        parts = parts.mid(2);
    static const QHash<QString, QString> kinds {
        { QStringLiteral("deployments"), QStringLiteral("Deployment") }, { QStringLiteral("services"), QStringLiteral("Service") },
        { QStringLiteral("serviceaccounts"), QStringLiteral("ServiceAccount") }, { QStringLiteral("namespaces"), QStringLiteral("Namespace") },
        { QStringLiteral("pods"), QStringLiteral("Pod") }, { QStringLiteral("configmaps"), QStringLiteral("ConfigMap") },
        { QStringLiteral("secrets"), QStringLiteral("Secret") }, { QStringLiteral("destinationrules"), QStringLiteral("DestinationRule") },
    };
    return kinds.value(parts.value(0), parts.value(0));
}

QByteArray activitiesToCsv(const QList<store::Activity> &activities)
{
    QString text = QStringLiteral("at,environment,operation,step,what,target,call,state,answer,request_id,duration_ms,command,undo\r\n");
    for (const auto &one : activities) {
        QStringList cells;
        for (const QString &cell : { one.at.toUTC().toString(Qt::ISODateWithMs), one.environment, one.operation, one.step, one.what, one.target, one.call, one.state, one.answer,
                                     one.requestId, QString::number(one.durationMs), one.command, one.undo })
            cells += core::printableCell(cell);
        text += cells.join(u',') + QStringLiteral("\r\n");
    }
    return text.toUtf8();
}

QByteArray activitiesToJson(const QList<store::Activity> &activities)
{
    QJsonArray rows;
    for (const auto &one : activities) {
        rows += QJsonObject { { QStringLiteral("at"), one.at.toUTC().toString(Qt::ISODateWithMs) },
                              { QStringLiteral("environment"), one.environment },
                              { QStringLiteral("operation"), one.operation },
                              { QStringLiteral("step"), one.step },
                              { QStringLiteral("what"), one.what },
                              { QStringLiteral("target"), one.target },
                              { QStringLiteral("call"), one.call },
                              { QStringLiteral("state"), one.state },
                              { QStringLiteral("answer"), one.answer },
                              { QStringLiteral("request_id"), one.requestId },
                              { QStringLiteral("duration_ms"), one.durationMs },
                              { QStringLiteral("command"), one.command },
                              { QStringLiteral("undo"), one.undo } };
    }
    return core::printableJson(QJsonDocument(rows));
}

QString activityStateWord(const QString &state)
{
    if (state == QLatin1String("started"))
        return ActivityModel::tr("started, no end noted");
    if (state == QLatin1String("done"))
        return ActivityModel::tr("done");
    if (state == QLatin1String("failed"))
        return ActivityModel::tr("failed");
    if (state == QLatin1String("undone"))
        return ActivityModel::tr("undone");
    return state;
}

} // namespace catamaran::ui
