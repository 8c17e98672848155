// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/cloud/cloudserver.h"
#include "lab/kube/addressplan.h"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>
#include <vector>

namespace catamaran::lab {

struct RangeOptions {
    static constexpr int mostClusters = 300, mostMeshes = 100;

    std::string directory;
    int clusters = 2, meshes = 2;
    CloudDelays delays;
    std::string ledger; ///< a file for what really happened (lab/mesh/ledger.h); empty: none
    int requestsPerSecond = 200; ///< of the cloud's API; 0: no limit
};

/// One practice range: a cloud account with clusters cluster-1, cluster-2, ..., everything on 127.<block>.0.0/16 and, for
/// more than nine clusters, the blocks after it. cluster-I stands on a network of its own, networkI; cluster-1 in cn-hangzhou,
/// cluster-2 in cn-shanghai, the others in further regions in turn. There are no meshes at first: how many are meant is said
/// in fleet.yaml. One thread (the io_context's).
class Range {
public:
    explicit Range(boost::asio::io_context &io);
    ~Range();

    /// Builds everything, writes the files of the folder and listens. Empty, or why it could not; then nothing is left
    /// running.
    [[nodiscard]] std::string start(const RangeOptions &options);
    /// The line for scripts, once start() succeeded: {"ready":true,"env":...,"ca":...,"kubeconfigs":[...],"control":...,
    /// "cloud":...,"clusters":N,"meshes":M,"networks":[...],"fleet":...}. No fleet where it would be too large to be read
    /// (more than RangeOptions' meshes times clusters 10000).
    [[nodiscard]] std::string readyLine() const;
    /// Ends every server and process; io_context::run() can return soon after.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace catamaran::lab
