// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/acceptance.h"
#include "findings/engine.h"
#include "findings/failover.h"
#include "findings/mend.h"
#include "findings/rule.h"
#include "findings/watch.h"
#include "fleets.h"
#include "ops/kinds/kubekinds.h"
#include "ops/plan.h"
#include "ops/registry.h"

#include <QJsonDocument>
#include <QTemporaryDir>
#include <QtTest>

#include <cstdio>
#include <ctime>

using namespace catamaran;
using findings::Finding;
using findings::Health;

Q_DECLARE_METATYPE(std::function<void(catamaran::observe::ObservedFleet &)>)

class TestFindings : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_fleets = std::make_unique<tests::Fleets>(); }
    void everyCauseIsNamed();
    void rulesAreWhole();
    void aRefusalConcernsOneKind();
    void oldKnowledgeIsStale();
    void whatMendsCanBeCarriedOut();
    void whatIsMissingIsMadeAndWhatIsOffIsTurnedOn_data();
    void whatIsMissingIsMadeAndWhatIsOffIsTurnedOn();
    void aCopyListensWhereItsModelDoes();
    void whatIsToBeMendedIsNamedOnce();
    void everyRuleHasADocumentation();
    void whatIsAcceptedIsKeptInItsFile();
    void aChangeNamesItsCluster_data();
    void aChangeNamesItsCluster();
    void theAgeOfAllIsThatOfTheOldest();
    void manyClustersTakeASecond();
    void willItFailOver_data();
    void willItFailOver();
    void whatIsAcceptedDoesNotCount();
    void acceptancesAreReadStrictly_data();
    void acceptancesAreReadStrictly();

private:
    std::unique_ptr<tests::Fleets> m_fleets;
};

namespace {

QStringList rulesIn(const QList<Finding> &found)
{
    QStringList rules;
    for (const Finding &finding : found)
        rules.append(finding.rule);
    rules.removeDuplicates();
    rules.sort();
    return rules;
}

QList<Finding> of(const QList<Finding> &found, const char *rule)
{
    QList<Finding> result;
    for (const Finding &finding : found)
        if (finding.rule == QLatin1StringView(rule))
            result.append(finding);
    return result;
}

} // namespace

/// The labelled set. Every line is printed; the totals are what is promised.
void TestFindings::everyCauseIsNamed()
{
    int named = 0, broken = 0, falseAlarms = 0, all = 0;
    QStringList wrong;
    for (const char *file : { "broken.yaml", "healthy.yaml" }) {
        for (const tests::FleetCase &one : m_fleets->cases(QString::fromLatin1(file))) {
            const QStringList found = rulesIn(findings::judge(one.facts));
            QStringList extra = found;
            extra.removeAll(one.rule);
            for (const QString &also : one.also)
                extra.removeAll(also);
            const bool isNamed = one.rule.isEmpty() || found.contains(one.rule);
            ++all;
            broken += one.rule.isEmpty() ? 0 : 1;
            named += !one.rule.isEmpty() && isNamed ? 1 : 0;
            falseAlarms += extra.isEmpty() ? 0 : 1;
            const QString line = QStringLiteral("%1  %2  expected %3, found %4")
                                     .arg(isNamed && extra.isEmpty() ? QStringLiteral("right") : QStringLiteral("WRONG"), one.name,
                                         one.rule.isEmpty() ? QStringLiteral("nothing") : one.rule,
                                         found.isEmpty() ? QStringLiteral("nothing") : found.join(QStringLiteral(", ")));
            std::fprintf(stdout, "  %s\n", qPrintable(line));
            if (!isNamed || !extra.isEmpty())
                wrong.append(line);
        }
    }
    std::fprintf(stdout, "%d broken fleets: the cause named in %d, missed in %d; %d healthy fleets; %d of %d with a false alarm\n", broken,
        named, broken - named, all - broken, falseAlarms, all);
    std::fflush(stdout);
    QVERIFY(broken >= 70 && all - broken >= 25);
    QVERIFY2(named * 100 >= broken * 95, qPrintable(wrong.join(u'\n')));
    QVERIFY2(falseAlarms * 100 <= all * 2, qPrintable(wrong.join(u'\n')));
}

void TestFindings::rulesAreWhole()
{
    QSet<QString> ids;
    QSet<QString> labelled;
    for (const tests::FleetCase &one : m_fleets->cases(QStringLiteral("broken.yaml")))
        labelled.insert(one.rule);
    for (const findings::Rule &rule : findings::rules()) {
        const QString id = QString::fromLatin1(rule.id);
        QVERIFY2(!ids.contains(id), rule.id);
        ids.insert(id);
        QVERIFY2(id.startsWith(findings::layerName(rule.layer) + u'.'), rule.id);
        QVERIFY2(!rule.name().isEmpty() && !rule.explanation().isEmpty() && !rule.remedyWords().isEmpty(), rule.id);
        QVERIFY2(rule.severity == Health::Failed || rule.severity == Health::Warning, rule.id);
        // Those over a cloud account have no objects to be shown with.
        QVERIFY2(labelled.contains(id) || rule.needs.testFlag(findings::Need::Meshes) || id == u"cluster.unreachable", rule.id);
    }
    QVERIFY(ids.size() >= 45);
}

/// Who may not list one kind learns which right each unknown needs, and all the rest.
void TestFindings::aRefusalConcernsOneKind()
{
    auto cases = m_fleets->cases(QStringLiteral("broken.yaml"));
    const auto other = std::find_if(
        cases.begin(), cases.end(), [](const tests::FleetCase &one) { return one.rule == u"discovery.service-ports-differ"; });
    auto &objects = other->facts.clusters[0];
    objects.peerAuthentications = {};
    objects.peerAuthentications.take(
        core::fail(core::ErrorKind::Forbidden, QStringLiteral("list peerauthentications"), {}, QStringLiteral("forbidden")),
        QStringLiteral("GET peerauthentications on cluster-1"), other->facts.now);
    const auto found = findings::judge(other->facts);
    QCOMPARE(of(found, "discovery.service-ports-differ").first().state, Health::Failed);
    const auto unknown = of(found, "trust.mtls-disabled");
    QCOMPARE(unknown.size(), 1);
    QCOMPARE(unknown.first().state, Health::Unknown);
    QCOMPARE(unknown.first().cluster, QStringLiteral("cluster-1"));
    QVERIFY2(unknown.first().sentence.contains(u"list peerauthentications.security.istio.io"), qPrintable(unknown.first().sentence));
    QVERIFY(of(found, "trust.root-differs").isEmpty());
}

void TestFindings::oldKnowledgeIsStale()
{
    auto cases = m_fleets->cases(QStringLiteral("broken.yaml"));
    const auto one = std::find_if(
        cases.begin(), cases.end(), [](const tests::FleetCase &each) { return each.rule == u"discovery.service-not-exported"; });
    findings::FleetFacts now = one->facts;
    now.now = one->facts.now.addSecs(60);
    for (observe::ClusterObjects &cluster : now.clusters) {
        cluster.services = {};
        cluster.services.take(
            core::fail(core::ErrorKind::Timeout, QStringLiteral("list services"), {}, QStringLiteral("no answer")), {}, now.now);
    }
    const auto found = of(findings::judge(findings::withWhatWasKnown(now, one->facts)), "discovery.service-not-exported");
    QCOMPARE(found.size(), 1);
    QCOMPARE(found.first().state, Health::Stale);
    QCOMPARE(found.first().evidence.first().at, one->facts.now);
    now = one->facts;
    now.now = one->facts.now.addSecs(3600);
    QCOMPARE(of(findings::judge(now), "discovery.service-not-exported").first().state, Health::Stale);
}

/// What is offered to be run is what the operations take.
void TestFindings::whatMendsCanBeCarriedOut()
{
    ops::Registry registry;
    for (auto &kind : ops::kubeKinds())
        registry.add(std::move(kind));
    int offered = 0;
    for (const tests::FleetCase &one : m_fleets->cases(QStringLiteral("broken.yaml"))) {
        for (const Finding &finding : findings::judge(one.facts)) {
            const ops::Plan plan = findings::mendPlan(finding);
            QCOMPARE(plan.steps.size(), finding.mend.size());
            for (const ops::Operation &operation : finding.mend)
                QVERIFY2(operation.kind != u"kube.delete", qPrintable(finding.rule)); // nothing is ever deleted
            offered += plan.isEmpty() ? 0 : 1;
            const auto checked = ops::checkPlan(plan, registry);
            QVERIFY2(checked, qPrintable(finding.rule + QStringLiteral(": ") + (checked ? QString() : checked.error().text())));
        }
    }
    QVERIFY(offered >= 12);
}

/// By rule: the first operation that mends it, its kind and what it is about.
void TestFindings::whatIsMissingIsMadeAndWhatIsOffIsTurnedOn_data()
{
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("says"); // in its arguments
    const auto row = [](const char *name, const char *rule, const char *kind, const char *says) {
        QTest::newRow(name) << QString::fromLatin1(rule) << QString::fromLatin1(kind) << QString::fromLatin1(says);
    };
    row("a namespace that does not inject is labelled", "discovery.injection-off", "kube.patch", "istio-injection");
    row("a network without a label is labelled", "discovery.network-unlabelled", "kube.patch", "topology.istio.io/network");
    row("a gateway without a label is labelled", "gateway.unlabelled", "kube.patch", "topology.istio.io/network");
    row("a Service that only the other side has is put there", "discovery.service-missing", "kube.apply", "\"port\":5000");
    row("a gateway that nothing tells to listen gets its Gateway", "gateway.no-passthrough", "kube.apply", "AUTO_PASSTHROUGH");
}

void TestFindings::whatIsMissingIsMadeAndWhatIsOffIsTurnedOn()
{
    QFETCH(QString, rule);
    QFETCH(QString, kind);
    QFETCH(QString, says);
    QStringList seen;
    for (const tests::FleetCase &one : m_fleets->cases(QStringLiteral("broken.yaml"))) {
        if (one.rule != rule)
            continue;
        for (const Finding &finding : of(findings::judge(one.facts), qPrintable(rule)))
            for (const ops::Operation &operation : finding.mend) {
                QCOMPARE(operation.kind, kind);
                seen << QString::fromUtf8(QJsonDocument(operation.arguments).toJson(QJsonDocument::Compact));
            }
    }
    QVERIFY(!seen.isEmpty());
    QVERIFY2(std::any_of(seen.begin(), seen.end(), [&](const QString &text) { return text.contains(says); }), qPrintable(seen.join(u'\n')));
}

/// Where its pods listen is part of a Service that is put there, and no difference between clusters.
void TestFindings::aCopyListensWhereItsModelDoes()
{
    auto cases = m_fleets->cases(QStringLiteral("broken.yaml"));
    const auto one
        = std::find_if(cases.begin(), cases.end(), [](const tests::FleetCase &each) { return each.rule == u"discovery.service-missing"; });
    const auto service = observe::decode<observe::ServiceFacts>(QJsonDocument::fromJson(
        R"({"metadata":{"name":"a"},"spec":{"ports":[{"port":80,"targetPort":8080},{"port":81,"targetPort":"web"}]}})")
                                                                    .object());
    QCOMPARE(service->ports.at(0).target, QStringLiteral("8080"));
    QCOMPARE(service->ports.at(1).target, QStringLiteral("web"));
    for (observe::ClusterObjects &cluster : one->facts.clusters)
        for (observe::ServiceFacts &each : *cluster.services.value)
            for (observe::ServicePort &port : each.ports)
                port.target = QStringLiteral("8080");
    const auto found = findings::judge(one->facts);
    const auto text = QJsonDocument(of(found, "discovery.service-missing").first().mend.first().arguments).toJson(QJsonDocument::Compact);
    QVERIFY2(text.contains("\"targetPort\":8080"), text);
    one->facts.clusters[0].services.value->first().ports.first().target = QStringLiteral("9090");
    QVERIFY(of(findings::judge(one->facts), "discovery.service-ports-differ").isEmpty());
}

void TestFindings::whatIsToBeMendedIsNamedOnce()
{
    const auto finding = [](const char *rule, const char *cluster, Health state, bool isMendable) {
        Finding made;
        made.rule = QString::fromLatin1(rule);
        made.cluster = QString::fromLatin1(cluster);
        made.state = state;
        made.remedy = QStringLiteral("ask the fish");
        if (isMendable)
            made.mend = { { QStringLiteral("kube.scale"), {} } };
        return made;
    };
    const QList<Finding> found { finding("gateway.no-pods", "cluster-1", Health::Failed, true),
        finding("gateway.no-pods", "cluster-2", Health::Failed, true), finding("workload.no-endpoints", "cluster-1", Health::Warning, true),
        finding("trust.root-differs", "cluster-1", Health::Failed, false), finding("gateway.hosts", "cluster-1", Health::Stale, true) };
    const auto one = findings::mendable(found, QStringLiteral("workload.no-endpoints"));
    QVERIFY(one && one->rule == u"workload.no-endpoints");
    QVERIFY(findings::mendable(found, QStringLiteral("gateway.no-pods|cluster-2"))->cluster == u"cluster-2");
    const auto two = findings::mendable(found, QStringLiteral("gateway.no-pods"));
    QVERIFY(!two);
    QVERIFY2(two.error().remedy.contains(found.at(1).id()), qPrintable(two.error().text()));
    const auto nobody = findings::mendable(found, QStringLiteral("trust.root-differs"));
    QVERIFY(!nobody);
    QCOMPARE(nobody.error().remedy, QStringLiteral("ask the fish"));
    QVERIFY(!findings::mendable(found, QStringLiteral("gateway.hosts"))); // it rests on what is old
    QVERIFY(!findings::mendable(found, QStringLiteral("gateway"))); // a layer is no beginning of an id
    QVERIFY(!findings::mendable({}, QStringLiteral("gateway.no-pods")));
}

void TestFindings::everyRuleHasADocumentation()
{
    for (const findings::Rule &rule : findings::rules()) {
        const QString id = QString::fromLatin1(rule.id);
        QVERIFY2(findings::ruleOf(id), rule.id);
        QVERIFY2(findings::documentationOf(id, false).startsWith(u"https://istio.io/latest/docs/"), rule.id);
        QVERIFY2(findings::documentationOf(id, true).startsWith(u"https://istio.io/latest/zh/docs/"), rule.id);
    }
    QVERIFY(!findings::ruleOf(QStringLiteral("trust.nothing")));
}

void TestFindings::whatIsAcceptedIsKeptInItsFile()
{
    QTemporaryDir folder;
    documents::Environment environment;
    environment.name = QStringLiteral("prod");
    QVERIFY(!findings::saveAcceptances(environment, {})); // it has no file
    environment.file = folder.filePath(QStringLiteral("prod.yaml"));
    Finding finding;
    finding.rule = QStringLiteral("gateway.host-name");
    finding.cluster = QStringLiteral("cluster-1");
    finding.object = QStringLiteral("Service istio-system/gate: \"way\"\n#");
    finding.state = Health::Warning;
    const QDate day(2027, 1, 31);
    auto list = findings::withAccepted({}, finding, { day, QStringLiteral("known: #12\n- {a: b}") });
    QVERIFY(findings::saveAcceptances(environment, list));
    QCOMPARE(QFile::permissions(findings::acceptancesFile(environment)) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    auto read = findings::loadAcceptances(environment);
    QVERIFY2(read, qPrintable(read ? QString() : read.error().text()));
    QVERIFY(*read == list);
    QList<Finding> found { finding };
    findings::accept(found, *read, day);
    QVERIFY(found.first().accepted);
    // Accepted once more: the later word counts, and there is one.
    list = findings::withAccepted(*read, finding, { day.addDays(1), QStringLiteral("later") });
    QCOMPARE(list.size(), 1);
    QCOMPARE(list.first().accepted.reason, QStringLiteral("later"));
    // What is for every cluster goes with it; what is of another rule stays.
    list.append({ finding.rule, {}, {}, { day, QStringLiteral("everywhere") } });
    list.append({ QStringLiteral("gateway.hosts"), finding.cluster, {}, { day, QStringLiteral("other") } });
    list = findings::withoutAccepted(list, finding);
    QCOMPARE(list.size(), 1);
    QCOMPARE(list.first().rule, QStringLiteral("gateway.hosts"));
    findings::accept(found, list, day);
    QVERIFY(!found.first().accepted); // taken back at once
    QVERIFY(findings::saveAcceptances(environment, {}));
    read = findings::loadAcceptances(environment);
    QVERIFY(read && read->isEmpty());
}

void TestFindings::aChangeNamesItsCluster_data()
{
    using Change = std::function<void(observe::ObservedFleet &)>;
    QTest::addColumn<Change>("change");
    QTest::addColumn<QStringList>("clusters");
    const QStringList one { QStringLiteral("cluster-1") }, two { QStringLiteral("cluster-2") };
    QTest::newRow("nothing") << Change([](observe::ObservedFleet &) {}) << QStringList();
    QTest::newRow("only the time") << Change([](observe::ObservedFleet &fleet) { fleet.at = fleet.at.addSecs(5); }) << QStringList();
    QTest::newRow("a pod") << Change([](observe::ObservedFleet &fleet) { fleet.clusters[0].workloads[0].podNames << QStringLiteral("b"); })
                           << one;
    QTest::newRow("a scaled workload") << Change([](observe::ObservedFleet &fleet) { fleet.clusters[1].workloads[0].desired = 0; }) << two;
    QTest::newRow("an API server that went") << Change([](observe::ObservedFleet &fleet) { fleet.clusters[0].reachable = false; }) << one;
    QTest::newRow("a Service") << Change([](observe::ObservedFleet &fleet) { fleet.clusters[1].services << QStringLiteral("a/b"); }) << two;
    QTest::newRow("a cluster more") << Change([](observe::ObservedFleet &fleet) {
        observe::ObservedCluster more;
        more.name = QStringLiteral("cluster-3");
        fleet.clusters << more;
    }) << QStringList { QStringLiteral("cluster-3") };
}

void TestFindings::aChangeNamesItsCluster()
{
    QFETCH(std::function<void(observe::ObservedFleet &)>, change);
    QFETCH(QStringList, clusters);
    observe::ObservedFleet before;
    before.at = QDateTime::currentDateTimeUtc();
    for (int i = 1; i <= 2; ++i) {
        observe::ObservedCluster cluster;
        cluster.name = QStringLiteral("cluster-%1").arg(i);
        cluster.reachable = true;
        observe::ObservedWorkload workload;
        workload.name = QStringLiteral("hello");
        workload.desired = workload.ready = 1;
        workload.podNames = { QStringLiteral("a") };
        cluster.workloads << workload;
        before.clusters << cluster;
    }
    observe::ObservedFleet now = before;
    change(now);
    const findings::Changed changed = findings::changedBetween(before, now);
    QCOMPARE(changed.clusters, clusters);
    QVERIFY(!changed.meshes);
    QCOMPARE(changed.isNone(), clusters.isEmpty());
}

void TestFindings::theAgeOfAllIsThatOfTheOldest()
{
    findings::Judgement judgement;
    judgement.facts = m_fleets->healthy();
    judgement.facts.now = QDateTime::currentDateTimeUtc(); // judging anew reads nothing
    const QDateTime old = judgement.facts.now.addSecs(-90);
    judgement.facts.clusters[0].server.at = judgement.facts.now;
    judgement.facts.clusters[1].server.at = old;
    QCOMPARE(judgement.readAt(), old);
    judgement.facts.clusters.clear();
    QVERIFY(!judgement.readAt().isValid());
}

void TestFindings::manyClustersTakeASecond()
{
    const findings::FleetFacts two = m_fleets->healthy();
    findings::FleetFacts many;
    many.now = two.now;
    many.meshes = two.meshes;
    constexpr int clusters = 300, services = 67;
    for (int i = 0; i < clusters; ++i) {
        observe::ClusterObjects cluster = two.clusters.at(i % 2);
        cluster.name = QStringLiteral("cluster-%1").arg(i + 1);
        cluster.pods.value->first().clusterId = cluster.name;
        for (int j = 0; j < services; ++j) {
            observe::ServiceFacts service = cluster.services.value->at(1);
            service.name = QStringLiteral("service-%1").arg(j);
            service.selector = { { QStringLiteral("app"), service.name } };
            cluster.services.value->append(service);
            observe::PodFacts pod = cluster.pods.value->at(2);
            pod.name = service.name + QStringLiteral("-0");
            pod.labels[QStringLiteral("app")] = service.name;
            cluster.pods.value->append(pod);
            observe::SliceFacts slice = cluster.slices.value->at(0);
            slice.service = service.name;
            cluster.slices.value->append(slice);
        }
        many.clusters.append(cluster);
    }
    QElapsedTimer timer;
    timer.start();
    const std::clock_t before = std::clock();
    const auto found = findings::judge(many);
    const double busy = 1000.0 * double(std::clock() - before) / CLOCKS_PER_SEC;
    const qint64 took = timer.elapsed();
    std::fprintf(stdout, "%d clusters with %d services: %.0f ms of a core, %lld ms in all, %lld findings\n", clusters, clusters * services,
        busy, static_cast<long long>(took), static_cast<long long>(found.size()));
    std::fflush(stdout);
    QVERIFY(took < 10000); // the figure is printed; a shared machine decides nothing
}

void TestFindings::willItFailOver_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("fleet");
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("answer");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const char *file, const char *fleet, const char *from, const char *answer, const char *says) {
        QTest::newRow(name) << QString::fromLatin1(file) << QString::fromLatin1(fleet) << QString::fromLatin1(from)
                            << QString::fromLatin1(answer) << QString::fromLatin1(says);
    };
    row("sound outlier detection in both clusters", "healthy.yaml", "the same rules in both clusters", "cluster-1", "yes",
        "cluster-2 answers");
    row("the same from the other side", "healthy.yaml", "the same rules in both clusters", "cluster-2", "yes", "cluster-1 answers");
    row("no rule at all", "healthy.yaml", "two clusters, two networks", "cluster-1", "no", "no outlier detection");
    row("a rule that ejects nobody", "broken.yaml", "outlier detection without a percentage", "cluster-1", "no", "only 10 %");
    row("a rule that counts nothing", "broken.yaml", "outlier detection that counts nothing", "cluster-2", "no", "counts no errors");
    row("a panic threshold", "broken.yaml", "a panic threshold", "cluster-1", "no", "below 50 %");
    row("fixed shares", "broken.yaml", "fixed shares by locality", "cluster-1", "no", "fixed by locality");
    row("no remote secret", "broken.yaml", "no remote secret in one direction", "cluster-1", "no", "holds no remote secret");
    row("the other direction of a missing secret is another matter", "broken.yaml", "no remote secret in one direction", "cluster-2", "no",
        "no outlier detection");
    row("no pods on the other side", "broken.yaml", "pods that do not become ready on one side", "cluster-1", "no",
        "no other cluster has a ready endpoint");
    row("a gateway without address", "broken.yaml", "a gateway that waits for its address", "cluster-1", "no", "waits for an address");
    row("its own gateway does not matter", "broken.yaml", "a gateway that waits for its address", "cluster-2", "no",
        "no outlier detection");
    row("kept inside", "broken.yaml", "kept inside the cluster", "cluster-1", "no", "keeps it inside");
}

void TestFindings::willItFailOver()
{
    QFETCH(QString, file);
    QFETCH(QString, fleet);
    QFETCH(QString, from);
    QFETCH(QString, answer);
    QFETCH(QString, says);
    const auto cases = m_fleets->cases(file);
    const auto one = std::find_if(cases.begin(), cases.end(), [&](const tests::FleetCase &each) { return each.name == fleet; });
    QVERIFY(one != cases.end());
    const auto verdicts = findings::failover(one->facts, findings::judge(one->facts));
    const auto verdict = std::find_if(verdicts.begin(), verdicts.end(),
        [&](const findings::FailoverVerdict &each) { return each.service == u"sample/helloworld" && each.from == from; });
    QVERIFY(verdict != verdicts.end());
    QCOMPARE(findings::answerName(verdict->answer), answer);
    QVERIFY2(verdict->sentence.contains(says), qPrintable(verdict->sentence));
    for (const findings::FailoverCondition &condition : verdict->conditions)
        QVERIFY2(condition.holds == true || !condition.change.isEmpty(), qPrintable(condition.text));

    // What could not be read makes a yes into not known, and leaves a no.
    findings::FleetFacts blind = one->facts;
    for (observe::ClusterObjects &cluster : blind.clusters)
        cluster.virtualServices = {};
    const auto again = findings::failover(blind, findings::judge(blind));
    const auto same = std::find_if(again.begin(), again.end(),
        [&](const findings::FailoverVerdict &each) { return each.service == verdict->service && each.from == from; });
    QCOMPARE(findings::answerName(same->answer), answer == u"yes" ? QStringLiteral("unknown") : QStringLiteral("no"));
}

void TestFindings::whatIsAcceptedDoesNotCount()
{
    const auto cases = m_fleets->cases(QStringLiteral("broken.yaml"));
    const auto one
        = std::find_if(cases.begin(), cases.end(), [](const tests::FleetCase &each) { return each.rule == u"drill.autoscaler-fights"; });
    const QDate today = one->facts.now.date();
    const findings::Acceptance wanted { QStringLiteral("drill.autoscaler-fights"), QStringLiteral("cluster-1"), {},
        { today, QStringLiteral("known: #12") } };
    const auto read
        = findings::parseAcceptances(findings::toYaml({ wanted }, QStringLiteral("prod")), QStringLiteral("prod.accepted.yaml"));
    QVERIFY2(read, qPrintable(read ? QString() : read.error().text()));
    QVERIFY(read->first() == wanted);
    auto found = findings::judge(one->facts);
    findings::accept(found, *read, today);
    QVERIFY(!of(found, "drill.autoscaler-fights").first().counts());
    QCOMPARE(of(found, "drill.autoscaler-fights").first().accepted->reason, QStringLiteral("known: #12"));
    found = findings::judge(one->facts);
    findings::accept(found, *read, today.addDays(1));
    QVERIFY(of(found, "drill.autoscaler-fights").first().counts());
    findings::Acceptance elsewhere = wanted;
    elsewhere.cluster = QStringLiteral("cluster-2");
    findings::accept(found, { elsewhere }, today);
    QVERIFY(of(found, "drill.autoscaler-fights").first().counts());
}

void TestFindings::acceptancesAreReadStrictly_data()
{
    QTest::addColumn<QByteArray>("entry");
    QTest::addColumn<QString>("names");
    QTest::newRow("a rule that does not exist")
        << QByteArray("{rule: trust.nothing, until: 2027-01-31, reason: x}") << QStringLiteral("rule");
    QTest::newRow("no day") << QByteArray("{rule: trust.root-differs, until: soon, reason: x}") << QStringLiteral("until");
    QTest::newRow("no end") << QByteArray("{rule: trust.root-differs, reason: x}") << QStringLiteral("until");
    QTest::newRow("no reason") << QByteArray("{rule: trust.root-differs, until: 2027-01-31, reason: ' '}") << QStringLiteral("reason");
    QTest::newRow("a field nobody knows") << QByteArray("{rule: trust.root-differs, until: 2027-01-31, reason: x, for: ever}")
                                          << QStringLiteral("for");
}

void TestFindings::acceptancesAreReadStrictly()
{
    QFETCH(QByteArray, entry);
    QFETCH(QString, names);
    const auto read = findings::parseAcceptances(
        "apiVersion: catamaran.io/v1\nkind: Acceptances\nmetadata: {name: prod}\nspec: {accepted: [" + entry + "]}\n",
        QStringLiteral("prod.accepted.yaml"));
    QVERIFY(!read);
    QVERIFY2(read.error().text().contains(u"prod.accepted.yaml") && read.error().text().contains(names), qPrintable(read.error().text()));
}

QTEST_GUILESS_MAIN(TestFindings)
#include "tst_findings.moc"
