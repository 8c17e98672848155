// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "pki/ca.h"

#include "pki/openssl.h"
#include "pki/say.h"

#include <QCryptographicHash>

namespace catamaran::pki {

using core::ErrorKind;
using core::fail;
using core::Result;

namespace {

/// What OpenSSL has to say since the last call.
QString opensslWords()
{
    QString words;
    while (const unsigned long code = ERR_get_error()) {
        char text[256];
        ERR_error_string_n(code, text, sizeof text);
        words += (words.isEmpty() ? QString() : QStringLiteral("; ")) + QString::fromLatin1(text);
    }
    return words;
}

tl::unexpected<core::Error> opensslFailure(const QString &tried)
{
    return fail(ErrorKind::Internal, tried, {}, opensslWords());
}

KeyPtr makeKey(KeyType type)
{
    switch (type) {
    case KeyType::Rsa4096: return KeyPtr(EVP_RSA_gen(4096));
    case KeyType::Rsa2048: return KeyPtr(EVP_RSA_gen(2048));
    case KeyType::EcP256: return KeyPtr(EVP_EC_gen("P-256"));
    }
    return {};
}

bool addName(X509_NAME *name, const char *field, const QString &text)
{
    const QByteArray utf8 = text.toUtf8();
    return X509_NAME_add_entry_by_txt(
               name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char *>(utf8.constData()), static_cast<int>(utf8.size()), -1, 0)
        == 1;
}

bool addExtension(X509 *certificate, X509 *issuer, int nid, const QByteArray &value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.constData()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

struct Template {
    QString commonName;
    QStringList organizations;
    qint64 lifeSeconds = 0;
    QList<QPair<int, QByteArray>> extensions; ///< NID and value in OpenSSL's configuration form
};

/// One certificate for @p key, signed by @p issuerKey as @p issuer (null: self-signed).
X509Ptr sign(const Template &wanted, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuerKey)
{
    X509Ptr certificate(X509_new());
    if (!certificate || X509_set_version(certificate.get(), X509_VERSION_3) != 1)
        return {};
    const BignumPtr serial(BN_new());
    if (!serial || BN_rand(serial.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) != 1
        || !BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate.get())))
        return {};
    // One hour back: the clocks of the machines that read it differ.
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_time_adj_ex(X509_getm_notAfter(certificate.get()), static_cast<int>(wanted.lifeSeconds / 86400),
        static_cast<long>(wanted.lifeSeconds % 86400), nullptr);
    X509_NAME *subject = X509_get_subject_name(certificate.get());
    for (const QString &organization : wanted.organizations) {
        if (!addName(subject, "O", organization))
            return {};
    }
    if (!wanted.commonName.isEmpty() && !addName(subject, "CN", wanted.commonName))
        return {};
    X509 *signer = issuer ? issuer : certificate.get();
    if (X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer)) != 1 || X509_set_pubkey(certificate.get(), key) != 1)
        return {};
    for (const auto &[nid, value] : wanted.extensions) {
        if (!addExtension(certificate.get(), signer, nid, value))
            return {};
    }
    if (X509_sign(certificate.get(), issuerKey, EVP_sha256()) == 0)
        return {};
    return certificate;
}

Result<Identity> toIdentity(const QString &tried, X509 *certificate, EVP_PKEY *key, const QByteArray &chain)
{
    Identity identity;
    identity.certificate = toPem(certificate);
    identity.key = core::Secret(toPem(key));
    identity.chain = chain;
    if (identity.certificate.isEmpty() || identity.key.isEmpty())
        return opensslFailure(tried);
    return identity;
}

const QByteArray caKeyUsage = "critical,digitalSignature,nonRepudiation,keyEncipherment,keyCertSign";

/// A value inside OpenSSL's configuration syntax must not end it.
bool isPlain(const QString &text)
{
    return !text.isEmpty() && text.size() <= 512
        && std::all_of(text.begin(), text.end(), [](QChar c) { return c.isPrint() && c != u',' && c != u';' && c != u'\n'; });
}

QDateTime toDateTime(const ASN1_TIME *time)
{
    tm parts {};
    if (ASN1_TIME_to_tm(time, &parts) != 1)
        return {};
    return { QDate(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday), QTime(parts.tm_hour, parts.tm_min, parts.tm_sec), Qt::UTC };
}

QString nameText(const X509_NAME *name)
{
    const BioPtr bio(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    return QString::fromUtf8(bytesOf(bio.get()));
}

QByteArray derHash(const X509 *certificate)
{
    unsigned char *der = nullptr;
    const int length = i2d_X509(certificate, &der);
    if (length <= 0)
        return {};
    const QByteArray hash
        = QCryptographicHash::hash(QByteArrayView(reinterpret_cast<const char *>(der), length), QCryptographicHash::Sha256).toHex();
    OPENSSL_free(der);
    return hash;
}

QStringList sansOf(const X509 *certificate)
{
    QStringList sans;
    const GeneralNamesPtr names(static_cast<GENERAL_NAMES *>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names.get(), i);
        const auto text = [](const ASN1_STRING *string) {
            return QString::fromUtf8(reinterpret_cast<const char *>(ASN1_STRING_get0_data(string)), ASN1_STRING_length(string));
        };
        switch (name->type) {
        case GEN_DNS: sans += QStringLiteral("DNS:") + text(name->d.dNSName); break;
        case GEN_URI: sans += QStringLiteral("URI:") + text(name->d.uniformResourceIdentifier); break;
        case GEN_IPADD:
            if (ASN1_STRING_length(name->d.iPAddress) == 4) {
                const unsigned char *ip = ASN1_STRING_get0_data(name->d.iPAddress);
                sans += QStringLiteral("IP:%1.%2.%3.%4").arg(ip[0]).arg(ip[1]).arg(ip[2]).arg(ip[3]);
            }
            break;
        default: break;
        }
    }
    return sans;
}

constexpr qint64 maxBundle = 1024 * 1024;

/// PEM as it is; otherwise base64 of PEM.
QByteArray toPemText(const QByteArray &pemOrBase64)
{
    if (pemOrBase64.contains("-----BEGIN"))
        return pemOrBase64;
    return QByteArray::fromBase64(pemOrBase64.simplified().replace(' ', ""));
}

} // namespace

Result<Identity> makeRoot(const QString &commonName, KeyType type, int days)
{
    const QString tried = Say::tr("make a root certificate");
    const KeyPtr key = makeKey(type);
    if (!key)
        return opensslFailure(tried);
    Template wanted;
    wanted.commonName = commonName;
    wanted.organizations = { QStringLiteral("Catamaran") };
    wanted.lifeSeconds = qint64(days) * 86400;
    wanted.extensions
        = { { NID_basic_constraints, "critical,CA:TRUE" }, { NID_key_usage, caKeyUsage }, { NID_subject_key_identifier, "hash" } };
    const X509Ptr certificate = sign(wanted, key.get(), nullptr, key.get());
    if (!certificate)
        return opensslFailure(tried);
    return toIdentity(tried, certificate.get(), key.get(), {});
}

Result<Identity> makeIssuingCa(const Identity &root, const QString &commonName, const QString &dnsName, KeyType type, int days)
{
    const QString tried = Say::tr("make an issuing CA");
    const auto rootCertificate = readCertificate(root.certificate);
    const auto rootKey = readKey(root.key.reveal());
    if (!rootCertificate || !rootKey)
        return fail(ErrorKind::InvalidInput, tried, commonName, Say::tr("the root certificate or its key cannot be read"));
    if (!isPlain(dnsName))
        return fail(ErrorKind::InvalidInput, tried, dnsName, Say::tr("not a DNS name"));
    const KeyPtr key = makeKey(type);
    if (!key)
        return opensslFailure(tried);
    Template wanted;
    wanted.commonName = commonName;
    wanted.organizations = { QStringLiteral("Catamaran") };
    wanted.lifeSeconds = qint64(days) * 86400;
    wanted.extensions
        = { { NID_basic_constraints, "critical,CA:TRUE,pathlen:0" }, { NID_key_usage, caKeyUsage }, { NID_subject_key_identifier, "hash" },
              { NID_authority_key_identifier, "keyid" }, { NID_subject_alt_name, "DNS:" + dnsName.toUtf8() } };
    const X509Ptr certificate = sign(wanted, key.get(), rootCertificate.get(), rootKey.get());
    if (!certificate)
        return opensslFailure(tried);
    return toIdentity(tried, certificate.get(), key.get(), root.certificate + root.chain);
}

Result<Identity> makeLeaf(const Identity &issuer, const LeafRequest &request)
{
    const QString tried = Say::tr("make a certificate");
    const auto issuerCertificate = readCertificate(issuer.certificate);
    const auto issuerKey = readKey(issuer.key.reveal());
    if (!issuerCertificate || !issuerKey)
        return fail(ErrorKind::InvalidInput, tried, request.commonName, Say::tr("the issuing certificate or its key cannot be read"));
    QByteArrayList sans;
    const auto collect = [&sans](const char *prefix, const QStringList &values) {
        for (const QString &value : values) {
            if (!isPlain(value))
                return false;
            sans += prefix + value.toUtf8();
        }
        return true;
    };
    if (!collect("DNS:", request.dnsNames) || !collect("IP:", request.ipAddresses) || !collect("URI:", request.uris))
        return fail(
            ErrorKind::InvalidInput, tried, request.commonName, Say::tr("a subject alternative name has a character that is not allowed"));
    const KeyPtr key = makeKey(request.type);
    if (!key)
        return opensslFailure(tried);
    Template wanted;
    wanted.commonName = request.commonName;
    wanted.organizations = request.organizations;
    wanted.lifeSeconds = qint64(request.hours) * 3600;
    wanted.extensions = { { NID_basic_constraints, "critical,CA:FALSE" }, { NID_key_usage, "critical,digitalSignature,keyEncipherment" },
        { NID_authority_key_identifier, "keyid" } };
    QByteArrayList usages;
    if (request.server)
        usages += "serverAuth";
    if (request.client)
        usages += "clientAuth";
    if (!usages.isEmpty())
        wanted.extensions.append({ NID_ext_key_usage, usages.join(',') });
    if (!sans.isEmpty()) // critical when the subject is empty, as X.509 asks
        wanted.extensions.append({ NID_subject_alt_name, (request.commonName.isEmpty() ? "critical," : "") + sans.join(',') });
    const X509Ptr certificate = sign(wanted, key.get(), issuerCertificate.get(), issuerKey.get());
    if (!certificate)
        return opensslFailure(tried);
    return toIdentity(tried, certificate.get(), key.get(), issuer.certificate + issuer.chain);
}

Result<QList<CertificateInfo>> readBundle(const QByteArray &pemOrBase64)
{
    const QString tried = Say::tr("read certificates");
    if (pemOrBase64.size() > maxBundle)
        return fail(ErrorKind::InvalidInput, tried, {}, Say::tr("the bundle is larger than 1 MiB"));
    auto certificates = readCertificates(toPemText(pemOrBase64));
    if (!certificates)
        return fail(ErrorKind::InvalidInput, tried, {}, Say::tr("a certificate is broken: %1").arg(opensslWords()));
    if (certificates->empty())
        return fail(ErrorKind::InvalidInput, tried, {}, Say::tr("there is no certificate in it"));
    QList<CertificateInfo> infos;
    for (const X509Ptr &certificate : *certificates) {
        CertificateInfo info;
        info.subject = nameText(X509_get_subject_name(certificate.get()));
        info.issuer = nameText(X509_get_issuer_name(certificate.get()));
        const BignumPtr serial(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate.get()), nullptr));
        if (char *hex = serial ? BN_bn2hex(serial.get()) : nullptr) {
            info.serial = QString::fromLatin1(hex).toLower();
            OPENSSL_free(hex);
        }
        info.notBefore = toDateTime(X509_get0_notBefore(certificate.get()));
        info.notAfter = toDateTime(X509_get0_notAfter(certificate.get()));
        info.isCa = X509_check_ca(certificate.get()) == 1;
        info.selfSigned = X509_self_signed(certificate.get(), 1) == 1;
        info.sans = sansOf(certificate.get());
        info.sha256 = QString::fromLatin1(derHash(certificate.get()));
        infos.append(info);
    }
    ERR_clear_error();
    return infos;
}

Result<QSet<QString>> rootFingerprints(const QByteArray &pemOrBase64)
{
    const auto infos = readBundle(pemOrBase64);
    if (!infos)
        return fail(infos.error());
    QSet<QString> roots;
    QSet<QString> all;
    for (const CertificateInfo &info : *infos) {
        all.insert(info.sha256);
        if (info.selfSigned)
            roots.insert(info.sha256);
    }
    return roots.isEmpty() ? all : roots;
}

bool sameRoots(const QSet<QString> &a, const QSet<QString> &b)
{
    return !a.isEmpty() && a == b;
}

bool shareARoot(const QSet<QString> &a, const QSet<QString> &b)
{
    return a.intersects(b);
}

Result<core::Done> verifyChain(const QByteArray &certificate, const QByteArray &chain, const QByteArray &roots, const QDateTime &when)
{
    const QString tried = Say::tr("verify a certificate chain");
    const auto leaf = readCertificate(certificate);
    const auto middle = readCertificates(chain);
    const auto anchors = readCertificates(roots);
    if (!leaf || !middle || !anchors || anchors->empty())
        return fail(ErrorKind::InvalidInput, tried, {}, Say::tr("a certificate cannot be read"));
    const StorePtr store(X509_STORE_new());
    for (const X509Ptr &anchor : *anchors)
        X509_STORE_add_cert(store.get(), anchor.get());
    STACK_OF(X509) *untrusted = sk_X509_new_null();
    for (const X509Ptr &link : *middle)
        sk_X509_push(untrusted, link.get());
    const StoreContextPtr context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), untrusted);
    X509_STORE_CTX_set_time(context.get(), 0, when.toSecsSinceEpoch());
    const bool verified = X509_verify_cert(context.get()) == 1;
    const int reason = X509_STORE_CTX_get_error(context.get());
    sk_X509_free(untrusted);
    ERR_clear_error();
    if (!verified)
        return fail(
            ErrorKind::Tls, tried, nameText(X509_get_subject_name(leaf.get())), QString::fromLatin1(X509_verify_cert_error_string(reason)));
    return core::Done {};
}

bool keyMatches(const QByteArray &certificate, const core::Secret &key)
{
    const auto x509 = readCertificate(certificate);
    const auto pkey = readKey(key.reveal());
    const bool matches = x509 && pkey && X509_check_private_key(x509.get(), pkey.get()) == 1;
    ERR_clear_error();
    return matches;
}

} // namespace catamaran::pki
