// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/podlog.h"

#include <chrono>

namespace catamaran::lab {

void PodLog::append(const std::string &line)
{
    m_lines.push_back(line + "\n");
    m_moments.push_back(std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count());
    m_size += m_lines.back().size();
    while (m_size > largest) {
        m_size -= m_lines.front().size();
        m_lines.pop_front();
        m_moments.pop_front();
    }
    const auto followers = m_followers;
    bool lost = false;
    for (const auto &weak : followers) {
        if (const auto follower = weak.lock())
            (*follower)(m_lines.back());
        else
            lost = true;
    }
    if (lost)
        std::erase_if(m_followers, [](const auto &weak) { return weak.expired(); });
}

void PodLog::clear()
{
    m_lines.clear();
    m_moments.clear();
    m_size = 0;
}

std::string PodLog::text() const
{
    std::string all;
    all.reserve(m_size);
    for (const auto &line : m_lines)
        all += line;
    return all;
}

std::shared_ptr<void> PodLog::follow(std::function<void(std::string_view)> onLine)
{
    auto follower = std::make_shared<std::function<void(std::string_view)>>(std::move(onLine));
    m_followers.push_back(follower);
    return follower;
}

} // namespace catamaran::lab
