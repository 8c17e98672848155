// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "alicloud/signer.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>

namespace catamaran::alicloud {

namespace {

constexpr auto algorithm = "ACS3-HMAC-SHA256";

QByteArray sha256Hex(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

/// What is signed besides method, path and query: lower-case names, sorted, trimmed values.
QMap<QByteArray, QByteArray> headersToSign(const UnsignedRequest &request, const Credentials &credentials)
{
    QMap<QByteArray, QByteArray> headers {
        { "host", request.host.toUtf8() },
        { "x-acs-action", request.action.toUtf8() },
        { "x-acs-content-sha256", sha256Hex(request.body) },
        { "x-acs-date", request.date.toUTC().toString(QStringLiteral("yyyy-MM-ddTHH:mm:ssZ")).toLatin1() },
        { "x-acs-signature-nonce", request.nonce },
        { "x-acs-version", request.version.toUtf8() },
    };
    if (!request.body.isEmpty())
        headers.insert("content-type", request.contentType);
    if (!credentials.securityToken.isEmpty()) {
        headers.insert("x-acs-accesskey-id", credentials.accessKeyId.toUtf8());
        headers.insert("x-acs-security-token", credentials.securityToken.reveal());
    }
    return headers;
}

/// The path, encoded segment by segment.
QByteArray canonicalPath(const QString &path)
{
    QByteArrayList segments;
    for (const QString &segment : path.split(u'/'))
        segments.append(percentEncode(segment));
    return segments.join('/');
}

} // namespace

QByteArray percentEncode(const QString &text)
{
    // QByteArray keeps exactly the unreserved characters of RFC 3986 and writes upper-case hex.
    return text.toUtf8().toPercentEncoding();
}

QByteArray encodeParameters(const Parameters &parameters)
{
    QByteArrayList pairs;
    for (auto it = parameters.begin(); it != parameters.end(); ++it)
        pairs.append(percentEncode(it.key()) + '=' + percentEncode(it.value()));
    return pairs.join('&');
}

QByteArray canonicalRequest(const UnsignedRequest &request, const Credentials &credentials)
{
    const auto headers = headersToSign(request, credentials);
    QByteArray block;
    for (auto it = headers.begin(); it != headers.end(); ++it)
        block += it.key() + ':' + it.value().trimmed() + '\n';
    return QByteArrayList { request.method, canonicalPath(request.path), encodeParameters(request.query), block, headers.keys().join(';'),
        headers.value("x-acs-content-sha256") }
        .join('\n');
}

net::Headers signedHeaders(const UnsignedRequest &request, const Credentials &credentials)
{
    const QByteArray toSign = QByteArray(algorithm) + '\n' + sha256Hex(canonicalRequest(request, credentials));
    const QByteArray signature
        = QMessageAuthenticationCode::hash(toSign, credentials.accessKeySecret.reveal(), QCryptographicHash::Sha256).toHex();
    const auto headers = headersToSign(request, credentials);
    net::Headers all;
    for (auto it = headers.begin(); it != headers.end(); ++it) {
        if (it.key() != "host")
            all.append({ it.key(), it.value() });
    }
    all.append({ "authorization",
        QByteArray(algorithm) + " Credential=" + credentials.accessKeyId.toUtf8() + ",SignedHeaders=" + headers.keys().join(';')
            + ",Signature=" + signature });
    return all;
}

} // namespace catamaran::alicloud
