// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "alicloud/ackclient.h"

#include "alicloud/apierror.h"
#include "alicloud/say.h"
#include "alicloud/transport.h"
#include "core/wholepattern.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

namespace catamaran::alicloud {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

const QString ackVersion = QStringLiteral("2015-12-15");
constexpr int clustersPerPage = 50;
constexpr int mostClusterPages = 200;

QString text(const QJsonObject &object, const char *key)
{
    return tolerantText(object.value(QLatin1String(key)));
}

AckCluster readCluster(const QJsonObject &object)
{
    AckCluster cluster;
    cluster.id = text(object, "cluster_id");
    cluster.name = text(object, "name");
    cluster.state = text(object, "state");
    cluster.regionId = text(object, "region_id");
    cluster.vpcId = text(object, "vpc_id");
    cluster.version = text(object, "current_version");
    cluster.clusterDomain = text(object, "cluster_domain");
    cluster.podCidr = text(object, "container_cidr");
    cluster.serviceCidr = text(object, "service_cidr");
    cluster.clusterType = text(object, "cluster_type");
    for (const QJsonValue &each : object.value(u"vswitch_ids").toArray())
        cluster.vSwitches.append(each.toString());
    if (cluster.vSwitches.isEmpty()) // the older field: one text, comma separated
        cluster.vSwitches = text(object, "vswitch_id").split(u',', Qt::SkipEmptyParts);
    // JSON text inside the JSON; tolerate an object.
    const QJsonValue urls = object.value(u"master_url");
    const QJsonObject servers = urls.isObject() ? urls.toObject() : QJsonDocument::fromJson(urls.toString().toUtf8()).object();
    cluster.publicApiServer = text(servers, "api_server_endpoint");
    return cluster;
}

/// Ids go into the path; anything else there would be another call.
bool isPlainId(const QString &id)
{
    static const QRegularExpression form = core::wholePattern(QStringLiteral("[A-Za-z0-9_-]{1,128}"));
    return form.match(id).hasMatch();
}

Error badId(const QString &tried, const QString &id)
{
    return core::Error::make(ErrorKind::InvalidInput, tried, id, Say::tr("this is not a cluster id"),
        Say::tr("Cluster ids are the letter c and 32 hexadecimal digits."));
}

Error notTheList(const QString &region, bool isUnderstood, qsizetype read, int total)
{
    return core::Error::make(ErrorKind::Protocol, Say::tr("list clusters"), region,
        isUnderstood ? Say::tr("the list breaks off: %1 of %2 clusters were told").arg(read).arg(total)
                     : Say::tr("%1 of the answer is not understood").arg(u"clusters"),
        isUnderstood ? Say::tr("Try again.") : Say::tr("Check the endpoint of this environment: something else may be answering there."));
}

} // namespace

struct AckClient::Private {
    QString endpointTemplate;
    Transport *transport = nullptr; // child of the client

    [[nodiscard]] Call call(const QString &region, const QString &action, const QString &path, QString purpose, const QString &target) const
    {
        Call call;
        call.endpoint = QUrl(endpointTemplate.contains(u"%1") ? endpointTemplate.arg(region) : endpointTemplate);
        call.method = "GET";
        call.path = path;
        call.action = action;
        call.version = ackVersion;
        call.purpose = std::move(purpose);
        call.target = target;
        return call;
    }
};

AckClient::AckClient(
    std::shared_ptr<CredentialSource> credentials, Endpoints endpoints, std::unique_ptr<net::HttpClient> http, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
    d->endpointTemplate = endpoints.csTemplate;
    d->transport = new Transport(std::move(credentials), endpoints.trusted, std::move(http), this);
}

AckClient::AckClient(Credentials credentials, Endpoints endpoints, std::unique_ptr<net::HttpClient> http, QObject *parent)
    : AckClient(fixedCredentials(std::move(credentials)), std::move(endpoints), std::move(http), parent)
{
}

AckClient::~AckClient() = default;

QFuture<Result<QList<AckCluster>>> AckClient::clusters(const QString &region, std::stop_token stop)
{
    return core::startOn(this, [this, region, stop] {
        struct Pages {
            QPromise<Result<QList<AckCluster>>> promise;
            QList<AckCluster> clusters;
            int page = 1;
            std::function<void(const std::shared_ptr<Pages> &)> next;
        };
        auto pages = std::make_shared<Pages>();
        pages->promise.start();
        pages->next = [this, region, stop](const std::shared_ptr<Pages> &state) {
            Call call = d->call(
                region, QStringLiteral("DescribeClustersV1"), QStringLiteral("/api/v1/clusters"), Say::tr("list clusters"), region);
            call.query = { { QStringLiteral("page_number"), QString::number(state->page) },
                { QStringLiteral("page_size"), QString::number(clustersPerPage) } };
            if (!region.isEmpty())
                call.query.insert(QStringLiteral("region_id"), region);
            core::whenReady(d->transport->send(std::move(call), stop), this, [state, region](const Result<QJsonObject> &answer) {
                if (!answer) {
                    state->promise.addResult(core::fail(answer.error()));
                    state->promise.finish();
                    return;
                }
                const QJsonValue list = answer->value(u"clusters");
                const QJsonArray page = list.toArray();
                bool isUnderstood = list.isArray() || list.isNull(); // null: Go's empty list
                for (const QJsonValue &each : page) {
                    AckCluster cluster = readCluster(each.toObject());
                    isUnderstood = isUnderstood && !cluster.id.isEmpty();
                    state->clusters.append(std::move(cluster));
                }
                const int total = answer->value(u"page_info").toObject().value(u"total_count").toInt();
                const bool goesOn = state->page * clustersPerPage < total;
                if (isUnderstood && goesOn && !page.isEmpty() && state->page < mostClusterPages) {
                    ++state->page;
                    state->next(state);
                    return;
                }
                // Part of a list is not the list: what is missing would be taken for what is not there.
                state->promise.addResult(isUnderstood && !goesOn
                        ? Result<QList<AckCluster>>(state->clusters)
                        : core::fail(notTheList(region, isUnderstood, state->clusters.size(), total)));
                state->promise.finish();
            });
        };
        auto future = pages->promise.future();
        pages->next(pages);
        return future;
    });
}

QFuture<Result<AckCluster>> AckClient::cluster(const QString &region, const QString &clusterId, std::stop_token stop)
{
    const QString purpose = Say::tr("read a cluster");
    if (!isPlainId(clusterId))
        return core::readyFuture<Result<AckCluster>>(core::fail(badId(purpose, clusterId)));
    return core::mapped(d->transport->send(d->call(region, QStringLiteral("DescribeClusterDetail"),
                                               QStringLiteral("/clusters/") + clusterId, purpose, clusterId),
                            std::move(stop)),
        [purpose, clusterId](const Result<QJsonObject> &answer) -> Result<AckCluster> {
            if (!answer)
                return core::fail(answer.error());
            AckCluster cluster = readCluster(*answer);
            if (cluster.id.isEmpty())
                return core::fail(ErrorKind::Protocol, purpose, clusterId, Say::tr("the answer has no %1").arg(u"cluster_id"));
            return cluster;
        });
}

QFuture<Result<UserKubeconfig>> AckClient::kubeconfig(const QString &region, const QString &clusterId, int minutes, std::stop_token stop)
{
    const QString purpose = Say::tr("fetch a kubeconfig");
    if (!isPlainId(clusterId))
        return core::readyFuture<Result<UserKubeconfig>>(core::fail(badId(purpose, clusterId)));
    Call call = d->call(
        region, QStringLiteral("DescribeClusterUserKubeconfig"), QStringLiteral("/k8s/%1/user_config").arg(clusterId), purpose, clusterId);
    call.query = { { QStringLiteral("PrivateIpAddress"), QStringLiteral("false") },
        { QStringLiteral("TemporaryDurationMinutes"), QString::number(std::clamp(minutes, 15, 4320)) } };
    return core::mapped(d->transport->send(std::move(call), std::move(stop)),
        [purpose, clusterId](const Result<QJsonObject> &answer) -> Result<UserKubeconfig> {
            if (!answer)
                return core::fail(answer.error());
            UserKubeconfig kubeconfig { text(*answer, "config").toUtf8(), QDateTime::fromString(text(*answer, "expiration"), Qt::ISODate) };
            if (kubeconfig.yaml.isEmpty())
                return core::fail(ErrorKind::Protocol, purpose, clusterId, Say::tr("the answer has no %1").arg(u"config"));
            return kubeconfig;
        });
}

} // namespace catamaran::alicloud
