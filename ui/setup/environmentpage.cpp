// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/environmentpage.h"

#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/setup/environmentfile.h"

#include <QFileDialog>
#include <QFormLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace catamaran::ui {

namespace {

enum ContextColumn { NameColumn, ContextNameColumn, ServerColumn, CloudIdColumn, RegionColumn, StateColumn, ContextColumnCount };

} // namespace

EnvironmentPage::EnvironmentPage(SetupContext &shared, QWidget *parent)
    : SetupPage(shared, tr("Environment and credentials"), tr("Where to work. Nothing is changed there until you have seen the plan and started it."), parent)
    , m_current(new Card(tr("Open now")))
    , m_facts(new KeyValueList)
    , m_error(new ErrorBanner)
    , m_file(new QLineEdit)
    , m_contexts(new QTableWidget(0, ContextColumnCount))
    , m_name(new QLineEdit)
    , m_keyId(new QLineEdit)
    , m_keySecret(new QLineEdit)
    , m_regions(new QLineEdit)
{
    m_error->setObjectName(QStringLiteral("environmentError"));
    m_current->body()->addWidget(m_facts);
    m_current->hide();

    auto *range = new Card(tr("Try it on the practice range"));
    range->setIcon(QStringLiteral("range"));
    range->setText(tr("A multi-cluster mesh on this machine, with real sockets, real TLS and real failures. No account, nothing to install, gone when the console ends."));
    m_range = range->addButton(tr("Open the practice &range"), true);
    m_range->setObjectName(QStringLiteral("openRange"));

    auto *file = new Card(tr("Open an environment file"));
    file->setIcon(QStringLiteral("file"));
    file->setText(tr("A YAML file of kind Environment: cloud account, endpoints and kubeconfigs. It names where secrets are, never the secrets themselves."));
    m_file->setObjectName(QStringLiteral("environmentFile"));
    m_file->setAccessibleName(tr("Environment file"));
    m_file->setPlaceholderText(tr("/path/to/env.yaml"));
    auto *browse = new QPushButton(tr("&Browse…"));
    m_openFile = new QPushButton(tr("&Open"));
    m_openFile->setObjectName(QStringLiteral("openFile"));
    auto *fileRow = new QHBoxLayout;
    fileRow->addWidget(m_file, 1);
    fileRow->addWidget(browse);
    fileRow->addWidget(m_openFile);
    file->body()->addLayout(fileRow);

    auto *kube = new Card(tr("Use kubeconfigs, with or without an Alibaba Cloud account"));
    kube->setIcon(QStringLiteral("cloud"));
    kube->setText(tr("Choose kubeconfig files; each context shows what it leads to. Meshes can only be made with a cloud account; without one the clusters can still be watched and verified."));
    m_contexts->setObjectName(QStringLiteral("contexts"));
    m_contexts->setAccessibleName(tr("Contexts of the kubeconfig files"));
    m_contexts->setHorizontalHeaderLabels({ tr("Cluster name"), tr("Context"), tr("Leads to"), tr("ACK cluster id"), tr("Region"), tr("State") });
    m_contexts->verticalHeader()->hide();
    m_contexts->horizontalHeader()->setStretchLastSection(true);
    m_contexts->setTabKeyNavigation(false);
    m_contexts->setMinimumHeight(130);
    m_contexts->hide();
    auto *add = new QPushButton(tr("&Add kubeconfig files…"));
    add->setObjectName(QStringLiteral("addKubeconfigs"));
    m_name->setObjectName(QStringLiteral("environmentName"));
    m_name->setText(QStringLiteral("my-clusters"));
    m_keyId->setObjectName(QStringLiteral("accessKeyId"));
    m_keyId->setPlaceholderText(tr("empty: no cloud account"));
    m_keySecret->setObjectName(QStringLiteral("accessKeySecret"));
    m_keySecret->setEchoMode(QLineEdit::Password);
    m_keySecret->setPlaceholderText(tr("kept in the keyring, never in a file"));
    m_regions->setPlaceholderText(QStringLiteral("cn-hangzhou, cn-shanghai"));
    m_useContexts = new QPushButton(tr("&Use these clusters"));
    m_useContexts->setObjectName(QStringLiteral("useContexts"));
    auto *form = new QFormLayout;
    form->addRow(tr("En&vironment name"), m_name);
    form->addRow(tr("AccessKey &id"), m_keyId);
    form->addRow(tr("AccessKey &secret"), m_keySecret);
    form->addRow(tr("Re&gions"), m_regions);
    auto *formHost = new QWidget;
    formHost->setLayout(form);
    form->setContentsMargins(0, 0, 0, 0);
    formHost->hide();
    m_useContexts->hide();
    kube->body()->addWidget(add, 0, Qt::AlignLeft);
    kube->body()->addWidget(m_contexts);
    kube->body()->addWidget(formHost);
    kube->body()->addWidget(m_useContexts, 0, Qt::AlignLeft);
    connect(m_contexts->model(), &QAbstractItemModel::rowsInserted, formHost, [this, formHost] {
        m_contexts->show();
        formHost->show();
        m_useContexts->show();
    });

    body()->addWidget(m_error);
    body()->addWidget(m_current);
    body()->addWidget(range);
    body()->addWidget(file);
    body()->addWidget(kube);
    body()->addStretch(1);

    connect(m_range, &QPushButton::clicked, this, [this] {
        m_error->clear();
        context.edit([](SetupDraft &draft) { draft.origin = SetupDraft::Origin::Range; });
        context.services.startPracticeRange();
        refresh();
    });
    connect(browse, &QPushButton::clicked, this, &EnvironmentPage::chooseFile);
    const auto open = [this] {
        const QString path = m_file->text().trimmed();
        if (path.isEmpty()) {
            chooseFile();
            return;
        }
        m_error->clear();
        context.services.openEnvironment(path);
        refresh();
    };
    connect(m_openFile, &QPushButton::clicked, this, open);
    connect(m_file, &QLineEdit::returnPressed, this, open);
    connect(add, &QPushButton::clicked, this, &EnvironmentPage::chooseKubeconfigs);
    connect(m_useContexts, &QPushButton::clicked, this, &EnvironmentPage::useContexts);
    connect(&context.services, &Services::openFailed, this, [this](const core::Error &error) {
        m_error->showError(error);
        refresh();
    });
    connect(&context.services, &Services::rangeStateChanged, this, &EnvironmentPage::refresh);
    connect(&context, &SetupContext::sessionChanged, this, [this] {
        if (context.session())
            m_error->clear();
        refresh();
        emit completeChanged();
    });
    connect(&context, &SetupContext::observedChanged, this, [this] {
        if (isVisible())
            refresh();
    });
    if (context.draft().origin == SetupDraft::Origin::File)
        m_file->setText(context.draft().environmentFile);
    refresh();
}

QString EnvironmentPage::missing() const
{
    return context.session() ? QString() : tr("Open an environment first.");
}

QWidget *EnvironmentPage::firstFocus() const
{
    return m_range;
}

void EnvironmentPage::refresh()
{
    const bool opening = context.services.isOpening();
    m_range->setEnabled(!opening);
    m_openFile->setEnabled(!opening);
    m_useContexts->setEnabled(!opening);
    m_range->setText(opening ? tr("Opening…") : context.services.practiceRangeRuns() ? tr("Open a fresh practice &range") : tr("Open the practice &range"));
    const auto session = context.session();
    m_current->setVisible(session != nullptr);
    if (!session)
        return;
    const fleet::Environment &environment = session->environment();
    QList<KeyValueList::Row> rows;
    const auto row = [&rows](const QString &key, const QString &value, std::optional<fleet::Health> health = {}) {
        KeyValueList::Row made;
        made.key = key;
        made.value = value;
        made.health = health;
        rows << made;
    };
    row(tr("Environment"), environment.production ? tr("%1 (PRODUCTION)").arg(environment.name) : environment.name);
    if (!environment.file.isEmpty())
        row(tr("File"), environment.file);
    row(tr("Cloud account"), environment.cloud ? tr("AccessKey %1, %2").arg(environment.cloud->accessKeyId, environment.cloud->regions.join(QStringLiteral(", "))) : tr("none: meshes cannot be made here"));
    const QStringList names = session->clusterNames();
    for (const QString &name : names) {
        const auto error = session->clusterError(name);
        auto *client = session->cluster(name);
        const auto *seen = context.observed().cluster(name);
        const QString address = client ? client->access().server.host() + u':' + QString::number(client->access().server.port(443)) : QString();
        if (error) {
            row(name, tr("cannot be used"), fleet::Health::Failed);
            row(QString(), error->text());
        } else if (seen && seen->reachable) {
            row(name, tr("%1 at %2").arg(seen->kubeVersion, address), fleet::Health::Ok);
        } else if (const auto *why = failedReach(seen)) {
            row(name, tr("does not answer at %1").arg(address), fleet::Health::Failed);
            row(QString(), why->reason);
        } else {
            row(name, tr("asking %1").arg(address), fleet::Health::Unknown);
        }
    }
    if (const QString note = context.services.secretsNote(); !note.isEmpty())
        row(tr("Secrets"), note);
    m_facts->setRows(rows);
}

void EnvironmentPage::chooseFile()
{
    auto *dialog = new QFileDialog(this, tr("Open an environment file"), {}, tr("Environment files (*.yaml *.yml);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        m_file->setText(path);
        m_error->clear();
        context.services.openEnvironment(path);
        refresh();
    });
    dialog->open();
}

void EnvironmentPage::chooseKubeconfigs()
{
    auto *dialog = new QFileDialog(this, tr("Add kubeconfig files"), QFileInfo(kube::defaultKubeconfigFiles().value(0)).path());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, &EnvironmentPage::addKubeconfigs);
    dialog->open();
}

void EnvironmentPage::addKubeconfigs(const QStringList &files)
{
    QStringList all = m_kubeconfigs + files;
    all.removeDuplicates();
    const auto contexts = resolveContexts(all);
    if (!contexts) {
        m_error->showError(contexts.error());
        return;
    }
    m_error->clear();
    m_kubeconfigs = all;
    m_contexts->setRowCount(0);
    for (const ResolvedContext &resolved : *contexts) {
        const int row = m_contexts->rowCount();
        m_contexts->insertRow(row);
        auto *name = new QTableWidgetItem(asLabel(resolved.name));
        name->setCheckState(resolved.error ? Qt::Unchecked : Qt::Checked);
        if (resolved.error)
            name->setFlags(Qt::ItemIsSelectable);
        m_contexts->setItem(row, NameColumn, name);
        const auto fixed = [&](int column, const QString &text, const QString &tip) {
            auto *item = new QTableWidgetItem(text);
            item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
            item->setToolTip(tip);
            m_contexts->setItem(row, column, item);
        };
        fixed(ContextNameColumn, resolved.name, resolved.file);
        fixed(ServerColumn, resolved.server, tr("as %1").arg(resolved.user));
        m_contexts->setItem(row, CloudIdColumn, new QTableWidgetItem);
        m_contexts->setItem(row, RegionColumn, new QTableWidgetItem);
        if (resolved.error)
            fixed(StateColumn, healthCell(fleet::Health::Failed, resolved.error->answer), resolved.error->text());
        else
            fixed(StateColumn, resolved.warning.isEmpty() ? healthCell(fleet::Health::Ok, tr("can be used")) : healthCell(fleet::Health::Warning, resolved.warning), resolved.warning);
    }
    m_contexts->resizeColumnsToContents();
}

void EnvironmentPage::useContexts()
{
    m_error->clear();
    fleet::Environment environment;
    environment.name = asLabel(m_name->text());
    for (int row = 0; row < m_contexts->rowCount(); ++row) {
        if (m_contexts->item(row, NameColumn)->checkState() != Qt::Checked)
            continue;
        environment.clusters.append({ m_contexts->item(row, NameColumn)->text().trimmed(), m_contexts->item(row, CloudIdColumn)->text().trimmed(),
                                      m_contexts->item(row, RegionColumn)->text().trimmed(), m_kubeconfigs, m_contexts->item(row, ContextNameColumn)->text() });
    }
    if (environment.clusters.isEmpty()) {
        m_error->showError(core::Error::make(core::ErrorKind::InvalidInput, tr("use the clusters"), environment.name, tr("no context is chosen"), tr("Tick at least one context that can be used.")));
        return;
    }
    const auto openKept = [this, environment] {
        const auto path = keepEnvironment(environment);
        if (!path) {
            m_error->showError(path.error());
            return;
        }
        m_file->setText(*path);
        context.services.openEnvironment(*path);
        refresh();
    };
    if (m_keyId->text().trimmed().isEmpty()) {
        openKept();
        return;
    }
    fleet::CloudAccount account;
    account.accessKeyId = m_keyId->text().trimmed();
    account.secret = { fleet::SecretSource::Kind::Keyring, environment.name + QStringLiteral("-access-key") };
    const QStringList regions = m_regions->text().split(u',', Qt::SkipEmptyParts);
    for (const QString &region : regions)
        account.regions << region.trimmed();
    environment.cloud = account;
    const core::Secret secret(m_keySecret->text().toUtf8());
    m_keySecret->clear();
    core::whenReady(context.services.secrets().write(account.secret.name, secret, {}), this, [this, environment](const core::Result<core::Done> &kept) {
        if (!kept) {
            m_error->showError(kept.error());
            return;
        }
        const auto path = keepEnvironment(environment);
        if (!path) {
            m_error->showError(path.error());
            return;
        }
        m_file->setText(*path);
        context.services.openEnvironment(*path);
        refresh();
    });
}

} // namespace catamaran::ui
