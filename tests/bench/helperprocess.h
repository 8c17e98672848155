// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/paths.h"

#include <QByteArray>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>

#include <chrono>
#include <ctime>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/// What one process took.
struct Spent {
    bool ok = false;
    double seconds = 0;
    double megabytes = 0; ///< the most it ever had in memory
    QByteArray output;    ///< what it printed; empty when that went to nowhere
};

/// Runs @p program to its end. wait4() tells this process's own peak, which getrusage(RUSAGE_CHILDREN) mixes with others.
inline Spent runToEnd(const QString &program, const QStringList &arguments, const QString &outputFile = QStringLiteral("/dev/null"))
{
    std::vector<QByteArray> words { QFile::encodeName(program) };
    for (const QString &argument : arguments)
        words.push_back(argument.toLocal8Bit());
    std::vector<char *> argv;
    for (QByteArray &word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    const QByteArray file = QFile::encodeName(outputFile);
    const auto begin = std::chrono::steady_clock::now();
    // vfork would share this process's memory figures with the child; a child that execs at once is counted by itself.
    const pid_t child = ::fork();
    if (child == 0) {
        const int to = ::open(file.constData(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ::dup2(to, STDOUT_FILENO);
        ::execvp(argv.front(), argv.data());
        ::_exit(127);
    }
    int status = 0;
    rusage usage {};
    Spent spent;
    if (child < 0 || ::wait4(child, &status, 0, &usage) != child)
        return spent;
    spent.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    spent.ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    spent.megabytes = double(usage.ru_maxrss) / 1024;
    if (outputFile != QLatin1String("/dev/null")) {
        QFile output(outputFile);
        if (output.open(QIODevice::ReadOnly))
            spent.output = output.readAll();
    }
    return spent;
}

/// Resident memory of this process now.
inline double residentNow()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("VmRSS:"))
            return line.mid(6).trimmed().split(' ').value(0).toDouble() / 1024;
    }
    return 0;
}

/// Processor time of this process until now, all threads.
inline double processorSeconds()
{
    rusage usage {};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &time) { return double(time.tv_sec) + double(time.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Processor time of this thread until now.
inline double threadSeconds()
{
    timespec time {};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
}

/// bench_server with @p arguments; what it said in its first line.
inline QJsonObject startServer(QProcess &process, const QStringList &arguments)
{
    process.start(catamaran::tests::program(QStringLiteral("bench_server")), arguments);
    QByteArray line;
    while (!line.endsWith('\n') && process.waitForReadyRead(20000))
        line += process.readLine();
    return QJsonDocument::fromJson(line).object();
}

inline void endServer(QProcess &process)
{
    process.closeWriteChannel();
    if (!process.waitForFinished(3000))
        process.kill();
    process.waitForFinished(3000);
}
