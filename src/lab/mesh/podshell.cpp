// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/podshell.h"

#include "lab/mesh/podchild.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

namespace catamaran::lab {

namespace {

constexpr const char *searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

bool isExecutable(const std::string &path)
{
    std::error_code error;
    return std::filesystem::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

std::string findProgram(const std::string &name)
{
    if (name.find('/') != std::string::npos)
        return isExecutable(name) ? name : std::string();
    const std::string path = searchPath;
    for (std::size_t from = 0; from <= path.size();) {
        const auto colon = std::min(path.find(':', from), path.size());
        const std::string candidate = path.substr(from, colon - from) + "/" + name;
        if (isExecutable(candidate))
            return candidate;
        from = colon + 1;
    }
    return {};
}

/// Runs a command to its end; for the one probe at the start.
bool succeeds(const std::vector<std::string> &command)
{
    const ChildSetup setup = ChildSetup::make(command, {});
    const pid_t pid = ::fork();
    if (pid == 0) {
        setup.silence();
        setup.execute();
    }
    int status = 0;
    return pid > 0 && ::waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace

std::string PodShell::podnetLibrary()
{
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    if (error)
        return {};
    for (const auto *folder : { ".", "../lib", "../lib/catamaran", "../bin" }) {
        const auto candidate = std::filesystem::weakly_canonical(program / folder / "libcatamaran-podnet.so", error);
        if (!error && std::filesystem::exists(candidate, error))
            return candidate.string();
    }
    return {};
}

PodShell::PodShell(asio::io_context &io)
    : m_io(io)
    , m_library(podnetLibrary())
{
    if (m_library.empty() || !isExecutable("/usr/bin/bwrap"))
        return;
    // Many machines forbid unprivileged user namespaces: try once what every command will need.
    static const bool works = [this] {
        PodSurroundings around;
        around.pod = "probe";
        around.hostsFolder = "/tmp";
        auto command = sandboxCommand(around, false);
        command.insert(command.end(), { "--", "/bin/sh", "-c", "true" });
        return succeeds(command);
    }();
    m_sandboxed = works;
}

std::vector<std::string> PodShell::sandboxCommand(const PodSurroundings &around, bool tty) const
{
    std::vector<std::string> command { "/usr/bin/bwrap", "--unshare-all", "--share-net", "--die-with-parent", "--hostname", around.pod };
    const auto add = [&](std::initializer_list<std::string> parts) { command.insert(command.end(), parts); };
    if (!tty)
        add({ "--new-session" });
    add({ "--ro-bind", "/usr", "/usr" });
    for (const char *folder : { "bin", "sbin", "lib", "lib32", "lib64", "libx32" }) {
        const std::filesystem::path path = std::string("/") + folder;
        std::error_code error;
        if (std::filesystem::is_symlink(path, error))
            add({ "--symlink", std::filesystem::read_symlink(path, error).string(), path.string() });
        else if (std::filesystem::is_directory(path, error))
            add({ "--ro-bind", path.string(), path.string() });
    }
    for (const char *file : { "/etc/ld.so.cache", "/etc/alternatives", "/etc/ssl", "/etc/passwd", "/etc/group", "/etc/services" })
        add({ "--ro-bind-try", file, file });
    add({ "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--dir", "/root", "--ro-bind", around.hostsFolder, "/run/catamaran",
        "--ro-bind", m_library, "/run/libcatamaran-podnet.so", "--chdir", "/" });
    return command;
}

std::unique_ptr<ExecProcess> PodShell::run(
    ExecRequest request, const PodSurroundings &around, std::weak_ptr<PodChild> &child, std::string &error)
{
    const std::string program = request.command.empty() ? std::string() : findProgram(request.command.front());
    if (program.empty()) {
        const std::string name = request.command.empty() ? std::string() : request.command.front();
        const bool path = name.find('/') != std::string::npos;
        error = "OCI runtime exec failed: exec failed: unable to start container process: exec: \"" + name
            + "\": " + (path ? "stat " + name + ": no such file or directory" : "executable file not found in $PATH") + ": unknown";
        return nullptr;
    }
    if (m_library.empty()) {
        error = "the range's libcatamaran-podnet.so is not beside the program; nothing can run in a pod without it";
        return nullptr;
    }

    std::vector<std::pair<std::string, std::string>> environment = around.environment;
    const auto set = [&](const char *name, const std::string &value) { environment.emplace_back(name, value); };
    set("PATH", searchPath);
    set("HOSTNAME", around.pod);
    set("HOME", m_sandboxed ? "/root" : "/tmp");
    set("LC_ALL", "C.UTF-8");
    if (request.tty)
        set("TERM", "xterm");
    set("CATAMARAN_POD_IP", around.ip);
    set("CATAMARAN_POD_LOCALHOST", around.localhost);
    set("CATAMARAN_POD_NAMESPACE", around.ns);
    set("CATAMARAN_POD_HOSTS", m_sandboxed ? std::string("/run/catamaran/hosts") : around.hostsFolder + "/hosts");
    std::vector<std::string> command;
    if (m_sandboxed) {
        // bwrap itself runs without the library; what it starts gets it.
        command = sandboxCommand(around, request.tty);
        command.insert(command.end(), { "--setenv", "LD_PRELOAD", "/run/libcatamaran-podnet.so", "--" });
    } else {
        set("LD_PRELOAD", m_library);
    }
    command.push_back(program);
    command.insert(command.end(), request.command.begin() + 1, request.command.end());
    return startChild(m_io, std::move(request), ChildSetup::make(command, environment), child, error);
}

void PodShell::kill(const std::weak_ptr<PodChild> &child)
{
    if (const auto running = child.lock())
        killChild(*running);
}

} // namespace catamaran::lab
