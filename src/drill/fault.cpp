// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/fault.h"

#include "core/async.h"
#include "drill/faults/kinds.h"
#include "kube/kubeclient.h"

#include <algorithm>
#include <tuple>

namespace catamaran::drill {

using core::Result;

QString FaultObject::text() const
{
    const bool isWorkload = kind == u"Deployment" || kind == u"StatefulSet";
    return isWorkload ? cluster + u'/' + ns + u'/' + name : cluster + u'/' + ns + u'/' + kind.toLower() + u'/' + name;
}

bool FaultObject::operator<(const FaultObject &other) const
{
    return std::tie(cluster, ns, apiVersion, kind, name) < std::tie(other.cluster, other.ns, other.apiVersion, other.kind, other.name);
}

Result<QJsonObject> FaultLook::get(const QString &cluster, const kube::ResourceKind &kind, const QString &ns, const QString &name) const
{
    const auto client = world.cluster(cluster);
    if (!client)
        return core::fail(client.error());
    return core::await((*client)->get(kind, ns, name, stop), stop);
}

Result<QList<QJsonObject>> FaultLook::list(
    const QString &cluster, const kube::ResourceKind &kind, const QString &ns, const QString &selector) const
{
    const auto client = world.cluster(cluster);
    if (!client)
        return core::fail(client.error());
    const auto answer = core::await((*client)->list(kind, ns, selector, stop), stop);
    if (!answer && answer.error().kind == core::ErrorKind::NotFound)
        return QList<QJsonObject>();
    if (!answer)
        return core::fail(answer.error());
    return answer->items;
}

const std::vector<const FaultKind *> &faultKinds()
{
    static const std::vector<const FaultKind *> kinds { scaleFault(), deletePodsFault(), gatewayAwayFault(), controlPlaneAwayFault(),
        httpFault(), moveClientFault() };
    return kinds;
}

const FaultKind *findFaultKind(const QString &key)
{
    const auto &kinds = faultKinds();
    const auto found
        = std::find_if(kinds.begin(), kinds.end(), [&](const FaultKind *kind) { return kind->key() == key || kind->reportKey() == key; });
    return found == kinds.end() ? nullptr : *found;
}

QJsonObject Fault::toJson() const
{
    QJsonObject object = arguments;
    object.insert(QStringLiteral("kind"), kind ? kind->reportKey() : QString());
    if (stage > 0)
        object.insert(QStringLiteral("stage"), stage);
    return object;
}

std::optional<Fault> Fault::fromJson(const QJsonObject &object)
{
    Fault fault { findFaultKind(object[u"kind"].toString()), object, object[u"stage"].toInt() };
    fault.arguments.remove(QStringLiteral("kind"));
    fault.arguments.remove(QStringLiteral("stage"));
    return fault.kind ? std::optional(fault) : std::nullopt;
}

} // namespace catamaran::drill
