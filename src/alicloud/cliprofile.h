// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/credentialsource.h"

/// Profiles of the cloud's own command line tool (~/.aliyun/config.json). Read only.
namespace catamaran::alicloud {

struct CliProfile {
    Credentials credentials;
    std::optional<Role> role; ///< to be assumed with them
};

/// Profile @p name of @p json; empty: the current one. Modes AK, StsToken and RamRoleArn; another is Unsupported and named. @p file: for
/// errors. Fields that are not needed are not looked at. Pure.
[[nodiscard]] core::Result<CliProfile> parseCliProfile(const QByteArray &json, const QString &name, const QString &file);
/// From a file that nobody else may change.
[[nodiscard]] core::Result<CliProfile> loadCliProfile(const QString &file, const QString &name);

/// ALIBABA_CLOUD_ACCESS_KEY_ID, _SECRET and ALIBABA_CLOUD_SECURITY_TOKEN (which may be missing) by @p variable. Pure.
[[nodiscard]] core::Result<Credentials> credentialsOfVariables(const std::function<QByteArray(const char *name)> &variable);
/// The names of those.
[[nodiscard]] QStringList credentialVariables();

} // namespace catamaran::alicloud
