// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mesh/provider.h"

#include <QJsonObject>

namespace catamaran::mesh {

/// On a mesh: the uid of the execution that made it. Absent where Catamaran did not, or one before this tag.
inline const QString ownerTag = QStringLiteral("catamaran.io/execution");

/// {CLUSTER: {"network","gateway"}}
[[nodiscard]] QJsonObject settingsToJson(const QMap<QString, NetworkSetting> &settings);

/// As arguments and states have it: "managed", "discovery-only", "unknown".
[[nodiscard]] QString modeName(Mode mode);
/// Unknown for any other word.
[[nodiscard]] Mode modeOf(const QString &name);

} // namespace catamaran::mesh
