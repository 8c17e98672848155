// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "check/expectations.h"
#include "probe/shares.h"
#include "truth/split.h"

/// Whether expectations hold. Pure.
namespace catamaran::check {

enum class State {
    Pass,
    Fail,
    Unknown, ///< what it takes to know was not read, or not asked: never a pass
};
[[nodiscard]] QString stateName(State state); ///< "pass", "fail", "unknown"

/// One expectation and what came of it.
struct Case {
    QString group; ///< "directions", "findings", "failover", "requests"
    QString name;
    State state = State::Unknown;
    QString words {}; ///< what was seen, and what would be needed where it is not known
    double seconds = 0;
};

struct Report {
    QString name; ///< of the document
    QString environment;
    QDateTime at; ///< UTC, when it began
    QList<Case> cases;

    [[nodiscard]] int count(State state) const;
    /// Every expectation was looked at and holds.
    [[nodiscard]] bool holds() const;
    /// {"check","environment","at","holds","passed","failed","unknown","cases":[{"group","name","state","words","seconds"}]}
    [[nodiscard]] QJsonObject toJson() const;
    /// JUnit XML: a test suite with a test case for each expectation; one that is not known is an error.
    [[nodiscard]] QByteArray toJunit() const;
};

/// A case for each expectation before anything is known: @p words says why. In the order of the judged ones.
[[nodiscard]] QList<Case> unknownCases(const Expectations &expectations, const QString &words);

[[nodiscard]] QList<Case> judgeDirections(const Expectations &expectations, const truth::Matrix &matrix);
/// @p found: with what is accepted marked.
[[nodiscard]] QList<Case> judgeFindings(const Expectations &expectations, const QList<findings::Finding> &found);
/// @p unread: clusters whose services were not read.
[[nodiscard]] QList<Case> judgeFailover(
    const Expectations &expectations, const QList<findings::FailoverVerdict> &verdicts, const QStringList &unread);
/// What was expected of @p run alone; the result's error: nothing could be sent. @p expectation and @p verdict of the shares.
[[nodiscard]] QList<Case> judgeRun(const ExpectedRun &run, const core::Result<probe::RunResult> &result,
    const truth::SplitExpectation &expectation, const probe::ShareVerdict &verdict);

} // namespace catamaran::check
