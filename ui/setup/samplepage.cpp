// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/samplepage.h"

#include "ui/common/accessible.h"
#include "ui/common/widgets.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

namespace catamaran::ui {

namespace {
const QStringList manifests { QStringLiteral("sleep"), QStringLiteral("helloworld-v1"), QStringLiteral("helloworld-v2") };
}

SamplePage::SamplePage(SetupContext &shared, QWidget *parent)
    : SetupPage(shared, tr("Sample application"),
        tr("sleep sends requests, helloworld answers them with its version and instance. Under a mesh, sidecars are injected into its namespace."),
        parent)
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
    auto *changes = new Card(tr("Changed for these clusters"));
    changes->setText(tr(
        "Empty fields leave the manifest as it is. Any image with a shell and curl can be the client, any that answers on port 5000 the service."));
    auto *grid = new QGridLayout;
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(10);
    grid->setColumnStretch(1, 4);
    grid->setColumnStretch(3, 4);
    m_namespace = new QLineEdit;
    m_namespace->setObjectName(QStringLiteral("sampleNamespace"));
    m_namespace->setAccessibleName(tr("Namespace of the sample"));
    grid->addWidget(new PlainLabel(tr("Namespace")), 0, 0);
    grid->addWidget(m_namespace, 0, 1);
    const QStringList headers { QString(), tr("Image"), tr("Replicas"), tr("Command") };
    for (int column = 1; column < headers.size(); ++column)
        grid->addWidget(new MutedLabel(headers.at(column)), 1, column);
    for (int row = 0; row < manifests.size(); ++row) {
        const QString manifest = manifests.at(row);
        Override fields { new QLineEdit, new QSpinBox, new QLineEdit };
        fields.image->setObjectName(QStringLiteral("image-") + manifest);
        fields.image->setAccessibleName(tr("Image of %1").arg(manifest));
        fields.image->setPlaceholderText(tr("as in the manifest"));
        fields.replicas->setObjectName(QStringLiteral("replicas-") + manifest);
        fields.replicas->setAccessibleName(tr("Replicas of %1").arg(manifest));
        fields.replicas->setRange(-1, 100);
        fields.replicas->setSpecialValueText(tr("as is"));
        fields.command->setObjectName(QStringLiteral("command-") + manifest);
        fields.command->setAccessibleName(tr("Command of %1").arg(manifest));
        fields.command->setPlaceholderText(tr("as in the manifest"));
        grid->addWidget(new PlainLabel(manifest), row + 2, 0);
        grid->addWidget(fields.image, row + 2, 1);
        grid->addWidget(fields.replicas, row + 2, 2);
        grid->addWidget(fields.command, row + 2, 3);
        const auto take = [this, manifest, fields] {
            documents::WorkloadOverrides overrides = overridesOf(context.draft().fleet, manifest);
            overrides.image = fields.image->text().trimmed();
            overrides.replicas = fields.replicas->value() < 0 ? std::nullopt : std::optional<int>(fields.replicas->value());
            overrides.command = commandWords(fields.command->text());
            context.edit([&](SetupDraft &draft) { setOverrides(draft.fleet, manifest, overrides); });
        };
        connect(fields.image, &QLineEdit::editingFinished, this, take);
        connect(fields.command, &QLineEdit::editingFinished, this, take);
        connect(fields.replicas, &QSpinBox::valueChanged, this, [this, take] {
            if (!m_filling)
                take();
        });
        m_overrides << fields;
    }
    changes->body()->addLayout(grid);
    connect(m_namespace, &QLineEdit::editingFinished, this, [this] {
        const QString ns = m_namespace->text().trimmed();
        if (!ns.isEmpty())
            context.edit([&](SetupDraft &draft) { setSampleNamespace(draft.fleet, ns); });
    });
    m_changes = changes;
    body()->addWidget(card);
    body()->addWidget(changes);
    body()->addWidget(text);
    body()->addStretch(1);
    const auto show = [this](const QString &name) {
        const auto yaml = documents::manifestText(name);
        QString shown = yaml ? QString::fromUtf8(*yaml).trimmed() : yaml.error().text();
        while (shown.startsWith(QLatin1String("# SPDX-"))) // of the file, not of what is sent
            shown.remove(0, shown.indexOf(u'\n') + 1);
        m_manifest->setCommand(shown);
    };
    connect(m_which, &QComboBox::currentTextChanged, this, show);
    show(m_which->currentText());
    whenToggled(m_wanted, this, [this](bool on) { context.edit([&](SetupDraft &draft) { setSample(draft.fleet, on); }); });
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
    const documents::FleetDocument &fleet = context.draft().fleet;
    showChecked(m_wanted, !fleet.workloads.isEmpty());
    m_host->setVisible(!fleet.workloads.isEmpty());
    m_changes->setVisible(!fleet.workloads.isEmpty());
    m_filling = true;
    const auto put = [](QLineEdit *edit, const QString &shown) {
        if (!edit->hasFocus() && edit->text() != shown)
            edit->setText(shown);
    };
    put(m_namespace, sampleNamespaceOf(fleet));
    for (int row = 0; row < manifests.size(); ++row) {
        const documents::WorkloadOverrides overrides = overridesOf(fleet, manifests.at(row));
        put(m_overrides.at(row).image, overrides.image);
        put(m_overrides.at(row).command, commandText(overrides.command));
        m_overrides.at(row).replicas->setValue(overrides.replicas.value_or(-1));
    }
    m_filling = false;
    QStringList clusters;
    for (const documents::FleetCluster &cluster : fleet.clusters)
        clusters << cluster.name;
    if (m_host->property("clusters").toStringList() != clusters) {
        m_host->setProperty("clusters", clusters);
        clearLayout(m_grid);
        for (int column = 0; column < clusters.size(); ++column) {
            m_grid->addWidget(new PlainLabel(clusters.at(column)), 0, column + 1);
            m_grid->setColumnStretch(column + 1, 1);
        }
        for (int row = 0; row < manifests.size(); ++row) {
            const QString manifest = manifests.at(row);
            m_grid->addWidget(new PlainLabel(manifest), row + 1, 0);
            for (int column = 0; column < clusters.size(); ++column) {
                const QString cluster = clusters.at(column);
                auto *box = new QCheckBox;
                box->setObjectName(QStringLiteral("sample-%1-%2").arg(manifest, cluster));
                box->setAccessibleName(tr("%1 in %2").arg(manifest, cluster));
                whenToggled(box, this, [this, manifest, cluster](bool on) {
                    context.edit([&](SetupDraft &draft) { setWorkload(draft.fleet, cluster, manifest, on); });
                });
                m_grid->addWidget(box, row + 1, column + 1);
            }
        }
    }
    for (const QString &manifest : manifests) {
        for (const QString &cluster : std::as_const(clusters)) {
            if (auto *box = m_host->findChild<QCheckBox *>(QStringLiteral("sample-%1-%2").arg(manifest, cluster)))
                showChecked(box, hasWorkload(fleet, cluster, manifest));
        }
    }
}

} // namespace catamaran::ui
