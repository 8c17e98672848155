// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observedfleet.h"
#include "truth/proof.h"

#include <QMap>

/// Who answered, and what that says of each direction. Pure.
namespace catamaran::truth {

/// What the fleet tells of one service: whose its pods are, and how many are ready.
class Answerers {
public:
    /// @p service: "namespace/name"; where no cluster has workloads behind it, those of @p ns are taken.
    Answerers(const observe::ObservedFleet &fleet, const QString &service, const QString &ns);

    /// The cluster whose pod @p instance is, or the only one that runs @p version; empty: it cannot be told.
    [[nodiscard]] QString clusterOf(const QString &instance, const QString &version) const;
    /// What somebody found out about a pod that the fleet does not have yet.
    void learn(const QString &instance, const QString &cluster) { m_pods.insert(instance, cluster); }
    /// The part of @p cluster in all ready pods; 0: none of its pods is ready. Where its pods are not known it is taken to have one.
    [[nodiscard]] double shareOf(const QString &cluster) const;
    [[nodiscard]] const QString &service() const { return m_service; }

private:
    QString m_service;
    QMap<QString, QString> m_pods; ///< cluster, empty where several have one of that name
    QMap<QString, QString> m_versions; ///< the same
    QMap<QString, int> m_ready;
    int m_all = 0;
    bool m_allRead = true; ///< every cluster's workloads and pods were read
};

/// Counts of one run; bounded, whatever names the answers bear.
class Answers {
public:
    static constexpr int mostNames = 2000;

    void add(const QList<probe::Sample> &samples);
    [[nodiscard]] int sent() const { return m_sent; }
    [[nodiscard]] int failed() const { return m_failed; }
    /// How many of each cluster; under an empty name those that cannot be told.
    [[nodiscard]] QMap<QString, int> byCluster(const Answerers &answerers) const;
    /// The pods that cannot be told, at most 10.
    [[nodiscard]] QStringList strangers(const Answerers &answerers) const;
    /// What this says of the direction from @p from to each of @p to.
    [[nodiscard]] QHash<Direction, RequestProof> proofs(const Answerers &answerers, const QString &from, const QStringList &to,
        const QString &source, const QDateTime &at, const QString &keptHomeBy) const;

private:
    QMap<std::pair<QString, QString>, int> m_answers; ///< by instance and version
    int m_sent = 0, m_failed = 0;
    QString m_words;
};

} // namespace catamaran::truth
