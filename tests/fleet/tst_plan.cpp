// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/childenvironment.h"
#include "fleet/adopt.h"
#include "fleet/plans.h"
#include "fleet/probeplan.h"
#include "fleet/render.h"
#include "fleet/sessionworld.h"
#include "fleet/world.h"
#include "mesh/asm/asmkind.h"
#include "mesh/operations.h"
#include "mesh/providers.h"
#include "observe/gateways.h"
#include "observe/readings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace catamaran;
using namespace catamaran::documents;
using namespace catamaran::fleet;
using namespace catamaran::observe;
using namespace catamaran::session;
using namespace catamaran::tests;

namespace {

QStringList ids(const ops::Plan &plan)
{
    QStringList list;
    for (const ops::Step &step : plan.steps)
        list << step.id;
    return list;
}

const ops::Step *stepOf(const ops::Plan &plan, const char *id)
{
    for (const ops::Step &step : plan.steps)
        if (step.id == QLatin1String(id))
            return &step;
    return nullptr;
}

QJsonObject argumentsOf(const ops::Plan &plan, const char *id)
{
    const ops::Step *step = stepOf(plan, id);
    return step ? step->operation.arguments : QJsonObject();
}

ops::Description wordsOf(const ops::Plan &plan, const char *id, const ops::Names &names = {})
{
    const ops::Step *step = stepOf(plan, id);
    return step ? ops::describeSteps({ { *step } }, operationKinds(), names).first().words : ops::Description();
}

const QStringList wholePlan {
    QStringLiteral("trust-root"),
    QStringLiteral("create-mesh-1"),
    QStringLiteral("create-mesh-2"),
    QStringLiteral("wait-mesh-1"),
    QStringLiteral("wait-mesh-2"),
    QStringLiteral("manage-mesh-1-cluster-1"),
    QStringLiteral("manage-mesh-2-cluster-2"),
    QStringLiteral("compare-roots"),
    QStringLiteral("discover-mesh-1-cluster-2"),
    QStringLiteral("discover-mesh-2-cluster-1"),
    QStringLiteral("networks-mesh-1"),
    QStringLiteral("networks-mesh-2"),
    QStringLiteral("inject-mesh-1-default"),
    QStringLiteral("inject-mesh-2-default"),
    QStringLiteral("deploy-sleep-cluster-1-serviceaccount"),
    QStringLiteral("deploy-sleep-cluster-1-service"),
    QStringLiteral("deploy-sleep-cluster-1"),
    QStringLiteral("deploy-helloworld-v1-cluster-1-service"),
    QStringLiteral("deploy-helloworld-v1-cluster-1-serviceaccount"),
    QStringLiteral("deploy-helloworld-v1-cluster-1"),
    QStringLiteral("deploy-helloworld-v2-cluster-2-service"),
    QStringLiteral("deploy-helloworld-v2-cluster-2-serviceaccount"),
    QStringLiteral("deploy-helloworld-v2-cluster-2"),
};

/// Every step that @p id waits for, sorted.
QStringList before(const ops::Plan &plan, const QString &id)
{
    QSet<QString> found;
    QStringList open { id };
    while (!open.isEmpty()) {
        const ops::Step *step = stepOf(plan, qPrintable(open.takeLast()));
        for (const QString &other : step ? step->dependsOn : QStringList()) {
            if (!found.contains(other))
                open << other;
            found.insert(other);
        }
    }
    return QStringList(found.begin(), found.end());
}

/// The same of the other mesh and the other cluster.
QString mirrored(QString id)
{
    for (QChar &letter : id)
        letter = letter == u'1' ? u'2' : letter == u'2' ? u'1' : letter;
    return id;
}

using Change = void (*)(ObservedFleet &);

core::Error refused()
{
    return core::Error::make(core::ErrorKind::Forbidden, QStringLiteral("list"), {}, QStringLiteral("Forbidden.RAM"));
}

/// The example, on control planes that stand in the clusters.
FleetDocument istioFleet()
{
    FleetDocument fleet = exampleFleet();
    for (FleetMesh &mesh : fleet.meshes) {
        mesh.provider = QStringLiteral("istio");
        mesh.version.clear();
    }
    return fleet;
}

/// What a control plane is installed from, in order.
QList<QJsonObject> installation(const QString &clusterId = QStringLiteral("cluster-2"))
{
    QList<QJsonObject> all;
    const QJsonArray given = QJsonDocument::fromJson(R"([
{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"gateways.networking.istio.io"},"spec":{"group":"networking.istio.io"}},
{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"istiod","namespace":"istio-system"}},
{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"istiod","namespace":"istio-system","labels":{"app":"istiod"}},
 "spec":{"template":{"spec":{"containers":[{"name":"discovery","env":[{"name":"CLUSTER_ID","value":"ID"}]}]}}}}])")
                                 .array();
    for (const QJsonValue &one : given)
        all.append(
            QJsonDocument::fromJson(QJsonDocument(one.toObject()).toJson().replace("\"ID\"", '"' + clusterId.toUtf8() + '"')).object());
    return all;
}

ObservedFleet istioWorld()
{
    ObservedFleet world = finishedWorld();
    for (qsizetype i = 0; i < world.meshes.size(); ++i) {
        mesh::MeshStatus &status = world.meshes[i].status;
        ObservedCluster &home = world.clusters[i];
        status.provider = QStringLiteral("istio");
        status.owner.clear();
        status.home = status.clusterId = home.name;
        status.id = home.name + QStringLiteral("/istio-system");
        status.exposed.value = status.reader.value = true;
        // Managed first, as they are read.
        std::stable_sort(status.members.begin(), status.members.end(),
            [](const mesh::MemberCluster &a, const mesh::MemberCluster &b) { return a.mode < b.mode; });
        if (!home.condition(QStringLiteral("Gateway")))
            home.conditions.append({ QStringLiteral("Gateway"), Health::Ok, {}, {}, {}, {} });
    }
    return world;
}

} // namespace

Q_DECLARE_METATYPE(Change)

class TestPlan : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void anEmptyWorldGetsEverythingInTheGuidesOrder()
    {
        const auto plan = applyPlan(exampleFleet(), emptyWorld());
        QVERIFY2(plan, qPrintable(plan ? QString() : plan.error().text()));
        QCOMPARE(ids(*plan), wholePlan);
    }

    void separateRootsNeedNoRootAndNoComparison()
    {
        const auto plan = applyPlan(exampleFleet(QStringLiteral("two-roots")), emptyWorld());
        QVERIFY(plan.has_value());
        QStringList expected = wholePlan;
        expected.removeAll(QStringLiteral("trust-root"));
        expected.removeAll(QStringLiteral("compare-roots"));
        QCOMPARE(ids(*plan), expected);
        mesh::MeshWish wish { QStringLiteral("mesh-1"), exampleFleet(QStringLiteral("two-roots")).meshes.first().version,
            QStringLiteral("cluster-1"), QStringLiteral("cn-hangzhou"), QStringLiteral("vpc-1"), { QStringLiteral("vsw-1") } };
        QVERIFY(stepOf(*plan, "create-mesh-1")->operation == mesh::asmOperations().createMesh(wish)); // no root
    }

    void whatIsThereNeedsNothing()
    {
        const auto plan = applyPlan(exampleFleet(), finishedWorld());
        QVERIFY2(plan, qPrintable(plan ? QString() : plan.error().text()));
        QCOMPARE(ids(*plan), QStringList());
        QCOMPARE(
            QJsonDocument(ops::describePlan(*plan, operationKinds(), {})).toJson(QJsonDocument::Compact), QByteArray("{\"steps\":[]}"));
    }

    void onlyTheMissingSteps_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QStringList>("expected");
        const auto row = [](const char *name, Change change, const QStringList &expected) { QTest::newRow(name) << change << expected; };
        row("second mesh missing",
            [](ObservedFleet &world) {
                world.meshes.removeLast();
                world.clusters[1].injectedNamespaces.clear();
            },
            { QStringLiteral("trust-root"), QStringLiteral("create-mesh-2"), QStringLiteral("wait-mesh-2"),
                QStringLiteral("manage-mesh-2-cluster-2"), QStringLiteral("compare-roots"), QStringLiteral("discover-mesh-2-cluster-1"),
                QStringLiteral("networks-mesh-2"), QStringLiteral("inject-mesh-2-default") });
        row("mesh is still updating",
            [](ObservedFleet &world) {
                world.meshes[0].status.state = mesh::MeshState::Updating;
                world.meshes[0].status.stateWord = QStringLiteral("updating");
            },
            { QStringLiteral("wait-mesh-1") });
        row("discovery missing", [](ObservedFleet &world) { world.meshes[0].status.members.removeLast(); },
            { QStringLiteral("discover-mesh-1-cluster-2"), QStringLiteral("networks-mesh-1") });
        row("manager missing",
            [](ObservedFleet &world) {
                world.meshes[1].status.members.removeLast();
                world.clusters[1].injectedNamespaces.clear();
            },
            { QStringLiteral("manage-mesh-2-cluster-2"), QStringLiteral("networks-mesh-2"), QStringLiteral("inject-mesh-2-default") });
        row("mode the provider does not tell",
            [](ObservedFleet &world) {
                for (auto &mesh : world.meshes)
                    for (auto &member : mesh.status.members)
                        member.mode = mesh::Mode::Unknown;
            },
            {});
        row("managed where discovery was asked", [](ObservedFleet &world) { world.meshes[1].status.members[0].mode = mesh::Mode::Managed; },
            { QStringLiteral("remove-mesh-2-cluster-1"), QStringLiteral("discover-mesh-2-cluster-1") });
        row("networks never set",
            [](ObservedFleet &world) {
                for (auto &member : world.meshes[0].status.members) {
                    member.network.clear();
                    member.gateway = false;
                }
            },
            { QStringLiteral("networks-mesh-1") });
        row("gateway off", [](ObservedFleet &world) { world.meshes[1].status.members[1].gateway = false; },
            { QStringLiteral("networks-mesh-2") });
        row("wrong network", [](ObservedFleet &world) { world.meshes[0].status.members[1].network = QStringLiteral("network1"); },
            { QStringLiteral("networks-mesh-1") });
        row("no injection in one cluster", [](ObservedFleet &world) { world.clusters[0].injectedNamespaces.clear(); },
            { QStringLiteral("inject-mesh-1-default") });
        row("one deployment missing", [](ObservedFleet &world) { world.clusters[0].workloads.removeFirst(); },
            { QStringLiteral("deploy-helloworld-v1-cluster-1-serviceaccount"), QStringLiteral("deploy-helloworld-v1-cluster-1") });
        row("one service missing", [](ObservedFleet &world) { world.clusters[1].services.removeFirst(); },
            { QStringLiteral("deploy-helloworld-v2-cluster-2-service") });
        row("client scaled to nothing",
            [](ObservedFleet &world) { world.clusters[0].workloads[1] = workload(QStringLiteral("sleep"), {}, 0); },
            { QStringLiteral("scale-sleep-cluster-1") });
        row("client scaled up by hand",
            [](ObservedFleet &world) { world.clusters[0].workloads[1] = workload(QStringLiteral("sleep"), {}, 3); }, {});
        row("foreign mesh beside", [](ObservedFleet &world) { world.meshes.append(runningMesh(9, QStringLiteral("other root"))); }, {});
    }
    void onlyTheMissingSteps()
    {
        QFETCH(Change, change);
        QFETCH(QStringList, expected);
        ObservedFleet world = finishedWorld();
        change(world);
        const auto plan = applyPlan(exampleFleet(), world);
        QVERIFY2(plan, qPrintable(plan ? QString() : plan.error().text()));
        QCOMPARE(ids(*plan), expected);
    }

    void whatCannotBePlanned_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, Change change, core::ErrorKind kind, const char *says) {
            QTest::newRow(name) << change << int(kind) << QString::fromUtf8(says);
        };
        row(
            "unknown cluster", [](ObservedFleet &world) { world.clusters.removeLast(); }, core::ErrorKind::InvalidInput, "cluster-2");
        row(
            "API server down",
            [](ObservedFleet &world) {
                world.clusters[0].reachable = false;
                world.clusters[0].conditions[0].evidence = QStringLiteral("connection refused");
            },
            core::ErrorKind::Network, "connection refused");
        row(
            "mesh failed",
            [](ObservedFleet &world) {
                world.meshes[0].status.state = mesh::MeshState::Failed;
                world.meshes[0].status.errorMessage = QStringLiteral("no quota");
            },
            core::ErrorKind::Precondition, "no quota");
        row(
            "mesh being deleted", [](ObservedFleet &world) { world.meshes[1].status.state = mesh::MeshState::Deleting; },
            core::ErrorKind::Precondition, "mesh-2");
        row(
            "roots differ", [](ObservedFleet &world) { world.meshes[1] = runningMesh(2, QStringLiteral("bb")); },
            core::ErrorKind::Precondition, "roots differ");
        row(
            "version not offered",
            [](ObservedFleet &world) {
                world.meshes.clear();
                world.meshVersions = QStringList { QStringLiteral("v1.30.0.1-g0-aliyun") };
            },
            core::ErrorKind::InvalidInput, "does not offer");
        row(
            "cluster unknown to the cloud", [](ObservedFleet &world) { world.clusters[0].cloudId.clear(); }, core::ErrorKind::InvalidInput,
            "cloudId");
    }
    void whatCannotBePlanned()
    {
        QFETCH(Change, change);
        QFETCH(int, kind);
        QFETCH(QString, says);
        ObservedFleet world = finishedWorld();
        change(world);
        const auto plan = applyPlan(exampleFleet(), world);
        QVERIFY(!plan);
        QCOMPARE(int(plan.error().kind), kind);
        QVERIFY2(plan.error().text().contains(says), qPrintable(plan.error().text()));
        QVERIFY(!plan.error().remedy.isEmpty());
    }

    void aMeshOfAProviderThatIsNotHereIsRefused()
    {
        FleetDocument fleet = exampleFleet();
        fleet.meshes[1].provider = QStringLiteral("asm"); // named or not: the same
        QVERIFY(applyPlan(fleet, finishedWorld())->steps.isEmpty());
        fleet.meshes[1].provider = QStringLiteral("linkerd");
        fleet.meshes[1].version.clear();
        for (const auto &plan : { applyPlan(fleet, finishedWorld()), destroyPlan(fleet, finishedWorld(), {}) }) {
            QVERIFY(!plan);
            QVERIFY(plan.error().kind == core::ErrorKind::Unsupported);
            QCOMPARE(plan.error().target, QStringLiteral("mesh-2"));
            QVERIFY2(plan.error().answer.contains(QStringLiteral("linkerd")), qPrintable(plan.error().text()));
        }
    }

    void aMeshOfAnotherProviderThanTheDocumentSaysIsNotChanged()
    {
        FleetDocument fleet = exampleFleet();
        fleet.meshes[1].provider = QStringLiteral("istio");
        fleet.meshes[1].version.clear();
        QVERIFY(validateFleet(fleet).isEmpty());
        const auto plan = applyPlan(fleet, finishedWorld());
        QVERIFY(!plan);
        QVERIFY(plan.error().kind == core::ErrorKind::Precondition);
        QCOMPARE(plan.error().target, QStringLiteral("mesh-2"));
    }

    void istioIsPlannedClusterByCluster_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QStringList>("steps");
        QTest::addColumn<bool>("isByHand");
        const auto row = [](const char *name, Change change, const QStringList &steps, bool isByHand = false) {
            QTest::newRow(name) << change << steps << isByHand;
        };
        row("nothing is missing", [](ObservedFleet &) {}, {});
        row("a remote secret is gone", [](ObservedFleet &world) { world.meshes[0].status.members.removeLast(); },
            { QStringLiteral("reader-token-cluster-2"), QStringLiteral("discover-mesh-1-cluster-2") });
        row("and the account that it is for",
            [](ObservedFleet &world) {
                world.meshes[0].status.members.removeLast();
                world.meshes[1].status.reader.value = false;
            },
            { QStringLiteral("reader-serviceaccount-cluster-2"), QStringLiteral("reader-clusterrole-cluster-2"),
                QStringLiteral("reader-clusterrolebinding-cluster-2"), QStringLiteral("reader-token-cluster-2"),
                QStringLiteral("discover-mesh-1-cluster-2") });
        row("a token is refused", [](ObservedFleet &world) { world.meshes[0].status.members.last().renew = QStringLiteral("refused"); },
            { QStringLiteral("reader-token-cluster-2"), QStringLiteral("renew-mesh-1-cluster-2") });
        row("a network label is gone", [](ObservedFleet &world) { world.meshes[0].status.members.first().network.clear(); },
            { QStringLiteral("network-cluster-1") });
        row("another cluster's label is of no concern to who reads it",
            [](ObservedFleet &world) { world.meshes[0].status.members.last().network.clear(); }, {});
        row("nothing lets traffic through", [](ObservedFleet &world) { world.meshes[1].status.exposed.value = false; },
            { QStringLiteral("expose-cluster-2") });
        row("injection is off in one", [](ObservedFleet &world) { world.clusters[0].injectedNamespaces.clear(); },
            { QStringLiteral("inject-cluster-1-default") });
        row(
            "there is no gateway",
            [](ObservedFleet &world) {
                world.clusters[1].conditions.removeIf([](const Condition &one) { return one.type == u"Gateway"; });
            },
            { QStringLiteral("gateway-cluster-2") }, true);
    }

    void istioIsPlannedClusterByCluster()
    {
        QFETCH(Change, change);
        QFETCH(QStringList, steps);
        QFETCH(bool, isByHand);
        FleetDocument fleet = istioFleet();
        ObservedFleet world = istioWorld();
        change(world);
        const auto plan = applyPlan(fleet, world);
        QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
        QCOMPARE(ids(*plan), steps);
        QVERIFY(ops::checkPlan(*plan, operationKinds()));
        for (const ops::DescribedStep &step : ops::describeSteps(*plan, operationKinds(), {})) {
            QCOMPARE(mesh::isByHand(step.step.operation), isByHand);
            QVERIFY(!step.words.title.isEmpty());
            QVERIFY2(!step.words.command.isEmpty(), qPrintable(step.step.id));
            QVERIFY2(isByHand || !step.words.undo.isEmpty() || !step.words.keeps.isEmpty(), qPrintable(step.step.id));
        }
        if (!plan->isEmpty()) // each waits for the one before it
            QCOMPARE(before(*plan, ids(*plan).last()).size(), ids(*plan).size() - 1);
    }

    /// Who may be asked for, at which address, and for how long is the document's and the environment's to say.
    void aRemoteSecretIsAskedForAsTheDocumentSays()
    {
        FleetDocument fleet = istioFleet();
        ObservedFleet world = istioWorld();
        world.meshes[0].status.members.removeLast();
        world.meshes[1].status.clusterId = QStringLiteral("Kubernetes");
        world.clusters[1].meshServer = QStringLiteral("https://10.202.0.1:6443");
        fleet.remoteSecrets = { false, 48 };
        const auto plan = applyPlan(fleet, world);
        QVERIFY(plan);
        QCOMPARE(ids(*plan), QStringList { QStringLiteral("discover-mesh-1-cluster-2") });
        const ops::Description words = wordsOf(*plan, "discover-mesh-1-cluster-2");
        QVERIFY2(words.command.contains(QStringLiteral("istioctl create-remote-secret --name Kubernetes --server https://10.202.0.1:6443")),
            qPrintable(words.command));
        QCOMPARE(words.subject, QStringLiteral("cluster-1/istio-system/secrets/istio-remote-secret-kubernetes"));
        QVERIFY2(words.calls.first().body.contains(QStringLiteral("172800")), qPrintable(words.calls.first().body));
        const auto object = objectOf(plan->steps.first().operation);
        QVERIFY(object);
        QCOMPARE(object->text(), QStringLiteral("Secret/istio-system/istio-remote-secret-kubernetes"));
    }

    void whetherTrafficIsLetThroughHasToBeKnown()
    {
        ObservedFleet world = istioWorld();
        world.meshes[0].status.exposed = {};
        world.meshes[0].status.exposed.error = refused();
        QVERIFY(!applyPlan(istioFleet(), world));
        FleetDocument flat = istioFleet(); // nobody asks for a gateway: it need not be known
        for (FleetCluster &cluster : flat.clusters)
            cluster.gateway = false;
        QVERIFY(applyPlan(flat, world));
    }

    void whetherThereIsAGatewayHasToBeKnown()
    {
        ObservedFleet world = istioWorld();
        world.clusters[0].namespaces << observe::systemNamespace;
        world.clusters[0].unread.append({ observe::resources::services, observe::systemNamespace, refused() });
        QVERIFY(!applyPlan(istioFleet(), world));
        QVERIFY(!destroyPlan(istioFleet(), world));
    }

    void anAccountThatCouldNotBeReadIsNotSaidToBeMissing()
    {
        ObservedFleet world = istioWorld();
        for (mesh::MeshStatus *status : { &world.meshes[0].status, &world.meshes[1].status }) {
            status->reader = {};
            status->reader.error = refused();
            status->members.removeLast();
        }
        const auto plan = applyPlan(istioFleet(), world);
        QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
        const ops::Step *account = stepOf(*plan, "reader-serviceaccount-cluster-2");
        QVERIFY(account);
        QVERIFY2(account->why.contains(QStringLiteral("not known")), qPrintable(account->why));
        QVERIFY(account->operation.arguments.value(u"onlyIfMissing").toBool());
    }

    /// A control plane that others installed stays; what Catamaran made around it goes, as far as it is Catamaran's.
    void destroyTakesAwayWhatWasMadeAroundAControlPlane()
    {
        const auto plan = destroyPlan(istioFleet(), istioWorld());
        QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
        for (const char *id : { "close-cluster-1", "close-cluster-2", "remove-mesh-1-cluster-2", "remove-mesh-2-cluster-1",
                 "inject-off-mesh-1-default", "inject-off-mesh-2-default", "delete-mesh-1", "delete-mesh-2" })
            QVERIFY2(stepOf(*plan, id), id);
        QVERIFY(!stepOf(*plan, "remove-mesh-1-cluster-1"));
        for (const ops::Step &step : plan->steps)
            QVERIFY2(!mesh::isByHand(step.operation), qPrintable(step.id));
        QCOMPARE(argumentsOf(*plan, "remove-mesh-1-cluster-2").value(u"foreign").toString(), QStringLiteral("leave"));
        QVERIFY(ops::checkPlan(*plan, operationKinds()));
    }

    /// What the document names is installed, its issuing authority before it, and whoever reads it waits for it.
    void aControlPlaneIsInstalledFromWhatTheDocumentNames()
    {
        ObservedFleet world = istioWorld();
        world.meshes.removeLast();
        world.account.clear();
        FleetDocument fleet = istioFleet();
        fleet.meshes[1].controlPlane.objects = installation();
        const auto plan = applyPlan(fleet, world);
        QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
        QVERIFY(ops::checkPlan(*plan, operationKinds()));
        for (const ops::Step &step : plan->steps)
            QVERIFY2(!mesh::isByHand(step.operation), qPrintable(step.id));
        const QString plane = QStringLiteral("install-deployment-istiod-cluster-2");
        for (const char *first : { "trust-root", "install-namespace-istio-system-cluster-2", "cacerts-cluster-2",
                 "install-customresourcedefinition-gateways.networking.istio.io-cluster-2" })
            QVERIFY2(before(*plan, plane).contains(QLatin1String(first)), first);
        QVERIFY(before(*plan, QStringLiteral("wait-mesh-2")).contains(plane));
        QVERIFY(before(*plan, QStringLiteral("discover-mesh-1-cluster-2")).isEmpty()); // it is there already
        QVERIFY(before(*plan, QStringLiteral("discover-mesh-2-cluster-1")).contains(QStringLiteral("wait-mesh-2")));
        QVERIFY(before(*plan, QStringLiteral("inject-cluster-2-default")).isEmpty()
            || before(*plan, QStringLiteral("inject-cluster-2-default")).contains(QStringLiteral("wait-mesh-2")));
        QVERIFY(!stepOf(*plan, "manage-mesh-2-cluster-2"));
        // The provider knows control planes by their clusters: the root of the one that is there is the one to be found.
        QCOMPARE(argumentsOf(*plan, "trust-root").value(u"meshes").toArray(),
            (QJsonArray { QStringLiteral("istio-cluster-1"), QStringLiteral("istio-cluster-2") }));
        QCOMPARE(argumentsOf(*plan, "install-customresourcedefinition-gateways.networking.istio.io-cluster-2").value(u"foreign").toString(),
            QStringLiteral("leave"));
        const ops::Description words = wordsOf(*plan, "cacerts-cluster-2");
        QVERIFY2(words.command.contains(QStringLiteral("create secret generic cacerts")), qPrintable(words.command));
        for (const ops::Call &call : words.calls)
            QVERIFY2(!call.body.contains(QStringLiteral("PRIVATE")), qPrintable(call.body));
        fleet.root = RootKind::Separate;
        QVERIFY(!stepOf(*applyPlan(fleet, world), "cacerts-cluster-2"));
    }

    /// Whoever installed it: a document that says how it could be installed changes nothing of it.
    void aControlPlaneThatIsThereIsNotInstalledAgain()
    {
        FleetDocument fleet = istioFleet();
        for (FleetMesh &mesh : fleet.meshes)
            mesh.controlPlane.objects = installation();
        const auto plan = applyPlan(fleet, istioWorld());
        QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
        QCOMPARE(ids(*plan), QStringList());
        ObservedFleet begun = istioWorld(); // its Deployment is there and not ready
        begun.meshes[1].status.state = mesh::MeshState::Creating;
        QCOMPARE(ids(*applyPlan(fleet, begun)), QStringList { QStringLiteral("wait-mesh-2") });
        QVERIFY(!mesh::isByHand(applyPlan(fleet, begun)->steps.first().operation));
    }

    void whatIsCalledOtherwiseIsReadByThatName()
    {
        ObservedFleet world = istioWorld();
        world.meshes.removeLast();
        world.meshes[0].status.members.removeLast();
        world.account.clear();
        FleetDocument fleet = istioFleet();
        fleet.meshes[1].controlPlane.objects = installation(QStringLiteral("second"));
        const auto plan = applyPlan(fleet, world);
        QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
        QCOMPARE(argumentsOf(*plan, "discover-mesh-1-cluster-2").value(u"id").toString(), QStringLiteral("second"));
        QVERIFY(before(*plan, QStringLiteral("discover-mesh-1-cluster-2")).contains(QStringLiteral("wait-mesh-2")));
    }

    /// What of others may be in definitions and namespaces stays, and so does what others applied.
    void destroyTakesAnInstallationOfOursAway()
    {
        FleetDocument fleet = istioFleet();
        fleet.meshes[1].controlPlane.objects = installation();
        const auto plan = destroyPlan(fleet, istioWorld());
        QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
        QVERIFY(ops::checkPlan(*plan, operationKinds()));
        QCOMPARE(argumentsOf(*plan, "uninstall-deployment-istiod-cluster-2").value(u"foreign").toString(), QStringLiteral("leave"));
        QVERIFY(
            before(*plan, QStringLiteral("uninstall-cacerts-cluster-2")).contains(QStringLiteral("uninstall-deployment-istiod-cluster-2")));
        for (const ops::Step &step : plan->steps)
            QVERIFY2(
                !step.id.contains(QStringLiteral("customresourcedefinition")) && !step.id.contains(QStringLiteral("uninstall-namespace")),
                qPrintable(step.id));
        QVERIFY(stepOf(*plan, "delete-mesh-1")); // of it nothing is known
    }

    void aProgramRendersWhatIsInstalled_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<QString>("says");
        QTest::newRow("it does") << QByteArray(
            "[ -z \"$CATAMARAN_TEST_SECRET\" ] && [ \"$KUBECONFIG\" = /dev/null ] && echo \"$*\" >&2 && cat \"$(dirname $0)/all.json\"\n")
                                 << QString();
        QTest::newRow("it fails") << QByteArray("echo unknown flag >&2; exit 3\n") << QStringLiteral("ended with 3: unknown flag");
        QTest::newRow("it says something else") << QByteArray("echo hello\n") << QStringLiteral("no map");
        QTest::newRow("it says nothing") << QByteArray("exit 0\n") << QStringLiteral("no Deployment");
        QTest::newRow("it never stops talking") << QByteArray("exec yes '# a comment that goes on and on'\n") << QStringLiteral("16 MiB");
    }

    void aProgramRendersWhatIsInstalled()
    {
        QFETCH(QByteArray, script);
        QFETCH(QString, says);
        QTemporaryDir folder;
        const auto write = [&](const char *name, const QByteArray &text) {
            QFile file(folder.filePath(QLatin1String(name)));
            return file.open(QIODevice::WriteOnly) && file.write(text) == text.size()
                && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        };
        QByteArray yaml;
        for (const QJsonObject &one : installation())
            yaml += "---\n" + QJsonDocument(one).toJson(QJsonDocument::Compact) + '\n';
        QVERIFY(write("all.json", yaml) && write("istioctl", "#!/bin/sh\n" + script));
        qputenv("CATAMARAN_TEST_SECRET", "hidden");
        core::withholdFromChildren(QStringLiteral("CATAMARAN_TEST_SECRET"));
        FleetDocument fleet = istioFleet();
        fleet.meshes[0].controlPlane.istioctl = folder.filePath(QStringLiteral("istioctl"));
        const auto whole = rendered(fleet, {});
        QCOMPARE(whole.has_value(), says.isEmpty());
        if (!whole)
            QVERIFY2(whole.error().text().contains(says), qPrintable(whole.error().text()));
        else
            QCOMPARE(whole->meshes.first().controlPlane.objects.size(), installation().size());
    }

    void aProgramThatOthersCanChangeIsNotRun()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("istioctl")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("#!/bin/sh\n");
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::ExeOwner | QFile::WriteOther));
        FleetDocument fleet = istioFleet();
        fleet.meshes[0].controlPlane.istioctl = file.fileName();
        QVERIFY(!rendered(fleet, {}));
    }

    void aControlPlaneIsPlannedByHand()
    {
        ObservedFleet world = istioWorld();
        world.meshes.removeLast();
        world.account.clear();
        const auto plan = applyPlan(istioFleet(), world);
        QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
        const ops::Step *step = stepOf(*plan, "create-mesh-2");
        QVERIFY(step && mesh::isByHand(step->operation));
        QVERIFY(wordsOf(*plan, "create-mesh-2").title.startsWith(QStringLiteral("By hand")));
    }

    void whatWasNotHeardIsNotPlannedAsIfItWereNotThere_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<bool>("hindersApply");
        QTest::addColumn<bool>("hindersDestroy");
        const auto row = [](const char *name, Change change, bool apply = true, bool destroy = true) {
            QTest::newRow(name) << change << apply << destroy;
        };
        row("the meshes", [](ObservedFleet &world) {
            world.meshes.clear();
            world.meshesError = refused();
        });
        row("the meshes are those of before", [](ObservedFleet &world) { world.meshesError = refused(); });
        row("a cluster's id", [](ObservedFleet &world) {
            world.clusters[1].cloudId.clear();
            world.clustersError = refused();
        });
        row(
            "where a mesh is to be made",
            [](ObservedFleet &world) {
                world.meshes.removeLast();
                world.clusters[1].vpcId.clear();
                world.clustersError = refused();
            },
            true, false);
        row(
            "the clusters, but nothing of them is needed", [](ObservedFleet &world) { world.clustersError = refused(); }, false, false);
        row("a mesh's members", [](ObservedFleet &world) {
            world.meshes[0].status.members.clear();
            world.meshes[0].status.membersKnown = false;
            world.meshes[0].status.unread = { refused() };
        });
        row("a mesh's networks", [](ObservedFleet &world) {
            world.meshes[0].status.networksKnown = false;
            world.meshes[0].status.unread = { refused() };
        });
        row("a cluster's deployments", [](ObservedFleet &world) {
            world.clusters[0].workloads.clear();
            world.clusters[0].unread = { { QStringLiteral("deployments.apps"), {}, refused() } };
        });
        row("its services in one namespace", [](ObservedFleet &world) {
            world.clusters[1].unread
                = { { QStringLiteral("services"), {}, refused() }, { QStringLiteral("services"), QStringLiteral("default"), refused() } };
            world.clusters[1].readOneByOne.insert(QStringLiteral("services"), QStringList { QStringLiteral("sample") });
        });
        row("whether a namespace injects", [](ObservedFleet &world) {
            world.clusters[0].unread = { { QStringLiteral("namespaces"), {}, refused() } };
        });
        row(
            "pods, which no plan needs",
            [](ObservedFleet &world) {
                world.clusters[0].unread = { { QStringLiteral("pods"), {}, refused() } };
            },
            false, false);
        row(
            "the whole cluster, but the fleet's namespace",
            [](ObservedFleet &world) {
                for (const QString &resource : { QStringLiteral("namespaces"), QStringLiteral("deployments.apps"),
                         QStringLiteral("services"), QStringLiteral("pods") }) {
                    world.clusters[0].unread.append({ resource, {}, refused() });
                    world.clusters[0].readOneByOne.insert(resource, QStringList { QStringLiteral("default") });
                }
            },
            false, false);
        row(
            "the list, but each object by its name",
            [](ObservedFleet &world) {
                for (ObservedCluster &cluster : world.clusters) {
                    cluster.unread = { { QStringLiteral("deployments.apps"), {}, refused() },
                        { QStringLiteral("deployments.apps"), QStringLiteral("default"), refused() } };
                    cluster.readOneByOne.insert(QStringLiteral("deployments.apps"),
                        QStringList { QStringLiteral("default/sleep"), QStringLiteral("default/helloworld-v1"),
                            QStringLiteral("default/helloworld-v2") });
                }
            },
            false, false);
    }
    void whatWasNotHeardIsNotPlannedAsIfItWereNotThere()
    {
        QFETCH(Change, change);
        QFETCH(bool, hindersApply);
        QFETCH(bool, hindersDestroy);
        ObservedFleet world = finishedWorld();
        change(world);
        const auto apply = applyPlan(exampleFleet(), world), destroy = destroyPlan(exampleFleet(), world);
        QCOMPARE(!apply, hindersApply);
        QCOMPARE(!destroy, hindersDestroy);
        for (const auto &plan : { apply, destroy })
            if (!plan)
                QCOMPARE(plan.error().answer, QStringLiteral("Forbidden.RAM")); // the words of whoever refused
    }

    void probesArePlannedWhereTheEnvironmentSays()
    {
        const QStringList both { QStringLiteral("cluster-1"), QStringLiteral("cluster-2") };
        const std::chrono::seconds lasting(300);
        ObservedFleet world = finishedWorld();
        const QString ready = QStringLiteral("helloworld-v2-5d4f");
        world.clusters[1].workloads[0].podNames = QStringList { ready };
        const ProbePlan stands
            = probePlan({ QStringLiteral("curl:8"), QStringLiteral("default"), {} }, world, both, lasting, QStringLiteral("u"));
        QCOMPARE(ids(stands.plan), (QStringList { QStringLiteral("probe-cluster-1"), QStringLiteral("probe-cluster-2") }));
        QVERIFY(stands.impossible.isEmpty());
        QVERIFY(ops::checkPlan(stands.plan, operationKinds()));
        const QJsonObject made = argumentsOf(stands.plan, "probe-cluster-2");
        QCOMPARE(made[u"mark"].toBool(), true); // so that a console without the journal finds it
        QVERIFY(!made.contains(u"foreign")); // and what is somebody else's is never taken
        const QJsonObject pod = made[u"object"][u"spec"][u"template"].toObject(), container = pod[u"spec"][u"containers"][0].toObject();
        QCOMPARE(pod[u"metadata"][u"labels"][u"sidecar.istio.io/inject"].toString(), QStringLiteral("true"));
        QCOMPARE(pod[u"spec"][u"securityContext"][u"runAsNonRoot"].toBool(), true);
        QCOMPARE(pod[u"spec"][u"automountServiceAccountToken"].toBool(true), false);
        QVERIFY(container[u"resources"][u"limits"].toObject().contains(u"memory"));
        QCOMPARE(container[u"securityContext"][u"allowPrivilegeEscalation"].toBool(true), false);
        QVERIFY(wordsOf(stands.plan, "probe-cluster-2").keeps.isEmpty());

        // In a pod: a ready one of the Deployment, where one is named; nowhere, where none is.
        for (const QString &named : { QStringLiteral("default/helloworld-v2"), QStringLiteral("default/") + ready }) {
            const ProbePlan added
                = probePlan({ QStringLiteral("curl:8"), {}, { { both[1], named } } }, world, both, lasting, QStringLiteral("u"));
            QCOMPARE(ids(added.plan), QStringList { QStringLiteral("probe-cluster-2") });
            QVERIFY(ops::checkPlan(added.plan, operationKinds()));
            QCOMPARE(added.probes.first().pod, ready);
            QVERIFY(!wordsOf(added.plan, "probe-cluster-2").keeps.isEmpty());
            QVERIFY(added.impossible.contains(both[0]));
        }
        const ProbePlan nobody = probePlan({ QStringLiteral("curl:8"), {}, { { both[1], QStringLiteral("shop/nobody") } } }, world,
            { both[1] }, lasting, QStringLiteral("u"));
        QVERIFY(nobody.isEmpty() && nobody.impossible.value(both[1]).answer.contains(QStringLiteral("shop/nobody")));

        // A cluster that does not answer, and a namespace that is not there, get none; one that was not read may have it.
        ObservedFleet silent = world;
        silent.clusters[0].reachable = false;
        silent.clusters[1].namespaces = { QStringLiteral("kube-system") };
        const ProbePlan none
            = probePlan({ QStringLiteral("curl:8"), QStringLiteral("default"), {} }, silent, both, lasting, QStringLiteral("u"));
        QVERIFY(none.isEmpty() && none.impossible.size() == 2);
        silent.clusters[1].unread = { { QStringLiteral("namespaces"), {}, refused() } };
        QCOMPARE(probePlan({ QStringLiteral("curl:8"), QStringLiteral("default"), {} }, silent, both, lasting, QStringLiteral("u"))
                     .probes.size(),
            1);
    }

    void aServiceThatOnlyNamesAnotherHostIsInTheWay()
    {
        ObservedFleet world = finishedWorld();
        world.clusters[1].externalServices.insert(QStringLiteral("default/helloworld"), QStringLiteral("hello.example.com"));
        const auto plan = applyPlan(exampleFleet(), world);
        QVERIFY(!plan);
        QVERIFY2(
            plan.error().answer.contains(QStringLiteral("ExternalName: it stands for hello.example.com")), qPrintable(plan.error().answer));
    }

    void sameRootsDoNotFitSeparateOnes()
    {
        const auto plan = applyPlan(exampleFleet(QStringLiteral("two-roots")), finishedWorld());
        QVERIFY(!plan);
        QVERIFY(plan.error().text().contains(QStringLiteral("same root")));
    }

    void dependenciesPointBackIntoThePlan()
    {
        for (const ObservedFleet &world : { emptyWorld(), finishedWorld() }) {
            for (const auto &plan : { applyPlan(exampleFleet(), world), destroyPlan(exampleFleet(), world) }) {
                QVERIFY(plan.has_value());
                QSet<QString> seen;
                for (const ops::Step &step : plan->steps) {
                    QVERIFY2(!seen.contains(step.id), qPrintable(step.id));
                    for (const QString &id : step.dependsOn)
                        QVERIFY2(seen.contains(id), qPrintable(step.id + QStringLiteral(" needs ") + id));
                    seen.insert(step.id);
                }
            }
        }
    }

    /// Of each kind of step everything that it waits for, and so of any two kinds whether one waits for the other. What is said of
    /// mesh-1 and cluster-1 holds of the others as well.
    void whatWaitsForWhat_data()
    {
        QTest::addColumn<bool>("destroys");
        QTest::addColumn<QString>("step");
        QTest::addColumn<QString>("after");
        const auto row = [](bool destroys, const char *step, const QString &after) {
            QTest::newRow(step) << destroys << QString::fromLatin1(step) << after;
        };
        const QString root = QStringLiteral("trust-root "), running = root + QStringLiteral("create-mesh-1 wait-mesh-1 "),
                      managed = running + QStringLiteral("manage-mesh-1-cluster-1 ");
        const QString compared = running + mirrored(running) + QStringLiteral("compare-roots ");
        const QString both = compared + managed + mirrored(managed);
        const QString joined = both + QStringLiteral("discover-mesh-1-cluster-2 networks-mesh-1 ");
        const QString space = QStringLiteral("namespace-shop-cluster-1 ");
        row(false, "trust-root", {});
        row(false, "create-mesh-1", root);
        row(false, "wait-mesh-1", root + QStringLiteral("create-mesh-1"));
        row(false, "manage-mesh-1-cluster-1", running);
        row(false, "compare-roots", running + mirrored(running));
        row(false, "discover-mesh-1-cluster-2", both);
        row(false, "networks-mesh-1", both + QStringLiteral("discover-mesh-1-cluster-2"));
        row(false, "namespace-shop-cluster-1", {});
        row(false, "inject-mesh-1-shop", joined + space);
        row(false, "deploy-sleep-cluster-1-shop-service", space);
        row(false, "deploy-sleep-cluster-1-shop-serviceaccount", space);
        row(false, "deploy-sleep-cluster-1-shop",
            joined + space
                + QStringLiteral("inject-mesh-1-shop deploy-sleep-cluster-1-shop-service deploy-sleep-cluster-1-shop-serviceaccount"));
        const QString pods = QStringLiteral("delete-sleep-cluster-1-shop delete-helloworld-v1-cluster-1-shop "),
                      sample = pods
            + QStringLiteral(
                "delete-sleep-cluster-1-shop-service delete-sleep-cluster-1-shop-serviceaccount delete-helloworld-v1-cluster-1-shop-service "
                "delete-helloworld-v1-cluster-1-shop-serviceaccount ");
        const QString off = sample + QStringLiteral("inject-off-mesh-1-shop "), closed = off + QStringLiteral("gateways-off-mesh-1 ");
        const QString otherClosed = QStringLiteral(
            "delete-helloworld-v2-cluster-2-shop delete-helloworld-v2-cluster-2-shop-service delete-helloworld-v2-cluster-2-shop-serviceaccount "
            "inject-off-mesh-2-shop gateways-off-mesh-2 ");
        const QString left = closed + otherClosed + QStringLiteral("remove-mesh-1-cluster-2 remove-mesh-2-cluster-1 ");
        row(true, "delete-sleep-cluster-1-shop", {});
        row(true, "delete-sleep-cluster-1-shop-service", QStringLiteral("delete-sleep-cluster-1-shop"));
        row(true, "inject-off-mesh-1-shop", sample);
        row(true, "delete-namespace-shop-cluster-1", off);
        row(true, "gateways-off-mesh-1", off);
        row(true, "remove-mesh-1-cluster-2", closed);
        row(true, "remove-mesh-1-cluster-1", left);
        row(true, "delete-mesh-1", left + QStringLiteral("remove-mesh-1-cluster-1"));
    }

    void whatWaitsForWhat()
    {
        QFETCH(bool, destroys);
        QFETCH(QString, step);
        QFETCH(QString, after);
        const QString shop = QStringLiteral("shop");
        FleetDocument fleet = exampleFleet();
        fleet.injectedNamespaces = QStringList(shop);
        for (FleetWorkload &workload : fleet.workloads)
            workload.ns = shop;
        ObservedFleet world = destroys ? finishedWorld() : emptyWorld();
        for (ObservedCluster &cluster : world.clusters) {
            cluster.services.replaceInStrings(QStringLiteral("default/"), QStringLiteral("shop/"));
            if (destroys)
                cluster.namespaces = cluster.ownNamespaces = cluster.injectedNamespaces = QStringList(shop);
            for (ObservedWorkload &workload : cluster.workloads)
                workload.ns = shop;
        }
        const auto plan = destroys ? destroyPlan(fleet, world) : applyPlan(fleet, world);
        QVERIFY2(plan, qPrintable(plan ? QString() : plan.error().text()));
        QVERIFY2(stepOf(*plan, qPrintable(step)), qPrintable(ids(*plan).join(u' ')));
        QStringList expected = after.split(u' ', Qt::SkipEmptyParts), found = before(*plan, step);
        expected.removeDuplicates();
        std::sort(expected.begin(), expected.end());
        std::sort(found.begin(), found.end());
        QCOMPARE(found.join(u' '), expected.join(u' '));
        if (!step.contains(QLatin1String("-mesh-1")) || destroys)
            return;
        QStringList others = before(*plan, mirrored(step));
        for (QString &other : others)
            other = mirrored(other);
        const auto isOfTheSample
            = [](const QString &id) { return id.contains(QLatin1String("helloworld")) || id.contains(QLatin1String("sleep")); };
        others.removeIf(isOfTheSample);
        expected.removeIf(isOfTheSample);
        std::sort(others.begin(), others.end());
        QCOMPARE(others.join(u' '), expected.join(u' '));
    }

    void changesOfOneMeshGoOneAfterTheOther()
    {
        const auto plan = applyPlan(exampleFleet(), emptyWorld());
        QVERIFY(stepOf(*plan, "create-mesh-2")->dependsOn.contains(QStringLiteral("trust-root")));
        QVERIFY(stepOf(*plan, "discover-mesh-1-cluster-2")->dependsOn.contains(QStringLiteral("manage-mesh-1-cluster-1")));
        QVERIFY(stepOf(*plan, "networks-mesh-1")->dependsOn.contains(QStringLiteral("discover-mesh-1-cluster-2")));
        QVERIFY(stepOf(*plan, "deploy-sleep-cluster-1")->dependsOn.contains(QStringLiteral("inject-mesh-1-default")));
    }

    void aDeploymentComesAfterWhatItsPodsNeed()
    {
        const auto plan = applyPlan(exampleFleet(QStringLiteral("plain-clusters")), emptyWorld());
        QCOMPARE(stepOf(*plan, "deploy-sleep-cluster-1-sample")->dependsOn,
            (QStringList { QStringLiteral("namespace-sample-cluster-1"), QStringLiteral("deploy-sleep-cluster-1-sample-serviceaccount"),
                QStringLiteral("deploy-sleep-cluster-1-sample-service") }));
        QCOMPARE(stepOf(*plan, "deploy-sleep-cluster-1-sample-service")->dependsOn,
            QStringList { QStringLiteral("namespace-sample-cluster-1") });
        // Both versions of helloworld have one Service: it is applied once, and both wait for it.
        QVERIFY(!stepOf(*plan, "deploy-helloworld-v2-cluster-1-sample-service"));
        QVERIFY(stepOf(*plan, "deploy-helloworld-v2-cluster-1-sample")
                    ->dependsOn.contains(QStringLiteral("deploy-helloworld-v1-cluster-1-sample-service")));
    }

    void whatOnlyHasToBeThereIsMadeOnlyWhereItIsMissing()
    {
        const auto plan = applyPlan(exampleFleet(QStringLiteral("plain-clusters")), emptyWorld());
        for (const char *id : { "namespace-sample-cluster-1", "deploy-sleep-cluster-1-sample-serviceaccount" })
            QVERIFY2(argumentsOf(*plan, id).value(u"onlyIfMissing").toBool(), id);
        for (const char *id :
            { "deploy-sleep-cluster-1-sample", "deploy-helloworld-v1-cluster-1-sample-serviceaccount" }) // that one has labels
            QVERIFY2(!argumentsOf(*plan, id).contains(u"onlyIfMissing"), id);
    }

    void namesThatComeToTheSameIdAreToldApart()
    {
        FleetDocument fleet = exampleFleet(QStringLiteral("plain-clusters"));
        fleet.workloads = { { QStringLiteral("cluster-1"), QStringLiteral("default"), QStringLiteral("sleep") },
            { QStringLiteral("cluster-1"), QStringLiteral("service"), QStringLiteral("sleep") } };
        const auto plan = applyPlan(fleet, emptyWorld());
        QVERIFY(plan.has_value());
        const QStringList all = ids(*plan);
        QCOMPARE(QSet<QString>(all.begin(), all.end()).size(), all.size());
        QCOMPARE(all.last(), QStringLiteral("deploy-sleep-cluster-1-service-2"));
        QVERIFY(stepOf(*plan, "deploy-sleep-cluster-1")->dependsOn.contains(QStringLiteral("deploy-sleep-cluster-1-service")));
    }

    void eachStepSaysWhyAndCanBeCarriedOut()
    {
        for (const auto &plan : { applyPlan(exampleFleet(), emptyWorld()), destroyPlan(exampleFleet(), finishedWorld()) }) {
            const auto checked = ops::checkPlan(*plan, operationKinds());
            QVERIFY2(checked, qPrintable(checked ? QString() : checked.error().text()));
            for (const auto &[step, words] : ops::describeSteps(*plan, operationKinds(), {}))
                QVERIFY2(!step.why.isEmpty() && !words.title.isEmpty() && !words.calls.isEmpty()
                        && (!words.command.isEmpty() || step.id == QStringLiteral("compare-roots")),
                    qPrintable(step.id));
        }
    }

    void networksGiveEachMeshTheWholeMap()
    {
        const auto plan = applyPlan(exampleFleet(), emptyWorld());
        QVERIFY(stepOf(*plan, "networks-mesh-1")->operation
            == mesh::asmOperations().setNetworks(QStringLiteral("mesh-1"),
                { { QStringLiteral("cluster-1"), { QStringLiteral("network1"), true } },
                    { QStringLiteral("cluster-2"), { QStringLiteral("network2"), false } } }));
    }

    void oneNetworkNeedsNoSetting()
    {
        FleetDocument fleet = exampleFleet();
        for (FleetCluster &cluster : fleet.clusters)
            cluster = { cluster.name, {}, false };
        const auto plan = applyPlan(fleet, emptyWorld());
        QVERIFY(!stepOf(*plan, "networks-mesh-1"));
    }

    void destroyTakesEverythingAwayInOrder()
    {
        const auto plan = destroyPlan(exampleFleet(), finishedWorld());
        QVERIFY2(plan, qPrintable(plan ? QString() : plan.error().text()));
        QCOMPARE(ids(*plan),
            (QStringList { QStringLiteral("delete-helloworld-v2-cluster-2"),
                QStringLiteral("delete-helloworld-v2-cluster-2-serviceaccount"), QStringLiteral("delete-helloworld-v2-cluster-2-service"),
                QStringLiteral("delete-helloworld-v1-cluster-1"), QStringLiteral("delete-helloworld-v1-cluster-1-serviceaccount"),
                QStringLiteral("delete-helloworld-v1-cluster-1-service"), QStringLiteral("delete-sleep-cluster-1"),
                QStringLiteral("delete-sleep-cluster-1-service"), QStringLiteral("delete-sleep-cluster-1-serviceaccount"),
                QStringLiteral("inject-off-mesh-1-default"), QStringLiteral("inject-off-mesh-2-default"),
                QStringLiteral("gateways-off-mesh-1"), QStringLiteral("gateways-off-mesh-2"), QStringLiteral("remove-mesh-1-cluster-2"),
                QStringLiteral("remove-mesh-2-cluster-1"), QStringLiteral("remove-mesh-1-cluster-1"),
                QStringLiteral("remove-mesh-2-cluster-2"), QStringLiteral("delete-mesh-1"), QStringLiteral("delete-mesh-2") }));
    }

    void destroyOfAnEmptyWorldIsEmpty()
    {
        const auto plan = destroyPlan(exampleFleet(), emptyWorld());
        QVERIFY(plan.has_value());
        QVERIFY(plan->isEmpty());
    }

    void destroyOfWhatNobodyMadeNeedsNoIds()
    {
        ObservedFleet world = emptyWorld();
        for (ObservedCluster &cluster : world.clusters)
            cluster.cloudId.clear();
        const auto plan = destroyPlan(exampleFleet(), world);
        QVERIFY2(plan && plan->isEmpty(), qPrintable(plan ? QString() : plan.error().text()));
        world.meshes = finishedWorld().meshes; // whose members are whose needs them
        QVERIFY(!destroyPlan(exampleFleet(), world));
    }

    void destroyTakesTheMovedClientToo()
    {
        ObservedFleet world = finishedWorld();
        world.clusters[1].workloads.append(workload(QStringLiteral("sleep"), {}));
        const auto plan = destroyPlan(exampleFleet(), world);
        QVERIFY(stepOf(*plan, "delete-sleep-standalone-cluster-2"));
    }

    void destroyOfHalfAFleet()
    {
        ObservedFleet world = emptyWorld();
        world.meshes = { runningMesh(1) };
        world.meshes[0].status.members = { member(1, mesh::Mode::Unknown) };
        world.meshes[0].status.members[0].gateway = false;
        const auto plan = destroyPlan(exampleFleet(), world);
        QVERIFY(plan.has_value());
        QCOMPARE(ids(*plan), (QStringList { QStringLiteral("remove-mesh-1-cluster-1"), QStringLiteral("delete-mesh-1") }));
    }

    void destroyLeavesForeignClustersAlone()
    {
        ObservedFleet world = finishedWorld();
        world.meshes[0].status.members.append(
            { QStringLiteral("cdeadbeef"), QStringLiteral("prod"), mesh::Mode::Managed, QStringLiteral("running"), {}, false });
        const auto plan = destroyPlan(exampleFleet(), world);
        QVERIFY(!plan);
        QVERIFY(plan.error().text().contains(QStringLiteral("prod")));
    }

    void destroyLeavesAMeshThatCatamaranDidNotMake()
    {
        ObservedFleet world = finishedWorld();
        world.meshes[0].status.owner.clear();
        world.meshes[0].status.members.append( // is none of our business then
            { QStringLiteral("cdeadbeef"), QStringLiteral("prod"), mesh::Mode::Managed, QStringLiteral("running"), {}, false });
        const auto plan = destroyPlan(exampleFleet(), world);
        QVERIFY2(plan, qPrintable(plan ? QString() : plan.error().text()));
        QStringList ofMeshes = ids(*plan);
        ofMeshes.removeIf([](const QString &id) { return !id.contains(QStringLiteral("mesh-")); });
        QCOMPARE(ofMeshes,
            (QStringList { QStringLiteral("inject-off-mesh-2-default"), QStringLiteral("gateways-off-mesh-2"),
                QStringLiteral("remove-mesh-2-cluster-1"), QStringLiteral("remove-mesh-2-cluster-2"), QStringLiteral("delete-mesh-2"),
                QStringLiteral("delete-mesh-1") }));
        QCOMPARE(stepOf(*plan, "delete-mesh-1")->operation.arguments.value(u"foreign").toString(), QStringLiteral("leave"));
        QVERIFY(stepOf(*plan, "delete-mesh-1")->why.contains(QStringLiteral("--foreign mesh/mesh-1")));
        // When it may go, it goes as ours do.
        world.meshes[0].status.members.removeLast();
        const auto taken = destroyPlan(exampleFleet(), world, { *ForeignObject::parse(QStringLiteral("mesh/mesh-1")) });
        QVERIFY(taken.has_value());
        QCOMPARE(ids(*taken), ids(*destroyPlan(exampleFleet(), finishedWorld())));
        QCOMPARE(stepOf(*taken, "delete-mesh-1")->operation.arguments.value(u"foreign").toString(), QStringLiteral("take"));
    }

    void aPlanTellsTheModesAndNetworksThatItTakesAway()
    {
        const auto plan = destroyPlan(exampleFleet(), finishedWorld());
        QCOMPARE(wordsOf(*plan, "gateways-off-mesh-1").title, QStringLiteral("Take away the gateways of mesh-1"));
        QCOMPARE(stepOf(*plan, "remove-mesh-1-cluster-1")->operation.arguments.value(u"mode").toString(), QStringLiteral("managed"));
        QCOMPARE(stepOf(*plan, "remove-mesh-1-cluster-2")->operation.arguments.value(u"mode").toString(), QStringLiteral("discovery-only"));
    }

    void clustersAloneGetNamespaceAndSample()
    {
        const FleetDocument fleet = exampleFleet(QStringLiteral("plain-clusters"));
        ObservedFleet world = emptyWorld();
        for (ObservedCluster &cluster : world.clusters)
            cluster.cloudId.clear(); // nobody asks for a cloud account
        const auto plan = applyPlan(fleet, world);
        QVERIFY2(plan, qPrintable(plan ? QString() : plan.error().text()));
        const QStringList all = ids(*plan);
        for (const char *id : { "namespace-sample-cluster-1", "namespace-sample-cluster-2", "deploy-sleep-cluster-1-sample",
                 "deploy-helloworld-v1-cluster-1-sample", "deploy-helloworld-v2-cluster-1-sample", "deploy-sleep-cluster-2-sample",
                 "deploy-helloworld-v1-cluster-2-sample", "deploy-helloworld-v2-cluster-2-sample" })
            QVERIFY2(all.contains(QLatin1String(id)), id);
        QCOMPARE(all.size(), 16);
        QVERIFY(wordsOf(*plan, "namespace-sample-cluster-1").calls.first().body.contains(QStringLiteral("managed-by")));
    }

    void aNamespaceThatIsThereIsLeftAlone()
    {
        const FleetDocument fleet = exampleFleet(QStringLiteral("plain-clusters"));
        ObservedFleet world = emptyWorld();
        for (ObservedCluster &cluster : world.clusters)
            cluster.namespaces = QStringList { QStringLiteral("default"), QStringLiteral("sample") };
        QVERIFY(!stepOf(*applyPlan(fleet, world), "namespace-sample-cluster-1"));
        ObservedWorkload sleep = workload(QStringLiteral("sleep"), {});
        sleep.ns = QStringLiteral("sample");
        world.clusters[0].workloads = { sleep };
        const auto destroy = destroyPlan(fleet, world);
        QVERIFY(destroy.has_value());
        QCOMPARE(ids(*destroy),
            (QStringList {
                QStringLiteral("delete-sleep-cluster-1-sample"), QStringLiteral("delete-sleep-cluster-1-sample-serviceaccount") }));
    }

    void destroyLeavesWhatOthersMade()
    {
        const FleetDocument fleet = exampleFleet(QStringLiteral("plain-clusters"));
        ObservedFleet world = emptyWorld();
        ObservedWorkload ours = workload(QStringLiteral("sleep"), {}), foreign = workload(QStringLiteral("shop"), {});
        ours.ns = foreign.ns = QStringLiteral("sample");
        for (ObservedCluster &cluster : world.clusters) {
            cluster.namespaces = cluster.ownNamespaces = QStringList { QStringLiteral("sample") };
            cluster.workloads = { ours };
        }
        world.clusters[1].workloads << foreign;
        const auto plan = destroyPlan(fleet, world);
        QVERIFY(plan.has_value());
        // Whose each is, and what is in a namespace, is seen when it is its turn.
        QCOMPARE(ids(*plan),
            (QStringList { QStringLiteral("delete-sleep-cluster-2-sample"), QStringLiteral("delete-sleep-cluster-2-sample-serviceaccount"),
                QStringLiteral("delete-sleep-cluster-1-sample"), QStringLiteral("delete-sleep-cluster-1-sample-serviceaccount"),
                QStringLiteral("delete-namespace-sample-cluster-1"), QStringLiteral("delete-namespace-sample-cluster-2") }));
        for (const ops::Step &step : plan->steps)
            QCOMPARE(step.operation.arguments.value(u"foreign").toString(), QStringLiteral("leave"));
        QCOMPARE(stepOf(*plan, "delete-namespace-sample-cluster-1")->dependsOn,
            (QStringList {
                QStringLiteral("delete-sleep-cluster-1-sample"), QStringLiteral("delete-sleep-cluster-1-sample-serviceaccount") }));
    }

    void whatTheUserAllowsIsTaken()
    {
        const auto plan = applyPlan(exampleFleet(), emptyWorld());
        const auto object = ForeignObject::parse(QStringLiteral("deployment/default/sleep"));
        QVERIFY(object.has_value());
        const ops::Plan taking = withForeign(*plan, { *object });
        for (const ops::Step &step : taking.steps)
            QCOMPARE(step.operation.arguments.value(u"foreign").toString(),
                step.id == QStringLiteral("deploy-sleep-cluster-1") ? QStringLiteral("take") : QString());
        const ops::Plan bare
            = withForeign(*plan, { { QStringLiteral("ServiceAccount"), QStringLiteral("default"), QStringLiteral("sleep") } });
        QVERIFY(!argumentsOf(bare, "deploy-sleep-cluster-1-serviceaccount").contains(u"onlyIfMissing"));
        QVERIFY(withForeign(*plan, { { QStringLiteral("Deployment"), QStringLiteral("shop"), QStringLiteral("sleep") } }) == *plan);
        for (const char *bad : { "", "sleep", "Deployment/default/", "/default/sleep", "a/b/c/d" })
            QVERIFY2(!ForeignObject::parse(QLatin1String(bad)), bad);
        QCOMPARE(objectOf(stepOf(*plan, "deploy-sleep-cluster-1")->operation)->text(), QStringLiteral("Deployment/default/sleep"));
        QVERIFY(!objectOf(stepOf(*plan, "create-mesh-1")->operation));
    }

    void overridesAreInCallAndCommand()
    {
        FleetDocument fleet = exampleFleet();
        fleet.workloads[0].overrides.image = QStringLiteral("registry.example.com/tools:1");
        const auto plan = applyPlan(fleet, emptyWorld());
        const kube::ByHand byHand { { QStringLiteral("/k/1") }, QStringLiteral("context-1"), {} };
        const ops::Description words = wordsOf(*plan, "deploy-sleep-cluster-1", { [&](const QString &) { return byHand; }, {} });
        QVERIFY(words.calls.last().body.contains(QStringLiteral("registry.example.com/tools:1")));
        QVERIFY2(words.command.startsWith(QStringLiteral("kubectl --kubeconfig /k/1 --context=context-1 apply "))
                && words.command.contains(QStringLiteral("registry.example.com/tools:1")),
            qPrintable(words.command));
    }

    void whatOverridesAskForAndTheClusterHas_data()
    {
        QTest::addColumn<int>("replicas"); // -1: not given
        QTest::addColumn<QString>("image");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("nothing given") << -1 << QString() << QStringList();
        QTest::newRow("the same number") << 1 << QString() << QStringList();
        QTest::newRow("another number") << 3 << QString() << QStringList { QStringLiteral("scale-sleep-cluster-1") };
        QTest::newRow("none") << 0 << QString() << QStringList { QStringLiteral("scale-sleep-cluster-1") };
        QTest::newRow("the same image") << -1 << QStringLiteral("present:1") << QStringList();
        QTest::newRow("another image") << -1 << QStringLiteral("other:1") << QStringList { QStringLiteral("deploy-sleep-cluster-1") };
    }
    void whatOverridesAskForAndTheClusterHas()
    {
        QFETCH(int, replicas);
        QFETCH(QString, image);
        QFETCH(QStringList, expected);
        FleetDocument fleet = exampleFleet();
        if (replicas >= 0)
            fleet.workloads[0].overrides.replicas = replicas;
        fleet.workloads[0].overrides.image = image;
        ObservedFleet world = finishedWorld();
        for (ObservedWorkload &one : world.clusters[0].workloads)
            one.image = QStringLiteral("present:1");
        const auto plan = applyPlan(fleet, world);
        QVERIFY2(plan, qPrintable(plan ? QString() : plan.error().text()));
        QCOMPARE(ids(*plan), expected);
    }

    void movingTheClient()
    {
        const ops::Plan plan = movePlan({ QStringLiteral("default"), QStringLiteral("cluster-1"), QStringLiteral("cluster-2"), 2 });
        QCOMPARE(ids(plan),
            (QStringList { QStringLiteral("scale-sleep-cluster-1"), QStringLiteral("deploy-sleep-standalone-cluster-2-serviceaccount"),
                QStringLiteral("deploy-sleep-standalone-cluster-2-service"), QStringLiteral("deploy-sleep-standalone-cluster-2") }));
        const ops::Description words = wordsOf(plan, "scale-sleep-cluster-1");
        QVERIFY(words.command.contains(QStringLiteral("--replicas=0")) && words.undo.contains(QStringLiteral("--replicas=2")));
        for (qsizetype i = 1; i < plan.steps.size(); ++i)
            QVERIFY(plan.steps[i].dependsOn.contains(plan.steps[0].id));
    }

    void aClientThatStandsAtZeroIsWokenNotAppliedOver()
    {
        const ops::Plan plan = movePlan({ QStringLiteral("default"), QStringLiteral("cluster-1"), QStringLiteral("cluster-2"), 1, 0 });
        QCOMPARE(ids(plan), (QStringList { QStringLiteral("scale-sleep-cluster-1"), QStringLiteral("scale-sleep-cluster-2") }));
        const QJsonObject wake = argumentsOf(plan, "scale-sleep-cluster-2");
        QCOMPARE(wake.value(u"replicas").toInt(), 1);
        QCOMPARE(wake.value(u"previous").toInt(), 0);
        QCOMPARE(plan.steps.last().dependsOn, QStringList(plan.steps.first().id));
    }

    void adoptingSaysWhatIsThere_data()
    {
        using World = observe::ObservedFleet;
        QTest::addColumn<World>("world");
        QTest::addColumn<QString>("text"); // in the document, or in the error
        QTest::addColumn<QString>("note");
        QTest::addColumn<bool>("works");
        const auto row = [](const char *name, auto change, const char *text, const char *note = "", bool works = true) {
            World world = finishedWorld();
            change(world);
            QTest::newRow(name) << world << QString::fromUtf8(text) << QString::fromUtf8(note) << works;
        };
        row(
            "the guide's fleet", [](World &) {}, "- mesh: mesh-2\n    cluster: cluster-1\n    mode: discovery-only");
        row(
            "other replicas and another image",
            [](World &world) {
                world.clusters[0].workloads[0].desired = 3;
                world.clusters[0].workloads[0].image = QStringLiteral("example/hello:2");
            },
            "image: \"example/hello:2\"\n    replicas: 3");
        row(
            "different roots", [](World &world) { world.meshes[1].status.rootFingerprints = { QStringLiteral("bb") }; }, "root: separate");
        row(
            "a workload of somebody's", [](World &world) { world.clusters[0].workloads << workload(QStringLiteral("shop"), {}); },
            "manifest: sleep", "cluster-1/default/shop is described by no manifest of Catamaran: left out.");
        row(
            "a member that the environment does not name",
            [](World &world) {
                world.meshes[0].status.members << mesh::MemberCluster { QStringLiteral("c9"), QStringLiteral("old"),
                    mesh::Mode::DiscoveryOnly, {}, {} };
            },
            "mesh-1", "mesh-1 has the member old, which is no cluster of the environment lab: left out.");
        row(
            "a mode that nobody tells", [](World &world) { world.meshes[1].status.members[0].mode = mesh::Mode::Unknown; },
            "mode: discovery-only", "mesh-2 is taken to discover cluster-1 only: the provider does not tell.");
        row(
            "injection in one cluster alone", [](World &world) { world.clusters[1].injectedNamespaces << QStringLiteral("shop"); },
            "injection:\n  - default",
            "Namespace shop gets sidecars in cluster-2 alone: not in the document, which says so of all clusters.");
        row(
            "two meshes manage one cluster", [](World &world) { world.meshes[1].status.members[0].mode = mesh::Mode::Managed; },
            "mesh-1 and mesh-2 both manage it", "", false);
        row(
            "a mesh that is being made",
            [](World &world) {
                world.meshes[0].status.state = mesh::MeshState::Creating;
                world.meshes[0].status.stateWord = QStringLiteral("initial");
            },
            "it is initial", "", false);
        row(
            "a root that was not read", [](World &world) { world.meshes[0].status.rootFingerprints.clear(); },
            "not every root could be read", "", false);
        const auto refuse = [](World &world, const QStringList &read) {
            world.clusters[0].unread = { { observe::resources::deployments, {},
                core::Error::make(core::ErrorKind::Forbidden, QStringLiteral("list deployments"), QStringLiteral("cluster-1"),
                    QStringLiteral("refused")) } };
            world.clusters[0].readOneByOne.insert(observe::resources::deployments, read);
        };
        row(
            "workloads that nobody may list", [=](World &world) { refuse(world, {}); }, "refused", "", false);
        row(
            "workloads of one namespace", [=](World &world) { refuse(world, { QStringLiteral("default") }); }, "manifest: sleep",
            "Of the deployments.apps of cluster-1 only these could be read: default. What else is there is not in the document.");
        row(
            "a cluster that does not answer", [](World &world) { world.clusters[1].reachable = false; }, "cluster-2", "", false);
    }

    void adoptingSaysWhatIsThere()
    {
        QFETCH(observe::ObservedFleet, world);
        QFETCH(QString, text);
        QFETCH(QString, note);
        QFETCH(bool, works);
        const auto adopted = adopt(QStringLiteral("found"), world);
        QCOMPARE(adopted.has_value(), works);
        if (!works) {
            QVERIFY2(adopted.error().text().contains(text), qPrintable(adopted.error().text()));
            return;
        }
        const QByteArray yaml = documents::toYaml(adopted->document);
        QVERIFY2(QString::fromUtf8(yaml).contains(text), yaml.constData());
        QVERIFY2(note.isEmpty() || adopted->notes.contains(note), qPrintable(adopted->notes.join(u'\n')));
        const auto read = documents::parseFleet(yaml, QStringLiteral("adopted"));
        QVERIFY2(read, qPrintable(read ? QString() : read.error().text()));
        const auto plan = applyPlan(*read, world);
        QVERIFY2(plan, qPrintable(plan ? QString() : plan.error().text()));
        QCOMPARE(ids(*plan), QStringList());
    }

    void adoptingNeedsTheAccountsWord()
    {
        observe::ObservedFleet world = finishedWorld();
        world.meshes.clear();
        world.account = { { QStringLiteral("Account"), observe::Health::Failed, {}, {}, {}, {} } };
        world.meshesError
            = core::Error::make(core::ErrorKind::Forbidden, QStringLiteral("list the meshes"), QStringLiteral("lab"), QStringLiteral("no"));
        QVERIFY(!adopt(QStringLiteral("found"), world));
    }
};

QTEST_GUILESS_MAIN(TestPlan)
#include "tst_plan.moc"
