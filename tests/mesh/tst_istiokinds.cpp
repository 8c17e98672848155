// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/istiokind.h"
#include "mesh/istio/meshobjects.h"
#include "mesh/istio/remotesecret.h"
#include "mesh/providerkind.h"
#include "ops/kinds/kubekinds.h"
#include "ops/kinds/kubeworld.h"
#include "support/labprocess.h"
#include "support/wait.h"

#include <QJsonArray>
#include <QTest>

using namespace catamaran;
using namespace catamaran::mesh::istio;
using core::ErrorKind;
using core::Result;
using mesh::DecodedSecret;
using mesh::MemberWish;
using mesh::Mode;
using ops::Operation;
using test::wait;
using tests::carryOut;
using tests::Deed;
using tests::onWorker;
using tests::takeBack;

namespace {

const QString one = QStringLiteral("cluster-1"), two = QStringLiteral("cluster-2"), ns = QStringLiteral("istio-system");

template <typename T> QByteArray why(const Result<T> &result)
{
    return result ? QByteArray() : result.error().text().toUtf8();
}

QByteArray text(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace

/// The operations of Istio on the objects of two API servers of a practice range, which have no control plane. The function that makes
/// remote secrets runs against a mesh of yours too, by hand: $CATAMARAN_CLUSTER_1 and $CATAMARAN_CLUSTER_2 are kubeconfigs,
/// $CATAMARAN_MESH_SERVER is the address of the second API server as pods of the first cluster reach it, and there is no remote secret for
/// it.
class TestIstioKinds : public QObject {
    Q_OBJECT

    tests::KubeWorld m_world;
    tests::LabProcess m_lab;
    const bool m_isReal = !qEnvironmentVariableIsEmpty("CATAMARAN_CLUSTER_1");
    std::map<QString, std::unique_ptr<const ops::Kind>> m_kinds;

    Result<Deed> done(const Operation &operation) { return carryOut(*m_kinds.at(operation.kind), operation, m_world); }
    Result<ops::Evidence> back(const Operation &operation, const Deed &deed)
    {
        return takeBack(*m_kinds.at(operation.kind), operation, deed, m_world);
    }
    kube::KubeClient &client(const QString &cluster) { return *m_world.clients.value(cluster); }

    /// Without what changes by itself.
    QByteArray asItIs(const QString &cluster, const kube::ResourceKind &kind, const QString &space, const QString &name)
    {
        const auto object = wait(client(cluster).get(kind, space, name, {}));
        if (!object)
            return {};
        QJsonObject rest = *object, metadata = rest[u"metadata"].toObject();
        for (const char *own : { "managedFields", "resourceVersion" })
            metadata.remove(QLatin1StringView(own));
        rest.insert(QStringLiteral("metadata"), metadata);
        return text(rest);
    }

    static Operation apply(const QString &cluster, const QJsonObject &object)
    {
        return { QStringLiteral("kube.apply"),
            { { QStringLiteral("cluster"), cluster }, { QStringLiteral("object"), object }, { QStringLiteral("onlyIfMissing"), true } } };
    }

    [[nodiscard]] MemberWish wish(bool longLived) const
    {
        MemberWish wish { QStringLiteral("mesh-1"), two, Mode::DiscoveryOnly, one, ns };
        wish.server = m_isReal ? qEnvironmentVariable("CATAMARAN_MESH_SERVER") : m_world.clients.value(two)->access().server.toString();
        wish.token.longLived = longLived;
        wish.hasReader = true;
        return wish;
    }
    [[nodiscard]] Operation secretFor(const MemberWish &wish) const { return istioOperations().join(wish).last().operation; }
    [[nodiscard]] static QString secretName() { return remoteSecretName(two); }

private slots:
    void initTestCase()
    {
        if (!m_isReal && tests::LabProcess::program().isEmpty())
            QSKIP("there is no catamaran-lab");
        QVERIFY2(m_isReal || m_lab.start(), qPrintable(m_lab.errorText()));
        for (auto &kind : mesh::istioKind().kinds())
            m_kinds.emplace(kind->name(), std::move(kind));
        for (auto &kind : ops::kubeKinds())
            m_kinds.emplace(kind->name(), std::move(kind));
        for (int number : { 1, 2 }) {
            const QByteArray given = "CATAMARAN_CLUSTER_" + QByteArray::number(number);
            const auto config = kube::loadKubeconfig({ m_isReal ? qEnvironmentVariable(given.constData()) : m_lab.kubeconfig(number) });
            QVERIFY2(config, why(config));
            auto access = kube::resolveContext(*config);
            QVERIFY2(access, why(access));
            access->name = QStringLiteral("cluster-%1").arg(number);
            m_world.clients.insert(access->name, std::make_shared<kube::KubeClient>(*access));
            const QJsonObject space { { QStringLiteral("apiVersion"), QStringLiteral("v1") },
                { QStringLiteral("kind"), QStringLiteral("Namespace") },
                { QStringLiteral("metadata"), QJsonObject { { QStringLiteral("name"), ns } } } };
            const auto made = done(apply(access->name, space));
            QVERIFY2(made, why(made));
            const auto account = done(apply(access->name, readerObjects().first()));
            QVERIFY2(account, why(account));
        }
    }

    void aNetworkIsSetAndGivenBack_data()
    {
        QTest::addColumn<QString>("former");
        QTest::newRow("there was none") << QString();
        QTest::newRow("it was another") << QStringLiteral("elsewhere");
    }

    void aNetworkIsSetAndGivenBack()
    {
        QFETCH(QString, former);
        const QString label = QStringLiteral("topology.istio.io/network");
        const auto give = [&](const QString &value) {
            const QJsonObject labels { { label, value.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(value) } };
            return wait(client(one).mergePatch(kube::kinds::namespaces, {}, ns,
                { { QStringLiteral("metadata"), QJsonObject { { QStringLiteral("labels"), labels } } } }, {}));
        };
        QVERIFY(give(former));
        const QByteArray before = asItIs(one, kube::kinds::namespaces, {}, ns);
        const Operation set = istioOperations().setNetworks({}, { { one, { QStringLiteral("network1"), false } } });
        const auto deed = done(set);
        QVERIFY2(deed, why(deed));
        QVERIFY(!deed->wasInPlace);
        QCOMPARE(deed->evidence.text, label + QStringLiteral("=network1"));
        QVERIFY(done(set)->wasInPlace);
        const auto undone = back(set, *deed);
        QVERIFY2(undone, why(undone));
        QCOMPARE(asItIs(one, kube::kinds::namespaces, {}, ns), before);

        // Neither as it was nor as it was left: somebody else's now.
        const auto again = done(set);
        QVERIFY2(again, why(again));
        QVERIFY(give(QStringLiteral("third")));
        QVERIFY(!back(set, *again));
        QVERIFY(give(former));
    }

    void injectionThatOthersTurnedOnStays()
    {
        const auto set = [](bool enabled) { return istioOperations().setInjection({}, ns, enabled, { two }); };
        const QJsonObject on { { QStringLiteral("istio-injection"), QStringLiteral("enabled") } };
        kube::Write write { kube::Write::How::MergePatch, kube::kinds::namespaces, {}, ns };
        write.body = { { QStringLiteral("metadata"), QJsonObject { { QStringLiteral("labels"), on } } } };
        write.fieldManager = QStringLiteral("somebody");
        QVERIFY(wait(client(two).write(write, {})));
        const auto off = done(set(false));
        QVERIFY2(off, why(off));
        QVERIFY(off->wasInPlace);
        write.body = { { QStringLiteral("metadata"),
            QJsonObject { { QStringLiteral("labels"), QJsonObject { { QStringLiteral("istio-injection"), QJsonValue::Null } } } } } };
        QVERIFY(wait(client(two).write(write, {})));
        const auto ours = done(set(true));
        QVERIFY2(ours, why(ours));
        const auto gone = done(set(false));
        QVERIFY2(gone, why(gone));
        QVERIFY(!gone->wasInPlace);
        QVERIFY2(back(set(false), *gone), "given back");
        QVERIFY2(back(set(true), *ours), "and taken off");
    }

    void aRemoteSecretIsWhatIstioctlWrites_data()
    {
        QTest::addColumn<bool>("longLived");
        QTest::newRow("with a token that was asked for") << false;
        QTest::newRow("with a token that lasts") << true;
    }

    void aRemoteSecretIsWhatIstioctlWrites()
    {
        QFETCH(bool, longLived);
        QList<std::pair<Operation, Deed>> deeds;
        const QList<mesh::Deed> all = istioOperations().join(wish(longLived));
        QCOMPARE(all.size(), longLived ? 2 : 1);
        for (const mesh::Deed &each : all) {
            const auto deed = done(each.operation);
            QVERIFY2(deed, why(deed));
            QVERIFY(!deed->wasInPlace);
            QVERIFY(done(each.operation)->wasInPlace);
            deeds.append({ each.operation, *deed });
        }
        const auto secret = wait(client(one).get(kube::kinds::secrets, ns, secretName(), {}));
        QVERIFY2(secret, why(secret));
        QCOMPARE((*secret)[u"metadata"][u"labels"][u"istio/multiCluster"].toString(), QStringLiteral("true"));
        QCOMPARE((*secret)[u"metadata"][u"annotations"][u"networking.istio.io/cluster"].toString(), two);
        QCOMPARE((*secret)[u"data"].toObject().keys(), QStringList { two });
        const QList<DecodedSecret> read = mesh::decodeRemoteSecret(*secret);
        QCOMPARE(read.size(), 1);
        QVERIFY2(read.first().facts.trouble.isEmpty(), qPrintable(read.first().facts.trouble));
        QCOMPARE(read.first().facts.server, wish(longLived).server);
        QVERIFY(!read.first().facts.authorities.isEmpty());
        // Nothing that the journal keeps or anybody is shown has the token.
        const QByteArray token = read.first().token.reveal();
        QVERIFY(token.size() > 20);
        QVERIFY(deeds.last().second.after.value.value(u"accepted").toBool());
        for (const auto &[operation, deed] : std::as_const(deeds))
            for (const QByteArray &kept : { text(deed.before.toJson()), text(deed.after.toJson()), text(operation.arguments),
                     text(deed.receipt.made), deed.receipt.answer.toUtf8(), deed.evidence.text.toUtf8() }) {
                QVERIFY2(!kept.contains(token), kept.constData());
                QVERIFY2(!kept.contains(token.toBase64().left(20)), kept.constData());
            }
        // Where nobody is there to have read it, that is said.
        QVERIFY2(deeds.last().second.evidence.text.contains(m_isReal ? QStringLiteral("synced") : QStringLiteral("not known")),
            qPrintable(deeds.last().second.evidence.text));
        while (!deeds.isEmpty()) {
            const auto [operation, deed] = deeds.takeLast();
            const auto undone = back(operation, deed);
            QVERIFY2(undone, why(undone));
        }
        QCOMPARE(asItIs(one, kube::kinds::secrets, ns, secretName()), QByteArray());
        QCOMPARE(asItIs(two, kube::kinds::secrets, ns, readerTokenName), QByteArray());
    }

    void aTokenThatIsRefusedIsRenewedInPlace()
    {
        MemberWish asked = wish(false);
        const Operation add = secretFor(asked);
        const auto first = done(add);
        QVERIFY2(first, why(first));
        // The account is made anew, as by an installation: its tokens are dead.
        QVERIFY(wait(client(two).remove(kube::kinds::serviceAccounts, ns, QStringLiteral("istio-reader-service-account"), {})));
        QVERIFY(done(apply(two, readerObjects().first())));
        asked.renews = true;
        const Operation renew = secretFor(asked);
        const auto second = done(renew);
        QVERIFY2(second, why(second));
        QVERIFY(!second->wasInPlace);
        QVERIFY(second->before.value.contains(u"accepted") && !second->before.value.value(u"accepted").toBool());
        QCOMPARE(second->after.value.value(u"uid"), first->after.value.value(u"uid"));
        QVERIFY(second->after.value.value(u"content") != first->after.value.value(u"content"));
        QVERIFY(!m_kinds.at(renew.kind)->describe(renew, {}).keeps.isEmpty());
        QVERIFY(!back(add, *first)); // as the second left it: no longer the first one's to take
        const auto gone = done(istioOperations().leave(asked));
        QVERIFY2(gone, why(gone));
        const auto again = back(istioOperations().leave(asked), *gone);
        QVERIFY(!again); // made anew, with another token: not what was there, but there
        QVERIFY(!asItIs(one, kube::kinds::secrets, ns, secretName()).isEmpty());
        QVERIFY(done(istioOperations().leave(asked)));
    }

    /// Revoking is deleting the Secret of the token; that one of the same name is there again does not bring the old token back.
    void aRevokedTokenStaysRevoked()
    {
        const QList<mesh::Deed> all = istioOperations().join(wish(true));
        QCOMPARE(all.size(), 2);
        const Operation makeToken = all.first().operation, add = all.last().operation;
        QVERIFY(done(makeToken));
        const auto added = done(add);
        QVERIFY2(added, why(added));
        const auto accepted = [&] {
            const auto now = onWorker([&] {
                auto scope = m_world.scope();
                return m_kinds.at(add.kind)->look(add, scope);
            });
            return now ? now->value.value(u"accepted") : QJsonValue();
        };
        QCOMPARE(accepted(), QJsonValue(true));
        QVERIFY(wait(client(two).remove(kube::kinds::secrets, ns, readerTokenName, {})));
        QCOMPARE(accepted(), QJsonValue(false));
        const auto anew = done(makeToken);
        QVERIFY2(anew, why(anew));
        QCOMPARE(accepted(), QJsonValue(false));
        QVERIFY2(back(add, *added), "the remote secret");
        QVERIFY2(back(makeToken, *anew), "the token");
    }

    void somebodyElsesSecretIsNotTouched()
    {
        kube::Write write { kube::Write::How::Create, kube::kinds::secrets, ns, secretName() };
        write.body = { { QStringLiteral("apiVersion"), QStringLiteral("v1") }, { QStringLiteral("kind"), QStringLiteral("Secret") },
            { QStringLiteral("metadata"), QJsonObject { { QStringLiteral("name"), secretName() }, { QStringLiteral("namespace"), ns } } },
            { QStringLiteral("data"), QJsonObject { { two, QStringLiteral("bm8=") } } } };
        write.fieldManager = QStringLiteral("somebody");
        QVERIFY(wait(client(one).write(write, {})));
        const QByteArray before = asItIs(one, kube::kinds::secrets, ns, secretName());
        const Operation add = secretFor(wish(false));
        const auto refused = done(add);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, QStringLiteral("Foreign"));
        const auto left = done(istioOperations().leave(wish(false)));
        QVERIFY2(left, why(left));
        QVERIFY(left->wasInPlace);
        QCOMPARE(asItIs(one, kube::kinds::secrets, ns, secretName()), before);
        Operation taken = add;
        taken.arguments.insert(QStringLiteral("foreign"), QStringLiteral("take"));
        const auto changed = done(taken);
        QVERIFY2(changed, why(changed));
        QVERIFY(!back(taken, *changed)); // what it held is kept nowhere
        QVERIFY(wait(client(one).remove(kube::kinds::secrets, ns, secretName(), {})));
    }

    void anAddressOfThisMachineIsNoneForOthers()
    {
        MemberWish asked = wish(false);
        asked.server.clear();
        const auto refused = done(secretFor(asked));
        QVERIFY(!refused);
        QVERIFY(refused.error().kind == ErrorKind::Precondition);
        QVERIFY2(refused.error().remedy.contains(QStringLiteral("meshServer")), qPrintable(refused.error().text()));
        QCOMPARE(asItIs(one, kube::kinds::secrets, ns, secretName()), QByteArray());
    }

    void argumentsAreJudgedStrictly_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QJsonValue>("value");
        QTest::newRow("an id that is none") << "id" << QJsonValue(QStringLiteral("a b"));
        QTest::newRow("an address without TLS") << "server" << QJsonValue(QStringLiteral("http://10.0.0.1"));
        QTest::newRow("a token of a kind that is not known") << "token" << QJsonValue(QStringLiteral("mine"));
        QTest::newRow("no hours") << "hours" << QJsonValue(QStringLiteral("0"));
        QTest::newRow("too many hours") << "hours" << QJsonValue(QStringLiteral("87601"));
        QTest::newRow("an argument that is not known") << "more" << QJsonValue(true);
        QTest::newRow("a place that is no label") << "home" << QJsonValue(QStringLiteral("a/b"));
    }

    void argumentsAreJudgedStrictly()
    {
        QFETCH(QString, name);
        QFETCH(QJsonValue, value);
        Operation add = secretFor(wish(false));
        QVERIFY(m_kinds.at(add.kind)->check(add.arguments));
        add.arguments.insert(name, value);
        const auto checked = m_kinds.at(add.kind)->check(add.arguments);
        QVERIFY(!checked);
        QVERIFY2(checked.error().text().contains(name), qPrintable(checked.error().text()));
    }

    /// What cannot be asked is neither for nor against it, and what was made can be taken back all the same. Last: a server stops.
    void aClusterThatIsAwayTellsNothing()
    {
        const Operation add = secretFor(wish(false));
        const auto deed = done(add);
        QVERIFY2(deed, why(deed));
        QVERIFY(m_lab.ctl({ QStringLiteral("stop"), QStringLiteral("api-server"), two }).ok());
        const auto now = onWorker([&] {
            auto scope = m_world.scope();
            return m_kinds.at(add.kind)->look(add, scope);
        });
        QVERIFY2(now, why(now));
        QVERIFY(now->value.value(u"exists").toBool());
        QVERIFY(!now->value.contains(u"accepted"));
        const auto undone = back(add, *deed);
        QVERIFY2(undone, why(undone));
        QCOMPARE(asItIs(one, kube::kinds::secrets, ns, secretName()), QByteArray());
        const auto refused = done(add); // no token without the cluster
        QVERIFY(!refused);
        QCOMPARE(asItIs(one, kube::kinds::secrets, ns, secretName()), QByteArray());
    }
};

QTEST_GUILESS_MAIN(TestIstioKinds)
#include "tst_istiokinds.moc"
