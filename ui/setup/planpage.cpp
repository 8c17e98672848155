// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/planpage.h"

#include "core/printable.h"
#include "fleet/sessionworld.h"
#include "mesh/providers.h"
#include "ui/common/icons.h"
#include "ui/common/savefile.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/operations/planview.h"
#include "ui/setup/driftdialog.h"

#include <QJsonDocument>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace catamaran::ui {

PlanPage::PlanPage(SetupContext &shared, QWidget *parent)
    : SetupPage(shared, tr("Plan"),
        tr("Nothing has happened yet. These are all the calls that will be made, what each does by hand, and how it is taken back."),
        parent, Body::Fills)
    , m_error(new ErrorBanner)
    , m_summary(new PlainLabel)
    , m_stack(new QStackedWidget)
    , m_view(new PlanView)
    , m_empty(new EmptyState(QStringLiteral("check"), tr("Looking at the fleet…"), {}))
    , m_drift(new QPushButton(themedIcon(QStringLiteral("filter")), tr("&Drift…")))
    , m_again(new QPushButton(themedIcon(QStringLiteral("refresh")), tr("&Look again")))
    , m_copy(new QPushButton(themedIcon(QStringLiteral("copy")), tr("&Copy as commands")))
    , m_export(new QPushButton(themedIcon(QStringLiteral("export")), tr("&Export JSON…")))
{
    m_error->setObjectName(QStringLiteral("planError"));
    m_summary->setObjectName(QStringLiteral("planSummary"));
    m_summary->setWordWrap(true);
    m_summary->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    m_again->setObjectName(QStringLiteral("planAgain"));
    m_drift->setObjectName(QStringLiteral("planDrift"));
    m_drift->setToolTip(tr("Compares what is there with the choices, field by field, and corrects or adopts it"));
    auto *row = new QHBoxLayout;
    row->addWidget(m_drift);
    row->addStretch(1);
    row->addWidget(m_again);
    row->addWidget(m_copy);
    row->addWidget(m_export);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    body()->addWidget(m_error);
    body()->addWidget(m_summary);
    body()->addWidget(m_stack, 1);
    body()->addLayout(row);
    connect(m_drift, &QPushButton::clicked, this, &PlanPage::showDrift);
    connect(m_again, &QPushButton::clicked, this, [this] { context.replan(); });
    connect(m_copy, &QPushButton::clicked, this, [this] { copyText(planAsScript(m_view->steps())); });
    connect(m_export, &QPushButton::clicked, this, &PlanPage::exportPlan);
    connect(&context, &SetupContext::planChanged, this, [this] {
        refresh();
        emit completeChanged();
    });
    refresh();
}

QString PlanPage::missing() const
{
    if (context.isPlanning())
        return tr("The plan is being made.");
    if (!context.plan())
        return tr("There is no plan yet.");
    return {};
}

void PlanPage::enter()
{
    if (!context.runner()->isRunning())
        context.replan();
}

QWidget *PlanPage::firstFocus() const
{
    return m_view;
}

void PlanPage::refresh()
{
    const auto &plan = context.plan();
    m_again->setEnabled(!context.isPlanning());
    m_drift->setEnabled(context.session() && context.problems().isEmpty());
    m_copy->setEnabled(plan && !plan->isEmpty());
    m_export->setEnabled(plan.has_value());
    QStringList tools { QStringLiteral("kubectl") };
    for (const documents::FleetMesh &mesh : context.draft().fleet.meshes)
        if (const QString tool = mesh::wordsOf(mesh.provider).tool; !tools.contains(tool))
            tools << tool;
    m_copy->setToolTip(tr("All steps as commands for %1").arg(tools.join(QStringLiteral(", "))));
    const int byHand = plan ? byHandCount(plan->steps) : 0;
    if (context.planError()) {
        m_error->showError(*context.planError());
        m_error->setClosable(false);
    } else if (const QString lost = context.whatCannotBeResumed(); !lost.isEmpty()) {
        m_error->showNote(observe::Health::Warning, lost);
        m_error->setClosable(false);
    } else if (byHand > 0) {
        m_error->showNote(observe::Health::Warning, byHandText(byHand));
        m_error->setClosable(false);
    } else {
        m_error->hide();
    }
    if (plan && !plan->isEmpty()) {
        m_view->setSteps(plan->steps);
        m_view->resetStates();
        m_stack->setCurrentWidget(m_view);
        m_summary->setText(byHand == 0 ? tr("%1, %2").arg(stepsText(int(plan->steps.size())), usualTimeText(plan->steps))
                                       : tr("%1, by hand: %2").arg(stepsText(int(plan->steps.size()))).arg(byHand));
        return;
    }
    m_stack->setCurrentWidget(m_empty);
    if (plan) {
        m_summary->setText(tr("0 steps"));
        m_empty->setTexts(tr("Nothing is to do"), tr("The fleet is as you want it. Go on to verify it."));
    } else if (context.isPlanning()) {
        m_summary->setText(tr("Looking…"));
        m_empty->setTexts(
            tr("Looking at the fleet…"), tr("Meshes, clusters, gateways and workloads are read, and compared with your choices."));
    } else {
        m_summary->clear();
        m_empty->setTexts(tr("There is no plan"),
            context.planError() ? tr("See above what is in the way.") : tr("It is made when an environment is open."));
    }
}

void PlanPage::showDrift()
{
    if (!context.session())
        return;
    auto *dialog = new DriftDialog(context.services, context.draft().fleet, this);
    connect(dialog, &DriftDialog::adopted, this, [this](const fleet::Adopted &adopted) {
        context.takeAdopted(adopted);
        context.replan();
    });
    connect(dialog, &DriftDialog::corrected, this, [this] { context.replan(); });
    dialog->open();
}

void PlanPage::exportPlan()
{
    if (!context.plan())
        return;
    const QByteArray json = core::printableJson(QJsonDocument(ops::describePlan(
        context.plan()->plan, fleet::operationKinds(), context.plan()->names))); // the one in sight, whatever is planned meanwhile
    askWhereToSave(this, tr("Export the plan"), QStringLiteral("plan.json"), { tr("JSON (*.json)") }, [this, json](const QString &path) {
        if (const auto written = writeWhole(path, tr("export the plan"), json); !written)
            m_error->showError(written.error());
    });
}

} // namespace catamaran::ui
