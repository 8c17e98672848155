// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/rights.h"

#include <QTest>

using namespace catamaran;
using namespace catamaran::fleet;

Q_DECLARE_METATYPE(catamaran::fleet::Action)

namespace {

/// "cluster: verb resource[/subresource][.group] namespace/name", sorted.
QStringList lines(const Rights &rights)
{
    QStringList result;
    for (auto it = rights.cbegin(); it != rights.cend(); ++it) {
        for (const kube::AccessQuestion &q : it.value()) {
            const QString resource = q.resource + (q.subresource.isEmpty() ? QString() : u'/' + q.subresource) + (q.group.isEmpty() ? QString() : u'.' + q.group);
            result += QStringLiteral("%1: %2 %3 %4/%5").arg(it.key(), q.verb, resource, q.ns, q.name);
        }
    }
    result.sort();
    return result;
}

} // namespace

class RightsTest : public QObject {
    Q_OBJECT
private slots:
    void eachActionNeeds_data()
    {
        QTest::addColumn<Action>("action");
        QTest::addColumn<QStringList>("needs");
        const QString c = QStringLiteral("c"), shop = QStringLiteral("shop");
        QTest::newRow("create a namespace") << Action(CreateNamespace { c, shop })
                                            << QStringList { "c: create namespaces /", "c: get namespaces /shop", "c: patch namespaces /shop" };
        QTest::newRow("delete a namespace") << Action(DeleteNamespace { c, shop }) << QStringList { "c: delete namespaces /shop", "c: get namespaces /shop" };
        QTest::newRow("delete a manifest") << Action(DeleteManifest { c, shop, QStringLiteral("helloworld-v1") })
                                           << QStringList { "c: delete deployments.apps shop/helloworld-v1", "c: delete serviceaccounts shop/helloworld", "c: delete services shop/helloworld",
                                                              "c: get deployments.apps shop/helloworld-v1", "c: get serviceaccounts shop/helloworld", "c: get services shop/helloworld" };
        QTest::newRow("apply a manifest") << Action(ApplyManifest { c, shop, QStringLiteral("helloworld-v1") })
                                          << QStringList { "c: create deployments.apps shop/", "c: create serviceaccounts shop/", "c: create services shop/",
                                                             "c: get deployments.apps shop/helloworld-v1", "c: get serviceaccounts shop/helloworld", "c: get services shop/helloworld",
                                                             "c: patch deployments.apps shop/helloworld-v1", "c: patch serviceaccounts shop/helloworld", "c: patch services shop/helloworld" };
        QTest::newRow("scale") << Action(ScaleWorkload { c, shop, QStringLiteral("sleep"), 0, 1 })
                               << QStringList { "c: get deployments.apps shop/sleep", "c: get deployments/scale.apps shop/sleep", "c: patch deployments/scale.apps shop/sleep" };
        QTest::newRow("a call to the cloud") << Action(DeleteMesh { QStringLiteral("mesh-1") }) << QStringList {};
    }
    void eachActionNeeds()
    {
        QFETCH(Action, action);
        QFETCH(QStringList, needs);
        PlanStep step;
        step.action = action;
        Plan plan;
        plan.steps = { step, step }; // twice the same is asked once
        QCOMPARE(lines(rightsFor(plan)), needs);
    }

    void errorNamesClusterAndRight()
    {
        const Rights refused { { QStringLiteral("cluster-2"), { { QStringLiteral("delete"), QStringLiteral("apps"), QStringLiteral("deployments"), {}, QStringLiteral("shop"), QStringLiteral("a") },
                                                               { QStringLiteral("delete"), QStringLiteral("apps"), QStringLiteral("deployments"), {}, QStringLiteral("shop"), QStringLiteral("b") } } } };
        const core::Error error = rightsError(QStringLiteral("take it away"), refused);
        QCOMPARE(error.kind, core::ErrorKind::Forbidden);
        QCOMPARE(error.tried, QStringLiteral("take it away"));
        QCOMPARE(error.target, QStringLiteral("cluster-2"));
        QCOMPARE(error.answer, QStringLiteral("cluster-2 does not allow: delete deployments.apps in namespace shop"));
        QVERIFY(!error.remedy.isEmpty());
    }
};

QTEST_GUILESS_MAIN(RightsTest)
#include "tst_rights.moc"
