// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace catamaran::lab {

/// Which loopback addresses one range uses: everything inside 127.<block>.0.0/16, so that several ranges run side by
/// side. The block is taken by binding the cloud endpoint's address; no files, no cleaning up after a crash.
struct AddressPlan {
    int block = 0; ///< 20..119

    static constexpr int cloudPort = 8443;
    static constexpr int apiServerPort = 6443;
    static constexpr int gatewayPort = 15443;

    [[nodiscard]] std::string cloud() const { return at(0, 1); }
    [[nodiscard]] std::string controlSocket() const { return at(0, 2); }
    /// @p cluster counts from 1.
    [[nodiscard]] std::string apiServer(int cluster) const { return at(1, cluster); }
    [[nodiscard]] std::string meshApiServer(int mesh) const { return at(2, mesh); }
    [[nodiscard]] std::string gateway(int cluster) const { return at(3, cluster); }
    [[nodiscard]] std::string node(int cluster) const { return at(4, cluster); }
    /// Pod @p index (0..) of a cluster: 250 addresses in each of 8 subnets.
    [[nodiscard]] std::string pod(int cluster, int index) const { return at(cluster * 10 + (index / 250) % 8, 1 + index % 250); }
    [[nodiscard]] std::string service(int cluster, int index) const { return at(100 + cluster, 1 + index % 250); }
    /// Where an application listens behind its sidecar (a pod's own loopback).
    [[nodiscard]] std::string behindSidecar(int cluster, int index) const
    {
        return at(cluster * 10 + 120 + (index / 250) % 8, 1 + index % 250);
    }
    [[nodiscard]] std::string podCidr(int cluster) const { return at(cluster * 10, 0) + "/20"; }
    [[nodiscard]] std::string serviceCidr(int cluster) const { return at(100 + cluster, 0) + "/24"; }

    [[nodiscard]] std::string at(int third, int fourth) const
    {
        return "127." + std::to_string(block) + "." + std::to_string(third) + "." + std::to_string(fourth);
    }
};

} // namespace catamaran::lab
