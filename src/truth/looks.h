// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "kube/kubeclient.h"
#include "truth/proof.h"

#include <QMap>

/// What a pod meets at gateways, and what its proxy tells. Neither goes through the balancing of requests: each is about one place.
namespace catamaran::truth {

/// A pod to look from.
struct LookFrom {
    QString cluster, ns, pod, container;
    bool hasProxy = false; ///< a sidecar: whose container sends without being redirected
    [[nodiscard]] QString text() const { return cluster + u'/' + ns + u'/' + pod; }
};

/// The beginning of a TLS 1.2 connection as a mesh's proxies begin theirs: asks for @p host by SNI and speaks Istio's ALPN, then
/// takes leave, so that the other side closes. No client certificate is needed to be greeted. Pure.
[[nodiscard]] QByteArray greeting(const QString &host);

/// The command for a pod that says it to each of @p addresses ("203.0.113.20:15443") at once; its lines are read by parseMet(). Pure.
[[nodiscard]] QStringList greetCommand(const QString &host, const QStringList &addresses, std::chrono::milliseconds timeout);
/// By address. @p isRedirected: a sidecar took the connections, so that "closed" and "refused" are its own word and say nothing. Pure.
[[nodiscard]] QMap<QString, GatewayProof> parseMet(const QByteArray &lines, const QStringList &addresses, bool isRedirected);

/// Greets the gateways at @p addresses in the name of @p host. From the sidecar's container where it has a shell and curl, else
/// from the application's. Every address gets an answer, or the reason why there is none. For a worker thread.
[[nodiscard]] QList<GatewayProof> greet(kube::KubeClient &client, const LookFrom &from, const QString &host, const QStringList &addresses,
    std::chrono::milliseconds timeout, std::stop_token stop);

/// What a proxy knows of one service, and of itself.
struct ProxyWord {
    struct Endpoint {
        QString address; ///< "10.202.0.11:15443"
        bool isRejected = false; ///< found unhealthy, or ejected
        qint64 connectFailures = 0;
    };
    bool hasService = false; ///< whether it knows the service at all
    QString host; ///< its whole name, as the proxy has it
    QList<Endpoint> endpoints;
    std::optional<bool> hasControlPlane;
    QStringList roots; ///< serial numbers of the roots it takes
    QString identity;
    QDateTime certificateUntil;
    QString certificateSerial {};
};

/// Of `clusters?format=json`: the endpoints of @p service ("namespace/name") and @p port. Strict: Protocol for anything else. Pure.
[[nodiscard]] core::Result<ProxyWord> parseEndpoints(const QByteArray &json, const QString &service, int port);
/// Of `certs`, into @p word. Pure.
[[nodiscard]] core::Result<core::Done> parseCertificates(const QByteArray &json, ProxyWord &word);
/// Of `stats?filter=^control_plane`: nullopt where the proxy does not count that. Pure.
[[nodiscard]] std::optional<bool> parseControlPlane(const QByteArray &lines);

/// Asks the sidecar of a pod. For a worker thread.
[[nodiscard]] core::Result<ProxyWord> askProxy(
    kube::KubeClient &client, const LookFrom &from, const QString &service, int port, std::stop_token stop);

} // namespace catamaran::truth
