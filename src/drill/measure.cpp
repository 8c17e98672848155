// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/meter.h"

#include <QJsonArray>

#include <algorithm>

namespace catamaran::drill {

using probe::Sample;

namespace {

/// All of @p samples, in the order of their sending.
Meter metered(QList<Sample> samples, const FaultTimes &times)
{
    std::stable_sort(samples.begin(), samples.end(), [](const Sample &a, const Sample &b) { return a.startedAtMs < b.startedAtMs; });
    Meter meter;
    meter.setTimes(times);
    for (const Sample &sample : samples)
        meter.add(sample);
    return meter;
}

QJsonValue orNull(qint64 value)
{
    return value < 0 ? QJsonValue(QJsonValue::Null) : QJsonValue(value);
}

} // namespace

Measurement measure(const QList<Sample> &samples, qint64 faultAtMs, qint64 restoreAtMs)
{
    return metered(samples, { faultAtMs, -1, restoreAtMs }).measurement();
}

Judgement judge(const DrillDocument &drill, const QList<Sample> &samples, const FaultTimes &times)
{
    return metered(samples, times).judge(drill);
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

probe::Summary DrillResult::figures() const
{
    return summary.requests > 0 ? summary : probe::summarize(samples);
}

int DrillResult::samplesLeftOut() const
{
    return std::max(0, summary.requests - int(samples.size()));
}

QJsonObject DrillResult::toJson() const
{
    QJsonArray phaseList, proofs, faultList;
    for (const Fault &fault : drill.faults) {
        switch (fault.kind) {
        case FaultKind::Scale:
            faultList += QJsonObject { { QStringLiteral("kind"), QStringLiteral("scale") },
                { QStringLiteral("cluster"), fault.scale.cluster }, { QStringLiteral("namespace"), fault.scale.ns },
                { QStringLiteral("deployment"), fault.scale.deployment }, { QStringLiteral("replicas"), fault.scale.replicas } };
            break;
        case FaultKind::MoveClient:
            faultList
                += QJsonObject { { QStringLiteral("kind"), QStringLiteral("move-client") }, { QStringLiteral("namespace"), fault.move.ns },
                       { QStringLiteral("from_cluster"), fault.move.fromCluster }, { QStringLiteral("to_cluster"), fault.move.toCluster } };
            break;
        }
    }
    for (const PhaseMark &mark : phases) {
        phaseList += QJsonObject { { QStringLiteral("phase"), phaseName(mark.phase) }, { QStringLiteral("at_ms"), mark.atMs },
            { QStringLiteral("note"), mark.note } };
    }
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
        { QStringLiteral("figures"), figures().toJson() },
        { QStringLiteral("samples"), probe::samplesToJson(samples) },
        { QStringLiteral("samples_left_out"), samplesLeftOut() },
    };
    if (!olderFailures.isEmpty())
        object.insert(QStringLiteral("older_failures"), probe::samplesToJson(olderFailures));
    if (error) {
        object.insert(QStringLiteral("error"),
            QJsonObject { { QStringLiteral("kind"), core::kindName(error->kind) }, { QStringLiteral("text"), error->text() } });
    }
    return object;
}

} // namespace catamaran::drill
