// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "kube/kubeconfig.h"

#include <QHostAddress>

/// Three lines: a server, HTTPS_PROXY, NO_PROXY. The proxy is none or an address; loopback is never proxied; naming the
/// host in NO_PROXY takes it out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace catamaran::kube;
    using catamaran::fuzz::require;
    const QList<QByteArray> lines = catamaran::fuzz::bytesOf(data, size).split('\n');
    const QUrl server(QStringLiteral("https://") + QString::fromUtf8(lines.value(0)), QUrl::StrictMode);
    const QString variable = QString::fromUtf8(lines.value(1)), except = QString::fromUtf8(lines.value(2));
    const auto ask = [&](const QString &noProxy) {
        return proxyFromEnvironment(server, { { QStringLiteral("HTTPS_PROXY"), variable }, { QStringLiteral("NO_PROXY"), noProxy } });
    };
    const QString proxy = ask(except);
    require(proxy.isEmpty() || proxy.contains(QLatin1StringView("://")), "a proxy has a scheme");
    require(!variable.isEmpty() || proxy.isEmpty(), "no proxy comes from nowhere");
    require(ask(except + QStringLiteral(",*")).isEmpty(), "a star takes everything out");
    const QHostAddress address(server.host());
    if (address.isLoopback())
        require(proxy.isEmpty(), "loopback is never proxied");
    if (server.isValid() && !server.host().isEmpty() && address.isNull() && !server.host().contains(u',') && !server.host().startsWith(u'.')
        && !server.host().contains(u'*') && !server.host().contains(u'%'))
        require(ask(server.host()).isEmpty(), "a host that is named is not proxied");
    require(ask({}).isEmpty() || proxy.isEmpty() || proxy == ask({}), "an exception takes out, it does not change");
    return 0;
}
