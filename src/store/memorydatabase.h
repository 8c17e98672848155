// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace catamaran::store {

/// A name under which Database::open() opens one database in this process's memory, on every thread the same, for what has to go on
/// when no disk takes anything. It is empty at first, and its content lasts while any connection to it is open. Any thread.
class MemoryDatabase {
public:
    MemoryDatabase();
    ~MemoryDatabase();
    Q_DISABLE_COPY_MOVE(MemoryDatabase)

    [[nodiscard]] const QString &name() const { return m_name; }
    /// Whether @p name is of one that lives: nobody can make it up.
    [[nodiscard]] static bool has(const QString &name);

private:
    const QString m_name;
};

} // namespace catamaran::store
