// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/watch.h"
#include "ui/common/look.h"
#include "ui/common/plaintext.h"

#include <QAbstractTableModel>
#include <QWidget>

class QAction;
class QLineEdit;
class QPushButton;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;
class QVBoxLayout;

namespace catamaran::ui {

class EmptyState;
class ErrorBanner;
class Mender;
class PlainLabel;
class Services;

/// Whether each service fails over for the clients of each cluster: those that do not first.
class FailoverModel : public PlainModel<QAbstractTableModel> {
    Q_OBJECT
public:
    enum Columns { AnswerColumn, ServiceColumn, ClientsColumn, WhyColumn, COLUMN_COUNT };
    using PlainModel::PlainModel;
    void setVerdicts(QList<findings::FailoverVerdict> verdicts);
    [[nodiscard]] const findings::FailoverVerdict &verdict(int row) const { return m_verdicts.at(row); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

protected:
    [[nodiscard]] QVariant value(const QModelIndex &index, int role) const override;

private:
    QList<findings::FailoverVerdict> m_verdicts;
};

/// "Will it fail over?" for every service: the answer, the conditions that decide it, and what to change.
class FailoverPanel : public QWidget {
    Q_OBJECT
public:
    explicit FailoverPanel(Services &services, QWidget *parent = nullptr);
    void setJudgement(const std::shared_ptr<const findings::Judgement> &judgement, bool isConnected);
    [[nodiscard]] FailoverModel *model() const { return m_model; }

private:
    void showChosen();
    [[nodiscard]] const findings::FailoverVerdict *chosen() const;

    Services &m_services;
    FailoverModel *m_model = nullptr;
    QSortFilterProxyModel *m_filter = nullptr;
    QTableView *m_table = nullptr;
    QStackedWidget *m_pages = nullptr;
    EmptyState *m_empty = nullptr;
    ErrorBanner *m_unread = nullptr, *m_note = nullptr;
    PlainLabel *m_sentence = nullptr, *m_summary = nullptr;
    QPushButton *m_mend = nullptr;
    QVBoxLayout *m_conditions = nullptr;
    Mender *m_mender = nullptr;
};

} // namespace catamaran::ui
