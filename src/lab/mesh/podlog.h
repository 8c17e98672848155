// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

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

    /// @p line without its end; lines carry the kubelet's order, not its timestamps.
    void append(const std::string &line);
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::shared_ptr<void> follow(std::function<void(std::string_view)> onLine);

private:
    std::deque<std::string> m_lines;
    std::size_t m_size = 0;
    std::vector<std::weak_ptr<std::function<void(std::string_view)>>> m_followers;
};

} // namespace catamaran::lab
