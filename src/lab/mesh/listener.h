// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/mesh/net.h"

#include <functional>
#include <memory>

namespace catamaran::lab {

/// Accepts connections at one address and port until it is stopped or destroyed.
class Listener {
public:
    /// Called with each connection and the address it comes from.
    using Handler = std::function<void(tcp::socket, const std::string &peer)>;

    Listener(asio::io_context &io, Handler handler);
    ~Listener();
    Listener(const Listener &) = delete;
    Listener &operator=(const Listener &) = delete;

    [[nodiscard]] ErrorCode open(const std::string &address, unsigned short port);
    void close();
    [[nodiscard]] bool isOpen() const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace catamaran::lab
