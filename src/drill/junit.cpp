// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "check/verdict.h"
#include "drill/runner.h"
#include "drill/say.h"

namespace catamaran::drill {

namespace {

using check::State;

/// A limit on a time: not known is an error, never a pass.
check::Case timeCase(const QString &name, qint64 ms, qint64 mostMs, bool isKnown, const QString &otherwise)
{
    check::Case one { QStringLiteral("drill"), name, State::Unknown, otherwise };
    if (!isKnown)
        return one;
    one.state = ms >= 0 && ms <= mostMs ? State::Pass : State::Fail;
    if (ms >= 0)
        one.words = Say::tr("%1 ms").arg(ms);
    return one;
}

} // namespace

QByteArray DrillResult::toJunit() const
{
    const QString group = QStringLiteral("drill");
    const bool isMeasured = verdict != Verdict::Aborted && times.inPlaceAtMs > 0;
    check::Report report { drill.id, environment,
        phases.isEmpty() ? QDateTime::currentDateTimeUtc() : QDateTime::fromMSecsSinceEpoch(phases.first().atMs, Qt::UTC), {} };
    report.cases.append({ group, drill.hypothesis.isEmpty() ? drill.id : drill.hypothesis,
        verdict == Verdict::Pass       ? State::Pass
            : verdict == Verdict::Fail ? State::Fail
                                       : State::Unknown,
        reason });
    if (!phases.isEmpty())
        report.cases.last().seconds = double(phases.last().atMs - phases.first().atMs) / 1000;
    if (drill.recoverWithin.count() > 0)
        report.cases.append(
            timeCase(Say::tr("every answer good again within %1 ms").arg(drill.recoverWithin.count()), measurement.recoveryMs,
                drill.recoverWithin.count(), isMeasured, isMeasured ? recoveryText() : Say::tr("not measured: %1").arg(reason)));
    if (drill.failbackWithin.count() > 0)
        report.cases.append(timeCase(Say::tr("every answer good again within %1 ms of the restore").arg(drill.failbackWithin.count()),
            measurement.failbackMs, drill.failbackWithin.count(), isMeasured, Say::tr("not measured: %1").arg(reason)));
    if (drill.maxFailedRequests >= 0) {
        const QString words = Say::tr("%1 of %2 requests failed").arg(measurement.failed).arg(measurement.requests);
        const bool isWithin = measurement.failed <= drill.maxFailedRequests;
        report.cases.append({ group, Say::tr("at most %1 failed requests").arg(drill.maxFailedRequests),
            !isMeasured    ? State::Unknown
                : isWithin ? State::Pass
                           : State::Fail,
            words });
    }
    report.cases.append(
        { group, Say::tr("everything is put back"), restored ? State::Pass : State::Fail, restored ? restoreProof.join(u'\n') : reason });
    return report.toJunit();
}

} // namespace catamaran::drill
