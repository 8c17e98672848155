// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/environmentbar.h"

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
    m_account->setText(tr("Alibaba Cloud account"));
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
            m_keyId->setFocus(Qt::OtherFocusReason);
    });
}

QWidget *EnvironmentBar::buildAccount()
{
    m_keyId = new QLineEdit;
    m_keyId->setObjectName(QStringLiteral("accessKeyId"));
    m_keySecret = new QLineEdit;
    m_keySecret->setObjectName(QStringLiteral("accessKeySecret"));
    m_keySecret->setEchoMode(QLineEdit::Password);
    m_keySecret->setPlaceholderText(tr("kept in the keyring, never in a file"));
    m_regions = new QLineEdit;
    m_regions->setObjectName(QStringLiteral("regions"));
    m_regions->setPlaceholderText(tr("cn-hangzhou, cn-shanghai"));
    auto *host = new QWidget;
    auto *layout = new QHBoxLayout(host);
    layout->setContentsMargins(0, 0, 0, 0);
    const auto field = [layout](const QString &text, QLineEdit *edit, int stretch) {
        auto *label = new PlainLabel(text);
        label->setBuddy(edit);
        edit->setAccessibleName(QString(text).remove(u'&'));
        layout->addWidget(label);
        layout->addWidget(edit, stretch);
    };
    field(tr("AccessKey &id"), m_keyId, 3);
    field(tr("AccessKey s&ecret"), m_keySecret, 4);
    field(tr("Re&gions"), m_regions, 3);
    return host;
}

void EnvironmentBar::setEnvironment(const documents::Environment &environment)
{
    m_name->setText(environment.name);
    m_production->setChecked(environment.production);
    if (!environment.cloud)
        return;
    m_keyId->setText(environment.cloud->accessKeyId);
    m_regions->setText(environment.cloud->regions.join(QStringLiteral(", ")));
    m_account->setChecked(true);
}

documents::Environment EnvironmentBar::environment() const
{
    documents::Environment environment;
    environment.name = asLabel(m_name->text());
    environment.production = m_production->isChecked();
    if (!m_account->isChecked() || m_keyId->text().trimmed().isEmpty())
        return environment;
    documents::CloudAccount account;
    account.accessKeyId = m_keyId->text().trimmed();
    account.secret = { documents::SecretSource::Kind::Keyring, environment.name + QStringLiteral("-access-key") };
    const QStringList regions = m_regions->text().split(u',', Qt::SkipEmptyParts);
    for (const QString &region : regions)
        account.regions << region.trimmed();
    environment.cloud = account;
    return environment;
}

core::Secret EnvironmentBar::takeSecret()
{
    core::Secret secret(m_keySecret->text().toUtf8());
    m_keySecret->clear();
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
