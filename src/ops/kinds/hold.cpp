// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/kinds/hold.h"

#include "core/async.h"
#include "ops/kinds/typedkind.h"
#include "ops/say.h"

namespace catamaran::ops {

using core::ErrorKind;
using core::Result;

namespace {

using Arguments = std::chrono::milliseconds;
constexpr qint64 longestMs = 3'600'000;

Result<Arguments> parsed(const QString &operation, const QJsonObject &given)
{
    for (auto it = given.begin(); it != given.end(); ++it)
        if (it.key() != u"milliseconds")
            return core::fail(badArgument(operation, it.key(), Say::tr("is not known")));
    const qint64 time = given.value(u"milliseconds").toInteger(-1);
    if (time < 0 || time > longestMs)
        return core::fail(
            badArgument(operation, QStringLiteral("milliseconds"), Say::tr("is not a whole number from 0 to %1").arg(longestMs)));
    return Arguments(time);
}

class Hold final : public TypedKind<Arguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("wait.hold"); }
    [[nodiscard]] bool changes() const override { return false; }

protected:
    [[nodiscard]] Result<Arguments> read(const QJsonObject &given) const override { return parsed(name(), given); }
    [[nodiscard]] Description words(const Arguments &arguments, const Names &) const override
    {
        Description said;
        said.title = Say::tr("Wait %1 s").arg(double(arguments.count()) / 1000);
        said.command = QStringLiteral("sleep %1").arg(double(arguments.count()) / 1000);
        said.usualSeconds = int(arguments.count() / 1000);
        return said;
    }
    [[nodiscard]] QList<Right> needs(const Arguments &, Direction) const override { return {}; }
    [[nodiscard]] bool isDone(const Arguments &arguments, const State &) const override { return arguments.count() == 0; }
    [[nodiscard]] bool isSame(const State &, const State &) const override { return true; }
    [[nodiscard]] Result<State> see(const Arguments &, Scope &) const override { return State {}; }
    [[nodiscard]] Result<Receipt> change(const Arguments &, const State &, Scope &) const override { return Receipt {}; }
    [[nodiscard]] Result<Evidence> proof(const Arguments &arguments, Scope &scope) const override
    {
        const QString waited = words(arguments, {}).title;
        if (!core::sleepFor(arguments, scope.stop))
            return core::fail(ErrorKind::Cancelled, waited, {}, Say::tr("stopped"));
        return Evidence { waited, QStringLiteral("clock"), scope.clock() };
    }
    [[nodiscard]] Result<Evidence> takeBack(const Arguments &, const State &, const State &, Scope &) const override { return Evidence {}; }
};

} // namespace

std::unique_ptr<const Kind> makeHold()
{
    return std::make_unique<Hold>();
}

} // namespace catamaran::ops
