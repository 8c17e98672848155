// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "conformance.h"

#include "fleet/carryout.h"
#include "fleet/plans.h"
#include "probe/serviceaddress.h"
#include "session/session.h"
#include "store/secretstore.h"

#include <QTemporaryDir>

using namespace catamaran;
using namespace catamaran::conformance;

namespace {

/// Runs a sequence on a worker thread and waits for it.
template <typename Function> auto inSequence(Function function)
{
    const auto future = core::runSequence(std::move(function));
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 300000) || future.resultCount() == 0)
        qFatal("no result in time");
    return future.result();
}

core::Result<ops::Plan> planned(session::Session &session, const documents::FleetDocument &document, bool away)
{
    const auto seen = inSequence([&] { return observe::look(session, {}, { document.workloads.first().ns }); });
    if (!seen)
        return core::fail(seen.error());
    return away ? fleet::destroyPlan(document, *seen) : fleet::applyPlan(document, *seen);
}

} // namespace

/// The guide's step 4 and its verification on a cluster without any mesh, as `catamaranctl apply|verify|destroy` do it.
void Conformance::theSampleIsSetUpAnswersAndGoes()
{
    if (!place().hasNode)
        QSKIP("there is no node: nothing runs");
    const QString ns = place().ns + QStringLiteral("-sample");
    documents::Environment environment;
    environment.name = QStringLiteral("conformance");
    documents::EnvironmentCluster cluster;
    cluster.name = place().name;
    cluster.kubeconfigs = QStringList { place().kubeconfig };
    environment.clusters = { cluster };
    documents::FleetDocument document;
    document.name = QStringLiteral("sample");
    document.clusters = { { place().name, {}, false } };
    documents::WorkloadOverrides asSleep, asV1, asV2;
    asSleep.image = m_images.sleep;
    asV1.image = asV2.image = m_images.helloworld;
    asV1.command = m_images.helloworldCommand(QStringLiteral("v1"));
    asV2.command = m_images.helloworldCommand(QStringLiteral("v2"));
    document.workloads = { { place().name, ns, QStringLiteral("sleep"), asSleep },
        { place().name, ns, QStringLiteral("helloworld-v1"), asV1 }, { place().name, ns, QStringLiteral("helloworld-v2"), asV2 } };
    QVERIFY(documents::validateFleet(document).isEmpty());

    const auto secrets = store::makeMemorySecretStore();
    const auto opened = wait(session::Session::open(environment, *secrets, {}));
    QVERIFY2(opened, why(opened));
    session::Session &session = **opened;
    const QTemporaryDir folder;
    fleet::CarryOutOptions options;
    options.purpose = QStringLiteral("apply");
    options.name = document.name;
    options.databaseFile = folder.filePath(QStringLiteral("journal.db"));
    options.stepTimeout = std::chrono::seconds(120);

    const auto plan = planned(session, document, false);
    QVERIFY2(plan, why(plan));
    QCOMPARE(plan->steps.size(), 8); // the namespace, sleep's three objects, a Service, a ServiceAccount and two Deployments
    const auto applied = inSequence([&] { return fleet::carryOut(*plan, session, options, {}); });
    QVERIFY2(applied.complete, qPrintable(applied.error ? applied.error->text() : QString()));
    const auto again = planned(session, document, false);
    QVERIFY2(again, why(again));
    QVERIFY2(again->isEmpty(), QJsonDocument(again->toJson()).toJson());

    probe::RunSpec spec;
    spec.source = { place().name, ns, QStringLiteral("sleep") };
    spec.url = QStringLiteral("http://helloworld:5000/hello");
    spec.count = 50;
    kube::KubeClient *client = session.cluster(place().name);
    QVERIFY(client);
    const auto address = wait(probe::lookUpAddress(*client, spec, {}));
    QVERIFY2(address, why(address));
    spec.address = *address;
    // A service's way to its pods is set up shortly after they are ready.
    probe::Summary summary;
    QList<probe::Sample> samples;
    QTRY_VERIFY2_WITH_TIMEOUT(([&] {
        const auto run = wait(probe::run(*client, spec, {}));
        samples = run ? run->samples : QList<probe::Sample>();
        summary = probe::summarize(samples);
        return run && summary.ok == 50;
    }()),
        qPrintable(probe::verdictSentence(summary, { QStringLiteral("v1"), QStringLiteral("v2") })), 30000);
    QCOMPARE(samples.size(), 50);
    QCOMPARE(summary.versions.keys(), (QStringList { QStringLiteral("v1"), QStringLiteral("v2") }));
    QCOMPARE(summary.instances.size(), 2);
    for (const QString &instance : summary.instances.keys())
        QVERIFY2(instance.startsWith(QStringLiteral("helloworld-v")), qPrintable(instance));
    qInfo("%s", qPrintable(probe::verdictSentence(summary, { QStringLiteral("v1"), QStringLiteral("v2") })));

    const auto away = planned(session, document, true);
    QVERIFY2(away, why(away));
    QCOMPARE(away->steps.size(), 8);
    options.purpose = QStringLiteral("destroy");
    const auto gone = inSequence([&] { return fleet::carryOut(*away, session, options, {}); });
    QVERIFY2(gone.complete, qPrintable(gone.error ? gone.error->text() : QString()));
    const auto empty = planned(session, document, true);
    QVERIFY2(empty && empty->isEmpty(), "something is left");
    const auto space = wait(client->get(kube::kinds::namespaces, {}, ns, {}));
    QVERIFY(!space && space.error().kind == core::ErrorKind::NotFound);
}

void Conformance::aNameThatDoesNotResolveSaysSo()
{
    if (!place().hasNode)
        QSKIP("there is no node: nothing runs");
    QVERIFY2(!worker().isEmpty(), "the pod for commands is not ready");
    // A deployment of one pod to send from.
    const QString image = m_images.sleep.isEmpty() ? QStringLiteral("registry.cn-hangzhou.aliyuncs.com/acs/curl:8.1.2") : m_images.sleep;
    const auto made = wait(place().client->apply(
        json("{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"asker\",\"namespace\":\"" + place().ns.toUtf8()
            + "\"},\"spec\":{\"replicas\":1,\"selector\":{\"matchLabels\":{\"app\":\"asker\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":"
              "\"asker\"}},\"spec\":{\"terminationGracePeriodSeconds\":0,\"containers\":[{\"name\":\"main\",\"image\":\""
            + image.toUtf8() + "\",\"imagePullPolicy\":\"IfNotPresent\",\"command\":[\"/bin/sleep\",\"infinity\"]}]}}}}"),
        {}, {}));
    QVERIFY2(made, why(made));
    probe::RunSpec spec;
    spec.source = { place().name, place().ns, QStringLiteral("asker") };
    spec.url = QStringLiteral("http://nowhere:5000/hello");
    spec.count = 2;
    spec.requestTimeout = std::chrono::seconds(2);
    core::Result<probe::RunResult> result = core::fail(core::ErrorKind::Internal, {}, {}, {});
    QTRY_VERIFY2_WITH_TIMEOUT((result = wait(probe::run(*place().client, spec, {}))), why(result), 60000);
    const QString advice = probe::adviceForNames(spec, probe::summarize(result->samples), result->samples);
    QVERIFY2(advice.contains(QStringLiteral("there is no service nowhere in namespace ") + place().ns),
        qPrintable(advice + probe::verdictSentence(probe::summarize(result->samples), QStringList())));
    QVERIFY2(advice.contains(QStringLiteral("--cluster-address")), qPrintable(advice));
    const auto address = wait(probe::lookUpAddress(*place().client, spec, {}));
    QVERIFY(!address && address.error().kind == core::ErrorKind::NotFound);
}
