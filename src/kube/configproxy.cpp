// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/configdata.h"

#include "kube/say.h"

#include <QHostAddress>

/// Which proxy stands before a server, as Go's httpproxy decides it.
namespace catamaran::kube {

using core::Error;
using core::ErrorKind;

namespace {

/// One part of NO_PROXY: host, address or domain, with a port or without.
struct Exception {
    QString host, port;
};

/// "host", "host:port", "[address]:port" or an address; nothing for what is none of them.
std::optional<Exception> exceptionOf(const QString &text)
{
    if (text.startsWith(u'[')) {
        const auto end = text.indexOf(u']');
        if (end < 0 || !text.mid(end + 1).startsWith(u':'))
            return std::nullopt;
        return Exception { text.mid(1, end - 1), text.mid(end + 2) };
    }
    if (text.count(u':') == 1) {
        const auto colon = text.indexOf(u':');
        return colon == 0 ? std::nullopt : std::optional(Exception { text.left(colon), text.mid(colon + 1) });
    }
    return Exception { text, {} };
}

bool isInRange(const QHostAddress &address, const QString &range)
{
    const QString base = range.section(u'/', 0, 0);
    if (address.isNull() || QHostAddress(base).isNull() || (!base.contains(u':') && base.count(u'.') != 3)) // Qt reads "10.1" as well
        return false;
    const auto subnet = QHostAddress::parseSubnet(range);
    return subnet.second >= 0 && !subnet.first.isNull() && subnet.first.protocol() == address.protocol() && address.isInSubnet(subnet);
}

bool takesOut(const Exception &exception, const QString &host, const QHostAddress &address)
{
    if (const QHostAddress named(exception.host); !named.isNull())
        return !address.isNull() && named.isEqual(address);
    if (exception.host.isEmpty())
        return false;
    const QString name = exception.host.startsWith(QLatin1StringView("*.")) ? exception.host.mid(1) : exception.host;
    if (name.startsWith(u'.'))
        return host.endsWith(name);
    return host == name || host.endsWith(u'.' + name);
}

} // namespace

std::optional<Error> checkProxy(const QString &where, const QString &proxy, bool fromEnvironment)
{
    if (proxy.isEmpty())
        return std::nullopt;
    const QString name
        = fromEnvironment ? Say::tr("the proxy of the environment (HTTPS_PROXY or HTTP_PROXY)") : QStringLiteral("proxy-url");
    const auto wrong = [&](ErrorKind kind, const QString &answer, const QString &remedy) {
        return Error::make(kind, Say::tr("use the kubeconfig"), where, answer, remedy);
    };
    const QUrl url(proxy, QUrl::StrictMode);
    const QString scheme = url.scheme();
    const QString form = Say::tr("Write it like http://proxy.example.com:3128.");
    if (!url.isValid() || url.host().isEmpty())
        return wrong(ErrorKind::InvalidInput, Say::tr("%1 is not an address").arg(name), form);
    if (scheme == u"https")
        return wrong(ErrorKind::Unsupported, Say::tr("%1 is reached over TLS (https://), which is not supported here").arg(name),
            Say::tr("Use an http:// or socks5:// proxy; the connection to the server inside it is encrypted all the same."));
    if (scheme != u"http" && scheme != u"socks5" && !(fromEnvironment && scheme == u"socks5h"))
        return wrong(
            ErrorKind::InvalidInput, Say::tr("%1 has the scheme “%2”; http, https and socks5 exist").arg(name, scheme.left(20)), form);
    return std::nullopt;
}

QString proxyFromEnvironment(const QUrl &server, const QMap<QString, QString> &environment)
{
    const auto variable = [&](const char *name) {
        const QString upper = environment.value(QString::fromLatin1(name));
        return upper.isEmpty() ? environment.value(QString::fromLatin1(name).toLower()) : upper;
    };
    const bool secure = server.scheme() == u"https";
    const QString proxy = variable(secure ? "HTTPS_PROXY" : "HTTP_PROXY").trimmed();
    const QString host = server.host().toLower();
    const QString port = QString::number(server.port(secure ? 443 : 80));
    const QHostAddress address(host);
    if (proxy.isEmpty() || host == u"localhost" || (!address.isNull() && address.isLoopback()))
        return {};
    for (const QString &part : variable("NO_PROXY").split(u',', Qt::SkipEmptyParts)) {
        const QString rule = part.trimmed().toLower();
        if (rule == u"*" || (rule.contains(u'/') && isInRange(address, rule)))
            return {};
        if (rule.isEmpty() || rule.contains(u'/'))
            continue;
        const auto exception = exceptionOf(rule);
        if (exception && (exception->port.isEmpty() || exception->port == port) && takesOut(*exception, host, address))
            return {};
    }
    return proxy.contains(QLatin1StringView("://")) ? proxy : QStringLiteral("http://") + proxy;
}

} // namespace catamaran::kube
