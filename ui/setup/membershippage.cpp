// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/membershippage.h"

#include "mesh/providers.h"
#include "ui/common/widgets.h"

#include <QComboBox>
#include <QGridLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace catamaran::ui {

MembershipPage::MembershipPage(SetupContext &shared, QWidget *parent)
    : SetupPage(shared, tr("Memberships"),
        tr("Each cluster is managed by exactly one mesh, which injects and configures its sidecars. Every other mesh only discovers its services: it deploys nothing there and none of its configuration applies there."),
        parent)
    , m_problem(new ErrorBanner)
    , m_host(new QWidget)
    , m_grid(new QGridLayout(m_host))
{
    m_problem->setClosable(false);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(8);
    auto *card = new Card;
    card->body()->addWidget(m_host);
    m_readers = new Card(tr("Who reads whom now"));
    m_readers->setObjectName(QStringLiteral("readers"));
    m_reads = new KeyValueList;
    m_readers->body()->addWidget(m_reads);
    m_readers->hide();
    body()->addWidget(m_problem);
    body()->addWidget(card);
    body()->addWidget(m_readers);
    body()->addStretch(1);
    connect(&context, &SetupContext::draftChanged, this, [this] {
        if (isVisible())
            refresh();
        emit completeChanged();
    });
    connect(&context, &SetupContext::observedChanged, this, [this] {
        if (isVisible())
            showReaders();
    });
}

QString MembershipPage::missing() const
{
    return context.problems().isEmpty() ? QString() : context.problems().first().answer;
}

void MembershipPage::enter()
{
    refresh();
}

/// What control planes in the clusters say themselves; what an account says of its meshes is in the rows above.
void MembershipPage::showReaders()
{
    QList<KeyValueList::Row> rows;
    for (const observe::ObservedMesh &mesh : context.observed().meshes) {
        if (mesh::kindOf(mesh.status).needsAccount())
            continue;
        QString key = mesh.status.name;
        for (const observe::Condition &one : mesh.conditions) {
            if (one.type != QLatin1String("Discovery"))
                continue;
            rows.append({ std::exchange(key, {}), healthCell(one.health, one.reason), one.evidence + u'\n' + one.source });
        }
        if (!mesh.status.membersKnown)
            rows.append({ std::exchange(key, {}), healthCell(observe::Health::Unknown, tr("whom else it reads is not known")),
                mesh.status.unread.isEmpty() ? QString() : mesh.status.unread.first().text() });
    }
    m_readers->setVisible(!rows.isEmpty());
    m_reads->setRows(rows);
}

void MembershipPage::refresh()
{
    showReaders();
    const documents::FleetDocument &fleet = context.draft().fleet;
    QStringList shape;
    for (const documents::FleetMesh &mesh : fleet.meshes)
        shape << mesh.name;
    shape << QString();
    for (const documents::FleetCluster &cluster : fleet.clusters)
        shape << cluster.name;
    if (shape != m_shape) {
        m_shape = shape;
        m_cells.clear();
        clearLayout(m_grid);
        for (int column = 0; column < fleet.clusters.size(); ++column) {
            auto *heading = new PlainLabel(fleet.clusters.at(column).name);
            heading->setAlignment(Qt::AlignCenter);
            m_grid->addWidget(heading, 0, column + 1);
            m_grid->setColumnStretch(column + 1, 1);
        }
        for (int row = 0; row < fleet.meshes.size(); ++row) {
            const QString mesh = fleet.meshes.at(row).name;
            m_grid->addWidget(new PlainLabel(mesh), row + 1, 0);
            for (int column = 0; column < fleet.clusters.size(); ++column) {
                const QString cluster = fleet.clusters.at(column).name;
                auto *combo = new QComboBox;
                combo->setObjectName(QStringLiteral("mode-%1-%2").arg(mesh, cluster));
                combo->setAccessibleName(tr("%1 and %2").arg(mesh, cluster));
                combo->addItem(tr("managed"), int(mesh::Mode::Managed));
                combo->addItem(tr("discovery-only"), int(mesh::Mode::DiscoveryOnly));
                combo->addItem(tr("none"), int(mesh::Mode::Unknown));
                connect(combo, &QComboBox::currentIndexChanged, this, [this, combo, mesh, cluster] {
                    const auto mode = mesh::Mode(combo->currentData().toInt());
                    context.edit([&](SetupDraft &draft) {
                        setMode(draft.fleet, mesh, cluster, mode == mesh::Mode::Unknown ? std::nullopt : std::optional(mode));
                    });
                });
                m_grid->addWidget(combo, row + 1, column + 1);
                m_cells.insert({ mesh, cluster }, combo);
            }
        }
    }
    for (auto it = m_cells.cbegin(); it != m_cells.cend(); ++it) {
        const auto mode = modeOf(fleet, it.key().first, it.key().second);
        const int index = it.value()->findData(int(mode.value_or(mesh::Mode::Unknown)));
        const QSignalBlocker blocker(it.value());
        it.value()->setCurrentIndex(index);
    }
    if (context.problems().isEmpty())
        m_problem->showNote(observe::Health::Ok, tr("Every cluster has exactly one manager."));
    else
        m_problem->showError(context.problems().first());
    m_problem->setClosable(false);
}

} // namespace catamaran::ui
