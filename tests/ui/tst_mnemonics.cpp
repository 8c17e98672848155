// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/translations.h"
#include "support/labprocess.h"
#include "ui/common/theme.h"
#include "ui/person.h"
#include "ui/setup/kubeconfigpage.h"
#include "ui/setup/setupplace.h"
#include "ui/shell/mainwindow.h"

#include <QAbstractButton>
#include <QGroupBox>
#include <QKeySequence>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSettings>
#include <QTabBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>

using namespace catamaran;
using namespace catamaran::test;

namespace {

using Keys = QMultiMap<QString, QString>; ///< text by "Alt+L"

void take(Keys &keys, const QString &text)
{
    if (const QKeySequence key = QKeySequence::mnemonic(text); !key.isEmpty())
        keys.insert(key.toString(), text);
}

/// The mnemonics of everything in sight. Those that are disabled count as well: what is off now is on a moment later.
Keys mnemonicsInSight(const QWidget &window)
{
    Keys keys;
    for (const QWidget *widget : window.findChildren<QWidget *>()) {
        if (!widget->isVisible())
            continue;
        if (const auto *button = qobject_cast<const QAbstractButton *>(widget)) {
            take(keys, button->text());
        } else if (const auto *label = qobject_cast<const QLabel *>(widget)) {
            if (label->buddy())
                take(keys, label->text());
        } else if (const auto *box = qobject_cast<const QGroupBox *>(widget)) {
            take(keys, box->title());
        } else if (const auto *tabs = qobject_cast<const QTabBar *>(widget)) {
            for (int i = 0; i < tabs->count(); ++i)
                take(keys, tabs->tabText(i));
        }
    }
    return keys;
}

/// "Alt+L: Test a&ll, Cance&l"; empty when each key means one thing.
QString clashes(const Keys &keys)
{
    QStringList lines;
    for (const QString &key : keys.uniqueKeys()) {
        if (keys.count(key) > 1)
            lines << key + QStringLiteral(": ") + keys.values(key).join(QStringLiteral(", "));
    }
    return lines.join(u'\n');
}

} // namespace

/// Alt and a letter that two things in sight share does neither: it only moves the focus between them.
class MnemonicsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void everyKeyMeansOneThing_data();
    void everyKeyMeansOneThing();

private:
    QTemporaryDir m_folder;
    tests::LabProcess m_lab;
};

void MnemonicsTest::initTestCase()
{
    if (tests::LabProcess::program().isEmpty())
        QSKIP("catamaran-lab has not been built");
    QCoreApplication::setOrganizationName(QStringLiteral("CatamaranTest"));
    QCoreApplication::setApplicationName(QStringLiteral("mnemonics"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
    qputenv("XDG_DATA_HOME", m_folder.path().toUtf8());
    // Named by $KUBECONFIG and not in the environment: the kubeconfig page then offers it by a button of its own.
    qputenv("KUBECONFIG", m_folder.filePath(QStringLiteral("mine")).toUtf8());
    QFile mine(m_folder.filePath(QStringLiteral("mine")));
    QVERIFY(mine.open(QIODevice::WriteOnly) && mine.write("apiVersion: v1\nkind: Config\n") > 0);
    ui::applyTheme(*qApp, ui::Scheme::Light);
    QVERIFY2(m_lab.start(), qPrintable(m_lab.errorText()));
}

void MnemonicsTest::everyKeyMeansOneThing_data()
{
    QTest::addColumn<QLocale>("locale");
    QTest::newRow("English") << QLocale(QLocale::English, QLocale::UnitedStates);
    QTest::newRow("Chinese") << QLocale(QLocale::Chinese, QLocale::China);
}

void MnemonicsTest::everyKeyMeansOneThing()
{
    QFETCH(const QLocale, locale);
    core::installTranslations(*qApp, locale);
    const auto silent = qScopeGuard([] { qDeleteAll(qApp->findChildren<QTranslator *>(QString(), Qt::FindDirectChildrenOnly)); });
    const auto database = store::Database::open(m_folder.filePath(locale.name() + QStringLiteral(".db")));
    QVERIFY2(database.has_value(), database ? "" : qPrintable(database.error().text()));
    ui::Services services((*database)->file(), store::makeMemorySecretStore());
    ui::MainWindow window(services, ui::Scheme::Light);
    window.resize(1280, 820);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    services.openEnvironment(m_lab.environmentFile());
    QTRY_VERIFY_WITH_TIMEOUT(services.session() && services.live() && services.live()->fleet().clusters.size() == 2, 30000);

    // A drill's result is a page of its own as soon as there is one.
    const QJsonObject result { { QStringLiteral("drill"), QStringLiteral("workload-failover") },
        { QStringLiteral("verdict"), QStringLiteral("pass") } };
    QVERIFY((*database)
                ->save({ 0, QDateTime::currentDateTimeUtc(), QStringLiteral("drill"), services.session()->environment().name,
                    QStringLiteral("workload-failover"), result })
                .has_value());

    int seen = 0;
    const auto check = [&](const QString &where) {
        const Keys keys = mnemonicsInSight(window);
        seen += int(keys.size());
        const QString twice = clashes(keys);
        QVERIFY2(twice.isEmpty(), qPrintable(where + QStringLiteral(": ") + twice));
    };
    for (const QString &id : window.placeIds()) {
        ui::Place *place = window.place(id);
        window.showPlace(id);
        for (const QString &stop : place->tourStops()) {
            place->showTourStop(stop);
            check(stop);
            QTRY_VERIFY_WITH_TIMEOUT(!place->isTourBusy(), 60000);
            check(stop);
            if (QTest::currentTestFailed())
                return;
        }
    }
    QVERIFY(seen > 40); // it looked at the real thing

    // What comes and goes: the tests of the contexts with their two ways to cancel, and the account's fields.
    window.showPlace(QStringLiteral("setup"));
    auto *setup = qobject_cast<ui::SetupPlace *>(window.place(QStringLiteral("setup")));
    setup->showObject(QStringLiteral("cloud"));
    QTRY_VERIFY(!setup->kubeconfigs()->isBusy());
    click(*setup, "testAll");
    QTRY_VERIFY(part<QWidget>(*setup, "cancelTest")->isVisible());
    check(QStringLiteral("while contexts are tested"));
    // The offer to move the client, which needs a fleet with the sample, beside either list of answers.
    window.showPlace(QStringLiteral("verify"));
    auto *verify = window.place(QStringLiteral("verify"));
    part<QPushButton>(*verify, "moveClient")->parentWidget()->show();
    for (int tab = 0; tab < 2; ++tab) {
        part<QTabWidget>(*verify, "verifyTabs")->setCurrentIndex(tab);
        QVERIFY(part<QPushButton>(*verify, "moveClient")->isVisible());
        check(QStringLiteral("verify with the offer to move, tab %1").arg(tab));
    }
}

QTEST_MAIN(MnemonicsTest)
#include "tst_mnemonics.moc"
