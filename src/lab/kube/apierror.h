// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/objectstore.h"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace catamaran::lab {

/// A refusal in the words and the form of a real API server's Status.
struct ApiError {
    unsigned code = 500;
    std::string reason;
    std::string message;
    json::object details;

    [[nodiscard]] json::object status() const;
};

template <typename T> using Outcome = tl::expected<T, ApiError>;

/// One entry of `details.causes`.
struct Cause {
    std::string reason;
    std::string field;
    std::string message;
};

[[nodiscard]] ApiError badRequest(std::string message);
[[nodiscard]] ApiError unauthorized();
[[nodiscard]] ApiError forbidden(const std::string &group, const std::string &plural, const std::string &name, const std::string &why);
[[nodiscard]] ApiError notFound(const ResourceType &type, const std::string &name);
[[nodiscard]] ApiError resourceNotFound();
[[nodiscard]] ApiError methodNotAllowed();
[[nodiscard]] ApiError alreadyExists(const ResourceType &type, const std::string &name);
[[nodiscard]] ApiError conflict(const ResourceType &type, const std::string &name, const std::string &why = {});
[[nodiscard]] ApiError invalid(const ResourceType &type, const std::string &name, const std::vector<Cause> &causes);
[[nodiscard]] ApiError unsupportedMediaType(const std::string &accepted);
[[nodiscard]] ApiError expired(std::string message);
[[nodiscard]] ApiError tooLarge();
[[nodiscard]] ApiError internalError(const std::string &why);
[[nodiscard]] ApiError futureVersion(std::uint64_t asked, std::uint64_t present);

/// "pods" or "deployments.apps".
[[nodiscard]] std::string qualifiedName(const std::string &group, const std::string &plural);

} // namespace catamaran::lab
