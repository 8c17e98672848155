// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "store/secretstore.h"

#include <QCoreApplication>
#include <QMap>

#include <mutex>

namespace catamaran::store {

namespace {

class MemorySecrets final : public SecretStore {
public:
    QFuture<core::Result<core::Secret>> read(const QString &name, std::stop_token) override
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_secrets.constFind(name);
        if (found == m_secrets.constEnd())
            return core::readyFuture<core::Result<core::Secret>>(
                core::fail(core::ErrorKind::NotFound, QCoreApplication::translate("SecretStore", "read a secret"), name,
                    QCoreApplication::translate("SecretStore", "there is none of that name in this run, and no keyring to keep one")));
        return core::readyFuture<core::Result<core::Secret>>(*found);
    }

    QFuture<core::Result<core::Done>> write(const QString &name, const core::Secret &secret, std::stop_token) override
    {
        const std::lock_guard lock(m_mutex);
        m_secrets.insert(name, secret);
        return core::readyFuture<core::Result<core::Done>>(core::Done {});
    }

    QFuture<core::Result<core::Done>> remove(const QString &name, std::stop_token) override
    {
        const std::lock_guard lock(m_mutex);
        m_secrets.remove(name);
        return core::readyFuture<core::Result<core::Done>>(core::Done {});
    }

    QFuture<core::Result<bool>> has(const QString &name, std::stop_token) override
    {
        const std::lock_guard lock(m_mutex);
        return core::readyFuture<core::Result<bool>>(m_secrets.contains(name));
    }

    QFuture<core::Result<Keeping>> look(std::stop_token) override { return core::readyFuture<core::Result<Keeping>>(keeping()); }
    Keeping keeping() const override { return Keeping::ThisRun; }

private:
    std::mutex m_mutex;
    QMap<QString, core::Secret> m_secrets;
};

} // namespace

std::unique_ptr<SecretStore> makeMemorySecretStore()
{
    return std::make_unique<MemorySecrets>();
}

} // namespace catamaran::store
