// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "firstframe.h"

#include "core/translations.h"
#include "store/database.h"
#include "store/secretstore.h"
#include "ui/common/deferredsecrets.h"
#include "ui/common/services.h"
#include "ui/common/theme.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/tour.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QLocale>
#include <QMessageBox>
#include <QSettings>

#include <cstdio>
#include <cstdlib>

using namespace catamaran;

namespace {

constexpr int badInput = 2;
constexpr int unreachable = 3;

struct CommandLine {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

void say(const QString &text)
{
    std::fprintf(stderr, "catamaran: %s\n", qPrintable(text));
}

} // namespace

int main(int argc, char **argv)
{
    QElapsedTimer since;
    since.start();
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("catamaran"));
    QApplication::setOrganizationName(QStringLiteral("Catamaran"));
    QApplication::setApplicationDisplayName({});
    QApplication::setApplicationVersion(QStringLiteral(CATAMARAN_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("io.catamaran.Catamaran"));
    core::installTranslations(application, QLocale());

    QCommandLineParser parser;
    parser.setApplicationDescription(CommandLine::tr("A console for multi-primary service-mesh fleets."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption env(QStringLiteral("env"), CommandLine::tr("Open this environment file."), QStringLiteral("FILE"));
    const QCommandLineOption range(QStringLiteral("range"), CommandLine::tr("Start the practice range and open it."));
    const QCommandLineOption tour(QStringLiteral("tour"), CommandLine::tr("Save a picture of every screen in DIR, then end."), QStringLiteral("DIR"));
    const QCommandLineOption theme(QStringLiteral("theme"), CommandLine::tr("light, dark or system."), QStringLiteral("NAME"));
    const QCommandLineOption database(QStringLiteral("database"), CommandLine::tr("Keep history and journal in FILE."), QStringLiteral("FILE"));
    const QCommandLineOption place(QStringLiteral("place"), CommandLine::tr("Show this place first: topology, setup, verify, drills or activity."), QStringLiteral("NAME"));
    const QCommandLineOption size(QStringLiteral("size"), CommandLine::tr("Size of the window, such as 1024x700."), QStringLiteral("WxH"));
    QCommandLineOption report(QStringLiteral("report-first-frame"), CommandLine::tr("Print the time of the first paint as JSON."));
    QCommandLineOption quit(QStringLiteral("quit-after-first-frame"), CommandLine::tr("End after the first paint."));
    parser.addOptions({ env, range, tour, theme, database, place, size, report, quit });
    if (!parser.parse(application.arguments())) {
        say(parser.errorText());
        return badInput;
    }
    if (parser.isSet(QStringLiteral("help")))
        parser.showHelp();
    if (parser.isSet(QStringLiteral("version")))
        parser.showVersion();
    if (!parser.positionalArguments().isEmpty()) {
        say(CommandLine::tr("unknown argument: %1").arg(parser.positionalArguments().first()));
        return badInput;
    }
    std::optional<ui::Scheme> scheme;
    if (parser.isSet(theme)) {
        scheme = ui::parseScheme(parser.value(theme));
        if (!scheme) {
            say(CommandLine::tr("--theme takes light, dark or system, not %1").arg(parser.value(theme)));
            return badInput;
        }
    }
    QSize windowSize;
    if (parser.isSet(size)) {
        const QStringList sides = parser.value(size).split(u'x');
        windowSize = QSize(sides.value(0).toInt(), sides.value(1).toInt());
        if (sides.size() != 2 || windowSize.isEmpty()) {
            say(CommandLine::tr("--size takes width and height, such as 1024x700, not %1").arg(parser.value(size)));
            return badInput;
        }
    }
    if (parser.isSet(env) && !QFileInfo(parser.value(env)).isFile()) {
        say(CommandLine::tr("there is no environment file %1").arg(parser.value(env)));
        return badInput;
    }

    // Opened when it is first needed, which is after the first frame as a rule.
    const auto openDatabase = [file = parser.isSet(database) ? parser.value(database) : store::Database::defaultFile(), silent = parser.isSet(tour) || parser.isSet(quit)] {
        auto opened = store::Database::open(file);
        if (!opened) {
            say(opened.error().text());
            if (!silent)
                QMessageBox::critical(nullptr, CommandLine::tr("Catamaran cannot start"), opened.error().text());
            std::_Exit(badInput); // from somewhere within the window, and nothing has been done yet
        }
        return *opened;
    };
    ui::applyTheme(application, scheme.value_or(ui::parseScheme(QSettings().value(QStringLiteral("theme")).toString()).value_or(ui::Scheme::System)));
    ui::Services services(openDatabase, std::make_unique<ui::DeferredSecrets>([] { return store::openSecretStore(); }));
    ui::MainWindow window(services, scheme);
    if (parser.isSet(place)) {
        if (!window.placeIds().contains(parser.value(place))) {
            say(CommandLine::tr("--place takes one of: %1").arg(window.placeIds().join(QStringLiteral(", "))));
            return badInput;
        }
        window.showPlace(parser.value(place));
    }

    const bool quitting = parser.isSet(quit);
    const auto begin = [&] {
        if (quitting) {
            QCoreApplication::quit();
            return;
        }
        (void)services.database(); // now, not in the middle of what the user does
        if (parser.isSet(env))
            services.openEnvironment(parser.value(env));
        else if (parser.isSet(range))
            services.startPracticeRange();
        window.showSecretsNote(); // asks the keyring, now that the window is there
    };
    if (parser.isSet(report) || quitting)
        new FirstFrame(&window, since, begin);
    else
        QTimer::singleShot(0, &window, begin);

    int pictures = 0;
    int code = 0;
    std::unique_ptr<ui::Tour> walk;
    if (parser.isSet(tour)) {
        window.resize(1280, 820);
        QObject::connect(&services, &ui::Services::openFailed, &window, [&](const core::Error &error) {
            say(error.text());
            code = unreachable; // what the tour was to show cannot be reached; it still shows the rest
        });
        walk = std::make_unique<ui::Tour>(window, services, parser.value(tour));
        QObject::connect(walk.get(), &ui::Tour::finished, &window, [&](const QString &error, int count) {
            pictures = count;
            if (!error.isEmpty()) {
                say(error);
                code = badInput;
            }
            QCoreApplication::quit();
        });
        QTimer::singleShot(200, walk.get(), &ui::Tour::start);
    }
    if (!windowSize.isEmpty())
        window.resize(windowSize);
    window.show();
    QApplication::exec();
    if (walk)
        say(CommandLine::tr("%1 pictures in %2").arg(pictures).arg(parser.value(tour)));
    walk.reset();
    return code;
}
