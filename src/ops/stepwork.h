// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/executor.h"

namespace catamaran::ops {

/// What the steps of one run share.
struct RunTools {
    const Registry &registry;
    World &world;
    const ExecuteOptions &options;
    const Execution &execution; ///< whose rows are written
    std::stop_token stop;
    /// Our own threads queue here: SQLite lets one write at a time and makes the others poll.
    std::mutex &writing;
};

/// One operation's way, there and back: looks, writes down, acts, proves, writes down. One per step and run; worker thread.
class StepWork {
public:
    StepWork(const RunTools &tools, Journal &journal, const Step &step, std::function<void(const QString &)> note);

    /// @p record: what earlier runs of this execution left.
    [[nodiscard]] StepOutcome carryOut(const StepRecord &record);
    /// Only finds out what became of what an earlier run sent. Done: it is; Waiting: nothing of it was done.
    [[nodiscard]] StepOutcome settleOnly(const StepRecord &record);
    /// Takes back what @p deed tells of the execution @p undone; @p record: what earlier runs of this undo left.
    [[nodiscard]] StepOutcome takeBack(qint64 undone, const StepRecord &deed, const StepRecord &record);

private:
    enum class Settled { Reached, Untouched, Neither, Unseen };
    struct Sighting {
        Settled settled;
        std::optional<State> now {};
        std::optional<core::Error> error {}; ///< why it could not be looked at, or is not proven
    };
    using Judge = std::function<bool(const State &)>;
    /// The way of a kind that changes nothing.
    [[nodiscard]] StepOutcome lookOn();
    /// An outcome when what an earlier run sent is done or still unknown; nullopt: it may be tried again.
    [[nodiscard]] std::optional<StepOutcome> settleEarlier(const StepRecord &record);
    /// A change as it is attempted, there or back.
    struct Change {
        std::function<std::optional<StepOutcome>(const State &now)> judge; ///< an outcome when nothing is to be changed
        std::function<core::Result<StepOutcome>(const State &now)> make; ///< makes it, and what is to be done once it is answered
        std::function<Sighting(const State &now, std::chrono::milliseconds age)> settle;
        std::function<StepOutcome(const Sighting &seen, const core::Error &unanswered)> reached;
        std::function<bool(const State &now)> isThere {}; ///< what was sent is done; none: judge() says enough
    };
    /// An attempt that nobody answered, and nothing of which was seen.
    struct Unanswered {
        State before;
        core::Error error;
    };

    /// Looks, writes down, makes the change; again when it was not answered and looking has shown that nothing was done.
    /// @p unanswered: an earlier run's attempt, which was not. What shows only after it was looked for is that attempt's doing, and ours to
    /// take back.
    [[nodiscard]] StepOutcome make(const Change &change, std::optional<Unanswered> unanswered);
    [[nodiscard]] std::optional<Unanswered> unansweredOf(const StepRecord &record) const;

    /// What became of an act that nobody answered, @p age ago: looked at until it is one or the other; "untouched" only when it is older
    /// than
    /// @p within and what the kind says. Goes on after a stop.
    [[nodiscard]] Sighting settle(
        const Judge &reached, const Judge &untouched, bool byProof, std::chrono::milliseconds age, std::chrono::milliseconds within = {});
    [[nodiscard]] Sighting settleDeed(const State &before, std::chrono::milliseconds age, std::chrono::milliseconds within = {});
    [[nodiscard]] Sighting settleRevert(const State &before, const State &left, std::chrono::milliseconds age);
    [[nodiscard]] StepOutcome afterUnanswered(const Sighting &seen, const State &before, const core::Error &error);
    /// An act without answer is there, as looking shows: the same as finish(), with what only looking could tell written down first.
    [[nodiscard]] StepOutcome finishSeen(const Sighting &seen, const Receipt &receipt);
    /// What was sent is proven and written down as we leave it.
    [[nodiscard]] StepOutcome finish(const Receipt &receipt);
    /// Tells that the change was taken; when that is.
    QDateTime answered() const;
    [[nodiscard]] StepOutcome undone(qint64 execution, const QString &answer, const Evidence &evidence, const std::optional<State> &now);
    [[nodiscard]] StepOutcome stays(qint64 execution, const QString &why);
    [[nodiscard]] core::Error undoError(core::ErrorKind kind, const QString &answer, const QString &remedy = {}) const;
    [[nodiscard]] StepOutcome refuseUndo(const StepRecord &deed, const State &now);

    [[nodiscard]] Scope scope() const;
    /// One that a stop does not end.
    [[nodiscard]] Scope settlingScope() const;
    [[nodiscard]] core::Result<State> look(Scope scope) const;
    [[nodiscard]] Event event(EventState state) const;
    [[nodiscard]] core::Result<core::Done> write(const QList<Event> &events);
    [[nodiscard]] StepOutcome outcome(StepState state) const;
    [[nodiscard]] StepOutcome failed(StepState state, const core::Error &error) const;
    [[nodiscard]] StepOutcome stopped();
    /// Writes the row and gives the outcome of a step that failed before or without a change.
    [[nodiscard]] StepOutcome failedRow(const core::Error &error, std::optional<State> seen = {});
    [[nodiscard]] std::chrono::milliseconds ageOf(const QDateTime &at) const;

    const RunTools &m_tools;
    Journal &m_journal;
    const Step &m_step;
    const Kind &m_kind;
    const Description m_words;
    QJsonObject m_made; ///< Scope::made
    bool m_begun = false; ///< Scope::begun
    QString m_undone; ///< Scope::undone
    std::function<void(const QString &)> m_note;
    QElapsedTimer m_clock;
};

} // namespace catamaran::ops
