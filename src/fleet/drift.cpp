// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/drift.h"

#include "fleet/planbuilder.h"
#include "fleet/plans.h"
#include "fleet/render.h"
#include "fleet/say.h"
#include "kube/kubeclient.h"
#include "kube/managedfields.h"
#include "session/session.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <vector>

namespace catamaran::fleet {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

constexpr qsizetype mostOwnPerObject = 50;
constexpr qsizetype longestValue = 200;
const QString ourManager = QStringLiteral("catamaran");

QString valueText(const QJsonValue &value)
{
    if (value.isUndefined())
        return {};
    QByteArray text = QJsonDocument(QJsonArray { value }).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(text.mid(1, text.size() - 2)).left(longestValue);
}

QString objectText(const QJsonObject &object)
{
    const QString ns = object[u"metadata"][u"namespace"].toString(), name = object[u"metadata"][u"name"].toString();
    return object.value(u"kind").toString() + u' ' + (ns.isEmpty() ? name : ns + u'/' + name);
}

/// A place in an object, in the two ways it is written.
struct Place {
    QString path; ///< for people
    QStringList field; ///< as managedFields write it

    [[nodiscard]] Place member(const QString &key) const
    {
        return { path.isEmpty() ? key : path + u'.' + key, QStringList(field) << QStringLiteral("f:") + key };
    }
    [[nodiscard]] Place item(const QString &name, qsizetype index) const
    {
        const QString key
            = name.isEmpty() ? QStringLiteral("i:%1").arg(index) : QStringLiteral("k:{\"name\":%1}").arg(valueText(QJsonValue(name)));
        return { path + u'[' + (name.isEmpty() ? QString::number(index) : name) + u']', QStringList(field) << key };
    }
};

class Comparison {
public:
    Comparison(const QString &cluster, const QJsonObject &found, bool leavesReplicas)
        : m_cluster(cluster)
        , m_object(objectText(found))
        , m_leavesReplicas(leavesReplicas)
    {
        for (const QString &manager : kube::otherManagers(found, ourManager))
            m_owners.emplace_back(manager, kube::fieldsOf(found, manager));
    }

    void compare(const QJsonValue &found, const QJsonValue &wanted, const Place &at)
    {
        if (found == wanted)
            return;
        if (found.isObject() && wanted.isObject()) {
            const QJsonObject has = found.toObject(), wants = wanted.toObject();
            QStringList keys = has.keys() + wants.keys();
            keys.removeDuplicates();
            for (const QString &key : std::as_const(keys))
                compare(has.value(key), wants.value(key), at.member(key));
        } else if (found.isArray() && wanted.isArray() && areNamed(found.toArray()) && areNamed(wanted.toArray())) {
            compareNamed(found.toArray(), wanted.toArray(), at);
        } else {
            const bool isOpen = m_leavesReplicas && at.path == u"spec.replicas";
            m_all.append({ m_cluster, m_object, at.path, valueText(wanted), valueText(found), ownerOf(at.field),
                isOpen ? Intent::MayDiffer : Intent::MustMatch });
        }
    }

    /// What somebody else has set and the wish says nothing of.
    void addOthers(const QJsonObject &found, const kube::FieldSet &ours)
    {
        qsizetype count = 0;
        for (const auto &[manager, fields] : m_owners) {
            for (const QStringList &field : fields) {
                if (ours.contains(field) || field.contains(QStringLiteral("f:status")) || ++count > mostOwnPerObject)
                    continue;
                const kube::FieldSet one { field };
                m_all.append({ m_cluster, m_object, pathOf(field), {}, valueText(leafOf(kube::restrictedTo(found, one))), manager,
                    Intent::ClustersOwn });
            }
        }
    }

    [[nodiscard]] QList<FieldDrift> take() { return std::move(m_all); }

private:
    static bool areNamed(const QJsonArray &items)
    {
        return std::all_of(items.begin(), items.end(), [](const QJsonValue &one) { return !one[u"name"].toString().isEmpty(); });
    }

    void compareNamed(const QJsonArray &found, const QJsonArray &wanted, const Place &at)
    {
        QMap<QString, QPair<QJsonValue, QJsonValue>> byName;
        for (const QJsonValue &one : found)
            byName[one[u"name"].toString()].first = one;
        for (const QJsonValue &one : wanted)
            byName[one[u"name"].toString()].second = one;
        const auto orUndefined = [](const QJsonValue &value) { return value.isNull() ? QJsonValue(QJsonValue::Undefined) : value; };
        for (auto it = byName.cbegin(); it != byName.cend(); ++it)
            compare(orUndefined(it->first), orUndefined(it->second), at.item(it.key(), 0));
    }

    [[nodiscard]] QString ownerOf(const QStringList &field) const
    {
        for (const auto &[manager, fields] : m_owners)
            for (const QStringList &owned : fields)
                if (owned == field || (owned.size() > field.size() && owned.mid(0, field.size()) == field)
                    || (owned.size() < field.size() && field.mid(0, owned.size()) == owned && owned.size() > 1))
                    return manager;
        return {};
    }

    static QString pathOf(const QStringList &field)
    {
        QString path;
        for (const QString &step : field) {
            if (step.startsWith(u"f:"))
                path += (path.isEmpty() ? QString() : QStringLiteral(".")) + step.mid(2);
            else if (step.startsWith(u"k:"))
                path += u'[' + QJsonDocument::fromJson(step.mid(2).toUtf8()).object().value(u"name").toString(step.mid(2)) + u']';
            else if (step != u".")
                path += u'[' + step.mid(2) + u']';
        }
        return path;
    }

    /// What is at the end of an object that holds one field alone.
    static QJsonValue leafOf(QJsonValue value)
    {
        while (value.isObject() && value.toObject().size() == 1)
            value = value.toObject().begin().value();
        return value;
    }

    QString m_cluster, m_object;
    bool m_leavesReplicas;
    std::vector<std::pair<QString, kube::FieldSet>> m_owners;
    QList<FieldDrift> m_all;
};

/// Without what differs between any two answers.
QJsonObject judged(const QJsonObject &object)
{
    QJsonObject rest = object, metadata = object.value(u"metadata").toObject();
    for (const char16_t *own : { u"managedFields", u"resourceVersion", u"generation", u"uid", u"creationTimestamp" })
        metadata.remove(QStringView(own));
    rest.insert(QStringLiteral("metadata"), metadata);
    rest.remove(QStringLiteral("status"));
    return rest;
}

/// One object of the document, being looked at.
struct Asked {
    QString cluster;
    QJsonObject wished;
    bool leavesReplicas = false;
    kube::KubeClient *client = nullptr;
    kube::ResourceKind kind;
    QFuture<Result<QJsonObject>> live;
    bool isInstalled = false; ///< of a control plane or gateway
};

/// The objects that control planes and gateways of @p document are installed from, where there is one.
void askInstalled(session::Session &session, const documents::FleetDocument &document, const observe::ObservedFleet &observed,
    std::vector<Asked> &asked, std::stop_token stop)
{
    for (const documents::FleetMesh &mesh : document.meshes) {
        const observe::ObservedMesh *found = observed.mesh(mesh.name);
        kube::KubeClient *api = found ? session.cluster(found->status.home) : nullptr;
        if (!api) // what is missing as a whole stands in the plan
            continue;
        const observe::ObservedCluster *home = observed.cluster(found->status.home);
        const bool hasGateway = home && home->condition(QStringLiteral("Gateway"));
        for (const QJsonObject &object : mesh.controlPlane.objects + (hasGateway ? mesh.gateway.objects : QList<QJsonObject>())) {
            const auto kind = kube::kindOf(object.value(u"apiVersion").toString(), object.value(u"kind").toString());
            if (kind && object.size() > 3)
                asked.push_back({ found->status.home, object, false, api, *kind,
                    api->get(*kind, object[u"metadata"][u"namespace"].toString(), object[u"metadata"][u"name"].toString(), stop), true });
        }
    }
}

} // namespace

QString intentName(Intent intent)
{
    switch (intent) {
    case Intent::MustMatch: return QStringLiteral("must-match");
    case Intent::MayDiffer: return QStringLiteral("may-differ");
    case Intent::ClustersOwn: return QStringLiteral("clusters-own");
    }
    return {};
}

bool Drift::isNone() const
{
    return missing.isEmpty() && drifted.isEmpty();
}

QList<FieldDrift> compareFields(const QString &cluster, const QJsonObject &found, const QJsonObject &wouldBe, bool leavesReplicas)
{
    Comparison comparison(cluster, found, leavesReplicas);
    comparison.compare(judged(found), judged(wouldBe), {});
    comparison.addOthers(found, kube::fieldsOf(wouldBe, ourManager));
    return comparison.take();
}

Result<Drift> findDrift(
    session::Session &session, const documents::FleetDocument &given, const observe::ObservedFleet &observed, std::stop_token stop)
{
    Drift drift;
    const auto whole = rendered(given, stop);
    if (!whole)
        return core::fail(whole.error());
    const documents::FleetDocument &document = *whole;
    auto plan = applyPlan(document, observed);
    if (!plan)
        return core::fail(plan.error());
    drift.missing = std::move(*plan);
    std::vector<Asked> asked;
    for (const documents::FleetWorkload &workload : document.workloads) {
        const auto objects = documents::manifestObjects(workload);
        if (!objects)
            return core::fail(objects.error());
        for (const QJsonObject &object : *objects) {
            const auto kind = kube::kindOf(object.value(u"apiVersion").toString(), object.value(u"kind").toString());
            const bool isAsked = std::any_of(
                asked.begin(), asked.end(), [&](const Asked &one) { return one.cluster == workload.cluster && one.wished == object; });
            kube::KubeClient *client = session.cluster(workload.cluster);
            if (!kind || !client || isAsked || object.size() <= 3) // one that wishes nothing but to be there cannot drift
                continue;
            asked.push_back({ workload.cluster, object, !workload.overrides.replicas, client, *kind,
                client->get(*kind, kind->namespaced ? workload.ns : QString(), object[u"metadata"][u"name"].toString(), stop) });
        }
    }
    askInstalled(session, document, observed, asked, stop);
    for (const Asked &one : asked) {
        const auto live = core::await(one.live, stop);
        if (!live) {
            if (one.isInstalled && live.error().kind == ErrorKind::NotFound) { // the plan asks whether there is a control plane at all
                drift.fields.append({ one.cluster, objectText(one.wished), {}, Say::tr("is there"), {}, {}, Intent::MustMatch });
                drift.drifted << one.wished;
                drift.driftedIn << one.cluster;
            } else if (live.error().kind != ErrorKind::NotFound) // what is missing stands in the plan
                drift.unread.append(live.error());
            continue;
        }
        if (one.isInstalled && !kube::isAppliedBy(*live, ourManager)) { // somebody else's installation is not judged by our manifests
            drift.foreign << QStringLiteral("%1: %2 (%3)")
                                 .arg(one.cluster, objectText(*live), kube::otherManagers(*live, ourManager).join(QStringLiteral(", ")));
            continue;
        }
        if (!kube::isAppliedBy(*live, ourManager))
            drift.foreign << QStringLiteral("%1: %2 (%3)")
                                 .arg(one.cluster, objectText(*live), kube::otherManagers(*live, ourManager).join(QStringLiteral(", ")));
        kube::Write dry;
        dry.kind = one.kind;
        dry.ns = (*live)[u"metadata"][u"namespace"].toString();
        dry.name = (*live)[u"metadata"][u"name"].toString();
        dry.body = one.wished;
        dry.dryRun = dry.force = true;
        const auto would = core::await(one.client->write(dry, stop), stop);
        if (!would) {
            drift.unread.append(would.error());
            continue;
        }
        const QList<FieldDrift> fields = compareFields(one.cluster, *live, would->object, one.leavesReplicas);
        if (std::any_of(fields.begin(), fields.end(), [](const FieldDrift &field) { return field.intent == Intent::MustMatch; })) {
            drift.drifted << one.wished;
            drift.driftedIn << one.cluster;
        }
        drift.fields += fields;
    }
    if (stop.stop_requested())
        return core::fail(ErrorKind::Cancelled, Say::tr("look for drift"), document.name, Say::tr("cancelled"));
    return drift;
}

ops::Plan correctionOf(const Drift &drift)
{
    PlanBuilder plan;
    for (const ops::Step &step : drift.missing.steps)
        plan.add(step, step.dependsOn);
    for (qsizetype i = 0; i < drift.drifted.size(); ++i) {
        const QJsonObject &object = drift.drifted.at(i);
        ops::Operation operation = applyObject(drift.driftedIn.at(i), object);
        const bool isPlanned = std::any_of(drift.missing.steps.begin(), drift.missing.steps.end(),
            [&](const ops::Step &step) { return step.operation.arguments == operation.arguments; });
        if (isPlanned)
            continue;
        // What stands there was shown with whose it is.
        operation.arguments.insert(QStringLiteral("takeFields"), true);
        plan.add({ QStringLiteral("correct-%1-%2").arg(object[u"metadata"][u"name"].toString(), drift.driftedIn.at(i)),
            Say::tr("%1 in %2 is not as its manifest says.").arg(told(object), drift.driftedIn.at(i)), {}, operation });
    }
    return plan.take();
}

} // namespace catamaran::fleet
