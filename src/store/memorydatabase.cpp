// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "store/memorydatabase.h"

#include <QSet>
#include <QUuid>

#include <mutex>

namespace catamaran::store {

namespace {

struct Living {
    std::mutex mutex;
    QSet<QString> names;
};

Living &living()
{
    static Living all;
    return all;
}

} // namespace

MemoryDatabase::MemoryDatabase()
    : m_name(QStringLiteral("memory-") + QUuid::createUuid().toString(QUuid::WithoutBraces))
{
    const std::lock_guard lock(living().mutex);
    living().names.insert(m_name);
}

MemoryDatabase::~MemoryDatabase()
{
    const std::lock_guard lock(living().mutex);
    living().names.remove(m_name);
}

bool MemoryDatabase::has(const QString &name)
{
    const std::lock_guard lock(living().mutex);
    return living().names.contains(name);
}

} // namespace catamaran::store
