// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/objectstore.h"
#include "lab/mesh/net.h"

namespace catamaran::lab {

/// The names of one cluster in a file that podnet.c reads: "address full.name" lines. Written anew, as a whole, a moment
/// after services or (for headless ones) their endpoints have changed.
class HostsFile {
public:
    HostsFile(asio::io_context &io, std::shared_ptr<ObjectStore> store, std::string folder);
    ~HostsFile();

    void start();
    [[nodiscard]] const std::string &folder() const { return m_folder; }

    /// The file's content. Pure.
    [[nodiscard]] static std::string textFor(const ObjectStore &store);

private:
    void write();

    std::shared_ptr<ObjectStore> m_store;
    std::string m_folder;
    asio::steady_timer m_timer;
    bool m_pending = false;
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
    std::shared_ptr<void> m_subscription;
};

} // namespace catamaran::lab
