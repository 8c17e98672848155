// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/runner.h"

#include "drill/faultplan.h"
#include "drill/faultwatch.h"
#include "drill/faultwriter.h"
#include "drill/meter.h"
#include "drill/othersides.h"
#include "drill/probefeed.h"
#include "drill/restoration.h"
#include "drill/say.h"
#include "fleet/sessionworld.h"
#include "kube/deploymentstatus.h"
#include "store/database.h"

#include <QDateTime>

#include <algorithm>
#include <mutex>

namespace catamaran::drill {

using core::await;
using core::Error;
using core::ErrorKind;
using core::Result;
using namespace std::chrono_literals;

namespace {

constexpr int mostSamples = 100'000; ///< kept one by one; the figures of a drill count all

qint64 nowMs()
{
    return QDateTime::currentMSecsSinceEpoch();
}

/// Whether the probes can be sent from where they are to come from.
Result<core::Done> sourceIsReady(const DrillDocument &drill, session::Session &session, std::stop_token stop)
{
    if (const auto checked = drill.probes.check(true); !checked)
        return core::fail(checked.error());
    const probe::Source &source = drill.probes.source;
    const auto client = fleet::SessionWorld(session).cluster(source.cluster);
    if (!client)
        return core::fail(client.error());
    const auto deployment = await((*client)->get(kube::kinds::deployments, source.ns, source.workload, stop), stop);
    if (!deployment)
        return core::fail(deployment.error());
    const kube::DeploymentStatus status = kube::deploymentStatus(*deployment);
    if (status.isCurrent && status.ready > 0)
        return core::Done {};
    return core::fail(ErrorKind::Precondition, Say::tr("prepare the drill"), source.text(),
        Say::tr("no pod of it is ready to send requests from"), Say::tr("Apply the fleet, or scale it up, and try again."));
}

/// What the threads that carry out the faults tell the drill.
struct Told {
    std::mutex mutex;
    QList<std::pair<QString, qint64>> answered; ///< steps whose change the server took, and when (Unix, ms)
    QStringList done; ///< steps that are proven
    QList<std::pair<QString, qint64>> begun; ///< steps, and when
};

/// One drill on its way; its methods are the phases, in the order of run().
class Drill {
public:
    Drill(const DrillDocument &document, session::Session &session, const QString &databaseFile, const DrillCallbacks &callbacks,
        std::stop_token stop, const DrillOptions &options)
        : m_drill(document)
        , m_options(options)
        , m_session(session)
        , m_databaseFile(databaseFile)
        , m_callbacks(callbacks)
        , m_stop(std::move(stop))
        , m_world(session)
        , m_feed(session, document.probes)
        , m_guards(document.guard)
    {
        m_result.drill = document;
        m_result.environment = session.environment().name;
        m_result.restored = true;
    }

    DrillResult run()
    {
        const auto done = broken();
        if (m_broken.execution != 0)
            restore();
        m_feed.stop();
        collect();
        m_othersKeptOff.reset();
        finish(done);
        return m_result;
    }

private:
    /// Everything until there is something to restore or nothing more to see.
    Result<core::Done> broken()
    {
        return prepare()
            .and_then([this](core::Done) { return steady(); })
            .and_then([this](core::Done) { return inject(); })
            .and_then([this](core::Done) { return observe(); });
    }

    void mark(Phase phase, const QString &note, qint64 atMs = nowMs())
    {
        const PhaseMark mark { phase, atMs, note };
        m_result.phases += mark;
        if (m_callbacks.onPhase)
            m_callbacks.onPhase(mark);
    }

    /// Moves new samples over and keeps the figures that guards need.
    void collect()
    {
        const QList<probe::Sample> samples = m_feed.take();
        m_meter.setNeverSent(m_feed.notSent());
        m_figures.setNotSent(m_feed.notSent());
        if (samples.isEmpty())
            return;
        for (const probe::Sample &sample : samples) {
            m_guards.add(sample);
            if (!sample.ok())
                m_goodSinceMs = -1;
            else if (m_goodSinceMs < 0)
                m_goodSinceMs = sample.startedAtMs;
        }
        m_lastSampleMs = samples.last().receivedAtMs;
        m_meter.setTimes(m_result.times);
        for (const probe::Sample &sample : samples) {
            m_meter.add(sample);
            m_figures.add(sample);
        }
        m_log.add(samples);
        if (m_callbacks.onSamples)
            m_callbacks.onSamples(samples);
    }

    [[nodiscard]] Result<core::Done> wrong(ErrorKind kind, const QString &answer, const QString &remedy = {}) const
    {
        return core::fail(kind, Say::tr("run the drill"), m_drill.id, answer, remedy);
    }

    [[nodiscard]] QString command() const { return restoreCommand(m_session.environment().file, m_databaseFile); }

    /// One turn of any waiting: samples, guards, stop, and whether what was broken still is.
    Result<core::Done> turn()
    {
        collect();
        if (m_stop.stop_requested() || !core::sleepFor(25ms, m_stop))
            return wrong(ErrorKind::Cancelled, Say::tr("stopped"));
        if (const auto held = guardsHold(); !held)
            return held;
        return m_watch.look();
    }

    Result<core::Done> guardsHold()
    {
        const qint64 now = nowMs();
        m_guards.setSeenAt(m_watch.seenAtMs());
        const QList<GuardReading> readings = m_guards.readings(m_startedMs, now);
        if (m_callbacks.onGuards && now - m_guardsToldMs >= 250) {
            m_guardsToldMs = now;
            m_callbacks.onGuards(readings);
        }
        for (const GuardReading &reading : readings)
            if (reading.isTripped())
                return wrong(ErrorKind::Precondition, reading.sentence());
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
        if (const auto &why = m_database->readOnly()) // what could not be journalled is not broken
            return core::fail(*why);
        if (const auto free = whyNotFree(); !free)
            return free;
        // Before anything is looked at: what another console is changing is not judged, and who is at work is what is to be said.
        ops::Execution drill;
        drill.purpose = ops::drillPurpose;
        drill.name = m_drill.id;
        const auto kept = m_world.keepOthersOff(drill.title(), m_stop);
        if (!kept)
            return core::fail(kept.error());
        m_othersKeptOff = kept->hold;
        if (!kept->notice.isEmpty())
            mark(Phase::Preparing, kept->notice);
        if (const auto fit = sourceIsReady(m_drill, m_session, m_stop); !fit)
            return fit;
        const auto known = resolved(m_drill, m_world, m_stop);
        if (!known)
            return core::fail(known.error());
        m_drill = *known;
        m_result.drill = m_drill;
        const auto plan
            = lookAt(m_drill, m_world, m_stop).and_then([this](const Standing &standing) { return faultPlan(m_drill, standing); });
        if (!plan)
            return core::fail(plan.error());
        m_plan = *plan;
        if (const auto undoable = mayBeUndone(); !undoable)
            return undoable;
        return mayBeSurvived();
    }

    /// Whether another drill is in the way: one that runs on the same objects, or one whose damage is not put back.
    Result<core::Done> whyNotFree()
    {
        const auto journal = ops::Journal::open(m_databaseFile);
        const auto objects = objectsOf(m_drill);
        if (!journal || !objects)
            return core::fail(journal ? objects.error() : journal.error());
        const auto restores = dueRestores(m_databaseFile, m_result.environment);
        if (!restores)
            return core::fail(restores.error());
        if (!restores->due.isEmpty())
            return wrong(ErrorKind::Precondition,
                Say::tr("the drill “%1” was interrupted here and its damage not restored").arg(restores->due.first().name),
                Say::tr("Restore it first: %1").arg(command()));
        return journal->mayBegin({ m_result.environment, ops::drillPurpose, m_drill.id, subjectsOf(*objects) });
    }

    /// What cannot be taken back is not done.
    Result<core::Done> mayBeUndone()
    {
        const ops::Registry &kinds = fleet::operationKinds();
        const fleet::Rights needed
            = fleet::byCluster(ops::rightsOf(m_plan, kinds, ops::Direction::Undo) + ops::rightsOf(m_plan, kinds, ops::Direction::Do));
        const fleet::Rights refused = fleet::refusedOf(needed, m_session, m_stop);
        if (refused.isEmpty())
            return core::Done {};
        return core::fail(fleet::rightsError(Say::tr("break it and put it back"), refused));
    }

    /// Whether somebody can take over what is lost. Where that is not proven it takes a yes.
    Result<core::Done> mayBeSurvived()
    {
        const OtherSides sides = otherSides(m_drill, m_session, m_stop);
        if (!sides.obstacles.isEmpty())
            return core::fail(sides.obstacles.first());
        for (const QString &proof : sides.proofs)
            mark(Phase::Preparing, proof);
        if (sides.unproven.isEmpty())
            return core::Done {};
        if (!m_options.yesUnproven)
            return core::fail(unprovenError(m_drill.id, sides.unproven));
        m_result.unproven = true;
        mark(Phase::Preparing, Say::tr("not proven, and run all the same: %1").arg(sides.unproven.join(QStringLiteral("; "))));
        return core::Done {};
    }

    Result<core::Done> steady()
    {
        const QString from = m_drill.probes.container.isEmpty()
            ? m_drill.probes.source.text()
            : Say::tr("%1, container %2,").arg(m_drill.probes.source.text(), m_drill.probes.container);
        mark(Phase::Steady, Say::tr("requests from %1 must be good for %2 s").arg(from).arg(double(m_drill.steadyFor.count()) / 1000));
        m_meter.open(Window::Kind::Before, {}, nowMs());
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
            if (m_feed.trouble() && m_feed.trouble()->kind == ErrorKind::InvalidInput) // waiting makes no curl
                return core::fail(*m_feed.trouble());
            if (nowMs() < until)
                continue;
            if (m_feed.trouble())
                return core::fail(*m_feed.trouble());
            return wrong(ErrorKind::Precondition,
                Say::tr("the fleet is not steady before the fault: %1").arg(probe::verdictSentence(m_figures.summary(), QStringList())),
                Say::tr("Verify the fleet and mend it first."));
        }
    }

    /// Carries the faults out on a thread of their own, while requests, guards and stop are looked after here.
    Result<core::Done> inject()
    {
        m_guards.restart();
        ops::ExecuteOptions options;
        options.databaseFile = m_databaseFile;
        options.purpose = ops::drillPurpose;
        options.name = m_drill.id;
        options.names = fleet::namesOf(m_session);
        options.stepTimeout = 60s;
        for (const FaultStage &stage : m_drill.stages) // a step that waits is a step
            options.stepTimeout = std::max<std::chrono::milliseconds>(options.stepTimeout, stage.hold + 30s);
        options.settleTimeout = 20s;
        options.onAnswered = [told = m_told](const QString &step, const QDateTime &at) {
            const std::lock_guard lock(told->mutex);
            told->answered.append({ step, at.toMSecsSinceEpoch() });
        };
        options.onProgress = [told = m_told](const ops::StepProgress &progress) {
            const std::lock_guard lock(told->mutex);
            if (progress.state == ops::StepState::Done)
                told->done += progress.stepId;
            else if (progress.state == ops::StepState::Running && progress.note.isEmpty())
                told->begun.append({ progress.stepId, nowMs() });
        };
        std::stop_source end;
        auto work = core::runSequence(
            [this, options, stop = end.get_token()] { return ops::execute(m_plan, fleet::operationKinds(), m_world, options, stop); });
        std::optional<Error> trouble;
        while (!work.isFinished()) {
            if (trouble) {
                collect(); // what was sent is settled first
                core::sleepFor(25ms, {});
            } else if (const auto went = turn(); !went) {
                trouble = went.error();
                end.request_stop();
            }
            listen();
        }
        listen();
        m_broken = work.result();
        m_result.restored = m_broken.execution == 0;
        if (trouble)
            return core::fail(*trouble);
        if (!m_broken.complete)
            return core::fail(
                m_broken.error.value_or(Error::make(ErrorKind::Cancelled, Say::tr("run the drill"), m_drill.id, Say::tr("stopped"))));
        if (const auto arrived = clientArrives(); !arrived)
            return arrived;
        stageInPlace(int(m_drill.stages.size()) - 1, nowMs());
        return core::Done {};
    }

    /// The faults of @p stage are all done: what is begun from now on meets them.
    void stageInPlace(int stage, qint64 atMs)
    {
        if (m_stageInPlace >= stage)
            return;
        m_stageInPlace = stage;
        if (m_result.times.inPlaceAtMs < 0)
            m_result.times.inPlaceAtMs = atMs;
        if (m_result.times.faultAtMs < 0) // somebody else was faster, or nothing is taken that a server answers
            m_result.times.faultAtMs = atMs;
        const FaultStage &now = m_drill.stages.at(stage);
        m_meter.open(Window::Kind::Broken, now.name, atMs);
        QString note = Say::tr("broken on purpose for %1 s").arg(double(now.hold.count()) / 1000);
        if (!now.name.isEmpty())
            note = now.name + QStringLiteral(": ") + note;
        mark(Phase::Observing, note, atMs);
    }

    /// Takes in what was told of the faults.
    void listen()
    {
        QList<std::pair<QString, qint64>> answered;
        QStringList done;
        QList<std::pair<QString, qint64>> begun;
        {
            const std::lock_guard lock(m_told->mutex);
            answered.swap(m_told->answered);
            done.swap(m_told->done);
            begun.swap(m_told->begun);
        }
        for (const auto &[step, at] : std::as_const(answered))
            faultTaken(step, at);
        for (const auto &[step, at] : std::as_const(begun))
            for (int stage = 0; stage + 1 < m_drill.stages.size(); ++stage)
                if (step == holdStep(stage))
                    stageInPlace(stage, at);
        for (const QString &step : std::as_const(done)) {
            const auto client = clientAfter(m_drill, m_plan, step);
            if (!client)
                continue;
            collect();
            m_movedTo = client->text();
            m_lastBeforeMs = m_lastSampleMs;
            m_feed.sendFrom(*client);
        }
    }

    /// The fault counts from the moment the server answered the first change.
    void faultTaken(const QString &step, qint64 atMs)
    {
        if (m_result.times.faultAtMs < 0) {
            m_result.times.faultAtMs = atMs;
            m_meter.open(Window::Kind::Striking, m_drill.stages.first().name, atMs);
        }
        bool isTold = false;
        for (const ops::Trace &trace : ops::tracesOf(m_plan, {})) {
            if (trace.step != step)
                continue;
            const QString target = trace.cluster + u'/' + trace.ns + u'/' + trace.name;
            const bool isWorkload = trace.kind == u"Deployment" || trace.kind == u"StatefulSet";
            if (isWorkload) {
                const int replicas = trace.set.value_or(1); // as the client's manifest has it
                if (const auto client = m_world.cluster(trace.cluster))
                    m_watch.expect(**client,
                        { trace.cluster, trace.kind == u"Deployment" ? kube::kinds::deployments : kube::kinds::statefulSets, trace.ns,
                            trace.name },
                        replicas);
                mark(Phase::Fault, trace.set ? Say::tr("%1 scaled to %2").arg(target).arg(replicas) : Say::tr("%1 deployed").arg(target),
                    atMs);
                isTold = true;
            } else if (const auto kind = kube::kindOf(trace.apiVersion, trace.kind); kind && trace.kind == u"VirtualService") {
                if (const auto client = m_world.cluster(trace.cluster))
                    m_watch.expect(**client, { trace.cluster, *kind, trace.ns, trace.name }, std::nullopt);
                mark(Phase::Fault, Say::tr("%1 %2 made").arg(trace.kind, target), atMs);
                isTold = true;
            } else {
                isTold = true; // what a client's move brings with it
            }
        }
        if (isTold)
            return;
        for (const ops::Step &one : m_plan.steps)
            if (one.id == step)
                if (const auto kind = fleet::operationKinds().find(one.operation.kind))
                    mark(Phase::Fault, (*kind)->describe(one.operation, {}).title, atMs);
    }

    /// Where the drill moves the client: until requests come from there.
    Result<core::Done> clientArrives()
    {
        const qint64 until = nowMs() + 60000;
        while (!m_movedTo.isEmpty() && m_lastSampleMs <= m_lastBeforeMs) {
            if (nowMs() >= until)
                return wrong(ErrorKind::Timeout, Say::tr("waited 60 s until %1").arg(Say::tr("requests come from %1").arg(m_movedTo)));
            if (const auto went = turn(); !went)
                return went;
        }
        return core::Done {};
    }

    Result<core::Done> observe()
    {
        const qint64 until = nowMs() + m_drill.stages.last().hold.count();
        while (nowMs() < until) {
            if (const auto went = turn(); !went)
                return went;
        }
        // A fault that was not seen to the end may have been taken back.
        const qint64 ended = nowMs(), patience = ended + 10000;
        while (!m_watch.seenSince(ended)) {
            if (nowMs() >= patience) {
                const auto why = m_watch.trouble();
                return wrong(ErrorKind::Precondition,
                    Say::tr("whether the fault held to the end could not be read: %1").arg(why ? why->answer : Say::tr("no answer came")));
            }
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
        m_meter.open(Window::Kind::After, {}, m_result.times.restoreAtMs);
        mark(Phase::Restoring, Say::tr("putting everything back"));
        auto work = core::runSequence([this, claim = std::exchange(m_broken.claim, {})]() mutable {
            return takeBack(m_broken, m_plan, m_session, m_databaseFile, {}, std::move(claim));
        });
        mark(Phase::Proving, Say::tr("reading it back"));
        while (!work.isFinished()) { // the requests go on, and show how the restore is felt
            collect();
            core::sleepFor(25ms, std::stop_token());
        }
        const RestoreReport report = work.result();
        m_result.restored = report.ok();
        for (const RestoreOutcome &outcome : report.outcomes)
            m_result.restoreProof += outcome.proof;
        m_restoreError = report.journal;
        if (!m_result.restored) {
            QStringList reasons;
            for (const RestoreOutcome &outcome : report.outcomes)
                if (!outcome.ok)
                    reasons += outcome.proof;
            m_restoreError = Error::make(ErrorKind::Precondition, Say::tr("put everything back"), m_drill.id,
                reasons.join(QStringLiteral("; ")), Say::tr("Run: %1").arg(command()));
        }
        // A last look through the client's eyes, when there is still a client here.
        const qint64 until = nowMs() + std::max<qint64>(m_drill.afterFor.count(), 1500);
        while (!m_stop.stop_requested() && nowMs() < until) {
            collect();
            core::sleepFor(25ms, m_stop);
        }
    }

    /// What is said after a reason begins a sentence of its own.
    void addSentence(const QString &sentence)
    {
        if (!m_result.reason.isEmpty() && !m_result.reason.endsWith(u'.') && !m_result.reason.endsWith(u'。'))
            m_result.reason += Say::tr(".");
        m_result.reason += u' ' + sentence;
    }

    void finish(const Result<core::Done> &done)
    {
        m_meter.setTimes(m_result.times);
        m_result.measurement = m_meter.measurement();
        m_result.windows = m_meter.windows();
        if (m_result.times.faultAtMs > 0)
            m_result.guards = m_guards.highest();
        m_result.samples = m_log.samples();
        m_result.olderFailures = m_log.olderFailures();
        m_result.summary = m_figures.summary();
        if (done) {
            const Judgement judgement = m_meter.judge(m_drill);
            m_result.verdict = judgement.verdict;
            m_result.reason = judgement.reason;
        } else {
            m_result.verdict = Verdict::Aborted;
            if (m_result.measurement.recoveryMs == 0) // none had failed so far: what would have come is not known
                m_result.measurement.recoveryMs = -1;
            m_result.error = done.error();
            m_result.reason = done.error().answer;
        }
        if (!m_result.restored) {
            m_result.verdict = m_result.verdict == Verdict::Aborted ? Verdict::Aborted : Verdict::Fail;
            addSentence(Say::tr("Not everything could be restored; run: %1").arg(command()));
        } else if (m_restoreError)
            addSentence(Say::tr("Everything is put back, but the journal could not be told so, and will offer it again: %1")
                            .arg(m_restoreError->text()));
        if (m_restoreError && !m_result.error)
            m_result.error = m_restoreError;
        mark(Phase::Done, m_result.reason);
        if (!m_database)
            return;
        const store::Document document { 0, QDateTime::currentDateTimeUtc(), QStringLiteral("drill"), m_result.environment, m_drill.id,
            m_result.toJson() };
        if (const auto saved = m_database->save(document); !saved && !m_result.error)
            m_result.error = saved.error();
    }

    DrillDocument m_drill; ///< resolved, once it was looked at
    const DrillOptions m_options;
    session::Session &m_session;
    const QString m_databaseFile;
    const DrillCallbacks &m_callbacks;
    const std::stop_token m_stop;
    fleet::SessionWorld m_world;
    std::shared_ptr<store::Database> m_database;
    std::shared_ptr<void> m_othersKeptOff;
    ProbeFeed m_feed;
    Guards m_guards;
    FaultWatch m_watch;
    probe::Figures m_figures;
    probe::SampleLog m_log { mostSamples };
    Meter m_meter;
    ops::Plan m_plan;
    ops::ExecutionResult m_broken; ///< the faults' execution
    std::shared_ptr<Told> m_told = std::make_shared<Told>();
    QString m_movedTo; ///< where the client went; empty: nowhere
    qint64 m_lastBeforeMs = 0; ///< the last sample before it did
    std::optional<Error> m_restoreError;
    DrillResult m_result;
    qint64 m_startedMs = 0, m_lastSampleMs = 0, m_goodSinceMs = -1;
    qint64 m_guardsToldMs = 0;
    int m_stageInPlace = -1; ///< the newest one
};

} // namespace

DrillResult runDrill(const DrillDocument &drill, session::Session &session, const QString &databaseFile, const DrillCallbacks &callbacks,
    std::stop_token stop, const DrillOptions &options)
{
    return Drill(drill, session, databaseFile, callbacks, std::move(stop), options).run();
}

DrillCheck checkDrill(const DrillDocument &drill, session::Session &session, std::stop_token stop)
{
    DrillCheck check;
    if (const auto ready = sourceIsReady(drill, session, stop); !ready)
        check.obstacles += ready.error();
    fleet::SessionWorld world(session);
    const auto known = resolved(drill, world, stop);
    const auto plan = known.and_then([&](const DrillDocument &one) {
        return lookAt(one, world, stop).and_then([&](const Standing &standing) { return faultPlan(one, standing); });
    });
    if (!plan)
        check.obstacles += plan.error();
    const OtherSides sides = otherSides(known ? *known : drill, session, stop, OtherSides::Ask::Nobody);
    check.obstacles += sides.obstacles;
    check.unproven = sides.unproven;
    return check;
}

} // namespace catamaran::drill
