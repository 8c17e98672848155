// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/fleetview.h"
#include "ui/common/look.h"

#include <QHash>

#include <optional>

/// What the matrix says of the parts of the map. Values.
namespace catamaran::ui {

/// One direction as a part of the map stands for it: the whole of it, or one of its layers.
struct DirectionLine {
    truth::Direction direction;
    Look look = Look::Unknown;
    bool whole = false; ///< @c cell is the one that decides how the direction looks
    truth::Cell cell;

    /// "cluster-1 → cluster-2: proven, 4 s ago. …".
    [[nodiscard]] QString text(const QDateTime &now) const;
};

struct PartTruth {
    Look look = Look::Configured; ///< the worst of its directions; without any it is only configured
    int total = 0, failed = 0; ///< directions
    bool allFailed = false; ///< there are some
    QList<DirectionLine> lines; ///< the worst first, at most mostLines
    static constexpr int mostLines = 6;

    [[nodiscard]] QString text(const QDateTime &now) const;
};

/// Which directions each part stands for. An answer costs what that part has of them. On one thread.
class MapTruth {
public:
    MapTruth() = default; ///< nothing is proven
    MapTruth(const observe::FleetView &view, const truth::Matrix &matrix);
    /// The same matrix, and the fleet as it is now.
    void setView(const observe::FleetView &view) { m_view = view; }
    /// The same fleet, and a matrix of the same clusters that differs in @p delta.
    void setMatrix(const truth::Matrix &matrix, const truth::MatrixDelta &delta);

    /// Requests from the clusters that the gateway of @p from stands for to those of @p to: its own, and those of its network
    /// that have none.
    [[nodiscard]] PartTruth cross(const QString &from, const QString &to) const;
    /// Requests from any cluster of one network to any of another.
    [[nodiscard]] PartTruth crossNetworks(const QString &from, const QString &to) const;
    /// What the clusters that @p mesh manages know of @p cluster; of one of these, what it knows of the others.
    [[nodiscard]] PartTruth member(const QString &mesh, const QString &cluster) const;
    /// Whether the other networks reach the gateway of @p cluster.
    [[nodiscard]] PartTruth gateway(const QString &cluster) const;
    /// Those who do not reach that gateway are not reached either: what is cut is the network between them.
    [[nodiscard]] bool isCut(const QString &cluster) const;
    /// Discovery of the clusters that @p mesh manages. Never Ok: that its control plane runs now is its provider's word.
    [[nodiscard]] PartTruth mesh(const QString &mesh) const;
    /// Trust, of all or of the clusters that @p mesh manages.
    [[nodiscard]] PartTruth trust(const QString &mesh = {}) const;
    /// Every direction from and to @p cluster.
    [[nodiscard]] PartTruth cluster(const QString &cluster) const;
    /// Of a cluster and what it runs, as its API server says; a warning as well when a direction from or to it is not well.
    [[nodiscard]] Look look(const observe::ObservedCluster &cluster) const;
    /// Of a network: its clusters, and every direction from and to them.
    [[nodiscard]] Look look(const observe::FleetView &view, const QStringList &clusters) const;

private:
    using Those = QList<int>; ///< indexes of directions
    [[nodiscard]] PartTruth gathered(const Those &those, std::optional<truth::Layer> layer) const;
    void add(Those &those, const QString &from, const QString &to) const;
    [[nodiscard]] Those between(const QStringList &from, const QStringList &to) const;
    [[nodiscard]] Those ofCluster(const QString &cluster) const;
    [[nodiscard]] Those toGateway(const QString &cluster) const;
    [[nodiscard]] QStringList standsFor(const QString &gateway) const;
    [[nodiscard]] QStringList managedBy(const QString &mesh) const;
    /// The worst of all directions from and to @p cluster; nullopt: there is none.
    [[nodiscard]] std::optional<Look> worst(const QString &cluster) const;

    observe::FleetView m_view;
    truth::Matrix m_matrix;
    QHash<QString, int> m_rows; ///< of the matrix, by cluster
    QHash<truth::Direction, int> m_sparse; ///< of a matrix that has not each pair
    mutable QHash<QString, std::optional<Look>> m_worst; ///< of the matrix alone: kept while the fleet changes
};

} // namespace catamaran::ui
