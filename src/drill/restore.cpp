// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/restore.h"

#include "fleet/fleetdocument.h"
#include "kube/deploymentstatus.h"

#include <QDateTime>

#include <algorithm>

namespace catamaran::drill {

using core::await;
using core::ErrorKind;
using core::Result;
using namespace std::chrono_literals;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Drill)
};

QString place(const QString &cluster, const QString &ns, const QString &name)
{
    return cluster + u'/' + ns + u'/' + name;
}

Result<core::Done> planScale(RestorePlan &plan, fleet::Session &session, const ScaleFault &fault, std::stop_token stop)
{
    const auto client = clientOf(session, fault.cluster);
    if (!client)
        return core::fail(client.error());
    const auto now = readDeployment(**client, fault.ns, fault.deployment, stop);
    if (!now)
        return core::fail(now.error());
    if (now->desired == fault.replicas) {
        return core::fail(ErrorKind::Precondition, Say::tr("prepare the drill"), place(fault.cluster, fault.ns, fault.deployment),
            Say::tr("it has %1 replicas already: the fault would change nothing").arg(fault.replicas), Say::tr("Apply the fleet, or restore an earlier drill, and try again."));
    }
    plan.scales += { fault.cluster, fault.ns, fault.deployment, now->desired };
    return core::Done {};
}

Result<core::Done> planMove(RestorePlan &plan, fleet::Session &session, const MoveClientFault &fault, std::stop_token stop)
{
    const auto scaled = planScale(plan, session, { fault.fromCluster, fault.ns, QStringLiteral("sleep"), 0 }, stop);
    if (!scaled)
        return scaled;
    const auto client = clientOf(session, fault.toCluster);
    if (!client)
        return core::fail(client.error());
    const auto objects = fleet::manifestObjects(QStringLiteral("sleep-standalone"), fault.ns);
    if (!objects)
        return core::fail(objects.error());
    for (const QJsonObject &object : *objects) {
        const QString apiVersion = object[u"apiVersion"].toString(), kind = object[u"kind"].toString(), name = object[u"metadata"][u"name"].toString();
        const auto resource = kube::kindOf(apiVersion, kind);
        if (!resource)
            return core::fail(resource.error());
        const auto found = await((*client)->get(*resource, fault.ns, name, stop), stop);
        if (!found && found.error().kind != ErrorKind::NotFound)
            return core::fail(found.error());
        if (!found) {
            plan.deletions += { fault.toCluster, fault.ns, apiVersion, kind, name };
        } else if (kind == u"Deployment" && (*found)[u"spec"][u"replicas"].toInt(1) == 0) {
            plan.scales += { fault.toCluster, fault.ns, name, 0 }; // it sleeps there since an earlier move
        } else if (kind == u"Deployment") {
            return core::fail(ErrorKind::Precondition, Say::tr("prepare the drill"), place(fault.toCluster, fault.ns, name),
                Say::tr("the client is there already"), Say::tr("Delete it, or restore an earlier drill, and try again."));
        }
    }
    return core::Done {};
}

/// The journal for a restore, and why nothing can be written to it.
struct Journal {
    std::shared_ptr<store::Database> database;
    std::optional<core::Error> unwritable;
};

Result<Journal> openJournal(const QString &file)
{
    auto opened = store::Database::open(file);
    if (opened)
        return Journal { *opened, (*opened)->readOnly() };
    if (opened.error().code != store::trouble::damaged)
        return core::fail(opened.error());
    const core::Error damage = opened.error();
    opened = store::Database::open(file, store::Database::Opening::ToRescue);
    if (!opened)
        return core::fail(damage);
    return Journal { *opened, damage };
}

RestoreOutcome wrong(const QString &what, const core::Error &error)
{
    return { what, false, error.text() };
}

RestoreOutcome proveScale(const RestoreScale &action, kube::KubeClient &client, qint64 untilMs, std::stop_token stop)
{
    const QString where = place(action.cluster, action.ns, action.deployment);
    RestoreOutcome outcome { where, false, {} };
    for (;;) {
        const auto now = readDeployment(client, action.ns, action.deployment, stop);
        if (now) {
            outcome.ok = now->desired == action.replicas && now->ready >= action.replicas;
            outcome.proof = Say::tr("%1: replicas %2, ready %3 (read back)").arg(where).arg(now->desired).arg(now->ready);
        } else {
            outcome.proof = now.error().text();
        }
        if (outcome.ok || QDateTime::currentMSecsSinceEpoch() >= untilMs || !core::sleepFor(100ms, stop))
            return outcome;
    }
}

RestoreOutcome proveGone(const RestoreDelete &action, kube::KubeClient &client, qint64 untilMs, std::stop_token stop)
{
    const QString where = place(action.cluster, action.ns, action.kind.toLower() + u'/' + action.name);
    RestoreOutcome outcome { where, false, {} };
    const auto kind = kube::kindOf(action.apiVersion, action.kind);
    if (!kind)
        return wrong(where, kind.error());
    for (;;) {
        const auto found = await(client.get(*kind, action.ns, action.name, stop), stop);
        outcome.ok = !found && found.error().kind == ErrorKind::NotFound;
        outcome.proof = outcome.ok ? Say::tr("%1: not there (read back)").arg(where) : found ? Say::tr("%1: still there").arg(where) : found.error().text();
        if (outcome.ok || QDateTime::currentMSecsSinceEpoch() >= untilMs || !core::sleepFor(100ms, stop))
            return outcome;
    }
}

} // namespace

QJsonObject RestorePlan::toJson() const
{
    QJsonArray list;
    for (const RestoreScale &action : scales) {
        list += QJsonObject { { QStringLiteral("action"), QStringLiteral("scale") }, { QStringLiteral("cluster"), action.cluster },
            { QStringLiteral("namespace"), action.ns }, { QStringLiteral("deployment"), action.deployment }, { QStringLiteral("replicas"), action.replicas } };
    }
    for (const RestoreDelete &action : deletions) {
        list += QJsonObject { { QStringLiteral("action"), QStringLiteral("delete") }, { QStringLiteral("cluster"), action.cluster },
            { QStringLiteral("namespace"), action.ns }, { QStringLiteral("apiVersion"), action.apiVersion }, { QStringLiteral("kind"), action.kind },
            { QStringLiteral("name"), action.name } };
    }
    return { { QStringLiteral("restore"), list } };
}

Result<RestorePlan> RestorePlan::fromJson(const QJsonObject &actions)
{
    const auto unreadable = [](const QString &answer) {
        return core::fail(ErrorKind::Protocol, Say::tr("read what is to be restored"), Say::tr("the journal"), answer, Say::tr("Put the workloads back by hand; see the Activity place for what was changed."));
    };
    if (!actions[u"restore"].isArray())
        return unreadable(Say::tr("no list of actions"));
    RestorePlan plan;
    const QJsonArray list = actions[u"restore"].toArray();
    for (const QJsonValue &entry : list) {
        const QString action = entry[u"action"].toString(), cluster = entry[u"cluster"].toString(), ns = entry[u"namespace"].toString();
        if (cluster.isEmpty() || ns.isEmpty())
            return unreadable(Say::tr("an action without cluster or namespace"));
        if (action == u"scale" && !entry[u"deployment"].toString().isEmpty() && entry[u"replicas"].isDouble() && entry[u"replicas"].toInt(-1) >= 0) {
            plan.scales += { cluster, ns, entry[u"deployment"].toString(), entry[u"replicas"].toInt() };
        } else if (action == u"delete" && !entry[u"kind"].toString().isEmpty() && !entry[u"name"].toString().isEmpty()) {
            plan.deletions += { cluster, ns, entry[u"apiVersion"].toString(), entry[u"kind"].toString(), entry[u"name"].toString() };
        } else {
            return unreadable(Say::tr("unknown action “%1”").arg(action.left(64)));
        }
    }
    return plan;
}

Result<kube::KubeClient *> clientOf(fleet::Session &session, const QString &cluster)
{
    if (kube::KubeClient *client = session.cluster(cluster))
        return client;
    if (const auto error = session.clusterError(cluster))
        return core::fail(*error);
    return core::fail(ErrorKind::InvalidInput, Say::tr("find the cluster"), cluster, Say::tr("the environment has no cluster of that name"),
        Say::tr("It has %1.").arg(session.clusterNames().join(QStringLiteral(", "))));
}

Result<DeploymentState> readDeployment(kube::KubeClient &client, const QString &ns, const QString &name, std::stop_token stop)
{
    const auto object = await(client.get(kube::kinds::deployments, ns, name, stop), stop);
    if (!object)
        return core::fail(object.error());
    const kube::DeploymentStatus status = kube::deploymentStatus(*object);
    DeploymentState state;
    state.desired = status.desired;
    state.ready = status.isCurrent ? status.ready : 0;
    state.existing = status.isCurrent ? status.existing : -1;
    return state;
}

Result<RestorePlan> planRestore(const DrillDocument &drill, fleet::Session &session, std::stop_token stop)
{
    RestorePlan plan;
    for (const Fault &fault : drill.faults) {
        const auto planned = fault.kind == FaultKind::Scale ? planScale(plan, session, fault.scale, stop) : planMove(plan, session, fault.move, stop);
        if (!planned)
            return core::fail(planned.error());
    }
    return plan;
}

fleet::Rights rightsFor(const RestorePlan &plan)
{
    fleet::Rights rights;
    const auto question = [](const char *verb, const kube::ResourceKind &kind, const char *subresource, const QString &ns, const QString &name) {
        return QList<kube::AccessQuestion> { { QString::fromLatin1(verb), kind.group, kind.plural, QString::fromLatin1(subresource), ns, name } };
    };
    for (const RestoreScale &action : plan.scales) {
        fleet::addRights(rights, action.cluster, question("patch", kube::kinds::deployments, "scale", action.ns, action.deployment));
        fleet::addRights(rights, action.cluster, question("get", kube::kinds::deployments, "", action.ns, action.deployment));
    }
    for (const RestoreDelete &action : plan.deletions) {
        const auto kind = kube::kindOf(action.apiVersion, action.kind);
        for (const char *verb : { "delete", "get" }) {
            if (kind)
                fleet::addRights(rights, action.cluster, question(verb, *kind, "", action.ns, action.name));
        }
    }
    return rights;
}

QList<RestoreOutcome> restoreAndProve(const RestorePlan &plan, fleet::Session &session, std::chrono::milliseconds patience, std::stop_token stop)
{
    const qint64 until = QDateTime::currentMSecsSinceEpoch() + patience.count();
    QList<RestoreOutcome> outcomes;
    QList<std::function<RestoreOutcome()>> proofs;
    // First everything is put back, then everything is proven: no proof keeps another restore waiting.
    for (const RestoreScale &action : plan.scales) {
        const QString where = place(action.cluster, action.ns, action.deployment);
        const auto client = clientOf(session, action.cluster);
        if (!client) {
            outcomes += wrong(where, client.error());
            continue;
        }
        const auto scaled = await((*client)->setScale(kube::kinds::deployments, action.ns, action.deployment, action.replicas, stop), stop);
        if (!scaled)
            outcomes += wrong(where, scaled.error());
        else
            proofs += [action, client = *client, until, stop] { return proveScale(action, *client, until, stop); };
    }
    for (const RestoreDelete &action : plan.deletions) {
        const QString where = place(action.cluster, action.ns, action.kind.toLower() + u'/' + action.name);
        const auto client = clientOf(session, action.cluster);
        const auto kind = kube::kindOf(action.apiVersion, action.kind);
        if (!client || !kind) {
            outcomes += wrong(where, client ? kind.error() : client.error());
            continue;
        }
        const auto removed = await((*client)->remove(*kind, action.ns, action.name, stop), stop);
        if (!removed)
            outcomes += wrong(where, removed.error());
        else
            proofs += [action, client = *client, until, stop] { return proveGone(action, *client, until, stop); };
    }
    for (const auto &proof : proofs)
        outcomes += proof();
    return outcomes;
}

Result<fleet::Rights> refusedForRestore(fleet::Session &session, const QString &databaseFile, std::stop_token stop)
{
    const auto journal = openJournal(databaseFile);
    if (!journal)
        return core::fail(journal.error());
    const auto pending = journal->database->pendingRestores(session.environment().name);
    if (!pending)
        return core::fail(pending.error());
    fleet::Rights needed;
    for (const store::PendingRestore &entry : *pending) {
        const auto plan = RestorePlan::fromJson(entry.actions);
        if (!plan)
            return core::fail(plan.error());
        const fleet::Rights rights = rightsFor(*plan);
        for (auto it = rights.cbegin(); it != rights.cend(); ++it)
            fleet::addRights(needed, it.key(), it.value());
    }
    return fleet::refusedOf(needed, session, stop);
}

bool RestoreReport::ok() const
{
    return std::all_of(outcomes.begin(), outcomes.end(), [](const RestoreOutcome &outcome) { return outcome.ok; });
}

Result<RestoreReport> restorePending(fleet::Session &session, const QString &databaseFile, std::stop_token stop)
{
    const auto journal = openJournal(databaseFile);
    if (!journal)
        return core::fail(journal.error());
    store::Database &database = *journal->database;
    const QString environment = session.environment().name;
    const auto pending = database.pendingRestores(environment);
    if (!pending)
        return core::fail(pending.error());
    RestoreReport all;
    if (!pending->isEmpty())
        all.journal = journal->unwritable;
    const auto note = [&all](const auto &written) { // the first trouble is told
        if (!written && !all.journal)
            all.journal = written.error();
    };
    for (const store::PendingRestore &entry : *pending) {
        const auto plan = RestorePlan::fromJson(entry.actions);
        if (!plan) {
            all.outcomes += wrong(entry.drill, plan.error()); // the others are restored all the same
            continue;
        }
        store::Activity activity;
        activity.environment = environment;
        activity.at = QDateTime::currentDateTimeUtc();
        activity.operation = QStringLiteral("drill ") + entry.drill;
        activity.step = QStringLiteral("restore");
        activity.what = Say::tr("Put back what an interrupted drill left broken");
        activity.target = entry.drill;
        activity.state = QStringLiteral("started");
        std::optional<qint64> line;
        if (!journal->unwritable) {
            const auto began = database.begin(activity);
            note(began);
            if (began)
                line = *began;
        }
        const RestoreReport one { restoreAndProve(*plan, session, 60s, stop), std::nullopt };
        QStringList proofs;
        for (const RestoreOutcome &outcome : one.outcomes)
            proofs += outcome.proof;
        const qint64 took = activity.at.msecsTo(QDateTime::currentDateTimeUtc());
        if (line)
            note(database.complete(*line, one.ok() ? QStringLiteral("done") : QStringLiteral("failed"), proofs.join(u'\n'), {}, took));
        if (one.ok() && !journal->unwritable)
            note(database.markRestored(entry.id));
        all.outcomes += one.outcomes;
    }
    return all;
}

} // namespace catamaran::drill
