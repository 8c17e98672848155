// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/renewal.h"

#include "kube/execplugin.h"
#include "kube/say.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace catamaran::kube {

using core::ErrorKind;
using core::Result;

namespace {

/// What `exp` of a JWT says, unverified: whoever sent it knows best. Null for any other token.
QDateTime endOfToken(const QByteArray &token)
{
    const QList<QByteArray> parts = token.split('.');
    if (parts.size() != 3)
        return {};
    const auto claims = QByteArray::fromBase64Encoding(parts.at(1), QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    const double end = claims ? QJsonDocument::fromJson(*claims).object().value(u"exp").toDouble() : 0;
    return end > 0 && end < 253402300800.0 ? QDateTime::fromSecsSinceEpoch(static_cast<qint64>(end), Qt::UTC) : QDateTime(); // year 10000
}

ExecCredential credentialOf(const ClusterAccess &access, const QDateTime &told)
{
    ExecCredential credential { access.token, access.tls.clientChain, access.tls.clientKey, {}, credentialsEnd(access, told) };
    for (const QSslCertificate &certificate : access.tls.clientChain)
        credential.certificatePem += certificate.toPem();
    return credential;
}

} // namespace

QDateTime credentialsEnd(const ClusterAccess &access, const QDateTime &told)
{
    QDateTime end = told;
    for (const QDateTime &one : { access.clientCertificateExpires, endOfToken(access.token.reveal()) })
        if (one.isValid() && (!end.isValid() || one < end))
            end = one;
    return end;
}

void renewBeforeItEnds(ClusterAccess &access, const QDateTime &told, RenewAccess renew, core::Clock clock)
{
    auto plugin = std::make_shared<ExecPlugin>();
    plugin->origin = access.name;
    plugin->clock = std::move(clock);
    plugin->first = std::make_shared<const ExecCredential>(credentialOf(access, told));
    plugin->fetch = [renew = std::move(renew), name = access.name, server = access.server](
                        std::function<void(const Result<ExecCredential> &)> handler) {
        renew([name, server, handler = std::move(handler)](const Result<RenewedAccess> &renewed) {
            if (!renewed)
                handler(core::fail(renewed.error()));
            else if (renewed->access.server != server)
                handler(core::fail(ErrorKind::Precondition, Say::tr("renew the kubeconfig"), name,
                    Say::tr("the new one leads to another server: %1").arg(renewed->access.server.toString(QUrl::RemoveUserInfo)),
                    Say::tr("Open the environment again.")));
            else
                handler(credentialOf(renewed->access, renewed->expires));
        });
    };
    access.plugin = std::move(plugin);
}

} // namespace catamaran::kube
