// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <QDateTime>
#include <QList>
#include <QObject>
#include <QPair>
#include <QProcess>
#include <QSslCertificate>
#include <QSslKey>
#include <QStringList>

#include <functional>
#include <memory>

/// Programs that give credentials (facts kubernetes-wire 1.4).
namespace catamaran::kube {

/// One exec block of a kubeconfig.
struct ExecPlugin {
    QString apiVersion; ///< client.authentication.k8s.io/v1 or /v1beta1
    QString command;    ///< absolute, or a name to look up in PATH
    QStringList arguments;
    QList<QPair<QString, QString>> environment; ///< added to our own
    QString installHint;
    QString interactiveMode; ///< Never, IfAvailable or Always
    bool provideClusterInfo = false;
    QByteArray clusterInfo; ///< JSON of spec.cluster; set when provideClusterInfo
    QString origin;         ///< "user alice in /home/a/.kube/config", for errors
};

/// What a plugin gave. At least one of token and certificate is there.
struct ExecCredential {
    core::Secret token;
    QList<QSslCertificate> clientChain;
    QSslKey clientKey;
    QByteArray certificatePem; ///< to see whether it changed
    QDateTime expires;         ///< null: until the server says 401
};

/// The value of KUBERNETES_EXEC_INFO. Pure.
[[nodiscard]] QByteArray execInfo(const ExecPlugin &plugin);

/// Reads the plugin's standard output strictly. Pure.
[[nodiscard]] core::Result<ExecCredential> parseExecCredential(const QByteArray &output, const ExecPlugin &plugin);

/// Runs one plugin when its credential is needed, one at a time, and keeps the answer until it expires. The plugin runs in
/// a session of its own: it has no terminal to ask on, and is killed together with the programs it started when it takes
/// too long, prints too much or nobody waits for it any more. Lives on the thread of its owner; nothing is called after it
/// is destroyed.
class ExecCredentialSource : public QObject {
    Q_OBJECT
public:
    using Handler = std::function<void(const core::Result<ExecCredential> &)>;

    explicit ExecCredentialSource(ExecPlugin plugin, QObject *parent = nullptr);
    ~ExecCredentialSource() override;

    /// Calls @p handler once: at once with the kept credential, or later with what the plugin says. Returns a ticket for
    /// drop(), 0 when @p handler was called already.
    quint64 need(Handler handler);
    /// The handler of @p ticket will not be called; the last one to be dropped ends the plugin.
    void drop(quint64 ticket);
    /// The server refused it: the next need() runs the plugin again, at once the first time.
    void forget();
    /// How long a plugin may take. 60 s by default.
    void setTimeout(std::chrono::milliseconds timeout) { m_timeout = timeout; }
    [[nodiscard]] int runs() const { return m_runs; }

private:
    struct Waiting {
        quint64 ticket;
        Handler handler;
    };
    void run();
    void kill();
    void finished(int code, bool crashed);
    void settle(const core::Result<ExecCredential> &result);

    ExecPlugin m_plugin;
    std::chrono::milliseconds m_timeout { 60000 };
    std::unique_ptr<ExecCredential> m_kept;
    QDateTime m_lastRun;
    core::Result<ExecCredential> m_lastResult;
    QList<Waiting> m_waiting;
    quint64 m_tickets = 0;
    std::unique_ptr<QProcess> m_process;
    QByteArray m_output, m_errors;
    bool m_tooLong = false;
    bool m_timedOut = false;
    bool m_refused = false;     ///< the server did not take what the last run gave
    bool m_runByRefusal = false; ///< the last run was because of that: not again before the pause is over
    int m_runs = 0;
};

} // namespace catamaran::kube
