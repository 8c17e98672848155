// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/execplugin.h"
#include "pki/ca.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

using namespace catamaran;
using namespace catamaran::kube;
using namespace std::chrono_literals;
using core::ErrorKind;
using core::Result;

class ExecPluginTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    /// A real program in a folder of its own.
    ExecPlugin script(const QByteArray &body)
    {
        static int number = 0;
        ExecPlugin plugin;
        plugin.apiVersion = QStringLiteral("client.authentication.k8s.io/v1");
        plugin.command = m_dir.filePath(QStringLiteral("plugin-%1").arg(++number));
        plugin.interactiveMode = QStringLiteral("Never");
        plugin.origin = QStringLiteral("user u in f");
        QFile file(plugin.command);
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write");
        file.write("#!/bin/sh\n" + body);
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
        return plugin;
    }

    static Result<ExecCredential> ask(ExecCredentialSource &source)
    {
        std::optional<Result<ExecCredential>> got;
        source.need([&](const Result<ExecCredential> &result) { got = result; });
        if (!QTest::qWaitFor([&] { return got.has_value(); }, 10000))
            return core::fail(ErrorKind::Internal, {}, {}, QStringLiteral("no answer"));
        return *got;
    }

    static QByteArray answer(const QByteArray &status, const QByteArray &version = "v1")
    {
        return "{\"apiVersion\":\"client.authentication.k8s.io/" + version + "\",\"kind\":\"ExecCredential\",\"status\":" + status + "}";
    }

private slots:
    void initTestCase() { permitPlugins(); }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void answers_data()
    {
        QTest::addColumn<QByteArray>("output");
        QTest::addColumn<QString>("words"); // empty: accepted
        QTest::newRow("token") << answer("{\"token\":\"t\"}") << "";
        QTest::newRow("token until a time") << answer("{\"token\":\"t\",\"expirationTimestamp\":\"2040-01-02T03:04:05Z\"}") << "";
        QTest::newRow("YAML") << QByteArray("apiVersion: client.authentication.k8s.io/v1\nkind: ExecCredential\nstatus:\n  token: t\n")
                              << "";
        QTest::newRow("a kind in escapes") << answer("{\"token\":\"t\"}").replace("ExecC", "\\u0045xecC") << "";
        QTest::newRow("YAML whose status is given twice")
            << QByteArray("apiVersion: client.authentication.k8s.io/v1\nkind: ExecCredential\nstatus: {token: other}\nstatus: {token: t}\n")
            << "";
        QTest::newRow("YAML whose status is itself, many times over")
            << "&a\napiVersion: client.authentication.k8s.io/v1\nkind: ExecCredential\n" + QByteArray("status: *a\n").repeated(2000)
            << "neither";
        QTest::newRow("warning before the JSON") << "Warning: old\n" + answer("{\"token\":\"t\"}") << "not one ExecCredential";
        QTest::newRow("nothing") << QByteArray() << "not one ExecCredential";
        QTest::newRow("other version") << answer("{\"token\":\"t\"}", "v1beta1") << "asks for client.authentication.k8s.io/v1";
        QTest::newRow("other kind") << QByteArray("{\"kind\":\"Token\",\"status\":{\"token\":\"t\"}}") << "“Token”";
        QTest::newRow("no status") << QByteArray("{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\"}")
                                   << "no status";
        QTest::newRow("only a certificate") << answer("{\"clientCertificateData\":\"x\"}") << "only one of";
        QTest::newRow("neither") << answer("{}") << "neither";
        QTest::newRow("broken certificate") << answer("{\"clientCertificateData\":\"x\",\"clientKeyData\":\"y\"}") << "certificate";
        QTest::newRow("broken time") << answer("{\"token\":\"t\",\"expirationTimestamp\":\"soon\"}") << "not a time";
        QTest::newRow("token is a number") << answer("{\"token\":5}") << "not text";
    }
    void answers()
    {
        QFETCH(QByteArray, output);
        QFETCH(QString, words);
        ExecPlugin plugin;
        plugin.apiVersion = QStringLiteral("client.authentication.k8s.io/v1");
        const auto credential = parseExecCredential(output, plugin);
        if (words.isEmpty()) {
            QVERIFY2(credential, credential ? "" : qPrintable(credential.error().text()));
            QCOMPARE(credential->token.reveal(), QByteArray("t"));
        } else {
            QVERIFY(!credential);
            QVERIFY2(credential.error().answer.contains(words), qPrintable(credential.error().answer));
        }
    }

    void certificateAndKey()
    {
        const auto root = pki::makeRoot(QStringLiteral("R"), pki::KeyType::EcP256).value();
        pki::LeafRequest request;
        request.commonName = QStringLiteral("bob");
        const auto leaf = pki::makeLeaf(root, request).value();
        const QJsonObject status { { QStringLiteral("clientCertificateData"), QString::fromLatin1(leaf.certificate) },
            { QStringLiteral("clientKeyData"), QString::fromLatin1(leaf.key.reveal()) } };
        ExecPlugin plugin;
        plugin.apiVersion = QStringLiteral("client.authentication.k8s.io/v1");
        const auto credential = parseExecCredential(answer(QJsonDocument(status).toJson()), plugin);
        QVERIFY2(credential, credential ? "" : qPrintable(credential.error().text()));
        QCOMPARE(credential->clientChain.first().subjectInfo(QSslCertificate::CommonName), QStringList { QStringLiteral("bob") });
    }

    void whatThePluginIsTold()
    {
        ExecPlugin plugin = script("printf '%s' \"$KUBERNETES_EXEC_INFO\" > " + m_dir.path().toUtf8()
            + "/info\nprintf '%s|%s' \"$1\" \"$EXTRA\" > " + m_dir.path().toUtf8() + "/args\necho '" + answer("{\"token\":\"t\"}") + "'\n");
        plugin.arguments = { QStringLiteral("a b") };
        plugin.environment = { { QStringLiteral("EXTRA"), QStringLiteral("x y") } };
        plugin.provideClusterInfo = true;
        plugin.clusterInfo = "{\"server\":\"https://h\"}";
        ExecCredentialSource source(plugin);
        QVERIFY(ask(source));
        QFile info(m_dir.filePath(QStringLiteral("info"))), args(m_dir.filePath(QStringLiteral("args")));
        QVERIFY(info.open(QIODevice::ReadOnly) && args.open(QIODevice::ReadOnly));
        const QJsonObject told = QJsonDocument::fromJson(info.readAll()).object();
        QCOMPARE(told.value(u"apiVersion").toString(), plugin.apiVersion);
        QCOMPARE(told.value(u"spec").toObject().value(u"interactive"), QJsonValue(false));
        QCOMPARE(told.value(u"spec").toObject().value(u"cluster").toObject().value(u"server").toString(), QStringLiteral("https://h"));
        QCOMPARE(args.readAll(), QByteArray("a b|x y"));
    }

    void keptUntilForgotten()
    {
        ExecCredentialSource source(
            script("echo '" + answer("{\"token\":\"t\",\"expirationTimestamp\":\"2040-01-02T03:04:05Z\"}") + "'\n"));
        int answers = 0;
        source.need([&](const auto &) { ++answers; });
        source.need([&](const auto &) { ++answers; }); // the same run serves both
        QTRY_COMPARE(answers, 2);
        QVERIFY(ask(source));
        QCOMPARE(source.runs(), 1);
    }

    void expiredAnswerDoesNotLoop()
    {
        ExecCredentialSource source(
            script("echo '" + answer("{\"token\":\"t\",\"expirationTimestamp\":\"2001-01-02T03:04:05Z\"}") + "'\n"));
        QVERIFY(ask(source)); // accepted, as client-go does
        QVERIFY(ask(source));
        QCOMPARE(source.runs(), 1);
    }

    void failures_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("words");
        QTest::newRow("exit code and text") << QByteArray("printf 'log in\\033[31m first' >&2; exit 3\n") << int(ErrorKind::Unauthorized)
                                            << "exit code 3: log in [31m first";
        QTest::newRow("never ends") << QByteArray("exec sleep 60\n") << int(ErrorKind::Timeout) << "did not end";
        QTest::newRow("endless output") << QByteArray("exec yes\n") << int(ErrorKind::Protocol) << "longer than";
        QTest::newRow("killed") << QByteArray("kill -9 $$\n") << int(ErrorKind::Precondition) << "crashed";
    }
    void failures()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, kind);
        QFETCH(QString, words);
        ExecCredentialSource source(script(body));
        source.setTimeout(1500ms);
        const auto result = ask(source);
        QVERIFY(!result);
        QVERIFY2(result.error().answer.contains(words), qPrintable(result.error().answer));
        QCOMPARE(int(result.error().kind), kind);
        QCOMPARE(result.error().target, QStringLiteral("user u in f"));
    }

    void notInstalled()
    {
        ExecPlugin plugin = script("");
        plugin.command = QStringLiteral("no-such-login-tool");
        plugin.installHint = QStringLiteral("get it\033[0m there");
        ExecCredentialSource source(plugin);
        const auto result = ask(source);
        QVERIFY(!result);
        QVERIFY(result.error().answer.contains(QStringLiteral("executable no-such-login-tool not found")));
        QCOMPARE(result.error().remedy, QStringLiteral("get it [0m there"));
    }

    void diesWithItsOwner()
    {
        auto source = std::make_unique<ExecCredentialSource>(script("exec sleep 60\n"));
        bool called = false;
        source->need([&](const auto &) { called = true; });
        source.reset();
        QCoreApplication::processEvents();
        QVERIFY(!called);
    }
};

QTEST_GUILESS_MAIN(ExecPluginTest)
#include "tst_execplugin.moc"
