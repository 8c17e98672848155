// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/cacerts.h"

#include "mesh/arguments.h"
#include "mesh/istio/say.h"
#include "mesh/trustroot.h"
#include "mesh/waiting.h"
#include "ops/ask.h"
#include "ops/kinds/removal.h"
#include "ops/kinds/typedkind.h"

namespace catamaran::mesh::istio {

using core::Error;
using core::ErrorKind;
using core::Result;
using ops::Description;
using ops::Direction;
using ops::Evidence;
using ops::Names;
using ops::Receipt;
using ops::Scope;
using ops::State;

namespace {

const QString rootAnnotation = QStringLiteral("catamaran.io/root");

struct CacertsArguments {
    QString mesh;
    ops::Target target;
    RootWish root; ///< of making
    QString rootStep;
};

Result<CacertsArguments> readCacerts(const QString &operation, const QJsonObject &given, bool makes)
{
    ArgumentReader reader(operation, given);
    CacertsArguments arguments;
    arguments.mesh = reader.label(QStringLiteral("mesh"));
    const QString cluster = reader.label(QStringLiteral("cluster")), ns = reader.label(QStringLiteral("namespace"));
    const QJsonObject root = makes ? reader.object(QStringLiteral("root")) : QJsonObject();
    if (const auto error = reader.error())
        return core::fail(*error);
    if (makes) {
        ArgumentReader inner(operation, root);
        arguments.root.name = inner.label(QStringLiteral("name"));
        arguments.root.shared = inner.maybeFlag(QStringLiteral("shared"));
        arguments.rootStep = inner.text(QStringLiteral("step"));
        if (const auto error = inner.error())
            return core::fail(*error);
    }
    return ops::Target::read(operation,
        { { QStringLiteral("cluster"), cluster }, { QStringLiteral("apiVersion"), QStringLiteral("v1") },
            { QStringLiteral("kind"), QStringLiteral("Secret") }, { QStringLiteral("namespace"), ns },
            { QStringLiteral("name"), QStringLiteral("cacerts") } })
        .map([&](const ops::Target &target) {
            arguments.target = target;
            return arguments;
        });
}

/// Its metadata, and nothing that it holds.
Result<State> seeCacerts(const ops::Target &target, Scope &scope)
{
    const auto client = scope.world.cluster(target.cluster);
    if (!client)
        return core::fail(client.error());
    const auto metadata = ops::ask(scope, scope.stop, Say::tr("see whether there is %1").arg(target.words()), target.subject(),
        [&](std::stop_token stop) { return (*client)->getMetadata(target.kind, target.ns, target.name, std::move(stop)); });
    if (!metadata && metadata.error().kind == ErrorKind::NotFound && metadata.error().code == u"NotFound")
        return State { ops::presence(std::nullopt), {} };
    if (!metadata)
        return core::fail(metadata.error());
    State state { ops::presence(*metadata), ops::versionOf(*metadata) };
    ops::tellForeign(*metadata, state);
    state.value.insert(QStringLiteral("root"), (*metadata)[u"metadata"][u"annotations"][rootAnnotation].toString().left(64));
    return state;
}

bool isThere(const State &state)
{
    return state.value.value(u"exists").toBool() && !state.value.value(u"going").toBool();
}

bool isSameSecret(const State &a, const State &b)
{
    for (const char *member : { "exists", "uid", "going", "root" })
        if (a.value.value(QLatin1StringView(member)) != b.value.value(QLatin1StringView(member)))
            return false;
    return true;
}

/// What a server echoes of what it was sent never shows the key.
Error withoutKey(Error error, const QJsonObject &data)
{
    const QString key = data.value(u"ca-key.pem").toString();
    for (QString *text : { &error.answer, &error.remedy, &error.target })
        text->replace(key, QStringLiteral("(secret)"));
    return error;
}

Result<Evidence> provenGone(const ops::Target &target, Scope &scope)
{
    // No watch: it would bring what the Secret holds.
    const auto waited = poll(scope, { Say::tr("see %1 gone").arg(target.words()), target.subject(), Say::tr("it is still there") },
        [&] { return seeCacerts(target, scope).map([](const State &now) { return !now.value.value(u"exists").toBool(); }); });
    if (!waited)
        return core::fail(waited.error());
    return Evidence { Say::tr("gone"), QStringLiteral("GET %1 on %2").arg(target.path(), target.cluster), scope.clock() };
}

class MakeCacerts final : public ops::TypedKind<CacertsArguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("istio.makeCacerts"); }

protected:
    [[nodiscard]] Result<CacertsArguments> read(const QJsonObject &given) const override { return readCacerts(name(), given, true); }

    [[nodiscard]] Description words(const CacertsArguments &arguments, const Names &names) const override
    {
        const ops::Target &target = arguments.target;
        Description said;
        said.title = Say::tr("Give the control plane of %1 an issuing authority under the root").arg(arguments.mesh);
        said.subject = target.subject();
        said.calls = {
            { target.cluster, QStringLiteral("GET ") + target.path(), Say::tr("(its metadata alone)") },
            { target.cluster, QStringLiteral("PATCH ") + target.path(),
                Say::tr("ca-cert.pem, ca-key.pem=(secret), root-cert.pem and cert-chain.pem of %1, made when it runs").arg(arguments.mesh) }
        };
        said.command = QStringLiteral("umask 077\n") + issuingCommand(arguments.mesh)
            + ops::kubectl(names, target.cluster,
                QStringLiteral("-n %1 create secret generic cacerts --from-file=ca-cert.pem --from-file=ca-key.pem "
                               "--from-file=root-cert.pem --from-file=cert-chain.pem")
                    .arg(target.ns));
        said.undo = ops::kubectl(names, target.cluster, target.byHand(QStringLiteral("delete")));
        return said;
    }

    [[nodiscard]] QList<ops::Right> needs(const CacertsArguments &arguments, Direction direction) const override
    {
        return ops::rightsOn(arguments.target,
            direction == Direction::Do ? QStringList { QStringLiteral("get"), QStringLiteral("create"), QStringLiteral("patch") }
                                       : QStringList { QStringLiteral("get"), QStringLiteral("delete") });
    }

    /// Which root it is to have stands in what the plan's step left: see() compares.
    [[nodiscard]] bool isDone(const CacertsArguments &, const State &now) const override
    {
        return isThere(now) && !now.value.contains(u"foreign") && now.value.value(u"fits").toBool();
    }

    [[nodiscard]] bool isSame(const State &a, const State &b) const override { return isSameSecret(a, b); }

    [[nodiscard]] Result<State> see(const CacertsArguments &arguments, Scope &scope) const override
    {
        auto state = seeCacerts(arguments.target, scope);
        const auto left = state && scope.left ? scope.left(arguments.rootStep) : std::nullopt;
        const QString wanted = left ? left->value.value(u"fingerprint").toString() : QString();
        if (state)
            state->value.insert(QStringLiteral("fits"), !wanted.isEmpty() && state->value.value(u"root").toString() == wanted);
        return state;
    }

    [[nodiscard]] Result<Receipt> change(const CacertsArguments &arguments, const State &before, Scope &scope) const override
    {
        const ops::Target &target = arguments.target;
        const QString tried = words(arguments, {}).title;
        if (before.value.value(u"exists").toBool()) {
            const QString owner = before.value.value(u"foreign").toString();
            return core::fail(ops::foreignError(tried, target,
                before.value.value(u"going").toBool() ? Say::tr("it is being deleted")
                    : !owner.isEmpty()
                    ? Say::tr("it is there and was not made by Catamaran, but by %1: what it holds is not read, and not written over")
                          .arg(owner)
                    : Say::tr("Catamaran made it under another root"),
                Say::tr(
                    "Delete it if nothing issues with it, or let the fleet keep its roots apart (trust: root: separate); then plan again.")));
        }
        const auto root = rootLeftBy(arguments.rootStep, arguments.root, tried, arguments.mesh, scope);
        if (!root)
            return core::fail(root.error());
        const auto fingerprints = pki::rootFingerprints(root->certificate);
        const auto ca = issueFor(arguments.mesh, *root);
        if (!ca || !fingerprints)
            return core::fail(ca ? fingerprints.error() : ca.error());
        const auto entry = [](const QByteArray &pem) { return QString::fromLatin1(pem.toBase64()); };
        const QJsonObject data { { QStringLiteral("ca-cert.pem"), entry(ca->certificate) },
            { QStringLiteral("ca-key.pem"), entry(ca->key.reveal()) }, { QStringLiteral("root-cert.pem"), entry(ca->root) },
            { QStringLiteral("cert-chain.pem"), entry(ca->certificate + ca->chain) } };
        kube::Write write;
        write.how = kube::Write::How::Apply;
        write.body = target.identified(
            { { QStringLiteral("metadata"),
                  QJsonObject { { QStringLiteral("annotations"), QJsonObject { { rootAnnotation, *fingerprints->begin() } } } } },
                { QStringLiteral("data"), data } });
        const auto written = ops::send(target, write, scope);
        if (!written)
            return core::fail(withoutKey(written.error(), data));
        if (written->isCreated)
            return Receipt { Say::tr("made"), written->requestId };
        // Somebody made one between the look and this. What was added to theirs is taken off again.
        kube::Write nothing;
        nothing.how = kube::Write::How::Apply;
        nothing.body = target.identified({});
        (void)ops::send(target, nothing, scope);
        return core::fail(ErrorKind::Conflict, tried, target.subject(), Say::tr("somebody else has made it meanwhile"),
            Say::tr("Look at it, and try again."));
    }

    [[nodiscard]] Result<Evidence> proof(const CacertsArguments &arguments, Scope &scope) const override
    {
        const auto now = see(arguments, scope);
        if (!now)
            return core::fail(now.error());
        if (!isDone(arguments, *now))
            return core::fail(ErrorKind::Protocol, words(arguments, {}).title, arguments.target.subject(),
                Say::tr("the server accepted it and shows another"));
        return Evidence { Say::tr("it is there, under the root %1…").arg(now->value.value(u"root").toString().left(16)),
            QStringLiteral("GET %1 on %2").arg(arguments.target.path(), arguments.target.cluster), scope.clock() };
    }

    [[nodiscard]] Result<Evidence> takeBack(const CacertsArguments &arguments, const State &, const State &now, Scope &scope) const override
    {
        const auto told = ops::removed(sight(arguments, scope), arguments.target, now, scope);
        if (!told)
            return core::fail(told.error());
        return provenGone(arguments.target, scope);
    }
};

class RemoveCacerts final : public ops::TypedKind<CacertsArguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("istio.removeCacerts"); }

protected:
    [[nodiscard]] Result<CacertsArguments> read(const QJsonObject &given) const override { return readCacerts(name(), given, false); }

    [[nodiscard]] Description words(const CacertsArguments &arguments, const Names &names) const override
    {
        const ops::Target &target = arguments.target;
        Description said;
        said.title = Say::tr("Take the issuing authority of %1 away, if Catamaran made it").arg(arguments.mesh);
        said.subject = target.subject();
        said.calls = { { target.cluster, QStringLiteral("DELETE ") + target.path(), {} } };
        said.command = ops::kubectl(names, target.cluster, target.byHand(QStringLiteral("delete")));
        said.keeps = Say::tr("Its key is kept nowhere else: a new control plane gets a new one.");
        return said;
    }

    [[nodiscard]] QList<ops::Right> needs(const CacertsArguments &arguments, Direction direction) const override
    {
        return direction == Direction::Do ? ops::rightsOn(arguments.target, { QStringLiteral("get"), QStringLiteral("delete") })
                                          : QList<ops::Right>();
    }

    [[nodiscard]] bool isDone(const CacertsArguments &, const State &now) const override
    {
        return !now.value.value(u"exists").toBool() || now.value.contains(u"foreign");
    }
    [[nodiscard]] QString whyDone(const CacertsArguments &, const State &now, const Names &) const override
    {
        const QString owner = now.value.value(u"foreign").toString();
        return owner.isEmpty() ? QString() : Say::tr("left as it is: it belongs to %1").arg(owner);
    }
    [[nodiscard]] bool isSame(const State &a, const State &b) const override { return isSameSecret(a, b); }
    [[nodiscard]] Result<State> see(const CacertsArguments &arguments, Scope &scope) const override
    {
        return seeCacerts(arguments.target, scope);
    }
    [[nodiscard]] Result<Receipt> change(const CacertsArguments &arguments, const State &before, Scope &scope) const override
    {
        return ops::removed(sight(arguments, scope), arguments.target, before, scope).map([](const kube::Written &written) {
            return Receipt { Say::tr("told to go"), written.requestId };
        });
    }
    [[nodiscard]] Result<Evidence> proof(const CacertsArguments &arguments, Scope &scope) const override
    {
        return provenGone(arguments.target, scope);
    }
    [[nodiscard]] Result<Evidence> takeBack(const CacertsArguments &arguments, const State &, const State &, Scope &) const override
    {
        return core::fail(ErrorKind::Unsupported, words(arguments, {}).title, arguments.target.subject(),
            Say::tr("its key is kept nowhere else: a new control plane gets a new one"));
    }
};

} // namespace

std::unique_ptr<const ops::Kind> makeCacerts()
{
    return std::make_unique<MakeCacerts>();
}

std::unique_ptr<const ops::Kind> makeRemoveCacerts()
{
    return std::make_unique<RemoveCacerts>();
}

} // namespace catamaran::mesh::istio
