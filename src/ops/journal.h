// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "ops/kind.h"
#include "ops/owner.h"
#include "store/database.h"

#include <QMap>

#include <optional>

/// What was done, by whom, and how it stands: rows that are only added to.
namespace catamaran::ops {

/// The purpose of executions whose effect is to be taken back.
inline const QString drillPurpose = QStringLiteral("drill");
inline const QString undoPurpose = QStringLiteral("undo");

enum class ExecutionState {
    Running, ///< has an owner; when that one is dead it was interrupted
    Done, ///< every step is done
    Failed, ///< ended with steps that are not
    Stopped, ///< ended on request
    UndoDue, ///< what it did is to be taken back: a drill's, or an undo has begun and is not complete
    Undone, ///< everything it did was taken back or given up
};
[[nodiscard]] QString stateName(ExecutionState state); ///< "running", "undo-due"

/// One carrying out of a plan.
struct Execution {
    qint64 id = 0;
    QString uid; ///< the same everywhere: for marks on objects
    QDateTime at;
    QString environment;
    QString purpose; ///< "apply", "destroy", "drill", "undo"
    QString name; ///< "two-meshes": of the fleet or the drill
    QJsonObject plan; ///< describePlan(); of earlier versions without operations
    qint64 undoes = 0; ///< the execution that this one takes back
    ExecutionState state = ExecutionState::Running;
    Owner owner;
    QDateTime heartbeat, ended;

    /// "apply two-meshes"
    [[nodiscard]] QString title() const;
};

enum class EventState { Planned, Intent, Sent, Done, Failed, Unknown, Undone, Skipped, GivenUp };
[[nodiscard]] QString stateName(EventState state); ///< "intent", "given-up"

/// Something that happened to a step.
struct Event {
    qint64 id = 0, execution = 0;
    QString step;
    QDateTime at {};
    EventState state = EventState::Planned;
    std::optional<State> seen {}; ///< intent: before the act; sent: what it made; done, failed after sent, unknown: how we left it
    QString answer {}; ///< the server's, or an error's text, or a reason
    QString requestId {};
    Evidence evidence {};
    qint64 durationMs = -1;
};

/// Tells whether an execution is still as it was read.
struct Stamp {
    qint64 execution = 0;
    ExecutionState state = ExecutionState::Running;
    qint64 newestEvent = 0;
    bool operator==(const Stamp &) const = default;
};

/// How one step stands, told by its events.
struct StepRecord {
    EventState state = EventState::Planned;
    bool acted = false; ///< something may have been changed
    std::optional<State> before; ///< as it was before we touched it
    std::optional<State> left; ///< as we left it, where that was seen
    QJsonObject made {}; ///< Receipt::made
    qint64 intent = 0; ///< the event before the newest act, which orders the undoing
    QDateTime intentAt;
    QString requestId, answer;

    /// Sent or about to be, and nobody has looked since.
    [[nodiscard]] bool isUnsettled() const
    {
        return state == EventState::Intent || state == EventState::Sent || state == EventState::Unknown;
    }
    /// Something is left to be taken back.
    [[nodiscard]] bool isToUndo() const { return acted && state != EventState::Undone && state != EventState::GivenUp; }
};
/// By step. Pure.
[[nodiscard]] QMap<QString, StepRecord> recordsOf(const QList<Event> &events);

/// Whether deeds on one subject touch the other: the same, or one lies within the other ("cluster-1/default" holds
/// "cluster-1/default/deployments.apps/sleep"). Nothing touches the empty one. Pure.
[[nodiscard]] bool overlaps(const QString &a, const QString &b);

struct NewExecution {
    QString environment, purpose, name;
    QJsonObject plan; ///< describePlan()
    qint64 undoes = 0;
    bool held = false; ///< the caller holds what it undoes
};

/// The size of the journal: what is older than the newest @p executions goes, except what runs, was interrupted, is
/// unsettled or is to be undone.
struct Retention {
    int executions = 500;
};

/// The journal in one database file. One object per thread, as store::Database. Everything written is on the disk when the
/// call returns; what could not be written is an error of kind Storage.
class Journal {
public:
    [[nodiscard]] static core::Result<Journal> open(const QString &databaseFile, core::Clock clock = core::systemClock());
    /// One that may be damaged, for what can still be read of it.
    [[nodiscard]] static core::Result<Journal> openToRescue(const QString &databaseFile);

    /// Why nothing can be written; nullopt: it can.
    [[nodiscard]] const std::optional<core::Error> &readOnly() const { return m_database->readOnly(); }
    [[nodiscard]] const QString &file() const { return m_database->file(); }
    [[nodiscard]] const core::Clock &clock() const { return m_clock; }

    /// Newest first; every environment's when @p environment is empty.
    [[nodiscard]] core::Result<QList<Execution>> executions(int limit, const QString &environment = {}) const;
    /// NotFound when there is none.
    [[nodiscard]] core::Result<Execution> execution(qint64 id) const;
    /// The same executions, each with what changes whenever something of it does: for those who keep what they have read.
    [[nodiscard]] core::Result<QList<Stamp>> stamps(int limit, const QString &environment = {}) const;
    /// In the order in which they happened.
    [[nodiscard]] core::Result<QList<Event>> events(qint64 execution) const;
    /// Whose owner died: to be resumed or undone. Newest first.
    [[nodiscard]] core::Result<QList<Execution>> interrupted(const QString &environment = {}) const;
    /// What is to be taken back: undo-due, and interrupted drills. Newest first.
    [[nodiscard]] core::Result<QList<Execution>> undoDue(const QString &environment = {}) const;
    /// Without a living owner, however they ended, with a step of which nobody knows what became of it. Newest first.
    [[nodiscard]] core::Result<QList<Execution>> unsettled(const QString &environment = {}) const;
    /// What a living owner works on: executions, and what they undo. Newest first.
    [[nodiscard]] core::Result<QList<Execution>> held(const QString &environment = {}) const;
    [[nodiscard]] bool isAlive(const Execution &execution) const;
    /// The execution whose mark an object bears by its @p uid and @p step, also when it was adopted; nullopt: it is known to another
    /// journal alone.
    [[nodiscard]] core::Result<std::optional<Execution>> marking(const QString &uid, const QString &step) const;
    /// Conflict as begin() would have it now; nothing is claimed.
    [[nodiscard]] core::Result<core::Done> mayBegin(const NewExecution &execution) const { return whyNotFree(execution, 0); }

    // Claims. Each is one transaction, so that of several processes one gets it.
    /// A new execution of this process. Refused with Conflict while a living owner changes one of its subjects (code "Held": who and
    /// since when), while what somebody did to one of them is not settled (code "Unsettled"), or while a drill that ended broke
    /// it and it is not put back (code "Unrestored").
    [[nodiscard]] core::Result<Execution> begin(const NewExecution &execution);
    /// Takes over an interrupted execution, or one that ended failed or stopped, to go on with it. Refused as begin().
    /// @p held: the caller holds what it undoes.
    [[nodiscard]] core::Result<Execution> claim(qint64 id, bool held = false);
    /// Says that this process is alive. Conflict when somebody has taken the execution over.
    [[nodiscard]] core::Result<core::Done> heartbeat(qint64 id);
    /// Adds rows, all or none, to executions of this process and to what they undo. Conflict when somebody has taken over.
    [[nodiscard]] core::Result<core::Done> append(const QList<Event> &events);
    /// Ends an execution of this process; for one that undoes, @p undone becomes the state of the other.
    [[nodiscard]] core::Result<core::Done> end(qint64 id, ExecutionState state, std::optional<ExecutionState> undone = {});
    /// Writes down what was not begun here, with what is known of its steps: due to be taken back, and nobody's. With an id it is what
    /// an earlier version was to restore, and gets a plan. Its id; where the uid is there already, that one's, which stays as it is.
    [[nodiscard]] core::Result<qint64> adopt(const Execution &execution, const QList<Event> &events);
    /// This process works on it no more, without an end: it counts as interrupted.
    static void abandon(const QString &databaseFile, qint64 id);

    /// The user leaves what @p step did as it is, for a @p reason that is kept: it blocks nothing any more. Refused while a living
    /// owner works on the execution. Without a step it is what an earlier version was to restore.
    [[nodiscard]] core::Result<core::Done> giveUp(qint64 execution, const QString &step, const QString &reason);

    [[nodiscard]] core::Result<Retention> retention() const;
    [[nodiscard]] core::Result<core::Done> setRetention(const Retention &retention);
    /// Removes what the retention does not keep; how many executions that were.
    [[nodiscard]] core::Result<int> thin();

private:
    Journal(std::shared_ptr<store::Database> database, core::Clock clock);
    [[nodiscard]] core::Result<QList<Execution>> select(const QString &tried, const QString &condition, const QVariantList &values) const;
    [[nodiscard]] core::Result<core::Done> whyNotFree(const NewExecution &wanted, qint64 self) const;
    [[nodiscard]] core::Result<core::Done> insert(const Event &event);
    /// Also of an execution that nobody owns.
    [[nodiscard]] core::Result<core::Done> insertAnyway(const Event &event);

    std::shared_ptr<store::Database> m_database;
    core::Clock m_clock;
};

} // namespace catamaran::ops
