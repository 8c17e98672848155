// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/environmentbar.h"

#include "documents/strictyaml.h"
#include "mesh/providers.h"
#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/setup/environmentfile.h"
#include "ui/setup/homepath.h"
#include "ui/setup/setupdraft.h"
#include "ui/setup/setuppage.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace catamaran::ui {

EnvironmentBar::EnvironmentBar(QWidget *parent)
    : QWidget(parent)
    , m_name(new QLineEdit(QStringLiteral("my-clusters")))
    , m_production(new QCheckBox(tr("&Production")))
    , m_maker(new QComboBox)
    , m_leaseCluster(new QComboBox)
    , m_leaseNamespace(new QLineEdit)
    , m_accountHost(new QWidget)
    , m_accountRow(new QHBoxLayout(m_accountHost))
    , m_save(new QPushButton(tr("&Save and open")))
    , m_note(new MutedLabel)
{
    m_name->setObjectName(QStringLiteral("environmentName"));
    m_name->setAccessibleName(tr("Environment name"));
    m_name->setMinimumWidth(110);
    m_name->setMaximumWidth(220);
    m_production->setObjectName(QStringLiteral("production"));
    m_production->setToolTip(tr("Drills then ask for the environment's name, and the window is marked red"));
    m_maker->setObjectName(QStringLiteral("maker"));
    m_maker->setAccessibleName(tr("Where the meshes are made"));
    m_maker->addItem(tr("as they are"));
    m_maker->setItemData(0, tr("What runs in the clusters is found; no mesh is made"), Qt::ToolTipRole);
    for (const mesh::ProviderKind *kind : mesh::providerKinds()) {
        m_maker->addItem(kind->words().product, kind->name());
        m_maker->setItemData(m_maker->count() - 1, tr("It needs %1").arg(kind->words().needs), Qt::ToolTipRole);
    }
    auto *back = new QPushButton(themedIcon(QStringLiteral("left")), tr("All wa&ys"));
    back->setObjectName(QStringLiteral("leaveKubeconfigs"));
    m_save->setObjectName(QStringLiteral("useContexts"));
    setButtonRole(m_save, ButtonRole::Primary);
    m_note->setObjectName(QStringLiteral("saveNote"));
    m_accountRow->setContentsMargins(0, 0, 0, 0);
    m_accountHost->hide();

    auto *nameLabel = new PlainLabel(tr("En&vironment"));
    nameLabel->setBuddy(m_name);
    auto *makerLabel = new PlainLabel(tr("&Meshes"));
    makerLabel->setBuddy(m_maker);
    auto *row = new QHBoxLayout;
    row->setSpacing(10);
    row->addWidget(back);
    row->addSpacing(8);
    row->addWidget(nameLabel);
    row->addWidget(m_name, 1);
    row->addWidget(m_production);
    row->addWidget(makerLabel);
    row->addWidget(m_maker);
    row->addStretch(1);
    row->addWidget(m_save);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_accountHost);
    layout->addWidget(buildLease());
    layout->addLayout(row);
    layout->addWidget(m_note);

    connect(back, &QPushButton::clicked, this, &EnvironmentBar::leaveRequested);
    connect(m_save, &QPushButton::clicked, this, &EnvironmentBar::saveRequested);
    connect(m_name, &QLineEdit::textChanged, this, &EnvironmentBar::nameChanged);
    connect(m_name, &QLineEdit::returnPressed, m_save, &QPushButton::click);
    connect(m_maker, &QComboBox::currentIndexChanged, this, [this] {
        askForAccount();
        emit makerChanged();
    });
}

QWidget *EnvironmentBar::buildLease()
{
    auto *host = new QWidget;
    m_leaseCluster->setObjectName(QStringLiteral("leaseCluster"));
    m_leaseCluster->setAccessibleName(tr("Cluster of the Lease"));
    m_leaseCluster->setToolTip(tr(
        "A Lease called catamaran keeps consoles on other machines from changing the same fleet at the same time. It takes the rights to get, create, patch and delete leases in one namespace."));
    m_leaseNamespace->setObjectName(QStringLiteral("leaseNamespace"));
    m_leaseNamespace->setAccessibleName(tr("Namespace of the Lease"));
    m_leaseNamespace->setPlaceholderText(tr("a namespace that is there"));
    auto *label = new PlainLabel(tr("&Other machines see this one by a Lease in"));
    label->setBuddy(m_leaseCluster);
    auto *layout = new QHBoxLayout(host);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(10);
    layout->addWidget(label);
    layout->addWidget(m_leaseCluster);
    layout->addWidget(m_leaseNamespace, 1);
    layout->addStretch(1);
    offerLeaseIn({});
    connect(m_leaseCluster, &QComboBox::currentIndexChanged, this, [this] {
        m_leaseNamespace->setEnabled(m_leaseCluster->currentIndex() > 0);
        emit nameChanged(); // what is missing
    });
    connect(m_leaseNamespace, &QLineEdit::textChanged, this, &EnvironmentBar::nameChanged);
    return host;
}

/// A cluster that was chosen stays so while it is not offered: it may be ticked again.
void EnvironmentBar::offerLeaseIn(const QStringList &clusters)
{
    const QString chosen = m_leaseCluster->currentData().toString();
    QStringList offered { QString() };
    offered << clusters;
    if (!offered.contains(chosen))
        offered << chosen;
    QStringList shown;
    for (int i = 0; i < m_leaseCluster->count(); ++i)
        shown << m_leaseCluster->itemData(i).toString();
    if (shown != offered) {
        const QSignalBlocker blocker(m_leaseCluster);
        m_leaseCluster->clear();
        for (const QString &cluster : std::as_const(offered))
            m_leaseCluster->addItem(cluster.isEmpty() ? tr("no cluster") : cluster, cluster);
        m_leaseCluster->setCurrentIndex(int(offered.indexOf(chosen)));
    }
    m_leaseNamespace->setEnabled(m_leaseCluster->currentIndex() > 0);
}

const mesh::ProviderKind *EnvironmentBar::kind() const
{
    return maker().isEmpty() ? nullptr : mesh::providerKind(maker());
}

QString EnvironmentBar::maker() const
{
    return m_maker->currentData().toString();
}

void EnvironmentBar::setMaker(const QString &provider)
{
    m_maker->setCurrentIndex(std::max(0, m_maker->findData(provider)));
    if (const mesh::ProviderKind *chosen = kind(); chosen && chosen->needsAccount())
        m_accountHost->setFocus(Qt::OtherFocusReason); // its first field
}

void EnvironmentBar::askForAccount()
{
    const mesh::ProviderKind *chosen = kind();
    const QString asked = chosen && chosen->needsAccount() ? chosen->name() : QString();
    m_accountHost->setVisible(!asked.isEmpty());
    if (asked.isEmpty() || asked == m_asked) // what was typed stays, should it be chosen again
        return;
    m_asked = asked;
    clearLayout(m_accountRow);
    m_fields.clear();
    m_secret = nullptr;
    m_accountHost->setFocusProxy(nullptr);
    m_accountHost->setAccessibleName(chosen->words().account);
    m_accountRow->addWidget(new MutedLabel(chosen->words().account));
    for (const mesh::AccountField &field : chosen->accountFields()) {
        auto *edit = new QLineEdit;
        edit->setObjectName(field.name);
        edit->setPlaceholderText(field.hint);
        edit->setAccessibleName(QString(field.label).remove(u'&'));
        if (field.isSecret) {
            edit->setEchoMode(QLineEdit::Password);
            m_secret = edit;
        } else {
            m_fields.insert(field.name, edit);
        }
        if (!m_accountHost->focusProxy())
            m_accountHost->setFocusProxy(edit);
        auto *label = new PlainLabel(field.label);
        label->setBuddy(edit);
        m_accountRow->addWidget(label);
        m_accountRow->addWidget(edit, field.stretch);
    }
}

void EnvironmentBar::setEnvironment(const documents::Environment &environment)
{
    m_name->setText(environment.name);
    m_production->setChecked(environment.production);
    offerLeaseIn(environment.lease ? QStringList { environment.lease->cluster } : QStringList());
    m_leaseCluster->setCurrentIndex(environment.lease ? m_leaseCluster->findData(environment.lease->cluster) : 0);
    m_leaseNamespace->setText(environment.lease ? environment.lease->ns : QString());
    const mesh::Account *account = environment.account();
    m_kept = nullptr;
    setMaker(account ? account->kind().name() : QString());
    if (!account)
        return;
    const QMap<QString, QString> fields = account->fields();
    for (auto it = m_fields.cbegin(); it != m_fields.cend(); ++it)
        it.value()->setText(fields.value(it.key()));
    m_kept = fields.isEmpty() ? environment.accounts.first() : nullptr;
}

documents::Environment EnvironmentBar::environment() const
{
    documents::Environment environment;
    environment.name = asLabel(m_name->text());
    environment.production = m_production->isChecked();
    if (m_leaseCluster->currentIndex() > 0)
        environment.lease = ops::LeasePlace { m_leaseCluster->currentData().toString(), m_leaseNamespace->text().trimmed() };
    const mesh::ProviderKind *chosen = kind();
    if (!chosen || !chosen->needsAccount())
        return environment;
    QMap<QString, QString> fields;
    for (auto it = m_fields.cbegin(); it != m_fields.cend(); ++it)
        fields.insert(it.key(), it.value()->text());
    if (auto account = chosen->makeAccount(fields, environment.name + QStringLiteral("-access-key")))
        environment.accounts << account;
    else if (m_kept)
        environment.accounts << m_kept;
    return environment;
}

core::Secret EnvironmentBar::takeSecret()
{
    if (!m_secret || m_accountHost->isHidden())
        return {};
    core::Secret secret(m_secret->text().toUtf8());
    m_secret->clear();
    return secret;
}

/// Why the place of the Lease cannot be kept; empty: there is one, or none is wanted.
QString EnvironmentBar::whyNoLease() const
{
    if (m_leaseCluster->currentIndex() <= 0)
        return {};
    const QString ns = m_leaseNamespace->text().trimmed();
    return ns.isEmpty()              ? tr("Name the namespace of the Lease.")
        : !documents::isDnsLabel(ns) ? tr("“%1” is no name of a namespace.").arg(ns)
                                     : QString();
}

void EnvironmentBar::showWhatIsKept(const QStringList &names, bool hasFiles, bool canSave)
{
    offerLeaseIn(names);
    const int clusters = int(names.size());
    const QString path = keptEnvironmentFile(asLabel(m_name->text()));
    const bool there = QFileInfo::exists(path);
    QString why;
    if (m_name->text().trimmed().isEmpty())
        why = tr("Give the environment a name.");
    else if (clusters == 0 && hasFiles)
        why = tr("Tick the contexts that shall become clusters.");
    else if (m_leaseCluster->currentIndex() > 0 && !names.contains(m_leaseCluster->currentData().toString()))
        why = tr("The Lease is to be in %1, which is not ticked.").arg(m_leaseCluster->currentText());
    else
        why = whyNoLease();
    m_save->setEnabled(why.isEmpty() && clusters > 0 && canSave);
    m_save->setText(there ? tr("&Replace and open") : tr("&Save and open"));
    if (!why.isEmpty())
        m_note->setText(why);
    else if (clusters == 0)
        m_note->setText(tr("Nothing is kept yet."));
    else
        m_note->setText((there ? tr("%n cluster(s) replace what is kept in %1.", nullptr, clusters)
                               : tr("%n cluster(s) will be kept in %1.", nullptr, clusters))
                            .arg(shortPath(path)));
}

} // namespace catamaran::ui
