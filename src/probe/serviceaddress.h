// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/run.h"

/// Where a service is, for clusters whose pods cannot ask a DNS for it.
namespace catamaran::probe {

struct ServiceName {
    QString ns, name;
    bool operator==(const ServiceName &) const = default;
};

/// The service that @p host means to a pod of namespace @p ns: "helloworld", "helloworld.sample",
/// "helloworld.sample.svc" or with the cluster's domain behind it; nullopt for other hosts and for addresses. Pure.
[[nodiscard]] std::optional<ServiceName> serviceOfHost(const QString &host, const QString &ns);

/// The cluster address in a Service object; a Precondition error for those that have none (headless, external). Pure.
[[nodiscard]] core::Result<QString> clusterAddress(const QJsonObject &service);

/// Asks the API server for the address of the service that @p spec's URL names. Callable from any thread.
[[nodiscard]] QFuture<core::Result<QString>> lookUpAddress(kube::KubeClient &client, const RunSpec &spec, std::stop_token stop);

/// When not one request of @p summary got further than its host's name: what that means and what to do; empty otherwise.
[[nodiscard]] QString adviceForNames(const RunSpec &spec, const Summary &summary, const QList<Sample> &samples);

} // namespace catamaran::probe
