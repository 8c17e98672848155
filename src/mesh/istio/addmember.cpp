// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/addmember.h"

#include "mesh/istio/remotesecret.h"
#include "mesh/istio/say.h"
#include "ops/kinds/removal.h"
#include "ops/kinds/typedkind.h"

namespace catamaran::mesh::istio {

using core::ErrorKind;
using core::Result;
using ops::Description;
using ops::Direction;
using ops::Evidence;
using ops::Receipt;
using ops::Scope;
using ops::State;

namespace {

struct AddArguments {
    RemoteSecret secret;
    bool renews = false;
};

class AddMember final : public ops::TypedKind<AddArguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("istio.addMember"); }

protected:
    [[nodiscard]] Result<AddArguments> read(const QJsonObject &given) const override
    {
        ArgumentReader reader(name(), given);
        const bool renews = reader.maybeFlag(QStringLiteral("renews"));
        return readRemoteSecret(reader, name(), given).map([&](const RemoteSecret &secret) { return AddArguments { secret, renews }; });
    }

    [[nodiscard]] static QString titleOf(const AddArguments &arguments)
    {
        return (arguments.renews ? Say::tr("Give %1 a new token for %2") : Say::tr("Let %1 read %2"))
            .arg(arguments.secret.mesh, arguments.secret.cluster);
    }

    [[nodiscard]] Description words(const AddArguments &arguments, const ops::Names &names) const override
    {
        Description said;
        said.title = titleOf(arguments);
        said.subject = arguments.secret.target.subject();
        said.calls = issueCalls(arguments.secret);
        said.command = issueCommand(arguments.secret, names);
        if (arguments.renews)
            said.keeps = Say::tr("The former token is kept nowhere.");
        else
            said.undo = removeCommand(arguments.secret, names);
        said.usualSeconds = 10;
        return said;
    }

    [[nodiscard]] QList<ops::Right> needs(const AddArguments &arguments, Direction direction) const override
    {
        return direction == Direction::Do ? rightsToIssue(arguments.secret) : rightsToRemove(arguments.secret);
    }

    [[nodiscard]] bool isDone(const AddArguments &arguments, const State &now) const override
    {
        const QJsonObject &value = now.value;
        return value.value(u"exists").toBool() && !value.value(u"going").toBool() && value.contains(u"content")
            && !value.contains(u"trouble") && value.value(u"accepted").toBool(true) && !value.value(u"isOld").toBool()
            && (arguments.secret.server.isEmpty() || value.value(u"server").toString() == arguments.secret.server);
    }

    [[nodiscard]] bool isSame(const State &a, const State &b) const override { return isSameRemoteSecret(a, b); }
    [[nodiscard]] Result<State> see(const AddArguments &arguments, Scope &scope) const override
    {
        return seeRemoteSecret(arguments.secret, scope);
    }

    [[nodiscard]] Result<Receipt> change(const AddArguments &arguments, const State &before, Scope &scope) const override
    {
        const QString tried = titleOf(arguments);
        if (const auto error
            = arguments.secret.foreign == ops::Foreign::Take ? std::nullopt : ops::foreignIn(tried, arguments.secret.target, before))
            return core::fail(*error);
        return issueRemoteSecret(arguments.secret, before, tried, scope);
    }

    [[nodiscard]] Result<Evidence> proof(const AddArguments &arguments, Scope &scope) const override
    {
        const QString tried = titleOf(arguments);
        const auto now = see(arguments, scope);
        if (!now)
            return core::fail(now.error());
        if (!now->value.value(u"accepted").toBool(true))
            return core::fail(ErrorKind::Precondition, tried, arguments.secret.target.subject(),
                Say::tr("%1 refuses the token that it gave").arg(arguments.secret.cluster));
        if (!isDone(arguments, *now))
            return core::fail(ErrorKind::Precondition, tried, arguments.secret.target.subject(),
                Say::tr("somebody else has changed it since: %1").arg(ops::compact(now->value).left(500)));
        auto said = whatReplicasSay(arguments.secret, true, tried, scope);
        if (said && now->value.contains(u"accepted"))
            said->text += QStringLiteral("; ") + Say::tr("%1 accepts the token").arg(arguments.secret.cluster);
        return said;
    }

    [[nodiscard]] Result<Evidence> takeBack(
        const AddArguments &arguments, const State &before, const State &now, Scope &scope) const override
    {
        const ops::Target &target = arguments.secret.target;
        if (before.value.value(u"exists").toBool())
            return core::fail(ErrorKind::Precondition, Say::tr("give %1 its former content").arg(target.words()), target.subject(),
                Say::tr("the former token is kept nowhere"));
        const auto told = ops::removed(sight(arguments, scope), target, now, scope);
        if (!told)
            return core::fail(told.error());
        const auto gone = ops::proven(
            target, Say::tr("see %1 gone").arg(target.words()), kube::conditions::gone(now.value.value(u"uid").toString()), scope);
        if (!gone)
            return gone;
        return whatReplicasSay(
            arguments.secret, false, Say::tr("see that %1 no longer reads %2").arg(arguments.secret.mesh, arguments.secret.cluster), scope);
    }
};

} // namespace

std::unique_ptr<const ops::Kind> makeAddMember()
{
    return std::make_unique<AddMember>();
}

} // namespace catamaran::mesh::istio
