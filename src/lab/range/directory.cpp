// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/range/directory.h"

#include "core/trustedfile.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace catamaran::lab {

namespace {

std::string why(const std::string &what)
{
    return what + ": " + std::strerror(errno);
}

bool makeFolders(const std::filesystem::path &path)
{
    if (path.empty() || std::filesystem::is_directory(path))
        return true;
    return makeFolders(path.parent_path()) && (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST);
}

} // namespace

RangeDirectory::~RangeDirectory()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

std::string RangeDirectory::open(const std::string &path)
{
    std::error_code error;
    const std::filesystem::path wanted = std::filesystem::absolute(path, error).lexically_normal();
    if (error || path.empty())
        return "“" + path + "” is not a path";
    const std::filesystem::path folder = wanted.has_filename() ? wanted : wanted.parent_path(); // "dir/" and "dir" alike
    if (!makeFolders(folder))
        return why("cannot make the folder " + folder.string());
    m_descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (m_descriptor < 0)
        return why("cannot open the folder " + folder.string());
    // The console believes what stands here, the address of a cloud and its authority among it.
    if (const QString foreign = core::whyNotOwn(m_descriptor); !foreign.isEmpty())
        return "the folder " + folder.string() + " cannot be used: " + foreign.toStdString() + ". Choose another one with --dir";
    if (::access(folder.c_str(), W_OK | X_OK) != 0)
        return why("cannot write into the folder " + folder.string());
    if (::flock(m_descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return "a practice range is running in " + folder.string() + " already. Stop it, or choose another folder with --dir";
        return why("cannot lock the folder " + folder.string());
    }
    const auto canonical = std::filesystem::canonical(folder, error);
    m_path = error ? folder.string() : canonical.string();
    return {};
}

std::string RangeDirectory::write(const std::string &name, std::string_view content) const
{
    const std::string temporary = name + ".new";
    ::unlinkat(m_descriptor, temporary.c_str(), 0); // of a range that was killed
    const int descriptor = ::openat(m_descriptor, temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return why("cannot write " + file(temporary));
    bool isGood = ::fchmod(descriptor, 0600) == 0;
    while (isGood && !content.empty()) {
        const ssize_t written = ::write(descriptor, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        isGood = written >= 0;
        if (isGood)
            content.remove_prefix(static_cast<std::size_t>(written));
    }
    const std::string trouble = isGood ? std::string() : why("cannot write " + file(temporary));
    ::close(descriptor);
    if (trouble.empty() && ::renameat(m_descriptor, temporary.c_str(), m_descriptor, name.c_str()) == 0)
        return {};
    const std::string reason = trouble.empty() ? why("cannot write " + file(name)) : trouble;
    ::unlinkat(m_descriptor, temporary.c_str(), 0);
    return reason;
}

} // namespace catamaran::lab
