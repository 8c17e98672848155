// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/takerootkind.h"

#include "mesh/arguments.h"
#include "mesh/say.h"
#include "mesh/trustroot.h"
#include "mesh/waiting.h"
#include "ops/kinds/typedkind.h"

#include <algorithm>

namespace catamaran::mesh {

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

struct Arguments {
    RootWish wish;
};

const QString hiddenKey = QStringLiteral("(secret)");

Result<Arguments> parsed(const QString &operation, const QJsonObject &given)
{
    ArgumentReader reader(operation, given);
    Arguments arguments;
    arguments.wish.name = reader.label(QStringLiteral("name"));
    arguments.wish.shared = reader.maybeFlag(QStringLiteral("shared"));
    if (reader.has(QStringLiteral("meshes")))
        arguments.wish.meshes = reader.labels(QStringLiteral("meshes"));
    if (const auto error = reader.error())
        return core::fail(*error);
    return arguments;
}

QString triedOf(const Arguments &arguments)
{
    return Say::tr("take the root %1").arg(arguments.wish.name);
}

QString fingerprintIn(const QJsonObject &value)
{
    return value.value(u"fingerprint").toString();
}

QString entryIn(const QJsonObject &value)
{
    return value.value(u"entry").toString();
}

QJsonObject valueOf(const QString &fingerprint, const QString &entry)
{
    return { { QStringLiteral("fingerprint"), fingerprint }, { QStringLiteral("entry"), entry } };
}

Result<store::SecretStore *> secretsOf(const QString &tried, Scope &scope)
{
    if (auto *secrets = scope.world.service<store::SecretStore>())
        return secrets;
    return core::fail(ErrorKind::Precondition, tried, scope.world.environment(), Say::tr("there is no secret store"));
}

RootPatience patienceOf(const Scope &scope)
{
    RootPatience patience;
    patience.stop = scope.stop;
    patience.deadline = scope.deadline;
    return patience;
}

/// Empty where nobody carries it out.
QString makingEntry(const Scope &scope)
{
    return scope.author().isEmpty() ? QString() : rootEntryInMaking(scope.author(), scope.step);
}

QJsonObject madeOf(const QString &fingerprint, const TakenRoot &taken)
{
    QJsonObject made = valueOf(fingerprint, taken.entry);
    made.insert(QStringLiteral("new"), taken.isNew);
    return made;
}

/// Of the root that an attempt without answer began.
Result<State> seeBegun(const QList<MeshStatus> &meshes, store::SecretStore &secrets, Scope &scope)
{
    const QString making = makingEntry(scope);
    if (making.isEmpty() || !scope.begun)
        return State {};
    const auto begun = findBegunRoot(making, meshes, secrets, patienceOf(scope));
    if (!begun)
        return core::fail(begun.error());
    if (!*begun)
        return State {};
    const auto fingerprints = pki::rootFingerprints((*begun)->identity.certificate);
    if (!fingerprints)
        return core::fail(fingerprints.error());
    const QString fingerprint = *fingerprints->begin();
    return State { valueOf(fingerprint, (*begun)->entry), {}, madeOf(fingerprint, **begun) };
}

/// Removes it and looks that it is gone.
Result<core::Done> removeEntry(const QString &entry, const QString &tried, store::SecretStore &secrets, const Scope &scope)
{
    const auto removed = core::await(secrets.remove(entry, scope.stop), scope.stop, scope.deadline);
    if (!removed)
        return core::fail(removed.error());
    const auto remains = core::await(secrets.has(entry, scope.stop), scope.stop, scope.deadline);
    if (!remains)
        return core::fail(remains.error());
    if (*remains)
        return core::fail(
            ErrorKind::Storage, tried, entry, Say::tr("it is still there"), Say::tr("Remove the entry from the keyring by hand."));
    return core::Done {};
}

/// Those of the wish's meshes that exist.
Result<QList<MeshStatus>> wished(const Arguments &arguments, Scope &scope)
{
    if (arguments.wish.meshes.isEmpty())
        return QList<MeshStatus>();
    return readMeshes(scope, triedOf(arguments)).map([&](QList<MeshStatus> all) {
        all.removeIf([&](const MeshStatus &one) { return !arguments.wish.meshes.contains(one.name); });
        return all;
    });
}

bool isOnItsWay(const MeshStatus &mesh)
{
    return mesh.state == MeshState::Creating || mesh.state == MeshState::Updating;
}

class TakeRoot final : public ops::TypedKind<Arguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("trust.takeRoot"); }

protected:
    [[nodiscard]] Result<Arguments> read(const QJsonObject &given) const override { return parsed(name(), given); }
    [[nodiscard]] Description words(const Arguments &arguments, const Names &names) const override;
    [[nodiscard]] QList<ops::Right> needs(const Arguments &, Direction) const override { return {}; }
    [[nodiscard]] bool isDone(const Arguments &arguments, const State &now) const override;
    [[nodiscard]] bool isSame(const State &a, const State &b) const override;
    [[nodiscard]] Result<State> see(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Receipt> change(const Arguments &arguments, const State &before, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> proof(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const override;
};

} // namespace

Description TakeRoot::words(const Arguments &arguments, const Names &names) const
{
    const RootWish &wish = arguments.wish;
    QStringList present;
    for (const QString &mesh : wish.meshes)
        if (names.idOf && !names.idOf(mesh).isEmpty())
            present << mesh;
    Description said;
    said.title = wish.shared ? Say::tr("Make the offline root %1, or take it from the keyring").arg(wish.name)
        : present.isEmpty()  ? Say::tr("Make the offline root %1").arg(wish.name)
                             : Say::tr("Take the offline root of %1 from the keyring").arg(present.first());
    said.subject = QStringLiteral("root ") + wish.name;
    const QString keyring = QStringLiteral("keyring"), read = QStringLiteral("READ ");
    if (wish.shared) {
        said.calls.append({ keyring, read + namedRootEntry(wish.name), {} });
    } else if (!present.isEmpty()) {
        said.calls.append({ keyring, read + ownRootEntry(Say::tr("(SHA-256 of the root of %1)").arg(present.first())), {} });
        said.calls.append({ keyring, read + namedRootEntry(wish.name),
            Say::tr("(of an earlier version: used only when it is the root that the meshes have, and copied)") });
    }
    if (present.isEmpty() || wish.shared)
        said.calls.append({ keyring,
            QStringLiteral("WRITE ") + (wish.shared ? namedRootEntry(wish.name) : ownRootEntry(Say::tr("(SHA-256 of the root)"))),
            wish.shared ? Say::tr("key=%1 (only when it is not there yet)").arg(hiddenKey)
                        : Say::tr("key=%1 (only when it is not there yet; until it is written down which one it is, it lies in %2)")
                              .arg(hiddenKey, rootEntryInMaking(Say::tr("(execution)"), Say::tr("(step)"))) });
    said.command = QStringLiteral(
        "openssl req -x509 -newkey rsa:4096 -noenc -sha256 -days 3650 -subj '/O=Catamaran/CN=%1' "
        "-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign -keyout root-key.pem -out root-cert.pem")
                       .arg(wish.name);
    if (wish.shared)
        said.keeps = Say::tr("Every environment whose fleet names the root %1 shares it: it stays in the keyring.").arg(wish.name);
    said.usualSeconds = 2;
    return said;
}

bool TakeRoot::isDone(const Arguments &, const State &now) const
{
    return !fingerprintIn(now.value).isEmpty();
}

bool TakeRoot::isSame(const State &a, const State &b) const
{
    return fingerprintIn(a.value) == fingerprintIn(b.value);
}

Result<State> TakeRoot::see(const Arguments &arguments, Scope &scope) const
{
    const auto secrets = secretsOf(triedOf(arguments), scope);
    if (!secrets)
        return core::fail(secrets.error());
    // One that was made for meshes that do not exist (yet, or any more) is found by what the act left.
    if (const QString made = fingerprintIn(scope.made); !made.isEmpty()) {
        const QString entry = entryIn(scope.made);
        const auto packed = readEntry(entry, **secrets, patienceOf(scope));
        if (!packed && packed.error().kind == ErrorKind::NotFound) // it was cut off before it was copied there, or it is gone
            return seeBegun({}, **secrets, scope);
        if (!packed)
            return core::fail(packed.error());
        const auto root = unpackRoot(*packed, entry);
        const auto fingerprints = root ? pki::rootFingerprints(root->certificate) : Result<QSet<QString>>(core::fail(root.error()));
        if (!fingerprints)
            return core::fail(fingerprints.error());
        return State { valueOf(*fingerprints->begin(), entry), {} };
    }
    const auto meshes = wished(arguments, scope);
    if (!meshes)
        return core::fail(meshes.error());
    const auto found = findRoot(arguments.wish, *meshes, **secrets, patienceOf(scope));
    if (!found)
        return core::fail(found.error());
    if (!*found)
        return seeBegun(*meshes, **secrets, scope);
    const auto fingerprints = pki::rootFingerprints((*found)->identity.certificate);
    if (!fingerprints)
        return core::fail(fingerprints.error());
    // What an earlier version kept is copied to where it is looked for.
    if (!arguments.wish.shared && (*found)->entry != ownRootEntry(*fingerprints->begin()))
        return State {};
    return State { valueOf(*fingerprints->begin(), (*found)->entry), {} };
}

Result<Receipt> TakeRoot::change(const Arguments &arguments, const State &, Scope &scope) const
{
    const auto secrets = secretsOf(triedOf(arguments), scope);
    if (!secrets)
        return core::fail(secrets.error());
    QList<MeshStatus> meshes;
    // One that an interrupted run began shows its root, by which the key is found, when it runs.
    const auto shown = poll(scope, { triedOf(arguments), arguments.wish.name, Say::tr("a mesh is still not running") }, [&] {
        return wished(arguments, scope).map([&](const QList<MeshStatus> &found) {
            meshes = found;
            const auto waits = std::find_if(
                found.begin(), found.end(), [](const MeshStatus &one) { return one.rootFingerprints.isEmpty() && isOnItsWay(one); });
            if (waits != found.end())
                note(scope, Say::tr("%1 is %2").arg(waits->name, waits->stateWord));
            return waits == found.end();
        });
    });
    if (!shown)
        return core::fail(notSent(shown.error()));
    const QString making = makingEntry(scope);
    const auto taken = obtainRoot(arguments.wish, meshes, **secrets, patienceOf(scope), making);
    if (!taken) {
        // One that was made already is not forgotten: what became of it is looked at.
        core::Error error = taken.error();
        if (!making.isEmpty() && core::await((*secrets)->has(making, {}), {}, scope.deadline).value_or(true))
            error.kind = ErrorKind::Server;
        return core::fail(error);
    }
    const auto fingerprints = pki::rootFingerprints(taken->identity.certificate);
    if (!fingerprints)
        return core::fail(fingerprints.error());
    Receipt receipt { (taken->isNew ? Say::tr("kept as %1") : Say::tr("found as %1")).arg(taken->entry), {} };
    receipt.made = madeOf(*fingerprints->begin(), *taken);
    return receipt;
}

Result<Evidence> TakeRoot::proof(const Arguments &arguments, Scope &scope) const
{
    const auto seen = see(arguments, scope);
    if (!seen)
        return core::fail(seen.error());
    if (!isDone(arguments, *seen))
        return core::fail(
            ErrorKind::Precondition, triedOf(arguments), arguments.wish.name, Say::tr("the keyring does not have it any more"));
    // It is written down by now which one it is.
    if (const QString making = makingEntry(scope); !making.isEmpty() && scope.made.value(u"new").toBool() && !arguments.wish.shared) {
        const auto ended = secretsOf(triedOf(arguments), scope).and_then([&](store::SecretStore *secrets) {
            return endMaking(making, entryIn(seen->value), *secrets, patienceOf(scope));
        });
        if (!ended)
            return core::fail(ended.error());
    }
    return Evidence { Say::tr("the root %1… lies in the keyring").arg(fingerprintIn(seen->value).left(16)), entryIn(seen->value),
        scope.clock() };
}

Result<Evidence> TakeRoot::takeBack(const Arguments &arguments, const State &, const State &now, Scope &scope) const
{
    const QString fingerprint = fingerprintIn(now.value), entry = entryIn(now.value);
    const QString tried = Say::tr("remove the root %1 from the keyring").arg(arguments.wish.name);
    const auto stays = [&](const QString &why) {
        return Evidence { Say::tr("it stays in the keyring: %1").arg(why), entry, scope.clock() };
    };
    if (!scope.made.value(u"new").toBool() || arguments.wish.shared || fingerprint != fingerprintIn(scope.made))
        return stays(Say::tr("it was not made for this alone"));
    const auto meshes = readMeshes(scope, tried);
    if (!meshes)
        return core::fail(notSent(meshes.error()));
    for (const MeshStatus &mesh : *meshes) {
        if (mesh.rootFingerprints.contains(fingerprint))
            return stays(Say::tr("%1 has this root, and nobody else has its key").arg(mesh.name));
        if (mesh.rootFingerprints.isEmpty())
            return core::fail(ErrorKind::Precondition, tried, entry,
                Say::tr("the root of %1 is not known, and may be this one: %2").arg(mesh.name, mesh.rootError),
                Say::tr("Try again when it is."));
    }
    const auto secrets = secretsOf(tried, scope);
    if (!secrets)
        return core::fail(secrets.error());
    QStringList entries { entry };
    if (const QString making = makingEntry(scope); !making.isEmpty())
        entries << making;
    for (const QString &one : std::as_const(entries))
        if (const auto removed = removeEntry(one, tried, **secrets, scope); !removed)
            return core::fail(removed.error());
    return Evidence { Say::tr("it is gone from the keyring"), entry, scope.clock() };
}

std::unique_ptr<const ops::Kind> makeTrustTakeRoot()
{
    return std::make_unique<TakeRoot>();
}

} // namespace catamaran::mesh
