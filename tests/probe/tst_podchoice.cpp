// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/podchoice.h"

#include <QJsonDocument>
#include <QTest>

using namespace catamaran;
using namespace catamaran::probe;

namespace {

QJsonObject json(const char *text)
{
    return QJsonDocument::fromJson(text).object();
}

QJsonObject pod(const QString &name, bool ready, const QStringList &containers, const QString &phase = QStringLiteral("Running"))
{
    QJsonArray list;
    for (const QString &container : containers)
        list += QJsonObject { { QStringLiteral("name"), container } };
    const QJsonObject condition { { QStringLiteral("type"), QStringLiteral("Ready") },
        { QStringLiteral("status"), ready ? QStringLiteral("True") : QStringLiteral("False") } };
    return { { QStringLiteral("metadata"),
                 QJsonObject { { QStringLiteral("name"), name }, { QStringLiteral("uid"), name + QStringLiteral("-uid") } } },
        { QStringLiteral("spec"), QJsonObject { { QStringLiteral("containers"), list } } },
        { QStringLiteral("status"),
            QJsonObject { { QStringLiteral("phase"), phase }, { QStringLiteral("conditions"), QJsonArray { condition } } } } };
}

} // namespace

class PodChoiceTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void writesSelectors_data();
    void writesSelectors();
    void choosesReadyPodAndItsApplication();
    void choosesTheContainerOfKubectl_data();
    void choosesTheContainerOfKubectl();
    void findsNone();
    void tellsWhyAPodIsGone();
};

void PodChoiceTest::writesSelectors_data()
{
    QTest::addColumn<QByteArray>("selector");
    QTest::addColumn<QString>("text");
    QTest::newRow("labels") << QByteArray(R"({"matchLabels":{"app":"sleep","version":"v1"}})") << "app=sleep,version=v1";
    QTest::newRow("expressions") << QByteArray(
        R"({"matchLabels":{"a":"b"},"matchExpressions":[{"key":"t","operator":"In","values":["x","y"]},{"key":"u","operator":"NotIn","values":["z"]},{"key":"e","operator":"Exists"},{"key":"n","operator":"DoesNotExist"}]})")
                                 << "a=b,t in (x,y),u notin (z),e,!n";
    QTest::newRow("none") << QByteArray("{}") << "";
}

void PodChoiceTest::writesSelectors()
{
    QFETCH(QByteArray, selector);
    const QByteArray deployment = "{\"spec\":{\"selector\":" + selector + "}}";
    QTEST(selectorText(json(deployment.constData())), "text");
}

void PodChoiceTest::choosesReadyPodAndItsApplication()
{
    QJsonObject leaving = pod(QStringLiteral("leaving"), true, { QStringLiteral("sleep") });
    QJsonObject metadata = leaving[u"metadata"].toObject();
    metadata.insert(QStringLiteral("deletionTimestamp"), QStringLiteral("2026-01-01T00:00:00Z"));
    leaving.insert(QStringLiteral("metadata"), metadata);
    const auto chosen = readyPod({ pod(QStringLiteral("starting"), false, { QStringLiteral("sleep") }), leaving,
        pod(QStringLiteral("pending"), true, { QStringLiteral("sleep") }, QStringLiteral("Pending")),
        pod(QStringLiteral("good"), true, { QStringLiteral("istio-proxy"), QStringLiteral("sleep"), QStringLiteral("other") }) });
    QVERIFY(chosen);
    QCOMPARE(chosen->name, QStringLiteral("good"));
    QCOMPARE(chosen->uid, QStringLiteral("good-uid"));
    QCOMPARE(chosen->container, QStringLiteral("sleep"));
}

void PodChoiceTest::choosesTheContainerOfKubectl_data()
{
    QTest::addColumn<QStringList>("containers");
    QTest::addColumn<QString>("annotation");
    QTest::addColumn<QString>("wanted");
    QTest::addColumn<QString>("chosen"); // empty: refused
    const QStringList three { QStringLiteral("log-shipper"), QStringLiteral("app"), QStringLiteral("istio-proxy") };
    QTest::newRow("the annotation's") << three << "app"
                                      << ""
                                      << "app";
    QTest::newRow("the first without an annotation") << three << ""
                                                     << ""
                                                     << "log-shipper";
    QTest::newRow("the first when the annotation's is not there") << three << "gone"
                                                                  << ""
                                                                  << "log-shipper";
    QTest::newRow("the one asked for") << three << "app"
                                       << "log-shipper"
                                       << "log-shipper";
    QTest::newRow("a debug container asked for") << three << "app"
                                                 << "debugger"
                                                 << "debugger";
    QTest::newRow("one that is not there") << three << "app"
                                           << "gone"
                                           << "";
    QTest::newRow("the sidecar, whose requests bypass the mesh") << three << "app"
                                                                 << "istio-proxy"
                                                                 << "";
    QTest::newRow("the annotation's is the sidecar") << three << "istio-proxy"
                                                     << ""
                                                     << "log-shipper";
}

void PodChoiceTest::choosesTheContainerOfKubectl()
{
    QFETCH(QStringList, containers);
    QFETCH(QString, annotation);
    QFETCH(QString, wanted);
    QFETCH(QString, chosen);
    QJsonObject good = pod(QStringLiteral("good"), true, containers);
    QJsonObject metadata = good[u"metadata"].toObject(), spec = good[u"spec"].toObject();
    if (!annotation.isEmpty())
        metadata.insert(
            QStringLiteral("annotations"), QJsonObject { { QStringLiteral("kubectl.kubernetes.io/default-container"), annotation } });
    spec.insert(
        QStringLiteral("ephemeralContainers"), QJsonArray { QJsonObject { { QStringLiteral("name"), QStringLiteral("debugger") } } });
    good.insert(QStringLiteral("metadata"), metadata);
    good.insert(QStringLiteral("spec"), spec);
    const auto container = chooseContainer(good, wanted);
    QCOMPARE(container.value_or(QString()), chosen);
    if (!container) {
        QCOMPARE(container.error().kind, core::ErrorKind::InvalidInput);
        QVERIFY(!container.error().remedy.isEmpty());
    }
    if (wanted.isEmpty())
        QCOMPARE(readyPod({ good })->container, chosen);
}

void PodChoiceTest::findsNone()
{
    QVERIFY(!readyPod({}));
    QVERIFY(!readyPod({ pod(QStringLiteral("only a sidecar"), true, { QStringLiteral("istio-proxy") }) }));
    QVERIFY(!readyPod({ QJsonObject() }));
}

void PodChoiceTest::tellsWhyAPodIsGone()
{
    const QJsonObject good = pod(QStringLiteral("good"), true, { QStringLiteral("sleep") });
    QVERIFY(whyPodIsGone(good, QStringLiteral("good-uid")).isEmpty());
    QVERIFY(!whyPodIsGone(good, QStringLiteral("other-uid")).isEmpty());
    QVERIFY(!whyPodIsGone(pod(QStringLiteral("good"), false, { QStringLiteral("sleep") }), QStringLiteral("good-uid")).isEmpty());
    QVERIFY(!whyPodIsGone(core::fail(core::ErrorKind::NotFound, {}, {}, {}), QStringLiteral("good-uid")).isEmpty());
    // No answer is not a pod that has gone.
    QVERIFY(whyPodIsGone(core::fail(core::ErrorKind::Network, {}, {}, {}), QStringLiteral("good-uid")).isEmpty());
}

QTEST_APPLESS_MAIN(PodChoiceTest)
#include "tst_podchoice.moc"
