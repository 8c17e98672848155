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
    QByteArray output; ///< what it printed; empty when that went to nowhere
};

namespace helper {

/// Starts @p program with its standard output at @p to.
inline pid_t startWith(const QString &program, const QStringList &arguments, int to)
{
    std::vector<QByteArray> words { QFile::encodeName(program) };
    for (const QString &argument : arguments)
        words.push_back(argument.toLocal8Bit());
    std::vector<char *> argv;
    for (QByteArray &word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    // vfork would share this process's memory figures with the child; a child that execs at once is counted by itself.
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(to, STDOUT_FILENO);
        ::execvp(argv.front(), argv.data());
        ::_exit(127);
    }
    return child;
}

/// Waits for its end. wait4() tells that process's own peak, which getrusage(RUSAGE_CHILDREN) mixes with others.
inline Spent ended(pid_t child, std::chrono::steady_clock::time_point begin)
{
    int status = 0;
    rusage usage {};
    Spent spent;
    if (child < 0 || ::wait4(child, &status, 0, &usage) != child)
        return spent;
    spent.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    spent.ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    spent.megabytes = double(usage.ru_maxrss) / 1024;
    return spent;
}

} // namespace helper

/// Runs @p program to its end, its output into a file.
inline Spent runToEnd(const QString &program, const QStringList &arguments, const QString &outputFile = QStringLiteral("/dev/null"))
{
    const auto begin = std::chrono::steady_clock::now();
    const int to = ::open(QFile::encodeName(outputFile).constData(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    Spent spent = helper::ended(helper::startWith(program, arguments, to), begin);
    ::close(to);
    if (outputFile != QLatin1String("/dev/null")) {
        QFile output(outputFile);
        if (output.open(QIODevice::ReadOnly))
            spent.output = output.readAll();
    }
    return spent;
}

/// Runs @p program to its end and counts what it prints, as somebody would who wants it: through a pipe.
inline Spent runAndCount(const QString &program, const QStringList &arguments, qint64 &bytes)
{
    const auto begin = std::chrono::steady_clock::now();
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return {};
    const pid_t child = helper::startWith(program, arguments, ends[1]);
    ::close(ends[1]);
    bytes = 0;
    std::vector<char> buffer(256 * 1024);
    for (ssize_t got = 0; (got = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
        bytes += got;
    ::close(ends[0]);
    return helper::ended(child, begin);
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
