// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/database.h"
#include "ui/common/plaintext.h"

#include <QAbstractTableModel>

namespace catamaran::ui {

/// Kept drill results (documents of kind "drill"), newest first.
class DrillHistoryModel : public PlainModel<QAbstractTableModel> {
    Q_OBJECT
public:
    enum Columns { TimeColumn, DrillColumn, VerdictColumn, RecoveryColumn, FailedColumn, RestoredColumn, COLUMN_COUNT };

    using PlainModel::PlainModel;
    void setDocuments(const QList<store::Document> &documents);
    [[nodiscard]] const store::Document &document(int row) const { return m_documents.at(row); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant value(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QList<store::Document> m_documents;
};

/// "pass" as people read it.
[[nodiscard]] QString verdictWord(const QString &verdict);

} // namespace catamaran::ui
