// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "observe/injection.h"

#include "observe/say.h"

#include <QStringList>

namespace catamaran::observe {

bool injectsSidecars(const QJsonObject &space)
{
    static const QStringList never { QStringLiteral("kube-system"), QStringLiteral("kube-public"), QStringLiteral("kube-node-lease"),
        QStringLiteral("local-path-storage") };
    const QJsonObject metadata = space.value(u"metadata").toObject();
    if (never.contains(metadata.value(u"name").toString()))
        return false;
    const QJsonObject labels = metadata.value(u"labels").toObject();
    if (const QJsonValue injection = labels.value(u"istio-injection"); !injection.isUndefined())
        return injection.toString() == u"enabled";
    return !labels.value(u"istio.io/rev").toString().isEmpty();
}

QString whyNoSidecar(const QJsonObject &podTemplate)
{
    if (podTemplate[u"spec"][u"hostNetwork"].toBool())
        return Say::tr("its pods use the network of their node (hostNetwork)");
    static const QString key = QStringLiteral("sidecar.istio.io/inject");
    const QJsonValue label = podTemplate[u"metadata"][u"labels"][key];
    const QString wish = (label.isUndefined() ? podTemplate[u"metadata"][u"annotations"][key] : label).toString().toLower();
    static const QStringList yes { QStringLiteral("y"), QStringLiteral("yes"), QStringLiteral("true"), QStringLiteral("on") };
    if (wish.isEmpty() || yes.contains(wish))
        return {};
    return Say::tr("its pods opt out (%1: %2)").arg(key, wish);
}

} // namespace catamaran::observe
