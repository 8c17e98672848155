// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/environmentbar.h"

#include "mesh/providers.h"
#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/setup/environmentfile.h"
#include "ui/setup/homepath.h"
#include "ui/setup/setupdraft.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace catamaran::ui {

EnvironmentBar::EnvironmentBar(QWidget *parent)
    : QWidget(parent)
    , m_name(new QLineEdit(QStringLiteral("my-clusters")))
    , m_production(new QCheckBox(tr("&Production")))
    , m_account(new QToolButton)
    , m_save(new QPushButton(tr("&Save and open")))
    , m_note(new MutedLabel)
{
    m_name->setObjectName(QStringLiteral("environmentName"));
    m_name->setAccessibleName(tr("Environment name"));
    m_name->setMinimumWidth(110);
    m_name->setMaximumWidth(220);
    m_production->setObjectName(QStringLiteral("production"));
    m_production->setToolTip(tr("Drills then ask for the environment's name, and the window is marked red"));
    m_account->setObjectName(QStringLiteral("withAccount"));
    m_account->setText(mesh::wordsOf({}).account);
    m_account->setCheckable(true);
    m_account->setAutoRaise(true);
    m_account->setIcon(themedIcon(QStringLiteral("right")));
    m_account->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_account->setToolTip(
        tr("Meshes can only be made with an account; without one the clusters are watched, verified and rehearsed as they are"));
    auto *back = new QPushButton(themedIcon(QStringLiteral("left")), tr("All wa&ys"));
    back->setObjectName(QStringLiteral("leaveKubeconfigs"));
    m_save->setObjectName(QStringLiteral("useContexts"));
    setButtonRole(m_save, ButtonRole::Primary);
    m_note->setObjectName(QStringLiteral("saveNote"));
    m_accountHost = buildAccount();
    m_accountHost->hide();

    auto *nameLabel = new PlainLabel(tr("En&vironment"));
    nameLabel->setBuddy(m_name);
    auto *row = new QHBoxLayout;
    row->setSpacing(10);
    row->addWidget(back);
    row->addSpacing(8);
    row->addWidget(nameLabel);
    row->addWidget(m_name, 1);
    row->addWidget(m_production);
    row->addWidget(m_account);
    row->addStretch(1);
    row->addWidget(m_save);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_accountHost);
    layout->addLayout(row);
    layout->addWidget(m_note);

    connect(back, &QPushButton::clicked, this, &EnvironmentBar::leaveRequested);
    connect(m_save, &QPushButton::clicked, this, &EnvironmentBar::saveRequested);
    connect(m_name, &QLineEdit::textChanged, this, &EnvironmentBar::nameChanged);
    connect(m_name, &QLineEdit::returnPressed, m_save, &QPushButton::click);
    connect(m_account, &QToolButton::toggled, this, [this](bool on) {
        m_account->setIcon(themedIcon(on ? QStringLiteral("down") : QStringLiteral("right")));
        m_accountHost->setVisible(on);
        if (on)
            m_accountHost->setFocus(Qt::OtherFocusReason); // its first field
    });
}

QWidget *EnvironmentBar::buildAccount()
{
    auto *host = new QWidget;
    auto *layout = new QHBoxLayout(host);
    layout->setContentsMargins(0, 0, 0, 0);
    for (const mesh::AccountField &field : mesh::providerKind({})->accountFields()) {
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
        if (!host->focusProxy())
            host->setFocusProxy(edit);
        auto *label = new PlainLabel(field.label);
        label->setBuddy(edit);
        layout->addWidget(label);
        layout->addWidget(edit, field.stretch);
    }
    return host;
}

void EnvironmentBar::setEnvironment(const documents::Environment &environment)
{
    m_name->setText(environment.name);
    m_production->setChecked(environment.production);
    const mesh::Account *account = environment.account();
    if (!account)
        return;
    const QMap<QString, QString> fields = account->fields();
    for (auto it = m_fields.cbegin(); it != m_fields.cend(); ++it)
        it.value()->setText(fields.value(it.key()));
    m_kept = fields.isEmpty() ? environment.accounts.first() : nullptr;
    m_account->setChecked(true);
}

documents::Environment EnvironmentBar::environment() const
{
    documents::Environment environment;
    environment.name = asLabel(m_name->text());
    environment.production = m_production->isChecked();
    if (!m_account->isChecked())
        return environment;
    QMap<QString, QString> fields;
    for (auto it = m_fields.cbegin(); it != m_fields.cend(); ++it)
        fields.insert(it.key(), it.value()->text());
    if (auto account = mesh::providerKind({})->makeAccount(fields, environment.name + QStringLiteral("-access-key")))
        environment.accounts << account;
    else if (m_kept)
        environment.accounts << m_kept;
    return environment;
}

core::Secret EnvironmentBar::takeSecret()
{
    if (!m_secret)
        return {};
    core::Secret secret(m_secret->text().toUtf8());
    m_secret->clear();
    return secret;
}

void EnvironmentBar::openAccount()
{
    m_account->setChecked(true);
}

void EnvironmentBar::showWhatIsKept(int clusters, bool hasFiles, bool canSave)
{
    const QString path = keptEnvironmentFile(asLabel(m_name->text()));
    const bool there = QFileInfo::exists(path);
    QString why;
    if (m_name->text().trimmed().isEmpty())
        why = tr("Give the environment a name.");
    else if (clusters == 0 && hasFiles)
        why = tr("Tick the contexts that shall become clusters.");
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
