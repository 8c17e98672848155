// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"
#include "core/secret.h"

#include <QObject>

#include <memory>

namespace catamaran::store {

/// Secrets by name, in the OS keyring through QtKeychain; where there is none they are kept for this run only and
/// isPersistent() says so, for the user to be told. Never a plain file. Main thread; futures finish there. Callable
/// from any thread.
class SecretStore : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    /// NotFound when there is none of that name.
    [[nodiscard]] virtual QFuture<core::Result<core::Secret>> read(const QString &name, std::stop_token stop) = 0;
    [[nodiscard]] virtual QFuture<core::Result<core::Done>> write(const QString &name, const core::Secret &secret, std::stop_token stop) = 0;
    [[nodiscard]] virtual QFuture<core::Result<core::Done>> remove(const QString &name, std::stop_token stop) = 0;
    /// False: secrets live only as long as this process.
    [[nodiscard]] virtual bool isPersistent() const = 0;
};

/// The keyring when one answers (tried once with a short time limit), else memory.
[[nodiscard]] std::unique_ptr<SecretStore> openSecretStore();
[[nodiscard]] std::unique_ptr<SecretStore> makeMemorySecretStore();

} // namespace catamaran::store
