// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "deferredsecrets.h"

namespace catamaran::ui {

DeferredSecrets::DeferredSecrets(std::function<std::unique_ptr<store::SecretStore>()> open)
    : m_open(std::move(open))
{
}

DeferredSecrets::~DeferredSecrets() = default;

store::SecretStore &DeferredSecrets::real() const
{
    if (!m_real) {
        auto opened = m_open(); // may run the event loop for a moment, and somebody may come here meanwhile
        if (!m_real)
            m_real = std::move(opened);
    }
    return *m_real;
}

QFuture<core::Result<core::Secret>> DeferredSecrets::read(const QString &name, std::stop_token stop)
{
    return core::startOn(this, [this, name, stop] { return real().read(name, stop); });
}

QFuture<core::Result<core::Done>> DeferredSecrets::write(const QString &name, const core::Secret &secret, std::stop_token stop)
{
    return core::startOn(this, [this, name, secret, stop] { return real().write(name, secret, stop); });
}

QFuture<core::Result<core::Done>> DeferredSecrets::remove(const QString &name, std::stop_token stop)
{
    return core::startOn(this, [this, name, stop] { return real().remove(name, stop); });
}

bool DeferredSecrets::isPersistent() const
{
    return real().isPersistent();
}

} // namespace catamaran::ui
