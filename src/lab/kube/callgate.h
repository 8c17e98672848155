// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace catamaran::lab {

/// What may befall one call that changes something. Before: it is not carried out (yet); after: it is, and its answer is.
enum class Mishap {
    Hold, ///< waits before it is carried out, until it is let go
    HoldAfter, ///< carried out; its answer waits
    Error500, ///< refused with 500
    Error503, ///< refused with 503
    Throttle, ///< refused with 429, or the cloud's word for it
    Cut, ///< the connection ends, nothing is done
    CutAfter, ///< carried out, and the connection ends without an answer
    Silence, ///< nothing for a time, then the connection ends and nothing was done
    SilenceAfter ///< carried out, nothing for a time, then the connection ends
};
[[nodiscard]] std::optional<Mishap> mishapNamed(std::string_view word); ///< "hold", "hold-after", "500", …
[[nodiscard]] const char *mishapWords(); ///< all of them, for a refusal

/// Counts the calls that change something, of all servers of a range, and lets a mishap befall one of them: for tests that
/// kill or starve a program at every single call. One thread.
class CallGate {
public:
    explicit CallGate(boost::asio::io_context &io);

    /// The @p number-th change from now on (1: the next) meets @p what. @p silence: how long a silence lasts.
    void arm(int number, Mishap what, std::chrono::milliseconds silence);
    /// Whoever waits goes on, and nothing more is to come.
    void release();

    [[nodiscard]] std::int64_t count() const { return m_count; }
    /// Whether the armed mishap has befallen a call since arm(), and which call.
    [[nodiscard]] bool isMet() const { return m_met; }
    [[nodiscard]] const std::string &metCall() const { return m_metCall; }

    /// How one call goes on.
    enum class Way { On, Cut, Error500, Error503, Throttle };
    /// For a server, with each change before it is carried out.
    boost::asio::awaitable<Way> before(std::string call);
    /// And when it is carried out, before it is answered (nothing comes between the two): On or Cut.
    boost::asio::awaitable<Way> after();

private:
    boost::asio::awaitable<void> wait(std::optional<std::chrono::milliseconds> time);

    boost::asio::steady_timer m_timer;
    std::int64_t m_count = 0;
    int m_left = 0; ///< calls until it happens; 0: none is armed
    Mishap m_what = Mishap::Hold;
    std::chrono::milliseconds m_silence {};
    bool m_met = false, m_answerMeets = false;
    std::string m_metCall;
};

} // namespace catamaran::lab
