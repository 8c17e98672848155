// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/callgate.h"

#include "lab/kube/awaiting.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <utility>

namespace catamaran::lab {

namespace asio = boost::asio;

namespace {

struct Named {
    std::string_view word;
    Mishap what;
};
constexpr std::array named { Named { "hold", Mishap::Hold }, Named { "hold-after", Mishap::HoldAfter }, Named { "500", Mishap::Error500 },
    Named { "503", Mishap::Error503 }, Named { "throttle", Mishap::Throttle }, Named { "cut", Mishap::Cut },
    Named { "cut-after", Mishap::CutAfter }, Named { "silence", Mishap::Silence }, Named { "silence-after", Mishap::SilenceAfter } };

} // namespace

std::optional<Mishap> mishapNamed(std::string_view word)
{
    for (const auto &each : named)
        if (each.word == word)
            return each.what;
    return std::nullopt;
}

const char *mishapWords()
{
    return "hold, hold-after, 500, 503, throttle, cut, cut-after, silence, silence-after";
}

CallGate::CallGate(asio::io_context &io)
    : m_timer(io, std::chrono::steady_clock::time_point::max())
{
}

void CallGate::arm(int number, Mishap what, std::chrono::milliseconds silence)
{
    release();
    m_left = number;
    m_what = what;
    m_silence = silence;
    m_met = false;
    m_metCall.clear();
}

void CallGate::release()
{
    m_left = 0;
    m_answerMeets = false;
    m_timer.expires_at(std::chrono::steady_clock::time_point::max()); // wakes who waits
}

asio::awaitable<void> CallGate::wait(std::optional<std::chrono::milliseconds> time)
{
    if (!time) {
        co_await m_timer.async_wait(awaiting);
        co_return;
    }
    asio::steady_timer timer(m_timer.get_executor(), *time);
    co_await timer.async_wait(awaiting);
}

asio::awaitable<CallGate::Way> CallGate::before(std::string call)
{
    ++m_count;
    if (m_left == 0 || --m_left > 0)
        co_return Way::On;
    m_metCall = std::move(call);
    switch (m_what) {
    case Mishap::Hold:
        m_met = true;
        co_await wait(std::nullopt);
        co_return Way::On;
    case Mishap::Silence:
        m_met = true;
        co_await wait(m_silence);
        co_return Way::Cut;
    case Mishap::Error500: m_met = true; co_return Way::Error500;
    case Mishap::Error503: m_met = true; co_return Way::Error503;
    case Mishap::Throttle: m_met = true; co_return Way::Throttle;
    case Mishap::Cut: m_met = true; co_return Way::Cut;
    case Mishap::HoldAfter:
    case Mishap::CutAfter:
    case Mishap::SilenceAfter: m_answerMeets = true; co_return Way::On;
    }
    co_return Way::On;
}

asio::awaitable<CallGate::Way> CallGate::after()
{
    if (!std::exchange(m_answerMeets, false))
        co_return Way::On;
    m_met = true;
    if (m_what == Mishap::HoldAfter) {
        co_await wait(std::nullopt);
        co_return Way::On;
    }
    if (m_what == Mishap::SilenceAfter)
        co_await wait(m_silence);
    co_return Way::Cut;
}

} // namespace catamaran::lab
