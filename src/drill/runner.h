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

/// The figures of a drill, computed from its single samples. Pure; tested with tables. While one runs: drill/meter.h. Times in
/// milliseconds; -1: not known, or nothing to tell.
struct Measurement {
    int requests = 0; ///< that were due: also those that were never sent
    int failed = 0; ///< of them, without a good answer: also those that were never sent
    qint64 detectMs = -1; ///< fault done -> the first sample that shows it (failed, or answered by another version set); -1: nothing to see
    qint64 recoveryMs
        = -1; ///< fault done -> the start of the first sample after which every answer is good again; 0: none failed; -1: never
    int neverSent = 0; ///< due while too many were under way, or so late that it was left out
    int slow = 0; ///< good answers that came later than slowFromMs after they were due
    qint64 firstFailureMs = -1; ///< fault done -> the end of the first request that failed; -1: none did
    qint64 shiftMs = -1; ///< fault done -> the end of the last answer of a version that went away, where others answered since
    qint64 longestGapMs = -1; ///< the longest time between the ends of two good answers from the fault to the restore
    int flaps = -1; ///< how often answers failed again after they had been good again
    qint64 failbackMs
        = -1; ///< restore sent -> the start of the first sample after which every answer is good; 0: none failed; -1: not known
    static constexpr double slowFromMs = 1000;
};
[[nodiscard]] Measurement measure(const QList<probe::Sample> &samples, qint64 faultAtMs, qint64 restoreAtMs);

/// A time of a drill, with what was answered to the requests that were begun in it.
struct Window {
    enum class Kind { Before, Striking, Broken, After };
    Kind kind = Kind::Before;
    QString name; ///< the stage's; may be empty
    qint64 fromMs = 0; ///< Unix time; it ends where the next one begins
    int requests = 0, failed = 0, slow = 0;
    QMap<QString, int> versions {}; ///< of good answers
    [[nodiscard]] QString text() const; ///< "while it was broken: the second too"
};

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
    QList<Window> windows; ///< in the order of time, without gaps
    QList<GuardReading> guards; ///< the nearest that each came to its limit while something was broken
    bool unproven = false; ///< that another side can take over was not proven, and somebody said yes all the same
    bool restored = false; ///< nothing is broken any more (also when nothing ever was)
    QStringList restoreProof; ///< "cluster-1/default/helloworld-v1: replicas 1, ready 1 (read back)"
    std::optional<core::Error> error;
    /// The summary, or that of the samples.
    [[nodiscard]] probe::Summary figures() const;
    [[nodiscard]] int samplesLeftOut() const;
    /// "120 ms", "never", or that it was not measured: nothing was broken, or the drill was stopped before it was known.
    [[nodiscard]] QString recoveryText() const;
    [[nodiscard]] QString detectionText() const;
    /// The expectations as cases for JUnit: one that was not measured is an error, never a pass.
    [[nodiscard]] QByteArray toJunit() const;
    /// {"drill","verdict","detect_ms","recovery_ms","failed_requests","requests","phases","restored"} plus the reason, the
    /// times, the proof, the figures and the samples; detect_ms and recovery_ms are null where there is nothing to say.
    [[nodiscard]] QJsonObject toJson() const;
    /// What toJson() wrote (the history), for reports: the document has only its names.
    [[nodiscard]] static DrillResult fromJson(const QJsonObject &object);
};

struct DrillOptions {
    bool yesUnproven = false; ///< run it also where it is not proven that another side can take over
};

struct DrillCallbacks { ///< called on the worker thread
    std::function<void(const PhaseMark &)> onPhase;
    std::function<void(const QList<probe::Sample> &)> onSamples;
    std::function<void(const QList<GuardReading> &)> onGuards {}; ///< a few times a second
};

/// The code of the error of a drill that wants a yes.
inline const QString unprovenCode = QStringLiteral("Unproven");

/// Runs a drill from its first look to its proof. For a worker thread. Its faults are an execution in the journal of @p databaseFile, held
/// until they are taken back; a stop, a failed guard, a fault that somebody else takes back or any error takes them back at once. Nothing
/// that was broken stays broken, also after kill -9: see drill/restoration.h. The result is kept in the database as a document of kind
/// "drill". Where the other side is not proven it does not begin (Precondition, code unprovenCode), unless @p options say so.
[[nodiscard]] DrillResult runDrill(const DrillDocument &drill, session::Session &session, const QString &databaseFile,
    const DrillCallbacks &callbacks, std::stop_token stop, const DrillOptions &options = {});

struct DrillCheck {
    QList<core::Error> obstacles; ///< why this drill cannot run here now; empty when it can
    QStringList unproven; ///< what is not proven of who is to take over, and takes a yes; no request is sent for it here
};
/// For a worker thread.
[[nodiscard]] DrillCheck checkDrill(const DrillDocument &drill, session::Session &session, std::stop_token stop);

/// A self-contained page of one drill's result (inline SVG chart), for people.
[[nodiscard]] QByteArray toHtml(const DrillResult &result);
/// The same page for a text document that prints it; its chart is a picture of its own.
struct PrintedReport {
    static constexpr char chartName[] = "chart.svg"; ///< what the page calls it
    QString html;
    QByteArray chart; ///< SVG; empty: no request was sent
};
[[nodiscard]] PrintedReport toPrint(const DrillResult &result);
/// The report that the name of @p file asks for: .xml is JUnit, .json what toJson() says, anything else the page.
[[nodiscard]] QByteArray reportAs(const QString &file, const DrillResult &result);

[[nodiscard]] QString phaseName(Phase phase);
[[nodiscard]] QString windowName(Window::Kind kind); ///< "before", "striking", "broken", "after"
[[nodiscard]] QString verdictName(Verdict verdict); ///< "pass", "fail", "aborted"

} // namespace catamaran::drill
