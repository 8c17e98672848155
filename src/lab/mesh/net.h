// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/awaiting.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>

#include <string>

/// The names that every connection of the data plane uses. Only for .cpp files and headers inside lab/mesh.
namespace catamaran::lab {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;
using SteadyTime = std::chrono::steady_clock::time_point;

/// Sets what every proxied connection wants: no delay for small writes.
inline void tune(tcp::socket &socket)
{
    ErrorCode ignored;
    socket.set_option(tcp::no_delay(true), ignored);
}

/// Binds the source address without taking a port yet, so that one source address can have far more connections than
/// there are ports. False when the address is not one of ours.
[[nodiscard]] bool bindSource(tcp::socket &socket, const std::string &address, ErrorCode &error);

/// Closes so that the other side sees a reset, as a dead process or a refused connection does.
void resetConnection(tcp::socket &socket);

/// Opens a listener on address:port; the returned code says why not.
[[nodiscard]] ErrorCode openListener(tcp::acceptor &acceptor, const std::string &address, unsigned short port);

/// Privileged ports cannot be bound by everybody: inside the range they live at an offset, for listeners and (in the
/// pods' connect hook, podnet.c) for clients alike. Nobody inside sees the difference.
[[nodiscard]] constexpr unsigned short rangePort(unsigned short port)
{
    return port < 1024 ? static_cast<unsigned short>(port + 20000) : port;
}

} // namespace catamaran::lab
