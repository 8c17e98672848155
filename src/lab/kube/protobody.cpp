// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/protobody.h"

#include <QByteArray>

#include <map>

namespace catamaran::lab {

namespace {

// "Message: number field type, ..."; a type is str, int, bool, bytes (base64 in JSON), {} (map of texts), {b} (map
// of bytes), ios (IntOrString), a message, or [] before one. From the generated.proto files of k8s.io/api; fields that are not
// named are skipped.
constexpr const char *messageDefinitions = R"(
ObjectMeta: 1 name str, 2 generateName str, 3 namespace str, 5 uid str, 6 resourceVersion str, 11 labels {}, 12 annotations {}, 14 finalizers []str
Namespace: 1 metadata ObjectMeta
ServiceAccount: 1 metadata ObjectMeta, 4 automountServiceAccountToken bool
ConfigMap: 1 metadata ObjectMeta, 2 data {}, 3 binaryData {b}, 4 immutable bool
Secret: 1 metadata ObjectMeta, 2 data {b}, 3 type str, 4 stringData {}, 5 immutable bool
DeleteOptions: 1 gracePeriodSeconds int, 2 preconditions Preconditions, 3 orphanDependents bool, 4 propagationPolicy str, 5 dryRun []str
Preconditions: 1 uid str, 2 resourceVersion str
LabelSelector: 1 matchLabels {}, 2 matchExpressions []Requirement
Requirement: 1 key str, 2 operator str, 3 values []str
Deployment: 1 metadata ObjectMeta, 2 spec DeploymentSpec
DeploymentSpec: 1 replicas int, 2 selector LabelSelector, 3 template PodTemplate, 5 minReadySeconds int
PodTemplate: 1 metadata ObjectMeta, 2 spec PodSpec
Pod: 1 metadata ObjectMeta, 2 spec PodSpec
PodSpec: 2 containers []Container, 3 restartPolicy str, 4 terminationGracePeriodSeconds int, 8 serviceAccountName str
Container: 1 name str, 2 image str, 3 command []str, 4 args []str, 6 ports []ContainerPort, 7 env []EnvVar, 14 imagePullPolicy str, 16 stdin bool, 17 stdinOnce bool, 18 tty bool
ContainerPort: 1 name str, 3 containerPort int, 4 protocol str
EnvVar: 1 name str, 2 value str
Service: 1 metadata ObjectMeta, 2 spec ServiceSpec
ServiceSpec: 1 ports []ServicePort, 2 selector {}, 3 clusterIP str, 4 type str, 10 externalName str
ServicePort: 1 name str, 2 protocol str, 3 port int, 4 targetPort ios, 5 nodePort int
SelfSubjectAccessReview: 2 spec AccessSpec
AccessSpec: 1 resourceAttributes ResourceAttributes, 2 nonResourceAttributes PathAttributes
ResourceAttributes: 1 namespace str, 2 verb str, 3 group str, 4 version str, 5 resource str, 6 subresource str, 7 name str
PathAttributes: 1 path str, 2 verb str
SelfSubjectRulesReview: 2 spec RulesSpec
RulesSpec: 1 namespace str
SelfSubjectReview: 1 metadata ObjectMeta
)";

struct ProtoField {
    std::string name, type;
    bool repeated = false;
};
using ProtoMessage = std::map<std::uint64_t, ProtoField>;

std::string word(std::string_view &text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    const auto end = std::min(text.find(' '), text.size());
    std::string result(text.substr(0, end));
    text.remove_prefix(end);
    return result;
}

std::map<std::string, ProtoMessage> readMessages()
{
    std::map<std::string, ProtoMessage> messages;
    std::string_view rest = messageDefinitions;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        auto line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos)
            continue;
        auto &message = messages[std::string(line.substr(0, colon))];
        line.remove_prefix(colon + 1);
        while (!line.empty()) {
            const auto comma = std::min(line.find(','), line.size());
            auto entry = line.substr(0, comma);
            line.remove_prefix(std::min(comma + 1, line.size()));
            const auto number = std::stoull(word(entry));
            ProtoField field;
            field.name = word(entry);
            field.type = word(entry);
            field.repeated = field.type.starts_with("[]");
            if (field.repeated)
                field.type.erase(0, 2);
            message[number] = std::move(field);
        }
    }
    return messages;
}

const std::map<std::string, ProtoMessage> &messages()
{
    static const auto all = readMessages();
    return all;
}

class Reader {
public:
    explicit Reader(std::string_view bytes)
        : m_bytes(bytes)
    {
    }
    [[nodiscard]] bool atEnd() const { return m_bytes.empty(); }
    bool varint(std::uint64_t &value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && !m_bytes.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(m_bytes.front());
            m_bytes.remove_prefix(1);
            value |= std::uint64_t(byte & 0x7f) << shift;
            if (!(byte & 0x80))
                return true;
        }
        return false;
    }
    /// One field: its number, and a number or bytes.
    bool field(std::uint64_t &number, std::uint64_t &value, std::string_view &bytes, bool &isBytes)
    {
        std::uint64_t tag = 0;
        if (!varint(tag))
            return false;
        number = tag >> 3;
        isBytes = false;
        switch (tag & 7) {
        case 0: return varint(value);
        case 1: return take(8, bytes);
        case 2: {
            std::uint64_t length = 0;
            isBytes = true;
            return varint(length) && take(length, bytes);
        }
        case 5: return take(4, bytes);
        default: return false;
        }
    }

private:
    bool take(std::uint64_t length, std::string_view &bytes)
    {
        if (length > m_bytes.size())
            return false;
        bytes = m_bytes.substr(0, length);
        m_bytes.remove_prefix(length);
        return true;
    }
    std::string_view m_bytes;
};

std::string base64(std::string_view bytes)
{
    return QByteArray::fromRawData(bytes.data(), qsizetype(bytes.size())).toBase64().toStdString();
}

bool mapEntry(std::string_view bytes, bool binary, json::object &map)
{
    Reader reader(bytes);
    std::string_view key, value;
    while (!reader.atEnd()) {
        std::uint64_t number = 0, plain = 0;
        std::string_view content;
        bool isBytes = false;
        if (!reader.field(number, plain, content, isBytes))
            return false;
        (number == 1 ? key : value) = content;
    }
    map[json::string_view(key.data(), key.size())] = binary ? base64(value) : std::string(value);
    return true;
}

bool intOrString(std::string_view bytes, json::value &result)
{
    Reader reader(bytes);
    std::uint64_t kind = 0, whole = 0;
    std::string_view text;
    while (!reader.atEnd()) {
        std::uint64_t number = 0, plain = 0;
        std::string_view content;
        bool isBytes = false;
        if (!reader.field(number, plain, content, isBytes))
            return false;
        if (number == 1)
            kind = plain;
        else if (number == 2)
            whole = plain;
        else if (number == 3)
            text = content;
    }
    result = kind == 0 ? json::value(static_cast<std::int64_t>(whole)) : json::value(json::string_view(text.data(), text.size()));
    return true;
}

bool decode(std::string_view bytes, const ProtoMessage &message, json::object &object, int depth)
{
    if (depth > 20)
        return false;
    Reader reader(bytes);
    while (!reader.atEnd()) {
        std::uint64_t number = 0, plain = 0;
        std::string_view content;
        bool isBytes = false;
        if (!reader.field(number, plain, content, isBytes))
            return false;
        const auto found = message.find(number);
        if (found == message.end())
            continue;
        const auto &field = found->second;
        const bool isNumber = field.type == "int" || field.type == "bool";
        if (isNumber == isBytes)
            return false;
        if (field.type == "{}" || field.type == "{b}") {
            auto &map = object[field.name];
            if (!map.is_object())
                map = json::object();
            if (!mapEntry(content, field.type == "{b}", map.as_object()))
                return false;
            continue;
        }
        json::value value;
        if (field.type == "int") {
            value = static_cast<std::int64_t>(plain);
        } else if (field.type == "bool") {
            value = plain != 0;
        } else if (field.type == "str") {
            value = json::string_view(content.data(), content.size());
        } else if (field.type == "ios") {
            if (!intOrString(content, value))
                return false;
        } else {
            json::object inner;
            if (!decode(content, messages().at(field.type), inner, depth + 1))
                return false;
            value = std::move(inner);
        }
        // gogo's generated code writes every text, also empty ones; JSON leaves those out.
        const bool empty = (value.is_string() && value.as_string().empty())
            || (field.type == "int" && field.name != "replicas" && field.name != "gracePeriodSeconds" && plain == 0)
            || (field.type == "bool" && plain == 0);
        if (field.repeated) {
            auto &list = object[field.name];
            if (!list.is_array())
                list = json::array();
            list.as_array().push_back(std::move(value));
        } else if (!empty) {
            object[field.name] = std::move(value);
        }
    }
    return true;
}

} // namespace

Outcome<json::value> parseProtobuf(std::string_view bytes)
{
    const auto broken
        = [] { return tl::unexpected(badRequest("the provided data does not appear to be a protobuf message of a known kind")); };
    if (!bytes.starts_with(std::string_view("k8s\0", 4)))
        return broken();
    bytes.remove_prefix(4);
    // Unknown: 1 typeMeta { 1 apiVersion, 2 kind }, 2 raw
    Reader envelope(bytes);
    std::string apiVersion, kind;
    std::string_view raw;
    while (!envelope.atEnd()) {
        std::uint64_t number = 0, plain = 0;
        std::string_view content;
        bool isBytes = false;
        if (!envelope.field(number, plain, content, isBytes))
            return broken();
        if (number == 2 && isBytes) {
            raw = content;
        } else if (number == 1 && isBytes) {
            Reader typeMeta(content);
            while (!typeMeta.atEnd()) {
                std::string_view text;
                if (!typeMeta.field(number, plain, text, isBytes))
                    return broken();
                (number == 1 ? apiVersion : kind) = std::string(text);
            }
        }
    }
    const auto message = messages().find(kind);
    if (message == messages().end() || kind.ends_with("Spec") || kind.empty())
        return tl::unexpected(unsupportedMediaType("application/json, application/yaml"));
    json::object object { { "kind", kind }, { "apiVersion", apiVersion } };
    if (!decode(raw, message->second, object, 0))
        return broken();
    return json::value(std::move(object));
}

} // namespace catamaran::lab
