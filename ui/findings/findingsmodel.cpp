// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/findings/findingsmodel.h"

#include "findings/rule.h"
#include "ui/common/format.h"
#include "ui/common/say.h"
#include "ui/common/theme.h"

#include <QApplication>
#include <QIcon>
#include <QJsonArray>
#include <QJsonDocument>
#include <QPainter>
#include <QPixmap>

#include <algorithm>

namespace catamaran::ui {

using findings::Finding;
using observe::Health;

namespace {

QString csvCell(QString text)
{
    // What a table program would take for a formula is text.
    if (!text.isEmpty() && QStringView(u"=+-@").contains(text.front()))
        text.prepend(u'\'');
    return u'"' + text.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

FindingsModel::Kind kindOf(const FindingRow &row)
{
    if (row.isUnasked())
        return FindingsModel::Kind::Unasked;
    if (row.finding.accepted)
        return FindingsModel::Kind::Accepted;
    return row.finding.state == Health::Failed ? FindingsModel::Kind::Failed : FindingsModel::Kind::Warning;
}

} // namespace

QString findingTitle(const Finding &finding)
{
    const findings::Rule *rule = findings::ruleOf(finding.rule);
    return rule ? rule->name() : finding.rule;
}

QString findingPlace(const Finding &finding)
{
    QString place = finding.cluster;
    if (!finding.object.isEmpty())
        place += (place.isEmpty() ? QString() : QStringLiteral(": ")) + finding.object;
    return place.isEmpty() ? Say::tr("the fleet") : place;
}

QString findingDirection(const Finding &finding)
{
    if (finding.from.isEmpty() && finding.to.isEmpty())
        return {};
    const QString from = finding.from.isEmpty() ? Say::tr("every other") : finding.from;
    const QString to = finding.to.isEmpty() ? Say::tr("every other") : finding.to;
    return from + (finding.bothWays ? QStringLiteral(" ↔ ") : QStringLiteral(" → ")) + to;
}

QString findingLayer(findings::Layer layer)
{
    switch (layer) {
    case findings::Layer::Discovery: return Say::tr("discovery");
    case findings::Layer::Trust: return Say::tr("trust");
    case findings::Layer::Gateway: return Say::tr("gateway");
    case findings::Layer::Request: return Say::tr("request");
    case findings::Layer::Workload: return Say::tr("workload");
    case findings::Layer::Cluster: return Say::tr("cluster");
    case findings::Layer::Drill: return Say::tr("drill");
    }
    return {};
}

QString findingState(const FindingRow &row)
{
    if (row.isUnasked())
        return Say::tr("not asked");
    return row.finding.accepted ? Say::tr("accepted") : healthWord(row.finding.state);
}

Look findingLook(const FindingRow &row)
{
    if (row.isUnasked())
        return Look::Unknown;
    return row.finding.accepted ? Look::Configured : lookOf(row.finding.state);
}

QIcon findingIcon(Look look)
{
    QPixmap pixmap(32, 32);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    paintLook(&painter, QRectF(3, 3, 26, 26), look, themeOf(QApplication::palette()));
    return pixmap;
}

QList<FindingRow> findingRows(const findings::Judgement &judgement)
{
    QList<FindingRow> counting, accepted, unasked;
    QHash<QString, qsizetype> byRemedy;
    QHash<QString, QSet<QString>> rules;
    for (const Finding &finding : judgement.found) {
        if (finding.state != Health::Unknown) {
            (finding.accepted ? accepted : counting).append({ finding.id(), finding, judgement.seenSince.value(finding.id()), 0 });
            continue;
        }
        const QString key = finding.cluster + u'\n' + finding.remedy;
        if (!byRemedy.contains(key)) {
            byRemedy.insert(key, unasked.size());
            unasked.append({ QStringLiteral("unasked\n") + key, finding, judgement.seenSince.value(finding.id()), 0 });
        }
        rules[key].insert(finding.rule);
        FindingRow &row = unasked[byRemedy.value(key)];
        row.unasked = int(rules.value(key).size());
    }
    return counting + accepted + unasked;
}

QString unaskedText(int rules)
{
    return rules == 1 ? Say::tr("1 rule could not be asked") : Say::tr("%1 rules could not be asked").arg(countText(rules));
}

QString findingAsText(const FindingRow &row)
{
    const Finding &finding = row.finding;
    if (row.isUnasked())
        return Say::tr("%1. %2").arg(unaskedText(row.unasked), finding.remedy);
    QStringList lines { QStringLiteral("%1  %2  [%3]").arg(findingState(row), finding.sentence, finding.rule),
        Say::tr("where: %1").arg(findingPlace(finding)) };
    if (const QString direction = findingDirection(finding); !direction.isEmpty())
        lines << Say::tr("direction: %1").arg(direction);
    for (const findings::Evidence &one : finding.evidence)
        lines << Say::tr("evidence: %1  (%2, %3)").arg(one.text, one.source, absoluteTime(one.at));
    lines << Say::tr("what to do: %1").arg(finding.remedy);
    if (finding.accepted)
        lines << Say::tr("accepted until %1 because %2").arg(finding.accepted->until.toString(Qt::ISODate), finding.accepted->reason);
    return lines.join(u'\n');
}

QByteArray findingsToCsv(const QList<FindingRow> &rows)
{
    QStringList lines { QStringLiteral(
        "state,rule,cluster,object,from,to,both_ways,layer,services,sentence,evidence,source,at,since,remedy,accepted_until,accepted_reason") };
    for (const FindingRow &row : rows) {
        const Finding &one = row.finding;
        const findings::Evidence first = one.evidence.isEmpty() ? findings::Evidence {} : one.evidence.first();
        QStringList cells { observe::healthName(one.state), one.rule, one.cluster, one.object, one.from, one.to,
            one.bothWays ? QStringLiteral("true") : QStringLiteral("false"), findings::layerName(one.layer), one.services.join(u' '),
            one.sentence, first.text, first.source, first.at.toString(Qt::ISODateWithMs), row.since.toString(Qt::ISODateWithMs), one.remedy,
            one.accepted ? one.accepted->until.toString(Qt::ISODate) : QString(), one.accepted ? one.accepted->reason : QString() };
        for (QString &cell : cells)
            cell = csvCell(cell);
        lines << cells.join(u',');
    }
    return (lines.join(QStringLiteral("\r\n")) + QStringLiteral("\r\n")).toUtf8();
}

QByteArray findingsToJson(const QList<FindingRow> &rows)
{
    QJsonArray list;
    for (const FindingRow &row : rows) {
        QJsonObject one = findings::toJson(row.finding);
        one.insert(QStringLiteral("seen_since"), row.since.toString(Qt::ISODateWithMs));
        if (row.isUnasked())
            one.insert(QStringLiteral("rules_not_asked"), row.unasked);
        list.append(one);
    }
    return QJsonDocument(QJsonObject { { QStringLiteral("findings"), list } }).toJson();
}

QString countsText(const findings::Judgement::Counts &counts)
{
    QStringList parts;
    const auto add = [&](int count, const QString &text) {
        if (count > 0)
            parts << text;
    };
    add(counts.failed, Say::tr("%1 failed").arg(countText(counts.failed)));
    add(counts.stale, Say::tr("%1 old").arg(countText(counts.stale)));
    add(counts.warnings, counts.warnings == 1 ? Say::tr("1 warning") : Say::tr("%1 warnings").arg(countText(counts.warnings)));
    add(counts.accepted, Say::tr("%1 accepted").arg(countText(counts.accepted)));
    QString text = parts.isEmpty() ? Say::tr("nothing was found") : parts.join(QStringLiteral(", "));
    if (counts.unaskedRules > 0)
        text += QStringLiteral("; ") + unaskedText(counts.unaskedRules);
    return text;
}

void FindingsModel::setRows(const QList<FindingRow> &rows)
{
    QSet<QString> wanted;
    for (const FindingRow &row : rows)
        wanted.insert(row.id);
    for (int i = int(m_rows.size()) - 1; i >= 0; --i) {
        if (wanted.contains(m_rows.at(i).id))
            continue;
        beginRemoveRows({}, i, i);
        m_rows.removeAt(i);
        endRemoveRows();
    }
    for (int i = 0; i < int(rows.size()); ++i) {
        const int at = i < int(m_rows.size()) && m_rows.at(i).id == rows.at(i).id ? i : indexOf(rows.at(i).id);
        if (at < 0) {
            beginInsertRows({}, i, i);
            m_rows.insert(i, rows.at(i));
            endInsertRows();
        } else if (at != i) {
            beginMoveRows({}, at, at, {}, i);
            m_rows.move(at, i);
            endMoveRows();
        }
    }
    m_rows = rows;
    if (!m_rows.isEmpty())
        emit dataChanged(index(0, 0), index(int(m_rows.size()) - 1, COLUMN_COUNT - 1));
}

int FindingsModel::indexOf(const QString &id) const
{
    for (int i = 0; i < int(m_rows.size()); ++i)
        if (m_rows.at(i).id == id)
            return i;
    return -1;
}

void FindingsModel::tick()
{
    if (!m_rows.isEmpty())
        emit dataChanged(index(0, SinceColumn), index(int(m_rows.size()) - 1, SinceColumn), { Qt::DisplayRole });
}

int FindingsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int FindingsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : COLUMN_COUNT;
}

QVariant FindingsModel::value(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const FindingRow &row = m_rows.at(index.row());
    const Finding &finding = row.finding;
    switch (role) {
    case Qt::DecorationRole: return index.column() == StateColumn ? QVariant(findingIcon(findingLook(row))) : QVariant();
    case Qt::ToolTipRole: return index.column() == SinceColumn ? absoluteTime(row.since) : findingAsText(row);
    case SearchRole: return findingAsText(row) + u'\n' + findingTitle(finding) + u'\n' + finding.services.join(u' ');
    case StateRole: return int(kindOf(row));
    case Qt::DisplayRole: break;
    default: return {};
    }
    switch (Columns(index.column())) {
    case StateColumn: return findingState(row);
    case FindingColumn: return row.isUnasked() ? findingAsText(row) : finding.sentence;
    case WhereColumn: return row.isUnasked() && !finding.cluster.isEmpty() ? finding.cluster : findingPlace(finding);
    case DirectionColumn: return row.isUnasked() ? QString() : findingDirection(finding);
    case LayerColumn: return row.isUnasked() ? QString() : findingLayer(finding.layer);
    case SinceColumn: return row.since.isValid() ? relativeTime(row.since, QDateTime::currentDateTimeUtc()) : QString();
    case COLUMN_COUNT: break;
    }
    return {};
}

QVariant FindingsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QStringList names { tr("State"), tr("Finding"), tr("Where"), tr("Direction"), tr("Layer"), tr("First seen") };
    return names.value(section);
}

} // namespace catamaran::ui
