// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/net.h"

#include <netinet/in.h>
#include <sys/socket.h>

namespace catamaran::lab {

bool bindSource(tcp::socket &socket, const std::string &address, ErrorCode &error)
{
    const auto ip = asio::ip::make_address_v4(address, error);
    if (error)
        return false;
    int on = 1;
    ::setsockopt(socket.native_handle(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    socket.bind(tcp::endpoint(ip, 0), error);
    return !error;
}

void resetConnection(tcp::socket &socket)
{
    ErrorCode ignored;
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
}

ErrorCode openListener(tcp::acceptor &acceptor, const std::string &address, unsigned short port)
{
    ErrorCode error;
    const auto ip = asio::ip::make_address_v4(address, error);
    if (!error)
        acceptor.open(tcp::v4(), error);
    if (!error)
        acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error)
        acceptor.bind(tcp::endpoint(ip, rangePort(port)), error);
    if (!error)
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
        ErrorCode ignored;
        acceptor.close(ignored);
    }
    return error;
}

} // namespace catamaran::lab
