// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeclient.h"

namespace catamaran::kube {

struct ExecOptions {
    QString ns, pod, container; ///< container empty: the pod's default
    QStringList command;
    bool stdinOpen = false;
    bool tty = false;
    std::chrono::milliseconds openTimeout { 15000 };
    /// No byte and no answer to a ping for so long: the connection counts as lost. Not shorter than some pings: a command
    /// that does not read its input keeps the server from answering them.
    std::chrono::milliseconds silence { 65000 };
    /// After so much silence the server is asked by another way whether it lives; the connection is lost when it does not
    /// say so within healthTimeout. Longer than a ping takes, one each five seconds.
    std::chrono::milliseconds quiet { 7000 };
    std::chrono::milliseconds healthTimeout { 5000 };
};

/// One command in a pod, over WebSocket (facts kubernetes-wire 3). Lives on the client's thread. Destroying it closes
/// the socket; the remote command may live on, so commands carry their own limit.
class ExecSession : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    virtual void start() = 0;
    /// Sends input; at most 32 KiB go into one message. What the network does not take yet is kept and follows; see
    /// pendingInput().
    virtual void write(const QByteArray &bytes) = 0;
    /// Bytes of input that wait here because the other side does not take them.
    [[nodiscard]] virtual qint64 pendingInput() const { return 0; }
    /// Ends the input. On v4 there is no such thing: does nothing and returns false.
    virtual bool closeStdin() = 0;
    virtual void resize(int width, int height) = 0;
    /// Closes; finished() comes with Cancelled.
    virtual void stop() = 0;

signals:
    void opened();
    void standardOutput(const QByteArray &bytes);
    void standardError(const QByteArray &bytes);
    /// Exactly once. @p error null: the command ended by itself with @p exitCode. A socket that closes before the
    /// final Status is an error (Network), never "exit 0".
    void finished(int exitCode, const std::shared_ptr<catamaran::core::Error> &error);
};

struct ExecOutput {
    int exitCode = 0;
    QByteArray standardOutput, standardError;
};

/// Runs a short command to its end and collects at most @p limit bytes of each stream. Callable from any thread.
[[nodiscard]] QFuture<core::Result<ExecOutput>> runInPod(
    KubeClient &client, const ExecOptions &options, std::stop_token stop, qint64 limit = 4 * 1024 * 1024);

} // namespace catamaran::kube
