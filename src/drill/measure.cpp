// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/meter.h"
#include "drill/say.h"

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

QJsonArray windowsJson(const QList<Window> &windows)
{
    QJsonArray list;
    for (const Window &window : windows) {
        QJsonObject versions;
        for (auto it = window.versions.cbegin(); it != window.versions.cend(); ++it)
            versions.insert(it.key(), it.value());
        list += QJsonObject { { QStringLiteral("window"), windowName(window.kind) }, { QStringLiteral("name"), window.name },
            { QStringLiteral("from_ms"), window.fromMs }, { QStringLiteral("requests"), window.requests },
            { QStringLiteral("failed"), window.failed }, { QStringLiteral("slow"), window.slow },
            { QStringLiteral("versions"), versions } };
    }
    return list;
}

/// What the hypothesis says, for who reads the result later.
QJsonObject expectedJson(const DrillDocument &drill)
{
    QJsonArray stages;
    for (const FaultStage &stage : drill.stages)
        stages += QJsonObject { { QStringLiteral("name"), stage.name }, { QStringLiteral("hold_ms"), qint64(stage.hold.count()) },
            { QStringLiteral("versions"), QJsonArray::fromStringList(stage.expectVersions) } };
    return { { QStringLiteral("max_failed_requests"), orNull(drill.maxFailedRequests) },
        { QStringLiteral("failback_within_ms"), drill.failbackWithin.count() > 0 ? orNull(drill.failbackWithin.count()) : orNull(-1) },
        { QStringLiteral("stages"), stages } };
}

} // namespace

QString windowName(Window::Kind kind)
{
    switch (kind) {
    case Window::Kind::Before: return QStringLiteral("before");
    case Window::Kind::Striking: return QStringLiteral("striking");
    case Window::Kind::Broken: return QStringLiteral("broken");
    case Window::Kind::After: return QStringLiteral("after");
    }
    return {};
}

QString Window::text() const
{
    QString words;
    switch (kind) {
    case Kind::Before: words = Say::tr("before"); break;
    case Kind::Striking: words = Say::tr("while it struck"); break;
    case Kind::Broken: words = Say::tr("while it was broken"); break;
    case Kind::After: words = Say::tr("from the restore on"); break;
    }
    return name.isEmpty() ? words : words + QStringLiteral(": ") + name;
}

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
    QJsonArray phaseList, proofs, faultList, guardList;
    for (const GuardReading &reading : guards)
        guardList += reading.toJson();
    for (const Fault &fault : drill.faults)
        faultList += fault.toJson();
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
        { QStringLiteral("never_sent"), measurement.neverSent },
        { QStringLiteral("slow_requests"), measurement.slow },
        { QStringLiteral("first_failure_ms"), orNull(measurement.firstFailureMs) },
        { QStringLiteral("full_shift_ms"), orNull(measurement.shiftMs) },
        { QStringLiteral("longest_gap_ms"), orNull(measurement.longestGapMs) },
        { QStringLiteral("flaps"), orNull(measurement.flaps) },
        { QStringLiteral("failback_ms"), orNull(measurement.failbackMs) },
        { QStringLiteral("windows"), windowsJson(windows) },
        { QStringLiteral("expected"), expectedJson(drill) },
        { QStringLiteral("guards"), guardList },
        { QStringLiteral("unproven"), unproven },
        { QStringLiteral("phases"), phaseList },
        { QStringLiteral("restored"), restored },
        { QStringLiteral("restore_proof"), proofs },
        { QStringLiteral("figures"), figures().toJson() },
        { QStringLiteral("samples"), probe::samplesToJson(samples) },
        { QStringLiteral("samples_left_out"), samplesLeftOut() },
    };
    if (!drill.parameters.isEmpty()) {
        QJsonObject values;
        for (auto it = drill.parameters.cbegin(); it != drill.parameters.cend(); ++it)
            values.insert(it.key(), it.value());
        object.insert(QStringLiteral("parameters"), values);
    }
    if (!olderFailures.isEmpty())
        object.insert(QStringLiteral("older_failures"), probe::samplesToJson(olderFailures));
    if (error) {
        object.insert(QStringLiteral("error"),
            QJsonObject { { QStringLiteral("kind"), core::kindName(error->kind) }, { QStringLiteral("text"), error->text() } });
    }
    return object;
}

} // namespace catamaran::drill
