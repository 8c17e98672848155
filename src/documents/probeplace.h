// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/environment.h"

/// Where probes may stand, as it is written into an environment file.
namespace catamaran::documents {

/// "probe: { image: …, namespace: … }": one line without its end. Pure.
[[nodiscard]] QByteArray probeYaml(const ProbePlace &place);

/// The text @p yaml of an environment file with @p place in it: one line is added below "spec:", or takes the place of such a line;
/// comments and all else stay. Precondition where it is written so that this cannot be done: the remedy is the line to write. Pure.
[[nodiscard]] core::Result<QByteArray> withProbePlace(const QByteArray &yaml, const QString &file, const ProbePlace &place);

/// The same in the file itself, which is written anew as a whole or not at all.
[[nodiscard]] core::Result<core::Done> saveProbePlace(const QString &file, const ProbePlace &place);

} // namespace catamaran::documents
