// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/providers.h"

#include "mesh/asm/asmkind.h"
#include "mesh/comparerootskind.h"
#include "mesh/say.h"
#include "mesh/takerootkind.h"

#include <algorithm>

namespace catamaran::mesh {

namespace {

const QString istio = QStringLiteral("istio");

} // namespace

const QList<const ProviderKind *> &providerKinds()
{
    static const QList<const ProviderKind *> kinds { &asmKind() }; // the first is the default
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
    return names << istio;
}

std::optional<core::Error> whyNoProvider(const QString &tried, const QString &mesh, const QString &name)
{
    if (providerKind(name))
        return std::nullopt;
    QStringList here;
    for (const ProviderKind *kind : providerKinds())
        here << kind->name();
    return core::Error::make(core::ErrorKind::Unsupported, tried, mesh,
        name == istio ? Say::tr("meshes of the provider %1 are not here yet").arg(name)
                      : Say::tr("there is no provider “%1”").arg(name.left(60)),
        Say::tr("Use one of these: %1.").arg(here.join(QStringLiteral(", "))));
}

QString addAccountRemedy()
{
    QStringList sections;
    for (const ProviderKind *kind : providerKinds())
        sections << kind->words().section;
    return Say::tr("Add %1 to the environment file.").arg(sections.join(QStringLiteral(", ")));
}

std::vector<std::unique_ptr<const ops::Kind>> meshKinds()
{
    std::vector<std::unique_ptr<const ops::Kind>> kinds;
    for (const ProviderKind *provider : providerKinds())
        for (auto &kind : provider->kinds())
            kinds.push_back(std::move(kind));
    kinds.push_back(makeTrustTakeRoot());
    kinds.push_back(makeTrustCompareRoots({ [](const QString &id) { return providerKinds().first()->rootCall(id); },
        [](const MeshStatus &mesh) { return kindOf(mesh).words().rootCall; } }));
    return kinds;
}

} // namespace catamaran::mesh
