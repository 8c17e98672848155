// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/probeplace.h"
#include "ops/journal.h"
#include "support/labprocess.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/drills/drillsplace.h"
#include "ui/drills/drillview.h"
#include "ui/kubeconfigs.h"
#include "ui/person.h"
#include "ui/setup/environmentfile.h"
#include "ui/setup/setupplace.h"
#include "ui/shell/restorebanner.h"
#include "ui/topology/describe.h"
#include "ui/topology/topologyplace.h"
#include "ui/topology/topologyview.h"
#include "ui/verify/sharebar.h"
#include "ui/verify/verifyplace.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace catamaran;

/// Clusters of one's own without any mesh, from kubeconfigs to ten answers; then one that falls silent, and a person who
/// may only look.
class PlainClustersTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void whatNoPageAsksForStaysInTheFile();
    void pagesAboutMeshesAreLeftOut();
    void sampleTakesOverridesAndIsApplied();
    void topologyAndVerifyNeedNoMesh();
    void interruptedDrillIsRestoredByOneClick();
    void anotherMachinesFaultIsAskedAbout();
    void silentClusterIsShownStaleAndNothingStartsThere();
    void viewerSeesWhyNothingIsOffered();
    void cleanupTestCase();

private:
    QTemporaryDir m_folder;
    tests::LabProcess m_lab;
    std::shared_ptr<store::Database> m_database;
    std::unique_ptr<ui::Services> m_services;
    std::unique_ptr<ui::SetupPlace> m_place;
    bool m_applied = false;

    void picture(QWidget *widget, const QString &name);
    [[nodiscard]] bool open(const QString &name, const QString &file1, const QString &file2);
    [[nodiscard]] QString allText(const QWidget &widget) const;
};

void PlainClustersTest::initTestCase()
{
    if (tests::LabProcess::program().isEmpty())
        QSKIP("catamaran-lab has not been built");
    ui::applyTheme(*qApp, qEnvironmentVariable("CATAMARAN_SCHEME") == QLatin1String("dark") ? ui::Scheme::Dark : ui::Scheme::Light);
    qputenv("XDG_DATA_HOME", m_folder.path().toUtf8());
    QVERIFY2(m_lab.start(), qPrintable(m_lab.errorText()));
    auto database = store::Database::open(m_folder.filePath(QStringLiteral("test.db")));
    QVERIFY(database.has_value());
    m_database = *database;
    m_services = std::make_unique<ui::Services>(m_database->file(), store::makeMemorySecretStore());
    m_place = std::make_unique<ui::SetupPlace>(*m_services);
    m_place->resize(1100, 720);
    m_place->show();
    QVERIFY(QTest::qWaitForWindowActive(m_place.get()));
}

void PlainClustersTest::picture(QWidget *widget, const QString &name)
{
    const QString folder = qEnvironmentVariable("CATAMARAN_PICTURES");
    if (folder.isEmpty())
        return;
    for (int i = 0; i < 5; ++i) // texts that wrap settle in a few rounds
        QCoreApplication::processEvents();
    QVERIFY(widget->grab().save(
        QStringLiteral("%1/%2-%3.png").arg(folder, name, qEnvironmentVariable("CATAMARAN_SCHEME", QStringLiteral("light")))));
}

bool PlainClustersTest::open(const QString &name, const QString &file1, const QString &file2)
{
    documents::Environment environment;
    environment.name = name;
    environment.clusters
        = { { QStringLiteral("cluster-1"), {}, {}, { file1 }, {} }, { QStringLiteral("cluster-2"), {}, {}, { file2 }, {} } };
    const auto file = ui::keepEnvironment(environment);
    if (!file)
        return false;
    QSignalSpy changed(m_services.get(), &ui::Services::sessionChanged);
    m_services->openEnvironment(*file);
    return (changed.count() > 0 || changed.wait(20000)) && m_services->session() && m_services->session()->environment().name == name;
}

QString PlainClustersTest::allText(const QWidget &widget) const
{
    QStringList texts;
    for (const QLabel *label : widget.findChildren<QLabel *>()) {
        if (label->isVisibleTo(&widget))
            texts << label->text();
    }
    return texts.join(u'\n');
}

void PlainClustersTest::whatNoPageAsksForStaysInTheFile()
{
    documents::Environment environment;
    environment.name = QStringLiteral("kept");
    environment.clusters = { { QStringLiteral("cluster-1"), {}, {}, { m_lab.kubeconfig(1) }, {} } };
    const auto file = ui::keepEnvironment(environment);
    QVERIFY2(file, file ? "" : qPrintable(file.error().text()));
    QVERIFY(documents::saveProbePlace(*file, { QStringLiteral("tools/curl:8"), QStringLiteral("probes"), {} }));
    environment.colour = QStringLiteral("#102030"); // as setup saves it again, which was opened before
    QVERIFY(ui::keepEnvironment(environment));
    const auto read = documents::loadEnvironment(*file);
    QVERIFY(read && read->colour == u"#102030");
    QVERIFY(read->probe && read->probe->ns == u"probes");
}

void PlainClustersTest::pagesAboutMeshesAreLeftOut()
{
    QVERIFY(open(QStringLiteral("plain"), m_lab.kubeconfig(1), m_lab.kubeconfig(2)));
    QTRY_VERIFY_WITH_TIMEOUT(m_services->live()->fleet().clusters.size() == 2, 20000);
    m_place->goTo(ui::SetupStep::Clusters);
    auto *plain = test::part<QCheckBox>(*m_place, "plainClusters");
    QTRY_VERIFY(plain->isChecked()); // without an account nobody could make a mesh
    auto *steps = test::part<QListWidget>(*m_place, "setupSteps");
    QVERIFY(!(steps->item(int(ui::SetupStep::Meshes))->flags() & Qt::ItemIsEnabled));
    QVERIFY(steps->item(int(ui::SetupStep::Meshes))->toolTip().contains(QStringLiteral("no mesh")));
    plain->setFocus();
    QTest::keyClick(plain, Qt::Key_Space); // under meshes again
    QVERIFY(steps->item(int(ui::SetupStep::Meshes))->flags() & Qt::ItemIsEnabled);
    QTest::keyClick(plain, Qt::Key_Space);
    QVERIFY(!(steps->item(int(ui::SetupStep::Meshes))->flags() & Qt::ItemIsEnabled));
    QTRY_VERIFY(test::part<QPushButton>(*m_place, "next")->isEnabled());
    picture(m_place.get(), QStringLiteral("plain-1-clusters"));
    test::press(*m_place, Qt::Key_PageDown, Qt::ControlModifier);
    QTRY_VERIFY(m_place->step() == ui::SetupStep::Sample);
    test::press(*m_place, Qt::Key_PageUp, Qt::ControlModifier);
    QTRY_VERIFY(m_place->step() == ui::SetupStep::Clusters);
}

void PlainClustersTest::sampleTakesOverridesAndIsApplied()
{
    if (!m_services->session())
        QSKIP("no environment");
    m_place->goTo(ui::SetupStep::Sample);
    auto *ns = test::part<QLineEdit>(*m_place, "sampleNamespace");
    QCOMPARE(ns->text(), QStringLiteral("sample"));
    test::retype(*m_place, "replicas-helloworld-v2", QStringLiteral("2"));
    picture(m_place.get(), QStringLiteral("plain-2-sample"));
    m_place->goTo(ui::SetupStep::Plan);
    auto *summary = test::part<QLabel>(*m_place, "planSummary");
    QTRY_VERIFY_WITH_TIMEOUT(
        summary->text().contains(QStringLiteral("step")) && test::part<QPushButton>(*m_place, "next")->isEnabled(), 30000);
    picture(m_place.get(), QStringLiteral("plain-3-plan"));
    m_place->goTo(ui::SetupStep::Apply);
    QSignalSpy operations(m_services.get(), &ui::Services::operationEnded);
    QTRY_VERIFY(test::part<QPushButton>(*m_place, "apply")->isEnabled());
    test::click(*m_place, "apply");
    QTRY_VERIFY_WITH_TIMEOUT(operations.count() == 1, 120000);
    const QString result = operations.first().at(1).toString();
    QVERIFY2(operations.first().at(2).toBool(), qPrintable(result));
    QVERIFY2(result.contains(QStringLiteral("Consoles on other machines are not seen")), qPrintable(result)); // there is no Lease
    m_applied = true;
    m_place->goTo(ui::SetupStep::Answers);
    auto *answers = test::part<QPlainTextEdit>(*m_place, "firstAnswers");
    QTRY_COMPARE_WITH_TIMEOUT(answers->toPlainText().count(QStringLiteral("Hello version: ")), 10, 60000);
    picture(m_place.get(), QStringLiteral("plain-4-answers"));
}

void PlainClustersTest::topologyAndVerifyNeedNoMesh()
{
    if (!m_applied)
        QSKIP("the sample is not there");
    ui::TopologyPlace topology(*m_services);
    topology.resize(1000, 640);
    topology.show();
    QTRY_VERIFY(topology.findableObjects().contains(QStringLiteral("workload:cluster-1/sample/sleep")));
    QVERIFY(QTest::qWaitForWindowExposed(&topology));
    picture(&topology, QStringLiteral("plain-5-topology"));
    ui::VerifyPlace verify(*m_services);
    verify.resize(1000, 660);
    verify.show();
    auto *start = test::part<QPushButton>(verify, "start");
    QTRY_VERIFY(start->isEnabled());
    QSignalSpy finished(&verify, &ui::VerifyPlace::runFinished);
    test::retype(verify, "count", QStringLiteral("40"));
    QTest::mouseClick(start, Qt::LeftButton);
    QVERIFY(finished.wait(60000));
    QCOMPARE(verify.series().errors(), 0);
    QVERIFY(verify.series().versions().value(QStringLiteral("v1")) > 0);
    QVERIFY(verify.series().versions().value(QStringLiteral("v2")) > 0);
    picture(&verify, QStringLiteral("plain-6-verify"));
}

void PlainClustersTest::interruptedDrillIsRestoredByOneClick()
{
    if (!m_applied)
        QSKIP("the sample is not there");
    // As a drill leaves it that was killed: the fault is there, and what belongs back is written down.
    const auto desired = [this] {
        const auto *cluster = m_services->live()->fleet().cluster(QStringLiteral("cluster-1"));
        for (const auto &workload : cluster->workloads) {
            if (workload.name == QLatin1String("helloworld-v1"))
                return workload.desired;
        }
        return -1;
    };
    bool scaled = false;
    core::whenReady(m_services->session()
                        ->cluster(QStringLiteral("cluster-1"))
                        ->setScale(kube::kinds::deployments, QStringLiteral("sample"), QStringLiteral("helloworld-v1"), 0, {}),
        this, [&](const core::Result<kube::Scale> &answer) { scaled = answer.has_value(); });
    QTRY_VERIFY(scaled);
    QTRY_COMPARE_WITH_TIMEOUT(desired(), 0, 10000);
    const auto keep = [this](const QString &uid, const QString &deployment) { // as versions before the operations did
        ops::Execution kept;
        kept.uid = uid;
        kept.environment = QStringLiteral("plain");
        kept.purpose = ops::drillPurpose;
        kept.name = QStringLiteral("workload-failover");
        kept.plan = { { QStringLiteral("restore"),
            QJsonArray { QJsonObject { { QStringLiteral("action"), QStringLiteral("scale") },
                { QStringLiteral("cluster"), QStringLiteral("cluster-1") }, { QStringLiteral("namespace"), QStringLiteral("sample") },
                { QStringLiteral("deployment"), deployment }, { QStringLiteral("replicas"), 1 } } } } };
        auto journal = ops::Journal::open(m_database->file());
        return journal && journal->adopt(kept, {}).has_value();
    };
    QVERIFY(keep(QStringLiteral("first"), QStringLiteral("helloworld-v1")));
    ui::RestoreBanner banner(*m_services);
    banner.resize(800, 60);
    banner.look();
    QTRY_VERIFY(banner.isVisible());
    QPushButton *restore = nullptr;
    for (QPushButton *button : banner.findChildren<QPushButton *>()) {
        if (button->text() == QStringLiteral("Restore now"))
            restore = button;
    }
    QVERIFY(restore && restore->isVisible());
    picture(&banner, QStringLiteral("restore-1-asked"));
    QSignalSpy ended(m_services.get(), &ui::Services::operationEnded);
    QTest::mouseClick(restore, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 60000);
    QVERIFY2(ended.first().at(2).toBool(), qPrintable(ended.first().at(1).toString()));
    QVERIFY2(banner.text().contains(QStringLiteral("Restored and read back")), qPrintable(banner.text()));
    QTRY_COMPARE_WITH_TIMEOUT(desired(), 1, 10000);
    banner.look();
    QTRY_VERIFY(!banner.isVisible());

    // What is gone cannot be put back: it is given up with a reason.
    QVERIFY(keep(QStringLiteral("second"), QStringLiteral("never-was")));
    banner.look();
    QTRY_VERIFY(banner.isVisible() && restore->isVisible());
    QTest::mouseClick(restore, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 2, 60000);
    QVERIFY2(banner.text().contains(QStringLiteral("Not everything could be restored")), qPrintable(banner.text()));
    auto *giveUp = banner.findChild<QPushButton *>(QStringLiteral("giveUpRestore"));
    QVERIFY(giveUp && giveUp->isVisible());
    picture(&banner, QStringLiteral("restore-2-not-possible"));
    QTest::mouseClick(giveUp, Qt::LeftButton);
    auto *accept = banner.findChild<QPushButton *>(QStringLiteral("restoreAccept"));
    QVERIFY(accept && !accept->isEnabled()); // not without a reason
    auto *reason = banner.findChild<QLineEdit *>(QStringLiteral("restoreReason"));
    QTest::keyClicks(reason, QStringLiteral("it has moved away"));
    QVERIFY(accept->isEnabled());
    QTest::keyClick(reason, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(!banner.isVisible(), 20000);
    const auto journal = ops::Journal::open(m_database->file());
    QVERIFY(journal && journal->undoDue(QStringLiteral("plain"))->isEmpty());
}

/// Another machine's drill is asked about before it is touched.
void PlainClustersTest::anotherMachinesFaultIsAskedAbout()
{
    if (!m_applied)
        QSKIP("the sample is not there");
    auto *client = m_services->session()->cluster(QStringLiteral("cluster-1"));
    const ops::FaultMark mark { QStringLiteral("elsewhere"), QStringLiteral("scale"), 1, 0, QStringLiteral("their-drill"),
        QDateTime::currentDateTimeUtc(), { QStringLiteral("atlas"), QStringLiteral("boot"), 4711, 1 } };
    const auto patch = [&](const QJsonObject &body) {
        bool done = false;
        core::whenReady(client->mergePatch(kube::kinds::deployments, QStringLiteral("sample"), QStringLiteral("helloworld-v1"), body, {}),
            this, [&](const core::Result<QJsonObject> &answer) { done = answer.has_value(); });
        return QTest::qWaitFor([&] { return done; }, 10000);
    };
    ui::RestoreBanner banner(*m_services);
    banner.resize(800, 60);
    QVERIFY(patch({ { QStringLiteral("spec"), QJsonObject { { QStringLiteral("replicas"), 0 } } },
        { QStringLiteral("metadata"),
            QJsonObject { { QStringLiteral("annotations"), QJsonObject { { ops::faultAnnotation, mark.toText() } } } } } }));
    QTRY_VERIFY_WITH_TIMEOUT(banner.isVisible(), 10000); // it follows the marks by itself
    QVERIFY2(banner.text().contains(QStringLiteral("their-drill")) && banner.text().contains(QStringLiteral("process 4711 on atlas")),
        qPrintable(banner.text()));
    picture(&banner, QStringLiteral("restore-3-elsewhere"));
    QPushButton *restore = nullptr;
    for (QPushButton *button : banner.findChildren<QPushButton *>())
        if (button->text().startsWith(QStringLiteral("Restore it all the same")))
            restore = button;
    QVERIFY(restore && restore->isVisible());
    QTest::mouseClick(restore, Qt::LeftButton);
    auto *accept = banner.findChild<QPushButton *>(QStringLiteral("restoreAccept"));
    QVERIFY(accept);
    QSignalSpy ended(m_services.get(), &ui::Services::operationEnded);
    QTest::mouseClick(accept, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 60000);
    QVERIFY2(ended.first().at(2).toBool(), qPrintable(ended.first().at(1).toString()));
    QTRY_VERIFY_WITH_TIMEOUT(m_services->live()->fleet().cluster(QStringLiteral("cluster-1"))->faults.isEmpty(), 10000);
}

void PlainClustersTest::silentClusterIsShownStaleAndNothingStartsThere()
{
    if (!m_applied)
        QSKIP("the sample is not there");
    ui::TopologyPlace topology(*m_services);
    topology.resize(1000, 640);
    topology.show();
    ui::VerifyPlace verify(*m_services);
    verify.resize(1000, 660);
    verify.show();
    ui::DrillsPlace drills(*m_services);
    drills.resize(1000, 660);
    drills.show();
    auto *start = test::part<QPushButton>(verify, "start");
    QTRY_VERIFY(start->isEnabled());
    const QString cluster = test::part<QComboBox>(verify, "sourceCluster")->currentText();
    const auto shown = [&] { return m_services->live()->fleet().cluster(cluster); };
    QVERIFY(shown()->reachable);
    QVERIFY(m_lab.ctl({ QStringLiteral("stop"), QStringLiteral("api-server"), cluster }).ok());
    QTRY_VERIFY_WITH_TIMEOUT(!shown()->reachable, 20000);
    QTRY_VERIFY(!start->isEnabled());
    auto *note = test::part<QLabel>(verify, "sourceNote");
    QTRY_VERIFY2(note->text().contains(cluster + QStringLiteral(" is stale since ")), qPrintable(note->text()));
    topology.select(QStringLiteral("cluster:") + cluster);
    QTRY_VERIFY(ui::describeObject(topology.map()->fleet(), QStringLiteral("cluster:") + cluster, {}).look == ui::Look::Stale);
    QTRY_VERIFY2(allText(drills).contains(QStringLiteral("stale since ")), qPrintable(allText(drills)));
    picture(&topology, QStringLiteral("stale-1-topology"));
    picture(&verify, QStringLiteral("stale-2-verify"));
    picture(&drills, QStringLiteral("stale-3-drills"));
    QVERIFY(m_lab.ctl({ QStringLiteral("start"), QStringLiteral("api-server"), cluster }).ok());
    QTRY_VERIFY_WITH_TIMEOUT(shown()->reachable, 40000);
    QTRY_VERIFY_WITH_TIMEOUT(start->isEnabled(), 10000);
}

void PlainClustersTest::viewerSeesWhyNothingIsOffered()
{
    if (!m_applied)
        QSKIP("the sample is not there");
    QStringList files;
    for (int cluster = 1; cluster <= 2; ++cluster) {
        QFile source(m_lab.kubeconfig(cluster));
        QVERIFY(source.open(QIODevice::ReadOnly));
        QByteArray yaml = source.readAll();
        QVERIFY(yaml.contains("  user:\n"));
        yaml.replace("  user:\n", "  user:\n    as: viewer\n    as-groups: [\"range:viewers\"]\n");
        files << test::writeFile(QDir(m_folder.path()), QStringLiteral("viewer-%1.kubeconfig").arg(cluster), yaml);
    }
    QVERIFY(open(QStringLiteral("looking-on"), files.at(0), files.at(1)));
    ui::VerifyPlace verify(*m_services);
    verify.resize(1000, 660);
    verify.show();
    ui::DrillsPlace drills(*m_services);
    drills.resize(1000, 660);
    drills.show();
    auto *note = test::part<QLabel>(verify, "sourceNote");
    auto *start = test::part<QPushButton>(verify, "start");
    QTRY_VERIFY2_WITH_TIMEOUT(note->text().contains(QStringLiteral("viewer (impersonated) may not create pods/exec in namespace sample")),
        qPrintable(note->text()), 20000);
    QVERIFY(!start->isEnabled());
    QVERIFY(start->toolTip().contains(QStringLiteral("may not")));
    QTRY_VERIFY2_WITH_TIMEOUT(
        allText(drills).contains(QStringLiteral("may not patch deployments.apps in namespace")), qPrintable(allText(drills)), 20000);
    picture(&verify, QStringLiteral("viewer-1-verify"));
    picture(&drills, QStringLiteral("viewer-2-drills"));
    // What is there may be looked at; what would change it is not offered, and says why.
    m_place->goTo(ui::SetupStep::Sample);
    test::retype(*m_place, "replicas-helloworld-v1", QStringLiteral("3"));
    m_place->goTo(ui::SetupStep::Plan);
    QTRY_VERIFY_WITH_TIMEOUT(test::part<QPushButton>(*m_place, "next")->isEnabled(), 30000);
    m_place->goTo(ui::SetupStep::Apply);
    auto *apply = test::part<QPushButton>(*m_place, "apply");
    QTRY_VERIFY2_WITH_TIMEOUT(apply->toolTip().contains(QStringLiteral("may not")), qPrintable(apply->toolTip()), 10000);
    QVERIFY(!apply->isEnabled());
    picture(m_place.get(), QStringLiteral("viewer-3-apply"));
    auto *undo = test::part<QPushButton>(*m_place, "undoAll");
    QTRY_VERIFY_WITH_TIMEOUT(undo->isEnabled(), 10000);
    undo->click();
    QTRY_VERIFY2_WITH_TIMEOUT(allText(*m_place).contains(QStringLiteral("does not allow: ")), qPrintable(allText(*m_place)), 20000);
    QVERIFY2(allText(*m_place).contains(QStringLiteral("delete deployments.apps in namespace sample")), qPrintable(allText(*m_place)));
    QVERIFY2(!m_place->findChild<QDialog *>(), "the plan to take everything away is not offered");
}

void PlainClustersTest::cleanupTestCase()
{
    m_place.reset();
    m_services.reset();
}

QTEST_MAIN(PlainClustersTest)
#include "tst_plainclusters.moc"
