// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/callgate.h"
#include "lab/mesh/meshworld.h"
#include "pki/ca.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace catamaran::lab {

/// What ACK knows of one cluster.
struct CloudCluster {
    std::string id, name, regionId, vpcId, vswitchId, podCidr, serviceCidr, apiServerUrl;
    std::function<std::string(long minutes)> kubeconfig; ///< what DescribeClusterUserKubeconfig answers: a new one, good for so long
    std::string zoneId, version = "1.32.1-aliyun.1";
    std::shared_ptr<ObjectStore> store; ///< its API server's objects: what the mesh reads of its namespaces; may be null
};

struct CloudDelays {
    std::chrono::milliseconds create { 1500 }; ///< initial -> running
    std::chrono::milliseconds update { 600 }; ///< updating -> running
    std::chrono::milliseconds remove { 500 }; ///< deleting -> gone
};

struct CloudOptions {
    std::string address;
    unsigned short port = 8443;
    pki::Identity serving;
    std::string accessKeyId;
    std::string accessKeySecret;
    std::vector<CloudCluster> clusters;
    CloudDelays delays;
    std::shared_ptr<CallGate> gate; ///< that every change passes; may be null
    int requestsPerSecond = 200; ///< more is answered with Throttling.User; 0: no limit
    std::shared_ptr<boost::asio::ip::tcp::acceptor> listener; ///< bound already, else address and port are opened
};

/// The ASM and ACK endpoints of one account on one TLS listener (product by x-acs-version), with ACS3 signature checks,
/// states and delays as facts asm-openapi describes. Drives the MeshWorld.
class CloudServer {
public:
    CloudServer(boost::asio::io_context &io, MeshWorld &world, CloudOptions options);
    ~CloudServer();
    [[nodiscard]] std::string start(); ///< empty, or why the listener could not be opened
    void stop(); ///< closes the listener and every connection
    /// The names of the meshes that exist, for messages.
    [[nodiscard]] std::vector<std::string> meshNames() const;
    /// The name of the mesh with this name or id; empty when there is none.
    [[nodiscard]] std::string meshNamed(const std::string &nameOrId) const;

    /// The meshes by name: state, members with their mode, networks, injection. No ids of meshes, no times.
    [[nodiscard]] boost::json::object state() const;

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

} // namespace catamaran::lab
