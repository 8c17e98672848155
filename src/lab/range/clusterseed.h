// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/objectstore.h"

#include <string>

namespace catamaran::lab {

/// What a new cluster of the practice range has before anybody works with it.
struct ClusterSeed {
    std::string nodeName, nodeAddress, region, zone, podCidr, kubeletVersion;
    std::string serviceAddress; ///< of the service `kubernetes`
    std::string apiServerAddress;
    int apiServerPort = 6443;
    std::string caPem; ///< kube-root-ca.crt
};

/// Namespaces, one node with its topology labels, the service `kubernetes` with its endpoint.
void seedCluster(ObjectStore &store, const ClusterSeed &seed);

} // namespace catamaran::lab
