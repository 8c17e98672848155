// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "observe/observedfleet.h"

#include "documents/fleetdocument.h"
#include "observe/cloudreader.h"
#include "observe/gateways.h"
#include "observe/readings.h"
#include "observe/say.h"
#include "session/session.h"

#include <algorithm>
#include <array>

namespace catamaran::observe {

using core::ErrorKind;
using core::Result;

namespace {

/// One list of a cluster: asked for whole, and where that is refused namespace by namespace.
struct Part {
    const kube::ResourceKind &kind;
    QString resource;
    QList<QJsonObject> ClusterReadings::*items;
};

const std::array<Part, 4> &parts()
{
    static const std::array<Part, 4> all { Part { kube::kinds::namespaces, resources::namespaces, &ClusterReadings::namespaces },
        Part { kube::kinds::deployments, resources::deployments, &ClusterReadings::deployments },
        Part { kube::kinds::pods, resources::pods, &ClusterReadings::pods },
        Part { kube::kinds::services, resources::services, &ClusterReadings::services } };
    return all;
}

/// The questions to one cluster, asked at once and answered in any order.
struct Asked {
    ClusterReadings readings;
    kube::KubeClient *client = nullptr;
    std::optional<QFuture<Result<kube::ServerVersion>>> version;
    std::vector<QFuture<Result<kube::ListResult>>> lists; ///< one per part
    std::vector<std::pair<QString, QFuture<Result<kube::ListResult>>>> accounts; ///< service accounts, by namespace
};

/// @p document: for whose plan; may be null.
Asked ask(
    session::Session &session, const documents::EnvironmentCluster &cluster, const documents::FleetDocument *document, std::stop_token stop)
{
    Asked asked;
    asked.readings.environment = cluster;
    asked.readings.byHand = session.byHand(cluster.name);
    asked.client = session.cluster(cluster.name);
    if (!asked.client) {
        asked.readings.error = session.clusterError(cluster.name)
                                   .value_or(core::Error::make(ErrorKind::InvalidInput, Say::tr("connect to a cluster"), cluster.name,
                                       Say::tr("it has no connection")));
        return asked;
    }
    asked.readings.server = asked.client->access().server.toString();
    asked.readings.unverified = isUnverified(asked.client->access());
    asked.readings.ownNamespace = asked.client->access().defaultNamespace;
    asked.version = asked.client->version(stop);
    for (const Part &part : parts())
        asked.lists.push_back(asked.client->list(part.kind, {}, {}, stop));
    if (document)
        for (const QString &ns : document->namespaces())
            asked.accounts.emplace_back(ns, asked.client->list(kube::kinds::serviceAccounts, ns, {}, stop));
    return asked;
}

/// An answer that proves the server and refuses only this question.
bool isRefusal(const core::Error &error)
{
    return error.kind == ErrorKind::Forbidden || error.kind == ErrorKind::NotFound;
}

void answer(Asked &asked, std::stop_token stop)
{
    if (!asked.version)
        return;
    ClusterReadings &readings = asked.readings;
    const auto note = [&](const core::Error &error) {
        if (!readings.error)
            readings.error = error;
    };
    if (const auto version = core::await(*asked.version, stop))
        readings.kubeVersion = version->gitVersion;
    else if (!isRefusal(version.error())) // who may not ask for it may see other things
        note(version.error());
    for (size_t i = 0; i < asked.lists.size(); ++i) {
        const Part &part = parts().at(i);
        if (auto list = core::await(asked.lists[i], stop))
            readings.*part.items = std::move(list->items);
        else if (list.error().kind == ErrorKind::Forbidden)
            readings.unread.append({ part.resource, {}, list.error() });
        else
            note(list.error());
    }
    for (const auto &[ns, asking] : asked.accounts) {
        auto list = core::await(asking, stop);
        if (!list) // who may not see them plans by what else is there
            continue;
        readings.accountsRead << ns;
        readings.serviceAccounts += list->items;
    }
    readings.heard = QDateTime::currentDateTimeUtc();
}

/// The names of @p document's objects of @p kind in namespace @p ns, with those of a client that a move left anywhere.
QStringList namesIn(const documents::FleetDocument &document, const QString &ns, QStringView kind)
{
    QStringList manifests { QStringLiteral("sleep-standalone") };
    for (const documents::FleetWorkload &workload : document.workloads)
        if (workload.ns == ns)
            manifests << workload.manifest;
    QStringList names;
    for (const QString &manifest : std::as_const(manifests))
        for (const QJsonObject &object : documents::manifestObjects(manifest, ns).value_or(QList<QJsonObject>()))
            if (object.value(u"kind").toString() == kind)
                names << object[u"metadata"][u"name"].toString();
    names.removeDuplicates();
    return names;
}

/// Where the cluster's lists are refused: one question per namespace that matters, and where even that is refused, one
/// per object of @p document.
void readOneByOne(Asked &asked, const documents::FleetDocument *document, std::stop_token stop)
{
    ClusterReadings &readings = asked.readings;
    if (readings.error || readings.unread.isEmpty())
        return;
    struct Question {
        const Part *part;
        QString ns, name;
        std::optional<QFuture<Result<kube::ListResult>>> list;
        std::optional<QFuture<Result<QJsonObject>>> object;
    };
    const auto take = [&](std::vector<Question> &questions) {
        std::vector<const Question *> refused;
        for (const Question &question : questions) {
            std::optional<core::Error> error;
            if (question.list) {
                if (auto list = core::await(*question.list, stop))
                    readings.*question.part->items += list->items;
                else
                    error = list.error();
            } else if (auto object = core::await(*question.object, stop)) {
                readings.*question.part->items += *object;
            } else if (object.error().kind != ErrorKind::NotFound) { // not there is an answer
                error = object.error();
            }
            if (!error)
                readings.readOneByOne[question.part->resource]
                    << (question.name.isEmpty() ? question.ns : question.ns + u'/' + question.name);
            else if (isRefusal(*error))
                refused.push_back(&question);
            else if (!readings.error)
                readings.error = *error;
            if (error && question.name.isEmpty() && isRefusal(*error))
                readings.unread.append({ question.part->resource, question.ns, *error });
        }
        return refused;
    };

    QList<const Part *> whole;
    for (const Part &part : parts())
        if (std::any_of(readings.unread.cbegin(), readings.unread.cend(), [&](const Unread &one) { return one.resource == part.resource; }))
            whole.append(&part);
    QStringList spaces = shownNamespaces(readings) << readings.ownNamespace << systemNamespace;
    spaces.removeAll(QString());
    spaces.removeDuplicates();
    std::vector<Question> questions;
    for (const Part *part : std::as_const(whole)) {
        for (const QString &ns : std::as_const(spaces)) {
            if (part->kind.namespaced)
                questions.push_back({ part, ns, {}, asked.client->list(part->kind, ns, {}, stop), {} });
            else
                questions.push_back({ part, ns, {}, {}, asked.client->get(part->kind, {}, ns, stop) });
        }
    }
    const auto refused = take(questions);
    if (!document)
        return;
    std::vector<Question> single;
    for (const Question *question : refused) {
        const bool isService = question->part->resource == resources::services;
        if (!isService && question->part->resource != resources::deployments)
            continue;
        if (readings.wanted.contains(question->ns))
            for (const QString &name : namesIn(*document, question->ns, isService ? u"Service" : u"Deployment"))
                single.push_back(
                    { question->part, question->ns, name, {}, asked.client->get(question->part->kind, question->ns, name, stop) });
    }
    take(single);
}

/// A control plane in a cluster has no name of its own: it is the mesh that the document says manages that cluster.
void nameAs(const documents::FleetDocument &document, QList<CloudReadings> &clouds)
{
    for (CloudReadings &cloud : clouds) {
        for (mesh::MeshStatus &status : cloud.meshes) {
            const QString wanted = document.managerOf(status.home);
            const bool isOf = std::any_of(document.meshes.begin(), document.meshes.end(),
                [&](const documents::FleetMesh &mesh) { return mesh.name == wanted && mesh.provider == cloud.provider; });
            if (!status.home.isEmpty() && isOf)
                status.name = wanted;
        }
    }
}

Result<ObservedFleet> look(
    session::Session &session, std::stop_token stop, const QStringList &namespaces, const documents::FleetDocument *document)
{
    if (document)
        for (const documents::FleetMesh &mesh : document->meshes)
            // Without an account nothing is known of its meshes; that is a condition.
            if (const auto provider = session.providerOf(mesh); !provider && provider.error().kind == ErrorKind::Unsupported)
                return core::fail(provider.error());
    std::vector<Asked> asked;
    for (const documents::EnvironmentCluster &cluster : session.environment().clusters)
        asked.push_back(ask(session, cluster, document, stop));
    const AccountReadings account = readAccounts(session, true, stop);
    QList<ClusterReadings> clusters;
    bool anything = false;
    std::optional<core::Error> first;
    for (const CloudReadings &cloud : account.clouds) {
        anything = anything || (cloud.hasAccount && !cloud.error); // what has none is heard from the clusters alone
        if (!first)
            first = cloud.error;
    }
    for (Asked &one : asked) {
        one.readings.wanted = namespaces;
        answer(one, stop);
        readOneByOne(one, document, stop);
        one.readings.known = account.find(one.readings.environment);
        anything = anything || !one.readings.error;
        if (!first)
            first = one.readings.error;
        clusters.append(std::move(one.readings));
    }
    if (stop.stop_requested())
        return core::fail(ErrorKind::Cancelled, Say::tr("look at the fleet"), session.environment().name, Say::tr("cancelled"));
    // Nothing is planned with an account that is refused; who only looks sees the clusters all the same.
    for (const CloudReadings &cloud : account.clouds)
        if (document && cloud.error && cloud.error->kind == ErrorKind::Unauthorized)
            return core::fail(*cloud.error);
    if (!anything && first)
        return core::fail(*first);
    QList<CloudReadings> clouds = account.clouds;
    if (document)
        nameAs(*document, clouds);
    return assembleFleet(session.environment().name, QDateTime::currentDateTimeUtc(), clusters, clouds);
}

} // namespace

Result<ObservedFleet> look(session::Session &session, std::stop_token stop, const QStringList &namespaces)
{
    return look(session, std::move(stop), namespaces, nullptr);
}

Result<ObservedFleet> lookFor(session::Session &session, const documents::FleetDocument &document, std::stop_token stop)
{
    return look(session, std::move(stop), document.namespaces(), &document);
}

} // namespace catamaran::observe
