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

} // namespace catamaran::lab
