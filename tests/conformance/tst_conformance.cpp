// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "conformance.h"

#include <QRandomGenerator>

using namespace catamaran;
using namespace catamaran::conformance;

void Conformance::initTestCase_data()
{
    QTest::addColumn<int>("cluster");
    QTest::newRow("cluster-1") << 0;
    QTest::newRow("cluster-2") << 1;
}

void Conformance::initTestCase()
{
    const QStringList given { qEnvironmentVariable("CATAMARAN_CLUSTER_1"), qEnvironmentVariable("CATAMARAN_CLUSTER_2") };
    m_isReal = !given[0].isEmpty() && !given[1].isEmpty();
    if (!m_isReal && qEnvironmentVariable("CATAMARAN_CONFORMANCE") == u"real")
        QSKIP("no clusters are given: CATAMARAN_CLUSTER_1 and CATAMARAN_CLUSTER_2 name no kubeconfigs");
    QVERIFY2(m_isReal || (given[0].isEmpty() && given[1].isEmpty()), "both CATAMARAN_CLUSTER_1 and CATAMARAN_CLUSTER_2 are needed");
    if (!m_isReal) {
        if (tests::LabProcess::program().isEmpty())
            QSKIP("there is no catamaran-lab, and no clusters are given");
        QVERIFY2(m_lab.start(), qPrintable(m_lab.errorText()));
    }
    m_images = Images::fromEnvironment();
    const QString ns = QStringLiteral("conformance-%1").arg(QRandomGenerator::global()->generate(), 8, 16, QLatin1Char('0'));
    for (int i = 0; i < 2; ++i) {
        Place &one = m_places[size_t(i)];
        one.name = QStringLiteral("cluster-%1").arg(i + 1);
        one.kubeconfig = m_isReal ? given[i] : m_lab.kubeconfig(i + 1);
        const QString problem = one.open(ns);
        QVERIFY2(problem.isEmpty(), qPrintable(one.name + QStringLiteral(": ") + problem));
        const auto version = wait(one.client->version({}));
        qInfo("%s: %s, %s, namespace %s", qPrintable(one.name), qPrintable(version ? version->gitVersion : QString()),
            one.hasNode ? "with a node" : "control plane alone", qPrintable(ns));
    }
}

void Conformance::cleanupTestCase()
{
    for (Place &one : m_places)
        if (one.client && !one.ns.isEmpty())
            QVERIFY(wait(one.client->remove(kube::kinds::namespaces, {}, one.ns, {})));
    for (Place &one : m_places) {
        if (!one.client || one.ns.isEmpty())
            continue;
        const bool gone = QTest::qWaitFor(
            [&] {
                const auto still = wait(one.client->get(kube::kinds::namespaces, {}, one.ns, {}));
                return !still && still.error().kind == core::ErrorKind::NotFound;
            },
            120000);
        QVERIFY2(gone, "the namespace is still there");
    }
    for (Place &one : m_places) {
        one.client.reset();
        one.session.reset();
    }
}

const Place &Conformance::place() const
{
    QFETCH_GLOBAL(int, cluster);
    return m_places[size_t(cluster)];
}

QString Conformance::worker()
{
    QFETCH_GLOBAL(int, cluster);
    QString &name = m_workers[size_t(cluster)];
    if (name.isEmpty()) {
        const QString image
            = m_images.sleep.isEmpty() ? QStringLiteral("registry.cn-hangzhou.aliyuncs.com/acs/curl:8.1.2") : m_images.sleep;
        const QString problem
            = place().run(place().pod(QStringLiteral("worker"), image, { QStringLiteral("/bin/sleep"), QStringLiteral("infinity") }));
        if (!problem.isEmpty()) {
            qInfo("%s", qPrintable(problem));
            return {};
        }
        name = QStringLiteral("worker");
    }
    return name;
}

core::Result<core::Secret> Conformance::tokenWithoutRights(const QString &account) const
{
    const auto made = wait(place().client->create(kube::kinds::serviceAccounts, place().ns,
        json("{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"" + account.toUtf8() + "\"}}"), {}));
    if (!made)
        return core::fail(made.error());
    const auto answer = place().call("POST", place().path(kube::kinds::serviceAccounts, account, QStringLiteral("token")), {},
        json("{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\",\"spec\":{\"expirationSeconds\":3600}}"));
    if (!answer)
        return core::fail(answer.error());
    return core::Secret(answer->value(u"status").toObject().value(u"token").toString().toUtf8());
}

QTEST_GUILESS_MAIN(Conformance)
