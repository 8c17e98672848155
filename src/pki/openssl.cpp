// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "pki/openssl.h"

namespace catamaran::pki {

namespace {

BioPtr reader(const QByteArray &bytes)
{
    return BioPtr(BIO_new_mem_buf(bytes.constData(), static_cast<int>(bytes.size())));
}

int noPassPhrase(char *, int, int, void *)
{
    return -1;
}

} // namespace

QByteArray bytesOf(BIO *memory)
{
    char *data = nullptr;
    const long length = BIO_get_mem_data(memory, &data);
    return length > 0 ? QByteArray(data, length) : QByteArray();
}

QByteArray toPem(X509 *certificate)
{
    const BioPtr bio(BIO_new(BIO_s_mem()));
    return PEM_write_bio_X509(bio.get(), certificate) == 1 ? bytesOf(bio.get()) : QByteArray();
}

QByteArray toPem(EVP_PKEY *key)
{
    const BioPtr bio(BIO_new(BIO_s_secmem()));
    return PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1 ? bytesOf(bio.get()) : QByteArray();
}

X509Ptr readCertificate(const QByteArray &pem)
{
    const BioPtr bio = reader(pem);
    return X509Ptr(PEM_read_bio_X509(bio.get(), nullptr, noPassPhrase, nullptr));
}

std::optional<std::vector<X509Ptr>> readCertificates(const QByteArray &pem)
{
    std::vector<X509Ptr> certificates;
    const BioPtr bio = reader(pem);
    while (X509 *certificate = PEM_read_bio_X509(bio.get(), nullptr, noPassPhrase, nullptr))
        certificates.emplace_back(certificate);
    // The loop ends with "no start line" at the end of the text; anything else is a broken certificate.
    const unsigned long last = ERR_peek_last_error();
    if (last != 0 && !(ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE))
        return std::nullopt;
    ERR_clear_error();
    return certificates;
}

KeyPtr readKey(const QByteArray &pem)
{
    const BioPtr bio = reader(pem);
    return KeyPtr(PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassPhrase, nullptr));
}

} // namespace catamaran::pki
