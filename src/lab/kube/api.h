// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/apirequest.h"
#include "lab/kube/authorizer.h"
#include "lab/kube/discovery.h"
#include "lab/kube/managedfields.h"
#include "lab/kube/servicetokens.h"

namespace catamaran::lab {

/// The API without its wire: a request in, an answer or the plan of a stream out. Nothing here waits, so every write is
/// one step and no lock is needed.
class Api {
public:
    Api(std::shared_ptr<ObjectStore> store, const ApiServerOptions &options);

    [[nodiscard]] ApiReply reply(const ApiRequest &request);
    void setRuntime(PodRuntime *runtime) { m_runtime = runtime; }
    [[nodiscard]] PodRuntime *runtime() const { return m_runtime; }
    [[nodiscard]] ObjectStore &store() const { return *m_store; }
    /// The service account whose token this is.
    [[nodiscard]] std::optional<ApiUser> userOfToken(const std::string &token) const { return m_tokens.find(*m_store, token); }

private:
    /// What a path names.
    struct Target {
        ResourceType type;
        std::string ns, name, subresource;
    };
    template <typename T> using Maybe = std::optional<T>;

    // api.cpp
    /// The same request as the user that it wants to act as, if its own user may do that.
    [[nodiscard]] ApiReply impersonated(const ApiRequest &request);
    [[nodiscard]] Maybe<Target> targetOf(const std::string &path) const;
    [[nodiscard]] ApiReply dispatch(const ApiRequest &request, const Target &target);
    [[nodiscard]] ApiReply subresource(const ApiRequest &request, const Target &target);

    // apireads.cpp
    [[nodiscard]] ApiReply get(const ApiRequest &request, const Target &target) const;
    [[nodiscard]] ApiReply list(const ApiRequest &request, const Target &target) const;
    [[nodiscard]] ApiReply watch(const ApiRequest &request, const Target &target) const;
    [[nodiscard]] ApiAnswer one(
        const ApiRequest &request, const ResourceType &type, const ObjectStore::Object &object, unsigned status = 200) const;

    // apiwrites.cpp
    [[nodiscard]] ApiReply create(const ApiRequest &request, const Target &target);
    [[nodiscard]] ApiReply update(const ApiRequest &request, const Target &target);
    [[nodiscard]] ApiReply patch(const ApiRequest &request, const Target &target);
    [[nodiscard]] ApiReply apply(const ApiRequest &request, const Target &target, bool force);
    /// Admission, defaults, validation, then the store. @p old is null for a new object.
    [[nodiscard]] Outcome<ObjectStore::Object> store(
        const ApiRequest &request, const Target &target, json::object object, const ObjectStore::Object &old, bool recorded);
    [[nodiscard]] Outcome<json::object> bodyObject(
        const ApiRequest &request, const Target &target, bool yaml, std::vector<std::string> &warnings) const;
    /// Unknown fields and wrong types by the query's fieldValidation; adds warnings.
    [[nodiscard]] Maybe<ApiError> checkFields(
        const ApiRequest &request, const Target &target, const json::object &object, std::vector<std::string> &warnings) const;
    [[nodiscard]] Maybe<ApiError> checkNamespace(const Target &target) const;

    // apideletes.cpp
    [[nodiscard]] ApiReply remove(const ApiRequest &request, const Target &target);
    [[nodiscard]] ApiReply removeCollection(const ApiRequest &request, const Target &target);
    struct DeleteOptions {
        std::optional<std::int64_t> grace;
        std::string propagation, uid, resourceVersion;
        bool dryRun = false;
    };
    [[nodiscard]] Outcome<DeleteOptions> deleteOptions(const ApiRequest &request) const;
    /// Null when it is gone at once, otherwise the object that is going.
    [[nodiscard]] ObjectStore::Object removeOne(const ResourceType &type, const ObjectStore::Object &object, const DeleteOptions &options);
    void orphan(const json::object &owner);
    /// Whether an object of @p childKey keeps its owner from going in the foreground.
    [[nodiscard]] bool blocks(const json::object &owner, const std::string &childKey) const;
    void removeContent(const std::string &ns);

    // apisubresources.cpp
    [[nodiscard]] ApiReply scale(const ApiRequest &request, const Target &target);
    [[nodiscard]] ApiReply log(const ApiRequest &request, const Target &target) const;
    [[nodiscard]] ApiReply exec(const ApiRequest &request, const Target &target) const;
    [[nodiscard]] ApiReply serviceToken(const ApiRequest &request, const Target &target);
    [[nodiscard]] ApiReply finalizeNamespace(const ApiRequest &request, const Target &target);
    /// The container of a pod by the query, or 400 in the server's words.
    [[nodiscard]] Outcome<std::string> containerOf(const json::object &pod, const std::string &wanted) const;

    // apireviews.cpp
    [[nodiscard]] Maybe<ApiReply> review(const ApiRequest &request) const;

    /// Custom resource definitions have changed: serves what they name.
    void serveDefinitions();
    void definitionGone(const json::object &definition);

    std::shared_ptr<ObjectStore> m_store;
    std::shared_ptr<void> m_definitions; ///< subscription
    Discovery m_discovery;
    Authorizer m_authorizer;
    ServiceTokens m_tokens;
    PodRuntime *m_runtime = nullptr;
    bool m_runsPods;
};

/// @p object as the version that @p type names: all versions of a kind share one stored object.
[[nodiscard]] ObjectStore::Object inVersion(const ObjectStore::Object &object, const ResourceType &type);

} // namespace catamaran::lab
