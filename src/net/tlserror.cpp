// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "net/httpclient.h"

#include "core/printable.h"
#include "net/say.h"
#include "net/shownurl.h"

#include <QDateTime>

#include <algorithm>
#include <array>

/// What a refused certificate or a broken handshake means, in words that say what to do.
namespace catamaran::net {

using core::Error;
using core::ErrorKind;

namespace {

constexpr int mostNames = 6;

QString plain(const QString &text)
{
    return core::printableLine(text.left(200).simplified()); // it comes from a certificate that nobody vouches for
}

/// "3 days", "5 hours", "12 minutes".
QString span(qint64 seconds)
{
    if (seconds >= 2 * 24 * 3600)
        return Say::tr("%n day(s)", nullptr, int(seconds / (24 * 3600)));
    if (seconds >= 2 * 3600)
        return Say::tr("%n hour(s)", nullptr, int(seconds / 3600));
    return Say::tr("%n minute(s)", nullptr, int(std::max<qint64>(seconds / 60, 1)));
}

QString namesOf(const QSslCertificate &certificate)
{
    QStringList names = certificate.subjectAlternativeNames().values();
    if (names.isEmpty())
        names = certificate.subjectInfo(QSslCertificate::CommonName);
    names.removeDuplicates();
    std::sort(names.begin(), names.end());
    const auto all = names.size();
    QStringList kept;
    for (const QString &name : names.mid(0, mostNames))
        kept.append(plain(name));
    if (all > mostNames)
        kept.append(Say::tr("and %1 more").arg(all - mostNames));
    return kept.isEmpty() ? Say::tr("no name at all") : kept.join(QStringLiteral(", "));
}

struct Words {
    QString answer, remedy;
};

/// The most telling first: a certificate of an unknown authority that has expired as well is first of all unknown.
int weight(QSslError::SslError error)
{
    static constexpr std::array order { QSslError::SelfSignedCertificate, QSslError::SelfSignedCertificateInChain,
        QSslError::UnableToGetLocalIssuerCertificate, QSslError::CertificateUntrusted, QSslError::CertificateExpired,
        QSslError::CertificateNotYetValid, QSslError::HostNameMismatch, QSslError::UnableToVerifyFirstCertificate };
    return int(std::find(order.begin(), order.end(), error) - order.begin());
}

Words wordsOf(const QSslError &error, const QString &host)
{
    const QSslCertificate certificate = error.certificate();
    const QDateTime now = QDateTime::currentDateTimeUtc();
    switch (error.error()) {
    case QSslError::SelfSignedCertificate:
        return {
            Say::tr("the server's certificate is self-signed (%1)").arg(plain(certificate.subjectDisplayName())),
            Say::tr(
                "It is not signed by a trusted authority: if it is the right server, give this certificate as its certificate-authority.")
        };
    case QSslError::SelfSignedCertificateInChain:
        return {
            Say::tr("the server's certificates end in the authority “%1”, which is not trusted")
                .arg(plain(certificate.subjectDisplayName())),
            Say::tr(
                "The server's certificate is not signed by a trusted authority: check the CA given for this server. A proxy that opens TLS connections signs with its own.")
        };
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::CertificateUntrusted:
        return { Say::tr("the server's certificate is signed by “%1”, which is not trusted").arg(plain(certificate.issuerDisplayName())),
            Say::tr("The server's certificate is not signed by a trusted authority: check the CA given for this server.") };
    case QSslError::CertificateExpired: {
        const QDateTime end = certificate.expiryDate().toUTC();
        return { Say::tr("the certificate of “%1” expired %2 ago, on %3")
                     .arg(plain(certificate.subjectDisplayName()), span(end.secsTo(now)), end.toString(Qt::ISODate)),
            Say::tr("Renew the server's certificate. If it is not that old, check this machine's clock: it says %1.")
                .arg(now.toString(Qt::ISODate)) };
    }
    case QSslError::CertificateNotYetValid: {
        const QDateTime begin = certificate.effectiveDate().toUTC();
        return { Say::tr("the certificate of “%1” is valid only in %2, from %3")
                     .arg(plain(certificate.subjectDisplayName()), span(now.secsTo(begin)), begin.toString(Qt::ISODate)),
            Say::tr("Check this machine's clock: it says %1.").arg(now.toString(Qt::ISODate)) };
    }
    case QSslError::HostNameMismatch:
        return { Say::tr("the server's certificate is not for “%1”, but for %2").arg(host, namesOf(certificate)),
            Say::tr("The certificate is for another name: check the address, or set tls-server-name to one of its names.") };
    default: return { error.errorString(), Say::tr("Check the server's certificate and the CA given for it.") };
    }
}

} // namespace

Error tlsError(const QString &tried, const QUrl &url, const QList<QSslError> &errors, const QString &serverName)
{
    if (errors.isEmpty())
        return Error::make(ErrorKind::Tls, tried, shownUrl(url), Say::tr("the handshake failed"),
            Say::tr("Check that the address and port are the server's."));
    const auto worst = std::min_element(
        errors.begin(), errors.end(), [](const QSslError &a, const QSslError &b) { return weight(a.error()) < weight(b.error()); });
    const Words words = wordsOf(*worst, serverName.isEmpty() ? url.host() : serverName);
    return Error::make(ErrorKind::Tls, tried, shownUrl(url), words.answer, words.remedy);
}

Error handshakeError(const QString &tried, const QUrl &url, const QString &words)
{
    const auto says = [&words](const char *part) { return words.contains(QLatin1StringView(part), Qt::CaseInsensitive); };
    const auto made
        = [&](const QString &answer, const QString &remedy) { return Error::make(ErrorKind::Tls, tried, shownUrl(url), answer, remedy); };
    const QString detail = plain(words);
    if (says("wrong version number") || says("packet length too long") || says("http request") || says("unknown protocol"))
        return made(Say::tr("the other side does not speak TLS on this port (%1)").arg(detail),
            Say::tr("Check the port; if this server is meant to be plain http, its address begins with http://"));
    if (says("protocol version") || says("unsupported protocol") || says("no protocols available"))
        return made(Say::tr("the server speaks only versions of TLS before 1.2 (%1)").arg(detail),
            Say::tr("Let the server, or the load balancer before it, offer TLS 1.2 or 1.3."));
    if (says("alert certificate expired"))
        return made(
            Say::tr("the server says that our client certificate has expired (%1)").arg(detail), Say::tr("Fetch a new kubeconfig."));
    if (says("certificate required") || says("bad certificate") || says("unknown ca") || says("certificate unknown")
        || says("certificate revoked") || says("unsupported certificate") || says("decrypt error") || says("access denied"))
        return made(Say::tr("the server does not accept our client certificate, or wants one (%1)").arg(detail),
            Say::tr("Check the user's client-certificate and client-key: the server's own authority must have signed them."));
    if (says("unrecognized name"))
        return made(Say::tr("the server has nothing by the name “%1” (%2)").arg(url.host(), detail),
            Say::tr("Check the address, or set tls-server-name."));
    if (says("handshake failure") || says("no shared cipher"))
        return made(Say::tr("the server and we have no way of encryption in common, or it wants a client certificate (%1)").arg(detail),
            Say::tr("Let the server offer current ciphers; check the user's client certificate."));
    return made(detail.isEmpty() ? Say::tr("the handshake failed") : detail,
        Say::tr("The other side may not speak TLS, or may not trust our client certificate."));
}

} // namespace catamaran::net
