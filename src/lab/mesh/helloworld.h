// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/mesh/bytestream.h"
#include "lab/mesh/listener.h"

namespace catamaran::lab {

/// The sample service: answers GET /hello with its version and its pod's name, as the real image does.
class HelloWorld : public std::enable_shared_from_this<HelloWorld> {
public:
    static constexpr unsigned short port = 5000;

    HelloWorld(asio::io_context &io, std::string version, std::string instance);

    [[nodiscard]] ErrorCode start(const std::string &address);
    /// Ends it with all its connections.
    void stop();

private:
    static asio::awaitable<void> serve(std::shared_ptr<HelloWorld> self, tcp::socket socket);

    asio::io_context &m_io;
    std::string m_version;
    std::string m_instance;
    ConnectionSet m_connections;
    std::unique_ptr<Listener> m_listener;
};

} // namespace catamaran::lab
