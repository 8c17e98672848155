// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/faults/kinds.h"

/// What faults have in common that take Deployments away which only the fleet tells: {cluster, namespace} becomes {…, deployments}.
namespace catamaran::drill {

/// {cluster, namespace (istio-system where it is left out)} of @p value, which has no other keys but @p more.
[[nodiscard]] QJsonObject readPlace(const documents::YamlValue &value, std::vector<const char *> more = {});
/// @p arguments with the names of @p deployments; an error where they are more than a fault takes away.
[[nodiscard]] core::Result<QJsonObject> withDeployments(QJsonObject arguments, const QList<QJsonObject> &deployments);
[[nodiscard]] QList<FaultObject> deploymentsIn(const QJsonObject &arguments);
/// Those that have replicas go to 0; none has: it makes no sense.
[[nodiscard]] core::Result<core::Done> writeAway(const QJsonObject &arguments, FaultWriter &writer);
/// "istiod, istiod-canary"; without names, before they were looked for, @p otherwise.
[[nodiscard]] QString namesIn(const QJsonObject &arguments, const QString &otherwise);
/// "app=a,istio=b" of a Service's selector; empty: it has none.
[[nodiscard]] QString selectorOf(const QJsonObject &service);

} // namespace catamaran::drill
