// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"

#include "store/columns.h"
#include "store/databasefile.h"
#include "store/memorydatabase.h"
#include "store/say.h"
#include "store/schema.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFileInfo>
#include <QSet>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QStandardPaths>
#include <QStorageInfo>
#include <QTemporaryDir>
#include <QThread>
#include <QUrl>
#include <QUuid>

#include <mutex>

namespace catamaran::store {

using core::Done;
using core::ErrorKind;
using core::Result;

namespace {

/// How long another process may write.
constexpr int patienceMs = 5000;
constexpr qint64 sharedMemoryBytes = 32 * 1024; ///< what SQLite needs beside a database before anything is written

/// SQLite's primary result codes that mean something to a person.
enum Code {
    Permission = 3,
    Busy = 5,
    Locked = 6,
    ReadOnly = 8,
    InputOutput = 10,
    Corrupt = 11,
    Full = 13,
    CannotOpen = 14,
    NoDatabase = 26
};

core::Error errorOf(const QString &tried, const QString &file, const QSqlError &error)
{
    const auto make = [&](const QString &code, const QString &answer, const QString &remedy) {
        core::Error made = core::Error::make(ErrorKind::Storage, tried, file, answer, remedy);
        made.code = code;
        return made;
    };
    const QString said = error.databaseText().isEmpty() ? error.text() : error.databaseText();
    int code = error.nativeErrorCode().toInt() & 0xff; // the rest of an extended code is detail
    if (code == InputOutput && QStorageInfo(QFileInfo(file).path()).bytesAvailable() < sharedMemoryBytes)
        code = Full; // SQLite says it so when there is no room for the file beside the database
    switch (code) {
    case Busy:
    case Locked:
        return make(trouble::locked, Say::tr("another program has it locked, and did not let go of it for %1 s").arg(patienceMs / 1000),
            Say::tr("Try again when that program is done; “fuser -v %1” shows which it is.").arg(file));
    case Permission:
    case ReadOnly: return make(trouble::readOnly, said, Say::tr("Check the permissions of the file and of its folder."));
    case Full: return make(trouble::full, Say::tr("the disk is full"), Say::tr("Make room on it and try again."));
    case InputOutput:
        return make({}, Say::tr("the disk failed: %1").arg(QStringLiteral("%1 (SQLite %2)").arg(said, error.nativeErrorCode())),
            Say::tr("Check the disk and the free space on it."));
    case Corrupt:
        return make(trouble::damaged, Say::tr("the file is damaged: %1").arg(said),
            Say::tr("Move it away and a new one is begun; “sqlite3 FILE .recover” takes out of the old one what can be read."));
    case CannotOpen:
        return make({}, Say::tr("the file, or one beside it (-wal, -shm), cannot be opened"),
            Say::tr("Check the permissions of the file and of its folder."));
    case NoDatabase:
        return core::Error::make(ErrorKind::InvalidInput, tried, file, Say::tr("it is another kind of file, no database"),
            Say::tr("Name a file of Catamaran's own, or one that is not there yet, with --database."));
    default: return make({}, said, {});
    }
}

/// Files that this process has found whole, by their identity: each is checked once.
class CheckedFiles {
public:
    bool contains(const QString &identity)
    {
        const std::lock_guard lock(m_mutex);
        return m_identities.contains(identity);
    }
    void add(const QString &identity)
    {
        const std::lock_guard lock(m_mutex);
        m_identities.insert(identity);
    }

private:
    std::mutex m_mutex;
    QSet<QString> m_identities;
};

CheckedFiles &checkedFiles()
{
    static CheckedFiles files;
    return files;
}

/// A check reads the whole file. A large one (hours of samples) is checked only when whoever had it open did not close it; what
/// is damaged in it otherwise shows when it is read.
bool isWorthChecking(const DatabaseFile &file)
{
    constexpr qint64 small = 64 * 1024 * 1024;
    return !checkedFiles().contains(file.identity())
        && (QFileInfo(file.path()).size() <= small || QFileInfo(file.path() + QStringLiteral("-wal")).size() > 0);
}

enum class Access { Write, Read, ReadUnchanging, Memory };

} // namespace

struct Database::Private {
    QString file, connection;
    QSqlDatabase sql;
    std::optional<core::Error> readOnly;
    std::unique_ptr<QTemporaryDir> copy;
    QThread *thread = QThread::currentThread();

    [[nodiscard]] tl::unexpected<core::Error> failure(const QString &tried, const QSqlError &error) const
    {
        core::Error made = errorOf(tried, file, error);
        if (readOnly && made.code == trouble::readOnly) { // why it is so was found when it was opened
            made = *readOnly;
            made.tried = tried;
        }
        return core::fail(made);
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

    /// Hands each row of @p statement to @p row, until it says false; an error when not all of them could be read.
    [[nodiscard]] Result<Done> forEach(
        const QString &tried, const QString &statement, const QVariantList &values, const std::function<bool(const QSqlQuery &)> &row) const
    {
        auto query = run(tried, statement, values);
        if (!query)
            return core::fail(query.error());
        while (query->next())
            if (!row(*query))
                return Done {};
        if (query->lastError().isValid())
            return failure(tried, query->lastError());
        return Done {};
    }

    [[nodiscard]] Result<QList<Document>> documents(const QString &content, const QString &where, const QVariantList &values) const
    {
        QList<Document> list;
        return forEach(Say::tr("read documents"),
            QStringLiteral("SELECT id, at, kind, environment, name, %1 FROM document WHERE %2").arg(content, where), values,
            [&](const QSqlQuery &row) {
                list.append({ row.value(0).toLongLong(), momentOf(row.value(1)), row.value(2).toString(), row.value(3).toString(),
                    row.value(4).toString(), objectOf(row.value(5)) });
                return true;
            })
            .map([&](Done) { return list; });
    }

    /// Opens the connection; SQLite touches the file at the first statement.
    [[nodiscard]] Result<Done> connect(Access access)
    {
        const QString tried = Say::tr("open the history");
        connection = QUuid::createUuid().toString(QUuid::WithoutBraces);
        sql = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
        if (!sql.isValid())
            return core::fail(ErrorKind::Unsupported, tried, file, Say::tr("Qt's SQLite driver is not installed"),
                Say::tr("Install the package libqt6sql6-sqlite."));
        QString options = QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(patienceMs);
        QString name = file;
        if (access == Access::Read)
            options += QStringLiteral(";QSQLITE_OPEN_READONLY");
        if (access == Access::ReadUnchanging) { // nothing can be made beside it, and nothing is there: it is all in the one file
            options += QStringLiteral(";QSQLITE_OPEN_READONLY;QSQLITE_OPEN_URI");
            name = QString::fromLatin1(QUrl::fromLocalFile(file).toEncoded(QUrl::FullyEncoded)) + QStringLiteral("?immutable=1");
        }
        if (access == Access::Memory) { // one for all connections of this process, with locks of its own
            options += QStringLiteral(";QSQLITE_OPEN_URI");
            name = QStringLiteral("file:/%1?vfs=memdb").arg(file);
        }
        sql.setConnectOptions(options);
        sql.setDatabaseName(name);
        if (!sql.open())
            return failure(tried, sql.lastError());
        return Done {};
    }

    /// While another process makes the same new file SQLite says "busy" to this at once, without the patience of other statements.
    [[nodiscard]] Result<Done> writeAhead(const QString &tried) const
    {
        const QDeadlineTimer deadline(patienceMs);
        while (true) {
            QSqlQuery query(sql);
            if (query.exec(QStringLiteral("PRAGMA journal_mode = WAL")))
                return Done {};
            if ((query.lastError().nativeErrorCode().toInt() & 0xff) != Busy || deadline.hasExpired())
                return failure(tried, query.lastError());
            QThread::msleep(5);
        }
    }

    [[nodiscard]] Result<Done> transaction(const QString &tried, const std::function<Result<Done>()> &work) const
    {
        // IMMEDIATE: whoever else wants to write waits here, so that what is read inside still holds when it is written.
        if (auto begun = change(tried, QStringLiteral("BEGIN IMMEDIATE")); !begun)
            return begun;
        const auto done = work();
        const auto ended = change(tried, done ? QStringLiteral("COMMIT") : QStringLiteral("ROLLBACK"));
        if (done && !ended) // a commit that failed may have left the transaction open
            (void)change(tried, QStringLiteral("ROLLBACK"));
        return done ? ended : done;
    }

    /// The version of our schema in it: 0 when it is empty. InvalidInput when it is no database of ours.
    [[nodiscard]] Result<int> version() const
    {
        const QString tried = Say::tr("open the history");
        // One statement sees one state, also while another process migrates.
        auto query = run(tried,
            QStringLiteral(
                "SELECT (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_master), "
                "(SELECT count(*) FROM pragma_table_info('document') WHERE name IN ('kind', 'environment', 'name', 'content'))"));
        if (!query)
            return core::fail(query.error());
        if (!query->next())
            return failure(tried, query->lastError());
        const int version = query->value(0).toInt(), things = query->value(1).toInt(), columns = query->value(2).toInt();
        if (version == 0 && things == 0)
            return 0;
        if (version < 1 || columns != 4) // every version of ours has this table
            return core::fail(ErrorKind::InvalidInput, tried, file, Say::tr("it is the database of another program"),
                Say::tr("Name a file of Catamaran's own, or one that is not there yet, with --database."));
        return version;
    }

    [[nodiscard]] Result<Done> check() const
    {
        const QString tried = Say::tr("open the history");
        auto query = run(tried, QStringLiteral("PRAGMA quick_check(1)"));
        if (!query)
            return core::fail(query.error());
        const QString found = query->next() ? query->value(0).toString() : QString();
        if (query->lastError().isValid())
            return failure(tried, query->lastError());
        if (found == QLatin1String("ok"))
            return Done {};
        return failure(tried, QSqlError({}, found, QSqlError::StatementError, QString::number(Corrupt)));
    }

    [[nodiscard]] Result<Done> migrate(int found) const
    {
        const QString tried = Say::tr("open the history");
        if (found == schemaVersions().size())
            return Done {}; // nothing is written, so that opening waits for no disk and for nobody's lock
        return transaction(tried, [&] { return migrateInside(tried); }); // a second process that opens the same new file waits in it
    }

    [[nodiscard]] Result<Done> migrateInside(const QString &tried) const
    {
        const auto now = version(); // another process may have been faster
        if (!now)
            return core::fail(now.error());
        const QList<QStringList> &versions = schemaVersions();
        for (qsizetype version = *now; version < versions.size(); ++version) {
            for (const QString &statement : versions.at(version))
                if (auto done = change(tried, statement); !done)
                    return done;
        }
        if (*now >= versions.size())
            return Done {};
        return change(tried, QStringLiteral("PRAGMA user_version = %1").arg(versions.size()));
    }

    /// A file of an earlier version that cannot be written is brought up to date in a copy, which goes with this object.
    [[nodiscard]] Result<Done> readable(int found)
    {
        const QString tried = Say::tr("open the history");
        if (found == schemaVersions().size())
            return Done {};
        if (found == 0)
            return core::fail(ErrorKind::Storage, tried, file, Say::tr("it is empty, and nothing can be written to it"),
                Say::tr("Check the permissions of the file and of its folder."));
        copy = std::make_unique<QTemporaryDir>();
        const QString name = copy->filePath(QStringLiteral("copy.db"));
        if (auto copied = change(tried, QStringLiteral("VACUUM INTO ?"), { name }); !copied)
            return copied;
        close();
        sql = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
        sql.setDatabaseName(name);
        if (!sql.open())
            return failure(tried, sql.lastError());
        if (auto migrated = migrate(found); !migrated)
            return migrated;
        return change(tried, QStringLiteral("PRAGMA query_only = 1")); // what is written here would be lost
    }

    void close()
    {
        sql = QSqlDatabase(); // the connection must have no user left when it is removed
        if (!connection.isEmpty())
            QSqlDatabase::removeDatabase(connection);
    }

    [[nodiscard]] Result<Done> beginInMemory()
    {
        return connect(Access::Memory)
            .and_then([this](Done) { return change(Say::tr("open the history"), QStringLiteral("PRAGMA foreign_keys = ON")); })
            .and_then([this](Done) { return version(); })
            .and_then([this](int found) { return migrate(found); });
    }

    /// Everything between the connection and the first use.
    [[nodiscard]] Result<Done> begin(const DatabaseFile &looked, Access access, Opening opening)
    {
        const QString tried = Say::tr("open the history");
        if (auto connected = connect(access); !connected)
            return connected;
        const auto found = version();
        if (!found)
            return core::fail(found.error());
        if (auto same = looked.isStillThere(); !same)
            return same;
        if (*found > schemaVersions().size())
            return core::fail(ErrorKind::Storage, tried, file,
                Say::tr("it was written by a newer Catamaran (version %1 of the file)").arg(*found),
                Say::tr("Use that version, or move the file away."));
        if (opening == Opening::ForUse && isWorthChecking(looked)) {
            if (auto whole = check(); !whole)
                return whole;
            checkedFiles().add(looked.identity());
        }
        if (access != Access::Write || (opening == Opening::ToRescue && *found < schemaVersions().size()))
            return readable(*found);
        looked.closeToOthers(file == QDir::cleanPath(defaultFile()));
        if (auto ahead = writeAhead(tried); !ahead)
            return ahead;
        for (const char *setting : { "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON" })
            if (auto done = change(tried, QLatin1String(setting)); !done)
                return done;
        return opening == Opening::ForUse ? migrate(*found) : Result<Done>(Done {});
    }
};

/// Whether reading may still go where writing does not.
static bool isTroubleOfWriting(const core::Error &error)
{
    return error.kind == ErrorKind::Storage && error.code != trouble::locked && error.code != trouble::damaged;
}

Database::Database()
    : d(std::make_unique<Private>())
{
}

Database::~Database()
{
    d->close();
}

Result<std::shared_ptr<Database>> Database::open(const QString &file, Opening opening)
{
    if (MemoryDatabase::has(file)) {
        std::shared_ptr<Database> database(new Database);
        database->d->file = file;
        return database->d->beginInMemory().map([&](Done) { return database; });
    }
    const auto looked = DatabaseFile::look(file, opening == Opening::ForUse);
    if (!looked)
        return core::fail(looked.error());
    const auto attempt = [&](Access access) -> Result<std::shared_ptr<Database>> {
        std::shared_ptr<Database> database(new Database);
        database->d->file = looked->path();
        return database->d->begin(*looked, access, opening).map([&](Done) { return database; });
    };
    std::optional<core::Error> why;
    if (looked->whyReadOnly()) {
        why = core::Error::make(ErrorKind::Storage, Say::tr("write the history"), looked->path(), *looked->whyReadOnly(),
            Say::tr("Check the permissions of the file and of its folder."));
        why->code = trouble::readOnly;
    } else {
        auto opened = attempt(Access::Write);
        if (opened || !isTroubleOfWriting(opened.error()))
            return opened;
        why = opened.error();
    }
    auto opened = attempt(Access::Read);
    if (!opened && isTroubleOfWriting(opened.error()) && QFileInfo(looked->path() + QStringLiteral("-wal")).size() == 0)
        opened = attempt(Access::ReadUnchanging);
    if (!opened)
        return core::fail(isTroubleOfWriting(opened.error()) ? *why : opened.error());
    (*opened)->d->readOnly = why;
    return opened;
}

QString Database::defaultFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/catamaran/catamaran.db");
}

const QString &Database::writer() const
{
    return d->connection;
}

const QString &Database::file() const
{
    return d->file;
}

const std::optional<core::Error> &Database::readOnly() const
{
    return d->readOnly;
}

Result<QSqlQuery> Database::run(const QString &tried, const QString &statement, const QVariantList &values) const
{
    return d->run(tried, statement, values);
}

Result<Done> Database::forEach(
    const QString &tried, const QString &statement, const QVariantList &values, const std::function<bool(const QSqlQuery &)> &row) const
{
    return d->forEach(tried, statement, values, row);
}

Result<Done> Database::transaction(const QString &tried, const std::function<Result<Done>()> &work) const
{
    return d->transaction(tried, work);
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
    return transaction(tried, [&]() -> Result<Done> {
        auto removed = d->change(tried, QStringLiteral("DELETE FROM document WHERE kind = ? AND environment = ? AND name = ?"),
            { some(document.kind), some(document.environment), some(document.name) });
        if (!removed)
            return removed;
        return save(document).map([](qint64) { return Done {}; });
    });
}

Result<QList<Document>> Database::documents(const QString &kind, const QString &environment, int limit) const
{
    return d->documents(QStringLiteral("content"), QStringLiteral("kind = ? AND (? = '' OR environment = ?) ORDER BY id DESC LIMIT ?"),
        { some(kind), some(environment), some(environment), limit });
}

Result<QList<Document>> Database::summaries(const QString &kind, const QString &environment, int limit, qint64 before) const
{
    return d->documents(QStringLiteral("coalesce((SELECT content FROM summary WHERE document = document.id), '{}')"),
        QStringLiteral("kind = ? AND (? = '' OR environment = ?) AND (? = 0 OR id < ?) ORDER BY id DESC LIMIT ?"),
        { some(kind), some(environment), some(environment), before, before, limit });
}

Result<Document> Database::document(qint64 id) const
{
    const auto found = d->documents(QStringLiteral("content"), QStringLiteral("id = ?"), { id });
    if (!found)
        return core::fail(found.error());
    if (found->isEmpty())
        return core::fail(ErrorKind::NotFound, Say::tr("read documents"), d->file, Say::tr("there is no entry %1").arg(id));
    return found->first();
}

Result<Done> Database::removeDocument(qint64 id)
{
    return d->change(Say::tr("remove a document"), QStringLiteral("DELETE FROM document WHERE id = ?"), { id });
}

} // namespace catamaran::store
