// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/answermodel.h"

#include "ui/common/format.h"

#include <QDateTime>

#include <algorithm>

namespace catamaran::ui {

AnswerModel::AnswerModel(QObject *parent, int capacity)
    : PlainModel(parent)
    , m_capacity(capacity)
{
}

void AnswerModel::append(const QList<probe::Sample> &samples)
{
    if (samples.isEmpty())
        return;
    const int incoming = int(std::min<qsizetype>(samples.size(), m_capacity));
    const int surplus = int(m_samples.size()) + incoming - m_capacity;
    if (surplus > 0) {
        beginRemoveRows({}, 0, surplus - 1);
        m_samples.erase(m_samples.begin(), m_samples.begin() + surplus);
        endRemoveRows();
    }
    const int first = int(m_samples.size());
    beginInsertRows({}, first, first + incoming - 1);
    m_samples.insert(m_samples.end(), samples.end() - incoming, samples.end());
    endInsertRows();
}

void AnswerModel::clear()
{
    if (m_samples.empty())
        return;
    beginRemoveRows({}, 0, int(m_samples.size()) - 1);
    m_samples.clear();
    endRemoveRows();
}

QString AnswerModel::words(const probe::Sample &sample)
{
    if (sample.ok())
        return sample.raw;
    if (sample.error.isEmpty())
        return sample.raw;
    return sample.curlExit != 0 ? QStringLiteral("curl: (%1) %2").arg(sample.curlExit).arg(sample.error) : sample.error;
}

int AnswerModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_samples.size());
}

int AnswerModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : COLUMN_COUNT;
}

QVariant AnswerModel::value(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const probe::Sample &s = sample(index.row());
    if (role == OkRole)
        return s.ok();
    if (role == Qt::TextAlignmentRole)
        return index.column() == NumberColumn || index.column() == TotalColumn ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter))
                                                                               : QVariant();
    if (role == Qt::ToolTipRole) {
        if (index.column() == TotalColumn)
            return tr("connect %1 ms, first byte %2 ms, total %3 ms")
                .arg(decimalText(s.connectMs), decimalText(s.firstByteMs), decimalText(s.totalMs));
        return QDateTime::fromMSecsSinceEpoch(s.startedAtMs).toString(Qt::ISODateWithMs);
    }
    if (role != Qt::DisplayRole && role != SortRole)
        return {};
    const bool sort = role == SortRole;
    switch (Columns(index.column())) {
    case NumberColumn: return sort ? QVariant(s.index) : QVariant(QString::number(s.index + 1));
    case TimeColumn:
        return sort ? QVariant(s.startedAtMs)
                    : QVariant(QDateTime::fromMSecsSinceEpoch(s.startedAtMs).toString(QStringLiteral("HH:mm:ss.zzz")));
    case StatusColumn: return s.ok() ? tr("✓ %1").arg(s.httpCode) : s.httpCode > 0 ? tr("✗ %1").arg(s.httpCode) : tr("✗ no answer");
    case VersionColumn: return s.version;
    case InstanceColumn: return s.instance;
    case TotalColumn: return sort ? QVariant(s.totalMs) : QVariant(tr("%1 ms").arg(decimalText(s.totalMs)));
    case ConnectionColumn: return s.newConnection ? tr("new") : tr("kept");
    case AnswerColumn: return words(s);
    case COLUMN_COUNT: break;
    }
    return {};
}

QVariant AnswerModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole && (section == NumberColumn || section == TotalColumn))
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (Columns(section)) {
    case NumberColumn: return tr("#");
    case TimeColumn: return tr("Sent");
    case StatusColumn: return tr("Status");
    case VersionColumn: return tr("Version");
    case InstanceColumn: return tr("Instance");
    case TotalColumn: return tr("Total");
    case ConnectionColumn: return tr("Connection");
    case AnswerColumn: return tr("Answer, as it came");
    case COLUMN_COUNT: break;
    }
    return {};
}

void InstanceModel::update(const QMap<QString, int> &instances, const QMap<QString, int> &errors)
{
    QList<Row> wanted;
    int total = 0;
    for (auto it = instances.cbegin(); it != instances.cend(); ++it) {
        wanted.append({ it.key(), false, it.value() });
        total += it.value();
    }
    for (auto it = errors.cbegin(); it != errors.cend(); ++it) {
        wanted.append({ it.key(), true, it.value() });
        total += it.value();
    }
    const auto before = [](const Row &a, const Row &b) { return std::tie(a.error, a.name) < std::tie(b.error, b.name); };
    const bool totalChanged = total != m_total;
    m_total = total;
    int row = 0;
    for (const Row &want : wanted) {
        while (row < m_rows.size() && before(m_rows.at(row), want)) {
            beginRemoveRows({}, row, row);
            m_rows.removeAt(row);
            endRemoveRows();
        }
        if (row < m_rows.size() && !before(want, m_rows.at(row))) {
            if (totalChanged || m_rows.at(row).count != want.count) {
                m_rows[row].count = want.count;
                emit dataChanged(index(row, AnswersColumn), index(row, ShareColumn));
            }
        } else {
            beginInsertRows({}, row, row);
            m_rows.insert(row, want);
            endInsertRows();
        }
        ++row;
    }
    if (row < m_rows.size()) {
        beginRemoveRows({}, row, int(m_rows.size()) - 1);
        m_rows.resize(row);
        endRemoveRows();
    }
}

int InstanceModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int InstanceModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : COLUMN_COUNT;
}

QVariant InstanceModel::value(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows.at(index.row());
    if (role == Qt::TextAlignmentRole && index.column() != InstanceColumn)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        return row.name;
    if (role != Qt::DisplayRole)
        return {};
    switch (Columns(index.column())) {
    case InstanceColumn:
        if (row.error)
            return tr("✗ %1").arg(row.name.isEmpty() ? tr("no reason given") : row.name);
        return row.name.isEmpty() ? tr("(names no instance)") : row.name;
    case AnswersColumn: return QString::number(row.count);
    case ShareColumn: return m_total > 0 ? shareText(double(row.count) / m_total) : QString();
    case COLUMN_COUNT: break;
    }
    return {};
}

QVariant InstanceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole && section != InstanceColumn)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (Columns(section)) {
    case InstanceColumn: return tr("Instance");
    case AnswersColumn: return tr("Answers");
    case ShareColumn: return tr("Share");
    case COLUMN_COUNT: break;
    }
    return {};
}

} // namespace catamaran::ui
