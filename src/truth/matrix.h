// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observedfleet.h"
#include "truth/proof.h"

#include <array>
#include <chrono>

/// The directed matrix of a fleet: every direction between two clusters in four layers, each with what it rests on and how old that is.
/// docs/design/truth.md says how each cell is judged. Values and pure functions.
namespace catamaran::truth {

enum class Layer { Discovery, Trust, Gateway, Request };
inline constexpr std::array allLayers { Layer::Discovery, Layer::Trust, Layer::Gateway, Layer::Request };
[[nodiscard]] QString layerName(Layer layer); ///< "discovery", "trust", "gateway", "request": for machines
[[nodiscard]] QString layerTitle(Layer layer); ///< for people

/// What a cell rests on. Only Proven may look like success.
enum class Basis {
    Nothing, ///< nobody looked, or nobody could
    Configured, ///< somebody's word or setting: a list that names the member, an address in a status
    Proven, ///< a request of a moment ago went that way
};
[[nodiscard]] QString basisName(Basis basis); ///< "nothing", "configured", "proven"

struct Cell {
    Layer layer = Layer::Discovery;
    observe::Health health = observe::Health::Unknown;
    Basis basis = Basis::Nothing;
    QString evidence; ///< one sentence with the facts
    QString source; ///< who said so: "GetCaCert of mesh-1", "cluster-1/default/sleep-7d… → http://helloworld:5000/hello"
    QDateTime at; ///< UTC, of the fact; null: there is none
    QString needs {}; ///< Unknown: what it would take to know
    QString latent {}; ///< it holds, and only until this happens: "until mesh-1 restarts"; empty: nothing is known against it
};

struct DirectionState {
    Direction direction;
    std::array<Cell, 4> cells; ///< in the order of Layer
    bool proven = false; ///< every cell is Ok, and a fresh request was answered from there
    observe::Health health = observe::Health::Unknown; ///< the worst that is known; Ok only when proven
    QDateTime provenAt {}; ///< of the newest request that was answered from there; null: never

    [[nodiscard]] const Cell &cell(Layer layer) const { return cells.at(size_t(layer)); }
    /// Configured and not contradicted: no cell failed or warns, and not proven.
    [[nodiscard]] bool isConfigured() const;
};

/// Counts for readiness. Every direction is in exactly one of proven, failed, stale, configured and unknown.
struct Summary {
    int total = 0, proven = 0, failed = 0, stale = 0, configured = 0, unknown = 0;
    int warnings = 0; ///< of the proven and configured ones, those with something to say against them (latent loss too)
    QDateTime newest {}; ///< of the proofs

    /// "6 of 8 directions proven, newest 4 s ago; 2 failed".
    [[nodiscard]] QString sentence(const QDateTime &now) const;
    /// Ok only when all are proven and nothing is to be said against any.
    [[nodiscard]] observe::Health health() const;
};

struct Matrix {
    QDateTime at;
    QStringList clusters; ///< in the order of the environment
    QList<DirectionState> directions; ///< each pair of two, row by row

    [[nodiscard]] const DirectionState *find(const QString &from, const QString &to) const;
    [[nodiscard]] Summary summary() const;
    [[nodiscard]] QJsonArray toJson() const; ///< "directions" of `matrix -o json`
};

/// How long what was seen counts as seen.
struct Ages {
    std::chrono::milliseconds proof { 60'000 }; ///< a proof older than this is stale
    std::chrono::milliseconds fact { 60'000 }; ///< something read, whose source is still asked
};

/// @p now: UTC. Nothing that is not in @p fleet or @p proofs is taken for known.
[[nodiscard]] Matrix judge(const observe::ObservedFleet &fleet, const Proofs &proofs, const Ages &ages, const QDateTime &now);

} // namespace catamaran::truth

Q_DECLARE_METATYPE(catamaran::truth::Matrix)
