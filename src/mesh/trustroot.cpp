// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/trustroot.h"

#include "mesh/say.h"
#include "mesh/waiting.h"

#include <algorithm>

namespace catamaran::mesh {

using core::ErrorKind;
using core::Result;
using core::Secret;

namespace {

const QByteArray certificateEnd = QByteArrayLiteral("-----END CERTIFICATE-----\n");

/// The mesh that does not have @p root among its roots; empty when all do.
QString strangerOf(const pki::Identity &root, const QList<MeshStatus> &meshes)
{
    const auto own = pki::rootFingerprints(root.certificate);
    for (const MeshStatus &mesh : meshes)
        if (!mesh.rootFingerprints.isEmpty() && (!own || !pki::shareARoot(*own, mesh.rootFingerprints)))
            return mesh.name;
    return {};
}

/// The roots that every mesh has whose roots are known.
QStringList commonRoots(const QList<MeshStatus> &meshes)
{
    std::optional<QSet<QString>> common;
    for (const MeshStatus &mesh : meshes)
        if (!mesh.rootFingerprints.isEmpty())
            common = common ? *common & mesh.rootFingerprints : mesh.rootFingerprints;
    QStringList sorted = common ? common->values() : QStringList();
    sorted.sort();
    return sorted;
}

/// What can be done where a mesh has another root: in the cloud's own console, where the provider's hidden reuse of a root is offered; for
/// a control plane in a cluster by whoever made its Secret cacerts.
QString consoleRemedy(const QString &mesh, const QList<MeshStatus> &meshes)
{
    if (std::any_of(meshes.begin(), meshes.end(), [&](const MeshStatus &one) { return one.name == mesh && !one.home.isEmpty(); }))
        return Say::tr(
            "Whoever made the root of %1 has its key: give the missing control plane a Secret cacerts under it by hand, or let the fleet "
            "keep its roots apart (trust: root: separate). Giving %1 another root takes a restart of its control plane and of every "
            "pod with a sidecar; until then those with the old and those with the new certificates refuse each other.")
            .arg(mesh);
    return Say::tr("Create the missing mesh in the console of the service mesh with “reuse the root certificate of an existing instance: "
                   "%1” (advanced options), then apply again; "
                   "or destroy the fleet and apply it anew.")
        .arg(mesh);
}

} // namespace

QString ownRootEntry(const QString &fingerprint)
{
    return QStringLiteral("catamaran/root/") + fingerprint;
}

QString namedRootEntry(const QString &name)
{
    return QStringLiteral("catamaran/root/") + name;
}

QString rootEntryInMaking(const QString &execution, const QString &step)
{
    return QStringLiteral("catamaran/root/making/%1/%2").arg(execution, step);
}

QStringList rootEntries(const RootWish &wish, const QList<MeshStatus> &meshes)
{
    if (wish.shared)
        return { namedRootEntry(wish.name) };
    QStringList entries;
    for (const QString &fingerprint : commonRoots(meshes))
        entries << ownRootEntry(fingerprint);
    // A name alone leads to the root of any environment: it is followed where the meshes say whether it is theirs.
    if (!entries.isEmpty())
        entries << namedRootEntry(wish.name);
    return entries;
}

Secret packRoot(const pki::Identity &root)
{
    return Secret(root.certificate.trimmed() + '\n' + root.key.reveal());
}

Result<pki::Identity> unpackRoot(const Secret &packed, const QString &entry)
{
    const qsizetype end = packed.reveal().indexOf(certificateEnd);
    pki::Identity root;
    if (end > 0) {
        root.certificate = packed.reveal().left(end + certificateEnd.size());
        root.key = Secret(packed.reveal().mid(end + certificateEnd.size()));
    }
    if (root.certificate.isEmpty() || !pki::keyMatches(root.certificate, root.key))
        return core::fail(ErrorKind::Storage, Say::tr("read the trust root"), entry,
            Say::tr("the keyring's entry holds no certificate with its key"),
            Say::tr("Remove the entry from the keyring if no mesh uses it."));
    return root;
}

namespace {

class Keyring {
public:
    Keyring(store::SecretStore &secrets, const RootPatience &patience)
        : m_secrets(secrets)
        , m_patience(patience)
    {
    }

    [[nodiscard]] Result<Secret> read(const QString &entry) const
    {
        return core::await(m_secrets.read(entry, m_patience.stop), m_patience.stop, m_patience.deadline);
    }

    /// Never over another one; read back, for somebody may have kept one in this moment. Whether it was not there before.
    [[nodiscard]] Result<bool> keep(const QString &entry, const pki::Identity &root) const
    {
        const Secret packed = packRoot(root);
        const auto before = read(entry);
        if (!before && before.error().kind != ErrorKind::NotFound)
            return core::fail(before.error());
        if (!before) {
            if (const auto written = core::await(m_secrets.write(entry, packed, m_patience.stop), m_patience.stop, m_patience.deadline);
                !written)
                return core::fail(written.error());
        }
        const auto kept = before ? before : read(entry);
        if (!kept)
            return core::fail(kept.error());
        if (kept->reveal() != packed.reveal())
            return core::fail(ErrorKind::Conflict, Say::tr("keep the trust root"), entry,
                Say::tr("another root lies there by now, and is not written over"), Say::tr("Apply again to use that one."));
        return !before;
    }

private:
    store::SecretStore &m_secrets;
    const RootPatience &m_patience;
};

/// Why a new root will not do: a mesh that exists got its authority from one whose key is not known.
std::optional<core::Error> whyNoNewOne(const QList<MeshStatus> &meshes, store::Keeping keeping)
{
    const QString tried = Say::tr("use the trust root");
    for (const MeshStatus &mesh : meshes) {
        if (mesh.rootFingerprints.isEmpty() && mesh.rootError.isEmpty())
            continue;
        if (mesh.rootFingerprints.isEmpty())
            return core::Error::make(ErrorKind::Precondition, tried, mesh.name,
                Say::tr("its root could not be read, so nobody knows which key made it: %1").arg(mesh.rootError), Say::tr("Try again."));
        // The cloud never gives a key back.
        return core::Error::make(ErrorKind::Precondition, tried, ownRootEntry(*mesh.rootFingerprints.begin()),
            keeping != store::Keeping::ThisRun
                ? Say::tr("%1 exists already, but the keyring does not have the key of its root").arg(mesh.name)
                : Say::tr("%1 exists already, and the key of its root was kept only as long as the program ran that "
                          "made it, because no keyring answers")
                      .arg(mesh.name),
            consoleRemedy(mesh.name, meshes));
    }
    return std::nullopt;
}

} // namespace

Result<Secret> readEntry(const QString &entry, store::SecretStore &secrets, const RootPatience &patience)
{
    return Keyring(secrets, patience).read(entry);
}

Result<std::optional<TakenRoot>> findRoot(
    const RootWish &wish, const QList<MeshStatus> &meshes, store::SecretStore &secrets, const RootPatience &patience)
{
    for (const QString &entry : rootEntries(wish, meshes)) {
        const auto packed = readEntry(entry, secrets, patience);
        if (!packed && packed.error().kind == ErrorKind::NotFound)
            continue;
        if (!packed)
            return core::fail(packed.error());
        auto root = unpackRoot(*packed, entry);
        if (!root)
            return core::fail(root.error());
        const QString stranger = strangerOf(*root, meshes);
        if (!stranger.isEmpty() && !wish.shared)
            continue; // another environment's, of the same name
        if (!stranger.isEmpty())
            return core::fail(ErrorKind::Precondition, Say::tr("use the trust root"), entry,
                Say::tr("%1 has another root than the one in the keyring").arg(stranger), consoleRemedy(stranger, meshes));
        return TakenRoot { *root, entry, false };
    }
    return std::optional<TakenRoot>();
}

Result<std::optional<TakenRoot>> findBegunRoot(
    const QString &making, const QList<MeshStatus> &meshes, store::SecretStore &secrets, const RootPatience &patience)
{
    const auto packed = readEntry(making, secrets, patience);
    if (!packed && packed.error().kind == ErrorKind::NotFound)
        return std::optional<TakenRoot>();
    if (!packed)
        return core::fail(packed.error());
    const auto root = unpackRoot(*packed, making);
    const auto fingerprints = root ? pki::rootFingerprints(root->certificate) : Result<QSet<QString>>(core::fail(root.error()));
    if (!fingerprints)
        return core::fail(fingerprints.error());
    if (!strangerOf(*root, meshes).isEmpty())
        return std::optional<TakenRoot>();
    return TakenRoot { *root, ownRootEntry(*fingerprints->begin()), true };
}

Result<core::Done> endMaking(const QString &making, const QString &entry, store::SecretStore &secrets, const RootPatience &patience)
{
    const auto begun = findBegunRoot(making, {}, secrets, patience);
    if (!begun)
        return core::fail(begun.error());
    if (!*begun)
        return core::Done {};
    if (const auto kept = Keyring(secrets, patience).keep(entry, (*begun)->identity); !kept)
        return core::fail(kept.error());
    return core::await(secrets.remove(making, patience.stop), patience.stop, patience.deadline);
}

Result<TakenRoot> obtainRoot(
    const RootWish &wish, const QList<MeshStatus> &meshes, store::SecretStore &secrets, const RootPatience &patience, const QString &making)
{
    const auto found = findRoot(wish, meshes, secrets, patience);
    if (!found)
        return core::fail(found.error());
    if (*found && (wish.shared || (*found)->entry != namedRootEntry(wish.name)))
        return **found;
    if (!*found)
        if (const auto error = whyNoNewOne(meshes, secrets.keeping()))
            return core::fail(*error);
    // Of an earlier version, and theirs; or a new one.
    auto root = *found ? Result<pki::Identity>((*found)->identity) : pki::makeRoot(wish.name, pki::KeyType::Rsa4096);
    if (!root)
        return core::fail(root.error());
    const auto fingerprints = pki::rootFingerprints(root->certificate);
    if (!fingerprints)
        return core::fail(fingerprints.error());
    const QString entry = wish.shared ? namedRootEntry(wish.name) : ownRootEntry(*fingerprints->begin());
    if (!*found && !wish.shared && !making.isEmpty())
        if (const auto begun = Keyring(secrets, patience).keep(making, *root); !begun)
            return core::fail(begun.error());
    const auto isNew = [&]() -> Result<bool> {
        const auto keep = [&] { return Keyring(secrets, patience).keep(entry, *root); };
        if (!patience.onWrite)
            return keep();
        bool wasMissing = false;
        const auto written = patience.onWrite(entry, [&] {
            return keep().map([&](bool missing) {
                wasMissing = missing;
                return core::Done {};
            });
        });
        return written.map([&](const core::Done &) { return wasMissing; });
    }();
    if (!isNew)
        return core::fail(isNew.error());
    return TakenRoot { *root, entry, *isNew };
}

Result<pki::Identity> rootLeftBy(
    const QString &rootStep, const RootWish &wish, const QString &tried, const QString &target, ops::Scope &scope)
{
    const auto left = scope.left ? scope.left(rootStep) : std::nullopt;
    const QString fingerprint = left ? left->value.value(u"fingerprint").toString() : QString();
    if (fingerprint.isEmpty())
        return core::fail(
            ErrorKind::Precondition, tried, target, Say::tr("the step %1 has left no root").arg(rootStep), Say::tr("Plan again."));
    auto *secrets = scope.world.service<store::SecretStore>();
    const QString entry = wish.shared ? namedRootEntry(wish.name) : ownRootEntry(fingerprint);
    if (!secrets)
        return core::fail(ErrorKind::Precondition, tried, entry, Say::tr("there is no secret store"));
    RootPatience patience;
    patience.stop = scope.stop;
    patience.deadline = scope.deadline;
    const auto packed = readEntry(entry, *secrets, patience);
    if (!packed)
        return core::fail(notSent(packed.error()));
    auto root = unpackRoot(*packed, entry);
    if (!root)
        return root;
    const auto fingerprints = pki::rootFingerprints(root->certificate);
    if (!fingerprints || !fingerprints->contains(fingerprint))
        return core::fail(ErrorKind::Conflict, tried, entry, Say::tr("another root lies there by now"), Say::tr("Plan again."));
    return root;
}

QString issuingCommand(const QString &mesh)
{
    return QStringLiteral(
        "openssl req -newkey rsa:2048 -noenc -subj '/O=Catamaran/CN=%1' -keyout ca-key.pem -out ca.csr\n"
        "printf "
        "'basicConstraints=critical,CA:TRUE,pathlen:0\\nkeyUsage=critical,keyCertSign,cRLSign\\nsubjectAltName=DNS:istiod.istio-system."
        "svc\\n' > ca.ext\n"
        "openssl x509 -req -in ca.csr -CA root-cert.pem -CAkey root-key.pem -days 3650 -extfile ca.ext -out ca-cert.pem\n"
        "cat ca-cert.pem root-cert.pem > cert-chain.pem\n")
        .arg(mesh);
}

Result<IssuingCa> issueFor(const QString &mesh, const pki::Identity &root)
{
    const auto ca
        = pki::makeIssuingCa(root, mesh + QStringLiteral(" issuing CA"), QStringLiteral("istiod.istio-system.svc"), pki::KeyType::Rsa2048);
    if (!ca)
        return core::fail(ca.error());
    return IssuingCa { ca->certificate, ca->chain, root.certificate, ca->key };
}

} // namespace catamaran::mesh
