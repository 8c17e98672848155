// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/tables.h"

#include "lab/kube/timestamps.h"

#include <set>

namespace catamaran::lab {

namespace {

struct Column {
    const char *name;
    const char *type = "string";
    int priority = 0; ///< above 0: only with -o wide
};

using Columns = std::vector<Column>;

const Columns &columnsOf(const ResourceType &type)
{
    static const Columns plain { { "Name" }, { "Age" } };
    static const std::map<std::string, Columns> known {
        { "pods",
            { { "Name" }, { "Ready" }, { "Status" }, { "Restarts" }, { "Age" }, { "IP", "string", 1 }, { "Node", "string", 1 },
                { "Nominated Node", "string", 1 }, { "Readiness Gates", "string", 1 } } },
        { "apps/deployments",
            { { "Name" }, { "Ready" }, { "Up-to-date", "integer" }, { "Available", "integer" }, { "Age" }, { "Containers", "string", 1 },
                { "Images", "string", 1 }, { "Selector", "string", 1 } } },
        { "apps/replicasets",
            { { "Name" }, { "Desired", "integer" }, { "Current", "integer" }, { "Ready", "integer" }, { "Age" },
                { "Containers", "string", 1 }, { "Images", "string", 1 }, { "Selector", "string", 1 } } },
        { "services",
            { { "Name" }, { "Type" }, { "Cluster-IP" }, { "External-IP" }, { "Port(s)" }, { "Age" }, { "Selector", "string", 1 } } },
        { "nodes",
            { { "Name" }, { "Status" }, { "Roles" }, { "Age" }, { "Version" }, { "Internal-IP", "string", 1 },
                { "External-IP", "string", 1 }, { "OS-Image", "string", 1 }, { "Kernel-Version", "string", 1 },
                { "Container-Runtime", "string", 1 } } },
        { "namespaces", { { "Name" }, { "Status" }, { "Age" } } },
        { "configmaps", { { "Name" }, { "Data" }, { "Age" } } },
        { "secrets", { { "Name" }, { "Type" }, { "Data" }, { "Age" } } },
        { "serviceaccounts", { { "Name" }, { "Secrets" }, { "Age" } } },
        { "endpoints", { { "Name" }, { "Endpoints" }, { "Age" } } },
        { "discovery.k8s.io/endpointslices", { { "Name" }, { "AddressType" }, { "Ports" }, { "Endpoints" }, { "Age" } } },
        { "events", { { "Last Seen" }, { "Type" }, { "Reason" }, { "Object" }, { "Message" }, { "Name", "string", 1 } } },
        { "coordination.k8s.io/leases", { { "Name" }, { "Holder" }, { "Age" } } },
        { "apiextensions.k8s.io/customresourcedefinitions", { { "Name" }, { "Created At", "date" } } },
        { "networking.istio.io/destinationrules", { { "Name" }, { "Host" }, { "Age" } } },
        { "networking.istio.io/virtualservices", { { "Name" }, { "Gateways" }, { "Hosts" }, { "Age" } } },
        { "networking.istio.io/gateways", { { "Name" }, { "Age" } } },
        { "networking.istio.io/serviceentries", { { "Name" }, { "Hosts" }, { "Location" }, { "Resolution" }, { "Age" } } },
        { "networking.istio.io/workloadentries", { { "Name" }, { "Age" }, { "Address" } } },
        { "security.istio.io/peerauthentications", { { "Name" }, { "Mode" }, { "Age" } } },
        { "security.istio.io/authorizationpolicies", { { "Name" }, { "Action" }, { "Age" } } },
    };
    const auto found = known.find(type.key());
    return found == known.end() ? plain : found->second;
}

std::string orNone(std::string text)
{
    return text.empty() ? "<none>" : text;
}

std::int64_t number(const json::value &value, std::initializer_list<std::string_view> path)
{
    const auto *found = at(value, path);
    return found && found->is_number() ? found->to_number<std::int64_t>() : 0;
}

const json::array &list(const json::value &value, std::initializer_list<std::string_view> path)
{
    static const json::array empty;
    const auto *found = at(value, path);
    return found && found->is_array() ? found->as_array() : empty;
}

std::size_t entries(const json::value &value, std::initializer_list<std::string_view> path)
{
    const auto *found = at(value, path);
    return found && found->is_object() ? found->as_object().size() : 0;
}

template <typename Text> std::string joined(const json::array &items, Text text, const char *between = ",", std::size_t limit = 0)
{
    std::string result;
    std::size_t count = 0;
    for (const auto &item : items) {
        if (limit != 0 && count == limit)
            return result + " + " + std::to_string(items.size() - limit) + " more...";
        result += (count++ == 0 ? "" : between) + text(item);
    }
    return result;
}

std::string textOfItem(const json::value &value)
{
    if (const auto *text = value.if_string())
        return { text->data(), text->size() };
    return json::serialize(value);
}

std::string podStatus(const json::value &pod, std::int64_t ready, std::int64_t total)
{
    auto reason = stringAt(pod, { "status", "reason" });
    if (reason.empty())
        reason = stringAt(pod, { "status", "phase" });
    for (const auto &container : list(pod, { "status", "containerStatuses" })) {
        if (const auto waiting = stringAt(container, { "state", "waiting", "reason" }); !waiting.empty())
            reason = waiting;
        else if (at(container, { "state", "terminated" })) {
            const auto why = stringAt(container, { "state", "terminated", "reason" });
            reason = !why.empty() ? why : "ExitCode:" + std::to_string(number(container, { "state", "terminated", "exitCode" }));
        }
    }
    if (reason == "Completed" && ready > 0)
        reason = ready == total ? "Running" : "NotReady";
    if (!stringAt(pod, { "metadata", "deletionTimestamp" }).empty())
        return stringAt(pod, { "status", "reason" }) == "NodeLost" ? "Unknown" : "Terminating";
    return reason.empty() ? "Unknown" : reason;
}

void templateCells(json::array &cells, const json::value &object)
{
    const auto &containers = list(object, { "spec", "template", "spec", "containers" });
    cells.push_back(json::value(joined(containers, [](const json::value &c) { return stringAt(c, { "name" }); })));
    cells.push_back(json::value(joined(containers, [](const json::value &c) { return stringAt(c, { "image" }); })));
    cells.push_back(json::value(orNone(Selector::fromObject(at(object, { "spec", "selector" })).text())));
}

std::string portsOf(const json::value &service)
{
    return joined(list(service, { "spec", "ports" }), [](const json::value &port) {
        auto text = std::to_string(number(port, { "port" }));
        if (const auto node = number(port, { "nodePort" }); node > 0)
            text += ":" + std::to_string(node);
        const auto protocol = stringAt(port, { "protocol" });
        return text + "/" + (protocol.empty() ? "TCP" : protocol);
    });
}

std::string externalAddress(const json::value &service)
{
    const auto type = stringAt(service, { "spec", "type" });
    if (type == "ExternalName")
        return stringAt(service, { "spec", "externalName" });
    auto text = joined(list(service, { "spec", "externalIPs" }), textOfItem);
    if (type == "LoadBalancer") {
        const auto given = joined(list(service, { "status", "loadBalancer", "ingress" }), [](const json::value &item) {
            const auto ip = stringAt(item, { "ip" });
            return ip.empty() ? stringAt(item, { "hostname" }) : ip;
        });
        text += (text.empty() || given.empty() ? "" : ",") + given;
        return text.empty() ? "<pending>" : text;
    }
    return orNone(text);
}

std::string labelText(const json::value *labels)
{
    std::string result;
    if (const auto *object = labels ? labels->if_object() : nullptr) {
        for (const auto &label : *object)
            result += (result.empty() ? "" : ",") + std::string(label.key()) + "=" + textOfItem(label.value());
    }
    return orNone(result);
}

std::string nodeStatus(const json::value &node)
{
    std::string status = "Unknown";
    for (const auto &condition : list(node, { "status", "conditions" })) {
        if (stringAt(condition, { "type" }) == "Ready")
            status = stringAt(condition, { "status" }) == "True" ? "Ready" : "NotReady";
    }
    const auto *cordoned = at(node, { "spec", "unschedulable" });
    return cordoned && *cordoned == json::value(true) ? status + ",SchedulingDisabled" : status;
}

std::string nodeRoles(const json::value &node)
{
    std::set<std::string> roles;
    if (const auto *labels = at(node, { "metadata", "labels" }); labels && labels->is_object()) {
        for (const auto &label : labels->as_object()) {
            const std::string key(label.key());
            if (constexpr std::string_view prefix = "node-role.kubernetes.io/"; key.starts_with(prefix))
                roles.insert(key.substr(prefix.size()));
        }
    }
    std::string text;
    for (const auto &role : roles)
        text += (text.empty() ? "" : ",") + role;
    return orNone(text);
}

std::string nodeAddress(const json::value &node, const char *wanted)
{
    for (const auto &address : list(node, { "status", "addresses" })) {
        if (stringAt(address, { "type" }) == wanted)
            return stringAt(address, { "address" });
    }
    return "<none>";
}

std::string eventAge(const json::value &event)
{
    auto text = stringAt(event, { "lastTimestamp" });
    if (text.empty())
        text = stringAt(event, { "eventTime" });
    return ageOf(text);
}

const json::array &printerColumns(const ResourceType &type)
{
    static const json::array none;
    const auto *columns = type.definition->if_contains("additionalPrinterColumns");
    return columns && columns->is_array() ? columns->as_array() : none;
}

/// The value at a simple JSONPath (.spec.ports[0].name); null when there is none.
json::value customCell(const json::value &object, const std::string &path, const std::string &type)
{
    const json::value *here = &object;
    for (std::size_t i = 0; i < path.size() && here;) {
        if (path[i] == '.' || path[i] == ']' || path[i] == '[' || path[i] == '\'') {
            ++i;
            continue;
        }
        const auto end = std::min(path.find_first_of(".[]'", i), path.size());
        const auto name = path.substr(i, end - i);
        if (const auto *array = here->if_array()) {
            const auto index = static_cast<std::size_t>(std::atoi(name.c_str()));
            here = index < array->size() ? &(*array)[index] : nullptr;
        } else {
            here = at(*here, { name });
        }
        i = end;
    }
    if (!here)
        return nullptr;
    if (type == "date")
        return json::value(ageOf(textOfItem(*here)));
    return type == "string" && !here->is_string() ? json::value(json::serialize(*here)) : *here;
}

json::array cellsOf(const ResourceType &type, const json::object &plain)
{
    const json::value object(plain, json::storage_ptr());
    const auto key = type.key();
    const json::value name(nameOf(plain));
    const json::value age(ageOf(metaString(plain, "creationTimestamp")));
    const auto cell = [](std::string text) { return json::value(std::move(text)); };
    if (type.definition) {
        json::array cells { name };
        for (const auto &column : printerColumns(type))
            cells.push_back(customCell(object, stringAt(column, { "jsonPath" }), stringAt(column, { "type" })));
        if (cells.size() == 1)
            cells.push_back(age);
        return cells;
    }
    if (key == "pods") {
        std::int64_t ready = 0, restarts = 0;
        for (const auto &container : list(object, { "status", "containerStatuses" })) {
            const auto *isReady = at(container, { "ready" });
            ready += isReady && *isReady == json::value(true) ? 1 : 0;
            restarts += number(container, { "restartCount" });
        }
        const auto total = static_cast<std::int64_t>(list(object, { "spec", "containers" }).size());
        return { name, cell(std::to_string(ready) + "/" + std::to_string(total)), cell(podStatus(object, ready, total)),
            cell(std::to_string(restarts)), age, cell(orNone(stringAt(object, { "status", "podIP" }))),
            cell(orNone(stringAt(object, { "spec", "nodeName" }))), cell(orNone(stringAt(object, { "status", "nominatedNodeName" }))),
            "<none>" };
    }
    if (key == "apps/deployments") {
        json::array cells { name,
            cell(std::to_string(number(object, { "status", "readyReplicas" })) + "/"
                + std::to_string(number(object, { "spec", "replicas" }))),
            number(object, { "status", "updatedReplicas" }), number(object, { "status", "availableReplicas" }), age };
        templateCells(cells, object);
        return cells;
    }
    if (key == "apps/replicasets") {
        json::array cells { name, number(object, { "spec", "replicas" }), number(object, { "status", "replicas" }),
            number(object, { "status", "readyReplicas" }), age };
        templateCells(cells, object);
        return cells;
    }
    if (key == "services") {
        return { name, cell(stringAt(object, { "spec", "type" })), cell(orNone(stringAt(object, { "spec", "clusterIP" }))),
            cell(externalAddress(object)), cell(orNone(portsOf(object))), age, cell(labelText(at(object, { "spec", "selector" }))) };
    }
    if (key == "nodes") {
        return { name, cell(nodeStatus(object)), cell(nodeRoles(object)), age,
            cell(stringAt(object, { "status", "nodeInfo", "kubeletVersion" })), cell(nodeAddress(object, "InternalIP")),
            cell(nodeAddress(object, "ExternalIP")), cell(stringAt(object, { "status", "nodeInfo", "osImage" })),
            cell(stringAt(object, { "status", "nodeInfo", "kernelVersion" })),
            cell(stringAt(object, { "status", "nodeInfo", "containerRuntimeVersion" })) };
    }
    if (key == "namespaces")
        return { name, cell(stringAt(object, { "status", "phase" })), age };
    if (key == "configmaps")
        return { name, cell(std::to_string(entries(object, { "data" }) + entries(object, { "binaryData" }))), age };
    if (key == "secrets")
        return { name, cell(stringAt(object, { "type" })), cell(std::to_string(entries(object, { "data" }))), age };
    if (key == "serviceaccounts")
        return { name, cell(std::to_string(list(object, { "secrets" }).size())), age };
    if (key == "endpoints") {
        json::array all;
        for (const auto &subset : list(object, { "subsets" })) {
            for (const auto &address : list(subset, { "addresses" })) {
                for (const auto &port : list(subset, { "ports" }))
                    all.push_back(cell(stringAt(address, { "ip" }) + ":" + std::to_string(number(port, { "port" }))));
            }
        }
        return { name, cell(orNone(joined(all, textOfItem, ",", 3))), age };
    }
    if (key == "discovery.k8s.io/endpointslices") {
        json::array addresses;
        for (const auto &endpoint : list(object, { "endpoints" })) {
            for (const auto &address : list(endpoint, { "addresses" }))
                addresses.push_back(address);
        }
        const auto ports = joined(
            list(object, { "ports" }), [](const json::value &port) { return std::to_string(number(port, { "port" })); }, ",", 3);
        return { name, cell(stringAt(object, { "addressType" })), cell(ports.empty() ? "<unset>" : ports),
            cell(addresses.empty() ? "<unset>" : joined(addresses, textOfItem, ",", 3)), age };
    }
    if (key == "events") {
        auto kind = stringAt(object, { "involvedObject", "kind" });
        for (auto &c : kind)
            c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        return { cell(eventAge(object)), cell(stringAt(object, { "type" })), cell(stringAt(object, { "reason" })),
            cell(kind + "/" + stringAt(object, { "involvedObject", "name" })), cell(stringAt(object, { "message" })), name };
    }
    if (key == "coordination.k8s.io/leases")
        return { name, cell(stringAt(object, { "spec", "holderIdentity" })), age };
    if (key == "apiextensions.k8s.io/customresourcedefinitions")
        return { name, cell(metaString(plain, "creationTimestamp")) };
    // As the CRDs of Istio print them: a list as JSON.
    const auto raw = [&](std::initializer_list<std::string_view> path) {
        const auto *value = at(object, path);
        return cell(value ? textOfItem(*value) : std::string());
    };
    if (key == "networking.istio.io/destinationrules")
        return { name, raw({ "spec", "host" }), age };
    if (key == "networking.istio.io/virtualservices")
        return { name, raw({ "spec", "gateways" }), raw({ "spec", "hosts" }), age };
    if (key == "networking.istio.io/serviceentries")
        return { name, raw({ "spec", "hosts" }), raw({ "spec", "location" }), raw({ "spec", "resolution" }), age };
    if (key == "networking.istio.io/workloadentries")
        return { name, age, raw({ "spec", "address" }) };
    if (key == "security.istio.io/peerauthentications")
        return { name, raw({ "spec", "mtls", "mode" }), age };
    if (key == "security.istio.io/authorizationpolicies")
        return { name, raw({ "spec", "action" }), age };
    return { name, age };
}

} // namespace

json::array tableColumns(const ResourceType &type)
{
    json::array result;
    if (type.definition) {
        const auto add = [&result](const std::string &name, const std::string &kind, const char *format, std::int64_t priority) {
            result.push_back(json::object {
                { "name", name }, { "type", kind }, { "format", format }, { "description", name }, { "priority", priority } });
        };
        add("Name", "string", "name", 0);
        for (const auto &column : printerColumns(type))
            add(stringAt(column, { "name" }), stringAt(column, { "type" }), "", number(column, { "priority" }));
        if (result.size() == 1)
            add("Age", "date", "", 0);
        return result;
    }
    for (const auto &column : columnsOf(type)) {
        const bool isName = std::string_view(column.name) == "Name" && column.priority == 0;
        result.push_back(json::object { { "name", column.name }, { "type", column.type }, { "format", isName ? "name" : "" },
            { "description", column.name }, { "priority", column.priority } });
    }
    return result;
}

json::object tableRow(const ResourceType &type, const json::object &object, const Shape &shape)
{
    json::object row { { "cells", cellsOf(type, object) } };
    if (shape.include == Shape::Include::Object)
        row["object"] = object;
    else if (shape.include == Shape::Include::Metadata)
        row["object"] = partialMetadata(object, shape);
    return row;
}

json::object tableOf(json::array columns, json::array rows, json::object listMeta, const Shape &shape)
{
    json::object table { { "kind", "Table" }, { "apiVersion", shape.apiVersion }, { "metadata", std::move(listMeta) } };
    table["columnDefinitions"] = std::move(columns);
    table["rows"] = std::move(rows);
    return table;
}

json::object partialMetadata(const json::object &object, const Shape &shape)
{
    json::object result { { "kind", "PartialObjectMetadata" }, { "apiVersion", shape.apiVersion } };
    if (const auto *meta = object.if_contains("metadata"))
        result["metadata"] = *meta;
    return result;
}

} // namespace catamaran::lab
