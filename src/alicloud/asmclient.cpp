// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "alicloud/asmclient.h"

#include "alicloud/apierror.h"
#include "alicloud/asmanswers.h"
#include "alicloud/calls.h"
#include "alicloud/say.h"
#include "alicloud/transport.h"
#include "core/wholepattern.h"

#include <QRegularExpression>

namespace catamaran::alicloud {

using core::ErrorKind;
using core::Result;

namespace {

const QString apiVersion = QStringLiteral("2020-01-11");
constexpr int pageSize = 100;
constexpr int mostPages = 100;

/// Turns the answer into a value; runs where the answer arrives, pure.
template <typename Reader>
auto reading(QFuture<Result<QJsonObject>> future, Reader reader) -> QFuture<std::invoke_result_t<Reader, QJsonObject>>
{
    using T = std::invoke_result_t<Reader, QJsonObject>;
    return core::mapped(future, [reader = std::move(reader)](const Result<QJsonObject> &answer) -> T {
        if (!answer)
            return core::fail(answer.error());
        return reader(*answer);
    });
}

Result<Accepted> accepted(const QJsonObject &answer)
{
    return Accepted { tolerantText(answer.value(u"RequestId")).left(128) };
}

} // namespace

struct AsmClient::Private {
    QUrl endpoint;
    Transport *transport = nullptr; // child of the client

    [[nodiscard]] Call call(const QString &action, Parameters form, QString purpose, const QString &target) const
    {
        Call call;
        call.endpoint = endpoint;
        call.action = action;
        call.version = apiVersion;
        call.form = std::move(form);
        call.purpose = std::move(purpose);
        call.target = target;
        return call;
    }

    QFuture<Result<QJsonObject>> send(
        const QString &action, Parameters form, QString purpose, const QString &target, std::stop_token stop) const
    {
        return transport->send(call(action, std::move(form), std::move(purpose), target), std::move(stop));
    }

    /// A change: not repeated after a lost answer.
    QFuture<Result<QJsonObject>> send(const DescribedCall &described, QString purpose, const QString &target, std::stop_token stop) const
    {
        Call one = call(described.action, described.parameters, std::move(purpose), target);
        one.query = described.query;
        one.idempotent = false;
        return transport->send(std::move(one), std::move(stop));
    }
};

AsmClient::AsmClient(
    std::shared_ptr<CredentialSource> credentials, Endpoints endpoints, std::unique_ptr<net::HttpClient> http, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
    d->endpoint = endpoints.servicemesh;
    d->transport = new Transport(std::move(credentials), endpoints.trusted, std::move(http), this);
}

AsmClient::AsmClient(Credentials credentials, Endpoints endpoints, std::unique_ptr<net::HttpClient> http, QObject *parent)
    : AsmClient(fixedCredentials(std::move(credentials)), std::move(endpoints), std::move(http), parent)
{
}

AsmClient::~AsmClient() = default;

bool MeshInfo::hasFailed() const
{
    return state.endsWith(u"failed") || state == u"create_timeout";
}

QFuture<Result<QList<MeshInfo>>> AsmClient::meshes(std::stop_token stop)
{
    Call call = d->call(QStringLiteral("DescribeServiceMeshes"), {}, Say::tr("list meshes"), {});
    call.method = "GET";
    return reading(d->transport->send(std::move(call), std::move(stop)), answers::meshes);
}

QFuture<Result<MeshInfo>> AsmClient::mesh(const QString &meshId, std::stop_token stop)
{
    return reading(d->send(QStringLiteral("DescribeServiceMeshDetail"), { { QStringLiteral("ServiceMeshId"), meshId } },
                       Say::tr("read a mesh"), meshId, std::move(stop)),
        answers::mesh);
}

QFuture<Result<CreatedMesh>> AsmClient::createMesh(const CreateMeshRequest &request, std::stop_token stop)
{
    DescribedCall call = calls::createMesh(request);
    const QString key = QStringLiteral("ExistingCaKey");
    if (call.parameters.contains(key))
        call.parameters.insert(key, QString::fromLatin1(request.caKey.reveal().toBase64()));
    // Not repeated after a lost answer: the mesh may exist already; look it up by name first.
    return reading(
        d->send(call, Say::tr("create a mesh"), request.name, std::move(stop)), [](const QJsonObject &answer) -> Result<CreatedMesh> {
            const QString id = answer.value(u"ServiceMeshId").toString();
            if (id.isEmpty())
                return core::fail(ErrorKind::Protocol, Say::tr("create a mesh"), {}, Say::tr("the answer has no %1").arg(u"ServiceMeshId"),
                    Say::tr("Look whether the mesh exists before trying again."));
            return CreatedMesh { id, accepted(answer)->requestId };
        });
}

QFuture<Result<Accepted>> AsmClient::deleteMesh(const QString &meshId, std::stop_token stop)
{
    return reading(d->send(calls::deleteMesh(meshId), Say::tr("delete a mesh"), meshId, std::move(stop)), accepted);
}

QFuture<Result<QList<MeshCluster>>> AsmClient::candidateClusters(const QString &meshId, std::stop_token stop)
{
    return core::startOn(this, [this, meshId, stop] {
        struct Pages {
            QPromise<Result<QList<MeshCluster>>> promise;
            QList<MeshCluster> clusters;
            int count = 0;
            std::function<void(const std::shared_ptr<Pages> &)> next;
        };
        auto pages = std::make_shared<Pages>();
        pages->promise.start();
        pages->next = [this, meshId, stop](const std::shared_ptr<Pages> &state) {
            Call call = d->call(QStringLiteral("DescribeServiceMeshClusters"),
                { { QStringLiteral("Limit"), QString::number(pageSize) },
                    { QStringLiteral("Offset"), QString::number(state->clusters.size()) } },
                Say::tr("list clusters that a mesh could take"), meshId);
            if (!meshId.isEmpty())
                call.query.insert(QStringLiteral("ServiceMeshId"), meshId);
            core::whenReady(d->transport->send(std::move(call), stop), this, [state](const Result<QJsonObject> &answer) {
                const auto page = answer ? answers::clusters(*answer) : Result<QList<MeshCluster>>(core::fail(answer.error()));
                if (!page) {
                    state->promise.addResult(core::fail(page.error()));
                    state->promise.finish();
                    return;
                }
                state->clusters += *page;
                const int total = answer->value(u"NumberOfClusters").toInt();
                if (state->clusters.size() < total && !page->isEmpty() && ++state->count < mostPages) {
                    state->next(state);
                    return;
                }
                state->promise.addResult(state->clusters);
                state->promise.finish();
            });
        };
        auto future = pages->promise.future();
        pages->next(pages);
        return future;
    });
}

QFuture<Result<QList<MeshCluster>>> AsmClient::clustersInMesh(const QString &meshId, std::stop_token stop)
{
    Call call = d->call(QStringLiteral("DescribeClustersInServiceMesh"), {}, Say::tr("list the clusters of a mesh"), meshId);
    call.query.insert(QStringLiteral("ServiceMeshId"), meshId);
    return reading(d->transport->send(std::move(call), std::move(stop)), answers::clusters);
}

QFuture<Result<Accepted>> AsmClient::addCluster(const QString &meshId, const QString &clusterId, bool discoveryOnly, std::stop_token stop)
{
    return reading(d->send(calls::addCluster(meshId, clusterId, discoveryOnly), Say::tr("add cluster %1 to a mesh").arg(clusterId), meshId,
                       std::move(stop)),
        accepted);
}

QFuture<Result<Accepted>> AsmClient::removeCluster(const QString &meshId, const QString &clusterId, std::stop_token stop)
{
    return reading(
        d->send(calls::removeCluster(meshId, clusterId), Say::tr("remove cluster %1 from a mesh").arg(clusterId), meshId, std::move(stop)),
        accepted);
}

QFuture<Result<ClusterNetworks>> AsmClient::networks(const QString &meshId, std::stop_token stop)
{
    return reading(d->send(QStringLiteral("DescribeMeshMultiClusterNetwork"), { { QStringLiteral("ServiceMeshId"), meshId } },
                       Say::tr("read the networks of a mesh"), meshId, std::move(stop)),
        answers::networks);
}

QFuture<Result<Accepted>> AsmClient::setNetworks(const QString &meshId, const ClusterNetworks &networks, std::stop_token stop)
{
    return reading(d->send(calls::setNetworks(meshId, networks), Say::tr("set the networks of a mesh"), meshId, std::move(stop)), accepted);
}

QFuture<Result<Accepted>> AsmClient::setInjection(const QString &meshId, const QString &ns, bool enabled, std::stop_token stop)
{
    return reading(d->send(calls::setInjection(meshId, ns, enabled), Say::tr("set sidecar injection of namespace %1").arg(ns), meshId,
                       std::move(stop)),
        accepted);
}

QFuture<Result<QMap<QString, QMap<QString, QString>>>> AsmClient::guestNamespaceLabels(
    const QString &meshId, const QString &clusterId, std::stop_token stop)
{
    return reading(d->send(QStringLiteral("DescribeGuestClusterNamespaces"),
                       { { QStringLiteral("ServiceMeshId"), meshId }, { QStringLiteral("GuestClusterID"), clusterId },
                           { QStringLiteral("ShowNsLabels"), QStringLiteral("true") } },
                       Say::tr("list namespaces of cluster %1").arg(clusterId), meshId, std::move(stop)),
        answers::namespaceLabels);
}

QFuture<Result<QByteArray>> AsmClient::caCert(const QString &meshId, std::stop_token stop)
{
    return reading(d->send(QStringLiteral("GetCaCert"), { { QStringLiteral("ServiceMeshId"), meshId } },
                       Say::tr("fetch the root certificate of a mesh"), meshId, std::move(stop)),
        answers::caCert);
}

QFuture<Result<QStringList>> AsmClient::versions(std::stop_token stop)
{
    return reading(d->send(QStringLiteral("DescribeVersions"), {}, Say::tr("list mesh versions"), {}, std::move(stop)), answers::versions);
}

QFuture<Result<QJsonObject>> AsmClient::proxyStatus(const QString &meshId, std::stop_token stop)
{
    return d->send(QStringLiteral("DescribeServiceMeshProxyStatus"), { { QStringLiteral("ServiceMeshId"), meshId } },
        Say::tr("read the proxies of a mesh"), meshId, std::move(stop));
}

QList<int> versionNumbers(const QString &version)
{
    static const QRegularExpression form
        = core::wholePattern(QStringLiteral("v(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,9})(?:-[A-Za-z0-9._+-]*)?"));
    const auto match = form.match(version);
    if (!match.hasMatch())
        return {};
    return { match.captured(1).toInt(), match.captured(2).toInt(), match.captured(3).toInt(), match.captured(4).toInt() };
}

Result<int> compareVersions(const QString &a, const QString &b)
{
    const QList<int> left = versionNumbers(a);
    const QList<int> right = versionNumbers(b);
    if (left.isEmpty() || right.isEmpty())
        return core::fail(ErrorKind::InvalidInput, Say::tr("compare mesh versions"), left.isEmpty() ? a : b,
            Say::tr("this is not a version like %1").arg(minimumMeshVersion));
    return left < right ? -1 : (right < left ? 1 : 0);
}

} // namespace catamaran::alicloud
