// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/cloud/cloudserver.h"
#include "lab/kube/apiserver.h"
#include "lab/range/controlsocket.h"

namespace catamaran::lab {

/// What `catamaran-lab ctl` can break. Names in words; nothing is owned.
struct FaultTargets {
    MeshWorld *world = nullptr;
    CloudServer *cloud = nullptr;
    CallGate *gate = nullptr;
    struct Cluster {
        std::string name, network;
        ApiServer *apiServer = nullptr;
        ObjectStore *store = nullptr;
    };
    std::vector<Cluster> clusters;
};

/// Obeys `partition A B [drop|reject]`, `heal A B`, `latency A B MS`, `stop|start gateway CLUSTER | control-plane MESH | api-server
/// CLUSTER | pod CLUSTER/NS/POD`. For tests also `state` (worldstate.h), `changes` (how many calls changed something, as JSON), `at N
/// MISHAP [MS]` (the N-th of them from now on; see callgate.h) and `go`. A refusal names what is known.
[[nodiscard]] ControlAnswer obey(const FaultTargets &targets, const std::vector<std::string> &words);

/// One line per command, for --help and refusals.
[[nodiscard]] const char *faultUsage();

} // namespace catamaran::lab
