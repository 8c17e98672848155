// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/listener.h"

namespace catamaran::lab {

struct Listener::State : std::enable_shared_from_this<Listener::State> {
    State(asio::io_context &io, Handler onAccept)
        : acceptor(io)
        , pause(io)
        , handler(std::move(onAccept))
    {
    }

    void acceptNext()
    {
        acceptor.async_accept([self = shared_from_this()](const ErrorCode &error, tcp::socket socket) {
            if (!self->acceptor.is_open())
                return;
            if (error) {
                // Out of descriptors, for a moment: go on, but not in a tight loop.
                self->pause.expires_after(std::chrono::milliseconds(20));
                self->pause.async_wait([self](const ErrorCode &cancelled) {
                    if (!cancelled && self->acceptor.is_open())
                        self->acceptNext();
                });
                return;
            }
            ErrorCode peerError;
            const auto peer = socket.remote_endpoint(peerError);
            if (!peerError) {
                tune(socket);
                self->handler(std::move(socket), peer.address().to_string());
            }
            if (self->acceptor.is_open())
                self->acceptNext();
        });
    }

    tcp::acceptor acceptor;
    asio::steady_timer pause;
    Handler handler;
};

Listener::Listener(asio::io_context &io, Handler handler)
    : m_state(std::make_shared<State>(io, std::move(handler)))
{
}

Listener::~Listener()
{
    close();
}

ErrorCode Listener::open(const std::string &address, unsigned short port)
{
    if (isOpen())
        return {};
    const ErrorCode error = openListener(m_state->acceptor, address, port);
    if (!error)
        m_state->acceptNext();
    return error;
}

void Listener::close()
{
    ErrorCode ignored;
    m_state->acceptor.close(ignored);
    m_state->pause.cancel();
}

bool Listener::isOpen() const
{
    return m_state->acceptor.is_open();
}

} // namespace catamaran::lab
