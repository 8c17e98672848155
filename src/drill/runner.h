// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/drilldocument.h"
#include "session/session.h"

#include <functional>

namespace catamaran::drill {

enum class Phase { Preparing, Steady, Fault, Observing, Restoring, Proving, Done };

struct PhaseMark {
    Phase phase = Phase::Preparing;
    qint64 atMs = 0; ///< Unix time
    QString note;
};

enum class Verdict { Pass, Fail, Aborted };

/// The figures of a drill, computed from its single samples. Pure; tested with tables. While one runs: drill/meter.h.
struct Measurement {
    int requests = 0, failed = 0;
    qint64 detectMs = -1; ///< fault done -> the first sample that shows it (failed, or answered by another version set); -1: nothing to see
    qint64 recoveryMs
        = -1; ///< fault done -> the start of the first sample after which every answer is good again; 0: none failed; -1: never
};
[[nodiscard]] Measurement measure(const QList<probe::Sample> &samples, qint64 faultAtMs, qint64 restoreAtMs);

/// When the drill broke and mended, Unix time in milliseconds; -1: it did not come to that.
struct FaultTimes {
    qint64 faultAtMs = -1; ///< the server took the fault
    qint64 inPlaceAtMs = -1; ///< reading back showed it in place
    qint64 restoreAtMs = -1; ///< the restore was sent
};

struct Judgement {
    Verdict verdict = Verdict::Fail;
    QString reason; ///< one sentence
};
/// Whether the hypothesis held. Pure.
[[nodiscard]] Judgement judge(const DrillDocument &drill, const QList<probe::Sample> &samples, const FaultTimes &times);

struct DrillResult {
    DrillDocument drill;
    QString environment;
    Verdict verdict = Verdict::Aborted;
    QString reason; ///< one sentence
    Measurement measurement;
    QList<PhaseMark> phases;
    QList<probe::Sample> samples; ///< the newest; all of them in a drill that is not very long
    QList<probe::Sample> olderFailures; ///< failed before the first of the samples
    probe::Summary summary; ///< of every request; left out: of the samples
    FaultTimes times;
    bool restored = false; ///< nothing is broken any more (also when nothing ever was)
    QStringList restoreProof; ///< "cluster-1/default/helloworld-v1: replicas 1, ready 1 (read back)"
    std::optional<core::Error> error;
    /// The summary, or that of the samples.
    [[nodiscard]] probe::Summary figures() const;
    [[nodiscard]] int samplesLeftOut() const;
    /// "120 ms", "never", or that it was not measured: nothing was broken, or the drill was stopped before it was known.
    [[nodiscard]] QString recoveryText() const;
    [[nodiscard]] QString detectionText() const;
    /// {"drill","verdict","detect_ms","recovery_ms","failed_requests","requests","phases","restored"} plus the reason, the
    /// times, the proof, the figures and the samples; detect_ms and recovery_ms are null where there is nothing to say.
    [[nodiscard]] QJsonObject toJson() const;
    /// What toJson() wrote (the history), for reports: the document has only its names.
    [[nodiscard]] static DrillResult fromJson(const QJsonObject &object);
};

struct DrillCallbacks { ///< called on the worker thread
    std::function<void(const PhaseMark &)> onPhase;
    std::function<void(const QList<probe::Sample> &)> onSamples;
};

/// Runs a drill from its first look to its proof. For a worker thread. Its faults are an execution in the journal of @p databaseFile, held
/// until they are taken back; a stop, a failed guard, a fault that somebody else takes back or any error takes them back at once. Nothing
/// that was broken stays broken, also after kill -9: see drill/restoration.h. The result is kept in the database as a document of kind
/// "drill".
[[nodiscard]] DrillResult runDrill(const DrillDocument &drill, session::Session &session, const QString &databaseFile,
    const DrillCallbacks &callbacks, std::stop_token stop);

/// Why this drill cannot run here now; empty when it can. For a worker thread.
[[nodiscard]] QList<core::Error> checkDrill(const DrillDocument &drill, session::Session &session, std::stop_token stop);

/// A self-contained page of one drill's result (inline SVG chart), for people.
[[nodiscard]] QByteArray toHtml(const DrillResult &result);

[[nodiscard]] QString phaseName(Phase phase);
[[nodiscard]] QString verdictName(Verdict verdict); ///< "pass", "fail", "aborted"

} // namespace catamaran::drill
