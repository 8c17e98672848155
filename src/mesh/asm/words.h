// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mesh/controlplane.h"

#include <QJsonObject>

namespace catamaran::mesh {

/// {CLUSTER: {"network","gateway"}}
[[nodiscard]] QJsonObject settingsToJson(const QMap<QString, NetworkSetting> &settings);

/// As arguments and states have it: "managed", "discovery-only", "unknown".
[[nodiscard]] QString modeName(Mode mode);
/// Unknown for any other word.
[[nodiscard]] Mode modeOf(const QString &name);

} // namespace catamaran::mesh
