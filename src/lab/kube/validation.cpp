// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/validation.h"

#include "lab/kube/selectors.h"

#include <QByteArray>

#include <algorithm>
#include <map>
#include <set>

namespace catamaran::lab {

namespace {

bool isLowerAlnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool isLabelName(std::string_view text)
{
    const auto alnum = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    return !text.empty() && text.size() <= 63 && alnum(text.front()) && alnum(text.back())
        && std::all_of(text.begin(), text.end(), [&](char c) { return alnum(c) || c == '-' || c == '_' || c == '.'; });
}

bool isQualifiedName(std::string_view text)
{
    const auto slash = text.find('/');
    return slash == std::string_view::npos ? isLabelName(text)
                                           : isDnsSubdomain(text.substr(0, slash)) && isLabelName(text.substr(slash + 1));
}

constexpr const char *subdomainRule
    = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric "
      "character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
constexpr const char *labelRule
    = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character "
      "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
constexpr const char *label1035Rule
    = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric "
      "character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
constexpr const char *labelValueRule
    = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
      "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
constexpr const char *nameRule
    = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  "
      "or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

// Structures appear in messages as Go prints them.
std::string goMap(const json::value *map)
{
    if (!map || !map->is_object())
        return "map[string]string(nil)";
    std::map<std::string, std::string> sorted;
    for (const auto &entry : map->as_object())
        sorted.emplace(json::serialize(json::value(entry.key())), json::serialize(entry.value()));
    std::string text;
    for (const auto &[key, value] : sorted)
        text += (text.empty() ? "" : ", ") + key + ":" + value;
    return "map[string]string{" + text + "}";
}

std::string goSelector(const json::value &selector)
{
    std::string expressions;
    if (const auto *list = at(selector, { "matchExpressions" }); list && list->is_array()) {
        for (const auto &item : list->as_array()) {
            std::string values;
            if (const auto *all = at(item, { "values" }); all && all->is_array()) {
                for (const auto &value : all->as_array())
                    values += (values.empty() ? "" : ", ") + json::serialize(value);
            }
            expressions += (expressions.empty() ? "" : ", ") + std::string("v1.LabelSelectorRequirement{Key:\"") + stringAt(item, { "key" })
                + "\", Operator:\"" + stringAt(item, { "operator" }) + "\", Values:[]string"
                + (values.empty() ? "(nil)" : "{" + values + "}") + "}";
        }
    }
    return "v1.LabelSelector{MatchLabels:" + goMap(at(selector, { "matchLabels" })) + ", MatchExpressions:[]v1.LabelSelectorRequirement"
        + (expressions.empty() ? "(nil)" : "{" + expressions + "}") + "}";
}

/// Two ports of a service are the same by protocol and number; only these are compared and shown.
std::string goPort(const json::value &port)
{
    const auto *number = at(port, { "port" });
    return "core.ServicePort{Name:\"\", Protocol:\"" + stringAt(port, { "protocol" }) + "\", AppProtocol:(*string)(nil), Port:"
        + (number ? json::serialize(*number) : "0") + ", TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:\"\"}, NodePort:0}";
}

class Checker {
public:
    std::vector<Cause> causes;

    void invalidValue(const std::string &field, const json::value &value, const std::string &why)
    {
        invalidText(field, json::serialize(value), why);
    }
    void invalidText(const std::string &field, const std::string &value, const std::string &why)
    {
        causes.push_back({ "FieldValueInvalid", field, "Invalid value: " + value + ": " + why });
    }
    void required(const std::string &field, const std::string &why = {})
    {
        causes.push_back({ "FieldValueRequired", field, why.empty() ? "Required value" : "Required value: " + why });
    }
    void unsupported(const std::string &field, const json::value &value, const std::string &list)
    {
        causes.push_back(
            { "FieldValueNotSupported", field, "Unsupported value: " + json::serialize(value) + ": supported values: " + list });
    }
    void duplicate(const std::string &field, const json::value &value)
    {
        causes.push_back({ "FieldValueDuplicate", field, "Duplicate value: " + json::serialize(value) });
    }

    void name(const json::object &object, const ResourceType &type)
    {
        const auto text = nameOf(object);
        if (type.key() == "namespaces" || type.custom) {
            // Istio's kinds are held to labels by their webhook's rule for hosts only; the CRD wants a subdomain.
            if (type.custom ? !isDnsSubdomain(text) : !isDnsLabel(text))
                invalidValue("metadata.name", json::value(text), type.custom ? subdomainRule : labelRule);
        } else if (type.key() == "services") {
            if (!isDnsLabel(text) || (text.front() >= '0' && text.front() <= '9'))
                invalidValue("metadata.name", json::value(text), label1035Rule);
        } else if (!isDnsSubdomain(text)) {
            invalidValue("metadata.name", json::value(text), subdomainRule);
        }
    }

    void labels(const json::value &object, std::initializer_list<std::string_view> path, const std::string &field, bool valuesToo)
    {
        const auto *map = at(object, path);
        if (!map || !map->is_object())
            return;
        for (const auto &label : map->as_object()) {
            if (const std::string_view key(label.key().data(), label.key().size()); !isQualifiedName(key))
                invalidValue(field, json::value(label.key()), nameRule);
            const auto *text = label.value().if_string();
            if (valuesToo && text && !text->empty() && !isLabelName({ text->data(), text->size() }))
                invalidValue(field, label.value(), labelValueRule);
        }
    }

    void ports(const json::value &item, const char *key, const std::string &field, bool needed)
    {
        const auto *port = at(item, { key });
        if (!port || !port->is_number()) {
            if (needed)
                required(field);
            return;
        }
        const auto number = port->to_number<std::int64_t>();
        if (number < 1 || number > 65535)
            invalidValue(field, *port, "must be between 1 and 65535, inclusive");
    }

    void podSpec(const json::value *spec, const std::string &path)
    {
        const auto *containers = spec ? at(*spec, { "containers" }) : nullptr;
        if (!containers || !containers->is_array() || containers->as_array().empty()) {
            required(path + ".containers");
            return;
        }
        std::set<std::string> names;
        for (const char *list : { "containers", "initContainers" }) {
            const auto *items = at(*spec, { list });
            if (!items || !items->is_array())
                continue;
            int index = 0;
            for (const auto &container : items->as_array()) {
                const auto here = path + "." + list + "[" + std::to_string(index++) + "]";
                const auto text = stringAt(container, { "name" });
                if (text.empty())
                    required(here + ".name");
                else if (!isDnsLabel(text))
                    invalidValue(here + ".name", json::value(text), labelRule);
                else if (!names.insert(text).second)
                    duplicate(here + ".name", json::value(text));
                if (stringAt(container, { "image" }).empty())
                    required(here + ".image");
                const auto pull = stringAt(container, { "imagePullPolicy" });
                const bool pullIsWrong = !pull.empty() && pull != "Always" && pull != "IfNotPresent" && pull != "Never";
                if (const auto *all = at(container, { "ports" }); all && all->is_array()) {
                    int portIndex = 0;
                    for (const auto &port : all->as_array())
                        ports(port, "containerPort", here + ".ports[" + std::to_string(portIndex++) + "].containerPort", true);
                }
                if (const auto *all = at(container, { "env" }); all && all->is_array()) {
                    int envIndex = 0;
                    for (const auto &variable : all->as_array()) {
                        if (stringAt(variable, { "name" }).empty())
                            required(here + ".env[" + std::to_string(envIndex) + "].name");
                        ++envIndex;
                    }
                }
                if (pullIsWrong)
                    unsupported(here + ".imagePullPolicy", json::value(pull), R"("Always", "IfNotPresent", "Never")");
            }
        }
        if (const auto policy = stringAt(*spec, { "restartPolicy" });
            !policy.empty() && policy != "Always" && policy != "OnFailure" && policy != "Never")
            unsupported(path + ".restartPolicy", json::value(policy), R"("Always", "OnFailure", "Never")");
    }

    void workload(const json::value &object, const json::object *old)
    {
        const auto *replicas = at(object, { "spec", "replicas" });
        if (replicas && replicas->is_number() && replicas->to_number<std::int64_t>() < 0)
            invalidValue("spec.replicas", *replicas, "must be greater than or equal to 0");
        const auto *selector = at(object, { "spec", "selector" });
        const auto *templ = at(object, { "spec", "template" });
        const auto terms = Selector::fromObject(selector);
        if (!selector || selector->is_null()) {
            required("spec.selector");
        } else if (terms.isEmpty()) {
            invalidValue("spec.selector", *selector, "empty selector is invalid for deployment");
        }
        if (selector && !terms.isEmpty() && templ && templ->is_object() && !terms.matches(templ->as_object())) {
            const auto *has = at(*templ, { "metadata", "labels" });
            invalidText("spec.template.metadata.labels", goMap(has), "`selector` does not match template `labels`");
        }
        labels(object, { "spec", "template", "metadata", "labels" }, "spec.template.labels", true);
        podSpec(templ ? at(*templ, { "spec" }) : nullptr, "spec.template.spec");
        if (templ) {
            if (const auto policy = stringAt(*templ, { "spec", "restartPolicy" }); policy == "OnFailure" || policy == "Never")
                unsupported("spec.template.spec.restartPolicy", json::value(policy), R"("Always")");
        }
        const auto *spec = old ? old->if_contains("spec") : nullptr;
        const auto *before = spec ? at(*spec, { "selector" }) : nullptr;
        if (before && selector && *before != *selector)
            invalidText("spec.selector", goSelector(*selector), "field is immutable");
    }

    void service(const json::value &object, const json::object *old)
    {
        const auto type = stringAt(object, { "spec", "type" });
        if (type != "ClusterIP" && type != "NodePort" && type != "LoadBalancer" && type != "ExternalName")
            unsupported("spec.type", json::value(type), R"("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")");
        const auto *list = at(object, { "spec", "ports" });
        const bool none = !list || !list->is_array() || list->as_array().empty();
        if (none && type != "ExternalName" && stringAt(object, { "spec", "clusterIP" }) != "None")
            required("spec.ports");
        if (!none) {
            int index = 0;
            std::set<std::string> names, numbers;
            for (const auto &port : list->as_array()) {
                const auto here = "spec.ports[" + std::to_string(index++) + "]";
                ports(port, "port", here + ".port", true);
                const auto text = stringAt(port, { "name" });
                if (text.empty() && list->as_array().size() > 1)
                    required(here + ".name");
                else if (!text.empty() && !isDnsLabel(text))
                    invalidValue(here + ".name", json::value(text), labelRule);
                else if (!text.empty() && !names.insert(text).second)
                    duplicate(here + ".name", json::value(text));
                const auto *number = at(port, { "port" });
                if (number && !numbers.insert(json::serialize(*number) + "/" + stringAt(port, { "protocol" })).second)
                    causes.push_back({ "FieldValueDuplicate", here, "Duplicate value: " + goPort(port) });
            }
        }
        labels(object, { "spec", "selector" }, "spec.selector", true);
        const auto *spec = old ? old->if_contains("spec") : nullptr;
        const auto before = spec ? stringAt(*spec, { "clusterIP" }) : std::string();
        if (const auto now = stringAt(object, { "spec", "clusterIP" }); !before.empty() && type != "ExternalName" && now != before)
            causes.push_back(
                { "FieldValueInvalid", "spec.clusterIP", "Invalid value: " + json::serialize(json::value(now)) + ": field is immutable" });
    }

    void istio(const json::value &object, const ResourceType &type)
    {
        if (type.plural == "destinationrules" && stringAt(object, { "spec", "host" }).empty())
            required("spec.host");
        if (type.plural == "serviceentries") {
            const auto *hosts = at(object, { "spec", "hosts" });
            if (!hosts || !hosts->is_array() || hosts->as_array().empty())
                required("spec.hosts");
        }
    }
};

void putIfMissing(json::object &object, std::string_view key, json::value value)
{
    auto &slot = object[json::string_view(key.data(), key.size())];
    if (slot.is_null())
        slot = std::move(value);
}

json::object *child(json::object &object, std::string_view key)
{
    auto *value = object.if_contains(json::string_view(key.data(), key.size()));
    return value ? value->if_object() : nullptr;
}

void containerDefaults(json::object &container)
{
    const auto image = stringAt(container, { "image" });
    const auto slash = image.rfind('/');
    const auto tag = image.find(':', slash == std::string::npos ? 0 : slash);
    const bool latest = image.find('@') == std::string::npos && (tag == std::string::npos || image.substr(tag) == ":latest");
    putIfMissing(container, "imagePullPolicy", latest ? "Always" : "IfNotPresent");
    putIfMissing(container, "resources", json::object());
    putIfMissing(container, "terminationMessagePath", "/dev/termination-log");
    putIfMissing(container, "terminationMessagePolicy", "File");
    if (auto *ports = container.if_contains("ports"); ports && ports->is_array()) {
        for (auto &port : ports->as_array()) {
            if (port.is_object())
                putIfMissing(port.as_object(), "protocol", "TCP");
        }
    }
}

void podDefaults(json::object &spec)
{
    for (const char *list : { "containers", "initContainers" }) {
        if (auto *containers = spec.if_contains(list); containers && containers->is_array()) {
            for (auto &container : containers->as_array()) {
                if (container.is_object())
                    containerDefaults(container.as_object());
            }
        }
    }
    putIfMissing(spec, "restartPolicy", "Always");
    putIfMissing(spec, "terminationGracePeriodSeconds", 30);
    putIfMissing(spec, "dnsPolicy", "ClusterFirst");
    putIfMissing(spec, "securityContext", json::object());
    putIfMissing(spec, "schedulerName", "default-scheduler");
    if (const auto account = stringAt(spec, { "serviceAccountName" }); !account.empty())
        putIfMissing(spec, "serviceAccount", json::value(account));
}

std::string base64(std::string_view bytes)
{
    return QByteArray::fromRawData(bytes.data(), qsizetype(bytes.size())).toBase64().toStdString();
}

} // namespace

bool isDnsLabel(std::string_view text)
{
    return !text.empty() && text.size() <= 63 && isLowerAlnum(text.front()) && isLowerAlnum(text.back())
        && std::all_of(text.begin(), text.end(), [](char c) { return isLowerAlnum(c) || c == '-'; });
}

bool isDnsSubdomain(std::string_view text)
{
    if (text.empty() || text.size() > 253)
        return false;
    while (true) {
        const auto dot = std::min(text.find('.'), text.size());
        const auto part = text.substr(0, dot);
        if (part.empty() || !isLowerAlnum(part.front()) || !isLowerAlnum(part.back())
            || !std::all_of(part.begin(), part.end(), [](char c) { return isLowerAlnum(c) || c == '-'; }))
            return false;
        if (dot == text.size())
            return true;
        text.remove_prefix(dot + 1);
    }
}

void setDefaults(json::object &object, const ResourceType &type)
{
    const auto key = type.key();
    auto *spec = child(object, "spec");
    if (key == "pods" && spec) {
        podDefaults(*spec);
        putIfMissing(*spec, "enableServiceLinks", true);
        putIfMissing(*spec, "serviceAccountName", "default");
        putIfMissing(*spec, "serviceAccount", json::value(stringAt(*spec, { "serviceAccountName" })));
    } else if ((key == "apps/deployments" || key == "apps/replicasets") && spec) {
        putIfMissing(*spec, "replicas", 1);
        if (auto *templ = child(*spec, "template")) {
            putIfMissing(*templ, "metadata", json::object());
            if (auto *meta = child(*templ, "metadata"))
                putIfMissing(*meta, "creationTimestamp", nullptr);
            if (auto *podSpec = child(*templ, "spec"))
                podDefaults(*podSpec);
        }
        if (key == "apps/deployments") {
            putIfMissing(*spec, "revisionHistoryLimit", 10);
            putIfMissing(*spec, "progressDeadlineSeconds", 600);
            putIfMissing(*spec, "strategy", json::object());
            if (auto *strategy = child(*spec, "strategy")) {
                putIfMissing(*strategy, "type", "RollingUpdate");
                if (stringAt(*strategy, { "type" }) == "RollingUpdate") {
                    putIfMissing(*strategy, "rollingUpdate", json::object());
                    if (auto *rolling = child(*strategy, "rollingUpdate")) {
                        putIfMissing(*rolling, "maxUnavailable", "25%");
                        putIfMissing(*rolling, "maxSurge", "25%");
                    }
                }
            }
        }
    } else if (key == "services" && spec) {
        putIfMissing(*spec, "type", "ClusterIP");
        putIfMissing(*spec, "sessionAffinity", "None");
        putIfMissing(*spec, "internalTrafficPolicy", "Cluster");
        if (auto *ports = spec->if_contains("ports"); ports && ports->is_array()) {
            for (auto &port : ports->as_array()) {
                if (auto *entry = port.if_object()) {
                    putIfMissing(*entry, "protocol", "TCP");
                    if (const auto *number = entry->if_contains("port")) {
                        json::value copy = *number;
                        putIfMissing(*entry, "targetPort", std::move(copy));
                    }
                }
            }
        }
    } else if (key == "namespaces") {
        if (!spec)
            object["spec"] = json::object();
        auto &meta = object["metadata"].as_object();
        putIfMissing(meta, "labels", json::object());
        if (auto *labels = child(meta, "labels"))
            putIfMissing(*labels, "kubernetes.io/metadata.name", json::value(nameOf(object)));
        putIfMissing(object, "status", json::object { { "phase", "Active" } });
    } else if (key == "secrets") {
        putIfMissing(object, "type", "Opaque");
        if (const auto *plain = object.if_contains("stringData"); plain && plain->is_object()) {
            const json::object texts = plain->as_object();
            object.erase("stringData");
            auto &data = object["data"];
            if (!data.is_object())
                data = json::object();
            for (const auto &entry : texts) {
                if (const auto *text = entry.value().if_string())
                    data.as_object()[entry.key()] = base64({ text->data(), text->size() });
            }
        }
    }
}

void completePod(json::object &spec)
{
    putIfMissing(spec, "priority", 0);
    putIfMissing(spec, "preemptionPolicy", "PreemptLowerPriority");
    auto &tolerations = spec["tolerations"];
    if (!tolerations.is_array())
        tolerations = json::array();
    auto &list = tolerations.as_array();
    for (const char *key : { "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable" }) {
        const bool has = std::any_of(list.begin(), list.end(), [key](const json::value &item) {
            const auto given = stringAt(item, { "key" });
            const auto effect = stringAt(item, { "effect" });
            return (given.empty() || given == key) && (effect.empty() || effect == "NoExecute");
        });
        if (!has)
            list.push_back(
                json::object { { "key", key }, { "operator", "Exists" }, { "effect", "NoExecute" }, { "tolerationSeconds", 300 } });
    }
}

std::vector<Cause> validate(const json::object &object, const json::object *old, const ResourceType &type)
{
    Checker checker;
    const json::value value(object);
    const auto key = type.key();
    if (!old)
        checker.name(object, type);
    checker.labels(value, { "metadata", "labels" }, "metadata.labels", true);
    checker.labels(value, { "metadata", "annotations" }, "metadata.annotations", false);
    if (key == "pods")
        checker.podSpec(at(value, { "spec" }), "spec");
    else if (key == "apps/deployments" || key == "apps/replicasets")
        checker.workload(value, old);
    else if (key == "services")
        checker.service(value, old);
    else if (type.custom)
        checker.istio(value, type);
    return std::move(checker.causes);
}

} // namespace catamaran::lab
