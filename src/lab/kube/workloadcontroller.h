// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/objectstore.h"

#include <string>

/// What kube-controller-manager does for deployments and replica sets, one object at a time: each function looks at the
/// store, makes the next changes and returns. Calling it again when nothing changed does nothing.
namespace catamaran::lab {

/// Brings a deployment's replica sets to its template and size (rolling update or re-creation) and writes its status.
void reconcileDeployment(ObjectStore &store, const std::string &ns, const std::string &name);

/// Makes or deletes pods until the replica set has its size, and writes its status. Returns false when a pod was
/// refused (the event FailedCreate says why) and the caller should come again later.
[[nodiscard]] bool reconcileReplicaSet(ObjectStore &store, const std::string &ns, const std::string &name);

/// Asks a pod to end: with a node its kubelet stops and removes it, without one it goes at once.
void deletePod(ObjectStore &store, const std::string &ns, const std::string &name);

/// Notes an event as the named component would; repeated ones count up.
void recordEvent(ObjectStore &store, const json::object &about, const std::string &kind, const std::string &apiVersion,
    const std::string &type, const std::string &reason, const std::string &message, const std::string &component);

[[nodiscard]] bool isPodReady(const json::object &pod);
[[nodiscard]] bool isTerminating(const json::object &object);
/// Five (or more) characters as Kubernetes makes them for generated names: no vowels, no look-alikes.
[[nodiscard]] std::string randomSuffix(std::size_t length = 5);
/// The same alphabet for a hash of @p text, always the same for the same text.
[[nodiscard]] std::string stableSuffix(std::string_view text, std::size_t length);

} // namespace catamaran::lab
