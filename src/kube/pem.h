// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QList>
#include <QSslCertificate>
#include <QSslKey>

namespace catamaran::kube {

/// Every certificate of a PEM bundle, in its order. Errors (answer only; tried and target are the caller's) when there
/// is none. Pure.
[[nodiscard]] core::Result<QList<QSslCertificate>> parseCertificates(const QByteArray &pem);

/// An unencrypted private key: RSA, EC, DSA, or any other that OpenSSL reads (Ed25519). Pure.
[[nodiscard]] core::Result<QSslKey> parsePrivateKey(const QByteArray &pem);

/// Whether @p keyPem belongs to the first certificate of @p certificatePem. Pure.
[[nodiscard]] bool keyBelongsTo(const QByteArray &certificatePem, const QByteArray &keyPem);

} // namespace catamaran::kube
