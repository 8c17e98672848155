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
        // The journal of operations (src/ops/journal.h says what the columns mean). What was kept as activities and restores
        // becomes executions: they have no operations that could be undone, but everything they said.
        {
            QStringLiteral("CREATE TABLE execution (id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, "
                           "environment TEXT NOT NULL, purpose TEXT NOT NULL, name TEXT NOT NULL, plan TEXT NOT NULL, undoes INTEGER NOT "
                           "NULL, state TEXT NOT NULL, host TEXT NOT NULL, boot TEXT NOT NULL, pid INTEGER NOT NULL, started INTEGER NOT "
                           "NULL, heartbeat INTEGER NOT NULL, ended INTEGER NOT NULL)"),
            QStringLiteral("CREATE INDEX execution_environment ON execution (environment, id)"),
            QStringLiteral("CREATE INDEX execution_state ON execution (state)"),
            QStringLiteral("CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, execution INTEGER NOT NULL REFERENCES execution (id) "
                           "ON DELETE CASCADE, step TEXT NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL, seen TEXT NOT NULL, answer "
                           "TEXT NOT NULL, request_id TEXT NOT NULL, evidence TEXT NOT NULL, duration_ms INTEGER NOT NULL)"),
            QStringLiteral("CREATE INDEX event_step ON event (execution, step, id)"),
            // Activities of one operation with less than ten minutes between them are one execution, named by its first row.
            // Later rows of the same step become "step~2", "step~3".
            QStringLiteral(
                "CREATE TABLE moved AS "
                "WITH paused AS (SELECT *, at - lag(at + max(duration_ms, 0)) OVER (PARTITION BY environment, operation ORDER BY "
                "id) AS pause FROM activity), "
                "placed AS (SELECT *, max(CASE WHEN pause IS NULL OR pause > 600000 THEN id END) OVER (PARTITION BY environment, "
                "operation ORDER BY id ROWS UNBOUNDED PRECEDING) AS execution FROM paused), "
                "counted AS (SELECT *, row_number() OVER (PARTITION BY execution, step ORDER BY id) AS turn FROM placed) "
                "SELECT id, execution, CASE WHEN turn = 1 THEN step ELSE step || '~' || turn END AS step, at, environment, "
                "operation, what, target, call, command, CASE state WHEN 'started' THEN 'intent' ELSE state END AS state, "
                "answer, request_id, duration_ms, undo FROM counted ORDER BY id"),
            QStringLiteral("INSERT INTO execution (id, uid, at, environment, purpose, name, plan, undoes, state, host, boot, pid, started, "
                           "heartbeat, ended) "
                           "SELECT execution, lower(hex(randomblob(16))), min(at), environment, CASE WHEN instr(operation, ' ') > 0 THEN "
                           "substr(operation, 1, instr(operation, ' ') - 1) ELSE operation END, CASE WHEN instr(operation, ' ') > 0 THEN "
                           "substr(operation, instr(operation, ' ') + 1) ELSE '' END, "
                           "json_object('steps', json_group_array(json_object('id', step, 'title', what, 'subject', target, 'calls', "
                           "json_array(json_object('system', '', 'method', call, 'body', '')), 'command', command, 'undo', undo))), "
                           "0, CASE WHEN sum(state NOT IN ('done', 'undone')) > 0 THEN 'failed' ELSE 'done' END, '', '', 0, 0, 0, "
                           "max(at + max(duration_ms, 0)) FROM (SELECT * FROM moved ORDER BY id) GROUP BY execution"),
            QStringLiteral("INSERT INTO event (id, execution, step, at, state, seen, answer, request_id, evidence, duration_ms) "
                           "SELECT id, execution, step, at, state, '{}', answer, request_id, '{}', duration_ms FROM moved ORDER BY id"),
            QStringLiteral("DROP TABLE moved"),
            QStringLiteral("DROP TABLE activity"),
            // What is not restored is due; its plan is the list of actions that puts things back.
            QStringLiteral("INSERT INTO execution (uid, at, environment, purpose, name, plan, undoes, state, host, boot, pid, started, "
                           "heartbeat, ended) SELECT lower(hex(randomblob(16))), at, environment, 'drill', drill, actions, 0, CASE WHEN "
                           "restored THEN 'undone' ELSE 'undo-due' END, '', '', 0, 0, 0, at FROM restore ORDER BY id"),
            QStringLiteral("DROP TABLE restore"),
        },
        // Lists of runs and drills are read without their samples, which are nearly all of a document: what is left of each is kept by
        // itself. A table of its own, for behind a large column SQLite has to walk through all of it.
        {
            QStringLiteral(
                "CREATE TABLE summary (document INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE, content TEXT NOT NULL)"),
            QStringLiteral(
                "CREATE TRIGGER document_summary AFTER INSERT ON document BEGIN INSERT OR REPLACE INTO summary (document, content) "
                "VALUES (new.id, CASE WHEN json_valid(new.content) THEN json_remove(new.content, '$.samples', "
                "'$.older_failures') ELSE '{}' END); END"),
            QStringLiteral("CREATE TRIGGER document_summary_again AFTER UPDATE OF content ON document BEGIN INSERT OR REPLACE INTO summary "
                           "(document, content) VALUES (new.id, CASE WHEN json_valid(new.content) THEN json_remove(new.content, "
                           "'$.samples', '$.older_failures') ELSE '{}' END); END"),
            QStringLiteral("INSERT INTO summary (document, content) SELECT id, CASE WHEN json_valid(content) THEN json_remove(content, "
                           "'$.samples', '$.older_failures') ELSE '{}' END FROM document"),
        },
    };
    return versions;
}

} // namespace catamaran::store
