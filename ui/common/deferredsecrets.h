// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/secretstore.h"

#include <functional>

namespace catamaran::ui {

/// A secret store that asks for the keyring only when it is first needed, so that the window need not wait for it.
class DeferredSecrets final : public store::SecretStore {
    Q_OBJECT
public:
    explicit DeferredSecrets(std::function<std::unique_ptr<store::SecretStore>()> open);
    ~DeferredSecrets() override;

    [[nodiscard]] QFuture<core::Result<core::Secret>> read(const QString &name, std::stop_token stop) override;
    [[nodiscard]] QFuture<core::Result<core::Done>> write(const QString &name, const core::Secret &secret, std::stop_token stop) override;
    [[nodiscard]] QFuture<core::Result<core::Done>> remove(const QString &name, std::stop_token stop) override;
    /// Opens the keyring; main thread.
    [[nodiscard]] bool isPersistent() const override;

private:
    store::SecretStore &real() const;
    std::function<std::unique_ptr<store::SecretStore>()> m_open;
    mutable std::unique_ptr<store::SecretStore> m_real;
};

} // namespace catamaran::ui
