// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/providers.h"

#include "mesh/asm/asmkind.h"
#include "mesh/comparerootskind.h"
#include "mesh/istio/byhand.h"
#include "mesh/istio/istiokind.h"
#include "mesh/istio/remotesecret.h"
#include "mesh/say.h"
#include "mesh/takerootkind.h"

#include <algorithm>

namespace catamaran::mesh {

const QList<const ProviderKind *> &providerKinds()
{
    static const QList<const ProviderKind *> kinds { &asmKind(), &istioKind() }; // the first is the default
    return kinds;
}

const ProviderKind *providerKind(const QString &name)
{
    const auto &kinds = providerKinds();
    const auto found
        = std::find_if(kinds.begin(), kinds.end(), [&](const ProviderKind *kind) { return name.isEmpty() || kind->name() == name; });
    return found == kinds.end() ? nullptr : *found;
}

const ProviderKind &kindOf(const MeshStatus &mesh)
{
    const ProviderKind *kind = providerKind(mesh.provider);
    return kind ? *kind : *providerKinds().first();
}

ProviderWords wordsOf(const QString &provider)
{
    const ProviderKind *kind = providerKind(provider);
    return (kind ? kind : providerKinds().first())->words();
}

QStringList providerNames()
{
    QStringList names;
    for (const ProviderKind *kind : providerKinds())
        names << kind->name();
    return names;
}

std::optional<core::Error> whyNoProvider(const QString &tried, const QString &mesh, const QString &name)
{
    if (providerKind(name))
        return std::nullopt;
    QStringList here;
    for (const ProviderKind *kind : providerKinds())
        here << kind->name();
    return core::Error::make(core::ErrorKind::Unsupported, tried, mesh, Say::tr("there is no provider “%1”").arg(name.left(60)),
        Say::tr("Use one of these: %1.").arg(here.join(QStringLiteral(", "))));
}

QString addAccountRemedy()
{
    QStringList sections;
    for (const ProviderKind *kind : providerKinds())
        if (kind->needsAccount())
            sections << kind->words().section;
    return Say::tr("Add %1 to the environment file.").arg(sections.join(QStringLiteral(", ")));
}

bool isByHand(const ops::Operation &operation)
{
    return istio::isByHand(operation.kind);
}

std::optional<ops::Target> objectOf(const ops::Operation &operation)
{
    return istio::objectOf(operation);
}

std::vector<std::unique_ptr<const ops::Kind>> meshKinds()
{
    std::vector<std::unique_ptr<const ops::Kind>> kinds;
    for (const ProviderKind *provider : providerKinds())
        for (auto &kind : provider->kinds())
            kinds.push_back(std::move(kind));
    kinds.push_back(makeTrustTakeRoot());
    // The ids of meshes in clusters name the cluster and a namespace.
    const auto kindOfId = [](const QString &id) { return id.contains(u'/') ? &istioKind() : providerKinds().first(); };
    kinds.push_back(makeTrustCompareRoots({ [kindOfId](const QString &id) { return kindOfId(id)->rootCall(id); },
        [](const MeshStatus &mesh) { return kindOf(mesh).words().rootCall; } }));
    return kinds;
}

} // namespace catamaran::mesh
