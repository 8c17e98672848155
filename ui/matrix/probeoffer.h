// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/probes.h"
#include "ui/common/services.h"
#include "ui/common/workerlink.h"

#include <QDateTime>
#include <QWidget>

class QAction;
class QPushButton;

namespace catamaran::ui {

class PlainLabel;

/// Offers to put a probe into the clusters that have no client: shows the plan, makes them, lets the prover send from them while they
/// stand, and takes them away when the user says so, the environment changes or the console closes. In sight only where there is something
/// to offer or something stands.
class ProbeOffer : public QWidget {
    Q_OBJECT
public:
    explicit ProbeOffer(Services &services, QWidget *parent = nullptr);
    ~ProbeOffer() override;

    /// Looks which clusters lack a client now.
    void refresh();
    [[nodiscard]] QAction *action() const { return m_action; }
    [[nodiscard]] bool isAtWork() const { return m_state != State::None; }

signals:
    void failed(const catamaran::core::Error &error);
    void saved(const QString &file); ///< the environment file has the choice now

private:
    enum class State { None, Planning, Making, Standing, Removing };

    void choose();
    void askForPlace(const documents::ProbePlace &suggested);
    void plan(const documents::ProbePlace &place);
    void showPlan(const documents::ProbePlace &place, const observe::ObservedFleet &fleet, const fleet::ProbePlan &plan);
    void make(const documents::ProbePlace &place, const fleet::ProbePlan &plan);
    void stands(const QHash<QString, truth::Client> &clients);
    void ended(const drill::ProbesReport &report, const QMap<QString, core::Error> &refused);
    void takeAway();
    void setState(State state);

    Services &m_services;
    std::shared_ptr<WorkerLink<ProbeOffer>> m_link; ///< to the worker, which may outlive this
    State m_state = State::None;
    QStringList m_bare; ///< the clusters that are offered one, or have it
    std::optional<documents::ProbePlace> m_place; ///< as chosen here, for the session's environment
    std::shared_ptr<session::Session> m_session; ///< in which they stand
    std::stop_source m_stop;
    QDateTime m_since;
    int m_operation = 0;
    PlainLabel *m_text = nullptr;
    QPushButton *m_button = nullptr;
    QAction *m_action = nullptr;
};

} // namespace catamaran::ui
