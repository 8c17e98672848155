// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/kinds/namespacecontents.h"

#include "kube/managedfields.h"
#include "ops/kinds/target.h"
#include "ops/say.h"

#include <QJsonArray>
#include <QSet>

#include <algorithm>

namespace catamaran::ops {

using core::ErrorKind;
using core::Result;

namespace {

constexpr int mostNames = 5;

bool isKind(const QJsonObject &object, QStringView kind)
{
    return object.value(u"kind").toString() == kind;
}

QString nameOf(const QJsonObject &object)
{
    return metadataOf(object).value(u"name").toString();
}

/// What every namespace has, whoever works in it.
bool isHouseholds(const QJsonObject &object)
{
    const QString name = nameOf(object);
    if (isKind(object, u"ServiceAccount"))
        return name == u"default";
    if (isKind(object, u"ConfigMap")) // all but the first by a mesh's control plane; the last is a record of who leads
        return name == u"kube-root-ca.crt" || name == u"istio-ca-root-cert" || name == u"istio-ca-crl"
            || metadataOf(object).value(u"annotations").toObject().contains(u"control-plane.alpha.kubernetes.io/leader");
    if (isKind(object, u"Secret"))
        return object.value(u"type").toString() == u"kubernetes.io/service-account-token"
            && metadataOf(object).value(u"annotations").toObject().contains(u"kubernetes.io/service-account.name");
    // Who leads of several processes: a record that each takes and lets go by itself.
    return isKind(object, u"Event") || isKind(object, u"Lease");
}

/// The Service of that name made it, or one that was just deleted did.
bool isOfController(const QJsonObject &endpoints)
{
    return isKind(endpoints, u"Endpoints")
        && metadataOf(endpoints).value(u"annotations").toObject().contains(u"endpoints.kubernetes.io/last-change-trigger-time");
}

QString shown(const QJsonObject &object, const QList<kube::ApiResource> &resources)
{
    const QString apiVersion = object.value(u"apiVersion").toString();
    const auto known = std::find_if(resources.begin(), resources.end(), [&](const kube::ApiResource &one) {
        return one.kindName == object.value(u"kind").toString() && one.kind.apiVersion() == apiVersion;
    });
    const QString kind = known == resources.end() ? object.value(u"kind").toString()
        : known->kind.group.isEmpty()             ? known->kind.plural
                                                  : known->kind.plural + u'.' + known->kind.group;
    return kind + u'/' + nameOf(object);
}

} // namespace

QString shortened(const QStringList &names)
{
    const QString text = names.mid(0, mostNames).join(QStringLiteral(", "));
    return names.size() > mostNames ? Say::tr("%1 and %2 more").arg(text).arg(names.size() - mostNames) : text;
}

NamespaceContents sorted(const QList<QJsonObject> &objects, const QList<kube::ApiResource> &resources)
{
    QSet<QString> present, accepted, services;
    QList<QJsonObject> open;
    NamespaceContents contents;
    for (const QJsonObject &object : objects) {
        if (present.contains(uidOf(object)))
            continue; // the same under another group
        present.insert(uidOf(object));
        const bool isOurs = kube::isAppliedBy(object, fieldManager);
        if (!isOurs && !isHouseholds(object) && !isGoing(object)) {
            open.append(object);
            continue;
        }
        accepted.insert(uidOf(object));
        if (isKind(object, u"Service"))
            services.insert(nameOf(object));
        if (isOurs && !isGoing(object)) {
            if (isKind(object, u"Secret"))
                contents.secrets.append(shown(object, resources));
            else
                contents.ours.append(kept(object));
        }
    }
    const auto isNamespaced = [&](const QJsonObject &reference) {
        return std::any_of(resources.begin(), resources.end(), [&](const kube::ApiResource &one) {
            return one.kind.namespaced && one.kindName == reference.value(u"kind").toString()
                && one.kind.group == reference.value(u"apiVersion").toString().section(u'/', 0, -2);
        });
    };
    // An owner that is not there has just been deleted, and what it owned goes by itself.
    const auto isOwned = [&](const QJsonObject &object) {
        const QJsonArray owners = metadataOf(object).value(u"ownerReferences").toArray();
        return !owners.isEmpty() && std::all_of(owners.begin(), owners.end(), [&](const QJsonValue &value) {
            const QJsonObject owner = value.toObject();
            const QString uid = owner.value(u"uid").toString();
            return accepted.contains(uid) || (!present.contains(uid) && isNamespaced(owner));
        });
    };
    for (bool isMore = true; isMore;) {
        isMore = false;
        for (auto it = open.begin(); it != open.end();) {
            const bool ofService = isKind(*it, u"Endpoints")
                && (services.contains(nameOf(*it))
                    || (isOfController(*it) && std::none_of(open.begin(), open.end(), [&](const QJsonObject &other) {
                           return isKind(other, u"Service") && nameOf(other) == nameOf(*it);
                       })));
            if (!isOwned(*it) && !ofService) {
                ++it;
                continue;
            }
            accepted.insert(uidOf(*it));
            if (isKind(*it, u"Service"))
                services.insert(nameOf(*it));
            it = open.erase(it);
            isMore = true;
        }
    }
    for (const QJsonObject &object : std::as_const(open)) {
        const QString managers = kube::otherManagers(object, fieldManager).join(QStringLiteral(", "));
        contents.foreign.append(
            managers.isEmpty() ? shown(object, resources) : QStringLiteral("%1 (%2)").arg(shown(object, resources), managers));
    }
    contents.foreign.sort();
    return contents;
}

Result<NamespaceContents> contentsOf(const QString &cluster, const QString &ns, Scope &scope)
{
    const QString tried = Say::tr("see what is in namespace %1 of %2").arg(ns, cluster);
    const auto client = scope.world.cluster(cluster);
    if (!client)
        return core::fail(client.error());
    std::stop_source ended;
    const std::stop_callback forward(scope.stop, [ended]() mutable { ended.request_stop(); });
    const auto end = qScopeGuard([&] { ended.request_stop(); });
    const auto discovery = core::await((*client)->discover(ended.get_token()), scope.stop, scope.deadline);
    if (!discovery)
        return core::fail(discovery.error());
    if (!discovery->errors.isEmpty())
        return core::fail(ErrorKind::Precondition, tried, cluster + u'/' + ns,
            Say::tr("the server does not tell all its kinds of objects: %1").arg(discovery->errors.first().text()),
            Say::tr("A namespace is deleted only when everything in it is known."));
    QList<QFuture<Result<kube::ListResult>>> lists;
    for (const kube::ApiResource &resource : discovery->resources) {
        if (resource.preferred && resource.kind.namespaced && resource.can(QStringLiteral("list")) && resource.can(QStringLiteral("delete"))
            && resource.kindName != u"Event")
            lists.append((*client)->list(resource.kind, ns, {}, ended.get_token()));
    }
    QList<QJsonObject> objects;
    for (const auto &list : lists) {
        const auto listed = core::await(list, scope.stop, scope.deadline);
        if (!listed) {
            core::Error error = listed.error();
            error.tried = tried + QStringLiteral(": ") + error.tried;
            return core::fail(error);
        }
        objects += listed->items;
    }
    return sorted(objects, discovery->resources);
}

} // namespace catamaran::ops
