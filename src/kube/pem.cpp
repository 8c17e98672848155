// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/pem.h"

#include "kube/say.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace catamaran::kube {

using core::ErrorKind;
using core::Result;

namespace {

template <auto Free> struct Deleter {
    template <typename T> void operator()(T *pointer) const { Free(pointer); }
};
using BioPtr = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Deleter<X509_free>>;

BioPtr bioOf(const QByteArray &bytes)
{
    return BioPtr(BIO_new_mem_buf(bytes.constData(), static_cast<int>(bytes.size())));
}

KeyPtr readKey(const QByteArray &pem)
{
    const BioPtr bio = bioOf(pem);
    // An encrypted key must fail, never ask on a terminal.
    KeyPtr key(bio ? PEM_read_bio_PrivateKey(
                   bio.get(), nullptr, [](char *, int, int, void *) { return -1; }, nullptr)
                   : nullptr);
    ERR_clear_error();
    return key;
}

} // namespace

Result<QList<QSslCertificate>> parseCertificates(const QByteArray &pem)
{
    if (!pem.contains("-----BEGIN "))
        return core::fail(ErrorKind::InvalidInput, {}, {}, Say::tr("it holds no PEM certificate"));
    const auto blocks = pem.count("-----BEGIN CERTIFICATE-----") + pem.count("-----BEGIN TRUSTED CERTIFICATE-----")
        + pem.count("-----BEGIN X509 CERTIFICATE-----");
    const QList<QSslCertificate> certificates = QSslCertificate::fromData(pem, QSsl::Pem);
    if (certificates.isEmpty())
        return core::fail(ErrorKind::InvalidInput, {}, {}, Say::tr("it holds no readable certificate"));
    if (certificates.size() < blocks)
        return core::fail(ErrorKind::InvalidInput, {}, {}, Say::tr("one of its %1 certificates is broken").arg(blocks));
    return certificates;
}

Result<QSslKey> parsePrivateKey(const QByteArray &pem)
{
    if (pem.contains("ENCRYPTED"))
        return core::fail(ErrorKind::InvalidInput, {}, {}, Say::tr("the private key is encrypted, which kubeconfig does not provide for"));
    KeyPtr key = readKey(pem);
    if (!key)
        return core::fail(ErrorKind::InvalidInput, {}, {}, Say::tr("it holds no readable private key"));
    QSslKey result;
    switch (EVP_PKEY_get_base_id(key.get())) {
    case EVP_PKEY_RSA: result = QSslKey(pem, QSsl::Rsa, QSsl::Pem); break;
    case EVP_PKEY_EC: result = QSslKey(pem, QSsl::Ec, QSsl::Pem); break;
    case EVP_PKEY_DSA: result = QSslKey(pem, QSsl::Dsa, QSsl::Pem); break;
    default: break;
    }
    if (result.isNull()) // Qt has no name for this algorithm, but its OpenSSL uses the handle as it is; it takes it over
        result = QSslKey(Qt::HANDLE(key.release()), QSsl::PrivateKey);
    return result;
}

bool keyBelongsTo(const QByteArray &certificatePem, const QByteArray &keyPem)
{
    const BioPtr bio = bioOf(certificatePem);
    const X509Ptr certificate(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
    const KeyPtr key = readKey(keyPem);
    const bool fits = certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
    ERR_clear_error();
    return fits;
}

} // namespace catamaran::kube
