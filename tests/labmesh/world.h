// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/mesh/meshworld.h"

#include <boost/asio/ip/tcp.hpp>

#include <QStringList>

#include <set>

/// Two clusters in one process, without API servers or controllers: objects are put into the stores by hand.
struct World {
    explicit World(bool sameRoots = true);

    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor claim; ///< holds the range's block of addresses
    catamaran::lab::AddressPlan plan;
    std::shared_ptr<catamaran::lab::ObjectStore> stores[3];
    catamaran::lab::PodRuntime *runtimes[3] = {};
    bool apiUp[3] = { true, true, true };
    std::set<QByteArray> kept;
    std::unique_ptr<catamaran::lab::MeshWorld> world;

    /// Lets the world go on until @p condition holds; false after @p seconds.
    bool until(const std::function<bool()> &condition, int seconds = 10);
    void goOn(int milliseconds);

    /// The guide's setup: both meshes, discovery, networks, injection.
    void setUpMesh(bool discovery = true, bool networks = true, bool gateways = true);
    void service(int cluster, const std::string &name, int port, const std::string &ip, const std::string &ns = "default");
    /// Through admission, as a replica set would create it. Empty, or why it was refused.
    std::string pod(
        int cluster, const std::string &name, const std::string &app, const std::string &image, const std::string &ns = "default");
    bool waitReady(int cluster, const std::string &pod);
    std::string podIp(int cluster, const std::string &pod) const;
    /// Writes the endpoint slice of helloworld from the cluster's ready pods.
    void slices(int cluster);
    /// helloworld v1 and sleep in cluster-1, helloworld v2 in cluster-2, all ready and discovered.
    bool deploySample();
    bool bothKnown(int cluster);

    struct Result {
        QByteArray out, err;
        int code = -1;
        std::string error;
        long long milliseconds = 0;
    };
    Result run(int cluster, const std::string &pod, std::vector<std::string> command, int seconds = 30, const std::string &container = {});
    /// GET helloworld:5000/hello from the cluster's sleep.
    Result hello(int cluster, const std::vector<std::string> &options = {});
    std::string proxyLog(int cluster, const std::string &pod) { return runtimes[cluster]->logs("default", pod, "istio-proxy"); }
};
