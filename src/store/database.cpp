// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"

#include "store/schema.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QStandardPaths>
#include <QThread>
#include <QUuid>

namespace catamaran::store {

using core::Done;
using core::ErrorKind;
using core::Result;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Database)
};

QString compact(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QJsonObject objectOf(const QVariant &text)
{
    return QJsonDocument::fromJson(text.toString().toUtf8()).object();
}

QVariant moment(const QDateTime &at)
{
    return (at.isValid() ? at : QDateTime::currentDateTimeUtc()).toMSecsSinceEpoch();
}

QDateTime momentOf(const QVariant &value)
{
    return QDateTime::fromMSecsSinceEpoch(value.toLongLong(), Qt::UTC);
}

/// SQLite stores a null QString as NULL, which "not null" columns refuse.
QString some(const QString &text)
{
    return text.isNull() ? QStringLiteral("") : text;
}

/// The file exists with mode 0600 before SQLite opens it; SQLite gives its side files the same mode.
Result<Done> prepareFile(const QString &file)
{
    const QDir folder = QFileInfo(file).absoluteDir();
    if (!folder.exists() && !QDir().mkpath(folder.path()))
        return core::fail(ErrorKind::Storage, Say::tr("open the history"), file, Say::tr("the folder cannot be made"),
            Say::tr("Check the permissions of its parent."));
    QFile database(file);
    if (!database.exists() && !database.open(QIODevice::ReadWrite | QIODevice::NewOnly, QFile::ReadOwner | QFile::WriteOwner)
        && !database.exists())
        return core::fail(
            ErrorKind::Storage, Say::tr("open the history"), file, database.errorString(), Say::tr("Check the path and its permissions."));
    database.close();
    if (!database.setPermissions(QFile::ReadOwner | QFile::WriteOwner))
        return core::fail(
            ErrorKind::Storage, Say::tr("open the history"), file, database.errorString(), Say::tr("The file must belong to you."));
    return Done {};
}

} // namespace

struct Database::Private {
    QString file, connection;
    QSqlDatabase sql;
    QThread *thread = QThread::currentThread();

    [[nodiscard]] tl::unexpected<core::Error> failure(const QString &tried, const QSqlError &error) const
    {
        return core::fail(ErrorKind::Storage, tried, file, error.text(), Say::tr("Check free space and permissions."));
    }

    /// Runs one statement.
    [[nodiscard]] Result<QSqlQuery> run(const QString &tried, const QString &statement, const QVariantList &values = {}) const
    {
        Q_ASSERT(thread == QThread::currentThread());
        QSqlQuery query(sql);
        query.setForwardOnly(true);
        if (!query.prepare(statement))
            return failure(tried, query.lastError());
        for (const QVariant &value : values)
            query.addBindValue(value);
        if (!query.exec())
            return failure(tried, query.lastError());
        return query;
    }

    [[nodiscard]] Result<Done> change(const QString &tried, const QString &statement, const QVariantList &values = {}) const
    {
        return run(tried, statement, values).map([](const QSqlQuery &) { return Done {}; });
    }

    [[nodiscard]] Result<qint64> insert(const QString &tried, const QString &statement, const QVariantList &values) const
    {
        return run(tried, statement, values).map([](const QSqlQuery &query) { return query.lastInsertId().toLongLong(); });
    }

    /// As insert or change, but @p id must be there.
    [[nodiscard]] Result<Done> changeOne(const QString &tried, const QString &statement, const QVariantList &values, qint64 id) const
    {
        const auto query = run(tried, statement, values);
        if (!query)
            return core::fail(query.error());
        if (query->numRowsAffected() < 1)
            return core::fail(ErrorKind::NotFound, tried, file, Say::tr("there is no entry %1").arg(id));
        return Done {};
    }

    [[nodiscard]] Result<Done> migrate() const
    {
        const QString tried = Say::tr("open the history");
        // IMMEDIATE: a second process that opens the same new file waits here.
        if (auto begun = change(tried, QStringLiteral("BEGIN IMMEDIATE")); !begun)
            return begun;
        const auto applied = migrateInside(tried);
        const auto ended = change(tried, applied ? QStringLiteral("COMMIT") : QStringLiteral("ROLLBACK"));
        return applied ? ended : applied;
    }

    [[nodiscard]] Result<Done> migrateInside(const QString &tried) const
    {
        auto query = run(tried, QStringLiteral("PRAGMA user_version"));
        if (!query)
            return core::fail(query.error());
        const int found = query->next() ? query->value(0).toInt() : 0;
        query->finish();
        const QList<QStringList> &versions = schemaVersions();
        if (found == versions.size())
            return Done {}; // nothing is written, so that opening waits for no disk
        if (found > versions.size())
            return core::fail(ErrorKind::Storage, tried, file,
                Say::tr("it was written by a newer Catamaran (version %1 of the file)").arg(found),
                Say::tr("Use that version, or move the file away."));
        for (int version = found; version < versions.size(); ++version) {
            for (const QString &statement : versions.at(version))
                if (auto done = change(tried, statement); !done)
                    return done;
        }
        return change(tried, QStringLiteral("PRAGMA user_version = %1").arg(versions.size()));
    }
};

Database::Database()
    : d(std::make_unique<Private>())
{
}

Database::~Database()
{
    const QString connection = d->connection;
    d->sql.close();
    d.reset(); // the connection must have no user left when it is removed
    if (!connection.isEmpty())
        QSqlDatabase::removeDatabase(connection);
}

Result<std::shared_ptr<Database>> Database::open(const QString &file)
{
    const QString tried = Say::tr("open the history");
    if (auto prepared = prepareFile(file); !prepared)
        return core::fail(prepared.error());
    std::shared_ptr<Database> database(new Database);
    Private &d = *database->d;
    d.file = file;
    d.connection = QUuid::createUuid().toString(QUuid::WithoutBraces);
    d.sql = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), d.connection);
    if (!d.sql.isValid())
        return core::fail(ErrorKind::Unsupported, tried, file, Say::tr("Qt's SQLite driver is not installed"),
            Say::tr("Install the package libqt6sql6-sqlite."));
    d.sql.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000"));
    d.sql.setDatabaseName(file);
    if (!d.sql.open())
        return d.failure(tried, d.sql.lastError());
    for (const char *setting : { "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON" })
        if (auto done = d.change(tried, QLatin1String(setting)); !done)
            return core::fail(done.error());
    if (auto done = d.migrate(); !done)
        return core::fail(done.error());
    return database;
}

QString Database::defaultFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/catamaran/catamaran.db");
}

const QString &Database::file() const
{
    return d->file;
}

Result<qint64> Database::begin(const Activity &activity)
{
    return d->insert(Say::tr("write the journal"),
        QStringLiteral("INSERT INTO activity (at, environment, operation, step, what, target, call, command, state, answer, request_id, "
                       "duration_ms, undo) "
                       "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        { moment(activity.at), some(activity.environment), some(activity.operation), some(activity.step), some(activity.what),
            some(activity.target), some(activity.call), some(activity.command),
            activity.state.isEmpty() ? QStringLiteral("started") : activity.state, some(activity.answer), some(activity.requestId),
            activity.durationMs, some(activity.undo) });
}

Result<Done> Database::complete(qint64 id, const QString &state, const QString &answer, const QString &requestId, qint64 durationMs)
{
    return d->changeOne(Say::tr("write the journal"),
        QStringLiteral("UPDATE activity SET state = ?, answer = ?, request_id = ?, duration_ms = ? WHERE id = ?"),
        { some(state), some(answer), some(requestId), durationMs, id }, id);
}

Result<QList<Activity>> Database::activities(int limit, const QString &environment) const
{
    auto query = d->run(Say::tr("read the journal"),
        QStringLiteral(
            "SELECT id, at, environment, operation, step, what, target, call, command, state, answer, request_id, duration_ms, undo "
            "FROM activity WHERE ? = '' OR environment = ? ORDER BY id DESC LIMIT ?"),
        { some(environment), some(environment), limit });
    if (!query)
        return core::fail(query.error());
    QList<Activity> list;
    while (query->next()) {
        const auto text = [&](int column) { return query->value(column).toString(); };
        list.append({ query->value(0).toLongLong(), momentOf(query->value(1)), text(2), text(3), text(4), text(5), text(6), text(7),
            text(8), text(9), text(10), text(11), query->value(12).toLongLong(), text(13) });
    }
    return list;
}

Result<qint64> Database::addRestore(const PendingRestore &restore)
{
    return d->insert(Say::tr("write what is to be restored"),
        QStringLiteral("INSERT INTO restore (at, environment, drill, actions, restored) VALUES (?, ?, ?, ?, ?)"),
        { moment(restore.at), some(restore.environment), some(restore.drill), compact(restore.actions), restore.restored });
}

Result<Done> Database::markRestored(qint64 id)
{
    return d->changeOne(Say::tr("mark something as restored"), QStringLiteral("UPDATE restore SET restored = 1 WHERE id = ?"), { id }, id);
}

Result<QList<PendingRestore>> Database::pendingRestores(const QString &environment) const
{
    auto query = d->run(Say::tr("read what is to be restored"),
        QStringLiteral("SELECT id, at, environment, drill, actions, restored FROM restore WHERE restored = 0 AND (? = '' OR environment = "
                       "?) ORDER BY id DESC"),
        { some(environment), some(environment) });
    if (!query)
        return core::fail(query.error());
    QList<PendingRestore> list;
    while (query->next())
        list.append({ query->value(0).toLongLong(), momentOf(query->value(1)), query->value(2).toString(), query->value(3).toString(),
            objectOf(query->value(4)), query->value(5).toBool() });
    return list;
}

Result<qint64> Database::save(const Document &document)
{
    return d->insert(Say::tr("save a document"),
        QStringLiteral("INSERT INTO document (at, kind, environment, name, content) VALUES (?, ?, ?, ?, ?)"),
        { moment(document.at), some(document.kind), some(document.environment), some(document.name), compact(document.content) });
}

Result<Done> Database::replace(const Document &document)
{
    const QString tried = Say::tr("save a document");
    if (auto begun = d->change(tried, QStringLiteral("BEGIN IMMEDIATE")); !begun)
        return begun;
    auto done = d->change(tried, QStringLiteral("DELETE FROM document WHERE kind = ? AND environment = ? AND name = ?"),
        { some(document.kind), some(document.environment), some(document.name) });
    if (done)
        done = save(document).map([](qint64) { return Done {}; });
    const auto ended = d->change(tried, done ? QStringLiteral("COMMIT") : QStringLiteral("ROLLBACK"));
    return done ? ended : done;
}

Result<QList<Document>> Database::documents(const QString &kind, const QString &environment, int limit) const
{
    auto query = d->run(Say::tr("read documents"),
        QStringLiteral("SELECT id, at, kind, environment, name, content FROM document WHERE kind = ? AND (? = '' OR environment = ?) ORDER "
                       "BY id DESC LIMIT ?"),
        { some(kind), some(environment), some(environment), limit });
    if (!query)
        return core::fail(query.error());
    QList<Document> list;
    while (query->next())
        list.append({ query->value(0).toLongLong(), momentOf(query->value(1)), query->value(2).toString(), query->value(3).toString(),
            query->value(4).toString(), objectOf(query->value(5)) });
    return list;
}

Result<Done> Database::removeDocument(qint64 id)
{
    return d->change(Say::tr("remove a document"), QStringLiteral("DELETE FROM document WHERE id = ?"), { id });
}

} // namespace catamaran::store
