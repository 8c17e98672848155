// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/steprunner.h"

#include "fleet/readinesswatch.h"
#include "kube/deploymentstatus.h"
#include "kube/resourceurl.h"

#include <QCoreApplication>

#include <algorithm>

/// What the executor does in clusters. Server-side apply and deletion may be repeated without harm.
namespace catamaran::fleet {

using core::Done;
using core::ErrorKind;
using core::Result;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Executor)
};

struct Named {
    kube::ResourceKind kind;
    QString ns, name, path;
};

Result<Named> namedOf(const QJsonObject &object)
{
    const auto kind = kube::kindOf(object.value(u"apiVersion").toString(), object.value(u"kind").toString());
    if (!kind)
        return core::fail(kind.error());
    const QJsonObject metadata = object.value(u"metadata").toObject();
    Named named { *kind, metadata.value(u"namespace").toString(), metadata.value(u"name").toString(), {} };
    named.path = QString::fromLatin1(kube::resourcePath(*kind, named.ns, named.name));
    return named;
}

/// Every field in conflict is owned by our own other calls (scaling writes under the same manager, but not by apply).
bool isOwnConflict(const core::Error &error)
{
    return !error.conflicts.isEmpty()
        && std::all_of(error.conflicts.begin(), error.conflicts.end(), [](const core::HeldField &held) { return held.manager == u"catamaran"; });
}

} // namespace

StepRunner::Outcome StepRunner::act(const CreateNamespace &action)
{
    const auto client = cluster(action.cluster);
    if (!client)
        return core::fail(client.error());
    const auto present = core::await((*client)->get(kube::kinds::namespaces, {}, action.ns, m_stop), m_stop);
    if (present && !present->value(u"metadata").toObject().contains(u"deletionTimestamp"))
        return Done {}; // somebody's: it is used as it is
    if (!present && present.error().kind != ErrorKind::NotFound)
        return core::fail(present.error());
    // One that is being deleted has to be gone first.
    const Outcome gone = poll(action.ns, Say::tr("it is still being deleted"), [&]() -> Result<bool> {
        const auto still = core::await((*client)->get(kube::kinds::namespaces, {}, action.ns, m_stop), m_stop);
        if (!still && still.error().kind != ErrorKind::NotFound)
            return core::fail(still.error());
        return !still;
    });
    if (!gone)
        return gone;
    return change(QStringLiteral("PATCH ") + QString::fromLatin1(kube::resourcePath(kube::kinds::namespaces, {}, action.ns)),
        action.cluster + u'/' + action.ns, [&]() -> Outcome {
            return core::await((*client)->apply(namespaceObject(action.ns), {}, m_stop), m_stop).map([](const QJsonObject &) { return Done {}; });
        });
}

StepRunner::Outcome StepRunner::act(const DeleteNamespace &action)
{
    const auto client = cluster(action.cluster);
    if (!client)
        return core::fail(client.error());
    const auto present = core::await((*client)->get(kube::kinds::namespaces, {}, action.ns, m_stop), m_stop);
    if (!present && present.error().kind == ErrorKind::NotFound)
        return Done {};
    if (!present)
        return core::fail(present.error());
    if (present->value(u"metadata").toObject().value(u"labels").toObject().value(ownerLabel).toString() != ownerName)
        return core::fail(ErrorKind::Precondition, tried(), action.cluster + u'/' + action.ns,
            Say::tr("the namespace does not have the label %1=%2").arg(ownerLabel, ownerName),
            Say::tr("Somebody else's namespace is not deleted: delete it by hand if it may go."));
    const QString path = QString::fromLatin1(kube::resourcePath(kube::kinds::namespaces, {}, action.ns));
    const Outcome done = change(QStringLiteral("DELETE ") + path, action.cluster + u'/' + action.ns,
        [&] { return core::await((*client)->remove(kube::kinds::namespaces, {}, action.ns, m_stop), m_stop); });
    if (!done)
        return done;
    return poll(path, Say::tr("it is still there"), [&]() -> Result<bool> {
        const auto still = core::await((*client)->get(kube::kinds::namespaces, {}, action.ns, m_stop), m_stop);
        if (!still && still.error().kind != ErrorKind::NotFound)
            return core::fail(still.error());
        return !still;
    });
}

StepRunner::Outcome StepRunner::act(const ApplyManifest &action)
{
    const auto objects = manifestObjects({ action.cluster, action.ns, action.manifest, action.overrides });
    if (!objects)
        return core::fail(objects.error());
    const auto client = cluster(action.cluster);
    if (!client)
        return core::fail(client.error());
    int applied = 0;
    for (const QJsonObject &object : *objects) {
        const auto named = namedOf(object);
        if (!named)
            return core::fail(named.error());
        const Outcome done
            = change(QStringLiteral("PATCH ") + named->path, action.cluster + u'/' + named->ns + u'/' + named->name, [&]() -> Outcome {
                  auto answer = core::await((*client)->apply(object, {}, m_stop), m_stop);
                  if (!answer && isOwnConflict(answer.error())) {
                      kube::ApplyOptions force;
                      force.force = true;
                      answer = core::await((*client)->apply(object, force, m_stop), m_stop);
                  }
                  return answer.map([](const QJsonObject &) { return Done {}; });
              });
        if (!done) {
            core::Error error = done.error();
            if (error.kind == ErrorKind::Conflict && error.remedy.isEmpty())
                error.remedy = Say::tr("Somebody else owns that field: undo their change, or apply it by hand with --force-conflicts.");
            return core::fail(error);
        }
        m_note(Say::tr("%1 of %2 objects").arg(++applied).arg(objects->size()));
    }
    for (const QJsonObject &object : *objects) {
        if (object.value(u"kind").toString() != QLatin1String("Deployment"))
            continue;
        if (const Outcome ready = waitUntilReady(**client, action.ns, object.value(u"metadata").toObject().value(u"name").toString());
            !ready)
            return ready;
    }
    return Done {};
}

StepRunner::Outcome StepRunner::waitUntilReady(kube::KubeClient &client, const QString &ns, const QString &deployment)
{
    const QString target = QStringLiteral("%1/%2/%3").arg(client.access().name, ns, deployment);
    ReadinessWatch watch(client, ns, m_stop);
    Outcome waited = poll(target, Say::tr("its pods are still not ready"), [&]() -> Result<bool> {
        const auto object = core::await(client.get(kube::kinds::deployments, ns, deployment, m_stop), m_stop);
        if (!object)
            return core::fail(object.error());
        const kube::DeploymentStatus status = kube::deploymentStatus(*object);
        const QString note = Say::tr("%1: %2 of %3 pods ready").arg(deployment).arg(status.ready).arg(status.desired);
        if (status.isSettled()) {
            m_note(note);
            return true;
        }
        watch.look(*object);
        m_note(watch.told().isEmpty() ? note : Say::tr("%1; %2").arg(note, watch.told()));
        if (watch.isHopeless())
            return core::fail(ErrorKind::Precondition, tried(), target, watch.why()->text(), watch.why()->remedy);
        return false;
    });
    if (!waited && waited.error().kind == ErrorKind::Timeout && !watch.told().isEmpty()) {
        core::Error error = waited.error();
        error.answer = Say::tr("%1: %2").arg(error.answer, watch.told());
        if (watch.why())
            error.remedy = watch.why()->remedy;
        return core::fail(error);
    }
    return waited;
}

StepRunner::Outcome StepRunner::act(const DeleteManifest &action)
{
    const auto objects = manifestObjects(action.manifest, action.ns);
    if (!objects)
        return core::fail(objects.error());
    const auto client = cluster(action.cluster);
    if (!client)
        return core::fail(client.error());
    for (auto object = objects->rbegin(); object != objects->rend(); ++object) {
        const auto named = namedOf(*object);
        if (!named)
            return core::fail(named.error());
        const auto present = core::await((*client)->get(named->kind, named->ns, named->name, m_stop), m_stop);
        if (!present && present.error().kind == ErrorKind::NotFound)
            continue;
        if (!present)
            return core::fail(present.error());
        const Outcome done = change(QStringLiteral("DELETE ") + named->path, action.cluster + u'/' + named->ns + u'/' + named->name,
            [&] { return core::await((*client)->remove(named->kind, named->ns, named->name, m_stop), m_stop); });
        if (!done)
            return done;
        const Outcome gone = poll(named->path, Say::tr("it is still there"), [&]() -> Result<bool> {
            const auto still = core::await((*client)->get(named->kind, named->ns, named->name, m_stop), m_stop);
            if (!still && still.error().kind != ErrorKind::NotFound)
                return core::fail(still.error());
            return !still;
        });
        if (!gone)
            return gone;
    }
    return Done {};
}

StepRunner::Outcome StepRunner::act(const ScaleWorkload &action)
{
    const auto client = cluster(action.cluster);
    if (!client)
        return core::fail(client.error());
    const QString target = QStringLiteral("%1/%2/%3").arg(action.cluster, action.ns, action.deployment);
    const auto before = core::await((*client)->scale(kube::kinds::deployments, action.ns, action.deployment, m_stop), m_stop);
    if (!before)
        return core::fail(before.error());
    if (before->specReplicas != action.replicas) {
        const Outcome done = change(QStringLiteral("PATCH ")
                + QString::fromLatin1(kube::resourcePath(kube::kinds::deployments, action.ns, action.deployment, QStringLiteral("scale"))),
            target, [&]() -> Outcome {
                return core::await(
                    (*client)->setScale(kube::kinds::deployments, action.ns, action.deployment, action.replicas, m_stop), m_stop)
                    .map([](const kube::Scale &) { return Done {}; });
            });
        if (!done)
            return done;
    }
    const Outcome scaled = poll(target, Say::tr("it still has another number of pods"), [&]() -> Result<bool> {
        const auto scale = core::await((*client)->scale(kube::kinds::deployments, action.ns, action.deployment, m_stop), m_stop);
        if (!scale)
            return core::fail(scale.error());
        m_note(Say::tr("%1: %2 of %3 pods").arg(action.deployment).arg(scale->statusReplicas).arg(action.replicas));
        // Fewer are on their way up: what may keep them is said below.
        return scale->specReplicas == action.replicas && scale->statusReplicas <= action.replicas;
    });
    if (!scaled || action.replicas == 0)
        return scaled;
    return waitUntilReady(**client, action.ns, action.deployment);
}

} // namespace catamaran::fleet
