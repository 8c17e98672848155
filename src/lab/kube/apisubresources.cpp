// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/api.h"
#include "lab/kube/execprotocol.h"
#include "lab/kube/patches.h"
#include "lab/kube/timestamps.h"
#include "lab/kube/yamljson.h"

#include <algorithm>
#include <charconv>

namespace catamaran::lab {

namespace {

json::object scaleOf(const json::object &object)
{
    const auto number = [&](const char *part, const char *field) -> std::int64_t {
        const auto *section = object.if_contains(part);
        const auto *value = section ? at(*section, { field }) : nullptr;
        return value && value->is_number() ? value->to_number<std::int64_t>() : 0;
    };
    const auto *spec = object.if_contains("spec");
    json::object meta { { "name", nameOf(object) }, { "namespace", namespaceOf(object) } };
    for (const char *field : { "uid", "resourceVersion", "creationTimestamp" })
        meta[field] = metaString(object, field);
    json::object status { { "replicas", number("status", "replicas") } };
    if (const auto selector = Selector::fromObject(spec ? at(*spec, { "selector" }) : nullptr); !selector.isEmpty())
        status["selector"] = selector.text();
    return { { "kind", "Scale" }, { "apiVersion", "autoscaling/v1" }, { "metadata", std::move(meta) },
        { "spec", json::object { { "replicas", number("spec", "replicas") } } }, { "status", std::move(status) } };
}

std::string names(const json::object &pod)
{
    std::string text;
    const auto *spec = pod.if_contains("spec");
    for (const char *list : { "containers", "initContainers" }) {
        const auto *items = spec ? at(*spec, { list }) : nullptr;
        if (!items || !items->is_array())
            continue;
        std::string part;
        for (const auto &item : items->as_array())
            part += (part.empty() ? "" : " ") + stringAt(item, { "name" });
        if (std::string_view(list) == "initContainers" && !part.empty())
            text += " or one of the init containers: [" + part + "]";
        else if (!part.empty())
            text += "[" + part + "]";
    }
    return text;
}

bool isRunning(const json::object &pod, const std::string &container)
{
    const auto *status = pod.if_contains("status");
    if (!status)
        return false;
    for (const char *list : { "containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses" }) {
        const auto *items = at(*status, { list });
        if (!items || !items->is_array())
            continue;
        for (const auto &item : items->as_array()) {
            if (stringAt(item, { "name" }) == container)
                return at(item, { "state", "running" }) != nullptr;
        }
    }
    return stringAt(*status, { "phase" }) == "Running";
}

std::string lastLines(const std::string &text, std::uint64_t count)
{
    if (count == 0)
        return {};
    auto end = text.size();
    if (end > 0 && text[end - 1] == '\n')
        --end;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto newline = end == 0 ? std::string::npos : text.rfind('\n', end - 1);
        if (newline == std::string::npos)
            return text;
        end = newline;
    }
    return text.substr(end + 1);
}

/// Whether the container ran once and ended.
bool hasRun(const json::object &pod, const std::string &container)
{
    const auto *status = pod.if_contains("status");
    const auto *items = status ? at(*status, { "containerStatuses" }) : nullptr;
    if (!items || !items->is_array())
        return false;
    const auto &list = items->as_array();
    return std::any_of(list.begin(), list.end(), [&](const json::value &item) {
        return stringAt(item, { "name" }) == container && (at(item, { "state", "terminated" }) || at(item, { "lastState", "terminated" }));
    });
}

/// The lines at or after @p since, each behind its moment if @p shown.
std::string withMoments(const std::string &text, const std::vector<std::int64_t> &moments, std::int64_t since, bool shown)
{
    std::string result;
    std::size_t line = 0;
    for (std::size_t start = 0; start < text.size(); ++line) {
        const auto end = std::min(text.find('\n', start), text.size() - 1) + 1;
        const auto moment = line < moments.size() ? moments[line] : std::int64_t(0);
        if (moment >= since || line >= moments.size()) {
            if (shown)
                result += logMoment(moment) + " ";
            result.append(text, start, end - start);
        }
        start = end;
    }
    return result;
}

bool number(const std::string &text, std::uint64_t &value)
{
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    return code == std::errc() && end == text.data() + text.size();
}

} // namespace

std::string logMoment(std::int64_t nanoseconds)
{
    auto text = timestampAt(nanoseconds / 1000000000);
    auto fraction = std::to_string(1000000000 + nanoseconds % 1000000000).substr(1);
    text.pop_back();
    return text + "." + fraction + "Z";
}

ApiReply Api::scale(const ApiRequest &request, const Target &target)
{
    const auto old = m_store->get(target.type.key(), target.ns, target.name);
    if (!old)
        return answerOf(notFound(target.type, target.name));
    if (request.method == "GET")
        return answerOf(scaleOf(*old));
    if (request.method != "PUT" && request.method != "PATCH")
        return answerOf(methodNotAllowed());
    const auto body = parseYaml(request.body);
    if (!body)
        return answerOf(body.error());
    const bool applies = request.contentType.starts_with("application/apply-patch+yaml");
    json::value wanted = *body;
    if (request.method == "PATCH" && !applies) {
        Outcome<json::value> patched = request.contentType.starts_with("application/json-patch+json")
            ? jsonPatch(scaleOf(*old), *body)
            : Outcome<json::value>(mergePatch(scaleOf(*old), *body));
        if (!patched)
            return answerOf(patched.error());
        wanted = std::move(*patched);
    }
    const ResourceType scaleType { "autoscaling", "v1", "scales", "scale", "Scale", true, {}, {}, false, false };
    const auto *replicas = at(wanted, { "spec", "replicas" });
    if (!replicas || !(replicas->is_int64() || replicas->is_uint64()))
        return answerOf(badRequest(
            "Scale in version \"v1\" cannot be handled as a Scale: json: cannot unmarshal into Go struct field ScaleSpec.spec.replicas of type int32"));
    if (replicas->to_number<std::int64_t>() < 0)
        return answerOf(invalid(scaleType, target.name,
            { { "FieldValueInvalid", "spec.replicas",
                "Invalid value: " + json::serialize(*replicas) + ": must be greater than or equal to 0" } }));
    if (const auto version = stringAt(wanted, { "metadata", "resourceVersion" });
        !version.empty() && version != metaString(*old, "resourceVersion"))
        return answerOf(conflict(target.type, target.name));

    Outcome<ObjectStore::Object> stored;
    if (applies) {
        const auto manager = request.query.value("fieldManager");
        if (manager.empty())
            return answerOf(invalid({ "meta.k8s.io", "", "", "", "PatchOptions", false, {}, {}, false, false }, "",
                { { "FieldValueRequired", "fieldManager", "Required value: is required for apply patch" } }));
        const json::object config { { "metadata", json::object { { "name", target.name }, { "namespace", target.ns } } },
            { "spec", json::object { { "replicas", *replicas } } } };
        auto merged = applyConfiguration(
            old.get(), config, target.type, { manager, target.type.apiVersion(), "scale" }, request.query.flag("force"));
        if (!merged)
            return answerOf(merged.error());
        stored = store(request, target, std::move(*merged), old, true);
    } else {
        auto object = *old;
        object["spec"].as_object()["replicas"] = *replicas;
        stored = store(request, target, std::move(object), old, false);
    }
    if (!stored)
        return answerOf(stored.error());
    return answerOf(scaleOf(**stored));
}

Outcome<std::string> Api::containerOf(const json::object &pod, const std::string &wanted) const
{
    const auto *spec = pod.if_contains("spec");
    const auto *containers = spec ? at(*spec, { "containers" }) : nullptr;
    const auto *list = containers ? containers->if_array() : nullptr;
    if (wanted.empty()) {
        if (list && list->size() == 1)
            return stringAt(list->front(), { "name" });
        return tl::unexpected(badRequest("a container name must be specified for pod " + nameOf(pod) + ", choose one of: " + names(pod)));
    }
    for (const char *kind : { "containers", "initContainers", "ephemeralContainers" }) {
        const auto *items = spec ? at(*spec, { kind }) : nullptr;
        if (!items || !items->is_array())
            continue;
        for (const auto &item : items->as_array()) {
            if (stringAt(item, { "name" }) == wanted)
                return wanted;
        }
    }
    return tl::unexpected(badRequest("container " + wanted + " is not valid for pod " + nameOf(pod)));
}

ApiReply Api::log(const ApiRequest &request, const Target &target) const
{
    const auto pod = m_store->get("pods", target.ns, target.name);
    if (!pod)
        return answerOf(notFound(target.type, target.name));
    const auto container = containerOf(*pod, request.query.value("container"));
    if (!container)
        return answerOf(container.error());
    // A pod that waits for its node has no log yet: that is no error.
    if (stringAt(pod->at("spec"), { "nodeName" }).empty())
        return ApiAnswer { 200, "text/plain", {}, {} };
    const auto wrong = [](const std::string &field, const std::string &text) {
        return answerOf(badRequest("strconv.ParseInt: parsing \"" + text + "\": invalid syntax (" + field + ")"));
    };
    const auto &query = request.query;
    std::optional<std::uint64_t> tail, bytes;
    std::int64_t since = 0; // nanoseconds
    for (const char *field : { "tailLines", "limitBytes", "sinceSeconds" }) {
        const auto text = query.value(field);
        if (text.empty())
            continue;
        std::uint64_t value = 0;
        if (!number(text, value))
            return wrong(field, text);
        if (std::string_view(field) == "tailLines")
            tail = value;
        else if (std::string_view(field) == "limitBytes")
            bytes = value;
        else
            since = (timestampSeconds(timestampNow()) - static_cast<std::int64_t>(value)) * 1000000000;
    }
    if (const auto text = query.value("sinceTime"); !text.empty()) {
        if (query.has("sinceSeconds"))
            return answerOf(invalid({ "", "v1", "", "", "PodLogOptions", false, {}, {}, false, false }, "",
                { { "FieldValueForbidden", "", "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified" } }));
        const auto seconds = timestampSeconds(text);
        if (seconds < 0)
            return wrong("sinceTime", text);
        since = seconds * 1000000000;
    }
    const bool previous = query.flag("previous");
    const auto *status = pod->if_contains("status");
    const auto phase = status ? stringAt(*status, { "phase" }) : std::string();
    const bool running = isRunning(*pod, *container);
    if (!running && phase != "Succeeded" && phase != "Failed" && !hasRun(*pod, *container))
        return answerOf(
            badRequest("container \"" + *container + "\" in pod \"" + target.name + "\" is waiting to start: ContainerCreating"));
    if (!m_runtime)
        return answerOf(internalError("the kubelet of this node does not answer"));
    LogPlan plan { target.ns, target.name, *container, {}, query.flag("follow") && running && !previous, query.flag("timestamps") };
    std::vector<std::int64_t> moments;
    if (previous) {
        plan.text = m_runtime->previousLogs(target.ns, target.name, *container);
        if (plan.text.empty())
            return answerOf(badRequest("previous terminated container \"" + *container + "\" in pod \"" + target.name + "\" not found"));
    } else {
        plan.text = m_runtime->logs(target.ns, target.name, *container);
        moments = m_runtime->logMoments(target.ns, target.name, *container);
    }
    if (since > 0 || plan.timestamps)
        plan.text = withMoments(plan.text, moments, since, plan.timestamps);
    if (tail)
        plan.text = lastLines(plan.text, *tail);
    if (bytes && plan.text.size() > *bytes) {
        plan.text.resize(*bytes);
        plan.follow = false;
    }
    if (plan.follow)
        return plan;
    return ApiAnswer { 200, "text/plain", std::move(plan.text), {} };
}

ApiReply Api::exec(const ApiRequest &request, const Target &target) const
{
    if (request.method != "GET" && request.method != "POST")
        return answerOf(methodNotAllowed());
    const auto pod = m_store->get("pods", target.ns, target.name);
    if (!pod)
        return answerOf(notFound(target.type, target.name));
    const auto &query = request.query;
    ExecPlan plan;
    plan.wantsStdout = query.flag("stdout");
    plan.wantsStderr = query.flag("stderr");
    plan.request.stdinOpen = query.flag("stdin");
    plan.request.tty = query.flag("tty");
    plan.request.command = query.all("command");
    if (!plan.wantsStdout && !plan.wantsStderr && !plan.request.stdinOpen)
        return answerOf(badRequest("you must specify at least 1 of stdin, stdout, stderr"));
    if (plan.request.tty && plan.wantsStderr)
        return answerOf(badRequest("tty and stderr cannot both be true"));
    const auto container = containerOf(*pod, query.value("container"));
    if (!container)
        return answerOf(container.error());
    if (stringAt(pod->at("spec"), { "nodeName" }).empty())
        return answerOf(badRequest("pod " + target.name + " does not have a host assigned"));
    if (plan.request.command.empty())
        return answerOf(badRequest("you must specify at least one command for the container"));
    if (!request.webSocket && !request.spdy)
        return answerOf(badRequest("Upgrade request required"));
    plan.overSpdy = request.spdy;
    plan.protocol = request.spdy ? chooseSpdyProtocol(request.protocols) : chooseExecProtocol(request.protocols);
    // As the server's library refuses a handshake without a common protocol.
    if (plan.protocol.empty()) {
        ApiAnswer refusal { 403, "text/plain; charset=utf-8", {}, {} };
        if (request.spdy)
            refusal.headers.emplace_back("X-Accepted-Stream-Protocol-Versions", "v4.channel.k8s.io");
        return refusal;
    }
    if (!m_runtime || !isRunning(*pod, *container))
        return answerOf(internalError("unable to upgrade connection: container not found (\"" + *container + "\")"));
    plan.request.ns = target.ns;
    plan.request.pod = target.name;
    plan.request.container = *container;
    return plan;
}

ApiReply Api::serviceToken(const ApiRequest &request, const Target &target)
{
    if (request.method != "POST")
        return answerOf(methodNotAllowed());
    const bool binary = request.contentType.find("protobuf") != std::string::npos;
    const auto body = request.body.empty() || binary ? Outcome<json::value>(json::value()) : parseYaml(request.body);
    if (!body)
        return answerOf(body.error());
    auto issued = m_tokens.issue(*m_store, target.ns, target.name, *body);
    return issued ? answerOf(std::move(*issued), 201) : answerOf(issued.error());
}

ApiReply Api::finalizeNamespace(const ApiRequest &request, const Target &target)
{
    const auto body = parseYaml(request.body);
    if (!body)
        return answerOf(body.error());
    const auto *finalizers = at(*body, { "spec", "finalizers" });
    auto written = m_store->mutate("namespaces", {}, target.name, [&](json::object &object) {
        auto &spec = object["spec"];
        if (!spec.is_object())
            spec = json::object();
        if (finalizers && finalizers->is_array() && !finalizers->as_array().empty())
            spec.as_object()["finalizers"] = *finalizers;
        else
            spec.as_object().erase("finalizers");
    });
    if (!written)
        return answerOf(notFound(target.type, target.name));
    return one(request, target.type, written);
}

} // namespace catamaran::lab
