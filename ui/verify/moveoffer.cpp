// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/moveoffer.h"

#include "fleet/plans.h"
#include "fleet/sessionworld.h"
#include "ui/common/icons.h"
#include "ui/common/rights.h"
#include "ui/common/staleness.h"
#include "ui/common/widgets.h"
#include "ui/operations/planrunner.h"
#include "ui/operations/planview.h"

#include <QAction>
#include <QHBoxLayout>
#include <QPushButton>

namespace catamaran::ui {

MoveOffer::MoveOffer(Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_mover(new PlanRunner(services, this))
    , m_text(new MutedLabel)
    , m_button(new QPushButton(tr("Move t&he client…")))
    , m_action(new QAction(themedIcon(QStringLiteral("arrow")), tr("Move the client to the other cluster…"), this))
{
    m_button->setObjectName(QStringLiteral("moveClient"));
    m_action->setEnabled(false);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_button);
    hide();
    connect(m_button, &QPushButton::clicked, this, &MoveOffer::ask);
    connect(m_action, &QAction::triggered, this, &MoveOffer::ask);
    connect(m_mover, &PlanRunner::finished, this, [this](const ops::ExecutionResult &result) {
        if (result.error)
            emit failed(*result.error);
        else if (result.complete)
            emit moved({ m_move.toCluster, m_move.ns, QStringLiteral("sleep") });
        refresh();
    });
}

void MoveOffer::offer(const observe::ObservedFleet &fleet, const QString &ns, bool running)
{
    m_fleet = fleet;
    m_namespace = ns;
    m_running = running;
    refresh();
}

void MoveOffer::refresh()
{
    if (!m_mover->isRunning())
        m_move = possibleMove(m_fleet, m_namespace);
    askRightsOnce();
    QString inTheWay = m_refusal;
    for (const QString &name : { m_move.fromCluster, m_move.toCluster }) {
        const auto *cluster = m_fleet.cluster(name);
        if (cluster && stalenessOf(*cluster))
            inTheWay = tr("%1 is %2").arg(name, staleText(*cluster));
    }
    const bool offered = m_move.isPossible() && !m_running && !m_mover->isRunning() && inTheWay.isEmpty();
    m_button->setToolTip(inTheWay);
    m_action->setToolTip(inTheWay.isEmpty() ? m_action->text() : inTheWay);
    m_action->setEnabled(offered);
    setVisible(m_move.isPossible() && !m_running);
    m_button->setEnabled(offered);
    if (m_mover->isRunning())
        m_text->setText(tr("Moving the client from %1 to %2…").arg(m_move.fromCluster, m_move.toCluster));
    else if (!inTheWay.isEmpty())
        m_text->setText(tr("The client cannot be moved from here: %1").arg(inTheWay));
    else
        m_text->setText(tr("Next: does it hold from the other side? Move the client from %1 to %2 and verify again.")
                            .arg(m_move.fromCluster, m_move.toCluster));
}

void MoveOffer::askRightsOnce()
{
    const auto session = m_services.session();
    const QString asked = m_move.isPossible() && session ? m_move.fromCluster + u'/' + m_move.toCluster + u'/' + m_move.ns : QString();
    if (asked == m_rightsFor)
        return;
    m_rightsFor = asked;
    m_refusal.clear();
    if (asked.isEmpty())
        return;
    const auto take = [this, asked, session](const QString &refusal) {
        if (refusal.isEmpty() || asked != m_rightsFor || session != m_services.session())
            return;
        m_refusal = refusal;
        refresh();
    };
    askRights(*session, m_move.fromCluster, rightToScale(m_move.ns).questions, this, take);
    askRights(*session, m_move.toCluster, (m_move.standing ? rightToScale(m_move.ns) : rightToApply(m_move.ns)).questions, this, take);
}

void MoveOffer::ask()
{
    const auto session = m_services.session();
    if (!m_action->isEnabled() || !session)
        return;
    const ShownPlan plan = shownPlan(fleet::movePlan({ m_move.ns, m_move.fromCluster, m_move.toCluster, m_move.replicas, m_move.standing }),
        fleet::namesOf(*session, m_fleet));
    auto *dialog = new PlanDialog(tr("Move the client"),
        tr("Deployment sleep is scaled to 0 in %1, and a stand-alone sleep is deployed in %2. The requests then come from there.")
            .arg(m_move.fromCluster, m_move.toCluster),
        plan.steps, tr("&Move it"), false, this);
    connect(dialog, &QDialog::accepted, this, [this, plan] { carryOut(plan); });
    dialog->open();
}

void MoveOffer::carryOut(const ShownPlan &plan)
{
    m_last = plan;
    m_mover->carryOut(
        plan, QStringLiteral("move-client"), {}, tr("Move the client from %1 to %2").arg(m_move.fromCluster, m_move.toCluster));
    refresh();
}

void MoveOffer::retry()
{
    if (m_action->isEnabled() && !m_last.isEmpty())
        carryOut(m_last);
}

} // namespace catamaran::ui
