// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/apierror.h"
#include "lab/kube/apirequest.h"

#include <map>
#include <optional>

namespace catamaran::lab {

/// Tokens of service accounts, as TokenRequest hands them out. One lives until it expires or its account is gone.
class ServiceTokens {
public:
    /// A TokenRequest with its status; @p body is what was asked for (an object, or null for the defaults).
    [[nodiscard]] Outcome<json::object> issue(
        const ObjectStore &store, const std::string &ns, const std::string &account, const json::value &body);
    /// What the token controller puts into a Secret of type kubernetes.io/service-account-token whose account is there: a token that ends
    /// with the account or with the Secret.
    void fill(const ObjectStore &store, json::object &secret);
    [[nodiscard]] std::optional<ApiUser> find(const ObjectStore &store, const std::string &token) const;

private:
    struct Entry {
        std::string ns, account, uid;
        std::int64_t expires = 0; ///< 0: never
        std::string secret {}; ///< that holds it
    };
    std::map<std::string, Entry> m_tokens;
};

} // namespace catamaran::lab
