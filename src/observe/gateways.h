// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>

/// The cross-cluster gateways of a cluster, found as a control plane finds them. Pure functions of objects as they were read.
namespace catamaran::observe {

/// Where meshes keep what they run in a cluster.
inline const QString systemNamespace = QStringLiteral("istio-system");

/// A Service that meshes take for the gateway of a network.
struct SeenGateway {
    QString service; ///< "istio-system/istio-eastwestgateway"
    QString network; ///< what its label says; empty: it has none
    QString address; ///< "203.0.113.20:15443"; empty: @c trouble says why
    QString trouble; ///< why it cannot carry traffic from other clusters; empty: nothing is known against it
};

/// Whether a provider has made @p service as the gateway of a network.
[[nodiscard]] bool isProvidersGateway(const QJsonObject &service);

/// Services with the label `topology.istio.io/network` and the cross-cluster port; where none has the label, those that
/// a mesh made for the purpose. Never one that merely opens the same port, as ingress gateways of older profiles do.
[[nodiscard]] QList<SeenGateway> crossClusterGateways(const QList<QJsonObject> &services);

} // namespace catamaran::observe
