// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/watch.h"

#include "core/async.h"
#include "findings/engine.h"
#include "mesh/sequences.h"
#include "session/session.h"

#include <QElapsedTimer>
#include <QTimer>

#include <algorithm>

namespace catamaran::findings {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

/// All of it is read again after this; a large fleet less often, so that reading stays a small part of the time.
milliseconds wholeEvery(qsizetype clusters)
{
    return std::max<milliseconds>(100s, clusters * 3s);
}

constexpr qsizetype largeFleet = 20; ///< clusters
constexpr auto mostPatience = 20s; ///< with clusters that do not answer

auto signOf(const observe::ObservedWorkload &one)
{
    return std::tie(one.ns, one.name, one.version, one.desired, one.ready, one.injected, one.podNames, one.why);
}

bool isSame(const observe::ObservedCluster &a, const observe::ObservedCluster &b)
{
    const auto sign = [](const observe::ObservedCluster &one) {
        return std::tie(one.reachable, one.namespaces, one.injectedNamespaces, one.services, one.gatewayAddresses, one.network,
            one.controlPlaneReady, one.externalServices);
    };
    return sign(a) == sign(b) && a.unread.size() == b.unread.size()
        && std::equal(a.workloads.begin(), a.workloads.end(), b.workloads.begin(), b.workloads.end(),
            [](const auto &one, const auto &other) { return signOf(one) == signOf(other); });
}

bool isSame(const observe::ObservedMesh &a, const observe::ObservedMesh &b)
{
    return a.status.id == b.status.id && a.status.state == b.status.state && a.conditions.size() == b.conditions.size()
        && std::equal(a.conditions.begin(), a.conditions.end(), b.conditions.begin(),
            [](const observe::Condition &one, const observe::Condition &other) { return one.health == other.health; });
}

} // namespace

Judgement::Counts Judgement::counts() const
{
    Counts counts;
    QSet<QString> rules;
    for (const Finding &finding : found) {
        if (finding.state == Health::Unknown) {
            ++counts.unknown;
            rules.insert(finding.rule);
        } else if (finding.accepted) {
            ++counts.accepted;
        } else if (finding.state == Health::Failed) {
            ++counts.failed;
        } else if (finding.state == Health::Stale) {
            ++counts.stale;
        } else {
            ++counts.warnings;
        }
    }
    counts.unaskedRules = int(rules.size());
    return counts;
}

QDateTime Judgement::readAt() const
{
    QDateTime oldest;
    for (const observe::ClusterObjects &cluster : facts.clusters)
        if (const QDateTime &at = cluster.server.at; at.isValid() && (!oldest.isValid() || at < oldest))
            oldest = at;
    return oldest;
}

QList<Finding> Judgement::of(const QString &cluster) const
{
    QList<Finding> result;
    std::copy_if(found.begin(), found.end(), std::back_inserter(result), [&](const Finding &one) { return one.cluster == cluster; });
    return result;
}

Changed changedBetween(const observe::ObservedFleet &before, const observe::ObservedFleet &now)
{
    Changed changed;
    QHash<QString, const observe::ObservedCluster *> known;
    for (const observe::ObservedCluster &cluster : before.clusters)
        known.insert(cluster.name, &cluster);
    for (const observe::ObservedCluster &cluster : now.clusters)
        if (const auto *old = known.value(cluster.name); !old || !isSame(*old, cluster))
            changed.clusters.append(cluster.name);
    changed.meshes = !std::equal(now.meshes.begin(), now.meshes.end(), before.meshes.begin(), before.meshes.end(),
                         [](const auto &a, const auto &b) { return isSame(a, b); })
        || now.meshesError.has_value() != before.meshesError.has_value();
    return changed;
}

struct Watch::Private {
    Private(Watch *owner, session::Session &of, observe::LiveFleet &live)
        : q(owner)
        , session(of)
        , fleet(live)
    {
    }

    /// What a worker brings back.
    struct Outcome {
        std::shared_ptr<const Judgement> judgement; ///< null: nothing has changed, or it was stopped
        observe::ObservedFleet seen; ///< that it belongs to
        bool isWhole = false;
    };

    Watch *q;
    session::Session &session;
    observe::LiveFleet &fleet;
    std::shared_ptr<const Judgement> newest;
    observe::ObservedFleet seen; ///< of the newest reading
    QTimer gap, whole;
    QElapsedTimer opened;
    milliseconds pace = 3s;
    bool isBusy = false, isReading = false; ///< reading: all of it
    bool wantsAll = true, wantsChanges = false, wantsJudging = false;
    mesh::Sequences sequences; ///< last: ends first

    static std::shared_ptr<const Judgement> judged(
        FleetFacts facts, const std::shared_ptr<const Judgement> &before, const documents::Environment &environment)
    {
        auto made = std::make_shared<Judgement>();
        facts.now = QDateTime::currentDateTimeUtc();
        made->facts = std::move(facts);
        made->found = findings::judge(made->facts, wholeEvery(made->facts.clusters.size()) + 20s);
        const auto acceptances = loadAcceptances(environment);
        if (acceptances) {
            made->acceptances = *acceptances;
            accept(made->found, made->acceptances, made->facts.now.date());
        } else {
            made->acceptancesError = acceptances.error();
        }
        made->failover = findings::failover(made->facts, made->found);
        for (const Finding &finding : std::as_const(made->found)) {
            const QString id = finding.id();
            made->seenSince.insert(id, before ? before->seenSince.value(id, made->facts.now) : made->facts.now);
        }
        return made;
    }

    static Outcome read(session::Session &session, const std::shared_ptr<const Judgement> &before, const observe::ObservedFleet &was,
        const observe::ObservedFleet &is, bool all, bool judging, const std::stop_token &stop)
    {
        Changed changed;
        if (before && !all) {
            changed = changedBetween(was, is);
            // What the first look at the fleet brings was read here at the same time.
            changed.clusters.removeIf([&](const QString &name) { return !was.cluster(name) && wasRead(before->facts, name); });
            if (changed.isNone() && !judging)
                return { nullptr, is };
        }
        FleetFacts facts;
        if (all || !before) {
            facts = readFacts(session, std::nullopt, stop);
            if (before)
                facts = withWhatWasKnown(std::move(facts), before->facts);
        } else {
            facts = rereadFacts(session, before->facts, changed.clusters, changed.meshes, stop);
        }
        if (stop.stop_requested())
            return {};
        return { judged(std::move(facts), before, session.environment()), is, all || !before };
    }

    static bool wasRead(const FleetFacts &facts, const QString &cluster)
    {
        return std::any_of(facts.clusters.begin(), facts.clusters.end(),
            [&](const observe::ClusterObjects &one) { return one.name == cluster && one.server.isRead() && !one.server.error; });
    }

    /// A large fleet is first seen, then read: both at once would keep the picture from whoever waits for it.
    [[nodiscard]] bool isStillOpening() const
    {
        const qsizetype all = session.environment().clusters.size();
        if (newest || all < largeFleet || opened.elapsed() >= milliseconds(mostPatience).count())
            return false;
        const auto &clusters = fleet.fleet().clusters;
        return clusters.size() < all || std::any_of(clusters.begin(), clusters.end(), [](const observe::ObservedCluster &cluster) {
            const observe::Condition *reachable = cluster.condition(QStringLiteral("Reachable"));
            return !reachable || reachable->health == Health::Unknown;
        });
    }

    void begin()
    {
        if (isBusy || gap.isActive() || !(wantsAll || wantsChanges || wantsJudging))
            return;
        if (isStillOpening()) {
            gap.start(1s);
            return;
        }
        isBusy = true;
        const bool all = std::exchange(wantsAll, false), judging = std::exchange(wantsJudging, false);
        wantsChanges = false;
        isReading = all;
        if (all)
            emit q->readingChanged(true);
        core::whenReady(sequences.run({},
                            [this, before = newest, was = seen, is = fleet.fleet(), all, judging](
                                std::stop_token stop) { return read(session, before, was, is, all, judging, stop); }),
            q, [this](const Outcome &outcome) { take(outcome); });
    }

    void take(const Outcome &outcome)
    {
        isBusy = false;
        const bool wasReading = std::exchange(isReading, false);
        seen = outcome.seen;
        if (outcome.judgement)
            newest = outcome.judgement;
        if (outcome.isWhole)
            whole.start(wholeEvery(newest->facts.clusters.size()));
        if (outcome.judgement)
            emit q->changed();
        if (wasReading)
            emit q->readingChanged(false);
        if (wantsAll || wantsJudging)
            return begin();
        gap.start(pace);
    }
};

Watch::Watch(session::Session &session, observe::LiveFleet &live, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, session, live))
{
    d->opened.start();
    d->gap.setSingleShot(true);
    d->whole.setSingleShot(true);
    connect(&d->gap, &QTimer::timeout, this, [this] { d->begin(); });
    connect(&d->whole, &QTimer::timeout, this, &Watch::refresh);
    connect(&live, &observe::LiveFleet::changed, this, [this] {
        d->wantsChanges = true;
        d->begin();
    });
    QTimer::singleShot(0, this, [this] { d->begin(); });
}

Watch::~Watch()
{
    d->sequences.stopAndWait();
}

std::shared_ptr<const Judgement> Watch::judgement() const
{
    return d->newest;
}

bool Watch::isReading() const
{
    return d->isReading;
}

void Watch::refresh()
{
    d->wantsAll = true;
    d->gap.stop();
    d->begin();
}

void Watch::judgeAgain()
{
    d->wantsJudging = true;
    d->gap.stop();
    d->begin();
}

void Watch::setPace(milliseconds gap)
{
    d->pace = gap;
}

} // namespace catamaran::findings
