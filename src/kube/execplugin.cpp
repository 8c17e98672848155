// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/execplugin.h"

#include "core/childenvironment.h"
#include "core/trustedfile.h"
#include "core/yamldocuments.h"
#include "kube/listparser.h"
#include "kube/pem.h"
#include "kube/say.h"
#include "net/httpclient.h"

#include <QCryptographicHash>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>
#include <QStandardPaths>
#include <QTimer>

#include <yaml-cpp/yaml.h>

#include <csignal>
#include <sys/types.h>
#include <unistd.h>

namespace catamaran::kube {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

constexpr qsizetype maxOutput = 1024 * 1024;
constexpr qsizetype maxErrors = 4096;
constexpr qint64 renewalPauseMs = 60000; ///< between attempts to renew what is good still
constexpr qint64 shortestMarginMs = 60000, longestMarginMs = 3600000; ///< before the end
constexpr qint64 shortestAheadMs = 1000, longestAheadMs = 3600000; ///< a timer's turn: the clock may be set meanwhile
constexpr qint64 shortestPauseMs = 5000; ///< between runs that gave nothing lasting, so that a bad plugin is no loop

tl::unexpected<Error> failed(const ExecPlugin &plugin, ErrorKind kind, const QString &answer, const QString &remedy = {})
{
    return core::fail(kind, Say::tr("get credentials from the plugin %1").arg(plugin.command), plugin.origin, answer, remedy);
}

/// What another program wrote, as one may show it: no control sequences, one line, not endless.
QString shownText(const QByteArray &bytes)
{
    QString text;
    for (const QChar c : QString::fromUtf8(bytes.left(2048)))
        text += c.isPrint() ? c : QChar(u' ');
    return text.simplified().left(600);
}

PluginPermission &permission()
{
    static PluginPermission one;
    return one;
}

/// Plugins may answer in YAML; its scalars are all read as text, which is what the fields are. Only what status says is read
/// further, and once: maps may hold each other, many times over, by their names.
QJsonObject fromYaml(const QByteArray &output)
{
    const auto texts = [](const YAML::Node &map, YAML::Node &status) {
        QJsonObject object;
        for (const auto &pair : map) {
            if (!pair.first.IsScalar())
                continue;
            const QString key = core::yamlText(pair.first.Scalar());
            if (key == u"status")
                status.reset(pair.second); // of several the last counts, as in JSON
            if (pair.second.IsScalar())
                object.insert(key, core::yamlText(pair.second.Scalar()));
        }
        return object;
    };
    try {
        const YAML::Node root = YAML::Load(output.toStdString());
        YAML::Node status, deeper;
        if (!root.IsMap())
            return {};
        QJsonObject object = texts(root, status);
        if (status.IsMap())
            object.insert(u"status", texts(status, deeper));
        return object;
    } catch (const YAML::Exception &) {
        return {};
    }
}

} // namespace

PluginQuestion questionOf(const ExecPlugin &plugin, const QString &program)
{
    QJsonArray environment;
    for (const auto &[name, value] : plugin.environment)
        environment.append(QJsonArray { name, value });
    const QJsonObject told = QJsonDocument::fromJson(plugin.clusterInfo).object();
    const QJsonArray all { plugin.file, program, QJsonArray::fromStringList(plugin.arguments), environment,
        plugin.provideClusterInfo ? told.value(u"config") : QJsonValue() };
    return { program, plugin.arguments, plugin.environment, plugin.file, QFileInfo(plugin.file).owner(), core::whyNotOwn(program),
        QCryptographicHash::hash(QJsonDocument(all).toJson(QJsonDocument::Compact), QCryptographicHash::Sha256).toHex() };
}

void setPluginPermission(PluginPermission one)
{
    permission() = std::move(one);
}

void permitPlugins()
{
    setPluginPermission([](const PluginQuestion &, const std::function<void(bool)> &answer) { answer(true); });
}

QByteArray execInfo(const ExecPlugin &plugin)
{
    QJsonObject spec { { QStringLiteral("interactive"), false } };
    if (plugin.provideClusterInfo)
        spec[u"cluster"] = QJsonDocument::fromJson(plugin.clusterInfo).object();
    return QJsonDocument(QJsonObject {
                             { QStringLiteral("apiVersion"), plugin.apiVersion },
                             { QStringLiteral("kind"), QStringLiteral("ExecCredential") },
                             { QStringLiteral("spec"), spec },
                         })
        .toJson(QJsonDocument::Compact);
}

Result<ExecCredential> parseExecCredential(const QByteArray &output, const ExecPlugin &plugin)
{
    const QString wrongTool = Say::tr("Check that this program is a credential plugin, and its version.");
    const auto json = parseObject(output);
    const QJsonObject root = json ? *json : fromYaml(output);
    if (!root.contains(u"kind")) // never show the output itself: it may hold half a credential
        return failed(plugin, ErrorKind::Protocol, Say::tr("its standard output is not one ExecCredential"),
            Say::tr("Run it in a terminal: it must print nothing else, warnings belong on standard error."));
    const QString kind = root.value(u"kind").toString();
    const QString apiVersion = root.value(u"apiVersion").toString();
    if (kind != u"ExecCredential")
        return failed(plugin, ErrorKind::Protocol,
            Say::tr("it answered kind “%1” instead of ExecCredential").arg(shownText(kind.left(60).toUtf8())), wrongTool);
    if (apiVersion != plugin.apiVersion)
        return failed(plugin, ErrorKind::Protocol,
            Say::tr("it answered apiVersion %1, but the kubeconfig asks for %2")
                .arg(shownText(apiVersion.left(80).toUtf8()), plugin.apiVersion),
            Say::tr("Let the tool write the kubeconfig anew."));
    if (!root.value(u"status").isObject())
        return failed(plugin, ErrorKind::Protocol, Say::tr("its answer has no status"), wrongTool);
    const QJsonObject status = root.value(u"status").toObject();
    for (const char *key : { "token", "clientCertificateData", "clientKeyData", "expirationTimestamp" }) {
        const QJsonValue value = status.value(QLatin1StringView(key));
        if (!value.isUndefined() && !value.isNull() && !value.isString())
            return failed(plugin, ErrorKind::Protocol, Say::tr("status.%1 is not text").arg(QLatin1StringView(key)), wrongTool);
    }
    ExecCredential credential;
    credential.token = core::Secret(status.value(u"token").toString().toUtf8().trimmed());
    const QByteArray certificate = status.value(u"clientCertificateData").toString().toUtf8();
    const core::Secret key(status.value(u"clientKeyData").toString().toUtf8());
    if (certificate.isEmpty() != key.isEmpty())
        return failed(plugin, ErrorKind::Protocol, Say::tr("it gave only one of clientCertificateData and clientKeyData"), wrongTool);
    if (!net::isHeader("Authorization", credential.token.reveal()))
        return failed(
            plugin, ErrorKind::Protocol, Say::tr("its token holds a line break or another character that is not allowed"), wrongTool);
    if (credential.token.isEmpty() && certificate.isEmpty())
        return failed(plugin, ErrorKind::Protocol, Say::tr("it gave neither a token nor a client certificate"),
            Say::tr("You may have to log in again with it."));
    if (!certificate.isEmpty()) {
        const auto chain = parseCertificates(certificate);
        const auto parsedKey = parsePrivateKey(key.reveal());
        if (!chain || !parsedKey)
            return failed(plugin, ErrorKind::Protocol, chain ? parsedKey.error().answer : chain.error().answer, wrongTool);
        if (!keyBelongsTo(certificate, key.reveal()))
            return failed(plugin, ErrorKind::Protocol, Say::tr("its key does not belong to its certificate"), wrongTool);
        credential.clientChain = *chain;
        credential.clientKey = *parsedKey;
        credential.certificatePem = certificate;
    }
    if (const QString expires = status.value(u"expirationTimestamp").toString(); !expires.isEmpty()) {
        credential.expires = QDateTime::fromString(expires, Qt::ISODate).toUTC();
        if (!credential.expires.isValid())
            return failed(plugin, ErrorKind::Protocol, Say::tr("expirationTimestamp is not a time"), wrongTool);
    }
    return credential;
}

ExecCredentialSource::ExecCredentialSource(ExecPlugin plugin, QObject *parent)
    : QObject(parent)
    , m_plugin(std::move(plugin))
{
    if (m_plugin.first) {
        m_kept = std::make_unique<ExecCredential>(*m_plugin.first);
        m_keptSince = m_plugin.clock();
    }
    m_ahead.setSingleShot(true);
    connect(&m_ahead, &QTimer::timeout, this, [this] {
        if (m_kept && m_question == 0 && isDue(m_plugin.clock()))
            run();
        fetchInTime();
    });
    fetchInTime();
}

ExecCredentialSource::~ExecCredentialSource()
{
    if (m_process) {
        m_process->disconnect(this);
        kill();
        m_process->waitForFinished(1000);
    }
}

quint64 ExecCredentialSource::need(Handler handler)
{
    const QDateTime now = m_plugin.clock();
    const bool isAtIt = m_process || m_question != 0;
    const bool isGood = m_kept && (!m_kept->expires.isValid() || m_kept->expires > now);
    if (isGood && m_plugin.fetch) {
        if (!isAtIt && isDue(now))
            run();
        handler(*m_kept);
        return 0;
    }
    if (!isAtIt) {
        if (isGood) {
            handler(*m_kept);
            return 0;
        }
        const bool tooSoon = m_lastRun.isValid() && m_lastRun.msecsTo(now) < shortestPauseMs && m_lastRun <= now;
        if (tooSoon && !(m_refused && !m_runByRefusal)) {
            handler(m_lastResult);
            return 0;
        }
    }
    const quint64 ticket = ++m_tickets;
    m_waiting.append({ ticket, std::move(handler) });
    if (!isAtIt)
        run();
    return ticket;
}

void ExecCredentialSource::drop(quint64 ticket)
{
    m_waiting.removeIf([ticket](const Waiting &one) { return one.ticket == ticket; });
    if (m_waiting.isEmpty())
        m_question = 0; // its answer comes for the next time
    if (!m_waiting.isEmpty() || !m_process)
        return;
    m_process->disconnect(this);
    kill();
    QProcess *process = m_process.release();
    connect(process, &QProcess::finished, process, &QObject::deleteLater);
    if (process->state() == QProcess::NotRunning)
        process->deleteLater();
}

void ExecCredentialSource::forget()
{
    m_refused = m_refused || m_kept;
    m_kept.reset();
}

/// The plugin and what it started.
void ExecCredentialSource::kill()
{
    if (const qint64 pid = m_process->processId(); pid > 0)
        ::kill(static_cast<pid_t>(-pid), SIGKILL);
    m_process->kill();
}

bool ExecCredentialSource::isDue(const QDateTime &now) const
{
    if (!m_kept->expires.isValid() || (m_lastRun.isValid() && m_lastRun <= now && m_lastRun.msecsTo(now) < renewalPauseMs))
        return false;
    return now.msecsTo(m_kept->expires) < marginMs();
}

qint64 ExecCredentialSource::marginMs() const
{
    return std::clamp(m_keptSince.msecsTo(m_kept->expires) / 6, shortestMarginMs, longestMarginMs);
}

/// Until it is due, or may be tried again. What has ended is fetched when it is needed.
void ExecCredentialSource::fetchInTime()
{
    m_ahead.stop();
    if (!m_plugin.fetch || !m_kept || !m_kept->expires.isValid())
        return;
    const QDateTime now = m_plugin.clock();
    if (m_kept->expires <= now)
        return;
    qint64 wait = now.msecsTo(m_kept->expires) - marginMs();
    if (m_lastRun.isValid() && m_lastRun <= now)
        wait = std::max(wait, renewalPauseMs - m_lastRun.msecsTo(now));
    m_ahead.start(std::chrono::milliseconds(std::clamp(wait, shortestAheadMs, longestAheadMs)));
}

void ExecCredentialSource::fetch()
{
    ++m_runs;
    m_runByRefusal = std::exchange(m_refused, false);
    const quint64 question = m_question = ++m_questions;
    m_plugin.fetch([guard = QPointer<ExecCredentialSource>(this), question](const Result<ExecCredential> &result) {
        if (!guard || guard->m_question != question)
            return;
        guard->m_question = 0;
        guard->settle(result);
    });
}

void ExecCredentialSource::run()
{
    if (m_plugin.fetch) {
        fetch();
        return;
    }
    const quint64 question = m_question = ++m_questions;
    const auto answered = [this, guard = QPointer<ExecCredentialSource>(this), question](const auto &then) {
        if (guard && m_question == question) {
            m_question = 0;
            then();
        }
    };
    const auto refuse = [this, answered](const Error &error) { // never inside need()
        QMetaObject::invokeMethod(
            this, [this, answered, error] { answered([&] { settle(core::fail(error)); }); }, Qt::QueuedConnection);
    };
    const QString found = m_plugin.command.contains(u'/') ? m_plugin.command : QStandardPaths::findExecutable(m_plugin.command);
    if (found.isEmpty()) {
        refuse(notFound());
        return;
    }
    const QString program = QFileInfo(found).absoluteFilePath();
    if (!permission()) {
        refuse(notPermitted());
        return;
    }
    permission()(questionOf(m_plugin, program), [this, guard = QPointer<ExecCredentialSource>(this), answered, refuse, program](bool yes) {
        if (!guard)
            return;
        if (yes)
            answered([&] { start(program); });
        else
            refuse(notPermitted());
    });
}

Error ExecCredentialSource::notFound() const
{
    const QString hint = shownText(m_plugin.installHint.toUtf8());
    return failed(m_plugin, ErrorKind::Precondition, Say::tr("executable %1 not found or not executable").arg(m_plugin.command),
        hint.isEmpty() ? Say::tr("Install it, or check PATH.") : hint)
        .value();
}

Error ExecCredentialSource::notPermitted() const
{
    return failed(m_plugin, ErrorKind::Precondition, Say::tr("it was not permitted to run"),
        Say::tr("Open the environment again to be asked again, or use a token or certificate."))
        .value();
}

void ExecCredentialSource::start(const QString &program)
{
    ++m_runs;
    m_output.clear();
    m_errors.clear();
    m_tooLong = m_timedOut = false;
    m_runByRefusal = std::exchange(m_refused, false);
    m_process = std::make_unique<QProcess>();
    auto environment = core::childEnvironment();
    for (const auto &[name, value] : std::as_const(m_plugin.environment))
        environment.insert(name, value);
    environment.insert(QStringLiteral("KUBERNETES_EXEC_INFO"), QString::fromUtf8(execInfo(m_plugin)));
    m_process->setProcessEnvironment(environment);
    m_process->setStandardInputFile(QProcess::nullDevice());
    m_process->setChildProcessModifier([] { ::setsid(); });
    QProcess *process = m_process.get();
    connect(process, &QProcess::readyReadStandardOutput, this, [this, process] {
        if (m_tooLong) {
            process->readAllStandardOutput().fill('\0');
            return;
        }
        m_output += process->readAllStandardOutput();
        if (m_output.size() > maxOutput) {
            m_tooLong = true;
            kill();
        }
    });
    connect(process, &QProcess::readyReadStandardError, this,
        [this, process] { m_errors += process->readAllStandardError().left(maxErrors - m_errors.size()); });
    connect(
        process, &QProcess::errorOccurred, this,
        [this](QProcess::ProcessError error) {
            if (error != QProcess::FailedToStart)
                return; // finished() comes as well
            settle(core::fail(notFound()));
        },
        Qt::QueuedConnection);
    connect(
        process, &QProcess::finished, this,
        [this](int code, QProcess::ExitStatus status) { finished(code, status == QProcess::CrashExit); }, Qt::QueuedConnection);
    QTimer::singleShot(m_timeout, this, [this, guard = QPointer<QProcess>(process)] {
        if (!guard || m_process.get() != guard)
            return;
        m_timedOut = true;
        kill();
    });
    process->start(program, m_plugin.arguments);
}

void ExecCredentialSource::finished(int code, bool crashed)
{
    m_output += m_process->readAllStandardOutput();
    m_errors += m_process->readAllStandardError().left(std::max<qsizetype>(0, maxErrors - m_errors.size()));
    const QString said = m_errors.isEmpty() ? Say::tr("it says nothing on standard error") : shownText(m_errors);
    QString look = Say::tr("Run it in a terminal to see why; you may have to log in again.");
    if (const QStringList withheld = core::withheldVariables(); !withheld.isEmpty()) {
        look += u' '
            + Say::tr(
                "It does not get %1, which the environment names as the place of a secret; if it needs that, name another place there.")
                  .arg(withheld.join(QStringLiteral(", ")));
    }
    if (m_timedOut) {
        settle(failed(m_plugin, ErrorKind::Timeout,
            Say::tr("it did not end within %1 s; %2").arg(static_cast<double>(m_timeout.count()) / 1000.0).arg(said),
            Say::tr("It may be waiting for a login: run it once in a terminal.")));
    } else if (m_tooLong || m_output.size() > maxOutput) {
        settle(failed(m_plugin, ErrorKind::Protocol, Say::tr("its answer is longer than %1 KiB").arg(maxOutput / 1024),
            Say::tr("It must print one ExecCredential and nothing else.")));
    } else if (crashed) {
        settle(failed(m_plugin, ErrorKind::Precondition, Say::tr("it crashed; %1").arg(said), look));
    } else if (code != 0) {
        settle(failed(m_plugin, ErrorKind::Unauthorized, Say::tr("it failed with exit code %1: %2").arg(code).arg(said), look));
    } else {
        settle(parseExecCredential(m_output, m_plugin));
    }
}

void ExecCredentialSource::settle(const Result<ExecCredential> &result)
{
    if (m_process)
        m_process.release()->deleteLater();
    m_output.fill('\0');
    m_output.clear();
    m_lastRun = m_plugin.clock();
    m_lastResult = result;
    if (result)
        m_keptSince = m_lastRun;
    // One that was fetched ahead in vain is good still.
    if (result || !m_plugin.fetch || !m_kept || (m_kept->expires.isValid() && m_kept->expires <= m_lastRun))
        m_kept = result ? std::make_unique<ExecCredential>(*result) : nullptr;
    fetchInTime();
    const QList<Waiting> waiting = std::exchange(m_waiting, {});
    const QPointer<ExecCredentialSource> alive(this);
    for (const Waiting &one : waiting) {
        one.handler(result);
        if (!alive)
            return;
    }
    if (result && m_plugin.fetch)
        emit renewed();
}

} // namespace catamaran::kube
