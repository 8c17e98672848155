// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "commandline.h"
#include "firstframe.h"
#include "heap.h"

#include "bundle/bundle.h"
#include "core/output.h"
#include "core/printable.h"
#include "core/process.h"
#include "core/stopsignals.h"
#include "core/translations.h"
#include "store/databasefile.h"
#include "store/secretstore.h"
#include "ui/common/services.h"
#include "ui/common/theme.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/pluginconsent.h"
#include "ui/shell/tour.h"

#include <QApplication>
#include <QLocale>
#include <QSettings>

#include <unistd.h>

using namespace catamaran;

namespace {

void nameApplication()
{
    QCoreApplication::setApplicationName(QStringLiteral("catamaran"));
    QCoreApplication::setOrganizationName(QStringLiteral("Catamaran"));
    QCoreApplication::setApplicationVersion(QStringLiteral(CATAMARAN_VERSION));
}

/// Answers a command line that needs no window, or says that there is no display; nothing when the window is to open.
std::optional<int> withoutWindow(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    core::installTranslations(application, QLocale());
    const auto read = readCommandLine(QCoreApplication::arguments());
    if (const int *code = std::get_if<int>(&read))
        return *code;
    if (hasDisplay(argc, argv))
        return std::nullopt;
    if (!std::get<CommandLine>(read).tour.isEmpty()) { // pictures need none
        qputenv("QT_QPA_PLATFORM", "offscreen");
        return std::nullopt;
    }
    say(CommandLine::tr("there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set. catamaranctl does the same without windows."));
    return unreachable;
}

/// Qt ends a program whose display cannot be opened with a crash; here it is an environment that cannot be reached.
void sayWhyThereIsNoWindow(QtMsgType type, const QMessageLogContext &, const QString &text)
{
    say(text.trimmed());
    if (type == QtFatalMsg)
        ::_exit(unreachable);
}

/// The console until its window closes.
int runWindow(QApplication &application, const QElapsedTimer &since)
{
    const auto read = readCommandLine(QApplication::arguments());
    if (const int *code = std::get_if<int>(&read))
        return *code;
    const auto &line = std::get<CommandLine>(read);

    const QString database = !line.database.isEmpty() ? line.database : store::Database::defaultFile();
    const bool silent = !line.tour.isEmpty() || line.quitAfterFirstFrame;
    if (const auto file = store::DatabaseFile::look(database, false); !file && file.error().kind == core::ErrorKind::InvalidInput) {
        say(file.error().text());
        return badInput;
    }
    std::optional<bundle::AsItWas> then;
    if (!line.bundle.isEmpty()) {
        auto loaded = bundle::load(line.bundle);
        if (!loaded) {
            say(loaded.error().text());
            return badInput;
        }
        then = std::move(*loaded);
    }
    ui::applyTheme(application,
        line.scheme.value_or(ui::parseScheme(QSettings().value(QStringLiteral("theme")).toString()).value_or(ui::Scheme::System)));
    ui::Services services(database, store::openSecretStore());
    ui::MainWindow window(services, line.scheme);
    if (then)
        services.showBundle(*then);
    if (line.tour.isEmpty()) // nobody is there to be asked, and so no plugin runs
        new ui::PluginConsent(&window, services);
    if (!line.place.isEmpty()) {
        if (!window.placeIds().contains(line.place)) {
            say(CommandLine::tr("--place takes one of: %1").arg(window.placeIds().join(QStringLiteral(", "))));
            return badInput;
        }
        window.showPlace(line.place);
    }

    const auto begin = [&] {
        if (line.quitAfterFirstFrame) {
            QCoreApplication::quit();
            return;
        }
        services.lookAtHistory();
        if (!line.environment.isEmpty())
            services.openEnvironment(line.environment);
        else if (line.range)
            services.startPracticeRange();
        (void)services.secrets().look({}); // whether there is a keyring; nobody is asked for anything
    };
    if (line.reportFirstFrame || line.quitAfterFirstFrame)
        new FirstFrame(&window, since, begin);
    else
        QTimer::singleShot(0, &window, begin);

    int pictures = 0;
    int code = 0;
    QObject::connect(&services, &ui::Services::historySeen, &window, [&](const std::shared_ptr<core::Error> &trouble, bool readable) {
        if (!trouble || readable)
            return;
        say(trouble->text());
        if (silent || trouble->kind == core::ErrorKind::InvalidInput) { // nobody there to mend it, or nothing that could be mended
            code = badInput;
            QCoreApplication::quit();
        }
    });
    std::unique_ptr<ui::Tour> walk;
    if (!line.tour.isEmpty()) {
        window.resize(1280, 820);
        QObject::connect(&services, &ui::Services::openFailed, &window, [&](const core::Error &error) {
            say(error.text());
            code = unreachable; // what the tour was to show cannot be reached; it still shows the rest
        });
        walk = std::make_unique<ui::Tour>(window, services, line.tour);
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
    if (!line.size.isEmpty())
        window.resize(line.size);
    const core::StopSignals stopSignals([&window] { window.leave(); });
    QObject::connect(&window, &ui::MainWindow::left, [] { QCoreApplication::exit(0); }); // also with a dialog open
    window.show();
    QApplication::exec();
    if (walk)
        say(CommandLine::tr("%1 pictures in %2").arg(pictures).arg(line.tour));
    walk.reset();
    return code;
}

/// What could not be written is said, and does not end as if all were well.
int checkOutput(int code)
{
    const auto written = core::closeOutput();
    if (written)
        return code;
    say(written.error().text());
    return code == 0 ? notWritten : code;
}

} // namespace

int main(int argc, char **argv)
{
    QElapsedTimer since;
    since.start();
    core::prepareProcess();
    core::keepLogPrintable();
    prepareHeap();
    nameApplication();
    if (!hasDisplay(argc, argv) || asksForWords(argc, argv)) {
        if (const std::optional<int> code = withoutWindow(argc, argv))
            return checkOutput(*code);
    }
    int code = 0;
    {
        const QtMessageHandler before = qInstallMessageHandler(sayWhyThereIsNoWindow);
        QApplication application(argc, argv);
        qInstallMessageHandler(before);
        QApplication::setApplicationDisplayName({});
        QApplication::setDesktopFileName(QStringLiteral("io.catamaran.Catamaran"));
        core::installTranslations(application, QLocale());
        code = checkOutput(runWindow(application, since));
        core::joinClients();
    } // hands what was copied to the desktop's clipboard
    return core::leaveProcess(code);
}
