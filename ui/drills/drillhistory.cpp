// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/drills/drillhistory.h"

#include "ui/common/format.h"

namespace catamaran::ui {

void DrillHistoryModel::setDocuments(const QList<store::Document> &documents)
{
    beginResetModel();
    m_documents = documents;
    endResetModel();
}

int DrillHistoryModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_documents.size());
}

int DrillHistoryModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : COLUMN_COUNT;
}

QVariant DrillHistoryModel::value(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const store::Document &document = m_documents.at(index.row());
    const QJsonObject &content = document.content;
    const QString id = content.value(QLatin1String("drill")).toString();
    if (role == Qt::ToolTipRole && index.column() == TimeColumn)
        return absoluteTime(document.at);
    if (role == Qt::ToolTipRole)
        return index.column() == DrillColumn ? id : content.value(QLatin1String("reason")).toString();
    if (role == Qt::TextAlignmentRole && (index.column() == RecoveryColumn || index.column() == FailedColumn))
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case TimeColumn: return relativeTime(document.at, QDateTime::currentDateTimeUtc());
    case DrillColumn: return content.value(QLatin1String("title")).toString(id);
    case VerdictColumn: return verdictWord(content.value(QLatin1String("verdict")).toString());
    case RecoveryColumn: {
        const QJsonValue recovery = content.value(QLatin1String("recovery_ms"));
        return recovery.isDouble() && recovery.toDouble() >= 0 ? durationText(qint64(recovery.toDouble())) : tr("–");
    }
    case FailedColumn:
        return tr("%1 of %2")
            .arg(content.value(QLatin1String("failed_requests")).toInt())
            .arg(content.value(QLatin1String("requests")).toInt());
    case RestoredColumn: return content.value(QLatin1String("restored")).toBool() ? tr("yes, read back") : tr("no");
    default: return {};
    }
}

QVariant DrillHistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return int((section == RecoveryColumn || section == FailedColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QStringList names { tr("When"), tr("Drill"), tr("Verdict"), tr("Recovery"), tr("Failed requests"), tr("Restored") };
    return names.value(section);
}

QString verdictWord(const QString &verdict)
{
    if (verdict == QLatin1String("pass"))
        return DrillHistoryModel::tr("held");
    if (verdict == QLatin1String("fail"))
        return DrillHistoryModel::tr("did not hold");
    return DrillHistoryModel::tr("aborted");
}

} // namespace catamaran::ui
