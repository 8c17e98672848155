// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kinds/target.h"

namespace catamaran::ops {

/// A kind that reads its arguments into a value first: what it does never meets bad ones.
template <typename Arguments> class TypedKind : public Kind {
public:
    [[nodiscard]] core::Result<core::Done> check(const QJsonObject &arguments) const final
    {
        return read(arguments).map([](const Arguments &) { return core::Done {}; });
    }
    [[nodiscard]] Description describe(const Operation &operation, const Names &names) const final
    {
        const auto arguments = read(operation.arguments);
        return arguments ? words(*arguments, names) : Description {};
    }
    [[nodiscard]] QList<Right> rights(const Operation &operation, Direction direction) const final
    {
        const auto arguments = read(operation.arguments);
        return arguments ? needs(*arguments, direction) : QList<Right> {};
    }
    [[nodiscard]] bool satisfied(const Operation &operation, const State &now) const final
    {
        const auto arguments = read(operation.arguments);
        return arguments && isDone(*arguments, now);
    }
    [[nodiscard]] QString whyNothing(const Operation &operation, const State &now, const Names &names) const final
    {
        const auto arguments = read(operation.arguments);
        const QString why = arguments ? whyDone(*arguments, now, names) : QString();
        return why.isEmpty() ? Kind::whyNothing(operation, now, names) : why;
    }
    [[nodiscard]] bool same(const Operation &, const State &a, const State &b) const final { return isSame(a, b); }
    [[nodiscard]] QString whyGone(const Operation &operation, const State &before, const State &now) const final
    {
        const auto arguments = read(operation.arguments);
        return arguments ? goneWith(*arguments, before, now) : QString();
    }
    [[nodiscard]] core::Result<State> look(const Operation &operation, Scope &scope) const final
    {
        return read(operation.arguments).and_then([&](const Arguments &arguments) { return see(arguments, scope); });
    }
    [[nodiscard]] core::Result<Receipt> act(const Operation &operation, const State &before, Scope &scope) const final
    {
        return read(operation.arguments).and_then([&](const Arguments &arguments) { return change(arguments, before, scope); });
    }
    [[nodiscard]] core::Result<Evidence> prove(const Operation &operation, Scope &scope) const final
    {
        return read(operation.arguments).and_then([&](const Arguments &arguments) { return proof(arguments, scope); });
    }
    [[nodiscard]] core::Result<Evidence> revert(const Operation &operation, const State &before, const State &now, Scope &scope) const final
    {
        return read(operation.arguments).and_then([&](const Arguments &arguments) { return takeBack(arguments, before, now, scope); });
    }

protected:
    [[nodiscard]] virtual core::Result<Arguments> read(const QJsonObject &arguments) const = 0;
    [[nodiscard]] virtual Description words(const Arguments &arguments, const Names &names) const = 0;
    [[nodiscard]] virtual QList<Right> needs(const Arguments &arguments, Direction direction) const = 0;
    [[nodiscard]] virtual bool isDone(const Arguments &arguments, const State &now) const = 0;
    /// Empty: "was in place".
    [[nodiscard]] virtual QString whyDone(const Arguments &, const State &, const Names &) const { return {}; }
    [[nodiscard]] virtual bool isSame(const State &a, const State &b) const { return a.value == b.value; }
    /// whyGone()
    [[nodiscard]] virtual QString goneWith(const Arguments &, const State &, const State &) const { return {}; }
    [[nodiscard]] virtual core::Result<State> see(const Arguments &arguments, Scope &scope) const = 0;
    [[nodiscard]] virtual core::Result<Receipt> change(const Arguments &arguments, const State &before, Scope &scope) const = 0;
    [[nodiscard]] virtual core::Result<Evidence> proof(const Arguments &arguments, Scope &scope) const = 0;
    [[nodiscard]] virtual core::Result<Evidence> takeBack(
        const Arguments &arguments, const State &before, const State &now, Scope &scope) const = 0;

    /// For asSeen().
    [[nodiscard]] Sight sight(const Arguments &arguments, Scope &scope) const
    {
        return { [this, &arguments, &scope] { return see(arguments, scope); },
            [this](const State &a, const State &b) { return isSame(a, b); } };
    }
    /// Sends what @p write makes of the object as it was seen, again when only its version has moved on: asSeen().
    template <typename Write>
    [[nodiscard]] core::Result<kube::Written> sendAsSeen(
        const Arguments &arguments, const State &before, Scope &scope, const Write &write) const
    {
        return asSeen(sight(arguments, scope), before, [&](const State &now) { return send(arguments.target, write(now), scope); });
    }
};

} // namespace catamaran::ops
