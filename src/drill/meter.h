// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/runner.h"

#include <optional>

namespace catamaran::drill {

/// Measures a drill from its single samples as they come, in the order of their sending, and keeps none of them: memory and
/// time per sample do not grow with the drill. Pure. What measure() and judge() say of the same samples.
class Meter {
public:
    /// When it broke and mended, as far as that is known. A sample is judged by what was known when it was added.
    void setTimes(const FaultTimes &times) { m_times = times; }
    /// A new window of time begins; samples count where they were begun. The first Broken window is the first fault stage's.
    void open(Window::Kind kind, const QString &name, qint64 atMs);
    /// How many were due and never sent, so far.
    void setNeverSent(int count) { m_neverSent = count; }
    [[nodiscard]] const QList<Window> &windows() const { return m_windows; }
    void add(const probe::Sample &sample);
    [[nodiscard]] Measurement measurement() const;
    [[nodiscard]] Judgement judge(const DrillDocument &drill) const;

private:
    /// A version that used to answer, since the fault struck.
    struct Vanishing {
        int before = 0; ///< answers before the fault
        int answersSince = 0; ///< of others, after its last one
        qint64 order = -1, endMs = 0; ///< of the first sample after its last answer; order -1: none yet
        qint64 lastEndMs = -1; ///< of its last answer since
    };
    /// The sample that shows it: a failure, or an answer of somebody new.
    struct Strange {
        qint64 order = 0, endMs = 0;
    };

    /// Who answered since every answer was good again, in one stage: the ordinal of each version's last answer.
    struct Settled {
        bool isAsked = false; ///< a request was sent in it
        qint64 answers = 0;
        QMap<QString, qint64> last;
    };

    void addInside(const probe::Sample &sample);
    void addInPlace(const probe::Sample &sample);
    void addAfter(const probe::Sample &sample);
    void count(const probe::Sample &sample);
    [[nodiscard]] int stageOf(const probe::Sample &sample) const;
    [[nodiscard]] bool isGone(const Vanishing &version) const;
    [[nodiscard]] qint64 detectMs() const;
    [[nodiscard]] qint64 recoveryMs() const;
    [[nodiscard]] qint64 shiftMs() const;
    [[nodiscard]] QString wrongVersions(const DrillDocument &drill) const;

    FaultTimes m_times;
    int m_requests = 0, m_failed = 0;
    QMap<QString, Vanishing> m_versions;
    int m_answersBefore = 0;
    qint64 m_inside = 0; ///< samples that can have felt the fault
    std::optional<Strange> m_strange;
    bool m_failedInside = false;
    std::optional<qint64> m_goodAgainMs; ///< start of the sample after the last failure
    bool m_sentInPlace = false;
    QMap<int, Settled> m_settled; ///< by stage
    QList<Window> m_windows;
    int m_neverSent = 0, m_slow = 0, m_flaps = 0;
    std::optional<qint64> m_firstFailureMs, m_lastGoodEndMs;
    qint64 m_longestGapMs = -1;
    bool m_isAfter = false, m_failedAfter = false;
    std::optional<qint64> m_goodAfterMs;
};

} // namespace catamaran::drill
