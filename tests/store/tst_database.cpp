// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "store/columns.h"
#include "store/database.h"
#include "store/memorydatabase.h"
#include "store/schema.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <ctime>
#include <limits>
#include <thread>

#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace catamaran;
using namespace catamaran::store;

namespace {

/// What is to be restored, as a reader of the rows sees it.
struct DueRow {
    QString drill;
    QJsonObject actions;
    qint64 atMs = 0;
};
core::Result<QList<DueRow>> dueIn(const Database &database)
{
    QList<DueRow> due;
    return database
        .forEach(QStringLiteral("read"), QStringLiteral("SELECT name, plan, at FROM execution WHERE state = 'undo-due'"), {},
            [&](const QSqlQuery &row) {
                due.append({ row.value(0).toString(), objectOf(row.value(1)), row.value(2).toLongLong() });
                return true;
            })
        .map([&](core::Done) { return due; });
}

} // namespace

class TestDatabase : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
        m_file = m_folder->filePath(QStringLiteral("deep/er/history.db"));
    }

    void makesAPrivateFileInWalMode()
    {
        const auto database = open();
        const QFileInfo info(m_file);
        QCOMPARE(info.permissions() & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther), QFile::Permissions());
        QVERIFY(database->begin(activity(QStringLiteral("a"))).has_value());
        for (const char *side : { "-wal", "-shm" }) {
            const QFileInfo beside(m_file + QLatin1String(side));
            QVERIFY2(beside.exists(), side);
            QCOMPARE(beside.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
        }
        QCOMPARE(pragma(QStringLiteral("journal_mode")), QStringLiteral("wal"));
        QCOMPARE(pragma(QStringLiteral("user_version")), QString::number(schemaVersions().size()));
    }

    void aLooseFileIsClosedToOthers()
    {
        QVERIFY(QDir().mkpath(QFileInfo(m_file).path()));
        QFile file(m_file);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther));
        const auto database = open();
        QVERIFY(!(QFileInfo(m_file).permissions() & QFile::ReadOther));
    }

    void journalKeepsWhatBeganAndHowItEnded()
    {
        auto database = open();
        Activity first = activity(QStringLiteral("first"));
        first.at = QDateTime::fromMSecsSinceEpoch(1767323045678, Qt::UTC);
        first.undo = QStringLiteral("undo it");
        const auto id = database->begin(first);
        QVERIFY(id.has_value());
        QVERIFY(database->begin(activity(QStringLiteral("second"))).has_value());
        database.reset(); // as a crash would leave it

        database = open();
        auto lines = database->activities(10);
        QVERIFY(lines.has_value());
        QCOMPARE(lines->size(), 2);
        QCOMPARE(lines->at(0).step, QStringLiteral("second"));
        QCOMPARE(lines->at(1).state, QStringLiteral("started"));
        QCOMPARE(lines->at(1).at, first.at);
        QCOMPARE(lines->at(1).undo, first.undo);
        QCOMPARE(lines->at(1).durationMs, -1);

        QVERIFY(database->complete(*id, QStringLiteral("done"), QStringLiteral("ok"), QStringLiteral("req-1"), 42).has_value());
        lines = database->activities(10);
        QCOMPARE(lines->at(1).state, QStringLiteral("done"));
        QCOMPARE(lines->at(1).answer, QStringLiteral("ok"));
        QCOMPARE(lines->at(1).requestId, QStringLiteral("req-1"));
        QCOMPARE(lines->at(1).durationMs, 42);
        QCOMPARE(database->activities(1)->size(), 1);
    }

    void completingWhatNeverBeganIsAnError()
    {
        const auto done = open()->complete(77, QStringLiteral("done"), {}, {}, 1);
        QVERIFY(!done);
        QVERIFY(done.error().kind == core::ErrorKind::NotFound);
    }

    void environmentsAreKeptApart()
    {
        const auto database = open();
        Activity other = activity(QStringLiteral("x"));
        other.environment = QStringLiteral("production");
        QVERIFY(database->begin(other).has_value());
        QVERIFY(database->begin(activity(QStringLiteral("y"))).has_value());
        QCOMPARE(database->activities(10)->size(), 2);
        QCOMPARE(database->activities(10, QStringLiteral("production"))->size(), 1);
        QCOMPARE(database->activities(10, QStringLiteral("nowhere"))->size(), 0);
    }

    void documents()
    {
        const auto database = open();
        const Document draft { 0, {}, QStringLiteral("draft"), QStringLiteral("lab"), QStringLiteral("wizard"),
            { { QStringLiteral("page"), 1 } } };
        QVERIFY(database->replace(draft).has_value());
        Document newer = draft;
        newer.content = { { QStringLiteral("page"), 2 } };
        QVERIFY(database->replace(newer).has_value());
        auto found = database->documents(QStringLiteral("draft"), QStringLiteral("lab"), 10);
        QCOMPARE(found->size(), 1);
        QCOMPARE(found->first().content, newer.content);

        Document run = draft;
        run.kind = QStringLiteral("run");
        QVERIFY(database->save(run).has_value());
        QVERIFY(database->save(run).has_value());
        found = database->documents(QStringLiteral("run"), QStringLiteral("lab"), 10);
        QCOMPARE(found->size(), 2);
        QVERIFY(found->at(0).id > found->at(1).id);
        QVERIFY(database->removeDocument(found->at(0).id).has_value());
        QCOMPARE(database->documents(QStringLiteral("run"), {}, 10)->size(), 1);
    }

    void textIsKeptAsText()
    {
        const auto database = open();
        const QString hostile = QStringLiteral("'); DROP TABLE activity; -- “环境” \n");
        QVERIFY(database->begin(activity(hostile)).has_value());
        QCOMPARE(database->activities(1)->first().step, hostile);
    }

    void manyThreadsWriteAtOnce_data()
    {
        QTest::addColumn<bool>("memory");
        QTest::newRow("to a file") << false;
        QTest::newRow("to memory") << true;
    }
    void manyThreadsWriteAtOnce()
    {
        QFETCH(bool, memory);
        const MemoryDatabase own;
        if (memory)
            m_file = own.name();
        const auto keeps = memory ? open() : nullptr;
        // All open the new file at the same moment: one migrates, the others wait.
        constexpr int threads = 6, each = 10;
        std::atomic<int> written = 0;
        {
            std::vector<std::jthread> writers;
            for (int i = 0; i < threads; ++i)
                writers.emplace_back([&] {
                    const auto database = Database::open(m_file);
                    for (int n = 0; database && n < each; ++n)
                        written += (*database)->begin(activity(QStringLiteral("step"))).has_value() ? 1 : 0;
                });
        }
        QCOMPARE(written.load(), threads * each);
        QCOMPARE(open()->activities(1000)->size(), threads * each);
    }

    void aFileFromTheFutureIsLeftAlone()
    {
        open().reset();
        {
            QSqlDatabase sql = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("future"));
            sql.setDatabaseName(m_file);
            QVERIFY(sql.open());
            QVERIFY(QSqlQuery(sql).exec(QStringLiteral("PRAGMA user_version = 999")));
        }
        QSqlDatabase::removeDatabase(QStringLiteral("future"));
        const auto database = Database::open(m_file);
        QVERIFY(!database);
        QVERIFY(database.error().kind == core::ErrorKind::Storage);
        QVERIFY2(database.error().text().contains(QStringLiteral("newer")), qPrintable(database.error().text()));
        QCOMPARE(pragma(QStringLiteral("user_version")), QStringLiteral("999"));
    }

    void anOldFileOpensAndNothingOfItIsLost()
    {
        // Written by the first schema: two operations in turns, one of them twice, a call that never ended, two restores.
        struct Row {
            qint64 at;
            QString operation, step, state;
            int duration;
        };
        const QString apply = QStringLiteral("apply two-meshes"), drill = QStringLiteral("drill workload-failover"),
                      verify = QStringLiteral("verify");
        const QString create = QStringLiteral("create-mesh-1"), done = QStringLiteral("done");
        constexpr qint64 minute = 60000, start = 1767323045678;
        const QList<Row> rows { { 0, apply, create, done, 480000 }, { 1 * minute, drill, QStringLiteral("fault"), done, 10 },
            { 9 * minute, apply, create, done, 20 }, { 10 * minute, apply, QStringLiteral("add-cluster-2"), QStringLiteral("failed"), 30 },
            { 11 * minute, verify, QString(), done, 40 }, { 600 * minute, apply, create, QStringLiteral("started"), -1 },
            { 601 * minute, drill, QStringLiteral("fault"), QStringLiteral("undone"), 50 } };
        const QString hostile = QStringLiteral("'“x”\n\\\"");
        const QJsonObject actions { { QStringLiteral("restore"),
            QJsonArray { QJsonObject { { QStringLiteral("action"), QStringLiteral("scale") }, { QStringLiteral("replicas"), 1 } } } } };
        writeFirstSchema([&](QSqlQuery &query) {
            for (const Row &row : rows) {
                query.prepare(QStringLiteral(
                    "INSERT INTO activity (at, environment, operation, step, what, target, call, command, state, answer, request_id, "
                    "duration_ms, undo) VALUES (?, 'lab', ?, ?, ?, 'mesh-1', 'POST X', ?, ?, 'ok', 'req', ?, 'undo it')"));
                for (const QVariant &value : { QVariant(start + row.at), QVariant(row.operation), QVariant(some(row.step)),
                         QVariant(QStringLiteral("Create ") + hostile), QVariant(hostile), QVariant(row.state), QVariant(row.duration) })
                    query.addBindValue(value);
                QVERIFY2(query.exec(), qPrintable(query.lastError().text()));
            }
            for (const int restored : { 0, 1 }) {
                query.prepare(QStringLiteral(
                    "INSERT INTO restore (at, environment, drill, actions, restored) VALUES (?, 'lab', 'workload-failover', ?, ?)"));
                query.addBindValue(start + 5);
                query.addBindValue(QString::fromUtf8(QJsonDocument(actions).toJson(QJsonDocument::Compact)));
                query.addBindValue(restored);
                QVERIFY2(query.exec(), qPrintable(query.lastError().text()));
            }
            QVERIFY(query.exec(QStringLiteral(
                "INSERT INTO document (at, kind, environment, name, content) VALUES (1, 'draft', 'lab', 'wizard', '{\"page\":1}')")));
        });

        const auto database = open();
        const auto lines = database->activities(100, QStringLiteral("lab"));
        QCOMPARE(lines->size(), rows.size());
        for (int i = 0; i < rows.size(); ++i) {
            const Activity &line = lines->at(rows.size() - 1 - i); // newest first
            const Row &row = rows.at(i);
            QCOMPARE(line.id, i + 1);
            QCOMPARE(line.at.toMSecsSinceEpoch(), start + row.at);
            QCOMPARE(line.environment, QStringLiteral("lab"));
            QCOMPARE(line.operation, row.operation);
            QCOMPARE(line.step, some(row.step));
            QCOMPARE(line.what, QStringLiteral("Create ") + hostile);
            QCOMPARE(line.target, QStringLiteral("mesh-1"));
            QCOMPARE(line.call, QStringLiteral("POST X"));
            QCOMPARE(line.command, hostile);
            QCOMPARE(line.state, row.state);
            QCOMPARE(line.answer, QStringLiteral("ok"));
            QCOMPARE(line.requestId, QStringLiteral("req"));
            QCOMPARE(line.durationMs, row.duration);
            QCOMPARE(line.undo, QStringLiteral("undo it"));
        }
        // What belongs together is one execution: apply, drill, verify, and hours later apply and drill once more.
        QCOMPARE(
            ask(QStringLiteral(
                "SELECT group_concat(id || ' ' || purpose || ' ' || name || ' ' || state, ', ') FROM (SELECT * FROM execution WHERE id <= 7 ORDER BY id)")),
            QStringLiteral(
                "1 apply two-meshes failed, 2 drill workload-failover done, 5 verify  done, 6 apply two-meshes failed, 7 drill workload-failover done"));
        const auto due = dueIn(*database);
        QCOMPARE(due->size(), 1);
        QCOMPARE(due->first().drill, QStringLiteral("workload-failover"));
        QCOMPARE(due->first().actions, actions);
        QCOMPARE(due->first().atMs, start + 5);
        QCOMPARE(ask(QStringLiteral("SELECT count(*) FROM execution WHERE state = 'undone'")), QStringLiteral("1"));
        QCOMPARE(database->documents(QStringLiteral("draft"), QStringLiteral("lab"), 1)->size(), 1);
        // And it goes on from there.
        QVERIFY(database->begin(activity(create)).has_value());
        QCOMPARE(database->activities(100)->size(), rows.size() + 1);
    }

    void anEmptyOldFileOpens()
    {
        writeFirstSchema([](QSqlQuery &) {});
        QVERIFY(open()->activities(10)->isEmpty());
        QCOMPARE(pragma(QStringLiteral("user_version")), QString::number(schemaVersions().size()));
    }

    void stepsOfOneOperationAreOneExecution()
    {
        const auto database = open();
        const auto first = database->begin(activity(QStringLiteral("create-mesh-1")));
        const auto second = database->begin(activity(QStringLiteral("create-mesh-1")));
        QVERIFY(database->complete(*second, QStringLiteral("failed"), QStringLiteral("no"), {}, 1).has_value());
        QVERIFY(database->complete(*first, QStringLiteral("done"), QStringLiteral("yes"), {}, 2).has_value());
        const auto lines = database->activities(10);
        QCOMPARE(lines->size(), 2);
        QCOMPARE(lines->at(0).step, QStringLiteral("create-mesh-1"));
        QCOMPARE(lines->at(0).answer, QStringLiteral("no"));
        QCOMPARE(lines->at(1).step, QStringLiteral("create-mesh-1"));
        QCOMPARE(lines->at(1).answer, QStringLiteral("yes"));
        QCOMPARE(ask(QStringLiteral("SELECT count(*) || ' ' || max(state) FROM execution")), QStringLiteral("1 failed"));
    }

    void whatFailsInATransactionLeavesNothing()
    {
        const auto database = open();
        const auto done = database->transaction(QStringLiteral("try"), [&]() -> core::Result<core::Done> {
            const auto written = database->run(QStringLiteral("try"),
                QStringLiteral("INSERT INTO document (at, kind, environment, name, content) VALUES (1, 'draft', '', '', '{}')"));
            if (!written)
                return core::fail(written.error());
            return core::fail(core::ErrorKind::Internal, QStringLiteral("try"), {}, QStringLiteral("changed my mind"));
        });
        QVERIFY(!done);
        QVERIFY(database->documents(QStringLiteral("draft"), {}, 10)->isEmpty());
        QVERIFY(database->begin(activity(QStringLiteral("after"))).has_value());
    }

    void whatIsNoFileOfOursIsLeftAsItIs_data()
    {
        QTest::addColumn<QString>("path"); // in the folder of the test, or absolute
        QTest::addColumn<QString>("says");
        QTest::newRow("a folder") << QStringLiteral("folder") << QStringLiteral("folder");
        QTest::newRow("the root folder") << QStringLiteral("/") << QStringLiteral("folder");
        QTest::newRow("a device") << QStringLiteral("/dev/null") << QStringLiteral("device");
        QTest::newRow("a pipe") << QStringLiteral("pipe") << QStringLiteral("pipe");
        QTest::newRow("a program") << QStringLiteral("program") << QStringLiteral("another kind of file");
        QTest::newRow("a text of one byte") << QStringLiteral("byte") << QStringLiteral("another kind of file");
        QTest::newRow("another program's database") << QStringLiteral("others.db") << QStringLiteral("another program");
        QTest::newRow("another program's database with a version") << QStringLiteral("versioned.db") << QStringLiteral("another program");
        QTest::newRow("a link to a database") << QStringLiteral("link.db") << QStringLiteral("link");
        QTest::newRow("a link to nothing") << QStringLiteral("dangling.db") << QStringLiteral("link");
        QTest::newRow("a database with a link beside it") << QStringLiteral("beside.db") << QStringLiteral("link");
        QTest::newRow("somebody else's database") << QStringLiteral("foreign.db") << QStringLiteral("somebody else");
        QTest::newRow("a file in a folder where everybody may replace it") << QStringLiteral("loose/x.db") << QStringLiteral("everybody");
        QTest::newRow("no name") << QString() << QStringLiteral("no file is named");
    }
    void whatIsNoFileOfOursIsLeftAsItIs()
    {
        QFETCH(QString, path);
        QFETCH(QString, says);
        const QDir folder(m_folder->path());
        const auto at = [&](const char *name) { return folder.filePath(QLatin1String(name)); };
        QVERIFY(folder.mkpath(QStringLiteral("folder")) && folder.mkpath(QStringLiteral("loose")));
        QCOMPARE(::chmod(at("loose").toLocal8Bit().constData(), 0777), 0);
        QCOMPARE(::mkfifo(at("pipe").toLocal8Bit().constData(), 0644), 0);
        QVERIFY(QFile::copy(QStringLiteral("/bin/true"), at("program")));
        QVERIFY(write(at("byte"), "x"));
        open().reset(); // a database of ours
        for (const char *name : { "foreign.db", "beside.db" })
            QVERIFY(QFile::copy(m_file, at(name)));
        QVERIFY(QFile::link(m_file, at("link.db")) && QFile::link(at("nowhere"), at("dangling.db"))
            && QFile::link(at("byte"), at("beside.db-wal")));
        sqlite(at("others.db"), { QStringLiteral("CREATE TABLE bookmarks (url TEXT)") });
        sqlite(at("versioned.db"), { QStringLiteral("CREATE TABLE bookmarks (url TEXT)"), QStringLiteral("PRAGMA user_version = 1") });
        for (const char *name : { "program", "byte", "others.db", "versioned.db", "foreign.db", "beside.db" })
            QCOMPARE(::chmod(at(name).toLocal8Bit().constData(), 0755), 0);
        if (path == QLatin1String("foreign.db") && ::chown(at("foreign.db").toLocal8Bit().constData(), 12345, 12345) != 0)
            QSKIP("only root can give a file to somebody else");

        const QString file = path.isEmpty() ? path : folder.filePath(path);
        const auto before = look(file);
        const QStringList there = QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::System | QDir::Hidden);
        const auto database = Database::open(file);
        QVERIFY(!database);
        QVERIFY2(database.error().kind == core::ErrorKind::InvalidInput, qPrintable(database.error().text()));
        QVERIFY2(database.error().answer.contains(says), qPrintable(database.error().text()));
        QVERIFY2(!database.error().remedy.isEmpty(), qPrintable(database.error().text()));
        QCOMPARE(look(file), before);
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::System | QDir::Hidden), there);
    }

    void aPathThroughAFileIsAnError()
    {
        QVERIFY(write(m_folder->filePath(QStringLiteral("text")), "text"));
        const auto database = Database::open(m_folder->filePath(QStringLiteral("text/below.db")));
        QVERIFY(!database);
        QVERIFY(database.error().kind == core::ErrorKind::Storage);
        QVERIFY(database.error().target.contains(QStringLiteral("text")));
    }

    void foldersAreMadeForUsAlone()
    {
        const mode_t before = ::umask(0);
        open().reset();
        ::umask(before);
        for (const char *folder : { "deep", "deep/er" })
            QCOMPARE(modeOf(m_folder->filePath(QLatin1String(folder))), 0700u);
    }

    void aNameThatLooksLikeAnUriIsAFile()
    {
        const QString before = QDir::currentPath();
        QVERIFY(QDir::setCurrent(m_folder->path()));
        for (const char *name : { ":memory:", "file:x.db?mode=memory", "100%41 & #?.db" }) {
            const auto database = Database::open(QLatin1String(name));
            QVERIFY2(database.has_value(), name);
            QVERIFY2(QDir(m_folder->path()).entryList(QDir::Files).contains(QLatin1String(name)), name);
        }
        QDir::setCurrent(before);
    }

    void whatCannotBeWrittenIsRead_data()
    {
        QTest::addColumn<QString>("closed"); // what the rights are taken from
        QTest::addColumn<bool>("unclean"); // the last one to use it did not end well
        QTest::newRow("the file") << QStringLiteral("file") << false;
        QTest::newRow("its folder") << QStringLiteral("folder") << false;
        QTest::newRow("the file, after a crash") << QStringLiteral("file") << true;
        QTest::newRow("its folder, after a crash") << QStringLiteral("folder") << true;
    }
    void whatCannotBeWrittenIsRead()
    {
        QFETCH(QString, closed);
        QFETCH(bool, unclean);
        m_file = m_folder->filePath(QStringLiteral("100% & #.db")); // its name passes through an URI
        open().reset();
        auto other = open();
        QVERIFY(other->begin(activity(QStringLiteral("kept"))).has_value());
        if (unclean) { // as it lies on the disk while somebody uses it
            QVERIFY(m_folder->isValid() && QDir(m_folder->path()).mkpath(QStringLiteral("crashed")));
            const QString copy = m_folder->filePath(QStringLiteral("crashed/100% & #.db"));
            for (const char *suffix : { "", "-wal", "-shm" })
                QVERIFY(QFile::copy(m_file + QLatin1String(suffix), copy + QLatin1String(suffix)));
            m_file = copy;
        }
        other.reset();
        const QString target = closed == QLatin1String("file") ? m_file : QFileInfo(m_file).path();
        QCOMPARE(::chmod(target.toLocal8Bit().constData(), closed == QLatin1String("file") ? 0400 : 0500), 0);
        withoutPowers([&] {
            const auto database = Database::open(m_file);
            QVERIFY2(database.has_value(), qPrintable(database ? QString() : database.error().text()));
            const auto lines = (*database)->activities(10);
            QVERIFY2(lines.has_value(), qPrintable(lines ? QString() : lines.error().text()));
            QCOMPARE(lines->size(), 1);
            QVERIFY((*database)->readOnly().has_value());
            const auto written = (*database)->begin(activity(QStringLiteral("new")));
            QVERIFY(!written);
            QCOMPARE(written.error().code, trouble::readOnly);
            QVERIFY2(written.error().answer.contains(QStringLiteral("cannot be written")), qPrintable(written.error().text()));
        });
        ::chmod(target.toLocal8Bit().constData(), 0700);
    }

    void aFileOfTheFirstVersionThatCannotBeWrittenIsRead()
    {
        m_file = m_folder->filePath(QStringLiteral("first.db"));
        sqlite(m_file,
            schemaVersions().first()
                + QStringList { QStringLiteral("PRAGMA user_version = 1"),
                    QStringLiteral(
                        "INSERT INTO restore (at, environment, drill, actions, restored) VALUES (1, 'lab', 'failover', '{\"restore\":[]}', 0)") });
        QCOMPARE(::chmod(m_file.toLocal8Bit().constData(), 0400), 0);
        const QStringList before = look(m_file);
        withoutPowers([&] {
            const auto database = Database::open(m_file);
            QVERIFY2(database.has_value(), qPrintable(database ? QString() : database.error().text()));
            const auto due = dueIn(**database);
            QVERIFY2(due.has_value(), qPrintable(due ? QString() : due.error().text()));
            QCOMPARE(due->size(), 1);
            const auto marked = (*database)->run(QStringLiteral("mark it"), QStringLiteral("UPDATE execution SET state = 'undone'"));
            QVERIFY(!marked);
            QCOMPARE(marked.error().code, trouble::readOnly);
        });
        QCOMPARE(look(m_file), before);
    }

    void whatWasLeftBesideAFileThatCannotBeWrittenIsNotPassedOver()
    {
        open().reset();
        auto other = open();
        QVERIFY(other->begin(activity(QStringLiteral("kept"))).has_value());
        const QString folder = m_folder->filePath(QStringLiteral("copy"));
        QVERIFY(QDir().mkpath(folder));
        const QString copy = folder + QStringLiteral("/x.db");
        for (const char *suffix : { "", "-wal" }) // the third one is lost
            QVERIFY(QFile::copy(m_file + QLatin1String(suffix), copy + QLatin1String(suffix)));
        QCOMPARE(::chmod(folder.toLocal8Bit().constData(), 0500), 0);
        withoutPowers([&] {
            const auto database = Database::open(copy);
            QVERIFY(!database);
            QVERIFY2(database.error().answer.contains(QStringLiteral("cannot be written")), qPrintable(database.error().text()));
        });
        ::chmod(folder.toLocal8Bit().constData(), 0700);
    }

    void aWriterElsewhereDoesNotKeepReadersWaiting()
    {
        open().reset();
        const Lock lock(m_file, QStringLiteral("BEGIN IMMEDIATE"));
        QElapsedTimer clock;
        clock.start();
        const auto database = open();
        QVERIFY(database->activities(10).has_value());
        QVERIFY2(clock.elapsed() < 4500, qPrintable(QString::number(clock.elapsed())));
    }

    void aLockedFileIsSaidToBeLocked()
    {
        open().reset();
        const Lock lock(m_file, QStringLiteral("PRAGMA locking_mode = EXCLUSIVE"), QStringLiteral("BEGIN EXCLUSIVE"));
        const auto database = Database::open(m_file);
        QVERIFY(!database);
        QVERIFY(database.error().kind == core::ErrorKind::Storage);
        QCOMPARE(database.error().code, trouble::locked);
        QVERIFY2(!database.error().text().contains(QStringLiteral("space")), qPrintable(database.error().text()));
    }

    void aDamagedFileIsSaidToBeDamagedAndWhatIsToBeRestoredIsStillRead()
    {
        {
            const auto database = open();
            QVERIFY(database->run(QStringLiteral("keep it"),
                QStringLiteral(
                    "INSERT INTO execution (uid, at, environment, purpose, name, plan, undoes, state, host, boot, pid, started, heartbeat, ended) "
                    "VALUES ('u', 1, 'lab', 'drill', 'failover', '{\"restore\":1}', 0, 'undo-due', '', '', 0, 0, 0, 1)")));
            for (int i = 0; i < 200; ++i)
                QVERIFY(database->begin(activity(QString(500, u'x'))).has_value());
        }
        const QString copy = m_folder->filePath(QStringLiteral("damaged.db")); // one that this process has not seen whole
        QVERIFY(QFile::copy(m_file, copy));
        m_file = copy;
        damage();
        const auto database = Database::open(m_file);
        QVERIFY(!database);
        QCOMPARE(database.error().code, trouble::damaged);
        QVERIFY2(database.error().remedy.contains(QStringLiteral("Move it away")), qPrintable(database.error().text()));
        const auto rescue = Database::open(m_file, Database::Opening::ToRescue);
        QVERIFY2(rescue.has_value(), qPrintable(rescue ? QString() : rescue.error().text()));
        const auto due = dueIn(**rescue);
        QVERIFY2(due.has_value(), qPrintable(due ? QString() : due.error().text()));
        QCOMPARE(due->size(), 1);
        // Half a list is none.
        QVERIFY(!(*rescue)->activities(1000));
    }

    void nothingIsMadeToRescue()
    {
        const auto database = Database::open(m_file, Database::Opening::ToRescue);
        QVERIFY(!database);
        QVERIFY(database.error().kind == core::ErrorKind::NotFound);
        QVERIFY(!QFile::exists(QFileInfo(m_file).path()));
    }

    void summariesLeaveTheSamplesOut()
    {
        const auto database = open();
        Document run { 0, {}, QStringLiteral("run"), QStringLiteral("lab"), QStringLiteral("c/n/sleep"),
            { { QStringLiteral("requests"), 2 }, { QStringLiteral("samples"), QJsonArray { 1, 2 } },
                { QStringLiteral("older_failures"), QJsonArray { 3 } } } };
        QList<qint64> ids;
        for (int i = 0; i < 5; ++i)
            ids.prepend(*database->save(run));
        const auto newest = database->summaries(QStringLiteral("run"), QStringLiteral("lab"), 3);
        QVERIFY(newest.has_value());
        QCOMPARE(newest->size(), 3);
        QCOMPARE(newest->first().id, ids.first());
        QCOMPARE(newest->first().content, QJsonObject({ { QStringLiteral("requests"), 2 } }));
        const auto older = database->summaries(QStringLiteral("run"), QStringLiteral("lab"), 3, newest->last().id);
        QCOMPARE(older->size(), 2);
        QCOMPARE(older->last().id, ids.last());
        QCOMPARE(database->document(ids.at(2))->content, run.content);
        QVERIFY(database->document(ids.first() + 1).error().kind == core::ErrorKind::NotFound);
    }

    void summariesOfAnEarlierVersionAreThere()
    {
        writeFirstSchema([](QSqlQuery &query) {
            QVERIFY(query.exec(QStringLiteral("INSERT INTO document (at, kind, environment, name, content) VALUES (1, 'run', 'lab', 'a', "
                                              "'{\"requests\":2,\"samples\":[1,2]}'), (2, 'run', 'lab', 'b', 'no JSON')")));
        });
        const auto kept = open()->summaries(QStringLiteral("run"), QStringLiteral("lab"), 9);
        QVERIFY2(kept.has_value(), qPrintable(kept ? QString() : kept.error().text()));
        QCOMPARE(kept->size(), 2);
        QCOMPARE(kept->last().content, QJsonObject({ { QStringLiteral("requests"), 2 } }));
        QCOMPARE(kept->first().content, QJsonObject());
    }

    /// A list of what was kept costs what it shows, however many samples there are.
    void aThousandSummariesAreReadAtOnce()
    {
        const auto database = open();
        QJsonArray samples;
        for (int i = 0; i < 400; ++i)
            samples += QJsonObject { { QStringLiteral("index"), i }, { QStringLiteral("text"), QString(80, u'x') } };
        Document drill { 0, {}, QStringLiteral("drill"), QStringLiteral("lab"), QStringLiteral("lose-workload"),
            { { QStringLiteral("verdict"), QStringLiteral("pass") } } };
        const auto fill = [&](int count) {
            QVERIFY(database->transaction(QStringLiteral("fill it"), [&]() -> core::Result<core::Done> {
                for (int i = 0; i < count; ++i)
                    if (const auto saved = database->save(drill); !saved)
                        return core::fail(saved.error());
                return core::Done {};
            }));
        };
        const auto cost = [&](const QString &environment) {
            std::clock_t best = std::numeric_limits<std::clock_t>::max();
            for (int attempt = 0; attempt < 5; ++attempt) {
                const std::clock_t before = std::clock();
                [&] { QCOMPARE(database->summaries(QStringLiteral("drill"), environment, 1000)->size(), 1000); }();
                best = std::min(best, std::clock() - before);
            }
            return best;
        };
        fill(1000);
        drill.environment = QStringLiteral("long");
        drill.content.insert(QStringLiteral("samples"), samples);
        fill(1000);
        const auto without = cost(QStringLiteral("lab")), with = cost(QStringLiteral("long"));
        QVERIFY2(with < 4 * without, qPrintable(QStringLiteral("%1 and %2 ticks").arg(without).arg(with)));
    }

private:
    std::shared_ptr<Database> open()
    {
        auto database = Database::open(m_file);
        if (!database)
            qFatal("%s", qPrintable(database.error().text()));
        return *database;
    }

    static Activity activity(const QString &step)
    {
        Activity activity;
        activity.environment = QStringLiteral("lab");
        activity.operation = QStringLiteral("apply two-meshes");
        activity.step = step;
        return activity;
    }

    /// A file as the first released version made it, with what @p fill puts in.
    void writeFirstSchema(const std::function<void(QSqlQuery &)> &fill)
    {
        QVERIFY(QDir().mkpath(QFileInfo(m_file).path()));
        {
            QSqlDatabase sql = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("first"));
            sql.setDatabaseName(m_file);
            QVERIFY(sql.open());
            QSqlQuery query(sql);
            for (const QString &statement : schemaVersions().first())
                QVERIFY2(query.exec(statement), qPrintable(query.lastError().text()));
            QVERIFY(query.exec(QStringLiteral("PRAGMA user_version = 1")));
            fill(query);
        }
        QSqlDatabase::removeDatabase(QStringLiteral("first"));
    }

    QString pragma(const QString &name) { return ask(QStringLiteral("PRAGMA ") + name); }

    QString ask(const QString &statement)
    {
        QString value;
        {
            QSqlDatabase sql = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("look"));
            sql.setDatabaseName(m_file);
            if (sql.open()) {
                QSqlQuery query(sql);
                if (query.exec(statement) && query.next())
                    value = query.value(0).toString();
            }
        }
        QSqlDatabase::removeDatabase(QStringLiteral("look"));
        return value;
    }

    /// What another program does to the file while this lives.
    struct Lock {
        template <typename... Statements> explicit Lock(const QString &file, const Statements &...statements)
        {
            QSqlDatabase sql = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("lock"));
            sql.setDatabaseName(file);
            if (!sql.open() || !(QSqlQuery(sql).exec(statements) && ...))
                qFatal("cannot lock %s", qPrintable(file));
        }
        ~Lock()
        {
            QSqlDatabase::database(QStringLiteral("lock")).close();
            QSqlDatabase::removeDatabase(QStringLiteral("lock"));
        }
    };

    static void sqlite(const QString &file, const QStringList &statements)
    {
        {
            QSqlDatabase sql = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("other"));
            sql.setDatabaseName(file);
            if (!sql.open())
                qFatal("cannot open %s", qPrintable(file));
            for (const QString &statement : statements)
                if (!QSqlQuery(sql).exec(statement))
                    qFatal("%s", qPrintable(statement));
        }
        QSqlDatabase::removeDatabase(QStringLiteral("other"));
    }

    static bool write(const QString &file, const QByteArray &bytes)
    {
        QFile made(file);
        return made.open(QIODevice::WriteOnly) && made.write(bytes) == bytes.size();
    }

    /// Makes a page of the journal unreadable; the first ones, with the tables, stay whole.
    void damage() const
    {
        QFile file(m_file);
        QVERIFY(file.open(QIODevice::ReadWrite) && file.size() > 20 * 4096);
        QVERIFY(file.seek(15 * 4096) && file.write(QByteArray(2 * 4096, '\xa5')) == 2 * 4096);
    }

    static mode_t modeOf(const QString &file)
    {
        struct stat found { };
        return ::lstat(file.toLocal8Bit().constData(), &found) == 0 ? found.st_mode & 07777 : 0;
    }

    /// Mode, owner, size and bytes of what stands at @p file, and of what a link leads to.
    static QStringList look(const QString &file)
    {
        QStringList seen;
        struct stat found { };
        for (const auto how : { &::lstat, &::stat })
            if (how(file.toLocal8Bit().constData(), &found) == 0)
                seen << QStringLiteral("%1 %2 %3").arg(found.st_mode, 0, 8).arg(found.st_uid).arg(found.st_size);
        QFile bytes(file);
        if (QFileInfo(file).isFile() && bytes.open(QIODevice::ReadOnly))
            seen << QString::fromLatin1(bytes.readAll().toHex());
        return seen;
    }

    /// Runs @p function on a thread that has no powers of root, who may write everything.
    template <typename Function> static void withoutPowers(Function function)
    {
        std::thread([&] {
            __user_cap_header_struct header { _LINUX_CAPABILITY_VERSION_3, 0 };
            __user_cap_data_struct none[2] = {};
            if (::syscall(SYS_capset, &header, none) != 0)
                qFatal("the powers of root cannot be given up");
            function();
        }).join();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_file;
};

QTEST_GUILESS_MAIN(TestDatabase)
#include "tst_database.moc"
