// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "store/history.h"

namespace catamaran::store {

History::History(const QString &file)
    : m_file(file)
    , m_place(std::make_unique<QObject>())
{
    m_thread.setObjectName(QStringLiteral("history"));
    m_place->moveToThread(&m_thread);
}

History::~History()
{
    if (!m_thread.isRunning())
        return;
    QMetaObject::invokeMethod(
        m_place.get(),
        [this] { // after all that was asked before
            m_database.reset();
            m_thread.quit();
        },
        Qt::QueuedConnection);
    m_thread.wait();
}

core::Result<std::shared_ptr<Database>> History::open(std::chrono::steady_clock::time_point asked)
{
    if (m_database)
        return m_database;
    if (m_failure && asked <= m_failedAt)
        return core::fail(*m_failure);
    auto opened = Database::open(m_file);
    m_failure = opened ? std::nullopt : std::optional(opened.error());
    m_failedAt = std::chrono::steady_clock::now();
    if (opened)
        m_database = *opened;
    return opened;
}

} // namespace catamaran::store
