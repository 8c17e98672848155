// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/rights.h"

#include "fleet/planbuilder.h"
#include "fleet/sessionworld.h"

#include <QTest>

using namespace catamaran;
using namespace catamaran::documents;
using namespace catamaran::fleet;
using namespace catamaran::observe;
using namespace catamaran::session;

namespace {

/// "cluster: verb resource[/subresource][.group] namespace/name", sorted.
QStringList lines(const Rights &rights)
{
    QStringList result;
    for (auto it = rights.cbegin(); it != rights.cend(); ++it) {
        for (const kube::AccessQuestion &q : it.value()) {
            const QString resource = q.resource + (q.subresource.isEmpty() ? QString() : u'/' + q.subresource)
                + (q.group.isEmpty() ? QString() : u'.' + q.group);
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
    void aPlanNeedsEachRightOnce()
    {
        const QString c = QStringLiteral("c"), shop = QStringLiteral("shop"), sleep = QStringLiteral("sleep");
        const ops::Operation scale = scaleDeployment(c, shop, sleep, 0, 1);
        const ops::Plan plan { { { QStringLiteral("a"), {}, {}, scale }, { QStringLiteral("b"), {}, {}, scale },
            { QStringLiteral("c"), {}, {}, scaleDeployment(QStringLiteral("d"), shop, sleep, 1, 0) } } };
        QStringList needs;
        for (const QString &cluster : { c, QStringLiteral("d") })
            for (const char *need : { "get deployments.apps shop/sleep", "list deployments.apps shop/sleep",
                     "patch deployments/scale.apps shop/sleep", "watch deployments.apps shop/sleep" })
                needs << cluster + QStringLiteral(": ") + QLatin1String(need);
        QCOMPARE(lines(byCluster(ops::rightsOf(plan, operationKinds(), ops::Direction::Do))), needs);
    }

    void errorNamesClusterAndRight()
    {
        const Rights refused { { QStringLiteral("cluster-2"),
            { { QStringLiteral("delete"), QStringLiteral("apps"), QStringLiteral("deployments"), {}, QStringLiteral("shop"),
                  QStringLiteral("a") },
                { QStringLiteral("delete"), QStringLiteral("apps"), QStringLiteral("deployments"), {}, QStringLiteral("shop"),
                    QStringLiteral("b") } } } };
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
