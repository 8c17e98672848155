// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/printable.h"
#include "core/process.h"
#include "lab/range/controlsocket.h"
#include "lab/range/faults.h"
#include "lab/range/range.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace lab = catamaran::lab;
namespace asio = boost::asio;

namespace {

constexpr int badUsage = 2;
constexpr int notPossible = 3;

const char *const usage = R"(catamaran-lab: Catamaran's practice range, a multi-cluster service mesh on loopback.

  catamaran-lab --dir DIR [options]     runs a range in the foreground until SIGTERM or Ctrl+C
      --clusters N         cluster-1 to cluster-N, each on a network of its own, network1 to networkN (2, at most 300)
      --meshes M           how many meshes DIR/fleet.yaml has: mesh-1 manages cluster-1 and so on in turn (2, at most 100)
      --create-delay MS    how long a mesh takes to be created (1500)
      --update-delay MS    how long a mesh is updating after a change (600)
      --rate-limit N       requests per second that the cloud's API takes (200, 0: no limit)
      --ledger FILE        writes each request, failed attempt, ejection and fault there, one JSON object a line
      --die-with-parent    ends when standard input closes or the parent process ends

  catamaran-lab ctl --dir DIR COMMAND   breaks and mends a running range
      partition NET NET [drop|reject]   packets vanish (the default), or are refused
      heal NET NET
      latency NET NET MS
      stop|start gateway CLUSTER | control-plane MESH | api-server CLUSTER | pod CLUSTER/NAMESPACE/POD

Exit codes: 0 done, 2 wrong words, 3 the range cannot start or is not running.
)";

int complain(int code, const std::string &text)
{
    std::cerr << "catamaran-lab: " << catamaran::core::printableLine(QString::fromStdString(text)).toStdString() << '\n';
    return code;
}

std::optional<int> readNumber(const std::string &text)
{
    int value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > 3600000)
        return std::nullopt;
    return value;
}

int control(std::vector<std::string> words)
{
    std::string directory;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--dir" && i + 1 < words.size()) {
            directory = words[i + 1];
            words.erase(words.begin() + static_cast<std::ptrdiff_t>(i), words.begin() + static_cast<std::ptrdiff_t>(i) + 2);
            break;
        }
    }
    if (std::find(words.begin(), words.end(), "--help") != words.end() || std::find(words.begin(), words.end(), "-h") != words.end()) {
        std::cout << usage;
        return 0;
    }
    if (directory.empty())
        return complain(badUsage, "ctl needs --dir DIR, the folder of a running range");
    if (words.empty())
        return complain(badUsage, std::string("ctl needs a command. Known: ") + lab::faultUsage());
    std::string text;
    const int code = lab::sendControl(directory, words, text);
    if (code != 0)
        return complain(code, text);
    std::cout << catamaran::core::printable(QString::fromStdString(text)).toStdString() << '\n';
    return 0;
}

/// Watches the two signs that whoever started us has gone.
class ParentWatch {
public:
    ParentWatch(asio::io_context &io, std::function<void()> gone)
        : m_input(io)
        , m_parent(io)
        , m_gone(std::move(gone))
    {
        boost::system::error_code ignored;
        if (const int copy = ::dup(STDIN_FILENO); copy >= 0)
            m_input.assign(copy, ignored);
        if (m_input.is_open())
            read();
        else
            asio::post(io, m_gone);
        // A descriptor of the parent gets readable when that process ends.
        if (const auto parent = static_cast<int>(::syscall(SYS_pidfd_open, ::getppid(), 0)); parent >= 0) {
            m_parent.assign(parent, ignored);
            m_parent.async_wait(asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code &error) {
                if (!error)
                    m_gone();
            });
        }
    }

private:
    void read()
    {
        m_input.async_read_some(asio::buffer(m_buffer), [this](const boost::system::error_code &error, std::size_t) {
            if (error == asio::error::operation_aborted)
                return;
            if (error)
                m_gone();
            else
                read();
        });
    }

    asio::posix::stream_descriptor m_input, m_parent;
    std::function<void()> m_gone;
    std::array<char, 256> m_buffer {};
};

int run(const lab::RangeOptions &options, bool diesWithParent)
{
    ::umask(0077);
    // Each cluster has listeners and the connections of whoever watches it: as many files as may be open.
    if (struct rlimit files {}; ::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        (void)::setrlimit(RLIMIT_NOFILE, &files);
    }

    asio::io_context io(1);
    lab::Range range(io);
    if (const std::string trouble = range.start(options); !trouble.empty())
        return complain(notPossible, trouble);
    asio::signal_set endings(io, SIGTERM, SIGINT);
    const auto end = [&] {
        range.stop();
        io.stop();
    };
    endings.async_wait([&](const boost::system::error_code &error, int) {
        if (!error)
            end();
    });
    std::optional<ParentWatch> parent;
    if (diesWithParent)
        parent.emplace(io, end);
    if (!(std::cout << range.readyLine() << std::endl)) {
        complain(0, "nobody can hear that it is ready: standard output cannot be written");
        std::cout.clear();
    }
    io.run();
    return 0;
}

int obey(std::vector<std::string> words)
{
    if (!words.empty() && words.front() == "ctl") {
        words.erase(words.begin());
        return control(std::move(words));
    }
    lab::RangeOptions options;
    bool diesWithParent = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string &word = words[i];
        if (word == "--help" || word == "-h") {
            std::cout << usage;
            return 0;
        }
        if (word == "--die-with-parent") {
            diesWithParent = true;
            continue;
        }
        const bool isCount = word == "--clusters" || word == "--meshes";
        const bool isNumber = isCount || word == "--create-delay" || word == "--update-delay" || word == "--rate-limit";
        if (word != "--dir" && word != "--ledger" && !isNumber)
            return complain(badUsage, "“" + word + "” is not known. See catamaran-lab --help");
        if (++i == words.size())
            return complain(badUsage, word + " needs a value. See catamaran-lab --help");
        if (word == "--dir" || word == "--ledger") {
            (word == "--dir" ? options.directory : options.ledger) = words[i];
            continue;
        }
        const auto number = readNumber(words[i]);
        if (const int most = word == "--meshes" ? lab::RangeOptions::mostMeshes : lab::RangeOptions::mostClusters;
            isCount && (!number || *number < 1 || *number > most))
            return complain(badUsage, word + " needs a whole number from 1 to " + std::to_string(most) + ", but got “" + words[i] + "”");
        if (!number)
            return complain(badUsage, word + " needs a whole number from 0 to 3600000, but got “" + words[i] + "”");
        if (word == "--clusters")
            options.clusters = *number;
        else if (word == "--meshes")
            options.meshes = *number;
        else if (word == "--create-delay")
            options.delays.create = std::chrono::milliseconds(*number);
        else if (word == "--update-delay")
            options.delays.update = std::chrono::milliseconds(*number);
        else
            options.requestsPerSecond = *number;
    }
    if (options.directory.empty())
        return complain(badUsage, "--dir DIR is needed, the folder for this range's files. See catamaran-lab --help");
    return run(options, diesWithParent);
}

} // namespace

int main(int argc, char *argv[])
{
    catamaran::core::openStandardStreams();
    // What cannot be written is an error. A function, not SIG_IGN: the programs that run in pods must not inherit that.
    struct sigaction quiet { };
    quiet.sa_handler = [](int) {};
    for (const int number : { SIGPIPE, SIGXFSZ })
        ::sigaction(number, &quiet, nullptr);
    const int code = obey(std::vector<std::string>(argv + 1, argv + argc));
    if (!std::cout.flush())
        return complain(code != 0 ? code : notPossible, "standard output cannot be written");
    return code;
}
