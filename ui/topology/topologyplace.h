// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/place.h"
#include "ui/common/services.h"
#include "ui/topology/topologymodel.h"
#include "ui/topology/topologyview.h"

class QLineEdit;
class QSortFilterProxyModel;
class QStackedWidget;
class QToolButton;
class QTreeView;

namespace catamaran::ui {

class EmptyState;
class ErrorBanner;

/// The Topology place: the map, and one switch away the same as a tree, with search, filter, legend and export.
class TopologyPlace : public Place {
    Q_OBJECT
public:
    explicit TopologyPlace(Services &services, QWidget *parent = nullptr);
    ~TopologyPlace() override;

    [[nodiscard]] QString id() const override { return QStringLiteral("topology"); }
    [[nodiscard]] QString title() const override { return tr("Topology"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("topology"); }
    [[nodiscard]] QList<QAction *> placeActions() const override { return m_actions; }
    [[nodiscard]] QStringList findableObjects() const override;
    void showObject(const QString &object) override;
    [[nodiscard]] QStringList tourStops() const override;
    void showTourStop(const QString &stop) override;

    [[nodiscard]] TopologyView *map() const { return m_map; }
    [[nodiscard]] QTreeView *tree(); ///< with all that is known
    [[nodiscard]] QString selectedId() const { return m_map->selectedId(); }
    void select(const QString &objectId) { m_map->select(objectId); }
    /// What this place shows; the session's live fleet, or what a test gives.
    void setFleet(const observe::FleetView &view);
    /// What is proven of it; the session's prover's, or what a test gives.
    void setMatrix(const truth::Matrix &matrix);
    [[nodiscard]] const QMap<QString, QString> &faults() const { return m_faults; }

signals:
    void selectionChanged(const QString &objectId);
    void inspectorRequested();
    void directionActivated(const catamaran::truth::Direction &direction);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void takeFleet(const observe::FleetView &view, const observe::FleetDelta &delta);
    void takeMatrix(const truth::Matrix &matrix);
    void showUnheard();
    void fillTree(); ///< now when it is in sight, else when it comes to be
    void fillTreeNow();
    void makeActions();
    void follow();
    void refilter();
    void showTree(bool tree);
    void selectInTree(const QString &objectId);
    void showMenu(const QString &objectId, const QPoint &globalPosition);
    void exportPicture();
    void saveOffsets();
    void loadOffsets();

    Services &m_services;
    TopologyModel m_model;
    TopologyView *m_map = nullptr;
    QTreeView *m_tree = nullptr;
    QSortFilterProxyModel *m_proxy = nullptr;
    QStackedWidget *m_stack = nullptr;
    QStackedWidget *m_pages = nullptr;
    EmptyState *m_empty = nullptr;
    ErrorBanner *m_unheard = nullptr;
    QLineEdit *m_search = nullptr;
    QSet<Look> m_states;
    QList<QAction *> m_actions, m_stateActions;
    QAction *m_treeAction = nullptr;
    QAction *m_lookAction = nullptr;
    QAction *m_legendAction = nullptr;
    QMap<QString, QString> m_faults;
    bool m_selecting = false;
    bool m_treeIsOld = false;
};

} // namespace catamaran::ui
