// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/sessionworld.h"
#include "ops/lease.h"
#include "support/rangesession.h"

#include <QJsonDocument>

#include <unistd.h>

using namespace catamaran;
using namespace catamaran::documents;
using namespace catamaran::fleet;
using namespace catamaran::observe;
using namespace catamaran::session;
using namespace catamaran::tests;

namespace {

const kube::ResourceKind leases { QStringLiteral("coordination.k8s.io"), QStringLiteral("v1"), QStringLiteral("leases"), true };

QString microTime(const QDateTime &at)
{
    return at.toUTC().toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss.zzz")) + QStringLiteral("000Z");
}

} // namespace

/// Consoles that share no journal, on a practice range.
class TestLease : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (LabProcess::program().isEmpty())
            QSKIP("there is no catamaran-lab");
        m_secrets = store::makeMemorySecretStore();
        QVERIFY2(m_lab.start(), qPrintable(m_lab.errorText()));
        const auto session = openRange(m_lab, *m_secrets);
        QVERIFY2(session, qPrintable(session ? QString() : session.error().text()));
        m_session = *session;
        QVERIFY(m_session->environment().lease.has_value());
    }
    void cleanupTestCase()
    {
        m_session.reset();
        m_lab.stop();
    }
    void cleanup() { (void)waitFor(client().remove(leases, QStringLiteral("default"), QStringLiteral("catamaran"), {})); }

    void whoWorksIsSeenAndGone()
    {
        const auto title = [this]() -> QString {
            const auto object = waitFor(client().get(leases, QStringLiteral("default"), QStringLiteral("catamaran"), {}));
            const auto holder = object ? ops::leaseHolderOf(*object) : std::nullopt;
            return holder ? holder->title + u' ' + QString::number(holder->owner.pid) : QString();
        };
        const auto first = inSequence([this] {
            SessionWorld world(*m_session), again(*m_session);
            auto kept = world.keepOthersOff(QStringLiteral("apply two-meshes"), {});
            auto shared = again.keepOthersOff(QStringLiteral("drill x"), {}); // of one process: they are kept off each other by the journal
            core::Result<QJsonObject> seen
                = core::await(client().get(leases, QStringLiteral("default"), QStringLiteral("catamaran"), {}), {});
            return std::tuple(
                kept.has_value() && kept->hold && kept->notice.isEmpty(), shared.has_value() && shared->hold == kept->hold, seen);
        });
        QVERIFY(std::get<0>(first));
        QVERIFY(std::get<1>(first));
        QVERIFY(std::get<2>(first).has_value());
        const auto holder = ops::leaseHolderOf(*std::get<2>(first));
        QVERIFY(holder);
        QCOMPARE(holder->title, QStringLiteral("apply two-meshes"));
        QCOMPARE(holder->owner, ops::Owner::self());
        QCOMPARE(title(), QString()); // nothing is left over
    }

    void whoeverLivesKeepsItAndWhoeverIsDeadDoesNot_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<qint64>("pid");
        QTest::addColumn<int>("silentMs");
        QTest::addColumn<bool>("kept");
        QTest::newRow("another machine, heard of a moment ago") << QStringLiteral("bastion") << qint64(4711) << 3000 << true;
        QTest::newRow("another machine, silent") << QStringLiteral("bastion") << qint64(4711) << 60000 << false;
        QTest::newRow("this machine, alive in its first process, though silent") << QString() << qint64(::getppid()) << 60000 << true;
        QTest::newRow("this machine, dead, though heard of a moment ago") << QString() << qint64(4194305) << 1000 << false;
    }
    void whoeverLivesKeepsItAndWhoeverIsDeadDoesNot()
    {
        QFETCH(QString, host);
        QFETCH(qint64, pid);
        QFETCH(int, silentMs);
        QFETCH(bool, kept);
        ops::Owner owner = ops::Owner::self();
        owner.pid = pid;
        if (!host.isEmpty()) {
            owner.host = host;
            owner.boot = QStringLiteral("another");
        } else if (kept) {
            owner.started = startOf(pid);
        }
        const QDateTime now = QDateTime::currentDateTimeUtc(), heard = now.addMSecs(-silentMs);
        hold(owner, heard);
        const auto taken = inSequence([this] {
            return ops::Lease::take(client(), { QStringLiteral("cluster-1"), QStringLiteral("default") }, QStringLiteral("apply mine"), {},
                core::systemClock(), std::chrono::milliseconds(50))
                .map([](const std::shared_ptr<ops::Lease> &) { return core::Done {}; });
        });
        QCOMPARE(taken.has_value(), !kept);
        if (!kept)
            return;
        QCOMPARE(taken.error().kind, core::ErrorKind::Conflict);
        QCOMPARE(taken.error().code, QStringLiteral("Held"));
        for (const QString &part : { QStringLiteral("drill theirs"), owner.text(),
                 heard.addSecs(-60).toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")) })
            QVERIFY2(taken.error().text().contains(part), qPrintable(taken.error().text()));
    }

    void aSilentOneThatBeatsWhileOneListensLives()
    {
        ops::Owner owner = ops::Owner::self();
        owner.host = QStringLiteral("bastion");
        const QDateTime old = QDateTime::currentDateTimeUtc().addSecs(-3600); // its clock is an hour behind
        hold(owner, old);
        auto taking = core::runSequence([this] {
            return ops::Lease::take(client(), { QStringLiteral("cluster-1"), QStringLiteral("default") }, QStringLiteral("apply mine"), {},
                core::systemClock(), std::chrono::milliseconds(1500))
                .map([](const std::shared_ptr<ops::Lease> &) { return core::Done {}; });
        });
        while (!taking.isFinished()) // several, for who listens may only begin
            QVERIFY(waitFor(
                client().mergePatch(leases, QStringLiteral("default"), QStringLiteral("catamaran"),
                    { { QStringLiteral("spec"), QJsonObject { { QStringLiteral("renewTime"), microTime(old.addMSecs(++m_beats)) } } } },
                    {}))
                        .has_value());
        QVERIFY(!taking.result());
        QCOMPARE(taking.result().error().code, QStringLiteral("Held"));
    }

    void whereNobodyCanSeeOthersItIsSaid_data()
    {
        QTest::addColumn<QByteArray>("lease");
        QTest::addColumn<QString>("why");
        QTest::newRow("no place is named") << QByteArray() << QStringLiteral("names no place for a Lease");
        QTest::newRow("there is no such namespace")
            << QByteArray("  lease: { cluster: cluster-1, namespace: nowhere }\n") << QStringLiteral("nowhere");
    }
    void whereNobodyCanSeeOthersItIsSaid()
    {
        QFETCH(QByteArray, lease);
        QFETCH(QString, why);
        QFile file(m_lab.environmentFile());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray yaml = file.readAll();
        yaml.replace("  lease: { cluster: cluster-1, namespace: default }\n", lease);
        const auto environment = parseEnvironment(yaml, m_lab.environmentFile());
        QVERIFY2(environment, qPrintable(environment ? QString() : environment.error().text()));
        const auto session = waitFor(Session::open(*environment, *m_secrets, {}));
        QVERIFY(session.has_value());
        const auto kept = inSequence([&session] { return SessionWorld(**session).keepOthersOff(QStringLiteral("apply x"), {}); });
        QVERIFY2(kept, qPrintable(kept ? QString() : kept.error().text()));
        QVERIFY(!kept->hold);
        QVERIFY2(
            kept->notice.contains(QStringLiteral("other machines are not seen")) && kept->notice.contains(why), qPrintable(kept->notice));
    }

private:
    kube::KubeClient &client() { return *m_session->cluster(QStringLiteral("cluster-1")); }

    /// The start of a process as /proc tells it.
    static qint64 startOf(qint64 pid)
    {
        QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
        return stat.open(QIODevice::ReadOnly)
            ? QString::fromUtf8(stat.readAll()).section(u')', -1).trimmed().section(u' ', 19, 19).toLongLong()
            : 0;
    }

    void hold(const ops::Owner &owner, const QDateTime &heard)
    {
        const QJsonObject who { { QStringLiteral("host"), owner.host }, { QStringLiteral("boot"), owner.boot },
            { QStringLiteral("pid"), owner.pid }, { QStringLiteral("started"), owner.started } };
        const QJsonObject annotations { { QStringLiteral("catamaran.io/title"), QStringLiteral("drill theirs") },
            { QStringLiteral("catamaran.io/owner"), QString::fromUtf8(QJsonDocument(who).toJson(QJsonDocument::Compact)) } };
        const QJsonObject object {
            { QStringLiteral("apiVersion"), QStringLiteral("coordination.k8s.io/v1") }, { QStringLiteral("kind"), QStringLiteral("Lease") },
            { QStringLiteral("metadata"),
                QJsonObject { { QStringLiteral("name"), QStringLiteral("catamaran") }, { QStringLiteral("annotations"), annotations } } },
            { QStringLiteral("spec"),
                QJsonObject { { QStringLiteral("holderIdentity"), owner.text() }, { QStringLiteral("leaseDurationSeconds"), 30 },
                    { QStringLiteral("acquireTime"), microTime(heard.addSecs(-60)) }, { QStringLiteral("renewTime"), microTime(heard) } } }
        };
        const auto made = waitFor(client().create(leases, QStringLiteral("default"), object, {}));
        QVERIFY2(made, qPrintable(made ? QString() : made.error().text()));
    }

    LabProcess m_lab;
    std::unique_ptr<store::SecretStore> m_secrets;
    std::shared_ptr<Session> m_session;
    int m_beats = 0;
};

QTEST_GUILESS_MAIN(TestLease)
#include "tst_lease.moc"
