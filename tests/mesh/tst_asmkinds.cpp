// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "alicloud/ackclient.h"
#include "documents/environment.h"
#include "lossyclient.h"
#include "mesh/asm/asmaccount.h"
#include "mesh/asm/asmkind.h"
#include "mesh/asm/asmprovider.h"
#include "mesh/operations.h"
#include "mesh/providers.h"
#include "mesh/trustroot.h"
#include "ops/executor.h"
#include "ops/journal.h"
#include "ops/kinds/kubeworld.h"
#include "ops/registry.h"
#include "ops/undo.h"
#include "support/labprocess.h"
#include "support/wait.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QtTest>

using namespace catamaran;
using namespace catamaran::mesh;
using core::ErrorKind;
using core::Result;
using ops::Operation;
using ops::Step;
using test::wait;
using tests::onWorker;

namespace {

template <typename T> QByteArray why(const Result<T> &result)
{
    return result ? QByteArray() : result.error().text().toUtf8();
}

QByteArray why(const ops::ExecutionResult &result)
{
    QStringList lines;
    for (const ops::StepOutcome &step : result.steps)
        lines << step.stepId + u' ' + ops::stateName(step.state) + u' ' + step.note + u' ' + (step.error ? step.error->text() : QString());
    return lines.join(u'\n').toUtf8() + (result.error ? result.error->text().toUtf8() : QByteArray());
}

QJsonObject json(const QByteArray &text)
{
    QJsonParseError error;
    const QJsonObject object = QJsonDocument::fromJson(text, &error).object();
    if (error.error != QJsonParseError::NoError)
        qFatal("the test's own JSON is wrong: %s: %s", qPrintable(error.errorString()), text.constData());
    return object;
}

const QString first = QStringLiteral("cluster-1"), second = QStringLiteral("cluster-2");
const QString one = QStringLiteral("mesh-1"), two = QStringLiteral("mesh-2");

/// Tells of each call before it is made.
class WatchedSecrets final : public store::SecretStore {
public:
    QMap<QString, core::Secret> kept;
    std::function<void()> before;

    QFuture<Result<core::Secret>> read(const QString &name, std::stop_token) override
    {
        call();
        return core::readyFuture(kept.contains(name)
                ? Result<core::Secret>(kept.value(name))
                : Result<core::Secret>(core::fail(ErrorKind::NotFound, QStringLiteral("read"), name, QStringLiteral("there is none"))));
    }
    QFuture<Result<core::Done>> write(const QString &name, const core::Secret &secret, std::stop_token) override
    {
        call();
        kept.insert(name, secret);
        return core::readyFuture(Result<core::Done>(core::Done {}));
    }
    QFuture<Result<core::Done>> remove(const QString &name, std::stop_token) override
    {
        call();
        kept.remove(name);
        return core::readyFuture(Result<core::Done>(core::Done {}));
    }
    QFuture<Result<bool>> has(const QString &name, std::stop_token) override
    {
        call();
        return core::readyFuture(Result<bool>(kept.contains(name)));
    }
    QFuture<Result<store::Keeping>> look(std::stop_token) override { return core::readyFuture(Result<store::Keeping>(keeping())); }
    store::Keeping keeping() const override { return store::Keeping::Keyring; }

private:
    void call()
    {
        if (before)
            before();
    }
};

} // namespace

/// Each kind of operation on meshes against the cloud of a practice range: done, proven, taken back, and refused.
class AsmKindsTest : public QObject {
    Q_OBJECT

    tests::LabProcess m_lab;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<store::SecretStore> m_secrets;
    std::unique_ptr<AsmProvider> m_plane;
    alicloud::AsmClient *m_client = nullptr; // the provider's
    Providers m_providers;
    tests::LossyClient *m_way = nullptr; // owned by the client
    tests::KubeWorld m_world;
    ops::Registry m_registry;
    QMap<QString, alicloud::MeshCluster> m_clusters; // by our name
    QMap<QString, MeshWish> m_places;

    const Operations &cloud() { return asmOperations(); }
    Result<tests::Deed> done(const Operation &operation, std::chrono::milliseconds time = std::chrono::seconds(60))
    {
        return tests::carryOut(**m_registry.find(operation.kind), operation, m_world, time);
    }
    Result<ops::Evidence> back(const Operation &operation, const tests::Deed &deed)
    {
        return tests::takeBack(**m_registry.find(operation.kind), operation, deed, m_world);
    }
    Result<ops::State> look(const Operation &operation)
    {
        return onWorker([&] {
            auto scope = m_world.scope();
            return (*m_registry.find(operation.kind))->look(operation, scope);
        });
    }
    Result<ops::Receipt> act(const Operation &operation, const ops::State &before)
    {
        return onWorker([&] {
            auto scope = m_world.scope();
            return (*m_registry.find(operation.kind))->act(operation, before, scope);
        });
    }

    ops::ExecuteOptions options()
    {
        ops::ExecuteOptions options;
        options.databaseFile = m_folder->filePath(QStringLiteral("history.db"));
        options.purpose = QStringLiteral("apply");
        options.name = QStringLiteral("two-meshes");
        options.stepTimeout = std::chrono::seconds(60);
        options.pause = std::chrono::milliseconds(200);
        return options;
    }
    ops::ExecutionResult execute(const ops::Plan &plan)
    {
        return onWorker([&] { return ops::execute(plan, m_registry, m_world, options(), {}); });
    }
    ops::ExecutionResult undo(qint64 execution)
    {
        return onWorker([&] { return ops::undo(execution, m_registry, m_world, options(), {}); });
    }

    QList<MeshStatus> meshes()
    {
        const auto all = wait(m_plane->status({}));
        if (!all)
            qFatal("%s", qPrintable(all.error().text()));
        return all->meshes;
    }
    std::optional<MeshStatus> meshNamed(const QString &name)
    {
        const auto all = meshes();
        const auto found = std::find_if(all.begin(), all.end(), [&](const MeshStatus &each) { return each.name == name; });
        return found == all.end() ? std::nullopt : std::optional(*found);
    }
    MemberCluster memberOf(const QString &mesh, const QString &cluster)
    {
        const auto status = meshNamed(mesh);
        if (status)
            for (const MemberCluster &member : status->members)
                if (member.clusterId == m_clusters.value(cluster).id)
                    return member;
        return {};
    }
    bool injects(const QString &cluster)
    {
        const auto space = wait(m_world.clients.value(cluster)->get(kube::kinds::namespaces, {}, QStringLiteral("default"), {}));
        return space && space->value(u"metadata")[u"labels"][u"istio-injection"].toString() == u"enabled";
    }
    MeshWish wish(const QString &mesh, const QString &cluster, const std::optional<RootWish> &root = {})
    {
        MeshWish wish = m_places.value(cluster);
        wish.name = mesh;
        wish.root = root;
        if (root)
            wish.rootStep = QStringLiteral("trust-root");
        return wish;
    }
    /// A running mesh that nothing tells Catamaran made; its id.
    QString makeAsColleague(const QString &mesh)
    {
        const MeshWish &place = m_places.value(first);
        alicloud::CreateMeshRequest request;
        request.name = mesh;
        request.regionId = place.region;
        request.vpcId = place.vpcId;
        request.vSwitches = place.vSwitches;
        const auto created = wait(m_client->createMesh(request, {}));
        if (!created || !QTest::qWaitFor([&] { return meshNamed(mesh) && meshNamed(mesh)->state == MeshState::Running; }, 10000))
            qFatal("no mesh of the colleague's");
        return created->id;
    }
    /// A running mesh with a root of its own, with @p members added by somebody.
    void make(const QString &mesh, const QString &place, const QMap<QString, Mode> &members = {})
    {
        QVERIFY2(done(cloud().createMesh(wish(mesh, place))), "create");
        QVERIFY2(done(cloud().awaitMesh(mesh)), "await");
        for (auto it = members.begin(); it != members.end(); ++it) {
            const auto added = done(cloud().addMember(mesh, it.key(), it.value()));
            QVERIFY2(added, why(added));
        }
    }

private slots:
    void initTestCase()
    {
        for (auto &kind : meshKinds())
            m_registry.add(std::move(kind));
    }

    void init()
    {
        if (tests::LabProcess::program().isEmpty())
            QSKIP("there is no catamaran-lab");
        m_folder = std::make_unique<QTemporaryDir>();
        m_secrets = store::makeMemorySecretStore();
        QVERIFY2(m_lab.start(
                     { QStringLiteral("--create-delay"), QStringLiteral("300"), QStringLiteral("--update-delay"), QStringLiteral("150") }),
            qPrintable(m_lab.errorText()));
        const auto environment = documents::loadEnvironment(m_lab.environmentFile());
        QVERIFY2(environment, why(environment));
        const AccountSettings settings = settingsOf(*environment->account());
        QFile secret(settings.secret.name);
        QVERIFY(secret.open(QIODevice::ReadOnly));
        const alicloud::Credentials credentials { settings.accessKeyId, core::Secret(secret.readAll().trimmed()), {} };
        net::TlsOptions tls;
        tls.trusted = settings.endpoints.trusted;
        auto way = std::make_unique<tests::LossyClient>(net::makeHttpClient(tls));
        m_way = way.get();
        auto client = std::make_unique<alicloud::AsmClient>(credentials, settings.endpoints, std::move(way));
        const auto candidates = wait(client->candidateClusters({}, {}));
        QVERIFY2(candidates, why(candidates));
        QList<ClusterPlace> places;
        for (const alicloud::MeshCluster &cluster : *candidates)
            places.append({ cluster.name, cluster.id, cluster.regionId });
        m_client = client.get();
        m_plane = std::make_unique<AsmProvider>(
            AsmProvider::Clients { std::move(client), std::make_unique<alicloud::AckClient>(credentials, settings.endpoints) },
            settings.regions, places);
        m_providers.all = { m_plane.get() };
        m_world.services = { { typeid(Providers), &m_providers }, { typeid(AsmProvider), m_plane.get() },
            { typeid(store::SecretStore), m_secrets.get() } };
        alicloud::AckClient ack(credentials, settings.endpoints);
        for (const alicloud::MeshCluster &cluster : *candidates) {
            m_clusters.insert(cluster.name, cluster);
            const auto facts = wait(ack.cluster(cluster.regionId, cluster.id, {}));
            QVERIFY2(facts, why(facts));
            MeshWish place;
            place.version = alicloud::minimumMeshVersion;
            place.cluster = cluster.name;
            place.region = facts->regionId;
            place.vpcId = facts->vpcId;
            place.vSwitches = facts->vSwitches;
            m_places.insert(cluster.name, place);
        }
        for (const int number : { 1, 2 }) {
            auto access = kube::loadKubeconfig({ m_lab.kubeconfig(number) }).and_then([](const auto &config) {
                return kube::resolveContext(config);
            });
            QVERIFY2(access, why(access));
            access->name = number == 1 ? first : second;
            m_world.clients.insert(access->name, std::make_shared<kube::KubeClient>(*access));
        }
    }

    void cleanup()
    {
        m_world.clients.clear();
        m_world.services.clear();
        m_plane.reset();
        m_lab.stop();
    }

    // --- arguments and words ------------------------------------------------------------------------------------------

    void argumentsAreJudgedStrictly_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QString>("named"); // empty: good
        const QByteArray place = R"("mesh":"m","cluster":"c","region":"r","vpc":"v","vSwitches":["s"])";
        QTest::newRow("a mesh with a root of its own") << "asm.createMesh" << '{' + place + '}' << "";
        QTest::newRow("a mesh under a shared root")
            << "asm.createMesh" << '{' + place + R"(,"version":"v1","root":{"name":"r","step":"s","shared":true}})"
            << "";
        QTest::newRow("a root without a step") << "asm.createMesh" << '{' + place + R"(,"root":{"name":"r"}})"
                                               << "root step";
        QTest::newRow("a key among the arguments") << "asm.createMesh" << '{' + place + R"(,"root":{"name":"r","step":"s","key":"k"}})"
                                                   << "root key";
        QTest::newRow("no place") << "asm.createMesh" << QByteArray(R"({"mesh":"m","cluster":"c"})") << "region";
        QTest::newRow("no switch") << "asm.createMesh" << QByteArray(R"({"mesh":"m","cluster":"c","region":"r","vpc":"v","vSwitches":[]})")
                                   << "vSwitches";
        QTest::newRow("a name that is a command") << "asm.deleteMesh" << QByteArray(R"({"mesh":"`reboot`"})") << "mesh";
        QTest::newRow("somebody else's mesh that may go") << "asm.deleteMesh" << QByteArray(R"({"mesh":"m","foreign":"take"})") << "";
        QTest::newRow("one of which it is not known whether")
            << "asm.deleteMesh" << QByteArray(R"({"mesh":"m","foreign":"perhaps"})") << "foreign";
        QTest::newRow("no name") << "asm.awaitMesh" << QByteArray("{}") << "mesh";
        QTest::newRow("a member") << "asm.addMember" << QByteArray(R"({"mesh":"m","cluster":"c","mode":"discovery-only"})") << "";
        QTest::newRow("in a mode that nobody knows")
            << "asm.addMember" << QByteArray(R"({"mesh":"m","cluster":"c","mode":"unknown"})") << "mode";
        QTest::newRow("a member goes") << "asm.removeMember" << QByteArray(R"({"mesh":"m","cluster":"c"})") << "";
        QTest::newRow("by force") << "asm.removeMember" << QByteArray(R"({"mesh":"m","cluster":"c","force":true})") << "force";
        QTest::newRow("networks") << "asm.setNetworks" << QByteArray(R"({"mesh":"m","networks":{"c":{"network":"n","gateway":true}}})")
                                  << "";
        QTest::newRow("no networks") << "asm.setNetworks" << QByteArray(R"({"mesh":"m","networks":{}})") << "networks";
        QTest::newRow("a network without its gateway")
            << "asm.setNetworks" << QByteArray(R"({"mesh":"m","networks":{"c":{"network":"n"}}})") << "networks";
        QTest::newRow("injection") << "asm.setInjection" << QByteArray(R"({"mesh":"m","namespace":"n","enabled":false,"clusters":["c"]})")
                                   << "";
        QTest::newRow("nowhere to be seen") << "asm.setInjection"
                                            << QByteArray(R"({"mesh":"m","namespace":"n","enabled":true,"clusters":[]})") << "clusters";
        QTest::newRow("neither on nor off") << "asm.setInjection" << QByteArray(R"({"mesh":"m","namespace":"n","clusters":["c"]})")
                                            << "enabled";
        QTest::newRow("a root") << "trust.takeRoot" << QByteArray(R"({"name":"r"})") << "";
        QTest::newRow("a root that is named as a path") << "trust.takeRoot" << QByteArray(R"({"name":"../r"})") << "name";
        QTest::newRow("nothing to compare") << "trust.compareRoots" << QByteArray(R"({"meshes":[]})") << "meshes";
    }
    void argumentsAreJudgedStrictly()
    {
        QFETCH(QString, kind);
        QFETCH(QByteArray, arguments);
        QFETCH(QString, named);
        const auto checked = (*m_registry.find(kind))->check(json(arguments));
        if (named.isEmpty()) {
            QVERIFY2(checked, why(checked));
            return;
        }
        QVERIFY(!checked);
        QVERIFY(checked.error().kind == ErrorKind::InvalidInput);
        QCOMPARE(checked.error().target, kind + u' ' + named);
    }

    void everyOperationIsOneThatItsKindTakesAndSaysWhatItDoes()
    {
        const RootWish root { QStringLiteral("two-meshes-root"), false, { one, two } };
        const QMap<QString, NetworkSetting> on { { first, { QStringLiteral("network1"), true } } },
            off { { first, { QStringLiteral("network1"), false } } };
        ops::Names names;
        names.idOf = [](const QString &name) { return name == first ? QStringLiteral("c1") : QString(); };
        QStringList titles;
        for (const Operation &operation : { takeRoot(root), cloud().createMesh(wish(one, first, root)), cloud().awaitMesh(one),
                 cloud().addMember(one, first, Mode::Managed), cloud().addMember(one, second, Mode::DiscoveryOnly),
                 compareRoots({ one, two }), cloud().setNetworks(one, on), cloud().setNetworks(one, off, on),
                 cloud().setInjection(one, QStringLiteral("default"), true, { first }), cloud().removeMember(one, first, Mode::Managed),
                 cloud().deleteMesh(one) }) {
            const auto kind = m_registry.find(operation.kind);
            QVERIFY2(kind, why(kind));
            const auto checked = (*kind)->check(operation.arguments);
            QVERIFY2(checked, why(checked));
            const ops::Description said = (*kind)->describe(operation, names);
            titles << said.title;
            QVERIFY(!said.calls.isEmpty());
            if (operation.kind.startsWith(u"asm.")) {
                QCOMPARE(said.lane, QStringLiteral("mesh mesh-1"));
                QCOMPARE(said.subject, operation.kind == u"asm.awaitMesh" ? QString() : QStringLiteral("mesh mesh-1"));
                QVERIFY(said.command.contains(QStringLiteral("aliyun servicemesh ")));
            }
            if (operation.kind == u"asm.addMember")
                QVERIFY2(said.command.contains(QStringLiteral("select(.Name == \"mesh-1\")")), qPrintable(said.command));
            if (operation.kind == u"asm.deleteMesh")
                QVERIFY(!said.keeps.isEmpty());
        }
        QVERIFY(titles.contains(QStringLiteral("Create mesh-1 where cluster-1 is")));
        QVERIFY(titles.contains(QStringLiteral("Set the networks of mesh-1"))
            && titles.contains(QStringLiteral("Take away the gateways of mesh-1")));
        // Namespaces are looked at where the mesh injects.
        const auto rights = (*m_registry.find(QStringLiteral("asm.setInjection")))
                                ->rights(cloud().setInjection(one, QStringLiteral("default"), true, { first }), ops::Direction::Do);
        QCOMPARE(rights.size(), 1);
        QCOMPARE(rights.first().cluster, first);
        QVERIFY(!ops::overlaps(QStringLiteral("mesh mesh-1"), QStringLiteral("mesh-1/default"))
            && !ops::overlaps(QStringLiteral("mesh mesh-1"), QStringLiteral("mesh mesh-10")));
    }

    // --- the whole way ------------------------------------------------------------------------------------------------

    void aFleetIsMadeAndTakenBack()
    {
        const RootWish root { QStringLiteral("two-meshes-root"), false, { one, two } };
        const QString ns = QStringLiteral("default");
        ops::Plan plan;
        const auto add = [&](const QString &id, const QStringList &after, const Operation &operation) {
            plan.steps.append({ id, {}, after, operation });
        };
        add(QStringLiteral("trust-root"), {}, takeRoot(root));
        for (const auto &[mesh, own, other] : { std::tuple(one, first, second), std::tuple(two, second, first) }) {
            const auto id = [&](const char *word) { return QLatin1String(word) + mesh; };
            add(id("create-"), { QStringLiteral("trust-root") }, cloud().createMesh(wish(mesh, own, root)));
            add(id("wait-"), { id("create-") }, cloud().awaitMesh(mesh));
            add(id("manage-"), { id("wait-") }, cloud().addMember(mesh, own, Mode::Managed));
        }
        add(QStringLiteral("compare-roots"), { QStringLiteral("wait-mesh-1"), QStringLiteral("wait-mesh-2") }, compareRoots({ one, two }));
        for (const auto &[mesh, own, other] : { std::tuple(one, first, second), std::tuple(two, second, first) }) {
            const auto id = [&](const char *word) { return QLatin1String(word) + mesh; };
            add(id("discover-"), { QStringLiteral("manage-mesh-1"), QStringLiteral("manage-mesh-2") },
                cloud().addMember(mesh, other, Mode::DiscoveryOnly));
            add(id("networks-"), { id("discover-") },
                cloud().setNetworks(mesh, { { own, { QStringLiteral("own"), true } }, { other, { QStringLiteral("other"), false } } }));
            add(id("inject-"), { id("networks-") }, cloud().setInjection(mesh, ns, true, { own }));
        }
        const auto result = execute(plan);
        QVERIFY2(result.complete, why(result));
        for (const ops::StepOutcome &step : result.steps) {
            QVERIFY2(!step.evidence.text.isEmpty(), qPrintable(step.stepId));
            const bool isCall = step.stepId.startsWith(u"create-") || step.stepId.startsWith(u"manage-")
                || step.stepId.startsWith(u"networks-") || step.stepId.startsWith(u"inject-");
            QVERIFY2(!isCall || !step.requestId.isEmpty(), qPrintable(step.stepId));
        }
        // As the world says.
        QVERIFY(!meshNamed(one)->rootFingerprints.isEmpty());
        QCOMPARE(meshNamed(one)->rootFingerprints, meshNamed(two)->rootFingerprints);
        QVERIFY(memberOf(one, first).mode == Mode::Managed && memberOf(one, second).mode == Mode::DiscoveryOnly);
        QVERIFY(memberOf(two, second).mode == Mode::Managed && memberOf(two, first).mode == Mode::DiscoveryOnly);
        QVERIFY(memberOf(one, first).gateway && !memberOf(one, second).gateway);
        QCOMPARE(memberOf(one, second).network, QStringLiteral("other"));
        QVERIFY(injects(first) && injects(second));
        const QString entry = ownRootEntry(*meshNamed(one)->rootFingerprints.begin());
        QVERIFY(wait(m_secrets->has(entry, {})).value());
        for (const char *suffix : { "", "-wal" }) {
            QFile file(options().databaseFile + QLatin1String(suffix));
            QVERIFY(!file.exists() || (file.open(QIODevice::ReadOnly) && !file.readAll().contains("PRIVATE KEY")));
        }

        // Once more: everything is in place, the root is found by what the meshes show, and nothing is taken back of it.
        const QMap<QString, int> before = m_way->arrived;
        const auto again = execute(plan);
        QVERIFY2(again.complete, why(again));
        for (const char *changing :
            { "CreateServiceMesh", "AddClusterIntoServiceMesh", "UpdateMeshMultiClusterNetwork", "UpdateIstioInjectionConfig" })
            QCOMPARE(m_way->arrived.value(QLatin1String(changing)), before.value(QLatin1String(changing)));
        QVERIFY2(undo(again.execution).complete, "undo of nothing");
        QCOMPARE(meshes().size(), 2);

        const auto undone = undo(result.execution);
        QVERIFY2(undone.complete, why(undone));
        QVERIFY(meshes().isEmpty());
        QVERIFY(!injects(first) && !injects(second));
        QVERIFY(!wait(m_secrets->has(entry, {})).value());
    }

    // --- the root -----------------------------------------------------------------------------------------------------

    void aRootStaysInTheKeyringAsLongAsAMeshHasIt()
    {
        const RootWish root { QStringLiteral("r"), false, { one } };
        ops::Plan plan { { { QStringLiteral("trust-root"), {}, {}, takeRoot(root) } } };
        const auto made = execute(plan);
        QVERIFY2(made.complete, why(made));
        // Somebody makes a mesh under it, which the plan does not name.
        plan.steps.append({ QStringLiteral("create"), {}, { QStringLiteral("trust-root") }, cloud().createMesh(wish(two, second, root)) });
        plan.steps.append({ QStringLiteral("wait"), {}, { QStringLiteral("create") }, cloud().awaitMesh(two) });
        const auto other = execute(plan);
        QVERIFY2(other.complete, why(other));
        const QString entry = ownRootEntry(*meshNamed(two)->rootFingerprints.begin());
        // The first one's root is nobody's; the other's has a mesh when only its root's step is taken back.
        QVERIFY2(undo(made.execution).complete, "the first one's");
        const Operation take = takeRoot({ QStringLiteral("r"), false, { two } });
        tests::Deed deed;
        deed.after = *look(take);
        deed.receipt.made = { { QStringLiteral("fingerprint"), *meshNamed(two)->rootFingerprints.begin() },
            { QStringLiteral("entry"), entry }, { QStringLiteral("new"), true } };
        const auto kept = onWorker([&] {
            auto scope = m_world.scope();
            scope.made = deed.receipt.made;
            return (*m_registry.find(take.kind))->revert(take, {}, deed.after, scope);
        });
        QVERIFY2(kept, why(kept));
        QVERIFY2(kept->text.contains(QStringLiteral("mesh-2")), qPrintable(kept->text));
        QVERIFY(wait(m_secrets->has(entry, {})).value());
        const auto undone = undo(other.execution);
        QVERIFY2(undone.complete, why(undone));
        QVERIFY(!wait(m_secrets->has(entry, {})).value());
    }

    void killedAnywhereARootIsNeitherLostNorMadeTwice()
    {
        WatchedSecrets secrets;
        m_world.services[typeid(store::SecretStore)] = static_cast<store::SecretStore *>(&secrets);
        struct Point {
            std::unique_ptr<QTemporaryDir> folder = std::make_unique<QTemporaryDir>();
            QMap<QString, core::Secret> kept;
        };
        std::vector<Point> points; // as the disk and the keyring are before each call
        const QString database = options().databaseFile;
        const auto keep = [&] {
            Point &point = points.emplace_back();
            point.kept = secrets.kept;
            for (const char *suffix : { "", "-wal" })
                QFile::copy(database + QLatin1String(suffix), point.folder->filePath(QStringLiteral("history.db") + QLatin1String(suffix)));
        };
        secrets.before = keep;
        const auto whole = execute({ { { QStringLiteral("trust-root"), {}, {}, takeRoot({ QStringLiteral("r"), false, {} }) } } });
        QVERIFY2(whole.complete, why(whole));
        keep();
        secrets.before = {};
        QCOMPARE(secrets.kept.size(), 1);
        const QString entry = secrets.kept.firstKey(), making = rootEntryInMaking(whole.uid, QStringLiteral("trust-root"));
        int inMaking = 0;
        for (const Point &point : points) {
            inMaking += point.kept.contains(making) ? 1 : 0;
            for (const bool goesOn : { true, false }) {
                const QString where
                    = QStringLiteral("point %1 of %2, %3").arg(&point - points.data()).arg(points.size()).arg(point.kept.keys().join(u' '));
                QTemporaryDir folder;
                auto there = options();
                there.databaseFile = folder.filePath(QStringLiteral("history.db"));
                there.clock = [] { return QDateTime::currentDateTimeUtc().addSecs(600); };
                for (const char *suffix : { "", "-wal" })
                    QFile::copy(point.folder->filePath(QStringLiteral("history.db") + QLatin1String(suffix)),
                        there.databaseFile + QLatin1String(suffix));
                ops::Journal::abandon(there.databaseFile, whole.execution);
                secrets.kept = point.kept;
                if (goesOn) {
                    const auto resumed = onWorker([&] { return ops::resume(whole.execution, m_registry, m_world, there, {}); });
                    QVERIFY2(resumed.complete || &point == &points.back(), qPrintable(where + u' ' + QString::fromUtf8(why(resumed))));
                    QVERIFY2(
                        secrets.kept.size() == 1 && !secrets.kept.contains(making), qPrintable(where + secrets.kept.keys().join(u' ')));
                    QVERIFY2(point.kept.isEmpty() || secrets.kept.contains(entry), qPrintable(where));
                }
                const auto undone = onWorker([&] { return ops::undo(whole.execution, m_registry, m_world, there, {}); });
                QVERIFY2(undone.complete, qPrintable(where + u' ' + QString::fromUtf8(why(undone))));
                QVERIFY2(secrets.kept.isEmpty(), qPrintable(where + secrets.kept.keys().join(u' ')));
            }
        }
        qInfo("%d points, in %d of them in the making", int(points.size()), inMaking);
        QVERIFY(inMaking > 0);
    }

    void aRootThatIsSharedIsFoundByNameAndStays()
    {
        const Operation take = takeRoot({ QStringLiteral("company"), true, { one } });
        const auto made = execute({ { { QStringLiteral("trust-root"), {}, {}, take } } });
        QVERIFY2(made.complete, why(made));
        const auto again = done(take);
        QVERIFY2(again, why(again));
        QVERIFY(again->wasInPlace);
        const auto undone = undo(made.execution);
        QVERIFY2(undone.complete, why(undone));
        QVERIFY(wait(m_secrets->has(namedRootEntry(QStringLiteral("company")), {})).value());
    }

    void aMeshWhoseKeyNobodyHasCannotGetASister()
    {
        make(one, first);
        const auto refused = done(takeRoot({ QStringLiteral("r"), false, { one, two } }));
        QVERIFY(!refused);
        QVERIFY(refused.error().kind == ErrorKind::Precondition);
        QVERIFY2(refused.error().text().contains(one) && !refused.error().remedy.isEmpty(), why(refused));
    }

    void rootsThatDifferAreSaid()
    {
        make(one, first);
        make(two, second);
        const auto compared = done(compareRoots({ one, two }));
        QVERIFY(!compared);
        QVERIFY2(compared.error().answer.contains(QStringLiteral("their roots differ")), why(compared));
    }

    // --- creation -----------------------------------------------------------------------------------------------------

    void aCreationWithoutAnAnswerMakesNoSecondMesh_data()
    {
        QTest::addColumn<int>("stale");
        QTest::newRow("it is seen at once") << 0;
        QTest::newRow("it shows late") << 4;
    }
    void aCreationWithoutAnAnswerMakesNoSecondMesh()
    {
        QFETCH(int, stale);
        QVERIFY(meshes().isEmpty()); // the answer that is given again
        m_way->lost[QStringLiteral("CreateServiceMesh")] = 1;
        m_way->stale[QStringLiteral("DescribeServiceMeshes")] = stale;
        const auto result = execute({ { { QStringLiteral("create"), {}, {}, cloud().createMesh(wish(one, first)) },
            { QStringLiteral("wait"), {}, { QStringLiteral("create") }, cloud().awaitMesh(one) } } });
        QVERIFY2(result.complete, why(result));
        QCOMPARE(m_way->arrived.value(QStringLiteral("CreateServiceMesh")), 1);
        QCOMPARE(meshes().size(), 1);
        QVERIFY2(undo(result.execution).complete, "undo");
        QVERIFY(meshes().isEmpty());
    }

    void aMeshBearsTheExecutionThatMadeIt()
    {
        const auto result = execute({ { { QStringLiteral("create"), {}, {}, cloud().createMesh(wish(one, first)) } } });
        QVERIFY2(result.complete, why(result));
        QCOMPARE(meshNamed(one)->owner, result.uid);
        const ops::Description said
            = (*m_registry.find(QStringLiteral("asm.createMesh")))->describe(cloud().createMesh(wish(one, first)), {});
        QVERIFY2(
            said.command.contains(QStringLiteral("--Tag.1.Key catamaran.io/execution --Tag.1.Value by-hand")), qPrintable(said.command));
        QVERIFY2(said.calls.first().body.contains(QStringLiteral("Tag.1.Key=catamaran.io/execution")), qPrintable(said.calls.first().body));
    }

    void aMeshThatAColleagueMadeMeanwhileIsNotOurs_data()
    {
        QTest::addColumn<bool>("goesOn");
        QTest::newRow("gone on with") << true;
        QTest::newRow("taken back") << false;
    }
    void aMeshThatAColleagueMadeMeanwhileIsNotOurs()
    {
        QFETCH(bool, goesOn);
        // Cut off before the cloud got it.
        std::stop_source stop;
        m_way->dropped[QStringLiteral("CreateServiceMesh")] = 1;
        m_way->onDropped = [&] { stop.request_stop(); };
        const ops::Plan plan { { { QStringLiteral("create"), {}, {}, cloud().createMesh(wish(one, first)) } } };
        auto hasty = options();
        hasty.settleTimeout = std::chrono::milliseconds(100);
        const auto cut = onWorker([&] { return ops::execute(plan, m_registry, m_world, hasty, stop.get_token()); });
        QVERIFY(!cut.complete && cut.steps.first().state == ops::StepState::Unknown);
        QCOMPARE(m_way->arrived.value(QStringLiteral("CreateServiceMesh")), 0);
        const QString theirs = makeAsColleague(one);
        auto later = options();
        later.clock = [] { return QDateTime::currentDateTimeUtc().addSecs(600); };
        if (goesOn) {
            const auto result = onWorker([&] { return ops::resume(cut.execution, m_registry, m_world, later, {}); });
            QVERIFY(!result.complete);
            QVERIFY2(result.error && result.error->kind == ErrorKind::Conflict, why(result));
            QVERIFY2(result.error->answer.contains(QStringLiteral("nothing on it tells")), why(result));
        }
        const auto undone = onWorker([&] { return ops::undo(cut.execution, m_registry, m_world, later, {}); });
        QVERIFY2(undone.complete, why(undone));
        QVERIFY(meshNamed(one));
        QCOMPARE(meshNamed(one)->id, theirs);
        QVERIFY(meshNamed(one)->state != MeshState::Deleting);
    }

    void anUndoLeavesTheMeshThatAColleagueMadeInOursPlace()
    {
        const auto made = execute({ { { QStringLiteral("create"), {}, {}, cloud().createMesh(wish(one, first)) },
            { QStringLiteral("wait"), {}, { QStringLiteral("create") }, cloud().awaitMesh(one) } } });
        QVERIFY2(made.complete, why(made));
        QVERIFY(wait(m_client->deleteMesh(meshNamed(one)->id, {})).has_value());
        QVERIFY(QTest::qWaitFor([&] { return meshes().isEmpty(); }, 10000));
        const QString theirs = makeAsColleague(one);
        const auto undone = undo(made.execution);
        QVERIFY2(undone.complete, why(undone));
        QVERIFY(meshNamed(one) && meshNamed(one)->id == theirs);
    }

    void aMeshThatCatamaranDidNotMakeIsDeletedOnlyWhenThatIsSaid()
    {
        const QString theirs = makeAsColleague(one);
        const auto refused = done(cloud().deleteMesh(one));
        QVERIFY(!refused);
        QVERIFY(refused.error().kind == ErrorKind::Precondition);
        QCOMPARE(refused.error().code, QStringLiteral("Foreign"));
        QVERIFY2(refused.error().remedy.contains(QStringLiteral("--foreign mesh/mesh-1")), why(refused));
        const auto left = execute({ { { QStringLiteral("delete"), {}, {}, cloud().deleteMesh(one, ops::Foreign::Leave) } } });
        QVERIFY2(left.complete, why(left));
        QVERIFY2(left.steps.first().note.startsWith(QStringLiteral("left as it is")), why(left));
        QVERIFY(meshNamed(one) && meshNamed(one)->id == theirs);
        const auto taken = done(cloud().deleteMesh(one, ops::Foreign::Take));
        QVERIFY2(taken, why(taken));
        QVERIFY(meshes().isEmpty());
    }

    void aMeshWithClustersIsNeitherDeletedNorTakenBack()
    {
        const Operation create = cloud().createMesh(wish(one, first));
        const auto created = done(create);
        QVERIFY2(created, why(created));
        QVERIFY2(done(cloud().awaitMesh(one)), "await");
        // Somebody else's cluster by now.
        QVERIFY(wait(m_client->addCluster(meshNamed(one)->id, m_clusters.value(second).id, true, {})).has_value());
        const auto back = this->back(create, *created);
        QVERIFY(!back);
        QVERIFY(back.error().kind == ErrorKind::Precondition);
        QVERIFY2(back.error().answer.contains(second), why(back));
        const auto deleted = done(cloud().deleteMesh(one));
        QVERIFY(!deleted);
        QVERIFY2(deleted.error().code == u"ErrorPermitted.ClustersNotEmpty" && !deleted.error().remedy.isEmpty(), why(deleted));
        QVERIFY(meshNamed(one));
        const auto removed = done(cloud().removeMember(one, second));
        QVERIFY2(removed, why(removed));
        const auto gone = done(cloud().deleteMesh(one));
        QVERIFY2(gone, why(gone));
        QVERIFY(meshes().isEmpty());
    }

    void aMeshThatIsMadeAnewIsNotTakenForTheOldOne()
    {
        const Operation create = cloud().createMesh(wish(one, first)), remove = cloud().deleteMesh(one);
        const auto old = done(create);
        QVERIFY2(old, why(old));
        QVERIFY2(done(cloud().awaitMesh(one)), "await");
        const auto before = look(remove);
        QVERIFY2(done(remove), "delete");
        QVERIFY2(done(create), "create");
        const auto stale = act(remove, *before);
        QVERIFY(!stale && stale.error().kind == ErrorKind::Conflict);
        QVERIFY(!back(create, *old));
        QCOMPARE(meshes().size(), 1);
    }

    // --- members ------------------------------------------------------------------------------------------------------

    void aMemberInTheOtherModeIsAConflict()
    {
        make(one, first, { { first, Mode::Managed } });
        make(two, second, { { first, Mode::DiscoveryOnly } });
        for (const auto &[mesh, mode] : { std::pair(one, Mode::DiscoveryOnly), std::pair(two, Mode::Managed) }) {
            const auto refused = done(cloud().addMember(mesh, first, mode));
            QVERIFY(!refused);
            QVERIFY(refused.error().kind == ErrorKind::Conflict);
        }
        const auto same = done(cloud().addMember(two, first, Mode::DiscoveryOnly));
        QVERIFY2(same && same->wasInPlace, why(same));
    }

    void aMemberThatWentComesBackInItsMode()
    {
        make(one, first, { { first, Mode::Managed } });
        make(two, second, { { first, Mode::DiscoveryOnly } });
        const Operation remove = cloud().removeMember(two, first);
        const auto removed = done(remove);
        QVERIFY2(removed, why(removed));
        const auto back = this->back(remove, *removed);
        QVERIFY2(back, why(back));
        QVERIFY(memberOf(two, first).mode == Mode::DiscoveryOnly);
        const auto absent = done(cloud().removeMember(two, second));
        QVERIFY2(absent && absent->wasInPlace, why(absent));
        const auto nowhere = done(cloud().addMember(QStringLiteral("mesh-9"), first, Mode::Managed));
        QVERIFY(!nowhere && nowhere.error().kind == ErrorKind::NotFound);
    }

    void whereTheModeIsNotToldTheOneOfThePlanComesBack()
    {
        make(two, second, { { second, Mode::Managed } });
        const auto added = done(cloud().addMember(two, first, Mode::DiscoveryOnly));
        QVERIFY2(added, why(added));
        QVERIFY(memberOf(two, first).mode == Mode::Unknown); // no mesh manages it, and nothing else tells
        QVERIFY(done(cloud().addMember(two, first, Mode::DiscoveryOnly))->wasInPlace);
        QVERIFY(!this->back(cloud().removeMember(two, first), *done(cloud().removeMember(two, first)))); // of an earlier plan
        QVERIFY2(done(cloud().addMember(two, first, Mode::DiscoveryOnly)), "again");
        const Operation remove = cloud().removeMember(two, first, Mode::DiscoveryOnly);
        const auto removed = done(remove);
        QVERIFY2(removed, why(removed));
        QCOMPARE(removed->before.value.value(u"mode").toString(), QStringLiteral("unknown"));
        const auto back = this->back(remove, *removed);
        QVERIFY2(back, why(back));
        make(one, first, { { first, Mode::Managed } }); // refused if the other managed it
        QVERIFY(memberOf(two, first).mode == Mode::DiscoveryOnly);
    }

    void whatWasNotReadIsNotAbsent()
    {
        make(one, first, { { first, Mode::Managed } });
        for (const char *unread : { "DescribeClustersInServiceMesh", "DescribeMeshMultiClusterNetwork" }) {
            for (const Operation &operation :
                { cloud().removeMember(one, first), cloud().setNetworks(one, { { first, { QStringLiteral("network1"), true } } }) }) {
                m_way->throttled[QLatin1String(unread)] = 4;
                const auto seen = look(operation);
                QVERIFY2(!seen && seen.error().kind == ErrorKind::Throttled, qPrintable(operation.kind));
            }
        }
    }

    void whatPassesIsWaitedThrough()
    {
        QVERIFY2(done(cloud().createMesh(wish(one, first))), "create");
        const Operation wait = cloud().awaitMesh(one);
        QVERIFY(look(wait).has_value());
        m_way->throttled[QStringLiteral("DescribeServiceMeshes")] = 5; // more than one call tries
        const auto proof = onWorker([&] {
            auto scope = m_world.scope();
            return (*m_registry.find(wait.kind))->prove(wait, scope);
        });
        QVERIFY2(proof, why(proof));
        // And what does not pass ends at the deadline, with the state it was in.
        QVERIFY(test::wait(m_client->addCluster(meshNamed(one)->id, m_clusters.value(first).id, false, {})).has_value());
        const auto early = onWorker([&] {
            auto scope = m_world.scope(std::chrono::milliseconds(100));
            return (*m_registry.find(wait.kind))->prove(wait, scope);
        });
        QVERIFY(!early && early.error().kind == ErrorKind::Timeout);
        QVERIFY2(early.error().answer.contains(QStringLiteral("mesh-1 is still updating")), why(early));
    }

    // --- networks -----------------------------------------------------------------------------------------------------

    void networksOfOthersStay()
    {
        make(one, first, { { first, Mode::Managed }, { second, Mode::DiscoveryOnly } });
        const QString id = meshNamed(one)->id;
        const auto byOthers = [&](const QString &network) {
            auto map = *wait(m_client->networks(id, {}));
            map[m_clusters.value(second).id] = { network, false, QStringLiteral("203.0.113.7"), {} };
            const auto set = wait(m_client->setNetworks(id, map, {}));
            return set.has_value() && QTest::qWaitFor([&] { return meshNamed(one)->state == MeshState::Running; }, 10000);
        };
        QVERIFY(byOthers(QStringLiteral("theirs")));
        const Operation set = cloud().setNetworks(one, { { first, { QStringLiteral("ours"), true } } });
        const auto before = look(set);
        QVERIFY2(before, why(before));
        // They change theirs once more after we looked: it is theirs that stays.
        QVERIFY(byOthers(QStringLiteral("theirs-2")));
        const auto sent = act(set, *before);
        QVERIFY2(sent, why(sent));
        QVERIFY(!sent->requestId.isEmpty());
        const auto again = done(set);
        QVERIFY2(again, why(again));
        auto map = *wait(m_client->networks(id, {}));
        QCOMPARE(map.value(m_clusters.value(first).id).network, QStringLiteral("ours"));
        QCOMPARE(map.value(m_clusters.value(second).id).network, QStringLiteral("theirs-2"));
        QCOMPARE(map.value(m_clusters.value(second).id).customGatewayAddress, QStringLiteral("203.0.113.7"));
        // What we would change is not what we saw: nothing is sent.
        const auto stale = act(cloud().setNetworks(one, { { first, { QStringLiteral("ours-2"), true } } }), *before);
        QVERIFY(!stale && stale.error().kind == ErrorKind::Conflict);
        tests::Deed deed;
        deed.before = *before;
        deed.after = *look(set);
        const auto back = this->back(set, deed);
        QVERIFY2(back, why(back));
        map = *wait(m_client->networks(id, {}));
        QVERIFY(!map.contains(m_clusters.value(first).id));
        QCOMPARE(map.value(m_clusters.value(second).id).network, QStringLiteral("theirs-2"));
    }

    void networksThatCouldNotBeReadAreNotWritten()
    {
        make(one, first, { { first, Mode::Managed } });
        const Operation set = cloud().setNetworks(one, { { first, { QStringLiteral("ours"), true } } });
        const auto before = look(set);
        QVERIFY2(before, why(before));
        m_way->throttled[QStringLiteral("DescribeMeshMultiClusterNetwork")] = 4;
        const auto refused = act(set, *before);
        QVERIFY(!refused && refused.error().kind == ErrorKind::Throttled);
        QCOMPARE(m_way->arrived.value(QStringLiteral("UpdateMeshMultiClusterNetwork")), 0);
    }

    // --- injection ----------------------------------------------------------------------------------------------------

    void injectionIsSeenInTheClusterAndTakenBack()
    {
        make(one, first, { { first, Mode::Managed } });
        const QString ns = QStringLiteral("default");
        const Operation on = cloud().setInjection(one, ns, true, { first }), off = cloud().setInjection(one, ns, false, { first });
        const auto turned = done(on);
        QVERIFY2(turned, why(turned));
        QVERIFY(injects(first));
        const auto off1 = done(off);
        QVERIFY2(off1, why(off1));
        QVERIFY(!injects(first));
        const auto back1 = back(off, *off1);
        QVERIFY2(back1, why(back1));
        QVERIFY(injects(first));
        const auto back2 = back(on, *turned);
        QVERIFY2(back2, why(back2));
        QVERIFY(!injects(first));
        // An answer that is lost: the label tells, and nothing is sent twice.
        m_way->lost[QStringLiteral("UpdateIstioInjectionConfig")] = 1;
        const int sent = m_way->arrived.value(QStringLiteral("UpdateIstioInjectionConfig"));
        const auto unanswered = execute({ { { QStringLiteral("inject"), {}, {}, on } } });
        QVERIFY2(unanswered.complete, why(unanswered));
        QCOMPARE(m_way->arrived.value(QStringLiteral("UpdateIstioInjectionConfig")), sent + 1);
    }
};

QTEST_GUILESS_MAIN(AsmKindsTest)
#include "tst_asmkinds.moc"
