// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/plaintext.h"
#include "ui/setup/contextrows.h"

#include <QAbstractTableModel>
#include <QHash>

namespace catamaran::ui {

/// What a person chose about one context.
struct ContextChoice {
    bool chosen = false;
    QString clusterName; ///< in the environment
    QString cloudId, region; ///< where the cluster is one of the account's
    bool operator==(const ContextChoice &) const = default;
};

/// The contexts of the chosen files, one row each. Rows are updated in place while the contexts stay the same ones, so
/// that selection and scroll position survive. Ticking and naming go through setData() and are told by chosen().
class ContextModel : public PlainModel<QAbstractTableModel> {
    Q_OBJECT
public:
    enum Columns {
        ContextColumn,
        BecomesColumn,
        ClusterColumn,
        ServerColumn,
        UserColumn,
        NamespaceColumn,
        ExpiryColumn,
        StateColumn,
        TestColumn,
        FileColumn,
        COLUMN_COUNT
    };
    enum Roles { HealthRole = Qt::UserRole + 1 }; ///< int(observe::Health) where the cell shows a state

    using PlainModel::PlainModel;

    /// @p choices by context name; contexts without one get a fresh name and are not chosen.
    void setRows(const QList<ContextRow> &rows, const QHash<QString, ContextChoice> &choices, const QDateTime &now);
    void setChoices(const QHash<QString, ContextChoice> &choices);
    void setTest(const QString &context, observe::Health health, const QString &text);
    void clearTests();
    [[nodiscard]] const ContextRow &row(int row) const { return m_rows.at(row); }
    [[nodiscard]] ContextChoice choice(int row) const { return m_choices.value(m_rows.at(row).name); }
    [[nodiscard]] QHash<QString, ContextChoice> choices() const { return m_choices; }
    [[nodiscard]] int rowOf(const QString &context) const;
    [[nodiscard]] int chosenCount() const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant value(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

signals:
    /// A person ticked or named something: @p what says it for the undo.
    void chosen(const QString &what, const QHash<QString, catamaran::ui::ContextChoice> &before);

private:
    struct Test {
        observe::Health health = observe::Health::Unknown;
        QString text;
    };
    QList<ContextRow> m_rows;
    QHash<QString, ContextChoice> m_choices;
    QHash<QString, Test> m_tests;
    QDateTime m_now;

    [[nodiscard]] QString text(const ContextRow &row, int column) const;
    [[nodiscard]] QString toolTip(const ContextRow &row, int column) const;
    [[nodiscard]] std::optional<observe::Health> health(const ContextRow &row, int column) const;
    void allChanged();
};

} // namespace catamaran::ui
