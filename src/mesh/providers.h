// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mesh/providerkind.h"

/// Which providers there are. The only place that names them all.
namespace catamaran::mesh {

[[nodiscard]] const QList<const ProviderKind *> &providerKinds();
/// Of @p name, or the default when it is empty; null when this program has none of that name.
[[nodiscard]] const ProviderKind *providerKind(const QString &name);
/// The same for facts that were read by one: never null.
[[nodiscard]] const ProviderKind &kindOf(const MeshStatus &mesh);
[[nodiscard]] ProviderWords wordsOf(const QString &provider);
/// What a Fleet document may name.
[[nodiscard]] QStringList providerNames();
/// Why no mesh of the provider @p name can be made or read: Unsupported. nullopt: it can.
[[nodiscard]] std::optional<core::Error> whyNoProvider(const QString &tried, const QString &mesh, const QString &name);
/// Which section an environment without an account lacks.
[[nodiscard]] QString addAccountRemedy();

/// Whether @p operation is shown in plans and done by hand, for Catamaran does not do it (yet): no plan that holds one is carried out.
[[nodiscard]] bool isByHand(const ops::Operation &operation);
/// The object of a cluster that a provider's @p operation is about; nullopt: about none, or none that could be others'.
[[nodiscard]] std::optional<ops::Target> objectOf(const ops::Operation &operation);

/// Everything this program changes at meshes and at the root that they share: each provider's kinds, and trust.*. What each takes
/// and promises stands in its own header.
[[nodiscard]] std::vector<std::unique_ptr<const ops::Kind>> meshKinds();

} // namespace catamaran::mesh
