// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/networkspage.h"

#include "ui/common/accessible.h"
#include "ui/common/widgets.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QRadioButton>
#include <QVBoxLayout>

namespace catamaran::ui {

NetworksPage::NetworksPage(SetupContext &shared, QWidget *parent)
    : SetupPage(shared, tr("Networks"),
        tr("Where pods of two clusters cannot reach each other directly, requests go through cross-cluster gateways on port 15443; TLS passes through them unopened."),
        parent)
    , m_reason(new PlainLabel)
    , m_badge(new StateBadge)
    , m_one(new QRadioButton(tr("Pods reach each other &directly: one network, no gateways")))
    , m_several(new QRadioButton(tr("The networks are &apart: join them with gateways")))
    , m_host(new QWidget)
    , m_grid(new QGridLayout(m_host))
{
    m_reason->setWordWrap(true);
    m_reason->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_one->setObjectName(QStringLiteral("oneNetwork"));
    m_several->setObjectName(QStringLiteral("severalNetworks"));
    m_grid->setContentsMargins(24, 0, 0, 0);
    m_grid->setColumnStretch(1, 1);
    auto *group = new QButtonGroup(this);
    group->addButton(m_one);
    group->addButton(m_several);
    auto *why = new Card(tr("What was seen"));
    auto *whyRow = new QHBoxLayout;
    whyRow->addWidget(m_badge, 0, Qt::AlignTop);
    whyRow->addWidget(m_reason, 1);
    why->body()->addLayout(whyRow);
    auto *choice = new Card(tr("Choice"));
    choice->setIcon(QStringLiteral("network"));
    choice->body()->addWidget(m_one);
    choice->body()->addWidget(m_several);
    choice->body()->addWidget(m_host);
    body()->addWidget(why);
    body()->addWidget(choice);
    body()->addStretch(1);
    whenToggled(m_several, this, [this](bool on) { // and with it the other one
        context.edit([on](SetupDraft &draft) { setNetworksSeparate(draft.fleet, on); });
    });
    connect(&context, &SetupContext::draftChanged, this, [this] {
        if (isVisible())
            refresh();
        emit completeChanged();
    });
    connect(&context, &SetupContext::observedChanged, this, [this] {
        if (isVisible())
            refresh();
    });
}

void NetworksPage::enter()
{
    refresh();
}

void NetworksPage::refresh()
{
    const documents::FleetDocument &fleet = context.draft().fleet;
    QStringList names;
    for (const documents::FleetCluster &cluster : fleet.clusters)
        names << cluster.name;
    const NetworkView view = judgeNetworks(names, context.observed());
    m_badge->setObjectName(QStringLiteral("networkBadge"));
    m_reason->setObjectName(QStringLiteral("networkReason"));
    m_badge->setState(view.apart ? observe::Health::Warning : observe::Health::Ok, view.apart ? tr("apart") : tr("together"));
    m_reason->setText(view.reason);
    const bool several = networksSeparate(fleet);
    showChecked(several ? m_several : m_one, true);
    m_host->setVisible(several);
    if (names != m_shape) {
        m_shape = names;
        clearLayout(m_grid);
        m_grid->addWidget(new MutedLabel(tr("Cluster")), 0, 0);
        m_grid->addWidget(new MutedLabel(tr("Logical network")), 0, 1);
        m_grid->addWidget(new MutedLabel(tr("Gateway")), 0, 2);
        for (int row = 0; row < names.size(); ++row) {
            const QString name = names.at(row);
            auto *network = new QLineEdit;
            network->setObjectName(QStringLiteral("network-%1").arg(name));
            network->setAccessibleName(tr("Logical network of %1").arg(name));
            connect(network, &QLineEdit::textEdited, this, [this, name](const QString &text) {
                context.edit([&](SetupDraft &draft) {
                    for (documents::FleetCluster &cluster : draft.fleet.clusters) {
                        if (cluster.name == name)
                            cluster.network = text.trimmed();
                    }
                });
            });
            auto *gateway = new QCheckBox(tr("cross-cluster gateway here"));
            gateway->setObjectName(QStringLiteral("gateway-%1").arg(name));
            gateway->setAccessibleName(tr("Gateway in %1").arg(name));
            whenToggled(gateway, this, [this, name](bool on) {
                context.edit([&](SetupDraft &draft) {
                    for (documents::FleetCluster &cluster : draft.fleet.clusters) {
                        if (cluster.name == name)
                            cluster.gateway = on;
                    }
                });
            });
            m_grid->addWidget(new PlainLabel(name), row + 1, 0);
            m_grid->addWidget(network, row + 1, 1);
            m_grid->addWidget(gateway, row + 1, 2);
        }
    }
    for (const documents::FleetCluster &cluster : fleet.clusters) {
        if (auto *network = m_host->findChild<QLineEdit *>(QStringLiteral("network-%1").arg(cluster.name)); network && !network->hasFocus())
            network->setText(cluster.network);
        if (auto *gateway = m_host->findChild<QCheckBox *>(QStringLiteral("gateway-%1").arg(cluster.name)))
            showChecked(gateway, cluster.gateway);
    }
}

} // namespace catamaran::ui
