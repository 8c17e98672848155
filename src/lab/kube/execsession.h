// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/connection.h"
#include "lab/kube/execprotocol.h"

#include <boost/asio/steady_timer.hpp>

#include <deque>

namespace catamaran::lab {

/// One exec: the command, what goes to its client and what the client says, whatever the wire is. Shared by the wire's
/// coroutines and the process's callbacks, which may outlive the client.
class ExecSession : public std::enable_shared_from_this<ExecSession> {
public:
    static constexpr std::size_t messageSize = 32U << 10;

    ExecSession(std::shared_ptr<void> owner, const asio::any_io_executor &executor);
    virtual ~ExecSession() = default;

    /// Starts the command of @p plan, or ends the session with the Status that says why not.
    void start(Api &api, ExecPlan plan);
    void input(std::string_view bytes);
    void inputEnds();
    /// @p size is {"Width":120,"Height":40}.
    void resize(std::string_view size);
    /// The client has gone.
    void leave();

    [[nodiscard]] bool isGone() const { return m_gone; }
    /// Writes what is queued until the command has ended and all was sent (true), or the client has gone.
    static asio::awaitable<bool> writeAll(std::shared_ptr<ExecSession> self);
    /// Behind writeAll(): a command that still runs outlives its client, as with a real kubelet.
    void release();

protected:
    /// Puts one message on the wire; false when the client has gone.
    virtual asio::awaitable<bool> send(const std::string &message) = 0;
    /// The wire's form of at most messageSize @p bytes.
    [[nodiscard]] virtual std::string framed(ExecChannel channel, std::string_view bytes) const = 0;
    /// What the wire says behind the last output.
    virtual void finish(const json::object &status) = 0;

    void queue(ExecChannel channel, std::string_view bytes);
    void queueRaw(std::string message);

private:
    void end(const json::object &status);

    std::shared_ptr<void> m_owner; ///< of the stream below; first, so that it goes last
    asio::steady_timer m_timer; ///< wakes the writer
    std::deque<std::string> m_outgoing;
    std::size_t m_queued = 0;
    std::unique_ptr<ExecProcess> m_process;
    bool m_wantsStdin = false, m_stdinClosed = false, m_paused = false, m_ended = false, m_gone = false;
};

} // namespace catamaran::lab
