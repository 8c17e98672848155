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
    std::string directory;
    CloudDelays delays;
    int requestsPerSecond = 200; ///< of the cloud's API; 0: no limit
};

/// One practice range: a cloud account with two clusters, everything on 127.<block>.0.0/16. cluster-1 stands in
/// cn-hangzhou on network1, cluster-2 in cn-shanghai on network2. One thread (the io_context's).
class Range {
public:
    explicit Range(boost::asio::io_context &io);
    ~Range();

    /// Builds everything, writes the files of the folder and listens. Empty, or why it could not; then nothing is left
    /// running.
    [[nodiscard]] std::string start(const RangeOptions &options);
    /// The line for scripts, once start() succeeded: {"ready":true,"env":...,"ca":...,"kubeconfigs":[...]}.
    [[nodiscard]] std::string readyLine() const;
    /// Ends every server and process; io_context::run() can return soon after.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace catamaran::lab
