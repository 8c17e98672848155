// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/removemember.h"

#include "mesh/istio/remotesecret.h"
#include "mesh/istio/say.h"
#include "ops/kinds/removal.h"
#include "ops/kinds/typedkind.h"

namespace catamaran::mesh::istio {

using core::Result;
using ops::Description;
using ops::Direction;
using ops::Evidence;
using ops::Receipt;
using ops::Scope;
using ops::State;

namespace {

QString titleOf(const RemoteSecret &secret)
{
    return Say::tr("Let %1 no longer read %2").arg(secret.mesh, secret.cluster);
}

class RemoveMember final : public ops::TypedKind<RemoteSecret> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("istio.removeMember"); }

protected:
    [[nodiscard]] Result<RemoteSecret> read(const QJsonObject &given) const override
    {
        ArgumentReader reader(name(), given);
        return readRemoteSecret(reader, name(), given);
    }

    [[nodiscard]] Description words(const RemoteSecret &secret, const ops::Names &names) const override
    {
        Description said;
        said.title = titleOf(secret);
        said.subject = secret.target.subject();
        said.calls = { { secret.target.cluster, QStringLiteral("DELETE ") + secret.target.path(), {} } };
        said.command = removeCommand(secret, names);
        said.undo = issueCommand(secret, names);
        return said;
    }

    [[nodiscard]] QList<ops::Right> needs(const RemoteSecret &secret, Direction direction) const override
    {
        return direction == Direction::Do ? rightsToRemove(secret) : rightsToIssue(secret);
    }

    [[nodiscard]] static bool isLeft(const RemoteSecret &secret, const State &now)
    {
        return secret.foreign == ops::Foreign::Leave && now.value.contains(u"foreign");
    }

    [[nodiscard]] bool isDone(const RemoteSecret &secret, const State &now) const override
    {
        return !now.value.value(u"exists").toBool() || isLeft(secret, now);
    }

    [[nodiscard]] QString whyDone(const RemoteSecret &secret, const State &now, const ops::Names &) const override
    {
        return now.value.value(u"exists").toBool() && isLeft(secret, now)
            ? Say::tr("left as it is: it belongs to %1").arg(now.value.value(u"foreign").toString())
            : QString();
    }

    [[nodiscard]] bool isSame(const State &a, const State &b) const override { return isSameRemoteSecret(a, b); }
    [[nodiscard]] Result<State> see(const RemoteSecret &secret, Scope &scope) const override { return seeRemoteSecret(secret, scope); }

    [[nodiscard]] Result<Receipt> change(const RemoteSecret &secret, const State &before, Scope &scope) const override
    {
        if (const auto error = secret.foreign == ops::Foreign::Take ? std::nullopt : ops::foreignIn(titleOf(secret), secret.target, before))
            return core::fail(*error);
        return ops::removed(sight(secret, scope), secret.target, before, scope).map([](const kube::Written &written) {
            return Receipt { Say::tr("told to go"), written.requestId };
        });
    }

    [[nodiscard]] Result<Evidence> proof(const RemoteSecret &secret, Scope &scope) const override
    {
        const auto now = see(secret, scope);
        if (!now)
            return core::fail(now.error());
        if (isLeft(secret, *now))
            return Evidence { whyDone(secret, *now, {}), Say::tr("GET %1 on %2").arg(secret.target.path(), secret.target.cluster),
                scope.clock() };
        const auto gone = ops::proven(secret.target, Say::tr("see %1 gone").arg(secret.target.words()),
            kube::conditions::gone(now->value.value(u"uid").toString()), scope);
        if (!gone)
            return gone;
        return whatReplicasSay(secret, false, titleOf(secret), scope);
    }

    [[nodiscard]] Result<Evidence> takeBack(const RemoteSecret &secret, const State &, const State &now, Scope &scope) const override
    {
        const QString tried = Say::tr("let %1 read %2 again").arg(secret.mesh, secret.cluster);
        const auto issued = issueRemoteSecret(secret, now, tried, scope);
        if (!issued)
            return core::fail(issued.error());
        return whatReplicasSay(secret, true, tried, scope);
    }
};

} // namespace

std::unique_ptr<const ops::Kind> makeRemoveMember()
{
    return std::make_unique<RemoveMember>();
}

} // namespace catamaran::mesh::istio
