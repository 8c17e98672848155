// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "model.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QSaveFile>

#include <sys/file.h>

namespace catamaran::tests {

using core::Done;
using core::ErrorKind;
using core::Result;
using namespace ops;

ModelStore::ModelStore(QString file)
    : m_file(std::move(file))
{
}

QJsonObject ModelStore::read()
{
    QJsonObject content;
    change([&](QJsonObject &now) { content = now; });
    return content;
}

void ModelStore::change(const std::function<void(QJsonObject &)> &work)
{
    const std::lock_guard lock(m_mutex);
    if (m_file.isEmpty())
        return work(m_content);
    QFile gate(m_file + QStringLiteral(".lock"));
    if (!gate.open(QIODevice::ReadWrite) || flock(gate.handle(), LOCK_EX) != 0)
        qFatal("no world");
    QFile file(m_file);
    QJsonObject content;
    if (file.open(QIODevice::ReadOnly))
        content = QJsonDocument::fromJson(file.readAll()).object();
    const QJsonObject before = content;
    work(content);
    if (content == before)
        return;
    // A process that is killed leaves the one or the other.
    QSaveFile next(m_file);
    if (!next.open(QIODevice::WriteOnly) || next.write(QJsonDocument(content).toJson()) < 0 || !next.commit())
        qFatal("the world cannot be written");
}

QMap<QString, QString> ModelStore::values()
{
    QMap<QString, QString> values;
    const QJsonObject keys = read()[u"keys"].toObject();
    for (auto it = keys.begin(); it != keys.end(); ++it)
        values.insert(it.key(), it.value()[u"value"].toString());
    return values;
}

namespace {

void put(QJsonObject &content, const QString &key, const QString &value)
{
    QJsonObject keys = content[u"keys"].toObject();
    const int version = content[u"version"].toInt() + 1;
    content[u"version"] = version;
    if (value.isEmpty())
        keys.remove(key);
    else
        keys[key] = QJsonObject { { QStringLiteral("value"), value }, { QStringLiteral("version"), version } };
    content[u"keys"] = keys;
}

void add(QJsonObject &content, QStringView table, const QString &name, int count)
{
    const QString key = table.toString();
    QJsonObject all = content[key].toObject();
    all[name] = all[name].toInt() + count;
    content[key] = all;
}

} // namespace

void ModelStore::set(const QString &key, const QString &value)
{
    change([&](QJsonObject &content) { put(content, key, value); });
}

int ModelStore::items(const QString &name)
{
    return read()[u"items"][name].toInt();
}

int ModelStore::acts(const QString &step)
{
    return read()[u"acts"][step].toInt();
}

Result<kube::KubeClient *> ModelWorld::cluster(const QString &name)
{
    return core::fail(ErrorKind::NotFound, QStringLiteral("find the cluster"), name, QStringLiteral("a model has none"));
}

namespace {

class ModelKind : public Kind {
public:
    ModelKind(QString name, std::shared_ptr<const ModelOptions> options)
        : m_name(std::move(name))
        , m_options(std::move(options))
    {
    }
    QString name() const override { return m_name; }
    QList<Right> rights(const Operation &operation, Direction direction) const override
    {
        return { { QStringLiteral("cluster-1"),
            { direction == Direction::Do ? QStringLiteral("patch") : QStringLiteral("delete"), {}, subject(operation), {}, {}, {} } } };
    }

protected:
    [[nodiscard]] QString subject(const Operation &operation) const
    {
        return operation.arguments[u"key"].toString(operation.arguments[u"name"].toString());
    }
    [[nodiscard]] Result<Done> hook(Point point, const Scope &scope) const
    {
        if (m_options->hook)
            if (auto error = m_options->hook(point, scope.step, scope))
                return core::fail(*error);
        return Done {};
    }
    static ModelStore &store(const Scope &scope) { return *scope.world.service<ModelStore>(); }
    [[nodiscard]] const ModelOptions &options() const { return *m_options; }

    /// One change between its hooks; @p change says why it is refused.
    [[nodiscard]] Result<Done> changed(
        const Scope &scope, Point before, Point after, const std::function<Result<Done>(QJsonObject &)> &change) const
    {
        if (auto begun = hook(before, scope); !begun)
            return begun;
        Result<Done> done = Done {};
        store(scope).change([&](QJsonObject &content) {
            done = change(content);
            if (done)
                add(content, u"acts", scope.step, 1);
        });
        return done ? hook(after, scope) : done;
    }

private:
    const QString m_name;
    const std::shared_ptr<const ModelOptions> m_options;
};

class SetKind : public ModelKind {
public:
    using ModelKind::ModelKind;

    Result<Done> check(const QJsonObject &arguments) const override
    {
        for (const char *name : { "key", "value", "lane" })
            if (!arguments[QLatin1String(name)].isString())
                return core::fail(
                    ErrorKind::InvalidInput, QStringLiteral("check model.set"), QLatin1String(name), QStringLiteral("it is no text"));
        return Done {};
    }
    Description describe(const Operation &operation, const Names &) const override
    {
        const QString key = operation.arguments[u"key"].toString(), value = operation.arguments[u"value"].toString();
        return { QStringLiteral("Set %1 to “%2”").arg(key, value), key, operation.arguments[u"lane"].toString(),
            { { QStringLiteral("model"), QStringLiteral("PUT ") + key, value } }, QStringLiteral("set ") + key,
            QStringLiteral("unset ") + key, {} };
    }
    bool satisfied(const Operation &operation, const State &now) const override
    {
        return now.value[u"value"].toString() == operation.arguments[u"value"].toString();
    }
    Result<State> look(const Operation &operation, Scope &scope) const override
    {
        if (auto hooked = hook(Point::Look, scope); !hooked)
            return core::fail(hooked.error());
        return seen(store(scope).read(), operation);
    }
    Result<Receipt> act(const Operation &operation, const State &before, Scope &scope) const override
    {
        return write(operation, before.version, operation.arguments[u"value"].toString(), scope, Point::BeforeAct, Point::AfterAct)
            .map([&](Done) {
                return Receipt { QStringLiteral("ok"), QStringLiteral("request-") + scope.step };
            });
    }
    Result<Evidence> prove(const Operation &operation, Scope &scope) const override
    {
        if (auto hooked = hook(Point::Prove, scope); !hooked)
            return core::fail(hooked.error());
        const State now = seen(store(scope).read(), operation);
        if (!satisfied(operation, now))
            return core::fail(ErrorKind::Timeout, QStringLiteral("prove"), subject(operation), QStringLiteral("it is not so"));
        return Evidence { QStringLiteral("it is so"), QStringLiteral("model"), scope.clock() };
    }
    Result<Evidence> revert(const Operation &operation, const State &before, const State &now, Scope &scope) const override
    {
        return write(operation, now.version, before.value[u"value"].toString(), scope, Point::BeforeRevert, Point::AfterRevert)
            .map([&](Done) {
                return Evidence { QStringLiteral("it is as it was"), QStringLiteral("model"), scope.clock() };
            });
    }

private:
    static State seen(const QJsonObject &content, const Operation &operation)
    {
        const QJsonObject entry = content[u"keys"][operation.arguments[u"key"].toString()].toObject();
        return { { { QStringLiteral("exists"), !entry.isEmpty() }, { QStringLiteral("value"), entry[u"value"].toString() } },
            QString::number(entry[u"version"].toInt()) };
    }
    Result<Done> write(
        const Operation &operation, const QString &version, const QString &value, Scope &scope, Point before, Point after) const
    {
        return changed(scope, before, after, [&](QJsonObject &content) -> Result<Done> {
            if (seen(content, operation).version != version)
                return core::fail(
                    ErrorKind::Conflict, QStringLiteral("set"), subject(operation), QStringLiteral("somebody else has changed it"));
            put(content, operation.arguments[u"key"].toString(), value);
            return Done {};
        });
    }
};

class CreateKind : public ModelKind {
public:
    using ModelKind::ModelKind;

    Result<Done> check(const QJsonObject &) const override { return Done {}; }
    Description describe(const Operation &operation, const Names &) const override
    {
        return { QStringLiteral("Create %1").arg(subject(operation)), QStringLiteral("items/") + subject(operation), {}, {}, {}, {}, {} };
    }
    bool satisfied(const Operation &, const State &now) const override { return now.value[u"count"].toInt() > 0; }
    std::chrono::milliseconds settlesWithin() const override { return options().settlesWithin; }
    Result<State> look(const Operation &operation, Scope &scope) const override
    {
        if (auto hooked = hook(Point::Look, scope); !hooked)
            return core::fail(hooked.error());
        return State { { { QStringLiteral("count"), store(scope).items(subject(operation)) } }, {} };
    }
    Result<Receipt> act(const Operation &operation, const State &, Scope &scope) const override
    {
        return changed(scope, Point::BeforeAct, Point::AfterAct, [&](QJsonObject &content) -> Result<Done> {
            add(content, u"items", subject(operation), 1);
            return Done {};
        }).map([](Done) {
            return Receipt { QStringLiteral("created"), {} };
        });
    }
    Result<Evidence> prove(const Operation &operation, Scope &scope) const override
    {
        if (auto hooked = hook(Point::Prove, scope); !hooked)
            return core::fail(hooked.error());
        if (store(scope).items(subject(operation)) == 0)
            return core::fail(ErrorKind::Timeout, QStringLiteral("prove"), subject(operation), QStringLiteral("it is not there"));
        return Evidence { QStringLiteral("it is there"), QStringLiteral("model"), scope.clock() };
    }
    Result<Evidence> revert(const Operation &operation, const State &, const State &, Scope &scope) const override
    {
        return changed(scope, Point::BeforeRevert, Point::AfterRevert, [&](QJsonObject &content) -> Result<Done> {
            add(content, u"items", subject(operation), -1);
            return Done {};
        }).map([&](Done) {
            return Evidence { QStringLiteral("one less"), QStringLiteral("model"), scope.clock() };
        });
    }
};

class BurnKind : public SetKind {
public:
    using SetKind::SetKind;

    Description describe(const Operation &operation, const Names &names) const override
    {
        Description words = SetKind::describe(operation, names);
        words.keeps = QStringLiteral("What is burnt is gone.");
        return words;
    }
    Result<Evidence> revert(const Operation &operation, const State &, const State &, Scope &) const override
    {
        return core::fail(ErrorKind::Internal, QStringLiteral("bring back"), subject(operation), QStringLiteral("nobody may ask for this"));
    }
};

} // namespace

Registry modelKinds(ModelOptions options)
{
    const auto shared = std::make_shared<const ModelOptions>(std::move(options));
    Registry registry;
    registry.add(std::make_unique<SetKind>(QStringLiteral("model.set"), shared));
    registry.add(std::make_unique<CreateKind>(QStringLiteral("model.create"), shared));
    registry.add(std::make_unique<BurnKind>(QStringLiteral("model.burn"), shared));
    return registry;
}

Step setStep(const QString &id, const QString &key, const QString &value, const QStringList &after, const QString &lane)
{
    return { id, {}, after,
        { QStringLiteral("model.set"),
            { { QStringLiteral("key"), key }, { QStringLiteral("value"), value }, { QStringLiteral("lane"), lane } } } };
}

Step createStep(const QString &name, const QStringList &after)
{
    return { QStringLiteral("create-") + name, {}, after, { QStringLiteral("model.create"), { { QStringLiteral("name"), name } } } };
}

Step burnStep(const QString &key, const QStringList &after)
{
    return { QStringLiteral("burn-") + key, {}, after,
        { QStringLiteral("model.burn"),
            { { QStringLiteral("key"), key }, { QStringLiteral("value"), QString() }, { QStringLiteral("lane"), QString() } } } };
}

QString quickFolder()
{
    const QFileInfo memory(QStringLiteral("/dev/shm"));
    return (memory.isDir() && memory.isWritable() ? memory.filePath() : QDir::tempPath()) + QStringLiteral("/tst_ops-XXXXXX");
}

Place::Place()
    : m_folder(quickFolder())
{
}

ExecuteOptions Place::options(const QString &purpose, const QString &name) const
{
    using namespace std::chrono_literals;
    ExecuteOptions options;
    options.databaseFile = database();
    options.purpose = purpose;
    options.name = name;
    options.pause = 0ms;
    options.settleTimeout = 0ms;
    options.lateWithin = 0ms;
    return options;
}

Journal Place::journal() const
{
    auto journal = Journal::open(database());
    if (!journal)
        qFatal("%s", qPrintable(journal.error().text()));
    return *journal;
}

QString Place::eventsOf(qint64 execution, const QString &step) const
{
    QStringList states;
    const auto events = journal().events(execution);
    for (const Event &event : events.value_or(QList<Event>()))
        if (event.step == step && event.state != EventState::Planned)
            states += stateName(event.state);
    return states.join(u' ');
}

core::Error errorOf(ErrorKind kind)
{
    core::Error error = core::Error::make(kind, QStringLiteral("talk"), QStringLiteral("model"), core::kindName(kind));
    error.requestId = QStringLiteral("request-of-error");
    return error;
}

StepOutcome outcomeOf(const ExecutionResult &result, const QString &step)
{
    for (const StepOutcome &outcome : result.steps)
        if (outcome.stepId == step)
            return outcome;
    return {};
}

QString texts(const ExecutionResult &result)
{
    QStringList lines;
    if (result.error)
        lines += result.error->text();
    for (const StepOutcome &step : result.steps)
        lines += step.stepId + u' ' + stateName(step.state) + u' ' + step.note + u' ' + (step.error ? step.error->text() : QString());
    return lines.join(u'\n');
}

} // namespace catamaran::tests
