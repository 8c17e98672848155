// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonObject>
#include <QString>

namespace catamaran::observe {

/// A namespace that Catamaran made says so in this label.
inline const QString ownerLabel = QStringLiteral("app.kubernetes.io/managed-by");
inline const QString ownerName = QStringLiteral("catamaran");

/// The namespace @p ns as Catamaran makes it.
[[nodiscard]] inline QJsonObject namespaceObject(const QString &ns)
{
    return { { QStringLiteral("apiVersion"), QStringLiteral("v1") }, { QStringLiteral("kind"), QStringLiteral("Namespace") },
        { QStringLiteral("metadata"),
            QJsonObject { { QStringLiteral("name"), ns }, { QStringLiteral("labels"), QJsonObject { { ownerLabel, ownerName } } } } } };
}

} // namespace catamaran::observe
