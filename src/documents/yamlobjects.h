// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QJsonObject>
#include <QList>

/// YAML that somebody else defines (manifests, a mesh's own configuration) as JSON objects.
namespace catamaran::documents {

struct YamlObject {
    QJsonObject object;
    int line = 0; ///< where it begins, from 1
};

/// How much of it is taken.
struct YamlBounds {
    qint64 bytes = 1024 * 1024;
    int values = 20'000;
};

/// The documents of @p text that are not empty; a plain scalar has the type that YAML's core schema gives it. InvalidInput, with
/// @p tried and "<origin>:<line>", for what is no map, beyond @p bounds, deeper than 64 or has more than 1,000 documents. Pure.
[[nodiscard]] core::Result<QList<YamlObject>> yamlObjects(
    const QByteArray &text, const QString &origin, const QString &tried, const YamlBounds &bounds = {});

} // namespace catamaran::documents
