// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/kinds/removal.h"

#include "ops/ask.h"
#include "ops/kinds/namespacecontents.h"
#include "ops/say.h"

#include <QJsonArray>

namespace catamaran::ops {

using core::ErrorKind;
using core::Result;

namespace {

/// "default/reviews" of every object whose kind @p definition defines.
Result<QStringList> instancesOf(const Target &definition, Scope &scope)
{
    const auto object = readObject(definition, scope);
    if (!object)
        return core::fail(object.error());
    const QJsonValue spec = *object ? (**object)[u"spec"] : QJsonValue();
    const QString version = [&] {
        const QJsonArray versions = spec[u"versions"].toArray();
        for (const QJsonValue &one : versions)
            if (one[u"served"].toBool())
                return one[u"name"].toString();
        return QString();
    }();
    if (version.isEmpty()) // gone meanwhile, or nobody can have any
        return QStringList();
    const kube::ResourceKind kind { spec[u"group"].toString(), version, spec[u"names"][u"plural"].toString(),
        spec[u"scope"].toString() == u"Namespaced" };
    const auto client = scope.world.cluster(definition.cluster);
    if (!client)
        return core::fail(client.error());
    return ask(scope, scope.stop, Say::tr("see what there is of %1").arg(definition.name), definition.subject(), [&](std::stop_token stop) {
        return (*client)->list(kind, {}, {}, std::move(stop));
    }).map([](const kube::ListResult &list) {
        QStringList names;
        for (const QJsonObject &one : list.items)
            names << QStringList { one[u"metadata"][u"namespace"].toString(), one[u"metadata"][u"name"].toString() }.join(u'/');
        return names;
    });
}

} // namespace

Result<kube::Written> removed(const Sight &sight, const Target &target, const State &state, Scope &scope)
{
    if (!state.value.value(u"exists").toBool() || state.value.value(u"going").toBool())
        return kube::Written {};
    if (target.kind == kube::kinds::namespaces) {
        const auto contents = contentsOf(target.cluster, target.name, scope);
        if (!contents)
            return core::fail(contents.error());
        const QString tried = Say::tr("delete namespace %1 of %2").arg(target.name, target.cluster);
        if (!contents->foreign.isEmpty())
            return core::fail(ErrorKind::Precondition, tried, target.subject(),
                Say::tr("it holds what Catamaran has not applied: %1").arg(shortened(contents->foreign)),
                Say::tr("Somebody else's objects are not deleted: move them away, or delete the namespace by hand if they may go."));
        if (!contents->secrets.isEmpty())
            return core::fail(ErrorKind::Precondition, tried, target.subject(),
                Say::tr("it holds Secrets, whose data is kept nowhere: %1").arg(shortened(contents->secrets)),
                Say::tr("Delete them first, one by one."));
    }
    if (target.kindName == u"CustomResourceDefinition") {
        const auto left = instancesOf(target, scope);
        if (!left)
            return core::fail(left.error());
        if (!left->isEmpty())
            return core::fail(ErrorKind::Precondition, Say::tr("delete %1 of %2").arg(target.words(), target.cluster), target.subject(),
                Say::tr("objects of this kind would go with it: %1").arg(shortened(*left)), Say::tr("Delete them first, if they may go."));
    }
    const auto written = asSeen(sight, state, [&](const State &now) {
        kube::Write write;
        write.how = kube::Write::How::Delete;
        write.uid = state.value.value(u"uid").toString();
        write.resourceVersion = now.version;
        return send(target, write, scope);
    });
    if (!written && written.error().kind == ErrorKind::NotFound && written.error().code == u"NotFound")
        return kube::Written {};
    return written;
}

QList<Right> rightsToEmpty(const Target &target)
{
    QList<Right> rights;
    if (target.kind != kube::kinds::namespaces)
        return rights;
    for (const kube::ResourceKind &kind : { kube::kinds::pods, kube::kinds::services, kube::kinds::configMaps, kube::kinds::secrets,
             kube::kinds::serviceAccounts, kube::kinds::deployments })
        rights.append({ target.cluster, { QStringLiteral("list"), kind.group, kind.plural, {}, target.name, {} } });
    return rights;
}

} // namespace catamaran::ops
