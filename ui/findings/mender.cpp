// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/findings/mender.h"

#include "fleet/plans.h"
#include "fleet/sessionworld.h"
#include "ui/common/services.h"
#include "ui/operations/planview.h"

namespace catamaran::ui {

Mender::Mender(Services &services, QWidget *window)
    : QObject(window)
    , m_services(services)
    , m_window(window)
    , m_runner(new PlanRunner(services, this))
{
    connect(m_runner, &PlanRunner::started, this, &Mender::started);
    connect(m_runner, &PlanRunner::finished, this, [this](const ops::ExecutionResult &result) {
        if (auto *watch = m_services.findings())
            watch->refresh(); // it goes when the facts say so
        emit ended(result, m_name);
    });
}

void Mender::ask(const ops::Plan &plan, const QString &name, const QString &explanation)
{
    const auto session = m_services.session();
    if (!session || plan.isEmpty() || m_runner->isRunning())
        return;
    if (const auto checked = ops::checkPlan(plan, fleet::operationKinds()); !checked) {
        emit refused(checked.error());
        return;
    }
    const ShownPlan shown = shownPlan(plan, fleet::namesOf(*session));
    const bool production = session->environment().production;
    auto *dialog
        = new PlanDialog(tr("Mend it"), production ? tr("%1 is production. %2").arg(session->environment().name, explanation) : explanation,
            shown.steps, tr("&Mend it"), production, m_window);
    dialog->setObjectName(QStringLiteral("mendDialog"));
    connect(dialog, &QDialog::accepted, this, [this, shown, name, session] {
        if (session != m_services.session())
            return;
        m_name = name;
        m_runner->carryOut(shown, QStringLiteral("mend"), name, tr("Mend %1").arg(name));
    });
    dialog->open();
}

} // namespace catamaran::ui
