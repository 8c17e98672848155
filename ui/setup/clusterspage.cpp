// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/clusterspage.h"

#include "ui/common/accessible.h"
#include "ui/common/errorbanner.h"
#include "ui/common/widgets.h"

#include <QCheckBox>
#include <QHeaderView>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace catamaran::ui {

namespace {
enum Column { NameColumn, ReachableColumn, VersionColumn, RegionColumn, VpcColumn, PodsColumn, ColumnCount };
}

ClustersPage::ClustersPage(SetupContext &shared, QWidget *parent)
    : SetupPage(shared, tr("Clusters"),
        tr("Found in the environment. Pick those that are to back each other up; each is checked as you look."), parent)
    , m_clusters(new QTableWidget)
    , m_checks(new QTableWidget)
{
    prepareTable(m_clusters, QStringLiteral("clusters"), tr("Clusters of the environment"),
        { tr("Cluster"), tr("API server"), tr("Version"), tr("Region"), tr("VPC"), tr("Pod addresses") });
    prepareTable(m_checks, QStringLiteral("checks"), tr("Checks"), { tr("State"), tr("Check"), tr("What was seen") });
    m_clusters->setTextElideMode(Qt::ElideMiddle);
    auto *again = new QPushButton(tr("Check a&gain"));
    again->setObjectName(QStringLiteral("checkAgain"));
    auto *row = new QHBoxLayout;
    row->addWidget(new SectionTitle(tr("Checks")), 1);
    row->addWidget(again);
    m_plain = new QCheckBox(tr("Clusters without a &mesh"));
    m_plain->setObjectName(QStringLiteral("plainClusters"));
    m_plain->setToolTip(
        tr("No mesh is made and no sidecar injected. Each cluster gets the sample application, and requests stay in their cluster."));
    auto *plainNote = new MutedLabel(tr(
        "No mesh, no gateways: each cluster gets the sample, and requests stay inside it. For clusters whose mesh somebody else makes, or before there is one."));
    plainNote->setContentsMargins(24, 0, 0, 0);
    whenToggled(m_plain, this, [this](bool on) { context.setPlain(on); });
    auto *adopting = new QPushButton(tr("&Adopt what is there"));
    adopting->setObjectName(QStringLiteral("adopt"));
    adopting->setToolTip(
        tr("Takes the meshes, members, networks and workloads that are there for the choices of the setup. Nothing is changed."));
    m_adopted = new ErrorBanner;
    m_adopted->setObjectName(QStringLiteral("adopted"));
    m_adopted->clear();
    auto *adoptRow = new QHBoxLayout;
    adoptRow->addStretch(1);
    adoptRow->addWidget(adopting);
    connect(adopting, &QPushButton::clicked, this, &ClustersPage::adopt);
    body()->addWidget(m_clusters);
    body()->addLayout(adoptRow);
    body()->addWidget(m_adopted);
    body()->addWidget(m_plain);
    body()->addWidget(plainNote);
    body()->addLayout(row);
    body()->addWidget(m_checks);
    body()->addStretch(1);

    connect(again, &QPushButton::clicked, this, [this] {
        if (auto *live = context.services.live())
            live->refresh();
    });
    connect(m_clusters, &QTableWidget::itemChanged, this, [this](QTableWidgetItem *item) {
        if (m_filling || item->column() != NameColumn)
            return;
        QStringList chosen;
        for (int r = 0; r < m_clusters->rowCount(); ++r) {
            if (m_clusters->item(r, NameColumn)->checkState() == Qt::Checked)
                chosen << m_clusters->item(r, NameColumn)->text();
        }
        context.edit([&](SetupDraft &draft) {
            chooseClusters(draft.fleet, chosen, context.observed(), context.maker());
            if (draft.plain)
                makePlain(draft.fleet);
        });
    });
    connect(&context, &SetupContext::observedChanged, this, [this] {
        if (isVisible())
            refresh();
    });
    connect(&context, &SetupContext::draftChanged, this, [this] {
        if (isVisible())
            refresh();
        emit completeChanged();
    });
}

void ClustersPage::adopt()
{
    const auto notes = context.adopt();
    if (!notes) {
        m_adopted->showError(notes.error());
        return;
    }
    m_adopted->showNote(notes->isEmpty() ? observe::Health::Ok : observe::Health::Warning,
        (QStringList { tr("The choices say what is there: a plan of them is empty.") } + *notes).join(u'\n'));
}

QString ClustersPage::missing() const
{
    if (context.draft().fleet.clusters.isEmpty())
        return tr("Pick at least one cluster.");
    return {};
}

QWidget *ClustersPage::firstFocus() const
{
    return m_clusters;
}

void ClustersPage::resizeEvent(QResizeEvent *event)
{
    SetupPage::resizeEvent(event);
    if (isVisible())
        refresh();
}

void ClustersPage::enter()
{
    refresh();
    if (m_clusters->rowCount() > 0 && !m_clusters->currentItem())
        m_clusters->setCurrentCell(0, NameColumn);
}

void ClustersPage::refresh()
{
    const auto session = context.session();
    showChecked(m_plain, context.draft().plain);
    const QStringList names = session ? session->clusterNames() : QStringList();
    m_filling = true;
    m_clusters->setRowCount(int(names.size()));
    for (int row = 0; row < names.size(); ++row) {
        const QString &name = names.at(row);
        setCell(m_clusters, row, NameColumn, name);
        QTableWidgetItem *item = m_clusters->item(row, NameColumn);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(context.draft().fleet.cluster(name) ? Qt::Checked : Qt::Unchecked);
        const auto error = session->clusterError(name);
        const auto *seen = context.observed().cluster(name);
        if (error)
            setCell(m_clusters, row, ReachableColumn, healthCell(observe::Health::Failed, tr("kubeconfig cannot be used")), error->text(),
                observe::Health::Failed);
        else if (seen && seen->reachable)
            setCell(m_clusters, row, ReachableColumn, healthCell(observe::Health::Ok, tr("answers")), seen->apiServer, observe::Health::Ok);
        else if (const auto *why = failedReach(seen))
            setCell(m_clusters, row, ReachableColumn, healthCell(observe::Health::Failed, tr("does not answer")),
                why->reason + u'\n' + why->evidence, observe::Health::Failed);
        else
            setCell(
                m_clusters, row, ReachableColumn, healthCell(observe::Health::Unknown, tr("not seen yet")), {}, observe::Health::Unknown);
        const auto text = [](const QString &value) { return value.isEmpty() ? QStringLiteral("–") : value; };
        setCell(m_clusters, row, VersionColumn, text(seen ? seen->kubeVersion : QString()));
        setCell(m_clusters, row, RegionColumn, text(seen ? seen->region : QString()));
        setCell(m_clusters, row, VpcColumn, text(seen ? seen->vpcId : QString()), seen ? seen->vpcId : QString());
        setCell(m_clusters, row, PodsColumn, text(seen ? seen->podCidr : QString()));
    }
    const auto &clusters = context.observed().clusters; // a word of some clouds alone
    m_clusters->setColumnHidden(
        VpcColumn, std::all_of(clusters.begin(), clusters.end(), [](const observe::ObservedCluster &one) { return one.vpcId.isEmpty(); }));
    int wanted = m_clusters->horizontalHeader()->sectionSizeHint(PodsColumn); // it takes the room that is left
    for (int column = 0; column < PodsColumn; ++column) {
        m_clusters->resizeColumnToContents(column);
        wanted += m_clusters->columnWidth(column);
    }
    // The VPC's id is long, and nothing is lost when its middle is left out: it stands in the tool tip.
    if (const int over = wanted - m_clusters->viewport()->width(); over > 0 && !m_clusters->isColumnHidden(VpcColumn))
        m_clusters->setColumnWidth(VpcColumn, std::max(90, m_clusters->columnWidth(VpcColumn) - over));
    fitTable(m_clusters);
    m_filling = false;
    fillChecks();
}

void ClustersPage::fillChecks()
{
    const QList<fleet::Finding> &findings = context.findings();
    m_checks->setRowCount(int(findings.size()));
    for (int row = 0; row < findings.size(); ++row) {
        const fleet::Finding &finding = findings.at(row);
        setCell(m_checks, row, 0, healthCell(finding.severity), {}, finding.severity);
        setCell(m_checks, row, 1, finding.where.isEmpty() ? finding.title : tr("%1: %2").arg(finding.where, finding.title), finding.source);
        const bool good = finding.severity == observe::Health::Ok || finding.remedy.isEmpty();
        setCell(m_checks, row, 2, good ? finding.evidence : tr("%1 — %2").arg(finding.evidence, finding.remedy),
            finding.evidence + u'\n' + finding.remedy);
    }
    for (int column = 0; column < 2; ++column)
        m_checks->resizeColumnToContents(column);
    m_checks->setColumnWidth(1, std::min(m_checks->columnWidth(1), m_checks->viewport()->width() * 55 / 100));
    m_checks->resizeRowsToContents(); // what is too long is wrapped
    fitTable(m_checks);
}

} // namespace catamaran::ui
