// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/trustroot.h"

#include <QCoreApplication>

#include <algorithm>

namespace catamaran::fleet {

using core::ErrorKind;
using core::Result;
using core::Secret;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(TrustRoot)
};

const QByteArray certificateEnd = QByteArrayLiteral("-----END CERTIFICATE-----\n");

/// The mesh that does not have @p root among its roots; empty when all do.
QString strangerOf(const pki::Identity &root, const QList<mesh::MeshStatus> &meshes)
{
    const auto own = pki::rootFingerprints(root.certificate);
    for (const mesh::MeshStatus &mesh : meshes)
        if (!mesh.rootFingerprints.isEmpty() && (!own || !pki::shareARoot(*own, mesh.rootFingerprints)))
            return mesh.name;
    return {};
}

/// The roots that every mesh has whose roots are known.
QStringList commonRoots(const QList<mesh::MeshStatus> &meshes)
{
    std::optional<QSet<QString>> common;
    for (const mesh::MeshStatus &mesh : meshes)
        if (!mesh.rootFingerprints.isEmpty())
            common = common ? *common & mesh.rootFingerprints : mesh.rootFingerprints;
    QStringList sorted = common ? common->values() : QStringList();
    sorted.sort();
    return sorted;
}

/// What can be done in the cloud's own console, where the provider's hidden reuse of a root is offered.
QString consoleRemedy(const QString &mesh)
{
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

QStringList rootEntries(const MakeRoot &wish, const QList<mesh::MeshStatus> &meshes)
{
    if (wish.shared)
        return { namedRootEntry(wish.rootName) };
    QStringList entries;
    for (const QString &fingerprint : commonRoots(meshes))
        entries << ownRootEntry(fingerprint);
    // A name alone leads to the root of any environment: it is followed where the meshes say whether it is theirs.
    if (!entries.isEmpty())
        entries << namedRootEntry(wish.rootName);
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

Result<pki::Identity> takeRoot(const MakeRoot &wish, const QList<mesh::MeshStatus> &meshes, store::SecretStore &secrets,
    std::stop_token stop, const std::function<Result<core::Done>(const QString &, const std::function<Result<core::Done>()> &)> &onWrite)
{
    const auto read = [&](const QString &entry) { return core::await(secrets.read(entry, stop), stop); };
    /// Never over another one; read back, for somebody may have kept one in this moment.
    const auto keep = [&](const QString &entry, const pki::Identity &root) -> Result<core::Done> {
        return onWrite(entry, [&]() -> Result<core::Done> {
            const Secret packed = packRoot(root);
            const auto before = read(entry);
            if (!before && before.error().kind != ErrorKind::NotFound)
                return core::fail(before.error());
            if (!before) {
                if (const auto written = core::await(secrets.write(entry, packed, stop), stop); !written)
                    return written;
            }
            const auto kept = before ? before : read(entry);
            if (!kept)
                return core::fail(kept.error());
            if (kept->reveal() != packed.reveal())
                return core::fail(ErrorKind::Conflict, Say::tr("keep the trust root"), entry,
                    Say::tr("another root lies there by now, and is not written over"), Say::tr("Apply again to use that one."));
            return core::Done {};
        });
    };

    for (const QString &entry : rootEntries(wish, meshes)) {
        const auto packed = read(entry);
        if (!packed && packed.error().kind == ErrorKind::NotFound)
            continue;
        if (!packed)
            return core::fail(packed.error());
        auto root = unpackRoot(*packed, entry);
        if (!root)
            return root;
        const QString stranger = strangerOf(*root, meshes);
        if (!stranger.isEmpty() && !wish.shared)
            continue; // another environment's, of the same name
        if (!stranger.isEmpty())
            return core::fail(ErrorKind::Precondition, Say::tr("use the trust root"), entry,
                Say::tr("%1 has another root than the one in the keyring").arg(stranger), consoleRemedy(stranger));
        if (wish.shared || entry != namedRootEntry(wish.rootName))
            return root;
        // Of an earlier version, and theirs.
        const auto fingerprints = pki::rootFingerprints(root->certificate);
        if (!fingerprints)
            return core::fail(fingerprints.error());
        if (const auto kept = keep(ownRootEntry(*fingerprints->begin()), *root); !kept)
            return core::fail(kept.error());
        return root;
    }
    for (const mesh::MeshStatus &mesh : meshes) {
        if (mesh.rootFingerprints.isEmpty() && mesh.rootError.isEmpty())
            continue;
        const QString tried = Say::tr("use the trust root");
        if (mesh.rootFingerprints.isEmpty())
            return core::fail(ErrorKind::Precondition, tried, mesh.name,
                Say::tr("its root could not be read, so nobody knows which key made it: %1").arg(mesh.rootError), Say::tr("Try again."));
        // A mesh that exists got its authority from a root whose key is gone: the cloud never gives one back.
        return core::fail(ErrorKind::Precondition, tried, ownRootEntry(*mesh.rootFingerprints.begin()),
            secrets.keeping() != store::Keeping::ThisRun
                ? Say::tr("%1 exists already, but the keyring does not have the key of its root").arg(mesh.name)
                : Say::tr("%1 exists already, and the key of its root was kept only as long as the program ran that "
                          "made it, because no keyring answers")
                      .arg(mesh.name),
            consoleRemedy(mesh.name));
    }
    auto root = pki::makeRoot(wish.rootName, pki::KeyType::Rsa4096);
    if (!root)
        return root;
    const auto fingerprints = pki::rootFingerprints(root->certificate);
    if (!fingerprints)
        return core::fail(fingerprints.error());
    const QString entry = wish.shared ? namedRootEntry(wish.rootName) : ownRootEntry(*fingerprints->begin());
    if (const auto kept = keep(entry, *root); !kept)
        return core::fail(kept.error());
    return root;
}

QString whatCannotBeResumed(const Plan &plan, store::Keeping keeping)
{
    if (keeping != store::Keeping::ThisRun)
        return {};
    const bool makesARoot = std::any_of(
        plan.steps.begin(), plan.steps.end(), [](const PlanStep &step) { return std::holds_alternative<MakeRoot>(step.action); });
    if (!makesARoot)
        return {};
    return Say::tr("No keyring answers: the key of the root lives only as long as this program. If it is interrupted before the last mesh is "
                   "made, it cannot be resumed, and no mesh can ever be added: the fleet would have to be destroyed and applied anew. "
                   "Start a keyring first if that matters.");
}

Result<mesh::IssuingCa> issueFor(const QString &mesh, const pki::Identity &root)
{
    const auto ca
        = pki::makeIssuingCa(root, mesh + QStringLiteral(" issuing CA"), QStringLiteral("istiod.istio-system.svc"), pki::KeyType::Rsa2048);
    if (!ca)
        return core::fail(ca.error());
    return mesh::IssuingCa { ca->certificate, ca->chain, root.certificate, ca->key };
}

} // namespace catamaran::fleet
