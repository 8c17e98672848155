// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/credentialsource.h"
#include "documents/secretsource.h"
#include "mesh/providerkind.h"

#include <optional>

namespace catamaran::mesh {

/// The section `alibabaCloud` of an Environment file. One of: an access key with its secret (and token, of STS), a profile of the
/// aliyun command line tool, or the variables that the cloud's own tools read. A role may be assumed with each.
struct AccountSettings {
    enum class Way { AccessKey, Profile, Variables };
    Way way = Way::AccessKey;
    QString accessKeyId; ///< of AccessKey
    documents::SecretSource secret; ///< of AccessKey
    documents::SecretSource token {}; ///< of AccessKey; None: a permanent key
    QDateTime expires {}; ///< of the token; null: nobody says
    QString profile {}; ///< of Profile; empty: the current one
    QString profileFile {}; ///< of Profile; empty: ~/.aliyun/config.json
    std::optional<alicloud::Role> role {};
    QStringList regions;
    alicloud::Endpoints endpoints;
};

/// Strict: what is wrong is rejected at its field.
[[nodiscard]] AccountSettings readAccountSettings(const documents::YamlValue &section, const QDir &folder);
[[nodiscard]] std::shared_ptr<const Account> makeAsmAccount(const AccountSettings &settings);
/// Of an account that makeAsmAccount() made.
[[nodiscard]] const AccountSettings &settingsOf(const Account &account);

} // namespace catamaran::mesh
