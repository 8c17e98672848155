// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/runner.h"

#include "core/shellquoted.h"
#include "drill/probefeed.h"
#include "drill/restore.h"
#include "fleet/fleetdocument.h"

#include <QDateTime>

#include <algorithm>

namespace catamaran::drill {

using core::await;
using core::Error;
using core::ErrorKind;
using core::Result;
using namespace std::chrono_literals;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Drill)
};

qint64 nowMs()
{
    return QDateTime::currentMSecsSinceEpoch();
}

/// One drill on its way; its methods are the phases, in the order of run().
class Drill {
public:
    Drill(const DrillDocument &document, fleet::Session &session, const QString &databaseFile, const DrillCallbacks &callbacks, std::stop_token stop)
        : m_drill(document)
        , m_session(session)
        , m_databaseFile(databaseFile)
        , m_callbacks(callbacks)
        , m_stop(std::move(stop))
        , m_feed(session, document.probes)
    {
        m_result.drill = document;
        m_result.environment = session.environment().name;
        m_result.restored = true;
    }

    DrillResult run()
    {
        const auto done = broken();
        if (m_restoreId)
            restore();
        m_feed.stop();
        collect();
        finish(done);
        return m_result;
    }

private:
    /// Everything until there is something to restore or nothing more to see.
    Result<core::Done> broken()
    {
        return prepare().and_then([this](core::Done) { return steady(); }).and_then([this](core::Done) { return journal(); }).and_then([this](core::Done) {
            return inject();
        }).and_then([this](core::Done) { return observe(); });
    }

    void mark(Phase phase, const QString &note)
    {
        const PhaseMark mark { phase, nowMs(), note };
        m_result.phases += mark;
        if (m_callbacks.onPhase)
            m_callbacks.onPhase(mark);
    }

    /// Moves new samples over and keeps the figures that guards need.
    void collect()
    {
        const QList<probe::Sample> samples = m_feed.take();
        if (samples.isEmpty())
            return;
        for (const probe::Sample &sample : samples) {
            m_failedInARow = sample.ok() ? 0 : m_failedInARow + 1;
            if (!sample.ok())
                m_goodSinceMs = -1;
            else if (m_goodSinceMs < 0)
                m_goodSinceMs = sample.startedAtMs;
        }
        m_lastSampleMs = samples.last().receivedAtMs;
        m_result.samples += samples;
        if (m_callbacks.onSamples)
            m_callbacks.onSamples(samples);
    }

    [[nodiscard]] Result<core::Done> wrong(ErrorKind kind, const QString &answer, const QString &remedy = {}) const
    {
        return core::fail(kind, Say::tr("run the drill"), m_drill.id, answer, remedy);
    }

    [[nodiscard]] QString restoreCommand() const
    {
        return core::shellQuoted(QStringList { QStringLiteral("catamaranctl"), QStringLiteral("--env"), m_session.environment().file, QStringLiteral("--database"), m_databaseFile,
            QStringLiteral("drill"), QStringLiteral("restore") });
    }

    /// One turn of any waiting: samples, guards, stop.
    Result<core::Done> turn()
    {
        collect();
        if (m_stop.stop_requested() || !core::sleepFor(25ms, m_stop))
            return wrong(ErrorKind::Cancelled, Say::tr("stopped"));
        if (nowMs() - m_startedMs > m_drill.guard.maxDuration.count())
            return wrong(ErrorKind::Precondition, Say::tr("the guard stopped it: longer than %1 s").arg(m_drill.guard.maxDuration.count() / 1000));
        if (m_drill.guard.maxFailedInARow > 0 && m_failedInARow > m_drill.guard.maxFailedInARow)
            return wrong(ErrorKind::Precondition, Say::tr("the guard stopped it: %1 requests failed one after the other").arg(m_failedInARow));
        return core::Done {};
    }

    Result<core::Done> prepare()
    {
        m_startedMs = nowMs();
        mark(Phase::Preparing, Say::tr("looking at what will be changed"));
        const auto database = store::Database::open(m_databaseFile);
        if (!database)
            return core::fail(database.error());
        m_database = *database;
        const auto pending = m_database->pendingRestores(m_result.environment);
        if (!pending)
            return core::fail(pending.error());
        if (!pending->isEmpty()) {
            return wrong(ErrorKind::Precondition, Say::tr("the drill “%1” was interrupted here and its damage not restored").arg(pending->first().drill),
                Say::tr("Restore it first: %1").arg(restoreCommand()));
        }
        const QList<Error> unfit = checkDrill(m_drill, m_session, m_stop);
        if (!unfit.isEmpty())
            return core::fail(unfit.first());
        const auto plan = planRestore(m_drill, m_session, m_stop);
        if (!plan)
            return core::fail(plan.error());
        m_plan = *plan;
        return core::Done {};
    }

    Result<core::Done> steady()
    {
        mark(Phase::Steady, Say::tr("requests from %1 must be good for %2 s").arg(m_drill.probes.source.text()).arg(double(m_drill.steadyFor.count()) / 1000));
        m_feed.sendFrom(m_drill.probes.source);
        const qint64 until = nowMs() + m_drill.steadyFor.count() + 30000;
        const qint64 fresh = m_drill.probes.requestTimeout.count() + qint64(1000 / m_drill.probes.rate) + 500;
        for (;;) {
            const auto went = turn();
            if (!went)
                return went;
            const bool lively = nowMs() - m_lastSampleMs < fresh;
            if (lively && m_goodSinceMs > 0 && nowMs() - m_goodSinceMs >= m_drill.steadyFor.count())
                return core::Done {};
            if (nowMs() < until)
                continue;
            if (m_feed.trouble())
                return core::fail(*m_feed.trouble());
            const auto summary = probe::summarize(m_result.samples);
            return wrong(ErrorKind::Precondition, Say::tr("the fleet is not steady before the fault: %1").arg(probe::verdictSentence(summary, {})),
                Say::tr("Verify the fleet and mend it first."));
        }
    }

    /// What must be put back is on the disk before anything breaks.
    Result<core::Done> journal()
    {
        store::PendingRestore entry;
        entry.at = QDateTime::currentDateTimeUtc();
        entry.environment = m_result.environment;
        entry.drill = m_drill.id;
        entry.actions = m_plan.toJson();
        const auto id = m_database->addRestore(entry);
        if (!id)
            return core::fail(id.error());
        m_restoreId = *id;
        m_result.restored = false;
        return core::Done {};
    }

    Result<core::Done> inject()
    {
        m_failedInARow = 0;
        for (const Fault &fault : m_drill.faults) {
            if (m_stop.stop_requested())
                return wrong(ErrorKind::Cancelled, Say::tr("stopped"));
            const auto done = fault.kind == FaultKind::Scale ? scale(fault.scale) : moveClient(fault.move);
            if (!done)
                return done;
        }
        m_result.times.inPlaceAtMs = nowMs();
        return core::Done {};
    }

    /// The fault counts from the moment the server took the first change.
    void faultTaken(const QString &note)
    {
        if (m_result.times.faultAtMs < 0)
            m_result.times.faultAtMs = nowMs();
        mark(Phase::Fault, note);
    }

    Result<core::Done> scale(const ScaleFault &fault)
    {
        const auto client = clientOf(m_session, fault.cluster);
        if (!client)
            return core::fail(client.error());
        const QString target = fault.cluster + u'/' + fault.ns + u'/' + fault.deployment;
        const auto recorded = record(QStringLiteral("fault"), Say::tr("Scale %1 to %2").arg(target).arg(fault.replicas), target,
            QStringLiteral("PATCH /apis/apps/v1/namespaces/%1/deployments/%2/scale").arg(fault.ns, fault.deployment),
            m_session.byHand(fault.cluster).kubectl({ QStringLiteral("-n"), fault.ns, QStringLiteral("scale"), QStringLiteral("deployment/") + fault.deployment, QStringLiteral("--replicas=%1").arg(fault.replicas) }),
            [&] { return await((*client)->setScale(kube::kinds::deployments, fault.ns, fault.deployment, fault.replicas, m_stop), m_stop); });
        if (!recorded)
            return recorded;
        faultTaken(Say::tr("%1 scaled to %2").arg(target).arg(fault.replicas));
        return waitFor(Say::tr("%1 has %2 pods").arg(target).arg(fault.replicas), [&]() -> Result<bool> {
            return readDeployment(**client, fault.ns, fault.deployment, m_stop).map([&](const DeploymentState &now) {
                return now.desired == fault.replicas && now.existing == fault.replicas && now.ready == fault.replicas;
            });
        });
    }

    /// By the plan that was made before: what was missing is what the restore takes away again.
    bool isMissing(const MoveClientFault &fault, const QJsonObject &object) const
    {
        return std::any_of(m_plan.deletions.begin(), m_plan.deletions.end(), [&](const RestoreDelete &action) {
            return action.cluster == fault.toCluster && action.ns == fault.ns && action.kind == object[u"kind"].toString()
                && action.name == object[u"metadata"][u"name"].toString();
        });
    }

    Result<core::Done> moveClient(const MoveClientFault &fault)
    {
        const auto scaled = scale({ fault.fromCluster, fault.ns, QStringLiteral("sleep"), 0 });
        if (!scaled)
            return scaled;
        const auto client = clientOf(m_session, fault.toCluster);
        if (!client)
            return core::fail(client.error());
        const auto objects = fleet::manifestObjects(QStringLiteral("sleep-standalone"), fault.ns);
        if (!objects)
            return core::fail(objects.error());
        const QString target = fault.toCluster + u'/' + fault.ns + QStringLiteral("/sleep");
        for (const QJsonObject &object : *objects) {
            if (!isMissing(fault, object)) // what stands there stays as it is
                continue;
            const auto recorded = record(QStringLiteral("fault"), Say::tr("Deploy %1 %2 in %3").arg(object[u"kind"].toString(), object[u"metadata"][u"name"].toString(), fault.toCluster),
                target, QStringLiteral("PATCH (server-side apply)"),
                m_session.byHand(fault.toCluster).kubectl({ QStringLiteral("-n"), fault.ns, QStringLiteral("apply"), QStringLiteral("--server-side"), QStringLiteral("--field-manager"), QStringLiteral("catamaran") }, { object }),
                [&] { return await((*client)->apply(object, {}, m_stop), m_stop); });
            if (!recorded)
                return recorded;
        }
        const bool sleepsThere = std::any_of(m_plan.scales.begin(), m_plan.scales.end(),
            [&](const RestoreScale &action) { return action.cluster == fault.toCluster && action.ns == fault.ns && action.deployment == u"sleep"; });
        if (sleepsThere) {
            if (const auto woken = scale({ fault.toCluster, fault.ns, QStringLiteral("sleep"), 1 }); !woken)
                return woken;
        } else {
            mark(Phase::Fault, Say::tr("%1 deployed").arg(target));
        }
        const auto ready = waitFor(Say::tr("%1 is ready").arg(target), [&]() -> Result<bool> {
            return readDeployment(**client, fault.ns, QStringLiteral("sleep"), m_stop).map([](const DeploymentState &now) { return now.ready >= 1; });
        });
        if (!ready)
            return ready;
        collect();
        m_feed.sendFrom({ fault.toCluster, fault.ns, QStringLiteral("sleep") });
        const qint64 before = m_lastSampleMs;
        return waitFor(Say::tr("requests come from %1").arg(target), [&]() -> Result<bool> { return m_lastSampleMs > before; });
    }

    Result<core::Done> waitFor(const QString &what, const std::function<Result<bool>()> &isSo)
    {
        const qint64 until = nowMs() + 60000;
        for (;;) {
            const auto so = isSo();
            if (!so)
                return core::fail(so.error());
            if (*so)
                return core::Done {};
            if (nowMs() >= until)
                return wrong(ErrorKind::Timeout, Say::tr("waited 60 s until %1").arg(what));
            if (const auto went = turn(); !went)
                return went;
        }
    }

    /// Journals one change before and after it is made.
    template <typename Change>
    Result<core::Done> record(const QString &step, const QString &what, const QString &target, const QString &call, const QString &command, Change change)
    {
        store::Activity activity;
        activity.at = QDateTime::currentDateTimeUtc();
        activity.environment = m_result.environment;
        activity.operation = QStringLiteral("drill ") + m_drill.id;
        activity.step = step;
        activity.what = what;
        activity.target = target;
        activity.call = call;
        activity.command = command;
        activity.state = QStringLiteral("started");
        const auto id = m_database->begin(activity);
        if (!id)
            return core::fail(id.error());
        const auto answer = change();
        const auto completed = m_database->complete(*id, answer ? QStringLiteral("done") : QStringLiteral("failed"), answer ? QString() : answer.error().text(),
            answer ? QString() : answer.error().requestId, activity.at.msecsTo(QDateTime::currentDateTimeUtc()));
        if (!answer)
            return core::fail(answer.error());
        return completed;
    }

    Result<core::Done> observe()
    {
        mark(Phase::Observing, Say::tr("broken on purpose for %1 s").arg(double(m_drill.observeFor.count()) / 1000));
        const qint64 until = m_result.times.inPlaceAtMs + m_drill.observeFor.count();
        while (nowMs() < until) {
            if (const auto went = turn(); !went)
                return went;
        }
        return core::Done {};
    }

    /// Not stopped by the drill's own stop: what was broken is put back in any case.
    void restore()
    {
        collect();
        m_result.times.restoreAtMs = nowMs();
        mark(Phase::Restoring, Say::tr("putting everything back"));
        auto work = core::runSequence([plan = m_plan, session = &m_session] { return restoreAndProve(plan, *session, 60s, std::stop_token()); });
        mark(Phase::Proving, Say::tr("reading it back"));
        const auto recorded = record(QStringLiteral("restore"), Say::tr("Put back what the drill broke"), m_drill.id, {}, restoreCommand(),
            [&]() -> Result<core::Done> {
                while (!work.isFinished()) { // the requests go on, and show how the restore is felt
                    collect();
                    core::sleepFor(25ms, std::stop_token());
                }
                return proven(work.result());
            });
        if (!recorded)
            m_restoreError = recorded.error();
        if (m_result.restored) {
            if (const auto marked = m_database->markRestored(*m_restoreId); !marked)
                m_restoreError = marked.error();
        }
        // A last look through the client's eyes, when there is still a client here.
        const qint64 until = nowMs() + 1500;
        while (!m_stop.stop_requested() && nowMs() < until) {
            collect();
            core::sleepFor(25ms, m_stop);
        }
    }

    Result<core::Done> proven(const QList<RestoreOutcome> &outcomes)
    {
        m_result.restored = std::all_of(outcomes.begin(), outcomes.end(), [](const RestoreOutcome &outcome) { return outcome.ok; });
        for (const RestoreOutcome &outcome : outcomes)
            m_result.restoreProof += outcome.proof;
        if (!m_result.restored)
            return wrong(ErrorKind::Precondition, m_result.restoreProof.join(QStringLiteral("; ")), Say::tr("Run: %1").arg(restoreCommand()));
        return core::Done {};
    }

    void finish(const Result<core::Done> &done)
    {
        m_result.measurement = measure(m_result.samples, m_result.times.faultAtMs, m_result.times.restoreAtMs);
        if (done) {
            const Judgement judgement = judge(m_drill, m_result.samples, m_result.measurement, m_result.times);
            m_result.verdict = judgement.verdict;
            m_result.reason = judgement.reason;
        } else {
            m_result.verdict = Verdict::Aborted;
            m_result.error = done.error();
            m_result.reason = done.error().answer;
        }
        if (!m_result.restored) {
            m_result.verdict = m_result.verdict == Verdict::Aborted ? Verdict::Aborted : Verdict::Fail;
            m_result.reason += u' ' + Say::tr("Not everything could be restored; run: %1").arg(restoreCommand());
        }
        if (m_restoreError && !m_result.error)
            m_result.error = m_restoreError;
        mark(Phase::Done, m_result.reason);
        if (!m_database)
            return;
        const store::Document document { 0, QDateTime::currentDateTimeUtc(), QStringLiteral("drill"), m_result.environment, m_drill.id, m_result.toJson() };
        if (const auto saved = m_database->save(document); !saved && !m_result.error)
            m_result.error = saved.error();
    }

    const DrillDocument &m_drill;
    fleet::Session &m_session;
    const QString m_databaseFile;
    const DrillCallbacks &m_callbacks;
    const std::stop_token m_stop;
    std::shared_ptr<store::Database> m_database;
    ProbeFeed m_feed;
    RestorePlan m_plan;
    std::optional<qint64> m_restoreId;
    std::optional<Error> m_restoreError;
    DrillResult m_result;
    qint64 m_startedMs = 0, m_lastSampleMs = 0, m_goodSinceMs = -1;
    int m_failedInARow = 0;
};

} // namespace

DrillResult runDrill(const DrillDocument &drill, fleet::Session &session, const QString &databaseFile, const DrillCallbacks &callbacks, std::stop_token stop)
{
    return Drill(drill, session, databaseFile, callbacks, std::move(stop)).run();
}

QList<Error> checkDrill(const DrillDocument &drill, fleet::Session &session, std::stop_token stop)
{
    QList<Error> errors;
    if (const auto checked = drill.probes.check(true); !checked)
        errors += checked.error();
    const auto &source = drill.probes.source;
    if (const auto client = clientOf(session, source.cluster); !client) {
        errors += client.error();
    } else if (const auto state = readDeployment(**client, source.ns, source.workload, stop); !state) {
        errors += state.error();
    } else if (state->ready == 0) {
        errors += Error::make(ErrorKind::Precondition, Say::tr("prepare the drill"), source.text(), Say::tr("no pod of it is ready to send requests from"),
            Say::tr("Apply the fleet, or scale it up, and try again."));
    }
    if (const auto plan = planRestore(drill, session, stop); !plan)
        errors += plan.error();
    return errors;
}

} // namespace catamaran::drill
