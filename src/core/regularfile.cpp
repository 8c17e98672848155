// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/regularfile.h"

#include "core/say.h"

#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace catamaran::core {

Result<QByteArray> readRegularFile(const QString &file, qint64 most, const QString &tried)
{
    const auto refused = [&](const QString &answer) {
        return fail(ErrorKind::InvalidInput, tried, file, answer, Say::tr("Check the path and its permissions."));
    };
    // Without O_NONBLOCK, opening a pipe that nobody writes to never ends.
    const int number = ::open(QFile::encodeName(file).constData(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (number < 0)
        return refused(qt_error_string(errno));
    QFile opened;
    if (!opened.open(number, QIODevice::ReadOnly | QIODevice::Unbuffered, QFileDevice::AutoCloseHandle)) {
        ::close(number);
        return refused(opened.errorString());
    }
    struct stat state { };
    if (::fstat(number, &state) != 0)
        return refused(qt_error_string(errno));
    if (!S_ISREG(state.st_mode))
        return refused(S_ISDIR(state.st_mode) ? Say::tr("it is a folder") : Say::tr("it is not a regular file"));
    const QString tooLarge = Say::tr("it is larger than %1 MiB").arg(double(most) / (1024 * 1024), 0, 'g', 3);
    if (state.st_size > most)
        return refused(tooLarge);
    const QByteArray bytes = opened.read(most + 1); // it may grow, and files of /proc say that they are empty
    if (opened.error() != QFileDevice::NoError)
        return refused(opened.errorString());
    if (bytes.size() > most)
        return refused(tooLarge);
    return bytes;
}

Result<Done> writeRegularFile(const QString &file, const QByteArray &bytes, const QString &tried)
{
    const QFileInfo there(file);
    if (there.exists() && !there.isFile())
        return fail(ErrorKind::InvalidInput, tried, file, there.isDir() ? Say::tr("it is a folder") : Say::tr("it is not a regular file"),
            Say::tr("Name a file in a folder that can be written."));
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size() || !out.commit())
        return fail(ErrorKind::Storage, tried, file, out.errorString(), Say::tr("Name a file in a folder that can be written."));
    return Done {};
}

} // namespace catamaran::core
