// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/accesscheck.h"
#include "kube/discovery.h"
#include "kube/exec.h"
#include "kube/informer.h"
#include "kube/kubeclient.h"
#include "kube/logs.h"
#include "support/labprocess.h"
#include "support/wait.h"

#include <QJsonDocument>
#include <QSignalSpy>
#include <QtTest>

using namespace catamaran;
using namespace catamaran::kube;
using namespace std::chrono_literals;
using core::ErrorKind;
using core::Result;
using test::wait;

namespace {

template <typename T> const char *why(const Result<T> &result)
{
    static QByteArray text;
    text = result ? QByteArray() : result.error().text().toUtf8();
    return text.constData();
}

QJsonObject sleeper(int replicas)
{
    return QJsonDocument::fromJson(
        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"sleep\",\"namespace\":\"default\"},"
        "\"spec\":{\"replicas\":"
        + QByteArray::number(replicas)
        + ",\"selector\":{\"matchLabels\":{\"app\":\"sleep\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":\"sleep\"}},"
          "\"spec\":{\"containers\":[{\"name\":\"sleep\",\"image\":\"curlimages/curl\",\"command\":[\"/bin/sleep\",\"infinity\"]}]}}}}")
        .object();
}

} // namespace

/// The client against the practice range's API server: real sockets, TLS with client certificates, real commands.
class KubeRangeTest : public QObject {
    Q_OBJECT

    tests::LabProcess m_lab;
    std::unique_ptr<KubeClient> m_client;
    QString m_pod;

    ExecOptions command(const QStringList &arguments) const
    {
        ExecOptions options;
        options.ns = QStringLiteral("default");
        options.pod = m_pod;
        options.container = QStringLiteral("sleep");
        options.command = arguments;
        return options;
    }
    ExecOptions shell(const char *script) const
    {
        return command({ QStringLiteral("sh"), QStringLiteral("-c"), QString::fromUtf8(script) });
    }

private slots:
    void initTestCase()
    {
        if (tests::LabProcess::program().isEmpty())
            QSKIP("there is no catamaran-lab");
        QVERIFY2(m_lab.start(), qPrintable(m_lab.errorText()));
        const auto config = loadKubeconfig({ m_lab.kubeconfig(1) });
        QVERIFY2(config, why(config));
        const auto access = resolveContext(*config);
        QVERIFY2(access, why(access));
        QVERIFY2(access->warnings.isEmpty(), qPrintable(access->warnings.join(u'\n')));
        m_client = std::make_unique<KubeClient>(*access);
        const auto applied = wait(m_client->apply(sleeper(1), {}, {}));
        QVERIFY2(applied, why(applied));
        QTRY_VERIFY_WITH_TIMEOUT(([this] {
            const auto pods = wait(m_client->list(kinds::pods, QStringLiteral("default"), QStringLiteral("app=sleep"), {}));
            for (const QJsonObject &pod : pods ? pods->items : QList<QJsonObject>()) {
                if (pod[u"status"].toObject()[u"phase"] == QStringLiteral("Running"))
                    m_pod = pod[u"metadata"].toObject()[u"name"].toString();
            }
            return !m_pod.isEmpty();
        }()),
            20000);
    }

    void version()
    {
        const auto version = wait(m_client->version({}));
        QVERIFY2(version, why(version));
        QCOMPARE(version->major, 1);
        QVERIFY(version->minor >= 20);
    }

    void conflictNamesFieldAndOwner()
    {
        ApplyOptions other;
        other.fieldManager = QStringLiteral("somebody");
        const QJsonObject map = QJsonDocument::fromJson(
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m\",\"namespace\":\"default\"},\"data\":{\"k\":\"1\"}}")
                                    .object();
        const auto first = wait(m_client->apply(map, other, {}));
        QVERIFY2(first, why(first));
        QJsonObject mine = map;
        mine[u"data"] = QJsonObject { { QStringLiteral("k"), QStringLiteral("2") } };
        const auto refused = wait(m_client->apply(mine, {}, {}));
        QVERIFY(!refused);
        QVERIFY2(refused.error().kind == ErrorKind::Conflict, why(refused));
        QCOMPARE(refused.error().code, QStringLiteral("FieldManagerConflict"));
        QVERIFY2(refused.error().answer.contains(QStringLiteral("somebody")) && refused.error().answer.contains(QStringLiteral(".data.k")),
            why(refused));
        ApplyOptions force;
        force.force = true;
        QVERIFY(wait(m_client->apply(mine, force, {})));
        QVERIFY(wait(m_client->remove(kinds::configMaps, QStringLiteral("default"), QStringLiteral("m"), {})));
        QVERIFY2(wait(m_client->remove(kinds::configMaps, QStringLiteral("default"), QStringLiteral("m"), {})),
            "what is not there counts as deleted");
    }

    void dryRunStoresNothing()
    {
        ApplyOptions dry;
        dry.dryRun = true;
        const QJsonObject map = QJsonDocument::fromJson(
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"dry\"},\"data\":{\"k\":\"1\"}}")
                                    .object();
        const auto applied = wait(m_client->apply(map, dry, {}));
        QVERIFY2(applied, why(applied));
        const auto got = wait(m_client->get(kinds::configMaps, {}, QStringLiteral("dry"), {}));
        QVERIFY(!got && got.error().kind == ErrorKind::NotFound);
    }

    void mayI()
    {
        const auto may = wait(m_client->mayI(
            { QStringLiteral("create"), {}, QStringLiteral("pods"), QStringLiteral("exec"), QStringLiteral("default"), {} }, {}));
        QVERIFY2(may, why(may));
        QVERIFY(*may);
    }

    void commands_data()
    {
        QTest::addColumn<QString>("script");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("output");
        QTest::addColumn<QByteArray>("errors");
        QTest::newRow("success") << "echo hello" << 0 << QByteArray("hello\n") << QByteArray();
        QTest::newRow("exit code") << "echo out; echo err >&2; exit 42" << 42 << QByteArray("out\n") << QByteArray("err\n");
        QTest::newRow("odd characters") << "printf '%s' 'a+b;c&d=é#%20'" << 0 << QByteArray("a+b;c&d=é#%20") << QByteArray();
    }
    void commands()
    {
        QFETCH(QString, script);
        QFETCH(int, exitCode);
        QFETCH(QByteArray, output);
        QFETCH(QByteArray, errors);
        const auto result = wait(runInPod(*m_client, shell(script.toUtf8().constData()), {}));
        QVERIFY2(result, why(result));
        QCOMPARE(result->exitCode, exitCode);
        QCOMPARE(result->standardOutput, output);
        QCOMPARE(result->standardError, errors);
    }

    void inputIsDeliveredAndEnded()
    {
        auto options = shell("tr a-z A-Z");
        options.stdinOpen = true;
        const auto session = m_client->exec(options);
        QByteArray output;
        connect(session.get(), &ExecSession::standardOutput, this, [&](const QByteArray &bytes) { output += bytes; });
        QSignalSpy finished(session.get(), &ExecSession::finished);
        session->start();
        session->write(QByteArray(200000, 'x') + "end");
        QVERIFY(session->closeStdin());
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 15000);
        QCOMPARE(finished.first().at(0).toInt(), 0);
        QCOMPARE(output.size(), 200003);
        QVERIFY(output.endsWith("XEND"));
    }

    void largeOutput()
    {
        const auto result = wait(runInPod(*m_client, shell("head -c 8000000 /dev/zero | tr '\\0' x"), {}, 16 * 1024 * 1024));
        QVERIFY2(result, why(result));
        if (result->exitCode == 127 || result->standardOutput.isEmpty())
            QSKIP("the range's sandbox has no /dev/zero");
        QCOMPARE(result->standardOutput.size(), 8000000);
    }

    void aLongCommandIsCancelled()
    {
        std::stop_source stop;
        const auto future = runInPod(*m_client, shell("echo begun; sleep 60"), stop.get_token());
        QTimer::singleShot(500, this, [&] { stop.request_stop(); });
        const auto result = wait(future);
        QVERIFY(!result && result.error().kind == ErrorKind::Cancelled);
    }

    void execInAPodThatIsNotThere()
    {
        auto options = shell("true");
        options.pod = QStringLiteral("nobody");
        const auto result = wait(runInPod(*m_client, options, {}));
        QVERIFY(!result);
        QVERIFY2(result.error().kind == ErrorKind::NotFound, why(result));
    }

    void scaleIsSeenByAWatch()
    {
        const auto watch = m_client->informer(kinds::pods, QStringLiteral("default"));
        QTRY_VERIFY(watch->health().state == InformerHealth::State::Live);
        const auto sleepers = [&] {
            int count = 0;
            for (const CachedObject &cached : watch->objects()) {
                const QJsonObject pod = cached.object();
                count += pod[u"metadata"].toObject()[u"labels"].toObject()[u"app"] == QStringLiteral("sleep")
                    && !pod[u"metadata"].toObject().contains(u"deletionTimestamp");
            }
            return count;
        };
        QCOMPARE(sleepers(), 1);
        const auto scaled = wait(m_client->setScale(kinds::deployments, QStringLiteral("default"), QStringLiteral("sleep"), 3, {}));
        QVERIFY2(scaled, why(scaled));
        QCOMPARE(scaled->specReplicas, 3);
        QTRY_COMPARE_WITH_TIMEOUT(sleepers(), 3, 15000);
        QVERIFY(wait(m_client->setScale(kinds::deployments, QStringLiteral("default"), QStringLiteral("sleep"), 1, {})));
        QTRY_COMPARE_WITH_TIMEOUT(sleepers(), 1, 15000);
    }

    void oneInformerForManyAndItsObjectsAreSlim()
    {
        const auto pods = m_client->informer(kinds::pods, QStringLiteral("default"));
        QCOMPARE(m_client->informer(kinds::pods, QStringLiteral("default")), pods);
        QTRY_VERIFY(pods->health().state == InformerHealth::State::Live);
        const CachedObject pod = pods->objects().value(QStringLiteral("default/") + m_pod);
        QVERIFY(!pod.json.isEmpty());
        QVERIFY(!pod.json.contains("managedFields"));
        QCOMPARE(pod.object()[u"kind"].toString(), QStringLiteral("Pod"));
        QVERIFY(pods->health().heard.isValid());
    }

    void discoversWhatThereIs()
    {
        const auto found = wait(m_client->discover({}));
        QVERIFY2(found, why(found));
        QVERIFY(found->errors.isEmpty());
        for (const ResourceKind &kind : { kinds::pods, kinds::deployments, kinds::services, kinds::destinationRules }) {
            const ApiResource *one = found->find(kind.group.isEmpty() ? kind.plural : kind.plural + u'.' + kind.group);
            QVERIFY2(one, qPrintable(kind.plural));
            QVERIFY(one->can(QStringLiteral("watch")));
            QVERIFY(one->kind.namespaced);
        }
        QVERIFY(found->find(QStringLiteral("deploy"))->subresources.contains(QStringLiteral("scale")));
        QVERIFY(found->find(QStringLiteral("pods"))->subresources.contains(QStringLiteral("exec")));
    }

    void whatIsAllowedIsKnownBefore()
    {
        const auto refused = wait(m_client->accessCheck().refusedOf(
            execNeeds(QStringLiteral("default")) + scaleNeeds(QStringLiteral("default")) + logNeeds(QStringLiteral("default"))));
        QVERIFY2(refused, why(refused));
        QVERIFY(refused->isEmpty());
        QCOMPARE(m_client->accessCheck().known(execNeeds(QStringLiteral("default")).first()), std::optional<bool>(true));
    }

    void logsEndOrFollow()
    {
        LogOptions options;
        options.ns = QStringLiteral("default");
        options.pod = m_pod;
        options.container = QStringLiteral("sleep");
        const auto once = m_client->logs(options);
        once->start();
        QTRY_VERIFY(once->state() == LogStream::State::Ended);
        options.follow = true;
        const auto followed = m_client->logs(options);
        followed->start();
        QTRY_VERIFY(followed->state() == LogStream::State::Live);
        options.container = QStringLiteral("none");
        const auto wrong = m_client->logs(options);
        wrong->start();
        QTRY_VERIFY(wrong->state() == LogStream::State::Failed);
        QVERIFY(!wrong->lastError().answer.isEmpty());
    }

    void stoppedServerIsStaleWithinSeconds()
    {
        const auto watch = m_client->informer(kinds::namespaces, {});
        QTRY_VERIFY(watch->health().state == InformerHealth::State::Live);
        const auto stopped = m_lab.ctl({ QStringLiteral("stop"), QStringLiteral("api-server"), QStringLiteral("cluster-1") });
        QVERIFY2(stopped.ok(), stopped.standardError.constData());
        QTRY_VERIFY_WITH_TIMEOUT(watch->health().state == InformerHealth::State::Stale, 15000);
        QVERIFY(!watch->objects().isEmpty());
        const auto started = m_lab.ctl({ QStringLiteral("start"), QStringLiteral("api-server"), QStringLiteral("cluster-1") });
        QVERIFY2(started.ok(), started.standardError.constData());
        QTRY_VERIFY_WITH_TIMEOUT(watch->health().state == InformerHealth::State::Live, 35000);
    }
};

QTEST_GUILESS_MAIN(KubeRangeTest)
#include "tst_kuberange.moc"
