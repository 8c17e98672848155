// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/range/controlsocket.h"

#include "core/trustedfile.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>

#include <cerrno>
#include <cstring>
#include <istream>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace catamaran::lab {

namespace asio = boost::asio;
namespace json = boost::json;
using Protocol = asio::local::stream_protocol;

namespace {

constexpr auto socketName = "control.sock";
constexpr std::size_t longestLine = 4 * 1024 * 1024;
constexpr int clientPatienceMs = 10000;

/// A short name for DIR/control.sock: socket addresses hold 107 bytes only, folders may be deeper.
class ShortPath {
public:
    explicit ShortPath(const std::string &directory)
        : m_descriptor(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC))
    {
    }
    ~ShortPath()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    ShortPath(const ShortPath &) = delete;
    ShortPath &operator=(const ShortPath &) = delete;
    [[nodiscard]] bool isValid() const { return m_descriptor >= 0; }
    [[nodiscard]] std::string whyNotOwn() const { return core::whyNotOwn(m_descriptor).toStdString(); }
    [[nodiscard]] std::string text() const { return "/proc/self/fd/" + std::to_string(m_descriptor) + "/" + socketName; }

private:
    int m_descriptor;
};

std::vector<std::string> readWords(const std::string &line)
{
    boost::system::error_code error;
    const json::value parsed = json::parse(line, error);
    std::vector<std::string> words;
    if (error || !parsed.is_array())
        return words;
    for (const auto &word : parsed.as_array())
        words.emplace_back(word.is_string() ? std::string(word.as_string()) : std::string());
    return words;
}

std::string readLine(int descriptor)
{
    std::string line;
    char buffer[4096];
    while (line.find('\n') == std::string::npos && line.size() < longestLine) {
        pollfd waiting { descriptor, POLLIN, 0 };
        if (::poll(&waiting, 1, clientPatienceMs) <= 0)
            break;
        const ssize_t count = ::recv(descriptor, buffer, sizeof buffer, 0);
        if (count <= 0)
            break;
        line.append(buffer, static_cast<std::size_t>(count));
    }
    return line.substr(0, line.find('\n'));
}

} // namespace

struct ControlSocket::Conversation {
    Protocol::socket socket;
    asio::streambuf input { longestLine };
    std::string output;
};

ControlSocket::ControlSocket(asio::io_context &io, std::string directory, Handler handler)
    : m_directory(std::move(directory))
    , m_handler(std::move(handler))
    , m_acceptor(io)
{
}

ControlSocket::~ControlSocket()
{
    stop();
}

std::string ControlSocket::start()
{
    ::unlink((m_directory + "/" + socketName).c_str());
    const ShortPath path(m_directory);
    boost::system::error_code error;
    const Protocol::endpoint endpoint(path.text());
    m_acceptor.open(endpoint.protocol(), error);
    if (!error)
        m_acceptor.bind(endpoint, error);
    if (!error)
        m_acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error)
        return "cannot open the control socket in " + m_directory + ": " + error.message();
    accept();
    return {};
}

void ControlSocket::stop()
{
    if (!m_acceptor.is_open())
        return;
    boost::system::error_code ignored;
    m_acceptor.close(ignored);
    ::unlink((m_directory + "/" + socketName).c_str());
}

void ControlSocket::accept()
{
    m_acceptor.async_accept([weak = weak_from_this()](const boost::system::error_code &error, Protocol::socket socket) {
        const auto self = weak.lock();
        if (!self || error == asio::error::operation_aborted)
            return;
        if (error) {
            self->accept();
            return;
        }
        auto talk = std::make_shared<Conversation>(std::move(socket));
        asio::async_read_until(talk->socket, talk->input, '\n', [weak, talk](const boost::system::error_code &readError, std::size_t) {
            const auto alive = weak.lock();
            if (!alive || readError)
                return;
            std::string line;
            std::istream stream(&talk->input);
            std::getline(stream, line);
            const ControlAnswer answer = alive->m_handler(readWords(line));
            talk->output = json::serialize(json::object { { "ok", answer.ok }, { "text", answer.text } }) + "\n";
            asio::async_write(talk->socket, asio::buffer(talk->output), [talk](const boost::system::error_code &, std::size_t) {});
        });
        self->accept();
    });
}

int sendControl(const std::string &directory, const std::vector<std::string> &words, std::string &text)
{
    const std::string nobody = "no practice range is running in " + directory;
    const ShortPath path(directory);
    if (!path.isValid()) {
        text = nobody + ": " + std::strerror(errno);
        return 3;
    }
    if (const std::string foreign = path.whyNotOwn(); !foreign.empty()) {
        text = nobody + " that is yours: " + foreign;
        return 3;
    }
    sockaddr_un address {};
    address.sun_family = AF_UNIX;
    path.text().copy(address.sun_path, sizeof address.sun_path - 1);
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0 || ::connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) {
        text = nobody;
        if (descriptor >= 0)
            ::close(descriptor);
        return 3;
    }
    json::array list;
    for (const auto &word : words)
        list.emplace_back(word);
    const std::string line = json::serialize(list) + "\n";
    const bool isSent = ::send(descriptor, line.data(), line.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(line.size());
    const std::string reply = isSent ? readLine(descriptor) : std::string();
    ::close(descriptor);
    boost::system::error_code error;
    const json::value parsed = json::parse(reply, error);
    if (error || !parsed.is_object() || !parsed.as_object().contains("ok")) {
        text = "the practice range in " + directory + " did not answer";
        return 3;
    }
    text = json::value_to<std::string>(parsed.at("text"));
    return parsed.at("ok").as_bool() ? 0 : 2;
}

} // namespace catamaran::lab
