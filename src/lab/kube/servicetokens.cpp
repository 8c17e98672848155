// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/servicetokens.h"

#include "lab/kube/timestamps.h"
#include "lab/kube/yamljson.h"

#include <QByteArray>

#include <openssl/rand.h>

#include <ctime>

namespace catamaran::lab {

namespace {

constexpr std::int64_t usualSeconds = 3600;
constexpr std::int64_t fewestSeconds = 600;
const char *const accounts = "serviceaccounts";

std::string secret()
{
    unsigned char bytes[32];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return {};
    static constexpr char digits[] = "0123456789abcdef";
    std::string text = "sat-";
    for (const unsigned char byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

} // namespace

Outcome<json::object> ServiceTokens::issue(
    const ObjectStore &store, const std::string &ns, const std::string &account, const json::value &body)
{
    const ResourceType type { "", "v1", accounts, "serviceaccount", "ServiceAccount", true, {}, {}, false, false };
    const auto object = store.get(accounts, ns, account);
    if (!object)
        return tl::unexpected(notFound(type, account));
    std::int64_t seconds = usualSeconds;
    if (const auto *wanted = at(body, { "spec", "expirationSeconds" }); wanted && wanted->is_number())
        seconds = wanted->to_number<std::int64_t>();
    if (seconds < fewestSeconds) {
        const ResourceType request { "authentication.k8s.io", "v1", "tokenrequests", "tokenrequest", "TokenRequest", true, {}, {}, false,
            false };
        return tl::unexpected(invalid(request, "",
            { { "FieldValueInvalid", "spec.expirationSeconds",
                "Invalid value: " + std::to_string(seconds) + ": may not specify a duration less than 10 minutes" } }));
    }
    const auto token = secret();
    if (token.empty())
        return tl::unexpected(internalError("no random numbers"));
    const std::int64_t now = std::time(nullptr);
    std::erase_if(m_tokens, [now](const auto &entry) { return entry.second.expires != 0 && entry.second.expires <= now; });
    m_tokens[token] = { ns, account, metaString(*object, "uid"), now + seconds };
    json::object spec { { "expirationSeconds", seconds }, { "boundObjectRef", nullptr } };
    const auto *audiences = at(body, { "spec", "audiences" });
    spec["audiences"]
        = audiences && audiences->is_array() ? *audiences : json::value(json::array { json::value("https://kubernetes.default.svc") });
    json::object answer;
    answer["kind"] = "TokenRequest";
    answer["apiVersion"] = "authentication.k8s.io/v1";
    answer["metadata"] = json::object { { "name", account }, { "namespace", ns }, { "creationTimestamp", timestampNow() } };
    answer["spec"] = std::move(spec);
    answer["status"] = json::object { { "token", token }, { "expirationTimestamp", timestampAt(now + seconds) } };
    return answer;
}

void ServiceTokens::fill(const ObjectStore &store, json::object &secret)
{
    const std::string account = stringAt(secret, { "metadata", "annotations", "kubernetes.io/service-account.name" });
    const auto object = store.get(accounts, namespaceOf(secret), account);
    if (stringAt(secret, { "type" }) != "kubernetes.io/service-account-token" || account.empty() || !object
        || !stringAt(secret, { "data", "token" }).empty())
        return;
    const auto token = ::catamaran::lab::secret();
    m_tokens[token] = { namespaceOf(secret), account, metaString(*object, "uid"), 0, nameOf(secret) };
    auto &data = secret["data"];
    if (!data.is_object())
        data = json::object();
    data.as_object()["token"] = QByteArray::fromStdString(token).toBase64().toStdString();
    data.as_object()["namespace"] = QByteArray::fromStdString(namespaceOf(secret)).toBase64().toStdString();
}

std::optional<ApiUser> ServiceTokens::find(const ObjectStore &store, const std::string &token) const
{
    const auto found = m_tokens.find(token);
    if (found == m_tokens.end() || (found->second.expires != 0 && found->second.expires <= std::time(nullptr)))
        return std::nullopt;
    const Entry &entry = found->second;
    if (!entry.secret.empty()) {
        // One that was made anew under the same name has a token of its own.
        const auto secret = store.get("secrets", entry.ns, entry.secret);
        if (!secret || stringAt(*secret, { "data", "token" }) != QByteArray::fromStdString(token).toBase64().toStdString())
            return std::nullopt;
    }
    const auto object = store.get(accounts, entry.ns, entry.account);
    if (!object || metaString(*object, "uid") != entry.uid)
        return std::nullopt;
    ApiUser user { "system:serviceaccount:" + entry.ns + ":" + entry.account, {} };
    for (const auto &group :
        { std::string("system:serviceaccounts"), "system:serviceaccounts:" + entry.ns, std::string("system:authenticated") })
        user.groups.push_back(group);
    return user;
}

} // namespace catamaran::lab
