// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/stepwork.h"

#include "core/async.h"
#include "ops/say.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace catamaran::ops {

using core::Done;
using core::Error;
using core::ErrorKind;
using core::Result;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds stoppedProof { 1000 };

/// Whether an error of act() or revert() leaves open what came of it.
bool isUnanswered(ErrorKind kind)
{
    return kind == ErrorKind::Network || kind == ErrorKind::Timeout || kind == ErrorKind::Server || kind == ErrorKind::Protocol
        || kind == ErrorKind::Cancelled;
}

QString textOf(const QJsonValue &value)
{
    if (value.isUndefined())
        return Say::tr("nothing");
    if (value.isString())
        return value.toString();
    if (value.isObject())
        return Say::tr("there");
    return QString::fromUtf8(QJsonDocument(QJsonArray { value }).toJson(QJsonDocument::Compact)).chopped(1).mid(1);
}

void addDifferences(QStringList &list, const QString &path, const QJsonValue &then, const QJsonValue &now)
{
    if (then == now)
        return;
    if (then.isObject() && now.isObject()) {
        const QJsonObject a = then.toObject(), b = now.toObject();
        QStringList keys = a.keys() + b.keys();
        keys.removeDuplicates();
        keys.sort();
        for (const QString &key : std::as_const(keys))
            if (key != u"managedFields") // says who, not what
                addDifferences(list, path.isEmpty() ? key : path + u'.' + key, a.value(key), b.value(key));
        return;
    }
    constexpr int most = 120;
    list += Say::tr("%1 was %2 and is %3").arg(path, textOf(then).left(most), textOf(now).left(most));
}

/// What of @p then is another now, for people: "spec.replicas was 1 and is 0".
QString differenceOf(const std::optional<State> &then, const std::optional<State> &now)
{
    if (!then || !now)
        return Say::tr("not known");
    if (then->value.contains(u"exists") && then->value.value(u"exists") != now->value.value(u"exists"))
        return then->value.value(u"exists").toBool() ? Say::tr("it was there") : Say::tr("it was not there");
    QStringList list;
    QJsonObject before = then->value, after = now->value;
    for (QJsonObject *one : { &before, &after }) // what we make of it, not what it is
        for (const QString &key : { QStringLiteral("inPlace"), QStringLiteral("ours") })
            one->remove(key);
    addDifferences(list, {}, before, after);
    constexpr int most = 5;
    if (list.size() > most)
        list = list.first(most) << Say::tr("…");
    return list.join(QStringLiteral(", "));
}

QString interrupted()
{
    return Say::tr("it was interrupted before its answer was written down");
}

} // namespace

StepWork::StepWork(const RunTools &tools, Journal &journal, const Step &step, std::function<void(const QString &)> note)
    : m_tools(tools)
    , m_journal(journal)
    , m_step(step)
    , m_kind(**tools.registry.find(step.operation.kind))
    , m_words(m_kind.describe(step.operation, tools.options.names))
    , m_note(std::move(note))
{
    m_clock.start();
}

Scope StepWork::scope() const
{
    return { m_tools.world, m_tools.stop, std::chrono::steady_clock::now() + m_tools.options.stepTimeout, m_note, m_tools.options.clock,
        m_tools.execution.uid, m_step.id,
        [this](const QString &step) -> std::optional<State> {
            const auto events = m_journal.events(m_tools.execution.id);
            if (!events)
                return std::nullopt;
            const StepRecord record = recordsOf(*events).value(step);
            return record.state == EventState::Done ? record.left : std::nullopt;
        },
        m_made, m_tools.execution.name, m_begun, m_undone };
}

Scope StepWork::settlingScope() const
{
    Scope scope = this->scope();
    scope.stop = {};
    scope.deadline = std::chrono::steady_clock::now() + m_tools.options.settleTimeout;
    return scope;
}

Result<State> StepWork::look(Scope scope) const
{
    return m_kind.look(m_step.operation, scope);
}

Event StepWork::event(EventState state) const
{
    Event event;
    event.execution = m_tools.execution.id;
    event.step = m_step.id;
    event.state = state;
    event.durationMs = m_clock.elapsed();
    return event;
}

Result<Done> StepWork::write(const QList<Event> &events)
{
    const std::lock_guard lock(m_tools.writing);
    return m_journal.append(events);
}

StepOutcome StepWork::outcome(StepState state) const
{
    StepOutcome outcome;
    outcome.stepId = m_step.id;
    outcome.state = state;
    outcome.elapsedMs = m_clock.elapsed();
    return outcome;
}

StepOutcome StepWork::failed(StepState state, const Error &error) const
{
    StepOutcome outcome = this->outcome(state);
    outcome.error = error;
    outcome.requestId = error.requestId;
    return outcome;
}

StepOutcome StepWork::failedRow(const Error &error, std::optional<State> seen)
{
    Event row = event(EventState::Failed);
    row.answer = error.text();
    row.requestId = error.requestId;
    row.seen = std::move(seen);
    // When this cannot be written the intent stays unsettled, which is the safe side.
    (void)write({ row });
    return failed(StepState::Failed, error);
}

StepOutcome StepWork::stopped()
{
    Event row = event(EventState::Skipped);
    row.answer = Say::tr("stopped on request");
    (void)write({ row });
    StepOutcome outcome = this->outcome(StepState::Skipped);
    outcome.note = row.answer;
    return outcome;
}

milliseconds StepWork::ageOf(const QDateTime &at) const
{
    return milliseconds(std::max<qint64>(0, at.msecsTo(m_tools.options.clock())));
}

StepWork::Sighting StepWork::settle(const Judge &reached, const Judge &untouched, bool byProof, milliseconds age, milliseconds within)
{
    within = std::max(within, m_kind.settlesWithin());
    if (m_note)
        m_note(Say::tr("no answer came; looking at what became of it"));
    QElapsedTimer clock;
    clock.start();
    const ExecuteOptions &options = m_tools.options;
    Sighting last { Settled::Unseen };
    while (true) {
        const auto now = look(settlingScope());
        const milliseconds waited(clock.elapsed());
        if (now) {
            last = { Settled::Unseen, *now };
            if (reached(*now))
                return { Settled::Reached, *now };
            if (untouched(*now)) {
                if (age + waited >= within)
                    return { Settled::Untouched, *now };
            } else if (byProof) {
                // Something is on its way, or somebody else was here: the proof waits for the one and says the other.
                byProof = false;
                Scope proving = scope();
                const auto proof = m_kind.prove(m_step.operation, proving);
                if (!proof)
                    return { Settled::Neither, *now, proof.error() };
                continue;
            } else if (waited >= options.settleTimeout) {
                return { Settled::Neither, *now };
            }
        } else {
            last.error = now.error();
        }
        // A creation that may show late is waited for, but not by somebody who wants to stop: the next run looks again.
        const milliseconds late = m_tools.stop.stop_requested() ? milliseconds(0) : within - age;
        if (waited >= std::max(options.settleTimeout, late))
            return last;
        (void)core::sleepFor(options.pause, {});
    }
}

StepWork::Sighting StepWork::settleDeed(const State &before, milliseconds age, milliseconds within)
{
    return settle([this](const State &now) { return m_kind.satisfied(m_step.operation, now); },
        [&](const State &now) { return m_kind.same(m_step.operation, before, now); }, true, age, within);
}

StepWork::Sighting StepWork::settleRevert(const State &before, const State &left, milliseconds age)
{
    return settle([&](const State &now) { return m_kind.same(m_step.operation, before, now); },
        [&](const State &now) { return m_kind.same(m_step.operation, left, now); }, false, age);
}

StepOutcome StepWork::afterUnanswered(const Sighting &seen, const State &before, const Error &error)
{
    Event row = event(EventState::Unknown);
    row.seen = seen.now;
    Error said = error;
    if (seen.settled == Settled::Neither)
        said.answer = Say::tr("%1; since then %2").arg(error.answer, differenceOf(before, seen.now));
    else
        said.answer = Say::tr("%1; and what became of it could not be seen").arg(error.answer);
    if (seen.error)
        said.answer += QStringLiteral(" (") + seen.error->text() + u')';
    said.remedy = Say::tr("Resume the execution: it looks again before it does anything.");
    row.answer = said.text();
    row.requestId = said.requestId;
    (void)write({ row });
    return failed(StepState::Unknown, said);
}

StepOutcome StepWork::finish(const Receipt &receipt)
{
    Scope proving = scope();
    auto evidence = m_kind.prove(m_step.operation, proving);
    const bool isStopped = !evidence && evidence.error().kind == ErrorKind::Cancelled;
    if (isStopped) { // what holds already is proven all the same; what is on its way is not waited for
        Scope once = settlingScope();
        once.deadline = std::min(once.deadline, std::chrono::steady_clock::now() + stoppedProof);
        if (auto proof = m_kind.prove(m_step.operation, once))
            evidence = std::move(proof);
    }
    const auto now = look(settlingScope());
    if (!evidence || !now) {
        // What was answered but cannot be seen, or was not waited for, is looked at again by the next run.
        const Error error = evidence ? now.error() : evidence.error();
        const bool open = (isStopped && !evidence) || !now;
        Event row = event(open ? EventState::Unknown : EventState::Failed);
        if (now)
            row.seen = *now;
        row.answer = error.text();
        row.requestId = receipt.requestId;
        (void)write({ row });
        return failed(open ? StepState::Unknown : StepState::Failed, error);
    }
    Event row = event(EventState::Done);
    row.seen = *now;
    row.answer = receipt.answer;
    row.requestId = receipt.requestId;
    row.evidence = *evidence;
    if (const auto written = write({ row }); !written)
        return failed(StepState::Unknown, written.error());
    StepOutcome outcome = this->outcome(StepState::Done);
    outcome.evidence = *evidence;
    outcome.requestId = receipt.requestId;
    outcome.note = evidence->text;
    return outcome;
}

StepOutcome StepWork::finishSeen(const Sighting &seen, const Receipt &receipt)
{
    if (m_made.isEmpty() && seen.now && !seen.now->made.isEmpty()) {
        m_made = seen.now->made;
        Event row = event(EventState::Sent);
        row.seen = State { m_made, {} };
        if (const auto written = write({ row }); !written)
            return failed(StepState::Unknown, written.error());
    }
    return finish(receipt);
}

std::optional<StepOutcome> StepWork::settleEarlier(const StepRecord &record)
{
    if (!record.isUnsettled())
        return std::nullopt;
    const State before = record.before.value_or(State {});
    const Sighting seen = settleDeed(before, ageOf(record.intentAt));
    if (seen.settled == Settled::Reached)
        return finishSeen(seen, { record.answer, record.requestId });
    if (seen.settled != Settled::Untouched)
        return afterUnanswered(seen, before, Error::make(ErrorKind::Network, m_words.title, m_words.subject, interrupted()));
    Event row = event(EventState::Failed);
    row.answer = Say::tr("It was interrupted; looked at: nothing of it was done.");
    if (const auto written = write({ row }); !written)
        return failed(StepState::Unknown, written.error());
    return std::nullopt;
}

StepOutcome StepWork::settleOnly(const StepRecord &record)
{
    m_made = record.made;
    m_begun = true;
    if (auto settled = settleEarlier(record))
        return *settled;
    StepOutcome outcome = this->outcome(record.state == EventState::Done ? StepState::Done : StepState::Waiting);
    return outcome;
}

StepOutcome StepWork::lookOn()
{
    Scope proving = scope();
    const auto evidence = m_kind.prove(m_step.operation, proving);
    if (!evidence)
        return evidence.error().kind == ErrorKind::Cancelled ? stopped() : failedRow(evidence.error());
    Event row = event(EventState::Done);
    row.evidence = *evidence;
    if (const auto now = look(settlingScope())) // for those who ask what it left
        row.seen = *now;
    if (const auto written = write({ row }); !written)
        return failed(StepState::Failed, written.error());
    StepOutcome outcome = this->outcome(StepState::Done);
    outcome.evidence = *evidence;
    outcome.note = evidence->text;
    return outcome;
}

StepOutcome StepWork::carryOut(const StepRecord &record)
{
    m_made = record.made;
    m_begun = record.intent != 0;
    if (!m_kind.changes())
        return lookOn();
    // Sent by an earlier run, or about to be: settled before anything is tried again.
    if (auto settled = settleEarlier(record))
        return *settled;
    Change change;
    change.isThere = [&](const State &now) { return m_kind.satisfied(m_step.operation, now); };
    change.judge = [&](const State &now) -> std::optional<StepOutcome> {
        if (!m_kind.satisfied(m_step.operation, now))
            return std::nullopt;
        if (record.acted) // by an earlier run, which did not see it
            return finish({ record.answer, record.requestId });
        Event row = event(EventState::Done);
        row.seen = now;
        row.answer = m_kind.whyNothing(m_step.operation, now, m_tools.options.names);
        if (const auto written = write({ row }); !written)
            return failed(StepState::Failed, written.error());
        StepOutcome outcome = this->outcome(StepState::Done);
        outcome.note = row.answer;
        return outcome;
    };
    change.make = [&](const State &now) -> Result<StepOutcome> {
        Scope acting = scope();
        const auto receipt = m_kind.act(m_step.operation, now, acting);
        if (!receipt)
            return core::fail(receipt.error());
        Event row = event(EventState::Sent);
        row.at = answered();
        row.answer = receipt->answer;
        row.requestId = receipt->requestId;
        if (!receipt->made.isEmpty()) {
            m_made = receipt->made;
            row.seen = State { m_made, {} };
        }
        if (const auto written = write({ row }); !written)
            return failed(StepState::Unknown, written.error());
        return finish(*receipt);
    };
    change.settle = [&](const State &now, milliseconds age) { return settleDeed(now, age); };
    change.reached = [&](const Sighting &seen, const Error &error) {
        (void)answered(); // by what is there
        return finishSeen(seen, { error.answer, error.requestId });
    };
    return make(change, unansweredOf(record));
}

std::optional<StepWork::Unanswered> StepWork::unansweredOf(const StepRecord &record) const
{
    if (!record.isUnsettled())
        return std::nullopt;
    Error error = Error::make(ErrorKind::Network, m_words.title, m_words.subject, record.answer.isEmpty() ? interrupted() : record.answer);
    error.requestId = record.requestId;
    return Unanswered { record.before.value_or(State {}), error };
}

QDateTime StepWork::answered() const
{
    const QDateTime now = m_tools.options.clock();
    if (m_tools.options.onAnswered)
        m_tools.options.onAnswered(m_step.id, now);
    return now;
}

StepOutcome StepWork::make(const Change &change, std::optional<Unanswered> unanswered)
{
    for (int attempt = 1;; ++attempt) {
        const auto now = look(scope());
        if (!now)
            return now.error().kind == ErrorKind::Cancelled ? stopped() : failedRow(now.error());
        if (unanswered && change.isThere && change.isThere(*now)) {
            Event late = event(EventState::Intent); // of that attempt, which was taken for one that came to nothing
            late.seen = unanswered->before;
            if (const auto written = write({ late }); !written)
                return failed(StepState::Unknown, written.error());
            return change.reached({ Settled::Reached, *now }, unanswered->error);
        }
        if (const auto over = change.judge(*now))
            return *over;
        if (m_tools.stop.stop_requested())
            return stopped();
        Event intent = event(EventState::Intent);
        intent.seen = *now;
        if (const auto written = write({ intent }); !written)
            return failed(StepState::Failed, written.error()); // not journalled, not done
        m_begun = true;
        const auto answered = change.make(*now);
        if (answered)
            return *answered;
        const Error error = answered.error();
        // A refusal after an attempt that nobody answered may be that one's doing: "there is one of this name already".
        if (!isUnanswered(error.kind) && !unanswered) {
            const StepOutcome refused = failedRow(error);
            const milliseconds wait = std::max(m_tools.options.pause, milliseconds(error.retryAfterMs));
            const bool again = error.kind == ErrorKind::Throttled && attempt < m_tools.options.attempts;
            if (!again || !core::sleepFor(wait, m_tools.stop))
                return refused;
            continue;
        }
        if (!unanswered)
            unanswered = Unanswered { *now, error };
        Event unknown = event(EventState::Unknown);
        unknown.answer = error.text();
        unknown.requestId = error.requestId;
        (void)write({ unknown });
        const Sighting seen = change.settle(*now, milliseconds(0)); // it may still be on its way
        if (seen.settled == Settled::Reached)
            return change.reached(seen, error);
        if (seen.settled != Settled::Untouched)
            return afterUnanswered(seen, *now, error);
        const StepOutcome notDone = failedRow(error);
        if (error.kind == ErrorKind::Cancelled)
            return stopped();
        if (!isUnanswered(error.kind))
            return notDone;
        if (attempt >= m_tools.options.attempts || !core::sleepFor(m_tools.options.pause, m_tools.stop))
            return notDone;
    }
}

StepOutcome StepWork::undone(qint64 execution, const QString &answer, const Evidence &evidence, const std::optional<State> &now)
{
    Event row = event(EventState::Done);
    row.answer = answer;
    row.evidence = evidence;
    row.seen = now;
    Event there = row;
    there.execution = execution;
    there.state = EventState::Undone;
    if (const auto written = write({ row, there }); !written)
        return failed(StepState::Unknown, written.error());
    StepOutcome outcome = this->outcome(StepState::Done);
    outcome.note = answer;
    outcome.evidence = evidence;
    return outcome;
}

StepOutcome StepWork::stays(qint64 execution, const QString &why)
{
    Event there = event(EventState::GivenUp);
    there.execution = execution;
    there.answer = why;
    Event row = event(EventState::Skipped);
    row.answer = why;
    if (const auto written = write({ row, there }); !written)
        return failed(StepState::Failed, written.error());
    StepOutcome outcome = this->outcome(StepState::Done);
    outcome.note = Say::tr("stays: %1").arg(why);
    return outcome;
}

Error StepWork::undoError(ErrorKind kind, const QString &answer, const QString &remedy) const
{
    return Error::make(kind, Say::tr("take back “%1”").arg(m_words.title), m_words.subject, answer, remedy);
}

StepOutcome StepWork::refuseUndo(const StepRecord &deed, const State &now)
{
    return failedRow(undoError(ErrorKind::Precondition,
        Say::tr("it is neither as it was (%1) nor as we left it (%2)").arg(differenceOf(deed.before, now), differenceOf(deed.left, now)),
        m_words.undo.isEmpty() ? Say::tr("Put it back by hand, or give this step up with a reason.")
                               : Say::tr("Put it back by hand (%1), or give this step up with a reason.").arg(m_words.undo)));
}

StepOutcome StepWork::takeBack(qint64 undoneExecution, const StepRecord &deed, const StepRecord &record)
{
    if (!deed.isToUndo()) {
        StepOutcome outcome = this->outcome(StepState::Done);
        outcome.note
            = deed.state == EventState::GivenUp ? Say::tr("given up: %1").arg(deed.answer) : Say::tr("nothing is to be taken back");
        return outcome;
    }
    const auto execution = m_journal.execution(undoneExecution);
    if (!execution)
        return failed(StepState::Failed, execution.error());
    m_made = deed.made;
    m_begun = true;
    m_undone = execution->uid;
    const Operation &operation = m_step.operation;
    const State before = deed.before.value_or(State {});
    // What is on its way, there or back, is waited for; what it came to is judged below.
    if (record.isUnsettled() && record.before) {
        const Sighting seen = settleRevert(before, *record.before, ageOf(record.intentAt));
        if (seen.settled == Settled::Unseen)
            return afterUnanswered(seen, before, undoError(ErrorKind::Network, interrupted()));
    }
    if (deed.isUnsettled()) {
        // What nobody answered may still come, and nothing would hold it off an object that is as it was.
        const Sighting seen
            = settleDeed(before, ageOf(deed.intentAt), deed.state == EventState::Sent ? milliseconds(0) : m_tools.options.lateWithin);
        if (seen.settled == Settled::Reached && m_made.isEmpty())
            m_made = seen.now->made;
        if (seen.settled == Settled::Unseen)
            return failedRow(seen.error.value_or(
                undoError(ErrorKind::Precondition, Say::tr("what became of it cannot be seen yet"), Say::tr("Try again."))));
    }
    Change change;
    change.judge = [&](const State &now) -> std::optional<StepOutcome> {
        if (m_kind.same(operation, before, now))
            return undone(undoneExecution, Say::tr("is as it was"), {}, now);
        if (!(deed.left ? m_kind.same(operation, *deed.left, now) : m_kind.satisfied(operation, now))) {
            const QString why = m_kind.whyGone(operation, before, now);
            return why.isEmpty() ? refuseUndo(deed, now) : stays(undoneExecution, why);
        }
        return m_words.keeps.isEmpty() ? std::nullopt : std::optional(stays(undoneExecution, m_words.keeps));
    };
    change.make = [&](const State &now) -> Result<StepOutcome> {
        Scope reverting = scope();
        const auto evidence = m_kind.revert(operation, before, now, reverting);
        if (!evidence)
            return core::fail(evidence.error());
        const auto after = look(settlingScope());
        return undone(undoneExecution, evidence->text, *evidence, after ? std::optional(*after) : std::nullopt);
    };
    change.settle = [&](const State &now, milliseconds age) { return settleRevert(before, now, age); };
    change.reached = [&](const Sighting &seen, const Error &) { return undone(undoneExecution, Say::tr("was taken back"), {}, seen.now); };
    return make(change, unansweredOf(record));
}

} // namespace catamaran::ops
