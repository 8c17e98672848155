// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/execframes.h"
#include "kube/listparser.h"
#include "kube/resourceurl.h"
#include "kube/statuserror.h"
#include "kube/watchlines.h"

#include <QJsonDocument>
#include <QtTest>

using namespace catamaran;
using namespace catamaran::kube;
using core::ErrorKind;

class ParsersTest : public QObject {
    Q_OBJECT

    static QJsonObject json(const QByteArray &text) { return QJsonDocument::fromJson(text).object(); }

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void listPage()
    {
        const auto page = parseListPage("{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"42\",\"continue\":\"abc\",\"remainingItemCount\":3}, \"items\":[{\"metadata\":{\"name\":\"a \\u00e9 \\\" ]}\"}},{\"metadata\":{\"name\":\"b\"},\"spec\":{\"n\":[1,2,{\"x\":null}]}}]}");
        QVERIFY2(page, page ? "" : qPrintable(page.error().answer));
        QCOMPARE(page->resourceVersion, QStringLiteral("42"));
        QCOMPARE(page->next, QStringLiteral("abc"));
        QCOMPARE(page->items.size(), 2);
        QCOMPARE(page->items.at(0).value(u"metadata").toObject().value(u"name").toString(), QStringLiteral("a é \" ]}"));
        QCOMPARE(page->items.at(1).value(u"kind").toString(), QStringLiteral("Pod"));
        QCOMPARE(page->items.at(1).value(u"apiVersion").toString(), QStringLiteral("v1"));
    }

    void emptyLists_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("empty array") << QByteArray("{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}");
        QTest::newRow("null, as Go writes it") << QByteArray("{\"items\":null,\"metadata\":{\"resourceVersion\":\"1\"}}");
    }
    void emptyLists()
    {
        QFETCH(QByteArray, body);
        const auto page = parseListPage(body);
        QVERIFY(page);
        QVERIFY(page->items.isEmpty());
        QCOMPARE(page->resourceVersion, QStringLiteral("1"));
    }

    void brokenLists_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("HTML") << QByteArray("<html>502</html>");
        QTest::newRow("cut off in an item") << QByteArray("{\"metadata\":{},\"items\":[{\"a\":1},{\"b\":");
        QTest::newRow("cut off behind the items") << QByteArray("{\"metadata\":{},\"items\":[{\"a\":1}]");
        QTest::newRow("something behind the end") << QByteArray("{\"metadata\":{},\"items\":[]} {}");
        QTest::newRow("items is a map") << QByteArray("{\"metadata\":{},\"items\":{}}");
        QTest::newRow("items is almost null") << QByteArray("{\"metadata\":{},\"items\":nxyz}");
        QTest::newRow("an item is a number") << QByteArray("{\"metadata\":{},\"items\":[1]}");
        QTest::newRow("no items") << QByteArray("{\"metadata\":{}}");
        QTest::newRow("a Status") << QByteArray("{\"kind\":\"Status\",\"status\":\"Failure\",\"items\":[]}");
        QTest::newRow("an array") << QByteArray("[]");
        QTest::newRow("metadata is text") << QByteArray("{\"metadata\":\"x\",\"items\":[]}");
        QTest::newRow("deep nesting") << QByteArray("{\"metadata\":{},\"items\":[{\"a\":") + QByteArray(100000, '[') + QByteArray(100000, ']') + "}]}";
    }
    void brokenLists()
    {
        QFETCH(QByteArray, body);
        const auto page = parseListPage(body);
        QVERIFY(!page);
        QVERIFY(page.error().kind == ErrorKind::Protocol);
        QVERIFY(!page.error().answer.isEmpty());
    }

    void watchLinesHoweverSplit()
    {
        const QByteArray text = "{\"a\":1}\n\n{\"b\":2}\r\n{\"c\":3}\n{\"rest";
        for (int step = 1; step <= text.size(); ++step) {
            WatchLines lines;
            QList<QByteArray> got;
            for (int at = 0; at < text.size(); at += step)
                got += lines.feed(text.mid(at, step)).value();
            QCOMPARE(got.size(), 3);
            QCOMPARE(got.at(1).trimmed(), QByteArray("{\"b\":2}"));
            QCOMPARE(lines.rest(), QByteArray("{\"rest"));
        }
    }

    void endlessWatchLineIsAnError()
    {
        WatchLines lines(1000);
        QVERIFY(lines.feed(QByteArray(1000, 'x')));
        const auto over = lines.feed("y");
        QVERIFY(!over);
        QVERIFY(over.error().kind == ErrorKind::Protocol);
        QVERIFY(!lines.feed("\n")); // and stays one
    }

    void watchEvents_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("type"); // -1: refused
        QTest::addColumn<QString>("key");
        QTest::newRow("added in a namespace") << QByteArray("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"namespace\":\"n\",\"name\":\"a\",\"resourceVersion\":\"5\"}}}") << int(WatchLine::Type::Added) << "n/a";
        QTest::newRow("cluster-scoped") << QByteArray("{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"5\"}}}") << int(WatchLine::Type::Modified) << "a";
        QTest::newRow("deleted") << QByteArray("{\"type\":\"DELETED\",\"object\":{\"metadata\":{\"namespace\":\"n\",\"name\":\"a\",\"resourceVersion\":\"5\"}}}") << int(WatchLine::Type::Deleted) << "n/a";
        QTest::newRow("bookmark") << QByteArray("{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"5\"}}}") << int(WatchLine::Type::Bookmark) << "";
        QTest::newRow("error") << QByteArray("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410}}") << int(WatchLine::Type::Error) << "";
        QTest::newRow("unknown type") << QByteArray("{\"type\":\"NEW\",\"object\":{\"metadata\":{\"name\":\"a\"}}}") << -1 << "";
        QTest::newRow("no object") << QByteArray("{\"type\":\"ADDED\"}") << -1 << "";
        QTest::newRow("no name") << QByteArray("{\"type\":\"ADDED\",\"object\":{\"metadata\":{}}}") << -1 << "";
        QTest::newRow("not JSON") << QByteArray("<html>") << -1 << "";
    }
    void watchEvents()
    {
        QFETCH(QByteArray, line);
        QFETCH(int, type);
        QFETCH(QString, key);
        const auto event = parseWatchLine(line);
        QCOMPARE(event.has_value(), type >= 0);
        if (!event)
            return;
        QCOMPARE(int(event->type), type);
        QCOMPARE(event->key, key);
        if (event->type != WatchLine::Type::Error)
            QCOMPARE(event->resourceVersion, QStringLiteral("5"));
    }

    void statuses_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("words");
        QTest::newRow("forbidden") << 403 << QByteArray("{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"message\":\"pods is forbidden\"}") << int(ErrorKind::Forbidden) << "Forbidden" << "pods is forbidden";
        QTest::newRow("conflict of managers") << 409
                                              << QByteArray("{\"kind\":\"Status\",\"reason\":\"Conflict\",\"message\":\"Apply failed with 1 conflict\",\"details\":{\"causes\":[{\"reason\":\"FieldManagerConflict\",\"field\":\".spec.replicas\",\"message\":\"conflict with \\\"kubectl\\\" using apps/v1\"}]}}")
                                              << int(ErrorKind::Conflict) << "FieldManagerConflict" << ".spec.replicas: conflict with \"kubectl\"";
        QTest::newRow("conflict of versions") << 409 << QByteArray("{\"kind\":\"Status\",\"reason\":\"Conflict\",\"message\":\"the object has been modified\"}") << int(ErrorKind::Conflict) << "Conflict" << "modified";
        QTest::newRow("invalid with causes") << 422
                                             << QByteArray("{\"kind\":\"Status\",\"reason\":\"Invalid\",\"message\":\"Deployment is invalid\",\"details\":{\"causes\":[{\"reason\":\"FieldValueRequired\",\"field\":\"spec.a\",\"message\":\"Required value\"},{\"reason\":\"FieldValueInvalid\",\"field\":\"spec.b\",\"message\":\"must be positive\"}]}}")
                                             << int(ErrorKind::InvalidInput) << "Invalid" << "spec.b: must be positive";
        QTest::newRow("expired") << 410 << QByteArray("{\"kind\":\"Status\",\"reason\":\"Expired\",\"message\":\"too old\"}") << int(ErrorKind::Gone) << "Expired" << "too old";
        QTest::newRow("a proxy's HTML") << 502 << QByteArray("<html><h1>502 Bad\nGateway</h1></html>") << int(ErrorKind::Server) << "" << "502 Bad Gateway";
        QTest::newRow("empty forbidden") << 403 << QByteArray() << int(ErrorKind::Forbidden) << "" << "HTTP status 403";
        QTest::newRow("redirect") << 302 << QByteArray() << int(ErrorKind::Protocol) << "" << "302";
    }
    void statuses()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, kind);
        QFETCH(QString, code);
        QFETCH(QString, words);
        const auto error = statusError(QStringLiteral("try"), QUrl(QStringLiteral("https://u:p@h/x?token=t")), { status, { { "Audit-Id", "id-1" } }, body });
        QCOMPARE(int(error.kind), kind);
        QCOMPARE(error.code, code);
        QVERIFY2(error.answer.contains(words), qPrintable(error.answer));
        QCOMPARE(error.httpStatus, status);
        QCOMPARE(error.requestId, QStringLiteral("id-1"));
        QCOMPARE(error.target, QStringLiteral("https://h/x"));
    }

    void retryAfter_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("expected");
        QTest::newRow("seconds") << QByteArray("3") << 3000;
        QTest::newRow("absurdly long") << QByteArray("999999999") << 24 * 3600 * 1000;
        QTest::newRow("a date in the past") << QByteArray("Wed, 21 Oct 2015 07:28:00 GMT") << 0;
        QTest::newRow("nonsense") << QByteArray("soon") << -1;
        QTest::newRow("negative") << QByteArray("-4") << -1;
    }
    void retryAfter()
    {
        QFETCH(QByteArray, header);
        QFETCH(int, expected);
        QCOMPARE(statusError({}, {}, { 429, { { "Retry-After", header } }, {} }).retryAfterMs, expected);
    }

    void addresses()
    {
        const QUrl server(QStringLiteral("https://h:6443/k8s/c-1"));
        const QUrl url = apiUrl(server, resourcePath(kinds::pods, QStringLiteral("n"), QStringLiteral("p"), QStringLiteral("exec")), { { "command", "a+b;c&d=e#f g%20/é" }, { "command", "x" } });
        QCOMPARE(url.toEncoded(), QByteArray("https://h:6443/k8s/c-1/api/v1/namespaces/n/pods/p/exec?command=a%2Bb%3Bc%26d%3De%23f%20g%2520%2F%C3%A9&command=x"));
        QCOMPARE(resourcePath(kinds::deployments, {}), QByteArray("/apis/apps/v1/deployments"));
        QCOMPARE(resourcePath(kinds::nodes, QStringLiteral("n"), QStringLiteral("x")), QByteArray("/api/v1/nodes/x"));
        for (const QString &bad : { QString(), QStringLiteral("."), QStringLiteral(".."), QStringLiteral("a/b") })
            QVERIFY(!isPathPart(bad));
    }

    void kindsByName()
    {
        QCOMPARE(kindOf(QStringLiteral("apps/v1"), QStringLiteral("Deployment"))->plural, QStringLiteral("deployments"));
        QCOMPARE(kindOf(QStringLiteral("networking.istio.io/v1beta1"), QStringLiteral("DestinationRule"))->version, QStringLiteral("v1beta1"));
        const auto unknown = kindOf(QStringLiteral("x/v1"), QStringLiteral("Y"));
        QVERIFY(!unknown && unknown.error().kind == ErrorKind::Unsupported);
    }

    void execInput()
    {
        const QByteArray bytes(100000, 'a');
        QByteArray joined;
        for (const QByteArray &message : stdinMessages(bytes)) {
            QVERIFY(message.size() <= 32 * 1024);
            QCOMPARE(message.at(0), '\0');
            joined += message.mid(1);
        }
        QCOMPARE(joined, bytes);
        QVERIFY(stdinMessages({}).isEmpty());
        QCOMPARE(closeStdinMessage(), QByteArray("\xff\0", 2));
        QCOMPARE(resizeMessage(120, 40), QByteArray("\x04{\"Height\":40,\"Width\":120}"));
    }

    void execOutput()
    {
        QVERIFY(!parseExecMessage({}));
        QVERIFY(!parseExecMessage("\x01")); // "ready"
        QVERIFY(!parseExecMessage(QByteArray("\xff\x00", 2)));
        QVERIFY(!parseExecMessage("\x09 what"));
        const auto message = parseExecMessage("\x02oops");
        QVERIFY(message && message->channel == ExecChannel::Stderr);
        QCOMPARE(message->payload, QByteArray("oops"));
    }

    void execEnds_data()
    {
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<int>("exitCode"); // -1: an error
        QTest::newRow("success") << QByteArray("{\"status\":\"Success\"}") << 0;
        QTest::newRow("exit code") << QByteArray("{\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"42\"}]}}") << 42;
        QTest::newRow("failure without exit code") << QByteArray("{\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\"}") << -1;
        QTest::newRow("runtime error") << QByteArray("{\"status\":\"Failure\",\"reason\":\"InternalError\",\"message\":\"no such file: sh\",\"code\":500}") << -1;
        QTest::newRow("plain text") << QByteArray("command terminated") << -1;
        QTest::newRow("unknown status") << QByteArray("{\"status\":\"Maybe\"}") << -1;
    }
    void execEnds()
    {
        QFETCH(QByteArray, status);
        QFETCH(int, exitCode);
        const ExecEnd end = parseExecStatus(status, QStringLiteral("run"), {});
        QCOMPARE(end.error.has_value(), exitCode < 0);
        if (exitCode >= 0)
            QCOMPARE(end.exitCode, exitCode);
    }

    void tellsThatAProgramIsNotThere_data()
    {
        QTest::addColumn<QString>("said");
        QTest::addColumn<bool>("missing");
        QTest::newRow("runc") << QStringLiteral("Internal error occurred: error executing command in container: failed to exec in container: failed to start exec \"f83e\": OCI runtime exec failed: exec failed: unable to start container process: exec: \"sh\": executable file not found in $PATH: unknown") << true;
        QTest::newRow("crun") << QStringLiteral("executable file `sh` not found in $PATH: No such file or directory") << true;
        QTest::newRow("gVisor") << QStringLiteral("OCI runtime exec failed: executing processes for container: error finding executable \"sh\" in PATH [/usr/bin]: no such file or directory") << true;
        QTest::newRow("an older runc") << QStringLiteral("rpc error: code = 2 desc = oci runtime error: exec failed: container_linux.go:247: starting container process caused \"exec: \\\"sh\\\": executable file not found in $PATH\"") << true;
        QTest::newRow("a path") << QStringLiteral("fork/exec /bin/sh: no such file or directory") << true;
        QTest::newRow("not to be run") << QStringLiteral("exec: \"sh\": permission denied") << true;
        QTest::newRow("another program") << QStringLiteral("exec: \"bash\": executable file not found in $PATH") << false;
        QTest::newRow("a name with sh in it") << QStringLiteral("open /var/lib/fish.sh.d/x: no such file or directory") << false;
        QTest::newRow("another trouble") << QStringLiteral("error dialing backend: dial tcp 10.0.0.1:10250: connect: connection refused") << false;
    }
    void tellsThatAProgramIsNotThere()
    {
        QFETCH(QString, said);
        QTEST(isProgramMissing(said, QStringLiteral("sh")), "missing");
    }
};

QTEST_GUILESS_MAIN(ParsersTest)
#include "tst_parsers.moc"
