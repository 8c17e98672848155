// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/secret.h"

#include <QJsonValue>

#include <vector>

/// Takes secrets out of what leaves the machine. Pure.
namespace catamaran::bundle {

class Redaction {
public:
    /// @p known: taken out wherever they stand, plain or as base64; those of fewer than six bytes are too short to be told apart.
    explicit Redaction(std::vector<core::Secret> known = {});

    /// Without known secrets and without what looks like one: credentials in URLs and queries, bearer and basic authorization, tokens
    /// (JWT), private keys, and what follows a word such as "password=" or "token:". In their place stands "[redacted]".
    [[nodiscard]] QString text(const QString &text) const;
    /// The same of every text in it, names of members too.
    [[nodiscard]] QJsonValue json(const QJsonValue &value) const;

private:
    std::vector<core::Secret> m_known;
};

} // namespace catamaran::bundle
