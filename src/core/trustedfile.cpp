// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trustedfile.h"

#include "core/say.h"
#include "core/shellquoted.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace catamaran::core {

namespace {

/// Closes what it holds.
class Descriptor {
public:
    Descriptor(const QString &path, int flags)
        : m_number(::open(QFile::encodeName(path).constData(), flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK))
    {
    }
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    [[nodiscard]] int number() const { return m_number; }

private:
    int m_number;
};

/// The name of user @p id; its number where it has none.
QString userName(uid_t id)
{
    std::array<char, 4096> buffer {};
    passwd entry {}, *found = nullptr;
    if (::getpwuid_r(id, &entry, buffer.data(), buffer.size(), &found) != 0 || !found)
        return QString::number(id);
    return QString::fromLocal8Bit(entry.pw_name);
}

bool isOurs(uid_t user)
{
    if (user == ::geteuid() || user == 0)
        return true;
    bool isNumber = false;
    const uint caller = qEnvironmentVariable("SUDO_UID").toUInt(&isNumber);
    return ::geteuid() == 0 && isNumber && user == caller;
}

/// Whether the group has nobody in it but @p owner and root: many systems give each user a group of the same name, and
/// let it write by default; containers with users of any number use the group 0.
bool isGroupOf(gid_t group, uid_t owner)
{
    std::array<char, 65536> buffer {};
    ::group entry {}, *found = nullptr;
    if (::getgrgid_r(group, &entry, buffer.data(), buffer.size(), &found) != 0 || !found)
        return group == 0;
    const QString name = userName(owner);
    if (group != 0 && QString::fromLocal8Bit(entry.gr_name) != name)
        return false;
    for (char **member = entry.gr_mem; member && *member; ++member) {
        if (const QString who = QString::fromLocal8Bit(*member); who != name && who != QLatin1String("root"))
            return false;
    }
    return true;
}

/// With an access control list the group's bits are those of anybody it names.
bool mayOthersWrite(int descriptor, const struct stat &found)
{
    if (found.st_mode & S_IWOTH)
        return true;
    if (!(found.st_mode & S_IWGRP))
        return false;
    return ::fgetxattr(descriptor, "system.posix_acl_access", nullptr, 0) > 0 || !isGroupOf(found.st_gid, found.st_uid);
}

bool isOpenAlready(const QString &path)
{
    return path.startsWith(QLatin1String("/dev/fd/")) || path.startsWith(QLatin1String("/proc/self/fd/"))
        || path == QLatin1String("/dev/stdin");
}

QString folderOf(const QString &path)
{
    return QFileInfo(path).absolutePath();
}

/// Why nobody can rely on the entries of @p folder staying what they are; empty when one can. Whoever may write into a
/// folder above it may exchange the folder.
QString whyNotFirm(const QString &folder)
{
    for (QString path = folder;; path = folderOf(path)) {
        const Descriptor opened(path, O_RDONLY | O_DIRECTORY);
        struct stat found { };
        if (opened.number() >= 0 && ::fstat(opened.number(), &found) == 0 // one may pass through what one may not list
            && !(found.st_mode & S_ISVTX) && mayOthersWrite(opened.number(), found))
            return Say::tr("other users of this machine may exchange files in its folder %1").arg(path);
        if (path == folderOf(path))
            return {};
    }
}

/// The same for the folder that @p path names and for the one that is meant, where links lead elsewhere.
QString whyNotFirmAround(const QString &path)
{
    const QString named = folderOf(path), meant = QFileInfo(named).canonicalFilePath();
    if (const QString why = whyNotFirm(named); !why.isEmpty() || meant.isEmpty() || meant == named)
        return why;
    return whyNotFirm(meant);
}

/// Why @p path, open as @p descriptor, is not the user's word.
QString whyNotTrusted(const QString &path, int descriptor)
{
    if (const QString why = whyNotOwn(descriptor); !why.isEmpty())
        return why;
    struct stat link { };
    if (::lstat(QFile::encodeName(path).constData(), &link) == 0 && S_ISLNK(link.st_mode)) {
        if (!isOurs(link.st_uid))
            return Say::tr("it is a link that belongs to the user %1").arg(userName(link.st_uid));
        if (const QString why = whyNotFirmAround(QFileInfo(path).canonicalFilePath()); !why.isEmpty())
            return why;
    }
    return whyNotFirmAround(path);
}

Result<ReadFile> read(const QString &path, qint64 maxBytes, const QString &tried, bool mustBeTrusted)
{
    const auto wrong
        = [&](const QString &answer, const QString &remedy) { return fail(ErrorKind::InvalidInput, tried, path, answer, remedy); };
    const QString check = Say::tr("Check the path and its permissions.");
    const Descriptor file(path, O_RDONLY);
    struct stat found { };
    if (file.number() < 0 || ::fstat(file.number(), &found) != 0)
        return wrong(QString::fromLocal8Bit(std::strerror(errno)), check);
    if (S_ISDIR(found.st_mode))
        return wrong(Say::tr("it is a folder"), check);
    const bool handedOver = isOpenAlready(path);
    if (!S_ISREG(found.st_mode) && !(handedOver && S_ISFIFO(found.st_mode)))
        return wrong(Say::tr("it is not a regular file"), check);
    if (mustBeTrusted && !handedOver) {
        if (const QString why = whyNotTrusted(path, file.number()); !why.isEmpty()) {
            const QString copy = QStringLiteral("install -m 600 %1 %2/").arg(shellQuoted(path), shellQuoted(QDir::homePath()));
            return wrong(why, Say::tr("Look at what it says; if it is right, take a copy that is yours alone: %1").arg(copy));
        }
    }
    ::fcntl(file.number(), F_SETFL, 0); // whoever writes into a pipe may take its time
    ReadFile result;
    result.othersMayRead = S_ISREG(found.st_mode) && (found.st_mode & (S_IRGRP | S_IROTH)) != 0;
    QByteArray piece(65536, Qt::Uninitialized);
    for (;;) {
        const ssize_t count = ::read(file.number(), piece.data(), size_t(piece.size()));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return wrong(QString::fromLocal8Bit(std::strerror(errno)), check);
        if (count > 0)
            result.content.append(piece.constData(), count);
        if (result.content.size() > maxBytes)
            return wrong(Say::tr("it is larger than %1 KiB").arg(maxBytes / 1024), check);
        if (count == 0)
            break;
    }
    piece.fill('\0'); // it may have been a secret
    return result;
}

} // namespace

QString whyNotOwn(int descriptor)
{
    struct stat found { };
    if (::fstat(descriptor, &found) != 0)
        return QString::fromLocal8Bit(std::strerror(errno));
    if (!isOurs(found.st_uid))
        return Say::tr("it belongs to the user %1").arg(userName(found.st_uid));
    if (mayOthersWrite(descriptor, found))
        return Say::tr("other users of this machine may change it (mode %1)").arg(found.st_mode & 07777, 4, 8, QChar(u'0'));
    return {};
}

QString whyNotOwn(const QString &path)
{
    const Descriptor opened(path, O_RDONLY);
    return opened.number() < 0 ? QString() : whyNotOwn(opened.number());
}

Result<ReadFile> readBounded(const QString &path, qint64 maxBytes, const QString &tried)
{
    return read(path, maxBytes, tried, false);
}

Result<ReadFile> readTrusted(const QString &path, qint64 maxBytes, const QString &tried)
{
    return read(path, maxBytes, tried, true);
}

} // namespace catamaran::core
