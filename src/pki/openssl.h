// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <optional>
#include <vector>

/// OpenSSL's objects with owners, and PEM in and out. For pki and the practice range's servers.
namespace catamaran::pki {

template <auto Free> struct Freer {
    template <typename T> void operator()(T *object) const { Free(object); }
};

using KeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Freer<X509_free>>;
using BioPtr = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using BignumPtr = std::unique_ptr<BIGNUM, Freer<BN_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;
using GeneralNamesPtr = std::unique_ptr<GENERAL_NAMES, Freer<GENERAL_NAMES_free>>;
using StorePtr = std::unique_ptr<X509_STORE, Freer<X509_STORE_free>>;
using StoreContextPtr = std::unique_ptr<X509_STORE_CTX, Freer<X509_STORE_CTX_free>>;

[[nodiscard]] QByteArray bytesOf(BIO *memory);
[[nodiscard]] QByteArray toPem(X509 *certificate);
/// PKCS#8, unencrypted.
[[nodiscard]] QByteArray toPem(EVP_PKEY *key);
/// The first certificate of a PEM text; null when there is none or it is broken.
[[nodiscard]] X509Ptr readCertificate(const QByteArray &pem);
/// All of them; nullopt when one is broken. Empty text gives an empty list.
[[nodiscard]] std::optional<std::vector<X509Ptr>> readCertificates(const QByteArray &pem);
/// Null when it cannot be read; encrypted keys are refused, nobody is asked for a pass phrase.
[[nodiscard]] KeyPtr readKey(const QByteArray &pem);

} // namespace catamaran::pki
