// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "truth/answers.h"

#include "observe/readings.h"

#include <algorithm>
#include <cmath>

namespace catamaran::truth {

namespace {

constexpr qsizetype mostShown = 10;

/// @p cluster has one called @p name; two clusters that have make it nobody's.
void claim(QMap<QString, QString> &owners, const QString &name, const QString &cluster)
{
    if (name.isEmpty())
        return;
    const auto found = owners.find(name);
    if (found == owners.end())
        owners.insert(name, cluster);
    else if (*found != cluster)
        found->clear();
}

} // namespace

Answerers::Answerers(const observe::ObservedFleet &fleet, const QString &service, const QString &ns)
    : m_service(service)
{
    const bool isBacked = std::any_of(
        fleet.clusters.begin(), fleet.clusters.end(), [&](const observe::ObservedCluster &one) { return one.serving.contains(service); });
    for (const observe::ObservedCluster &cluster : fleet.clusters) {
        const bool isRead = cluster.reachable && !cluster.whyUnread(observe::resources::deployments, ns)
            && !cluster.whyUnread(observe::resources::pods, ns);
        m_allRead = m_allRead && isRead;
        int ready = 0;
        for (const observe::ObservedWorkload &workload : cluster.workloads) {
            if (workload.ns != ns || (isBacked && !cluster.serving.value(service).contains(workload.name)))
                continue;
            ready += workload.ready;
            claim(m_versions, workload.version, cluster.name);
            for (const QString &pod : workload.podNames)
                claim(m_pods, pod, cluster.name);
        }
        if (!isBacked || (!isRead && ready == 0))
            ready = 1;
        m_ready.insert(cluster.name, ready);
        m_all += ready;
    }
}

QString Answerers::clusterOf(const QString &instance, const QString &version) const
{
    if (!instance.isEmpty() && m_pods.contains(instance))
        return m_pods.value(instance);
    return m_allRead ? m_versions.value(version) : QString(); // one that is not read may run it too
}

double Answerers::shareOf(const QString &cluster) const
{
    return m_all > 0 ? double(m_ready.value(cluster)) / m_all : 0;
}

void Answers::add(const QList<probe::Sample> &samples)
{
    for (const probe::Sample &sample : samples) {
        ++m_sent;
        if (!sample.ok()) {
            ++m_failed;
            if (m_words.isEmpty())
                m_words = probe::errorKind(sample).left(200);
            continue;
        }
        std::pair<QString, QString> who { sample.instance.left(260), sample.version.left(260) };
        if (m_answers.size() >= mostNames && !m_answers.contains(who))
            who = {};
        ++m_answers[who];
    }
}

QMap<QString, int> Answers::byCluster(const Answerers &answerers) const
{
    QMap<QString, int> counts;
    for (auto it = m_answers.cbegin(); it != m_answers.cend(); ++it)
        counts[answerers.clusterOf(it.key().first, it.key().second)] += it.value();
    return counts;
}

QStringList Answers::strangers(const Answerers &answerers) const
{
    QStringList names;
    for (auto it = m_answers.cbegin(); it != m_answers.cend() && names.size() < mostShown; ++it)
        if (answerers.clusterOf(it.key().first, it.key().second).isEmpty())
            names << (it.key().first.isEmpty() ? it.key().second : it.key().first);
    names.removeAll(QString());
    return names;
}

QHash<Direction, RequestProof> Answers::proofs(const Answerers &answerers, const QString &from, const QStringList &to,
    const QString &source, const QDateTime &at, const QString &keptHomeBy) const
{
    const QMap<QString, int> counts = byCluster(answerers);
    const bool anySilent = std::any_of(
        to.begin(), to.end(), [&](const QString &cluster) { return counts.value(cluster) == 0 && answerers.shareOf(cluster) > 0; });
    QHash<Direction, RequestProof> result;
    for (const QString &cluster : to) {
        RequestProof proof;
        proof.at = at;
        proof.source = source;
        proof.service = answerers.service();
        proof.sent = m_sent;
        proof.crossed = counts.value(cluster);
        proof.unattributed = counts.value(QString());
        proof.elsewhere = m_sent - m_failed - proof.crossed - proof.unattributed;
        // Failures are on nobody's account alone; a cluster that answered none explains them best.
        (proof.crossed > 0 && anySilent ? proof.failedElsewhere : proof.failed) = m_failed;
        proof.words = m_failed > 0 ? m_words : QString();
        proof.missChance = std::pow(1 - answerers.shareOf(cluster), m_sent);
        proof.keptHomeBy = keptHomeBy;
        proof.strangers = strangers(answerers);
        for (auto it = m_answers.cbegin(); it != m_answers.cend() && proof.answeredBy.size() < mostShown; ++it)
            if (!it.key().first.isEmpty() && answerers.clusterOf(it.key().first, it.key().second) == cluster
                && !proof.answeredBy.contains(it.key().first))
                proof.answeredBy << it.key().first;
        result.insert({ from, cluster }, proof);
    }
    return result;
}

} // namespace catamaran::truth
