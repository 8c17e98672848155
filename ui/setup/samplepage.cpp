// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/samplepage.h"

#include "ui/common/widgets.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace catamaran::ui {

namespace {
const QStringList manifests { QStringLiteral("sleep"), QStringLiteral("helloworld-v1"), QStringLiteral("helloworld-v2") };
}

SamplePage::SamplePage(SetupContext &shared, QWidget *parent)
    : SetupPage(shared, tr("Sample application"), tr("sleep sends requests, helloworld answers them with its version and instance. Sidecars are injected into namespace default of both meshes."), parent)
    , m_wanted(new QCheckBox(tr("&Deploy the sample application")))
    , m_host(new QWidget)
    , m_grid(new QGridLayout(m_host))
    , m_which(new QComboBox)
    , m_manifest(new CommandBox)
{
    m_wanted->setObjectName(QStringLiteral("deploySample"));
    m_grid->setContentsMargins(24, 0, 0, 0);
    auto *card = new Card(tr("Where"));
    card->body()->addWidget(m_wanted);
    card->body()->addWidget(m_host);
    auto *text = new Card(tr("What exactly"));
    m_which->setAccessibleName(tr("Manifest shown"));
    m_which->addItems(manifests);
    m_manifest->setMaximumLines(18);
    m_manifest->setAccessibleName(tr("Manifest"));
    text->body()->addWidget(m_which, 0, Qt::AlignLeft);
    text->body()->addWidget(m_manifest);
    body()->addWidget(card);
    body()->addWidget(text);
    body()->addStretch(1);
    const auto show = [this](const QString &name) {
        const auto yaml = fleet::manifestText(name);
        QString shown = yaml ? QString::fromUtf8(*yaml).trimmed() : yaml.error().text();
        while (shown.startsWith(QLatin1String("# SPDX-"))) // of the file, not of what is sent
            shown.remove(0, shown.indexOf(u'\n') + 1);
        m_manifest->setCommand(shown);
    };
    connect(m_which, &QComboBox::currentTextChanged, this, show);
    show(m_which->currentText());
    connect(m_wanted, &QCheckBox::clicked, this, [this](bool on) { context.edit([&](SetupDraft &draft) { setSample(draft.fleet, on); }); });
    connect(&context, &SetupContext::draftChanged, this, [this] {
        if (isVisible())
            refresh();
        emit completeChanged();
    });
}

void SamplePage::enter()
{
    refresh();
}

void SamplePage::refresh()
{
    const fleet::FleetDocument &fleet = context.draft().fleet;
    m_wanted->setChecked(!fleet.workloads.isEmpty());
    m_host->setVisible(!fleet.workloads.isEmpty());
    QStringList clusters;
    for (const fleet::FleetCluster &cluster : fleet.clusters)
        clusters << cluster.name;
    if (m_host->property("clusters").toStringList() != clusters) {
        m_host->setProperty("clusters", clusters);
        clearLayout(m_grid);
        for (int column = 0; column < clusters.size(); ++column) {
            m_grid->addWidget(new QLabel(clusters.at(column)), 0, column + 1);
            m_grid->setColumnStretch(column + 1, 1);
        }
        for (int row = 0; row < manifests.size(); ++row) {
            const QString manifest = manifests.at(row);
            m_grid->addWidget(new QLabel(manifest), row + 1, 0);
            for (int column = 0; column < clusters.size(); ++column) {
                const QString cluster = clusters.at(column);
                auto *box = new QCheckBox;
                box->setObjectName(QStringLiteral("sample-%1-%2").arg(manifest, cluster));
                box->setAccessibleName(tr("%1 in %2").arg(manifest, cluster));
                connect(box, &QCheckBox::clicked, this, [this, manifest, cluster](bool on) {
                    context.edit([&](SetupDraft &draft) { setWorkload(draft.fleet, cluster, manifest, on); });
                });
                m_grid->addWidget(box, row + 1, column + 1);
            }
        }
    }
    for (const QString &manifest : manifests) {
        for (const QString &cluster : std::as_const(clusters)) {
            if (auto *box = m_host->findChild<QCheckBox *>(QStringLiteral("sample-%1-%2").arg(manifest, cluster)))
                box->setChecked(hasWorkload(fleet, cluster, manifest));
        }
    }
}

} // namespace catamaran::ui
