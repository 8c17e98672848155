// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/pastruns.h"

#include "ui/common/format.h"

#include <algorithm>

namespace catamaran::ui {

namespace {

QString versionsText(const QMap<QString, int> &versions)
{
    int total = 0;
    for (const int count : versions)
        total += count;
    QStringList parts;
    for (auto it = versions.cbegin(); it != versions.cend(); ++it)
        parts << QStringLiteral("%1 %2").arg(it.key().isEmpty() ? QStringLiteral("?") : it.key(), percentText(it.value(), total));
    return parts.join(QStringLiteral(", "));
}

} // namespace

QString PastRun::source() const
{
    return content.value(QLatin1String("source")).toString();
}
QString PastRun::url() const
{
    return content.value(QLatin1String("url")).toString();
}
int PastRun::requests() const
{
    return content.value(QLatin1String("requests")).toInt();
}
int PastRun::ok() const
{
    return content.value(QLatin1String("ok")).toInt();
}
int PastRun::errors() const
{
    return content.value(QLatin1String("errors")).toInt();
}

QMap<QString, int> PastRun::versions() const
{
    QMap<QString, int> counts;
    const QJsonObject object = content.value(QLatin1String("versions")).toObject();
    for (auto it = object.begin(); it != object.end(); ++it)
        counts.insert(it.key(), it.value().toInt());
    return counts;
}

probe::Percentiles PastRun::latency() const
{
    const QJsonObject object = content.value(QLatin1String("latency_ms")).toObject();
    return { object.value(QLatin1String("p50")).toDouble(), object.value(QLatin1String("p95")).toDouble(),
        object.value(QLatin1String("p99")).toDouble() };
}

void PastRunModel::setNewest(const QList<PastRun> &runs, bool more)
{
    QList<PastRun> all = runs;
    if (more && !runs.isEmpty()) {
        const auto older = std::find_if(m_runs.cbegin(), m_runs.cend(), [&](const PastRun &run) { return run.id < runs.last().id; });
        all.append(m_runs.mid(older - m_runs.cbegin()));
    }
    if (!more || all.size() == runs.size()) // otherwise what is known of the end of the list still holds
        m_more = more;
    take(all);
}

void PastRunModel::addOlder(const QList<PastRun> &runs, bool more)
{
    m_more = more;
    QList<PastRun> all = m_runs;
    for (const PastRun &run : runs) {
        if (all.isEmpty() || run.id < all.last().id)
            all.append(run);
    }
    take(all);
}

void PastRunModel::forget(const QList<qint64> &ids)
{
    QList<PastRun> rest = m_runs;
    rest.removeIf([&](const PastRun &run) { return ids.contains(run.id); });
    take(rest);
}

void PastRunModel::clear()
{
    m_more = false;
    take({});
}

void PastRunModel::take(const QList<PastRun> &runs)
{
    // Runs are only ever added in front and removed anywhere, so a walk by id finds the difference.
    for (int row = int(m_runs.size()) - 1; row >= 0; --row) {
        const qint64 id = m_runs.at(row).id;
        if (std::none_of(runs.begin(), runs.end(), [id](const PastRun &run) { return run.id == id; })) {
            beginRemoveRows({}, row, row);
            m_runs.removeAt(row);
            endRemoveRows();
        }
    }
    for (int row = 0; row < runs.size(); ++row) {
        if (row < m_runs.size() && m_runs.at(row).id == runs.at(row).id)
            continue;
        beginInsertRows({}, row, row);
        m_runs.insert(row, runs.at(row));
        endInsertRows();
    }
    if (m_runs.size() > runs.size()) { // an order that changed: rows that were moved stand twice
        beginRemoveRows({}, int(runs.size()), int(m_runs.size()) - 1);
        m_runs.resize(runs.size());
        endRemoveRows();
    }
}

int PastRunModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_runs.size());
}

int PastRunModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : COLUMN_COUNT;
}

QVariant PastRunModel::value(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const PastRun &run = m_runs.at(index.row());
    if (role == Qt::ToolTipRole)
        return index.column() == TimeColumn ? absoluteTime(run.at) : value(index, Qt::DisplayRole);
    if (role == Qt::TextAlignmentRole && (index.column() == RequestsColumn || index.column() == ErrorsColumn))
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (Columns(index.column())) {
    case TimeColumn: return run.at.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    case SourceColumn: return run.source();
    case UrlColumn: return run.url();
    case RequestsColumn: return countText(run.requests());
    case ErrorsColumn: return countText(run.errors());
    case VersionsColumn: return versionsText(run.versions());
    case LatencyColumn: {
        const probe::Percentiles figures = run.latency();
        return run.ok() > 0 ? QStringLiteral("%1 / %2").arg(latencyText(figures.p50), latencyText(figures.p95)) : QStringLiteral("–");
    }
    case COLUMN_COUNT: break;
    }
    return {};
}

QVariant PastRunModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole && (section == RequestsColumn || section == ErrorsColumn))
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (Columns(section)) {
    case TimeColumn: return tr("When");
    case SourceColumn: return tr("Source");
    case UrlColumn: return tr("URL");
    case RequestsColumn: return tr("Requests");
    case ErrorsColumn: return tr("Failed");
    case VersionsColumn: return tr("Versions");
    case LatencyColumn: return tr("p50 / p95");
    case COLUMN_COUNT: break;
    }
    return {};
}

} // namespace catamaran::ui
