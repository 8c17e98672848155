// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/readertoken.h"

#include "mesh/istio/primary.h"
#include "mesh/istio/remotesecret.h"
#include "mesh/istio/say.h"
#include "mesh/waiting.h"
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

const QString accountAnnotation = QStringLiteral("kubernetes.io/service-account.name");
const QString tokenType = QStringLiteral("kubernetes.io/service-account-token");

struct TokenArguments {
    ops::Target target;
};

QString titleOf(const TokenArguments &arguments)
{
    return Say::tr("Make a token of the reader account of %1, where there is none").arg(arguments.target.cluster);
}

QJsonObject objectFor(const TokenArguments &arguments)
{
    return arguments.target.identified({ { QStringLiteral("type"), tokenType },
        { QStringLiteral("metadata"),
            QJsonObject { { QStringLiteral("annotations"), QJsonObject { { accountAnnotation, readerAccount } } } } } });
}

class ReaderToken final : public ops::TypedKind<TokenArguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("istio.makeReaderToken"); }

protected:
    [[nodiscard]] Result<TokenArguments> read(const QJsonObject &given) const override
    {
        ArgumentReader reader(name(), given);
        const QString cluster = reader.label(QStringLiteral("cluster"));
        if (const auto error = reader.error())
            return core::fail(*error);
        return readerTokenTarget(name(), cluster).map([](const ops::Target &target) { return TokenArguments { target }; });
    }

    [[nodiscard]] Description words(const TokenArguments &arguments, const ops::Names &names) const override
    {
        const ops::Target &target = arguments.target;
        Description said;
        said.title = titleOf(arguments);
        said.subject = target.subject();
        said.calls = { { target.cluster, QStringLiteral("PATCH ") + target.path(), ops::compact(objectFor(arguments)) } };
        said.command = ops::kubectlWith(names, target.cluster,
            QStringLiteral("apply --server-side --field-manager %1 -f -").arg(ops::fieldManager), objectFor(arguments));
        said.undo = ops::kubectl(names, target.cluster, target.byHand(QStringLiteral("delete")));
        return said;
    }

    [[nodiscard]] QList<ops::Right> needs(const TokenArguments &arguments, Direction direction) const override
    {
        return ops::rightsOn(arguments.target,
                   direction == Direction::Do ? QStringList { QStringLiteral("create"), QStringLiteral("patch") }
                                              : QStringList { QStringLiteral("delete") })
            + ops::rightsOn(arguments.target, ops::seeing);
    }

    [[nodiscard]] bool isDone(const TokenArguments &, const State &now) const override
    {
        return now.value.value(u"filled").toBool() && !now.value.value(u"going").toBool();
    }

    [[nodiscard]] bool isSame(const State &a, const State &b) const override
    {
        for (const char *member : { "exists", "uid", "going" })
            if (a.value.value(QLatin1StringView(member)) != b.value.value(QLatin1StringView(member)))
                return false;
        return true;
    }

    [[nodiscard]] Result<State> see(const TokenArguments &arguments, Scope &scope) const override
    {
        return ops::seen(arguments.target, scope, [](const QJsonObject &secret, State &state) {
            state.value.insert(QStringLiteral("filled"),
                secret.value(u"type").toString() == tokenType
                    && ops::metadataOf(secret)[u"annotations"][accountAnnotation].toString() == readerAccount
                    && !secret[u"data"][u"token"].toString().isEmpty());
        });
    }

    [[nodiscard]] Result<Receipt> change(const TokenArguments &arguments, const State &before, Scope &scope) const override
    {
        if (before.value.value(u"exists").toBool())
            return core::fail(ErrorKind::Precondition, titleOf(arguments), arguments.target.subject(),
                before.value.value(u"going").toBool() ? Say::tr("it is being deleted")
                                                      : Say::tr("it is there and holds no token of the account"),
                Say::tr("Look at it, and delete it if it may go; then plan again."));
        kube::Write write;
        write.how = kube::Write::How::Apply;
        write.body = objectFor(arguments);
        const auto written = ops::send(arguments.target, write, scope);
        if (!written)
            return core::fail(written.error());
        return Receipt { Say::tr("made"), written->requestId };
    }

    [[nodiscard]] Result<Evidence> proof(const TokenArguments &arguments, Scope &scope) const override
    {
        const auto waited = poll(scope, { titleOf(arguments), arguments.target.subject(), Say::tr("the cluster has put no token into it") },
            [&] { return see(arguments, scope).map([&](const State &now) { return isDone(arguments, now); }); });
        if (!waited)
            return core::fail(waited.error());
        return Evidence { Say::tr("the cluster has put a token into it"),
            QStringLiteral("GET %1 on %2").arg(arguments.target.path(), arguments.target.cluster), scope.clock() };
    }

    [[nodiscard]] Result<Evidence> takeBack(const TokenArguments &arguments, const State &, const State &now, Scope &scope) const override
    {
        const auto told = ops::removed(sight(arguments, scope), arguments.target, now, scope);
        if (!told)
            return core::fail(told.error());
        return ops::proven(arguments.target, Say::tr("see %1 gone").arg(arguments.target.words()),
            kube::conditions::gone(now.value.value(u"uid").toString()), scope);
    }
};

} // namespace

std::unique_ptr<const ops::Kind> makeReaderToken()
{
    return std::make_unique<ReaderToken>();
}

} // namespace catamaran::mesh::istio
