// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "commandline.h"

#include "core/output.h"
#include "core/printable.h"

#include <QCommandLineParser>
#include <QFileInfo>

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <string_view>

namespace catamaran {

namespace {

bool anyOf(int argc, char **argv, std::initializer_list<std::string_view> words)
{
    return std::any_of(argv + std::min(argc, 1), argv + argc,
        [&](const char *word) { return std::find(words.begin(), words.end(), word) != words.end(); });
}

int refuse(const QString &text)
{
    say(core::printableLine(text)); // it repeats what was written
    return badInput;
}

int print(const QString &text)
{
    (void)core::writeOutput(text.toLocal8Bit()); // what fails is told, and counts, at the end of the program
    return 0;
}

} // namespace

void say(const QString &text)
{
    std::fprintf(stderr, "catamaran: %s\n", qPrintable(core::printable(text)));
}

bool hasDisplay(int argc, char **argv)
{
    return !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")
        || !qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM") || anyOf(argc, argv, { "-platform", "--platform" });
}

bool asksForWords(int argc, char **argv)
{
    return anyOf(argc, argv, { "-h", "--help", "--help-all", "-v", "--version" });
}

std::variant<CommandLine, int> readCommandLine(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(CommandLine::tr("A console for multi-primary service-mesh fleets."));
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    const QCommandLineOption env(QStringLiteral("env"), CommandLine::tr("Open this environment file."), QStringLiteral("FILE"));
    const QCommandLineOption range(QStringLiteral("range"), CommandLine::tr("Start the practice range and open it."));
    const QCommandLineOption open(QStringLiteral("open"),
        CommandLine::tr("Show the fleet of this support bundle as it was; nothing is asked."), QStringLiteral("FILE"));
    const QCommandLineOption tour(
        QStringLiteral("tour"), CommandLine::tr("Save a picture of every screen in DIR, then end."), QStringLiteral("DIR"));
    const QCommandLineOption theme(QStringLiteral("theme"), CommandLine::tr("light, dark or system."), QStringLiteral("NAME"));
    const QCommandLineOption database(
        QStringLiteral("database"), CommandLine::tr("Keep history and journal in FILE."), QStringLiteral("FILE"));
    const QCommandLineOption place(QStringLiteral("place"),
        CommandLine::tr("Show this place first: topology, setup, verify, drills or activity."), QStringLiteral("NAME"));
    const QCommandLineOption size(QStringLiteral("size"), CommandLine::tr("Size of the window, such as 1024x700."), QStringLiteral("WxH"));
    const QCommandLineOption report(QStringLiteral("report-first-frame"), CommandLine::tr("Print the time of the first paint as JSON."));
    const QCommandLineOption quit(QStringLiteral("quit-after-first-frame"), CommandLine::tr("End after the first paint."));
    parser.addOptions({ env, range, open, tour, theme, database, place, size, report, quit });
    if (!parser.parse(arguments))
        return refuse(parser.errorText());
    if (parser.isSet(help))
        return print(parser.helpText());
    if (parser.isSet(version))
        return print(QCoreApplication::applicationName() + u' ' + QCoreApplication::applicationVersion() + u'\n');
    if (!parser.positionalArguments().isEmpty())
        return refuse(CommandLine::tr("unknown argument: %1").arg(parser.positionalArguments().first()));

    CommandLine line;
    line.environment = parser.value(env);
    line.bundle = parser.value(open);
    line.tour = parser.value(tour);
    line.database = parser.value(database);
    line.place = parser.value(place);
    line.range = parser.isSet(range);
    line.reportFirstFrame = parser.isSet(report);
    line.quitAfterFirstFrame = parser.isSet(quit);
    if (parser.isSet(theme)) {
        line.scheme = ui::parseScheme(parser.value(theme));
        if (!line.scheme)
            return refuse(CommandLine::tr("--theme takes light, dark or system, not %1").arg(parser.value(theme)));
    }
    if (parser.isSet(size)) {
        const QStringList sides = parser.value(size).split(u'x');
        line.size = QSize(sides.value(0).toInt(), sides.value(1).toInt());
        if (sides.size() != 2 || line.size.isEmpty())
            return refuse(CommandLine::tr("--size takes width and height, such as 1024x700, not %1").arg(parser.value(size)));
    }
    if (parser.isSet(open) && (parser.isSet(env) || parser.isSet(range)))
        return refuse(CommandLine::tr("--open shows a fleet as it was: it goes with neither --env nor --range"));
    if (parser.isSet(open) && line.bundle.isEmpty())
        return refuse(CommandLine::tr("--open names no file"));
    if (parser.isSet(env) && !QFileInfo(line.environment).isFile())
        return refuse(CommandLine::tr("there is no environment file %1").arg(line.environment));
    return line;
}

} // namespace catamaran
