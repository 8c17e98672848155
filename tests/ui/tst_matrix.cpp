// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/world.h"
#include "support/rangesession.h"
#include "ui/common/emptystate.h"
#include "ui/common/look.h"
#include "ui/common/statebadge.h"
#include "ui/common/theme.h"
#include "ui/examplematrix.h"
#include "ui/matrix/directionpanel.h"
#include "ui/matrix/matrixmodel.h"
#include "ui/matrix/matrixplace.h"
#include "ui/matrix/matrixview.h"
#include "ui/person.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QCheckBox>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace catamaran;
using namespace catamaran::ui;
using truth::Standing;

namespace {

const QString one = QStringLiteral("cluster-1"), two = QStringLiteral("cluster-2");

} // namespace

/// The matrix as it is looked at and used, with values.
class MatrixTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<Services> m_services;
    std::unique_ptr<MatrixPlace> m_place;

    QString sentence() { return test::part<StateBadge>(*m_place, "matrixSummary")->word(); }
    QString panelText()
    {
        QString text;
        for (const QLabel *label : m_place->findChild<DirectionPanel *>()->findChildren<QLabel *>()) {
            if (label->isVisible())
                text += label->text() + u'\n';
        }
        return text;
    }
    void show(const truth::Matrix &matrix, const QSize &size = QSize(940, 600))
    {
        m_place = std::make_unique<MatrixPlace>(*m_services);
        m_place->resize(size);
        m_place->setMatrix(matrix);
        m_place->show();
        QVERIFY(QTest::qWaitForWindowActive(m_place.get()));
        m_place->view()->setFocus();
    }

private slots:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("CatamaranTest"));
        QCoreApplication::setApplicationName(QStringLiteral("matrix"));
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
        applyTheme(*qApp, Scheme::Light);
        m_services = std::make_unique<Services>(m_folder.filePath(QStringLiteral("test.db")), store::makeMemorySecretStore());
    }

    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)"))); // the offscreen platform's own
        QSettings().clear();
    }

    void cleanup() { m_place.reset(); }

    void eachStandingHasItsLook_data()
    {
        QTest::addColumn<Standing>("standing");
        QTest::addColumn<int>("look");
        QTest::addColumn<QString>("word");
        QTest::newRow("proven") << Standing::Proven << int(Look::Ok) << QStringLiteral("proven");
        QTest::newRow("failed") << Standing::Failed << int(Look::Failed) << QStringLiteral("failed");
        QTest::newRow("stale") << Standing::Stale << int(Look::Stale) << QStringLiteral("stale");
        QTest::newRow("configured") << Standing::Configured << int(Look::Configured) << QStringLiteral("configured");
        QTest::newRow("unknown") << Standing::Unknown << int(Look::Unknown) << QStringLiteral("unknown");
    }

    void eachStandingHasItsLook()
    {
        QFETCH(Standing, standing);
        QFETCH(int, look);
        QFETCH(QString, word);
        MatrixModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setMatrix(test::matrix(2, standing));
        const QModelIndex cell = model.indexOf({ one, two });
        QCOMPARE(cell.data(MatrixModel::LookRole).toInt(), look);
        QCOMPARE(cell.data().toString(), word);
        QCOMPARE(cell.data(Qt::AccessibleTextRole).toString(), QStringLiteral("cluster-1 → cluster-2: ") + word);
        QCOMPARE(cell.data(MatrixModel::LayersRole).toList().size(), 4);
        for (const char *layer : { "Discovery", "Trust", "Gateway", "Request" })
            QVERIFY2(cell.data(Qt::AccessibleDescriptionRole).toString().contains(QLatin1String(layer)), layer);
        QVERIFY(!model.direction(model.index(0, 0)));
        QVERIFY(!(model.flags(model.index(0, 0)) & Qt::ItemIsSelectable)); // a cluster to itself
    }

    void aLatentLossIsNeverTheCheckMark()
    {
        auto matrix = test::matrix(2, Standing::Proven);
        auto &state = matrix.directions.first();
        auto &discovery = state.cells.at(size_t(truth::Layer::Discovery));
        discovery.health = state.health = observe::Health::Warning;
        discovery.latent = QStringLiteral("holds only until mesh-1 restarts");
        QVERIFY(lookOf(state) == Look::Warning);
        QVERIFY(lookOf(matrix.summary()) == Look::Warning);
        show(matrix);
        QVERIFY2(panelText().contains(discovery.latent), qPrintable(panelText()));
    }

    void cellsChangeInPlaceAndTheChoiceStays()
    {
        MatrixModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        auto matrix = test::matrix(3, Standing::Configured);
        model.setMatrix(matrix);
        const QPersistentModelIndex kept = model.indexOf({ one, two });
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        test::set(matrix, one, two, Standing::Failed);
        model.setMatrix(matrix);
        QCOMPARE(resets.count(), 0);
        QCOMPARE(kept.data().toString(), QStringLiteral("failed"));
        model.setMatrix(test::matrix(2, Standing::Proven)); // a cluster went
        QCOMPARE(resets.count(), 1);
        model.setMatrix({});
        QCOMPARE(model.rowCount(), 0);
    }

    void agesGoOn()
    {
        const QDateTime at = QDateTime::currentDateTimeUtc();
        MatrixModel model;
        model.setMatrix(test::matrix(2, Standing::Proven, at));
        model.setNow(at.addSecs(12));
        QCOMPARE(model.indexOf({ one, two }).data(MatrixModel::AgeRole).toString(), QStringLiteral("12 s ago"));
        model.setNow(at.addSecs(14));
        QCOMPARE(model.indexOf({ one, two }).data(MatrixModel::AgeRole).toString(), QStringLiteral("14 s ago"));
    }

    void theChosenCellTellsEverything()
    {
        auto matrix = test::matrix(2, Standing::Proven);
        test::set(matrix, two, one, Standing::Failed);
        show(matrix);
        QVERIFY2(sentence().startsWith(QStringLiteral("1 of 2 direction")) && sentence().contains(QStringLiteral("1 failed")),
            qPrintable(sentence()));
        QCOMPARE(test::part<QLabel>(*m_place, "directionTitle")->text(), QStringLiteral("cluster-1 → cluster-2")); // chosen at first
        QVERIFY2(panelText().contains(QStringLiteral("9 of 20 requests")), qPrintable(panelText()));
        QTest::keyClick(m_place->view(), Qt::Key_N); // the next that is not proven
        QCOMPARE(test::part<QLabel>(*m_place, "directionTitle")->text(), QStringLiteral("cluster-2 → cluster-1"));
        for (const char *fact :
            { "silent loss", "refused at 127.0.9.9:15443", "cluster-2/default/sleep-1", "Rests on what was asked there" })
            QVERIFY2(panelText().contains(QLatin1String(fact)), fact);
        test::set(matrix, two, one, Standing::Unknown);
        m_place->setMatrix(matrix); // it changes while it is chosen
        QVERIFY2(panelText().contains(QStringLiteral("a ready client in cluster-2")), qPrintable(panelText()));
        QVERIFY(!panelText().contains(QStringLiteral("silent loss")));
    }

    void arrowsWalkOverTheDiagonal()
    {
        show(test::matrix(3, Standing::Configured));
        const auto title = [&] { return test::part<QLabel>(*m_place, "directionTitle")->text(); };
        QCOMPARE(title(), QStringLiteral("cluster-1 → cluster-2"));
        QTest::keyClick(m_place->view(), Qt::Key_Right);
        QCOMPARE(title(), QStringLiteral("cluster-1 → cluster-3"));
        QTest::keyClick(m_place->view(), Qt::Key_Down);
        QCOMPARE(title(), QStringLiteral("cluster-2 → cluster-3"));
        QTest::keyClick(m_place->view(), Qt::Key_Left); // over cluster-2 itself
        QCOMPARE(title(), QStringLiteral("cluster-2 → cluster-1"));
    }

    void everyCellHasANameForWhoDoesNotSeeIt()
    {
        auto matrix = test::matrix(2, Standing::Proven);
        test::set(matrix, two, one, Standing::Failed);
        show(matrix);
        QAccessibleInterface *table = QAccessible::queryAccessibleInterface(m_place->view());
        QVERIFY(table && table->tableInterface());
        QAccessibleInterface *cell = table->tableInterface()->cellAt(1, 0);
        QVERIFY(cell);
        QCOMPARE(cell->text(QAccessible::Name), QStringLiteral("cluster-2 → cluster-1: failed"));
        QVERIFY(cell->text(QAccessible::Description).contains(QStringLiteral("silent loss")));
    }

    void emptyPlacesSayWhatBelongsThere()
    {
        show({});
        const auto texts = [&] {
            QString all;
            for (const auto *empty : m_place->findChildren<EmptyState *>())
                for (const QLabel *label : empty->findChildren<QLabel *>())
                    all += label->isVisible() ? label->text() : QString();
            return all;
        };
        QVERIFY2(texts().contains(QStringLiteral("Looking at the fleet")), qPrintable(texts()));
        m_place = std::make_unique<MatrixPlace>(*m_services); // without an environment
        m_place->show();
        QVERIFY2(texts().contains(QStringLiteral("Open an environment first")), qPrintable(texts()));
        QVERIFY(!m_place->view()->isVisible());
    }

    void twentyClustersFitWhenCellsAreSmall()
    {
        show(test::matrix(20, Standing::Configured), QSize(948, 646)); // what a window of 1024x700 leaves
        QTRY_COMPARE(m_place->model()->rowCount(), 20);
        // With words it scrolls, and each cell shows them whole.
        const QFontMetrics metrics(m_place->view()->font());
        QVERIFY(m_place->view()->columnWidth(1) >= metrics.horizontalAdvance(QStringLiteral("configured")) + 26);
        test::click(*m_place, "smallCells");
        QTRY_VERIFY(m_place->view()->columnViewportPosition(19) + m_place->view()->columnWidth(19) <= m_place->view()->viewport()->width());
        QTRY_VERIFY(m_place->view()->rowViewportPosition(19) + m_place->view()->rowHeight(19) <= m_place->view()->viewport()->height() + 4);
        QTest::keyClick(m_place->view(), Qt::Key_End, Qt::ControlModifier);
        QVERIFY(m_place->view()->currentIndex().isValid());
    }

    void itIsCopiedAndExported()
    {
        auto matrix = test::matrix(2, Standing::Proven);
        test::set(matrix, two, one, Standing::Failed);
        show(matrix);
        QTest::keyClick(m_place->view(), Qt::Key_C, Qt::ControlModifier);
        QString copied = QGuiApplication::clipboard()->text();
        QVERIFY2(copied.startsWith(QStringLiteral("cluster-1 → cluster-2: proven")) && copied.contains(QStringLiteral("9 of 20")),
            qPrintable(copied));
        QVERIFY(!copied.contains(QStringLiteral("silent loss"))); // of the other direction
        const auto action = [&](const QString &text) {
            for (QAction *one : m_place->placeActions())
                if (one->text() == text)
                    return one->trigger();
            QFAIL(qPrintable(text));
        };
        action(QStringLiteral("Copy the matrix as JSON"));
        const QJsonArray json = QJsonDocument::fromJson(QGuiApplication::clipboard()->text().toUtf8()).array();
        QCOMPARE(json.size(), 2);
        QCOMPARE(json.at(0)[QStringLiteral("proven")].toBool(), true);
        test::click(*m_place, "exportMatrix");
        const QString file = m_folder.filePath(QStringLiteral("matrix.csv"));
        test::saveAs(*m_place, file);
        QTRY_VERIFY(QFile::exists(file));
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = written.readAll().split('\n');
        QVERIFY2(lines.value(0).startsWith("from,to,state,proven,layer,health,basis,evidence"), lines.value(0).constData());
        QCOMPARE(lines.size(), 1 + 2 * 4 + 1);
        QVERIFY(lines.value(8).contains("failed"));
    }

    void whatOthersWriteIsText()
    {
        auto matrix = test::matrix({ one, QStringLiteral("<b>=cmd()\x1b[31m") }, Standing::Configured);
        matrix.directions.first().cells.at(3).evidence = QStringLiteral("<img src=x>\n=1+1");
        show(matrix);
        QVERIFY(!panelText().contains(u'\x1b'));
        QVERIFY(panelText().contains(QStringLiteral("<img src=x>")));
        QVERIFY(!matrixToCsv(matrix).contains("\x1b") && !matrixToCsv(matrix).contains(",=1"));
    }

    void aProbeIsPutThereAndTakenAway()
    {
        if (tests::LabProcess::program().isEmpty())
            QSKIP("there is no catamaran-lab");
        tests::LabProcess lab;
        QVERIFY2(
            lab.start({ QStringLiteral("--create-delay"), QStringLiteral("100"), QStringLiteral("--update-delay"), QStringLiteral("50") }),
            qPrintable(lab.errorText()));
        m_services->openEnvironment(lab.environmentFile());
        QTRY_VERIFY_WITH_TIMEOUT(m_services->session(), 60000);
        const auto session = m_services->session();
        fleet::CarryOutOptions options;
        options.purpose = QStringLiteral("apply");
        options.name = QStringLiteral("two-meshes");
        options.databaseFile = m_folder.filePath(QStringLiteral("test.db"));
        const auto applied = tests::applyFleet(tests::exampleFleet(), *session, options);
        QVERIFY2(applied, qPrintable(applied ? QString() : applied.error().text()));
        const auto probes = [&] { return tests::wantedReplicas(*session, two, QStringLiteral("catamaran-probe")); };
        m_services->live()->refresh();

        m_place = std::make_unique<MatrixPlace>(*m_services);
        m_place->resize(940, 600);
        m_place->show();
        auto *button = test::part<QPushButton>(*m_place, "probeButton");
        auto *prover = m_services->prover();
        const auto isClient = [&] {
            const auto *cluster = m_services->live()->fleet().cluster(one);
            return cluster
                && std::any_of(cluster->workloads.begin(), cluster->workloads.end(), [](const observe::ObservedWorkload &workload) {
                       return workload.name == QStringLiteral("sleep") && workload.ready > 0;
                   });
        };
        QTRY_VERIFY_WITH_TIMEOUT(isClient(), 60000);
        prover->prove();
        QTRY_VERIFY_WITH_TIMEOUT(!prover->isProving() && button->isVisible() && button->text().contains(two), 60000);
        QCOMPARE(prover->withoutClient(), QStringList { two });

        // The choice is asked for once, judged by the file's own reader, and kept in the file.
        button->click();
        auto *choice = test::part<QDialog>(*m_place, "probePlaceDialog");
        test::part<QLineEdit>(*choice, "probeImage")->setText(QStringLiteral("two words"));
        test::part<QPushButton>(*choice, "probePlaceNext")->click();
        QVERIFY(test::part<QLabel>(*choice, "probePlaceSaid")->text().contains(QStringLiteral("must be an image")));
        test::part<QLineEdit>(*choice, "probeImage")->setText(QStringLiteral("registry.example.com/tools/curl:8"));
        test::part<QPushButton>(*choice, "probePlaceNext")->click();
        const auto kept = documents::loadEnvironment(lab.environmentFile());
        QVERIFY(kept && kept->probe);
        QCOMPARE(kept->probe->ns, QStringLiteral("default"));

        // The plan is shown, and nothing is done before it is agreed to.
        QTRY_VERIFY_WITH_TIMEOUT(m_place->findChild<QDialog *>(QStringLiteral("probePlanDialog")), 60000);
        auto *plan = test::part<QDialog>(*m_place, "probePlanDialog");
        QCOMPARE(probes(), -1);
        plan->accept();
        auto *text = test::part<QLabel>(*m_place, "probeText");
        QTRY_VERIFY2_WITH_TIMEOUT(text->text().contains(QStringLiteral("sends from cluster-2")), qPrintable(text->text()), 60000);
        QCOMPARE(probes(), 1);
        const auto isProven = [&] {
            const auto *state = prover->matrix().find(two, one);
            return state && state->cell(truth::Layer::Request).health == observe::Health::Ok
                && state->cell(truth::Layer::Request).source.contains(QStringLiteral("catamaran-probe"));
        };
        // Its proxy is new: on a busy machine the first look may come before it knows the other side, and is then told as it was.
        const auto isProvenAtLast = [&] {
            if (!isProven() && !prover->isProving())
                prover->prove();
            return isProven();
        };
        const auto evidence = [&] {
            const auto *state = prover->matrix().find(two, one);
            return state ? state->cell(truth::Layer::Request).evidence : QString();
        };
        QTRY_VERIFY2_WITH_TIMEOUT(isProvenAtLast(), qPrintable(evidence()), 60000);

        // The end of the console stops what runs, and waits for it.
        QVERIFY(m_services->hasOperations());
        m_services->stopOperations();
        QTRY_VERIFY_WITH_TIMEOUT(!m_services->hasOperations(), 60000);
        QCOMPARE(probes(), -1);
        // Once more, as the environment's choice stands now: without the question; and taken away by its own button.
        prover->prove();
        QTRY_VERIFY_WITH_TIMEOUT(!prover->isProving() && button->isVisible() && button->isEnabled(), 60000);
        button->click();
        QTRY_VERIFY_WITH_TIMEOUT(m_place->findChild<QDialog *>(QStringLiteral("probePlanDialog")), 60000);
        test::part<QDialog>(*m_place, "probePlanDialog")->accept();
        QTRY_VERIFY2_WITH_TIMEOUT(text->text().contains(QStringLiteral("sends from cluster-2")), qPrintable(text->text()), 60000);
        button->click();
        QTRY_VERIFY_WITH_TIMEOUT(!m_services->hasOperations(), 60000);
        QCOMPARE(probes(), -1);
        m_place.reset();
        m_services->closeEnvironment();
    }

    void picturesForTheEye()
    {
        const QString folder = qEnvironmentVariable("CATAMARAN_PICTURES");
        if (folder.isEmpty())
            QSKIP("CATAMARAN_PICTURES names no folder");
        for (const Scheme scheme : { Scheme::Light, Scheme::Dark }) {
            applyTheme(*qApp, scheme);
            for (const int count : { 2, 5, 20 }) {
                auto matrix = test::matrix(count, Standing::Proven, QDateTime::currentDateTimeUtc().addSecs(-7));
                const QList<Standing> others { Standing::Failed, Standing::Configured, Standing::Stale, Standing::Unknown };
                for (qsizetype i = 1; i < matrix.directions.size(); i += count == 2 ? 1 : 3)
                    test::set(matrix, matrix.directions.at(i).direction.from, matrix.directions.at(i).direction.to, others.at((i / 3) % 4));
                show(matrix, QSize(948, 600));
                QVERIFY(m_place->grab().save(QStringLiteral("%1/matrix-%2-%3.png").arg(folder, schemeName(scheme)).arg(count)));
                if (count == 20) {
                    test::click(*m_place, "smallCells");
                    QVERIFY(m_place->grab().save(QStringLiteral("%1/matrix-%2-small.png").arg(folder, schemeName(scheme))));
                    test::click(*m_place, "smallCells");
                }
            }
        }
        applyTheme(*qApp, Scheme::Light);
    }
};

QTEST_MAIN(MatrixTest)
#include "tst_matrix.moc"
