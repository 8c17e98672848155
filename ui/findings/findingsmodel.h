// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/preflight.h"
#include "ui/common/plaintext.h"

#include <QAbstractTableModel>

namespace catamaran::ui {

/// Judged facts, the worst first.
class FindingsModel : public PlainModel<QAbstractTableModel> {
    Q_OBJECT
public:
    enum Columns { StateColumn, WhereColumn, TitleColumn, EvidenceColumn, COLUMN_COUNT };

    using PlainModel::PlainModel;
    void setFindings(QList<fleet::Finding> findings);
    [[nodiscard]] const fleet::Finding &finding(int row) const { return m_findings.at(row); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant value(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QList<fleet::Finding> m_findings;
};

} // namespace catamaran::ui
