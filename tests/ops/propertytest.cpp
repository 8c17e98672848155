// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "tst_ops.h"

#include <QElapsedTimer>

#include <random>

using namespace catamaran;
using namespace catamaran::ops;
using namespace catamaran::tests;

namespace {

using Values = QMap<QString, QString>;
using Random = std::mt19937;

int below(Random &random, int limit)
{
    return std::uniform_int_distribution<int>(0, limit - 1)(random);
}

Values someValues(Random &random)
{
    Values values;
    for (int key = below(random, 8); key >= 0; --key)
        if (const int value = below(random, 4); value > 0)
            values.insert(QString::number(key), QString::number(value));
    return values;
}

/// The steps from @p world to @p wish, in some order, some of them waiting for others, some in lanes.
Plan planned(const Values &wish, const Values &world, Random &random)
{
    QStringList keys = wish.keys() + world.keys();
    keys.removeDuplicates();
    std::shuffle(keys.begin(), keys.end(), random);
    Plan plan;
    for (const QString &key : std::as_const(keys)) {
        if (wish.value(key) == world.value(key))
            continue;
        QStringList after;
        for (const Step &earlier : std::as_const(plan.steps))
            if (below(random, 4) == 0)
                after += earlier.id;
        plan.steps += setStep(
            QStringLiteral("set-") + key, key, wish.value(key), after, below(random, 2) == 0 ? QStringLiteral("lane") : QString());
    }
    std::shuffle(plan.steps.begin(), plan.steps.end(), random);
    return plan;
}

} // namespace

/// What holds for whatever is wished and whatever is there.
class PropertyTest : public QObject {
    Q_OBJECT

private slots:
    void theWishIsReachedAndTheWayBack_data()
    {
        QTest::addColumn<int>("trouble"); // of a hundred calls so many are not answered
        // Ten thousand pairs in rows of five hundred: Qt gives each row five minutes.
        for (int row = 1; row <= 20; ++row)
            QTest::addRow("%s, %d", row > 16 ? "a world that often does not answer" : "a world that answers", row) << (row > 16 ? 20 : 0);
    }
    void theWishIsReachedAndTheWayBack()
    {
        QFETCH(int, trouble);
#ifdef __SANITIZE_ADDRESS__
        constexpr int pairs = 50; // sanitizers look at the code, not at the figures
#else
        constexpr int pairs = 500;
#endif
        const unsigned seed = std::random_device()();
        qInfo("seed %u", seed);
        Random random(seed);
        std::mutex mutex;
        Random weather(seed + 1);
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            const std::lock_guard lock(mutex);
            if (point == Point::Look || below(weather, 100) >= trouble)
                return std::nullopt;
            return errorOf(below(weather, 2) == 0 ? core::ErrorKind::Network : core::ErrorKind::Server);
        } });
        Place place;
        auto options = place.options();
        options.atOnce = 2;
        options.attempts = 20;
        auto journal = place.journal();
        QVERIFY(journal.setRetention({ 10 }).has_value());
        for (int pair = 0; pair < pairs; ++pair) {
            const Values wish = someValues(random), start = someValues(random);
            ModelWorld world;
            for (auto it = start.begin(); it != start.end(); ++it)
                world.store.set(it.key(), it.value());
            auto result = execute(planned(wish, start, random), kinds, world, options, {});
            for (int more = 0; !result.complete && more < 20; ++more) // a proof that was not answered
                result = resume(result.execution, kinds, world, options, {});
            QVERIFY2(
                result.complete && world.store.values() == wish, qPrintable(QStringLiteral("pair %1: %2").arg(pair).arg(texts(result))));
            QVERIFY(planned(wish, world.store.values(), random).isEmpty());
            auto back = undo(result.execution, kinds, world, options, {});
            for (int more = 0; !back.complete && more < 20; ++more)
                back = undo(result.execution, kinds, world, options, {});
            QVERIFY2(back.complete && world.store.values() == start, qPrintable(QStringLiteral("pair %1: %2").arg(pair).arg(texts(back))));
        }
    }
};

int catamaran::tests::runPropertyTest(const QStringList &arguments)
{
    return run<PropertyTest>(arguments);
}

#include "propertytest.moc"
