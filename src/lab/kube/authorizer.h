// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/apirequest.h"
#include "lab/kube/apiserver.h"

namespace catamaran::lab {

/// One question to RBAC.
struct Access {
    std::string verb;
    std::string group, resource, subresource;
    std::string ns, name;

    [[nodiscard]] std::string fullResource() const { return subresource.empty() ? resource : resource + "/" + subresource; }
};

class Authorizer {
public:
    explicit Authorizer(std::vector<ApiServerOptions::Grant> grants)
        : m_grants(std::move(grants))
    {
    }
    [[nodiscard]] bool allows(const ApiUser &user, const Access &access) const;
    /// The 403 of a real server: who, what, where.
    [[nodiscard]] static ApiError refusal(const ApiUser &user, const Access &access);
    [[nodiscard]] static ApiError refusal(const ApiUser &user, const std::string &verb, const std::string &path);
    /// `status` of a SelfSubjectRulesReview.
    [[nodiscard]] json::object rules(const ApiUser &user, const std::string &ns) const;

private:
    [[nodiscard]] static bool concerns(const ApiServerOptions::Grant &grant, const ApiUser &user);
    std::vector<ApiServerOptions::Grant> m_grants;
};

} // namespace catamaran::lab
