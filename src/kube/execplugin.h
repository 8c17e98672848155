// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
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
#include <QTimer>

#include <functional>
#include <memory>

/// Programs that give credentials (facts kubernetes-wire 1.4).
namespace catamaran::kube {

struct ExecCredential;

/// One exec block of a kubeconfig; or, with @c fetch, no program at all but somebody who makes new credentials in time (see renewal.h).
struct ExecPlugin {
    QString apiVersion; ///< client.authentication.k8s.io/v1 or /v1beta1
    QString command; ///< absolute, or a name to look up in PATH
    QStringList arguments;
    QList<QPair<QString, QString>> environment; ///< added to our own
    QString installHint;
    QString interactiveMode; ///< Never, IfAvailable or Always
    bool provideClusterInfo = false;
    QByteArray clusterInfo; ///< JSON of spec.cluster; set when provideClusterInfo
    QString origin; ///< "user alice in /home/a/.kube/config", for errors
    QString file; ///< the kubeconfig that names it

    /// Gives its answer once, later, on the thread that asked.
    std::function<void(std::function<void(const core::Result<ExecCredential> &)>)> fetch {};
    std::shared_ptr<const ExecCredential> first {}; ///< with fetch: what is in force at the beginning
    core::Clock clock = core::systemClock();
};

/// What is to be run, for whoever is asked whether it may be.
struct PluginQuestion {
    QString program; ///< absolute: this very file is run
    QStringList arguments;
    QList<QPair<QString, QString>> environment; ///< what it gets beside ours
    QString file, owner; ///< the kubeconfig that names it, and whose that file is
    QString doubt; ///< why others may change the program itself; empty when they may not
    QByteArray hash; ///< SHA-256 in hex of all that decides what is run and what it is told: a consent belongs to it
};

/// The question that @p program, found for @p plugin's command, raises.
[[nodiscard]] PluginQuestion questionOf(const ExecPlugin &plugin, const QString &program);

/// Answers a question by calling the function it gets, once, at once or later, on the thread that asked. May not block.
using PluginPermission = std::function<void(const PluginQuestion &, std::function<void(bool)>)>;

/// Who says which plugins may run. Until somebody does, none may. Main thread, before the first client.
void setPluginPermission(PluginPermission permission);
/// Whatever the user's own kubeconfig names may run, as kubectl runs it: for programs that the user starts for one deed.
void permitPlugins();

/// What a plugin gave. At least one of token and certificate is there.
struct ExecCredential {
    core::Secret token;
    QList<QSslCertificate> clientChain;
    QSslKey clientKey;
    QByteArray certificatePem; ///< to see whether it changed
    QDateTime expires; ///< null: until the server says 401
};

/// The value of KUBERNETES_EXEC_INFO. Pure.
[[nodiscard]] QByteArray execInfo(const ExecPlugin &plugin);

/// Reads the plugin's standard output strictly. Pure.
[[nodiscard]] core::Result<ExecCredential> parseExecCredential(const QByteArray &output, const ExecPlugin &plugin);

/// Runs one plugin when its credential is needed, one at a time, and keeps the answer until it expires. It is run only with
/// permission, which may take as long as a person takes. The plugin runs without our secrets in its environment, in a
/// session of its own: it has no terminal to ask on, and is killed together with the programs it started when it takes
/// too long, prints too much or nobody waits for it any more. Lives on the thread of its owner; nothing is called after it
/// is destroyed. What ExecPlugin::fetch gives is fetched anew before it ends, also while nobody needs it (a watch that is open asks for
/// nothing), and what is good still is used meanwhile.
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

signals:
    /// Something new is kept that ExecPlugin::fetch gave.
    void renewed();

private:
    struct Waiting {
        quint64 ticket;
        Handler handler;
    };
    void run();
    void fetch();
    void fetchInTime();
    [[nodiscard]] qint64 marginMs() const; ///< before the end
    [[nodiscard]] bool isDue(const QDateTime &now) const; ///< what is kept will not last much longer
    void start(const QString &program);
    void kill();
    void finished(int code, bool crashed);
    void settle(const core::Result<ExecCredential> &result);
    [[nodiscard]] core::Error notFound() const;
    [[nodiscard]] core::Error notPermitted() const;

    ExecPlugin m_plugin;
    std::chrono::milliseconds m_timeout { 60000 };
    std::unique_ptr<ExecCredential> m_kept;
    QDateTime m_lastRun, m_keptSince;
    core::Result<ExecCredential> m_lastResult;
    QList<Waiting> m_waiting;
    quint64 m_tickets = 0;
    std::unique_ptr<QProcess> m_process;
    quint64 m_question = 0; ///< the one that is being asked; 0: none
    quint64 m_questions = 0;
    QByteArray m_output, m_errors;
    bool m_tooLong = false;
    bool m_timedOut = false;
    bool m_refused = false; ///< the server did not take what the last run gave
    bool m_runByRefusal = false; ///< the last run was because of that: not again before the pause is over
    int m_runs = 0;
    QTimer m_ahead; ///< with fetch, while what is kept has an end
};

} // namespace catamaran::kube
