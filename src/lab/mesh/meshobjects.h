// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/objectstore.h"

#include <QByteArray>

/// The objects that a mesh keeps in its managed clusters.
namespace catamaran::lab {

inline constexpr const char *rootConfigMap = "istio-ca-root-cert";

void ensureNamespace(ObjectStore &store, const std::string &name);
/// Sets a label, or removes it when @p value is empty. Does nothing when the namespace does not exist.
void setNamespaceLabel(ObjectStore &store, const std::string &ns, const std::string &label, const std::string &value);

/// ConfigMap istio-ca-root-cert in one namespace, or in all of them.
void writeRoots(ObjectStore &store, const std::string &ns, const QByteArray &roots);
void writeRootsEverywhere(ObjectStore &store, const QByteArray &roots);

/// The cross-network gateway's Service, with the address its load balancer has got, and its Deployment.
void writeGateway(ObjectStore &store, const std::string &name, const std::string &network, const std::string &address);
void removeGateway(ObjectStore &store, const std::string &name);

} // namespace catamaran::lab
