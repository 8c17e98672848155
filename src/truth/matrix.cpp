// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "truth/matrix.h"

#include "truth/say.h"

#include <QJsonObject>

#include <algorithm>
#include <tuple>

namespace catamaran::truth {

using observe::Health;

namespace {

/// "4 s", "3 min", "2 h", "5 days": how old, for a sentence.
QString age(const QDateTime &at, const QDateTime &now)
{
    const qint64 seconds = std::max<qint64>(0, at.secsTo(now));
    return seconds < 120   ? Say::tr("%1 s ago").arg(seconds)
        : seconds < 7200   ? Say::tr("%1 min ago").arg(seconds / 60)
        : seconds < 172800 ? Say::tr("%1 h ago").arg(seconds / 3600)
                           : Say::tr("%1 days ago").arg(seconds / 86400);
}

bool isWarned(const DirectionState &state)
{
    return std::any_of(state.cells.begin(), state.cells.end(), [](const Cell &cell) { return cell.health == Health::Warning; });
}

QJsonValue timeValue(const QDateTime &at)
{
    return at.isValid() ? QJsonValue(at.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

} // namespace

QString layerName(Layer layer)
{
    switch (layer) {
    case Layer::Discovery: return QStringLiteral("discovery");
    case Layer::Trust: return QStringLiteral("trust");
    case Layer::Gateway: return QStringLiteral("gateway");
    case Layer::Request: return QStringLiteral("request");
    }
    return {};
}

QString layerTitle(Layer layer)
{
    switch (layer) {
    case Layer::Discovery: return Say::tr("Discovery");
    case Layer::Trust: return Say::tr("Trust");
    case Layer::Gateway: return Say::tr("Gateway");
    case Layer::Request: return Say::tr("Request");
    }
    return {};
}

QString basisName(Basis basis)
{
    switch (basis) {
    case Basis::Nothing: return QStringLiteral("nothing");
    case Basis::Configured: return QStringLiteral("configured");
    case Basis::Proven: return QStringLiteral("proven");
    }
    return {};
}

QString standingName(Standing standing)
{
    switch (standing) {
    case Standing::Proven: return QStringLiteral("proven");
    case Standing::Failed: return QStringLiteral("failed");
    case Standing::Stale: return QStringLiteral("stale");
    case Standing::Configured: return QStringLiteral("configured");
    case Standing::Unknown: return QStringLiteral("unknown");
    }
    return {};
}

const Cell &DirectionState::decisive() const
{
    for (const Health worst : { Health::Failed, Health::Warning, Health::Stale })
        for (const Cell &cell : cells)
            if (cell.health == worst)
                return cell;
    if (standing != Standing::Proven)
        for (const Cell &cell : cells)
            if (cell.health == Health::Unknown && cell.basis == Basis::Nothing)
                return cell;
    return cell(Layer::Request);
}

QString Summary::sentence(const QDateTime &now) const
{
    if (total == 0)
        return Say::tr("There is no direction to prove: that takes two clusters.");
    QString text = Say::tr("%1 of %n direction(s) proven", nullptr, total).arg(proven);
    if (newest.isValid())
        text += Say::tr(", newest %1").arg(age(newest, now));
    QStringList others;
    if (failed > 0)
        others << Say::tr("%n failed", nullptr, failed);
    if (stale > 0)
        others << Say::tr("%n stale", nullptr, stale);
    if (configured > 0)
        others << Say::tr("%n configured only", nullptr, configured);
    if (unknown > 0)
        others << Say::tr("%n unknown", nullptr, unknown);
    if (warnings > 0)
        others << Say::tr("%n with a warning", nullptr, warnings);
    return others.isEmpty() ? text : text + QStringLiteral("; ") + others.join(QStringLiteral(", "));
}

Health Summary::health() const
{
    if (failed > 0)
        return Health::Failed;
    if (warnings > 0)
        return Health::Warning;
    if (stale > 0)
        return Health::Stale;
    return total > 0 && proven == total ? Health::Ok : Health::Unknown;
}

const DirectionState *Matrix::find(const QString &from, const QString &to) const
{
    const Direction direction { from, to };
    const auto row = clusters.indexOf(from), column = clusters.indexOf(to);
    if (row >= 0 && column >= 0) { // each pair of two, row by row
        const auto i = row * (clusters.size() - 1) + (column < row ? column : column - 1);
        if (i < directions.size() && directions.at(i).direction == direction)
            return &directions.at(i);
    }
    const auto found
        = std::find_if(directions.begin(), directions.end(), [&](const DirectionState &one) { return one.direction == direction; });
    return found == directions.end() ? nullptr : &*found;
}

MatrixDelta deltaOf(const Matrix &before, const Matrix &after)
{
    MatrixDelta delta;
    delta.all = before.clusters != after.clusters || before.directions.size() != after.directions.size();
    if (delta.all)
        return delta;
    const auto sameCell = [](const Cell &a, const Cell &b) {
        return std::tie(a.layer, a.health, a.basis, a.evidence, a.source, a.needs, a.latent)
            == std::tie(b.layer, b.health, b.basis, b.evidence, b.source, b.needs, b.latent)
            && (a.basis != Basis::Proven || a.at == b.at);
    };
    for (qsizetype i = 0; i < after.directions.size(); ++i) {
        const DirectionState &a = before.directions.at(i), &b = after.directions.at(i);
        if (a.direction == b.direction && a.standing == b.standing && a.health == b.health && a.isOneNetwork == b.isOneNetwork
            && a.provenAt == b.provenAt && std::equal(a.cells.begin(), a.cells.end(), b.cells.begin(), sameCell))
            continue;
        delta.clusters << b.direction.from << b.direction.to;
    }
    return delta;
}

Summary Matrix::summary() const
{
    Summary summary;
    for (const DirectionState &state : directions) {
        ++summary.total;
        switch (state.standing) {
        case Standing::Proven: ++summary.proven; break;
        case Standing::Failed: ++summary.failed; break;
        case Standing::Stale: ++summary.stale; break;
        case Standing::Configured: ++summary.configured; break;
        case Standing::Unknown: ++summary.unknown; break;
        }
        if (state.standing != Standing::Failed && isWarned(state))
            ++summary.warnings;
        if (state.provenAt.isValid() && (!summary.newest.isValid() || state.provenAt > summary.newest))
            summary.newest = state.provenAt;
    }
    return summary;
}

QJsonArray Matrix::toJson() const
{
    QJsonArray list;
    for (const DirectionState &state : directions) {
        QJsonArray layers;
        for (const Cell &cell : state.cells) {
            QJsonObject one { { QStringLiteral("layer"), layerName(cell.layer) },
                { QStringLiteral("health"), observe::healthName(cell.health) }, { QStringLiteral("basis"), basisName(cell.basis) },
                { QStringLiteral("evidence"), cell.evidence }, { QStringLiteral("source"), cell.source },
                { QStringLiteral("at"), timeValue(cell.at) } };
            if (!cell.needs.isEmpty())
                one.insert(QStringLiteral("needs"), cell.needs);
            if (!cell.latent.isEmpty())
                one.insert(QStringLiteral("latent"), cell.latent);
            layers += one;
        }
        list += QJsonObject { { QStringLiteral("from"), state.direction.from }, { QStringLiteral("to"), state.direction.to },
            { QStringLiteral("proven"), state.isProven() && state.health == Health::Ok },
            { QStringLiteral("standing"), standingName(state.standing) }, { QStringLiteral("health"), observe::healthName(state.health) },
            { QStringLiteral("proven_at"), timeValue(state.provenAt) }, { QStringLiteral("layers"), layers } };
    }
    return list;
}

} // namespace catamaran::truth
