// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/kubelet.h"

#include "lab/kube/timestamps.h"
#include "lab/kube/workloadcontroller.h"
#include "lab/mesh/clusterview.h"
#include "lab/mesh/podstatus.h"

#include <algorithm>

namespace catamaran::lab {

namespace {

constexpr std::chrono::milliseconds startTakes { 60 }; ///< containers are not there at once
constexpr std::chrono::milliseconds crashIsSeenAfter { 1000 }; ///< the kubelet's relist period
constexpr std::chrono::milliseconds longestGrace { 1000 }; ///< helloworld and sleep end quickly
constexpr int addresses = 2000;

} // namespace

Kubelet::Kubelet(asio::io_context &io, std::shared_ptr<Fabric> fabric, ClusterRef cluster, const std::string &folder)
    : m_io(io)
    , m_fabric(std::move(fabric))
    , m_cluster(std::move(cluster))
    , m_shell(io)
    , m_hosts(io, m_cluster.store, folder)
{
}

Kubelet::~Kubelet() = default;

void Kubelet::start()
{
    m_hosts.start();
    m_subscription = m_cluster.store->subscribe([weak = weak_from_this()](const ObjectEvent &event) {
        if (event.typeKey != "pods")
            return;
        if (const auto self = weak.lock())
            self->changed(event);
    });
    for (const auto &pod : m_cluster.store->list("pods"))
        sync(pod);
}

void Kubelet::stopAll()
{
    m_subscription.reset();
    m_byIp.clear();
    m_pods.clear();
}

void Kubelet::later(std::chrono::milliseconds when, std::function<void()> what)
{
    auto timer = std::make_shared<asio::steady_timer>(m_io, when);
    timer->async_wait([timer, weak = weak_from_this(), what = std::move(what)](const ErrorCode &cancelled) {
        if (const auto self = weak.lock(); self && !cancelled)
            what();
    });
}

int Kubelet::takeAddress()
{
    // Addresses go round, so that a fresh pod never gets the one a client has just talked to.
    for (int tried = 0; tried < addresses; ++tried) {
        const int index = m_nextAddress;
        m_nextAddress = (m_nextAddress + 1) % addresses;
        if (m_taken.insert(index).second)
            return index;
    }
    return -1;
}

void Kubelet::changed(const ObjectEvent &event)
{
    const Key key { namespaceOf(*event.object), nameOf(*event.object) };
    if (event.type == ObjectEvent::Type::Deleted)
        remove(key);
    else
        sync(event.object);
}

void Kubelet::sync(const std::shared_ptr<const json::object> &object)
{
    const Key key { namespaceOf(*object), nameOf(*object) };
    const std::string node = textIn(*object, { "spec", "nodeName" });
    const std::string uid = metaString(*object, "uid");
    if (node.empty())
        return;
    if (!metaString(*object, "deletionTimestamp").empty()) {
        std::chrono::milliseconds grace { 0 };
        if (const auto *seconds = valueIn(*object, { "metadata", "deletionGracePeriodSeconds" }); seconds && seconds->is_number())
            grace = std::min(longestGrace,
                std::chrono::milliseconds(static_cast<long long>(std::clamp(seconds->to_number<double>(), 0.0, 3600.0) * 1000)));
        terminate(key, uid, grace);
        return;
    }
    if (const auto known = m_pods.find(key); known != m_pods.end()) {
        if (known->second->settings().uid == uid) {
            if (known->second->isRunning())
                startEphemeral(*known->second, *object);
            return;
        }
        remove(key);
    }
    if (!pulls(object))
        return;
    const int index = takeAddress();
    if (index < 0)
        return;
    Pod::Settings settings;
    settings.ns = key.first;
    settings.name = key.second;
    settings.uid = uid;
    settings.node = node;
    settings.cluster = m_cluster.index;
    settings.ip = m_fabric->plan().pod(m_cluster.index, index);
    settings.behind = m_fabric->plan().behindSidecar(m_cluster.index, index);
    settings.hostsFolder = m_hosts.folder();
    auto pod = std::make_unique<Pod>(m_io, m_fabric, std::move(settings), *object);
    m_byIp[pod->settings().ip] = pod.get();
    m_addresses[key] = index;
    m_pods[key] = std::move(pod);

    later(startTakes, [this, key, uid] {
        Pod *starting = find(key.first, key.second);
        if (!starting || starting->settings().uid != uid || starting->isRunning())
            return;
        starting->start();
        if (starting->sidecar() && onSidecarStarted)
            onSidecarStarted(*starting);
        note(*starting);
        runCommands(*starting);
        publishStatus(*starting);
    });
}

void Kubelet::startEphemeral(Pod &pod, const json::object &object)
{
    const auto *list = valueIn(object, { "spec", "ephemeralContainers" });
    if (!list || !list->is_array())
        return;
    const Key key { pod.settings().ns, pod.settings().name };
    for (const auto &container : list->as_array()) {
        const std::string name = stringAt(container, { "name" });
        const auto *statuses = valueIn(object, { "status", "ephemeralContainerStatuses" });
        const bool isKnown = pod.hasContainer(name)
            || (statuses && statuses->is_array()
                && std::any_of(statuses->as_array().begin(), statuses->as_array().end(),
                    [&](const json::value &one) { return stringAt(one, { "name" }) == name; }));
        if (isKnown)
            continue;
        const std::string uid = pod.settings().uid;
        const bool isPulled = whyNotPulled(stringAt(container, { "image" })).empty();
        long long sleeps = -1;
        if (const auto *command = at(container, { "command" }); command && command->is_array() && command->as_array().size() == 2) {
            const auto *first = command->as_array()[0].if_string(), *second = command->as_array()[1].if_string();
            if (first && second && (*first == "sleep" || first->ends_with("/sleep")))
                sleeps = std::atoll(second->c_str());
        }
        later(startTakes, [this, key, uid, name, container, isPulled, sleeps] {
            Pod *const one = find(key.first, key.second);
            if (!one || one->settings().uid != uid || !one->isRunning() || (isPulled && !one->addEphemeral(container)))
                return;
            publishStatus(*one);
            if (!isPulled || sleeps < 0)
                return;
            later(std::chrono::seconds(sleeps), [this, key, uid, name] {
                Pod *const ending = find(key.first, key.second);
                if (!ending || ending->settings().uid != uid)
                    return;
                ending->endEphemeral(name);
                publishStatus(*ending);
            });
        });
    }
}

bool Kubelet::pulls(const std::shared_ptr<const json::object> &pod)
{
    const auto *containers = valueIn(*pod, { "spec", "containers" });
    if (!containers || !containers->is_array())
        return true;
    std::string image, why;
    for (const auto &container : containers->as_array()) {
        if (why.empty()) {
            image = stringAt(container, { "image" });
            why = whyNotPulled(image);
        }
    }
    if (why.empty())
        return true;
    later(startTakes, [this, key = Key { namespaceOf(*pod), nameOf(*pod) }, uid = metaString(*pod, "uid"), image, why] {
        const auto waiting = m_cluster.store->get("pods", key.first, key.second);
        if (!waiting || metaString(*waiting, "uid") != uid || valueIn(*waiting, { "status", "containerStatuses" })) // said already
            return;
        recordEvent(
            *m_cluster.store, *waiting, "Pod", "v1", "Warning", "Failed", "Failed to pull image \"" + image + "\": " + why, "kubelet");
        m_cluster.store->mutate("pods", key.first, key.second,
            [&](json::object &object) { writeUnpulled(object, m_fabric->plan().node(m_cluster.index), timestampNow()); });
    });
    return false;
}

void Kubelet::note(Pod &pod)
{
    const auto object = m_cluster.store->get("pods", pod.settings().ns, pod.settings().name);
    const auto *containers = object ? valueIn(*object, { "spec", "containers" }) : nullptr;
    if (!containers || !containers->is_array())
        return;
    for (const auto &container : containers->as_array()) {
        const std::string name = stringAt(container, { "name" });
        const auto say = [&](const char *reason, const std::string &message) {
            recordEvent(*m_cluster.store, *object, "Pod", "v1", "Normal", reason, message, "kubelet");
        };
        say("Pulled", "Container image \"" + stringAt(container, { "image" }) + "\" already present on machine");
        say("Created", "Created container: " + name);
        say("Started", "Started container " + name);
    }
}

void Kubelet::runCommands(Pod &pod)
{
    const Key key { pod.settings().ns, pod.settings().name };
    pod.runCommands(m_shell, [weak = weak_from_this(), key, uid = pod.settings().uid](const std::string &container) {
        if (const auto self = weak.lock())
            self->commandEnded(key, uid, container);
    });
}

bool Kubelet::restartsAfter(const Key &key, int exitCode) const
{
    const auto object = m_cluster.store->get("pods", key.first, key.second);
    const auto policy = object ? textIn(*object, { "spec", "restartPolicy" }) : std::string("Never");
    return policy != "Never" && (policy != "OnFailure" || exitCode != 0);
}

void Kubelet::commandEnded(const Key &key, const std::string &uid, const std::string &container)
{
    Pod *const pod = find(key.first, key.second);
    if (!pod || pod->settings().uid != uid || !pod->isRunning())
        return;
    publishStatus(*pod);
    const auto *state = pod->commandState(container);
    if (!state || !restartsAfter(key, state->exitCode))
        return;
    // The first restart comes at once, the next ones with growing pauses.
    const auto pause = std::min(std::chrono::milliseconds(1000) * (1 << std::min(state->restarts, 6U)), std::chrono::milliseconds(30000));
    later(state->restarts == 0 ? startTakes : pause, [this, key, uid, container] {
        Pod *const again = find(key.first, key.second);
        if (!again || again->settings().uid != uid || !again->isRunning() || !again->commandState(container)->ended)
            return;
        again->runAgain(m_shell, container);
        publishStatus(*again);
    });
}

void Kubelet::terminate(const Key &key, const std::string &uid, std::chrono::milliseconds grace)
{
    if (!m_terminating.insert(key).second)
        return;
    // The application serves on while its address is taken out of the lists everywhere.
    later(grace, [this, key, uid] {
        m_terminating.erase(key);
        const auto object = m_cluster.store->get("pods", key.first, key.second);
        if (!object || metaString(*object, "uid") != uid)
            return;
        remove(key);
        m_cluster.store->remove("pods", key.first, key.second);
    });
}

void Kubelet::remove(const Key &key)
{
    const auto found = m_pods.find(key);
    if (found == m_pods.end())
        return;
    m_byIp.erase(found->second->settings().ip);
    const auto pod = std::move(found->second);
    m_pods.erase(found);
    if (const auto address = m_addresses.find(key); address != m_addresses.end()) {
        m_taken.erase(address->second);
        m_addresses.erase(address);
    }
    pod->stop();
}

std::shared_ptr<Sidecar> Kubelet::sidecarAt(const std::string &ip) const
{
    const auto found = m_byIp.find(ip);
    return found == m_byIp.end() ? nullptr : found->second->sidecar();
}

std::vector<Pod *> Kubelet::pods() const
{
    std::vector<Pod *> result;
    for (const auto &[key, pod] : m_pods)
        result.push_back(pod.get());
    return result;
}

Pod *Kubelet::find(const std::string &ns, const std::string &name) const
{
    const auto found = m_pods.find({ ns, name });
    return found == m_pods.end() ? nullptr : found->second.get();
}

void Kubelet::publishStatus(Pod &pod)
{
    PodReport report;
    report.podIp = pod.settings().ip;
    report.hostIp = m_fabric->plan().node(m_cluster.index);
    report.running = pod.isRunning();
    report.ready = pod.isReady();
    report.restarts = pod.restarts();
    const Key key { pod.settings().ns, pod.settings().name };
    report.ended = [&pod, &key, this](const std::string &container) -> std::optional<PodReport::Ended> {
        const auto *state = pod.commandState(container);
        if (!state || !state->ended)
            return std::nullopt;
        return PodReport::Ended { state->exitCode, state->startedAt, state->finishedAt, restartsAfter(key, state->exitCode) };
    };
    report.commandRestarts = [&pod](const std::string &container) {
        const auto *state = pod.commandState(container);
        return state ? state->restarts : 0U;
    };
    report.finished = pod.allCommandsEnded();
    for (const auto &container : pod.commandContainers()) {
        const auto *state = pod.commandState(container);
        report.failed = report.failed || state->exitCode != 0;
        report.finished = report.finished && !restartsAfter(key, state->exitCode);
    }
    report.ephemeral = [&pod](const std::string &container) -> std::optional<PodReport::Ended> {
        const auto *one = pod.ephemeral(container);
        return one ? std::optional(PodReport::Ended { 0, one->startedAt, one->finishedAt, false }) : std::nullopt;
    };
    report.containerReady = [&pod](const std::string &container) { return pod.isContainerReady(container); };
    const std::string now = timestampNow();
    m_cluster.store->mutate(
        "pods", pod.settings().ns, pod.settings().name, [&](json::object &object) { writeStatus(object, report, now); });
}

bool Kubelet::killPod(const std::string &ns, const std::string &name)
{
    Pod *const pod = find(ns, name);
    if (!pod)
        return false;
    pod->stop();
    const std::string uid = pod->settings().uid;
    later(crashIsSeenAfter, [this, ns, name, uid] {
        if (Pod *const dead = find(ns, name); dead && dead->settings().uid == uid && !dead->isRunning())
            publishStatus(*dead);
    });
    return true;
}

bool Kubelet::restartPod(const std::string &ns, const std::string &name)
{
    Pod *const pod = find(ns, name);
    if (!pod)
        return false;
    if (pod->isRunning())
        return true;
    pod->start();
    if (pod->sidecar() && onSidecarStarted)
        onSidecarStarted(*pod);
    runCommands(*pod);
    publishStatus(*pod);
    return true;
}

void Kubelet::dropAbandoned()
{
    for (const auto &[key, pod] : m_pods) {
        if (pod->sidecar())
            pod->sidecar()->dropAbandoned();
    }
}

std::unique_ptr<ExecProcess> Kubelet::exec(ExecRequest request, std::string &error)
{
    Pod *const pod = find(request.ns, request.pod);
    if (!pod) {
        error = "pod " + request.pod + "_" + request.ns + " is not running on this node";
        return nullptr;
    }
    if (request.container.empty())
        request.container = pod->firstContainer();
    const auto *added = pod->ephemeral(request.container);
    if (!pod->hasContainer(request.container) || !pod->isRunning() || (added && added->ended)) {
        error = "container not found (\"" + request.container + "\")";
        return nullptr;
    }
    return pod->exec(m_shell, std::move(request), error);
}

std::string Kubelet::logs(const std::string &ns, const std::string &name, const std::string &container)
{
    Pod *const pod = find(ns, name);
    return pod ? pod->log(container.empty() ? pod->firstContainer() : container).text() : std::string();
}

std::vector<std::int64_t> Kubelet::logMoments(const std::string &ns, const std::string &name, const std::string &container)
{
    Pod *const pod = find(ns, name);
    return pod ? pod->log(container).moments() : std::vector<std::int64_t>();
}

std::string Kubelet::previousLogs(const std::string &ns, const std::string &name, const std::string &container)
{
    Pod *const pod = find(ns, name);
    return pod ? pod->previousLog(container) : std::string();
}

std::shared_ptr<void> Kubelet::followLogs(
    const std::string &ns, const std::string &name, const std::string &container, std::function<void(std::string_view)> onLine)
{
    Pod *const pod = find(ns, name);
    return pod ? pod->log(container.empty() ? pod->firstContainer() : container).follow(std::move(onLine)) : nullptr;
}

} // namespace catamaran::lab
