// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"
#include "core/secret.h"

#include <QObject>

#include <memory>

namespace catamaran::store {

/// Where a secret would live that is kept now.
enum class Keeping {
    Unknown, ///< nobody has looked yet
    Keyring, ///< in the desktop's keyring; when it is locked a person is asked first
    ThisRun, ///< only as long as this process: no keyring answers
};

/// Secrets by name, in the OS keyring through QtKeychain; where there is none they are kept for this run only and keeping()
/// says so, for the user to be told. Never a plain file. Main thread; futures finish there. Callable from any thread.
///
/// Nobody is asked for a password before there is a secret to read or to keep. While somebody is asked, the future waits,
/// without a limit, until its stop. That no keyring answers is true for one question: the next one looks again.
class SecretStore : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    /// NotFound when there is none of that name, and only then: a keyring that stays locked is an error of kind Storage
    /// with the code lockedKeyring.
    [[nodiscard]] virtual QFuture<core::Result<core::Secret>> read(const QString &name, std::stop_token stop) = 0;
    /// Cancelled: the keyring may keep it all the same, when somebody unlocks it later.
    [[nodiscard]] virtual QFuture<core::Result<core::Done>> write(const QString &name, const core::Secret &secret, std::stop_token stop)
        = 0;
    [[nodiscard]] virtual QFuture<core::Result<core::Done>> remove(const QString &name, std::stop_token stop) = 0;
    /// Whether there is one of that name. Asks nobody for anything.
    [[nodiscard]] virtual QFuture<core::Result<bool>> has(const QString &name, std::stop_token stop) = 0;
    /// Looks where a secret would be kept. Asks nobody for anything.
    [[nodiscard]] virtual QFuture<core::Result<Keeping>> look(std::stop_token stop) = 0;
    /// As of the newest look, read or write. Any thread.
    [[nodiscard]] virtual Keeping keeping() const = 0;

signals:
    void keepingChanged();
    /// Somebody is being asked to unlock the keyring, or no longer.
    void waitingForPerson(bool waiting);
};

inline const QString lockedKeyring = QStringLiteral("keyring-locked");

/// The desktop's keyring, which is not touched before it is needed. With $CATAMARAN_KEYRING=none: memory.
[[nodiscard]] std::unique_ptr<SecretStore> openSecretStore();
[[nodiscard]] std::unique_ptr<SecretStore> makeMemorySecretStore();

} // namespace catamaran::store
