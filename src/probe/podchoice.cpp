// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/podchoice.h"

#include "kube/labelselector.h"
#include "probe/say.h"

#include <algorithm>

namespace catamaran::probe {

using core::ErrorKind;
using core::Result;

namespace {

bool isReady(const QJsonObject &pod)
{
    if (!pod[u"metadata"][u"deletionTimestamp"].isUndefined() || pod[u"status"][u"phase"].toString() != u"Running")
        return false;
    const QJsonArray conditions = pod[u"status"][u"conditions"].toArray();
    return std::any_of(conditions.begin(), conditions.end(), [](const QJsonValue &condition) {
        return condition[u"type"].toString() == u"Ready" && condition[u"status"].toString() == u"True";
    });
}

constexpr auto sidecar = u"istio-proxy";

QStringList namesIn(const QJsonObject &pod, const char *list)
{
    QStringList names;
    const QJsonArray containers = pod[u"spec"][QLatin1String(list)].toArray();
    for (const QJsonValue &container : containers)
        names += container[u"name"].toString();
    return names;
}

struct Search {
    QPromise<Result<ChosenPod>> promise;
    void settle(Result<ChosenPod> result)
    {
        promise.addResult(std::move(result));
        promise.finish();
    }
};

} // namespace

QString selectorText(const QJsonObject &deployment)
{
    return kube::selectorText(deployment[u"spec"][u"selector"].toObject());
}

Result<QString> chooseContainer(const QJsonObject &pod, const QString &wanted)
{
    const QStringList containers = namesIn(pod, "containers");
    if (wanted.isEmpty()) {
        const QString named = pod[u"metadata"][u"annotations"][u"kubectl.kubernetes.io/default-container"].toString();
        if (containers.contains(named) && named != sidecar)
            return named;
        const auto first
            = std::find_if(containers.begin(), containers.end(), [](const QString &name) { return !name.isEmpty() && name != sidecar; });
        return first == containers.end() ? QString() : *first;
    }
    const auto refused = [&](const QString &answer, const QString &remedy) {
        return core::fail(
            ErrorKind::InvalidInput, Say::tr("choose the container to send from"), pod[u"metadata"][u"name"].toString(), answer, remedy);
    };
    if (wanted == sidecar)
        return refused(Say::tr("%1 is the mesh's sidecar: what it sends does not go through the mesh").arg(wanted),
            Say::tr("Name the application's container, or none."));
    const QStringList all = containers + namesIn(pod, "initContainers") + namesIn(pod, "ephemeralContainers");
    if (!all.contains(wanted))
        return refused(Say::tr("it has no container “%1”").arg(wanted), Say::tr("It has %1.").arg(containers.join(QStringLiteral(", "))));
    return wanted;
}

std::optional<ChosenPod> readyPod(const QList<QJsonObject> &pods)
{
    for (const QJsonObject &pod : pods) {
        const QString container = chooseContainer(pod, {}).value_or(QString());
        if (isReady(pod) && !container.isEmpty())
            return ChosenPod { pod[u"metadata"][u"name"].toString(), pod[u"metadata"][u"uid"].toString(), container };
    }
    return {};
}

QString whyPodIsGone(const Result<QJsonObject> &pod, const QString &uid)
{
    if (!pod)
        return pod.error().kind == ErrorKind::NotFound ? Say::tr("it was deleted") : QString();
    if ((*pod)[u"metadata"][u"uid"].toString() != uid)
        return Say::tr("another one of that name took its place");
    if (!(*pod)[u"metadata"][u"deletionTimestamp"].isUndefined())
        return Say::tr("it is being deleted");
    const QString phase = (*pod)[u"status"][u"phase"].toString();
    if (phase != u"Running")
        return Say::tr("it is %1").arg(phase);
    return isReady(*pod) ? QString() : Say::tr("it is not ready any more");
}

QFuture<Result<ChosenPod>> choosePod(kube::KubeClient &client, const Source &source, const QString &container, std::stop_token stop)
{
    auto search = std::make_shared<Search>();
    search->promise.start();
    const auto future = search->promise.future();
    const auto wrongState = [source](const QString &answer, const QString &remedy) {
        return core::fail(ErrorKind::Precondition, Say::tr("find a pod to send from"), source.text(), answer, remedy);
    };
    core::whenReady(client.get(kube::kinds::deployments, source.ns, source.workload, stop), &client,
        [&client, source, container, stop, search, wrongState](const Result<QJsonObject> &deployment) {
            if (!deployment)
                return search->settle(core::fail(deployment.error()));
            const QString selector = selectorText(*deployment);
            if (selector.isEmpty()) // would match every pod of the namespace
                return search->settle(wrongState(Say::tr("the deployment has no selector"), {}));
            const int desired = (*deployment)[u"spec"][u"replicas"].toInt(1);
            core::whenReady(client.list(kube::kinds::pods, source.ns, selector, stop), &client,
                [search, container, wrongState, desired](const Result<kube::ListResult> &pods) {
                    if (!pods)
                        return search->settle(core::fail(pods.error()));
                    if (const auto ready = readyPod(pods->items)) {
                        const auto pod = std::find_if(pods->items.begin(), pods->items.end(),
                            [&](const QJsonObject &item) { return item[u"metadata"][u"uid"].toString() == ready->uid; });
                        return search->settle(chooseContainer(*pod, container).map([&](const QString &name) {
                            return ChosenPod { ready->name, ready->uid, name };
                        }));
                    }
                    if (desired == 0)
                        return search->settle(
                            wrongState(Say::tr("it is scaled to 0"), Say::tr("Scale it up, or send from another workload.")));
                    search->settle(wrongState(
                        Say::tr("none of its %1 pods is ready").arg(pods->items.size()), Say::tr("Wait until one is, and try again.")));
                });
        });
    return future;
}

} // namespace catamaran::probe
