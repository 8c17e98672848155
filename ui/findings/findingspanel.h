// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/findings/findingsmodel.h"
#include "ui/findings/mender.h"

#include <QTimer>
#include <QWidget>

class QAction;
class QComboBox;
class QLineEdit;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;

namespace catamaran::ui {

class EmptyState;
class ErrorBanner;
class FindingDetail;
class PlainLabel;
class Services;

/// What was found in the open environment: a list, the chosen one whole, and what can be done with it.
class FindingsPanel : public QWidget {
    Q_OBJECT
public:
    explicit FindingsPanel(Services &services, QWidget *parent = nullptr);
    /// What it shows; null: nothing was read yet. @p isConnected: an environment is open.
    void setJudgement(const std::shared_ptr<const findings::Judgement> &judgement, bool isConnected);
    void setReading(bool reading);
    /// By id, sentence or cluster's name; whether there is such a one.
    bool choose(const QString &object);
    [[nodiscard]] QStringList sentences() const;
    [[nodiscard]] QList<QAction *> panelActions() const { return m_actions; }
    [[nodiscard]] FindingsModel *model() const { return m_model; }

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void makeActions();
    QWidget *buildBar();
    void buildTable();
    [[nodiscard]] const FindingRow *chosen() const;
    [[nodiscard]] QList<FindingRow> shown() const;
    void showChosen();
    void showPage();
    void tick();
    void mend();
    void accept();
    void takeBack();
    void keep(const QList<findings::Acceptance> &acceptances, const QString &said);
    void exportRows();
    void tellMended(const ops::ExecutionResult &result, const QString &name);

    Services &m_services;
    FindingsModel *m_model = nullptr;
    QSortFilterProxyModel *m_filter = nullptr;
    QTableView *m_table = nullptr;
    FindingDetail *m_detail = nullptr;
    QLineEdit *m_search = nullptr;
    QComboBox *m_kinds = nullptr;
    QStackedWidget *m_pages = nullptr;
    EmptyState *m_none = nullptr, *m_unread = nullptr, *m_closed = nullptr;
    PlainLabel *m_summary = nullptr, *m_noMatch = nullptr;
    ErrorBanner *m_note = nullptr, *m_unaccepted = nullptr;
    Mender *m_mender = nullptr;
    QAction *m_mendAction = nullptr, *m_acceptAction = nullptr, *m_takeBackAction = nullptr, *m_readAction = nullptr,
            *m_copyAction = nullptr, *m_exportAction = nullptr, *m_findAction = nullptr;
    QList<QAction *> m_actions;
    std::shared_ptr<const findings::Judgement> m_judgement;
    bool m_isConnected = false, m_isReading = false;
    QTimer m_ageing;
};

} // namespace catamaran::ui
