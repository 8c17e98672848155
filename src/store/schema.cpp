// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "store/schema.h"

namespace catamaran::store {

const QList<QStringList> &schemaVersions()
{
    // Times are milliseconds since 1970, UTC.
    static const QList<QStringList> versions {
        {
            QStringLiteral("CREATE TABLE activity (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, environment TEXT NOT NULL, "
                           "operation TEXT NOT NULL, "
                           "step TEXT NOT NULL, what TEXT NOT NULL, target TEXT NOT NULL, call TEXT NOT NULL, command TEXT NOT NULL, state "
                           "TEXT NOT NULL, "
                           "answer TEXT NOT NULL, request_id TEXT NOT NULL, duration_ms INTEGER NOT NULL, undo TEXT NOT NULL)"),
            QStringLiteral("CREATE INDEX activity_environment ON activity (environment, id)"),
            QStringLiteral("CREATE TABLE restore (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, environment TEXT NOT NULL, "
                           "drill TEXT NOT NULL, "
                           "actions TEXT NOT NULL, restored INTEGER NOT NULL)"),
            QStringLiteral("CREATE TABLE document (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, "
                           "environment TEXT NOT NULL, "
                           "name TEXT NOT NULL, content TEXT NOT NULL)"),
            QStringLiteral("CREATE INDEX document_kind ON document (kind, environment, id)"),
        },
    };
    return versions;
}

} // namespace catamaran::store
