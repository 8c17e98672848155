// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/place.h"
#include "ui/common/services.h"
#include "ui/operations/executiondialog.h"

class QLineEdit;
class QSortFilterProxyModel;
class QTabWidget;
class QTreeView;

namespace catamaran::ui {

class ActivityModel;
class CommandBox;
class DirectionLog;
class EmptyState;
class ErrorBanner;
class ExecutionList;
class KeyValueList;

/// Every change made to any system, by execution, what can still be done about it, and when directions broke.
class ActivityPlace : public Place {
    Q_OBJECT
public:
    explicit ActivityPlace(Services &services, QWidget *parent = nullptr);

    [[nodiscard]] QString id() const override { return QStringLiteral("activity"); }
    [[nodiscard]] QString title() const override { return tr("Activity"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("activity"); }
    [[nodiscard]] QList<QAction *> placeActions() const override { return m_actions; }
    /// "directions": shows that tab; else the changes.
    void showObject(const QString &object) override;
    [[nodiscard]] QStringList tourStops() const override { return { QStringLiteral("activity"), QStringLiteral("directions") }; }
    void showTourStop(const QString &stop) override { showObject(stop); }

private:
    QWidget *buildChanges();
    void reload();
    QWidget *buildDetails();
    void makeActions();
    void take(const QString &environment, const core::Result<QList<ExecutionEntry>> &kept);
    [[nodiscard]] QString environmentName() const;
    [[nodiscard]] QModelIndex chosen() const;
    void showChosen();
    void showExecution(const ExecutionEntry &entry);
    void showStep(const ExecutionEntry &entry, const StepEntry &step);
    void showCommands(const QString &command, const QString &undo);
    void judgeActions();
    void showMenu(const QPoint &at);
    void openDialog(ExecutionDialog::Deed deed);
    void giveUp();
    void save();

    Services &m_services;
    ActivityModel *m_model = nullptr;
    ExecutionList *m_list = nullptr;
    QSortFilterProxyModel *m_filter = nullptr;
    QLineEdit *m_search = nullptr;
    QTreeView *m_tree = nullptr;
    QTabWidget *m_tabs = nullptr;
    EmptyState *m_empty = nullptr;
    ErrorBanner *m_error = nullptr;
    QString m_shownOf; ///< the environment whose changes are shown
    QWidget *m_content = nullptr;
    KeyValueList *m_details = nullptr;
    CommandBox *m_command = nullptr, *m_undo = nullptr;
    QWidget *m_commandTitle = nullptr, *m_undoTitle = nullptr;
    QAction *m_undoAction = nullptr, *m_goOnAction = nullptr, *m_giveUpAction = nullptr;
    DirectionLog *m_directions = nullptr;
    QList<QAction *> m_actions;
};

} // namespace catamaran::ui
