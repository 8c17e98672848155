// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/operations.h"

#include <QJsonArray>

namespace catamaran::mesh {

ops::Operation takeRoot(const RootWish &root)
{
    QJsonObject arguments { { QStringLiteral("name"), root.name } };
    if (root.shared)
        arguments.insert(QStringLiteral("shared"), true);
    if (!root.meshes.isEmpty())
        arguments.insert(QStringLiteral("meshes"), QJsonArray::fromStringList(root.meshes));
    return { QStringLiteral("trust.takeRoot"), arguments };
}

ops::Operation compareRoots(const QStringList &meshes)
{
    return { QStringLiteral("trust.compareRoots"), { { QStringLiteral("meshes"), QJsonArray::fromStringList(meshes) } } };
}

} // namespace catamaran::mesh
