// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QDateTime>
#include <QHash>
#include <QList>

/// What a control plane says of itself, in its debug answers and in its log. Pure; strict and bounded.
namespace catamaran::mesh::istio {

/// Of /debug/clusterz.
struct RemoteCluster {
    QString id;
    QString secret; ///< "istio-system/istio-remote-secret-cluster-2"; empty: the cluster that it runs in
    QString status; ///< "synced" (which it says for ever once it was), "syncing", "timeout", "closed"
    bool operator==(const RemoteCluster &) const = default;
};
/// Protocol for what is no such answer.
[[nodiscard]] core::Result<QList<RemoteCluster>> parseClusters(const QByteArray &json);

/// Its log admits that it cannot read a cluster.
struct LostWatch {
    QString words; ///< of the newest line
    QDateTime first, last; ///< of the lines that say so
    int lines = 0;
    bool operator==(const LostWatch &) const = default;
};
/// By cluster id: what @p log says since the newest line in which the cluster was taken up anew; lines without a time are left out. Under
/// an empty id what it says of connections that were lost without naming the cluster: of another one than its own, for what it watches
/// in its own alone was not lost with them.
[[nodiscard]] QHash<QString, LostWatch> parseLostWatches(const QByteArray &log);
/// Whether a watch that was lost at @p last still counts as lost at @p now, both by the control plane's node's clock. It says so each time
/// that it has tried again; a try that nobody answers takes two minutes to end.
[[nodiscard]] bool isStillLost(const QDateTime &last, const QDateTime &now);

/// Of /debug/endpointShardz, which is tens of megabytes in a large mesh: read as it comes, and only counted.
class EndpointCounter {
public:
    /// More of the answer. False: it is broken, deeper or longer than any such answer; what was read before stays.
    bool read(const QByteArray &bytes);
    /// The answer has ended where one ends.
    [[nodiscard]] bool isComplete() const;
    /// Endpoints by cluster id.
    [[nodiscard]] const QHash<QString, qint64> &byCluster() const { return m_counts; }

private:
    bool take(char byte);
    [[nodiscard]] bool open(char bracket);

    QByteArray m_open; ///< '{' or '[' of each
    QList<QByteArray> m_keys; ///< the newest key of each
    QByteArray m_text; ///< the string that is being read, or was
    bool m_isText = false, m_isEscaped = false, m_isKey = false, m_isBroken = false, m_hasEnded = false;
    qint64 m_bytes = 0;
    QHash<QString, qint64> m_counts;
};

/// Of /debug/syncz.
struct ProxyCounts {
    int proxies = 0;
    int behind = 0; ///< have not taken what was sent to them last
    int rejecting = 0; ///< refused something
    QString firstRejection; ///< in its words
};
[[nodiscard]] core::Result<ProxyCounts> parseProxies(const QByteArray &json);

} // namespace catamaran::mesh::istio
