// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"
#include "kube/kubeconfig.h"
#include "net/httpclient.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <QObject>

#include <memory>

namespace catamaran::kube {

/// A kind of resource in URL terms.
struct ResourceKind {
    QString group; ///< "" for core
    QString version; ///< "v1"
    QString plural; ///< "deployments"
    bool namespaced = true;

    [[nodiscard]] QString apiVersion() const { return group.isEmpty() ? version : group + u'/' + version; }
    bool operator==(const ResourceKind &) const = default;
};

/// The kinds the console works with.
namespace kinds {
inline const ResourceKind namespaces { {}, QStringLiteral("v1"), QStringLiteral("namespaces"), false };
inline const ResourceKind nodes { {}, QStringLiteral("v1"), QStringLiteral("nodes"), false };
inline const ResourceKind pods { {}, QStringLiteral("v1"), QStringLiteral("pods"), true };
inline const ResourceKind services { {}, QStringLiteral("v1"), QStringLiteral("services"), true };
inline const ResourceKind serviceAccounts { {}, QStringLiteral("v1"), QStringLiteral("serviceaccounts"), true };
inline const ResourceKind configMaps { {}, QStringLiteral("v1"), QStringLiteral("configmaps"), true };
inline const ResourceKind secrets { {}, QStringLiteral("v1"), QStringLiteral("secrets"), true };
inline const ResourceKind events { {}, QStringLiteral("v1"), QStringLiteral("events"), true };
inline const ResourceKind deployments { QStringLiteral("apps"), QStringLiteral("v1"), QStringLiteral("deployments"), true };
inline const ResourceKind statefulSets { QStringLiteral("apps"), QStringLiteral("v1"), QStringLiteral("statefulsets"), true };
inline const ResourceKind replicaSets { QStringLiteral("apps"), QStringLiteral("v1"), QStringLiteral("replicasets"), true };
inline const ResourceKind endpointSlices { QStringLiteral("discovery.k8s.io"), QStringLiteral("v1"), QStringLiteral("endpointslices"),
    true };
inline const ResourceKind destinationRules { QStringLiteral("networking.istio.io"), QStringLiteral("v1"),
    QStringLiteral("destinationrules"), true };
} // namespace kinds

/// The kind for an object's apiVersion and kind ("apps/v1", "Deployment"), for the kinds that manifests may hold.
/// Unsupported when unknown.
[[nodiscard]] core::Result<ResourceKind> kindOf(const QString &apiVersion, const QString &kind);

struct ListResult {
    QList<QJsonObject> items;
    QString resourceVersion;
};

struct ServerVersion {
    QString gitVersion; ///< "v1.32.1"
    int major = 0;
    int minor = 0;
    QDateTime date {}; ///< the server's clock as the answer tells it, UTC, to the second; null: it does not
};

struct Scale {
    int specReplicas = 0;
    int statusReplicas = 0;
    QString resourceVersion;
};

struct ApplyOptions {
    bool force = false;
    bool dryRun = false;
    QString fieldManager = QStringLiteral("catamaran");
};

/// One change of one object, and what it asks of the object.
struct Write {
    enum class How {
        Apply, ///< server-side apply of body, which has apiVersion, kind and metadata.name; makes the object where there is none
        MergePatch, ///< of the object, or of its subresource
        Create, ///< of the object, or of its subresource ("token")
        Delete, ///< with background propagation; an object that is not there is NotFound
    };
    How how = How::Apply;
    ResourceKind kind;
    QString ns, name, subresource {};
    QJsonObject body {}; ///< of Delete: none
    QString uid {}; ///< of Apply and Delete: Conflict unless it is this very object
    QString resourceVersion {}; ///< Conflict (without HeldFields) unless it is in this state
    bool force = false; ///< of Apply: take over what others hold
    bool dryRun = false;
    QString fieldManager = QStringLiteral("catamaran");
};

struct Written {
    QJsonObject object; ///< as it is now; of a deletion what the server says, which may be a Status
    bool isCreated = false; ///< 201: it was not there
    QString requestId; ///< the server's, where it gives one
};

struct AccessQuestion {
    QString verb, group, resource, subresource, ns, name;
};

class AccessCheck;
class ExecSession;
class Informer;
class LogStream;
struct Discovery;
struct ExecOptions;
struct LogOptions;

/// One API server as one identity. Calls may be made from any thread; futures finish on the client's thread (the main
/// one). Non-2xx answers become Errors read from the Status body: kind by HTTP status, `code` = reason, `answer` =
/// message, 422/409 causes appended. GETs are retried on lost connections, 429 and 5xx with Retry-After.
class KubeClient : public QObject {
    Q_OBJECT
public:
    /// @p http null: over the network with @p access. Tests may hand in a fake.
    explicit KubeClient(ClusterAccess access, std::unique_ptr<net::HttpClient> http = {}, QObject *parent = nullptr);
    ~KubeClient() override;

    [[nodiscard]] const ClusterAccess &access() const;

    [[nodiscard]] QFuture<core::Result<ServerVersion>> version(std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<QJsonObject>> get(
        const ResourceKind &kind, const QString &ns, const QString &name, std::stop_token stop);
    /// Its metadata alone: what else it holds (a Secret's data) is not asked for, and what a server sends of it all the same is dropped.
    [[nodiscard]] QFuture<core::Result<QJsonObject>> getMetadata(
        const ResourceKind &kind, const QString &ns, const QString &name, std::stop_token stop);
    /// All objects, in chunks of 500; starts over once on 410. @p ns empty: all namespaces.
    [[nodiscard]] QFuture<core::Result<ListResult>> list(
        const ResourceKind &kind, const QString &ns, const QString &labelSelector, std::stop_token stop);
    /// Makes one change. Nothing that has a uid, a resourceVersion or may create twice is sent again by itself after a lost
    /// connection: the second answer would be about the first.
    [[nodiscard]] QFuture<core::Result<Written>> write(const Write &write, std::stop_token stop);
    /// Server-side apply with field manager `catamaran`; @p object has apiVersion, kind, metadata.name (and namespace).
    /// A conflict is ErrorKind::Conflict with code "FieldManagerConflict" and who holds what in Error::conflicts.
    [[nodiscard]] QFuture<core::Result<QJsonObject>> apply(const QJsonObject &object, const ApplyOptions &options, std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<QJsonObject>> create(
        const ResourceKind &kind, const QString &ns, const QJsonObject &object, std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<QJsonObject>> mergePatch(
        const ResourceKind &kind, const QString &ns, const QString &name, const QJsonObject &patch, std::stop_token stop);
    /// Deletes with background propagation; an object that is not there counts as deleted.
    [[nodiscard]] QFuture<core::Result<core::Done>> remove(
        const ResourceKind &kind, const QString &ns, const QString &name, std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<Scale>> scale(
        const ResourceKind &kind, const QString &ns, const QString &name, std::stop_token stop);
    /// Sets spec.replicas and returns what the server answers.
    [[nodiscard]] QFuture<core::Result<Scale>> setScale(
        const ResourceKind &kind, const QString &ns, const QString &name, int replicas, std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<bool>> mayI(const AccessQuestion &question, std::stop_token stop);

    /// One object alone, from the store and not from a cache, watched until its last holder goes; not shared. What until()
    /// waits with. Call on the client's thread.
    [[nodiscard]] std::shared_ptr<Informer> informerOf(const ResourceKind &kind, const QString &ns, const QString &name);
    /// The cache of one kind, shared by all who hold it; see Informer. It begins with its first holder and ends with its
    /// last. Call on the client's thread. @p ns empty: all namespaces.
    [[nodiscard]] std::shared_ptr<Informer> informer(const ResourceKind &kind, const QString &ns);
    /// What the server can do; see kube/discovery.h. From any thread.
    [[nodiscard]] QFuture<core::Result<Discovery>> discover(std::stop_token stop);
    /// The remembered answers of mayI(), shared by all screens. On the client's thread; lives as long as the client.
    [[nodiscard]] AccessCheck &accessCheck();
    /// The log of one container; see kube/logs.h. Call on the client's thread.
    [[nodiscard]] std::unique_ptr<LogStream> logs(const LogOptions &options);
    /// Starts a command in a pod over WebSocket (v5, then v4). Call on the client's thread.
    [[nodiscard]] std::unique_ptr<ExecSession> exec(const ExecOptions &options);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace catamaran::kube
