// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

/// DIR/control.sock: `catamaran-lab ctl` sends its words as one line of JSON and gets one line of JSON back.
namespace catamaran::lab {

struct ControlAnswer {
    bool ok = false;
    std::string text; ///< one line
};

class ControlSocket : public std::enable_shared_from_this<ControlSocket> {
public:
    using Handler = std::function<ControlAnswer(const std::vector<std::string> &words)>;

    ControlSocket(boost::asio::io_context &io, std::string directory, Handler handler);
    ~ControlSocket();
    /// Empty, or why the socket could not be opened. An old one is replaced: the folder's lock says that nobody has it.
    [[nodiscard]] std::string start();
    /// Closes and removes the socket.
    void stop();

private:
    struct Conversation;
    void accept();

    std::string m_directory;
    Handler m_handler;
    boost::asio::local::stream_protocol::acceptor m_acceptor;
};

/// The client's side; blocks for at most ten seconds. Exit code 0: done, 2: refused, 3: no range runs in @p directory.
[[nodiscard]] int sendControl(const std::string &directory, const std::vector<std::string> &words, std::string &text);

} // namespace catamaran::lab
