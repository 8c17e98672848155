// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace catamaran::lab {

/// The last lines of one container, and who wants the next.
class PodLog {
public:
    static constexpr std::size_t largest = 1024 * 1024;

    /// @p line without its end.
    void append(const std::string &line);
    [[nodiscard]] std::string text() const;
    /// The moments of text()'s lines, in nanoseconds since 1970.
    [[nodiscard]] std::vector<std::int64_t> moments() const { return { m_moments.begin(), m_moments.end() }; }
    void clear();
    [[nodiscard]] std::shared_ptr<void> follow(std::function<void(std::string_view)> onLine);

private:
    std::deque<std::string> m_lines;
    std::deque<std::int64_t> m_moments;
    std::size_t m_size = 0;
    std::vector<std::weak_ptr<std::function<void(std::string_view)>>> m_followers;
};

} // namespace catamaran::lab
