// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/database.h"
#include "ui/common/plaintext.h"

#include <QAbstractTableModel>

namespace catamaran::ui {

/// The journal, newest first.
class ActivityModel : public PlainModel<QAbstractTableModel> {
    Q_OBJECT
public:
    enum Columns { TimeColumn, OperationColumn, WhatColumn, TargetColumn, StateColumn, DurationColumn, COLUMN_COUNT };

    using PlainModel::PlainModel;
    /// Takes over what the database has; rows that stay, stay.
    void setActivities(const QList<store::Activity> &activities);
    [[nodiscard]] const store::Activity &activity(int row) const { return m_activities.at(row); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    /// Qt::UserRole: everything as one text, for the search.
    [[nodiscard]] QVariant value(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QList<store::Activity> m_activities;
};

/// One line per change with a header line (RFC 4180).
[[nodiscard]] QByteArray activitiesToCsv(const QList<store::Activity> &activities);
[[nodiscard]] QByteArray activitiesToJson(const QList<store::Activity> &activities);
/// "started" as people read it.
/// "Deployment" of "PATCH /apis/apps/v1/namespaces/default/deployments/sleep"; empty for calls that are no Kubernetes ones.
[[nodiscard]] QString objectKindOf(const QString &call);
[[nodiscard]] QString activityStateWord(const QString &state);

} // namespace catamaran::ui
