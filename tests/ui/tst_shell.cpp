// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/sessionworld.h"
#include "ops/journal.h"
#include "store/database.h"
#include "support/paths.h"
#include "ui/common/filedialog.h"
#include "ui/common/services.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/examplefleet.h"
#include "ui/examplematrix.h"
#include "ui/operations/planrunner.h"
#include "ui/person.h"
#include "ui/shell/brokenbar.h"
#include "ui/shell/commandpalette.h"
#include "ui/shell/directionnews.h"
#include "ui/shell/firststart.h"
#include "ui/shell/fuzzy.h"
#include "ui/shell/inspector.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/operationstrip.h"
#include "ui/shell/pluginconsent.h"
#include "ui/shell/rail.h"
#include "ui/topology/topologyplace.h"

#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QContextMenuEvent>
#include <QDialog>
#include <QDir>
#include <QDockWidget>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMessageBox>
#include <QProcess>
#include <QPushButton>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QSessionManager>
#include <QSettings>
#include <QSignalSpy>
#include <QSplitter>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include <sys/inotify.h>
#include <unistd.h>

using namespace catamaran;
using namespace catamaran::ui;

/// Walks the window by key and mouse, without an environment and with a practice range.
class ShellTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<Services> m_services;
    std::unique_ptr<MainWindow> m_window;

    void press(const QString &button)
    {
        auto *widget = m_window->findChild<QAbstractButton *>(button);
        QVERIFY2(widget, qPrintable(button));
        QTest::mouseClick(widget, Qt::LeftButton);
    }

    /// False: there is none to start.
    bool startsRange()
    {
        const QString lab = tests::program(QStringLiteral("catamaran-lab"));
        if (!QFileInfo(lab).isExecutable())
            return false;
        m_services->setRangeProgram(lab);
        m_services->startPracticeRange();
        return true;
    }

private slots:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        QCoreApplication::setOrganizationName(QStringLiteral("CatamaranTest"));
        QCoreApplication::setApplicationName(QStringLiteral("shell"));
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
        applyTheme(*qApp, Scheme::Light);
    }

    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)"))); // the offscreen platform's own
        QSettings().clear();
        auto database = store::Database::open(m_folder.filePath(QStringLiteral("catamaran.db")));
        QVERIFY(database.has_value());
        m_services = std::make_unique<Services>((*database)->file(), store::makeMemorySecretStore());
        m_window = std::make_unique<MainWindow>(*m_services, Scheme::Light);
        m_window->resize(1200, 800);
        m_window->show();
        m_window->activateWindow(); // shortcuts belong to the active window
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }

    void cleanup()
    {
        m_window.reset();
        m_services.reset();
    }

    void startsWithThreeCardsAndBuildsNoPlace()
    {
        QVERIFY(m_window->firstStart()->isVisible());
        for (const char *card : { "rangeCard", "cloudCard", "kubeconfigCard" })
            QVERIFY2(m_window->findChild<Card *>(QLatin1String(card)), card);
        for (const QString &id : m_window->placeIds())
            QVERIFY2(!m_window->isBuilt(id), qPrintable(id));
    }

    void whereOneWorkedLastIsOfferedFirst()
    {
        auto *last = m_window->findChild<QPushButton *>(QStringLiteral("lastEnvironmentButton"));
        auto *range = m_window->findChild<QPushButton *>(QStringLiteral("rangeCardButton"));
        QVERIFY(!last->isVisible());
        const QString gone = m_folder.filePath(QStringLiteral("gone.yaml")), file = m_folder.filePath(QStringLiteral("shop.yaml"));
        QFile written(file);
        QVERIFY(written.open(QIODevice::WriteOnly) && written.write("no environment") > 0);
        written.close();
        QSettings().setValue(QStringLiteral("environments/recent"),
            QVariantList { QStringList { gone, QStringLiteral("gone") }, QStringList { file, QStringLiteral("shop & co") } });
        const auto forget = qScopeGuard([] { QSettings().remove(QStringLiteral("environments/recent")); });
        m_window->showPlace(QStringLiteral("topology"));
        QVERIFY(last->isVisible()); // of those that are still there
        QCOMPARE(last->text(), QStringLiteral("Go on with shop && co"));
        QCOMPARE(m_window->firstStart()->focusProxy(), last);
        QSignalSpy failed(m_services.get(), &Services::openFailed);
        QTest::mouseClick(last, Qt::LeftButton);
        QTRY_COMPARE(failed.size(), 1);
        QTRY_VERIFY(range->isEnabled());
    }

    /// A bundle is seen like a fleet, says all the time that it is none of now, and nothing in it can be asked.
    void aFleetAsItWasIsShownAndNotAsked()
    {
        bundle::AsItWas then;
        then.at = QDateTime(QDate(2026, 1, 2), QTime(3, 4, 5), Qt::UTC);
        then.file = QStringLiteral("/home/me/shop.bundle.tar.gz");
        then.environment = QStringLiteral("shop");
        then.fleet = test::guideFleet();
        then.matrix = test::matrix({ QStringLiteral("cluster-1"), QStringLiteral("cluster-2") }, truth::Standing::Proven, then.at);
        m_services->showBundle(then);

        const auto *banner = m_window->findChild<ErrorBanner *>(QStringLiteral("asItWas"));
        QVERIFY(banner->isVisible());
        QVERIFY2(banner->text().contains(QStringLiteral("As it was at"))
                && banner->text().contains(QStringLiteral("from bundle shop.bundle.tar.gz; nothing is asked")),
            qPrintable(banner->text()));
        QVERIFY(m_window->windowTitle().contains(QStringLiteral("shop as it was")));
        const auto *map = qobject_cast<TopologyPlace *>(m_window->place(QStringLiteral("topology")));
        QVERIFY(map->isVisible());
        QVERIFY(map->findableObjects().contains(QStringLiteral("cluster:cluster-1")));
        const auto *readiness = m_window->findChild<QToolButton *>(QStringLiteral("readiness"));
        QVERIFY2(readiness->text().startsWith(QStringLiteral("Then: 2 of 2 direction")), qPrintable(readiness->text()));

        // What touches a cluster says why it does not.
        press(QStringLiteral("readiness"));
        QCOMPARE(m_window->currentPlace(), QStringLiteral("matrix"));
        const QString reason = m_services->bundleObstacle();
        for (const char *name : { "verifyNow", "startDrill", "proveAll", "proveThis", "keepProving" }) {
            const auto *button = m_window->findChild<QAbstractButton *>(QLatin1String(name));
            QVERIFY2(!button->isEnabled(), name);
            QVERIFY2(button->toolTip().contains(reason), qPrintable(QLatin1String(name) + u' ' + button->toolTip()));
        }
        for (const char *place : { "verify", "drills", "setup", "activity" }) {
            m_window->showPlace(QLatin1String(place));
            QVERIFY2(!m_window->isBuilt(QLatin1String(place)), place);
            const auto *instead = m_window->findChild<QWidget *>(QStringLiteral("bundleNoWork"));
            QVERIFY2(instead->isVisible(), place);
            const auto labels = instead->findChildren<QLabel *>();
            QVERIFY2(std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) { return label->text().contains(reason); }), place);
        }
        if (const QString folder = qEnvironmentVariable("CATAMARAN_PICTURES"); !folder.isEmpty()) { // kept when asked for
            for (const Scheme scheme : { Scheme::Dark, Scheme::Light }) {
                m_window->setScheme(scheme, false);
                QCoreApplication::processEvents(); // lay out what has just changed
                QVERIFY(m_window->grab().save(QStringLiteral("%1/bundle-no-work-%2.png").arg(folder, schemeName(scheme))));
            }
        }
        m_window->showPalette();
        const auto *entries = m_window->commandPalette()->findChild<QListView *>()->model();
        QStringList seen;
        for (int row = 0; row < entries->rowCount(); ++row) {
            const QModelIndex entry = entries->index(row, 0);
            const QString title = entry.data().toString();
            for (const char *name :
                { "Verify now", "Start drill", "Prove all directions", "Keep proving", "Look again now", "Save a support bundle…" }) {
                if (title != QString::fromUtf8(name))
                    continue;
                seen << title;
                QVERIFY2(!(entry.flags() & Qt::ItemIsEnabled), name);
            }
        }
        QVERIFY2(seen.size() >= 6, qPrintable(seen.join(u',')));
        m_window->commandPalette()->hide();

        // It closes like an environment, and everything is as before.
        m_services->closeEnvironment();
        QVERIFY(!banner->isVisible());
        m_window->showPlace(QStringLiteral("topology"));
        QVERIFY(m_window->firstStart()->isVisible());
        QVERIFY(!m_window->findChild<QAbstractButton *>(QStringLiteral("verifyNow"))->toolTip().contains(reason));
    }

    void aFileThatIsNoBundleIsRefused()
    {
        const QString file = m_folder.filePath(QStringLiteral("no.bundle.tar.gz"));
        QFile no(file);
        QVERIFY(no.open(QIODevice::WriteOnly) && no.write("no") == 2);
        no.close();
        m_services->openBundle(file);
        const auto *error = m_window->findChild<ErrorBanner *>(QStringLiteral("openError"));
        QTRY_VERIFY(error->isVisible());
        QVERIFY2(error->text().contains(QStringLiteral("it is no such archive")), qPrintable(error->text()));
        QVERIFY(!m_services->asItWas());
    }

    void theHistoryIsOpenedWhenItIsNeeded()
    {
        const QString file = m_folder.filePath(QStringLiteral("late.db"));
        Services services(file, store::makeMemorySecretStore());
        MainWindow window(services, Scheme::Light);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QVERIFY(!QFile::exists(file)); // the first frame does not wait for it
        window.showPlace(QStringLiteral("setup")); // its draft is in it
        QTRY_VERIFY(QFile::exists(file));
    }

    /// A program that a kubeconfig names is shown whole and asked for once; it runs only after a yes.
    void aPluginRunsAfterItWasPermitted()
    {
        const QString folder = m_folder.filePath(QStringLiteral("plugin's"));
        QVERIFY(QDir().mkpath(folder));
        const auto path = [&](const char *name) { return folder + u'/' + QLatin1String(name); };
        const auto write = [&](const char *name, const QByteArray &text, QFileDevice::Permissions more = {}) {
            QFile file(path(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
            file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner | more);
        };
        const auto runs = [&] {
            QFile file(path("runs"));
            return file.open(QIODevice::ReadOnly) ? int(file.readAll().count('\n')) : 0;
        };
        const auto dialog = [&] { return m_window->findChild<QDialog *>(QStringLiteral("pluginConsent")); };
        const auto answer = [&](const char *button) {
            QTest::mouseClick(dialog()->findChild<QPushButton *>(QLatin1String(button)), Qt::LeftButton);
            QTRY_VERIFY(!dialog());
        };
        const auto kubeconfig = [&](const QByteArray &argument) {
            write("config",
                "current-context: a\nclusters:\n- {name: k, cluster: {server: 'https://127.0.0.1:1'}}\nusers:\n- name: u\n  user:\n    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: ./login\n      args: [--as, '"
                    + argument
                    + "']\n      env: [{name: PROFILE, value: prod}, {name: CLIENT_SECRET, value: hidden}]\n      interactiveMode: Never\ncontexts:\n- {name: a, context: {cluster: k, user: u}}\n- {name: b, context: {cluster: k, user: u}}\n");
        };
        write("login",
            "#!/bin/sh\necho x >>\"${0%/*}/runs\"\necho '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"t\"}}'\n",
            QFileDevice::ExeOwner);
        write("env.yaml",
            "apiVersion: catamaran.io/v1\nkind: Environment\nmetadata: {name: plugin}\nspec:\n  clusters:\n  - {name: one, kubeconfig: config, context: a}\n  - {name: two, kubeconfig: config, context: b}\n");
        kubeconfig("team one");
        new PluginConsent(m_window.get(), *m_services);

        m_services->openEnvironment(path("env.yaml"));
        QTRY_VERIFY_WITH_TIMEOUT(dialog(), 10000);
        QCOMPARE(m_window->findChildren<QDialog *>(QStringLiteral("pluginConsent")).size(), 1); // for both clusters
        QString text = dialog()->findChild<CommandBox *>()->command();
        QVERIFY2(text.contains(QStringLiteral("PROFILE=prod")) && text.contains(QStringLiteral("login' --as 'team one'"))
                && !text.contains(QStringLiteral("hidden")),
            qPrintable(text));
        for (const QLabel *label : dialog()->findChildren<QLabel *>())
            text += label->text();
        QVERIFY2(text.contains(path("config")) && text.contains(QFileInfo(path("config")).owner()), qPrintable(text));
        QVERIFY(dialog()->findChild<QPushButton *>(QStringLiteral("refusePlugin"))->isDefault());
        answer("refusePlugin");
        m_services->live()->refresh();
        QTRY_VERIFY(std::any_of(m_services->live()->fleet().errors.cbegin(), m_services->live()->fleet().errors.cend(),
            [](const core::Error &error) { return error.answer.contains(QStringLiteral("not permitted")); }));
        QVERIFY(!dialog()); // a no is not asked about again and again
        QCOMPARE(runs(), 0);

        m_services->openEnvironment(path("env.yaml"));
        QTRY_VERIFY_WITH_TIMEOUT(dialog(), 10000);
        answer("runPlugin");
        QTRY_VERIFY(runs() == 2);

        m_services->openEnvironment(path("env.yaml")); // the yes is remembered
        QTRY_VERIFY(runs() == 4);
        QVERIFY(!dialog());

        kubeconfig("team two"); // another command is another question
        m_services->openEnvironment(path("env.yaml"));
        QTRY_VERIFY_WITH_TIMEOUT(dialog(), 10000);
        QVERIFY(dialog()->findChild<CommandBox *>()->command().contains(QStringLiteral("team two")));
        QTest::keyClick(dialog(), Qt::Key_Escape);
        QTRY_VERIFY(!dialog());
        QCOMPARE(runs(), 4);
    }

    void aHistoryThatCannotBeOpenedEndsTheTour_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("no such folder can be made") << QStringLiteral("/proc/nothing/here.db");
        QTest::newRow("a device") << QStringLiteral("/dev/null");
        QTest::newRow("a program") << tests::program(QStringLiteral("catamaran"));
    }

    void aHistoryThatCannotBeOpenedEndsTheTour()
    {
        QFETCH(QString, file);
        const auto mode = QFileInfo(file).permissions();
        QProcess console;
        console.start(tests::program(QStringLiteral("catamaran")),
            { QStringLiteral("--database"), file, QStringLiteral("--tour"), m_folder.filePath(QStringLiteral("tour")) });
        QVERIFY(console.waitForFinished());
        QCOMPARE(console.exitStatus(), QProcess::NormalExit);
        QCOMPARE(console.exitCode(), 2);
        QVERIFY(console.readAllStandardError().contains(file.toUtf8()));
        QCOMPARE(QFileInfo(file).permissions(), mode);
    }

    void aHistoryThatCannotBeReadIsSaid()
    {
        const QString file = m_folder.filePath(QStringLiteral("damaged.db"));
        QVERIFY(QDir(m_folder.path()).mkpath(file)); // a folder of that name: nothing to be used
        Services services(file, store::makeMemorySecretStore());
        MainWindow window(services, Scheme::Light);
        window.show();
        services.lookAtHistory();
        auto *note = window.findChild<ErrorBanner *>(QStringLiteral("historyNote"));
        QTRY_VERIFY(note->isVisible());
        QVERIFY(note->text().contains(QStringLiteral("folder")));
        QVERIFY(QDir(m_folder.path()).rmdir(file)); // mended
        emit note->actionTriggered();
        QTRY_VERIFY(!note->isVisible());
    }

    void cardsLeadToSetup_data()
    {
        QTest::addColumn<QString>("button");
        QTest::newRow("cloud") << QStringLiteral("cloudCardButton");
        QTest::newRow("kubeconfigs") << QStringLiteral("kubeconfigCardButton");
    }

    void cardsLeadToSetup()
    {
        QFETCH(QString, button);
        press(button);
        QCOMPARE(m_window->currentPlace(), QStringLiteral("setup"));
        QVERIFY(m_window->place(QStringLiteral("setup"))->isVisible());
        QVERIFY(!m_window->firstStart()->isVisible());
    }

    void rangeThatIsNotThereIsAnErrorWithRemedy()
    {
        m_services->setRangeProgram(m_folder.filePath(QStringLiteral("nothing")));
        press(QStringLiteral("rangeCardButton"));
        auto *banner = m_window->findChild<ErrorBanner *>(QStringLiteral("openError"));
        QTRY_VERIFY(banner->isVisible());
        QVERIFY(banner->text().contains(m_folder.filePath(QStringLiteral("nothing"))));
        QVERIFY(m_window->findChild<QPushButton *>(QStringLiteral("rangeCardButton"))->isEnabled());
    }

    void rangeThatDiesSaysWhy()
    {
        m_services->setRangeProgram(QStringLiteral("/bin/false"));
        QSignalSpy failed(m_services.get(), &Services::openFailed);
        press(QStringLiteral("rangeCardButton"));
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(failed.first().first().value<core::Error>().answer.contains(QStringLiteral("code 1")));
        QTRY_VERIFY(!m_services->isOpening());
    }

    void badEnvironmentFileIsNamed()
    {
        const QString file = m_folder.filePath(QStringLiteral("absent.yaml"));
        m_services->openEnvironment(file);
        auto *banner = m_window->findChild<ErrorBanner *>(QStringLiteral("openError"));
        QTRY_VERIFY(banner->isVisible());
        QVERIFY2(banner->text().contains(file), qPrintable(banner->text()));
    }

    void keysSwitchPlaces()
    {
        const QStringList ids = m_window->placeIds();
        QCOMPARE(ids,
            QStringList({ QStringLiteral("topology"), QStringLiteral("setup"), QStringLiteral("verify"), QStringLiteral("drills"),
                QStringLiteral("activity"), QStringLiteral("matrix"), QStringLiteral("findings") }));
        for (int i = 6; i >= 0; --i) {
            QTest::keyClick(m_window.get(), static_cast<Qt::Key>(Qt::Key_1 + i), Qt::ControlModifier);
            QCOMPARE(m_window->currentPlace(), ids[i]);
            QVERIFY(m_window->findChild<QToolButton *>(QStringLiteral("rail-") + ids[i])->isChecked());
        }
        QVERIFY(m_window->firstStart()->isVisible());
        press(QStringLiteral("rail-setup"));
        QCOMPARE(m_window->currentPlace(), QStringLiteral("setup"));
    }

    void placesAreChosenUnseen()
    {
        for (const QString &id :
            { QStringLiteral("drills"), QStringLiteral("setup"), QStringLiteral("activity"), QStringLiteral("topology") }) {
            test::pressUnseen(*m_window, qPrintable(QStringLiteral("rail-") + id));
            QCOMPARE(m_window->currentPlace(), id);
            QVERIFY(m_window->findChild<QAbstractButton *>(QStringLiteral("rail-") + id)->isChecked());
        }
        // The other action does the same, and the place one is at already stays.
        auto *button = m_window->findChild<QAbstractButton *>(QStringLiteral("rail-setup"));
        QAccessibleActionInterface *actions = QAccessible::queryAccessibleInterface(button)->actionInterface();
        actions->doAction(QAccessibleActionInterface::pressAction());
        QTRY_COMPARE(m_window->currentPlace(), QStringLiteral("setup"));
        QTRY_VERIFY(!button->isDown());
        actions->doAction(QAccessibleActionInterface::toggleAction());
        QCOMPARE(m_window->currentPlace(), QStringLiteral("setup"));
        QVERIFY(button->isChecked());
    }

    void whatTheProgramShowsIsNotChosenByAnybody()
    {
        auto *rail = m_window->findChild<Rail *>(QStringLiteral("rail"));
        QSignalSpy chosen(rail, &Rail::placeChosen);
        m_window->showPlace(QStringLiteral("setup"));
        QCOMPARE(chosen.count(), 0);
        press(QStringLiteral("rail-topology"));
        QCOMPARE(chosen.count(), 1);
    }

    void inspectorIsOpenedAndClosedUnseen()
    {
        auto *dock = m_window->findChild<QDockWidget *>(QStringLiteral("inspectorDock"));
        QVERIFY(dock->isHidden());
        test::pressUnseen(*m_window, "inspectorToggle");
        QVERIFY(!dock->isHidden());
        test::pressUnseen(*m_window, "inspectorToggle");
        QVERIFY(dock->isHidden());
        press(QStringLiteral("inspectorToggle"));
        QVERIFY(!dock->isHidden());
    }

    void everyToggleOfAnActionDoesIt()
    {
        auto *place = static_cast<TopologyPlace *>(m_window->place(QStringLiteral("topology")));
        place->setFleet(test::guideFleet());
        int toggles = 0;
        for (QToolButton *button : place->findChildren<QToolButton *>()) {
            QAction *action = button->defaultAction();
            if (!action || !action->isCheckable())
                continue;
            const bool before = action->isChecked();
            test::pressUnseen(button);
            QCOMPARE(action->isChecked(), !before);
            QCOMPARE(button->isChecked(), !before);
            test::pressUnseen(button);
            QCOMPARE(action->isChecked(), before);
            ++toggles;
        }
        QCOMPARE(toggles, 2); // the tree and the legend
    }

    void bordersAreNamedAndSayWhereTheyAre()
    {
        for (const QString &id : m_window->placeIds())
            (void)m_window->place(id);
        int borders = 0;
        for (QSplitter *splitter : m_window->findChildren<QSplitter *>()) {
            QVERIFY2(!splitter->accessibleName().isEmpty(), qPrintable(splitter->objectName()));
            for (int i = 1; i < splitter->count(); ++i) {
                QVERIFY2(splitter->handle(i)->accessibleName().contains(QStringLiteral("between")), qPrintable(splitter->accessibleName()));
                ++borders;
            }
        }
        QVERIFY(borders > 6);
        m_window->showPlace(QStringLiteral("setup"));
        auto *splitter = m_window->place(QStringLiteral("setup"))->findChild<QSplitter *>(QString(), Qt::FindDirectChildrenOnly);
        QTRY_VERIFY(splitter && splitter->width() > 0);
        QSplitterHandle *border = splitter->handle(1);
        QTest::mousePress(border, Qt::LeftButton);
        QTest::mouseMove(border, border->rect().center() + QPoint(60, 0));
        QTest::mouseRelease(border, Qt::LeftButton);
        QVERIFY2(border->accessibleDescription().contains(u'%'), qPrintable(border->accessibleDescription()));
    }

    void everyPlaceCanBeBuilt()
    {
        for (const QString &id : m_window->placeIds()) {
            Place *place = m_window->place(id);
            QVERIFY2(place, qPrintable(id));
            QCOMPARE(place->id(), id);
            QVERIFY(!place->tourStops().isEmpty());
        }
        QVERIFY(!m_window->place(QStringLiteral("moon")));
    }

    void paletteFindsAndRunsActions()
    {
        QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
        CommandPalette *palette = m_window->commandPalette();
        QTRY_VERIFY(palette->isVisible());
        auto *input = palette->findChild<QLineEdit *>(QStringLiteral("paletteInput"));
        QTest::keyClicks(input, QStringLiteral("gsetup"));
        QCOMPARE(palette->shown().value(0), QStringLiteral("Go to Setup"));
        QTest::keyClick(input, Qt::Key_Return);
        QTRY_COMPARE(m_window->currentPlace(), QStringLiteral("setup"));
        QVERIFY(!palette->isVisible());
    }

    void paletteListsEveryActionOfTheWindow()
    {
        m_window->showPalette();
        const QStringList shown = m_window->commandPalette()->shown();
        for (const char *title : { "Go to Topology", "Verify now", "Start drill", "Start the practice range",
                 "Switch between light and dark", "About Catamaran" })
            QVERIFY2(shown.contains(QLatin1String(title)), title);
        m_window->commandPalette()->hide();
    }

    void paletteSaysWhatIsChosen()
    {
        m_window->showPalette();
        CommandPalette *palette = m_window->commandPalette();
        QTRY_VERIFY(palette->isVisible());
        auto *input = palette->findChild<QLineEdit *>(QStringLiteral("paletteInput"));
        QTest::keyClicks(input, QStringLiteral("goto se"));
        QVERIFY2(input->accessibleDescription().startsWith(QStringLiteral("1 of "))
                && input->accessibleDescription().contains(QStringLiteral("Go to Setup")),
            qPrintable(input->accessibleDescription()));
        input->clear();
        QTest::keyClick(input, Qt::Key_Down);
        const auto *list = palette->findChild<QListView *>(QStringLiteral("paletteList"));
        QVERIFY2(input->accessibleDescription().startsWith(QStringLiteral("2 of "))
                && input->accessibleDescription().contains(list->currentIndex().data().toString()),
            qPrintable(input->accessibleDescription()));
        QTest::keyClicks(input, QStringLiteral("xyzxyz"));
        QCOMPARE(input->accessibleDescription(), QStringLiteral("Nothing matches"));
        // Each result has a name of its own for whoever asks the list.
        input->clear();
        QAccessibleInterface *results = QAccessible::queryAccessibleInterface(const_cast<QListView *>(list));
        QVERIFY(results->childCount() > 5);
        for (int i = 0; i < results->childCount(); ++i)
            QVERIFY(results->child(i)->text(QAccessible::Name).contains(palette->shown().at(i)));
        palette->hide();
    }

    void fuzzyScores_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("better");
        QTest::addColumn<QString>("worse");
        QTest::newRow("word before letters") << QStringLiteral("drill") << QStringLiteral("Start drill") << QStringLiteral("D r i l l");
        QTest::newRow("initials before scattered") << QStringLiteral("vn") << QStringLiteral("Verify now") << QStringLiteral("Move client");
        QTest::newRow("start of a word before its middle")
            << QStringLiteral("sleep") << QStringLiteral("sleep") << QStringLiteral("oversleep");
    }

    void fuzzyScores()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, better);
        QFETCH(QString, worse);
        QVERIFY(fuzzyScore(pattern, better) > fuzzyScore(pattern, worse));
    }

    void fuzzyRefusesWhatDoesNotFit()
    {
        QCOMPARE(fuzzyScore(QStringLiteral("xyz"), QStringLiteral("Verify now")), -1);
        QCOMPARE(fuzzyScore({}, QStringLiteral("Verify now")), 0);
        QCOMPARE(fuzzyScore(QStringLiteral("now verify x"), QStringLiteral("Verify now")), -1);
    }

    void themeTogglesAndIsKept()
    {
        QVERIFY(!themeOf(m_window.get()).dark);
        press(QStringLiteral("themeToggle"));
        QVERIFY(themeOf(m_window.get()).dark);
        QCOMPARE(QSettings().value(QStringLiteral("theme")).toString(), QStringLiteral("dark"));
        press(QStringLiteral("themeToggle"));
        QVERIFY(!themeOf(m_window.get()).dark);
    }

    void theNewsOpensWhatItTellsOf()
    {
        DirectionNews news(*m_services);
        news.show();
        const auto state = [](const char *from, const char *to, truth::Standing standing) {
            return test::direction(QLatin1String(from), QLatin1String(to), standing, QDateTime::currentDateTimeUtc());
        };
        QSignalSpy asked(&news, &DirectionNews::directionRequested);
        const auto opened = [&] {
            QTest::mouseClick(news.findChild<QAbstractButton *>(QStringLiteral("bannerAction0")), Qt::LeftButton);
            return asked.takeLast().first().toString();
        };
        using truth::Standing;
        news.take({ { state("a", "b", Standing::Failed), state("b", "a", Standing::Failed) }, {}, {} });
        QVERIFY(news.text().contains(QStringLiteral("a → b broke")) && news.text().contains(QStringLiteral("b → a broke")));
        QCOMPARE(opened(), QStringLiteral("b → a")); // the newest
        news.take({ {}, {}, { state("b", "a", Standing::Proven) } });
        QVERIFY(!news.text().contains(QStringLiteral("b → a")));
        QCOMPARE(opened(), QStringLiteral("a → b")); // the one that is left
        news.take({ {}, { state("c", "a", Standing::Failed) }, {} });
        QVERIFY2(news.text().contains(QStringLiteral("c → a was found failed")) && news.text().contains(QStringLiteral("never proven")),
            qPrintable(news.text()));
        news.take({ {}, {}, { state("a", "b", Standing::Proven), state("c", "a", Standing::Proven) } });
        QVERIFY2(news.text().contains(QStringLiteral("c → a is proven since")), qPrintable(news.text()));
        QList<truth::DirectionState> many;
        for (int i = 10; i < 40; ++i)
            many << state(qPrintable(QString::number(i)), "x", Standing::Failed);
        news.take({ many, {}, {} });
        QCOMPARE(news.text().count(QStringLiteral(" broke at ")), 5); // and how many more
        QVERIFY2(news.text().contains(QStringLiteral("25")), qPrintable(news.text()));
    }

    void operationsShowProgressAndCanBeCancelled()
    {
        std::stop_source stop;
        const int id = m_services->beginOperation(QStringLiteral("apply two-meshes"), stop);
        auto *strip = m_window->findChild<OperationStrip *>();
        QVERIFY(strip->isVisible());
        m_services->reportProgress(id, QStringLiteral("mesh-1 is initial"), 40);
        QStringList texts;
        for (const QLabel *label : strip->findChildren<QLabel *>())
            texts << label->text();
        QVERIFY(texts.contains(QStringLiteral("mesh-1 is initial")));
        press(QStringLiteral("cancelOperation"));
        QVERIFY(stop.stop_requested());
        m_services->reportProgress(id, QStringLiteral("mesh-1 is running"), 60); // on its way there it goes on telling
        const auto *note = strip->findChild<QLabel *>(QStringLiteral("operationNote"));
        QVERIFY(note && note->text().startsWith(QStringLiteral("stopping")) && note->text().endsWith(QStringLiteral("mesh-1 is running")));
        m_services->endOperation(id, QStringLiteral("stopped"), false);
        QVERIFY(strip->isVisible()); // a bad end stays until it is closed
        press(QStringLiteral("cancelOperation"));
        QCOMPARE(strip->count(), 0);
        QVERIFY(!strip->isVisible());
    }

    void closingStopsWhatRunsFirst()
    {
        QSignalSpy left(m_window.get(), &MainWindow::left);
        std::stop_source stop;
        const int id = m_services->beginOperation(QStringLiteral("Drill: lose a workload"), stop);
        m_window->close();
        QVERIFY(stop.stop_requested());
        QVERIFY(m_window->isVisible()); // a drill is putting back what it broke
        QVERIFY(m_window->findChild<ErrorBanner *>(QStringLiteral("openError"))->text().contains(QStringLiteral("put back")));
        QCOMPARE(left.count(), 0);
        m_services->endOperation(id, QStringLiteral("stopped"), false);
        QTRY_VERIFY(!m_window->isVisible());
        QCOMPARE(left.count(), 1);
    }

    void closingTwiceClosesAtOnce()
    {
        std::stop_source stop;
        (void)m_services->beginOperation(QStringLiteral("Drill: lose a workload"), stop);
        m_window->close();
        QVERIFY(m_window->isVisible());
        m_window->close();
        QVERIFY(!m_window->isVisible());
    }

    /// Closing a file that another part of this process has locked takes its locks away.
    void aFileDialogOpensNoFile()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("history"));
        QFile written(file);
        QVERIFY(written.open(QIODevice::WriteOnly) && written.write("SQLite format 3") > 0);
        written.close();
        const int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
        QVERIFY(inotify_add_watch(watch, QFile::encodeName(file).constData(), IN_OPEN) >= 0);
        FileDialog dialog(m_window.get(), QStringLiteral("Open"), folder.path());
        dialog.open();
        auto *list = dialog.findChild<QListView *>(QStringLiteral("listView"));
        QVERIFY(list);
        // Qt's model now and then misses the first listing of a folder, and then never lists it: ask again.
        const auto isListed = [&] { return list->model()->rowCount(list->rootIndex()) == 1; };
        for (int attempt = 0; attempt < 20 && !QTest::qWaitFor(isListed, 2000); ++attempt) {
            dialog.setDirectory(QDir::rootPath());
            dialog.setDirectory(folder.path());
        }
        QVERIFY(isListed());
        const QModelIndex row = list->model()->index(0, 0, list->rootIndex());
        QTRY_VERIFY(!row.data(Qt::DecorationRole).isNull());
        dialog.grab(); // all that is asked for a row is asked
        for (int column = 0; column < list->model()->columnCount(list->rootIndex()); ++column)
            (void)row.siblingAtColumn(column).data();
        dialog.close();
        char events[512];
        QCOMPARE(::read(watch, events, sizeof events), ssize_t(-1));
        ::close(watch);
    }

    void aDrillIsSeenInEveryPlaceAndStoppedFromAnywhere_data()
    {
        QTest::addColumn<QString>("by");
        QTest::newRow("the button") << QStringLiteral("brokenStop");
        QTest::newRow("Escape twice in the window") << QString();
        QTest::newRow("Escape twice in the palette") << QStringLiteral("palette");
    }

    void aDrillIsSeenInEveryPlaceAndStoppedFromAnywhere()
    {
        QFETCH(QString, by);
        std::stop_source stop;
        const int id = m_services->beginOperation(QStringLiteral("Drill: lose a workload"), stop);
        const auto *bar = m_window->findChild<BrokenBar *>();
        QVERIFY(!bar->isVisible());
        RunningDrill drill { id, QStringLiteral("Lose a workload"), QStringLiteral("Steady") };
        m_services->tellDrill(drill);
        QVERIFY(bar->isVisible() && !bar->isRed());
        drill.isBroken = true;
        drill.phase = QStringLiteral("Observing");
        drill.backAt = QDateTime::currentDateTimeUtc().addSecs(3600);
        m_services->tellDrill(drill);
        m_services->markFault(
            QStringLiteral("workload:cluster-1/default/helloworld-v1"), QStringLiteral("helloworld-v1 in cluster-1 has 0 pods"));
        QVERIFY(bar->isRed());
        QVERIFY2(bar->text().contains(QStringLiteral("helloworld-v1 in cluster-1 has 0 pods"))
                && bar->text().contains(QStringLiteral("put back in")),
            qPrintable(bar->text()));
        for (const QString &place : m_window->placeIds()) {
            m_window->showPlace(place);
            QVERIFY2(bar->isVisible(), qPrintable(place));
        }

        if (by == QLatin1String("brokenStop")) {
            press(by);
        } else {
            if (!by.isEmpty())
                m_window->showPalette();
            const auto escape = [&] {
                QWidget *to = by.isEmpty() ? m_window.get() : static_cast<QWidget *>(m_window->commandPalette());
                QTest::keyClick(to, Qt::Key_Escape);
            };
            escape();
            QVERIFY(!stop.stop_requested());
            escape();
        }
        QVERIFY(stop.stop_requested());
        QVERIFY(bar->isVisible()); // until it is back
        QVERIFY(!m_window->findChild<QPushButton *>(QStringLiteral("brokenStop"))->isEnabled()); // once is enough
        m_services->clearFaults();
        m_services->tellDrill({});
        QVERIFY(!bar->isVisible());
        m_services->endOperation(id, QStringLiteral("stopped"), false);
    }

    void closingAsksWhileSomethingIsBroken()
    {
        std::stop_source stop;
        const int id = m_services->beginOperation(QStringLiteral("Drill: lose a workload"), stop);
        RunningDrill drill { id, QStringLiteral("Lose a workload"), QStringLiteral("Fault"), true };
        m_services->tellDrill(drill);
        const auto question = [this] { return m_window->findChild<QMessageBox *>(QStringLiteral("closeQuestion")); };
        m_window->close();
        QVERIFY(question() && !stop.stop_requested());
        QTest::keyClick(question(), Qt::Key_Return); // going on is the default
        QTRY_VERIFY(!question());
        QVERIFY(m_window->isVisible() && !stop.stop_requested());

        m_window->close();
        for (auto *button : question()->buttons()) {
            if (question()->buttonRole(button) == QMessageBox::AcceptRole)
                QTest::mouseClick(button, Qt::LeftButton);
        }
        QVERIFY(stop.stop_requested());
        QVERIFY(m_window->isVisible());
        m_services->tellDrill({});
        m_services->endOperation(id, QStringLiteral("stopped"), false);
        QTRY_VERIFY(!m_window->isVisible());
    }

    void aWindowWithNothingToStopClosesAtOnce()
    {
        QSignalSpy left(m_window.get(), &MainWindow::left);
        m_window->leave();
        QVERIFY(!m_window->isVisible());
        QCOMPARE(left.count(), 1);
    }

    void theEndOfADesktopSessionWaitsForWhatRuns()
    {
        std::stop_source stop;
        const int id = m_services->beginOperation(QStringLiteral("Drill: lose a workload"), stop);
        bool ended = false;
        connect(m_services.get(), &Services::stopOperationRequested, m_window.get(), [&] {
            QTimer::singleShot(20, m_window.get(), [&] {
                ended = true;
                m_services->endOperation(id, QStringLiteral("restored"), false);
            });
        });
        std::aligned_storage_t<sizeof(QSessionManager), alignof(QSessionManager)> nobody; // only Qt can make one, and nobody looks at it
        emit qApp->commitDataRequest(reinterpret_cast<QSessionManager &>(nobody)); // the session manager takes its return for our leave
        QVERIFY(stop.stop_requested() && ended);
        QVERIFY(m_window->isVisible()); // somebody may call it off
        m_window->settle();
    }

    void aRestoreIsWaitedForAndNotStopped()
    {
        std::stop_source stop;
        const int id = m_services->beginOperation(QStringLiteral("Restore after an interrupted drill"), stop, true);
        m_window->close();
        QVERIFY(m_window->isVisible());
        QVERIFY(!stop.stop_requested());
        m_services->endOperation(id, QStringLiteral("restored"), true);
        QTRY_VERIFY(!m_window->isVisible());
    }

    void inspectorFollowsTheSelection()
    {
        auto *place = static_cast<TopologyPlace *>(m_window->place(QStringLiteral("topology")));
        place->setFleet(test::guideFleet());
        place->select(objectid::cluster(QStringLiteral("cluster-1")));
        QCOMPARE(m_window->inspector()->facts().title, QStringLiteral("cluster-1"));
        QVERIFY(!m_window->inspector()->facts().conditions.isEmpty());
        emit m_window->inspector()->objectRequested(objectid::mesh(QStringLiteral("mesh-1")));
        QCOMPARE(place->selectedId(), objectid::mesh(QStringLiteral("mesh-1")));
        QCOMPARE(m_window->inspector()->facts().title, QStringLiteral("mesh-1"));
        QVERIFY(m_window->inspector()->facts().command.contains(QStringLiteral("DescribeServiceMesh")));
    }

    /// The same deeds everywhere: the inspector's buttons, the menu of the map and of its tree, the palette.
    void whatCanBeDoneWithAnObjectIsOfferedWhereItIsShown()
    {
        auto *place = static_cast<TopologyPlace *>(m_window->place(QStringLiteral("topology")));
        m_window->showPlace(QStringLiteral("topology"));
        place->setFleet(test::guideFleet());
        QStringList done;
        QString obstacle = QStringLiteral("Not at night.");
        m_services->objectActions().add({ QStringLiteral("knock"), QStringLiteral("Knock"), QStringLiteral("bell"), {},
            [](const QString &object) { return objectid::parse(object).kind == objectid::Kind::Cluster; },
            [&obstacle](const QString &) { return obstacle; }, [&done](const QString &object) { done << object; } });
        const QString cluster = objectid::cluster(QStringLiteral("cluster-1"));
        const auto button = [&]() -> QPushButton * { // one that was taken away may wait for its end
            const auto all = m_window->inspector()->findChildren<QPushButton *>(QStringLiteral("action-knock"));
            return all.isEmpty() || all.last()->isHidden() ? nullptr : all.last();
        };
        place->select(objectid::mesh(QStringLiteral("mesh-1")));
        QVERIFY(!button());
        place->select(cluster);
        QTRY_VERIFY(button());
        QVERIFY(!button()->isEnabled());
        QCOMPARE(button()->toolTip(), obstacle);
        QVERIFY(!m_services->objectActions().run(QStringLiteral("knock"), cluster));

        const auto menuOf = [&](QWidget *on, QContextMenuEvent::Reason reason) {
            const QPoint at(5, 5);
            QContextMenuEvent event(reason, at, on->mapToGlobal(at));
            QApplication::sendEvent(on, &event);
            return qobject_cast<QMenu *>(QApplication::activePopupWidget());
        };
        QPointer<QMenu> menu = menuOf(place->map()->viewport(), QContextMenuEvent::Keyboard);
        QVERIFY(menu);
        const auto knock = [&] {
            for (QAction *action : menu->actions())
                if (action->text() == QLatin1String("Knock"))
                    return action;
            return static_cast<QAction *>(nullptr);
        };
        QVERIFY(knock() && !knock()->isEnabled());
        QCOMPARE(knock()->toolTip(), obstacle);
        menu->close();
        obstacle.clear();
        menu = menuOf(place->map()->viewport(), QContextMenuEvent::Keyboard);
        QVERIFY(menu && knock()->isEnabled());
        knock()->trigger();
        QCOMPARE(done, QStringList { cluster });
        menu->close();
        // Where there is nothing there is no menu.
        QVERIFY(!menuOf(place->map()->viewport(), QContextMenuEvent::Mouse));

        place->select(objectid::mesh(QStringLiteral("mesh-1")));
        place->select(cluster);
        QTRY_VERIFY(button());
        QTest::mouseClick(button(), Qt::LeftButton);
        QCOMPARE(done.size(), 2);
        m_window->showPalette();
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("knock cluster-1"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
        QTRY_COMPARE(done.size(), 3);
    }

    void keyringThatIsMissingIsTold()
    {
        m_window->showSecretsNote();
        QVERIFY(m_window->findChild<ErrorBanner *>(QStringLiteral("secretsNote"))->isVisible());
    }

    void placeIsRestored()
    {
        m_window->showPlace(QStringLiteral("setup"));
        m_window->close();
        MainWindow next(*m_services, Scheme::Light);
        QCOMPARE(next.currentPlace(), QStringLiteral("setup"));
    }

    void consoleEndsItsSessionWhileAPlanIsMade()
    {
        if (!startsRange())
            QSKIP("catamaran-lab is not built");
        QTRY_VERIFY_WITH_TIMEOUT(m_services->session(), 30000);
        const std::weak_ptr<session::Session> session = m_services->session();
        std::stop_source stop;
        const auto plan = planNow(m_services->session(), documents::FleetDocument(), PlanPurpose::Apply, stop.get_token());
        stop.request_stop(); // as a page that is closed does
        m_window.reset();
        m_services.reset();
        QVERIFY(session.expired()); // what is left to the end of the application waits for its sockets for ever
    }

    void whatWasInterruptedIsOfferedAndNeverWhileItsOwnerLives()
    {
        if (!startsRange())
            QSKIP("catamaran-lab is not built");
        QTRY_VERIFY_WITH_TIMEOUT(m_services->session(), 30000);
        // An apply that died before its one change was sent.
        const QJsonObject object { { QStringLiteral("apiVersion"), QStringLiteral("v1") },
            { QStringLiteral("kind"), QStringLiteral("Namespace") },
            { QStringLiteral("metadata"),
                QJsonObject { { QStringLiteral("name"), QStringLiteral("shop") },
                    { QStringLiteral("labels"), QJsonObject { { QStringLiteral("made"), QStringLiteral("here") } } } } } };
        const ops::Plan plan { { { QStringLiteral("namespace-shop"), {}, {},
            { QStringLiteral("kube.apply"),
                { { QStringLiteral("cluster"), QStringLiteral("cluster-1") }, { QStringLiteral("object"), object } } } } } };
        QVERIFY(ops::checkPlan(plan, fleet::operationKinds()));
        auto journal = ops::Journal::open(m_services->history().file());
        QVERIFY(journal);
        const auto interrupt = [&](const QString &name) {
            const auto execution = journal->begin({ m_services->session()->environment().name, QStringLiteral("apply"), name,
                ops::describePlan(plan, fleet::operationKinds(), {}) });
            ops::Event intent;
            intent.execution = execution->id;
            intent.step = QStringLiteral("namespace-shop");
            intent.state = ops::EventState::Intent;
            intent.seen = ops::State { { { QStringLiteral("exists"), false } }, {} };
            if (!journal->append({ intent }))
                qFatal("it is not written");
            return execution->id;
        };
        const auto state = [&](qint64 id) { return ops::stateName(journal->execution(id)->state); };
        auto *banner = m_window->findChild<ErrorBanner *>(QStringLiteral("interruptedBanner"));
        const auto choose = [&](int button) {
            QTest::mouseClick(banner->findChild<QPushButton *>(QStringLiteral("bannerAction%1").arg(button)), Qt::LeftButton);
        };
        const qint64 first = interrupt(QStringLiteral("shop"));
        m_services->announceActivity();
        m_window->showPlace(QStringLiteral("activity"));
        QTRY_VERIFY(m_window->findChild<QTreeView *>(QStringLiteral("activities"))->isVisible()); // asked later, so the banner has heard
        QVERIFY2(!banner->isVisible(), "its owner lives");
        ops::Journal::abandon(journal->file(), first);
        m_services->announceActivity();
        QTRY_VERIFY(banner->isVisible());
        QVERIFY2(banner->text().contains(QStringLiteral("Apply shop")) && banner->text().contains(ops::Owner::self().text()),
            qPrintable(banner->text()));
        choose(0);
        auto *dialog = m_window->findChild<QDialog *>(QStringLiteral("executionDialog"));
        QVERIFY(dialog && dialog->isVisible());
        QCOMPARE(state(first), QStringLiteral("running"));
        QTest::mouseClick(dialog->findChild<QPushButton *>(QStringLiteral("executionConfirm")), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(state(first), QStringLiteral("done"), 60000);
        QTRY_VERIFY(!banner->isVisible());
        QTest::keyClick(dialog, Qt::Key_Escape);
        // Another one is left: looked at, and ended.
        const qint64 second = interrupt(QStringLiteral("other"));
        ops::Journal::abandon(journal->file(), second);
        m_services->announceActivity();
        QTRY_VERIFY(banner->isVisible());
        choose(2);
        QTRY_COMPARE_WITH_TIMEOUT(state(second), QStringLiteral("stopped"), 60000);
        QTRY_VERIFY(!banner->isVisible());
        m_services->closeEnvironment();
    }

    void practiceRangeOpensWithOneClickAndShowsItsClusters()
    {
        const QString lab = tests::program(QStringLiteral("catamaran-lab"));
        if (!QFileInfo(lab).isExecutable())
            QSKIP("catamaran-lab is not built");
        m_services->setRangeProgram(lab);
        QSignalSpy changed(m_services.get(), &Services::sessionChanged), failed(m_services.get(), &Services::openFailed);
        press(QStringLiteral("rangeCardButton"));
        QTRY_VERIFY_WITH_TIMEOUT(m_services->session() || failed.count() > 0, 30000);
        QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed.first().first().value<core::Error>().text()));
        QVERIFY(m_services->practiceRangeRuns());
        QVERIFY(!m_window->firstStart()->isVisible());
        auto *place = static_cast<TopologyPlace *>(m_window->place(QStringLiteral("topology")));
        QTRY_COMPARE_WITH_TIMEOUT(place->map()->fleet().clusters.size(), 2, 20000);
        QTRY_VERIFY_WITH_TIMEOUT(place->map()->fleet().clusters.first().reachable, 20000);
        QTest::keyClick(place->map(), Qt::Key_Down);
        QTRY_VERIFY(!place->selectedId().isEmpty());

        // A bundle of it shows the same when the range is gone.
        const auto actions = m_window->actions();
        const auto save = std::find_if(actions.begin(), actions.end(),
            [](const QAction *one) { return one->text().startsWith(QStringLiteral("Save a support bundle")); });
        QVERIFY(save != actions.end() && (*save)->isEnabled());
        (*save)->trigger();
        const QString file = m_folder.filePath(QStringLiteral("range.bundle.tar.gz"));
        test::saveAs(*m_window, file);
        QSignalSpy saved(m_services.get(), &Services::bundleSaved);
        QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, 60000);
        QVERIFY2(QFile::exists(file), qPrintable(m_window->findChild<ErrorBanner *>(QStringLiteral("openError"))->text()));
        m_services->closeEnvironment();
        QVERIFY(m_window->firstStart()->isVisible());
        QVERIFY(!m_services->practiceRangeRuns());
        m_services->openBundle(file);
        QTRY_VERIFY(m_services->asItWas());
        QCOMPARE(place->map()->fleet().clusters.size(), 2);
        QVERIFY(place->map()->fleet().clusters.first().reachable);
        QVERIFY(place->isVisible());
    }
};

QTEST_MAIN(ShellTest)
#include "tst_shell.moc"
