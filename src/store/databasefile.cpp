// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "store/databasefile.h"

#include "store/say.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <mutex>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace catamaran::store {

using core::Done;
using core::ErrorKind;
using core::Result;

namespace {

/// What the system said just now; taken at once, before anything else may say something.
QString systemText(int error = errno)
{
    return QString::fromLocal8Bit(std::strerror(error));
}

const char *const sideFiles[] = { "-wal", "-shm", "-journal" };

tl::unexpected<core::Error> refusal(const QString &file, const QString &answer, const QString &remedy)
{
    return core::fail(ErrorKind::InvalidInput, Say::tr("open the history"), file, answer, remedy);
}

tl::unexpected<core::Error> refused(const QString &file, const QString &answer, const QString &remedy)
{
    return core::fail(ErrorKind::Storage, Say::tr("open the history"), file, answer, remedy);
}

QString ownerName(uid_t owner)
{
    const passwd *entry = getpwuid(owner);
    return entry ? QString::fromLocal8Bit(entry->pw_name) : QStringLiteral("uid %1").arg(owner);
}

/// Why what stands at @p file is nothing to be used as a database; nullopt: it is a regular file of ours.
std::optional<core::Error> whyNotOurs(const QString &file, const struct stat &found)
{
    const QString another = Say::tr("Name a file of your own with --database.");
    if (S_ISLNK(found.st_mode))
        return refusal(file, Say::tr("it is a link, and links are not followed here"), Say::tr("Name the file itself.")).value();
    if (S_ISDIR(found.st_mode))
        return refusal(file, Say::tr("it is a folder"), Say::tr("Name a file in it.")).value();
    if (!S_ISREG(found.st_mode))
        return refusal(file, Say::tr("it is no regular file, but a device, a pipe or a socket"), another).value();
    if (found.st_uid != geteuid())
        return refusal(file, Say::tr("it belongs to somebody else: %1").arg(ownerName(found.st_uid)), another).value();
    if (found.st_size == 1) // SQLite takes that for an empty file, and writes over it
        return refusal(file, Say::tr("it is another kind of file, no database"), another).value();
    return std::nullopt;
}

/// Why another could put a file of his in the place of ours, or take it away, in @p folder.
std::optional<core::Error> whyFolderNotSafe(const QString &folder)
{
    struct stat found { };
    if (::stat(QFile::encodeName(folder).constData(), &found) != 0)
        return std::nullopt; // then nothing is opened in it either
    const QString remedy = Say::tr("Name a file in a folder of your own with --database; a folder that is missing is made.");
    if (found.st_uid != geteuid() && found.st_uid != 0)
        return refusal(folder, Say::tr("the folder belongs to somebody else: %1").arg(ownerName(found.st_uid)), remedy).value();
    if ((found.st_mode & S_IWOTH) != 0 && (found.st_mode & S_ISVTX) == 0)
        return refusal(folder, Say::tr("everybody may replace the files of the folder"), remedy).value();
    return std::nullopt;
}

/// What SQLite opens beside @p file is ours too.
std::optional<core::Error> whyNotSafeBeside(const QString &file)
{
    for (const char *suffix : sideFiles) {
        struct stat beside { };
        if (::lstat((QFile::encodeName(file) + suffix).constData(), &beside) != 0)
            continue;
        if (const auto error = whyNotOurs(file + QLatin1String(suffix), beside))
            return error;
    }
    return std::nullopt;
}

/// Makes @p folder and what is missing above it, for us alone.
Result<Done> makeFolder(const QString &folder, const QString &file)
{
    QStringList missing;
    for (QString at = folder; !QFileInfo::exists(at); at = QFileInfo(at).path()) {
        missing.prepend(at);
        if (QFileInfo(at).path() == at)
            break;
    }
    for (const QString &one : std::as_const(missing)) {
        if (::mkdir(QFile::encodeName(one).constData(), 0700) != 0 && errno != EEXIST) {
            const QString why = systemText();
            return refused(
                file, Say::tr("the folder %1 cannot be made: %2").arg(one, why), Say::tr("Check the permissions of its parent."));
        }
    }
    if (!QFileInfo(folder).isDir())
        return refused(file, Say::tr("%1 is no folder").arg(folder), Say::tr("Check the path."));
    return Done {};
}

/// Nobody opens what is being made here before its descriptor is closed again, which would take the locks away.
std::mutex &making()
{
    static std::mutex mutex;
    return mutex;
}

std::optional<QString> whyNotWritable(const QByteArray &path, int how)
{
    return faccessat(AT_FDCWD, path.constData(), how, AT_EACCESS) == 0 ? std::nullopt : std::optional(systemText());
}

/// With the time of its making, because the number of a file that was removed is given to the next one.
QString identityOf(int descriptor, const struct stat &found)
{
    struct statx born { };
    const bool known = ::statx(descriptor, "", AT_EMPTY_PATH, STATX_BTIME, &born) == 0 && (born.stx_mask & STATX_BTIME) != 0;
    return QStringLiteral("%1:%2:%3:%4")
        .arg(found.st_dev)
        .arg(found.st_ino)
        .arg(known ? born.stx_btime.tv_sec : 0)
        .arg(known ? born.stx_btime.tv_nsec : 0);
}

/// fchmod() refuses a descriptor without rights; its name in /proc leads to the file itself, whatever stands at the path by now.
void takeRightsOfOthers(int descriptor, mode_t mode)
{
    struct stat found { };
    if (::fstat(descriptor, &found) == 0 && found.st_uid == geteuid() && (found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        (void)::chmod(QByteArray("/proc/self/fd/" + QByteArray::number(descriptor)).constData(), mode);
}

/// As takeRightsOfOthers(), for what stands at @p path and is of @p type.
void takeRightsOfOthers(const QByteArray &path, mode_t type, mode_t mode)
{
    const int descriptor = ::open(path.constData(), O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0)
        return;
    struct stat found { };
    if (::fstat(descriptor, &found) == 0 && (found.st_mode & S_IFMT) == type)
        takeRightsOfOthers(descriptor, mode);
    ::close(descriptor);
}

} // namespace

Result<DatabaseFile> DatabaseFile::look(const QString &file, bool make)
{
    if (file.isEmpty())
        return refusal(file, Say::tr("no file is named"), Say::tr("Name one with --database."));
    DatabaseFile looked;
    looked.m_path = QDir::cleanPath(QFileInfo(file).absoluteFilePath());
    const QString folder = QFileInfo(looked.m_path).path();
    const QByteArray path = QFile::encodeName(looked.m_path);

    const std::lock_guard alone(making());
    struct stat found { };
    const bool missing = ::lstat(path.constData(), &found) != 0 && errno == ENOENT;
    if (make && missing) {
        if (const auto made = makeFolder(folder, looked.m_path); !made)
            return core::fail(made.error());
    }
    if (const auto error = whyFolderNotSafe(folder))
        return core::fail(*error);
    if (make && missing) {
        const int created = ::open(path.constData(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (created < 0 && errno != EEXIST) {
            const QString why = systemText();
            return refused(looked.m_path, Say::tr("the file cannot be made: %1").arg(why), Say::tr("Check the permissions of its folder."));
        }
        if (created >= 0)
            ::close(created);
    }
    const int descriptor = ::open(path.constData(), O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) {
        const int error = errno;
        return core::fail(error == ENOENT ? ErrorKind::NotFound : ErrorKind::Storage, Say::tr("open the history"), looked.m_path,
            systemText(error), Say::tr("Check the path and its permissions."));
    }
    looked.m_descriptor = std::shared_ptr<const int>(new int(descriptor), [](const int *held) {
        ::close(*held);
        delete held;
    });
    if (::fstat(descriptor, &found) != 0)
        return refused(looked.m_path, systemText(), {});
    if (const auto error = whyNotOurs(looked.m_path, found))
        return core::fail(*error);
    looked.m_identity = identityOf(descriptor, found);
    if (const auto error = whyNotSafeBeside(looked.m_path))
        return core::fail(*error);
    if (const auto whyNotFile = whyNotWritable(path, W_OK))
        looked.m_whyReadOnly = Say::tr("the file cannot be written: %1").arg(*whyNotFile);
    else if (const auto whyNotFolder = whyNotWritable(QFile::encodeName(folder), W_OK | X_OK))
        looked.m_whyReadOnly = Say::tr("the folder %1 cannot be written: %2").arg(folder, *whyNotFolder);
    return looked;
}

Result<Done> DatabaseFile::isStillThere() const
{
    struct stat ours {
    }, named {};
    if (::fstat(*m_descriptor, &ours) != 0 || ::lstat(QFile::encodeName(m_path).constData(), &named) != 0 || ours.st_dev != named.st_dev
        || ours.st_ino != named.st_ino)
        return refusal(m_path, Say::tr("another file took its place while it was opened"), Say::tr("Try again."));
    if (const auto error = whyNotSafeBeside(m_path))
        return core::fail(*error);
    return Done {};
}

void DatabaseFile::closeToOthers(bool folder) const
{
    takeRightsOfOthers(*m_descriptor, 0600);
    for (const char *suffix : sideFiles)
        takeRightsOfOthers(QFile::encodeName(m_path) + suffix, S_IFREG, 0600);
    if (folder)
        takeRightsOfOthers(QFile::encodeName(QFileInfo(m_path).path()), S_IFDIR, 0700);
}

} // namespace catamaran::store
