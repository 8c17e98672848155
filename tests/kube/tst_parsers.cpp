// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/cachedobject.h"
#include "kube/execframes.h"
#include "kube/labelselector.h"
#include "kube/listparser.h"
#include "kube/listsplitter.h"
#include "kube/managedfields.h"
#include "kube/reasons.h"
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
        const auto page = parseListPage(
            "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"42\",\"continue\":\"abc\",\"remainingItemCount\":3}, \"items\":[{\"metadata\":{\"name\":\"a \\u00e9 \\\" ]}\"}},{\"metadata\":{\"name\":\"b\"},\"spec\":{\"n\":[1,2,{\"x\":null}]}}]}");
        QVERIFY2(page, page ? "" : qPrintable(page.error().answer));
        QCOMPARE(page->resourceVersion, QStringLiteral("42"));
        QCOMPARE(page->next, QStringLiteral("abc"));
        QCOMPARE(page->items.size(), 2);
        QCOMPARE(page->items.at(0).value(u"metadata").toObject().value(u"name").toString(), QStringLiteral("a é \" ]}"));
        QCOMPARE(page->items.at(1).value(u"kind").toString(), QStringLiteral("Pod"));
        QCOMPARE(page->items.at(1).value(u"apiVersion").toString(), QStringLiteral("v1"));
    }

    void selectors_data()
    {
        QTest::addColumn<QByteArray>("selector");
        QTest::addColumn<QByteArray>("labels");
        QTest::addColumn<bool>("fits");
        const QByteArray web(R"({"app":"web","tier":"front"})");
        QTest::newRow("labels") << QByteArray(R"({"matchLabels":{"app":"web"}})") << web << true;
        QTest::newRow("another label") << QByteArray(R"({"matchLabels":{"app":"db"}})") << web << false;
        QTest::newRow("In") << QByteArray(R"({"matchExpressions":[{"key":"app","operator":"In","values":["db","web"]}]})") << web << true;
        QTest::newRow("In, not there") << QByteArray(R"({"matchExpressions":[{"key":"zone","operator":"In","values":["a"]}]})") << web
                                       << false;
        QTest::newRow("NotIn") << QByteArray(R"({"matchExpressions":[{"key":"app","operator":"NotIn","values":["web"]}]})") << web << false;
        QTest::newRow("NotIn, not there") << QByteArray(R"({"matchExpressions":[{"key":"zone","operator":"NotIn","values":["a"]}]})") << web
                                          << true;
        QTest::newRow("Exists") << QByteArray(R"({"matchExpressions":[{"key":"tier","operator":"Exists"}]})") << web << true;
        QTest::newRow("DoesNotExist") << QByteArray(R"({"matchExpressions":[{"key":"tier","operator":"DoesNotExist"}]})") << web << false;
        QTest::newRow("both have to hold") << QByteArray(
            R"({"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"In","values":["back"]}]})")
                                           << web << false;
        QTest::newRow("an operator that nobody knows")
            << QByteArray(R"({"matchExpressions":[{"key":"tier","operator":"Gt","values":["1"]}]})") << web << false;
        QTest::newRow("nothing is not everything") << QByteArray("{}") << web << false;
    }
    void selectors()
    {
        QFETCH(QByteArray, selector);
        QFETCH(QByteArray, labels);
        QFETCH(bool, fits);
        QCOMPARE(selects(json(selector), json(labels)), fits);
    }

    /// A deployment of one pod that is not ready, and what is said of it.
    void reasons_data()
    {
        QTest::addColumn<QByteArray>("condition"); // of the deployment
        QTest::addColumn<QByteArray>("pod"); // its status
        QTest::addColumn<QByteArray>("event"); // about the pod, or the replica set
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QStringList>("says");
        const QByteArray none;
        const auto failure = [](const char *message) {
            return QByteArray(R"({"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":")") + message + "\"}";
        };
        const auto waiting = [](const char *reason, const char *message) {
            return QByteArray(
                       R"({"phase":"Pending","containerStatuses":[{"name":"app","image":"registry.invalid/app:1","restartCount":0,"state":{"waiting":{"reason":")")
                + reason + R"(","message":")" + message + "\"}}}]}";
        };
        QTest::newRow("the injector is down") << failure(
            R"(Internal error occurred: failed calling webhook \"namespace.sidecar-injector.istio.io\": failed to call webhook: Post \"https://istiod.istio-system.svc:443/inject?timeout=10s\": context deadline exceeded)")
                                              << none << none << QStringLiteral("webhook")
                                              << QStringList { QStringLiteral("sidecar injector"),
                                                     QStringLiteral("“namespace.sidecar-injector.istio.io”"),
                                                     QStringLiteral("context deadline exceeded"),
                                                     QStringLiteral("Deployment sleep, condition ReplicaFailure") };
        QTest::newRow("another webhook is down")
            << failure(R"(Internal error occurred: failed calling webhook \"policy.example.com\": no endpoints available)") << none << none
            << QStringLiteral("webhook") << QStringList { QStringLiteral("admission webhook “policy.example.com” does not answer") };
        QTest::newRow("a webhook refuses") << failure(R"(admission webhook \"policy.example.com\" denied the request: no latest tags)")
                                           << none << none << QStringLiteral("refused")
                                           << QStringList { QStringLiteral("refuses"), QStringLiteral("no latest tags") };
        QTest::newRow("quota") << failure(
            R"(pods \"sleep-1\" is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2)")
                               << none << none << QStringLiteral("refused")
                               << QStringList { QStringLiteral("quota"), QStringLiteral("limited: pods=2") };
        QTest::newRow("pod security") << failure(
            R"(pods \"sleep-1\" is forbidden: violates PodSecurity \"restricted:latest\": runAsNonRoot != true)")
                                      << none << none << QStringLiteral("refused")
                                      << QStringList { QStringLiteral("pod security"), QStringLiteral("runAsNonRoot") };
        QTest::newRow("the service account is missing")
            << failure(
                   R"(pods \"sleep-\" is forbidden: error looking up service account default/sleep: serviceaccount \"sleep\" not found)")
            << none << none << QStringLiteral("refused") << QStringList { QStringLiteral("service account is missing") };
        QTest::newRow("a failure that is over")
            << QByteArray(R"({"type":"ReplicaFailure","status":"False","message":"x"})") << none << none << QString() << QStringList();
        QTest::newRow("an image that cannot be pulled") << none << waiting("ErrImagePull", "not found") << none << QStringLiteral("image")
                                                        << QStringList { QStringLiteral("registry.invalid/app:1"),
                                                               QStringLiteral("not found"), QStringLiteral("pod sleep-1, container app") };
        QTest::newRow("backing off, the event says why")
            << none << waiting("ImagePullBackOff", "Back-off pulling image")
            << QByteArray(
                   R"({"type":"Warning","reason":"Failed","message":"Failed to pull image: no such host","involvedObject":{"name":"sleep-1"}})")
            << QStringLiteral("image") << QStringList { QStringLiteral("no such host") };
        QTest::newRow("a missing secret") << none << waiting("CreateContainerConfigError", "secret tls not found") << none
                                          << QStringLiteral("start") << QStringList { QStringLiteral("secret tls not found") };
        QTest::newRow("a crash loop")
            << none
            << QByteArray(
                   R"({"phase":"Running","containerStatuses":[{"name":"app","ready":false,"restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]})")
            << none << QStringLiteral("crash") << QStringList { QStringLiteral("4 restarts"), QStringLiteral("137, OOMKilled") };
        QTest::newRow("an init container that fails")
            << none
            << QByteArray(
                   R"({"phase":"Pending","initContainerStatuses":[{"name":"istio-init","restartCount":0,"state":{"terminated":{"exitCode":1}}}],"containerStatuses":[{"name":"app","state":{"waiting":{"reason":"PodInitializing"}}}]})")
            << none << QStringLiteral("crash") << QStringList { QStringLiteral("container istio-init"), QStringLiteral("exit code 1") };
        QTest::newRow("no node")
            << none
            << QByteArray(
                   R"({"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes are available: 3 Insufficient cpu."}]})")
            << none << QStringLiteral("schedule") << QStringList { QStringLiteral("no node"), QStringLiteral("Insufficient cpu") };
        QTest::newRow("evicted") << none
                                 << QByteArray(R"({"phase":"Failed","reason":"Evicted","message":"The node was low on resource: memory."})")
                                 << none << QStringLiteral("ended")
                                 << QStringList { QStringLiteral("evicted"), QStringLiteral("low on resource") };
        QTest::newRow("a volume")
            << none
            << QByteArray(R"({"phase":"Pending","containerStatuses":[{"name":"app","state":{"waiting":{"reason":"ContainerCreating"}}}]})")
            << QByteArray(
                   R"({"type":"Warning","reason":"FailedMount","message":"configmap big not found","involvedObject":{"name":"sleep-1"}})")
            << QStringLiteral("setup") << QStringList { QStringLiteral("FailedMount"), QStringLiteral("configmap big") };
        QTest::newRow("its probe")
            << none
            << QByteArray(
                   R"({"phase":"Running","conditions":[{"type":"Ready","status":"False"}],"containerStatuses":[{"name":"app","state":{"running":{}}}]})")
            << QByteArray(
                   R"({"type":"Warning","reason":"Unhealthy","message":"Readiness probe failed: 503","involvedObject":{"name":"sleep-1"}})")
            << QStringLiteral("probe") << QStringList { QStringLiteral("503") };
        QTest::newRow("somebody else's event")
            << none << QByteArray(R"({"phase":"Pending"})")
            << QByteArray(R"({"type":"Warning","reason":"FailedMount","message":"x","involvedObject":{"name":"other-1"}})") << QString()
            << QStringList();
        QTest::newRow("only an event of the replica set")
            << none << none
            << QByteArray(
                   R"({"type":"Warning","reason":"FailedCreate","message":"Error creating: exceeded quota: small","involvedObject":{"name":"sleep-set"}})")
            << QStringLiteral("refused") << QStringList { QStringLiteral("quota") };
        QTest::newRow("past its deadline") << QByteArray(
            R"({"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"has timed out progressing"})")
                                           << none << none << QStringLiteral("progress") << QStringList { QStringLiteral("timed out") };
        QTest::newRow("nothing but time")
            << none
            << QByteArray(
                   R"({"phase":"Running","conditions":[{"type":"Ready","status":"False"}],"containerStatuses":[{"name":"app","restartCount":0,"state":{"running":{}}}]})")
            << none << QString() << QStringList();
    }
    void reasons()
    {
        QFETCH(QByteArray, condition);
        QFETCH(QByteArray, pod);
        QFETCH(QByteArray, event);
        QFETCH(QString, kind);
        QFETCH(QStringList, says);
        const QByteArray meta
            = R"("metadata":{"name":"sleep","namespace":"default","uid":"d"},"spec":{"replicas":1,"selector":{"matchExpressions":[{"key":"app","operator":"Exists"}]}})";
        const QJsonObject deployment = json("{" + meta + R"(,"status":{"conditions":[)" + condition + "]}}");
        const QList<QJsonObject> sets { json(
            R"({"metadata":{"name":"sleep-set","namespace":"default","uid":"s","ownerReferences":[{"uid":"d"}]}})") };
        QList<QJsonObject> pods, events;
        if (!pod.isEmpty())
            pods = { json(R"({"metadata":{"name":"sleep-1","namespace":"default","labels":{"app":"sleep"}},"status":)" + pod + "}") };
        if (!event.isEmpty())
            events = { json(event) };
        const auto why = whyNotReady(deployment, pods, sets, events);
        QCOMPARE(why ? why->kind : QString(), kind);
        for (const QString &part : std::as_const(says))
            QVERIFY2(why->text().contains(part), qPrintable(why->text()));
        if (!why)
            return;
        QVERIFY(!why->remedy.isEmpty() && why->patience.count() > 0);
        // A pod that is somebody else's, or on its way out, explains nothing.
        if (!pods.isEmpty() && events.isEmpty()) {
            QJsonObject other = pods.first(), metadata = other[u"metadata"].toObject();
            metadata.insert(QStringLiteral("deletionTimestamp"), QStringLiteral("2026-01-01T00:00:00Z"));
            other.insert(QStringLiteral("metadata"), metadata);
            QVERIFY(!whyNotReady(deployment, { other }));
        }
        // What a cache keeps of a pod tells the same.
        if (!pods.isEmpty()) {
            QJsonObject kept { { QStringLiteral("metadata"), pods.first()[u"metadata"] },
                { QStringLiteral("status"), tellingStatus(pods.first()) } };
            QCOMPARE(whyNotReady(deployment, { kept }, sets, events)->text(), why->text());
        }
    }

    void rolledOutMeansTheNewOnes_data()
    {
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<bool>("done");
        QTest::newRow("all new, all ready") << QByteArray(R"({"observedGeneration":2,"replicas":2,"updatedReplicas":2,"readyReplicas":2})")
                                            << true;
        QTest::newRow("not looked at yet") << QByteArray(R"({"observedGeneration":1,"replicas":2,"updatedReplicas":2,"readyReplicas":2})")
                                           << false;
        QTest::newRow("the ready ones are old")
            << QByteArray(R"({"observedGeneration":2,"replicas":4,"updatedReplicas":2,"readyReplicas":2})") << false;
        QTest::newRow("too few are new") << QByteArray(R"({"observedGeneration":2,"replicas":2,"updatedReplicas":1,"readyReplicas":2})")
                                         << false;
        QTest::newRow("nothing there") << QByteArray("{}") << false;
    }
    void rolledOutMeansTheNewOnes()
    {
        QFETCH(QByteArray, status);
        QFETCH(bool, done);
        QJsonObject deployment = json(R"({"metadata":{"generation":2},"spec":{"replicas":2}})");
        deployment.insert(QStringLiteral("status"), json(status));
        QCOMPARE(isRolledOut(deployment), done);
    }

    void aNodeThatIsOnItsWayIsWaitedFor()
    {
        const QJsonObject deployment = json(R"({"metadata":{"name":"sleep"},"spec":{"selector":{"matchLabels":{"app":"sleep"}}}})");
        const QList<QJsonObject> pods {
            json(
                R"({"metadata":{"name":"sleep-1","labels":{"app":"sleep"}},"status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable"}]}})")
        };
        const auto alone = whyNotReady(deployment, pods);
        const auto scaling = whyNotReady(
            deployment, pods, {}, { json(R"({"type":"Normal","reason":"TriggeredScaleUp","involvedObject":{"name":"sleep-1"}})") });
        QVERIFY(alone && scaling);
        QVERIFY(alone->patience < scaling->patience);
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
        QTest::newRow("deep nesting") << QByteArray("{\"metadata\":{},\"items\":[{\"a\":") + QByteArray(100000, '[')
                + QByteArray(100000, ']') + "}]}";
    }
    void brokenLists()
    {
        QFETCH(QByteArray, body);
        const auto page = parseListPage(body);
        QVERIFY(!page);
        QVERIFY(page.error().kind == ErrorKind::Protocol);
        QVERIFY(!page.error().answer.isEmpty());
    }

    /// A list whose name is written in another way is not taken for an empty one.
    void itemsInEscapes()
    {
        const QByteArray body = R"({"metadata":{},"it\u0065ms":[{"a":1}]})";
        const auto page = parseListPage(body);
        QVERIFY(page && page->items.size() == 1);
        ListSplitter splitter;
        int items = 0;
        QVERIFY(splitter.feed({ body.constData(), size_t(body.size()) }, [&](std::string_view) { return ++items > 0; }));
        const auto end = splitter.end();
        QVERIFY(items == 1 || (!end && end.error().kind == ErrorKind::Protocol));
    }

    /// Qt's own reader takes a byte order mark off the beginning of a text, and what is written back would be another.
    void textsAreKeptToTheLetter()
    {
        const QByteArray mark("\xef\xbb\xbf"), text = mark + mark + "x";
        const auto object = parseObject(mark + "{\"data\":{\"" + text + "\":\"" + text + "\"}}");
        QVERIFY(object);
        const QString letters = QString(2, QChar(QChar::ByteOrderMark)) + u'x';
        QCOMPARE(object->value(u"data").toObject(), (QJsonObject { { letters, letters } }));
        QCOMPARE(parseListPage("{\"items\":[{\"a\":\"" + text + "\"}]}").value().items.first().value(u"a").toString(), letters);
        QVERIFY(QJsonDocument(*object).toJson().contains('"' + text + '"'));
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
        QTest::newRow("added in a namespace") << QByteArray(
            "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"namespace\":\"n\",\"name\":\"a\",\"resourceVersion\":\"5\"}}}")
                                              << int(CompactEvent::Type::Added) << "n/a";
        QTest::newRow("cluster-scoped") << QByteArray(
            "{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"5\"}}}")
                                        << int(CompactEvent::Type::Modified) << "a";
        QTest::newRow("deleted") << QByteArray(
            "{\"type\":\"DELETED\",\"object\":{\"metadata\":{\"namespace\":\"n\",\"name\":\"a\",\"resourceVersion\":\"5\"}}}")
                                 << int(CompactEvent::Type::Deleted) << "n/a";
        QTest::newRow("bookmark") << QByteArray("{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"5\"}}}")
                                  << int(CompactEvent::Type::Bookmark) << "";
        QTest::newRow("error") << QByteArray("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410}}")
                               << int(CompactEvent::Type::Error) << "";
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
        CompactReader reader;
        const auto event = reader.readEvent({ line.constData(), std::size_t(line.size()) });
        QCOMPARE(event.has_value(), type >= 0);
        if (!event)
            return;
        QCOMPARE(int(event->type), type);
        QCOMPARE(event->object.key, key);
        if (event->type == CompactEvent::Type::Error)
            QCOMPARE(event->status[u"code"].toInt(), 410);
        else
            QCOMPARE(event->object.object.resourceVersion, QStringLiteral("5"));
    }

    void statuses_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("words");
        QTest::newRow("forbidden") << 403 << QByteArray("{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"message\":\"pods is forbidden\"}")
                                   << int(ErrorKind::Forbidden) << "Forbidden"
                                   << "pods is forbidden";
        QTest::newRow("conflict of managers")
            << 409
            << QByteArray(
                   "{\"kind\":\"Status\",\"reason\":\"Conflict\",\"message\":\"Apply failed with 1 conflict\",\"details\":{\"causes\":[{\"reason\":\"FieldManagerConflict\",\"field\":\".spec.replicas\",\"message\":\"conflict with \\\"kubectl\\\" using apps/v1\"}]}}")
            << int(ErrorKind::Conflict) << "FieldManagerConflict"
            << ".spec.replicas: conflict with \"kubectl\"";
        QTest::newRow("conflict of versions")
            << 409 << QByteArray("{\"kind\":\"Status\",\"reason\":\"Conflict\",\"message\":\"the object has been modified\"}")
            << int(ErrorKind::Conflict) << "Conflict"
            << "modified";
        QTest::newRow("invalid with causes")
            << 422
            << QByteArray(
                   "{\"kind\":\"Status\",\"reason\":\"Invalid\",\"message\":\"Deployment is invalid\",\"details\":{\"causes\":[{\"reason\":\"FieldValueRequired\",\"field\":\"spec.a\",\"message\":\"Required value\"},{\"reason\":\"FieldValueInvalid\",\"field\":\"spec.b\",\"message\":\"must be positive\"}]}}")
            << int(ErrorKind::InvalidInput) << "Invalid"
            << "spec.b: must be positive";
        QTest::newRow("expired") << 410 << QByteArray("{\"kind\":\"Status\",\"reason\":\"Expired\",\"message\":\"too old\"}")
                                 << int(ErrorKind::Gone) << "Expired"
                                 << "too old";
        QTest::newRow("a proxy's HTML") << 502 << QByteArray("<html><h1>502 Bad\nGateway</h1></html>") << int(ErrorKind::Server) << ""
                                        << "502 Bad Gateway";
        QTest::newRow("empty forbidden") << 403 << QByteArray() << int(ErrorKind::Forbidden) << ""
                                         << "HTTP status 403";
        QTest::newRow("redirect") << 302 << QByteArray() << int(ErrorKind::Protocol) << ""
                                  << "302";
    }
    void statuses()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, kind);
        QFETCH(QString, code);
        QFETCH(QString, words);
        const auto error = statusError(
            QStringLiteral("try"), QUrl(QStringLiteral("https://u:p@h/x?token=t")), { status, { { "Audit-Id", "id-1" } }, body });
        QCOMPARE(int(error.kind), kind);
        QCOMPARE(error.code, code);
        QVERIFY2(error.answer.contains(words), qPrintable(error.answer));
        QCOMPARE(error.httpStatus, status);
        QCOMPARE(error.requestId, QStringLiteral("id-1"));
        QCOMPARE(error.target, QStringLiteral("https://h/x"));
    }

    void conflictsNameManagerAndField_data()
    {
        QTest::addColumn<QByteArray>("causes");
        QTest::addColumn<QStringList>("expected"); // manager, field, manager, …
        const auto cause = [](const QByteArray &field, const QByteArray &message) {
            return "{\"reason\":\"FieldManagerConflict\",\"field\":\"" + field + "\",\"message\":\"" + message + "\"}";
        };
        QTest::newRow("an applier") << cause(".data.k", "conflict with \\\"helm\\\"")
                                    << QStringList { QStringLiteral("helm"), QStringLiteral(".data.k") };
        QTest::newRow("an updater with its version and time")
            << cause(".spec.replicas", "conflict with \\\"kubectl\\\" with subresource \\\"scale\\\" using apps/v1 at 2026-01-01T00:00:00Z")
            << QStringList { QStringLiteral("kubectl"), QStringLiteral(".spec.replicas") };
        QTest::newRow("a name that poses as another")
            << cause(".x", "conflict with \\\"a\\\\\\\" conflict with \\\\\\\"catamaran\\\"")
            << QStringList { QStringLiteral("a\" conflict with \"catamaran"), QStringLiteral(".x") };
        QTest::newRow("seven") << cause(".a", "conflict with \\\"b\\\"").append(',').repeated(6) + cause(".c", "conflict with \\\"d\\\"")
                               << QStringList { QStringLiteral("b"), QStringLiteral(".a") }
                + QStringList { QStringLiteral("b"), QStringLiteral(".a") } + QStringList { QStringLiteral("b"), QStringLiteral(".a") }
                + QStringList { QStringLiteral("b"), QStringLiteral(".a") } + QStringList { QStringLiteral("b"), QStringLiteral(".a") }
                + QStringList { QStringLiteral("b"), QStringLiteral(".a") } + QStringList { QStringLiteral("d"), QStringLiteral(".c") };
        QTest::newRow("words nobody knows") << cause(".x", "owned by \\\"catamaran\\\"") << QStringList { QString(), QStringLiteral(".x") };
        QTest::newRow("another reason") << QByteArray(
            "{\"reason\":\"FieldValueInvalid\",\"field\":\".x\",\"message\":\"conflict with \\\"catamaran\\\"\"}")
                                        << QStringList();
    }
    void conflictsNameManagerAndField()
    {
        QFETCH(QByteArray, causes);
        QFETCH(QStringList, expected);
        const QByteArray body
            = "{\"kind\":\"Status\",\"reason\":\"Conflict\",\"message\":\"no\",\"details\":{\"causes\":[" + causes + "]}}";
        const auto error = statusError(QStringLiteral("try"), QUrl(QStringLiteral("https://h/x")), { 409, {}, body });
        QStringList found;
        for (const core::HeldField &one : error.conflicts)
            found << one.manager << one.field;
        QCOMPARE(found, expected);
    }

    void ownedFieldsAreCutOut_data()
    {
        QTest::addColumn<QByteArray>("fields"); // of us, as fieldsV1
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("nothing") << QByteArray("{}") << QByteArray("{}");
        QTest::newRow("one field") << QByteArray(R"({"f:spec":{"f:replicas":{}}})") << QByteArray(R"({"spec":{"replicas":2}})");
        QTest::newRow("what is not there") << QByteArray(R"({"f:spec":{"f:paused":{}},"f:data":{"f:x":{}}})") << QByteArray("{}");
        QTest::newRow("a list's item by its key")
            << QByteArray("{\"f:spec\":{\"f:containers\":{\"k:{\\\"name\\\":\\\"b\\\"}\":{\".\":{},\"f:image\":{}}}}}")
            << QByteArray("{\"spec\":{\"containers\":[{\"name\":\"b\",\"image\":\"i2\"}]}}");
        QTest::newRow("an item by a key that has a default")
            << QByteArray("{\"f:spec\":{\"f:ports\":{\"k:{\\\"port\\\":80,\\\"protocol\\\":\\\"TCP\\\"}\":{\".\":{},\"f:port\":{}}}}}")
            << QByteArray("{\"spec\":{\"ports\":[{\"port\":80,\"protocol\":\"TCP\"}]}}");
        QTest::newRow("a value of a set") << QByteArray("{\"f:metadata\":{\"f:finalizers\":{\"v:\\\"b/c\\\"\":{}}}}")
                                          << QByteArray("{\"metadata\":{\"finalizers\":[\"b/c\"]}}");
        QTest::newRow("a whole map") << QByteArray(R"({"f:spec":{"f:selector":{}}})") << QByteArray(R"({"spec":{"selector":{"app":"x"}}})");
        QTest::newRow("a map that others have filled") << QByteArray(R"({"f:metadata":{"f:labels":{}}})") << QByteArray("{}");
        QTest::newRow("a status is nobody's wish") << QByteArray(R"({"f:status":{"f:replicas":{}}})") << QByteArray("{}");
    }
    void ownedFieldsAreCutOut()
    {
        QFETCH(QByteArray, fields);
        QFETCH(QByteArray, expected);
        QJsonObject object = QJsonDocument::fromJson(
            R"({"metadata":{"labels":{"by":"others"},"finalizers":["a/b","b/c"]},"spec":{"replicas":2,"selector":{"app":"x"},"containers":[{"name":"a","image":"i1"},{"name":"b","image":"i2","tty":true}],"ports":[{"port":80,"name":"http"}]},"status":{"replicas":2}})")
                                 .object();
        QJsonObject metadata = object[u"metadata"].toObject();
        metadata[u"managedFields"] = QJsonArray { QJsonObject { { QStringLiteral("manager"), QStringLiteral("catamaran") },
                                                      { QStringLiteral("operation"), QStringLiteral("Apply") },
                                                      { QStringLiteral("fieldsV1"), QJsonDocument::fromJson(fields).object() } },
            QJsonObject { { QStringLiteral("manager"), QStringLiteral("kubectl") },
                { QStringLiteral("operation"), QStringLiteral("Update") },
                { QStringLiteral("fieldsV1"), QJsonDocument::fromJson(R"({"f:metadata":{"f:labels":{"f:by":{}}}})").object() } } };
        object[u"metadata"] = metadata;
        const QString us = QStringLiteral("catamaran");
        QCOMPARE(restrictedTo(object, fieldsOf(object, us)), QJsonDocument::fromJson(expected).object());
        QVERIFY(isAppliedBy(object, us));
        QVERIFY(!isAppliedBy(object, QStringLiteral("kubectl"))); // which has updated it
        QCOMPARE(otherManagers(object, us), QStringList { QStringLiteral("kubectl") });
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
        const QUrl url = apiUrl(server, resourcePath(kinds::pods, QStringLiteral("n"), QStringLiteral("p"), QStringLiteral("exec")),
            { { "command", "a+b;c&d=e#f g%20/é" }, { "command", "x" } });
        QCOMPARE(url.toEncoded(),
            QByteArray("https://h:6443/k8s/c-1/api/v1/namespaces/n/pods/p/exec?command=a%2Bb%3Bc%26d%3De%23f%20g%2520%2F%C3%A9&command=x"));
        QCOMPARE(resourcePath(kinds::deployments, {}), QByteArray("/apis/apps/v1/deployments"));
        QCOMPARE(resourcePath(kinds::nodes, QStringLiteral("n"), QStringLiteral("x")), QByteArray("/api/v1/nodes/x"));
        for (const QString &bad : { QString(), QStringLiteral("."), QStringLiteral(".."), QStringLiteral("a/b") })
            QVERIFY(!isPathPart(bad));
    }

    void kindsByName()
    {
        QCOMPARE(kindOf(QStringLiteral("apps/v1"), QStringLiteral("Deployment"))->plural, QStringLiteral("deployments"));
        QCOMPARE(
            kindOf(QStringLiteral("networking.istio.io/v1beta1"), QStringLiteral("DestinationRule"))->version, QStringLiteral("v1beta1"));
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
        QTest::newRow("exit code") << QByteArray(
            "{\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"42\"}]}}")
                                   << 42;
        QTest::newRow("failure without exit code") << QByteArray("{\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\"}") << -1;
        QTest::newRow("runtime error") << QByteArray(
            "{\"status\":\"Failure\",\"reason\":\"InternalError\",\"message\":\"no such file: sh\",\"code\":500}")
                                       << -1;
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
        QTest::newRow("runc") << QStringLiteral(
            "Internal error occurred: error executing command in container: failed to exec in container: failed to start exec \"f83e\": OCI runtime exec failed: exec failed: unable to start container process: exec: \"sh\": executable file not found in $PATH: unknown")
                              << true;
        QTest::newRow("crun") << QStringLiteral("executable file `sh` not found in $PATH: No such file or directory") << true;
        QTest::newRow("gVisor") << QStringLiteral(
            "OCI runtime exec failed: executing processes for container: error finding executable \"sh\" in PATH [/usr/bin]: no such file or directory")
                                << true;
        QTest::newRow("an older runc") << QStringLiteral(
            "rpc error: code = 2 desc = oci runtime error: exec failed: container_linux.go:247: starting container process caused \"exec: \\\"sh\\\": executable file not found in $PATH\"")
                                       << true;
        QTest::newRow("a path") << QStringLiteral("fork/exec /bin/sh: no such file or directory") << true;
        QTest::newRow("not to be run") << QStringLiteral("exec: \"sh\": permission denied") << true;
        QTest::newRow("another program") << QStringLiteral("exec: \"bash\": executable file not found in $PATH") << false;
        QTest::newRow("a name with sh in it") << QStringLiteral("open /var/lib/fish.sh.d/x: no such file or directory") << false;
        QTest::newRow("another trouble") << QStringLiteral("error dialing backend: dial tcp 10.0.0.1:10250: connect: connection refused")
                                         << false;
    }
    void tellsThatAProgramIsNotThere()
    {
        QFETCH(QString, said);
        QTEST(isProgramMissing(said, QStringLiteral("sh")), "missing");
    }
};

QTEST_GUILESS_MAIN(ParsersTest)
#include "tst_parsers.moc"
