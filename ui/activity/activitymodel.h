// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/plaintext.h"
#include "ui/operations/executions.h"

#include <QAbstractItemModel>

namespace catamaran::ui {

/// The journal: executions, newest first, and their steps.
class ActivityModel : public PlainModel<QAbstractItemModel> {
    Q_OBJECT
public:
    enum Columns { WhatColumn, TimeColumn, TargetColumn, StateColumn, DurationColumn, WhoColumn, COLUMN_COUNT };

    using PlainModel::PlainModel;
    /// Takes over what the journal has; rows that stay, stay.
    void setEntries(const QList<ExecutionEntry> &entries);
    /// Of the row itself, or of the execution whose step it is; null for no row.
    [[nodiscard]] const ExecutionEntry *entry(const QModelIndex &index) const;
    /// Null for an execution.
    [[nodiscard]] const StepEntry *step(const QModelIndex &index) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &child) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    /// Qt::UserRole: everything as one text, for the search.
    [[nodiscard]] QVariant value(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QList<ExecutionEntry> m_entries;

    [[nodiscard]] int rowOf(qint64 execution) const;
    void takeSteps(int row, const ExecutionEntry &entry);
    [[nodiscard]] QVariant executionValue(const ExecutionEntry &entry, int column, int role) const;
    [[nodiscard]] QVariant stepValue(const StepEntry &step, int column, int role) const;
};

/// A step as the exports have it.
struct ExportedStep {
    const ExecutionEntry &execution;
    const StepEntry &step;
};
/// One line per step with a header line (RFC 4180).
[[nodiscard]] QByteArray stepsToCsv(const QList<ExportedStep> &steps);
[[nodiscard]] QByteArray stepsToJson(const QList<ExportedStep> &steps);

} // namespace catamaran::ui
