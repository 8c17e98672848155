// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/verifyform.h"

#include "core/printable.h"
#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/verify/expectation.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

namespace catamaran::ui {

namespace {

enum Amount { ByCount, ByDuration, UntilStopped };

/// Makes @p combo offer @p names (data) with labels, touching nothing when they are the same already.
void offer(QComboBox *combo, const QStringList &names, QStringList labels, const QString &preferred)
{
    std::transform(labels.cbegin(), labels.cend(), labels.begin(), core::printableLine);
    const QSignalBlocker blocker(combo);
    bool same = combo->count() == names.size();
    for (int i = 0; same && i < combo->count(); ++i)
        same = combo->itemData(i).toString() == names.at(i);
    if (same) {
        for (int i = 0; i < combo->count(); ++i) {
            if (combo->itemText(i) != labels.at(i))
                combo->setItemText(i, labels.at(i));
        }
        if (!preferred.isEmpty() && combo->findData(preferred) >= 0)
            combo->setCurrentIndex(combo->findData(preferred));
        return;
    }
    const QString before = preferred.isEmpty() ? combo->currentData().toString() : preferred;
    combo->clear();
    for (int i = 0; i < names.size(); ++i)
        combo->addItem(labels.at(i), names.at(i));
    const int index = combo->findData(before);
    combo->setCurrentIndex(index >= 0 ? index : names.isEmpty() ? -1 : 0);
}

QComboBox *makeCombo(const QString &name, const QString &accessible)
{
    auto *combo = new QComboBox;
    combo->setObjectName(name);
    combo->setAccessibleName(accessible);
    combo->setMinimumContentsLength(10);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    return combo;
}

} // namespace

VerifyForm::VerifyForm(QWidget *parent)
    : QWidget(parent)
    , m_cluster(makeCombo(QStringLiteral("sourceCluster"), tr("Source cluster")))
    , m_namespace(makeCombo(QStringLiteral("sourceNamespace"), tr("Source namespace")))
    , m_workload(makeCombo(QStringLiteral("sourceWorkload"), tr("Source workload")))
    , m_sourceNote(new MutedLabel)
    , m_url(new QLineEdit(QStringLiteral("http://helloworld:5000/hello")))
    , m_amount(makeCombo(QStringLiteral("amount"), tr("How much")))
    , m_count(new QSpinBox)
    , m_seconds(new QSpinBox)
    , m_rate(new QDoubleSpinBox)
    , m_connections(makeCombo(QStringLiteral("connections"), tr("Connections")))
    , m_command(new CommandBox)
    , m_start(new QPushButton(tr("&Start")))
    , m_stop(new QPushButton(themedIcon(QStringLiteral("stop")), tr("S&top")))
{
    m_sourceNote->setObjectName(QStringLiteral("sourceNote"));
    m_url->setObjectName(QStringLiteral("url"));
    m_url->setAccessibleName(tr("Target URL"));
    m_url->setClearButtonEnabled(true);
    m_amount->addItems({ tr("Number of requests"), tr("Duration"), tr("Until stopped") });
    m_count->setObjectName(QStringLiteral("count"));
    m_count->setAccessibleName(tr("Number of requests"));
    m_count->setRange(1, 1000000);
    m_count->setValue(200);
    m_count->setSuffix(tr(" requests"));
    m_count->setGroupSeparatorShown(true);
    m_seconds->setObjectName(QStringLiteral("seconds"));
    m_seconds->setAccessibleName(tr("Duration in seconds"));
    m_seconds->setRange(1, 24 * 3600); // what RunSpec::check() takes
    m_seconds->setValue(30);
    m_seconds->setSuffix(tr(" s"));
    m_rate->setObjectName(QStringLiteral("rate"));
    m_rate->setAccessibleName(tr("Requests per second"));
    m_rate->setRange(0, 1000);
    m_rate->setDecimals(1);
    m_rate->setSpecialValueText(tr("as fast as answers come"));
    m_rate->setSuffix(tr(" per second"));
    m_connections->addItem(tr("New for each request"), false);
    m_connections->addItem(tr("Kept (keep-alive)"), true);
    m_command->setMaximumLines(9);
    m_command->setAccessibleName(tr("The same with kubectl"));
    m_command->setObjectName(QStringLiteral("kubectlCommand"));
    m_start->setObjectName(QStringLiteral("start"));
    setButtonRole(m_start, ButtonRole::Primary);
    m_start->setToolTip(tr("Send the requests (Ctrl+Enter)"));
    m_stop->setObjectName(QStringLiteral("stop"));
    m_stop->setEnabled(false);
    m_stop->setToolTip(tr("End the run; what was received stays"));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 12, 12, 12);
    layout->setSpacing(6);
    const auto field = [layout](const QString &text, QWidget *widget) {
        auto *label = new PlainLabel(text);
        label->setBuddy(widget);
        layout->addWidget(label);
        layout->addWidget(widget);
    };
    layout->addWidget(new SectionTitle(tr("From")));
    auto *from = new QFormLayout;
    from->setContentsMargins(0, 0, 0, 0);
    from->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    from->addRow(tr("&Cluster"), m_cluster);
    from->addRow(tr("&Namespace"), m_namespace);
    from->addRow(tr("&Workload"), m_workload);
    layout->addLayout(from);
    layout->addWidget(m_sourceNote);
    layout->addWidget(new SectionTitle(tr("To")));
    field(tr("UR&L"), m_url);
    layout->addWidget(new SectionTitle(tr("How")));
    field(tr("How &much"), m_amount);
    layout->addWidget(m_count);
    layout->addWidget(m_seconds);
    field(tr("&Rate"), m_rate);
    field(tr("C&onnections"), m_connections);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_start, 2);
    buttons->addWidget(m_stop, 1);
    layout->addSpacing(4);
    layout->addLayout(buttons);
    layout->addWidget(new SectionTitle(tr("The same by hand")));
    layout->addWidget(m_command);
    layout->addStretch(1);
    m_seconds->hide();
    m_sourceNote->hide();

    connect(m_cluster, &QComboBox::currentIndexChanged, this, [this] {
        m_chosen = true;
        m_awaited.reset();
        fillNamespaces();
        tell();
    });
    connect(m_namespace, &QComboBox::currentIndexChanged, this, [this] {
        m_chosen = true;
        m_awaited.reset();
        fillWorkloads();
        tell();
    });
    connect(m_workload, &QComboBox::currentIndexChanged, this, [this] {
        m_chosen = true;
        m_awaited.reset();
        tell();
    });
    connect(m_amount, &QComboBox::currentIndexChanged, this, [this](int amount) {
        m_count->setVisible(amount == ByCount);
        m_seconds->setVisible(amount == ByDuration);
        tell();
    });
    connect(m_url, &QLineEdit::textChanged, this, &VerifyForm::tell);
    connect(m_count, &QSpinBox::valueChanged, this, &VerifyForm::tell);
    connect(m_seconds, &QSpinBox::valueChanged, this, &VerifyForm::tell);
    connect(m_rate, &QDoubleSpinBox::valueChanged, this, &VerifyForm::tell);
    connect(m_connections, &QComboBox::currentIndexChanged, this, &VerifyForm::tell);
    connect(m_start, &QPushButton::clicked, this, &VerifyForm::startRequested);
    connect(m_stop, &QPushButton::clicked, this, &VerifyForm::stopRequested);
    connect(m_url, &QLineEdit::returnPressed, this, [this] {
        if (!m_running && hasSource() && m_obstacle.isEmpty())
            emit startRequested();
    });
    tell();
}

void VerifyForm::setFleet(const observe::ObservedFleet &fleet)
{
    const bool first = m_entries.isEmpty();
    QList<Entry> entries;
    for (const probe::Source &source : possibleSources(fleet, true)) {
        Entry entry { source, 0, {} };
        if (const auto *cluster = fleet.cluster(source.cluster)) {
            entry.byHand = cluster->byHand;
            for (const observe::ObservedWorkload &workload : cluster->workloads) {
                if (workload.ns == source.ns && workload.name == source.workload)
                    entry.ready = workload.ready;
            }
        }
        entries << entry;
    }
    m_entries = entries;
    if (m_awaited) {
        setSource(probe::Source(*m_awaited));
        return;
    }
    // Until somebody picks one, the first client that can send right now is the source.
    if (first || !m_chosen) {
        const QList<probe::Source> ready = possibleSources(fleet);
        if (!ready.isEmpty()) {
            const bool chosen = m_chosen;
            setSource(ready.first());
            m_chosen = chosen;
            return;
        }
    }
    fillClusters();
    tell();
}

void VerifyForm::setSource(const probe::Source &source)
{
    fillClusters();
    const auto pick = [](QComboBox *combo, const QString &name) {
        const QSignalBlocker blocker(combo);
        const int index = combo->findData(name);
        if (index >= 0)
            combo->setCurrentIndex(index);
    };
    pick(m_cluster, source.cluster);
    fillNamespaces();
    pick(m_namespace, source.ns);
    fillWorkloads();
    pick(m_workload, source.workload);
    m_awaited.reset();
    if (spec().source.text() != source.text())
        m_awaited = source;
    m_chosen = true;
    tell();
}

void VerifyForm::fillClusters()
{
    QStringList names;
    for (const Entry &entry : std::as_const(m_entries)) {
        if (!names.contains(entry.source.cluster))
            names << entry.source.cluster;
    }
    names.sort();
    offer(m_cluster, names, names, {});
    fillNamespaces();
}

void VerifyForm::fillNamespaces()
{
    const QString cluster = m_cluster->currentData().toString();
    QStringList names;
    for (const Entry &entry : std::as_const(m_entries)) {
        if (entry.source.cluster == cluster && !names.contains(entry.source.ns))
            names << entry.source.ns;
    }
    names.sort();
    offer(m_namespace, names, names, {});
    fillWorkloads();
}

void VerifyForm::fillWorkloads()
{
    const QString cluster = m_cluster->currentData().toString();
    const QString ns = m_namespace->currentData().toString();
    QStringList names, labels;
    for (const Entry &entry : std::as_const(m_entries)) {
        if (entry.source.cluster != cluster || entry.source.ns != ns)
            continue;
        names << entry.source.workload;
        labels << (entry.ready > 0 ? entry.source.workload : tr("%1 (no ready pod)").arg(entry.source.workload));
    }
    offer(m_workload, names, labels, {});
}

bool VerifyForm::isEndless() const
{
    return m_amount->currentIndex() == UntilStopped;
}

bool VerifyForm::hasSource() const
{
    return m_workload->currentIndex() >= 0;
}

probe::RunSpec VerifyForm::spec() const
{
    probe::RunSpec spec;
    spec.source = { m_cluster->currentData().toString(), m_namespace->currentData().toString(), m_workload->currentData().toString() };
    spec.url = m_url->text().trimmed();
    if (m_amount->currentIndex() == ByCount)
        spec.count = m_count->value();
    else if (m_amount->currentIndex() == ByDuration)
        spec.duration = std::chrono::seconds(m_seconds->value());
    spec.rate = m_rate->value();
    spec.keepAlive = m_connections->currentData().toBool();
    return spec;
}

void VerifyForm::setRunning(bool running)
{
    m_running = running;
    m_stop->setEnabled(running);
    tell();
}

void VerifyForm::setObstacle(const QString &why)
{
    if (why == m_obstacle)
        return;
    m_obstacle = why;
    tell();
}

void VerifyForm::tell()
{
    QString note;
    kube::ByHand byHand;
    for (const Entry &entry : std::as_const(m_entries)) {
        if (entry.source.cluster == spec().source.cluster)
            byHand = entry.byHand;
        if (entry.source.text() == spec().source.text() && entry.ready == 0)
            note = tr("No pod of it is ready, so nothing can be sent from here.");
    }
    if (m_entries.isEmpty())
        note = tr("No workload is known yet.");
    if (!m_obstacle.isEmpty())
        note = m_obstacle;
    m_sourceNote->setText(note);
    m_sourceNote->setVisible(!note.isEmpty());
    m_start->setEnabled(!m_running && hasSource() && m_obstacle.isEmpty() && !m_url->text().trimmed().isEmpty());
    m_start->setToolTip(m_obstacle.isEmpty() ? tr("Send the requests (Ctrl+Enter)") : m_obstacle);
    const probe::RunSpec now = spec();
    m_command->setCommand(now.check(isEndless()) && hasSource() ? now.asKubectl(byHand) : tr("# choose a source and a URL"));
    emit specChanged();
}

} // namespace catamaran::ui
