// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/eventbacklog.h"
#include "kube/informerfeed.h"
#include "kube/informerimpl.h"
#include "kube/renewal.h"
#include "support/rotatingidentity.h"
#include "support/scriptedserver.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QSslKey>
#include <QTemporaryDir>
#include <QtTest>

#ifdef Q_OS_LINUX
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#endif

using namespace catamaran;
using namespace catamaran::kube;
using namespace std::chrono_literals;
using core::ErrorKind;
using test::Exchange;
using test::ScriptedServer;

namespace {

using State = InformerHealth::State;

/// An item as servers write it in a list: without kind and apiVersion.
QByteArray item(const QByteArray &name, const QByteArray &version, const QByteArray &more = {})
{
    return "{\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"n\",\"resourceVersion\":\"" + version
        + "\",\"managedFields\":[{\"manager\":\"x\",\"fieldsV1\":{\"f:a\":{}}}],\"labels\":{\"a\":\"[\\\"}\"}}" + more + "}";
}

QByteArray pod(const QByteArray &name, const QByteArray &version, const QByteArray &phase = "Running")
{
    return "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"," + item(name, version, ",\"status\":{\"phase\":\"" + phase + "\"}").mid(1);
}

QByteArray eventLine(const QByteArray &type, const QByteArray &object)
{
    return "{\"type\":\"" + type + "\",\"object\":" + object + "}\n";
}

QByteArray list(const QByteArray &version, const QList<QByteArray> &items, const QByteArray &next = {})
{
    return "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"" + version + "\""
        + (next.isEmpty() ? QByteArray() : ",\"continue\":\"" + next + "\"") + "},\"items\":[" + items.join(',') + "]}\n";
}

QByteArray status(int code, const QByteArray &reason, const QByteArray &message)
{
    return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"" + reason
        + "\",\"code\":" + QByteArray::number(code) + ",\"message\":\"" + message + "\"}";
}

/// A server with scripted lists and watches, and an informer of its pods.
struct World {
    std::function<void(Exchange &)> onList = [](Exchange &e) { e.reply(200, list("10", { item("a", "1"), item("b", "2") })); };
    std::function<void(Exchange &)> onWatch = [](Exchange &e) { e.beginChunks(); };
    QList<QPointer<Exchange>> lists, watches;
    bool healthy = true;
    int healthQuestions = 0;
    ScriptedServer server { [this](Exchange &e) {
        if (e.path() == "/version") {
            ++healthQuestions;
            if (healthy)
                e.reply(200, "{}");
        } else if (e.target.contains("watch=1")) {
            watches.append(&e);
            onWatch(e);
        } else {
            lists.append(&e);
            onList(e);
        }
    } };
    std::shared_ptr<Informer> informer;
    QList<ObjectChange> changes;

    static WatchTiming quick()
    {
        WatchTiming timing;
        timing.backoff.first = 10ms;
        timing.backoff.longest = 50ms;
        return timing;
    }

    void start(const WatchTiming &timing = quick())
    {
        ClusterAccess access;
        access.server = server.url();
        informer = makeInformer(std::make_shared<ApiSession>(access, nullptr), kinds::pods, QStringLiteral("n"), timing);
        QObject::connect(informer.get(), &Informer::changed, informer.get(), [this](const QList<ObjectChange> &more) { changes += more; });
    }

    [[nodiscard]] State state() const { return informer->health().state; }
    [[nodiscard]] QStringList names() const
    {
        QStringList keys = informer->objects().keys();
        keys.sort();
        return keys;
    }
    [[nodiscard]] bool live() const { return state() == State::Live; }
};

} // namespace

class InformerTest : public QObject {
    Q_OBJECT
    /// "A" added, "M" modified, "D" deleted, each with the object's name and version behind.
    static std::vector<CompactEvent> events(const QString &text)
    {
        std::vector<CompactEvent> list;
        for (const QString &word : text.split(u' ', Qt::SkipEmptyParts)) {
            CompactEvent event;
            event.type = word.at(0) == u'A' ? CompactEvent::Type::Added
                : word.at(0) == u'M'        ? CompactEvent::Type::Modified
                                            : CompactEvent::Type::Deleted;
            event.object.key = word.at(1);
            event.object.object = { word.mid(2), QByteArray(10, 'x') };
            list.push_back(event);
        }
        return list;
    }
    static QString text(const std::vector<CompactEvent> &list)
    {
        QStringList words;
        for (const CompactEvent &event : list)
            words << QLatin1String(event.type == CompactEvent::Type::Added ? "A"
                             : event.type == CompactEvent::Type::Modified  ? "M"
                                                                           : "D")
                    + event.object.key + event.object.object.resourceVersion;
        return words.join(u' ');
    }

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void keepsObjectsWithoutManagedFieldsAndWithTheirKind()
    {
        World world;
        world.start();
        QVERIFY(world.state() == State::Starting);
        QVERIFY(!world.informer->isSynced());
        QTRY_VERIFY(world.live());
        QCOMPARE(world.names(), (QStringList { QStringLiteral("n/a"), QStringLiteral("n/b") }));
        const CachedObject a = world.informer->objects().value(QStringLiteral("n/a"));
        QVERIFY2(!a.json.contains("managedFields"), a.json.constData());
        const QJsonObject object = a.object();
        QCOMPARE(object[u"kind"].toString(), QStringLiteral("Pod"));
        QCOMPARE(object[u"apiVersion"].toString(), QStringLiteral("v1"));
        QCOMPARE(object[u"metadata"].toObject()[u"labels"].toObject()[u"a"].toString(), QStringLiteral("[\"}"));
        QCOMPARE(a.resourceVersion, QStringLiteral("1"));
        // The first list may be the server's cached one; the watch goes on from it.
        QVERIFY(world.lists.first()->target.contains("resourceVersion=0"));
        QVERIFY(world.watches.first()->target.contains("resourceVersion=10"));

        world.watches.first()->chunk(eventLine("MODIFIED", pod("a", "12", "Failed")));
        QTRY_COMPARE(world.informer->objects().value(QStringLiteral("n/a")).resourceVersion, QStringLiteral("12"));
        const CachedObject after = world.informer->objects().value(QStringLiteral("n/a"));
        QVERIFY(!after.json.contains("managedFields"));
        QCOMPARE(after.object()[u"status"].toObject()[u"phase"].toString(), QStringLiteral("Failed"));
        QCOMPARE(world.informer->eventsSeen(), 1U);
    }

    void aListArrivesInAnyPieces_data()
    {
        QTest::addColumn<int>("piece");
        QTest::addColumn<QByteArray>("body");
        const QByteArray usual = list("10", { item("a", "1"), item("b", "2", ",\"spec\":{\"x\":\"\\\\\",\"y\":[{},[1,2]]}") });
        const QByteArray sorted = "{\"apiVersion\":\"v1\",\"items\":[" + item("a", "1") + " , " + item("b", "2")
            + "],\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"10\"}}";
        for (const int piece : { 1, 2, 3, 7, 64, 100000 }) {
            QTest::addRow("%d bytes", piece) << piece << usual;
            QTest::addRow("%d bytes, kind behind the items", piece) << piece << sorted;
        }
    }
    void aListArrivesInAnyPieces()
    {
        QFETCH(int, piece);
        QFETCH(QByteArray, body);
        World world;
        world.onList = [&](Exchange &e) {
            e.beginChunks();
            for (int at = 0; at < body.size(); at += piece)
                e.chunk(body.mid(at, piece));
            e.endChunks();
        };
        world.start();
        QTRY_VERIFY(world.live());
        QCOMPARE(world.names(), (QStringList { QStringLiteral("n/a"), QStringLiteral("n/b") }));
        for (const CachedObject &one : world.informer->objects())
            QCOMPARE(one.object()[u"kind"].toString(), QStringLiteral("Pod"));
    }

    void anEmptyListIsKnownToBeEmpty()
    {
        World world;
        world.onList = [](Exchange &e) {
            e.reply(200, "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"3\"},\"items\":null}");
        };
        world.start();
        QTRY_VERIFY(world.live());
        QVERIFY(world.informer->isSynced());
        QVERIFY(world.informer->objects().isEmpty());
    }

    void badListsAreErrors_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a login page") << QByteArray("<html>sign in</html>");
        QTest::newRow("cut off in an item") << list("1", { item("a", "1"), item("b", "2") }).chopped(30);
        QTest::newRow("cut off behind the items") << list("1", { item("a", "1") }).chopped(3);
        QTest::newRow("an item that is no object") << QByteArray("{\"kind\":\"PodList\",\"items\":[1]}");
        QTest::newRow("an item without name") << QByteArray("{\"kind\":\"PodList\",\"items\":[{\"metadata\":{}}]}");
        QTest::newRow("items is an object") << QByteArray("{\"kind\":\"PodList\",\"items\":{}}");
        QTest::newRow("no items") << QByteArray("{\"kind\":\"PodList\",\"metadata\":{}}");
        QTest::newRow("a Status") << status(200, "", "");
        QTest::newRow("an array") << QByteArray("[]");
        QTest::newRow("something behind the end") << list("1", {}) + "{}x";
        QTest::newRow("nested without end") << QByteArray("{\"items\":[{\"a\":") + QByteArray(1000, '[');
        QTest::newRow("an item of 9 MiB") << QByteArray("{\"items\":[{\"a\":\"") + QByteArray(9 * 1024 * 1024, 'x');
    }
    void badListsAreErrors()
    {
        QFETCH(QByteArray, body);
        World world;
        world.onList = [&](Exchange &e) {
            if (world.lists.size() < 3)
                e.reply(200, body);
            else
                e.reply(200, list("5", { item("a", "1") }));
        };
        world.start();
        QTRY_VERIFY(world.state() == State::Stale);
        const auto error = world.informer->health().error;
        QVERIFY2(error.kind == ErrorKind::Protocol, qPrintable(error.text()));
        QVERIFY(!error.tried.isEmpty());
        QVERIFY(!error.answer.isEmpty());
        QTRY_VERIFY(world.live()); // it goes on trying
        QCOMPARE(world.names(), (QStringList { QStringLiteral("n/a") }));
    }

    void aTokenThatExpiresBeginsTheListAnew_data()
    {
        QTest::addColumn<int>("expiries");
        QTest::newRow("once: in chunks again") << 1;
        QTest::newRow("twice: then without chunks") << 2;
    }
    void aTokenThatExpiresBeginsTheListAnew()
    {
        QFETCH(int, expiries);
        World world;
        int expired = 0;
        world.start();
        QTRY_VERIFY(world.live());
        // A list that is not the first is read in chunks: 410 makes one.
        world.onList = [&](Exchange &e) {
            if (!e.target.contains("limit=")) {
                e.reply(200, list("21", { item("c", "20"), item("d", "20") }));
            } else if (!e.target.contains("continue=")) {
                e.reply(200, list("20", { item("c", "20") }, "more"));
            } else if (expired < expiries) {
                ++expired;
                e.reply(410, status(410, "Expired", "The provided continue parameter is too old"));
            } else {
                e.reply(200, list("20", { item("d", "20") }));
            }
        };
        const auto seen = world.lists.size();
        world.watches.last()->chunk(eventLine("ERROR", status(410, "Expired", "too old resource version")));
        QTRY_COMPARE(world.names(), (QStringList { QStringLiteral("n/c"), QStringLiteral("n/d") }));
        QTRY_VERIFY(world.live());
        QCOMPARE(expired, expiries);
        QVERIFY2(!world.lists.at(seen)->target.contains("resourceVersion=0"), "it must not go back in time");
        QVERIFY(world.lists.at(seen)->target.contains("limit=500"));
        QCOMPARE(world.lists.last()->target.contains("limit="), expiries == 1);
    }

    void aServerBehindOursIsListedAnew()
    {
        World world;
        world.start();
        QTRY_VERIFY(world.live());
        world.onList = [](Exchange &e) { e.reply(200, list("5", { item("a", "1") })); };
        world.onWatch = [&](Exchange &e) {
            if (e.target.contains("resourceVersion=10"))
                e.reply(504, status(504, "Timeout", "Timeout: Too large resource version: 10, current: 5"));
            else
                e.beginChunks();
        };
        world.watches.first()->reset();
        QTRY_COMPARE(world.names(), (QStringList { QStringLiteral("n/a") }));
        QTRY_VERIFY(world.live());
        QVERIFY(world.watches.last()->target.contains("resourceVersion=5"));
    }

    void retryAfterIsObeyed()
    {
        World world;
        QElapsedTimer since;
        qint64 waited = -1;
        world.onList = [&](Exchange &e) {
            if (world.lists.size() == 1) {
                since.start();
                e.reply(429, status(429, "TooManyRequests", "later"), "application/json", { { "Retry-After", "1" } });
                return;
            }
            waited = since.elapsed();
            e.reply(200, list("10", {}));
        };
        world.start();
        QTRY_VERIFY(world.live());
        QVERIFY2(waited >= 900, qPrintable(QString::number(waited)));
    }

    void aSilentServerIsStaleAndSaysSinceWhen()
    {
        World world;
        auto timing = World::quick();
        timing.quiet = 100ms;
        timing.healthTimeout = 200ms;
        world.start(timing);
        QTRY_VERIFY(world.live());
        QVERIFY(!world.informer->health().staleSince.isValid());
        const auto heard = world.informer->health().heard;
        QVERIFY(heard.isValid());
        world.healthy = false;
        world.onWatch = [](Exchange &) {};
        QTRY_VERIFY(world.state() == State::Stale);
        const auto health = world.informer->health();
        QVERIFY(health.error.kind == ErrorKind::Timeout);
        QVERIFY(health.staleSince.isValid());
        QCOMPARE(health.heard, heard);
        QCOMPARE(world.informer->objects().size(), 2);
        world.healthy = true;
        world.onWatch = [](Exchange &e) { e.beginChunks(); };
        QTRY_VERIFY(world.live());
        QVERIFY(!world.informer->health().staleSince.isValid());
        QVERIFY(world.informer->health().error.answer.isEmpty());
    }

    void aSilentServerIsNoticedDuringTheFirstListToo()
    {
        World world;
        auto timing = World::quick();
        timing.quiet = 100ms;
        timing.healthTimeout = 200ms;
        world.healthy = false;
        world.onList = [](Exchange &e) {
            e.beginChunks();
            e.chunk("{\"kind\":\"PodList\",");
        };
        world.start(timing);
        QTRY_VERIFY(world.state() == State::Stale);
        QVERIFY(!world.informer->isSynced());
    }

    void aQuietServerThatAnswersStaysLive()
    {
        World world;
        auto timing = World::quick();
        timing.quiet = 30ms;
        world.start(timing);
        QTRY_VERIFY(world.live());
        const auto confirmed = world.informer->health().confirmed;
        QSignalSpy health(world.informer.get(), &Informer::healthChanged);
        QTRY_VERIFY(world.healthQuestions >= 4);
        QVERIFY(world.live());
        QCOMPARE(health.size(), 0);
        QCOMPARE(world.watches.size(), 1);
        QTRY_VERIFY(world.informer->health().confirmed > confirmed);
    }

    void aSlowListOfALivingServerGoesOn()
    {
        World world;
        auto timing = World::quick();
        timing.quiet = 30ms;
        QPointer<Exchange> slow;
        world.onList = [&](Exchange &e) {
            slow = &e;
            e.beginChunks();
            e.chunk(list("10", { item("a", "1") }).left(60));
        };
        world.start(timing);
        QTRY_VERIFY(world.healthQuestions >= 4);
        QVERIFY(world.state() == State::Starting);
        slow->chunk(list("10", { item("a", "1") }).mid(60));
        slow->endChunks();
        QTRY_VERIFY(world.live());
        QCOMPARE(world.lists.size(), 1);
        QCOMPARE(world.names(), (QStringList { QStringLiteral("n/a") }));
    }

    void whatCameBeforeABreakIsNotLost()
    {
        World world;
        world.start();
        QTRY_VERIFY(world.live());
        QByteArray text;
        for (int i = 0; i < 1000; ++i)
            text += eventLine("ADDED", pod("p" + QByteArray::number(i), QByteArray::number(100 + i)));
        text += "{\"type\":\"ADDED\",\"obj"; // and the line that broke
        world.watches.first()->chunk(text);
        QTRY_VERIFY(world.informer->eventsSeen() > 0);
        world.watches.first()->endChunks();
        QTRY_COMPARE(world.watches.size(), 2);
        QTRY_COMPARE(world.informer->objects().size(), 1002);
        QCOMPARE(world.informer->eventsSeen(), 1000U);
        QVERIFY(world.watches.last()->target.contains("resourceVersion=1099"));
        QTRY_VERIFY(world.live());
    }

    void changesAreGatheredButNoneIsSkipped()
    {
        World world;
        world.start();
        QTRY_VERIFY(world.live());
        QSignalSpy spy(world.informer.get(), &Informer::changed);
        const auto before = world.changes.size();
        QByteArray text;
        for (int i = 0; i < 5000; ++i)
            text += eventLine("MODIFIED", pod("a", QByteArray::number(100 + i)));
        world.watches.first()->chunk(text);
        QTRY_COMPARE(world.changes.size() - before, 5000);
        QCOMPARE(world.informer->eventsSeen(), 5000U);
        QVERIFY2(spy.size() < 30, qPrintable(QString::number(spy.size())));
        QCOMPARE(world.changes.last().object.resourceVersion, QStringLiteral("5099"));
    }

    void backlog_data()
    {
        QTest::addColumn<QString>("came");
        QTest::addColumn<QString>("waits");
        QTest::newRow("up to the bound each is kept") << "Aa1 Ma2 Ma3 Ma4"
                                                      << "Aa1 Ma2 Ma3 Ma4";
        QTest::newRow("beyond it the last of each object") << "Aa1 Ma2 Ab3 Ma4 Mb5"
                                                           << "Ma4 Mb5";
        QTest::newRow("in the order of what is kept") << "Aa1 Ab2 Ac3 Ma4 Mb5"
                                                      << "Ac3 Ma4 Mb5";
        QTest::newRow("a deletion is kept") << "Aa1 Ma2 Da3 Ab4 Mb5"
                                            << "Da3 Mb5";
        QTest::newRow("also before the object comes again") << "Ma1 Da2 Aa3 Ma4 Ma5"
                                                            << "Da2 Ma5";
        QTest::newRow("the last of several deletions") << "Da1 Aa2 Da3 Aa4 Ma5"
                                                       << "Da3 Ma5";
        QTest::newRow("deleted in the end") << "Da1 Aa2 Ma3 Aa4 Da5"
                                            << "Da5";
        QTest::newRow("what comes after counts anew") << "Aa1 Ma2 Ma3 Ma4 Ma5 Ma6 Ma7"
                                                      << "Ma5 Ma6 Ma7";
        QTest::newRow("more objects than the bound") << "Aa1 Ab2 Ac3 Ad4 Ae5 Af6"
                                                     << "Aa1 Ab2 Ac3 Ad4 Ae5 Af6";
    }
    void backlog()
    {
        QFETCH(QString, came);
        QFETCH(QString, waits);
        EventBacklog backlog(4);
        for (const QString &word : came.split(u' '))
            backlog.add(events(word));
        QCOMPARE(text(backlog.take()), waits);
        QVERIFY(backlog.isEmpty());
        backlog.add(events(QStringLiteral("Aa1 Ma2 Ma3 Ma4"))); // the bound is the first one again
        QCOMPARE(text(backlog.take()), QStringLiteral("Aa1 Ma2 Ma3 Ma4"));
    }

    void backlogIsBoundedInBytesToo()
    {
        EventBacklog backlog(1000, 45);
        backlog.add(events(QStringLiteral("Aa1 Ma2 Ma3 Ma4")));
        backlog.add(events(QStringLiteral("Mb5")));
        QCOMPARE(text(backlog.take()), QStringLiteral("Ma4 Mb5"));
    }

    /// Nobody takes what the feed decodes while 200,000 events of 100 pods come.
    void floodedFeedIsBounded()
    {
        const auto feed = InformerFeed::make(InformerFeed::Kind::Watch, [] {});
        constexpr int events = 200000, pods = 100, piece = 1000;
        for (int i = 0; i < events; i += piece) {
            QByteArray text;
            for (int j = i; j < i + piece; ++j)
                text += eventLine(j == events - 1 ? "DELETED" : "MODIFIED", pod("p" + QByteArray::number(j % pods), QByteArray::number(j)));
            feed->push(text);
        }
        feed->finish();
        QTRY_COMPARE_WITH_TIMEOUT(feed.use_count(), 1L, 60000); // the pool has let go of it: everything is decoded
        const InformerFeed::Batch batch = feed->take();
        QVERIFY(batch.ended && !batch.error);
        QCOMPARE(batch.eventsSeen, quint64(events));
        QVERIFY2(batch.events.size() <= 20001, qPrintable(QString::number(batch.events.size())));
        QHash<QString, QString> last;
        for (const CompactEvent &event : batch.events)
            last.insert(event.object.key, event.object.object.resourceVersion);
        QCOMPARE(last.size(), pods);
        for (int i = events - pods; i < events; ++i)
            QCOMPARE(last.value(QStringLiteral("n/p%1").arg(i % pods)), QString::number(i));
        QVERIFY(batch.events.back().type == CompactEvent::Type::Deleted);
        QCOMPARE(batch.resourceVersion, QString::number(events - 1));
    }

    /// A server that sends faster than anybody can decode does not fill the memory: it is given up, once and for good.
    void bytesThatWaitAreBounded_data()
    {
        QTest::addColumn<bool>("isWatch");
        QTest::newRow("of a watch") << true;
        QTest::newRow("of a list") << false;
    }
    void bytesThatWaitAreBounded()
    {
        QFETCH(bool, isWatch);
        int told = 0;
        const auto feed = InformerFeed::make(
            isWatch ? InformerFeed::Kind::Watch : InformerFeed::Kind::List, [&] { ++told; }, 100);
        const QByteArray text = eventLine("ADDED", pod("p", "1"));
        QVERIFY(text.size() > 50);
        feed->push(text + text);
        QCOMPARE(told, 1);
        const InformerFeed::Batch batch = feed->take();
        QVERIFY(batch.error && batch.events.empty());
        QVERIFY2(batch.error->answer.contains(QStringLiteral("faster")), qPrintable(batch.error->text()));
        feed->push(text);
        feed->finish();
        QTRY_COMPARE_WITH_TIMEOUT(feed.use_count(), 1L, 60000);
        const InformerFeed::Batch after = feed->take();
        QVERIFY(!after.error && after.events.empty() && !after.ended);
        QCOMPARE(told, 1);
    }

    /// The consumer is not called before all of it has come.
    void floodedInformerTellsTheLastOfEachObject()
    {
        World world;
        auto timing = World::quick();
        timing.publish = 1h;
        world.start(timing);
        QTRY_VERIFY(world.live());
        world.informer->disconnect(); // the list's, told at once, is not what this is about
        QList<ObjectChange> told;
        connect(world.informer.get(), &Informer::changed, this, [&](const QList<ObjectChange> &changes) { told += changes; });
        constexpr int events = 100000, pods = 50;
        QByteArray text;
        for (int i = 0; i < events; ++i)
            text += eventLine("MODIFIED", pod("p" + QByteArray::number(i % pods), QByteArray::number(100 + i)));
        text += eventLine("DELETED", pod("a", QByteArray::number(100 + events)));
        world.watches.first()->chunk(text);
        QTRY_COMPARE_WITH_TIMEOUT(world.informer->eventsSeen(), quint64(events + 1), 60000);
        QVERIFY2(told.isEmpty(), "nothing was published yet");
        world.onList = [](Exchange &e) { e.reply(200, list("900000", {})); };
        world.watches.first()->chunk(eventLine("ERROR", status(410, "Expired", "too old"))); // a new list, before which it tells the rest
        QTRY_VERIFY(!told.isEmpty());
        QVERIFY2(told.size() < 25000, qPrintable(QString::number(told.size())));
        QHash<QString, ObjectChange> first, last;
        for (const ObjectChange &change : std::as_const(told)) {
            if (!first.contains(change.key))
                first.insert(change.key, change);
            last.insert(change.key, change);
        }
        QCOMPARE(first.size(), pods + 2); // a was deleted by an event, b by the list
        QVERIFY(first.value(QStringLiteral("n/a")).type == ObjectChange::Type::Deleted);
        QCOMPARE(first.value(QStringLiteral("n/a")).object.resourceVersion, QString::number(100 + events));
        for (int i = events - pods; i < events; ++i) {
            const QString key = QStringLiteral("n/p%1").arg(i % pods);
            QVERIFY(first.value(key).type == ObjectChange::Type::Added && last.value(key).type == ObjectChange::Type::Deleted);
            QCOMPARE(last.value(key).object.resourceVersion, QString::number(100 + i)); // its last state
        }
    }

    void watchGoesOnAsTheNewIdentity()
    {
        QList<QPointer<Exchange>> watches;
        int lists = 0;
        ScriptedServer server(
            [&](Exchange &e) {
                if (e.target.contains("watch=1")) {
                    watches.append(&e);
                    e.beginChunks();
                } else {
                    ++lists;
                    e.reply(200, list("10", { item("a", "1") }));
                }
            },
            ScriptedServer::Mode::TlsWithClientCertificate);
        test::RotatingIdentity identity(server, QStringLiteral("alice"));
        const auto session = std::make_shared<ApiSession>(identity.access(), nullptr);
        session->setFileIntervals(1min, 10ms);
        const auto informer = makeInformer(session, kinds::pods, QStringLiteral("n"), World::quick());
        QTRY_VERIFY(informer->health().state == State::Live);
        QCOMPARE(watches.first()->clientCommonName, QByteArray("alice"));
        watches.first()->chunk(eventLine("MODIFIED", pod("a", "11")));
        QTRY_COMPARE(informer->resourceVersion(), QStringLiteral("11"));

        bool wasStale = false;
        connect(informer.get(), &Informer::healthChanged, this, [&] { wasStale = wasStale || informer->health().state != State::Live; });
        identity.rotateTo(QStringLiteral("bob"));
        QTRY_COMPARE(watches.size(), 2);
        QCOMPARE(watches.last()->clientCommonName, QByteArray("bob"));
        QVERIFY2(watches.last()->target.contains("resourceVersion=11"), watches.last()->target.constData());
        QTRY_VERIFY2(!watches.first() || !watches.first()->isConnected(), "nothing is heard as alice any more");
        watches.last()->chunk(eventLine("MODIFIED", pod("a", "12")));
        QTRY_COMPARE(informer->objects().value(QStringLiteral("n/a")).resourceVersion, QStringLiteral("12"));
        QCOMPARE(informer->eventsSeen(), 2U);
        QCOMPARE(lists, 1);
        QVERIFY2(!wasStale, "an identity that was renewed is no trouble");
    }

    /// It is renewed though nobody asks for anything but this watch, which goes on with the new one from where it is.
    void aTokenNearItsEndIsRenewedUnderAnOpenWatch()
    {
        QList<QPointer<Exchange>> watches;
        QList<QByteArray> tokens;
        int lists = 0;
        ScriptedServer server(
            [&](Exchange &e) {
                if (e.target.contains("watch=1")) {
                    watches.append(&e);
                    tokens.append(e.header("Authorization"));
                    e.beginChunks();
                } else {
                    lists += e.target.contains("/pods");
                    e.reply(200, list("10", { item("a", "1") }));
                }
            },
            ScriptedServer::Mode::Tls);
        ClusterAccess access;
        access.server = server.url();
        access.tls.trusted = server.authority();
        access.token = core::Secret(QByteArrayLiteral("first"));
        std::function<void(const core::Result<RenewedAccess> &)> answer; // the cloud takes its time
        renewBeforeItEnds(access, QDateTime::currentDateTimeUtc().addSecs(62), // due in two seconds
            [&](std::function<void(const core::Result<RenewedAccess> &)> handler) { answer = std::move(handler); });
        const auto informer = makeInformer(std::make_shared<ApiSession>(access, nullptr), kinds::pods, QStringLiteral("n"), WatchTiming());
        QTRY_VERIFY(informer->health().state == State::Live);
        watches.first()->chunk(eventLine("MODIFIED", pod("a", "11")));
        QTRY_COMPARE(informer->resourceVersion(), QStringLiteral("11"));
        bool wasStale = false;
        connect(informer.get(), &Informer::healthChanged, this, [&] { wasStale = wasStale || informer->health().state != State::Live; });
        QTRY_VERIFY(answer);
        QCOMPARE(tokens, QList<QByteArray>({ "Bearer first" })); // it goes on while the new one is made
        ClusterAccess newer = access;
        newer.plugin.reset();
        newer.token = core::Secret(QByteArrayLiteral("second"));
        answer(RenewedAccess { newer, {} });
        QTRY_COMPARE(watches.size(), 2);
        QCOMPARE(tokens.last(), QByteArray("Bearer second"));
        QVERIFY2(watches.last()->target.contains("resourceVersion=11"), watches.last()->target.constData());
        watches.last()->chunk(eventLine("MODIFIED", pod("a", "12")));
        QTRY_COMPARE(informer->objects().value(QStringLiteral("n/a")).resourceVersion, QStringLiteral("12"));
        QCOMPARE(informer->eventsSeen(), 2U);
        QCOMPARE(lists, 1);
        QVERIFY2(!wasStale, "a token that was renewed is no trouble");
    }

    void changesComeAtMostTwentyTimesASecond()
    {
        World world;
        auto timing = World::quick();
        timing.publish = 50ms;
        world.start(timing);
        QTRY_VERIFY(world.live());
        QElapsedTimer clock;
        QList<qint64> times;
        connect(world.informer.get(), &Informer::changed, this, [&] { times.append(clock.elapsed()); });
        clock.start();
        int sent = 0;
        QTimer source;
        connect(&source, &QTimer::timeout, this, [&] {
            if (sent < 100)
                world.watches.first()->chunk(eventLine("MODIFIED", pod("a", QByteArray::number(100 + sent++))));
        });
        source.start(3);
        QTRY_COMPARE(world.informer->objects().value(QStringLiteral("n/a")).resourceVersion, QStringLiteral("199"));
        for (qsizetype i = 1; i < times.size(); ++i)
            QVERIFY2(times.at(i) - times.at(i - 1) >= 40, qPrintable(QString::number(times.at(i) - times.at(i - 1))));
        QVERIFY(times.size() > 1);
    }

    void oneCacheForAllWhoAsk()
    {
        World world;
        ClusterAccess access;
        access.server = world.server.url();
        KubeClient client(access);
        const auto first = client.informer(kinds::pods, QStringLiteral("n"));
        const auto second = client.informer(kinds::pods, QStringLiteral("n"));
        QCOMPARE(first.get(), second.get());
        QVERIFY(client.informer(kinds::pods, {}) != first);
        QTRY_VERIFY(first->health().state == State::Live);
        QTRY_VERIFY(world.lists.size() <= 2);
    }

    void theKernelProbesAnOpenWatch()
    {
#ifdef Q_OS_LINUX
        World world;
        world.start();
        QTRY_VERIFY(world.live());
        const auto idle = [&] { // seconds, of the sockets to that server
            QList<int> all;
            for (int socket = 3; socket < 1024; ++socket) {
                sockaddr_in peer {};
                socklen_t size = sizeof peer;
                if (::getpeername(socket, reinterpret_cast<sockaddr *>(&peer), &size) != 0 || peer.sin_family != AF_INET
                    || ntohs(peer.sin_port) != world.server.serverPort())
                    continue;
                int seconds = 0;
                size = sizeof seconds;
                if (::getsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &seconds, &size) == 0)
                    all.append(seconds);
            }
            return all;
        };
        QVERIFY(!idle().isEmpty());
        QTRY_VERIFY(idle().contains(5));
#endif
    }

    void endsWithItsLastHolderAlsoInsideItsSignal()
    {
        World world;
        world.start();
        QPointer<Informer> alive = world.informer.get();
        connect(world.informer.get(), &Informer::changed, this, [&] { world.informer.reset(); });
        QTRY_VERIFY(!alive);
        QVERIFY(world.watches.isEmpty());
    }
};

QTEST_GUILESS_MAIN(InformerTest)
#include "tst_informer.moc"
