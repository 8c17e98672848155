// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pki/ca.h"

#include <string>
#include <vector>

/// The texts of the files a range leaves in its folder. Pure.
namespace catamaran::lab {

/// A kubeconfig with everything inside, as ACK hands it out.
[[nodiscard]] std::string kubeconfigText(const std::string &clusterName, const std::string &server, const QByteArray &caPem,
    const pki::Identity &user, const std::string &userName);

struct EnvironmentText {
    std::string accessKeyId, cloudUrl;
    struct Cluster {
        std::string name, cloudId, region, kubeconfigFile;
    };
    std::vector<Cluster> clusters;
};
/// env.yaml (kind Environment). File names are relative to it.
[[nodiscard]] std::string environmentText(const EnvironmentText &environment);

/// fleet.yaml (kind Fleet): @p meshes meshes with one root; mesh-1 manages cluster-1, mesh-2 cluster-2 and so on, from the start
/// again when there are fewer meshes than clusters, and each discovers all others. Every cluster-I is on networkI with a
/// gateway, and has a sleep and a helloworld, v1 or v2 in turn.
[[nodiscard]] std::string fleetText(int clusters, int meshes);

} // namespace catamaran::lab
