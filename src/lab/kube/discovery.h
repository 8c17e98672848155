// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/apirequest.h"

#include <optional>

namespace catamaran::lab {

/// The answers that describe the server: /version, /api, /apis, their resources, /openapi (facts kubernetes-wire 2.1, 5.1
/// and 5.3). Texts are made once.
class Discovery {
public:
    Discovery(std::vector<ResourceType> types, const std::string &gitVersion, bool runsPods);

    /// Serves these custom kinds beside the others; those that were there before go.
    void setCustomTypes(const std::vector<ResourceType> &custom);

    /// The answer for a path without trailing slash; nothing when it describes nothing.
    [[nodiscard]] std::optional<ApiAnswer> answer(const std::string &path) const;
    [[nodiscard]] const ResourceType *find(std::string_view group, std::string_view version, std::string_view plural) const;
    /// Whether the path lies below a served group version.
    [[nodiscard]] bool servesVersionOf(const std::string &path) const;
    [[nodiscard]] const std::vector<ResourceType> &types() const { return m_types; }

private:
    void describe();
    void describeGroups();
    void describeResources(const std::string &group, const std::string &version);

    std::vector<ResourceType> m_types;
    std::size_t m_builtIn;
    std::string m_gitVersion;
    bool m_runsPods;
    std::map<std::string, ApiAnswer> m_answers;
    mutable std::map<std::string, ApiAnswer> m_documents; ///< of OpenAPI, made when first asked for
    std::vector<std::pair<std::string, std::string>> m_versions;
};

} // namespace catamaran::lab
