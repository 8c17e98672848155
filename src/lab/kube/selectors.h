// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/apierror.h"

namespace catamaran::lab {

/// A label or field selector as queries carry them: "app=x,version in (v1,v2),!old", "metadata.name=x,status.phase!=Failed".
class Selector {
public:
    [[nodiscard]] static Outcome<Selector> parseLabels(const std::string &text);
    /// Accepts the fields the real server indexes for @p type; others are refused as it does.
    [[nodiscard]] static Outcome<Selector> parseFields(const std::string &text, const ResourceType &type);
    /// From a LabelSelector object (matchLabels and matchExpressions) of a stored object.
    [[nodiscard]] static Selector fromObject(const json::value *labelSelector);

    [[nodiscard]] bool isEmpty() const { return m_terms.empty(); }
    [[nodiscard]] bool matches(const json::object &object) const;
    /// The object's name when the selector demands exactly one, else "".
    [[nodiscard]] std::string demandedName() const;
    /// "app=x,version=v1": how a Scale and a table show it.
    [[nodiscard]] std::string text() const;

private:
    enum class Operator { In, NotIn, Exists, DoesNotExist };
    struct Term {
        std::string key;
        Operator op = Operator::In;
        std::vector<std::string> values;
        std::vector<std::string> path; ///< of a field; empty for a label
    };
    std::vector<Term> m_terms;
};

} // namespace catamaran::lab
