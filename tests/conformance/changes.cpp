// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "conformance.h"

#include "kube/deploymentstatus.h"
#include "kube/discovery.h"
#include "kube/managedfields.h"
#include "kube/until.h"
#include "ops/kinds/faultmark.h"
#include "ops/kinds/kubekinds.h"
#include "ops/kinds/kubeworld.h"

using namespace catamaran;
using namespace catamaran::conformance;
using namespace catamaran::kube;
using namespace std::chrono_literals;
using core::ErrorKind;
using core::Result;
using tests::carryOut;
using tests::Deed;
using tests::onWorker;
using tests::takeBack;

namespace {

const QString madeUpUid = QStringLiteral("5b1d7fdc-0000-4000-8000-000000000000");

QString uid(const QJsonObject &object)
{
    return object[u"metadata"][u"uid"].toString();
}

QString version(const QJsonObject &object)
{
    return object[u"metadata"][u"resourceVersion"].toString();
}

/// With a container that every suite can run; @p kind "Deployment" or "StatefulSet".
QJsonObject workload(const Place &place, const QByteArray &kind, const QByteArray &name, int replicas, const QString &image)
{
    return json(R"({"apiVersion":"apps/v1","kind":")" + kind + R"(","metadata":{"name":")" + name + R"(","namespace":")" + place.ns.toUtf8()
        + R"("},"spec":{"replicas":)" + QByteArray::number(replicas)
        + (kind == "StatefulSet" ? R"(,"serviceName":")" + name + '"' : QByteArray()) + R"(,"selector":{"matchLabels":{"app":")" + name
        + R"("}},"template":{"metadata":{"labels":{"app":")" + name
        + R"("}},"spec":{"terminationGracePeriodSeconds":1,"containers":[{"name":"main","image":")" + image.toUtf8()
        + R"(","imagePullPolicy":"IfNotPresent","command":["/bin/sleep","100000"]}]}}}})");
}

/// The kinds of operations, and a world of this one place.
struct Works {
    tests::KubeWorld world;
    std::vector<std::unique_ptr<const ops::Kind>> kinds = ops::kubeKinds();
    QString cluster;

    explicit Works(const Place &place)
        : cluster(place.name)
    {
        auto access = place.access;
        world.clients.insert(cluster, std::make_shared<KubeClient>(access));
    }

    const ops::Kind &kindOf(const ops::Operation &operation) const
    {
        const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const auto &kind) { return kind->name() == operation.kind; });
        return **found;
    }
    Result<Deed> done(const ops::Operation &operation) { return carryOut(kindOf(operation), operation, world, 90s); }
    Result<ops::Evidence> back(const ops::Operation &operation, const Deed &deed)
    {
        return takeBack(kindOf(operation), operation, deed, world, 90s);
    }

    [[nodiscard]] ops::Operation apply(const QJsonObject &object) const
    {
        return { QStringLiteral("kube.apply"), { { QStringLiteral("cluster"), cluster }, { QStringLiteral("object"), object } } };
    }
    [[nodiscard]] ops::Operation on(const char *kind, const QJsonObject &object, const QJsonObject &more = {}) const
    {
        QJsonObject arguments { { QStringLiteral("cluster"), cluster }, { QStringLiteral("apiVersion"), object[u"apiVersion"] },
            { QStringLiteral("kind"), object[u"kind"] }, { QStringLiteral("name"), object[u"metadata"][u"name"] } };
        if (object[u"metadata"].toObject().contains(u"namespace"))
            arguments.insert(QStringLiteral("namespace"), object[u"metadata"][u"namespace"]);
        for (auto it = more.begin(); it != more.end(); ++it)
            arguments.insert(it.key(), it.value());
        return { QString::fromLatin1(kind), arguments };
    }
};

} // namespace

void Conformance::aDeletionKeepsItsPreconditions_data()
{
    QTest::addColumn<bool>("uidFits");
    QTest::addColumn<bool>("versionFits");
    QTest::newRow("another uid") << false << true;
    QTest::newRow("an old version") << true << false;
    QTest::newRow("both fit") << true << true;
}

void Conformance::aDeletionKeepsItsPreconditions()
{
    QFETCH(bool, uidFits);
    QFETCH(bool, versionFits);
    const QString name = QStringLiteral("guarded");
    const auto made = wait(place().client->apply(place().configMap(name), {}, {}));
    QVERIFY2(made, why(made));
    const auto changed = wait(place().client->mergePatch(
        kinds::configMaps, place().ns, name, json(R"({"data":{"n":")" + QByteArray::number(uidFits + 2 * versionFits) + R"("}})"), {}));
    QVERIFY2(changed, why(changed));
    Write write { Write::How::Delete, kinds::configMaps, place().ns, name };
    write.uid = uidFits ? uid(*made) : madeUpUid;
    write.resourceVersion = version(versionFits ? *changed : *made);
    const auto removed = wait(place().client->write(write, {}));
    const auto after = wait(place().client->get(kinds::configMaps, place().ns, name, {}));
    if (uidFits && versionFits) {
        QVERIFY2(removed, why(removed));
        QVERIFY(!after && after.error().kind == ErrorKind::NotFound);
        return;
    }
    QVERIFY(!removed);
    QVERIFY2(removed.error().kind == ErrorKind::Conflict, why(removed));
    QCOMPARE(removed.error().code, QStringLiteral("Conflict"));
    QVERIFY(removed.error().conflicts.isEmpty());
    QVERIFY2(removed.error().answer.contains(uidFits ? version(*made) : madeUpUid), why(removed));
    QVERIFY2(after, why(after));
    QCOMPARE(version(*after), version(*changed));
}

void Conformance::aChangeOfAnOldStateIsAConflict_data()
{
    QTest::addColumn<int>("how");
    QTest::newRow("a patch") << 0;
    QTest::newRow("a scale") << 1;
    QTest::newRow("an apply") << 2;
    QTest::newRow("an apply with force") << 3;
    QTest::newRow("a dry run") << 4;
}

void Conformance::aChangeOfAnOldStateIsAConflict()
{
    QFETCH(int, how);
    const QString name = QStringLiteral("versioned");
    const QJsonObject object = workload(place(), "Deployment", "versioned", 0, QStringLiteral("none"));
    const auto made = wait(place().client->apply(object, {}, {}));
    QVERIFY2(made, why(made));
    const auto changed = wait(place().client->mergePatch(
        kinds::deployments, place().ns, name, json(R"({"metadata":{"labels":{"n":")" + QByteArray::number(how) + R"("}}})"), {}));
    QVERIFY2(changed, why(changed));
    Write write { how < 2 || how == 4 ? Write::How::MergePatch : Write::How::Apply, kinds::deployments, place().ns, name,
        how == 1 ? QStringLiteral("scale") : QString() };
    write.body = how < 2 || how == 4 ? json(R"({"spec":{"replicas":3}})")
                                     : workload(place(), "Deployment", "versioned", 3, QStringLiteral("none"));
    write.resourceVersion = version(*made);
    write.force = how == 3;
    write.dryRun = how == 4;
    const auto refused = wait(place().client->write(write, {}));
    QVERIFY(!refused);
    QVERIFY2(refused.error().kind == ErrorKind::Conflict, why(refused));
    QVERIFY(refused.error().conflicts.isEmpty());
    const auto after = wait(place().client->get(kinds::deployments, place().ns, name, {}));
    QVERIFY2(after, why(after));
    QCOMPARE((*after)[u"spec"][u"replicas"].toInt(-1), 0);
    // With the version of now it is done (a controller may write its status between).
    const auto latest = [&] {
        const auto now = wait(place().client->get(kinds::deployments, place().ns, name, {}));
        write.resourceVersion = now ? version(*now) : QString();
        write.dryRun = true;
        return wait(place().client->write(write, {})).has_value();
    };
    QTRY_VERIFY_WITH_TIMEOUT(latest(), 10000);
}

void Conformance::applyingToWhatIsGoneIsAConflict()
{
    const QString name = QStringLiteral("went");
    const auto made = wait(place().client->apply(place().configMap(name), {}, {}));
    QVERIFY2(made, why(made));
    QVERIFY(wait(place().client->remove(kinds::configMaps, place().ns, name, {})));
    Write write { Write::How::Apply, kinds::configMaps, place().ns, name };
    write.body = place().configMap(name);
    write.uid = uid(*made);
    write.resourceVersion = version(*made);
    const auto refused = wait(place().client->write(write, {}));
    QVERIFY(!refused);
    QVERIFY2(refused.error().kind == ErrorKind::Conflict, why(refused));
    const auto after = wait(place().client->get(kinds::configMaps, place().ns, name, {}));
    QVERIFY2(!after && after.error().kind == ErrorKind::NotFound, "it was made anew");
}

void Conformance::whetherAnApplyMadeItIsTold()
{
    Write write { Write::How::Apply, kinds::configMaps, place().ns, QStringLiteral("fresh") };
    write.body = place().configMap(QStringLiteral("fresh"));
    const auto first = wait(place().client->write(write, {}));
    QVERIFY2(first, why(first));
    QVERIFY(first->isCreated);
    const auto second = wait(place().client->write(write, {}));
    QVERIFY2(second, why(second));
    QVERIFY(!second->isCreated);
    QVERIFY(isAppliedBy(second->object, QStringLiteral("catamaran")));
    QVERIFY(otherManagers(second->object, QStringLiteral("catamaran")).isEmpty());
}

void Conformance::aWaitSeesWhatHappens()
{
    const QString name = QStringLiteral("awaited");
    const ObjectName object { kinds::configMaps, place().ns, name };
    const auto waitFor = [&](const Condition &condition, std::chrono::milliseconds time) {
        return core::runSequence([client = place().client.get(), object, condition, time] {
            return until(*client, object, QStringLiteral("see it"), condition, { std::chrono::steady_clock::now() + time });
        });
    };
    const auto none = wait(waitFor(conditions::exists(), 1s));
    QVERIFY(!none && none.error().kind == ErrorKind::Timeout);
    const auto comes = waitFor(conditions::exists(), 30s);
    const auto made = place().make(place().configMap(name));
    QVERIFY2(made, why(made));
    const auto there = wait(comes);
    QVERIFY2(there, why(there));
    QCOMPARE(uid(*there->object), uid(*made));
    const auto has = wait(waitFor(
        [](const std::optional<QJsonObject> &seen) {
            return Verdict { seen && (*seen)[u"data"][u"k"].toString() == u"1" ? Verdict::State::So : Verdict::State::NotYet, {} };
        },
        30s));
    QVERIFY2(has, why(has));
    const auto goes = waitFor(conditions::gone(uid(*made)), 30s);
    // Another object's coming and going is not told.
    QVERIFY(place().make(place().configMap(QStringLiteral("another"))));
    QVERIFY(wait(place().client->remove(kinds::configMaps, place().ns, name, {})));
    const auto gone = wait(goes);
    QVERIFY2(gone, why(gone));
    const auto still = wait(waitFor(conditions::gone(uid(*made)), 30s));
    QVERIFY2(still, why(still));
}

void Conformance::aWaitThatMayNotSeeIsRefused()
{
    const auto token = tokenWithoutRights(QStringLiteral("blind"));
    QVERIFY2(token, why(token));
    const auto poor = place().clientOf(*token);
    const auto refused
        = wait(core::runSequence([client = poor.get(), object = ObjectName { kinds::configMaps, place().ns, QStringLiteral("x") }] {
              return until(*client, object, QStringLiteral("see it"), conditions::exists(), { std::chrono::steady_clock::now() + 20s });
          }));
    QVERIFY(!refused);
    QVERIFY2(refused.error().kind == ErrorKind::Forbidden, why(refused));
}

void Conformance::whatIsAppliedIsTakenBack_data()
{
    QTest::addColumn<QByteArray>("first"); // data of a ConfigMap; empty: there was none
    QTest::addColumn<QByteArray>("second");
    QTest::newRow("made") << QByteArray() << QByteArray(R"({"k":"1"})");
    QTest::newRow("a value") << QByteArray(R"({"k":"1"})") << QByteArray(R"({"k":"2"})");
    QTest::newRow("a field more, one less") << QByteArray(R"({"k":"1","l":"1"})") << QByteArray(R"({"k":"1","m":"2"})");
}

void Conformance::whatIsAppliedIsTakenBack()
{
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, second);
    Works works(place());
    const QString name = QStringLiteral("op-applied");
    if (!first.isEmpty()) {
        const auto before = works.done(works.apply(place().configMap(name, first)));
        QVERIFY2(before, why(before));
    }
    const auto operation = works.apply(place().configMap(name, second));
    const auto done = works.done(operation);
    QVERIFY2(done, why(done));
    const auto again = works.done(operation);
    QVERIFY2(again && again->wasInPlace, why(again));
    const auto back = works.back(operation, *done);
    QVERIFY2(back, why(back));
    const auto after = wait(place().client->get(kinds::configMaps, place().ns, name, {}));
    if (first.isEmpty()) {
        QVERIFY(!after && after.error().kind == ErrorKind::NotFound);
        return;
    }
    QVERIFY2(after, why(after));
    QCOMPARE((*after)[u"data"].toObject(), json(first));
    QVERIFY(wait(place().client->remove(kinds::configMaps, place().ns, name, {})));
}

void Conformance::whatIsDeletedComesBack()
{
    Works works(place());
    const QJsonObject object = workload(place(), "Deployment", "op-deleted", 0, QStringLiteral("none"));
    const auto made = works.done(works.apply(object));
    QVERIFY2(made, why(made));
    const auto operation = works.on("kube.delete", object);
    const auto gone = works.done(operation);
    QVERIFY2(gone, why(gone));
    const auto back = works.back(operation, *gone);
    QVERIFY2(back, why(back));
    const auto inPlace = works.done(works.apply(object));
    QVERIFY2(inPlace, why(inPlace));
    QVERIFY(inPlace->wasInPlace);
}

void Conformance::somebodysObjectStays()
{
    Works works(place());
    ApplyOptions other;
    other.fieldManager = QStringLiteral("kubectl");
    const QString name = QStringLiteral("op-theirs");
    const auto theirs = wait(place().client->apply(place().configMap(name), other, {}));
    QVERIFY2(theirs, why(theirs));
    for (const auto &operation :
        { works.apply(place().configMap(name, R"({"k":"2"})")), works.on("kube.delete", place().configMap(name)) }) {
        const auto refused = works.done(operation);
        QVERIFY(!refused);
        QVERIFY2(
            refused.error().kind == ErrorKind::Precondition && refused.error().answer.contains(QStringLiteral("kubectl")), why(refused));
    }
    const auto after = wait(place().client->get(kinds::configMaps, place().ns, name, {}));
    QVERIFY2(after, why(after));
    QCOMPARE(version(*after), version(*theirs));
}

void Conformance::aNamespaceGoesWithWhatIsOurs()
{
    Works works(place());
    const QString ns = place().ns + QStringLiteral("-op");
    const QJsonObject space = json(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":")" + ns.toUtf8() + R"("}})");
    const auto map = [&](const QByteArray &name) {
        return json(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":")" + name + R"(","namespace":")" + ns.toUtf8()
            + R"("},"data":{"k":"1"}})");
    };
    const auto made = works.done(works.apply(space));
    QVERIFY2(made, why(made));
    QVERIFY(works.done(works.apply(map("ours"))));
    const QJsonObject service = json(R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"ours","namespace":")" + ns.toUtf8()
        + R"("},"spec":{"selector":{"app":"x"},"ports":[{"port":80,"protocol":"TCP"}]}})");
    const auto served = works.done(works.apply(service));
    QVERIFY2(served, why(served));
    ApplyOptions other;
    other.fieldManager = QStringLiteral("kubectl");
    QVERIFY(wait(place().client->apply(map("theirs"), other, {})));
    const auto operation = works.on("kube.delete", space);
    const auto refused = works.done(operation);
    QVERIFY(!refused);
    QVERIFY2(
        refused.error().kind == ErrorKind::Precondition && refused.error().answer.contains(QStringLiteral("configmaps/theirs (kubectl)")),
        why(refused));
    QVERIFY2(!refused.error().answer.contains(u','), "what every namespace has is not somebody's");
    QVERIFY(wait(place().client->remove(kinds::configMaps, ns, QStringLiteral("theirs"), {})));
    const auto gone = works.done(operation);
    QVERIFY2(gone, why(gone));
    const auto back = works.back(operation, *gone);
    QVERIFY2(back, why(back));
    const auto again = wait(place().client->get(kinds::configMaps, ns, QStringLiteral("ours"), {}));
    QVERIFY2(again, why(again));
    const auto last = works.done(operation);
    QVERIFY2(last, why(last));
}

void Conformance::replicasAreScaledAndScaledBack_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<bool>("mark");
    QTest::newRow("a Deployment") << QByteArray("Deployment") << false;
    QTest::newRow("a Deployment, as a fault") << QByteArray("Deployment") << true;
    QTest::newRow("a StatefulSet") << QByteArray("StatefulSet") << false;
    QTest::newRow("a StatefulSet, as a fault") << QByteArray("StatefulSet") << true;
}

void Conformance::replicasAreScaledAndScaledBack()
{
    QFETCH(QByteArray, kind);
    QFETCH(bool, mark);
    if (!place().hasNode)
        QSKIP("no pods without a node");
    Works works(place());
    const auto found = wait(place().client->discover({}));
    QVERIFY2(found, why(found));
    if (!found->findKind(QStringLiteral("apps/v1"), QString::fromLatin1(kind)))
        QSKIP("the server does not have this kind");
    const QByteArray name = "op-" + kind.toLower();
    const QString image = m_images.sleep.isEmpty() ? QStringLiteral("registry.cn-hangzhou.aliyuncs.com/acs/curl:8.1.2") : m_images.sleep;
    const QJsonObject object = workload(place(), kind, name, 1, image);
    const auto made = works.done(works.apply(object));
    QVERIFY2(made, why(made));
    ops::Operation operation { QStringLiteral("kube.scale"),
        { { QStringLiteral("cluster"), place().name }, { QStringLiteral("kind"), QString::fromLatin1(kind) },
            { QStringLiteral("namespace"), place().ns }, { QStringLiteral("name"), QString::fromLatin1(name) },
            { QStringLiteral("replicas"), 0 } } };
    if (mark)
        operation.arguments.insert(QStringLiteral("mark"), true);
    const auto down = works.done(operation);
    QVERIFY2(down, why(down));
    const ResourceKind resource = kind == "Deployment" ? kinds::deployments : kinds::statefulSets;
    const auto scaled = wait(place().client->get(resource, place().ns, QString::fromLatin1(name), {}));
    QVERIFY2(scaled, why(scaled));
    QCOMPARE(ops::faultMarkOf(*scaled).has_value(), mark);
    const auto up = works.back(operation, *down);
    QVERIFY2(up, why(up));
    const auto after = wait(place().client->get(resource, place().ns, QString::fromLatin1(name), {}));
    QVERIFY2(after, why(after));
    QCOMPARE(deploymentStatus(*after).ready, 1);
    QVERIFY(!ops::faultMarkOf(*after));
    const auto gone = works.done(works.on("kube.delete", object));
    QVERIFY2(gone, why(gone));
}

void Conformance::aPatchIsTakenBack()
{
    Works works(place());
    const QJsonObject object = workload(place(), "Deployment", "op-patched", 0, QStringLiteral("none"));
    const auto made = works.done(works.apply(object));
    QVERIFY2(made, why(made));
    const auto read = [&] { return wait(place().client->get(kinds::deployments, place().ns, QStringLiteral("op-patched"), {})); };
    const auto before = read();
    const auto operation = works.on("kube.patch", object,
        { { QStringLiteral("patch"), json(R"({"metadata":{"labels":{"a":"1"}},"spec":{"progressDeadlineSeconds":77}})") } });
    const auto changed = works.done(operation);
    QVERIFY2(changed, why(changed));
    const auto seen = read();
    QVERIFY2(seen, why(seen));
    QCOMPARE((*seen)[u"spec"][u"progressDeadlineSeconds"].toInt(), 77);
    const auto back = works.back(operation, *changed);
    QVERIFY2(back, why(back));
    const auto after = read();
    QVERIFY(before && after);
    QCOMPARE((*after)[u"spec"], (*before)[u"spec"]);
    QVERIFY((*after)[u"metadata"][u"labels"].toObject().isEmpty());
}
