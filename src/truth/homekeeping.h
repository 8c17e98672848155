// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeclient.h"
#include "observe/observedfleet.h"

namespace catamaran::truth {

/// The setting of @p cluster that makes clients in namespace @p ns prefer the ready pods of @p service ("namespace/name") at home,
/// as "DestinationRule default/helloworld"; empty: it has no such pods, or no such setting that may be read. For a worker thread.
[[nodiscard]] QString whatKeepsHome(
    kube::KubeClient &client, const observe::ObservedCluster &cluster, const QString &service, const QString &ns, std::stop_token stop);

/// Whether @p host, written in an object of namespace @p ns, means @p service ("namespace/name"). Pure.
[[nodiscard]] bool meansService(const QString &host, const QString &ns, const QString &service);
/// Whether @p rule, a DestinationRule, is for @p service and makes proxies prefer what is near. Pure.
[[nodiscard]] bool prefersNear(const QJsonObject &rule, const QString &service);
/// Whether @p service, a Service, asks for answers from near. Pure.
[[nodiscard]] bool isKeptNear(const QJsonObject &service);

} // namespace catamaran::truth
