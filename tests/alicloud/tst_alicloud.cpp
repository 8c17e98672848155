// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "alicloud/ackclient.h"
#include "alicloud/asmclient.h"
#include "support/labprocess.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace catamaran;
using namespace catamaran::alicloud;
using core::ErrorKind;

namespace {

template <typename T> core::Result<T> take(const QFuture<core::Result<T>> &future)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 20000) || future.resultCount() == 0)
        return core::fail(ErrorKind::Timeout, QStringLiteral("wait"), {}, QStringLiteral("no answer"));
    return future.result();
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

/// The clients against a practice range of the test's own: real TLS, real signature checks, real states.
class tst_AliCloud : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void listsAndKubeconfig();
    void wrongKey_data();
    void wrongKey();
    void untrustedCertificate();
    void lifeOfAMesh();
    void refusals();
    void throttledCallsAreRepeated();
    void throttledForGood();
    void stopped();

private:
    Credentials key() const;
    Endpoints where() const;
    bool waitFor(AsmClient &client, const QString &meshId);
    CreateMeshRequest request(const QString &name) const;

    tests::LabProcess m_lab;
};

Credentials tst_AliCloud::key() const
{
    static const QRegularExpression id(QStringLiteral("accessKeyId: (\\S+)"));
    return { id.match(QString::fromUtf8(contentOf(m_lab.environmentFile()))).captured(1),
        core::Secret(contentOf(m_lab.directory() + QStringLiteral("/access-key-secret"))), {} };
}

Endpoints tst_AliCloud::where() const
{
    const QString url = m_lab.ready().value(u"cloud").toString();
    return { QUrl(url), url, QSslCertificate::fromPath(m_lab.caFile()) };
}

CreateMeshRequest tst_AliCloud::request(const QString &name) const
{
    CreateMeshRequest wanted;
    wanted.name = name;
    wanted.regionId = QStringLiteral("cn-hangzhou");
    wanted.vpcId = QStringLiteral("vpc-bp1rangehangzhou001");
    wanted.vSwitches = { QStringLiteral("vsw-bp1rangehangzhouk01") };
    wanted.istioVersion = minimumMeshVersion;
    return wanted;
}

bool tst_AliCloud::waitFor(AsmClient &client, const QString &meshId)
{
    return QTest::qWaitFor(
        [&] {
            const auto mesh = take(client.mesh(meshId, {}));
            return mesh && mesh->isRunning();
        },
        10000);
}

void tst_AliCloud::initTestCase()
{
    if (tests::LabProcess::program().isEmpty())
        QSKIP("catamaran-lab is not built");
}

void tst_AliCloud::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    const QByteArray test = QTest::currentTestFunction();
    QStringList options { QStringLiteral("--create-delay"), QStringLiteral("200"), QStringLiteral("--update-delay"),
        QStringLiteral("100") };
    if (test == "throttledCallsAreRepeated")
        options << QStringLiteral("--rate-limit") << QStringLiteral("5");
    if (test == "throttledForGood")
        options << QStringLiteral("--rate-limit") << QStringLiteral("1");
    QVERIFY2(m_lab.start(options), qPrintable(m_lab.errorText()));
}

void tst_AliCloud::listsAndKubeconfig()
{
    AckClient ack(key(), where());
    const auto all = take(ack.clusters({}, {}));
    QVERIFY2(all, all ? "" : qPrintable(all.error().text()));
    QCOMPARE(all->size(), 2);
    const auto here = take(ack.clusters(QStringLiteral("cn-shanghai"), {}));
    QVERIFY(here);
    QCOMPARE(here->size(), 1);
    const AckCluster second = here->first();
    QCOMPARE(second.name, QStringLiteral("cluster-2"));
    QCOMPARE(second.vSwitches.size(), 1);
    QVERIFY(second.publicApiServer.startsWith(u"https://127."));
    const auto detail = take(ack.cluster(second.regionId, second.id, {}));
    QVERIFY(detail);
    QCOMPARE(detail->name, second.name);
    const auto kubeconfig = take(ack.kubeconfig(second.regionId, second.id, 60, {}));
    QVERIFY(kubeconfig);
    QCOMPARE(kubeconfig->yaml, contentOf(m_lab.kubeconfig(2)));
    QVERIFY(kubeconfig->expires > QDateTime::currentDateTimeUtc());
    const auto unknown = take(ack.cluster(second.regionId, QStringLiteral("c0"), {}));
    QVERIFY(!unknown);
    QVERIFY(unknown.error().kind == ErrorKind::NotFound);
    QVERIFY(!unknown.error().requestId.isEmpty());
}

void tst_AliCloud::wrongKey_data()
{
    QTest::addColumn<bool>("isIdWrong");
    QTest::addColumn<QString>("code");
    QTest::newRow("unknown id") << true << QStringLiteral("InvalidAccessKeyId.NotFound");
    QTest::newRow("wrong secret") << false << QStringLiteral("SignatureDoesNotMatch");
}

void tst_AliCloud::wrongKey()
{
    QFETCH(bool, isIdWrong);
    QFETCH(QString, code);
    Credentials wrong = key();
    if (isIdWrong)
        wrong.accessKeyId = QStringLiteral("LTAIunknown");
    else
        wrong.accessKeySecret = core::Secret("neverRight");
    AsmClient client(wrong, where());
    const auto meshes = take(client.meshes({}));
    QVERIFY(!meshes);
    QVERIFY(meshes.error().kind == ErrorKind::Unauthorized);
    QCOMPARE(meshes.error().code, code);
    QVERIFY(!meshes.error().requestId.isEmpty());
    QVERIFY(!meshes.error().remedy.isEmpty());
    QVERIFY(!meshes.error().text().contains(u"neverRight"));
}

void tst_AliCloud::untrustedCertificate()
{
    Endpoints blind = where();
    blind.trusted.clear(); // the system's trust store does not know the range's CA
    AsmClient client(key(), blind);
    const auto meshes = take(client.meshes({}));
    QVERIFY(!meshes);
    QVERIFY(meshes.error().kind == ErrorKind::Tls);
}

void tst_AliCloud::lifeOfAMesh()
{
    AsmClient client(key(), where());
    AckClient ack(key(), where());
    const auto clusters = take(ack.clusters({}, {}));
    QVERIFY(clusters);
    const QString first = clusters->at(0).id, second = clusters->at(1).id;
    const auto versions = take(client.versions({}));
    QVERIFY(versions && versions->contains(minimumMeshVersion));

    const auto created = take(client.createMesh(request(QStringLiteral("mesh-1")), {}));
    QVERIFY2(created, created ? "" : qPrintable(created.error().text()));
    QVERIFY(!created->requestId.isEmpty());
    const QString id = created->id;
    QCOMPARE(take(client.mesh(id, {})).value().state, QStringLiteral("initial"));
    QVERIFY(waitFor(client, id));

    QVERIFY(take(client.addCluster(id, first, false, {})));
    QCOMPARE(take(client.mesh(id, {})).value().state, QStringLiteral("updating"));
    const auto tooSoon = take(client.addCluster(id, second, true, {}));
    QVERIFY(!tooSoon);
    QVERIFY(tooSoon.error().kind == ErrorKind::Precondition);
    QVERIFY(waitFor(client, id));
    QVERIFY(take(client.addCluster(id, second, true, {})));
    QVERIFY(waitFor(client, id));
    QCOMPARE(take(client.clustersInMesh(id, {})).value().size(), 2);
    // The candidate list tells who manages: only the cluster that was not added for discovery.
    const auto candidates = take(client.candidateClusters(id, {}));
    QVERIFY(candidates);
    QCOMPARE(candidates->size(), 2);
    QCOMPARE(candidates->at(0).serviceMeshId, id);
    QVERIFY(candidates->at(1).serviceMeshId.isEmpty());

    const ClusterNetworks networks { { first, { QStringLiteral("network1"), true, {}, {} } },
        { second, { QStringLiteral("network2"), false, {}, {} } } };
    QVERIFY(take(client.setNetworks(id, networks, {})));
    QVERIFY(waitFor(client, id));
    const auto read = take(client.networks(id, {}));
    QVERIFY(read);
    QCOMPARE(read->value(first).network, QStringLiteral("network1"));
    QVERIFY(read->value(first).enableGateway);
    QCOMPARE(read->value(first).gatewayName, QStringLiteral("asm-cross-network-") + first);
    QVERIFY(!read->value(second).enableGateway);

    QVERIFY(take(client.setInjection(id, QStringLiteral("default"), true, {})));
    QVERIFY(waitFor(client, id));
    QCOMPARE(
        take(client.guestNamespaceLabels(id, first, {})).value().value(QStringLiteral("default")).value(QStringLiteral("istio-injection")),
        QStringLiteral("enabled"));
    QVERIFY(!take(client.guestNamespaceLabels(id, second, {}))
                 .value()
                 .value(QStringLiteral("default"))
                 .contains(QStringLiteral("istio-injection")));
    QVERIFY(take(client.caCert(id, {})).value().contains("BEGIN CERTIFICATE"));
    QVERIFY(take(client.proxyStatus(id, {})));

    const auto notEmpty = take(client.deleteMesh(id, {}));
    QVERIFY(!notEmpty);
    QCOMPARE(notEmpty.error().code, QStringLiteral("ErrorPermitted.ClustersNotEmpty"));
    for (const QString &cluster : { first, second }) {
        QVERIFY(take(client.removeCluster(id, cluster, {})));
        QVERIFY(waitFor(client, id));
    }
    QVERIFY(take(client.deleteMesh(id, {})));
    QVERIFY(QTest::qWaitFor([&] { return take(client.meshes({})).value().isEmpty(); }, 5000));
    const auto gone = take(client.mesh(id, {}));
    QVERIFY(!gone);
    QVERIFY(gone.error().kind == ErrorKind::NotFound);
}

void tst_AliCloud::refusals()
{
    AsmClient client(key(), where());
    QVERIFY(take(client.createMesh(request(QStringLiteral("mesh-1")), {})));
    const auto twice = take(client.createMesh(request(QStringLiteral("mesh-1")), {}));
    QVERIFY(!twice);
    QVERIFY(twice.error().kind == ErrorKind::Conflict);

    CreateMeshRequest elsewhere = request(QStringLiteral("mesh-2"));
    elsewhere.regionId = QStringLiteral("cn-shanghai"); // the VPC is in cn-hangzhou
    QVERIFY(take(client.createMesh(elsewhere, {})).error().kind == ErrorKind::NotFound);

    CreateMeshRequest strange = request(QStringLiteral("mesh-3"));
    strange.istioVersion = QStringLiteral("v9.9.9.9-g0-aliyun");
    QVERIFY(take(client.createMesh(strange, {})).error().kind == ErrorKind::InvalidInput);

    CreateMeshRequest broken = request(QStringLiteral("mesh-4"));
    broken.caCert = broken.rootCert = contentOf(m_lab.caFile());
    broken.caKey = core::Secret("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    const auto refused = take(client.createMesh(broken, {}));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, QStringLiteral("InvalidParameter.ExistingCaKey"));
}

void tst_AliCloud::throttledCallsAreRepeated()
{
    AsmClient client(key(), where());
    QList<QFuture<core::Result<QStringList>>> running;
    for (int i = 0; i < 8; ++i)
        running << client.versions({});
    for (const auto &each : running) {
        const auto versions = take(each);
        QVERIFY2(versions, versions ? "" : qPrintable(versions.error().text()));
    }
}

void tst_AliCloud::throttledForGood()
{
    AsmClient client(key(), where());
    QList<QFuture<core::Result<QStringList>>> running;
    for (int i = 0; i < 12; ++i)
        running << client.versions({});
    int throttled = 0;
    for (const auto &each : running) {
        const auto versions = take(each);
        if (versions)
            continue;
        ++throttled;
        QVERIFY(versions.error().kind == ErrorKind::Throttled);
        QCOMPARE(versions.error().code, QStringLiteral("Throttling.User"));
        QVERIFY(versions.error().retryAfterMs > 0);
        QVERIFY(!versions.error().requestId.isEmpty());
    }
    QVERIFY(throttled > 0);
}

void tst_AliCloud::stopped()
{
    AsmClient client(key(), where());
    std::stop_source source;
    const auto future = client.meshes(source.get_token());
    source.request_stop();
    const auto meshes = take(future);
    QVERIFY(!meshes);
    QVERIFY(meshes.error().kind == ErrorKind::Cancelled);
}

QTEST_GUILESS_MAIN(tst_AliCloud)
#include "tst_alicloud.moc"
