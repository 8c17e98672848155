// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/journal.h"

#include "ops/purpose.h"
#include "ops/say.h"
#include "store/columns.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QSet>
#include <QSqlQuery>
#include <QUuid>

#include <algorithm>
#include <array>
#include <mutex>

namespace catamaran::ops {

using core::Done;
using core::ErrorKind;
using core::Result;
using store::compact;
using store::moment;
using store::momentOf;
using store::objectOf;
using store::some;

namespace {

constexpr std::array executionStates { "running", "done", "failed", "stopped", "undo-due", "undone" };
constexpr std::array eventStates { "planned", "intent", "sent", "done", "failed", "unknown", "undone", "skipped", "given-up" };

const QString executionColumns
    = QStringLiteral("id, uid, at, environment, purpose, name, plan, undoes, state, host, boot, pid, started, heartbeat, ended");
/// The execution runs, and this process is its owner.
const QString ours = QStringLiteral("state = 'running' AND host = ? AND boot = ? AND pid = ? AND started = ?");

QVariantList ownerValues()
{
    const Owner &self = Owner::self();
    return { self.host, self.boot, self.pid, self.started };
}

/// What this process works on, for the process table cannot tell what a process still does.
class Active {
public:
    void insert(const QString &file, qint64 id)
    {
        const std::lock_guard lock(m_mutex);
        m_entries.insert({ key(file), id });
    }
    void remove(const QString &file, qint64 id)
    {
        const std::lock_guard lock(m_mutex);
        m_entries.remove({ key(file), id });
    }
    [[nodiscard]] bool contains(const QString &file, qint64 id) const
    {
        const std::lock_guard lock(m_mutex);
        return m_entries.contains({ key(file), id });
    }

private:
    static QString key(const QString &file) { return QFileInfo(file).absoluteFilePath(); }

    mutable std::mutex m_mutex;
    QSet<std::pair<QString, qint64>> m_entries;
};

Active &active()
{
    static Active active;
    return active;
}

template <typename State, std::size_t Count>
State stateOf(const std::array<const char *, Count> &names, const QString &name, State otherwise)
{
    for (std::size_t i = 0; i < Count; ++i)
        if (name == QLatin1String(names[i]))
            return State(i);
    return otherwise;
}

QJsonObject evidenceJson(const Evidence &evidence)
{
    if (evidence.text.isEmpty() && evidence.source.isEmpty())
        return {};
    return { { QStringLiteral("text"), evidence.text }, { QStringLiteral("source"), evidence.source },
        { QStringLiteral("at"), evidence.at.toUTC().toString(Qt::ISODateWithMs) } };
}

Evidence evidenceOf(const QJsonObject &object)
{
    return { object[u"text"].toString(), object[u"source"].toString(), QDateTime::fromString(object[u"at"].toString(), Qt::ISODateWithMs) };
}

Execution executionOf(const QSqlQuery &row)
{
    const auto text = [&](int column) { return row.value(column).toString(); };
    const auto number = [&](int column) { return row.value(column).toLongLong(); };
    Execution execution;
    execution.id = number(0);
    execution.uid = text(1);
    execution.at = momentOf(row.value(2));
    execution.environment = text(3);
    execution.purpose = text(4);
    execution.name = text(5);
    execution.plan = objectOf(row.value(6));
    execution.undoes = number(7);
    execution.state = stateOf(executionStates, text(8), ExecutionState::Failed);
    execution.owner = { text(9), text(10), number(11), number(12) };
    if (number(13) != 0)
        execution.heartbeat = momentOf(row.value(13));
    if (number(14) != 0)
        execution.ended = momentOf(row.value(14));
    return execution;
}

Event eventOf(const QSqlQuery &row, qint64 execution)
{
    Event event;
    event.id = row.value(0).toLongLong();
    event.execution = execution;
    event.step = row.value(1).toString();
    event.at = momentOf(row.value(2));
    event.state = stateOf(eventStates, row.value(3).toString(), EventState::Failed);
    if (const QJsonObject seen = objectOf(row.value(4)); !seen.isEmpty())
        event.seen = State::fromJson(seen);
    event.answer = row.value(5).toString();
    event.requestId = row.value(6).toString();
    event.evidence = evidenceOf(objectOf(row.value(7)));
    event.durationMs = row.value(8).toLongLong();
    return event;
}

const QString eventColumns = QStringLiteral("execution, step, at, state, seen, answer, request_id, evidence, duration_ms");

QVariantList valuesOf(const Event &event, const core::Clock &clock)
{
    return { event.execution, some(event.step), moment(event.at.isValid() ? event.at : clock()), stateName(event.state),
        compact(event.seen ? event.seen->toJson() : QJsonObject()), some(event.answer), some(event.requestId),
        compact(evidenceJson(event.evidence)), event.durationMs };
}

QString titleOf(const QString &purpose, const QString &name)
{
    return name.isEmpty() ? purpose : purpose + u' ' + name;
}

QString sinceText(const QDateTime &at)
{
    return at.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

QMap<QString, QString> subjectsOf(const QJsonObject &plan)
{
    QMap<QString, QString> subjects; // by step
    const QJsonArray steps = plan[u"steps"].toArray();
    for (const QJsonValue &step : steps)
        if (const QString subject = step[u"subject"].toString(); !subject.isEmpty())
            subjects.insert(step[u"id"].toString(), subject);
    return subjects;
}

/// The first subject of @p wanted that a step of @p taken touches, which @p counts; empty when there is none.
QString firstOverlap(
    const QMap<QString, QString> &wanted, const QMap<QString, QString> &taken, const std::function<bool(const QString &step)> &counts)
{
    for (auto held = taken.cbegin(); held != taken.cend(); ++held) {
        if (!counts(held.key()))
            continue;
        for (const QString &subject : wanted)
            if (overlaps(subject, held.value()))
                return subject;
    }
    return {};
}

tl::unexpected<core::Error> conflict(
    const QString &code, const QString &tried, const QString &target, const QString &answer, const QString &remedy)
{
    core::Error error = core::Error::make(ErrorKind::Conflict, tried, target, answer, remedy);
    error.code = code;
    return core::fail(std::move(error));
}

} // namespace

QString stateName(ExecutionState state)
{
    return QLatin1String(executionStates.at(std::size_t(state)));
}

QString stateName(EventState state)
{
    return QLatin1String(eventStates.at(std::size_t(state)));
}

QString Execution::title() const
{
    return titleOf(purpose, name);
}

bool overlaps(const QString &a, const QString &b)
{
    if (a.isEmpty() || b.isEmpty())
        return false;
    const auto within = [](const QString &inner, const QString &outer) {
        return inner.startsWith(outer) && (inner.size() == outer.size() || inner.at(outer.size()) == u'/');
    };
    return within(a, b) || within(b, a);
}

QMap<QString, StepRecord> recordsOf(const QList<Event> &events)
{
    QMap<QString, StepRecord> records;
    struct Attempt { // the newest: what was before it, should it come to nothing
        bool open = false, actedBefore = false;
        std::optional<State> leftBefore;
    };
    QMap<QString, Attempt> attempts;
    for (const Event &event : events) {
        StepRecord &record = records[event.step];
        Attempt &attempt = attempts[event.step];
        if (!event.requestId.isEmpty())
            record.requestId = event.requestId;
        record.answer = event.answer;
        switch (event.state) {
        case EventState::Intent:
            attempt = { true, record.acted, record.left };
            // Another attempt after one that left something: what is taken back in the end is both.
            if (!record.acted)
                record.before = event.seen;
            record.acted = true;
            record.left.reset();
            record.intent = event.id;
            record.intentAt = event.at;
            break;
        case EventState::Done:
            record.left = event.seen;
            attempt.open = false;
            break;
        case EventState::Failed:
            if (record.state == EventState::Sent || event.seen) {
                record.left = event.seen; // sent, and left so
            } else if (attempt.open) { // refused, or looked at and not done: this attempt, and no other
                record.acted = attempt.actedBefore;
                record.left = attempt.leftBefore;
            } // else it could not even be looked at: that says nothing of what was done
            attempt.open = false;
            break;
        case EventState::Undone:
            record.acted = false;
            attempt.open = false;
            break;
        case EventState::Sent:
            if (event.seen)
                record.made = event.seen->value;
            break;
        case EventState::Planned:
        case EventState::Unknown: // what is seen then may be somebody else's
        case EventState::Skipped:
        case EventState::GivenUp: break;
        }
        // Skipped says something of this run, not of what an earlier one left.
        if (event.state != EventState::Skipped || !record.acted)
            record.state = event.state;
    }
    return records;
}

Journal::Journal(std::shared_ptr<store::Database> database, core::Clock clock)
    : m_database(std::move(database))
    , m_clock(std::move(clock))
{
}

Result<Journal> Journal::open(const QString &databaseFile, core::Clock clock)
{
    auto database = store::Database::open(databaseFile);
    if (!database)
        return core::fail(database.error());
    // No page is remembered: what the disk has counts, and a file that was spoilt is noticed at the next row.
    if (const auto set = (*database)->run(Say::tr("read the journal"), QStringLiteral("PRAGMA cache_size = 0")); !set)
        return core::fail(set.error());
    return Journal(*database, std::move(clock));
}

Result<Journal> Journal::openToRescue(const QString &databaseFile)
{
    return store::Database::open(databaseFile, store::Database::Opening::ToRescue)
        .map([](const std::shared_ptr<store::Database> &database) { return Journal(database, core::systemClock()); });
}

Result<QList<Execution>> Journal::select(const QString &tried, const QString &condition, const QVariantList &values) const
{
    QList<Execution> list;
    return m_database
        ->forEach(tried, QStringLiteral("SELECT %1 FROM execution %2").arg(executionColumns, condition), values,
            [&](const QSqlQuery &row) {
                list.append(executionOf(row));
                return true;
            })
        .map([&](Done) { return list; });
}

Result<QList<Execution>> Journal::executions(int limit, const QString &environment) const
{
    return select(Say::tr("read the journal"), QStringLiteral("WHERE ? = '' OR environment = ? ORDER BY id DESC LIMIT ?"),
        { some(environment), some(environment), limit });
}

Result<QList<Stamp>> Journal::stamps(int limit, const QString &environment) const
{
    QList<Stamp> list;
    return m_database
        ->forEach(Say::tr("read the journal"),
            QStringLiteral("SELECT id, state, (SELECT coalesce(max(e.id), 0) FROM event e WHERE e.execution = execution.id) FROM execution "
                           "WHERE ? = '' OR environment = ? ORDER BY id DESC LIMIT ?"),
            { some(environment), some(environment), limit },
            [&](const QSqlQuery &row) {
                list.append({ row.value(0).toLongLong(), stateOf(executionStates, row.value(1).toString(), ExecutionState::Failed),
                    row.value(2).toLongLong() });
                return true;
            })
        .map([&](Done) { return list; });
}

Result<Execution> Journal::execution(qint64 id) const
{
    const QString tried = Say::tr("read the journal");
    const auto found = select(tried, QStringLiteral("WHERE id = ?"), { id });
    if (!found)
        return core::fail(found.error());
    if (found->isEmpty())
        return core::fail(ErrorKind::NotFound, tried, m_database->file(), Say::tr("there is no execution %1").arg(id));
    return found->first();
}

Result<QList<Event>> Journal::events(qint64 execution) const
{
    QList<Event> list;
    return m_database
        ->forEach(Say::tr("read the journal"),
            QStringLiteral(
                "SELECT id, step, at, state, seen, answer, request_id, evidence, duration_ms FROM event WHERE execution = ? ORDER BY id"),
            { execution },
            [&](const QSqlQuery &row) {
                list.append(eventOf(row, execution));
                return true;
            })
        .map([&](Done) { return list; });
}

bool Journal::isAlive(const Execution &execution) const
{
    if (execution.owner == Owner::self())
        return active().contains(m_database->file(), execution.id);
    return ops::isAlive(execution.owner, execution.heartbeat, m_clock());
}

Result<QList<Execution>> Journal::interrupted(const QString &environment) const
{
    auto list
        = select(Say::tr("read the journal"), QStringLiteral("WHERE state = 'running' AND (? = '' OR environment = ?) ORDER BY id DESC"),
            { some(environment), some(environment) });
    if (list)
        list->erase(std::remove_if(list->begin(), list->end(), [this](const Execution &one) { return isAlive(one); }), list->end());
    return list;
}

Result<QList<Execution>> Journal::undoDue(const QString &environment) const
{
    auto list = select(Say::tr("read the journal"),
        QStringLiteral(
            "WHERE state IN ('undo-due', 'running') AND (state = 'undo-due' OR purpose IN (?, ?)) AND (? = '' OR environment = ?) ORDER BY id DESC"),
        { drillPurpose, probePurpose, some(environment), some(environment) });
    if (list)
        list->erase(std::remove_if(list->begin(), list->end(),
                        [this](const Execution &one) { return one.state == ExecutionState::Running && isAlive(one); }),
            list->end());
    return list;
}

namespace {

/// Of a step that nothing but "skipped" has followed, sent or about to be and not looked at.
const QString hasUnsettled = QStringLiteral(
    "host <> '' AND EXISTS (SELECT 1 FROM event e WHERE e.execution = execution.id AND e.state IN ('intent', 'sent', "
    "'unknown') AND e.id = (SELECT max(id) FROM event WHERE execution = e.execution AND step = e.step AND state <> 'skipped'))");

} // namespace

Result<QList<Execution>> Journal::unsettled(const QString &environment) const
{
    auto list = select(Say::tr("read the journal"),
        QStringLiteral(
            "WHERE state IN ('running', 'failed', 'stopped', 'undo-due') AND (? = '' OR environment = ?) AND %1 ORDER BY id DESC")
            .arg(hasUnsettled),
        { some(environment), some(environment) });
    if (list)
        list->erase(std::remove_if(list->begin(), list->end(),
                        [this](const Execution &one) { return one.state == ExecutionState::Running && isAlive(one); }),
            list->end());
    return list;
}

Result<QList<Execution>> Journal::held(const QString &environment) const
{
    auto list
        = select(Say::tr("read the journal"), QStringLiteral("WHERE state = 'running' AND (? = '' OR environment = ?) ORDER BY id DESC"),
            { some(environment), some(environment) });
    if (list)
        list->erase(std::remove_if(list->begin(), list->end(), [this](const Execution &one) { return !isAlive(one); }), list->end());
    return list;
}

Result<std::optional<Execution>> Journal::marking(const QString &uid, const QString &step) const
{
    // An adopted one has the uid of the other journal's, and its steps: see adopt().
    const auto found = select(Say::tr("read the journal"),
        QStringLiteral("WHERE uid = ? OR substr(uid, 1, length(?) + 1) = ? || '/' ORDER BY id DESC"), { uid, uid, uid });
    if (!found)
        return core::fail(found.error());
    for (const Execution &one : *found) {
        const QJsonArray steps = one.plan[u"steps"].toArray();
        if (std::any_of(steps.begin(), steps.end(), [&](const QJsonValue &known) { return known[u"id"].toString() == step; }))
            return std::optional(one);
    }
    return std::optional<Execution>();
}

Result<Done> Journal::whyNotFree(const NewExecution &wanted, qint64 self) const
{
    const QString tried = Say::tr("begin “%1”").arg(titleOf(wanted.purpose, wanted.name));
    const auto others = select(tried,
        QStringLiteral(
            "WHERE environment = ? AND id <> ? AND (state = 'running' OR (state = 'undo-due' AND purpose IN (?, ?)) OR (state IN ('failed', 'stopped', 'undo-due') AND %1)) ORDER BY id")
            .arg(hasUnsettled),
        { some(wanted.environment), self, drillPurpose, probePurpose });
    if (!others)
        return core::fail(others.error());
    const QMap<QString, QString> subjects = subjectsOf(wanted.plan);
    for (const Execution &other : *others) {
        const bool runs = other.state == ExecutionState::Running && isAlive(other);
        if (other.id == wanted.undoes && (wanted.held || !runs))
            continue; // who takes an execution back may hold it
        if (!runs && wanted.undoes != 0 && other.undoes == wanted.undoes)
            continue; // an earlier undo of the same, which this one goes on with
        if (runs) {
            QString subject = firstOverlap(subjects, subjectsOf(other.plan), [](const QString &) { return true; });
            if (subject.isEmpty() && (other.id == wanted.undoes || (wanted.undoes != 0 && other.undoes == wanted.undoes)))
                subject = wanted.environment;
            if (!subject.isEmpty())
                return conflict(QStringLiteral("Held"), tried, subject,
                    Say::tr("“%1” (execution %2) holds it since %3; it is run by %4")
                        .arg(other.title(), QString::number(other.id), sinceText(other.at), other.owner.text()),
                    Say::tr("Wait until it ends, or stop it there."));
            continue;
        }
        const auto happened = events(other.id);
        if (!happened)
            return core::fail(happened.error());
        const auto records = recordsOf(*happened);
        QString step;
        const bool isBroken = isTakenBack(other.purpose); // and not put back
        const QString subject = firstOverlap(subjects, subjectsOf(other.plan), [&](const QString &id) {
            step = id;
            return records.value(id).isUnsettled() || (isBroken && records.value(id).isToUndo());
        });
        if (!subject.isEmpty() && !records.value(step).isUnsettled())
            return conflict(QStringLiteral("Unrestored"), tried, subject,
                (other.purpose == probePurpose ? Say::tr("“%1” (execution %2) made it at %3, and it is not taken away yet")
                                               : Say::tr("“%1” (execution %2) broke it on purpose at %3, and that is not put back yet"))
                    .arg(other.title(), QString::number(other.id), sinceText(records.value(step).intentAt)),
                Say::tr("Undo execution %1 first, or give its step %2 up.").arg(QString::number(other.id), step));
        if (!subject.isEmpty())
            return conflict(QStringLiteral("Unsettled"), tried, subject,
                Say::tr("“%1” (execution %2) was interrupted there at %3, and nobody has looked since what became of its step %4")
                    .arg(other.title(), QString::number(other.id), sinceText(records.value(step).intentAt), step),
                Say::tr("Resume execution %1, undo it, or give that step up.").arg(other.id));
    }
    return Done {};
}

Result<Execution> Journal::begin(const NewExecution &wanted)
{
    const QString tried = Say::tr("write the journal");
    Execution execution;
    execution.uid = QUuid::createUuid().toString(QUuid::WithoutBraces);
    execution.at = m_clock();
    execution.heartbeat = execution.at;
    execution.environment = wanted.environment;
    execution.purpose = wanted.purpose;
    execution.name = wanted.name;
    execution.plan = wanted.plan;
    execution.undoes = wanted.undoes;
    execution.owner = Owner::self();
    const auto begun = m_database->transaction(tried, [&]() -> Result<Done> {
        if (auto free = whyNotFree(wanted, 0); !free)
            return free;
        const auto row = m_database->run(tried,
            QStringLiteral(
                "INSERT INTO execution (uid, at, environment, purpose, name, plan, undoes, state, host, boot, pid, started, heartbeat, ended) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?, 0)"),
            QVariantList { execution.uid, moment(execution.at), some(wanted.environment), some(wanted.purpose), some(wanted.name),
                compact(wanted.plan), wanted.undoes }
                + ownerValues() + QVariantList { moment(execution.at) });
        if (!row)
            return core::fail(row.error());
        execution.id = row->lastInsertId().toLongLong();
        const auto planned = m_database->run(tried,
            QStringLiteral("INSERT INTO event (execution, step, at, state, seen, answer, request_id, evidence, duration_ms) "
                           "SELECT ?, json_extract(value, '$.id'), ?, 'planned', '{}', '', '', '{}', -1 FROM json_each(?, '$.steps')"),
            { execution.id, moment(execution.at), compact(wanted.plan) });
        if (!planned)
            return core::fail(planned.error());
        if (wanted.undoes == 0 || wanted.held)
            return Done {};
        // From here on what it did is being taken back, until that is complete.
        return m_database->run(tried, QStringLiteral("UPDATE execution SET state = 'undo-due' WHERE id = ?"), { wanted.undoes })
            .map([](const QSqlQuery &) { return Done {}; });
    });
    if (!begun)
        return core::fail(begun.error());
    active().insert(m_database->file(), execution.id);
    return execution;
}

Result<Execution> Journal::claim(qint64 id, bool held)
{
    const QString tried = Say::tr("take over execution %1").arg(id);
    Execution execution;
    const auto claimed = m_database->transaction(tried, [&]() -> Result<Done> {
        const auto found = this->execution(id);
        if (!found)
            return core::fail(found.error());
        execution = *found;
        if (execution.state == ExecutionState::Running && isAlive(execution))
            return conflict(QStringLiteral("Held"), tried, execution.environment,
                Say::tr("“%1” runs since %2; it is run by %3").arg(execution.title(), sinceText(execution.at), execution.owner.text()),
                Say::tr("Wait until it ends, or stop it there."));
        const bool open = execution.state == ExecutionState::Running || execution.state == ExecutionState::Failed
            || execution.state == ExecutionState::Stopped;
        if (!open)
            return core::fail(ErrorKind::Precondition, tried, execution.title(), Say::tr("it is over: %1").arg(stateName(execution.state)));
        if (auto free
            = whyNotFree({ execution.environment, execution.purpose, execution.name, execution.plan, execution.undoes, held }, id);
            !free)
            return free;
        execution.owner = Owner::self();
        execution.heartbeat = m_clock();
        execution.state = ExecutionState::Running;
        return m_database
            ->run(tried,
                QStringLiteral(
                    "UPDATE execution SET state = 'running', host = ?, boot = ?, pid = ?, started = ?, heartbeat = ?, ended = 0 WHERE id = ?"),
                ownerValues() + QVariantList { moment(execution.heartbeat), id })
            .map([](const QSqlQuery &) { return Done {}; });
    });
    if (!claimed)
        return core::fail(claimed.error());
    active().insert(m_database->file(), id);
    return execution;
}

Result<Done> Journal::heartbeat(qint64 id)
{
    const QString tried = Say::tr("keep execution %1").arg(id);
    const auto beat = m_database->run(tried, QStringLiteral("UPDATE execution SET heartbeat = ? WHERE id = ? AND %1").arg(ours),
        QVariantList { moment(m_clock()), id } + ownerValues());
    if (!beat)
        return core::fail(beat.error());
    if (beat->numRowsAffected() < 1)
        return conflict(QStringLiteral("TakenOver"), tried, m_database->file(), Say::tr("another process has taken it over"), {});
    return Done {};
}

Result<Done> Journal::insert(const Event &event)
{
    const QString tried = Say::tr("write the journal");
    const auto written = m_database->run(tried,
        QStringLiteral(
            "INSERT INTO event (%1) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM execution WHERE (id = ? OR undoes = ?) AND %2)")
            .arg(eventColumns, ours),
        valuesOf(event, m_clock) + QVariantList { event.execution, event.execution } + ownerValues());
    if (!written)
        return core::fail(written.error());
    if (written->numRowsAffected() < 1)
        return conflict(QStringLiteral("TakenOver"), tried, Say::tr("execution %1").arg(event.execution),
            Say::tr("another process has taken it over"), {});
    return Done {};
}

Result<Done> Journal::insertAnyway(const Event &event)
{
    return m_database
        ->run(Say::tr("write the journal"), QStringLiteral("INSERT INTO event (%1) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)").arg(eventColumns),
            valuesOf(event, m_clock))
        .map([](const QSqlQuery &) { return Done {}; });
}

Result<Done> Journal::append(const QList<Event> &events)
{
    if (events.size() == 1) // a statement by itself is all or nothing
        return insert(events.first());
    return m_database->transaction(Say::tr("write the journal"), [&]() -> Result<Done> {
        for (const Event &event : events)
            if (auto written = insert(event); !written)
                return written;
        return Done {};
    });
}

Result<Done> Journal::end(qint64 id, ExecutionState state, std::optional<ExecutionState> undone)
{
    const QString tried = Say::tr("end execution %1").arg(id);
    const auto ended = m_database->transaction(tried, [&]() -> Result<Done> {
        const auto row = m_database->run(tried, QStringLiteral("UPDATE execution SET state = ?, ended = ? WHERE id = ? AND %1").arg(ours),
            QVariantList { stateName(state), moment(m_clock()), id } + ownerValues());
        if (!row)
            return core::fail(row.error());
        if (row->numRowsAffected() < 1)
            return conflict(QStringLiteral("TakenOver"), tried, m_database->file(), Say::tr("another process has taken it over"), {});
        if (!undone)
            return Done {};
        return m_database
            ->run(tried,
                QStringLiteral(
                    "UPDATE execution SET state = ?, ended = CASE WHEN ended = 0 THEN ? ELSE ended END WHERE id = (SELECT undoes FROM execution WHERE id = ?)"),
                { stateName(*undone), moment(m_clock()), id })
            .map([](const QSqlQuery &) { return Done {}; });
    });
    abandon(m_database->file(), id);
    return ended;
}

Result<qint64> Journal::adopt(const Execution &execution, const QList<Event> &events)
{
    const QString tried = Say::tr("write down what is to be restored");
    qint64 id = execution.id;
    const auto written = m_database->transaction(tried, [&]() -> Result<Done> {
        if (id != 0) {
            const auto known = this->execution(id);
            if (!known)
                return core::fail(known.error());
            if (known->plan.contains(u"steps")) // another console was faster
                return Done {};
            if (const auto given
                = m_database->run(tried, QStringLiteral("UPDATE execution SET plan = ? WHERE id = ?"), { compact(execution.plan), id });
                !given)
                return core::fail(given.error());
        } else {
            const auto known = select(tried, QStringLiteral("WHERE uid = ?"), { execution.uid });
            if (!known)
                return core::fail(known.error());
            if (!known->isEmpty()) {
                id = known->first().id;
                return Done {};
            }
            const QDateTime at = execution.at.isValid() ? execution.at : m_clock();
            const auto row = m_database->run(tried,
                QStringLiteral(
                    "INSERT INTO execution (uid, at, environment, purpose, name, plan, undoes, state, host, boot, pid, started, heartbeat, ended) "
                    "VALUES (?, ?, ?, ?, ?, ?, 0, 'undo-due', ?, ?, ?, ?, 0, ?)"),
                { execution.uid, moment(at), some(execution.environment), some(execution.purpose), some(execution.name),
                    compact(execution.plan), some(execution.owner.host), some(execution.owner.boot), execution.owner.pid,
                    execution.owner.started, moment(m_clock()) });
            if (!row)
                return core::fail(row.error());
            id = row->lastInsertId().toLongLong();
        }
        for (Event event : events) {
            event.execution = id;
            if (auto inserted = insertAnyway(event); !inserted)
                return inserted;
        }
        return Done {};
    });
    if (!written)
        return core::fail(written.error());
    return id;
}

void Journal::abandon(const QString &databaseFile, qint64 id)
{
    active().remove(databaseFile, id);
}

Result<Done> Journal::giveUp(qint64 id, const QString &step, const QString &reason)
{
    const QString tried = Say::tr("give up the step %1 of execution %2").arg(step, QString::number(id));
    if (reason.trimmed().isEmpty())
        return core::fail(
            ErrorKind::InvalidInput, tried, step, Say::tr("there is no reason"), Say::tr("Say why: it is kept with the step."));
    return m_database->transaction(tried, [&]() -> Result<Done> {
        const auto found = select(tried, QStringLiteral("WHERE id = ? OR (undoes = ? AND state = 'running') ORDER BY id"), { id, id });
        if (!found)
            return core::fail(found.error());
        if (found->isEmpty() || found->first().id != id)
            return core::fail(ErrorKind::NotFound, tried, m_database->file(), Say::tr("there is no execution %1").arg(id));
        for (const Execution &one : *found)
            if (one.state == ExecutionState::Running && isAlive(one))
                return conflict(QStringLiteral("Held"), tried, one.environment,
                    Say::tr("“%1” runs since %2; it is run by %3").arg(one.title(), sinceText(one.at), one.owner.text()),
                    Say::tr("Wait until it ends, or stop it there."));
        const auto happened = events(id);
        if (!happened)
            return core::fail(happened.error());
        auto records = recordsOf(*happened);
        const StepRecord record = records.value(step);
        const Execution &execution = found->first();
        // What an earlier version was to restore has no steps: it is given up as a whole.
        const bool whole = execution.state == ExecutionState::UndoDue && !execution.plan.contains(u"steps");
        if (!whole && !record.isUnsettled() && !record.isToUndo())
            return core::fail(ErrorKind::InvalidInput, tried, step, Say::tr("nothing of it is left to be settled or taken back"));
        Event given;
        given.execution = id;
        given.step = step;
        given.state = EventState::GivenUp;
        given.answer = reason;
        if (auto written = insertAnyway(given); !written)
            return written;
        records[step].state = EventState::GivenUp;
        const bool due
            = execution.state == ExecutionState::UndoDue || (execution.state == ExecutionState::Running && isTakenBack(execution.purpose));
        const bool left
            = std::any_of(records.begin(), records.end(), [](const StepRecord &one) { return one.isUnsettled() || one.isToUndo(); });
        if (!due || left)
            return Done {};
        return m_database->run(tried, QStringLiteral("UPDATE execution SET state = 'undone' WHERE id = ?"), { id })
            .map([](const QSqlQuery &) { return Done {}; });
    });
}

Result<Retention> Journal::retention() const
{
    const auto kept = m_database->documents(QStringLiteral("setting"), {}, 100);
    if (!kept)
        return core::fail(kept.error());
    Retention retention;
    for (const store::Document &document : *kept)
        if (document.name == QLatin1String("journal"))
            retention.executions = std::max(1, document.content[u"executions"].toInt(retention.executions));
    return retention;
}

Result<Done> Journal::setRetention(const Retention &retention)
{
    if (retention.executions < 1)
        return core::fail(ErrorKind::InvalidInput, Say::tr("set the size of the journal"), {}, Say::tr("it keeps at least one execution"));
    return m_database->replace(
        { 0, {}, QStringLiteral("setting"), {}, QStringLiteral("journal"), { { QStringLiteral("executions"), retention.executions } } });
}

Result<int> Journal::thin()
{
    const auto keep = retention();
    if (!keep)
        return core::fail(keep.error());
    // Rows without a host were written before there were owners: nothing of them can be settled any more.
    return m_database
        ->run(Say::tr("thin the journal"),
            QStringLiteral("DELETE FROM execution WHERE id < (SELECT min(id) FROM (SELECT id FROM execution ORDER BY id DESC LIMIT ?)) "
                           "AND state NOT IN ('running', 'undo-due') AND NOT (%1)")
                .arg(hasUnsettled),
            { keep->executions })
        .map([](const QSqlQuery &query) { return query.numRowsAffected(); });
}

} // namespace catamaran::ops
