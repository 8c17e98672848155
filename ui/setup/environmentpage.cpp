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

    Card *makers = buildMakers();
    auto *file = new Card(tr("Open an environment file"));
    file->setIcon(QStringLiteral("file"));
    file->setText(tr(
        "A YAML file of kind Environment: kubeconfigs, and accounts where meshes need one. It names where secrets are, never the secrets themselves."));
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

    m_kept->setIcon(QStringLiteral("document"));
    m_kept->setObjectName(QStringLiteral("keptEnvironments"));
    m_kept->body()->addLayout(m_keptGrid);
    m_keptGrid->setContentsMargins(0, 0, 0, 0);
    m_keptGrid->setHorizontalSpacing(8);
    m_keptGrid->setColumnStretch(1, 1);

    body()->addWidget(m_error);
    body()->addWidget(m_current);
    body()->addWidget(makers);
    body()->addWidget(file);
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

/// One row for each place where meshes can be made, with what it needs.
Card *EnvironmentPage::buildMakers()
{
    auto *card = new Card(tr("Where are the meshes made?"));
    card->setObjectName(QStringLiteral("makers"));
    card->setIcon(QStringLiteral("mesh"));
    auto *grid = new QGridLayout;
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(2);
    grid->setColumnStretch(0, 1);
    card->body()->addLayout(grid);
    const auto add = [grid](const QString &title, const QString &needs, const QString &text, const QString &id) {
        const int row = grid->rowCount();
        auto *name = new PlainLabel(title);
        name->setFont(scaledFont(name->font(), 1.0, QFont::DemiBold));
        auto *button = new QPushButton(text);
        button->setObjectName(id);
        button->setAccessibleDescription(tr("%1: %2").arg(title, needs));
        grid->addWidget(name, row, 0);
        auto *told = new MutedLabel(needs);
        told->setContentsMargins(0, 0, 0, 8);
        grid->addWidget(told, row + 1, 0);
        grid->addWidget(button, row, 1, 2, 1, Qt::AlignTop);
        return button;
    };
    m_range = add(tr("Practice range"),
        tr("It needs nothing: two clusters and their meshes on this machine, with real sockets, real TLS and real failures, gone when the console ends."),
        tr("Open the practice &range"), QStringLiteral("openRange"));
    setButtonRole(m_range, ButtonRole::Primary);
    for (const mesh::ProviderKind *kind : mesh::providerKinds()) {
        const mesh::ProviderWords words = kind->words();
        auto *button = add(words.product, tr("It needs %1.").arg(words.needs),
            kind->needsAccount() ? tr("Connect an account…") : tr("Choose kubeconfigs…"), QStringLiteral("maker-") + kind->name());
        button->setAccessibleName(
            kind->needsAccount() ? tr("Connect an account for %1").arg(words.product) : tr("Choose kubeconfigs for %1").arg(words.product));
        connect(button, &QPushButton::clicked, this, [this, name = kind->name()] { emit kubeconfigsRequested(name); });
    }
    auto *plain = add(tr("Nowhere"),
        tr("It needs kubeconfigs alone. The clusters are taken as they are: meshes that run in them are found; without one they are watched, verified and rehearsed all the same."),
        tr("Choose k&ubeconfigs…"), QStringLiteral("addKubeconfigs"));
    connect(plain, &QPushButton::clicked, this, [this] { emit kubeconfigsRequested(QString()); });
    return card;
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
    for (const auto &account : environment.accounts)
        row(account->kind().words().account, account->told());
    if (const mesh::ProviderKind *maker = mesh::providerKind(context.maker()); maker && !context.maker().isEmpty())
        row(tr("Meshes"), maker->needsAccount() ? maker->words().product : tr("%1; no account").arg(maker->words().product));
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
                    + (environment->account() ? QStringLiteral(", ") + environment->account()->kind().words().account : QString())
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
