// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/reasons.h"

#include "kube/deploymentstatus.h"

#include "kube/labelselector.h"
#include "kube/say.h"

#include <QJsonArray>
#include <QRegularExpression>

#include <algorithm>

namespace catamaran::kube {

namespace {

using namespace std::chrono_literals;

constexpr qsizetype longestWords = 600;
constexpr auto lasting = 10s; // only somebody can change it
constexpr auto stubborn = 30s; // passes at times, while something restarts
constexpr auto slow = 90s; // another machine may have to come up
constexpr auto patient = 600s; // a matter of time

QString nameOf(const QJsonObject &object)
{
    return object[u"metadata"][u"name"].toString();
}

QString uidOf(const QJsonObject &object)
{
    return object[u"metadata"][u"uid"].toString();
}

QString words(const QJsonValue &message)
{
    const QString text = message.toString().simplified();
    return text.size() > longestWords ? text.left(longestWords) + u'…' : text;
}

/// "a: b", or a alone when there is no b.
QString joined(const QString &what, const QString &said)
{
    return said.isEmpty() ? what : Say::tr("%1: %2").arg(what, said);
}

QJsonObject conditionOf(const QJsonObject &object, QStringView type)
{
    for (const QJsonValue &condition : object[u"status"][u"conditions"].toArray())
        if (condition[u"type"].toString() == type)
            return condition.toObject();
    return {};
}

bool isOwnedBy(const QJsonObject &object, const QString &uid)
{
    const QJsonArray owners = object[u"metadata"][u"ownerReferences"].toArray();
    return std::any_of(owners.begin(), owners.end(), [&](const QJsonValue &owner) { return owner[u"uid"].toString() == uid; });
}

/// What @p expression catches of @p text; empty when it is not in it.
QString caught(const QString &text, const char *expression)
{
    return QRegularExpression(QLatin1String(expression), QRegularExpression::CaseInsensitiveOption).match(text).captured(1);
}

// --- pods that cannot be made --------------------------------------------------------------------------------------------

NotReady refusedPod(const QString &message, const QString &evidence)
{
    NotReady why { QStringLiteral("refused"), {}, evidence, {}, stubborn };
    const auto says = [&](const char *part) { return message.contains(QLatin1String(part), Qt::CaseInsensitive); };
    if (says("failed calling webhook") || says("failed to call webhook")) {
        const QString webhook = caught(message, "failed calling webhook \\\\?\"([^\"\\\\]+)");
        const bool isInjector = says("sidecar-injector") || says("/inject");
        why.kind = QStringLiteral("webhook");
        why.what = joined(isInjector ? Say::tr("no pod can be made: the sidecar injector (webhook “%1”) does not answer").arg(webhook)
                                     : Say::tr("no pod can be made: the admission webhook “%1” does not answer").arg(webhook),
            message);
        why.remedy = isInjector
            ? Say::tr(
                "Look at the control plane of the mesh that manages this cluster: its injector must be reachable from the API server.")
            : Say::tr("Repair the service behind that webhook, or remove the webhook.");
    } else if (says("admission webhook")) {
        why.what = joined(Say::tr("no pod can be made: an admission webhook refuses it"), message);
        why.remedy = Say::tr("Change what it objects to, or ask whoever runs that webhook.");
        why.patience = lasting;
    } else if (says("exceeded quota") || says("failed quota")) {
        why.what = joined(Say::tr("no pod can be made: the namespace's quota does not allow it"), message);
        why.remedy = Say::tr("Free what others use of the quota, or have it raised (kubectl describe quota).");
        why.patience = lasting;
    } else if (says("violates PodSecurity")) {
        why.what = joined(Say::tr("no pod can be made: the namespace's pod security level forbids it"), message);
        why.remedy = Say::tr("Change the pod's security context, or the namespace's level.");
        why.patience = lasting;
    } else if (says("error looking up service account")) {
        why.what = joined(Say::tr("no pod can be made: its service account is missing"), message);
        why.remedy = Say::tr("Make the service account.");
    } else {
        why.what = joined(Say::tr("no pod can be made"), message);
        why.remedy = Say::tr("Look at the events of its replica set (kubectl describe replicaset).");
        if (says("is forbidden") || says("is invalid"))
            why.patience = lasting;
    }
    return why;
}

/// Deployment and ReplicaSet say it in the same form.
std::optional<NotReady> failureOf(const QJsonObject &object, const QString &kind)
{
    const QJsonObject failure = conditionOf(object, u"ReplicaFailure");
    if (failure.value(u"status").toString() != u"True")
        return std::nullopt;
    return refusedPod(words(failure.value(u"message")), Say::tr("%1 %2, condition ReplicaFailure").arg(kind, nameOf(object)));
}

// --- pods that do not run ------------------------------------------------------------------------------------------------

/// The newest warning of one of @p reasons about @p object; empty when there is none.
QJsonObject warningAbout(const QJsonObject &object, const QList<QJsonObject> &events, const QStringList &reasons)
{
    QJsonObject newest;
    const auto time = [](const QJsonObject &event) {
        for (const QStringView field : { QStringView(u"lastTimestamp"), QStringView(u"eventTime"), QStringView(u"firstTimestamp") })
            if (const QString at = event.value(field).toString(); !at.isEmpty())
                return at;
        return QString();
    };
    for (const QJsonObject &event : events) {
        const QJsonObject about = event.value(u"involvedObject").toObject();
        const bool isHis = uidOf(object).isEmpty() || about.value(u"uid").toString().isEmpty()
            ? about.value(u"name").toString() == nameOf(object)
            : about.value(u"uid").toString() == uidOf(object);
        if (isHis && event.value(u"type").toString() != u"Normal" && reasons.contains(event.value(u"reason").toString())
            && (newest.isEmpty() || time(newest) <= time(event)))
            newest = event;
    }
    return newest;
}

bool isScalingUpFor(const QJsonObject &pod, const QList<QJsonObject> &events)
{
    return std::any_of(events.begin(), events.end(), [&](const QJsonObject &event) {
        return event.value(u"reason").toString() == u"TriggeredScaleUp" && event[u"involvedObject"][u"name"].toString() == nameOf(pod);
    });
}

QString ending(const QJsonObject &terminated)
{
    const int code = terminated.value(u"exitCode").toInt();
    const QString reason = terminated.value(u"reason").toString();
    const QString how = reason.isEmpty() || reason == u"Error" || reason == u"Completed"
        ? Say::tr("exit code %1").arg(code)
        : Say::tr("exit code %1, %2").arg(code).arg(reason);
    return joined(how, words(terminated.value(u"message")));
}

std::optional<NotReady> whyContainer(const QJsonObject &pod, const QJsonObject &status, const QList<QJsonObject> &events)
{
    const QString container = status.value(u"name").toString();
    const QString evidence = Say::tr("pod %1, container %2").arg(nameOf(pod), container);
    const QJsonObject waiting = status[u"state"][u"waiting"].toObject();
    const QString reason = waiting.value(u"reason").toString();
    static const QStringList unpulled { QStringLiteral("ErrImagePull"), QStringLiteral("ImagePullBackOff"),
        QStringLiteral("InvalidImageName"), QStringLiteral("ErrImageNeverPull"), QStringLiteral("ImageInspectError"),
        QStringLiteral("RegistryUnavailable"), QStringLiteral("SignatureValidationFailed") };
    if (unpulled.contains(reason)) {
        QString said = words(waiting.value(u"message"));
        // "Back-off pulling image …" tells nothing; the event of the try does.
        if (const QJsonObject tried = warningAbout(pod, events, { QStringLiteral("Failed") });
            reason == u"ImagePullBackOff" && !said.contains(u"ErrImagePull") && tried.value(u"message").toString().contains(u"pull"))
            said = words(tried.value(u"message"));
        const bool isLasting = reason == u"InvalidImageName" || reason == u"ErrImageNeverPull";
        return NotReady { QStringLiteral("image"),
            joined(Say::tr("the image %1 cannot be pulled (%2)").arg(status.value(u"image").toString(), reason), said), evidence,
            Say::tr("Check the image's name and tag, and that the nodes may pull from that registry."), isLasting ? lasting : stubborn };
    }
    if (reason == u"CreateContainerConfigError" || reason == u"CreateContainerError" || reason == u"RunContainerError"
        || reason == u"PreCreateHookError" || reason == u"PreStartHookError" || reason == u"PostStartHookError")
        return NotReady { QStringLiteral("start"),
            joined(Say::tr("the container cannot be started (%1)").arg(reason), words(waiting.value(u"message"))), evidence,
            Say::tr("Make what it refers to (config maps, secrets, commands), or correct the manifest."), stubborn };
    const QJsonObject ended = status[u"state"][u"terminated"].toObject();
    const QJsonObject before = status[u"lastState"][u"terminated"].toObject();
    const bool hasFailed = !ended.isEmpty() && ended.value(u"exitCode").toInt() != 0;
    if (reason == u"CrashLoopBackOff" || hasFailed
        || (!before.isEmpty() && !status.value(u"ready").toBool() && status.value(u"restartCount").toInt() > 0)) {
        const QJsonObject &last = ended.isEmpty() ? before : ended;
        const int restarts = status.value(u"restartCount").toInt();
        const QString what = restarts > 0 ? Say::tr("the container ends again and again, %1 restarts so far").arg(restarts)
                                          : Say::tr("the container has ended");
        return NotReady { QStringLiteral("crash"),
            last.isEmpty() ? joined(what, words(waiting.value(u"message"))) : joined(what, ending(last)), evidence,
            Say::tr("Look at its log: kubectl logs %1 -c %2 --previous").arg(nameOf(pod), container), stubborn };
    }
    return std::nullopt;
}

std::optional<NotReady> whyContainers(const QJsonObject &pod, const QList<QJsonObject> &events)
{
    for (const QStringView list : { QStringView(u"initContainerStatuses"), QStringView(u"containerStatuses") })
        for (const QJsonValue &status : pod[u"status"][list].toArray())
            if (auto why = whyContainer(pod, status.toObject(), events))
                return why;
    return std::nullopt;
}

std::optional<NotReady> whyPod(const QJsonObject &pod, const QList<QJsonObject> &events)
{
    const QString evidence = Say::tr("pod %1").arg(nameOf(pod));
    const QJsonObject scheduled = conditionOf(pod, u"PodScheduled");
    if (scheduled.value(u"status").toString() == u"False") {
        const QString said = words(scheduled.value(u"message"));
        if (scheduled.value(u"reason").toString() == u"SchedulingGated")
            return NotReady { QStringLiteral("gate"), joined(Say::tr("the pod waits behind a scheduling gate"), said), evidence,
                Say::tr("Somebody has to open the gate."), stubborn };
        return NotReady { QStringLiteral("schedule"), joined(Say::tr("no node takes the pod"), said), evidence,
            Say::tr("Add nodes or free some, or change what the pod asks of them."),
            isScalingUpFor(pod, events) ? std::chrono::seconds(patient) : std::chrono::seconds(slow) };
    }
    if (auto why = whyContainers(pod, events))
        return why;
    if (const QJsonObject event = warningAbout(pod, events,
            { QStringLiteral("FailedScheduling"), QStringLiteral("FailedMount"), QStringLiteral("FailedAttachVolume"),
                QStringLiteral("FailedCreatePodSandBox"), QStringLiteral("NetworkNotReady"), QStringLiteral("FailedBinding") });
        !event.isEmpty())
        return NotReady { QStringLiteral("setup"),
            joined(Say::tr("the pod cannot be set up (%1)").arg(event.value(u"reason").toString()), words(event.value(u"message"))),
            evidence, Say::tr("Look at the pod's events: kubectl describe pod %1").arg(nameOf(pod)), slow };
    if (const QJsonObject ready = conditionOf(pod, u"Ready"); ready.value(u"status").toString() == u"Unknown")
        return NotReady { QStringLiteral("node"), joined(Say::tr("nothing is heard of the pod's node"), words(ready.value(u"message"))),
            evidence, Say::tr("Look at the nodes: kubectl get nodes"), slow };
    if (const QJsonObject event = warningAbout(pod, events, { QStringLiteral("Unhealthy"), QStringLiteral("ProbeWarning") });
        !event.isEmpty())
        return NotReady { QStringLiteral("probe"), joined(Say::tr("the pod runs, but its probe says no"), words(event.value(u"message"))),
            evidence, Say::tr("Look at its log: kubectl logs %1").arg(nameOf(pod)), patient };
    return std::nullopt;
}

/// Of one that ended: evicted pods stay in the list for a while.
std::optional<NotReady> whyEnded(const QJsonObject &pod)
{
    const QJsonObject status = pod.value(u"status").toObject();
    if (status.value(u"phase").toString() != u"Failed")
        return std::nullopt;
    const QString reason = status.value(u"reason").toString();
    const QString what = reason == u"Evicted" ? Say::tr("a pod was evicted")
        : reason.isEmpty()                    ? Say::tr("a pod has failed")
                                              : Say::tr("a pod has failed (%1)").arg(reason);
    return NotReady { QStringLiteral("ended"), joined(what, words(status.value(u"message"))), Say::tr("pod %1").arg(nameOf(pod)),
        Say::tr("Look at the nodes and what they lack: kubectl describe nodes"), slow };
}

/// The replica set of the newest template; empty when it is not among them.
QJsonObject newestSet(const QJsonObject &deployment, const QList<QJsonObject> &replicaSets)
{
    QJsonObject newest;
    const auto revision = [](const QJsonObject &set) {
        return set[u"metadata"][u"annotations"][u"deployment.kubernetes.io/revision"].toString().toLongLong();
    };
    for (const QJsonObject &set : replicaSets)
        if (isOwnedBy(set, uidOf(deployment)) && (newest.isEmpty() || revision(newest) <= revision(set)))
            newest = set;
    return newest;
}

} // namespace

QString NotReady::text() const
{
    return evidence.isEmpty() ? what : Say::tr("%1 (%2)").arg(what, evidence);
}

std::optional<NotReady> whyNotReady(
    const QJsonObject &deployment, const QList<QJsonObject> &pods, const QList<QJsonObject> &replicaSets, const QList<QJsonObject> &events)
{
    const QString evidence = Say::tr("Deployment %1").arg(nameOf(deployment));
    if (auto why = failureOf(deployment, QStringLiteral("Deployment")))
        return why;
    const QJsonObject set = newestSet(deployment, replicaSets);
    if (auto why = failureOf(set, QStringLiteral("ReplicaSet")))
        return why;

    const QJsonObject selector = deployment[u"spec"][u"selector"].toObject();
    QList<QJsonObject> alive, ended;
    for (const QJsonObject &pod : pods) {
        const QJsonObject metadata = pod.value(u"metadata").toObject();
        if (metadata.contains(u"deletionTimestamp") || metadata.value(u"namespace") != deployment[u"metadata"][u"namespace"]
            || !selects(selector, metadata.value(u"labels").toObject()))
            continue;
        (hasEnded(pod) ? ended : alive).append(pod);
    }
    std::stable_partition(alive.begin(), alive.end(), [&](const QJsonObject &pod) { return !set.isEmpty() && isOwnedBy(pod, uidOf(set)); });
    for (const QJsonObject &pod : std::as_const(alive))
        if (conditionOf(pod, u"Ready").value(u"status").toString() != u"True")
            if (auto why = whyPod(pod, events))
                return why;

    // Young servers write the condition late; the event comes with the first refusal.
    for (const QJsonObject &object : { set, deployment })
        if (const QJsonObject event = warningAbout(object, events, { QStringLiteral("FailedCreate") });
            !object.isEmpty() && !event.isEmpty() && alive.isEmpty())
            return refusedPod(words(event.value(u"message")), Say::tr("event of %1").arg(nameOf(object)));
    if (deployment[u"status"][u"readyReplicas"].toInt() < deployment[u"spec"][u"replicas"].toInt(1))
        for (const QJsonObject &pod : std::as_const(ended))
            if (auto why = whyEnded(pod))
                return why;
    if (deployment[u"spec"][u"paused"].toBool() && !isRolledOut(deployment))
        return NotReady { QStringLiteral("paused"), Say::tr("its rollout is paused"), evidence,
            Say::tr("Resume it: kubectl rollout resume deployment %1").arg(nameOf(deployment)), lasting };
    if (const QJsonObject progress = conditionOf(deployment, u"Progressing"); progress.value(u"status").toString() == u"False")
        return NotReady { QStringLiteral("progress"),
            joined(Say::tr("it makes no progress (%1)").arg(progress.value(u"reason").toString()), words(progress.value(u"message"))),
            evidence, Say::tr("Look at its pods and their events."), lasting };
    return std::nullopt;
}

bool isRolledOut(const QJsonObject &deployment)
{
    return deploymentStatus(deployment).isSettled();
}

QJsonObject tellingStatus(const QJsonObject &pod)
{
    const QJsonObject status = pod.value(u"status").toObject();
    const bool isWell
        = status.value(u"phase").toString() == u"Running" && conditionOf(pod, u"Ready").value(u"status").toString() == u"True";
    QJsonObject kept;
    if (isWell)
        return kept;
    for (const QStringView key : { QStringView(u"phase"), QStringView(u"reason"), QStringView(u"message"), QStringView(u"conditions"),
             QStringView(u"initContainerStatuses"), QStringView(u"containerStatuses") })
        if (const QJsonValue value = status.value(key); !value.isUndefined())
            kept.insert(key, value);
    return kept;
}

bool hasEnded(const QJsonObject &pod)
{
    const QString phase = pod[u"status"][u"phase"].toString();
    return phase == u"Failed" || phase == u"Succeeded";
}

} // namespace catamaran::kube
