// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/debuganswers.h"
#include "mesh/istio/installation.h"
#include "mesh/istio/primary.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace catamaran;
using namespace catamaran::mesh;
using namespace catamaran::mesh::istio;

namespace {

const QDateTime now = QDateTime::fromString(QStringLiteral("2026-11-27T21:10:00Z"), Qt::ISODate);

/// As a real control plane of two clusters on two networks gave it.
QByteArray recorded(const char *name)
{
    QFile file(QStringLiteral(TEST_DATA "/") + QLatin1String(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s", qPrintable(file.errorString()));
    return file.readAll();
}

QList<QJsonObject> objects(const QString &kind)
{
    QList<QJsonObject> found;
    for (const QJsonValue &one : QJsonDocument::fromJson(recorded("objects.json")).array())
        if (one[u"kind"].toString() == kind)
            found.append(one.toObject());
    return found;
}

/// A control plane, in no order.
QList<QJsonObject> installationOfTests()
{
    QList<QJsonObject> all;
    const QJsonArray given = QJsonDocument::fromJson(R"([
{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"istiod","namespace":"istio-system","labels":{"app":"istiod"},"creationTimestamp":null},
 "spec":{"template":{"spec":{"containers":[{"name":"discovery","env":[{"name":"CLUSTER_ID","value":"first"}]}]}}},"status":{}},
{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration","metadata":{"name":"istio-validator"},
 "webhooks":[{"name":"v.istio.io","failurePolicy":"Ignore","clientConfig":{"caBundle":"","service":{"name":"istiod","namespace":"istio-system"}}}]},
{"apiVersion":"v1","kind":"Service","metadata":{"name":"istiod","namespace":"istio-system"},"spec":{}},
{"apiVersion":"telemetry.istio.io/v1alpha1","kind":"Telemetry","metadata":{"name":"t","namespace":"istio-system"},"spec":{}},
{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"istio-reader-service-account","namespace":"istio-system"}},
{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"telemetries.telemetry.istio.io"},"spec":{}}])")
                                 .array();
    for (const QJsonValue &one : given)
        all.append(one.toObject());
    return all;
}

/// What was read of a cluster, @p place, as of the recorded one.
SeenCluster seen(const QString &place)
{
    SeenCluster cluster;
    cluster.place.name = place;
    cluster.authorities = { QStringLiteral("authority of ") + place };
    QList<PlaneFacts> planes;
    for (const QJsonObject &one : objects(QStringLiteral("Deployment")))
        planes.append(decodePlane(one));
    planes.first().clusterId = place;
    QList<PodSeen> pods;
    for (const QJsonObject &one : objects(QStringLiteral("Pod")))
        pods.append(decodePod(one));
    cluster.planes.take(planes, QStringLiteral("deployments"), now);
    cluster.pods.take(pods, QStringLiteral("pods"), now);
    cluster.config.take(decodeMeshConfig(objects(QStringLiteral("ConfigMap"))), QStringLiteral("configmaps"), now);
    cluster.config.value->clusterId = place;
    cluster.roots.take(decodeRoots(objects(QStringLiteral("ConfigMap"))), QStringLiteral("configmaps"), now);
    cluster.space.take(decodeSpace(objects(QStringLiteral("Namespace")).first()), QStringLiteral("namespace"), now);
    cluster.injectors.take(decodeInjectors(objects(QStringLiteral("MutatingWebhookConfiguration"))), QStringLiteral("webhooks"), now);
    cluster.tokens.take(QList<TokenVerdict>(), QStringLiteral("reviews"), now);
    cluster.ztunnel.take(false, QStringLiteral("daemonsets"), now);
    return cluster;
}

RemoteSecretFacts secretFor(const QString &id)
{
    RemoteSecretFacts secret;
    secret.ns = systemNamespace;
    secret.name = QStringLiteral("istio-remote-secret-") + id;
    secret.key = id;
    secret.server = QStringLiteral("https://10.202.0.1:6443");
    secret.authorities = { QStringLiteral("authority of ") + id };
    return secret;
}

/// cluster-1 and cluster-2, which read each other.
QList<SeenCluster> two()
{
    QList<SeenCluster> clusters { seen(QStringLiteral("cluster-1")), seen(QStringLiteral("cluster-2")) };
    clusters[0].secrets.take(QList { secretFor(QStringLiteral("cluster-2")) }, QStringLiteral("secrets"), now);
    clusters[1].secrets.take(QList { secretFor(QStringLiteral("cluster-1")) }, QStringLiteral("secrets"), now);
    const QString pod = clusters.first().pods.get().first().name;
    clusters[0].replicas[pod].remotes.take(parseClusters(recorded("clusterz.json")), QStringLiteral("clusterz"), now);
    clusters[0].replicas[pod].lost.take(QHash<QString, LostWatch>(), QStringLiteral("log"), now);
    return clusters;
}

core::Error refusal(const QString &what)
{
    return core::Error::make(
        core::ErrorKind::Forbidden, QStringLiteral("list ") + what, QStringLiteral("cluster-1"), QStringLiteral("may not"));
}

QByteArray line(const char *time, const char *text)
{
    return QByteArray(time) + '\t' + text + '\n';
}

} // namespace

class TestIstio : public QObject {
    Q_OBJECT
private slots:
    void installationsAreApplicableAsTheyCome_data()
    {
        QTest::addColumn<QByteArray>("extra");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const char *extra, const char *says) {
            QTest::newRow(name) << QByteArray(extra) << QString::fromUtf8(says);
        };
        row("nothing else", "", "");
        row("a Secret, whose data would be written down",
            R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"istio-system"},"data":{"a":"Yg=="}})",
            "written down");
        row("the same twice", R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"istiod","namespace":"istio-system"},"spec":{}})",
            "twice");
        row("a kind that nobody knows", R"({"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"t"}})", "Thing");
        row("no name", R"({"apiVersion":"v1","kind":"Service","metadata":{"namespace":"istio-system"}})", "not a name");
    }

    void installationsAreApplicableAsTheyCome()
    {
        QFETCH(QByteArray, extra);
        QFETCH(QString, says);
        QList<QJsonObject> objects = installationOfTests();
        if (!extra.isEmpty())
            objects.append(QJsonDocument::fromJson(extra).object());
        const auto read = installationOf(objects, Part::ControlPlane, QStringLiteral("a.yaml"));
        QCOMPARE(read.has_value(), says.isEmpty());
        if (!says.isEmpty())
            QVERIFY2(read.error().text().contains(says), qPrintable(read.error().text()));
    }

    /// Whoever was cut off plans all of it again: nothing shows that there is a control plane before everything else of it is there.
    void theControlPlaneItselfComesLast()
    {
        const auto read = installationOf(installationOfTests(), Part::ControlPlane, QStringLiteral("a.yaml"));
        QVERIFY2(read, read ? "" : qPrintable(read.error().text()));
        QStringList kinds;
        for (const QJsonObject &one : *read)
            kinds << one[u"kind"].toString();
        QCOMPARE(kinds,
            (QStringList { QStringLiteral("CustomResourceDefinition"), QStringLiteral("ServiceAccount"), QStringLiteral("Telemetry"),
                QStringLiteral("Service"), QStringLiteral("ValidatingWebhookConfiguration"), QStringLiteral("Deployment") }));
        QCOMPARE(clusterIdIn(*read), QStringLiteral("first"));
        QVERIFY(hasReaderIn(*read));
        QVERIFY(!installationOf(installationOfTests(), Part::Gateway, QStringLiteral("a.yaml")));
    }

    /// A field that a control plane takes over is not ours: it would be drift for ever, and undo would not know the object.
    void whatAControlPlaneWritesItselfIsNotApplied()
    {
        const auto read = installationOf(installationOfTests(), Part::ControlPlane, QStringLiteral("a.yaml"));
        QVERIFY(read);
        const QJsonObject webhook = read->at(4)[u"webhooks"][0].toObject();
        QCOMPARE(webhook.value(u"name").toString(), QStringLiteral("v.istio.io"));
        QVERIFY(!webhook.contains(u"failurePolicy"));
        QVERIFY(!webhook[u"clientConfig"].toObject().contains(u"caBundle"));
        QVERIFY(webhook[u"clientConfig"].toObject().contains(u"service"));
    }

    void aControlPlaneIsNamedByWhatItsClusterHolds()
    {
        const MeshList list = meshesOf(two());
        QVERIFY(!list.unread);
        QCOMPARE(list.meshes.size(), 2);
        const MeshStatus &mesh = list.meshes.first();
        QCOMPARE(mesh.name, QStringLiteral("istio-cluster-1"));
        QCOMPARE(mesh.provider, QStringLiteral("istio"));
        QCOMPARE(mesh.home, QStringLiteral("cluster-1"));
        QCOMPARE(mesh.meshId, QStringLiteral("mesh1"));
        QCOMPARE(mesh.trustDomain, QStringLiteral("cluster.local"));
        QCOMPARE(mesh.controlPlanes.size(), 1);
        QCOMPARE(mesh.controlPlanes.first().revision, QStringLiteral("default"));
        QCOMPARE(mesh.controlPlanes.first().ready, 1);
        QCOMPARE(mesh.controlPlanes.first().replicas.size(), 1);
        QCOMPARE(mesh.rootFingerprints.size(), 1);
        QVERIFY(mesh.state == MeshState::Running);
        QCOMPARE(mesh.members.size(), 2);
        QCOMPARE(mesh.members.first().clusterName, QStringLiteral("cluster-1"));
        QVERIFY(mesh.members.first().mode == Mode::Managed);
        QCOMPARE(mesh.members.first().network, QStringLiteral("network1"));
        QCOMPARE(mesh.members.last().clusterName, QStringLiteral("cluster-2"));
        QVERIFY(mesh.members.last().mode == Mode::DiscoveryOnly);
        QCOMPARE(mesh.members.last().words.size(), 1);
        QCOMPARE(mesh.members.last().words.first().word, QStringLiteral("synced"));
        QVERIFY(mesh.members.last().lost.isEmpty());
    }

    void aRightThatIsMissingTakesItsOwnFactAway_data()
    {
        QTest::addColumn<QString>("what");
        for (const char *what : { "secrets", "configmaps", "namespace", "webhooks", "exec", "log" })
            QTest::newRow(what) << QString::fromLatin1(what);
    }
    void aRightThatIsMissingTakesItsOwnFactAway()
    {
        QFETCH(const QString, what);
        QList<SeenCluster> clusters = two();
        SeenCluster &first = clusters.first();
        const core::Error error = refusal(what);
        const QString pod = first.pods.get().first().name;
        if (what == u"secrets") {
            first.secrets = {};
            first.secrets.take(core::fail(error), what, now);
        } else if (what == u"configmaps") {
            first.config = {};
            first.roots = {};
            first.config.take(core::fail(error), what, now);
            first.roots.take(core::fail(error), what, now);
        } else if (what == u"namespace") {
            first.space = {};
            first.space.take(core::fail(error), what, now);
        } else if (what == u"webhooks") {
            first.injectors = {};
            first.injectors.take(core::fail(error), what, now);
        } else if (what == u"exec") {
            first.replicas[pod].remotes = {};
            first.replicas[pod].remotes.take(core::fail(error), what, now);
        } else {
            first.replicas[pod].lost = {};
            first.replicas[pod].lost.take(core::fail(error), what, now);
        }
        const MeshStatus mesh = meshesOf(clusters).meshes.first();
        QCOMPARE(mesh.controlPlanes.size(), 1);
        QCOMPARE(mesh.membersKnown, what != u"secrets");
        QCOMPARE(mesh.networksKnown, what != u"namespace");
        QCOMPARE(mesh.rootFingerprints.isEmpty(), what == u"configmaps");
        QCOMPARE(mesh.meshId.isEmpty(), what == u"configmaps");
        QCOMPARE(mesh.members.size(), 2); // the control plane itself names the other, where the secrets are not to be seen
        int refused = 0;
        for (const ToldFact &fact : mesh.told) {
            if (!fact.error)
                continue;
            ++refused;
            QCOMPARE(fact.error->text(), error.text());
            QVERIFY2(!fact.right.isEmpty(), qPrintable(fact.what));
        }
        QCOMPARE(refused, what == u"configmaps" ? 2 : 1);
    }

    void aClusterThatDoesNotTellMayHaveOne()
    {
        QList<SeenCluster> clusters = two();
        clusters[1].planes = {};
        clusters[1].planes.take(core::fail(refusal(QStringLiteral("deployments"))), QStringLiteral("deployments"), now);
        const MeshList list = meshesOf(clusters);
        QCOMPARE(list.meshes.size(), 1);
        QVERIFY(list.unread);
        QCOMPARE(list.meshes.first().members.last().clusterName, QStringLiteral("cluster-2")); // by who vouches for its API server
    }

    void whatWasSeenBeforeIsSaidToBeOld()
    {
        QList<SeenCluster> clusters = two();
        clusters[1].planes.take(core::fail(refusal(QStringLiteral("deployments"))), QStringLiteral("deployments"), now.addSecs(60));
        const MeshList list = meshesOf(clusters);
        QCOMPARE(list.meshes.size(), 2);
        QVERIFY(!list.meshes.first().stale);
        QVERIFY(list.meshes.last().stale);
        QCOMPARE(list.meshes.last().heard, now);
    }

    void theLogTellsWhatTheDebugAnswersDoNot()
    {
        QList<SeenCluster> clusters = two();
        const QString pod = clusters.first().pods.get().first().name;
        clusters[0].replicas[pod].lost.take(
            parseLostWatches(line("2026-11-27T21:09:30.000000Z", "error\twatch error in cluster cluster-2: Unauthorized")),
            QStringLiteral("log"), now);
        const MeshStatus mesh = meshesOf(clusters).meshes.first();
        QCOMPARE(mesh.members.last().words.first().word, QStringLiteral("synced"));
        QCOMPARE(mesh.members.last().lost.size(), 1);
        QCOMPARE(mesh.members.last().lost.first().words, QStringLiteral("watch error in cluster cluster-2: Unauthorized"));
    }

    void aTokenThatIsRefusedIsAReachThatIsLost()
    {
        QList<SeenCluster> clusters = two();
        clusters[0].tokens.take(QList { TokenVerdict { QStringLiteral("istio-remote-secret-cluster-2"), QStringLiteral("cluster-2"),
                                    QStringLiteral("cluster-2"), false, QStringLiteral("token has been invalidated") } },
            QStringLiteral("TokenReview"), now);
        const MeshStatus mesh = meshesOf(clusters).meshes.first();
        QCOMPARE(mesh.members.last().lost.size(), 1);
        QVERIFY(mesh.members.last().lost.first().words.contains(u"token has been invalidated"));
        QVERIFY(!mesh.members.last().renew.isEmpty()); // a new one mends it
        QVERIFY(meshesOf(two()).meshes.first().members.last().renew.isEmpty());
    }

    void aTokenIsRenewedBeforeItsEnd_data()
    {
        QTest::addColumn<QDateTime>("issued");
        QTest::addColumn<QDateTime>("expires");
        QTest::addColumn<bool>("isNear");
        QTest::newRow("without end") << now.addDays(-900) << QDateTime() << false;
        QTest::newRow("in its first days") << now.addDays(-1) << now.addDays(364) << false;
        QTest::newRow("in its last third") << now.addDays(-250) << now.addDays(115) << true;
        QTest::newRow("of a day, young") << now.addSecs(-3600) << now.addSecs(23 * 3600) << false;
        QTest::newRow("over") << now.addDays(-2) << now.addDays(-1) << true;
        QTest::newRow("over, and it does not say since when") << QDateTime() << now.addDays(-1) << true;
        QTest::newRow("it does not say since when") << QDateTime() << now.addDays(1) << false;
    }

    void aTokenIsRenewedBeforeItsEnd()
    {
        QFETCH(QDateTime, issued);
        QFETCH(QDateTime, expires);
        QFETCH(bool, isNear);
        QCOMPARE(isNearItsEnd(issued, expires, now), isNear);
        QList<SeenCluster> clusters = two();
        RemoteSecretFacts secret = secretFor(QStringLiteral("cluster-2"));
        secret.tokenIssued = issued;
        secret.tokenExpires = expires;
        clusters[0].secrets.take(QList { secret }, QStringLiteral("secrets"), now);
        QCOMPARE(!meshesOf(clusters).meshes.first().members.last().renew.isEmpty(), isNear);
    }

    void whatLetsTrafficThroughIsSeen()
    {
        const auto gateway = [](int port, const char *mode) {
            return QJsonDocument::fromJson(
                "{\"spec\":{\"servers\":[{\"port\":{\"number\":" + QByteArray::number(port) + "},\"tls\":{\"mode\":\"" + mode + "\"}}]}}")
                .object();
        };
        QVERIFY(passesThrough(gateway(15443, "AUTO_PASSTHROUGH")));
        QVERIFY(!passesThrough(gateway(443, "AUTO_PASSTHROUGH")));
        QVERIFY(!passesThrough(gateway(15443, "PASSTHROUGH")));
        QVERIFY(!passesThrough({}));
        QList<SeenCluster> clusters = two();
        QVERIFY(!meshesOf(clusters).meshes.first().exposed.isRead());
        clusters[0].exposed.take(true, QStringLiteral("gateways"), now);
        QVERIFY(meshesOf(clusters).meshes.first().exposed.get());
        QCOMPARE(meshesOf(clusters).meshes.first().clusterId, QStringLiteral("cluster-1"));
    }

    void aReplicaThatDoesNotKnowAClusterSaysSo()
    {
        QList<SeenCluster> clusters = two();
        const QString pod = clusters.first().pods.get().first().name;
        clusters[0].replicas[pod].remotes.take(
            parseClusters("[{\"id\":\"cluster-1\",\"secretName\":\"\",\"syncStatus\":\"synced\"}]"), QStringLiteral("clusterz"), now);
        QCOMPARE(meshesOf(clusters).meshes.first().members.last().words.first().word, QStringLiteral("absent"));
    }

    void anAuthorityOfSeveralClustersDoesNotSayWhich()
    {
        QList<SeenCluster> clusters = two();
        for (SeenCluster &one : clusters)
            one.authorities = { QStringLiteral("of all") };
        RemoteSecretFacts secret = secretFor(QStringLiteral("cluster-2"));
        secret.authorities = { QStringLiteral("of all") };
        const SeenCluster *target = targetOf(secret, clusters.first(), clusters);
        QVERIFY(target);
        QCOMPARE(target->place.name, QStringLiteral("cluster-2"));
    }

    /// An id that only looks like a name of the environment's: the authority says that it is another cluster, or none of ours.
    void aMemberThatNobodyKnowsKeepsItsId()
    {
        QList<SeenCluster> clusters = two();
        RemoteSecretFacts secret = secretFor(QStringLiteral("elsewhere"));
        secret.ns = QStringLiteral("istio-system");
        clusters[0].secrets.value->append(secret);
        const MeshStatus mesh = meshesOf(clusters).meshes.first();
        QCOMPARE(mesh.members.size(), 3);
        QCOMPARE(mesh.members.last().clusterId, QStringLiteral("elsewhere"));
        QVERIFY(mesh.members.last().clusterName.isEmpty());
    }

    void revisionsStandSideBySide()
    {
        QList<SeenCluster> clusters = two();
        PlaneFacts canary = clusters.first().planes.get().first();
        canary.name = QStringLiteral("istiod-canary");
        canary.revision = QStringLiteral("canary");
        clusters[0].planes.value->append(canary);
        const MeshStatus mesh = meshesOf(clusters).meshes.first();
        QCOMPARE(mesh.controlPlanes.size(), 2);
        QCOMPARE(mesh.controlPlanes.first().revision, QStringLiteral("canary"));
        QVERIFY(mesh.controlPlanes.first().replicas.isEmpty()); // the pod is of the other
    }

    void whatIsNotOursIsSaid_data()
    {
        QTest::addColumn<QString>("shape");
        QTest::addColumn<QString>("word");
        QTest::newRow("ambient, by the control plane") << QStringLiteral("ambient") << QStringLiteral("ambient");
        QTest::newRow("ambient, by the nodes") << QStringLiteral("ztunnel") << QStringLiteral("ztunnel");
        QTest::newRow("an external control plane") << QStringLiteral("external") << QStringLiteral("external");
        QTest::newRow("a cluster whose primary is another") << QStringLiteral("remote") << QStringLiteral("primary-remote");
    }
    void whatIsNotOursIsSaid()
    {
        QFETCH(const QString, shape);
        QFETCH(const QString, word);
        QList<SeenCluster> clusters = two();
        PlaneFacts &plane = clusters[0].planes.value->first();
        plane.isAmbient = shape == u"ambient";
        plane.servesOthers = shape == u"external";
        clusters[0].ztunnel.value = shape == u"ztunnel";
        if (shape == u"remote") {
            clusters[1].planes.value->clear();
            clusters[1].space.value->controlledBy = { QStringLiteral("cluster-1") };
        }
        const MeshList list = meshesOf(clusters);
        const QString said = list.meshes.first().notOurs.join(u'\n');
        QVERIFY2(said.contains(word), qPrintable(said));
        if (shape == u"remote") {
            QCOMPARE(list.meshes.size(), 1);
            QVERIFY(list.meshes.first().members.last().mode == Mode::Managed);
        }
    }

    void aScaledControlPlaneIsNoneThatRuns()
    {
        QList<SeenCluster> clusters = two();
        clusters[0].planes.value->first().desired = clusters[0].planes.value->first().ready = 0;
        QVERIFY(meshesOf(clusters).meshes.first().state == MeshState::Failed);
    }

    void onlyWhatIsNewInTheLogCounts_data()
    {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<bool>("isLost");
        const QByteArray error
            = line("2026-11-27T21:09:30.123456Z", "error\twatch error in cluster cluster-2: failed to list *v1.Pod: Unauthorized");
        QTest::newRow("an error of a moment ago") << error << true;
        QTest::newRow("as JSON") << QByteArray(
            R"({"level":"error","time":"2026-11-27T21:09:30.123456Z","msg":"watch error in cluster cluster-2: Unauthorized"})")
                                 << true;
        QTest::newRow("an error of long ago") << line(
            "2026-11-27T21:05:00.000000Z", "error\twatch error in cluster cluster-2: Unauthorized")
                                              << false;
        QTest::newRow("taken up anew since") << error
                + line("2026-11-27T21:09:40.000000Z",
                    "info\tUpdate cluster\tcluster=cluster-2 config=istio-system/istio-remote-secret-cluster-2")
                                             << false;
        QTest::newRow("another cluster taken up since")
            << error + line("2026-11-27T21:09:40.000000Z", "info\tAdd cluster\tcluster=cluster-3 config=istio-system/x") << true;
        QTest::newRow("long ago, and tried again since")
            << line("2026-11-27T21:05:00.000000Z", "error\twatch error in cluster cluster-2: Unauthorized") + error << true;
        QTest::newRow("a line without a time") << QByteArray("watch error in cluster cluster-2: Unauthorized\n") << false;
        QTest::newRow("nothing") << QByteArray() << false;
    }
    void onlyWhatIsNewInTheLogCounts()
    {
        QFETCH(const QByteArray, log);
        QFETCH(const bool, isLost);
        const auto lost = parseLostWatches(log);
        QCOMPARE(lost.contains(QStringLiteral("cluster-2")) && isStillLost(lost.value(QStringLiteral("cluster-2")).last, now), isLost);
    }

    /// As a real one wrote 43 s after the packets to the other API server began to vanish.
    void aConnectionThatWasLostIsToAnotherCluster()
    {
        const QByteArray lost = line("2026-11-27T21:09:10.291786Z",
            "info\tklog\tWarning: watch ended with error\treflector=k8s.io/client-go@v0.36.1/tools/cache/reflector.go:343 type=*v1.EndpointSlice "
            "err=an error on the server (\"unable to decode an event from the watch stream: http2: client connection lost\") has prevented the "
            "request from succeeding");
        QVERIFY(parseLostWatches(lost).contains(QString()));
        const QByteArray own = QByteArray(lost).replace("EndpointSlice", "VirtualService");
        QVERIFY(parseLostWatches(lost + own).isEmpty()); // its own API server: whoever asks it knows that
        QVERIFY(parseLostWatches(own + lost).isEmpty());
        const QByteArray old = QByteArray(lost).replace("http2: client connection lost", "too old resource version");
        QVERIFY(parseLostWatches(old).isEmpty()); // as watches end all the time
        QList<SeenCluster> clusters = two();
        clusters[0].replicas[clusters.first().pods.get().first().name].lost.take(parseLostWatches(lost), QStringLiteral("log"), now);
        const MemberCluster member = meshesOf(clusters).meshes.first().members.last();
        QCOMPARE(member.lost.size(), 1);
        QVERIFY(member.lost.first().words.contains(u"client connection lost"));
    }

    void brokenAnswersAreErrors_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("an object") << QByteArray("{}");
        QTest::newRow("cut off") << recorded("clusterz.json").left(40);
        QTest::newRow("without a status") << QByteArray(R"([{"id":"cluster-1"}])");
        QTest::newRow("refused") << QByteArray("You must be logged in");
    }
    void brokenAnswersAreErrors()
    {
        QFETCH(const QByteArray, answer);
        const auto clusters = parseClusters(answer);
        QVERIFY(!clusters);
        QVERIFY(clusters.error().kind == core::ErrorKind::Protocol);
    }

    void proxiesAreCounted()
    {
        const auto counts = parseProxies(recorded("syncz.json"));
        QVERIFY(counts);
        QCOMPARE(counts->proxies, 3);
        QCOMPARE(counts->behind, 0);
        QCOMPARE(counts->rejecting, 0);
        const auto bad = parseProxies(
            "[{\"proxy\":\"a.b\",\"resources\":{\"x\":{\"sent\":\"2\",\"acked\":\"1\",\"lastError\":\"duplicate listener\"}}}]");
        QVERIFY(bad);
        QCOMPARE(bad->behind, 1);
        QCOMPARE(bad->rejecting, 1);
        QCOMPARE(bad->firstRejection, QStringLiteral("a.b: duplicate listener"));
    }

    void endpointsAreCountedByCluster_data()
    {
        QTest::addColumn<int>("chunk");
        for (const int chunk : { 1, 7, 4096, 1000000 })
            QTest::addRow("%d bytes at once", chunk) << chunk;
    }
    void endpointsAreCountedByCluster()
    {
        QFETCH(const int, chunk);
        const QByteArray answer = recorded("endpointshardz.json");
        QHash<QString, qint64> expected; // read whole
        for (const QJsonValue &host : QJsonDocument::fromJson(answer).object())
            for (const QJsonValue &space : host.toObject()) {
                const QJsonObject shards = space[u"Shards"].toObject();
                for (auto it = shards.begin(); it != shards.end(); ++it)
                    expected[it.key().section(u'/', 1)] += it.value().toArray().size();
            }
        EndpointCounter counter;
        for (qsizetype at = 0; at < answer.size(); at += chunk)
            QVERIFY(counter.read(answer.mid(at, chunk)));
        QVERIFY(counter.isComplete());
        QCOMPARE(counter.byCluster(), expected);
        QVERIFY(expected.value(QStringLiteral("cluster-2")) > 0);
    }

    void anAnswerThatBreaksOffIsNotComplete()
    {
        EndpointCounter counter;
        QVERIFY(counter.read(recorded("endpointshardz.json").left(5000)));
        QVERIFY(!counter.isComplete());
        EndpointCounter deep;
        QVERIFY(!deep.read(QByteArray(64, '{')));
        EndpointCounter wrong;
        QVERIFY(!wrong.read("{]"));
    }

    /// 2,000 services with ten endpoints each: some 20 MB, in chunks as they come.
    void twentyThousandEndpointsTakeNoTime()
    {
        QJsonObject endpoint = QJsonDocument::fromJson(recorded("endpointshardz.json"))
                                   .object()
                                   .value(u"helloworld.sample.svc.cluster.local")[u"sample"][u"Shards"][u"Kubernetes/cluster-2"][0]
                                   .toObject();
        endpoint.insert(QStringLiteral("HostName"), QString(400, u'x'));
        QJsonArray ten;
        for (int i = 0; i < 10; ++i)
            ten.append(endpoint);
        const QJsonObject shards { { QStringLiteral("Kubernetes/cluster-2"), ten } };
        const QJsonObject space { { QStringLiteral("Shards"), shards }, { QStringLiteral("ServiceAccounts"), QJsonObject() } };
        const QByteArray service = QJsonDocument(QJsonObject { { QStringLiteral("ns"), space } }).toJson(QJsonDocument::Compact);
        EndpointCounter counter;
        QElapsedTimer timer;
        timer.start();
        QVERIFY(counter.read("{"));
        for (int i = 0; i < 2000; ++i)
            QVERIFY(counter.read((i ? ",\"s" : "\"s") + QByteArray::number(i) + ".ns.svc\":" + service));
        QVERIFY(counter.read("}"));
        QVERIFY(counter.isComplete());
        QCOMPARE(counter.byCluster().value(QStringLiteral("cluster-2")), qint64(20000));
        qInfo("%lld ms", timer.elapsed());
    }
};

QTEST_GUILESS_MAIN(TestIstio)
#include "tst_istio.moc"
