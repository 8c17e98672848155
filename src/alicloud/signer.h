// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/credentials.h"

#include <QDateTime>

/// ACS3-HMAC-SHA256 (facts asm-openapi 2). Pure functions.
namespace catamaran::alicloud {

using Parameters = QMap<QString, QString>; ///< sorted by key, as the canonical query wants it

struct UnsignedRequest {
    QByteArray method = "POST";
    QString host; ///< with the port unless it is 443
    QString path = QStringLiteral("/");
    Parameters query;
    QByteArray body; ///< as sent
    QByteArray contentType; ///< empty without a body
    QString action, version;
    QDateTime date; ///< UTC
    QByteArray nonce;
};

/// RFC 3986 encoding as the signature wants it: unreserved stay, everything else %XX upper-case.
[[nodiscard]] QByteArray percentEncode(const QString &text);
/// Sorted key=value pairs joined with '&', both encoded: canonical query and form body.
[[nodiscard]] QByteArray encodeParameters(const Parameters &parameters);
[[nodiscard]] QByteArray canonicalRequest(const UnsignedRequest &request, const Credentials &credentials);
/// Every header to send (x-acs-*, content-type, Authorization; not host).
[[nodiscard]] net::Headers signedHeaders(const UnsignedRequest &request, const Credentials &credentials);

} // namespace catamaran::alicloud
