// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/childenvironment.h"

#include <QMutex>
#include <QSet>

namespace catamaran::core {

namespace {

struct Withheld {
    QMutex mutex;
    QSet<QString> names;
};

Withheld &withheld()
{
    static Withheld one;
    return one;
}

} // namespace

void withholdFromChildren(const QString &name)
{
    const QMutexLocker locked(&withheld().mutex);
    withheld().names.insert(name);
}

QProcessEnvironment childEnvironment()
{
    auto environment = QProcessEnvironment::systemEnvironment();
    const QMutexLocker locked(&withheld().mutex);
    for (const QString &name : std::as_const(withheld().names))
        environment.remove(name);
    return environment;
}

QStringList withheldVariables()
{
    QStringList names;
    {
        const QMutexLocker locked(&withheld().mutex);
        names = withheld().names.values();
    }
    names.removeIf([](const QString &name) { return !qEnvironmentVariableIsSet(name.toUtf8().constData()); });
    names.sort();
    return names;
}

} // namespace catamaran::core
