// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "tst_ops.h"

#include "ops/schedule.h"

using namespace catamaran;
using namespace catamaran::ops;
using namespace catamaran::tests;

namespace {
const QString a = QStringLiteral("a"), b = QStringLiteral("b"), c = QStringLiteral("c");
}

class PlanTest : public QObject {
    Q_OBJECT

private slots:
    void aPlanThatCannotBeCarriedOutSaysWhy_data()
    {
        QTest::addColumn<QJsonObject>("json");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const QList<Step> &steps, const char *says) {
            QTest::newRow(name) << Plan { steps }.toJson() << QString::fromUtf8(says);
        };
        row("nothing to do", {}, "");
        row("a chain", { setStep(a, a, a), setStep(b, b, b, { a }), setStep(c, c, c, { a, b }) }, "");
        row("a step listed before what it needs", { setStep(b, b, b, { a }), setStep(a, a, a) }, "");
        row("one id twice", { setStep(a, a, a), setStep(a, b, b) }, "two steps have this id");
        row("a dependency that is not there", { setStep(a, a, a, { c }) }, "depends on “c”");
        row("a step that waits for itself", { setStep(a, a, a, { a }) }, "a → a");
        row("a cycle of three", { setStep(a, a, a, { c }), setStep(b, b, b, { a }), setStep(c, c, c, { b }) }, "waits for itself");
        row("an unknown kind", { { a, {}, {}, { QStringLiteral("model.fly"), {} } } }, "model.fly");
        row("an argument that is missing", { { a, {}, {}, { QStringLiteral("model.set"), { { QStringLiteral("key"), a } } } } }, "value");
    }
    void aPlanThatCannotBeCarriedOutSaysWhy()
    {
        QFETCH(QJsonObject, json);
        QFETCH(QString, says);
        const auto plan = Plan::fromJson(json);
        QVERIFY2(plan.has_value(), qPrintable(plan ? QString() : plan.error().text()));
        const auto checked = checkPlan(*plan, modelKinds());
        QCOMPARE(checked.has_value(), says.isEmpty());
        if (!checked)
            QVERIFY2(checked.error().text().contains(says), qPrintable(checked.error().text()));
        Place place;
        ModelWorld world;
        const auto result = execute(*plan, modelKinds(), world, place.options(), {});
        QCOMPARE(result.complete, says.isEmpty());
        if (!says.isEmpty()) {
            QCOMPARE(result.execution, 0); // and not even begun
            QVERIFY(world.store.values().isEmpty());
        }
    }

    void whatIsNoPlanIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        const QByteArray operation = R"("operation":{"kind":"model.create","arguments":{}})";
        QTest::newRow("no object of steps") << QByteArray(R"({"step":[]})");
        QTest::newRow("more than steps") << QByteArray(R"({"steps":[],"fleet":"x"})");
        QTest::newRow("a step that is a word") << QByteArray(R"({"steps":["a"]})");
        QTest::newRow("no id") << QByteArray(R"({"steps":[{)" + operation + "}]}");
        QTest::newRow("an unknown field") << QByteArray(R"({"steps":[{"id":"a","after":[],)" + operation + "}]}");
        QTest::newRow("no operation") << QByteArray(R"({"steps":[{"id":"a"}]})");
        QTest::newRow("an operation without arguments") << QByteArray(R"({"steps":[{"id":"a","operation":{"kind":"k"}}]})");
        QTest::newRow("an operation with more")
            << QByteArray(R"({"steps":[{"id":"a","operation":{"kind":"k","arguments":{},"force":true}}]})");
        QTest::newRow("depends on a number") << QByteArray(R"({"steps":[{"id":"a","depends_on":[1],)" + operation + "}]}");
        QTest::newRow("depends on a text") << QByteArray(R"({"steps":[{"id":"a","depends_on":"b",)" + operation + "}]}");
    }
    void whatIsNoPlanIsRefused()
    {
        QFETCH(QByteArray, text);
        const auto plan = Plan::fromJson(QJsonDocument::fromJson(text).object());
        QVERIFY(!plan);
        QVERIFY(plan.error().kind == core::ErrorKind::Protocol);
    }

    void whatIsShownCanBeReadBack()
    {
        const Plan plan { { setStep(a, a, QStringLiteral("1"), {}, QStringLiteral("lane")), createStep(b, { a }),
            burnStep(c, { a, QStringLiteral("create-b") }) } };
        QCOMPARE(Plan::fromJson(plan.toJson()).value(), plan);
        const QJsonObject shown = describePlan(plan, modelKinds(), {});
        QCOMPARE(Plan::fromJson(shown).value(), plan);
        const QJsonObject first = shown[u"steps"].toArray().first().toObject();
        for (const char *field : { "id", "title", "depends_on", "calls", "command", "undo" }) // what scripts rely on
            QVERIFY2(first.contains(QLatin1String(field)), field);
        QCOMPARE(first[u"title"].toString(), QStringLiteral("Set a to “1”"));
        QCOMPARE(first[u"calls"].toArray().first()[u"method"].toString(), QStringLiteral("PUT a"));
        QCOMPARE(shown[u"steps"].toArray().last()[u"keeps"].toString(), QStringLiteral("What is burnt is gone."));
    }

    void rightsAreAskedOncePerDirection()
    {
        const Plan plan { { setStep(a, a, a), setStep(b, a, b), setStep(c, c, c) } };
        const auto verbs = [&](Direction direction) {
            QStringList list;
            for (const Right &right : rightsOf(plan, modelKinds(), direction))
                list += right.question.verb + u' ' + right.question.resource;
            return list;
        };
        QCOMPARE(verbs(Direction::Do), QStringList({ QStringLiteral("patch a"), QStringLiteral("patch c") }));
        QCOMPARE(verbs(Direction::Undo), QStringList({ QStringLiteral("delete a"), QStringLiteral("delete c") }));
    }

    void theScheduleGivesWhatIsReadyAndItsLaneFree()
    {
        Schedule schedule({ { a, {}, { QStringLiteral("x") } }, { b, {}, { QStringLiteral("x") } }, { c, { a }, { QString() } } });
        QCOMPARE(schedule.next().value_or(-1), 0);
        QVERIFY(!schedule.next()); // b waits for the lane, c for a
        QVERIFY(schedule.end(0, true).isEmpty());
        QCOMPARE(schedule.next().value_or(-1), 1);
        QCOMPARE(schedule.next().value_or(-1), 2);
        QVERIFY(!schedule.isOver());
        (void)schedule.end(2, true);
        (void)schedule.end(1, false);
        QVERIFY(schedule.isOver());
    }

    void whatDependsOnAFailureIsSkippedInAnyDistance()
    {
        const QString d = QStringLiteral("d");
        Schedule schedule({ { a, {}, {} }, { b, { a }, {} }, { c, { b, d }, {} }, { d, {}, {} } });
        QCOMPARE(schedule.next().value_or(-1), 0);
        const auto skipped = schedule.end(0, false);
        QCOMPARE(skipped.size(), 2);
        QCOMPARE(skipped.first().task, 1);
        QCOMPARE(skipped.last().task, 2);
        QCOMPARE(schedule.next().value_or(-1), 3);
        (void)schedule.end(3, true);
        QVERIFY(schedule.isOver());
        QVERIFY(schedule.waiting().isEmpty());
    }

    void subjectsOverlap_data()
    {
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("other");
        QTest::addColumn<bool>("overlap");
        QTest::newRow("the same") << QStringLiteral("mesh-1") << QStringLiteral("mesh-1") << true;
        QTest::newRow("an object and its namespace")
            << QStringLiteral("cluster-1/default/deployments.apps/sleep") << QStringLiteral("cluster-1/default") << true;
        QTest::newRow("a longer name") << QStringLiteral("mesh-1") << QStringLiteral("mesh-12") << false;
        QTest::newRow("neighbours") << QStringLiteral("cluster-1/default/services/a") << QStringLiteral("cluster-1/default/services/b")
                                    << false;
        QTest::newRow("nothing") << QString() << QStringLiteral("mesh-1") << false;
        QTest::newRow("nothing and nothing") << QString() << QString() << false;
    }
    void subjectsOverlap()
    {
        QFETCH(QString, one);
        QFETCH(QString, other);
        QTEST(overlaps(one, other), "overlap");
        QTEST(overlaps(other, one), "overlap");
    }
};

int catamaran::tests::runPlanTest(const QStringList &arguments)
{
    return run<PlanTest>(arguments);
}

#include "plantest.moc"
