// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/asmaccount.h"
#include "mesh/providers.h"
#include "ui/examplefleet.h"
#include "ui/operations/executions.h"
#include "ui/setup/environmentfile.h"
#include "ui/setup/setupdraft.h"

#include <QTest>

using namespace catamaran;
using documents::FleetDocument;
using mesh::Mode;

namespace {

const QStringList both { QStringLiteral("cluster-1"), QStringLiteral("cluster-2") };

/// The world before anything was made: two clusters in two VPCs, no mesh.
observe::ObservedFleet bareClusters()
{
    observe::ObservedFleet fleet;
    for (int number : { 1, 2 }) {
        observe::ObservedCluster cluster = test::cluster(number);
        cluster.vpcId = QStringLiteral("vpc-%1").arg(number);
        cluster.gatewayAddress.clear();
        fleet.clusters << cluster;
    }
    return fleet;
}

FleetDocument chosen()
{
    FleetDocument fleet;
    ui::chooseClusters(fleet, both, bareClusters());
    return fleet;
}

} // namespace

class SetupDraftTest : public QObject {
    Q_OBJECT
private slots:
    void bareClustersGiveTheGuidesFleet();
    void plainClustersHaveNoMeshAndTheWholeSample();
    void commandLinesAreReadAndWritten_data();
    void commandLinesAreReadAndWritten();
    void existingMeshesAreTakenUp();
    void leavingAClusterOutTakesItsMeshAlong();
    void choicesStayWhenAClusterIsAdded();
    void oneManagerPerCluster();
    void renamingAMesh();
    void networks_data();
    void networks();
    void networksCanBeJoinedAndParted();
    void sampleIsTheGuides();
    void draftSurvivesItsJson();
    void foreignJsonGivesDefaults();
    void newestVersionThatFits();
    void meshesHaveTheirMaker();
    void anUndoListsItsWholeChain();
    void previewShowsWhatIsPlanned();
    void environmentIsReadBack();
    void contextNamesBecomeLabels_data();
    void contextNamesBecomeLabels();
};

void SetupDraftTest::bareClustersGiveTheGuidesFleet()
{
    const FleetDocument fleet = chosen();
    QCOMPARE(fleet.meshes.size(), 2);
    QCOMPARE(fleet.managerOf(QStringLiteral("cluster-1")), QStringLiteral("mesh-1"));
    QCOMPARE(fleet.managerOf(QStringLiteral("cluster-2")), QStringLiteral("mesh-2"));
    QVERIFY(ui::modeOf(fleet, QStringLiteral("mesh-1"), QStringLiteral("cluster-2")) == Mode::DiscoveryOnly);
    QVERIFY(ui::modeOf(fleet, QStringLiteral("mesh-2"), QStringLiteral("cluster-1")) == Mode::DiscoveryOnly);
    QCOMPARE(fleet.cluster(QStringLiteral("cluster-1"))->network, QStringLiteral("network1"));
    QCOMPARE(fleet.cluster(QStringLiteral("cluster-2"))->network, QStringLiteral("network2"));
    QVERIFY(fleet.cluster(QStringLiteral("cluster-2"))->gateway);
    QVERIFY(fleet.sharedRoot.isEmpty());
    QVERIFY(documents::validateFleet(fleet).isEmpty());
}

void SetupDraftTest::existingMeshesAreTakenUp()
{
    observe::ObservedFleet seen = test::guideFleet();
    seen.meshes[0].status.name = QStringLiteral("east");
    FleetDocument fleet;
    ui::chooseClusters(fleet, both, seen);
    QCOMPARE(fleet.managerOf(QStringLiteral("cluster-1")), QStringLiteral("east"));
    QCOMPARE(fleet.managerOf(QStringLiteral("cluster-2")), QStringLiteral("mesh-2"));
    QCOMPARE(fleet.meshes.first().version, QStringLiteral("v1.22.6.71"));
}

void SetupDraftTest::leavingAClusterOutTakesItsMeshAlong()
{
    FleetDocument fleet = chosen();
    ui::chooseClusters(fleet, { QStringLiteral("cluster-1") }, bareClusters());
    QCOMPARE(fleet.clusters.size(), 1);
    QCOMPARE(fleet.meshes.size(), 1);
    QCOMPARE(fleet.memberships.size(), 1);
    for (const documents::FleetWorkload &workload : fleet.workloads)
        QCOMPARE(workload.cluster, QStringLiteral("cluster-1"));
    FleetDocument back = fleet;
    ui::chooseClusters(back, both, bareClusters()); // taken back, it has its part again
    QVERIFY(back.workloads.size() == 3 && ui::hasWorkload(back, QStringLiteral("cluster-2"), QStringLiteral("helloworld-v2")));
    QCOMPARE(back.managerOf(QStringLiteral("cluster-2")), QStringLiteral("mesh-2"));
    ui::chooseClusters(fleet, {}, bareClusters());
    QVERIFY(fleet.clusters.isEmpty() && fleet.meshes.isEmpty() && fleet.memberships.isEmpty() && fleet.workloads.isEmpty());
}

void SetupDraftTest::choicesStayWhenAClusterIsAdded()
{
    FleetDocument fleet;
    ui::chooseClusters(fleet, { QStringLiteral("cluster-1") }, bareClusters());
    QVERIFY(ui::renameMesh(fleet, QStringLiteral("mesh-1"), QStringLiteral("west")));
    fleet.meshes[0].version = QStringLiteral("v1.99.0.1");
    ui::chooseClusters(fleet, both, bareClusters());
    QCOMPARE(fleet.meshes.size(), 2);
    QCOMPARE(fleet.meshes.at(0).version, QStringLiteral("v1.99.0.1"));
    QCOMPARE(fleet.managerOf(QStringLiteral("cluster-1")), QStringLiteral("west"));
    QVERIFY(ui::modeOf(fleet, QStringLiteral("west"), QStringLiteral("cluster-2")) == Mode::DiscoveryOnly);
}

void SetupDraftTest::oneManagerPerCluster()
{
    FleetDocument fleet = chosen();
    ui::setMode(fleet, QStringLiteral("mesh-1"), QStringLiteral("cluster-2"), Mode::Managed);
    QCOMPARE(fleet.managerOf(QStringLiteral("cluster-2")), QStringLiteral("mesh-1"));
    QVERIFY(ui::modeOf(fleet, QStringLiteral("mesh-2"), QStringLiteral("cluster-2")) == Mode::DiscoveryOnly);
    ui::setMode(fleet, QStringLiteral("mesh-1"), QStringLiteral("cluster-2"), std::nullopt);
    QVERIFY(fleet.managerOf(QStringLiteral("cluster-2")).isEmpty());
    QVERIFY(!documents::validateFleet(fleet).isEmpty());
}

void SetupDraftTest::renamingAMesh()
{
    FleetDocument fleet = chosen();
    QVERIFY(!ui::renameMesh(fleet, QStringLiteral("mesh-1"), QStringLiteral("mesh-2")));
    QVERIFY(!ui::renameMesh(fleet, QStringLiteral("mesh-1"), {}));
    QVERIFY(ui::renameMesh(fleet, QStringLiteral("mesh-1"), QStringLiteral("east")));
    QCOMPARE(fleet.managerOf(QStringLiteral("cluster-1")), QStringLiteral("east"));
    ui::removeMesh(fleet, QStringLiteral("east"));
    QVERIFY(fleet.managerOf(QStringLiteral("cluster-1")).isEmpty());
    ui::addMesh(fleet);
    QCOMPARE(fleet.meshes.last().name, QStringLiteral("mesh-1"));
    QVERIFY(ui::modeOf(fleet, QStringLiteral("mesh-1"), QStringLiteral("cluster-1")) == Mode::DiscoveryOnly);
}

void SetupDraftTest::networks_data()
{
    QTest::addColumn<QString>("vpc");
    QTest::addColumn<QString>("region");
    QTest::addColumn<QString>("pods");
    QTest::addColumn<bool>("apart");
    QTest::newRow("two VPCs") << QStringLiteral("vpc-2") << QStringLiteral("cn-hangzhou") << QStringLiteral("10.2.0.0/16") << true;
    QTest::newRow("one VPC") << QStringLiteral("vpc-1") << QStringLiteral("cn-hangzhou") << QStringLiteral("10.2.0.0/16") << false;
    QTest::newRow("one VPC, the same pod addresses")
        << QStringLiteral("vpc-1") << QStringLiteral("cn-hangzhou") << QStringLiteral("10.1.0.0/16") << true;
    QTest::newRow("VPC unknown, two regions") << QString() << QStringLiteral("cn-shanghai") << QStringLiteral("10.2.0.0/16") << true;
}

void SetupDraftTest::networks()
{
    QFETCH(QString, vpc);
    QFETCH(QString, region);
    QFETCH(QString, pods);
    QFETCH(bool, apart);
    observe::ObservedFleet fleet = bareClusters();
    fleet.clusters[0].vpcId = QStringLiteral("vpc-1");
    fleet.clusters[0].podCidr = QStringLiteral("10.1.0.0/16");
    fleet.clusters[1].vpcId = vpc;
    fleet.clusters[1].region = region;
    fleet.clusters[1].podCidr = pods;
    const ui::NetworkView view = ui::judgeNetworks(both, fleet);
    QCOMPARE(view.apart, apart);
    QVERIFY(!view.reason.isEmpty());
    QVERIFY(!ui::judgeNetworks({ QStringLiteral("cluster-1") }, fleet).apart);
}

void SetupDraftTest::networksCanBeJoinedAndParted()
{
    FleetDocument fleet = chosen();
    ui::setNetworksSeparate(fleet, false);
    QVERIFY(!ui::networksSeparate(fleet));
    QVERIFY(!fleet.clusters.at(0).gateway);
    ui::setNetworksSeparate(fleet, true);
    QCOMPARE(fleet.clusters.at(1).network, QStringLiteral("network2"));
    QVERIFY(fleet.clusters.at(1).gateway);
}

void SetupDraftTest::sampleIsTheGuides()
{
    FleetDocument fleet = chosen();
    QCOMPARE(fleet.workloads.size(), 3);
    QVERIFY(ui::hasWorkload(fleet, QStringLiteral("cluster-1"), QStringLiteral("sleep")));
    QVERIFY(ui::hasWorkload(fleet, QStringLiteral("cluster-1"), QStringLiteral("helloworld-v1")));
    QVERIFY(ui::hasWorkload(fleet, QStringLiteral("cluster-2"), QStringLiteral("helloworld-v2")));
    QCOMPARE(fleet.injectedNamespaces, QStringList { QStringLiteral("default") });
    ui::setSample(fleet, false);
    QVERIFY(fleet.workloads.isEmpty() && fleet.injectedNamespaces.isEmpty());
    ui::setWorkload(fleet, QStringLiteral("cluster-2"), QStringLiteral("sleep"), true);
    QVERIFY(ui::hasWorkload(fleet, QStringLiteral("cluster-2"), QStringLiteral("sleep")));
    QCOMPARE(fleet.injectedNamespaces, QStringList { QStringLiteral("default") });
}

void SetupDraftTest::draftSurvivesItsJson()
{
    ui::SetupDraft draft;
    draft.origin = ui::SetupDraft::Origin::File;
    draft.environmentFile = QStringLiteral("/a/env.yaml");
    draft.environmentName = QStringLiteral("range");
    draft.fleet = chosen();
    draft.fleet.root = documents::RootKind::Separate;
    draft.fleet.sharedRoot = QStringLiteral("my-root");
    draft.step = ui::SetupStep::Plan;
    draft.applying = true;
    const ui::SetupDraft back = ui::SetupDraft::fromJson(draft.toJson());
    QCOMPARE(back.toJson(), draft.toJson());
    QVERIFY(back.step == ui::SetupStep::Plan);
    QVERIFY(back.applying);
    QCOMPARE(back.fleet.managerOf(QStringLiteral("cluster-2")), QStringLiteral("mesh-2"));
}

void SetupDraftTest::foreignJsonGivesDefaults()
{
    const ui::SetupDraft draft = ui::SetupDraft::fromJson(
        { { QStringLiteral("step"), 400 }, { QStringLiteral("fleet"), QStringLiteral("no object") }, { QStringLiteral("origin"), 7 } });
    QVERIFY(draft.step == ui::SetupStep::Answers);
    QVERIFY(draft.fleet.clusters.isEmpty());
    QVERIFY(draft.origin == ui::SetupDraft::Origin::None);
}

void SetupDraftTest::newestVersionThatFits()
{
    QCOMPARE(ui::defaultMeshVersion({}, {}), mesh::providerKind({})->newestVersion({}));
    QCOMPARE(ui::defaultMeshVersion({}, { QStringLiteral("v1.20.8.1-gabc-aliyun") }), mesh::providerKind({})->newestVersion({}));
    QCOMPARE(ui::defaultMeshVersion({},
                 { QStringLiteral("v1.22.6.71-g7d67a80b-aliyun"), QStringLiteral("v1.24.6.10-g1-aliyun"),
                     QStringLiteral("v1.20.8.1-gabc-aliyun"), QStringLiteral("nonsense") }),
        QStringLiteral("v1.24.6.10-g1-aliyun"));
    QCOMPARE(ui::defaultMeshVersion(QStringLiteral("istio"), {}), QString()); // what the user's own tool installs
}

void SetupDraftTest::meshesHaveTheirMaker()
{
    observe::ObservedFleet seen = bareClusters();
    observe::ObservedMesh found;
    found.status.name = QStringLiteral("istio-cluster-1");
    found.status.provider = QStringLiteral("istio");
    found.status.version = QStringLiteral("latest"); // an image's tag is no version
    found.status.members.append({ QStringLiteral("c-1"), QStringLiteral("cluster-1"), Mode::Managed, {}, {}, false });
    seen.meshes << found;
    FleetDocument fleet;
    ui::chooseClusters(fleet, both, seen, QStringLiteral("asm"));
    QCOMPARE(fleet.meshes.size(), 2);
    QCOMPARE(fleet.meshes.at(0).name, QStringLiteral("istio-cluster-1"));
    QCOMPARE(fleet.meshes.at(0).provider, QStringLiteral("istio")); // it is made already, whoever makes the next
    QVERIFY(fleet.meshes.at(0).version.isEmpty());
    QVERIFY(fleet.meshes.at(1).provider.isEmpty()); // the default
    ui::addMesh(fleet, QStringLiteral("istio"));
    QCOMPARE(fleet.meshes.last().provider, QStringLiteral("istio"));
    ui::SetupDraft draft;
    draft.maker = QStringLiteral("istio");
    draft.fleet = fleet;
    const ui::SetupDraft back = ui::SetupDraft::fromJson(draft.toJson());
    QCOMPARE(back.maker, draft.maker);
    QCOMPARE(back.fleet.meshes.first().provider, QStringLiteral("istio"));
}

/// Two executions of one plan have the same ids, and both are taken back: each step is in the list, and whose it is.
void SetupDraftTest::anUndoListsItsWholeChain()
{
    const auto entry = [](qint64 id, const QStringList &steps) {
        ui::ExecutionEntry made;
        made.execution.id = id;
        for (const QString &step : steps) {
            ui::StepEntry one;
            one.step.step.id = step;
            one.step.words.title = step;
            one.record.acted = true;
            one.record.state = ops::EventState::Done;
            one.record.intent = made.steps.size() + 1;
            made.steps << one;
        }
        return made;
    };
    const QList<ui::ExecutionEntry> chain { entry(7, { QStringLiteral("b") }), entry(3, { QStringLiteral("a"), QStringLiteral("b") }) };
    const auto steps = ui::stepsToUndo(chain, 7);
    QStringList ids;
    for (const ops::DescribedStep &step : steps)
        ids << step.step.id;
    QCOMPARE(ids, (QStringList { QStringLiteral("b"), QStringLiteral("3/b"), QStringLiteral("3/a") }));
    QVERIFY(steps.at(1).step.dependsOn.contains(QStringLiteral("b"))); // the newer one is taken back first
    QVERIFY(!steps.at(0).words.title.contains(QStringLiteral("execution")));
    QVERIFY(steps.at(1).words.title.contains(QStringLiteral("execution 3")));
    QVERIFY(ui::chainStep(QStringLiteral("3/b"), 7) == std::pair(qint64(3), QStringLiteral("b")));
    QVERIFY(ui::chainStep(QStringLiteral("b"), 7) == std::pair(qint64(7), QStringLiteral("b")));
}

void SetupDraftTest::previewShowsWhatIsPlanned()
{
    const FleetDocument fleet = chosen();
    const observe::ObservedFleet preview = ui::previewFleet(fleet, bareClusters());
    QCOMPARE(preview.meshes.size(), 2);
    QCOMPARE(preview.meshes.first().status.members.size(), 2);
    QVERIFY(preview.meshes.first().status.state == mesh::MeshState::Unknown);
    QCOMPARE(preview.clusters.first().workloads.size(), 2);
    QCOMPARE(preview.clusters.first().workloads.first().ready, 0);
    // What is there already is shown as it is, once.
    QCOMPARE(ui::previewFleet(fleet, test::guideFleet()).cluster(QStringLiteral("cluster-1"))->workloads.size(), 2);
}

void SetupDraftTest::environmentIsReadBack()
{
    documents::Environment environment;
    environment.name = QStringLiteral("my-clusters");
    environment.production = true;
    mesh::AccountSettings cloud;
    cloud.accessKeyId = QStringLiteral("LTAI\"5t: #x");
    cloud.secret = { documents::SecretSource::Kind::Keyring, QStringLiteral("my-clusters-access-key") };
    cloud.regions = { QStringLiteral("cn-hangzhou"), QStringLiteral("cn-shanghai") };
    environment.accounts = { mesh::makeAsmAccount(cloud) };
    environment.clusters = { { QStringLiteral("a"), QStringLiteral("c1"), QStringLiteral("cn-hangzhou"),
                                 { QStringLiteral("/k/one: two.yaml"), QStringLiteral("/k/back\\slash") }, QStringLiteral("admin@a") },
        { QStringLiteral("b"), {}, {}, { QStringLiteral("/k/b") }, {} } };
    const auto back = documents::parseEnvironment(ui::environmentYaml(environment), QStringLiteral("/k/env.yaml"));
    QVERIFY2(back.has_value(), back ? "" : qPrintable(back.error().text()));
    QCOMPARE(back->name, environment.name);
    QVERIFY(back->production);
    QCOMPARE(mesh::settingsOf(*back->account()).accessKeyId, cloud.accessKeyId);
    QVERIFY(mesh::settingsOf(*back->account()).secret.kind == documents::SecretSource::Kind::Keyring);
    QCOMPARE(mesh::settingsOf(*back->account()).regions, cloud.regions);
    QCOMPARE(back->clusters.size(), 2);
    QCOMPARE(back->clusters.at(0).kubeconfigs, environment.clusters.at(0).kubeconfigs);
    QCOMPARE(back->clusters.at(0).context, QStringLiteral("admin@a"));
    QCOMPARE(back->clusters.at(1).cloudId, QString());
}

void SetupDraftTest::contextNamesBecomeLabels_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("label");
    QTest::newRow("label") << QStringLiteral("cluster-1") << QStringLiteral("cluster-1");
    QTest::newRow("user at cluster") << QStringLiteral("kubernetes-admin@C1") << QStringLiteral("kubernetes-admin-c1");
    QTest::newRow("ARN") << QStringLiteral("arn:aws:eks:eu/x_1/") << QStringLiteral("arn-aws-eks-eu-x-1");
    QTest::newRow("nothing left") << QStringLiteral("集群") << QStringLiteral("cluster");
    QTest::newRow("long") << QString(80, u'a') << QString(63, u'a');
}

void SetupDraftTest::contextNamesBecomeLabels()
{
    QFETCH(QString, text);
    QFETCH(QString, label);
    QCOMPARE(ui::asLabel(text), label);
}

void SetupDraftTest::plainClustersHaveNoMeshAndTheWholeSample()
{
    ui::SetupDraft draft;
    draft.plain = true;
    ui::chooseClusters(draft.fleet, { QStringLiteral("a"), QStringLiteral("b") }, {});
    ui::makePlain(draft.fleet);
    const QList<core::Error> problems = documents::validateFleet(draft.fleet);
    QVERIFY2(problems.isEmpty(), problems.isEmpty() ? "" : qPrintable(problems.first().text()));
    QVERIFY(draft.fleet.meshes.isEmpty() && draft.fleet.memberships.isEmpty() && draft.fleet.injectedNamespaces.isEmpty());
    QCOMPARE(draft.fleet.workloads.size(), 6);
    QCOMPARE(ui::sampleNamespaceOf(draft.fleet), QStringLiteral("sample"));
    documents::WorkloadOverrides overrides;
    overrides.image = QStringLiteral("registry.example.com/tools:1");
    overrides.replicas = 2;
    overrides.command = { QStringLiteral("sh"), QStringLiteral("-c"), QStringLiteral("sleep 5") };
    ui::setOverrides(draft.fleet, QStringLiteral("helloworld-v1"), overrides);
    ui::setSampleNamespace(draft.fleet, QStringLiteral("team"));
    QVERIFY(documents::validateFleet(draft.fleet).isEmpty());
    // Kept and read back, and kept too when a cluster is left out and taken back.
    ui::SetupDraft again = ui::SetupDraft::fromJson(draft.toJson());
    QVERIFY(again.plain);
    QCOMPARE(again.toJson(), draft.toJson());
    ui::chooseClusters(again.fleet, { QStringLiteral("a") }, {});
    ui::makePlain(again.fleet);
    ui::chooseClusters(again.fleet, { QStringLiteral("a"), QStringLiteral("b") }, {});
    ui::makePlain(again.fleet);
    QCOMPARE(again.fleet.workloads.size(), 6);
    for (const documents::FleetWorkload &workload : std::as_const(again.fleet.workloads)) {
        QCOMPARE(workload.ns, QStringLiteral("team"));
        QVERIFY(workload.overrides == (workload.manifest == QLatin1String("helloworld-v1") ? overrides : documents::WorkloadOverrides {}));
    }
    QVERIFY(documents::validateFleet(again.fleet).isEmpty());
}

void SetupDraftTest::commandLinesAreReadAndWritten_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("words");
    QTest::newRow("nothing") << QString() << QStringList();
    QTest::newRow("words") << QStringLiteral("sleep infinity") << QStringList { QStringLiteral("sleep"), QStringLiteral("infinity") };
    QTest::newRow("quoted") << QStringLiteral("sh -c 'echo \"hi\"'")
                            << QStringList { QStringLiteral("sh"), QStringLiteral("-c"), QStringLiteral("echo \"hi\"") };
    QTest::newRow("empty word") << QStringLiteral("x ''") << QStringList { QStringLiteral("x"), QString() };
}

void SetupDraftTest::commandLinesAreReadAndWritten()
{
    QFETCH(QString, text);
    QFETCH(QStringList, words);
    QCOMPARE(ui::commandWords(text), words);
    QCOMPARE(ui::commandWords(ui::commandText(words)), words);
}

QTEST_GUILESS_MAIN(SetupDraftTest)
#include "tst_setupdraft.moc"
