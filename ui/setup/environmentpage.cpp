// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/environmentpage.h"

#include "mesh/providers.h"
#include "ui/common/filedialog.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/setup/environmentfile.h"

#include <QFileInfo>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace catamaran::ui {

EnvironmentPage::EnvironmentPage(SetupContext &shared, QWidget *parent)
    : SetupPage(shared, tr("Environment and credentials"),
        tr("Where to work. Nothing is changed there until you have seen the plan and started it."), parent)
    , m_current(new Card(tr("Open now")))
    , m_facts(new KeyValueList)
    , m_error(new ErrorBanner)
    , m_file(new QLineEdit)
    , m_kept(new Card(tr("Kept on this machine")))
    , m_keptGrid(new QGridLayout)
{
    m_error->setObjectName(QStringLiteral("environmentError"));
    m_current->body()->addWidget(m_facts);
    m_current->hide();

    auto *range = new Card(tr("Try it on the practice range"));
    range->setIcon(QStringLiteral("range"));
    range->setText(tr(
        "A multi-cluster mesh on this machine, with real sockets, real TLS and real failures. No account, nothing to install, gone when the console ends."));
    m_range = range->addButton(tr("Open the practice &range"), true);
    m_range->setObjectName(QStringLiteral("openRange"));

    auto *file = new Card(tr("Open an environment file"));
    file->setIcon(QStringLiteral("file"));
    file->setText(tr(
        "A YAML file of kind Environment: cloud account, endpoints and kubeconfigs. It names where secrets are, never the secrets themselves."));
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

    auto *kube = new Card(tr("Use kubeconfigs, with or without a cloud account"));
    kube->setIcon(QStringLiteral("cloud"));
    kube->setText(tr(
        "Choose kubeconfig files; each context shows what it leads to and can be tested. Meshes can only be made with a cloud account; without one the clusters can still be watched, verified and rehearsed."));
    auto *buttons = new QHBoxLayout;
    auto *add = new QPushButton(tr("Choose k&ubeconfigs…"));
    add->setObjectName(QStringLiteral("addKubeconfigs"));
    auto *account = new QPushButton(tr("With a cloud a&ccount…"));
    account->setObjectName(QStringLiteral("addWithAccount"));
    buttons->addWidget(add);
    buttons->addWidget(account);
    buttons->addStretch(1);
    kube->body()->addLayout(buttons);
    connect(add, &QPushButton::clicked, this, [this] { emit kubeconfigsRequested(false); });
    connect(account, &QPushButton::clicked, this, [this] { emit kubeconfigsRequested(true); });

    m_kept->setIcon(QStringLiteral("document"));
    m_kept->setObjectName(QStringLiteral("keptEnvironments"));
    m_kept->body()->addLayout(m_keptGrid);
    m_keptGrid->setContentsMargins(0, 0, 0, 0);
    m_keptGrid->setHorizontalSpacing(8);
    m_keptGrid->setColumnStretch(1, 1);

    body()->addWidget(m_error);
    body()->addWidget(m_current);
    body()->addWidget(range);
    body()->addWidget(file);
    body()->addWidget(kube);
    body()->addWidget(m_kept);
    body()->addStretch(1);

    connect(m_range, &QPushButton::clicked, this, [this] {
        m_error->clear();
        context.edit([](SetupDraft &draft) { draft.origin = SetupDraft::Origin::Range; });
        context.services.startPracticeRange();
        refresh();
    });
    connect(browse, &QPushButton::clicked, this, &EnvironmentPage::chooseFile);
    const auto openTyped = [this] {
        const QString path = m_file->text().trimmed();
        if (path.isEmpty())
            chooseFile();
        else
            open(path);
    };
    connect(m_openFile, &QPushButton::clicked, this, openTyped);
    connect(m_file, &QLineEdit::returnPressed, this, openTyped);
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
    fillKept();
    refresh();
}

void EnvironmentPage::enter()
{
    fillKept();
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
    m_range->setText(opening                       ? tr("Opening…")
            : context.services.practiceRangeRuns() ? tr("Open a fresh practice &range")
                                                   : tr("Open the practice &range"));
    const auto session = context.session();
    m_current->setVisible(session != nullptr);
    if (!session)
        return;
    const documents::Environment &environment = session->environment();
    QList<KeyValueList::Row> rows;
    const auto row = [&rows](const QString &key, const QString &value, std::optional<observe::Health> health = {}) {
        KeyValueList::Row made;
        made.key = key;
        made.value = value;
        made.health = health;
        rows << made;
    };
    row(tr("Environment"), environment.production ? tr("%1 (PRODUCTION)").arg(environment.name) : environment.name);
    if (!environment.file.isEmpty())
        row(tr("File"), environment.file);
    row(tr("Cloud account"),
        environment.account() ? environment.account()->told()
                              : tr("none: control planes are found in the clusters, and not made here yet"));
    const QStringList names = session->clusterNames();
    for (const QString &name : names) {
        const auto error = session->clusterError(name);
        auto *client = session->cluster(name);
        const auto *seen = context.observed().cluster(name);
        const QString address
            = client ? client->access().server.host() + u':' + QString::number(client->access().server.port(443)) : QString();
        if (error) {
            row(name, tr("cannot be used"), observe::Health::Failed);
            row(QString(), error->text());
        } else if (seen && seen->reachable) {
            row(name, tr("%1 at %2").arg(seen->kubeVersion, address), observe::Health::Ok);
        } else if (const auto *why = failedReach(seen)) {
            row(name, tr("does not answer at %1").arg(address), observe::Health::Failed);
            row(QString(), why->reason);
        } else {
            row(name, tr("asking %1").arg(address), observe::Health::Unknown);
        }
    }
    if (const QString note = context.services.secretsNote(); !note.isEmpty())
        row(tr("Secrets"), note);
    m_facts->setRows(rows);
}

void EnvironmentPage::open(const QString &file)
{
    m_error->clear();
    context.services.openEnvironment(file);
    refresh();
}

void EnvironmentPage::chooseFile()
{
    askWhichFile(this, tr("Open an environment file"), tr("Environment files (*.yaml *.yml);;All files (*)"), [this](const QString &path) {
        m_file->setText(path);
        open(path);
    });
}

void EnvironmentPage::fillKept()
{
    const QStringList files = keptEnvironmentFiles();
    m_kept->setVisible(!files.isEmpty());
    clearLayout(m_keptGrid);
    m_keptFiles = files;
    for (int row = 0; row < files.size(); ++row) {
        const QString file = files.at(row);
        const auto environment = documents::loadEnvironment(file);
        const QString name = environment ? environment->name : QFileInfo(file).completeBaseName();
        auto *title = new PlainLabel(name);
        title->setFont(scaledFont(title->font(), 1.0, QFont::DemiBold));
        auto *facts = new MutedLabel(environment ? tr("%n cluster(s)", nullptr, int(environment->clusters.size()))
                    + (environment->account() ? tr(", with a cloud account") : QString())
                                                 : environment.error().answer);
        facts->setToolTip(file);
        m_keptGrid->addWidget(title, row, 0);
        m_keptGrid->addWidget(facts, row, 1);
        const auto button = [&](int column, const QString &text, const QString &id, auto &&slot) {
            auto *made = new QPushButton(text);
            made->setObjectName(QStringLiteral("%1-%2").arg(id, name));
            made->setAccessibleName(tr("%1 %2").arg(text, name));
            connect(made, &QPushButton::clicked, this, slot);
            m_keptGrid->addWidget(made, row, column);
            return made;
        };
        button(2, tr("Open"), QStringLiteral("openKept"), [this, file] { open(file); })->setEnabled(environment.has_value());
        button(3, tr("Change…"), QStringLiteral("changeKept"), [this, file] {
            if (const auto again = documents::loadEnvironment(file))
                emit changeRequested(*again);
            else
                m_error->showError(again.error());
        })->setEnabled(environment.has_value());
        button(4, tr("Remove"), QStringLiteral("removeKept"), [this, file] { removeKept(file); });
    }
}

void EnvironmentPage::removeKept(const QString &file)
{
    const auto bytes = removeKeptEnvironment(file);
    if (!bytes) {
        m_error->showError(bytes.error());
        return;
    }
    fillKept();
    m_error->showNote(observe::Health::Ok,
        tr("%1 is not kept any more. Clusters, kubeconfigs and the keyring are untouched.").arg(QFileInfo(file).completeBaseName()));
    m_error->setAction(tr("Undo"));
    disconnect(m_error, &ErrorBanner::actionTriggered, this, nullptr);
    connect(m_error, &ErrorBanner::actionTriggered, this, [this, file, old = *bytes] {
        m_error->clear();
        if (const auto back = restoreKeptEnvironment(file, old); !back)
            m_error->showError(back.error());
        fillKept();
    });
}

} // namespace catamaran::ui
