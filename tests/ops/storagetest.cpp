// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "crashplan.h"
#include "tst_ops.h"

using namespace catamaran;
using namespace catamaran::ops;
using namespace catamaran::tests;

/// A journal that cannot be written.
class StorageTest : public QObject {
    Q_OBJECT

private slots:
    void whereTheDiskIsFullNothingIsDoneThatIsNotWrittenDown()
    {
        // The journal may grow a little more from round to round, so that every single write is once the first that fails.
        int failed = 0, begun = 0;
        for (qint64 bytes = 12288;; bytes += 4096) {
            const QTemporaryDir folder(quickFolder());
            const CrashPlace place(folder.path());
            QVERIFY(Journal::open(place.database()).has_value());
            const ChildEnd child = runChild(QStringLiteral("confined"), { folder.path(), QString::number(bytes) });
            QVERIFY2(!child.killed, qPrintable(QStringLiteral("%1 bytes: %2").arg(bytes).arg(child.text)));
            if (child.code == 0)
                break;
            QVERIFY2(child.code == 5, qPrintable(QStringLiteral("%1 bytes: %2").arg(bytes).arg(child.text))); // an error of storage, said
            ++failed;
            ModelWorld world(place.world());
            auto journal = Journal::open(place.database());
            const auto executions = journal->executions(10);
            const auto records = executions->isEmpty() ? QMap<QString, StepRecord>() : recordsOf(*journal->events(executions->first().id));
            const Plan plan = crashPlan();
            for (const Step &step : plan.steps)
                if (world.store.acts(step.id) > 0)
                    QVERIFY2(records.value(step.id).acted, qPrintable(QStringLiteral("%1 bytes: %2").arg(bytes).arg(step.id)));
            // With room again it goes on from there.
            begun += executions->isEmpty() ? 0 : 1;
            const auto result = executions->isEmpty() ? execute(plan, modelKinds(), world, place.options(), {})
                                                      : resume(executions->first().id, modelKinds(), world, place.options(), {});
            QVERIFY2(result.complete, qPrintable(QStringLiteral("%1 bytes: %2").arg(bytes).arg(texts(result))));
            QCOMPARE(world.store.items(QStringLiteral("a")), 1);
            QCOMPARE(world.store.items(QStringLiteral("b")), 1);
            QCOMPARE(world.store.values().size(), 3);
        }
        qInfo("%d limits, %d of them after the execution had begun", failed, begun);
        QVERIFY(failed > begun && begun >= 10);
    }

    void whereTheDatabaseIsSpoiltItStopsWithAnError()
    {
        int spoilt = 0;
        for (int point = 1;; ++point) {
            const QTemporaryDir folder(quickFolder());
            const ChildEnd child = runChild(QStringLiteral("corrupted"), { folder.path(), QString::number(point) });
            QVERIFY2(!child.killed, qPrintable(QStringLiteral("at %1: %2").arg(point).arg(child.text)));
            if (!child.text.contains(QStringLiteral("spoilt"))) {
                QCOMPARE(child.code, 0);
                break;
            }
            ++spoilt;
            QVERIFY2(child.code == 5, qPrintable(QStringLiteral("at %1: %2").arg(point).arg(child.text)));
            QVERIFY2(
                child.text.contains(QStringLiteral("\n0 acts after")), qPrintable(QStringLiteral("at %1: %2").arg(point).arg(child.text)));
        }
        QCOMPARE(spoilt, 5 * 5); // of five steps each: a look, both sides of the act, the proof, a look
    }

    void whereTheJournalCannotBeOpenedNothingBegins_data()
    {
        QTest::addColumn<QString>("what");
        QTest::newRow("another kind of file") << QStringLiteral("text");
        QTest::newRow("a folder") << QStringLiteral("folder");
        QTest::newRow("a database of pages that are none") << QStringLiteral("pages");
        QTest::newRow("somebody else's, to be read only") << QStringLiteral("read only");
    }
    void whereTheJournalCannotBeOpenedNothingBegins()
    {
        QFETCH(QString, what);
        const QTemporaryDir folder(quickFolder());
        const CrashPlace place(folder.path());
        if (what == QLatin1String("folder")) {
            QVERIFY(QDir().mkpath(place.database()));
        } else if (what == QLatin1String("text")) {
            QFile file(place.database());
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(QByteArray(5000, 'x'));
        } else {
            QVERIFY(Journal::open(place.database()).has_value());
            QFile file(place.database());
            if (what == QLatin1String("pages")) {
                QVERIFY(file.open(QIODevice::ReadWrite));
                file.seek(100);
                file.write(QByteArray(int(file.size()) - 100, '\x5a'));
            }
            file.close();
            QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther));
            QVERIFY(QFile::setPermissions(folder.path(), QFile::ReadOwner | QFile::ExeOwner | QFile::ReadOther | QFile::ExeOther));
        }
        ChildEnd child;
        if (what == QLatin1String("read only")) {
            child = runChild(QStringLiteral("unprivileged"), { folder.path() });
        } else {
            child = runChild(QStringLiteral("confined"), { folder.path(), QStringLiteral("100000000") });
            QVERIFY(!QFile::exists(place.world()));
        }
        QVERIFY(QFile::setPermissions(folder.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        QVERIFY2(child.code == 5, qPrintable(child.text));
    }
};

int catamaran::tests::runStorageTest(const QStringList &arguments)
{
    return run<StorageTest>(arguments);
}

#include "storagetest.moc"
