// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/sample.h"
#include "ui/common/plaintext.h"

#include <QAbstractTableModel>

#include <deque>

namespace catamaran::ui {

/// The raw answers of a run, newest last. Keeps the latest @p capacity samples; rows that fall out are removed as rows,
/// so selection and scroll position stay.
class AnswerModel : public PlainModel<QAbstractTableModel> {
    Q_OBJECT
public:
    enum Columns {
        NumberColumn,
        TimeColumn,
        StatusColumn,
        VersionColumn,
        InstanceColumn,
        TotalColumn,
        ConnectionColumn,
        AnswerColumn,
        COLUMN_COUNT
    };
    enum Roles { SortRole = Qt::UserRole, OkRole };

    explicit AnswerModel(QObject *parent = nullptr, int capacity = 20000);

    void append(const QList<probe::Sample> &samples);
    void clear();
    [[nodiscard]] const probe::Sample &sample(int row) const { return m_samples.at(std::size_t(row)); }
    /// As curl printed it, or curl's reason.
    [[nodiscard]] static QString words(const probe::Sample &sample);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant value(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::deque<probe::Sample> m_samples;
    int m_capacity;
};

/// One row per instance that answered, most answers first; failures are a row of their own per reason.
class InstanceModel : public PlainModel<QAbstractTableModel> {
    Q_OBJECT
public:
    enum Columns { InstanceColumn, AnswersColumn, ShareColumn, COLUMN_COUNT };

    using PlainModel::PlainModel;

    /// Takes over new figures by inserting, changing and removing only the rows that differ.
    void update(const QMap<QString, int> &instances, const QMap<QString, int> &errors);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant value(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        QString name;
        bool error = false;
        int count = 0;
    };
    QList<Row> m_rows; ///< sorted by (error, name): an order that does not jump while counts change
    int m_total = 0;
};

} // namespace catamaran::ui
