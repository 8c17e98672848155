// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/drilltemplate.h"
#include "drill/faultplan.h"
#include "ops/adopt.h"
#include "ops/kinds/faultmark.h"
#include "ops/kinds/kubekinds.h"
#include "ops/registry.h"
#include "support/paths.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace catamaran;
using namespace catamaran::drill;
using namespace std::chrono_literals;

namespace {

QByteArray document(const QByteArray &spec)
{
    return "apiVersion: catamaran.io/v1\nkind: Drill\nmetadata:\n  name: mine\nspec:\n" + spec;
}

const QByteArray probes = "  probes: { from: cluster-1/default/sleep, url: 'http://helloworld:5000/hello' }\n";
const QByteArray scale = "  faults:\n  - scale: { cluster: cluster-1, namespace: default, deployment: helloworld-v1, replicas: 0 }\n";
const QByteArray hypothesis = "  hypothesis: It holds.\n";

const QByteArray move = "  faults:\n  - moveClient: { namespace: default, from: cluster-1, to: cluster-2 }\n";

/// A Deployment as it is there, with that many replicas; with a fault's mark where there is a text for one.
QJsonObject standing(const QByteArray &name, int replicas, const QString &mark = {})
{
    QJsonObject metadata { { QStringLiteral("name"), QString::fromLatin1(name) },
        { QStringLiteral("namespace"), QStringLiteral("default") } };
    if (!mark.isEmpty())
        metadata.insert(QStringLiteral("annotations"), QJsonObject { { ops::faultAnnotation, mark } });
    return { { QStringLiteral("kind"), QStringLiteral("Deployment") }, { QStringLiteral("metadata"), metadata },
        { QStringLiteral("spec"), QJsonObject { { QStringLiteral("replicas"), replicas } } } };
}

FaultObject deploymentOf(const QString &cluster, const QString &name)
{
    return { cluster, QStringLiteral("apps/v1"), QStringLiteral("Deployment"), QStringLiteral("default"), name };
}

/// The plan's operations, one a line: "kube.scale cluster-1/default/deployments.apps/sleep 0".
QString lines(const ops::Plan &plan)
{
    QStringList lines;
    for (const ops::Trace &trace : ops::tracesOf(plan, QStringLiteral("e")))
        lines += (trace.set ? QStringLiteral("scale %1 to %2 from %3").arg(trace.subject()).arg(*trace.set).arg(trace.replicas.value_or(-1))
                            : QStringLiteral("make %1").arg(trace.subject()));
    return lines.join(u'\n');
}

} // namespace

class DrillDocumentTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void readsTheSmallest();
    void readsEverything();
    void refuses_data();
    void refuses();
    void faultsBecomeOperations_data();
    void faultsBecomeOperations();
    void aFaultOfAnUnknownKindIsNoOther();
    void builtinDrillsAreTheExamples();
    void readsStages();
    void twoStagesAreOneExecution();
    void parametersAreFilledIn_data();
    void parametersAreFilledIn();
    void everyTemplateCanBeFilled();
    void aValueIsNothingButAValue_data();
    void aValueIsNothingButAValue();
};

void DrillDocumentTest::readsTheSmallest()
{
    const auto drill = parseDrill(document(hypothesis + probes + scale), QStringLiteral("mine.yaml"));
    QVERIFY2(drill, drill ? "" : qPrintable(drill.error().text()));
    QCOMPARE(drill->id, QStringLiteral("mine"));
    QCOMPARE(drill->title, QStringLiteral("mine"));
    QCOMPARE(drill->faults.size(), 1);
    QCOMPARE(drill->faults.first().kind->key(), QStringLiteral("scale"));
    QCOMPARE(drill->faults.first().arguments[u"deployment"].toString(), QStringLiteral("helloworld-v1"));
    QCOMPARE(drill->maxFailedRequests, -1);
    QCOMPARE(drill->observeFor(), 10000ms);
}

void DrillDocumentTest::readsEverything()
{
    const auto drill = parseDrill(
        document("  title: T\n  summary: S\n  hypothesis: H\n"
                 "  probes: { from: cluster-1/default/sleep, url: 'https://a/', rate: 2.5, keepAlive: true, requestTimeout: 1s }\n"
                 "  faults:\n  - moveClient: { namespace: default, from: cluster-1, to: cluster-2 }\n"
                 "  steadyFor: 1s\n  observeFor: 4s\n  recoverWithin: 500ms\n  maxFailedRequests: 3\n  expectVersionsDuring: [v1, v2]\n"
                 "  guard: { maxFailedInARow: 9, maxDuration: 1m }\n"),
        QStringLiteral("mine.yaml"));
    QVERIFY2(drill, drill ? "" : qPrintable(drill.error().text()));
    QCOMPARE(drill->title, QStringLiteral("T"));
    QCOMPARE(drill->probes.rate, 2.5);
    QVERIFY(drill->probes.keepAlive);
    QCOMPARE(drill->probes.requestTimeout, 1000ms);
    QCOMPARE(drill->faults.first().kind->key(), QStringLiteral("moveClient"));
    QCOMPARE(drill->faults.first().arguments[u"to_cluster"].toString(), QStringLiteral("cluster-2"));
    QCOMPARE(drill->steadyFor, 1000ms);
    QCOMPARE(drill->recoverWithin, 500ms);
    QCOMPARE(drill->maxFailedRequests, 3);
    QCOMPARE(drill->stages.first().expectVersions, (QStringList { QStringLiteral("v1"), QStringLiteral("v2") }));
    QCOMPARE(drill->guard.maxFailedInARow, 9);
    QCOMPARE(drill->guard.maxDuration, 60000ms);
}

void DrillDocumentTest::refuses_data()
{
    QTest::addColumn<QByteArray>("spec");
    QTest::addColumn<QString>("names"); ///< what the error must name
    QTest::newRow("no hypothesis") << probes + scale << "hypothesis";
    QTest::newRow("no probes") << hypothesis + scale << "probes";
    QTest::newRow("no fault") << hypothesis + probes + "  faults: []\n"
                              << "faults";
    QTest::newRow("a fault of two kinds") << hypothesis + probes
            + "  faults:\n  - scale: { cluster: a, namespace: b, deployment: c, replicas: 0 }\n    moveClient: { namespace: default, from: cluster-1, to: cluster-2 }\n"
                                          << "faults[0]";
    QTest::newRow("an unknown fault") << hypothesis + probes + "  faults:\n  - reboot: {}\n"
                                      << "reboot";
    QTest::newRow("negative replicas") << hypothesis + probes
            + "  faults:\n  - scale: { cluster: a, namespace: b, deployment: c, replicas: -1 }\n"
                                       << "replicas";
    QTest::newRow("a source of another form") << hypothesis + "  probes: { from: sleep, url: 'http://a/' }\n" + scale << "probes.from";
    QTest::newRow("a URL of another kind") << hypothesis + "  probes: { from: a/b/c, url: 'ftp://a/' }\n" + scale << "probes.url";
    QTest::newRow("a client moved to where it is")
        << hypothesis + probes + "  faults:\n  - moveClient: { namespace: default, from: cluster-1, to: cluster-1 }\n"
        << "moveClient";
    QTest::newRow("a client that does not send") << hypothesis
            + "  probes: { from: cluster-2/default/sleep, url: 'http://a/' }\n  faults:\n  - moveClient: { namespace: default, from: cluster-1, to: cluster-2 }\n"
                                                 << "faults[0]";
    QTest::newRow("a key that does not exist") << hypothesis + probes + scale + "  steadyfor: 3s\n"
                                               << "steadyfor";
    QTest::newRow("a time without unit") << hypothesis + probes + scale + "  steadyFor: 3\n"
                                         << "steadyFor";
    QTest::newRow("too short to see anything") << hypothesis + probes + scale + "  observeFor: 10ms\n"
                                               << "observeFor";
    QTest::newRow("stages beside the older shape") << hypothesis + probes + scale + "  stages:\n  - fault: { faults: [] }\n"
                                                   << "faults";
    QTest::newRow("stages without a fault") << hypothesis + probes + "  stages:\n  - steady: { for: 1s }\n"
                                            << "stages";
    QTest::newRow("a steady stage after the first") << hypothesis + probes
            + "  stages:\n  - fault: { faults: [ { deletePods: { cluster: a, namespace: b, service: c } } ] }\n  - steady: { for: 1s }\n"
                                                    << "stages[1]";
    QTest::newRow("something after the end") << hypothesis + probes
            + "  stages:\n  - after: { for: 1s }\n  - fault: { faults: [ { deletePods: { cluster: a, namespace: b, service: c } } ] }\n"
                                             << "stages[1]";
    QTest::newRow("a stage that is too short") << hypothesis + probes
            + "  stages:\n  - fault: { faults: [ { gatewayAway: { cluster: a } } ], for: 10ms }\n"
                                               << "for";
    QTest::newRow("a workload named twice") << hypothesis + probes
            + "  faults:\n  - scale: { cluster: a, namespace: b, deployment: c, statefulSet: c, replicas: 0 }\n"
                                            << "exactly one";
    QTest::newRow("a fault of a request that does nothing")
        << hypothesis + probes + "  faults:\n  - httpFault: { cluster: a, namespace: b, host: c }\n"
        << "delays";
    QTest::newRow("a share over a hundred") << hypothesis + probes + scale + "  guard: { maxFailedShare: 101 }\n"
                                            << "maxFailedShare";
    QTest::newRow("a window of a guard too long") << hypothesis + probes + scale + "  guard: { maxFailedShare: 10, window: 2m }\n"
                                                  << "window";
    QTest::newRow("a guard that ends it early") << hypothesis + probes + scale + "  guard: { maxDuration: 5s }\n"
                                                << "guard";
}

void DrillDocumentTest::refuses()
{
    QFETCH(QByteArray, spec);
    QFETCH(QString, names);
    const auto drill = parseDrill(document(spec), QStringLiteral("mine.yaml"));
    QVERIFY(!drill);
    QVERIFY(drill.error().kind == core::ErrorKind::InvalidInput);
    const QString text = drill.error().text();
    QVERIFY2(text.contains(names), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("mine.yaml:")), qPrintable(text));
}

void DrillDocumentTest::faultsBecomeOperations_data()
{
    QTest::addColumn<QByteArray>("faults");
    QTest::addColumn<int>("here"); // replicas of the client in cluster-1, of helloworld-v1 too
    QTest::addColumn<int>("there"); // of the client in cluster-2; -1: it is not there
    QTest::addColumn<QString>("mark");
    QTest::addColumn<QString>("plan"); // or a part of why there is none
    const QString away = QStringLiteral("scale cluster-1/default/deployments.apps/sleep to 0 from 1");
    QTest::newRow("a workload goes to 0") << scale << 1 << -1 << QString()
                                          << QStringLiteral("scale cluster-1/default/deployments.apps/helloworld-v1 to 0 from 1");
    QTest::newRow("it is there already") << scale << 0 << -1 << QString() << QStringLiteral("has 0 replicas already");
    QTest::newRow("there is none") << scale << -1 << -1 << QString() << QStringLiteral("no such deployment");
    QTest::newRow("it bears the mark of a fault")
        << scale << 1 << -1 << ops::FaultMark { QStringLiteral("e"), QStringLiteral("s"), 2, {}, QStringLiteral("theirs") }.toText()
        << QStringLiteral("of the drill “theirs”");
    QTest::newRow("two faults on one object") << scale
            + "  - scale: { cluster: cluster-1, namespace: default, deployment: helloworld-v1, replicas: 2 }\n"
                                              << 1 << -1 << QString() << QStringLiteral("two faults");
    QTest::newRow("a client goes where there is none") << move << 1 << -1 << QString()
                                                       << away
            + QStringLiteral(
                "\nmake cluster-2/default/serviceaccounts/sleep\nmake cluster-2/default/services/sleep\nmake cluster-2/default/deployments.apps/sleep");
    QTest::newRow("a client goes where one sleeps") << move << 1 << 0 << QString()
                                                    << away
            + QStringLiteral(
                "\nmake cluster-2/default/serviceaccounts/sleep\nmake cluster-2/default/services/sleep\nscale cluster-2/default/deployments.apps/sleep to 1 from 0");
    QTest::newRow("a client goes where one runs") << move << 1 << 1 << QString() << QStringLiteral("the client is there already");
    QTest::newRow("a client goes that has gone") << move << 0 << -1 << QString() << QStringLiteral("has 0 replicas already");
}

void DrillDocumentTest::faultsBecomeOperations()
{
    QFETCH(QByteArray, faults);
    QFETCH(int, here);
    QFETCH(int, there);
    QFETCH(QString, mark);
    const auto drill = parseDrill(document(hypothesis + probes + faults), QStringLiteral("mine.yaml"));
    QVERIFY2(drill, drill ? "" : qPrintable(drill.error().text()));
    const auto objects = objectsOf(*drill);
    QVERIFY(objects);
    Standing now;
    for (const FaultObject &object : *objects)
        now.insert(object, std::nullopt);
    const auto stand = [&](const QString &cluster, const char *name, int replicas) {
        if (replicas >= 0 && now.contains(deploymentOf(cluster, QLatin1String(name))))
            now.insert(deploymentOf(cluster, QLatin1String(name)), standing(name, replicas, mark));
    };
    stand(QStringLiteral("cluster-1"), "sleep", here);
    stand(QStringLiteral("cluster-1"), "helloworld-v1", here);
    stand(QStringLiteral("cluster-2"), "sleep", there);
    const auto made = faultPlan(*drill, now);
    QFETCH(QString, plan);
    if (!made) {
        QVERIFY2(made.error().text().contains(plan), qPrintable(made.error().text()));
        return;
    }
    QCOMPARE(lines(*made), plan);
    ops::Registry kinds;
    for (auto &kind : ops::kubeKinds())
        kinds.add(std::move(kind));
    const auto checked = ops::checkPlan(*made, kinds);
    QVERIFY2(checked, checked ? "" : qPrintable(checked.error().text()));
    // One after the other, and only the last step of a move brings the client.
    for (qsizetype i = 1; i < made->steps.size(); ++i)
        QCOMPARE(made->steps.at(i).dependsOn, QStringList(made->steps.at(i - 1).id));
    QCOMPARE(clientAfter(*drill, *made, made->steps.last().id).has_value(), made->steps.size() > 1);
    QVERIFY(!clientAfter(*drill, *made, made->steps.first().id));
}

void DrillDocumentTest::aFaultOfAnUnknownKindIsNoOther()
{
    auto drill = parseDrill(document(hypothesis + probes + scale), QStringLiteral("mine.yaml"));
    QVERIFY(drill);
    drill->faults.first().kind = nullptr;
    QVERIFY(!objectsOf(*drill));
    const auto plan = faultPlan(*drill, {});
    QVERIFY(!plan && plan.error().kind == core::ErrorKind::Unsupported);
}

void DrillDocumentTest::builtinDrillsAreTheExamples()
{
    const auto drills = builtinDrills();
    QCOMPARE(drills.size(), 2);
    for (const DrillDocument &drill : drills) {
        const auto file = loadDrill(tests::sourceFile(QStringLiteral("resources/drills/%1.yaml").arg(drill.id)));
        QVERIFY2(file, file ? "" : qPrintable(file.error().text()));
        QCOMPARE(file->hypothesis, drill.hypothesis);
        QVERIFY(!drill.title.isEmpty());
    }
    QVERIFY(!loadDrill(QStringLiteral("/nowhere/x.yaml")));
}

const QByteArray staged
    = "  stages:\n  - steady: { for: 2s }\n"
      "  - fault: { name: one, for: 4s, expectVersions: [v2], faults: [ { scale: { cluster: cluster-1, namespace: default, deployment: helloworld-v1, replicas: 0 } } ] }\n"
      "  - fault: { name: two, for: 5s, faults: [ { deletePods: { cluster: cluster-2, namespace: default, service: helloworld } } ] }\n"
      "  - after: { for: 6s, failbackWithin: 3s }\n";

void DrillDocumentTest::readsStages()
{
    const auto drill = parseDrill(document(hypothesis + probes + staged), QStringLiteral("mine.yaml"));
    QVERIFY2(drill, drill ? "" : qPrintable(drill.error().text()));
    QCOMPARE(drill->steadyFor, 2000ms);
    QCOMPARE(drill->stages.size(), 2);
    QCOMPARE(drill->stages.first().expectVersions, QStringList(QStringLiteral("v2")));
    QCOMPARE(drill->faults.last().stage, 1);
    QCOMPARE(drill->observeFor(), 9000ms);
    QCOMPARE(drill->afterFor, 6000ms);
    QCOMPARE(drill->failbackWithin, 3000ms);
    QCOMPARE(drill->clusters(), (QStringList { QStringLiteral("cluster-1"), QStringLiteral("cluster-2") }));
}

void DrillDocumentTest::twoStagesAreOneExecution()
{
    auto drill = parseDrill(document(hypothesis + probes + staged), QStringLiteral("mine.yaml"));
    QVERIFY(drill);
    // As resolve() finds them out.
    drill->faults.last().arguments.insert(QStringLiteral("pods"),
        QJsonArray { QJsonObject { { QStringLiteral("name"), QStringLiteral("p-1") }, { QStringLiteral("uid"), QStringLiteral("u-1") } } });
    Standing now { { deploymentOf(QStringLiteral("cluster-1"), QStringLiteral("helloworld-v1")), standing("helloworld-v1", 1) } };
    const auto plan = faultPlan(*drill, now);
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    QStringList steps;
    for (const ops::Step &step : plan->steps)
        steps += step.operation.kind;
    QCOMPARE(steps, (QStringList { QStringLiteral("kube.scale"), QStringLiteral("wait.hold"), QStringLiteral("kube.deletePod") }));
    QCOMPARE(plan->steps.at(2).dependsOn, QStringList(plan->steps.at(1).id));
    ops::Registry kinds;
    for (auto &kind : ops::kubeKinds())
        kinds.add(std::move(kind));
    const auto checked = ops::checkPlan(*plan, kinds);
    QVERIFY2(checked, checked ? "" : qPrintable(checked.error().text()));
}

const QByteArray unfilled
    = "  title: Lose $(target.name)\n  hypothesis: It holds.\n  parameters:\n    target: { type: workload, about: who }\n"
      "    client: { type: workload, default: cluster-1/shop/till }\n    stay: { type: duration, default: 4s }\n"
      "    versions: { type: labels, default: [] }\n    left: { type: integer, default: 0, min: 0, max: 3 }\n    kind: { type: label, default: a, allowed: [a, b] }\n"
      "  probes: { from: $(client), url: 'http://a/' }\n  stages:\n"
      "  - fault: { faults: [ { scale: { cluster: $(target.cluster), namespace: $(target.namespace), workload: $(target.name), replicas: $(left) } } ], for: $(stay), expectVersions: [$(versions)] }\n";

void DrillDocumentTest::parametersAreFilledIn_data()
{
    using Values = QMap<QString, QString>;
    QTest::addColumn<Values>("values");
    QTest::addColumn<QString>("words"); // empty: it is filled
    const QString target = QStringLiteral("target"), till = QStringLiteral("cluster-2/shop/till");
    QTest::newRow("what has to be given") << Values { { target, till } } << QString();
    QTest::newRow("a list and a number") << Values { { target, till }, { QStringLiteral("versions"), QStringLiteral("v1,v2") },
        { QStringLiteral("left"), QStringLiteral("3") } }
                                         << QString();
    QTest::newRow("nothing") << Values() << QStringLiteral("mine.yaml:9): parameter target: it has no value (who)");
    QTest::newRow("a name that is none") << Values { { target, till }, { QStringLiteral("targets"), till } } << QStringLiteral("targets");
    QTest::newRow("a workload of another form")
        << Values { { target, QStringLiteral("till") } } << QStringLiteral("cluster/namespace/workload");
    QTest::newRow("a number that is too large")
        << Values { { target, till }, { QStringLiteral("left"), QStringLiteral("4") } } << QStringLiteral("from 0 to 3");
    QTest::newRow("a time that is none") << Values { { target, till }, { QStringLiteral("stay"), QStringLiteral("long") } }
                                         << QStringLiteral("not a time");
    QTest::newRow("a value that is not allowed")
        << Values { { target, till }, { QStringLiteral("kind"), QStringLiteral("c") } } << QStringLiteral("none of: a, b");
}

void DrillDocumentTest::parametersAreFilledIn()
{
    using Values = QMap<QString, QString>;
    QFETCH(Values, values);
    QFETCH(QString, words);
    const auto known = parseTemplate(document(unfilled), QStringLiteral("mine.yaml"));
    QVERIFY2(known, known ? "" : qPrintable(known.error().text()));
    QVERIFY(!known->isReady());
    const auto drill = known->fill(values);
    if (!words.isEmpty()) {
        QVERIFY(!drill && drill.error().kind == core::ErrorKind::InvalidInput);
        QVERIFY2(drill.error().text().contains(words), qPrintable(drill.error().text()));
        return;
    }
    QVERIFY2(drill, drill ? "" : qPrintable(drill.error().text()));
    QCOMPARE(drill->title, QStringLiteral("Lose till"));
    QCOMPARE(drill->faults.first().arguments[u"workload"].toString(), QStringLiteral("till"));
    QCOMPARE(drill->faults.first().arguments[u"cluster"].toString(), QStringLiteral("cluster-2"));
    QCOMPARE(drill->stages.first().hold, 4000ms);
    QCOMPARE(drill->stages.first().expectVersions.join(u','), values.value(QStringLiteral("versions")));
    QCOMPARE(drill->parameters.value(QStringLiteral("client")), QStringLiteral("cluster-1/shop/till"));
}

void DrillDocumentTest::everyTemplateCanBeFilled()
{
    const auto all = builtinTemplates();
    QVERIFY(all.size() >= 12);
    int open = 0;
    for (const DrillTemplate &one : all) {
        QMap<QString, QString> values;
        for (const Parameter &parameter : one.parameters) {
            QVERIFY2(!parameter.about.isEmpty(), qPrintable(one.id));
            if (parameter.preset)
                continue;
            values.insert(parameter.name,
                parameter.type == ParameterType::Workload  ? QStringLiteral("c-9/shop/%1").arg(parameter.name)
                    : parameter.type == ParameterType::Url ? QStringLiteral("http://shop:80/pay?x=1")
                                                           : QStringLiteral("c-9"));
        }
        const auto drill = one.fill(values);
        QVERIFY2(drill, drill ? "" : qPrintable(one.id + u' ' + drill.error().text()));
        QVERIFY(!drill->title.contains(u'$') && !drill->hypothesis.contains(u'$') && !drill->summary.contains(u'$'));
        if (values.isEmpty())
            continue;
        ++open;
        QVERIFY2(!one.yaml.contains("helloworld") && !one.yaml.contains("sleep") && !one.yaml.contains("cluster-"), qPrintable(one.id));
    }
    QVERIFY(open >= 10);
}

void DrillDocumentTest::aValueIsNothingButAValue_data()
{
    QTest::addColumn<QString>("value");
    for (const char *type : { "label", "workload", "url", "integer", "duration", "labels" }) {
        int number = 0;
        for (const char *value : { "a, b: c", "a\nb", "a }", "[a]", "&a", "*a", "!t a", "'", "\"", "# a", "a #b", "$(x)", "a: b", "{a",
                 "%a", "|", "~", "http://a/b,c", "http://a/#b", "http://a/\n", "1 #", "1s,", "c/n/w\n" })
            QTest::addRow("%s, form %d", type, ++number) << QString::fromLatin1(type) + u'\t' + QString::fromLatin1(value);
    }
}

void DrillDocumentTest::aValueIsNothingButAValue()
{
    QFETCH(QString, value);
    for (const ParameterType type : { ParameterType::Label, ParameterType::Workload, ParameterType::Url, ParameterType::Integer,
             ParameterType::Duration, ParameterType::Labels }) {
        if (typeName(type) != value.section(u'\t', 0, 0))
            continue;
        Parameter parameter;
        parameter.type = type;
        QVERIFY(!parameter.whyNot(value.section(u'\t', 1)).isEmpty());
    }
}

QTEST_APPLESS_MAIN(DrillDocumentTest)
#include "tst_drilldocument.moc"
