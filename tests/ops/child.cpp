// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "crashplan.h"

#include <QCoreApplication>
#include <QFile>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <sys/resource.h>
#include <unistd.h>

/// What this program does when a test runs it as another process.
namespace catamaran::tests {

using namespace ops;

namespace {

std::atomic<int> points = 0;

/// Comes to one more point; at the one that is asked for it does @p what.
void pass(int wanted, const std::function<void()> &what)
{
    if (++points == wanted)
        what();
}

void die()
{
    (void)raise(SIGKILL);
}

Hook atPoint(int wanted, std::function<void()> what)
{
    return [wanted, what = std::move(what)](Point, const QString &, const Scope &) -> std::optional<core::Error> {
        pass(wanted, what);
        return std::nullopt;
    };
}

void say(const QString &line)
{
    std::cout << line.toStdString() << std::endl;
}

int report(const ExecutionResult &result)
{
    say(QStringLiteral("%1 points; %2").arg(points.load()).arg(texts(result)));
    if (result.complete)
        return 0;
    // "Another kind of file, no database" is what a spoilt one looks like.
    const bool ofTheJournal
        = result.error && (result.error->kind == core::ErrorKind::Storage || result.error->kind == core::ErrorKind::InvalidInput);
    return ofTheJournal ? 5 : 3;
}

/// FOLDER KILL-AT [EXECUTION]: carries the plan out, or takes the execution back, and dies at the point.
int killed(const QStringList &arguments)
{
    const int at = arguments.at(1).toInt();
    const CrashPlace place(arguments.at(0));
    ModelWorld world(place.world());
    auto options = place.options();
    options.onProgress = [&](const StepProgress &progress) {
        if (progress.state == StepState::Done)
            pass(at, die);
    };
    const auto kinds = modelKinds({ atPoint(at, die) });
    return report(arguments.size() > 2 ? undo(arguments.at(2).toLongLong(), kinds, world, options, {})
                                       : execute(crashPlan(), kinds, world, options, {}));
}

/// FOLDER: waits for a line, then carries the plan out, and in its first act for another line.
int racing(const QStringList &arguments)
{
    const CrashPlace place(arguments.at(0));
    ModelWorld world(place.world());
    std::string line;
    bool first = true;
    const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
        if (point == Point::BeforeAct && std::exchange(first, false)) {
            say(QStringLiteral("acting"));
            std::getline(std::cin, line);
        }
        return std::nullopt;
    } });
    say(QStringLiteral("ready"));
    std::getline(std::cin, line);
    auto options = place.options();
    options.atOnce = 1;
    return report(execute(crashPlan(), kinds, world, options, {}));
}

/// FOLDER BYTES: carries the plan out where no file can grow beyond so many bytes.
int confined(const QStringList &arguments)
{
    const CrashPlace place(arguments.at(0));
    ModelWorld world(place.world());
    (void)std::signal(SIGXFSZ, SIG_IGN);
    const rlim_t bytes = arguments.at(1).toULongLong();
    const rlimit limit { bytes, bytes };
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 7;
    return report(execute(crashPlan(), modelKinds(), world, place.options(), {}));
}

/// FOLDER AT: carries the plan out, and at the point the database becomes rubbish.
int corrupted(const QStringList &arguments)
{
    const CrashPlace place(arguments.at(0));
    ModelWorld world(place.world());
    const auto spoil = [&] {
        for (const char *suffix : { "", "-wal" }) {
            QFile file(place.database() + QLatin1String(suffix));
            if (file.open(QIODevice::ReadWrite))
                file.write(QByteArray(int(file.size()), '\xa5'));
        }
        say(QStringLiteral("spoilt"));
    };
    auto options = place.options();
    options.atOnce = 1;
    int after = 0;
    const int at = arguments.at(1).toInt();
    const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
        after += point == Point::BeforeAct && points >= at ? 1 : 0; // whose intent was written when nothing can be written
        pass(at, spoil);
        return std::nullopt;
    } });
    const auto result = execute(crashPlan(), kinds, world, options, {});
    say(QStringLiteral("%1 acts after").arg(after));
    return report(result);
}

/// FOLDER: as a user who may read the folder but not write to it.
int unprivileged(const QStringList &arguments)
{
    if (geteuid() == 0 && setuid(65534) != 0)
        return 7;
    const CrashPlace place(arguments.at(0));
    ModelWorld world;
    const auto result = execute(crashPlan(), modelKinds(), world, place.options(), {});
    if (!world.store.values().isEmpty() || world.store.items(QStringLiteral("a")) > 0)
        return 6;
    return report(result);
}

} // namespace

QStringList childArguments(const QString &role, const QStringList &arguments)
{
    return QStringList { QStringLiteral("--child"), role } + arguments;
}

std::optional<int> runAsChild(const QStringList &arguments)
{
    if (arguments.value(1) != QLatin1String("--child"))
        return std::nullopt;
    const QMap<QString, int (*)(const QStringList &)> roles { { QStringLiteral("killed"), killed }, { QStringLiteral("racing"), racing },
        { QStringLiteral("confined"), confined }, { QStringLiteral("corrupted"), corrupted },
        { QStringLiteral("unprivileged"), unprivileged } };
    const auto role = roles.value(arguments.value(2));
    return role ? role(arguments.mid(3)) : 7;
}

} // namespace catamaran::tests
