// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "support/labprocess.h"
#include "support/paths.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>

#include <csignal>
#include <sys/prctl.h>

namespace catamaran::tests {

LabProcess::LabProcess() = default;

LabProcess::~LabProcess()
{
    stop();
}

QString LabProcess::program()
{
    const QString named = qEnvironmentVariable("CATAMARAN_LAB");
    const QString path = named.isEmpty() ? tests::program(QStringLiteral("catamaran-lab")) : named;
    return QFileInfo(path).isExecutable() ? path : QString();
}

bool LabProcess::start(const QStringList &extraArguments, int timeoutMs)
{
    stop();
    m_error.clear();
    m_ready = {};
    if (program().isEmpty()) {
        m_error = QStringLiteral("there is no catamaran-lab");
        return false;
    }
    m_directory = std::make_unique<QTemporaryDir>();
    m_process = std::make_unique<QProcess>();
    m_process->setProcessChannelMode(QProcess::SeparateChannels);
    m_process->setStandardErrorFile(directory() + QStringLiteral("/lab.log"));
    // A test that crashes must not leave its range behind.
    m_process->setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); });
    m_process->start(program(), QStringList { QStringLiteral("--dir"), directory() } + extraArguments);
    if (!m_process->waitForStarted(60000)) {
        m_error = m_process->errorString();
        return false;
    }
    const QDeadlineTimer deadline(timeoutMs);
    QByteArray output;
    while (!deadline.hasExpired()) {
        while (m_process->canReadLine()) {
            const QByteArray line = m_process->readLine();
            output += line;
            const QJsonObject object = QJsonDocument::fromJson(line).object();
            if (object.value(u"ready").toBool()) {
                m_ready = object;
                return true;
            }
        }
        if (m_process->state() == QProcess::NotRunning)
            break;
        m_process->waitForReadyRead(int(std::min<qint64>(deadline.remainingTime(), 200)));
    }
    QFile log(directory() + QStringLiteral("/lab.log"));
    (void)log.open(QIODevice::ReadOnly);
    m_error = QStringLiteral("the range did not get ready; it said: %1 %2")
                  .arg(QString::fromUtf8(output), QString::fromUtf8(log.readAll().right(4000)));
    stop();
    return false;
}

int LabProcess::stop(int timeoutMs)
{
    if (!m_process)
        return -1;
    int code = -1;
    if (m_process->state() != QProcess::NotRunning) {
        m_process->terminate();
        if (m_process->waitForFinished(timeoutMs)) {
            code = m_process->exitStatus() == QProcess::NormalExit ? m_process->exitCode() : -1;
        } else {
            m_process->kill();
            m_process->waitForFinished(60000);
        }
    } else if (m_process->exitStatus() == QProcess::NormalExit) {
        code = m_process->exitCode();
    }
    m_process.reset();
    return code;
}

bool LabProcess::isRunning() const
{
    return m_process && m_process->state() == QProcess::Running;
}

QString LabProcess::directory() const
{
    return m_directory ? m_directory->path() : QString();
}

QString LabProcess::environmentFile() const
{
    return directory() + QStringLiteral("/env.yaml");
}

QString LabProcess::caFile() const
{
    return directory() + QStringLiteral("/ca.pem");
}

QString LabProcess::kubeconfig(int cluster) const
{
    return directory() + QStringLiteral("/cluster-%1.kubeconfig").arg(cluster);
}

LabProcess::Output LabProcess::ctl(const QStringList &arguments, int timeoutMs) const
{
    return run(program(), QStringList { QStringLiteral("ctl"), QStringLiteral("--dir"), directory() } + arguments, timeoutMs);
}

LabProcess::Output LabProcess::run(const QString &command, const QStringList &arguments, int timeoutMs) const
{
    Output output;
    QProcess process;
    process.setWorkingDirectory(directory());
    process.start(command, arguments);
    if (!process.waitForFinished(timeoutMs)) {
        output.standardError = "it did not end in time: " + process.errorString().toUtf8();
        process.kill();
        process.waitForFinished(60000);
        return output;
    }
    output.standardOutput = process.readAllStandardOutput();
    output.standardError += process.readAllStandardError();
    if (process.exitStatus() == QProcess::NormalExit)
        output.exitCode = process.exitCode();
    return output;
}

} // namespace catamaran::tests
