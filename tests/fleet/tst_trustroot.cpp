// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/plans.h"
#include "fleet/world.h"
#include "mesh/trustroot.h"
#include "support/wait.h"

#include <QTest>

using namespace catamaran;
using namespace catamaran::documents;
using namespace catamaran::fleet;
using namespace catamaran::observe;
using namespace catamaran::session;
using mesh::namedRootEntry;
using mesh::ownRootEntry;
using mesh::packRoot;
using mesh::RootWish;
using namespace catamaran::tests;
using test::wait;

namespace {

/// Cheaper to make than those that obtainRoot() makes.
pki::Identity someRoot(const char *name)
{
    return *pki::makeRoot(QLatin1String(name), pki::KeyType::EcP256);
}

QString fingerprintOf(const pki::Identity &root)
{
    return *pki::rootFingerprints(root.certificate)->begin();
}

mesh::MeshStatus meshWith(int number, const QList<pki::Identity> &roots)
{
    mesh::MeshStatus mesh = runningMesh(number).status;
    mesh.rootFingerprints.clear();
    for (const pki::Identity &root : roots)
        mesh.rootFingerprints.insert(fingerprintOf(root));
    return mesh;
}

} // namespace

/// Which root a fleet gets, with what lies in the keyring and what its meshes have.
class TrustRootTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_secrets = store::makeMemorySecretStore();
        m_written.clear();
    }

    void environmentsWithTheSameFleetHaveRootsOfTheirOwn()
    {
        const auto first = take({ m_name, false }, {}), second = take({ m_name, false }, {});
        QVERIFY(first.has_value() && second.has_value());
        QVERIFY(fingerprintOf(*first) != fingerprintOf(*second));
        // Each finds its own again, by what its meshes have.
        QCOMPARE(fingerprintOf(*take({ m_name, false }, { meshWith(1, { *first }) })), fingerprintOf(*first));
        QCOMPARE(fingerprintOf(*take({ m_name, false }, { meshWith(1, { *second }) })), fingerprintOf(*second));
        QCOMPARE(m_written, QStringList({ ownRootEntry(fingerprintOf(*first)), ownRootEntry(fingerprintOf(*second)) }));
    }

    void aRootIsSharedWhereTheFleetsNameIt()
    {
        const auto first = take({ QStringLiteral("company"), true }, {}), second = take({ QStringLiteral("company"), true }, {});
        QVERIFY(first.has_value() && second.has_value());
        QCOMPARE(fingerprintOf(*first), fingerprintOf(*second));
        QCOMPARE(m_written, QStringList({ namedRootEntry(QStringLiteral("company")) }));
        const auto stranger = take({ QStringLiteral("company"), true }, { meshWith(1, { someRoot("other") }) });
        QVERIFY(!stranger);
        QVERIFY(stranger.error().kind == core::ErrorKind::Precondition);
        QVERIFY(stranger.error().answer.contains(QStringLiteral("mesh-1")));
    }

    void whatAnEarlierVersionKeptIsTakenOnlyByThoseWhoseRootItIs()
    {
        const pki::Identity old = someRoot("two-meshes-root");
        keep(namedRootEntry(m_name), old);
        // Its own fleet goes on with it, and finds it by what it is from then on; the old entry stays.
        QCOMPARE(fingerprintOf(*take({ m_name, false }, { meshWith(1, { old }), meshWith(2, { old }) })), fingerprintOf(old));
        QCOMPARE(m_written, QStringList { ownRootEntry(fingerprintOf(old)) });
        QVERIFY(wait(m_secrets->has(namedRootEntry(m_name), {})).value());
        // Another environment with the same fleet does not get it, before its first mesh...
        const auto fresh = take({ m_name, false }, {});
        QVERIFY(fresh.has_value());
        QVERIFY(fingerprintOf(*fresh) != fingerprintOf(old));
        // ... nor when it has meshes of which nobody has the key.
        const auto stranger = take({ m_name, false }, { meshWith(1, { someRoot("other") }) });
        QVERIFY(!stranger);
        QVERIFY(stranger.error().kind == core::ErrorKind::Precondition);
        QVERIFY(!stranger.error().remedy.isEmpty());
    }

    void aRootThatIsBeingRotatedIsFound()
    {
        const pki::Identity old = someRoot("old"), next = someRoot("next");
        keep(ownRootEntry(fingerprintOf(old)), old);
        QCOMPARE(fingerprintOf(*take({ m_name, false }, { meshWith(1, { old, next }), meshWith(2, { old }) })), fingerprintOf(old));
        // One that only some trust is none for a new mesh.
        QVERIFY(!take({ m_name, false }, { meshWith(1, { old, next }), meshWith(2, { next }) }));
    }

    void noEntryIsWrittenOver()
    {
        const pki::Identity theirs = someRoot("theirs");
        // Somebody else keeps the shared root between our look and our writing.
        const auto taken = take({ QStringLiteral("company"), true }, {}, [&](const QString &entry) { keep(entry, theirs); });
        QVERIFY(!taken);
        QVERIFY(taken.error().kind == core::ErrorKind::Conflict);
        QCOMPARE(wait(m_secrets->read(namedRootEntry(QStringLiteral("company")), {}))->reveal(), packRoot(theirs).reveal());
    }

    void aMeshWhoseRootIsNotKnownGetsNoOther()
    {
        mesh::MeshStatus silent = runningMesh(1).status;
        silent.rootFingerprints.clear();
        silent.rootError = QStringLiteral("Forbidden.RAM");
        const auto taken = take({ m_name, false }, { silent });
        QVERIFY(!taken);
        QVERIFY2(taken.error().answer.contains(QStringLiteral("Forbidden.RAM")), qPrintable(taken.error().text()));
        QVERIFY(m_written.isEmpty());
    }

    void thePlanSaysWhoElseUsesTheRoot()
    {
        FleetDocument fleet = exampleFleet();
        const auto stepOf = [&](const ObservedFleet &world) { return applyPlan(fleet, world)->steps.first(); };
        QVERIFY(stepOf(emptyWorld()).why.contains(QStringLiteral("No other environment")));
        fleet.sharedRoot = QStringLiteral("company");
        const ops::Step shared = stepOf(emptyWorld());
        QVERIFY2(shared.why.contains(QStringLiteral("company")) && shared.why.contains(QStringLiteral("every environment")),
            qPrintable(shared.why));
    }

    void whatCannotBeResumedIsSaidBefore()
    {
        const ops::Plan whole = *applyPlan(exampleFleet(), emptyWorld());
        QVERIFY(!whatCannotBeResumed(whole, store::Keeping::ThisRun).isEmpty());
        QVERIFY(whatCannotBeResumed(whole, store::Keeping::Keyring).isEmpty());
        ops::Plan rest = whole;
        rest.steps.removeFirst();
        QVERIFY(whatCannotBeResumed(rest, store::Keeping::ThisRun).isEmpty());
    }

    void rootsInCommonAreNotRootsThatDiffer_data()
    {
        QTest::addColumn<QList<QSet<QString>>>("roots");
        QTest::addColumn<int>("trust");
        using Roots = QList<QSet<QString>>;
        const QString a = QStringLiteral("a"), b = QStringLiteral("b"), c = QStringLiteral("c");
        QTest::newRow("the same") << Roots { { a }, { a } } << int(Trust::Same);
        QTest::newRow("one has the next one already") << Roots { { a }, { a, b } } << int(Trust::Rotating);
        QTest::newRow("both on their way") << Roots { { a, b }, { b, c } } << int(Trust::Rotating);
        QTest::newRow("others") << Roots { { a }, { b } } << int(Trust::Different);
        QTest::newRow("the first and the last of a rotation") << Roots { { a, b }, { a }, { b } } << int(Trust::Different);
        QTest::newRow("one unread") << Roots { { a }, {} } << int(Trust::Unknown);
        QTest::newRow("none") << Roots {} << int(Trust::Unknown);
    }
    void rootsInCommonAreNotRootsThatDiffer()
    {
        QFETCH(QList<QSet<QString>>, roots);
        QFETCH(int, trust);
        ObservedFleet world;
        for (int i = 0; i < roots.size(); ++i) {
            world.meshes << runningMesh(i + 1);
            world.meshes.last().status.rootFingerprints = roots.at(i);
        }
        QCOMPARE(int(world.trustOfMeshes()), trust);
        const std::optional<bool> shares = trust == int(Trust::Same) ? std::optional(true)
            : trust == int(Trust::Different)                         ? std::optional(false)
                                                                     : std::nullopt;
        QCOMPARE(world.sharesRoot(), shares);
    }

    void aRotationIsNoReasonNotToPlan()
    {
        ObservedFleet world = finishedWorld();
        world.meshes[1].status.rootFingerprints = { QStringLiteral("aa"), QStringLiteral("bb") };
        const auto plan = applyPlan(exampleFleet(), world);
        QVERIFY2(plan.has_value(), qPrintable(plan ? QString() : plan.error().text()));
        QVERIFY(plan->isEmpty());
    }

private:
    void keep(const QString &entry, const pki::Identity &root) { QVERIFY(wait(m_secrets->write(entry, packRoot(root), {})).has_value()); }

    core::Result<pki::Identity> take(
        const RootWish &wish, const QList<mesh::MeshStatus> &meshes, const std::function<void(const QString &)> &meanwhile = {})
    {
        return wait(core::runSequence([&] {
            mesh::RootPatience patience;
            patience.onWrite = [&](const QString &entry, const std::function<core::Result<core::Done>()> &write) {
                m_written << entry;
                if (meanwhile)
                    QMetaObject::invokeMethod(
                        this, [&] { meanwhile(entry); }, Qt::BlockingQueuedConnection);
                return write();
            };
            return mesh::obtainRoot(wish, meshes, *m_secrets, patience).map([](const mesh::TakenRoot &taken) { return taken.identity; });
        }));
    }

    const QString m_name = QStringLiteral("two-meshes-root");
    std::unique_ptr<store::SecretStore> m_secrets;
    QStringList m_written;
};

QTEST_GUILESS_MAIN(TrustRootTest)
#include "tst_trustroot.moc"
