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
    void add(const probe::Sample &sample);
    [[nodiscard]] Measurement measurement() const;
    [[nodiscard]] Judgement judge(const DrillDocument &drill) const;

private:
    /// A version that used to answer, since the fault struck.
    struct Vanishing {
        int before = 0; ///< answers before the fault
        int answersSince = 0; ///< of others, after its last one
        qint64 order = -1, endMs = 0; ///< of the first sample after its last answer; order -1: none yet
    };
    /// The sample that shows it: a failure, or an answer of somebody new.
    struct Strange {
        qint64 order = 0, endMs = 0;
    };

    void addInside(const probe::Sample &sample);
    void addInPlace(const probe::Sample &sample);
    [[nodiscard]] qint64 detectMs() const;
    [[nodiscard]] qint64 recoveryMs() const;
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
    // Who answered since every answer was good again: the ordinal of each version's last answer.
    qint64 m_settledAnswers = 0;
    QMap<QString, qint64> m_lastSettled;
};

} // namespace catamaran::drill
