// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observedfleet.h"
#include "truth/proof.h"

#include <QJsonArray>
#include <QSet>

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

/// Health is Ok only on the basis of a proof. What is configured and not contradicted is Unknown, with the basis Configured.
struct Cell {
    Layer layer = Layer::Discovery;
    observe::Health health = observe::Health::Unknown;
    Basis basis = Basis::Nothing;
    QString evidence {}; ///< one sentence with the facts
    QString source {}; ///< who said so: "the root of mesh-1", "cluster-1/default/sleep-7d… → http://helloworld:5000/hello"
    QDateTime at {}; ///< UTC, of the fact; null: there is none
    QString needs {}; ///< not proven: what it would take to know
    QString latent {}; ///< it works, and only until this happens: "until mesh-1 restarts"; such a cell warns

    /// As configured, and nothing against it.
    [[nodiscard]] bool isConfigured() const { return health == observe::Health::Unknown && basis == Basis::Configured; }
};

/// What is known of a direction as a whole; it is in exactly one of these.
enum class Standing {
    Proven, ///< a fresh request was answered from there, and no cell failed, is stale or without any basis
    Failed,
    Stale, ///< what was proven has grown old, or is the word of a source that does not answer any more
    Configured, ///< all is set up as it has to be, as far as settings tell
    Unknown,
};
[[nodiscard]] QString standingName(Standing standing); ///< "proven", "failed", "stale", "configured", "unknown"

struct DirectionState {
    Direction direction;
    std::array<Cell, 4> cells; ///< in the order of Layer
    Standing standing = Standing::Unknown;
    observe::Health health = observe::Health::Unknown; ///< Failed, else Warning, else Stale where a cell is; Ok when proven; else Unknown
    std::optional<bool> isOneNetwork {}; ///< whether both are on one network; nullopt: it is not known
    QDateTime provenAt {}; ///< of the newest request that was answered from there; null: never

    [[nodiscard]] const Cell &cell(Layer layer) const { return cells.at(size_t(layer)); }
    [[nodiscard]] bool isProven() const { return standing == Standing::Proven; }
    /// The cell that decides: the first that failed, warns, is stale or unknown, in this order; of a proven one the request.
    [[nodiscard]] const Cell &decisive() const;
};

/// Counts for readiness, by standing.
struct Summary {
    int total = 0, proven = 0, failed = 0, stale = 0, configured = 0, unknown = 0;
    int warnings = 0; ///< of those that did not fail: with something to say against them (latent loss too)
    QDateTime newest {}; ///< of the answers that crossed

    /// "6 of 8 directions proven, newest 4 s ago; 2 failed".
    [[nodiscard]] QString sentence(const QDateTime &now) const;
    /// Ok only when there are directions, all are proven, and nothing is to be said against any.
    [[nodiscard]] observe::Health health() const;
};

struct Matrix {
    QDateTime at;
    QStringList clusters; ///< in the order of the environment
    QList<DirectionState> directions; ///< each pair of two, row by row

    [[nodiscard]] const DirectionState *find(const QString &from, const QString &to) const;
    [[nodiscard]] Summary summary() const;
    /// "directions" of `matrix -o json`; "proven" is true only where nothing warns either.
    [[nodiscard]] QJsonArray toJson() const;
};

/// How long what was seen counts as seen.
struct Ages {
    std::chrono::milliseconds proof { 60'000 }; ///< a proof older than this is stale
    std::chrono::milliseconds fact { 60'000 }; ///< what an account told, which is asked again and again
};

/// What is another in one matrix than in the one before; times alone are no difference, but for a proof's.
struct MatrixDelta {
    bool all = false; ///< it is of other clusters
    QSet<QString> clusters {}; ///< ends of the directions that differ
};
[[nodiscard]] MatrixDelta deltaOf(const Matrix &before, const Matrix &after);

/// @p now: UTC. Nothing that is not in @p fleet or @p proofs is taken for known.
[[nodiscard]] Matrix judge(const observe::ObservedFleet &fleet, const Proofs &proofs, const Ages &ages, const QDateTime &now);
/// The same where only what was observed of @p clusters themselves (no mesh, no network, no proof) has changed since @p before: their
/// directions are judged, all others are as they were.
[[nodiscard]] Matrix judgeAgain(const Matrix &before, const QSet<QString> &clusters, const observe::ObservedFleet &fleet,
    const Proofs &proofs, const Ages &ages, const QDateTime &now);

} // namespace catamaran::truth

Q_DECLARE_METATYPE(catamaran::truth::Matrix)
