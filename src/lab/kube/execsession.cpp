// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/execsession.h"

#include "lab/kube/awaiting.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace catamaran::lab {

namespace {
constexpr std::size_t pauseAbove = 4U << 20;
constexpr std::size_t resumeBelow = 1U << 20;
} // namespace

ExecSession::ExecSession(std::shared_ptr<void> owner, const asio::any_io_executor &executor)
    : m_owner(std::move(owner))
    , m_timer(executor)
{
}

void ExecSession::start(Api &api, ExecPlan plan)
{
    m_wantsStdin = plan.request.stdinOpen;
    std::weak_ptr<ExecSession> weak = weak_from_this();
    const bool wantsStdout = plan.wantsStdout, wantsStderr = plan.wantsStderr;
    plan.request.onStdout = [weak, wantsStdout](std::string_view bytes) {
        if (const auto alive = weak.lock(); alive && wantsStdout && !bytes.empty())
            alive->queue(ExecChannel::Stdout, bytes);
    };
    plan.request.onStderr = [weak, wantsStderr](std::string_view bytes) {
        if (const auto alive = weak.lock(); alive && wantsStderr && !bytes.empty())
            alive->queue(ExecChannel::Stderr, bytes);
    };
    plan.request.onExit = [weak](int exitCode) {
        if (const auto alive = weak.lock())
            alive->end(execStatus(exitCode));
    };
    std::string error;
    if (auto *runtime = api.runtime())
        m_process = runtime->exec(std::move(plan.request), error);
    if (!m_process)
        end(execFailure(error.empty() ? "the container runtime does not answer" : error));
}

void ExecSession::queue(ExecChannel channel, std::string_view bytes)
{
    do {
        queueRaw(framed(channel, bytes.substr(0, messageSize)));
        bytes.remove_prefix(std::min(bytes.size(), messageSize));
    } while (!bytes.empty());
}

void ExecSession::queueRaw(std::string message)
{
    if (m_gone)
        return;
    m_queued += message.size();
    m_outgoing.push_back(std::move(message));
    if (!m_paused && m_queued > pauseAbove && m_process) {
        m_paused = true;
        m_process->setOutputPaused(true);
    }
    m_timer.cancel();
}

void ExecSession::end(const json::object &status)
{
    if (m_ended)
        return;
    finish(status);
    m_ended = true;
    m_timer.cancel();
}

void ExecSession::input(std::string_view bytes)
{
    if (m_process && !m_ended && m_wantsStdin && !m_stdinClosed && !bytes.empty())
        m_process->writeStdin(bytes);
}

void ExecSession::inputEnds()
{
    if (!m_process || m_ended || m_stdinClosed)
        return;
    m_stdinClosed = true;
    m_process->closeStdin();
}

void ExecSession::resize(std::string_view size)
{
    boost::system::error_code error;
    const auto wanted = json::parse(json::string_view(size.data(), size.size()), error);
    const auto *width = error ? nullptr : at(wanted, { "Width" });
    const auto *height = error ? nullptr : at(wanted, { "Height" });
    if (m_process && !m_ended && width && height && width->is_int64() && height->is_int64())
        m_process->resize(static_cast<int>(width->as_int64()), static_cast<int>(height->as_int64()));
}

void ExecSession::leave()
{
    m_gone = true;
    m_timer.cancel();
}

asio::awaitable<bool> ExecSession::writeAll(std::shared_ptr<ExecSession> self)
{
    while (!self->m_gone) {
        if (!self->m_outgoing.empty()) {
            const std::string message = std::move(self->m_outgoing.front());
            self->m_outgoing.pop_front();
            const bool sent = co_await self->send(message);
            if (!sent)
                co_return false;
            self->m_queued -= std::min(self->m_queued, message.size());
            if (self->m_paused && self->m_queued < resumeBelow && self->m_process) {
                self->m_paused = false;
                self->m_process->setOutputPaused(false);
            }
            continue;
        }
        if (self->m_ended)
            co_return true;
        self->m_timer.expires_after(std::chrono::hours(1));
        co_await self->m_timer.async_wait(awaiting);
    }
    co_return false;
}

void ExecSession::release()
{
    m_gone = true;
    if (!m_ended && m_process)
        m_process->detach();
    m_process.reset();
}

} // namespace catamaran::lab
