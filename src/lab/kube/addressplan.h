// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace catamaran::lab {

/// Which loopback addresses one range uses: everything inside 127.<block>.0.0/16, so that several ranges run side by
/// side. The block is taken by binding the cloud endpoint's address; no files, no cleaning up after a crash. A range of many
/// clusters has several blocks in a row, each for nine clusters.
struct AddressPlan {
    int block = 0; ///< 20..119, the first
    int blocks = 1;

    static constexpr int clustersPerBlock = 9;
    [[nodiscard]] static constexpr int blocksFor(int clusters) { return (clusters + clustersPerBlock - 1) / clustersPerBlock; }
    static constexpr int cloudPort = 8443;
    static constexpr int apiServerPort = 6443;
    static constexpr int gatewayPort = 15443;
    /// Where the connections to a gateway of applications that have a sidecar end up: the sidecar has to see them (podnet.c).
    static constexpr int passThroughPort = 15001;

    [[nodiscard]] std::string cloud() const { return claim(0); }
    /// What stands for a block while it is taken; that of the first is the cloud's address.
    [[nodiscard]] std::string claim(int which) const { return inBlock(block + which, 0, 1); }
    /// @p cluster counts from 1.
    [[nodiscard]] std::string apiServer(int cluster) const { return at(cluster, 1, slot(cluster)); }
    [[nodiscard]] std::string gateway(int cluster) const { return at(cluster, 3, slot(cluster)); }
    [[nodiscard]] std::string node(int cluster) const { return at(cluster, 4, slot(cluster)); }
    /// Pod @p index (0..) of a cluster: 250 addresses in each of 8 subnets.
    [[nodiscard]] std::string pod(int cluster, int index) const
    {
        return at(cluster, slot(cluster) * 10 + (index / 250) % 8, 1 + index % 250);
    }
    [[nodiscard]] std::string service(int cluster, int index) const { return at(cluster, 100 + slot(cluster), 1 + index % 250); }
    /// Where an application listens behind its sidecar (a pod's own loopback).
    [[nodiscard]] std::string behindSidecar(int cluster, int index) const
    {
        return at(cluster, slot(cluster) * 10 + 120 + (index / 250) % 8, 1 + index % 250);
    }
    [[nodiscard]] std::string podCidr(int cluster) const { return at(cluster, slot(cluster) * 10, 0) + "/20"; }
    [[nodiscard]] std::string serviceCidr(int cluster) const { return at(cluster, 100 + slot(cluster), 0) + "/24"; }

private:
    /// 1 to 9, within its block.
    [[nodiscard]] static constexpr int slot(int cluster) { return (cluster - 1) % clustersPerBlock + 1; }
    [[nodiscard]] std::string at(int cluster, int third, int fourth) const
    {
        return inBlock(block + (cluster - 1) / clustersPerBlock, third, fourth);
    }
    [[nodiscard]] static std::string inBlock(int second, int third, int fourth)
    {
        return "127." + std::to_string(second) + "." + std::to_string(third) + "." + std::to_string(fourth);
    }
};

} // namespace catamaran::lab
