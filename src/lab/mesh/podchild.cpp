// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/podchild.h"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace catamaran::lab {

ChildSetup ChildSetup::make(const std::vector<std::string> &command, const std::vector<std::pair<std::string, std::string>> &environment)
{
    ChildSetup setup;
    setup.command = command;
    for (const auto &[name, value] : environment)
        setup.variables.push_back(name + "=" + value);
    for (auto &part : setup.command)
        setup.arguments.push_back(part.data());
    setup.arguments.push_back(nullptr);
    for (auto &variable : setup.variables)
        setup.environment.push_back(variable.data());
    setup.environment.push_back(nullptr);
    return setup;
}

void ChildSetup::silence() const
{
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < 3; ++fd)
        ::dup2(null, fd);
}

void ChildSetup::execute() const
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::syscall(SYS_close_range, 3U, ~0U, 0U) != 0) {
        for (int fd = 3; fd < 4096; ++fd)
            ::close(fd);
    }
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int number : { SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD })
        ::signal(number, SIG_DFL);
    ::execve(arguments[0], arguments.data(), environment.data());
    ::_exit(127);
}

class PodChild : public std::enable_shared_from_this<PodChild> {
public:
    PodChild(asio::io_context &io, ExecRequest asked)
        : request(std::move(asked))
        , input(io)
        , output(io)
        , errors(io)
        , processEnd(io)
        , timer(io)
    {
    }

    ExecRequest request;
    pid_t pid = -1;
    asio::posix::stream_descriptor input, output, errors, processEnd;
    asio::steady_timer timer;
    bool outputOpen = false, errorsOpen = false, exited = false, paused = false, writing = false, closeInputWhenWritten = false,
         told = false;
    bool outputReading = false, errorsReading = false;
    int exitCode = 0;
    std::deque<std::string> pending;
    std::array<char, 32768> outputBuffer, errorsBuffer;

    void readOutput()
    {
        if (paused || !outputOpen || outputReading)
            return;
        outputReading = true;
        output.async_read_some(asio::buffer(outputBuffer), [self = shared_from_this()](const ErrorCode &error, std::size_t size) {
            self->outputReading = false;
            if (size > 0 && self->request.onStdout)
                self->request.onStdout({ self->outputBuffer.data(), size });
            if (error) {
                self->outputOpen = false;
                self->finishIfDone();
            } else {
                self->readOutput();
            }
        });
    }

    void readErrors()
    {
        if (paused || !errorsOpen || errorsReading)
            return;
        errorsReading = true;
        errors.async_read_some(asio::buffer(errorsBuffer), [self = shared_from_this()](const ErrorCode &error, std::size_t size) {
            self->errorsReading = false;
            if (size > 0 && self->request.onStderr)
                self->request.onStderr({ self->errorsBuffer.data(), size });
            if (error) {
                self->errorsOpen = false;
                self->finishIfDone();
            } else {
                self->readErrors();
            }
        });
    }

    void writeNext()
    {
        if (writing || !input.is_open())
            return;
        if (pending.empty()) {
            if (closeInputWhenWritten)
                endInput();
            return;
        }
        writing = true;
        asio::async_write(input, asio::buffer(pending.front()), [self = shared_from_this()](const ErrorCode &error, std::size_t) {
            self->writing = false;
            if (!self->pending.empty())
                self->pending.pop_front();
            if (error) {
                self->pending.clear();
                if (!self->request.tty)
                    self->closeDescriptor(self->input);
                return;
            }
            self->writeNext();
        });
    }

    void endInput()
    {
        if (!request.tty) {
            closeDescriptor(input);
            return;
        }
        // A terminal's end of input is a character.
        const char endOfTransmission = 4;
        if (::write(input.native_handle(), &endOfTransmission, 1) < 0) { }
        closeInputWhenWritten = false;
    }

    void closeDescriptor(asio::posix::stream_descriptor &descriptor)
    {
        ErrorCode ignored;
        descriptor.close(ignored);
    }

    void watchEnd()
    {
        const int fd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
        if (fd < 0) {
            pollEnd();
            return;
        }
        processEnd.assign(fd);
        processEnd.async_wait(asio::posix::stream_descriptor::wait_read, [self = shared_from_this()](const ErrorCode &) {
            self->closeDescriptor(self->processEnd);
            self->reap(0);
        });
    }

    /// Kernels before 5.3 cannot wait for a process by descriptor.
    void pollEnd()
    {
        if (reap(WNOHANG))
            return;
        timer.expires_after(std::chrono::milliseconds(20));
        timer.async_wait([self = shared_from_this()](const ErrorCode &error) {
            if (!error)
                self->pollEnd();
        });
    }

    bool reap(int flags)
    {
        siginfo_t ended {};
        if (::waitid(P_PID, id_t(pid), &ended, WEXITED | WNOWAIT | flags) != 0 || ended.si_pid != pid)
            return false;
        // Ctrl-C may end the outer half of a sandbox before the inner one is bound to it, and that one heeds no Ctrl-C. Its
        // group keeps the number as long as the outer half is not reaped.
        if (ended.si_code != CLD_EXITED)
            ::kill(-pid, SIGKILL);
        int status = 0;
        if (::waitpid(pid, &status, 0) != pid)
            return false;
        exited = true;
        exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        pid = -1;
        // Something left behind may hold the pipes open; the command's own output is all there by now.
        timer.expires_after(std::chrono::milliseconds(300));
        timer.async_wait([self = shared_from_this()](const ErrorCode &error) {
            if (error || self->paused)
                return;
            self->outputOpen = self->errorsOpen = false;
            self->finishIfDone();
        });
        finishIfDone();
        return true;
    }

    void finishIfDone()
    {
        if (told || !exited || outputOpen || errorsOpen)
            return;
        told = true;
        timer.cancel();
        closeDescriptor(input);
        closeDescriptor(output);
        closeDescriptor(errors);
        if (request.onExit)
            request.onExit(exitCode);
        forget();
    }

    void forget()
    {
        request.onStdout = nullptr;
        request.onStderr = nullptr;
        request.onExit = nullptr;
    }

    void kill()
    {
        if (pid > 0) {
            ::kill(-pid, SIGKILL);
            ::kill(pid, SIGKILL);
        }
    }
};

namespace {

class Handle final : public ExecProcess {
public:
    explicit Handle(std::shared_ptr<PodChild> child)
        : m_child(std::move(child))
    {
    }
    ~Handle() override
    {
        if (m_detached)
            return;
        m_child->forget();
        m_child->kill();
    }
    void writeStdin(std::string_view bytes) override
    {
        if (!m_child->input.is_open() || m_child->closeInputWhenWritten || bytes.empty())
            return;
        m_child->pending.emplace_back(bytes);
        m_child->writeNext();
    }
    void closeStdin() override
    {
        m_child->closeInputWhenWritten = true;
        m_child->writeNext();
    }
    void resize(int width, int height) override
    {
        if (!m_child->request.tty || !m_child->output.is_open() || width <= 0 || height <= 0)
            return;
        winsize size {};
        size.ws_col = static_cast<unsigned short>(std::min(width, 1000));
        size.ws_row = static_cast<unsigned short>(std::min(height, 1000));
        ::ioctl(m_child->output.native_handle(), TIOCSWINSZ, &size);
    }
    void detach() override
    {
        m_detached = true;
        m_child->forget();
        setOutputPaused(false);
    }
    void setOutputPaused(bool paused) override
    {
        m_child->paused = paused;
        if (!paused) {
            m_child->readOutput();
            m_child->readErrors();
            if (m_child->exited)
                m_child->finishIfDone();
        }
    }

private:
    std::shared_ptr<PodChild> m_child;
    bool m_detached = false;
};

struct Pipe {
    int readEnd = -1, writeEnd = -1;
    bool open()
    {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            return false;
        readEnd = ends[0];
        writeEnd = ends[1];
        return true;
    }
    void close()
    {
        for (int *fd : { &readEnd, &writeEnd }) {
            if (*fd >= 0)
                ::close(*fd);
            *fd = -1;
        }
    }
};

bool startOnTerminal(PodChild &child, const ChildSetup &setup)
{
    int terminal = -1;
    winsize size {};
    size.ws_col = 80;
    size.ws_row = 24;
    const pid_t pid = ::forkpty(&terminal, nullptr, nullptr, &size);
    if (pid == 0)
        setup.execute();
    if (pid < 0)
        return false;
    ::fcntl(terminal, F_SETFD, FD_CLOEXEC);
    child.pid = pid;
    child.output.assign(terminal);
    child.input.assign(::fcntl(terminal, F_DUPFD_CLOEXEC, 3));
    child.outputOpen = true;
    return true;
}

bool startOnPipes(PodChild &child, const ChildSetup &setup)
{
    Pipe in, out, err;
    if (!in.open() || !out.open() || !err.open()) {
        in.close();
        out.close();
        err.close();
        return false;
    }
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::setsid();
        setup.silence();
        if (child.request.stdinOpen)
            ::dup2(in.readEnd, 0);
        ::dup2(out.writeEnd, 1);
        ::dup2(err.writeEnd, 2);
        setup.execute();
    }
    if (pid < 0) {
        in.close();
        out.close();
        err.close();
        return false;
    }
    child.pid = pid;
    child.output.assign(std::exchange(out.readEnd, -1));
    child.errors.assign(std::exchange(err.readEnd, -1));
    if (child.request.stdinOpen)
        child.input.assign(std::exchange(in.writeEnd, -1));
    in.close();
    out.close();
    err.close();
    child.outputOpen = child.errorsOpen = true;
    return true;
}

} // namespace

std::unique_ptr<ExecProcess> startChild(
    asio::io_context &io, ExecRequest request, ChildSetup setup, std::weak_ptr<PodChild> &child, std::string &error)
{
    auto made = std::make_shared<PodChild>(io, std::move(request));
    const bool started = made->request.tty ? startOnTerminal(*made, setup) : startOnPipes(*made, setup);
    if (!started) {
        error = std::string("OCI runtime exec failed: cannot start a process: ") + std::strerror(errno);
        return nullptr;
    }
    made->watchEnd();
    made->readOutput();
    made->readErrors();
    child = made;
    return std::make_unique<Handle>(std::move(made));
}

void killChild(PodChild &child)
{
    child.kill();
}

} // namespace catamaran::lab
