// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"
#include "kube/kubeclient.h"
#include "probe/figures.h"

#include <QObject>

#include <chrono>
#include <map>
#include <optional>

namespace catamaran::probe {

struct ChosenPod;

/// Where requests come from: a workload (deployment) of a cluster; a ready pod of it is picked.
struct Source {
    QString cluster, ns, workload;
    /// "cluster/namespace/workload"; InvalidInput with the form otherwise.
    [[nodiscard]] static core::Result<Source> parse(const QString &text);
    [[nodiscard]] QString text() const { return cluster + u'/' + ns + u'/' + workload; }
};

struct RunSpec {
    Source source;
    QString url; ///< http(s)://helloworld:5000/hello
    int count = 0; ///< 0: by duration
    std::chrono::milliseconds duration { 0 }; ///< 0 with count 0: until stopped
    double rate = 0; ///< requests per second; 0: as fast as answers come, one after the other
    bool keepAlive = false; ///< kept connections; false: a new one per request, as `curl` in a loop
    std::chrono::milliseconds requestTimeout { 5000 };
    QString address {}; ///< where the URL's host is; empty: the pod resolves its name
    QString container {}; ///< of the pod; empty: the one that kubectl would take
    QString pod {}; ///< this one, whichever workload it is of; empty: a ready one of the source's workload

    /// With a rate and new connections a request goes out when it is due, whether or not the ones before it have come back, so that a
    /// target that hangs is asked as often as one that answers. What is due and could not be sent is counted: at most mostAtOnce curls run
    /// at a time (some 1.5 MB each). Up to eachAloneUpTo each request is due by itself and sent by a curl of its own; beyond, together()
    /// are due at a time and one curl sends them side by side (in the pod some 1 to 2 ms of a core for a request, 6 to 10 alone). Answers
    /// that say to have more than 60,000 bytes then count by their code, without the body. Kept connections carry one request after the
    /// other.
    static constexpr double openLoopUpTo = 500, eachAloneUpTo = 50;
    static constexpr int mostAtOnce = 50, mostTogether = 7;
    [[nodiscard]] bool isOpenLoop() const { return rate > 0 && rate <= openLoopUpTo && !keepAlive; }
    /// How many requests are due at a time, from 1 to mostTogether: as few as can be started in time, and as it takes to have all that
    /// are due under way while each of them hangs until its time is over.
    [[nodiscard]] int together() const;
    /// How many requests are to be sent; 0 when only the time or a stop ends it.
    [[nodiscard]] int due() const;

    /// InvalidInput naming the field: no URL, a scheme other than http/https, count and duration both 0 (unless @p endless).
    [[nodiscard]] core::Result<core::Done> check(bool endless = false) const;
    /// The command line for the pod; what it prints is parsed by a LineParser of the same @p mark (letters and digits).
    [[nodiscard]] QStringList command(const QByteArray &mark) const;
    /// Exit codes of that command by which it says, before any request, that it can send none.
    enum Exit {
        NoCurl = 127,
        CurlTooOld = 125, ///< older than 7.29; it has printed which one
        CurlTooOldToKeep = 124, ///< its outcomes are only known one process each, so no connection is kept
        CannotHoldRate = 123, ///< more than eachAloneUpTo takes curl 7.75 and a /proc; it has printed what it has
    };
    /// The same by hand: `kubectl exec …` in the source's cluster.
    [[nodiscard]] QString asKubectl(const kube::ByHand &cluster) const;
};

/// The code of the error of a run whose container can never send: no shell, no curl, one that is too old.
inline const QString unfitCode = QStringLiteral("Unfit");

/// What tells a run's own records from all else that is printed in its stream: 128 random bits, made for each run, so that
/// no answer can hold them.
[[nodiscard]] QByteArray newMark();

/// Splits the remote command's output into samples. Pure but for its own buffer; bounded. Only records with the run's mark
/// count, whatever a body says, and never more of them than requests were asked for; what is not ours is counted in garbage().
class LineParser {
public:
    /// When requests that do not wait for each other are due: @c together every @c together * @c periodMs.
    struct Pace {
        double periodMs = 0; ///< 0: not known
        int together = 1;
    };
    /// @p most: how many requests were asked for; 0: any number.
    explicit LineParser(QByteArray mark, int most = 0, Pace pace = { 0, 1 });
    /// Samples in the order in which they were due: one that overtook another is held back until that has come.
    [[nodiscard]] QList<Sample> feed(const QByteArray &bytes, qint64 nowMs);
    /// What is held back, when nothing more comes.
    [[nodiscard]] QList<Sample> flush();
    /// Requests that were due and never sent, because too many were under way or it was too late.
    [[nodiscard]] int notSent() const { return m_notSent; }
    [[nodiscard]] int garbage() const { return m_garbage; }
    /// What has come and is not part of a sample yet, in one line: what the command complained about when it ended early.
    [[nodiscard]] QString rest() const;

private:
    static constexpr std::size_t mostHeld = 8192;
    void place(Sample &sample);
    void release(QList<Sample> &samples, std::size_t most);
    void order(QList<Sample> &samples);

    QByteArray m_mark; ///< with what stands around it
    int m_most = 0;
    Pace m_pace;
    std::optional<double> m_beganMs, m_beganLatelyMs; ///< by our clock, when the first was due: of all windows, of this one
    int m_placed = 0; ///< in this window
    QByteArray m_buffer;
    qsizetype m_dropped = 0; ///< bytes of the current body that were not kept
    qint64 m_nowMs = 0, m_lastStartMs = 0;
    int m_next = 0; ///< records so far
    int m_due = 0; ///< the next one to be told
    std::map<int, std::optional<Sample>> m_held; ///< by when they were due; nothing: never sent
    int m_notSent = 0;
    int m_garbage = 0;
    bool m_atLineEnd = false; ///< the newline after a record is still to come
};

/// One start of requests: finds a ready pod, opens one exec stream, yields a sample per request. Main thread.
/// When the pod disappears in between (scaled down, restarted) the run ends with an error that says so; what was
/// received stays received. InvalidInput when the container can never send: no shell, no curl, one that is too old.
class Run : public QObject {
    Q_OBJECT
public:
    Run(kube::KubeClient &client, RunSpec spec, QObject *parent = nullptr);
    ~Run() override;

    void start();
    /// Ends sending; finished() follows without error.
    void stop();
    [[nodiscard]] const RunSpec &spec() const;
    /// Of every request so far.
    [[nodiscard]] const Figures &figures() const;
    /// The newest samples, and the failures among the older ones: a run may go on for hours.
    [[nodiscard]] const SampleLog &log() const;
    [[nodiscard]] QString pod() const;
    /// The same by hand.
    [[nodiscard]] QString command() const;
    [[nodiscard]] QString container() const;
    /// The run as it is now.
    [[nodiscard]] struct RunResult result() const;

signals:
    void started(const QString &pod);
    /// As they come in, at most every 20 ms.
    void received(const QList<catamaran::probe::Sample> &samples);
    /// Exactly once. @p error null after a natural end or stop().
    void finished(const std::shared_ptr<catamaran::core::Error> &error);

private:
    void open(const ChosenPod &chosen);
    void take(const QByteArray &bytes);
    void publish();
    void keep(const QList<Sample> &samples);
    void sessionFinished(int exitCode, const std::shared_ptr<core::Error> &error);
    void end(const std::optional<core::Error> &error);
    [[nodiscard]] std::optional<core::Error> unfit(int exitCode, const std::shared_ptr<core::Error> &error) const;
    [[nodiscard]] QString place() const;

    struct Private;
    std::unique_ptr<Private> d;
};

struct RunResult {
    RunSpec spec;
    QString pod;
    QList<Sample> samples; ///< the newest; all of them in a run that is not long
    std::optional<core::Error> error;
    QString container;
    QString command {}; ///< the same by hand
    Summary summary; ///< of every request; left out: of the samples
    QList<Sample> olderFailures; ///< failed before the first of the samples

    /// The summary, or that of the samples.
    [[nodiscard]] Summary figures() const;
    [[nodiscard]] int samplesLeftOut() const;
    /// {"source","url","requests","ok","errors","versions","instances","latency_ms","samples"}, and beside the contract
    /// "pod", "container", "command", "keep_alive", "error_kinds", "sentence", "latency_within_percent" (0: the figures are exact),
    /// "not_sent" and "late" (Summary), "samples_left_out" (the oldest), "older_failures" (of those) and, when the run broke off, "error".
    [[nodiscard]] QJsonObject toJson() const;
};

/// A whole run from any thread. @p onSamples is called on the client's thread, @p onNotSent too, with how many were due and never sent so
/// far. A stop ends the sending: the future then yields what came until then, without error; so wait for it with a token of its own. It
/// fails only when nothing was sent at all (no pod, no stream).
[[nodiscard]] QFuture<core::Result<RunResult>> run(kube::KubeClient &client, const RunSpec &spec, std::stop_token stop,
    std::function<void(const QList<Sample> &)> onSamples = {}, std::function<void(int notSent)> onNotSent = {});

} // namespace catamaran::probe
