// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/mesh/meshworld.h"
#include "pki/ca.h"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace catamaran::lab {

/// What ACK knows of one cluster.
struct CloudCluster {
    std::string id, name, regionId, vpcId, vswitchId, podCidr, serviceCidr, apiServerUrl;
    std::string kubeconfig; ///< what DescribeClusterUserKubeconfig answers
};

struct CloudDelays {
    std::chrono::milliseconds create { 1500 }; ///< initial -> running
    std::chrono::milliseconds update { 600 };  ///< updating -> running
    std::chrono::milliseconds remove { 500 };  ///< deleting -> gone
};

struct CloudOptions {
    std::string address;
    unsigned short port = 8443;
    pki::Identity serving;
    std::string accessKeyId;
    std::string accessKeySecret;
    std::vector<CloudCluster> clusters;
    CloudDelays delays;
};

/// The ASM and ACK endpoints of one account on one TLS listener (product by x-acs-version), with ACS3 signature checks,
/// states and delays as facts asm-openapi describes. Drives the MeshWorld.
class CloudServer {
public:
    CloudServer(boost::asio::io_context &io, MeshWorld &world, CloudOptions options);
    ~CloudServer();
    [[nodiscard]] std::string start(); ///< empty, or why the listener could not be opened

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

} // namespace catamaran::lab
