// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/worldfolder.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace catamaran::lab {

namespace {

constexpr std::string_view prefix = "catamaran-lab-";

/// The open, locked owner file of a folder; -1 when another holds it or there is none.
int lockOwner(const std::string &file, int flags)
{
    const int owner = ::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    if (owner < 0 || ::flock(owner, LOCK_EX | LOCK_NB) == 0)
        return owner;
    ::close(owner);
    return -1;
}

} // namespace

WorldFolder::WorldFolder()
    : m_path("/tmp/catamaran-lab")
{
    const char *const runtime = std::getenv("XDG_RUNTIME_DIR");
    bool made = false;
    for (const std::string &base : { std::string(runtime ? runtime : ""), std::string("/tmp") }) {
        if (base.empty())
            continue;
        removeStale(base);
        std::string pattern = base + '/' + std::string(prefix) + "XXXXXX";
        if (!made && ::mkdtemp(pattern.data())) {
            made = true;
            m_path = pattern;
        }
    }
    if (!made)
        return;
    // Locked before it gets its name: no other range can ever see it unlocked.
    const std::string fresh = m_path + "/owner.new";
    m_owner = lockOwner(fresh, O_CREAT | O_EXCL);
    if (m_owner >= 0)
        static_cast<void>(std::rename(fresh.c_str(), (m_path + "/owner").c_str()));
}

WorldFolder::~WorldFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
    if (m_owner >= 0)
        ::close(m_owner);
}

int WorldFolder::removeStale(const std::string &base)
{
    std::error_code error;
    std::vector<std::filesystem::path> candidates;
    for (std::filesystem::directory_iterator it(base, error), end; !error && it != end; it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (name.size() == prefix.size() + 6 && name.compare(0, prefix.size(), prefix) == 0)
            candidates.push_back(it->path());
    }
    int removed = 0;
    for (const std::filesystem::path &folder : candidates) {
        struct stat status { };
        if (::lstat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || status.st_uid != ::geteuid())
            continue;
        const int owner = lockOwner(folder.string() + "/owner", 0);
        if (owner < 0)
            continue;
        std::error_code failed;
        std::filesystem::remove_all(folder, failed);
        ::close(owner);
        removed += failed ? 0 : 1;
    }
    return removed;
}

} // namespace catamaran::lab
