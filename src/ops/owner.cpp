// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/owner.h"

#include "ops/say.h"

#include <QFile>
#include <QSysInfo>

#include <unistd.h>

namespace catamaran::ops {

namespace {

QString contentOf(const QString &file)
{
    QFile source(file);
    return source.open(QIODevice::ReadOnly) ? QString::fromUtf8(source.read(4096)).trimmed() : QString();
}

/// Field 22 of /proc/PID/stat; -1 when there is no such process. A zombie has ended.
qint64 startOf(qint64 pid)
{
    const QString stat = contentOf(QStringLiteral("/proc/%1/stat").arg(pid));
    // The second field is the program's name in brackets, which may hold blanks and brackets itself.
    const QStringList fields = stat.mid(stat.lastIndexOf(u')') + 2).split(u' ');
    constexpr int state = 0, start = 19;
    if (fields.size() <= start || fields.at(state) == QLatin1String("Z") || fields.at(state) == QLatin1String("X"))
        return -1;
    return fields.at(start).toLongLong();
}

} // namespace

const Owner &Owner::self()
{
    static const Owner self { QSysInfo::machineHostName(),
        contentOf(QStringLiteral("/proc/sys/kernel/random/boot_id")) + u' '
            + QFile::symLinkTarget(QStringLiteral("/proc/self/ns/pid")).section(u'/', -1),
        getpid(), startOf(getpid()) };
    return self;
}

QString Owner::text() const
{
    return Say::tr("process %1 on %2").arg(pid).arg(host);
}

bool isAlive(const Owner &owner, const QDateTime &heartbeat, const QDateTime &now)
{
    const Owner &self = Owner::self();
    if (owner.host == self.host && owner.boot == self.boot)
        return owner.pid > 0 && startOf(owner.pid) == owner.started;
    return heartbeat.msecsTo(now) < silentOwnerMs;
}

} // namespace catamaran::ops
