// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/apirequest.h"

#include <optional>

namespace catamaran::lab {

/// The answers that describe the server: /version, /api, /apis, their resources, /openapi (facts kubernetes-wire 2.1, 5.1
/// and 5.3). All texts are made once.
class Discovery {
public:
    Discovery(std::vector<ResourceType> types, const std::string &gitVersion, bool runsPods);

    /// The answer for a path without trailing slash; nothing when it describes nothing.
    [[nodiscard]] std::optional<ApiAnswer> answer(const std::string &path) const;
    [[nodiscard]] const ResourceType *find(std::string_view group, std::string_view version, std::string_view plural) const;
    [[nodiscard]] const std::vector<ResourceType> &types() const { return m_types; }

private:
    void describeGroups();
    void describeResources(const std::string &group, const std::string &version, bool runsPods);
    void describeSchema(const std::string &group, const std::string &version);

    std::vector<ResourceType> m_types;
    std::map<std::string, ApiAnswer> m_answers;
};

} // namespace catamaran::lab
