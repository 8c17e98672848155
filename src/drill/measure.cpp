// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/runner.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>
#include <cmath>

namespace catamaran::drill {

using probe::Sample;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Drill)
};

qint64 endOf(const Sample &sample)
{
    return sample.startedAtMs + qint64(std::llround(sample.totalMs));
}

/// Samples that can have felt the fault: on their way when it struck, or sent later, but before the restore.
QList<Sample> window(const QList<Sample> &samples, qint64 fromMs, qint64 restoreAtMs)
{
    QList<Sample> inside;
    for (const Sample &sample : samples) {
        if (endOf(sample) >= fromMs && (restoreAtMs <= 0 || sample.startedAtMs < restoreAtMs))
            inside += sample;
    }
    std::stable_sort(inside.begin(), inside.end(), [](const Sample &a, const Sample &b) { return a.startedAtMs < b.startedAtMs; });
    return inside;
}

/// The first sample after the last answer of a version that used to answer with @p share and then stayed away for so
/// many answers that chance explains it in less than one of a hundred cases; -1 when that is not so.
qsizetype firstWithout(const QList<Sample> &inside, const QString &version, double share)
{
    qsizetype next = 0, answersSince = 0;
    for (qsizetype i = 0; i < inside.size(); ++i) {
        if (!inside[i].ok())
            continue;
        ++answersSince;
        if (inside[i].version == version) {
            next = i + 1;
            answersSince = 0;
        }
    }
    if (next >= inside.size() || answersSince == 0 || std::pow(1 - share, double(answersSince)) >= 0.01)
        return -1;
    return next;
}

qint64 detection(const QList<Sample> &samples, const QList<Sample> &inside, qint64 faultAtMs)
{
    QMap<QString, int> before;
    int answersBefore = 0;
    for (const Sample &sample : samples) {
        if (sample.ok() && endOf(sample) < faultAtMs) {
            ++before[sample.version];
            ++answersBefore;
        }
    }
    qsizetype first = -1;
    for (qsizetype i = 0; i < inside.size(); ++i) {
        const bool strange = answersBefore > 0 && inside[i].ok() && !before.contains(inside[i].version);
        if (!inside[i].ok() || strange) {
            first = i;
            break;
        }
    }
    for (auto it = before.begin(); it != before.end(); ++it) {
        const qsizetype without = firstWithout(inside, it.key(), double(it.value()) / answersBefore);
        if (without >= 0 && (first < 0 || without < first))
            first = without;
    }
    return first < 0 ? -1 : std::max<qint64>(0, endOf(inside[first]) - faultAtMs);
}

qint64 recovery(const QList<Sample> &inside, qint64 faultAtMs)
{
    qsizetype lastFailed = -1;
    for (qsizetype i = 0; i < inside.size(); ++i) {
        if (!inside[i].ok())
            lastFailed = i;
    }
    if (lastFailed < 0)
        return inside.isEmpty() ? -1 : 0;
    if (lastFailed + 1 >= inside.size())
        return -1;
    return std::max<qint64>(0, inside[lastFailed + 1].startedAtMs - faultAtMs);
}

QString joined(const QStringList &versions)
{
    return versions.join(Say::tr(" and "));
}

/// Who answered while it was broken, compared with who should have; empty when it is as expected. A pod that is going away
/// still answers what it has taken, so nobody is unexpected before the second half of the answers.
QString wrongVersions(const DrillDocument &drill, const QList<Sample> &samples, qint64 settledAtMs, qint64 restoreAtMs)
{
    if (drill.expectVersionsDuring.isEmpty())
        return {};
    QStringList answers;
    for (const Sample &sample : samples) {
        if (sample.ok() && sample.startedAtMs >= settledAtMs && (restoreAtMs <= 0 || sample.startedAtMs < restoreAtMs))
            answers += sample.version;
    }
    QStringList later = answers.mid(answers.size() / 2);
    later.removeDuplicates();
    QStringList missing, unexpected;
    for (const QString &version : drill.expectVersionsDuring) {
        if (!answers.contains(version))
            missing += version;
    }
    for (const QString &version : std::as_const(later)) {
        if (!drill.expectVersionsDuring.contains(version))
            unexpected += version.isEmpty() ? Say::tr("no version") : version;
    }
    if (!missing.isEmpty())
        return Say::tr("%1 did not answer while it was broken").arg(joined(missing));
    if (!unexpected.isEmpty())
        return Say::tr("%1 still answered while it was broken").arg(joined(unexpected));
    return {};
}

QJsonValue orNull(qint64 value)
{
    return value < 0 ? QJsonValue(QJsonValue::Null) : QJsonValue(value);
}

} // namespace

Measurement measure(const QList<Sample> &samples, qint64 faultAtMs, qint64 restoreAtMs)
{
    Measurement measurement;
    measurement.requests = int(samples.size());
    measurement.failed = int(std::count_if(samples.begin(), samples.end(), [](const Sample &sample) { return !sample.ok(); }));
    if (faultAtMs <= 0)
        return measurement; // there was no fault to measure from
    const QList<Sample> inside = window(samples, faultAtMs, restoreAtMs);
    measurement.detectMs = detection(samples, inside, faultAtMs);
    measurement.recoveryMs = recovery(inside, faultAtMs);
    return measurement;
}

Judgement judge(const DrillDocument &drill, const QList<Sample> &samples, const Measurement &measurement, const FaultTimes &times)
{
    const auto fail = [](const QString &reason) { return Judgement { Verdict::Fail, reason }; };
    const bool seen = std::any_of(samples.begin(), samples.end(),
        [&](const Sample &sample) { return sample.startedAtMs >= times.inPlaceAtMs && (times.restoreAtMs <= 0 || sample.startedAtMs < times.restoreAtMs); });
    if (!seen)
        return fail(Say::tr("No request was sent while it was broken, so nothing was shown."));
    if (measurement.recoveryMs < 0)
        return fail(Say::tr("Requests still failed when the fault was taken back: %1 of %2 failed.").arg(measurement.failed).arg(measurement.requests));
    const QString wrong = wrongVersions(drill, samples, std::max(times.inPlaceAtMs, times.faultAtMs + measurement.recoveryMs), times.restoreAtMs);
    if (!wrong.isEmpty())
        return fail(wrong + u'.');
    if (measurement.recoveryMs > drill.recoverWithin.count()) {
        return fail(Say::tr("Every answer was good again after %1 ms; the hypothesis allows %2 ms.").arg(measurement.recoveryMs).arg(drill.recoverWithin.count()));
    }
    if (drill.maxFailedRequests >= 0 && measurement.failed > drill.maxFailedRequests)
        return fail(Say::tr("%1 requests failed; the hypothesis allows %2.").arg(measurement.failed).arg(drill.maxFailedRequests));
    if (measurement.failed == 0)
        return { Verdict::Pass, Say::tr("None of %1 requests failed.").arg(measurement.requests) };
    return { Verdict::Pass,
        Say::tr("%1 of %2 requests failed; every answer was good again after %3 ms.").arg(measurement.failed).arg(measurement.requests).arg(measurement.recoveryMs) };
}

QString phaseName(Phase phase)
{
    switch (phase) {
    case Phase::Preparing: return QStringLiteral("preparing");
    case Phase::Steady: return QStringLiteral("steady");
    case Phase::Fault: return QStringLiteral("fault");
    case Phase::Observing: return QStringLiteral("observing");
    case Phase::Restoring: return QStringLiteral("restoring");
    case Phase::Proving: return QStringLiteral("proving");
    case Phase::Done: return QStringLiteral("done");
    }
    return {};
}

QString verdictName(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Pass: return QStringLiteral("pass");
    case Verdict::Fail: return QStringLiteral("fail");
    case Verdict::Aborted: return QStringLiteral("aborted");
    }
    return {};
}

QJsonObject DrillResult::toJson() const
{
    QJsonArray phaseList, sampleList, proofs, faultList;
    for (const Fault &fault : drill.faults) {
        if (fault.kind == FaultKind::Scale)
            faultList += QJsonObject { { QStringLiteral("kind"), QStringLiteral("scale") }, { QStringLiteral("cluster"), fault.scale.cluster }, { QStringLiteral("namespace"), fault.scale.ns },
                { QStringLiteral("deployment"), fault.scale.deployment }, { QStringLiteral("replicas"), fault.scale.replicas } };
        else
            faultList += QJsonObject { { QStringLiteral("kind"), QStringLiteral("move-client") }, { QStringLiteral("namespace"), fault.move.ns },
                { QStringLiteral("from_cluster"), fault.move.fromCluster }, { QStringLiteral("to_cluster"), fault.move.toCluster } };
    }
    for (const PhaseMark &mark : phases) {
        phaseList += QJsonObject { { QStringLiteral("phase"), phaseName(mark.phase) }, { QStringLiteral("at_ms"), mark.atMs }, { QStringLiteral("note"), mark.note } };
    }
    for (const Sample &sample : samples)
        sampleList += sample.toJson();
    for (const QString &proof : restoreProof)
        proofs += proof;
    QJsonObject object {
        { QStringLiteral("drill"), drill.id },
        { QStringLiteral("title"), drill.title },
        { QStringLiteral("hypothesis"), drill.hypothesis },
        { QStringLiteral("faults"), faultList },
        { QStringLiteral("recover_within_ms"), qint64(drill.recoverWithin.count()) },
        { QStringLiteral("environment"), environment },
        { QStringLiteral("source"), drill.probes.source.text() },
        { QStringLiteral("url"), drill.probes.url },
        { QStringLiteral("verdict"), verdictName(verdict) },
        { QStringLiteral("reason"), reason },
        { QStringLiteral("detect_ms"), orNull(measurement.detectMs) },
        { QStringLiteral("recovery_ms"), orNull(measurement.recoveryMs) },
        { QStringLiteral("failed_requests"), measurement.failed },
        { QStringLiteral("requests"), measurement.requests },
        { QStringLiteral("fault_at_ms"), orNull(times.faultAtMs) },
        { QStringLiteral("in_place_at_ms"), orNull(times.inPlaceAtMs) },
        { QStringLiteral("restore_at_ms"), orNull(times.restoreAtMs) },
        { QStringLiteral("phases"), phaseList },
        { QStringLiteral("restored"), restored },
        { QStringLiteral("restore_proof"), proofs },
        { QStringLiteral("samples"), sampleList },
    };
    if (error) {
        object.insert(QStringLiteral("error"),
            QJsonObject { { QStringLiteral("kind"), core::kindName(error->kind) }, { QStringLiteral("text"), error->text() } });
    }
    return object;
}

} // namespace catamaran::drill
