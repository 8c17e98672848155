// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"
#include "kube/kubeclient.h"
#include "probe/sample.h"

#include <QObject>

#include <chrono>
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
    QString url;                        ///< http(s)://helloworld:5000/hello
    int count = 0;                      ///< 0: by duration
    std::chrono::milliseconds duration { 0 }; ///< 0 with count 0: until stopped
    double rate = 0;                    ///< requests per second; 0: as fast as answers come
    bool keepAlive = false;             ///< kept connections; false: a new one per request, as `curl` in a loop
    std::chrono::milliseconds requestTimeout { 5000 };
    QString address {};                 ///< where the URL's host is; empty: the pod resolves its name

    /// InvalidInput naming the field: no URL, a scheme other than http/https, count and duration both 0 (unless @p endless).
    [[nodiscard]] core::Result<core::Done> check(bool endless = false) const;
    /// The command line for the pod; what it prints is parsed by LineParser.
    [[nodiscard]] QStringList command() const;
    /// The same by hand: `kubectl exec …` in the source's cluster.
    [[nodiscard]] QString asKubectl(const kube::ByHand &cluster) const;
};

/// Splits the remote command's output into samples. Pure but for its own buffer; bounded; lines that are not ours are
/// counted in garbage().
class LineParser {
public:
    [[nodiscard]] QList<Sample> feed(const QByteArray &bytes, qint64 nowMs);
    [[nodiscard]] int garbage() const { return m_garbage; }
    /// What has come and is not part of a sample yet, in one line: what the command complained about when it ended early.
    [[nodiscard]] QString rest() const;

private:
    QByteArray m_buffer;
    qsizetype m_dropped = 0;  ///< bytes of the current body that were not kept
    qint64 m_lastStartMs = 0;
    int m_next = 0;
    int m_garbage = 0;
    bool m_atLineEnd = false; ///< the newline after a record is still to come
};

/// One start of requests: finds a ready pod, opens one exec stream, yields a sample per request. Main thread.
/// When the pod disappears in between (scaled down, restarted) the run ends with an error that says so; what was
/// received stays received.
class Run : public QObject {
    Q_OBJECT
public:
    Run(kube::KubeClient &client, RunSpec spec, QObject *parent = nullptr);
    ~Run() override;

    void start();
    /// Ends sending; finished() follows without error.
    void stop();
    [[nodiscard]] const RunSpec &spec() const;
    [[nodiscard]] const QList<Sample> &samples() const;
    [[nodiscard]] QString pod() const;
    /// The same by hand.
    [[nodiscard]] QString command() const;

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
    void sessionFinished(int exitCode, const std::shared_ptr<core::Error> &error);
    void end(const std::optional<core::Error> &error);
    [[nodiscard]] QString place() const;

    struct Private;
    std::unique_ptr<Private> d;
};

struct RunResult {
    RunSpec spec;
    QString pod;
    QList<Sample> samples;
    std::optional<core::Error> error;
    QString command {}; ///< the same by hand
    /// {"source","url","requests","ok","errors","versions","instances","latency_ms","samples"}, and beside the contract
    /// "pod", "command", "keep_alive", "error_kinds", "sentence" and, when the run broke off, "error".
    [[nodiscard]] QJsonObject toJson() const;
};

/// A whole run from any thread. @p onSamples is called on the client's thread. A stop ends the sending: the future then
/// yields what came until then, without error; so wait for it with a token of its own. It fails only when nothing was
/// sent at all (no pod, no stream).
[[nodiscard]] QFuture<core::Result<RunResult>> run(kube::KubeClient &client, const RunSpec &spec, std::stop_token stop,
                                                   std::function<void(const QList<Sample> &)> onSamples = {});

} // namespace catamaran::probe
