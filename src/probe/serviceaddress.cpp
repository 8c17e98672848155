// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/serviceaddress.h"

#include "core/wholepattern.h"
#include "probe/say.h"

#include <QHostAddress>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

namespace catamaran::probe {

using core::ErrorKind;
using core::Result;

namespace {

/// What curl says when the name has no address, and when nobody answers who could know it.
bool isUnresolved(const Sample &sample)
{
    return sample.curlExit == 6 || (sample.curlExit == 28 && sample.error.startsWith(QLatin1String("Resolving timed out")));
}

QString hostOf(const RunSpec &spec)
{
    return QUrl(spec.url, QUrl::StrictMode).host();
}

} // namespace

std::optional<ServiceName> serviceOfHost(const QString &host, const QString &ns)
{
    static const QRegularExpression label = core::wholePattern(QStringLiteral("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"));
    if (!QHostAddress(host).isNull())
        return std::nullopt;
    const QStringList parts = host.split(u'.');
    const bool isService = parts.size() <= 2 || parts[2] == u"svc";
    if (!isService || std::any_of(parts.begin(), parts.end(), [](const QString &part) { return !label.match(part).hasMatch(); }))
        return std::nullopt;
    return ServiceName { parts.size() > 1 ? parts[1] : ns, parts[0] };
}

Result<QString> clusterAddress(const QJsonObject &service)
{
    const QJsonObject spec = service.value(u"spec").toObject();
    const QString address = spec.value(u"clusterIP").toString();
    if (!QHostAddress(address).isNull())
        return address;
    const QString name = service.value(u"metadata").toObject().value(u"name").toString();
    if (spec.value(u"type").toString() == u"ExternalName") {
        const QString host = spec.value(u"externalName").toString();
        return core::fail(ErrorKind::Precondition, Say::tr("look a service up"), name,
            Say::tr("it is of type ExternalName: it stands for %1, and no pod answers to it").arg(host),
            Say::tr("Write that name into the URL, if it is what you mean to ask."));
    }
    return core::fail(ErrorKind::Precondition, Say::tr("look a service up"), name,
        address == u"None" ? Say::tr("it is headless: it has no address of its own") : Say::tr("it has no cluster address"),
        Say::tr("Write the address of one of its pods into the URL."));
}

QFuture<Result<QString>> lookUpAddress(kube::KubeClient &client, const RunSpec &spec, std::stop_token stop)
{
    const auto service = serviceOfHost(hostOf(spec), spec.source.ns);
    if (!service)
        return core::readyFuture<Result<QString>>(
            core::fail(ErrorKind::InvalidInput, Say::tr("look a service up"), hostOf(spec), Say::tr("this is not the name of a service"),
                Say::tr("Write it like http://helloworld:5000/hello or http://helloworld.sample:5000/hello.")));
    return core::mapped(client.get(kube::kinds::services, service->ns, service->name, stop),
        [](const Result<QJsonObject> &object) { return object ? clusterAddress(*object) : Result<QString>(core::fail(object.error())); });
}

QString adviceForNames(const RunSpec &spec, const Summary &summary, const QList<Sample> &samples)
{
    const bool none = summary.requests > 0 && summary.ok == 0 && std::all_of(samples.begin(), samples.end(), &isUnresolved);
    if (!none)
        return {};
    const QString host = hostOf(spec);
    const auto service = serviceOfHost(host, spec.source.ns);
    if (!service)
        return Say::tr("The name “%1” means nothing in the pod, and it is not the name of a service.").arg(host);
    return Say::tr("The name “%1” means nothing in the pod: there is no service %2 in namespace %3 of %4, or the cluster has no DNS. "
                   "With --cluster-address the API server is asked for the service's address instead.")
        .arg(host, service->name, service->ns, spec.source.cluster);
}

} // namespace catamaran::probe
