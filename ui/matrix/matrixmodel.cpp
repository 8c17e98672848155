// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/matrix/matrixmodel.h"

#include "core/printable.h"
#include "ui/common/format.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace catamaran::ui {
namespace {

/// When a direction was last known to be as it is.
QDateTime ageOf(const truth::DirectionState &state)
{
    return state.isProven() ? state.provenAt : state.decisive().at;
}

} // namespace

void MatrixModel::setMatrix(const truth::Matrix &matrix)
{
    const bool same = m_matrix.clusters == matrix.clusters;
    if (!same)
        beginResetModel();
    m_matrix = matrix;
    m_now = QDateTime::currentDateTimeUtc();
    const auto count = m_matrix.clusters.size();
    QHash<QString, qsizetype> place;
    for (qsizetype i = 0; i < count; ++i)
        place.insert(m_matrix.clusters.at(i), i);
    m_at.fill(-1, count * count);
    for (qsizetype i = 0; i < m_matrix.directions.size(); ++i) {
        const truth::Direction &direction = m_matrix.directions.at(i).direction;
        const auto row = place.value(direction.from, -1), column = place.value(direction.to, -1);
        if (row >= 0 && column >= 0 && row != column)
            m_at[row * count + column] = int(i);
    }
    if (!same)
        endResetModel();
    else if (count > 0)
        emit dataChanged(index(0, 0), index(int(count) - 1, int(count) - 1));
}

const truth::DirectionState *MatrixModel::direction(const QModelIndex &index) const
{
    if (!index.isValid())
        return nullptr;
    const int at = m_at.value(index.row() * m_matrix.clusters.size() + index.column(), -1);
    return at < 0 ? nullptr : &m_matrix.directions.at(at);
}

QModelIndex MatrixModel::indexOf(const truth::Direction &direction) const
{
    const auto row = m_matrix.clusters.indexOf(direction.from), column = m_matrix.clusters.indexOf(direction.to);
    return row < 0 || column < 0 || row == column ? QModelIndex() : index(int(row), int(column));
}

QModelIndex MatrixModel::nextUnproven(const QModelIndex &from) const
{
    const auto count = int(m_matrix.clusters.size());
    const int start = from.isValid() ? from.row() * count + from.column() : -1;
    for (int step = 1; step <= count * count; ++step) {
        const int at = (start + step) % (count * count);
        const QModelIndex next = index(at / count, at % count);
        if (const auto *state = direction(next); state && lookOf(*state) != Look::Ok)
            return next;
    }
    return {};
}

void MatrixModel::setNow(const QDateTime &now)
{
    m_now = now;
    if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), { AgeRole });
}

int MatrixModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_matrix.clusters.size());
}

int MatrixModel::columnCount(const QModelIndex &parent) const
{
    return rowCount(parent);
}

Qt::ItemFlags MatrixModel::flags(const QModelIndex &index) const
{
    return direction(index) ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren : Qt::ItemFlags();
}

QVariant MatrixModel::value(const QModelIndex &index, int role) const
{
    const truth::DirectionState *state = direction(index);
    if (!state) {
        if (role == Qt::AccessibleTextRole && index.isValid())
            return tr("%1 itself").arg(m_matrix.clusters.value(index.row()));
        return {};
    }
    const Look look = lookOf(*state);
    switch (role) {
    case Qt::DisplayRole: return proofWord(look);
    case LookRole: return int(look);
    case AgeRole: return ageOf(*state).isValid() ? relativeTime(ageOf(*state), m_now) : QString();
    case LayersRole: {
        QVariantList layers;
        for (const truth::Cell &cell : state->cells)
            layers << int(lookOf(cell));
        return layers;
    }
    case Qt::AccessibleTextRole: return tr("%1: %2").arg(state->direction.text(), proofWord(look));
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole: {
        QStringList lines;
        for (const truth::Cell &cell : state->cells)
            lines << tr("%1: %2").arg(truth::layerTitle(cell.layer), cellText(cell, m_now));
        if (role == Qt::ToolTipRole)
            lines.prepend(tr("%1: %2").arg(state->direction.text(), proofWord(look)));
        return lines.join(u'\n');
    }
    default: return {};
    }
}

QVariant MatrixModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    const QString name = m_matrix.clusters.value(section);
    switch (role) {
    case Qt::DisplayRole: return core::printableLine(name);
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole: return plainToolTip(orientation == Qt::Vertical ? tr("from %1").arg(name) : tr("to %1").arg(name));
    default: return {};
    }
}

QByteArray matrixToCsv(const truth::Matrix &matrix)
{
    QString text = QStringLiteral("from,to,state,proven,layer,health,basis,evidence,source,at,needs,latent\r\n");
    for (const truth::DirectionState &state : matrix.directions) {
        for (const truth::Cell &cell : state.cells) {
            QStringList cells;
            for (const QString &one : { state.direction.from, state.direction.to, truth::standingName(state.standing),
                     state.isProven() ? QStringLiteral("true") : QStringLiteral("false"), truth::layerName(cell.layer),
                     observe::healthName(cell.health), truth::basisName(cell.basis), cell.evidence, cell.source,
                     cell.at.isValid() ? cell.at.toUTC().toString(Qt::ISODateWithMs) : QString(), cell.needs, cell.latent })
                cells << core::printableCell(one);
            text += cells.join(u',') + QStringLiteral("\r\n");
        }
    }
    return text.toUtf8();
}

QString matrixToText(const truth::Matrix &matrix, const QDateTime &now, const truth::Direction &only)
{
    QStringList lines;
    if (only.from.isEmpty())
        lines << matrix.summary().sentence(now);
    for (const truth::DirectionState &state : matrix.directions) {
        if (!only.from.isEmpty() && state.direction != only)
            continue;
        lines << MatrixModel::tr("%1: %2").arg(state.direction.text(), proofWord(lookOf(state)));
        for (const truth::Cell &cell : state.cells) {
            QString line = MatrixModel::tr("  %1: %2").arg(truth::layerTitle(cell.layer), cellText(cell, now));
            if (!cell.source.isEmpty())
                line += MatrixModel::tr(" (%1)").arg(cell.source);
            lines << line;
        }
    }
    return lines.join(u'\n');
}

QByteArray matrixToJson(const truth::Matrix &matrix, const truth::Direction &only)
{
    QJsonArray shown;
    for (const QJsonValue &one : matrix.toJson()) {
        if (only.from.isEmpty() || (one[QLatin1String("from")].toString() == only.from && one[QLatin1String("to")].toString() == only.to))
            shown += one;
    }
    return core::printableJson(QJsonDocument(shown));
}

} // namespace catamaran::ui
