// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/drift.h"
#include "fleet/world.h"
#include "mesh/asm/asmaccount.h"
#include "mesh/asm/asmprovider.h"
#include "mesh/operations.h"
#include "observe/ownnamespace.h"
#include "ops/journal.h"
#include "pki/ca.h"
#include "support/rangesession.h"

#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace catamaran;
using namespace catamaran::documents;
using namespace catamaran::fleet;
using namespace catamaran::observe;
using namespace catamaran::session;
using namespace catamaran::tests;

/// The whole way against a practice range of each test's own.
class TestApply : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        if (LabProcess::program().isEmpty())
            QSKIP("there is no catamaran-lab");
        m_folder = std::make_unique<QTemporaryDir>();
        m_options = {};
        m_options.purpose = QStringLiteral("apply");
        m_options.name = QStringLiteral("two-meshes");
        m_options.databaseFile = m_folder->filePath(QStringLiteral("history.db"));
        m_options.stepTimeout = std::chrono::milliseconds(60000);
        m_secrets = store::makeMemorySecretStore();
        QVERIFY2(m_lab.start(
                     { QStringLiteral("--create-delay"), QStringLiteral("300"), QStringLiteral("--update-delay"), QStringLiteral("150") }),
            qPrintable(m_lab.errorText()));
        const auto session = openRange(m_lab, *m_secrets);
        QVERIFY2(session, qPrintable(session ? QString() : session.error().text()));
        m_session = *session;
    }

    void cleanup()
    {
        m_session.reset();
        m_lab.stop();
    }

    /// The key goes into the Secret, and nowhere else; what others made is not read and not written over.
    void anIssuingAuthorityIsMadeOnceAndItsKeyKeptNowhere()
    {
        const auto client = [&] { return m_session->cluster(QStringLiteral("cluster-1")); };
        const QString ns = QStringLiteral("mesh-system");
        const auto planOf = [&](const QString &name) {
            ops::Plan plan;
            plan.steps.append({ QStringLiteral("root"), {}, {}, mesh::takeRoot({ QStringLiteral("own"), false, {} }) });
            plan.steps.append({ QStringLiteral("space"), {}, {},
                { QStringLiteral("kube.apply"),
                    { { QStringLiteral("cluster"), QStringLiteral("cluster-1") }, { QStringLiteral("object"), namespaceObject(ns) },
                        { QStringLiteral("onlyIfMissing"), true } } } });
            plan.steps.append({ QStringLiteral("cacerts"), {}, { QStringLiteral("root"), QStringLiteral("space") },
                { QStringLiteral("istio.makeCacerts"),
                    { { QStringLiteral("mesh"), name }, { QStringLiteral("cluster"), QStringLiteral("cluster-1") },
                        { QStringLiteral("namespace"), ns },
                        { QStringLiteral("root"),
                            QJsonObject { { QStringLiteral("name"), QStringLiteral("own") },
                                { QStringLiteral("step"), QStringLiteral("root") } } } } } });
            return plan;
        };
        const auto secret = [&] { return core::await(client()->get(kube::kinds::secrets, ns, QStringLiteral("cacerts"), {}), {}); };
        m_options.name = QStringLiteral("authority");
        const ops::ExecutionResult made = inSequence([&] { return carryOut(planOf(QStringLiteral("mesh-1")), *m_session, m_options, {}); });
        QVERIFY2(made.complete, qPrintable(made.error ? made.error->text() : QString()));
        const auto held = inSequence(secret);
        QVERIFY2(held, qPrintable(held ? QString() : held.error().text()));
        const auto pem
            = [&](const char *name) { return QByteArray::fromBase64((*held)[u"data"][QLatin1String(name)].toString().toLatin1()); };
        QVERIFY(pki::keyMatches(pem("ca-cert.pem"), core::Secret(pem("ca-key.pem"))));
        QVERIFY(pki::verifyChain(pem("ca-cert.pem"), pem("cert-chain.pem"), pem("root-cert.pem"), QDateTime::currentDateTimeUtc()));
        QFile journal(m_options.databaseFile);
        QVERIFY(journal.open(QIODevice::ReadOnly));
        const QByteArray written = journal.readAll();
        QVERIFY(written.contains("istio.makeCacerts"));
        QVERIFY(!written.contains((*held)[u"data"][u"ca-key.pem"].toString().toLatin1()));
        QVERIFY(!written.contains(pem("ca-key.pem").split('\n').value(2)));

        // Of the root of another execution, which lies under another fingerprint: neither taken for ours nor written over.
        m_options.name = QStringLiteral("another");
        const ops::ExecutionResult again
            = inSequence([&] { return carryOut(planOf(QStringLiteral("mesh-2")), *m_session, m_options, {}); });
        QVERIFY(!again.complete);
        QCOMPARE((*inSequence(secret))[u"data"].toObject(), (*held)[u"data"].toObject());
        const ops::ExecutionResult undone = inSequence([&] { return takeBack(made.execution, *m_session, m_options, {}); });
        QVERIFY2(undone.complete, qPrintable(undone.error ? undone.error->text() : QString()));
        const auto gone = inSequence(secret);
        QVERIFY(!gone && gone.error().kind == core::ErrorKind::NotFound);
    }

    void buildsTheFleetChangesNothingTwiceAndTakesItAway()
    {
        const auto before = look(*m_session);
        QVERIFY2(before, qPrintable(before ? QString() : before.error().text()));
        const auto plan = applyPlan(exampleFleet(), *before);
        QVERIFY2(plan, qPrintable(plan ? QString() : plan.error().text()));
        QCOMPARE(plan->steps.size(), 23);

        QStringList progress;
        m_options.onProgress = [&](const ops::StepProgress &step) { progress << step.stepId + u' ' + ops::stateName(step.state); };
        const auto result = carriedOut(*plan, *m_session, m_options);
        QVERIFY2(result.complete, qPrintable(result.error ? result.error->text() : QString()));
        QCOMPARE(result.doneSteps().size(), plan->steps.size());
        QVERIFY(progress.contains(QStringLiteral("discover-mesh-2-cluster-1 running")));
        QVERIFY(progress.contains(QStringLiteral("deploy-sleep-cluster-1 done")));

        // As the world says, not as the plan says.
        const auto after = look(*m_session);
        QVERIFY(after.has_value());
        QCOMPARE(after->sharesRoot(), std::optional<bool>(true));
        const ObservedMesh *mesh = after->mesh(QStringLiteral("mesh-1"));
        QVERIFY(mesh);
        for (const mesh::MemberCluster &one : mesh->status.members) {
            const bool own = one.clusterName == QStringLiteral("cluster-1");
            QVERIFY(one.mode == (own ? mesh::Mode::Managed : mesh::Mode::DiscoveryOnly));
            QCOMPARE(one.network, own ? QStringLiteral("network1") : QStringLiteral("network2"));
            QCOMPARE(one.gateway, own);
        }
        QVERIFY(!after->cluster(QStringLiteral("cluster-1"))->gatewayAddress.isEmpty());
        for (const ObservedWorkload &workload : after->cluster(QStringLiteral("cluster-1"))->workloads)
            QVERIFY2(workload.injected && workload.ready == 1, qPrintable(workload.name));

        // A second plan is empty; so is one made by somebody without the root's key.
        const auto second = applyPlan(exampleFleet(), *after);
        QVERIFY2(second, qPrintable(second ? QString() : second.error().text()));
        QCOMPARE(second->steps.size(), 0);

        judgeJournal(*plan, result.execution);

        // The first plan once more, as after a crash before its last line was written: everything is in place.
        const auto again = carriedOut(*plan, *m_session, m_options);
        QVERIFY2(again.complete, qPrintable(again.error ? again.error->text() : QString()));

        const auto destroy = destroyPlan(exampleFleet(), *after);
        QVERIFY(destroy.has_value());
        const auto destroyed = carriedOut(*destroy, *m_session, m_options);
        QVERIFY2(destroyed.complete, qPrintable(destroyed.error ? destroyed.error->text() : QString()));
        const auto gone = look(*m_session);
        QVERIFY(gone->meshes.isEmpty());
        QVERIFY(gone->cluster(QStringLiteral("cluster-1"))->injectedNamespaces.isEmpty());
        QVERIFY(!gone->cluster(QStringLiteral("cluster-1"))->services.contains(QStringLiteral("default/helloworld")));
        QVERIFY(destroyPlan(exampleFleet(), *gone)->isEmpty());
    }

    /// Carries @p plan out until some step's note or error contains @p words; what was said until then.
    QString saidUntil(const ops::Plan &plan, const QString &words)
    {
        std::stop_source stop;
        QString said;
        m_options.onProgress = [&](const ops::StepProgress &step) {
            const QString line = step.error ? step.error->text() : step.note;
            said += line + u'\n';
            if (line.contains(words))
                stop.request_stop();
        };
        const auto result = carriedOut(plan, *m_session, m_options, stop.get_token());
        m_options.onProgress = {};
        return result.complete ? QStringLiteral("it was carried out") : said;
    }

    void whatKeepsPodsFromComingUpIsSaidWhileWaiting()
    {
        const auto applied = applyFleet(exampleFleet(), *m_session, m_options);
        QVERIFY2(applied, qPrintable(applied ? QString() : applied.error().text()));
        FleetDocument fleet = exampleFleet();
        const auto ours = std::find_if(
            fleet.workloads.begin(), fleet.workloads.end(), [](const FleetWorkload &one) { return one.manifest == u"helloworld-v1"; });
        QVERIFY(ours != fleet.workloads.end());
        QElapsedTimer clock;
        clock.start();

        // An image that no registry gives: the old pod serves on, and the status says what the new one lacks.
        ours->overrides.image = QStringLiteral("registry.invalid/helloworld:9");
        auto plan = applyPlan(fleet, *look(*m_session));
        QVERIFY2(plan && plan->steps.size() == 1, qPrintable(plan ? QString() : plan.error().text()));
        QString said = saidUntil(*plan, QStringLiteral("lookup registry.invalid: no such host"));
        QVERIFY2(
            said.contains(QStringLiteral("the image registry.invalid/helloworld:9 cannot be pulled (ImagePullBackOff)")), qPrintable(said));
        const auto broken = look(*m_session);
        QVERIFY2(broken->clusters[0].workloads[0].why.contains(QStringLiteral("registry.invalid")),
            qPrintable(broken->clusters[0].workloads[0].why));
        QVERIFY(broken->worst() == Health::Warning);

        // The injector is down: nothing new comes up in the mesh.
        ours->overrides = {};
        ours->overrides.replicas = 3;
        QVERIFY(m_lab.ctl({ QStringLiteral("stop"), QStringLiteral("control-plane"), QStringLiteral("mesh-1") }).ok());
        plan = applyPlan(fleet, *look(*m_session));
        QVERIFY2(plan && plan->steps.size() == 1, qPrintable(plan ? QString() : plan.error().text()));
        said = saidUntil(*plan, QStringLiteral("does not answer"));
        QVERIFY2(said.contains(QStringLiteral("the sidecar injector (webhook “namespace.sidecar-injector.istio.io”) does not answer")),
            qPrintable(said));
        QVERIFY2(clock.elapsed() < 60000, qPrintable(QString::number(clock.elapsed())));
    }

    void theClientMovesAndComesBack()
    {
        const auto applied = applyFleet(exampleFleet(), *m_session, m_options);
        QVERIFY2(applied, qPrintable(applied ? QString() : applied.error().text()));
        const QString ns = QStringLiteral("default"), first = QStringLiteral("cluster-1"), second = QStringLiteral("cluster-2");
        const auto moved = carriedOut(movePlan({ ns, first, second, 1 }), *m_session, m_options);
        QVERIFY2(moved.complete, qPrintable(moved.error ? moved.error->text() : QString()));
        auto seen = look(*m_session);
        const ObservedWorkload left = seen->cluster(first)->workloads.last(), arrived = seen->cluster(second)->workloads.last();
        QCOMPARE(left.name, QStringLiteral("sleep"));
        QCOMPARE(left.desired, 0);
        QVERIFY(left.podNames.isEmpty());
        QCOMPARE(arrived.name, QStringLiteral("sleep"));
        QVERIFY(arrived.ready == 1 && arrived.injected);

        // Its service is made anew, and it is woken; the rest is left as it is.
        QVERIFY(waitFor(m_session->cluster(first)->remove(kube::kinds::services, ns, QStringLiteral("sleep"), {})).has_value());
        seen = look(*m_session);
        const auto plan = applyPlan(exampleFleet(), *seen);
        QVERIFY(plan.has_value());
        QCOMPARE(plan->steps.size(), 2);
        QCOMPARE(plan->steps.first().id, QStringLiteral("deploy-sleep-cluster-1-service"));
        QCOMPARE(plan->steps.last().id, QStringLiteral("scale-sleep-cluster-1"));
        const auto back = carriedOut(*plan, *m_session, m_options);
        QVERIFY2(back.complete, qPrintable(back.error ? back.error->text() : QString()));
        seen = look(*m_session);
        QCOMPARE(seen->cluster(first)->workloads.last().ready, 1);
        QVERIFY(applyPlan(exampleFleet(), *seen)->isEmpty());

        // Destroy takes the moved client along.
        const auto destroyed = carriedOut(*destroyPlan(exampleFleet(), *seen), *m_session, m_options);
        QVERIFY2(destroyed.complete, qPrintable(destroyed.error ? destroyed.error->text() : QString()));
        QVERIFY(look(*m_session)->cluster(second)->workloads.isEmpty());
    }

    void driftIsShownFieldByFieldCorrectedAndTakenBack()
    {
        const auto applied = applyFleet(exampleFleet(), *m_session, m_options);
        QVERIFY2(applied, qPrintable(applied ? QString() : applied.error().text()));
        const auto found = [&] {
            const auto observed = inSequence([&] { return lookFor(*m_session, exampleFleet(), {}); });
            return inSequence([&] { return findDrift(*m_session, exampleFleet(), *observed, {}); });
        };
        const auto before = found();
        QVERIFY2(before && before->isNone() && before->fields.isEmpty() && before->unread.isEmpty(),
            qPrintable(before ? QString() : before.error().text()));

        const auto changeByHand = [&](const kube::ResourceKind &kind, const QString &name, const QJsonObject &patch) {
            kube::Write write; // as somebody else's tool does it
            write.how = kube::Write::How::MergePatch;
            write.kind = kind;
            write.ns = QStringLiteral("default");
            write.name = name;
            write.body = patch;
            write.fieldManager = QStringLiteral("kubectl-edit");
            return waitFor(m_session->cluster(QStringLiteral("cluster-1"))->write(write, {})).has_value();
        };
        const QJsonObject image { { QStringLiteral("name"), QStringLiteral("helloworld") },
            { QStringLiteral("image"), QStringLiteral("example/other:1") } };
        QVERIFY(changeByHand(kube::kinds::deployments, QStringLiteral("helloworld-v1"),
            { { QStringLiteral("spec"),
                QJsonObject { { QStringLiteral("template"),
                    QJsonObject {
                        { QStringLiteral("spec"), QJsonObject { { QStringLiteral("containers"), QJsonArray { image } } } } } } } } }));
        QVERIFY(changeByHand(kube::kinds::deployments, QStringLiteral("sleep"),
            { { QStringLiteral("spec"), QJsonObject { { QStringLiteral("replicas"), 2 } } } }));
        QVERIFY(changeByHand(kube::kinds::services, QStringLiteral("helloworld"),
            { { QStringLiteral("metadata"),
                QJsonObject { { QStringLiteral("labels"), QJsonObject { { QStringLiteral("team"), QStringLiteral("a") } } } } } }));
        const auto drift = found();
        QVERIFY2(drift, qPrintable(drift ? QString() : drift.error().text()));
        const auto fieldAt = [&](const QString &path) {
            const auto one
                = std::find_if(drift->fields.begin(), drift->fields.end(), [&](const FieldDrift &field) { return field.path == path; });
            return one == drift->fields.end() ? FieldDrift {} : *one;
        };
        const FieldDrift changed = fieldAt(QStringLiteral("spec.template.spec.containers[helloworld].image"));
        QCOMPARE(changed.intent, Intent::MustMatch);
        QCOMPARE(changed.found, QStringLiteral("\"example/other:1\""));
        QCOMPARE(changed.manager, QStringLiteral("kubectl-edit"));
        QCOMPARE(fieldAt(QStringLiteral("spec.replicas")).intent, Intent::MayDiffer);
        QCOMPARE(fieldAt(QStringLiteral("metadata.labels.team")).intent, Intent::ClustersOwn);
        QVERIFY(!drift->isNone());

        m_options.purpose = QStringLiteral("correct");
        const auto corrected = carriedOut(correctionOf(*drift), *m_session, m_options);
        QVERIFY2(corrected.complete, qPrintable(corrected.error ? corrected.error->text() : QString()));
        const auto after = found();
        QVERIFY(after && after->isNone());
        QVERIFY(after->fields.size() == 2); // who scaled and who labelled keep what they set
        const auto undone = inSequence([&] { return takeBack(corrected.execution, *m_session, m_options, {}); });
        QVERIFY2(undone.complete, qPrintable(undone.error ? undone.error->text() : QString()));
        QVERIFY(!found()->isNone());
    }

    void separateRootsDiffer()
    {
        const auto applied = applyFleet(exampleFleet(QStringLiteral("two-roots")), *m_session, m_options);
        QVERIFY2(applied, qPrintable(applied ? QString() : applied.error().text()));
        QCOMPARE(look(*m_session)->sharesRoot(), std::optional<bool>(false));
        // And the fleet that wants one root says that these cannot be it.
        QVERIFY(!applyPlan(exampleFleet(), *look(*m_session)));
    }

    void aMeshWhoseKeyNobodyHasCannotGetASister()
    {
        FleetDocument first = exampleFleet();
        first.meshes.removeLast();
        first.clusters = { { QStringLiteral("cluster-1"), {}, false } };
        first.memberships = { first.memberships.first() };
        first.workloads.clear();
        QVERIFY(validateFleet(first).isEmpty());
        const auto applied = applyFleet(first, *m_session, m_options);
        QVERIFY2(applied, qPrintable(applied ? QString() : applied.error().text()));

        m_secrets = store::makeMemorySecretStore(); // another run without keyring
        m_session = *openRange(m_lab, *m_secrets);
        const auto second = applyFleet(exampleFleet(), *m_session, m_options);
        QVERIFY(!second);
        QVERIFY(second.error().kind == core::ErrorKind::Precondition);
        QVERIFY2(second.error().text().contains(QStringLiteral("mesh-1")) && !second.error().remedy.isEmpty(),
            qPrintable(second.error().text()));
        QVERIFY(!look(*m_session)->mesh(QStringLiteral("mesh-2"))); // nothing half done
    }

    void waitsForAMeshThatIsUpdating()
    {
        alicloud::AsmClient *account
            = &static_cast<mesh::AsmProvider *>(m_session->provider()->service(typeid(mesh::AsmProvider)))->client();
        const auto seen = look(*m_session);
        const auto plan = applyPlan(exampleFleet(), *seen);
        ops::Plan head = *plan;
        head.steps = head.steps.mid(0, 5); // root and meshes
        QVERIFY(carriedOut(head, *m_session, m_options).complete);
        const auto made = look(*m_session);
        const ObservedMesh *mesh = made->mesh(QStringLiteral("mesh-1"));
        QVERIFY(mesh);
        // Somebody else changes mesh-1 now.
        QVERIFY(waitFor(account->addCluster(mesh->status.id, seen->cluster(QStringLiteral("cluster-2"))->cloudId, true, {})).has_value());
        const auto patient = carriedOut(*plan, *m_session, m_options);
        QVERIFY2(patient.complete, qPrintable(patient.error ? patient.error->text() : QString()));
    }

    static ops::StepState stateOf(const ops::ExecutionResult &result, const QString &step)
    {
        const auto found
            = std::find_if(result.steps.begin(), result.steps.end(), [&](const ops::StepOutcome &one) { return one.stepId == step; });
        return found == result.steps.end() ? ops::StepState::Waiting : found->state;
    }

    void aStopEndsItAndAnotherRunGoesOn()
    {
        const auto plan = applyPlan(exampleFleet(), *look(*m_session));
        std::stop_source stop;
        QSet<QString> seen; // the two meshes are made side by side, in either order
        m_options.onProgress = [&](const ops::StepProgress &step) {
            if ((step.stepId == QStringLiteral("create-mesh-1") && step.state == ops::StepState::Done)
                || (step.stepId == QStringLiteral("wait-mesh-2") && step.state == ops::StepState::Running))
                seen.insert(step.stepId);
            if (seen.size() == 2)
                stop.request_stop();
        };
        const auto stopped = carriedOut(*plan, *m_session, m_options, stop.get_token());
        QVERIFY(stopped.stopped && !stopped.complete);
        QCOMPARE(stateOf(stopped, QStringLiteral("create-mesh-1")), ops::StepState::Done);
        QCOMPARE(stateOf(stopped, QStringLiteral("deploy-sleep-cluster-1")), ops::StepState::Skipped);
        m_options.onProgress = {};
        const auto applied = applyFleet(exampleFleet(), *m_session, m_options);
        QVERIFY2(applied, qPrintable(applied ? QString() : applied.error().text()));
        QVERIFY(applyPlan(exampleFleet(), *look(*m_session))->isEmpty());
    }

    void whatARunWentOnFromIsTakenBackWithIt()
    {
        std::stop_source stop;
        m_options.onProgress = [&](const ops::StepProgress &step) {
            if (step.stepId == QStringLiteral("compare-roots") && step.state == ops::StepState::Done)
                stop.request_stop();
        };
        const auto stopped = carriedOut(*applyPlan(exampleFleet(), *look(*m_session)), *m_session, m_options, stop.get_token());
        QVERIFY(stopped.stopped && !stopped.complete);
        m_options.onProgress = {};
        FleetDocument smaller = exampleFleet(); // so that not all that is left of the first is wanted, and that one is ended
        smaller.workloads.removeLast();
        const auto rest = carriedOut(*applyPlan(smaller, *look(*m_session)), *m_session, m_options);
        QVERIFY2(rest.complete && rest.execution != stopped.execution, qPrintable(rest.error ? rest.error->text() : QString()));

        const auto journal = ops::Journal::open(m_options.databaseFile);
        QVERIFY(journal.has_value());
        QCOMPARE(ops::continuesOf(journal->execution(rest.execution)->plan), stopped.execution);
        for (const qint64 asked : { rest.execution, stopped.execution }) { // whichever is named
            const auto chain = chainOf(asked, *journal);
            QVERIFY(chain && chain->size() == 2);
            QCOMPARE(chain->first().id, rest.execution);
            QCOMPARE(chain->last().id, stopped.execution);
        }
        const auto undone = inSequence([&] { return takeBack(stopped.execution, *m_session, m_options, {}); });
        QVERIFY2(undone.complete, qPrintable(undone.error ? undone.error->text() : QString()));
        const auto after = look(*m_session);
        QVERIFY(after->meshes.isEmpty() && after->cluster(QStringLiteral("cluster-1"))->workloads.isEmpty());
        QVERIFY(journal->execution(rest.execution)->state == ops::ExecutionState::Undone
            && journal->execution(stopped.execution)->state == ops::ExecutionState::Undone);
        // What is whole, and what comes after it, goes on from nothing.
        QVERIFY(carriedOut(*applyPlan(smaller, *look(*m_session)), *m_session, m_options).complete);
        const auto more = carriedOut(*applyPlan(exampleFleet(), *look(*m_session)), *m_session, m_options);
        QVERIFY(more.complete);
        QCOMPARE(chainOf(more.execution, *journal)->size(), 1);
    }

    void aDestroyIsTakenBackButForWhatWentWithTheMeshes()
    {
        const auto applied = applyFleet(exampleFleet(), *m_session, m_options);
        QVERIFY2(applied, qPrintable(applied ? QString() : applied.error().text()));
        m_options.purpose = QStringLiteral("destroy");
        const auto destroyed = carriedOut(*destroyPlan(exampleFleet(), *look(*m_session)), *m_session, m_options);
        QVERIFY2(destroyed.complete, qPrintable(destroyed.error ? destroyed.error->text() : QString()));
        const auto undone = inSequence([&] { return takeBack(destroyed.execution, *m_session, m_options, {}); });
        QVERIFY2(undone.complete, qPrintable(undone.error ? undone.error->text() : QString()));
        QStringList stay;
        for (const ops::StepOutcome &step : undone.steps)
            if (step.note.contains(QStringLiteral("it went with the mesh")))
                stay << step.stepId;
        std::sort(stay.begin(), stay.end());
        QCOMPARE(stay.join(u' '),
            QStringLiteral(
                "gateways-off-mesh-1 gateways-off-mesh-2 inject-off-mesh-1-default inject-off-mesh-2-default remove-mesh-1-cluster-1 remove-mesh-1-cluster-2 "
                "remove-mesh-2-cluster-1 remove-mesh-2-cluster-2"));
        const auto after = look(*m_session);
        QVERIFY(after->meshes.isEmpty());
        for (const ObservedWorkload &workload : after->cluster(QStringLiteral("cluster-1"))->workloads)
            QVERIFY2(workload.ready == 1 && !workload.injected, qPrintable(workload.name));
        QCOMPARE(after->cluster(QStringLiteral("cluster-1"))->workloads.size(), 2);
    }

    void aWrongAccessKeyIsRefusedBeforeAnything()
    {
        auto environment = loadEnvironment(m_lab.environmentFile());
        QVERIFY(environment.has_value());
        qputenv("CATAMARAN_TEST_WRONG_KEY", "not-the-key");
        mesh::AccountSettings settings = mesh::settingsOf(*environment->account());
        settings.secret = { SecretSource::Kind::Variable, QStringLiteral("CATAMARAN_TEST_WRONG_KEY") };
        environment->accounts = { mesh::makeAsmAccount(settings) };
        const auto session = waitFor(Session::open(*environment, *m_secrets, {}));
        QVERIFY(session.has_value());
        const auto seen = inSequence([&session] { return lookFor(**session, exampleFleet(), {}); });
        QVERIFY(!seen);
        QVERIFY(seen.error().kind == core::ErrorKind::Unauthorized);
        QVERIFY2(!seen.error().text().contains(QStringLiteral("not-the-key")), qPrintable(seen.error().text()));
    }

    void anApiServerThatIsDownIsNamed()
    {
        QVERIFY(m_lab.ctl({ QStringLiteral("stop"), QStringLiteral("api-server"), QStringLiteral("cluster-1") }).ok());
        const auto seen = look(*m_session);
        QVERIFY2(seen, qPrintable(seen ? QString() : seen.error().text()));
        QVERIFY(!seen->cluster(QStringLiteral("cluster-1"))->reachable);
        QVERIFY(seen->cluster(QStringLiteral("cluster-2"))->reachable);
        const auto plan = applyPlan(exampleFleet(), *seen);
        QVERIFY(!plan);
        QVERIFY(plan.error().kind == core::ErrorKind::Network);
        QCOMPARE(plan.error().target, QStringLiteral("cluster-1"));
        QVERIFY(m_lab.ctl({ QStringLiteral("start"), QStringLiteral("api-server"), QStringLiteral("cluster-1") }).ok());
        QVERIFY(applyPlan(exampleFleet(), *look(*m_session)).has_value());
    }

    void aBrokenKubeconfigLeavesTheOtherClusterUsable()
    {
        auto environment = loadEnvironment(m_lab.environmentFile());
        environment->clusters[0].kubeconfigs = QStringList { m_folder->filePath(QStringLiteral("none")) };
        const auto session = waitFor(Session::open(*environment, *m_secrets, {}));
        QVERIFY(session.has_value());
        QVERIFY(!(*session)->cluster(QStringLiteral("cluster-1")));
        QVERIFY((*session)->clusterError(QStringLiteral("cluster-1")).has_value());
        QVERIFY(look(**session)->cluster(QStringLiteral("cluster-2"))->reachable);
    }

    void kubeconfigsCanComeFromTheCloud()
    {
        auto environment = loadEnvironment(m_lab.environmentFile());
        for (EnvironmentCluster &cluster : environment->clusters)
            cluster.kubeconfigs.clear();
        const auto session = waitFor(Session::open(*environment, *m_secrets, {}));
        QVERIFY(session.has_value());
        QVERIFY2((*session)->cluster(QStringLiteral("cluster-1")),
            qPrintable((*session)->clusterError(QStringLiteral("cluster-1")).value_or(core::Error {}).text()));
        QVERIFY(look(**session)->cluster(QStringLiteral("cluster-1"))->reachable);
    }

    void theLiveFleetFollows()
    {
        LiveFleet live(*m_session);
        QSignalSpy changed(&live, &LiveFleet::changed);
        live.start();
        QTRY_VERIFY(live.fleet().cluster(QStringLiteral("cluster-1")) && live.fleet().cluster(QStringLiteral("cluster-1"))->reachable);
        QVERIFY(live.fleet().meshes.isEmpty());
        const auto applied = applyFleet(exampleFleet(), *m_session, m_options);
        QVERIFY2(applied, qPrintable(applied ? QString() : applied.error().text()));
        live.refresh();
        QTRY_VERIFY_WITH_TIMEOUT(applyPlan(exampleFleet(), live.fleet()).value_or(ops::Plan { { ops::Step {} } }).isEmpty(), 15000);
        // Its watch tells what happens in a cluster without asking again.
        kube::KubeClient *cluster = m_session->cluster(QStringLiteral("cluster-1"));
        QVERIFY(
            waitFor(cluster->setScale(kube::kinds::deployments, QStringLiteral("default"), QStringLiteral("sleep"), 0, {})).has_value());
        QTRY_VERIFY(live.fleet().cluster(QStringLiteral("cluster-1"))->workloads.last().desired == 0);
        QVERIFY(m_lab.ctl({ QStringLiteral("stop"), QStringLiteral("api-server"), QStringLiteral("cluster-1") }).ok());
        QTRY_VERIFY_WITH_TIMEOUT(!live.fleet().cluster(QStringLiteral("cluster-1"))->reachable, 15000);
        QVERIFY(live.fleet().cluster(QStringLiteral("cluster-1"))->conditions.first().health == Health::Stale);
    }

    void theLiveFleetOfAnEditorOfOneNamespace()
    {
        const QString first = QStringLiteral("cluster-1"), sample = QStringLiteral("sample");
        Environment environment = m_session->environment();
        QFile config(environment.clusters[0].kubeconfigs.first()), restricted(m_folder->filePath(QStringLiteral("editor.kubeconfig")));
        QVERIFY(config.open(QIODevice::ReadOnly) && restricted.open(QIODevice::WriteOnly));
        QByteArray text = config.readAll();
        QVERIFY(text.contains("  user:\n"));
        restricted.write(text.replace("  user:\n", "  user:\n    as: editor\n    as-groups: [\"range:sample-editors\"]\n"));
        restricted.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        restricted.close();
        environment.clusters[0].kubeconfigs = QStringList { restricted.fileName() };
        const auto session = waitFor(Session::open(environment, *m_secrets, {}));
        QVERIFY2(session, qPrintable(session ? QString() : session.error().text()));
        LiveFleet live(**session);
        live.start();
        const auto seen = [&] { return live.fleet().cluster(first); };
        // Nobody named the namespace yet: the server answers, and what is missing is said.
        QTRY_VERIFY_WITH_TIMEOUT(seen() && seen()->reachable && seen()->condition(QStringLiteral("Access")), 10000);
        QVERIFY(seen()->condition(QStringLiteral("Access"))->health == Health::Unknown);
        QVERIFY(seen()->condition(QStringLiteral("Reachable"))->health == Health::Ok);

        live.want({ sample });
        FleetDocument fleet;
        fleet.name = QStringLiteral("small");
        fleet.clusters = { { first, {}, false } };
        fleet.workloads = { { first, sample, QStringLiteral("sleep") } };
        const auto applied = applyFleet(fleet, *m_session, m_options);
        QVERIFY2(applied, qPrintable(applied ? QString() : applied.error().text()));
        const auto ready = [&] {
            const ObservedCluster *cluster = seen();
            return std::any_of(cluster->workloads.begin(), cluster->workloads.end(),
                [&](const ObservedWorkload &one) { return one.ns == sample && one.name == u"sleep" && one.ready == 1; });
        };
        QTRY_VERIFY_WITH_TIMEOUT(ready(), 10000);
        QTRY_VERIFY_WITH_TIMEOUT(
            seen()->condition(QStringLiteral("Access"))->health == Health::Warning && seen()->namespaces.contains(sample), 15000);
        QVERIFY2(seen()->condition(QStringLiteral("Access"))->reason.contains(QStringLiteral("single namespaces only: sample")),
            qPrintable(seen()->condition(QStringLiteral("Access"))->reason));
        // Enough to plan by; the other cluster is seen as a whole.
        const auto plan = applyPlan(fleet, live.fleet());
        QVERIFY2(plan && plan->isEmpty(), qPrintable(plan ? QString() : plan.error().text()));
        QVERIFY(!live.fleet().cluster(QStringLiteral("cluster-2"))->condition(QStringLiteral("Access")));
    }

private:
    /// Every step is done there; and no secret is in the file.
    void judgeJournal(const ops::Plan &plan, qint64 execution)
    {
        const auto journal = ops::Journal::open(m_options.databaseFile);
        QVERIFY(journal.has_value());
        const auto kept = journal->execution(execution);
        QVERIFY(kept && kept->state == ops::ExecutionState::Done);
        QCOMPARE(kept->title(), QStringLiteral("apply two-meshes"));
        QCOMPARE(kept->environment, m_session->environment().name);
        const auto records = ops::recordsOf(*journal->events(execution));
        for (const ops::Step &step : plan.steps)
            QVERIFY2(records.value(step.id).state == ops::EventState::Done, qPrintable(step.id));
        for (const char *suffix : { "", "-wal" }) {
            QFile file(m_options.databaseFile + QLatin1String(suffix));
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY(!file.readAll().contains("PRIVATE KEY"));
        }
    }

    LabProcess m_lab;
    std::unique_ptr<QTemporaryDir> m_folder;
    CarryOutOptions m_options;
    std::unique_ptr<store::SecretStore> m_secrets;
    std::shared_ptr<Session> m_session;
};

QTEST_GUILESS_MAIN(TestApply)
#include "tst_apply.moc"
