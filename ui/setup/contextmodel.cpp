// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/contextmodel.h"

#include "ui/common/theme.h"
#include "ui/setup/setupdraft.h"

#include <QSet>
#include <QUrl>

#include <algorithm>

namespace catamaran::ui {

void ContextModel::setRows(const QList<ContextRow> &rows, const QHash<QString, ContextChoice> &choices, const QDateTime &now)
{
    const auto nameOf = [](const ContextRow &row) { return row.name; };
    QStringList before, after;
    std::transform(m_rows.cbegin(), m_rows.cend(), std::back_inserter(before), nameOf);
    std::transform(rows.cbegin(), rows.cend(), std::back_inserter(after), nameOf);
    m_now = now;
    // Contexts come and go with their files; what stays keeps its order among itself only while no file moved.
    QStringList kept = before;
    kept.removeIf([&](const QString &name) { return !after.contains(name); });
    QStringList keptAfter = after;
    keptAfter.removeIf([&](const QString &name) { return !before.contains(name); });
    m_choices = choices;
    QSet<QString> taken;
    for (const ContextChoice &choice : std::as_const(m_choices))
        taken.insert(choice.clusterName);
    for (const ContextRow &row : rows) {
        ContextChoice &choice = m_choices[row.name];
        if (!choice.clusterName.isEmpty())
            continue;
        const QString stem = asLabel(row.name.section(u'@', -1)); // "kubernetes-admin@cluster-1" is about cluster-1
        choice.clusterName = stem;
        for (int n = 2; taken.contains(choice.clusterName); ++n)
            choice.clusterName = stem + u'-' + QString::number(n);
        taken.insert(choice.clusterName);
    }
    if (kept != keptAfter) {
        beginResetModel();
        m_rows = rows;
        endResetModel();
        return;
    }
    for (int i = int(m_rows.size()) - 1; i >= 0; --i) {
        if (after.contains(m_rows.at(i).name))
            continue;
        beginRemoveRows({}, i, i);
        m_rows.removeAt(i);
        endRemoveRows();
    }
    for (int i = 0; i < rows.size(); ++i) {
        if (i < m_rows.size() && m_rows.at(i).name == rows.at(i).name) {
            m_rows[i] = rows.at(i);
            continue;
        }
        beginInsertRows({}, i, i);
        m_rows.insert(i, rows.at(i));
        endInsertRows();
    }
    allChanged();
}

void ContextModel::setChoices(const QHash<QString, ContextChoice> &choices)
{
    for (const ContextRow &row : std::as_const(m_rows)) {
        if (choices.contains(row.name))
            m_choices[row.name] = choices.value(row.name);
    }
    allChanged();
}

void ContextModel::setTest(const QString &context, observe::Health health, const QString &text)
{
    m_tests[context] = { health, text };
    if (const int at = rowOf(context); at >= 0)
        emit dataChanged(index(at, TestColumn), index(at, TestColumn));
}

void ContextModel::clearTests()
{
    m_tests.clear();
    allChanged();
}

void ContextModel::allChanged()
{
    if (!m_rows.isEmpty())
        emit dataChanged(index(0, 0), index(int(m_rows.size()) - 1, COLUMN_COUNT - 1));
}

int ContextModel::rowOf(const QString &context) const
{
    const auto found = std::find_if(m_rows.cbegin(), m_rows.cend(), [&](const ContextRow &row) { return row.name == context; });
    return found == m_rows.cend() ? -1 : int(found - m_rows.cbegin());
}

int ContextModel::chosenCount() const
{
    return int(std::count_if(
        m_rows.cbegin(), m_rows.cend(), [this](const ContextRow &row) { return row.usable() && m_choices.value(row.name).chosen; }));
}

int ContextModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ContextModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : COLUMN_COUNT;
}

QString ContextModel::text(const ContextRow &row, int column) const
{
    const auto orDash = [](const QString &value) { return value.isEmpty() ? tr("–") : value; };
    switch (Columns(column)) {
    case ContextColumn: return row.current ? tr("%1 (current)").arg(row.name) : row.name;
    case BecomesColumn: return m_choices.value(row.name).clusterName;
    case ClusterColumn: return orDash(row.cluster);
    case ServerColumn: {
        const QUrl url(row.server);
        const QString shown = url.host().isEmpty() ? row.server : url.authority() + url.path();
        return row.plainHttp ? tr("%1 – plain http").arg(shown) : row.insecure ? tr("%1 – not verified").arg(shown) : orDash(shown);
    }
    case UserColumn: return orDash(row.who);
    case NamespaceColumn: return orDash(row.ns);
    case ExpiryColumn: return row.expiryText(m_now);
    case StateColumn: return row.stateText();
    case TestColumn: return m_tests.value(row.name, { observe::Health::Unknown, tr("not tested") }).text;
    case FileColumn: return row.file;
    case COLUMN_COUNT: break;
    }
    return {};
}

QString ContextModel::toolTip(const ContextRow &row, int column) const
{
    switch (Columns(column)) {
    case ContextColumn: return tr("Defined in %1").arg(row.file);
    case BecomesColumn: return tr("The cluster's name in the environment; press F2 to change it");
    case ClusterColumn: return row.clusterFile.isEmpty() ? tr("Not defined in any of the files") : tr("Defined in %1").arg(row.clusterFile);
    case ServerColumn: return row.trust.isEmpty() ? row.server : tr("%1\nTrusts: %2").arg(row.server, row.trust);
    case UserColumn: return row.userFile.isEmpty() ? row.user : tr("User %1, defined in %2\n%3").arg(row.user, row.userFile, row.identity);
    case ExpiryColumn:
        return row.certificateExpires.isValid()
            ? tr("The client certificate ends at %1").arg(row.certificateExpires.toUTC().toString(Qt::ISODate))
            : tr("There is no client certificate");
    case StateColumn: {
        QStringList lines;
        for (const kube::ConfigIssue &issue : row.issues)
            lines << tr("%1: %2").arg(severityWord(issue.severity), issue.text());
        return lines.join(u'\n');
    }
    case NamespaceColumn:
    case TestColumn:
    case FileColumn:
    case COLUMN_COUNT: break;
    }
    return text(row, column);
}

std::optional<observe::Health> ContextModel::health(const ContextRow &row, int column) const
{
    switch (Columns(column)) {
    case ServerColumn: return row.plainHttp || row.insecure ? std::optional(observe::Health::Warning) : std::nullopt;
    case ExpiryColumn:
        return row.expiry == Expiry::Expired ? std::optional(observe::Health::Failed)
            : row.expiry == Expiry::Soon     ? std::optional(observe::Health::Warning)
                                             : std::nullopt;
    case StateColumn: return row.health();
    case TestColumn: return m_tests.contains(row.name) ? std::optional(m_tests.value(row.name).health) : std::nullopt;
    case ContextColumn:
    case BecomesColumn:
    case ClusterColumn:
    case UserColumn:
    case NamespaceColumn:
    case FileColumn:
    case COLUMN_COUNT: break;
    }
    return std::nullopt;
}

QVariant ContextModel::value(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size() || index.column() >= COLUMN_COUNT)
        return {};
    const ContextRow &row = m_rows.at(index.row());
    switch (role) {
    case Qt::DisplayRole: return text(row, index.column());
    case Qt::EditRole: return index.column() == BecomesColumn ? m_choices.value(row.name).clusterName : text(row, index.column());
    case Qt::ToolTipRole: return toolTip(row, index.column());
    case Qt::CheckStateRole:
        if (index.column() == ContextColumn)
            return int(m_choices.value(row.name).chosen && row.usable() ? Qt::Checked : Qt::Unchecked);
        return {};
    case Qt::AccessibleTextRole: {
        const auto state = health(row, index.column());
        const QString shown = text(row, index.column());
        return state ? tr("%1: %2").arg(healthWord(*state), shown) : shown;
    }
    case HealthRole:
        if (const auto state = health(row, index.column()))
            return int(*state);
        return {};
    default: return {};
    }
}

bool ContextModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return false;
    const ContextRow &row = m_rows.at(index.row());
    const QHash<QString, ContextChoice> before = m_choices;
    ContextChoice choice = m_choices.value(row.name);
    QString what;
    if (role == Qt::CheckStateRole && index.column() == ContextColumn && row.usable()) {
        choice.chosen = value.toInt() == Qt::Checked;
        what = choice.chosen ? tr("take %1").arg(row.name) : tr("leave out %1").arg(row.name);
    } else if (role == Qt::EditRole && index.column() == BecomesColumn) {
        const QString name = value.toString().trimmed();
        if (name.isEmpty())
            return false;
        choice.clusterName = asLabel(name);
        what = tr("name %1").arg(choice.clusterName);
    } else {
        return false;
    }
    if (choice == m_choices.value(row.name))
        return true;
    m_choices[row.name] = choice;
    emit dataChanged(this->index(index.row(), 0), this->index(index.row(), COLUMN_COUNT - 1));
    emit chosen(what, before);
    return true;
}

Qt::ItemFlags ContextModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    if (index.column() == ContextColumn && m_rows.at(index.row()).usable())
        flags |= Qt::ItemIsUserCheckable;
    if (index.column() == BecomesColumn)
        flags |= Qt::ItemIsEditable;
    return flags;
}

QVariant ContextModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (Columns(section)) {
    case ContextColumn: return tr("Context");
    case BecomesColumn: return tr("Becomes");
    case ClusterColumn: return tr("Cluster");
    case ServerColumn: return tr("Server");
    case UserColumn: return tr("Who");
    case NamespaceColumn: return tr("Namespace");
    case ExpiryColumn: return tr("Certificate");
    case StateColumn: return tr("State");
    case TestColumn: return tr("Test");
    case FileColumn: return tr("File");
    case COLUMN_COUNT: break;
    }
    return {};
}

} // namespace catamaran::ui
