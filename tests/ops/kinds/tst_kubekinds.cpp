// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/deploymentstatus.h"
#include "kube/managedfields.h"
#include "kubeworld.h"
#include "ops/adopt.h"
#include "ops/kinds/faultmark.h"
#include "ops/kinds/kubekinds.h"
#include "ops/kinds/namespacecontents.h"
#include "ops/kinds/scale.h"
#include "ops/undo.h"
#include "support/labprocess.h"
#include "support/wait.h"

#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QtTest>

using namespace catamaran;
using namespace catamaran::ops;
using core::ErrorKind;
using core::Result;
using kube::Write;
using test::wait;
using tests::carryOut;
using tests::Deed;
using tests::onWorker;
using tests::takeBack;

namespace {

template <typename T> QByteArray why(const Result<T> &result)
{
    return result ? QByteArray() : result.error().text().toUtf8();
}

QJsonObject json(const QByteArray &text)
{
    QJsonParseError error;
    const QJsonObject object = QJsonDocument::fromJson(text, &error).object();
    if (error.error != QJsonParseError::NoError)
        qFatal("the test's own JSON is wrong: %s: %s", qPrintable(error.errorString()), text.constData());
    return object;
}

QByteArray text(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

const QString cluster = QStringLiteral("cluster-1");

/// $CATAMARAN_IMAGE where real clusters are given, which have no other.
QByteArray image()
{
    return qEnvironmentVariable("CATAMARAN_IMAGE", QStringLiteral("curlimages/curl")).toUtf8();
}

QJsonObject configMap(const QByteArray &ns, const QByteArray &name, const QByteArray &data)
{
    return json("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"" + ns
        + "\"},\"data\":" + data + '}');
}

QJsonObject deployment(const QByteArray &ns, const QByteArray &name, const QByteArray &more = "\"replicas\":1,")
{
    return json("{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"" + ns
        + "\"},\"spec\":{" + more + "\"selector\":{\"matchLabels\":{\"app\":\"" + name
        + "\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":\"" + name
        + "\"}},\"spec\":{\"terminationGracePeriodSeconds\":1,\"containers\":[{\"name\":\"main\",\"image\":\"" + image()
        + "\",\"imagePullPolicy\":\"IfNotPresent\",\"command\":[\"/bin/sleep\",\"100000\"]}]}}}}");
}

QJsonObject service(const QByteArray &ns, const QByteArray &name)
{
    return json("{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"" + ns
        + "\"},\"spec\":{\"ports\":[{\"name\":\"http\",\"port\":80,\"protocol\":\"TCP\"}],\"selector\":{\"app\":\"" + name + "\"}}}");
}

QJsonObject space(const QByteArray &name)
{
    return json("{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"" + name + "\"}}");
}

/// With the user's word that it may be changed, whosever it is.
Operation taking(Operation operation)
{
    operation.arguments.insert(QStringLiteral("foreign"), QStringLiteral("take"));
    return operation;
}

Operation apply(const QJsonObject &object, bool foreign = false)
{
    const Operation operation { QStringLiteral("kube.apply"),
        { { QStringLiteral("cluster"), cluster }, { QStringLiteral("object"), object } } };
    return foreign ? taking(operation) : operation;
}

Operation on(const char *kind, const QJsonObject &object, const QJsonObject &more = {})
{
    const QJsonObject metadata = object[u"metadata"].toObject();
    Operation operation { QString::fromLatin1(kind),
        { { QStringLiteral("cluster"), cluster }, { QStringLiteral("apiVersion"), object[u"apiVersion"] },
            { QStringLiteral("kind"), object[u"kind"] }, { QStringLiteral("name"), metadata[u"name"] } } };
    if (metadata.contains(u"namespace"))
        operation.arguments.insert(QStringLiteral("namespace"), metadata[u"namespace"]);
    for (auto it = more.begin(); it != more.end(); ++it)
        operation.arguments.insert(it.key(), it.value());
    return operation;
}

Operation scale(const QByteArray &ns, const QByteArray &name, int replicas, bool mark = false)
{
    Operation operation { QStringLiteral("kube.scale"),
        { { QStringLiteral("cluster"), cluster }, { QStringLiteral("kind"), QStringLiteral("Deployment") },
            { QStringLiteral("namespace"), QString::fromLatin1(ns) }, { QStringLiteral("name"), QString::fromLatin1(name) },
            { QStringLiteral("replicas"), replicas } } };
    if (mark)
        operation.arguments.insert(QStringLiteral("mark"), true);
    return operation;
}

} // namespace

Q_DECLARE_METATYPE(catamaran::ops::Operation)

/// Each kind of operation against an API server: done, proven, taken back, and refused. The practice range's, or the one that
/// $CATAMARAN_CLUSTER_1 names.
class KubeKindsTest : public QObject {
    Q_OBJECT

    tests::LabProcess m_lab;
    tests::KubeWorld m_world;
    std::map<QString, std::unique_ptr<const Kind>> m_kinds;
    bool m_isReal = false;
    const QByteArray m_ns = "kinds-" + QByteArray::number(QRandomGenerator::global()->generate(), 16); ///< and what begins with it

    const Kind &kindOf(const Operation &operation) const { return *m_kinds.at(operation.kind); }
    kube::KubeClient &client() { return *m_world.clients.value(cluster); }
    Result<Deed> done(const Operation &operation, std::chrono::milliseconds time = std::chrono::seconds(60))
    {
        return carryOut(kindOf(operation), operation, m_world, time);
    }
    Result<Evidence> back(const Operation &operation, const Deed &deed) { return takeBack(kindOf(operation), operation, deed, m_world); }

    Result<QJsonObject> read(const QJsonObject &object)
    {
        const auto kind = kube::kindOf(object[u"apiVersion"].toString(), object[u"kind"].toString());
        return wait(client().get(*kind, object[u"metadata"][u"namespace"].toString(), object[u"metadata"][u"name"].toString(), {}));
    }
    bool isThere(const QJsonObject &object) { return read(object).has_value(); }
    /// Applies as somebody else.
    Result<QJsonObject> byOthers(const QJsonObject &object, const QString &manager = QStringLiteral("kubectl"))
    {
        kube::ApplyOptions options;
        options.fieldManager = manager;
        return wait(client().apply(object, options, {}));
    }
    Result<core::Done> drop(const QJsonObject &object)
    {
        const auto kind = kube::kindOf(object[u"apiVersion"].toString(), object[u"kind"].toString());
        return wait(client().remove(*kind, object[u"metadata"][u"namespace"].toString(), object[u"metadata"][u"name"].toString(), {}));
    }
    int replicas(const QJsonObject &deployment)
    {
        const auto object = read(deployment);
        return object ? kube::deploymentStatus(*object).desired : -1;
    }

private slots:
    void initTestCase()
    {
        for (auto &kind : kubeKinds())
            m_kinds.emplace(kind->name(), std::move(kind));
        const QString given = qEnvironmentVariable("CATAMARAN_CLUSTER_1");
        m_isReal = !given.isEmpty();
        if (!m_isReal && qEnvironmentVariable("CATAMARAN_CONFORMANCE") == u"real")
            QSKIP("no cluster is given: CATAMARAN_CLUSTER_1 names no kubeconfig");
        if (!m_isReal) {
            if (tests::LabProcess::program().isEmpty())
                QSKIP("there is no catamaran-lab");
            QVERIFY2(m_lab.start(), qPrintable(m_lab.errorText()));
        }
        const auto config = kube::loadKubeconfig({ m_isReal ? given : m_lab.kubeconfig(1) });
        QVERIFY2(config, why(config));
        auto access = kube::resolveContext(*config);
        QVERIFY2(access, why(access));
        access->name = cluster;
        m_world.clients.insert(cluster, std::make_shared<kube::KubeClient>(*access));
        const auto made = done(apply(space(m_ns)));
        QVERIFY2(made, why(made));
    }

    void cleanupTestCase()
    {
        for (const char *one : { "", "-made", "-whole", "-guests", "-plan" }) {
            if (m_isReal && m_world.clients.contains(cluster))
                QVERIFY(wait(client().remove(kube::kinds::namespaces, {}, QString::fromLatin1(m_ns + one), {})));
        }
        m_world.clients.clear();
    }

    // --- arguments and words ------------------------------------------------------------------------------------------

    void argumentsAreJudgedStrictly_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QString>("named"); // empty: good
        const QByteArray map = R"("cluster":"c","apiVersion":"v1","kind":"ConfigMap","namespace":"n","name":"m")";
        const QByteArray sleep = R"("cluster":"c","namespace":"n","name":"sleep")";
        QTest::newRow("a deletion") << "kube.delete" << '{' + map + '}' << "";
        QTest::newRow("a deletion of somebody's") << "kube.delete" << '{' + map + R"(,"foreign":"take"})"
                                                  << "";
        QTest::newRow("a deletion that leaves somebody's") << "kube.delete" << '{' + map + R"(,"foreign":"leave"})"
                                                           << "";
        QTest::newRow("foreign is a flag") << "kube.delete" << '{' + map + R"(,"foreign":true})"
                                           << "foreign";
        QTest::newRow("what may be there already")
            << "kube.apply"
            << QByteArray(
                   R"({"cluster":"c","onlyIfMissing":true,"object":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","namespace":"n"}}})")
            << "";
        QTest::newRow("onlyIfMissing is a text")
            << "kube.apply"
            << QByteArray(
                   R"({"cluster":"c","onlyIfMissing":"yes","object":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","namespace":"n"}}})")
            << "onlyIfMissing";
        QTest::newRow("foreign is a text") << "kube.delete" << '{' + map + R"(,"foreign":"yes"})"
                                           << "foreign";
        QTest::newRow("unknown argument") << "kube.delete" << '{' + map + R"(,"force":true})"
                                          << "force";
        QTest::newRow("no cluster") << "kube.delete" << QByteArray(R"({"apiVersion":"v1","kind":"ConfigMap","namespace":"n","name":"m"})")
                                    << "cluster";
        QTest::newRow("cluster is a number") << "kube.delete"
                                             << QByteArray(
                                                    R"({"cluster":1,"apiVersion":"v1","kind":"ConfigMap","namespace":"n","name":"m"})")
                                             << "cluster";
        QTest::newRow("no namespace") << "kube.delete" << QByteArray(R"({"cluster":"c","apiVersion":"v1","kind":"ConfigMap","name":"m"})")
                                      << "namespace";
        QTest::newRow("a namespace for what has none")
            << "kube.delete" << QByteArray(R"({"cluster":"c","apiVersion":"v1","kind":"Namespace","namespace":"n","name":"m"})")
            << "namespace";
        QTest::newRow("a name with a path in it")
            << "kube.delete" << QByteArray(R"({"cluster":"c","apiVersion":"v1","kind":"ConfigMap","namespace":"n","name":"../m"})")
            << "name";
        QTest::newRow("a name for the shell")
            << "kube.delete" << QByteArray(R"({"cluster":"c","apiVersion":"v1","kind":"ConfigMap","namespace":"n","name":"a`id`b"})")
            << "name";
        QTest::newRow("a name with a line end")
            << "kube.delete" << QByteArray(R"({"cluster":"c","apiVersion":"v1","kind":"ConfigMap","namespace":"n","name":"m\n"})")
            << "name";
        QTest::newRow("unknown kind") << "kube.delete"
                                      << QByteArray(R"({"cluster":"c","apiVersion":"v1","kind":"Flotilla","namespace":"n","name":"m"})")
                                      << "kind";
        QTest::newRow("an apply")
            << "kube.apply"
            << QByteArray(R"({"cluster":"c","object":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","namespace":"n"}}})")
            << "";
        QTest::newRow("no object") << "kube.apply" << QByteArray(R"({"cluster":"c"})") << "object";
        QTest::newRow("an object with a version")
            << "kube.apply"
            << QByteArray(
                   R"({"cluster":"c","object":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","namespace":"n","resourceVersion":"1"}}})")
            << "resourceVersion";
        QTest::newRow("an object with a status")
            << "kube.apply"
            << QByteArray(R"({"cluster":"c","object":{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"m"},"status":{}}})")
            << "status";
        QTest::newRow("a Secret")
            << "kube.apply"
            << QByteArray(
                   R"({"cluster":"c","object":{"apiVersion":"v1","kind":"Secret","metadata":{"name":"m","namespace":"n"},"data":{"k":"czNjcjN0"}}})")
            << "object";
        QTest::newRow("a scale") << "kube.scale" << '{' + sleep + R"(,"replicas":0})"
                                 << "";
        QTest::newRow("a scale with everything")
            << "kube.scale" << '{' + sleep + R"(,"kind":"StatefulSet","replicas":0,"mark":true,"previous":3})"
            << "";
        QTest::newRow("a scale of what is somebody's") << "kube.scale" << '{' + sleep + R"(,"replicas":0,"foreign":"take"})"
                                                       << "";
        QTest::newRow("a scale that leaves what is somebody's") << "kube.scale" << '{' + sleep + R"(,"replicas":0,"foreign":"leave"})"
                                                                << "foreign";
        QTest::newRow("a patch that leaves what is somebody's")
            << "kube.patch" << '{' + map + R"(,"patch":{"data":{"k":null}},"foreign":"leave"})"
            << "foreign";
        QTest::newRow("no number") << "kube.scale" << '{' + sleep + '}' << "replicas";
        QTest::newRow("half a pod") << "kube.scale" << '{' + sleep + R"(,"replicas":0.5})"
                                    << "replicas";
        QTest::newRow("fewer than none") << "kube.scale" << '{' + sleep + R"(,"replicas":-1})"
                                         << "replicas";
        QTest::newRow("a number as text") << "kube.scale" << '{' + sleep + R"(,"replicas":"1"})"
                                          << "replicas";
        QTest::newRow("what has no replicas") << "kube.scale" << '{' + sleep + R"(,"kind":"DaemonSet","replicas":1})"
                                              << "kind";
        QTest::newRow("a patch") << "kube.patch" << '{' + map + R"(,"patch":{"data":{"k":null}}})"
                                 << "";
        QTest::newRow("an empty patch") << "kube.patch" << '{' + map + R"(,"patch":{}})"
                                        << "patch";
        QTest::newRow("a patch that sets nothing inside") << "kube.patch" << '{' + map + R"(,"patch":{"data":{}}})"
                                                          << "data";
        QTest::newRow("a patch of the identity") << "kube.patch" << '{' + map + R"(,"patch":{"metadata":{"name":"x"}}})"
                                                 << "name";
        QTest::newRow("a patch of the owners") << "kube.patch" << '{' + map + R"(,"patch":{"metadata":{"ownerReferences":[]}}})"
                                               << "ownerReferences";
        QTest::newRow("a patch of the status") << "kube.patch" << '{' + map + R"(,"patch":{"status":{"x":1}}})"
                                               << "status";
        QTest::newRow("a pod") << "kube.deletePod" << '{' + sleep + '}' << "";
        QTest::newRow("a pod with an empty uid") << "kube.deletePod" << '{' + sleep + R"(,"uid":""})"
                                                 << "uid";
        const QByteArray added = sleep + R"(,"container":"c","image":"i","seconds":5)";
        QTest::newRow("a container") << "kube.addContainer" << '{' + added + '}' << "";
        QTest::newRow("a container without a name") << "kube.addContainer" << '{' + sleep + R"(,"image":"i","seconds":5})"
                                                    << "container";
        QTest::newRow("a container without an image") << "kube.addContainer" << '{' + sleep + R"(,"container":"c","seconds":5})"
                                                      << "image";
        QTest::newRow("a container for ever") << "kube.addContainer" << '{' + sleep + R"(,"container":"c","image":"i"})"
                                              << "seconds";
        QTest::newRow("a container for a day") << "kube.addContainer" << '{' + sleep + R"(,"container":"c","image":"i","seconds":86400})"
                                               << "seconds";
        QTest::newRow("a container with a kind") << "kube.addContainer" << '{' + added + R"(,"kind":"Pod"})"
                                                 << "kind";
        QTest::newRow("a pod with a kind") << "kube.deletePod" << '{' + sleep + R"(,"kind":"Pod"})"
                                           << "kind";
    }
    void argumentsAreJudgedStrictly()
    {
        QFETCH(QString, kind);
        QFETCH(QByteArray, arguments);
        QFETCH(QString, named);
        const auto checked = m_kinds.at(kind)->check(json(arguments));
        QCOMPARE(checked.has_value(), named.isEmpty());
        if (checked)
            return;
        QVERIFY(checked.error().kind == ErrorKind::InvalidInput);
        QVERIFY2(checked.error().target.contains(named), why(checked));
    }

    void wordsTellCallsCommandAndUndo()
    {
        Names names;
        names.byHand = [](const QString &of) { return kube::ByHand { {}, of }; };
        const auto words = [&](const Operation &operation) { return kindOf(operation).describe(operation, names); };
        Operation scaled = scale("default", "sleep", 0, true);
        scaled.arguments.insert(QStringLiteral("previous"), 3);
        const Description down = words(scaled);
        QCOMPARE(down.title, QStringLiteral("Scale sleep in cluster-1 to 0"));
        QCOMPARE(down.subject, QStringLiteral("cluster-1/default/deployments.apps/sleep"));
        QCOMPARE(down.calls.first().method, QStringLiteral("PATCH /apis/apps/v1/namespaces/default/deployments/sleep"));
        QCOMPARE(down.command, QStringLiteral("kubectl --context=cluster-1 -n default scale deployments.apps/sleep --replicas=0"));
        QCOMPARE(down.undo,
            QStringLiteral("kubectl --context=cluster-1 -n default scale deployments.apps/sleep --replicas=3\nkubectl --context=cluster-1 "
                           "-n default annotate deployments.apps/sleep catamaran.io/fault-"));
        QVERIFY(down.keeps.isEmpty());
        // One subject for every deed on one object.
        QCOMPARE(words(apply(deployment("default", "sleep"))).subject, down.subject);
        QCOMPARE(words(on("kube.patch", deployment("default", "sleep"),
                           { { QStringLiteral("patch"),
                               QJsonObject { { QStringLiteral("spec"), QJsonObject { { QStringLiteral("paused"), true } } } } } }))
                     .subject,
            down.subject);
        const Description gone = words(on("kube.delete", space("x")));
        QCOMPARE(gone.subject, QStringLiteral("cluster-1/x")); // so that what is in it lies within
        QCOMPARE(gone.command, QStringLiteral("kubectl --context=cluster-1 delete namespaces/x"));
        QVERIFY(!gone.undo.isEmpty() && gone.keeps.isEmpty());
        QVERIFY(!words(on("kube.delete", json(R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"n"}})")))
                     .keeps.isEmpty());
        const QString command = words(apply(configMap("n", "m", "{\"k\":\"it's\"}"))).command,
                      start = QStringLiteral("kubectl --context=cluster-1 apply --server-side --field-manager catamaran -f - <<'EOF'\n{");
        QVERIFY2(command.startsWith(start), qPrintable(command));
        const Operation pod { QStringLiteral("kube.deletePod"), json(R"({"cluster":"cluster-1","namespace":"n","name":"p"})") };
        QVERIFY(!words(pod).keeps.isEmpty() && words(pod).undo.isEmpty());
    }

    void aFaultsMarkIsReadStrictly_data()
    {
        QTest::addColumn<QByteArray>("mark");
        QTest::addColumn<bool>("isRead");
        QTest::newRow("ours") << QByteArray(R"({"execution":"e","step":"s","replicas":2})") << true;
        QTest::newRow("no execution") << QByteArray(R"({"step":"s","replicas":2})") << false;
        QTest::newRow("no number") << QByteArray(R"({"execution":"e","step":"s"})") << false;
        QTest::newRow("made, with a number") << QByteArray(R"({"execution":"e","step":"s","replicas":2,"made":true})") << false;
        QTest::newRow("a number of too many") << QByteArray(R"({"execution":"e","step":"s","replicas":2000000000})") << false;
        QTest::newRow("a step that is no word") << QByteArray(R"({"execution":"e","step":"s; rm","replicas":2})") << false;
        QTest::newRow("no JSON") << QByteArray("yes") << false;
        QTest::newRow("empty") << QByteArray() << false;
    }
    void aFaultsMarkIsReadStrictly()
    {
        QFETCH(QByteArray, mark);
        QFETCH(bool, isRead);
        const auto read = faultMarkOf({ { QStringLiteral("metadata"),
            QJsonObject { { QStringLiteral("annotations"), QJsonObject { { faultAnnotation, QString::fromUtf8(mark) } } } } } });
        QCOMPARE(read.has_value(), isRead);
        if (read)
            QCOMPARE(*read, (FaultMark { QStringLiteral("e"), QStringLiteral("s"), 2 }));
        const FaultMark whole { QStringLiteral("e"), QStringLiteral("s"), {}, {}, QStringLiteral("drill"),
            QDateTime::fromMSecsSinceEpoch(1767323045678, Qt::UTC), Owner::self() };
        QCOMPARE(readFaultMark(whole.toText()), std::optional(whole));
    }

    void whatIsInANamespaceIsSorted_data()
    {
        QTest::addColumn<QByteArray>("objects");
        QTest::addColumn<QStringList>("foreign");
        QTest::addColumn<int>("ours");
        const QByteArray ours = R"("managedFields":[{"manager":"catamaran","operation":"Apply","fieldsV1":{"f:data":{}}}])";
        const QByteArray patched = R"("managedFields":[{"manager":"catamaran","operation":"Update","fieldsV1":{"f:data":{}}}])";
        const QByteArray theirs = R"("managedFields":[{"manager":"helm","operation":"Update","fieldsV1":{"f:data":{}}}])";
        const auto object = [](const QByteArray &version, const QByteArray &kind, const QByteArray &name, const QByteArray &more) {
            return "{\"apiVersion\":\"" + version + "\",\"kind\":\"" + kind + "\",\"metadata\":{\"name\":\"" + name + "\",\"uid\":\"u-"
                + name + kind + '"' + (more.isEmpty() ? "" : ',' + more) + "}}";
        };
        const auto owned = [](const QByteArray &version, const QByteArray &kind, const QByteArray &name) {
            return "\"ownerReferences\":[{\"apiVersion\":\"" + version + "\",\"kind\":\"" + kind + "\",\"name\":\"" + name
                + "\",\"uid\":\"u-" + name + kind + "\"}]";
        };
        const QByteArray none = "[]";
        QTest::newRow("nothing") << none << QStringList() << 0;
        QTest::newRow("what every namespace has") << '[' + object("v1", "ServiceAccount", "default", "") + ','
                + object("v1", "ConfigMap", "kube-root-ca.crt", "") + ',' + object("v1", "ConfigMap", "istio-ca-root-cert", theirs)
                + ']' << QStringList() << 0;
        QTest::newRow("records of who leads") << '[' + object("coordination.k8s.io/v1", "Lease", "leader", theirs) + ','
                + object("v1", "ConfigMap", "istio-leader", theirs + R"(,"annotations":{"control-plane.alpha.kubernetes.io/leader":"{}"})")
                + ']' << QStringList() << 0;
        QTest::newRow("ours with its children") << '[' + object("v1", "Pod", "p", owned("apps/v1", "ReplicaSet", "r")) + ','
                + object("apps/v1", "ReplicaSet", "r", owned("apps/v1", "Deployment", "d")) + ','
                + object("apps/v1", "Deployment", "d", ours)
                + ']' << QStringList() << 1;
        QTest::newRow("a pod of nobody") << '[' + object("v1", "Pod", "p", theirs) + ']' << QStringList { QStringLiteral("pods/p (helm)") }
                                         << 0;
        QTest::newRow("somebody's with its children")
            << '[' + object("apps/v1", "ReplicaSet", "r", owned("apps/v1", "Deployment", "d")) + ','
                + object("apps/v1", "Deployment", "d", theirs) + ']'
            << QStringList { QStringLiteral("deployments.apps/d (helm)"), QStringLiteral("replicasets.apps/r") } << 0;
        QTest::newRow("patched by us is not applied by us")
            << '[' + object("v1", "ConfigMap", "m", patched) + ']' << QStringList { QStringLiteral("configmaps/m") } << 0;
        QTest::newRow("children of what was just deleted")
            << '[' + object("v1", "Pod", "p", owned("apps/v1", "ReplicaSet", "r")) + ']' << QStringList() << 0;
        QTest::newRow("owned by a node") << '[' + object("v1", "Pod", "p", owned("v1", "Node", "n")) + ']'
                                         << QStringList { QStringLiteral("pods/p") } << 0;
        QTest::newRow("on its way out") << '[' + object("v1", "ConfigMap", "m", "\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"") + ']'
                                        << QStringList() << 0;
        QTest::newRow("endpoints of our service")
            << '[' + object("v1", "Endpoints", "s", "") + ',' + object("v1", "Service", "s", ours) + ']' << QStringList() << 1;
        QTest::newRow("endpoints of somebody's service")
            << '[' + object("v1", "Endpoints", "s", R"("annotations":{"endpoints.kubernetes.io/last-change-trigger-time":"x"})") + ','
                + object("v1", "Service", "s", theirs) + ']'
            << QStringList { QStringLiteral("endpoints/s"), QStringLiteral("services/s (helm)") } << 0;
        QTest::newRow("endpoints by hand") << '[' + object("v1", "Endpoints", "s", theirs) + ']'
                                           << QStringList { QStringLiteral("endpoints/s (helm)") } << 0;
    }
    void whatIsInANamespaceIsSorted()
    {
        QFETCH(QByteArray, objects);
        QFETCH(QStringList, foreign);
        QFETCH(int, ours);
        QList<QJsonObject> list;
        const QJsonArray array = QJsonDocument::fromJson(objects).array();
        for (const QJsonValue &one : array)
            list.append(one.toObject());
        QList<kube::ApiResource> resources;
        const auto resource = [&](const kube::ResourceKind &kind, const char *name) {
            resources.append({ kind, QString::fromLatin1(name), {}, {}, {}, {}, {} });
        };
        resource(kube::kinds::pods, "Pod");
        resource(kube::kinds::nodes, "Node");
        resource(kube::kinds::services, "Service");
        resource(kube::kinds::configMaps, "ConfigMap");
        resource(kube::kinds::deployments, "Deployment");
        resource(kube::kinds::replicaSets, "ReplicaSet");
        resource({ {}, QStringLiteral("v1"), QStringLiteral("endpoints"), true }, "Endpoints");
        const NamespaceContents contents = sorted(list, resources);
        QCOMPARE(contents.foreign, foreign);
        QCOMPARE(contents.ours.size(), ours);
    }

    // --- kube.apply ---------------------------------------------------------------------------------------------------

    void whatIsAppliedIsThereAndGoesAgain_data()
    {
        QTest::addColumn<QJsonObject>("object");
        QTest::newRow("a ConfigMap") << configMap(m_ns, "made", R"({"k":"1"})");
        QTest::newRow("a Deployment") << deployment(m_ns, "made");
        QTest::newRow("a Service") << service(m_ns, "made");
        QTest::newRow("a Namespace") << space(m_ns + "-made");
    }
    void whatIsAppliedIsThereAndGoesAgain()
    {
        QFETCH(QJsonObject, object);
        const Operation operation = apply(object);
        const auto made = done(operation);
        QVERIFY2(made, why(made));
        QVERIFY(!made->wasInPlace);
        QVERIFY(!made->evidence.text.isEmpty() && made->evidence.source.contains(cluster) && made->evidence.at.isValid());
        QVERIFY(isThere(object));
        const auto again = done(operation);
        QVERIFY2(again, why(again));
        QVERIFY2(again->wasInPlace, text(again->before.toJson()).constData());
        const auto gone = back(operation, *made);
        QVERIFY2(gone, why(gone));
        QVERIFY(!isThere(object));
    }

    void somebodysObjectIsNotAppliedTo_data()
    {
        QTest::addColumn<QJsonObject>("object");
        QTest::addColumn<bool>("isApplied"); // by the other, else created
        QTest::newRow("applied") << configMap(m_ns, "theirs", R"({"k":"1"})") << true;
        QTest::newRow("created") << configMap(m_ns, "theirs", R"({"k":"1"})") << false;
        QTest::newRow("the same as ours") << configMap(m_ns, "theirs", R"({"k":"2"})") << true;
        QTest::newRow("a Deployment") << deployment(m_ns, "theirs") << true;
    }
    void somebodysObjectIsNotAppliedTo()
    {
        QFETCH(QJsonObject, object);
        QFETCH(bool, isApplied);
        const auto kind = kube::kindOf(object[u"apiVersion"].toString(), object[u"kind"].toString());
        Write create { Write::How::Create, *kind, QString::fromLatin1(m_ns), QStringLiteral("theirs") };
        create.body = object;
        create.fieldManager = QStringLiteral("kubectl");
        if (isApplied)
            QVERIFY(byOthers(object));
        else
            QVERIFY(wait(client().write(create, {})));
        const auto before = read(object);
        const auto refused = done(apply(object[u"kind"].toString() == u"ConfigMap" ? configMap(m_ns, "theirs", R"({"k":"2"})") : object));
        QVERIFY(!refused);
        QVERIFY2(
            refused.error().kind == ErrorKind::Precondition && refused.error().answer.contains(QStringLiteral("kubectl")), why(refused));
        const auto after = read(object);
        QVERIFY(before && after);
        QCOMPARE((*after)[u"data"], (*before)[u"data"]);
        QCOMPARE((*after)[u"spec"], (*before)[u"spec"]);
        QVERIFY(!kube::isAppliedBy(*after, QStringLiteral("catamaran")));
        QVERIFY(drop(object));
    }

    void somebodysObjectIsAppliedToWhenAsked()
    {
        const QJsonObject theirs = configMap(m_ns, "lent", R"({"theirs":"1"})");
        QVERIFY(byOthers(theirs));
        const Operation operation = apply(configMap(m_ns, "lent", R"({"ours":"2"})"), true);
        const auto made = done(operation);
        QVERIFY2(made, why(made));
        QCOMPARE(read(theirs).value()[u"data"].toObject(), json(R"({"theirs":"1","ours":"2"})"));
        const auto gone = back(operation, *made);
        QVERIFY2(gone, why(gone));
        const auto after = read(theirs);
        QVERIFY(after);
        QCOMPARE((*after)[u"data"].toObject(), json(R"({"theirs":"1"})"));
        QVERIFY2(!kube::isAppliedBy(*after, QStringLiteral("catamaran")), text(*after).constData());
        QVERIFY(drop(theirs));
    }

    void anAppliedChangeIsTakenBack_data()
    {
        QTest::addColumn<QJsonObject>("first");
        QTest::addColumn<QJsonObject>("second");
        QTest::newRow("a value") << configMap(m_ns, "turned", R"({"k":"1"})") << configMap(m_ns, "turned", R"({"k":"2"})");
        QTest::newRow("a field more") << configMap(m_ns, "turned", R"({"k":"1"})") << configMap(m_ns, "turned", R"({"k":"1","l":"2"})");
        QTest::newRow("a field less") << configMap(m_ns, "turned", R"({"k":"1","l":"2"})") << configMap(m_ns, "turned", R"({"k":"1"})");
        QTest::newRow("everything else") << configMap(m_ns, "turned", R"({"k":"1"})") << configMap(m_ns, "turned", R"({"l":"2"})");
        QTest::newRow("replicas") << deployment(m_ns, "turned", "\"replicas\":1,") << deployment(m_ns, "turned", "\"replicas\":2,");
        QTest::newRow("a default named") << deployment(m_ns, "turned", "")
                                         << deployment(m_ns, "turned", "\"replicas\":2,\"minReadySeconds\":1,");
        QTest::newRow("a label of the pods") << deployment(m_ns, "turned") << [this] {
            QJsonObject object = deployment(m_ns, "turned");
            QJsonObject spec = object[u"spec"].toObject(), pod = spec[u"template"].toObject(), metadata = pod[u"metadata"].toObject(),
                        labels = metadata[u"labels"].toObject();
            labels[u"colour"] = QStringLiteral("red");
            metadata[u"labels"] = labels;
            pod[u"metadata"] = metadata;
            spec[u"template"] = pod;
            object[u"spec"] = spec;
            return object;
        }();
    }
    void anAppliedChangeIsTakenBack()
    {
        QFETCH(QJsonObject, first);
        QFETCH(QJsonObject, second);
        QVERIFY(done(apply(first)));
        const auto before = read(first);
        const Operation operation = apply(second);
        const auto changed = done(operation);
        QVERIFY2(changed, why(changed));
        QVERIFY(!changed->wasInPlace);
        // What somebody adds meanwhile is none of ours.
        QVERIFY(byOthers(
            json("{\"apiVersion\":\"" + first[u"apiVersion"].toString().toUtf8() + "\",\"kind\":\"" + first[u"kind"].toString().toUtf8()
                + "\",\"metadata\":{\"name\":\"turned\",\"namespace\":\"" + m_ns + "\",\"labels\":{\"by\":\"others\"}}}")));
        const auto returned = back(operation, *changed);
        QVERIFY2(returned, why(returned));
        const auto after = read(first);
        QVERIFY(before && after);
        QCOMPARE((*after)[u"data"], (*before)[u"data"]);
        QCOMPARE((*after)[u"spec"], (*before)[u"spec"]);
        QCOMPARE((*after)[u"metadata"][u"labels"][u"by"].toString(), QStringLiteral("others"));
        const auto inPlace = done(apply(first)); // and it is as if the first had been applied
        QVERIFY2(inPlace, why(inPlace));
        QVERIFY(drop(first));
    }

    void whatSomebodyTookOverIsNotTakenBack()
    {
        const QJsonObject first = configMap(m_ns, "contested", R"({"k":"1"})");
        QVERIFY(done(apply(first)));
        const Operation operation = apply(configMap(m_ns, "contested", R"({"k":"2"})"));
        const auto changed = done(operation);
        QVERIFY2(changed, why(changed));
        QVERIFY(wait(client().mergePatch(
            kube::kinds::configMaps, QString::fromLatin1(m_ns), QStringLiteral("contested"), json(R"({"data":{"k":"3"}})"), {})));
        const auto refused = back(operation, *changed);
        QVERIFY(!refused && refused.error().kind == ErrorKind::Precondition);
        QCOMPARE(read(first).value()[u"data"][u"k"].toString(), QStringLiteral("3"));
        QVERIFY(drop(first));
    }

    void somebodysFieldIsAConflictThatNamesThem()
    {
        const QJsonObject mine = configMap(m_ns, "shared", R"({"k":"1"})");
        QVERIFY(done(apply(mine)));
        QVERIFY(byOthers(configMap(m_ns, "shared", R"({"l":"1"})"), QStringLiteral("say \"conflict with \"catamaran\"\"")));
        const auto before = read(mine);
        const auto refused = done(apply(configMap(m_ns, "shared", R"({"k":"1","l":"2"})"), true)); // also when the object may be changed
        QVERIFY(!refused);
        QVERIFY2(refused.error().kind == ErrorKind::Conflict, why(refused));
        QCOMPARE(refused.error().conflicts,
            (QList<core::HeldField> { { QStringLiteral("say \"conflict with \"catamaran\"\""), QStringLiteral(".data.l") } }));
        QCOMPARE(read(mine).value()[u"data"], (*before)[u"data"]);
        QVERIFY(drop(mine));
    }

    void ourOwnScalingIsNoConflict()
    {
        const QJsonObject object = deployment(m_ns, "own");
        QVERIFY(done(apply(object)));
        QVERIFY(done(scale(m_ns, "own", 0)));
        const Operation operation = apply(object);
        const auto up = done(operation);
        QVERIFY2(up, why(up));
        QVERIFY(!up->wasInPlace);
        QCOMPARE(replicas(object), 1);
        const auto down = back(operation, *up);
        QVERIFY2(down, why(down));
        QCOMPARE(replicas(object), 0);
        QVERIFY(drop(object));
    }

    void whatSomebodyMadeMeanwhileIsLeftAlone()
    {
        const QJsonObject theirs = configMap(m_ns, "race", R"({"theirs":"1"})");
        const Operation operation = apply(configMap(m_ns, "race", R"({"ours":"2"})"));
        QVERIFY(byOthers(theirs));
        const auto refused = onWorker([&] {
            auto scope = m_world.scope();
            return kindOf(operation).act(operation, State { { { QStringLiteral("exists"), false } }, {} }, scope); // as it was seen before
        });
        QVERIFY(!refused && refused.error().kind == ErrorKind::Conflict);
        const auto after = read(theirs);
        QCOMPARE(after.value()[u"data"].toObject(), json(R"({"theirs":"1"})"));
        QVERIFY(!kube::isAppliedBy(*after, QStringLiteral("catamaran")));
        QVERIFY(drop(theirs));
    }

    void anActOnAnOldSightingIsAConflict()
    {
        const QJsonObject first = configMap(m_ns, "old", R"({"k":"1"})");
        QVERIFY(done(apply(first)));
        const Operation operation = apply(configMap(m_ns, "old", R"({"k":"2"})"));
        const auto refused = onWorker([&]() -> Result<Receipt> {
            auto scope = m_world.scope();
            const auto seen = kindOf(operation).look(operation, scope);
            const auto meanwhile = core::await(client().apply(configMap(m_ns, "old", R"({"k":"3"})"), {}, {}), {});
            return seen && meanwhile ? kindOf(operation).act(operation, *seen, scope)
                                     : Result<Receipt>(core::fail(ErrorKind::Internal, {}, {}, {}));
        });
        QVERIFY(!refused);
        QVERIFY2(refused.error().kind == ErrorKind::Conflict && refused.error().conflicts.isEmpty(), why(refused));
        QCOMPARE(read(first).value()[u"data"][u"k"].toString(), QStringLiteral("3"));
        QVERIFY(drop(first));
    }

    // --- kube.delete --------------------------------------------------------------------------------------------------

    void whatIsDeletedComesBack_data()
    {
        QTest::addColumn<QJsonObject>("object");
        QTest::newRow("a ConfigMap") << configMap(m_ns, "deleted", R"({"k":"1"})");
        QTest::newRow("a Deployment") << deployment(m_ns, "deleted");
        QTest::newRow("a Service") << service(m_ns, "deleted");
    }
    void whatIsDeletedComesBack()
    {
        QFETCH(QJsonObject, object);
        QVERIFY(done(apply(object)));
        QVERIFY(byOthers(
            json("{\"apiVersion\":\"" + object[u"apiVersion"].toString().toUtf8() + "\",\"kind\":\"" + object[u"kind"].toString().toUtf8()
                + "\",\"metadata\":{\"name\":\"deleted\",\"namespace\":\"" + m_ns + "\",\"labels\":{\"by\":\"others\"}}}")));
        const auto before = read(object);
        const Operation operation = on("kube.delete", object);
        const auto gone = done(operation);
        QVERIFY2(gone, why(gone));
        QVERIFY(!isThere(object));
        QVERIFY(!text(gone->before.value[u"object"].toObject())
                     .contains(text({ { QStringLiteral("uid"), (*before)[u"metadata"][u"uid"] } }).mid(1).chopped(1)));
        const auto again = done(operation);
        QVERIFY2(again && again->wasInPlace, why(again));
        const auto returned = back(operation, *gone);
        QVERIFY2(returned, why(returned));
        const auto after = read(object);
        QVERIFY(before && after);
        QCOMPARE((*after)[u"data"], (*before)[u"data"]);
        QCOMPARE((*after)[u"metadata"][u"labels"], (*before)[u"metadata"][u"labels"]);
        QVERIFY((*after)[u"metadata"][u"uid"] != (*before)[u"metadata"][u"uid"]);
        QVERIFY(kube::isAppliedBy(*after, QStringLiteral("catamaran")));
        const auto inPlace = done(apply(object));
        QVERIFY2(inPlace, why(inPlace));
        QVERIFY2(inPlace->wasInPlace, text(*after).constData());
        QVERIFY(drop(object));
    }

    void somebodysObjectIsNotDeletedUnlessAsked()
    {
        const QJsonObject theirs = configMap(m_ns, "kept", R"({"k":"1"})");
        QVERIFY(byOthers(theirs));
        // Changed by us, but not applied.
        QVERIFY(wait(client().mergePatch(
            kube::kinds::configMaps, QString::fromLatin1(m_ns), QStringLiteral("kept"), json(R"({"data":{"l":"2"}})"), {})));
        const auto refused = done(on("kube.delete", theirs));
        QVERIFY(!refused);
        QVERIFY2(
            refused.error().kind == ErrorKind::Precondition && refused.error().answer.contains(QStringLiteral("kubectl")), why(refused));
        QVERIFY(isThere(theirs));
        const Operation asked = on("kube.delete", theirs, { { QStringLiteral("foreign"), QStringLiteral("take") } });
        const auto gone = done(asked);
        QVERIFY2(gone, why(gone));
        QVERIFY(!isThere(theirs));
        const auto returned = back(asked, *gone);
        QVERIFY2(returned, why(returned));
        const auto after = read(theirs);
        QCOMPARE(after.value()[u"data"].toObject(), json(R"({"k":"1","l":"2"})"));
        QVERIFY2(!kube::isAppliedBy(*after, QStringLiteral("catamaran")), "it is not ours by having come back");
        QVERIFY(drop(theirs));
    }

    void whatIsNotOursIsLeftAndSaysWhoseItIs()
    {
        const QJsonObject theirs = configMap(m_ns, "left", R"({"k":"1"})"), other = configMap(m_ns, "left", R"({"k":"2"})");
        QVERIFY(byOthers(theirs));
        Operation gentle = apply(other);
        gentle.arguments.insert(QStringLiteral("foreign"), QStringLiteral("leave"));
        for (const Operation &operation :
            { on("kube.delete", theirs, { { QStringLiteral("foreign"), QStringLiteral("leave") } }), gentle }) {
            const auto left = done(operation);
            QVERIFY2(left && left->wasInPlace, why(left));
            const QString note = kindOf(operation).whyNothing(operation, left->before, {});
            QVERIFY2(note.startsWith(QStringLiteral("left as it is: it belongs to kubectl")), qPrintable(note));
        }
        QCOMPARE(read(theirs).value()[u"data"].toObject(), json(R"({"k":"1"})"));
        QVERIFY(drop(theirs));

        // As earlier versions made it: nothing is on it that a server would keep an owner of.
        const QJsonObject bare
            = json("{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"bare\",\"namespace\":\"" + m_ns + "\"}}");
        QVERIFY(byOthers(bare, QStringLiteral("catamaran")));
        const Operation removal = on("kube.delete", bare, { { QStringLiteral("foreign"), QStringLiteral("leave") } });
        const auto left = done(removal);
        QVERIFY2(left && left->wasInPlace, why(left));
        const QString note = kindOf(removal).whyNothing(removal, left->before, {});
        QVERIFY2(note.contains(QStringLiteral("nothing on it tells whose it is"))
                && note.contains(QStringLiteral("delete serviceaccounts/bare")),
            qPrintable(note));
        QVERIFY(drop(bare));
    }

    void whatHasToBeThereIsMadeOnlyWhereItIsMissing()
    {
        const QJsonObject theirs = configMap(m_ns, "present", R"({"k":"1"})");
        Operation operation = apply(configMap(m_ns, "present", R"({"k":"2"})"));
        operation.arguments.insert(QStringLiteral("onlyIfMissing"), true);
        QVERIFY(byOthers(theirs));
        const auto there = done(operation);
        QVERIFY2(there && there->wasInPlace, why(there));
        QCOMPARE(read(theirs).value()[u"data"].toObject(), json(R"({"k":"1"})"));
        QVERIFY(drop(theirs));
        const auto made = done(operation);
        QVERIFY2(made && !made->wasInPlace, why(made));
        QVERIFY(kube::isAppliedBy(*read(theirs), QStringLiteral("catamaran")));
        const auto gone = back(operation, *made);
        QVERIFY2(gone, why(gone));
        QVERIFY(!isThere(theirs));
    }

    void anotherObjectOfTheNameIsNotDeleted()
    {
        const QJsonObject object = configMap(m_ns, "renewed", R"({"k":"1"})");
        QVERIFY(done(apply(object)));
        const Operation operation = on("kube.delete", object);
        const auto refused = onWorker([&]() -> Result<Receipt> {
            auto scope = m_world.scope();
            const auto seen = kindOf(operation).look(operation, scope);
            (void)core::await(client().remove(kube::kinds::configMaps, QString::fromLatin1(m_ns), QStringLiteral("renewed"), {}), {});
            (void)core::await(client().apply(object, {}, {}), {});
            return seen ? kindOf(operation).act(operation, *seen, scope) : Result<Receipt>(core::fail(seen.error()));
        });
        QVERIFY(!refused);
        QVERIFY2(refused.error().kind == ErrorKind::Conflict, why(refused));
        QVERIFY(isThere(object));
        QVERIFY(drop(object));
    }

    void aSecretsDataIsNeverKept()
    {
        const QByteArray marker = "cGxhbnRlZC1zZWNyZXQ="; // planted-secret
        const QJsonObject secret = json("{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\",\"namespace\":\"" + m_ns
            + "\",\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":\"{\\\"data\\\":\\\"" + marker
            + "\\\"}\"}},\"data\":{\"k\":\"" + marker + "\"}}");
        QVERIFY(wait(client().apply(secret, {}, {})));
        const Operation operation = on("kube.delete", secret);
        const auto gone = done(operation);
        QVERIFY2(gone, why(gone));
        QVERIFY(!isThere(secret));
        QVERIFY2(!text(gone->before.toJson()).contains(marker) && !text(gone->after.toJson()).contains(marker),
            text(gone->before.toJson()).constData());
        const auto refused = back(operation, *gone);
        QVERIFY(!refused && refused.error().kind == ErrorKind::Unsupported);
    }

    void aNamespaceGoesWithWhatIsOursAndComesBack()
    {
        const QByteArray ns = m_ns + "-whole";
        QVERIFY(done(apply(space(ns))));
        QVERIFY(done(apply(configMap(ns, "m", R"({"k":"1"})"))));
        QVERIFY(done(apply(service(ns, "sleep"))));
        const auto running = done(apply(deployment(ns, "sleep"))); // with its replica set and pod
        QVERIFY2(running, why(running));
        const Operation operation = on("kube.delete", space(ns));
        const auto gone = done(operation);
        QVERIFY2(gone, why(gone));
        QVERIFY(!isThere(space(ns)));
        const auto returned = back(operation, *gone);
        QVERIFY2(returned, why(returned));
        QCOMPARE(read(configMap(ns, "m", "{}")).value()[u"data"].toObject(), json(R"({"k":"1"})"));
        QVERIFY(isThere(deployment(ns, "sleep")) && isThere(service(ns, "sleep")));
        const auto last = done(operation);
        QVERIFY2(last, why(last));
    }

    void aNamespaceWithSomebodysObjectStays_data()
    {
        QTest::addColumn<QJsonObject>("theirs");
        QTest::newRow("a ConfigMap") << configMap(m_ns + "-guests", "theirs", R"({"k":"1"})");
        QTest::newRow("a Deployment") << deployment(m_ns + "-guests", "theirs");
        QTest::newRow("a Service") << service(m_ns + "-guests", "theirs");
        QTest::newRow("a ServiceAccount") << json(
            "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"theirs\",\"namespace\":\"" + m_ns + "-guests\"}}");
        QTest::newRow("an object of a mesh") << json(
            "{\"apiVersion\":\"networking.istio.io/v1\",\"kind\":\"ServiceEntry\",\"metadata\":{\"name\":\"theirs\",\"namespace\":\"" + m_ns
            + "-guests\"},\"spec\":{\"hosts\":[\"x.example\"]}}");
    }
    void aNamespaceWithSomebodysObjectStays()
    {
        QFETCH(QJsonObject, theirs);
        const auto made = done(apply(space(m_ns + "-guests")));
        QVERIFY2(made, why(made));
        if (m_isReal && theirs[u"kind"].toString() == u"ServiceEntry")
            QSKIP("the cluster has no mesh");
        QVERIFY(byOthers(theirs));
        const auto refused = done(on("kube.delete", space(m_ns + "-guests")));
        QVERIFY(!refused);
        QVERIFY2(
            refused.error().kind == ErrorKind::Precondition && refused.error().answer.contains(QStringLiteral("/theirs")), why(refused));
        QVERIFY(isThere(theirs));
        const Operation gentle = on("kube.delete", space(m_ns + "-guests"), { { QStringLiteral("foreign"), QStringLiteral("leave") } });
        const auto left = done(gentle);
        QVERIFY2(left && left->wasInPlace, why(left));
        QVERIFY2(kindOf(gentle).whyNothing(gentle, left->before, {}).contains(QStringLiteral("/theirs")),
            qPrintable(kindOf(gentle).whyNothing(gentle, left->before, {})));
        if (!made->wasInPlace) { // nor does it go when its making is taken back
            const auto kept = back(apply(space(m_ns + "-guests")), *made);
            QVERIFY(!kept && kept.error().kind == ErrorKind::Precondition);
            QVERIFY(isThere(theirs));
        }
        QVERIFY(drop(theirs));
    }

    // --- kube.scale ---------------------------------------------------------------------------------------------------

    void scaledAndScaledBack_data()
    {
        QTest::addColumn<bool>("mark");
        QTest::addColumn<bool>("isOurs");
        QTest::newRow("plainly") << false << true;
        QTest::newRow("as a fault") << true << true;
        QTest::newRow("somebody's, as a fault") << true << false;
    }
    void scaledAndScaledBack()
    {
        QFETCH(bool, mark);
        QFETCH(bool, isOurs);
        const QJsonObject object = deployment(m_ns, "scaled", "\"replicas\":2,");
        if (isOurs)
            QVERIFY(done(apply(object)));
        else
            QVERIFY(byOthers(object));
        QTRY_VERIFY_WITH_TIMEOUT(kube::deploymentStatus(read(object).value()).isSettled(), 20000);
        const Operation operation = isOurs ? scale(m_ns, "scaled", 0, mark) : taking(scale(m_ns, "scaled", 0, mark));
        const auto down = done(operation);
        QVERIFY2(down, why(down));
        QCOMPARE(kube::deploymentStatus(read(object).value()).existing, 0);
        const auto written = faultMarkOf(*read(object));
        QCOMPARE(written.has_value(), mark);
        if (mark)
            QCOMPARE(
                *written, (FaultMark { QStringLiteral("execution-1"), QStringLiteral("step-1"), 2, 0, {}, written->at, Owner::self() }));
        const auto up = back(operation, *down);
        QVERIFY2(up, why(up));
        const auto after = read(object);
        QCOMPARE(kube::deploymentStatus(*after).ready, 2);
        QVERIFY(!(*after)[u"metadata"][u"annotations"].toObject().contains(faultAnnotation));
        QVERIFY(drop(object));
    }

    void aLatePatchDoesNotUndoARestore()
    {
        const QJsonObject object = deployment(m_ns, "late");
        QVERIFY(done(apply(object)));
        const Operation operation = scale(m_ns, "late", 0, true);
        const auto down = done(operation);
        QVERIFY2(down, why(down));
        QVERIFY(back(operation, *down));
        // The fault's PATCH once more, as it went out: delayed somewhere on its way.
        Write late { Write::How::MergePatch, kube::kinds::deployments, QString::fromLatin1(m_ns), QStringLiteral("late") };
        late.body = json(R"({"spec":{"replicas":0}})");
        late.resourceVersion = down->before.version;
        const auto refused = wait(client().write(late, {}));
        QVERIFY(!refused);
        QVERIFY2(refused.error().kind == ErrorKind::Conflict && refused.error().conflicts.isEmpty(), why(refused));
        QCOMPARE(replicas(object), 1);
        QVERIFY(drop(object));
    }

    void whatAnotherJournalBeganIsAdoptedAndTakenBack()
    {
        const QJsonObject scaled = deployment(m_ns, "found"), made = configMap(m_ns, "found", R"({"k":"1"})"),
                          gone = configMap(m_ns, "gone", R"({"k":"1"})");
        QVERIFY(done(apply(scaled)));
        QVERIFY(done(scale(m_ns, "found", 0, true)));
        Operation making = apply(made);
        making.arguments.insert(QStringLiteral("mark"), true);
        QVERIFY(done(making));
        QTemporaryDir folder;
        ExecuteOptions options;
        options.databaseFile = folder.filePath(QStringLiteral("elsewhere.db"));
        const auto trace = [&](const QJsonObject &object) {
            const FaultMark mark = faultMarkOf(read(object).value_or(QJsonObject()))
                                       .value_or(FaultMark { QStringLiteral("execution-1"), QStringLiteral("step-1"), {} });
            return Trace { mark.execution, mark.step, QStringLiteral("cluster-1"), object[u"apiVersion"].toString(),
                object[u"kind"].toString(), QString::fromLatin1(m_ns), object[u"metadata"][u"name"].toString(), mark.replicas, mark.set };
        };
        Registry registry;
        for (auto &kind : kubeKinds())
            registry.add(std::move(kind));
        auto journal = Journal::open(options.databaseFile);
        QVERIFY2(journal, why(journal));
        // Each as an execution of its own here, for both bear the mark of the same step.
        for (const QJsonObject &object : { scaled, made }) {
            const Trace told = trace(object);
            const Adoptee whose { 0, told.execution + object[u"kind"].toString(), QStringLiteral("their-drill"),
                QDateTime::fromMSecsSinceEpoch(1767323045678, Qt::UTC), Owner::self() };
            QVERIFY(!journal->marking(whose.uid, told.step).value());
            const auto adopted = onWorker([&] {
                auto own = Journal::open(options.databaseFile);
                return adopt(*own, whose, { told }, registry, m_world, options, {});
            });
            QVERIFY2(adopted && *adopted > 0, why(adopted));
            QVERIFY(journal->marking(whose.uid, told.step).value());
            QCOMPARE(journal->undoDue(QStringLiteral("test"))->first().title(), QStringLiteral("drill their-drill"));
            const auto undone = onWorker([&] { return undo(*adopted, registry, m_world, options, {}); });
            QVERIFY2(undone.complete, undone.error ? qPrintable(undone.error->text()) : "");
            QVERIFY(journal->undoDue(QStringLiteral("test"))->isEmpty());
        }
        QCOMPARE(replicas(scaled), 1);
        QVERIFY(!faultMarkOf(*read(scaled)));
        QVERIFY(!isThere(made));
        // Whose mark is gone is nobody's.
        const auto nothing = onWorker([&] {
            auto own = Journal::open(options.databaseFile);
            return adopt(*own, { 0, QStringLiteral("e"), {}, {}, {} }, { trace(gone) }, registry, m_world, options, {});
        });
        QVERIFY2(nothing && *nothing == 0, why(nothing));
        QVERIFY(drop(scaled));
    }

    void theNumberThatIsBackUnderAMarkLeavesTheMarkToBeTakenOff()
    {
        const QJsonObject object = deployment(m_ns, "back");
        QVERIFY(done(apply(object)));
        const Operation operation = scale(m_ns, "back", 0, true);
        const auto down = done(operation);
        QVERIFY2(down, why(down));
        QVERIFY(wait(client().setScale(kube::kinds::deployments, QString::fromLatin1(m_ns), QStringLiteral("back"), 1, {})));
        const auto returned = back(operation, *down);
        QVERIFY2(returned, why(returned));
        QVERIFY(!faultMarkOf(*read(object)));
        QCOMPARE(replicas(object), 1);
        QVERIFY(drop(object));
    }

    void aFaultMakesWhatIsNotThereAndMarksIt()
    {
        const QJsonObject object = configMap(m_ns, "made", R"({"k":"1"})");
        Operation operation = apply(object);
        operation.arguments.insert(QStringLiteral("mark"), true);
        const auto made = done(operation);
        QVERIFY2(made, why(made));
        const auto mark = faultMarkOf(*read(object));
        QVERIFY(mark && !mark->replicas);
        QCOMPARE(mark->execution, QStringLiteral("execution-1"));
        const auto gone = back(operation, *made);
        QVERIFY2(gone, why(gone));
        QVERIFY(!isThere(object));
        // What is there is nobody's fault.
        QVERIFY(done(apply(object)));
        Operation other = apply(configMap(m_ns, "made", R"({"k":"2"})"));
        other.arguments.insert(QStringLiteral("mark"), true);
        const auto refused = done(other);
        QVERIFY2(!refused && refused.error().kind == ErrorKind::Precondition, why(refused));
        QVERIFY(drop(object));
    }

    void whatSomebodyScaledSinceStays()
    {
        const QJsonObject object = deployment(m_ns, "moved");
        QVERIFY(done(apply(object)));
        const Operation operation = scale(m_ns, "moved", 0);
        const auto down = done(operation);
        QVERIFY2(down, why(down));
        QVERIFY(wait(client().setScale(kube::kinds::deployments, QString::fromLatin1(m_ns), QStringLiteral("moved"), 3, {})));
        const auto refused = onWorker([&]() -> Result<Evidence> { // the kind itself, whatever undo has compared
            auto scope = m_world.scope();
            const auto now = kindOf(operation).look(operation, scope);
            return now ? kindOf(operation).revert(operation, down->before, *now, scope) : Result<Evidence>(core::fail(now.error()));
        });
        QVERIFY(!refused && refused.error().kind == ErrorKind::Precondition);
        QCOMPARE(replicas(object), 3);
        QVERIFY(drop(object));
    }

    void aSecondFaultOnOneObjectIsRefused()
    {
        const QJsonObject object = deployment(m_ns, "twice", "\"replicas\":2,");
        QVERIFY(done(apply(object)));
        QVERIFY(done(scale(m_ns, "twice", 1, true)));
        const auto refused = done(scale(m_ns, "twice", 0, true));
        QVERIFY(!refused);
        QVERIFY2(refused.error().kind == ErrorKind::Precondition && refused.error().answer.contains(QStringLiteral("execution-1")),
            why(refused));
        QCOMPARE(replicas(object), 1);
        QVERIFY(drop(object));
    }

    void aPlanIsCarriedOutAndTakenBack()
    {
        const QByteArray ns = m_ns + "-plan";
        Registry registry;
        for (auto &kind : kubeKinds())
            registry.add(std::move(kind));
        Plan plan;
        plan.steps = {
            { QStringLiteral("space"), {}, {}, apply(space(ns)) },
            { QStringLiteral("map"), {}, { QStringLiteral("space") }, apply(configMap(ns, "m", R"({"k":"1"})")) },
            { QStringLiteral("sleep"), {}, { QStringLiteral("space") }, apply(deployment(ns, "sleep")) },
            { QStringLiteral("fault"), {}, { QStringLiteral("sleep") }, scale(ns, "sleep", 0, true) },
            { QStringLiteral("patch"), {}, { QStringLiteral("map") },
                on("kube.patch", configMap(ns, "m", "{}"), { { QStringLiteral("patch"), json(R"({"data":{"k":"2"}})") } }) },
        };
        const auto checked = checkPlan(plan, registry);
        QVERIFY2(checked, why(checked));
        QTemporaryDir folder;
        ExecuteOptions options;
        options.databaseFile = folder.filePath(QStringLiteral("catamaran.db"));
        options.purpose = QStringLiteral("apply");
        options.name = QStringLiteral("test");
        const ExecutionResult done = onWorker([&] { return execute(plan, registry, m_world, options, {}); });
        QVERIFY2(done.complete, done.error ? qPrintable(done.error->text()) : "");
        const auto broken = read(deployment(ns, "sleep"));
        QVERIFY2(broken, why(broken));
        const auto mark = faultMarkOf(*broken);
        QVERIFY(mark);
        QCOMPARE(*mark, (FaultMark { done.uid, QStringLiteral("fault"), 1, 0, QStringLiteral("test"), mark->at, Owner::self() }));
        QCOMPARE(read(configMap(ns, "m", "{}")).value()[u"data"][u"k"].toString(), QStringLiteral("2"));
        const ExecutionResult back = onWorker([&] { return undo(done.execution, registry, m_world, options, {}); });
        QVERIFY2(back.complete, back.error ? qPrintable(back.error->text()) : "");
        QVERIFY(!isThere(space(ns)));
    }

    void thereIsNothingToScale()
    {
        const auto refused = done(scale(m_ns, "nobody", 0));
        QVERIFY(!refused && refused.error().kind == ErrorKind::NotFound);
    }

    // --- kube.patch ---------------------------------------------------------------------------------------------------

    void patchedAndGivenBack_data()
    {
        QTest::addColumn<QByteArray>("patch");
        QTest::newRow("another value") << QByteArray(R"({"data":{"k":"2"}})");
        QTest::newRow("a field more") << QByteArray(R"({"data":{"l":"2"}})");
        QTest::newRow("a field less") << QByteArray(R"({"data":{"k":null}})");
        QTest::newRow("labels and annotations")
            << QByteArray(R"({"metadata":{"labels":{"a":"1"},"annotations":{"b":"2"}},"data":{"k":"2"}})");
    }
    void patchedAndGivenBack()
    {
        QFETCH(QByteArray, patch);
        const QJsonObject theirs = configMap(m_ns, "patched", R"({"k":"1","other":"1"})");
        QVERIFY(byOthers(theirs));
        const auto before = read(theirs);
        const Operation operation = taking(on("kube.patch", theirs, { { QStringLiteral("patch"), json(patch) } }));
        const auto changed = done(operation);
        QVERIFY2(changed, why(changed));
        QVERIFY((*read(theirs))[u"data"] != (*before)[u"data"]);
        QVERIFY(done(operation).value().wasInPlace);
        // Meanwhile somebody else changes another field, and puts a label beside ours.
        QVERIFY(wait(client().mergePatch(kube::kinds::configMaps, QString::fromLatin1(m_ns), QStringLiteral("patched"),
            json(R"({"data":{"other":"2"},"metadata":{"labels":{"by":"others"}}})"), {})));
        const auto returned = back(operation, *changed);
        QVERIFY2(returned, why(returned));
        const auto after = read(theirs);
        QCOMPARE(after.value()[u"data"].toObject(), json(R"({"k":"1","other":"2"})"));
        QCOMPARE((*after)[u"metadata"][u"labels"].toObject(), json(R"({"by":"others"})"));
        QVERIFY((*after)[u"metadata"][u"annotations"].toObject().isEmpty());
        QVERIFY(drop(theirs));
    }

    // --- whose it is ----------------------------------------------------------------------------------------------------

    void whatOthersAppliedIsChangedOnlyWhenThatIsAsked_data()
    {
        QTest::addColumn<Operation>("operation");
        const QJsonObject theirs = deployment(m_ns, "theirs");
        QTest::newRow("scaled") << scale(m_ns, "theirs", 0);
        QTest::newRow("scaled as a fault") << scale(m_ns, "theirs", 0, true);
        QTest::newRow("patched") << on("kube.patch", theirs, { { QStringLiteral("patch"), json(R"({"spec":{"replicas":0}})") } });
    }
    void whatOthersAppliedIsChangedOnlyWhenThatIsAsked()
    {
        QFETCH(Operation, operation);
        const QJsonObject theirs = deployment(m_ns, "theirs");
        QVERIFY(byOthers(theirs, QStringLiteral("helm")));
        // That it is one of ours by a scale or a patch makes it no other's.
        QVERIFY(wait(client().setScale(kube::kinds::deployments, QString::fromLatin1(m_ns), QStringLiteral("theirs"), 2, {})));
        const auto refused = done(operation);
        QVERIFY2(!refused && refused.error().code == u"Foreign", why(refused));
        QVERIFY2(refused.error().answer.contains(QStringLiteral("helm")), why(refused));
        QCOMPARE(replicas(theirs), 2);
        const auto allowed = done(taking(operation));
        QVERIFY2(allowed, why(allowed));
        QCOMPARE(replicas(theirs), 0);
        const auto returned = back(operation, *allowed); // what was done to it is taken back without asking again
        QVERIFY2(returned, why(returned));
        QCOMPARE(replicas(theirs), 2);
        const auto inPlace = done(scale(m_ns, "theirs", 2));
        QVERIFY2(inPlace && inPlace->wasInPlace, why(inPlace));
        QVERIFY(drop(theirs));
    }

    void whatAnotherDrillBrokeIsNotChanged_data()
    {
        QTest::addColumn<Operation>("operation");
        const QJsonObject object = deployment(m_ns, "broken", "\"replicas\":2,");
        QTest::newRow("scaled") << scale(m_ns, "broken", 1);
        QTest::newRow("patched") << on("kube.patch", object, { { QStringLiteral("patch"), json(R"({"spec":{"replicas":1}})") } });
        QTest::newRow("applied") << apply(object);
        QTest::newRow("deleted") << on("kube.delete", object);
        QTest::newRow("deleted, if it is ours") << on("kube.delete", object, { { QStringLiteral("foreign"), QStringLiteral("leave") } });
    }
    void whatAnotherDrillBrokeIsNotChanged()
    {
        QFETCH(Operation, operation);
        const QJsonObject object = deployment(m_ns, "broken");
        QVERIFY(done(apply(object)));
        const FaultMark mark { QStringLiteral("another"), QStringLiteral("scale"), 1, 1, QStringLiteral("node-down") };
        const auto annotated = [](const QJsonValue &text) {
            return QJsonObject { { QStringLiteral("metadata"),
                                     QJsonObject { { QStringLiteral("annotations"), QJsonObject { { faultAnnotation, text } } } } },
                { QStringLiteral("spec"), QJsonObject { { QStringLiteral("replicas"), 0 } } } };
        };
        QVERIFY(wait(client().mergePatch(
            kube::kinds::deployments, QString::fromLatin1(m_ns), QStringLiteral("broken"), annotated(mark.toText()), {})));
        const auto refused = done(operation);
        QVERIFY2(!refused && refused.error().code == u"Unrestored", why(refused));
        QVERIFY2(refused.error().answer.contains(QStringLiteral("node-down")), why(refused));
        QCOMPARE(replicas(object), 0);
        QVERIFY(faultMarkOf(*read(object)));
        // To take the mark off is how it is given up.
        const auto off = done(on("kube.patch", object,
            { { QStringLiteral("patch"),
                QJsonObject { { QStringLiteral("metadata"),
                    QJsonObject { { QStringLiteral("annotations"), QJsonObject { { faultAnnotation, QJsonValue::Null } } } } } } } }));
        QVERIFY2(off, why(off));
        QVERIFY(!faultMarkOf(*read(object)));
        QVERIFY(drop(object));
    }

    // --- kube.deletePod -----------------------------------------------------------------------------------------------

    void aPodIsDeletedAndReplaced()
    {
        const QJsonObject object = deployment(m_ns, "pod");
        QVERIFY(done(apply(object)));
        const auto pods = [&] {
            return wait(client().list(kube::kinds::pods, QString::fromLatin1(m_ns), QStringLiteral("app=pod"), {})).value().items;
        };
        QCOMPARE(pods().size(), 1);
        const QString name = pods().first()[u"metadata"][u"name"].toString();
        const Operation operation { QStringLiteral("kube.deletePod"),
            { { QStringLiteral("cluster"), cluster }, { QStringLiteral("namespace"), QString::fromLatin1(m_ns) },
                { QStringLiteral("name"), name } } };
        const auto gone = done(operation);
        QVERIFY2(gone, why(gone));
        QTRY_VERIFY_WITH_TIMEOUT(pods().size() == 1 && pods().first()[u"metadata"][u"name"].toString() != name, 20000);
        const auto refused = onWorker([&] {
            auto scope = m_world.scope();
            return kindOf(operation).revert(operation, gone->before, gone->after, scope);
        });
        QVERIFY(!refused && refused.error().kind == ErrorKind::Unsupported);
        QVERIFY(drop(object));
    }

    void aPodThatNobodyReplacesIsKept()
    {
        const QJsonObject pod = json("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"lonely\",\"namespace\":\"" + m_ns
            + "\"},\"spec\":{\"containers\":[{\"name\":\"main\",\"image\":\"" + image()
            + "\",\"imagePullPolicy\":\"IfNotPresent\",\"command\":[\"/bin/sleep\",\"100000\"]}]}}");
        QVERIFY(wait(client().create(kube::kinds::pods, QString::fromLatin1(m_ns), pod, {})));
        const auto refused
            = done({ QStringLiteral("kube.deletePod"), json(R"({"cluster":"cluster-1","namespace":")" + m_ns + R"(","name":"lonely"})") });
        QVERIFY(!refused && refused.error().kind == ErrorKind::Precondition);
        QVERIFY(isThere(pod));
        QVERIFY(drop(pod));
    }

    // --- kube.addContainer --------------------------------------------------------------------------------------------

    void aContainerIsAddedAndStays()
    {
        const QJsonObject object = deployment(m_ns, "host");
        QVERIFY(done(apply(object)));
        const auto pod = [&] {
            const auto pods
                = wait(client().list(kube::kinds::pods, QString::fromLatin1(m_ns), QStringLiteral("app=host"), {})).value().items;
            return pods.isEmpty() ? QJsonObject() : pods.first();
        };
        const auto add = [&](const char *container, const QString &name) {
            return Operation { QStringLiteral("kube.addContainer"),
                { { QStringLiteral("cluster"), cluster }, { QStringLiteral("namespace"), QString::fromLatin1(m_ns) },
                    { QStringLiteral("name"), name }, { QStringLiteral("container"), QString::fromLatin1(container) },
                    { QStringLiteral("image"), QString::fromLatin1(image()) }, { QStringLiteral("seconds"), 600 } } };
        };
        const QString name = pod()[u"metadata"][u"name"].toString();
        const Operation first = add("first", name);
        const auto added = done(first);
        if (!added && qEnvironmentVariableIsSet("CATAMARAN_CLUSTER_1") && added.error().kind == ErrorKind::Unsupported) {
            QVERIFY(!added.error().remedy.isEmpty()); // 1.20 has it behind a feature gate
            QVERIFY(drop(object));
            QSKIP("this API server cannot add containers to pods, and that was said");
        }
        QVERIFY2(added, why(added));
        QVERIFY2(added->evidence.text.contains(QStringLiteral("first")), qPrintable(added->evidence.text));
        const auto again = done(first);
        QVERIFY2(again && again->wasInPlace, why(again));
        const auto second = done(add("second", name)); // beside the first, which is not touched
        QVERIFY2(second, why(second));
        const QJsonObject now = pod();
        QCOMPARE(now[u"metadata"][u"name"].toString(), name);
        QCOMPARE(now[u"spec"][u"ephemeralContainers"].toArray().size(), 2);
        for (int i = 0; i < 2; ++i)
            QVERIFY(now[u"status"][u"ephemeralContainerStatuses"][i][u"state"].toObject().contains(u"running"));
        QVERIFY(!kindOf(first).describe(first, {}).keeps.isEmpty()); // so that no undo tries
        const auto refused = onWorker([&] {
            auto scope = m_world.scope();
            return kindOf(first).revert(first, added->before, added->after, scope);
        });
        QVERIFY(!refused && refused.error().kind == ErrorKind::Unsupported);
        const auto nowhere = done(add("third", QStringLiteral("nobody")));
        QVERIFY(!nowhere && nowhere.error().kind == ErrorKind::Precondition);
        QVERIFY(drop(object));
    }

    // --- whoever may not ----------------------------------------------------------------------------------------------

    void withoutRightsNothingIsDone_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QJsonObject>("arguments");
        const auto row = [](const char *name, const Operation &operation) { QTest::newRow(name) << operation.kind << operation.arguments; };
        row("apply", apply(configMap(m_ns, "poor", R"({"k":"2"})")));
        row("delete", on("kube.delete", configMap(m_ns, "poor", "{}")));
        row("delete a namespace", on("kube.delete", space(m_ns)));
        row("patch", on("kube.patch", configMap(m_ns, "poor", "{}"), { { QStringLiteral("patch"), json(R"({"data":{"k":"2"}})") } }));
        row("scale", scale(m_ns, "poor", 0));
        row("scale as a fault", scale(m_ns, "poor", 0, true));
        row("add a container",
            { QStringLiteral("kube.addContainer"),
                json(R"({"cluster":"cluster-1","namespace":")" + m_ns + R"(","name":"poor","container":"c","image":"i","seconds":5})") });
        row("delete a pod",
            { QStringLiteral("kube.deletePod"), json(R"({"cluster":"cluster-1","namespace":")" + m_ns + R"(","name":"poor"})") });
    }
    void withoutRightsNothingIsDone()
    {
        QFETCH(QString, kind);
        QFETCH(QJsonObject, arguments);
        const Operation operation { kind, arguments };
        const QJsonObject map = configMap(m_ns, "poor", R"({"k":"1"})");
        QVERIFY(done(apply(map)));
        QVERIFY(wait(client().apply(
            json("{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"poor\",\"namespace\":\"" + m_ns + "\"}}"), {},
            {})));
        const auto token = tokenOf(QStringLiteral("poor"));
        QVERIFY2(token, why(token));
        kube::ClusterAccess access = client().access();
        access.token = *token;
        access.tls.clientChain.clear();
        access.tls.clientKey = {};
        access.clientCertificateFile.clear();
        access.clientKeyFile.clear();
        tests::KubeWorld poor;
        poor.clients.insert(cluster, std::make_shared<kube::KubeClient>(access));
        const auto refused = carryOut(kindOf(operation), operation, poor);
        QVERIFY(!refused);
        QVERIFY2(refused.error().kind == ErrorKind::Forbidden, why(refused));
        QCOMPARE(read(map).value()[u"data"].toObject(), json(R"({"k":"1"})"));
        // Which the rights had told before, in both directions.
        for (const Direction direction : { Direction::Do, Direction::Undo }) {
            const auto rights = kindOf(operation).rights(operation, direction);
            QVERIFY(direction == Direction::Undo || !rights.isEmpty());
            bool isRefused = false;
            for (const Right &right : rights) {
                QCOMPARE(right.cluster, cluster);
                QVERIFY2(wait(client().mayI(right.question, {})).value_or(false),
                    qPrintable(right.question.verb + u' ' + right.question.resource));
                isRefused = isRefused || !wait(poor.clients.value(cluster)->mayI(right.question, {})).value_or(true);
            }
            QVERIFY(rights.isEmpty() || isRefused);
        }
    }

    void anUnknownClusterIsSaid()
    {
        Operation operation = scale(m_ns, "sleep", 0);
        operation.arguments[u"cluster"] = QStringLiteral("nowhere");
        const auto refused = done(operation);
        QVERIFY(!refused && refused.error().kind == ErrorKind::InvalidInput);
    }

    void timeIsUpAndSaysWhatIsMissing()
    {
        const QJsonObject object = deployment(m_ns, "slow");
        const QByteArray broken
            = text(object).replace("\"containers\"", "\"serviceAccountName\":\"nobody\",\"containers\""); // no pod can be made
        const auto late = done(apply(json(broken)), std::chrono::seconds(3));
        QVERIFY(!late);
        QVERIFY2(late.error().kind == ErrorKind::Timeout && late.error().answer.contains(QStringLiteral("0 of 1 pods ready")), why(late));
        QVERIFY(drop(object));
    }

private:
    Result<core::Secret> tokenOf(const QString &account)
    {
        Write request { Write::How::Create, kube::kinds::serviceAccounts, QString::fromLatin1(m_ns), account, QStringLiteral("token") };
        request.body = json(R"({"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":3600}})");
        return wait(client().write(request, {})).map([](const kube::Written &answer) {
            return core::Secret(answer.object[u"status"][u"token"].toString().toUtf8());
        });
    }
};

QTEST_GUILESS_MAIN(KubeKindsTest)
#include "tst_kubekinds.moc"
