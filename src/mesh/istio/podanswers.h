// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/exec.h"
#include "kube/logs.h"
#include "mesh/istio/debuganswers.h"
#include "mesh/istio/meshobjects.h"

#include <memory>

/// Asking pods and API servers for what is no object.
namespace catamaran::mesh::istio {

/// The end of a log, as far as @p options reach; they need a limit. From any thread.
[[nodiscard]] QFuture<core::Result<QByteArray>> readLog(kube::KubeClient &client, const kube::LogOptions &options, std::stop_token stop);

/// Whether the API server of @p client accepts @p token: a TokenReview. From any thread.
[[nodiscard]] QFuture<core::Result<QJsonObject>> reviewToken(kube::KubeClient &client, const core::Secret &token, std::stop_token stop);
[[nodiscard]] TokenVerdict verdictOf(const QJsonObject &review, const QString &secret, const QString &key, const QString &cluster);

/// An answer of /debug/endpointShardz, counted while it comes: it is never held whole. Made on any thread.
class EndpointsAnswer {
public:
    EndpointsAnswer(kube::KubeClient &client, const kube::ExecOptions &options, std::stop_token stop);
    ~EndpointsAnswer();
    /// Reads what comes until it has ended. On a worker thread, once.
    [[nodiscard]] core::Result<QHash<QString, qint64>> finish(std::chrono::steady_clock::time_point deadline);

private:
    struct Pipe;
    std::shared_ptr<Pipe> m_pipe;
};

} // namespace catamaran::mesh::istio
