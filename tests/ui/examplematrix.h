// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "truth/matrix.h"

/// Matrices as values, for tests of what shows them.
namespace catamaran::test {

inline truth::DirectionState direction(const QString &from, const QString &to, truth::Standing standing, const QDateTime &at)
{
    using observe::Health;
    using truth::Basis;
    truth::DirectionState state;
    state.direction = { from, to };
    state.standing = standing;
    const auto all = [&](Health health, Basis basis, const QDateTime &when) {
        for (const truth::Layer layer : truth::allLayers)
            state.cells.at(size_t(layer))
                = { layer, health, basis, QStringLiteral("evidence of ") + truth::layerName(layer), {}, when, {}, {} };
    };
    auto &request = state.cells.at(size_t(truth::Layer::Request));
    auto &gateway = state.cells.at(size_t(truth::Layer::Gateway));
    all(Health::Unknown, Basis::Configured, at);
    switch (standing) {
    case truth::Standing::Proven:
        all(Health::Ok, Basis::Proven, at);
        state.health = Health::Ok;
        state.provenAt = at;
        request.evidence = QStringLiteral("9 of 20 requests were answered from ") + to;
        break;
    case truth::Standing::Failed:
        state.health = Health::Failed;
        request = { truth::Layer::Request, Health::Failed, Basis::Proven, QStringLiteral("silent loss: none was answered from ") + to,
            from + QStringLiteral("/default/sleep-1"), at, {}, {} };
        gateway = { truth::Layer::Gateway, Health::Failed, Basis::Proven, QStringLiteral("refused at 127.0.9.9:15443"),
            from + QStringLiteral("/default/sleep-1"), at, {}, {} };
        break;
    case truth::Standing::Stale:
        state.health = Health::Stale;
        request = { truth::Layer::Request, Health::Stale, Basis::Proven, QStringLiteral("it is too long ago"), {}, at.addSecs(-120),
            QStringLiteral("a new request"), {} };
        state.provenAt = at.addSecs(-120);
        break;
    case truth::Standing::Configured: break;
    case truth::Standing::Unknown:
        all(Health::Unknown, Basis::Nothing, {});
        request.needs = QStringLiteral("a ready client in ") + from;
        break;
    }
    if (standing == truth::Standing::Configured)
        request = { truth::Layer::Request, Health::Unknown, Basis::Nothing, QStringLiteral("not asked"), {}, {}, {}, {} };
    return state;
}

/// Every direction of @p clusters.
inline truth::Matrix matrix(const QStringList &clusters, truth::Standing standing, const QDateTime &at = QDateTime::currentDateTimeUtc())
{
    truth::Matrix all;
    all.at = at;
    all.clusters = clusters;
    for (const QString &from : clusters) {
        for (const QString &to : clusters) {
            if (from != to)
                all.directions << direction(from, to, standing, at);
        }
    }
    return all;
}

/// Of cluster-1 to cluster-@p count.
inline truth::Matrix matrix(int count, truth::Standing standing, const QDateTime &at = QDateTime::currentDateTimeUtc())
{
    QStringList clusters;
    for (int i = 1; i <= count; ++i)
        clusters << QStringLiteral("cluster-%1").arg(i);
    return matrix(clusters, standing, at);
}

inline void set(truth::Matrix &matrix, const QString &from, const QString &to, truth::Standing standing)
{
    for (truth::DirectionState &state : matrix.directions) {
        if (state.direction == truth::Direction { from, to })
            state = direction(from, to, standing, matrix.at);
    }
}

} // namespace catamaran::test
