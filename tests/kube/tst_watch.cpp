// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/informerimpl.h"
#include "kube/until.h"
#include "support/scriptedserver.h"
#include "support/wait.h"

#include <QSignalSpy>
#include <QtTest>

using namespace catamaran;
using namespace catamaran::kube;
using namespace std::chrono_literals;
using core::ErrorKind;
using test::Exchange;
using test::ScriptedServer;

namespace {

QByteArray pod(const QByteArray &name, const QByteArray &version, const QByteArray &phase = "Running")
{
    return "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"namespace\":\"n\",\"name\":\"" + name + "\",\"resourceVersion\":\""
        + version + "\"},\"status\":{\"phase\":\"" + phase + "\"}}";
}

QByteArray eventLine(const QByteArray &type, const QByteArray &object)
{
    return "{\"type\":\"" + type + "\",\"object\":" + object + "}\n";
}

QByteArray list(const QByteArray &version, const QList<QByteArray> &items)
{
    return "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"items\":["
        + items.join(',') + "]}";
}

using State = InformerHealth::State;

const QByteArray tooOld
    = "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"Expired\",\"code\":410,\"message\":\"too old resource version\"}";

QByteArray sleep(const QByteArray &version, int replicas, int ready, const QByteArray &more = {})
{
    return R"({"kind":"Deployment","apiVersion":"apps/v1","metadata":{"namespace":"n","name":"sleep","uid":"u1","generation":2,"resourceVersion":")"
        + version + R"("},"spec":{"replicas":)" + QByteArray::number(replicas)
        + R"(,"selector":{"matchLabels":{"app":"sleep"}}},"status":{"observedGeneration":2,"replicas":)" + QByteArray::number(replicas)
        + R"(,"updatedReplicas":)" + QByteArray::number(replicas) + R"(,"readyReplicas":)" + QByteArray::number(ready) + more + "}}";
}

QByteArray deployments(const QByteArray &version, const QList<QByteArray> &items)
{
    return R"({"kind":"DeploymentList","apiVersion":"apps/v1","metadata":{"resourceVersion":")" + version + R"("},"items":[)"
        + items.join(',') + "]}";
}

/// One pod of the Deployment above.
QByteArray podOfSleep(const QByteArray &status)
{
    return R"({"kind":"Pod","apiVersion":"v1","metadata":{"namespace":"n","name":"sleep-x","uid":"p1","resourceVersion":"10","labels":{"app":"sleep"}},"status":{)"
        + status + "}}";
}

} // namespace

class WatchTest : public QObject {
    Q_OBJECT

    /// Answers lists with m_list and leaves watches open for the test; anything else gets 200.
    struct World {
        QByteArray items = list("10", { pod("a", "1"), pod("b", "2") });
        int lists = 0;
        QList<QPointer<Exchange>> watches;
        std::function<void(Exchange &)> onWatch = [](Exchange &e) { e.beginChunks(); };
        bool healthy = true;
        ScriptedServer server { [this](Exchange &e) {
            if (e.path() == "/version") {
                if (healthy)
                    e.reply(200, "{}");
            } else if (e.target.contains("watch=1")) {
                watches.append(&e);
                onWatch(e);
            } else {
                ++lists;
                e.reply(200, items);
            }
        } };
        std::shared_ptr<ApiSession> session;
        std::shared_ptr<Informer> watch;
        QList<ObjectChange> events;
        QList<InformerHealth> healths;

        void start(const WatchTiming &timing = quick())
        {
            ClusterAccess access;
            access.server = server.url();
            session = std::make_shared<ApiSession>(access, nullptr);
            watch = makeInformer(session, kinds::pods, QStringLiteral("n"), timing);
            QObject::connect(watch.get(), &Informer::changed, watch.get(), [this](const QList<ObjectChange> &more) { events += more; });
            QObject::connect(watch.get(), &Informer::healthChanged, watch.get(), [this] { healths += watch->health(); });
        }

        [[nodiscard]] State state() const { return watch->health().state; }
        [[nodiscard]] core::Error error() const { return watch->health().error; }

        static WatchTiming quick()
        {
            WatchTiming timing;
            timing.backoff.first = 10ms;
            timing.backoff.longest = 50ms;
            return timing;
        }

        [[nodiscard]] QStringList names() const
        {
            QStringList keys = watch->objects().keys();
            keys.sort();
            return keys;
        }
    };

    /// A server of one Deployment, and somebody who waits for it on a worker thread.
    struct Waiting {
        QByteArray items = deployments("10", { sleep("9", 2, 1) });
        QList<QByteArray> lists;
        QList<QPointer<Exchange>> watches;
        QByteArray pods = R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"10"},"items":[]})";
        QList<QPointer<Exchange>> podWatches;
        std::function<void(Exchange &)> onList = [this](Exchange &e) { e.reply(200, items); };
        std::function<void(Exchange &)> onWatch = [](Exchange &e) { e.beginChunks(); };
        ScriptedServer server { [this](Exchange &e) {
            if (e.path() == "/version") {
                e.reply(200, "{}");
            } else if (!e.target.contains("deployments")) { // what is followed for the sake of the pods
                if (e.target.contains("watch=1")) {
                    podWatches.append(&e);
                    e.beginChunks();
                } else {
                    e.reply(200, e.target.contains("/pods") ? pods : QByteArray(pods).replace("Pod", "Other"));
                }
            } else if (e.target.contains("watch=1")) {
                watches.append(&e);
                onWatch(e);
            } else {
                lists.append(e.target);
                onList(e);
            }
        } };
        std::unique_ptr<KubeClient> client;
        std::stop_source stop;
        QStringList notes; ///< of the waiting thread; read when it is over
        QFuture<core::Result<Sighting>> future;

        void begin(const Condition &condition, std::chrono::milliseconds time = 20s, bool heedsPods = false)
        {
            ClusterAccess access;
            access.name = QStringLiteral("cluster-1");
            access.server = server.url();
            client = std::make_unique<KubeClient>(access);
            future = core::runSequence([this, condition, time, heedsPods] {
                Patience patience { std::chrono::steady_clock::now() + time, stop.get_token(),
                    [this](const QString &text) { notes.append(text); }, heedsPods };
                return until(*client, { kinds::deployments, QStringLiteral("n"), QStringLiteral("sleep") },
                    QStringLiteral("see sleep ready"), condition, patience);
            });
        }
        core::Result<Sighting> end() { return test::wait(future); }
    };

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void listsThenFollows()
    {
        World world;
        world.start();
        QVERIFY(world.state() == State::Starting);
        QTRY_VERIFY(world.state() == State::Live);
        QCOMPARE(world.names(), (QStringList { QStringLiteral("n/a"), QStringLiteral("n/b") }));
        QCOMPARE(world.events.size(), 2);
        QVERIFY(
            world.watches.first()->target.contains("resourceVersion=10&") || world.watches.first()->target.endsWith("resourceVersion=10"));
        QVERIFY(world.watches.first()->target.contains("allowWatchBookmarks=true"));

        Exchange &stream = *world.watches.first();
        const QByteArray text
            = eventLine("ADDED", pod("c", "11")) + eventLine("MODIFIED", pod("a", "12", "Failed")) + eventLine("DELETED", pod("b", "13"));
        for (int at = 0; at < text.size(); at += 7) // split where it hurts
            stream.chunk(text.mid(at, 7));
        QTRY_COMPARE(world.names(), (QStringList { QStringLiteral("n/a"), QStringLiteral("n/c") }));
        QTRY_COMPARE(world.events.size(), 5);
        QVERIFY(world.events.at(2).type == ObjectChange::Type::Added);
        QVERIFY(world.events.at(3).type == ObjectChange::Type::Modified);
        QVERIFY(world.events.at(4).type == ObjectChange::Type::Deleted);
        QVERIFY(world.watch->health().heard.isValid());
    }

    void resumesFromTheLastVersion_data()
    {
        QTest::addColumn<bool>("cleanEnd");
        QTest::newRow("clean end") << true;
        QTest::newRow("broken connection") << false;
    }
    void resumesFromTheLastVersion()
    {
        QFETCH(bool, cleanEnd);
        World world;
        world.start();
        QTRY_COMPARE(world.watches.size(), 1);
        world.healths.clear();
        world.watches.first()->chunk(
            eventLine("ADDED", pod("c", "11")) + eventLine("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"77\"}}"));
        QTRY_COMPARE(world.watch->objects().size(), 3);
        if (cleanEnd)
            world.watches.first()->endChunks();
        else
            world.watches.first()->reset();
        QTRY_COMPARE(world.watches.size(), 2);
        QVERIFY(world.watches.last()->target.contains("resourceVersion=77"));
        QTRY_VERIFY(world.state() == State::Live);
        QCOMPARE(world.lists, 1);
        const bool wasStale = std::any_of(
            world.healths.cbegin(), world.healths.cend(), [](const InformerHealth &one) { return one.state == State::Stale; });
        QCOMPARE(wasStale, !cleanEnd);
    }

    void listsAgainWhenTheVersionIsTooOld_data()
    {
        QTest::addColumn<bool>("inStream");
        QTest::newRow("as an event") << true;
        QTest::newRow("as the answer") << false;
    }
    void listsAgainWhenTheVersionIsTooOld()
    {
        QFETCH(bool, inStream);
        World world;
        world.onWatch = [&](Exchange &e) {
            if (world.watches.size() > 1) {
                e.beginChunks();
                return;
            }
            world.items = list("20", { pod("b", "2", "Failed"), pod("d", "19") });
            if (inStream) {
                e.beginChunks();
                e.chunk(eventLine("ERROR", tooOld));
            } else {
                e.reply(410, tooOld);
            }
        };
        world.start();
        QTRY_COMPARE(world.watches.size(), 2);
        QVERIFY(world.watches.last()->target.contains("resourceVersion=20"));
        QTRY_VERIFY(world.state() == State::Live);
        QCOMPARE(world.names(), (QStringList { QStringLiteral("n/b"), QStringLiteral("n/d") }));
        // The differences come as events: a gone, b changed, d new.
        QMap<QString, ObjectChange::Type> differences;
        for (const ObjectChange &one : world.events.mid(2))
            differences.insert(one.object.object()[u"metadata"][u"name"].toString(), one.type);
        QCOMPARE(differences.size(), 3);
        QVERIFY(differences.value(QStringLiteral("a")) == ObjectChange::Type::Deleted);
        QVERIFY(differences.value(QStringLiteral("b")) == ObjectChange::Type::Modified);
        QVERIFY(differences.value(QStringLiteral("d")) == ObjectChange::Type::Added);
    }

    void refusalsAreShownAndRetried_data()
    {
        QTest::addColumn<int>("behaviour");
        QTest::addColumn<int>("kind");
        QTest::newRow("forbidden") << 0 << int(ErrorKind::Forbidden);
        QTest::newRow("HTML of a proxy") << 1 << int(ErrorKind::Server);
        QTest::newRow("a line that is no event") << 2 << int(ErrorKind::Protocol);
        QTest::newRow("ends at once") << 3 << int(ErrorKind::Network);
        QTest::newRow("error event of a busy server") << 4 << int(ErrorKind::Throttled);
        QTest::newRow("an endless line") << 5 << int(ErrorKind::Protocol);
    }
    void refusalsAreShownAndRetried()
    {
        QFETCH(int, behaviour);
        QFETCH(int, kind);
        World world;
        world.onWatch = [&](Exchange &e) {
            if (world.watches.size() > 2) {
                e.beginChunks();
                return;
            }
            switch (behaviour) {
            case 0: e.reply(403, "{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"message\":\"no\"}"); break;
            case 1: e.reply(502, "<html>bad</html>", "text/html"); break;
            case 2:
                e.beginChunks();
                e.chunk("<html>\n");
                break;
            case 3:
                e.beginChunks();
                e.endChunks();
                break;
            case 4:
                e.beginChunks();
                e.chunk(eventLine("ERROR", "{\"kind\":\"Status\",\"code\":429,\"reason\":\"TooManyRequests\",\"message\":\"busy\"}"));
                break;
            default:
                e.beginChunks();
                for (int i = 0; i < 9; ++i)
                    e.chunk(QByteArray(1024 * 1024, 'x'));
                break;
            }
        };
        world.start();
        QTRY_VERIFY_WITH_TIMEOUT(world.watches.size() == 3 && world.state() == State::Live, 15000);
        const auto first = std::find_if(
            world.healths.cbegin(), world.healths.cend(), [](const InformerHealth &one) { return one.state == State::Stale; });
        QVERIFY(first != world.healths.cend());
        QCOMPARE(int(first->error.kind), kind);
        QVERIFY(!first->error.tried.isEmpty());
        QVERIFY2(world.error().answer.isEmpty(), "no error text while it is live");
        QCOMPARE(world.watch->objects().size(), 2);
        QCOMPARE(world.lists, 1);
    }

    void silentServerIsStaleSoon()
    {
        WatchTiming timing = World::quick();
        timing.quiet = 100ms;
        timing.healthTimeout = 300ms;
        World world;
        world.start(timing);
        QTRY_VERIFY(world.state() == State::Live);
        world.healthy = false;
        world.onWatch = [](Exchange &) {}; // and new connections hang too
        QTRY_VERIFY(world.state() == State::Stale);
        QVERIFY(world.error().kind == ErrorKind::Timeout);
        QCOMPARE(world.watch->objects().size(), 2); // what was last seen stays
        world.healthy = true;
        world.onWatch = [](Exchange &e) { e.beginChunks(); };
        QTRY_VERIFY(world.state() == State::Live);
    }

    void quietButHealthyStaysLive()
    {
        WatchTiming timing = World::quick();
        timing.quiet = 30ms;
        World world;
        world.start(timing);
        QTRY_VERIFY(world.server.requests() > 6); // it has asked several times whether the server lives
        QVERIFY(world.state() == State::Live);
        QCOMPARE(world.healths.size(), 1);
        QCOMPARE(world.watches.size(), 1);
    }

    void aDeadServerIsNoticedAndComesBack()
    {
        World world;
        world.start();
        QTRY_VERIFY(world.state() == State::Live);
        const auto port = world.server.serverPort();
        world.server.die();
        QTRY_VERIFY(world.state() == State::Stale);
        QTRY_VERIFY(world.error().kind == ErrorKind::Network);
        QVERIFY(world.server.listen(QHostAddress(QStringLiteral("127.0.0.1")), port));
        QTRY_VERIFY(world.state() == State::Live);
    }

    void deniedListIsStale()
    {
        World world;
        world.server.setHandler([](Exchange &e) { e.reply(403, "{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"message\":\"no\"}"); });
        world.start();
        QTRY_VERIFY(world.state() == State::Stale);
        QVERIFY(world.error().kind == ErrorKind::Forbidden);
    }

    void burstsAreGathered()
    {
        World world;
        world.start();
        QTRY_COMPARE(world.watches.size(), 1);
        QSignalSpy received(world.watch.get(), &Informer::changed);
        QByteArray burst;
        for (int i = 0; i < 2000; ++i)
            burst += eventLine("ADDED", pod("p" + QByteArray::number(i), QByteArray::number(100 + i)));
        world.watches.first()->chunk(burst);
        QTRY_COMPARE(world.watch->objects().size(), 2002);
        QTRY_COMPARE(world.events.size(), 2002);
        QVERIFY2(received.size() < 50, qPrintable(QString::number(received.size())));
    }

    // --- until() ------------------------------------------------------------------------------------------------------

    void waitsForOneObjectAsTheStoreHasIt()
    {
        Waiting waiting;
        waiting.begin(conditions::scaledTo(2));
        QTRY_COMPARE(waiting.watches.size(), 1);
        QVERIFY2(waiting.lists.first().contains("fieldSelector=metadata.name%3Dsleep"), waiting.lists.first().constData());
        QVERIFY2(!waiting.lists.first().contains("resourceVersion"), "a cache may be older than what was just written");
        QVERIFY(waiting.watches.first()->target.contains("fieldSelector=metadata.name%3Dsleep"));
        QVERIFY(waiting.watches.first()->target.contains("resourceVersion=10"));
        QVERIFY(!waiting.future.isFinished());
        waiting.watches.first()->chunk(eventLine("MODIFIED", sleep("11", 2, 2)));
        const auto seen = waiting.end();
        QVERIFY2(seen, seen ? "" : qPrintable(seen.error().text()));
        QCOMPARE(seen->text, QStringLiteral("replicas 2, ready 2"));
        QVERIFY2(
            seen->source.contains(QStringLiteral("/apis/apps/v1/namespaces/n/deployments/sleep on cluster-1")), qPrintable(seen->source));
        QCOMPARE((*seen->object)[u"metadata"][u"resourceVersion"].toString(), QStringLiteral("11"));
        QCOMPARE(waiting.notes, QStringList { QStringLiteral("1 of 2 pods ready") });
        QCOMPARE(waiting.lists.size(), 1); // nothing was asked again and again
        QTRY_VERIFY(!waiting.watches.first()->isConnected()); // and the watch does not stay behind
    }

    void verdicts_data()
    {
        QTest::addColumn<QByteArray>("object"); // empty: there is none
        QTest::addColumn<int>("condition");
        QTest::addColumn<int>("state");
        QTest::addColumn<QString>("words");
        const int so = int(Verdict::State::So), notYet = int(Verdict::State::NotYet), never = int(Verdict::State::Never);
        const QByteArray none, going = R"({"metadata":{"uid":"u1","deletionTimestamp":"x","finalizers":["example.com/hold"]}})";
        enum { Exists, Gone, Absent, GoneOrReplaced, Scaled, RolledOut, Observed };
        QTest::newRow("not there yet") << none << int(Exists) << notYet << "not there yet";
        QTest::newRow("there") << sleep("1", 1, 1) << int(Exists) << so << "there";
        QTest::newRow("gone") << none << int(Gone) << so << "not there";
        QTest::newRow("still there") << sleep("1", 1, 1) << int(Gone) << notYet << "still there";
        QTest::newRow("held") << going << int(Gone) << notYet << "held by example.com/hold";
        QTest::newRow("another of its name") << QByteArray(R"({"metadata":{"uid":"u2"}})") << int(Gone) << so << "not there";
        QTest::newRow("absent") << none << int(Absent) << so << "not there";
        QTest::newRow("on its way out") << going << int(Absent) << notYet << "being deleted";
        QTest::newRow("made anew") << sleep("1", 1, 1) << int(Absent) << never << "made it anew";
        QTest::newRow("replaced") << sleep("1", 1, 1) << int(GoneOrReplaced) << so << "new one";
        QTest::newRow("scaled") << sleep("1", 2, 2) << int(Scaled) << so << "replicas 2";
        QTest::newRow("scaled, not ready") << sleep("1", 2, 1) << int(Scaled) << notYet << "1 of 2 pods ready";
        QTest::newRow("scaled by somebody else") << sleep("1", 3, 3) << int(Scaled) << never << "asks for 3";
        QTest::newRow("deleted while it was to be scaled") << none << int(Scaled) << never << "not there any more";
        QTest::newRow("figures of an older generation") << sleep("1", 2, 2).replace("observedGeneration\":2", "observedGeneration\":1")
                                                        << int(Scaled) << notYet << "not seen the change";
        QTest::newRow("pods that are still to go") << sleep("1", 2, 2).replace(
            "\"status\":{\"observedGeneration\":2,\"replicas\":2", "\"status\":{\"observedGeneration\":2,\"replicas\":5")
                                                   << int(Scaled) << notYet << "5 pods, 2 wanted";
        QTest::newRow("zeros left out") << QByteArray(
            R"({"metadata":{"generation":1},"spec":{"replicas":0},"status":{"observedGeneration":1}})")
                                        << int(RolledOut) << so << "replicas 0, ready 0";
        QTest::newRow("old pods") << sleep("1", 2, 2).replace("updatedReplicas\":2", "updatedReplicas\":1") << int(RolledOut) << notYet
                                  << "1 of 2 pods are new";
        QTest::newRow("old pods that a StatefulSet keeps")
            << sleep("1", 2, 2)
                   .replace("updatedReplicas\":2", "updatedReplicas\":1")
                   .replace("\"spec\":{", "\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":1}},")
            << int(RolledOut) << so << "ready 2";
        QTest::newRow("given up") << sleep("1", 2, 1,
            R"(,"conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"has timed out progressing"}])")
                                  << int(RolledOut) << never << "has timed out";
        QTest::newRow("quota") << sleep(
            "1", 2, 1, R"(,"conditions":[{"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":"exceeded quota"}])")
                               << int(RolledOut) << notYet << "exceeded quota";
        QTest::newRow("no controller says so") << QByteArray(R"({"metadata":{"generation":5}})") << int(Observed) << so << "";
        QTest::newRow("not observed") << sleep("1", 2, 2).replace("observedGeneration\":2", "observedGeneration\":1") << int(Observed)
                                      << notYet << "";
    }
    void verdicts()
    {
        QFETCH(QByteArray, object);
        QFETCH(int, condition);
        QFETCH(int, state);
        QFETCH(QString, words);
        const Condition all[] = { conditions::exists(), conditions::gone(QStringLiteral("u1")), conditions::absent(),
            conditions::goneOrReplaced(), conditions::scaledTo(2), conditions::rolledOut(), conditions::observed() };
        const auto seen = object.isEmpty() ? std::nullopt : std::optional(QJsonDocument::fromJson(object).object());
        QVERIFY(object.isEmpty() || !seen->isEmpty());
        const Verdict verdict = all[condition](seen);
        QCOMPARE(int(verdict.state), state);
        QVERIFY2(verdict.text.contains(words), qPrintable(verdict.text));
    }

    void whoMayNotListReadsItAgainAndAgain_data()
    {
        QTest::addColumn<int>("status");
        QTest::newRow("no right to list") << 403;
        QTest::newRow("a server that cannot list it") << 404;
    }
    void whoMayNotListReadsItAgainAndAgain()
    {
        QFETCH(int, status);
        Waiting waiting;
        int reads = 0;
        waiting.onList = [&](Exchange &e) {
            if (!e.target.contains("/deployments/sleep"))
                e.reply(status, R"({"kind":"Status","status":"Failure","message":"no lists here"})");
            else // there are enough pods at the third time
                e.reply(200, sleep("11", 2, ++reads < 3 ? 1 : 2));
        };
        waiting.begin(conditions::scaledTo(2));
        const auto seen = waiting.end();
        QVERIFY2(seen, seen ? "" : qPrintable(seen.error().text()));
        QCOMPARE(seen->text, QStringLiteral("replicas 2, ready 2"));
        QCOMPARE(waiting.notes, QStringList { QStringLiteral("1 of 2 pods ready") });
        QCOMPARE(reads, 3);
    }

    void aWaitOutlives_data()
    {
        QTest::addColumn<int>("what");
        QTest::newRow("a reset") << 0;
        QTest::newRow("a clean end") << 1;
        QTest::newRow("a version that is too old") << 2;
        QTest::newRow("garbage") << 3;
        QTest::newRow("a server that is started anew") << 4;
        QTest::newRow("a list that fails first") << 5;
    }
    void aWaitOutlives()
    {
        QFETCH(int, what);
        Waiting waiting;
        if (what == 5) {
            waiting.onList = [&](Exchange &e) {
                if (waiting.lists.size() < 3)
                    e.reply(503, R"({"kind":"Status","reason":"ServiceUnavailable","message":"shutting down"})");
                else
                    e.reply(200, waiting.items);
            };
        }
        waiting.begin(conditions::scaledTo(2));
        QTRY_COMPARE_WITH_TIMEOUT(waiting.watches.size(), 1, 15000);
        waiting.items = deployments("20", { sleep("19", 2, 2) }); // told by no event
        switch (what) {
        case 0: waiting.watches.first()->reset(); break;
        case 1: waiting.watches.first()->endChunks(); break;
        case 2: waiting.watches.first()->chunk(eventLine("ERROR", tooOld)); break;
        case 3: waiting.watches.first()->chunk("<html>\n"); break;
        case 4: {
            const auto port = waiting.server.serverPort();
            waiting.server.die();
            QVERIFY(waiting.server.listen(QHostAddress(QStringLiteral("127.0.0.1")), port));
            break;
        }
        default: break;
        }
        if (what != 2) { // resumed from the last version: the news come there
            if (what != 5)
                QTRY_COMPARE_WITH_TIMEOUT(waiting.watches.size(), 2, 15000);
            waiting.watches.last()->chunk(eventLine("MODIFIED", sleep("19", 2, 2)));
        }
        const auto seen = waiting.end();
        QVERIFY2(seen, seen ? "" : qPrintable(seen.error().text()));
        QCOMPARE((*seen->object)[u"metadata"][u"resourceVersion"].toString(), QStringLiteral("19"));
    }

    void aWaitForWhatIsNotThere()
    {
        Waiting waiting;
        waiting.items = deployments("10", {});
        waiting.begin(conditions::absent());
        const auto seen = waiting.end();
        QVERIFY2(seen, seen ? "" : qPrintable(seen.error().text()));
        QVERIFY(!seen->object);
    }

    void aWaitSeesADeletion()
    {
        Waiting waiting;
        waiting.begin(conditions::gone(QStringLiteral("u1")));
        QTRY_COMPARE(waiting.watches.size(), 1);
        waiting.watches.first()->chunk(eventLine("DELETED", sleep("11", 2, 2)));
        QVERIFY(waiting.end());
    }

    void aReasonEndsTheWaitAtOnce()
    {
        Waiting waiting;
        waiting.items = deployments("10",
            { sleep("9", 2, 1,
                R"(,"conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"has timed out progressing"}])") });
        waiting.begin(conditions::rolledOut());
        const auto seen = waiting.end();
        QVERIFY(!seen && seen.error().kind == ErrorKind::Precondition);
        QVERIFY2(seen.error().answer.contains(QStringLiteral("has timed out")), qPrintable(seen.error().text()));
        QCOMPARE(seen.error().tried, QStringLiteral("see sleep ready"));
    }

    void whatIsHopelessEndsTheWait()
    {
        Waiting waiting;
        waiting.begin(conditions::scaledTo(2), 60s, true);
        QTRY_COMPARE(waiting.podWatches.size(), 3); // events too, when most starts are over
        const QByteArray pod = podOfSleep(
            R"("phase":"Pending","containerStatuses":[{"name":"sleep","image":"none:1","ready":false,"restartCount":0,"state":{"waiting":{"reason":"ErrImageNeverPull","message":"it is not on the node"}}}])");
        for (const QPointer<Exchange> &watch : std::as_const(waiting.podWatches))
            if (watch->target.contains("/pods"))
                watch->chunk(eventLine("ADDED", pod));
        const auto seen = waiting.end(); // nothing more is told, and nobody asks again
        QVERIFY(!seen && seen.error().kind == ErrorKind::Precondition);
        QVERIFY2(seen.error().answer.startsWith(QStringLiteral("sleep: 1 of 2 pods ready; "))
                && seen.error().answer.contains(
                    QStringLiteral("the image none:1 cannot be pulled (ErrImageNeverPull): it is not on the node")),
            qPrintable(seen.error().text()));
        QVERIFY(!seen.error().remedy.isEmpty());
        QCOMPARE(waiting.lists.size(), 1);
        QVERIFY2(waiting.notes.size() <= 2, qPrintable(waiting.notes.join(u'\n')));
    }

    void timeIsUp_data()
    {
        QTest::addColumn<int>("what");
        QTest::addColumn<QString>("words");
        QTest::newRow("what was seen last, and why")
            << 0 << "sleep: 1 of 2 pods ready; no node takes the pod: no node has room (pod sleep-x)";
        QTest::newRow("nothing was heard") << 1 << "gives no answer";
        QTest::newRow("the server is away") << 2 << "cannot be followed";
    }
    void timeIsUp()
    {
        QFETCH(int, what);
        QFETCH(QString, words);
        Waiting waiting;
        if (what == 1)
            waiting.onList = [](Exchange &) {};
        if (what == 2)
            waiting.onWatch = [&](Exchange &) { waiting.server.die(); };
        waiting.pods = list("10",
            { podOfSleep(
                R"("conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"no node has room"}])") });
        waiting.begin(conditions::scaledTo(2), 700ms, what == 0);
        const auto seen = waiting.end();
        QVERIFY(!seen && seen.error().kind == ErrorKind::Timeout);
        QVERIFY2(seen.error().answer.contains(words), qPrintable(seen.error().text()));
        QVERIFY(seen.error().target.contains(QStringLiteral("cluster-1")));
    }

    void aWaitIsRefusedOrStopped_data()
    {
        QTest::addColumn<int>("status"); // 0: stopped
        QTest::addColumn<int>("kind");
        QTest::newRow("forbidden") << 403 << int(ErrorKind::Forbidden);
        QTest::newRow("nobody knows us") << 401 << int(ErrorKind::Unauthorized);
        QTest::newRow("no such kind there") << 404 << int(ErrorKind::NotFound);
        QTest::newRow("stopped") << 0 << int(ErrorKind::Cancelled);
    }
    void aWaitIsRefusedOrStopped()
    {
        QFETCH(int, status);
        QFETCH(int, kind);
        Waiting waiting;
        if (status != 0)
            waiting.onList = [&](Exchange &e) { e.reply(status, R"({"kind":"Status","message":"no"})"); };
        waiting.begin(conditions::scaledTo(2));
        if (status == 0) {
            QTRY_COMPARE(waiting.watches.size(), 1);
            waiting.stop.request_stop();
        }
        const auto seen = waiting.end();
        QVERIFY(!seen);
        QVERIFY2(int(seen.error().kind) == kind, qPrintable(seen.error().text()));
        QVERIFY(seen.error().tried.contains(QStringLiteral("see sleep ready")));
    }

    void aClientThatGoesEndsItsWaits()
    {
        Waiting waiting;
        waiting.begin(conditions::scaledTo(2));
        QTRY_COMPARE(waiting.watches.size(), 1);
        waiting.stop.request_stop();
        QVERIFY(!waiting.end());
        waiting.client.reset(); // with the watch's end still on its way
        QTRY_VERIFY(!waiting.watches.first()->isConnected());
    }
};

QTEST_GUILESS_MAIN(WatchTest)
#include "tst_watch.moc"
