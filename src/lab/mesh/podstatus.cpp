// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/podstatus.h"

#include "lab/mesh/clusterview.h"

namespace catamaran::lab {

namespace {

const json::value *entryOf(const json::value *list, const char *key, const std::string &name)
{
    if (!list || !list->is_array())
        return nullptr;
    for (const auto &entry : list->as_array()) {
        if (stringAt(entry, { key }) == name)
            return &entry;
    }
    return nullptr;
}

json::object condition(const json::value *old, const char *type, bool met, const char *whyNot, const std::string &now)
{
    const json::value *known = entryOf(old, "type", type);
    const char *const status = met ? "True" : "False";
    const bool same = known && stringAt(*known, { "status" }) == status;
    json::object result { { "type", type }, { "status", status }, { "lastProbeTime", nullptr } };
    result["lastTransitionTime"] = same ? stringAt(*known, { "lastTransitionTime" }) : now;
    if (!met)
        result["reason"] = whyNot;
    return result;
}

json::object containerStatus(const json::value &container, const json::value *old, const PodReport &report, const std::string &now)
{
    const std::string name = stringAt(container, { "name" });
    const std::string image = stringAt(container, { "image" });
    const auto restarts = report.restarts + (report.commandRestarts ? report.commandRestarts(name) : 0U);
    const std::string id = "containerd://" + std::to_string(std::hash<std::string>()(report.podIp + name + std::to_string(restarts)));
    if (const auto ended = report.running && report.ended ? report.ended(name) : std::nullopt) {
        const json::object terminated { { "exitCode", ended->exitCode }, { "reason", ended->exitCode == 0 ? "Completed" : "Error" },
            { "startedAt", ended->startedAt }, { "finishedAt", ended->finishedAt }, { "containerID", id } };
        json::object state, last;
        if (ended->waits) {
            state["waiting"]
                = json::object { { "reason", "CrashLoopBackOff" }, { "message", "back-off restarting failed container=" + name } };
            last["terminated"] = terminated;
        } else {
            state["terminated"] = terminated;
        }
        return { { "name", name }, { "state", std::move(state) }, { "lastState", std::move(last) }, { "ready", false },
            { "started", false }, { "restartCount", restarts }, { "image", image }, { "imageID", image }, { "containerID", id } };
    }
    const bool ready = report.running && report.containerReady(name);
    const json::value *known = entryOf(old, "name", name);
    const auto *knownRestarts = known ? at(*known, { "restartCount" }) : nullptr;
    std::string startedAt = known ? stringAt(*known, { "state", "running", "startedAt" }) : std::string();
    if (knownRestarts && knownRestarts->is_number() && knownRestarts->to_number<double>() != restarts)
        startedAt.clear();

    json::object state, last;
    if (report.running) {
        state["running"] = json::object { { "startedAt", startedAt.empty() ? now : startedAt } };
    } else {
        state["waiting"] = json::object { { "reason", "CrashLoopBackOff" }, { "message", "back-off restarting failed container=" + name } };
    }
    if (!report.running || restarts > 0) {
        if (known && at(*known, { "state", "terminated" }))
            last["terminated"] = *at(*known, { "state", "terminated" });
        const auto *before = known ? at(*known, { "lastState" }) : nullptr;
        if (last.empty() && before && before->is_object() && !before->as_object().empty())
            last = before->as_object();
        else if (last.empty())
            last["terminated"] = json::object { { "exitCode", 137 }, { "reason", "Error" },
                { "startedAt", startedAt.empty() ? now : startedAt }, { "finishedAt", now }, { "containerID", id } };
    }
    return { { "name", name }, { "state", std::move(state) }, { "lastState", std::move(last) }, { "ready", ready },
        { "started", report.running }, { "restartCount", restarts }, { "image", image }, { "imageID", image }, { "containerID", id } };
}

json::object ephemeralStatus(const json::value &container, const PodReport &report)
{
    const std::string name = stringAt(container, { "name" }), image = stringAt(container, { "image" });
    const auto run = report.ephemeral ? report.ephemeral(name) : std::nullopt;
    const std::string id = "containerd://" + std::to_string(std::hash<std::string>()(report.podIp + name));
    json::object state;
    if (!run) {
        const std::string why = whyNotPulled(image);
        state["waiting"] = why.empty() ? json::object { { "reason", "ContainerCreating" } }
                                       : json::object { { "reason", "ErrImagePull" }, { "message", why } };
    } else if (run->finishedAt.empty()) {
        state["running"] = json::object { { "startedAt", run->startedAt } };
    } else {
        state["terminated"] = json::object { { "exitCode", run->exitCode }, { "reason", "Completed" }, { "startedAt", run->startedAt },
            { "finishedAt", run->finishedAt }, { "containerID", id } };
    }
    return { { "name", name }, { "state", std::move(state) }, { "lastState", json::object() }, { "ready", false }, { "restartCount", 0 },
        { "image", image }, { "imageID", run ? image : std::string() }, { "containerID", run ? id : std::string() } };
}

} // namespace

std::string whyNotPulled(const std::string &image)
{
    const std::string host = image.substr(0, image.find('/'));
    const std::string name = host.substr(0, host.find(':'));
    if (image.find('/') == std::string::npos || !name.ends_with(".invalid"))
        return {};
    return "failed to pull and unpack image \"" + image + "\": failed to resolve reference \"" + image
        + "\": failed to do request: Head \"https://" + host + "/v2/\": dial tcp: lookup " + name + ": no such host";
}

void writeUnpulled(json::object &pod, const std::string &hostIp, const std::string &now)
{
    json::array list;
    if (const auto *containers = valueIn(pod, { "spec", "containers" }); containers && containers->is_array()) {
        for (const auto &container : containers->as_array()) {
            const std::string image = stringAt(container, { "image" });
            const std::string why = whyNotPulled(image);
            const json::object waiting = why.empty()
                ? json::object { { "reason", "ContainerCreating" } }
                : json::object { { "reason", "ImagePullBackOff" },
                      { "message", "Back-off pulling image \"" + image + "\": ErrImagePull: " + why } };
            list.push_back(json::object { { "name", stringAt(container, { "name" }) }, { "state", json::object { { "waiting", waiting } } },
                { "lastState", json::object() }, { "ready", false }, { "started", false }, { "restartCount", 0 }, { "image", image },
                { "imageID", "" } });
        }
    }
    const auto *oldStatus = pod.if_contains("status");
    const auto *old = oldStatus ? at(*oldStatus, { "conditions" }) : nullptr;
    json::object status { { "phase", "Pending" }, { "hostIP", hostIp }, { "startTime", now }, { "qosClass", "BestEffort" } };
    status["conditions"]
        = json::array { condition(old, "Initialized", true, "", now), condition(old, "Ready", false, "ContainersNotReady", now),
              condition(old, "ContainersReady", false, "ContainersNotReady", now), condition(old, "PodScheduled", true, "", now) };
    status["containerStatuses"] = std::move(list);
    pod["status"] = std::move(status);
}

void writeStatus(json::object &pod, const PodReport &report, const std::string &now)
{
    const auto *oldStatus = pod.if_contains("status");
    const json::object old = oldStatus && oldStatus->is_object() ? oldStatus->as_object() : json::object();
    const auto *conditions = old.if_contains("conditions");

    json::object status = old;
    status["phase"] = !report.finished ? "Running" : report.failed ? "Failed" : "Succeeded";
    status["conditions"] = json::array {
        condition(conditions, "Initialized", true, "", now),
        condition(conditions, "Ready", report.ready, report.finished && !report.failed ? "PodCompleted" : "ContainersNotReady", now),
        condition(
            conditions, "ContainersReady", report.ready, report.finished && !report.failed ? "PodCompleted" : "ContainersNotReady", now),
        condition(conditions, "PodScheduled", true, "", now),
    };
    status["hostIP"] = report.hostIp;
    status["podIP"] = report.podIp;
    json::array podIps;
    podIps.push_back(json::object { { "ip", report.podIp } });
    status["podIPs"] = std::move(podIps);
    if (!status.contains("startTime"))
        status["startTime"] = now;
    status["qosClass"] = "BestEffort";

    json::array list;
    if (const auto *containers = valueIn(pod, { "spec", "containers" }); containers && containers->is_array()) {
        for (const auto &container : containers->as_array())
            list.push_back(containerStatus(container, old.if_contains("containerStatuses"), report, now));
    }
    status["containerStatuses"] = std::move(list);
    if (const auto *containers = valueIn(pod, { "spec", "ephemeralContainers" }); containers && containers->is_array()) {
        json::array added;
        for (const auto &container : containers->as_array())
            added.push_back(ephemeralStatus(container, report));
        status["ephemeralContainerStatuses"] = std::move(added);
    }

    if (const auto *containers = valueIn(pod, { "spec", "initContainers" });
        containers && containers->is_array() && !containers->as_array().empty()) {
        json::array done;
        for (const auto &container : containers->as_array()) {
            const std::string name = stringAt(container, { "name" });
            if (const auto *known = entryOf(old.if_contains("initContainerStatuses"), "name", name)) {
                done.push_back(*known);
                continue;
            }
            done.push_back(json::object { { "name", name },
                { "state",
                    json::object { { "terminated",
                        json::object { { "exitCode", 0 }, { "reason", "Completed" }, { "startedAt", now }, { "finishedAt", now } } } } },
                { "lastState", json::object() }, { "ready", true }, { "restartCount", 0 }, { "image", stringAt(container, { "image" }) },
                { "imageID", stringAt(container, { "image" }) } });
        }
        status["initContainerStatuses"] = std::move(done);
    }
    pod["status"] = std::move(status);
}

} // namespace catamaran::lab
