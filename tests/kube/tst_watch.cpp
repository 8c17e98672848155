// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/kubewatch.h"
#include "support/scriptedserver.h"

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
    return "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"namespace\":\"n\",\"name\":\"" + name + "\",\"resourceVersion\":\"" + version + "\"},\"status\":{\"phase\":\"" + phase + "\"}}";
}

QByteArray eventLine(const QByteArray &type, const QByteArray &object)
{
    return "{\"type\":\"" + type + "\",\"object\":" + object + "}\n";
}

QByteArray list(const QByteArray &version, const QList<QByteArray> &items)
{
    return "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"items\":[" + items.join(',') + "]}";
}

const QByteArray tooOld = "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"Expired\",\"code\":410,\"message\":\"too old resource version\"}";

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
        std::unique_ptr<Watch> watch;
        QList<WatchEvent> events;

        explicit World(const WatchTiming &timing = quick())
        {
            ClusterAccess access;
            access.server = server.url();
            session = std::make_shared<ApiSession>(access, nullptr);
            watch = makeWatch(session, kinds::pods, QStringLiteral("n"), timing);
            QObject::connect(watch.get(), &Watch::received, watch.get(), [this](const QList<WatchEvent> &more) { events += more; });
        }

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

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void listsThenFollows()
    {
        World world;
        QVERIFY(world.watch->state() == Watch::State::Starting);
        world.watch->start();
        QTRY_VERIFY(world.watch->state() == Watch::State::Live);
        QCOMPARE(world.names(), (QStringList { QStringLiteral("n/a"), QStringLiteral("n/b") }));
        QCOMPARE(world.events.size(), 2);
        QVERIFY(world.watches.first()->target.contains("resourceVersion=10&") || world.watches.first()->target.endsWith("resourceVersion=10"));
        QVERIFY(world.watches.first()->target.contains("allowWatchBookmarks=true"));

        Exchange &stream = *world.watches.first();
        const QByteArray text = eventLine("ADDED", pod("c", "11")) + eventLine("MODIFIED", pod("a", "12", "Failed")) + eventLine("DELETED", pod("b", "13"));
        for (int at = 0; at < text.size(); at += 7) // split where it hurts
            stream.chunk(text.mid(at, 7));
        QTRY_COMPARE(world.names(), (QStringList { QStringLiteral("n/a"), QStringLiteral("n/c") }));
        QTRY_COMPARE(world.events.size(), 5);
        QVERIFY(world.events.at(2).type == WatchEvent::Type::Added);
        QVERIFY(world.events.at(3).type == WatchEvent::Type::Modified);
        QVERIFY(world.events.at(4).type == WatchEvent::Type::Deleted);
        QVERIFY(world.watch->lastHeard().isValid());
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
        world.watch->start();
        QTRY_COMPARE(world.watches.size(), 1);
        QSignalSpy states(world.watch.get(), &Watch::stateChanged);
        world.watches.first()->chunk(eventLine("ADDED", pod("c", "11")) + eventLine("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"77\"}}"));
        QTRY_COMPARE(world.watch->objects().size(), 3);
        if (cleanEnd)
            world.watches.first()->endChunks();
        else
            world.watches.first()->reset();
        QTRY_COMPARE(world.watches.size(), 2);
        QVERIFY(world.watches.last()->target.contains("resourceVersion=77"));
        QTRY_VERIFY(world.watch->state() == Watch::State::Live);
        QCOMPARE(world.lists, 1);
        const bool wasStale = std::any_of(states.cbegin(), states.cend(), [](const auto &one) { return one.first().template value<Watch::State>() == Watch::State::Stale; });
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
        world.watch->start();
        QTRY_COMPARE(world.watches.size(), 2);
        QVERIFY(world.watches.last()->target.contains("resourceVersion=20"));
        QTRY_VERIFY(world.watch->state() == Watch::State::Live);
        QCOMPARE(world.names(), (QStringList { QStringLiteral("n/b"), QStringLiteral("n/d") }));
        // The differences come as events: a gone, b changed, d new.
        QMap<QString, WatchEvent::Type> differences;
        for (const WatchEvent &one : world.events.mid(2))
            differences.insert(one.object[u"metadata"].toObject()[u"name"].toString(), one.type);
        QCOMPARE(differences.size(), 3);
        QVERIFY(differences.value(QStringLiteral("a")) == WatchEvent::Type::Deleted);
        QVERIFY(differences.value(QStringLiteral("b")) == WatchEvent::Type::Modified);
        QVERIFY(differences.value(QStringLiteral("d")) == WatchEvent::Type::Added);
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
            case 2: e.beginChunks(); e.chunk("<html>\n"); break;
            case 3: e.beginChunks(); e.endChunks(); break;
            case 4: e.beginChunks(); e.chunk(eventLine("ERROR", "{\"kind\":\"Status\",\"code\":429,\"reason\":\"TooManyRequests\",\"message\":\"busy\"}")); break;
            default:
                e.beginChunks();
                for (int i = 0; i < 9; ++i)
                    e.chunk(QByteArray(1024 * 1024, 'x'));
                break;
            }
        };
        QList<core::Error> errors;
        connect(world.watch.get(), &Watch::stateChanged, world.watch.get(), [&](Watch::State state) {
            if (state == Watch::State::Stale)
                errors.append(world.watch->lastError());
        });
        world.watch->start();
        QTRY_VERIFY_WITH_TIMEOUT(world.watches.size() == 3 && world.watch->state() == Watch::State::Live, 15000);
        QVERIFY(!errors.isEmpty());
        QCOMPARE(int(errors.first().kind), kind);
        QVERIFY(!errors.first().tried.isEmpty());
        QVERIFY2(world.watch->lastError().answer.isEmpty(), "no error text while it is live");
        QCOMPARE(world.watch->objects().size(), 2);
        QCOMPARE(world.lists, 1);
    }

    void silentServerIsStaleSoon()
    {
        WatchTiming timing = World::quick();
        timing.quiet = 100ms;
        timing.healthTimeout = 300ms;
        World world(timing);
        world.watch->start();
        QTRY_VERIFY(world.watch->state() == Watch::State::Live);
        world.healthy = false;
        world.onWatch = [](Exchange &) {}; // and new connections hang too
        QTRY_VERIFY_WITH_TIMEOUT(world.watch->state() == Watch::State::Stale, 3000);
        QVERIFY(world.watch->lastError().kind == ErrorKind::Timeout);
        QCOMPARE(world.watch->objects().size(), 2); // what was last seen stays
        world.healthy = true;
        world.onWatch = [](Exchange &e) { e.beginChunks(); };
        QTRY_VERIFY_WITH_TIMEOUT(world.watch->state() == Watch::State::Live, 5000);
    }

    void quietButHealthyStaysLive()
    {
        WatchTiming timing = World::quick();
        timing.quiet = 30ms;
        World world(timing);
        QSignalSpy states(world.watch.get(), &Watch::stateChanged);
        world.watch->start();
        QTRY_VERIFY(world.server.requests() > 6); // it has asked several times whether the server lives
        QVERIFY(world.watch->state() == Watch::State::Live);
        QCOMPARE(states.size(), 1);
        QCOMPARE(world.watches.size(), 1);
    }

    void aDeadServerIsNoticedAndComesBack()
    {
        World world;
        world.watch->start();
        QTRY_VERIFY(world.watch->state() == Watch::State::Live);
        const auto port = world.server.serverPort();
        world.server.die();
        QTRY_VERIFY(world.watch->state() == Watch::State::Stale);
        QTRY_VERIFY(world.watch->lastError().kind == ErrorKind::Network);
        QVERIFY(world.server.listen(QHostAddress(QStringLiteral("127.0.0.1")), port));
        QTRY_VERIFY(world.watch->state() == Watch::State::Live);
    }

    void deniedListIsStale()
    {
        World world;
        world.server.setHandler([](Exchange &e) { e.reply(403, "{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"message\":\"no\"}"); });
        world.watch->start();
        QTRY_VERIFY(world.watch->state() == Watch::State::Stale);
        QVERIFY(world.watch->lastError().kind == ErrorKind::Forbidden);
    }

    void stopsAndMayDieInItsSignal()
    {
        World world;
        connect(world.watch.get(), &Watch::received, this, [&] { world.watch->stop(); });
        world.watch->start();
        QTRY_COMPARE(world.events.size(), 2);
        QVERIFY(world.watches.isEmpty());

        World second;
        connect(second.watch.get(), &Watch::received, this, [&] { second.watch.release()->deleteLater(); });
        QPointer<Watch> alive = second.watch.get();
        second.watch->start();
        QTRY_VERIFY(!alive);
    }

    void burstsAreGathered()
    {
        World world;
        world.watch->start();
        QTRY_COMPARE(world.watches.size(), 1);
        QSignalSpy received(world.watch.get(), &Watch::received);
        QByteArray burst;
        for (int i = 0; i < 2000; ++i)
            burst += eventLine("ADDED", pod("p" + QByteArray::number(i), QByteArray::number(100 + i)));
        world.watches.first()->chunk(burst);
        QTRY_COMPARE(world.watch->objects().size(), 2002);
        QTRY_COMPARE(world.events.size(), 2002);
        QVERIFY2(received.size() < 50, qPrintable(QString::number(received.size())));
    }
};

QTEST_GUILESS_MAIN(WatchTest)
#include "tst_watch.moc"
