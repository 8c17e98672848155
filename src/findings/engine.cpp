// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/engine.h"

#include "findings/rule.h"

#include <algorithm>

namespace catamaran::findings {

namespace {

/// How one cluster stands to all needs.
struct Standing {
    Needs unread, old;
};

Standing standingOf(const observe::ClusterObjects &cluster, const QDateTime &now, std::chrono::milliseconds fresh)
{
    Standing standing;
    const auto heads = headsOf(cluster);
    const auto read = readOf(cluster);
    for (int i = 0; i < needCount; ++i) {
        const auto need = Need(quint32(1) << i);
        if (!read[size_t(i)])
            standing.unread |= need;
        else if (heads[size_t(i)]->error || heads[size_t(i)]->at.msecsTo(now) > fresh.count())
            standing.old |= need;
    }
    return standing;
}

Finding unknown(const Rule &rule, const observe::ClusterObjects &cluster, Needs missing, const QDateTime &now)
{
    Finding finding;
    finding.rule = QString::fromLatin1(rule.id);
    finding.layer = rule.layer;
    finding.state = Health::Unknown;
    finding.cluster = cluster.name;
    finding.since = now;
    const auto heads = headsOf(cluster);
    QStringList rights;
    bool isRefused = true;
    for (int i = 0; i < needCount; ++i) {
        if (!missing.testFlag(Need(quint32(1) << i)))
            continue;
        rights.append(rightOf(Need(quint32(1) << i)));
        const observe::FactHead &head = *heads[size_t(i)];
        isRefused = isRefused && head.error && head.error->kind == core::ErrorKind::Forbidden;
        finding.evidence.append({ head.error ? head.error->text() : Say::tr("it was not read"), head.source, head.at });
    }
    finding.sentence = Say::tr("Not known of %1: “%2” needs %3.").arg(cluster.name, rule.name(), rights.join(QStringLiteral(", ")));
    finding.remedy = isRefused
        ? Say::tr("Ask whoever administers %1 for the right: %2.").arg(cluster.name, rights.join(QStringLiteral(", ")))
        : Say::tr("See why %1 does not answer.").arg(cluster.name);
    return finding;
}

Finding unknownMeshes(const Rule &rule, const FleetFacts &facts)
{
    Finding finding;
    finding.rule = QString::fromLatin1(rule.id);
    finding.layer = rule.layer;
    finding.since = facts.now;
    finding.sentence = Say::tr("Not known: “%1” needs the account's list of meshes.").arg(rule.name());
    finding.evidence.append(
        { facts.meshes.error ? facts.meshes.error->text() : Say::tr("it was not read"), facts.meshes.source, facts.meshes.at });
    finding.remedy = Say::tr("See why the cloud account does not answer.");
    return finding;
}

int rank(Health state)
{
    switch (state) {
    case Health::Failed: return 0;
    case Health::Stale: return 1;
    case Health::Warning: return 2;
    case Health::Unknown: return 3;
    case Health::Ok: break;
    }
    return 4;
}

/// One finding per id: several services, or policies of one object, may lead to the same.
QList<Finding> merged(QList<Finding> findings)
{
    QHash<QString, qsizetype> places;
    QList<Finding> result;
    result.reserve(findings.size());
    for (Finding &finding : findings) {
        const QString id = finding.id();
        const auto place = places.constFind(id);
        if (place == places.cend()) {
            places.insert(id, result.size());
            result.append(std::move(finding));
            continue;
        }
        Finding &same = result[*place];
        same.services += finding.services;
        same.services.removeDuplicates();
        if (rank(finding.state) < rank(same.state))
            same.state = finding.state;
    }
    return result;
}

} // namespace

QList<Finding> judge(const FleetFacts &facts, std::chrono::milliseconds fresh)
{
    const Index index(facts);
    std::vector<Standing> standings;
    for (const observe::ClusterObjects &cluster : facts.clusters)
        standings.push_back(standingOf(cluster, facts.now, fresh));
    QList<Finding> findings;
    for (const Rule &rule : rules()) {
        if (rule.needs.testFlag(Need::Meshes) && !facts.meshes.isRead()) {
            findings.append(unknownMeshes(rule, facts));
            continue;
        }
        const bool areMeshesOld = rule.needs.testFlag(Need::Meshes) && facts.meshes.error;
        QList<const ClusterView *> readable;
        QSet<QString> old;
        for (size_t i = 0; i < standings.size(); ++i) {
            const ClusterView &cluster = index.clusters()[i];
            if (const Needs missing = rule.needs & standings[i].unread) {
                findings.append(unknown(rule, *cluster.objects, missing, facts.now));
                continue;
            }
            readable.append(&cluster);
            if (rule.needs & standings[i].old)
                old.insert(cluster.name());
        }
        const qsizetype first = findings.size();
        Report report(rule, findings);
        rule.judge(View(index, readable), report);
        for (qsizetype i = first; i < findings.size() && (!old.isEmpty() || areMeshesOld); ++i) {
            Finding &finding = findings[i];
            if (areMeshesOld || finding.cluster.isEmpty() || old.contains(finding.cluster) || old.contains(finding.from)
                || old.contains(finding.to))
                finding.state = Health::Stale;
        }
    }
    findings = merged(std::move(findings));
    std::stable_sort(findings.begin(), findings.end(), [](const Finding &a, const Finding &b) {
        return std::tuple(rank(a.state), a.rule, a.cluster, a.object) < std::tuple(rank(b.state), b.rule, b.cluster, b.object);
    });
    return findings;
}

} // namespace catamaran::findings
