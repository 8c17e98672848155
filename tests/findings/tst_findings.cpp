// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/engine.h"
#include "findings/rule.h"
#include "fleets.h"
#include "ops/kinds/kubekinds.h"
#include "ops/plan.h"
#include "ops/registry.h"

#include <QtTest>

#include <cstdio>

using namespace catamaran;
using findings::Finding;
using findings::Health;

class TestFindings : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_fleets = std::make_unique<tests::Fleets>(); }
    void everyCauseIsNamed();
    void rulesAreWhole();
    void aRefusalConcernsOneKind();
    void oldKnowledgeIsStale();
    void whatMendsCanBeCarriedOut();
    void manyClustersTakeASecond();

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
            const QString line = QStringLiteral("%1  %2  expected %3, found %4").arg(isNamed && extra.isEmpty() ? QStringLiteral("right") : QStringLiteral("WRONG"),
                one.name, one.rule.isEmpty() ? QStringLiteral("nothing") : one.rule, found.isEmpty() ? QStringLiteral("nothing") : found.join(QStringLiteral(", ")));
            std::fprintf(stdout, "  %s\n", qPrintable(line));
            if (!isNamed || !extra.isEmpty())
                wrong.append(line);
        }
    }
    std::fprintf(stdout, "%d broken fleets: the cause named in %d, missed in %d; %d healthy fleets; %d of %d with a false alarm\n", broken, named,
        broken - named, all - broken, falseAlarms, all);
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
    const auto other = std::find_if(cases.begin(), cases.end(), [](const tests::FleetCase &one) { return one.rule == u"discovery.service-ports-differ"; });
    auto &objects = other->facts.clusters[0];
    objects.peerAuthentications = {};
    objects.peerAuthentications.take(core::fail(core::ErrorKind::Forbidden, QStringLiteral("list peerauthentications"), {}, QStringLiteral("forbidden")),
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
    const auto one = std::find_if(cases.begin(), cases.end(), [](const tests::FleetCase &each) { return each.rule == u"discovery.service-not-exported"; });
    findings::FleetFacts now = one->facts;
    now.now = one->facts.now.addSecs(60);
    for (observe::ClusterObjects &cluster : now.clusters) {
        cluster.services = {};
        cluster.services.take(core::fail(core::ErrorKind::Timeout, QStringLiteral("list services"), {}, QStringLiteral("no answer")), {}, now.now);
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
            ops::Plan plan;
            for (const ops::Operation &operation : finding.mend)
                plan.steps.append({ QStringLiteral("mend-%1").arg(plan.steps.size()), {}, {}, operation });
            offered += plan.isEmpty() ? 0 : 1;
            const auto checked = ops::checkPlan(plan, registry);
            QVERIFY2(checked, qPrintable(finding.rule + QStringLiteral(": ") + (checked ? QString() : checked.error().text())));
        }
    }
    QVERIFY(offered >= 8);
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
    const auto found = findings::judge(many);
    const qint64 took = timer.elapsed();
    std::fprintf(stdout, "%d clusters with %d services: %lld ms, %lld findings\n", clusters, clusters * services, static_cast<long long>(took), static_cast<long long>(found.size()));
    std::fflush(stdout);
    QVERIFY(took < 10000); // the figure is printed; a shared machine decides nothing
}

QTEST_GUILESS_MAIN(TestFindings)
#include "tst_findings.moc"
