// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/look.h"
#include "ui/common/plaintext.h"

#include <QAbstractTableModel>

namespace catamaran::ui {

/// The matrix as a table: rows send, columns answer. A cluster to itself is no direction: that cell is empty and cannot be chosen.
class MatrixModel : public PlainModel<QAbstractTableModel> {
    Q_OBJECT
public:
    /// LookRole: int(Look). LayersRole: a list of four of them. AgeRole: "4 s ago", empty when nothing was seen.
    enum Roles { LookRole = Qt::UserRole + 1, LayersRole, AgeRole };

    using PlainModel::PlainModel;
    /// The same clusters: cells change in place, and who is chosen stays.
    void setMatrix(const truth::Matrix &matrix);
    [[nodiscard]] const truth::Matrix &matrix() const { return m_matrix; }
    /// Null for a cluster to itself.
    [[nodiscard]] const truth::DirectionState *direction(const QModelIndex &index) const;
    [[nodiscard]] QModelIndex indexOf(const truth::Direction &direction) const;
    /// The next direction after @p index, row by row and around, that is not proven; invalid when all are.
    [[nodiscard]] QModelIndex nextUnproven(const QModelIndex &index) const;
    /// Ages go on.
    void setNow(const QDateTime &now);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    [[nodiscard]] QVariant value(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    truth::Matrix m_matrix;
    QList<int> m_at; ///< by row and column: where in the matrix's directions; -1: nowhere
    QDateTime m_now;
};

/// One line for each layer, with everything that is known: for spreadsheets.
[[nodiscard]] QByteArray matrixToCsv(const truth::Matrix &matrix);
/// For people: a line per direction and under it one per layer. @p only: of one direction.
[[nodiscard]] QString matrixToText(const truth::Matrix &matrix, const QDateTime &now, const truth::Direction &only = {});
/// The array of `matrix -o json`. @p only: with one direction.
[[nodiscard]] QByteArray matrixToJson(const truth::Matrix &matrix, const truth::Direction &only = {});

} // namespace catamaran::ui
