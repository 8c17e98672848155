// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/accountsecret.h"

#include "core/childenvironment.h"
#include "core/trustedfile.h"

namespace catamaran::mesh {

using core::Result;
using core::Secret;
using documents::SecretSource;

namespace {

constexpr qint64 longestSecret = 4096;

Result<Secret> fromFile(const QString &path, const QString &tried)
{
    auto read = core::readBounded(path, longestSecret, tried);
    if (!read)
        return core::fail(read.error());
    return Secret(std::move(read->content).trimmed());
}

} // namespace

QFuture<Result<Secret>> readSecret(const SecretSource &source, store::SecretStore &secrets, const QString &tried, std::stop_token stop)
{
    switch (source.kind) {
    case SecretSource::Kind::Keyring: return secrets.read(source.name, std::move(stop));
    case SecretSource::Kind::File: return core::readyFuture(fromFile(source.name, tried));
    case SecretSource::Kind::Variable:
        core::withholdFromChildren(source.name);
        return core::readyFuture<Result<Secret>>(Secret(qgetenv(source.name.toUtf8().constData()).trimmed()));
    case SecretSource::Kind::None: break;
    }
    return core::readyFuture<Result<Secret>>(Secret());
}

} // namespace catamaran::mesh
