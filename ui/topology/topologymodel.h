// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/fleetview.h"
#include "truth/matrix.h"
#include "ui/common/plaintext.h"

#include <QAbstractItemModel>

#include <memory>

namespace catamaran::ui {

/// The map as a tree: trust root, meshes with their members, networks with clusters, gateways and workloads. Follows
/// setFleet() with exact inserts, removes and changes, so that selection and scroll position stay.
class TopologyModel : public PlainModel<QAbstractItemModel> {
    Q_OBJECT
public:
    enum Columns { NameColumn, StateColumn, DetailColumn, COLUMN_COUNT };
    enum Roles { IdRole = Qt::UserRole + 1, LookRole, GlyphRole }; ///< LookRole: int(Look)

    explicit TopologyModel(QObject *parent = nullptr);
    ~TopologyModel() override;

    void setFleet(const observe::FleetView &view, const QMap<QString, QString> &faults = {}, const truth::Matrix &matrix = {});
    /// The row of an object (its first, for clusters that also stand under a mesh: the one in its network).
    [[nodiscard]] QModelIndex indexOf(const QString &objectId) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &child) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant value(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Node;
    void merge(Node &old, Node &fresh);
    [[nodiscard]] QModelIndex indexOf(const Node &node, int column = 0) const;
    [[nodiscard]] Node *nodeOf(const QModelIndex &index) const;
    std::unique_ptr<Node> m_root;
};

} // namespace catamaran::ui
