// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDateTime>
#include <QString>

namespace catamaran::ops {

/// A process that carries out an execution.
struct Owner {
    QString host;
    QString boot; ///< the machine's boot id and the namespace that pid counts in: only within both the process table decides
    qint64 pid = 0;
    qint64 started = 0; ///< the process's start in clock ticks since boot, so that a pid used again is another process

    bool operator==(const Owner &) const = default;
    /// This process.
    [[nodiscard]] static const Owner &self();
    /// "process 4711 on atlas"
    [[nodiscard]] QString text() const;
};

/// How long a process that cannot be looked up may be silent.
inline constexpr int silentOwnerMs = 30000;

/// Whether @p owner is there: by the process table where that is ours, else by a @p heartbeat of the last 30 s (one from the
/// future is taken for alive). Reads /proc.
[[nodiscard]] bool isAlive(const Owner &owner, const QDateTime &heartbeat, const QDateTime &now);

} // namespace catamaran::ops
