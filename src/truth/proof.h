// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "probe/sample.h"

#include <QDateTime>
#include <QHash>
#include <QStringList>

#include <optional>

/// What real requests have shown. Values.
namespace catamaran::truth {

/// From one cluster to another, by the environment's names for them.
struct Direction {
    QString from, to;
    bool operator==(const Direction &) const = default;
    [[nodiscard]] QString text() const { return from + QStringLiteral(" → ") + to; }
};
[[nodiscard]] size_t qHash(const Direction &direction, size_t seed = 0);

/// What came of requests to one service from a pod of `from`. A success is evidence for `to` only when a pod of `to` answered.
struct RequestProof {
    QDateTime at; ///< UTC; when the last of them ended
    QString source; ///< "cluster/namespace/pod → URL"
    QString service {}; ///< "namespace/name" of the Service that the URL names; empty: none of the clusters'
    int sent = 0; ///< requests that were due
    int crossed = 0; ///< answered by a pod of `to`
    int elsewhere = 0; ///< answered well by a pod of another cluster
    int unattributed = 0; ///< answered well, and it is not known from which cluster: a version of several, or a pod of one that is not read
    int failed = 0; ///< not answered well, or not at all, and nothing tells that it was on another way
    int failedElsewhere = 0; ///< failed while `to` answered others, and some other cluster answered none
    QStringList answeredBy {}; ///< pods of `to`, at most 10
    QStringList strangers {}; ///< who answered and could not be told, at most 10
    QString words {}; ///< of the first failure, as curl has them
    /// The chance that, were the way good and the answers spread evenly over the ready pods, none of so many would be answered from there.
    double missChance = 1;
    QString
        keptHomeBy {}; ///< a setting that makes `from` prefer its own ready pods: that none crossed may be meant so; empty: none is known
    std::optional<core::Error> error {}; ///< why nothing could be sent
};

/// What a pod of `from` met at a gateway address of `to`.
struct GatewayProof {
    enum class Met { Nothing, Refused, Silence, Closed, Greeting };
    QDateTime at;
    QString source; ///< who tried: "cluster/namespace/pod"
    QString address; ///< "203.0.113.20:15443"
    Met met = Met::Nothing; ///< Greeting: a TLS answer; Closed: the connection was taken and closed without one
    QString words {}; ///< what came back, or whose identity
    std::optional<core::Error> error {}; ///< why nothing could be tried
};

/// What the proxy of a pod of `from` itself says.
struct ProxyProof {
    QDateTime at;
    QString source; ///< "cluster/namespace/pod (istio-proxy)"
    std::optional<bool> hasControlPlane {}; ///< connected to it now
    bool hasEndpoints = false; ///< whether it told what it knows of the asked service; else endpointsThere is not known
    QStringList endpointsThere {}; ///< of the asked service, addresses that lead to `to`
    QStringList rejecting {}; ///< of those, the ones it has found unhealthy or ejected
    QStringList roots {}; ///< serial numbers of the roots it takes; empty: not told
    QString identity {}; ///< its own SPIFFE id
    QDateTime certificateUntil {};
    QString certificateSerial {}; ///< of its own certificate, as it has it; empty: not told
    std::optional<core::Error> error {};
};

/// The newest of each kind, by direction.
struct Proofs {
    QHash<Direction, RequestProof> requests;
    QHash<Direction, QList<GatewayProof>> gateways; ///< one per address
    QHash<Direction, ProxyProof> proxies;
};

} // namespace catamaran::truth
