// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/credentials.h"
#include "core/async.h"
#include "core/clock.h"

#include <functional>
#include <memory>

namespace catamaran::alicloud {

/// Gives the credentials for one request. Main thread; shared by the clients of one account.
class CredentialSource : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    /// Good at least for the moment. Unauthorized when they have ended and there are no others.
    [[nodiscard]] virtual QFuture<core::Result<Credentials>> credentials(std::stop_token stop) = 0;
    /// The cloud refused @p used as ended: false when there will be no others.
    [[nodiscard]] virtual bool renew(const Credentials &used) = 0;
    /// The end of what nobody renews; null: there is none, or nobody knows. From any thread.
    [[nodiscard]] virtual QDateTime end() const { return {}; }
};

/// One key, for good or until it expires.
[[nodiscard]] std::shared_ptr<CredentialSource> fixedCredentials(Credentials credentials, core::Clock clock = core::systemClock());

/// What @p read finds; it is read again when that has ended or was refused, for somebody else may renew it. @p tried: for errors.
[[nodiscard]] std::shared_ptr<CredentialSource> readCredentials(
    std::function<core::Result<Credentials>()> read, const QString &tried, core::Clock clock = core::systemClock());

/// A role that is assumed with other credentials (STS AssumeRole, facts: product page of STS 2015-04-01).
struct Role {
    QString arn; ///< acs:ram::ACCOUNT:role/NAME
    QString sessionName = QStringLiteral("catamaran");
    int seconds = 3600; ///< 900 to 43200
};
/// How long before its end a role is assumed anew.
constexpr int renewalSeconds = 300;
/// @p base: who may assume the role. Assumed at the first request and again in time; requests meanwhile go on with what is good still.
[[nodiscard]] std::shared_ptr<CredentialSource> assumedRole(std::shared_ptr<CredentialSource> base, const Role &role,
    const Endpoints &endpoints, core::Clock clock = core::systemClock(), std::unique_ptr<net::HttpClient> http = {});

} // namespace catamaran::alicloud
