// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/run.h"

#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>
#include <deque>
#include <optional>

namespace catamaran::drill {

/// When a drill is stopped and everything put back before its time. Zero: off.
struct Guard {
    int maxFailedInARow = 0;
    int maxFailedShare = 0; ///< percent of the requests that ended within the window
    std::chrono::milliseconds maxLatency { 0 }; ///< 95 of 100 good answers within the window came as fast as this
    std::chrono::milliseconds window { 10000 };
    std::chrono::milliseconds maxBlind { 0 }; ///< how long what was broken may not be seen: its API server does not answer
    std::chrono::milliseconds maxDuration { 120000 }; ///< of the whole drill
};

/// When it stops the drill, a phrase for each that is on: "250 requests fail one after the other". For people.
[[nodiscard]] QStringList guardWords(const Guard &guard);

/// How near a guard is to its limit.
struct GuardReading {
    enum class Kind { FailedInARow, FailedShare, SlowShare, Blind, Duration };
    Kind kind = Kind::Duration;
    std::optional<double> value; ///< requests, percent or ms; nullopt: too little was seen to say
    double limit = 0; ///< more than this trips it
    [[nodiscard]] bool isTripped() const { return value && *value > limit; }
    [[nodiscard]] QString name() const; ///< "failed in a row", for people
    [[nodiscard]] QString text() const; ///< "12 of 250", for people
    /// Why a drill was stopped, one sentence.
    [[nodiscard]] QString sentence() const;
    /// {"guard": "failed_in_a_row", "value", "limit"}; the value null where it is not known.
    [[nodiscard]] QJsonObject toJson() const;
    [[nodiscard]] static std::optional<GuardReading> fromJson(const QJsonObject &object);
};

/// The guards of one drill, fed with its single samples. Pure; memory is bounded by the requests of one window.
class Guards {
public:
    /// A share is told of so many requests at least: the first failed one is no hundred percent.
    static constexpr int fewest = 10;
    static constexpr double slowShare = 5; ///< percent of good answers beyond maxLatency

    explicit Guards(const Guard &guard);
    /// The fault begins: what came before counts no more, except for time.
    void restart();
    void add(const probe::Sample &sample);
    /// When what was broken was last seen (Unix, ms); nullopt: nothing that is watched is broken.
    void setSeenAt(std::optional<qint64> atMs) { m_seenAt = atMs; }
    /// Of the guards that are on, in the order of Kind.
    [[nodiscard]] QList<GuardReading> readings(qint64 startedMs, qint64 nowMs);
    /// The highest that each was read so far.
    [[nodiscard]] const QList<GuardReading> &highest() const { return m_highest; }

private:
    struct Ended {
        qint64 atMs = 0;
        bool ok = false, slow = false;
    };
    void forget(qint64 beforeMs);

    Guard m_guard;
    std::deque<Ended> m_window;
    int m_failed = 0, m_slow = 0; ///< of the window
    int m_inARow = 0;
    std::optional<qint64> m_seenAt;
    QList<GuardReading> m_highest;
};

} // namespace catamaran::drill
