// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QStringList>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

/// Certificates that nobody should be given: expired, of tomorrow, for any name. pki makes only sound ones.
namespace catamaran::test {

struct Paper {
    QByteArray certificate, key; ///< PEM
};

struct PaperRequest {
    QByteArray commonName;
    QByteArray names; ///< "IP:127.0.0.1,DNS:a"; empty: none
    qint64 from = -3600, until = 24 * 3600; ///< seconds from now
    bool isAuthority = false;
};

/// Signed by @p issuer, or by itself.
inline Paper makePaper(const PaperRequest &request, const Paper *issuer = nullptr)
{
    using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
    using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
    using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
    const auto open = [](const QByteArray &pem) { return Bio(BIO_new_mem_buf(pem.constData(), int(pem.size())), BIO_free_all); };
    const auto text = [](const Bio &bio) {
        char *data = nullptr;
        const long size = BIO_get_mem_data(bio.get(), &data);
        return QByteArray(data, size);
    };
    const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const Certificate certificate(X509_new(), X509_free);
    static long serial = 4711;
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), long(request.from));
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), long(request.until));
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME *name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(
        name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char *>(request.commonName.constData()), -1, -1, 0);
    Certificate above(nullptr, X509_free);
    Key signer(nullptr, EVP_PKEY_free);
    if (issuer) {
        above.reset(PEM_read_bio_X509(open(issuer->certificate).get(), nullptr, nullptr, nullptr));
        signer.reset(PEM_read_bio_PrivateKey(open(issuer->key).get(), nullptr, nullptr, nullptr));
    }
    X509_set_issuer_name(certificate.get(), above ? X509_get_subject_name(above.get()) : name);
    const auto extend = [&](int id, const QByteArray &value) {
        X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value.constData());
        X509_add_ext(certificate.get(), extension, -1);
        X509_EXTENSION_free(extension);
    };
    extend(NID_basic_constraints, request.isAuthority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (request.isAuthority)
        extend(NID_key_usage, "critical,keyCertSign");
    if (!request.names.isEmpty())
        extend(NID_subject_alt_name, request.names);
    X509_sign(certificate.get(), signer ? signer.get() : key.get(), EVP_sha256());
    const Bio certificateText(BIO_new(BIO_s_mem()), BIO_free_all), keyText(BIO_new(BIO_s_mem()), BIO_free_all);
    PEM_write_bio_X509(certificateText.get(), certificate.get());
    PEM_write_bio_PrivateKey(keyText.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return { text(certificateText), text(keyText) };
}

} // namespace catamaran::test
