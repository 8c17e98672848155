// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/range/faults.h"

#include "lab/range/bulkfill.h"
#include "lab/range/worldstate.h"

#include <algorithm>
#include <charconv>

namespace catamaran::lab {

namespace {

constexpr int longestLatencyMs = 60000;

ControlAnswer done(std::string text)
{
    return { true, std::move(text) };
}
ControlAnswer refused(std::string text)
{
    return { false, std::move(text) };
}

std::string joined(const std::vector<std::string> &names)
{
    std::string text;
    for (const auto &name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "none" : text;
}

ControlAnswer unknown(const std::string &kind, const std::string &name, const std::vector<std::string> &known)
{
    return refused("there is no " + kind + " “" + name + "”. Known: " + joined(known));
}

std::vector<std::string> networksOf(const FaultTargets &targets)
{
    std::vector<std::string> names;
    for (const auto &cluster : targets.clusters)
        names.push_back(cluster.network);
    return names;
}

std::vector<std::string> clustersOf(const FaultTargets &targets)
{
    std::vector<std::string> names;
    for (const auto &cluster : targets.clusters)
        names.push_back(cluster.name);
    return names;
}

const FaultTargets::Cluster *clusterNamed(const FaultTargets &targets, const std::string &name)
{
    const auto found = std::find_if(targets.clusters.begin(), targets.clusters.end(), [&](const auto &each) { return each.name == name; });
    return found == targets.clusters.end() ? nullptr : &*found;
}

ControlAnswer obeyNetworks(const FaultTargets &targets, const std::vector<std::string> &words)
{
    const std::string &verb = words[0], &a = words[1], &b = words[2];
    const bool isSilent = verb != "partition" || words.size() < 4 || words[3] == "drop";
    if (!isSilent && words[3] != "reject")
        return refused("“" + words[3] + "” is no way to cut a line: drop (the default: packets vanish) or reject (they are refused)");
    const auto known = networksOf(targets);
    for (const auto &name : { a, b }) {
        if (std::find(known.begin(), known.end(), name) == known.end())
            return unknown("network", name, known);
    }
    if (a == b)
        return refused("two different networks are needed. Known: " + joined(known));
    if (verb == "partition")
        return targets.world->partition(a, b, isSilent ? Cut::Drop : Cut::Reject)
            ? done(a + " and " + b + " are cut" + (isSilent ? "" : ": connections between them are refused"))
            : unknown("network", a, known);
    if (verb == "heal")
        return targets.world->heal(a, b) ? done(a + " and " + b + " are joined") : unknown("network", a, known);
    int milliseconds = -1;
    const auto [end, error] = std::from_chars(words[3].data(), words[3].data() + words[3].size(), milliseconds);
    if (error != std::errc() || end != words[3].data() + words[3].size() || milliseconds < 0 || milliseconds > longestLatencyMs)
        return refused("“" + words[3] + "” is no latency: whole milliseconds from 0 to " + std::to_string(longestLatencyMs));
    return targets.world->setLatency(a, b, milliseconds) ? done(a + " and " + b + " are " + words[3] + " ms apart")
                                                         : unknown("network", a, known);
}

ControlAnswer obeyGateway(const FaultTargets &targets, bool isStart, const std::string &name)
{
    if (!clusterNamed(targets, name))
        return unknown("cluster", name, clustersOf(targets));
    const bool isKnown = isStart ? targets.world->startGateway(name) : targets.world->stopGateway(name);
    if (!isKnown)
        return refused("cluster “" + name + "” has no cross-cluster gateway: enable it in a mesh's networks first");
    return done("the gateway of " + name + (isStart ? " runs" : " is stopped"));
}

ControlAnswer obeyControlPlane(const FaultTargets &targets, bool isStart, const std::string &name)
{
    const std::string mesh = targets.cloud->meshNamed(name);
    if (mesh.empty())
        return unknown("mesh", name, targets.cloud->meshNames());
    const bool isKnown = isStart ? targets.world->startControlPlane(mesh) : targets.world->stopControlPlane(mesh);
    if (!isKnown)
        return refused("mesh “" + name + "” has no control plane yet: it is still being created");
    return done("the control plane of " + mesh + (isStart ? " runs" : " is stopped"));
}

ControlAnswer obeyApiServer(const FaultTargets &targets, bool isStart, const std::string &name)
{
    const auto *cluster = clusterNamed(targets, name);
    if (!cluster)
        return unknown("cluster", name, clustersOf(targets));
    if (!isStart)
        cluster->apiServer->stop();
    else if (const std::string trouble = cluster->apiServer->isUp() ? std::string() : cluster->apiServer->start(); !trouble.empty())
        return refused("the API server of " + name + " does not start: " + trouble);
    return done("the API server of " + name + (isStart ? " runs" : " is stopped"));
}

ControlAnswer obeyPod(const FaultTargets &targets, bool isStart, const std::string &path)
{
    const auto first = path.find('/');
    const auto second = first == std::string::npos ? first : path.find('/', first + 1);
    if (second == std::string::npos || path.find('/', second + 1) != std::string::npos)
        return refused("“" + path + "” is not CLUSTER/NAMESPACE/POD. Known clusters: " + joined(clustersOf(targets)));
    const std::string name = path.substr(0, first), ns = path.substr(first + 1, second - first - 1), pod = path.substr(second + 1);
    const auto *cluster = clusterNamed(targets, name);
    if (!cluster)
        return unknown("cluster", name, clustersOf(targets));
    const bool isKnown = isStart ? targets.world->startPod(name, ns, pod) : targets.world->stopPod(name, ns, pod);
    if (!isKnown) {
        std::vector<std::string> known;
        for (const auto &each : cluster->store->list("pods"))
            known.push_back(namespaceOf(*each) + "/" + nameOf(*each));
        return unknown("pod in " + name, ns + "/" + pod, known);
    }
    return done("pod " + ns + "/" + pod + " of " + name + (isStart ? " runs" : " is stopped"));
}

std::optional<int> number(const std::string &word, int least, int most)
{
    int value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    return error == std::errc() && end == word.data() + word.size() && value >= least && value <= most ? std::optional(value)
                                                                                                       : std::nullopt;
}

std::optional<ControlAnswer> obeyGate(CallGate &gate, const std::vector<std::string> &words)
{
    if (words[0] == "changes" && words.size() == 1)
        return done(json::serialize(json::object { { "count", gate.count() }, { "met", gate.isMet() }, { "call", gate.metCall() } }));
    if (words[0] == "go" && words.size() == 1) {
        gate.release();
        return done("whoever waited goes on");
    }
    if (words[0] != "at" || words.size() < 3 || words.size() > 4)
        return std::nullopt;
    const auto which = number(words[1], 1, 100000);
    const auto what = mishapNamed(words[2]);
    const auto silence = words.size() == 4 ? number(words[3], 1, 600000) : std::optional(30000);
    if (!which || !what || !silence)
        return refused("“at NUMBER MISHAP [MILLISECONDS]” is wanted, with one of: " + std::string(mishapWords()));
    gate.arm(*which, *what, std::chrono::milliseconds(*silence));
    return done("armed");
}

} // namespace

const char *faultUsage()
{
    return "partition NET NET [drop|reject] | heal NET NET | latency NET NET MS | stop|start gateway CLUSTER | stop|start control-plane MESH | "
           "stop|start api-server CLUSTER | stop|start pod CLUSTER/NAMESPACE/POD";
}

ControlAnswer obey(const FaultTargets &targets, const std::vector<std::string> &words)
{
    const std::string usage = std::string("Known: ") + faultUsage();
    if (words.empty())
        return refused("nothing to do. " + usage);
    const std::string &verb = words.front();
    if (((verb == "partition" || verb == "heal") && words.size() == 3) || ((verb == "partition" || verb == "latency") && words.size() == 4))
        return obeyNetworks(targets, words);
    if ((verb == "stop" || verb == "start") && words.size() == 3) {
        const bool isStart = verb == "start";
        if (words[1] == "gateway")
            return obeyGateway(targets, isStart, words[2]);
        if (words[1] == "control-plane")
            return obeyControlPlane(targets, isStart, words[2]);
        if (words[1] == "api-server")
            return obeyApiServer(targets, isStart, words[2]);
        if (words[1] == "pod")
            return obeyPod(targets, isStart, words[2]);
    }
    if (verb == "state" && words.size() == 1)
        return done(worldState(targets));
    if (targets.gate) {
        if (auto answer = obeyGate(*targets.gate, words))
            return *answer;
    }
    // For measurements, so not among the faults that the usage tells: `fill pods CLUSTER N`.
    if (verb == "fill" && words.size() == 4 && words[1] == "pods") {
        const auto *cluster = clusterNamed(targets, words[2]);
        return cluster ? fillPods(*cluster->store, words[3]) : unknown("cluster", words[2], clustersOf(targets));
    }
    std::string given;
    for (const auto &word : words)
        given += (given.empty() ? "" : " ") + word;
    return refused("“" + given + "” is not a command. " + usage);
}

} // namespace catamaran::lab
