// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "commandline.h"
#include "firstframe.h"
#include "heap.h"

#include "core/translations.h"
#include "store/database.h"
#include "store/secretstore.h"
#include "ui/common/deferredsecrets.h"
#include "ui/common/services.h"
#include "ui/common/theme.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/pluginconsent.h"
#include "ui/shell/tour.h"

#include <QApplication>
#include <QLocale>
#include <QMessageBox>
#include <QSettings>

#include <cstdlib>

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

} // namespace

int main(int argc, char **argv)
{
    QElapsedTimer since;
    since.start();
    prepareHeap();
    nameApplication();
    if (!hasDisplay(argc, argv) || asksForWords(argc, argv)) {
        if (const std::optional<int> code = withoutWindow(argc, argv))
            return *code;
    }
    QApplication application(argc, argv);
    QApplication::setApplicationDisplayName({});
    QApplication::setDesktopFileName(QStringLiteral("io.catamaran.Catamaran"));
    core::installTranslations(application, QLocale());
    const auto read = readCommandLine(QApplication::arguments());
    if (const int *code = std::get_if<int>(&read))
        return *code;
    const auto &line = std::get<CommandLine>(read);

    // Opened when it is first needed, which is after the first frame as a rule.
    const auto openDatabase = [file = !line.database.isEmpty() ? line.database : store::Database::defaultFile(), silent = !line.tour.isEmpty() || line.quitAfterFirstFrame] {
        auto opened = store::Database::open(file);
        if (!opened) {
            say(opened.error().text());
            if (!silent)
                QMessageBox::critical(nullptr, CommandLine::tr("Catamaran cannot start"), opened.error().text());
            std::_Exit(badInput); // from somewhere within the window, and nothing has been done yet
        }
        return *opened;
    };
    ui::applyTheme(application, line.scheme.value_or(ui::parseScheme(QSettings().value(QStringLiteral("theme")).toString()).value_or(ui::Scheme::System)));
    ui::Services services(openDatabase, std::make_unique<ui::DeferredSecrets>([] { return store::openSecretStore(); }));
    ui::MainWindow window(services, line.scheme);
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
        (void)services.database(); // now, not in the middle of what the user does
        if (!line.environment.isEmpty())
            services.openEnvironment(line.environment);
        else if (line.range)
            services.startPracticeRange();
        window.showSecretsNote(); // asks the keyring, now that the window is there
    };
    if (line.reportFirstFrame || line.quitAfterFirstFrame)
        new FirstFrame(&window, since, begin);
    else
        QTimer::singleShot(0, &window, begin);

    int pictures = 0;
    int code = 0;
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
    window.show();
    QApplication::exec();
    if (walk)
        say(CommandLine::tr("%1 pictures in %2").arg(pictures).arg(line.tour));
    walk.reset();
    return code;
}
