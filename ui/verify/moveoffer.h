// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/run.h"
#include "ui/common/services.h"
#include "ui/operations/shownplan.h"
#include "ui/verify/expectation.h"

#include <QWidget>

class QAction;
class QPushButton;

namespace catamaran::ui {

class PlainLabel;
class PlanRunner;

/// Offers to move the client to the other cluster, the guide's last step: says whether that can be done now, shows the plan,
/// and carries it out. In sight only where there is a client to move.
class MoveOffer : public QWidget {
    Q_OBJECT
public:
    explicit MoveOffer(Services &services, QWidget *parent = nullptr);

    /// What the offer is about: the client of namespace @p ns in @p fleet. Nothing is offered while a run sends (@p running).
    void offer(const observe::ObservedFleet &fleet, const QString &ns, bool running);
    /// The same for the command palette; enabled while the offer holds.
    [[nodiscard]] QAction *action() const { return m_action; }
    /// Once more what has failed, without asking again.
    void retry();

signals:
    /// The client now stands in the other cluster.
    void moved(const catamaran::probe::Source &source);
    void failed(const catamaran::core::Error &error);

private:
    Services &m_services;
    PlanRunner *m_mover = nullptr;
    observe::ObservedFleet m_fleet;
    QString m_namespace;
    bool m_running = false;
    ClientMove m_move; ///< the one offered or under way
    ShownPlan m_last; ///< what was carried out
    QString m_rightsFor, m_refusal; ///< what the move is, and what is not allowed of it
    PlainLabel *m_text = nullptr;
    QPushButton *m_button = nullptr;
    QAction *m_action = nullptr;

    void refresh();
    void askRightsOnce();
    void ask();
    void carryOut(const ShownPlan &plan);
};

} // namespace catamaran::ui
