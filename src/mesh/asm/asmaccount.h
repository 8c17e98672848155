// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/credentials.h"
#include "documents/secretsource.h"
#include "mesh/providerkind.h"

namespace catamaran::mesh {

/// The section `alibabaCloud` of an Environment file.
struct AccountSettings {
    QString accessKeyId;
    documents::SecretSource secret;
    QStringList regions;
    alicloud::Endpoints endpoints;
};

/// Strict: what is wrong is rejected at its field.
[[nodiscard]] AccountSettings readAccountSettings(const documents::YamlValue &section, const QDir &folder);
[[nodiscard]] std::shared_ptr<const Account> makeAsmAccount(const AccountSettings &settings);
/// Of an account that makeAsmAccount() made.
[[nodiscard]] const AccountSettings &settingsOf(const Account &account);

} // namespace catamaran::mesh
