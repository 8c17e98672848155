// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/findings/findingsmodel.h"

#include "ui/common/theme.h"

#include <QApplication>
#include <QIcon>
#include <QPainter>
#include <QPixmap>

#include <algorithm>

namespace catamaran::ui {

namespace {

int rank(observe::Health health)
{
    switch (health) {
    case observe::Health::Failed: return 0;
    case observe::Health::Warning: return 1;
    case observe::Health::Stale: return 2;
    case observe::Health::Unknown: return 3;
    case observe::Health::Ok: return 4;
    }
    return 5;
}

QIcon shapeOf(observe::Health health)
{
    QPixmap pixmap(32, 32);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    paintHealthShape(&painter, QRectF(3, 3, 26, 26), health, themeOf(QApplication::palette()));
    return pixmap;
}

} // namespace

void FindingsModel::setFindings(QList<fleet::Finding> findings)
{
    std::stable_sort(findings.begin(), findings.end(), [](const auto &a, const auto &b) { return rank(a.severity) < rank(b.severity); });
    beginResetModel();
    m_findings = std::move(findings);
    endResetModel();
}

int FindingsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_findings.size());
}

int FindingsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : COLUMN_COUNT;
}

QVariant FindingsModel::value(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const fleet::Finding &finding = m_findings.at(index.row());
    if (role == Qt::DecorationRole && index.column() == StateColumn)
        return shapeOf(finding.severity);
    if (role == Qt::ToolTipRole)
        return finding.evidence;
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case StateColumn: return healthWord(finding.severity);
    case WhereColumn: return finding.where;
    case TitleColumn: return finding.title;
    case EvidenceColumn: return finding.evidence;
    default: return {};
    }
}

QVariant FindingsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QStringList names { tr("State"), tr("Where"), tr("Finding"), tr("Evidence") };
    return names.value(section);
}

} // namespace catamaran::ui
