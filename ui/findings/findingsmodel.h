// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/watch.h"
#include "ui/common/look.h"
#include "ui/common/plaintext.h"

#include <QAbstractTableModel>
#include <QIcon>

namespace catamaran::ui {

/// A line of the list: one finding, or all rules that could not be asked for the same reason.
struct FindingRow {
    QString id; ///< of the finding; of rules that could not be asked their remedy
    findings::Finding finding; ///< of those that could not be asked the first
    QDateTime since; ///< first seen while the console was there, UTC
    int unasked = 0; ///< rules that could not be asked; 0: it is a finding

    [[nodiscard]] bool isUnasked() const { return unasked > 0; }
};

// What people read of a finding. Pure.
[[nodiscard]] QString findingTitle(const findings::Finding &finding); ///< what the rule demands
[[nodiscard]] QString findingPlace(const findings::Finding &finding); ///< "cluster-1: Service shop/cart"
[[nodiscard]] QString findingDirection(const findings::Finding &finding); ///< "cluster-1 → every other"; empty
[[nodiscard]] QString findingLayer(findings::Layer layer);
[[nodiscard]] QString findingState(const FindingRow &row); ///< "failed", "accepted", "not asked"
[[nodiscard]] Look findingLook(const FindingRow &row);
[[nodiscard]] QIcon findingIcon(Look look); ///< its shape, in the application's colours
[[nodiscard]] QList<FindingRow> findingRows(
    const findings::Judgement &judgement); ///< worst first, accepted after those that count, then the unasked
[[nodiscard]] QString unaskedText(int rules); ///< "4 rules could not be asked"
[[nodiscard]] QString findingAsText(const FindingRow &row);
[[nodiscard]] QByteArray findingsToCsv(const QList<FindingRow> &rows);
[[nodiscard]] QByteArray findingsToJson(const QList<FindingRow> &rows);
/// "3 failed, 1 old, 2 warnings, 1 accepted; 4 rules could not be asked"
[[nodiscard]] QString countsText(const findings::Judgement::Counts &counts);

/// What was found, worst first. Updated in place: what stays chosen stays where it is.
class FindingsModel : public PlainModel<QAbstractTableModel> {
    Q_OBJECT
public:
    enum Columns { StateColumn, FindingColumn, WhereColumn, DirectionColumn, LayerColumn, SinceColumn, COLUMN_COUNT };
    enum Roles { SearchRole = Qt::UserRole, StateRole };
    enum class Kind { Open, Failed, Warning, Accepted, Unasked }; ///< StateRole, as int; Open is none of them

    using PlainModel::PlainModel;
    void setRows(const QList<FindingRow> &rows);
    [[nodiscard]] const FindingRow &row(int row) const { return m_rows.at(row); }
    [[nodiscard]] int indexOf(const QString &id) const; ///< -1: there is none
    void tick(); ///< ages go on

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

protected:
    [[nodiscard]] QVariant value(const QModelIndex &index, int role) const override;

private:
    QList<FindingRow> m_rows;
};

} // namespace catamaran::ui
