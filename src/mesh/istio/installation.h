// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QJsonObject>
#include <QList>
#include <QString>

/// The objects that a control plane or a gateway is installed from, as a tool of the user's rendered them. Pure.
namespace catamaran::mesh::istio {

enum class Part { ControlPlane, Gateway };

/// @p objects as they are applied: each once, without what the control plane itself writes (the authority of its webhooks, the failure
/// policy of the one that validates), in an order in which each finds what it needs. What shows others that the part is there comes last
/// (the Deployment of a control plane, the Service of a gateway), so that whatever was cut off before is planned again as a whole.
///
/// InvalidInput that names the object and @p origin, for what is no object of a known kind, holds a Secret (its data would be written down)
/// or a status, is given twice, or without what makes it that part.
[[nodiscard]] core::Result<QList<QJsonObject>> installationOf(const QList<QJsonObject> &objects, Part part, const QString &origin);

/// What the control plane of @p objects calls its cluster; empty: they do not say.
[[nodiscard]] QString clusterIdIn(const QList<QJsonObject> &objects);
/// Whether the account is among them that other control planes read the cluster with.
[[nodiscard]] bool hasReaderIn(const QList<QJsonObject> &objects);
/// The network that the gateway of @p objects says it lets others into; empty: it has no such label.
[[nodiscard]] QString gatewayNetworkIn(const QList<QJsonObject> &objects);
/// The namespace that the control plane of @p objects stands in.
[[nodiscard]] QString spaceIn(const QList<QJsonObject> &objects);

} // namespace catamaran::mesh::istio
