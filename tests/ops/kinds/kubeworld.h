// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"
#include "ops/kind.h"

#include <QHash>
#include <QJsonDocument>
#include <QTest>

#include <map>
#include <memory>

namespace catamaran::tests {

/// A world of Kubernetes clusters, and of what services a test puts into it.
class KubeWorld final : public ops::World {
public:
    QHash<QString, std::shared_ptr<kube::KubeClient>> clients;
    std::map<std::type_index, void *> services; ///< pointers to exactly the type

    [[nodiscard]] QString environment() const override { return QStringLiteral("test"); }
    [[nodiscard]] core::Result<kube::KubeClient *> cluster(const QString &name) override
    {
        if (const auto found = clients.value(name))
            return found.get();
        return core::fail(
            core::ErrorKind::InvalidInput, QStringLiteral("find the cluster"), name, QStringLiteral("there is none of that name"));
    }

    [[nodiscard]] ops::Scope scope(std::chrono::milliseconds time = std::chrono::seconds(60))
    {
        return { *this, {}, std::chrono::steady_clock::now() + time, {}, core::systemClock(), QStringLiteral("execution-1"),
            QStringLiteral("step-1") };
    }

protected:
    [[nodiscard]] void *find(std::type_index type, const QString &) override
    {
        const auto found = services.find(type);
        return found == services.end() ? nullptr : found->second;
    }
};

/// Runs @p function on a worker thread and waits for it with the event loop of the sockets running.
template <typename Function> auto onWorker(Function function)
{
    const auto future = core::runSequence(std::move(function));
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 120000) || future.resultCount() == 0)
        qFatal("no result in time");
    return future.result();
}

/// One operation carried out as the executor does it, without a journal.
struct Deed {
    ops::State before, after;
    ops::Evidence evidence;
    bool wasInPlace = false;
    ops::Receipt receipt {};
};

inline core::Result<Deed> carryOut(
    const ops::Kind &kind, const ops::Operation &operation, KubeWorld &world, std::chrono::milliseconds time = std::chrono::seconds(60))
{
    return onWorker([&]() -> core::Result<Deed> {
        if (const auto checked = kind.check(operation.arguments); !checked)
            return core::fail(checked.error());
        auto scope = world.scope(time);
        Deed deed;
        const auto before = kind.look(operation, scope);
        if (!before)
            return core::fail(before.error());
        deed.before = *before;
        deed.wasInPlace = kind.changes() && kind.satisfied(operation, *before);
        if (!deed.wasInPlace && kind.changes()) {
            const auto done = kind.act(operation, *before, scope);
            if (!done)
                return core::fail(done.error());
            deed.receipt = *done;
            scope.made = done->made;
        }
        const auto proof = kind.prove(operation, scope);
        if (!proof)
            return core::fail(proof.error());
        deed.evidence = *proof;
        const auto after = kind.look(operation, scope);
        if (!after)
            return core::fail(after.error());
        deed.after = *after;
        if (kind.changes() && !kind.satisfied(operation, *after))
            return core::fail(core::ErrorKind::Internal, kind.name(), {},
                QStringLiteral("not satisfied after it was done: ")
                    + QString::fromUtf8(QJsonDocument(after->toJson()).toJson(QJsonDocument::Compact)));
        return deed;
    });
}

/// Takes it back as undo does: looked at, compared, reverted.
inline core::Result<ops::Evidence> takeBack(const ops::Kind &kind, const ops::Operation &operation, const Deed &deed, KubeWorld &world,
    std::chrono::milliseconds time = std::chrono::seconds(60))
{
    return onWorker([&]() -> core::Result<ops::Evidence> {
        auto scope = world.scope(time);
        scope.made = deed.receipt.made;
        const auto now = kind.look(operation, scope);
        if (!now)
            return core::fail(now.error());
        if (kind.same(operation, deed.before, *now))
            return ops::Evidence { QStringLiteral("as it was"), {}, {} };
        if (!kind.same(operation, deed.after, *now))
            return core::fail(core::ErrorKind::Precondition, kind.name(), {}, QStringLiteral("neither as it was nor as we left it"));
        const auto proof = kind.revert(operation, deed.before, *now, scope);
        if (!proof)
            return core::fail(proof.error());
        const auto back = kind.look(operation, scope);
        if (!back)
            return core::fail(back.error());
        if (!kind.same(operation, deed.before, *back))
            return core::fail(core::ErrorKind::Internal, kind.name(), {},
                QStringLiteral("not as it was: %1, %2")
                    .arg(QString::fromUtf8(QJsonDocument(deed.before.toJson()).toJson(QJsonDocument::Compact)),
                        QString::fromUtf8(QJsonDocument(back->toJson()).toJson(QJsonDocument::Compact))));
        return *proof;
    });
}

} // namespace catamaran::tests
