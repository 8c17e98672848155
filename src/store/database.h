// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QVariant>

#include <functional>
#include <memory>
#include <optional>

class QSqlQuery;

namespace catamaran::store {

/// One change made to any system (the Activity place): a step of an execution, as its events tell. Written before the call
/// as `started`, completed after it.
struct Activity {
    qint64 id = 0;
    QDateTime at;
    QString environment;
    QString operation; ///< "apply two-meshes", "drill workload-failover", "verify"
    QString step; ///< "create-mesh-1"
    QString what; ///< one line for people
    QString target; ///< "mesh-1", "cluster-1/default/helloworld-v1"
    QString call; ///< "PATCH /apis/apps/v1/…/scale"
    QString command; ///< the same by hand
    QString state; ///< "started", "done", "failed", "undone"; of operations also "unknown", "skipped", "given-up"
    QString answer;
    QString requestId;
    qint64 durationMs = -1;
    QString undo; ///< command that takes it back; empty when there is none
};

/// A document kept by kind and id: runs ("run"), drill results ("drill"), wizard drafts ("draft"), plans ("plan").
struct Document {
    qint64 id = 0;
    QDateTime at;
    QString kind, environment, name;
    QJsonObject content;
};

/// Codes of a Database's errors, where a caller may want to tell them apart. Their kind is Storage.
namespace trouble {
inline const QString locked = QStringLiteral("history-locked"); ///< another program kept it locked for as long as we wait
inline const QString readOnly = QStringLiteral("history-read-only"); ///< it cannot be written
inline const QString full = QStringLiteral("history-disk-full");
inline const QString damaged = QStringLiteral("history-damaged");
} // namespace trouble

/// SQLite in WAL mode with full synchronisation, one file per user; schema migrations inside. One object per thread:
/// open() gives the calling thread its own connection; it may wait five seconds for another program's lock. No secrets ever go in.
class Database {
public:
    enum class Opening {
        ForUse, ///< made when it is missing; one that is damaged is an error
        ToRescue, ///< read whatever can still be read: nothing is made, checked or migrated. For what is to be restored
    };
    /// InvalidInput: the file is nothing to be used (a folder, a link, another's, another program's), and was left as it is.
    /// A database that cannot be written is opened for reading; readOnly() says so.
    [[nodiscard]] static core::Result<std::shared_ptr<Database>> open(const QString &file, Opening opening = Opening::ForUse);
    /// $XDG_DATA_HOME/catamaran/catamaran.db
    [[nodiscard]] static QString defaultFile();
    ~Database();

    [[nodiscard]] const QString &file() const;
    /// Why nothing can be written here, which every change answers with; nullopt: it can.
    [[nodiscard]] const std::optional<core::Error> &readOnly() const;

    /// One change with its values bound, for the module that owns the table. @p tried is said when it fails.
    [[nodiscard]] core::Result<QSqlQuery> run(const QString &tried, const QString &statement, const QVariantList &values = {}) const;
    /// Hands each row to @p row, until it says false; an error when not all of them could be read.
    [[nodiscard]] core::Result<core::Done> forEach(const QString &tried, const QString &statement, const QVariantList &values,
        const std::function<bool(const QSqlQuery &)> &row) const;
    /// Everything that @p work writes, or nothing of it. It begins IMMEDIATE: no other connection writes between what
    /// @p work reads and what it writes. On the disk when it returns. Not nested.
    [[nodiscard]] core::Result<core::Done> transaction(const QString &tried, const std::function<core::Result<core::Done>()> &work) const;

    // Activities are rows of execution and event (see schema.cpp); these write what does not run on ops yet.
    [[nodiscard]] core::Result<qint64> begin(const Activity &activity);
    [[nodiscard]] core::Result<core::Done> complete(
        qint64 id, const QString &state, const QString &answer, const QString &requestId, qint64 durationMs);
    /// The @p limit steps that something happened to last, newest begun first; of operations too.
    [[nodiscard]] core::Result<QList<Activity>> activities(int limit, const QString &environment = {}) const;

    [[nodiscard]] core::Result<qint64> save(const Document &document);
    /// Keeps one document per (kind, environment, name).
    [[nodiscard]] core::Result<core::Done> replace(const Document &document);
    /// Newest first.
    [[nodiscard]] core::Result<QList<Document>> documents(const QString &kind, const QString &environment, int limit) const;
    /// As documents(), without the fields `samples` and `older_failures` of their content, which are nearly all of a run or a drill, and
    /// without reading these. Those older than the document @p before, where it is given.
    [[nodiscard]] core::Result<QList<Document>> summaries(
        const QString &kind, const QString &environment, int limit, qint64 before = 0) const;
    /// The whole document; NotFound when it is no longer there.
    [[nodiscard]] core::Result<Document> document(qint64 id) const;
    [[nodiscard]] core::Result<core::Done> removeDocument(qint64 id);

private:
    Database();
    /// This object among all that ever wrote.
    [[nodiscard]] const QString &writer() const;
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace catamaran::store
