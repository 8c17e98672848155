// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/discovery.h"

#include "kube/apisession.h"
#include "kube/listparser.h"
#include "kube/say.h"
#include "kube/statuserror.h"

#include <algorithm>

namespace catamaran::kube {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

constexpr qsizetype mostGroups = 2000;

QStringList strings(const QJsonValue &value)
{
    QStringList list;
    for (const QJsonValue &one : value.toArray())
        list.append(one.toString());
    return list;
}

QString groupName(const QString &group, const QString &version)
{
    return group.isEmpty() ? version : group + u'/' + version;
}

/// One run of questions; it lives in the handlers that wait for an answer.
struct Run : std::enable_shared_from_this<Run> {
    std::shared_ptr<ApiSession> session;
    std::stop_token stop;
    QPromise<Result<Discovery>> promise;
    Discovery found;
    std::optional<Error> fatal;
    int open = 0;

    void ask(const QByteArray &path, bool aggregated, std::function<void(const Result<net::HttpReply> &)> handler)
    {
        ++open;
        ApiCall call;
        call.path = path;
        call.purpose = Say::tr("ask which resources there are");
        call.timeout = std::chrono::seconds(20);
        if (aggregated)
            call.accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
                          "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
        core::whenReady(session->send(call, stop), session.get(),
            [self = shared_from_this(), handler = std::move(handler)](const Result<net::HttpReply> &reply) {
                handler(reply);
                if (--self->open == 0)
                    self->finish();
            });
    }

    void begin()
    {
        for (const QByteArray &path : { QByteArray("/api"), QByteArray("/apis") }) {
            ask(path, true, [this, path](const Result<net::HttpReply> &reply) {
                if (!reply) {
                    // Servers without the core group have no /api; a server that answers neither has said why.
                    if (path == "/apis" || reply.error().kind != ErrorKind::NotFound)
                        fatal = reply.error();
                    return;
                }
                if (reply->header("Content-Type").contains("apidiscovery.k8s.io"))
                    takeAggregated(*reply);
                else
                    takeGroups(*reply);
            });
        }
    }

    [[nodiscard]] Error described(Error error, const QByteArray &path) const
    {
        error.tried = Say::tr("ask which resources there are");
        error.target = shownUrl(session->url(path));
        return error;
    }

    void takeAggregated(const net::HttpReply &reply)
    {
        auto part = parseAggregatedDiscovery(reply.body);
        if (!part) {
            fatal = described(part.error(), "/apis");
            return;
        }
        found.aggregated = true;
        found.resources += part->resources;
        for (const Error &error : part->errors)
            found.errors.append(described(error, "/apis"));
    }

    void takeGroups(const net::HttpReply &reply)
    {
        const auto groups = parseGroups(reply.body);
        if (!groups) {
            fatal = described(groups.error(), "/apis");
            return;
        }
        for (const GroupVersions &one : *groups) {
            for (const QString &version : one.versions) {
                if (!isPathPart(version) || (!one.group.isEmpty() && !isPathPart(one.group)))
                    continue;
                const QByteArray path
                    = one.group.isEmpty() ? "/api/" + version.toUtf8() : "/apis/" + one.group.toUtf8() + '/' + version.toUtf8();
                ask(path, false,
                    [this, path, group = one.group, version, preferred = version == one.versions.first()](
                        const Result<net::HttpReply> &answer) {
                        auto list = answer ? parseResourceList(answer->body, group, version)
                                           : Result<QList<ApiResource>>(core::fail(answer.error()));
                        if (!list) {
                            Error error = described(list.error(), path);
                            error.tried = Say::tr("ask which resources %1 has").arg(groupName(group, version));
                            found.errors.append(error);
                            return;
                        }
                        for (ApiResource &resource : *list)
                            resource.preferred = preferred;
                        found.resources += *list;
                    });
            }
        }
    }

    void finish()
    {
        if (fatal && (found.resources.isEmpty() || fatal->kind == ErrorKind::Cancelled)) {
            promise.addResult(core::fail(*fatal));
        } else {
            if (fatal)
                found.errors.append(*fatal);
            // The answers came in any order.
            std::stable_sort(found.resources.begin(), found.resources.end(), [](const ApiResource &a, const ApiResource &b) {
                return std::tie(a.kind.group, b.preferred, a.kind.version, a.kind.plural)
                    < std::tie(b.kind.group, a.preferred, b.kind.version, b.kind.plural);
            });
            promise.addResult(std::move(found));
        }
        promise.finish();
    }
};

} // namespace

const ApiResource *Discovery::find(const QString &name) const
{
    const auto dot = name.indexOf(u'.');
    const QString plain = (dot < 0 ? name : name.left(dot)).toLower();
    const QString group = dot < 0 ? QString() : name.mid(dot + 1);
    const ApiResource *best = nullptr;
    for (const ApiResource &one : resources) {
        if (dot >= 0 && one.kind.group != group)
            continue;
        if (one.kind.plural != plain && one.singular != plain && one.kindName.toLower() != plain && !one.shortNames.contains(plain))
            continue;
        if (!best || (one.preferred && !best->preferred))
            best = &one;
    }
    return best;
}

const ApiResource *Discovery::findKind(const QString &apiVersion, const QString &kindName) const
{
    const auto found = std::find_if(resources.begin(), resources.end(),
        [&](const ApiResource &one) { return one.kindName == kindName && one.kind.apiVersion() == apiVersion; });
    return found == resources.end() ? nullptr : &*found;
}

QFuture<Result<Discovery>> startDiscovery(const std::shared_ptr<ApiSession> &session, std::stop_token stop)
{
    auto run = std::make_shared<Run>();
    run->session = session;
    run->stop = std::move(stop);
    run->promise.start();
    auto future = run->promise.future();
    run->begin();
    return future;
}

Result<Discovery> parseAggregatedDiscovery(const QByteArray &body)
{
    const auto root = parseObject(body);
    if (!root)
        return core::fail(root.error());
    if (root->value(u"kind") != QLatin1StringView("APIGroupDiscoveryList") || !root->value(u"items").isArray())
        return core::fail(ErrorKind::Protocol, {}, {}, Say::tr("the answer is no list of groups"));
    Discovery result;
    result.aggregated = true;
    for (const QJsonValue &groupValue : root->value(u"items").toArray()) {
        const QJsonObject groupObject = groupValue.toObject();
        const QString group = groupObject.value(u"metadata").toObject().value(u"name").toString();
        bool preferred = true; // the first version is the preferred one
        for (const QJsonValue &versionValue : groupObject.value(u"versions").toArray()) {
            const QJsonObject versionObject = versionValue.toObject();
            const QString version = versionObject.value(u"version").toString();
            if (versionObject.value(u"freshness") == QLatin1StringView("Stale"))
                result.errors.append(Error::make(ErrorKind::Server, {}, {},
                    Say::tr("the server of %1 does not answer: what is known of it may be old").arg(groupName(group, version))));
            for (const QJsonValue &resourceValue : versionObject.value(u"resources").toArray()) {
                const QJsonObject object = resourceValue.toObject();
                ApiResource resource;
                const QJsonObject kind = object.value(u"responseKind").toObject();
                resource.kind
                    = { group, version, object.value(u"resource").toString(), object.value(u"scope") == QLatin1StringView("Namespaced") };
                resource.kindName = kind.value(u"kind").toString();
                resource.singular = object.value(u"singularResource").toString();
                resource.shortNames = strings(object.value(u"shortNames"));
                resource.categories = strings(object.value(u"categories"));
                resource.verbs = strings(object.value(u"verbs"));
                for (const QJsonValue &sub : object.value(u"subresources").toArray())
                    resource.subresources.append(sub.toObject().value(u"subresource").toString());
                resource.preferred = preferred;
                if (!resource.kind.plural.isEmpty())
                    result.resources.append(resource);
            }
            preferred = false;
        }
    }
    return result;
}

Result<QList<GroupVersions>> parseGroups(const QByteArray &body)
{
    const auto root = parseObject(body);
    if (!root)
        return core::fail(root.error());
    QList<GroupVersions> result;
    if (root->value(u"kind") == QLatin1StringView("APIVersions")) {
        result.append({ {}, strings(root->value(u"versions")) });
        return result;
    }
    if (root->value(u"kind") != QLatin1StringView("APIGroupList"))
        return core::fail(ErrorKind::Protocol, {}, {}, Say::tr("the answer is no list of groups"));
    for (const QJsonValue &value : root->value(u"groups").toArray()) {
        const QJsonObject object = value.toObject();
        GroupVersions group { object.value(u"name").toString(), {} };
        const QString preferred = object.value(u"preferredVersion").toObject().value(u"version").toString();
        for (const QJsonValue &version : object.value(u"versions").toArray()) {
            const QString name = version.toObject().value(u"version").toString();
            if (name == preferred)
                group.versions.prepend(name);
            else
                group.versions.append(name);
        }
        if (!group.group.isEmpty() && !group.versions.isEmpty() && result.size() < mostGroups)
            result.append(group);
    }
    return result;
}

Result<QList<ApiResource>> parseResourceList(const QByteArray &body, const QString &group, const QString &version)
{
    const auto root = parseObject(body);
    if (!root)
        return core::fail(root.error());
    if (root->value(u"kind") != QLatin1StringView("APIResourceList"))
        return core::fail(ErrorKind::Protocol, {}, {}, Say::tr("the answer is no list of resources"));
    QList<ApiResource> result;
    QHash<QString, QStringList> subresources;
    for (const QJsonValue &value : root->value(u"resources").toArray()) {
        const QJsonObject object = value.toObject();
        const QString name = object.value(u"name").toString();
        if (const auto slash = name.indexOf(u'/'); slash >= 0) {
            subresources[name.left(slash)].append(name.mid(slash + 1));
            continue;
        }
        if (name.isEmpty())
            continue;
        ApiResource resource;
        resource.kind = { group, version, name, object.value(u"namespaced").toBool() };
        resource.kindName = object.value(u"kind").toString();
        resource.singular = object.value(u"singularName").toString();
        if (resource.singular.isEmpty())
            resource.singular = resource.kindName.toLower();
        resource.shortNames = strings(object.value(u"shortNames"));
        resource.categories = strings(object.value(u"categories"));
        resource.verbs = strings(object.value(u"verbs"));
        result.append(resource);
    }
    for (ApiResource &resource : result)
        resource.subresources = subresources.value(resource.kind.plural);
    return result;
}

} // namespace catamaran::kube
