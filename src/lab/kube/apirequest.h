// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/apierror.h"
#include "lab/kube/podruntime.h"
#include "lab/kube/selectors.h"

#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace catamaran::lab {

struct ApiUser {
    std::string name;
    std::vector<std::string> groups;

    [[nodiscard]] bool isKnown() const { return !name.empty(); }
    [[nodiscard]] bool isIn(std::string_view group) const;
};

/// The query of a URL, decoded; keys may repeat.
class Query {
public:
    Query() = default;
    explicit Query(std::string_view text);
    [[nodiscard]] std::string value(std::string_view key) const; ///< the first, or ""
    [[nodiscard]] bool flag(std::string_view key) const; ///< "true" or "1"
    [[nodiscard]] bool has(std::string_view key) const;
    [[nodiscard]] std::vector<std::string> all(std::string_view key) const;

private:
    std::vector<std::pair<std::string, std::string>> m_pairs;
};

[[nodiscard]] std::string percentDecoded(std::string_view text, bool plusIsSpace);

struct ApiRequest {
    std::string method;
    std::string path; ///< as sent, without the query
    Query query;
    std::string accept;
    std::string contentType;
    std::string userAgent;
    std::string protocols; ///< Sec-WebSocket-Protocol, or X-Stream-Protocol-Version over SPDY
    bool webSocket = false;
    bool spdy = false;
    std::string body;
    ApiUser user;
    ApiUser actsAs; ///< Impersonate-User and -Group; its name is empty when the user acts for himself

    [[nodiscard]] std::string fieldManager() const;
    [[nodiscard]] bool isDryRun() const { return query.value("dryRun") == "All"; }
};

struct ApiAnswer {
    unsigned status = 200;
    std::string contentType = "application/json";
    std::string body;
    std::vector<std::string> warnings; ///< shown by kubectl
    std::vector<std::pair<std::string, std::string>> headers = {};
};

/// How the client wants objects, from the Accept header.
struct Shape {
    enum class Kind { Object, Table, Metadata };
    Kind kind = Kind::Object;
    std::string apiVersion = "meta.k8s.io/v1"; ///< of the Table or PartialObjectMetadata
    enum class Include { None, Metadata, Object };
    Include include = Include::Metadata; ///< of a Table's rows
};
[[nodiscard]] Shape shapeOf(const ApiRequest &request);

/// What is served as a stream after the first answer.
struct WatchPlan {
    ResourceType type;
    std::string ns;
    Selector labels, fields;
    Shape shape;
    std::uint64_t from = 0;
    bool withInitial = false; ///< synthetic ADDED for what exists, first
    bool endOfInitial = false; ///< a bookmark after them (watch-list)
    bool bookmarks = false;
    std::chrono::seconds limit { 1800 };
};

struct LogPlan {
    std::string ns, pod, container;
    std::string text; ///< what there is so far
    bool follow = false;
    bool timestamps = false;
};

/// A moment as log lines carry it: 2026-07-01T12:00:00.123456789Z.
[[nodiscard]] std::string logMoment(std::int64_t nanoseconds);

struct ExecPlan {
    ExecRequest request;
    std::string protocol;
    bool overSpdy = false;
    bool wantsStdout = false, wantsStderr = false;
};

using ApiReply = std::variant<ApiAnswer, WatchPlan, LogPlan, ExecPlan>;

[[nodiscard]] ApiAnswer answerOf(const ApiError &error);
[[nodiscard]] ApiAnswer answerOf(const json::object &object, unsigned status = 200);

} // namespace catamaran::lab
