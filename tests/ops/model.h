// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/executor.h"
#include "ops/undo.h"

#include <QTemporaryDir>

#include <atomic>
#include <map>
#include <mutex>

/// A world small enough to be judged as a whole, and the kinds of operations that change it.
namespace catamaran::tests {

/// Named values with versions, and items that anybody may make twice. In memory, or in a file that several processes share.
class ModelStore {
public:
    explicit ModelStore(QString file = {});

    /// {"keys":{name:{"value","version"}},"items":{name:count},"acts":{step:count}}
    [[nodiscard]] QJsonObject read();
    /// One change, alone among all threads and processes.
    void change(const std::function<void(QJsonObject &)> &work);

    [[nodiscard]] QMap<QString, QString> values();
    void set(const QString &key, const QString &value); ///< as somebody else would; empty removes
    [[nodiscard]] int items(const QString &name);
    /// How often something was changed by the step.
    [[nodiscard]] int acts(const QString &step);

private:
    const QString m_file;
    std::mutex m_mutex;
    QJsonObject m_content;
};

class ModelWorld : public ops::World {
public:
    explicit ModelWorld(QString file = {}, QString environment = QStringLiteral("model"))
        : store(std::move(file))
        , m_environment(std::move(environment))
    {
    }
    [[nodiscard]] QString environment() const override { return m_environment; }
    [[nodiscard]] core::Result<kube::KubeClient *> cluster(const QString &name) override;

    ModelStore store;

protected:
    [[nodiscard]] void *find(std::type_index type, const QString &) override { return type == typeid(ModelStore) ? &store : nullptr; }

private:
    QString m_environment;
};

/// Where a test steps in. An error is what the kind then answers: before a change it was not made, after it was.
enum class Point { Look, BeforeAct, AfterAct, Prove, BeforeRevert, AfterRevert };
using Hook = std::function<std::optional<core::Error>(Point point, const QString &step, const ops::Scope &scope)>;

struct ModelOptions {
    Hook hook {};
    std::chrono::milliseconds settlesWithin {}; ///< of model.create
};

/// model.set {"key","value","lane"}: an empty value removes it. model.create {"name"}: one item more, whatever is there; it has
/// no precondition and no token. model.burn {"key"}: as removing, but nobody can bring it back.
[[nodiscard]] ops::Registry modelKinds(ModelOptions options = {});

[[nodiscard]] ops::Step setStep(
    const QString &id, const QString &key, const QString &value, const QStringList &after = {}, const QString &lane = {});
[[nodiscard]] ops::Step createStep(const QString &name, const QStringList &after = {});
[[nodiscard]] ops::Step burnStep(const QString &key, const QStringList &after = {});

/// For a temporary folder, in memory where there is such a place: what is tested is what processes leave, not what disks keep.
[[nodiscard]] QString quickFolder();

/// A folder with a journal; options that wait for nothing.
class Place {
public:
    Place();
    [[nodiscard]] ops::ExecuteOptions options(
        const QString &purpose = QStringLiteral("apply"), const QString &name = QStringLiteral("model")) const;
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }
    [[nodiscard]] QString database() const { return path(QStringLiteral("journal.db")); }
    [[nodiscard]] ops::Journal journal() const;
    /// The states of a step's events, as "intent sent done".
    [[nodiscard]] QString eventsOf(qint64 execution, const QString &step) const;

private:
    QTemporaryDir m_folder;
};

[[nodiscard]] core::Error errorOf(core::ErrorKind kind);
/// By step.
[[nodiscard]] ops::StepOutcome outcomeOf(const ops::ExecutionResult &result, const QString &step);
[[nodiscard]] QString texts(const ops::ExecutionResult &result);

/// Runs this program again as `tst_ops --child ROLE ARGUMENT…`; see child.cpp.
[[nodiscard]] QStringList childArguments(const QString &role, const QStringList &arguments);
/// The other side: the exit code, when this process is such a child.
[[nodiscard]] std::optional<int> runAsChild(const QStringList &arguments);

} // namespace catamaran::tests
