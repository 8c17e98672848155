// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/trustroot.h"

#include <QCoreApplication>

namespace catamaran::fleet {

using core::ErrorKind;
using core::Result;
using core::Secret;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(TrustRoot)
};

const QByteArray certificateEnd = QByteArrayLiteral("-----END CERTIFICATE-----\n");

/// The mesh whose root @p root is not; empty when it fits all.
QString strangerOf(const pki::Identity &root, const QList<mesh::MeshStatus> &meshes)
{
    const auto own = pki::rootFingerprints(root.certificate);
    for (const mesh::MeshStatus &mesh : meshes)
        if (!mesh.rootFingerprints.isEmpty() && (!own || !pki::sameRoots(*own, mesh.rootFingerprints)))
            return mesh.name;
    return {};
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

QString rootEntry(const QString &rootName)
{
    return QStringLiteral("catamaran/root/") + rootName;
}

Secret packRoot(const pki::Identity &root)
{
    return Secret(root.certificate.trimmed() + '\n' + root.key.reveal());
}

Result<pki::Identity> unpackRoot(const Secret &packed, const QString &rootName)
{
    const qsizetype end = packed.reveal().indexOf(certificateEnd);
    pki::Identity root;
    if (end > 0) {
        root.certificate = packed.reveal().left(end + certificateEnd.size());
        root.key = Secret(packed.reveal().mid(end + certificateEnd.size()));
    }
    if (root.certificate.isEmpty() || !pki::keyMatches(root.certificate, root.key))
        return core::fail(ErrorKind::Storage, Say::tr("read the trust root"), rootEntry(rootName),
            Say::tr("the keyring's entry holds no certificate with its key"),
            Say::tr("Remove the entry from the keyring if no mesh uses it."));
    return root;
}

Result<pki::Identity> takeRoot(const QString &rootName, const QList<mesh::MeshStatus> &meshes, store::SecretStore &secrets,
    std::stop_token stop, const std::function<Result<core::Done>(std::function<Result<core::Done>()>)> &onWrite)
{
    const QString entry = rootEntry(rootName);
    const auto packed = core::await(secrets.read(entry, stop), stop);
    if (packed) {
        auto root = unpackRoot(*packed, rootName);
        if (!root)
            return root;
        if (const QString stranger = strangerOf(*root, meshes); !stranger.isEmpty())
            return core::fail(ErrorKind::Precondition, Say::tr("use the trust root"), entry,
                Say::tr("%1 has another root than the one in the keyring").arg(stranger), consoleRemedy(stranger));
        return root;
    }
    if (packed.error().kind != ErrorKind::NotFound)
        return core::fail(packed.error());
    for (const mesh::MeshStatus &mesh : meshes) {
        if (mesh.rootFingerprints.isEmpty() && mesh.rootError.isEmpty())
            continue;
        // A mesh that exists got its authority from a root whose key is gone: the cloud never gives one back.
        return core::fail(ErrorKind::Precondition, Say::tr("use the trust root"), entry,
            secrets.isPersistent() ? Say::tr("%1 exists already, but the keyring does not have the key of its root").arg(mesh.name)
                                   : Say::tr("%1 exists already, and the key of its root was kept only as long as the program ran that "
                                             "made it, because no keyring answers")
                                         .arg(mesh.name),
            consoleRemedy(mesh.name));
    }
    auto root = pki::makeRoot(rootName, pki::KeyType::Rsa4096);
    if (!root)
        return root;
    const auto kept = onWrite([&] { return core::await(secrets.write(entry, packRoot(*root), stop), stop); });
    if (!kept)
        return core::fail(kept.error());
    return root;
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
