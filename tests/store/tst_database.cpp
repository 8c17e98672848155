// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"
#include "store/schema.h"

#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace catamaran;
using namespace catamaran::store;

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

    void restoresStayPendingUntilMarked()
    {
        auto database = open();
        const QJsonObject actions { { QStringLiteral("restore"), QJsonArray { QStringLiteral("scale"), 1 } } };
        const auto id = database->addRestore({ 0, {}, QStringLiteral("lab"), QStringLiteral("failover"), actions, false });
        QVERIFY(id.has_value());
        database.reset();
        database = open();
        auto pending = database->pendingRestores(QStringLiteral("lab"));
        QCOMPARE(pending->size(), 1);
        QCOMPARE(pending->first().actions, actions);
        QCOMPARE(database->pendingRestores(QStringLiteral("other"))->size(), 0);
        QVERIFY(database->markRestored(*id).has_value());
        QCOMPARE(database->pendingRestores()->size(), 0);
        QVERIFY(!database->markRestored(*id + 1));
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

    void manyThreadsWriteAtOnce()
    {
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

    void whatIsNoDatabaseIsAnError_data()
    {
        QTest::addColumn<QString>("path");
        QFile::remove(m_folder->filePath(QStringLiteral("text")));
        QTest::newRow("a folder") << QStringLiteral("folder");
        QTest::newRow("another kind of file") << QStringLiteral("text");
        QTest::newRow("below a file") << QStringLiteral("text/below.db");
    }
    void whatIsNoDatabaseIsAnError()
    {
        QFETCH(QString, path);
        QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("folder")));
        QFile text(m_folder->filePath(QStringLiteral("text")));
        QVERIFY(text.open(QIODevice::WriteOnly));
        text.write(QByteArray(5000, 'x'));
        text.close();
        const auto database = Database::open(m_folder->filePath(path));
        QVERIFY(!database);
        QVERIFY(database.error().kind == core::ErrorKind::Storage);
        QVERIFY(database.error().target.contains(path.section(u'/', 0, 0)));
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

    QString pragma(const QString &name)
    {
        QString value;
        {
            QSqlDatabase sql = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("look"));
            sql.setDatabaseName(m_file);
            if (sql.open()) {
                QSqlQuery query(sql);
                if (query.exec(QStringLiteral("PRAGMA ") + name) && query.next())
                    value = query.value(0).toString();
            }
        }
        QSqlDatabase::removeDatabase(QStringLiteral("look"));
        return value;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_file;
};

QTEST_GUILESS_MAIN(TestDatabase)
#include "tst_database.moc"
