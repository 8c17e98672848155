// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/environment.h"
#include "documents/fleetdocument.h"
#include "kube/kubeclient.h"
#include "mesh/provider.h"
#include "store/secretstore.h"

#include <QObject>

#include <map>
#include <memory>

namespace catamaran::session {

/// The open connections of one environment: a KubeClient per cluster, a provider per account.
/// Main thread; the clients it hands out may be called from any thread while the session lives.
class Session : public QObject {
    Q_OBJECT
public:
    /// Reads kubeconfigs and opens the accounts. A cluster whose kubeconfig is bad does not fail the session:
    /// clusterError() tells, so that the others can still be shown. Kubeconfigs that a provider gave are renewed before they end,
    /// by @p clock.
    [[nodiscard]] static QFuture<core::Result<std::shared_ptr<Session>>> open(const documents::Environment &environment,
        store::SecretStore &secrets, std::stop_token stop, core::Clock clock = core::systemClock());
    ~Session() override;

    [[nodiscard]] const documents::Environment &environment() const;
    /// Null when the cluster is unknown or its kubeconfig could not be used.
    [[nodiscard]] kube::KubeClient *cluster(const QString &name) const;
    [[nodiscard]] std::optional<core::Error> clusterError(const QString &name) const;
    [[nodiscard]] QStringList clusterNames() const;
    /// How kubectl reaches the cluster; also of one that could not be opened, as far as the environment says it.
    [[nodiscard]] kube::ByHand byHand(const QString &name) const;
    /// Who makes meshes here; null without an account of it. @p name: mesh::ProviderKind::name(), empty: the first that has an account.
    [[nodiscard]] mesh::Provider *provider(const QString &name = {}) const;
    /// The same for @p mesh of a fleet, or why there is none: Unsupported (this program has no such provider), Precondition (no account).
    [[nodiscard]] core::Result<mesh::Provider *> providerOf(const documents::FleetMesh &mesh) const;
    [[nodiscard]] const mesh::Providers &providers() const;
    [[nodiscard]] store::SecretStore &secrets() const;
    /// The Lease of the environment, shared by all who use this Session at the time; the first takes it with @p title. Conflict:
    /// ops::Lease::take(). Any other error, too, when nobody can see whether others are at work. For worker threads.
    [[nodiscard]] core::Result<std::shared_ptr<ops::Lease>> lease(const QString &title, std::stop_token stop);

private:
    struct Private;
    explicit Session(std::unique_ptr<Private> data);
    std::unique_ptr<Private> d;
};

/// A copy of @p session for a worker thread: whoever drops it last, the session itself ends on the main thread.
[[nodiscard]] std::shared_ptr<Session> forWorker(std::shared_ptr<Session> session);

} // namespace catamaran::session
