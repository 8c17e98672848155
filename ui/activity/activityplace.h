// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/place.h"
#include "ui/common/services.h"

class QLineEdit;
class QSortFilterProxyModel;
class QTableView;
class QTabWidget;

namespace catamaran::ui {

class ActivityModel;
class CommandBox;
class EmptyState;
class ErrorBanner;
class FindingsView;
class KeyValueList;

/// Every change made to any system, and what is judged of the fleet.
class ActivityPlace : public Place {
    Q_OBJECT
public:
    explicit ActivityPlace(Services &services, QWidget *parent = nullptr);

    [[nodiscard]] QString id() const override { return QStringLiteral("activity"); }
    [[nodiscard]] QString title() const override { return tr("Activity"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("activity"); }
    [[nodiscard]] QList<QAction *> placeActions() const override { return m_actions; }
    /// "findings": shows that tab.
    void showObject(const QString &object) override;
    [[nodiscard]] QStringList tourStops() const override { return { QStringLiteral("activity"), QStringLiteral("findings") }; }
    void showTourStop(const QString &stop) override { showObject(stop); }

private:
    QWidget *buildChanges();
    void reload();
    void take(const QString &environment, const core::Result<QList<store::Activity>> &kept);
    [[nodiscard]] QString environmentName() const;
    void followSession();
    void showChosen();
    void save();

    Services &m_services;
    ActivityModel *m_model = nullptr;
    QSortFilterProxyModel *m_filter = nullptr;
    QLineEdit *m_search = nullptr;
    QTableView *m_table = nullptr;
    QTabWidget *m_tabs = nullptr;
    EmptyState *m_empty = nullptr;
    ErrorBanner *m_error = nullptr;
    QString m_shownOf; ///< the environment whose changes are shown
    QWidget *m_content = nullptr;
    KeyValueList *m_details = nullptr;
    CommandBox *m_command = nullptr, *m_undo = nullptr;
    QWidget *m_undoTitle = nullptr;
    FindingsView *m_findings = nullptr;
    QList<QAction *> m_actions;
};

} // namespace catamaran::ui
