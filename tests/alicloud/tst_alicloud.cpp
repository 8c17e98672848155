// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "alicloud/ackclient.h"
#include "alicloud/asmclient.h"
#include "alicloud/cliprofile.h"
#include "alicloud/transport.h"
#include "support/labprocess.h"
#include "support/paths.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
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

/// Sends what it is given twice, as somebody in between may; the second answer is the answer.
class Replaying final : public net::HttpClient {
public:
    explicit Replaying(std::unique_ptr<net::HttpClient> inner)
        : m_inner(std::move(inner))
    {
    }
    QFuture<core::Result<net::HttpReply>> send(net::HttpRequest request, std::stop_token stop) override
    {
        return m_inner->send(request, stop)
            .then(this, [this, request, stop](const core::Result<net::HttpReply> &) { return m_inner->send(request, stop); })
            .unwrap();
    }
    net::HttpStream *stream(const net::HttpRequest &request, QObject *parent) override { return m_inner->stream(request, parent); }

private:
    std::unique_ptr<net::HttpClient> m_inner;
};

/// What the table says of calls to the cloud; the cloud's own library is held to the same (tests/conformance/sdk/check.mjs).
const QJsonObject &table()
{
    static const QJsonObject read
        = QJsonDocument::fromJson(contentOf(tests::sourceFile(QStringLiteral("tests/conformance/sdk/expectations.json")))).object();
    return read;
}

QJsonValue valueAt(const QJsonObject &answer, const QString &path)
{
    QJsonValue value = answer;
    for (const QString &key : path.split(u'.'))
        value = value.isArray() ? value.toArray().at(key.toInt()) : value[key];
    return value;
}

QString nameOf(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Unauthorized: return QStringLiteral("unauthorized");
    case ErrorKind::Forbidden: return QStringLiteral("forbidden");
    case ErrorKind::NotFound: return QStringLiteral("notFound");
    case ErrorKind::InvalidInput: return QStringLiteral("invalidInput");
    case ErrorKind::Unsupported: return QStringLiteral("unsupported");
    case ErrorKind::Throttled: return QStringLiteral("throttled");
    default: return QStringLiteral("another");
    }
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
    void isRefusedAsTheTableSays_data();
    void isRefusedAsTheTableSays();
    void theLifeOfAMeshAsTheTableSays();
    void aRoleIsAssumedAnewInTime();
    void aPermissionThatIsMissingIsNamed();
    void temporaryCredentialsThatEndedAreSaid();
    void profilesOfTheCommandLineTool_data();
    void profilesOfTheCommandLineTool();

private:
    Credentials key() const;
    Endpoints where() const;
    std::shared_ptr<CredentialSource> role(const QString &arn, core::Clock clock = core::systemClock()) const;
    Call callOf(const QJsonObject &step, const QMap<QString, QString> &known) const;
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
    return { QUrl(url), url, QSslCertificate::fromPath(m_lab.caFile()), QUrl(url) };
}

std::shared_ptr<CredentialSource> tst_AliCloud::role(const QString &arn, core::Clock clock) const
{
    return assumedRole(fixedCredentials(key()), { arn, QStringLiteral("test"), 900 }, where(), std::move(clock));
}

Call tst_AliCloud::callOf(const QJsonObject &step, const QMap<QString, QString> &known) const
{
    const auto filled = [&](QString text) {
        for (auto it = known.begin(); it != known.end(); ++it)
            text.replace(QStringLiteral("${%1}").arg(it.key()), it.value());
        return text;
    };
    const bool isAck = step.contains(u"path");
    Call call;
    call.endpoint = QUrl(m_lab.ready().value(u"cloud").toString());
    call.action = step.value(u"call").toString();
    call.version = isAck ? QStringLiteral("2015-12-15") : QStringLiteral("2020-01-11");
    call.method = isAck ? "GET" : step.value(u"method").toString(QStringLiteral("POST")).toLatin1();
    if (isAck)
        call.path = filled(step.value(u"path").toString());
    const QJsonObject parameters = step.value(u"parameters").toObject();
    for (auto it = parameters.begin(); it != parameters.end(); ++it)
        (isAck ? call.query : call.form).insert(it.key(), filled(it.value().toString()));
    call.purpose = QStringLiteral("try ") + call.action;
    return call;
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
    if (test == "profilesOfTheCommandLineTool")
        return;
    QStringList options { QStringLiteral("--create-delay"), QStringLiteral("200"), QStringLiteral("--update-delay"),
        QTest::currentTestFunction() == QByteArray("lifeOfAMesh") ? QStringLiteral("1000") : QStringLiteral("100") };
    if (test == "throttledCallsAreRepeated")
        options << QStringLiteral("--rate-limit") << QStringLiteral("5");
    if (test == "isRefusedAsTheTableSays") {
        for (const QJsonValue &one : table().value(u"refusals").toArray())
            if (one[u"name"].toString() == QLatin1String(QTest::currentDataTag()) && one[u"rate"].isDouble())
                options << QStringLiteral("--rate-limit") << QString::number(one[u"rate"].toInt());
    }
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
    // It leads to the same server as the range's own file, with a certificate of its own.
    const auto upTo = [](const QByteArray &yaml) { return yaml.left(yaml.indexOf("\nusers:")); };
    QCOMPARE(upTo(kubeconfig->yaml), upTo(contentOf(m_lab.kubeconfig(2))));
    QVERIFY(kubeconfig->yaml != contentOf(m_lab.kubeconfig(2)));
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

void tst_AliCloud::isRefusedAsTheTableSays_data()
{
    QTest::addColumn<QJsonObject>("one");
    for (const QJsonValue &one : table().value(u"refusals").toArray())
        QTest::newRow(one[u"name"].toString().toUtf8().constData()) << one.toObject();
    QVERIFY(!table().value(u"refusals").toArray().isEmpty());
}

void tst_AliCloud::isRefusedAsTheTableSays()
{
    QFETCH(QJsonObject, one);
    Credentials credentials = key();
    if (one.contains(u"secret"))
        credentials.accessKeySecret = core::Secret(one.value(u"secret").toString().toUtf8());
    if (one.contains(u"accessKeyId"))
        credentials.accessKeyId = one.value(u"accessKeyId").toString();
    auto source = one.contains(u"as") ? role(one.value(u"as").toString()) : fixedCredentials(credentials);
    if (one.contains(u"token")) {
        const auto own = take(source->credentials({}));
        QVERIFY2(own, own ? "" : qPrintable(own.error().text()));
        Credentials other = *own;
        other.securityToken = core::Secret(one.value(u"token").toString().toUtf8());
        source = fixedCredentials(other);
    }
    net::TlsOptions tls;
    tls.trusted = where().trusted;
    std::unique_ptr<net::HttpClient> way = net::makeHttpClient(tls);
    if (one.value(u"replay").toBool())
        way = std::make_unique<Replaying>(std::move(way));
    Transport transport(source, {}, std::move(way), nullptr);
    net::RetryPolicy once;
    once.attempts = 1;
    transport.setRetryPolicy(once);
    transport.setClock([minutes = one.value(u"minutes").toInt()] { return QDateTime::currentDateTimeUtc().addSecs(60 * minutes); });
    QStringList before;
    for (const QJsonValue &word : one.value(u"before").toArray())
        before << word.toString();
    if (!before.isEmpty())
        QVERIFY(m_lab.ctl(before).ok());
    QList<QFuture<core::Result<QJsonObject>>> asked;
    for (int i = 0; i < one.value(u"burst").toInt(1); ++i)
        asked << transport.send(callOf(one, {}), {});
    std::optional<core::Error> error;
    for (const auto &each : asked)
        if (const auto answer = take(each); !answer)
            error = answer.error();
    QVERIFY(error);
    QVERIFY2(error->code == one.value(u"error").toString(), qPrintable(error->text()));
    QCOMPARE(nameOf(error->kind), one.value(u"kind").toString());
    QVERIFY(!error->requestId.isEmpty());
    if (one.contains(u"wait"))
        QCOMPARE(error->retryAfterMs > 0, one.value(u"wait").toBool());
}

void tst_AliCloud::theLifeOfAMeshAsTheTableSays()
{
    Transport own(fixedCredentials(key()), where().trusted, {}, nullptr);
    AckClient ack(key(), where());
    const auto clusters = take(ack.clusters({}, {}));
    QVERIFY2(clusters, clusters ? "" : qPrintable(clusters.error().text()));
    QMap<QString, QString> known { { QStringLiteral("cluster1"), clusters->at(0).id }, { QStringLiteral("cluster2"), clusters->at(1).id } };
    int number = 0;
    for (const QJsonValue &each : table().value(u"life").toArray()) {
        const QJsonObject step = each.toObject();
        const QByteArray told = QStringLiteral("step %1, %2").arg(number++).arg(step.value(u"call").toString()).toUtf8();
        std::unique_ptr<Transport> other;
        if (step.contains(u"as"))
            other = std::make_unique<Transport>(role(step.value(u"as").toString()), where().trusted, nullptr, nullptr);
        Transport &transport = other ? *other : own;
        if (step.contains(u"error")) {
            const auto answer = take(transport.send(callOf(step, known), {}));
            QVERIFY2(!answer && answer.error().code == step.value(u"error").toString(), told.constData());
            continue;
        }
        QString path = step.value(u"at").toString();
        for (auto it = known.begin(); it != known.end(); ++it)
            path.replace(QStringLiteral("${%1}").arg(it.key()), it.value());
        core::Result<QJsonObject> answer;
        const auto isSo = [&] {
            answer = take(transport.send(callOf(step, known), {}));
            if (!answer || path.isEmpty())
                return answer.has_value();
            const QJsonValue value = valueAt(*answer, path);
            return step.contains(u"length") ? value.isArray() && value.toArray().size() == step.value(u"length").toInt()
                                            : value == step.value(u"is");
        };
        const bool holds = step.value(u"until").toBool() ? QTest::qWaitFor(isSo, 20000) : isSo();
        QVERIFY2(holds, (told + ' ' + (answer ? QJsonDocument(*answer).toJson() : answer.error().text().toUtf8())).constData());
        const QJsonObject saved = step.value(u"save").toObject();
        for (auto it = saved.begin(); it != saved.end(); ++it) {
            known.insert(it.key(), valueAt(*answer, it.value().toString()).toString());
            QVERIFY2(!known.value(it.key()).isEmpty(), told.constData());
        }
    }
    QVERIFY(number > 20);
}

/// Requests never wait for a renewal, and never go out with what has ended.
void tst_AliCloud::aRoleIsAssumedAnewInTime()
{
    QDateTime now = QDateTime::currentDateTimeUtc();
    const auto source = role(QStringLiteral("acs:ram::1:role/catamaran"), [&now] { return now; });
    AsmClient client(source, where());
    QVERIFY(take(client.versions({})));
    const auto first = take(source->credentials({}));
    QVERIFY(first && first->accessKeyId.startsWith(u"STS.") && !first->securityToken.isEmpty());
    QVERIFY(!source->end().isValid()); // there is always a next one
    now = first->expires.addSecs(-renewalSeconds - 1);
    QCOMPARE(take(source->credentials({}))->accessKeyId, first->accessKeyId);
    now = first->expires.addSecs(-renewalSeconds + 1); // due: the old one is given meanwhile
    QCOMPARE(take(source->credentials({}))->accessKeyId, first->accessKeyId);
    QTRY_VERIFY(take(source->credentials({}))->accessKeyId != first->accessKeyId);
    QVERIFY(take(client.versions({})));
    // What has ended is not sent: the next request waits for a new one.
    const auto second = take(source->credentials({}));
    now = second->expires.addSecs(1);
    QVERIFY(take(client.versions({})));
    QVERIFY(take(source->credentials({}))->accessKeyId != second->accessKeyId);

    // And what the cloud refuses is replaced within the same call, where somebody else has renewed it.
    const auto good = take(source->credentials({}));
    int reads = 0;
    const auto file = readCredentials(
        [&]() -> core::Result<Credentials> {
            Credentials read = *good;
            if (reads++ == 0)
                read.securityToken = core::Secret("CAISold");
            return read;
        },
        QStringLiteral("use a profile"));
    AsmClient other(file, where());
    const auto versions = take(other.versions({}));
    QVERIFY2(versions, versions ? "" : qPrintable(versions.error().text()));
    QCOMPARE(reads, 2);
}

void tst_AliCloud::aPermissionThatIsMissingIsNamed()
{
    AsmClient client(role(QStringLiteral("acs:ram::1:role/without-DescribeServiceMeshes")), where());
    QVERIFY(take(client.versions({})));
    const auto meshes = take(client.meshes({}));
    QVERIFY(!meshes);
    QVERIFY(meshes.error().kind == ErrorKind::Forbidden);
    QVERIFY2(meshes.error().remedy.contains(u"servicemesh:DescribeServiceMeshes"), qPrintable(meshes.error().text()));
    AckClient ack(role(QStringLiteral("acs:ram::1:role/without-DescribeClustersV1")), where());
    const auto clusters = take(ack.clusters({}, {}));
    QVERIFY(!clusters);
    QVERIFY2(clusters.error().remedy.contains(u"cs:DescribeClustersV1"), qPrintable(clusters.error().text()));
}

void tst_AliCloud::temporaryCredentialsThatEndedAreSaid()
{
    const auto given = take(role(QStringLiteral("acs:ram::1:role/catamaran"))->credentials({}));
    QVERIFY(given);
    QDateTime now = QDateTime::currentDateTimeUtc();
    AsmClient client(fixedCredentials(*given, [&now] { return now; }), where());
    QVERIFY(take(client.versions({})));
    now = given->expires;
    const auto ended = take(client.versions({}));
    QVERIFY(!ended);
    QVERIFY(ended.error().kind == ErrorKind::Unauthorized);
    QVERIFY2(ended.error().answer.contains(given->expires.toString(Qt::ISODate)), qPrintable(ended.error().text()));
    QVERIFY(!ended.error().text().contains(QString::fromUtf8(given->securityToken.reveal())));
}

void tst_AliCloud::profilesOfTheCommandLineTool_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("profile");
    QTest::addColumn<QString>("says"); // key, token, role; or the refusal
    const auto row = [](const char *name, const char *json, const char *profile, const char *says) {
        QTest::newRow(name) << QByteArray(json) << QString::fromLatin1(profile) << QString::fromUtf8(says);
    };
    const char *const two
        = R"({"current":"a","profiles":[{"name":"a","mode":"AK","access_key_id":"I","access_key_secret":"hush"},{"name":"b","mode":"StsToken",)"
          R"("access_key_id":"J","access_key_secret":"hush","sts_token":"T"}],"meta_path":""})";
    row("the current one", two, "", "I  ");
    row("another by its name", two, "b", "J T ");
    row("a role",
        R"({"current":"r","profiles":[{"name":"r","mode":"RamRoleArn","access_key_id":"I","access_key_secret":"hush",)"
        R"("ram_role_arn":"acs:ram::1:role/x","ram_session_name":"s","expired_seconds":900}]})",
        "r", "I  acs:ram::1:role/x");
    row("none of the name", two, "c", "it has no profile “c”");
    row("two of the name", R"({"profiles":[{"name":"a"},{"name":"a"}]})", "a", "two profiles");
    row("no current one", R"({"profiles":[]})", "", "names no current profile");
    row("a mode that needs the machine's own role",
        R"({"profiles":[{"name":"a","mode":"EcsRamRole","ram_role_name":"x","access_key_id":"I","access_key_secret":"hush"}]})", "a",
        "its mode “EcsRamRole” is not supported");
    row("without its secret", R"({"profiles":[{"name":"a","mode":"AK","access_key_id":"I"}]})", "a", "it has no access_key_secret");
    row("a secret that is a number", R"({"profiles":[{"name":"a","mode":"AK","access_key_id":"I","access_key_secret":5}]})", "a",
        "is not a text");
    row("no JSON", "[default]", "a", "illegal");
    row("a list", "[]", "a", "not a JSON object");
}

void tst_AliCloud::profilesOfTheCommandLineTool()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, profile);
    QFETCH(QString, says);
    const auto read = parseCliProfile(json, profile, QStringLiteral("config.json"));
    const QString text = !read ? read.error().text()
                               : QStringList { read->credentials.accessKeyId, QString::fromUtf8(read->credentials.securityToken.reveal()),
                                     read->role ? read->role->arn : QString() }
                                     .join(u' ');
    QVERIFY2(read ? text == says : text.contains(says), qPrintable(text));
    QVERIFY(!text.contains(u"hush"));
}

QTEST_GUILESS_MAIN(tst_AliCloud)
#include "tst_alicloud.moc"
