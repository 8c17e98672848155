// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/activity/activityplace.h"

#include "ui/activity/activitymodel.h"
#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/lists.h"
#include "ui/common/theme.h"
#include "ui/common/savefile.h"
#include "ui/common/widgets.h"
#include "ui/findings/findingsview.h"

#include <QAction>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace catamaran::ui {

namespace {
constexpr int shownActivities = 2000;
}

ActivityPlace::ActivityPlace(Services &services, QWidget *parent)
    : Place(parent)
    , m_services(services)
    , m_model(new ActivityModel(this))
    , m_filter(new QSortFilterProxyModel(this))
    , m_tabs(new QTabWidget)
    , m_findings(new FindingsView)
{
    setObjectName(QStringLiteral("activityPlace"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildChanges(), tr("&Changes"));
    m_tabs->addTab(m_findings, tr("&Findings"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_tabs);

    auto *find = new QAction(themedIcon(QStringLiteral("search")), tr("Search the changes"), this);
    find->setShortcut(QKeySequence::Find);
    find->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QAction::triggered, this, [this] {
        m_tabs->setCurrentIndex(0);
        m_search->setFocus(Qt::ShortcutFocusReason);
    });
    auto *exportAll = new QAction(themedIcon(QStringLiteral("export")), tr("Export the changes…"), this);
    connect(exportAll, &QAction::triggered, this, &ActivityPlace::save);
    auto *findings = new QAction(themedIcon(QStringLiteral("shield")), tr("Show findings"), this);
    connect(findings, &QAction::triggered, this, [this] { m_tabs->setCurrentWidget(m_findings); });
    m_actions = { find, exportAll, findings };
    addActions(m_actions);

    connect(m_findings, &FindingsView::countChanged, this, [this] {
        const int count = m_findings->openFindings();
        m_tabs->setTabText(1, count > 0 ? tr("&Findings (%1)").arg(count) : tr("&Findings"));
    });
    connect(&m_services, &Services::activityChanged, this, &ActivityPlace::reload);
    connect(&m_services, &Services::historyBack, this, &ActivityPlace::reload);
    connect(&m_services, &Services::sessionChanged, this, &ActivityPlace::followSession);
    followSession();
}

QWidget *ActivityPlace::buildChanges()
{
    m_filter->setSourceModel(m_model);
    m_filter->setFilterRole(Qt::UserRole);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("searchActivity"));
    m_search->setAccessibleName(tr("Search the changes"));
    m_search->setPlaceholderText(tr("Search changes, targets, calls, answers, request ids"));
    m_search->setClearButtonEnabled(true);
    connect(m_search, &QLineEdit::textChanged, m_filter, &QSortFilterProxyModel::setFilterFixedString);
    auto *exportButton = new QPushButton(themedIcon(QStringLiteral("export")), tr("&Export…"));
    exportButton->setObjectName(QStringLiteral("exportActivity"));
    connect(exportButton, &QPushButton::clicked, this, &ActivityPlace::save);
    auto *bar = new QHBoxLayout;
    bar->addWidget(m_search, 1);
    bar->addWidget(exportButton);

    m_table = new QTableView;
    prepareList(m_table, QStringLiteral("activities"), tr("Changes"));
    m_table->setModel(m_filter);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setFont(tabularFont(m_table->font()));
    const int em = fontMetrics().horizontalAdvance(u'0');
    const int widths[] = { em * 22, em * 18, em * 40, em * 29, em * 12, em * 9 };
    for (int column = 0; column < ActivityModel::COLUMN_COUNT; ++column)
        m_table->setColumnWidth(column, widths[column]);
    m_table->horizontalHeader()->setSectionResizeMode(ActivityModel::WhatColumn, QHeaderView::Stretch);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ActivityPlace::showChosen);

    m_details = new KeyValueList;
    m_command = new CommandBox;
    m_command->setAccessibleName(tr("The same by hand"));
    m_undo = new CommandBox;
    m_undo->setAccessibleName(tr("Takes it back"));
    m_undoTitle = new SectionTitle(tr("Takes it back"));
    auto *details = new QWidget;
    auto *detailLayout = new QVBoxLayout(details);
    detailLayout->addWidget(m_details);
    detailLayout->addWidget(new SectionTitle(tr("The same by hand")));
    detailLayout->addWidget(m_command);
    detailLayout->addWidget(m_undoTitle);
    detailLayout->addWidget(m_undo);
    detailLayout->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(details);
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_table);
    splitter->addWidget(scroll);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    m_content = new QWidget;
    auto *contentLayout = new QVBoxLayout(m_content);
    contentLayout->setContentsMargins(12, 10, 12, 8);
    contentLayout->addLayout(bar);
    contentLayout->addWidget(splitter, 1);
    m_empty = new EmptyState(QStringLiteral("activity"), tr("No change was made yet"),
                             tr("Every change that Catamaran makes to any system is written here before it is made: the call, the answer, how long it took, and what takes it back."), tr("Set up a fleet"));
    connect(m_empty, &EmptyState::triggered, this, [this] { emit m_services.placeRequested(QStringLiteral("setup"), {}); });

    m_error = new ErrorBanner;
    m_error->setObjectName(QStringLiteral("activityError"));
    m_error->hide();
    connect(m_error, &ErrorBanner::actionTriggered, this, &ActivityPlace::reload);
    m_empty->hide(); // until it is known
    m_content->hide();
    auto *changes = new QWidget;
    auto *layout = new QVBoxLayout(changes);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_error);
    layout->addWidget(m_empty);
    layout->addWidget(m_content);
    return changes;
}

void ActivityPlace::followSession()
{
    if (auto *live = m_services.live()) {
        connect(live, &fleet::LiveFleet::changed, m_findings, &FindingsView::setFleet, Qt::UniqueConnection);
        m_findings->setFleet(live->fleet());
    } else {
        m_findings->setFleet({});
    }
    reload();
}

void ActivityPlace::reload()
{
    const QString environment = environmentName();
    const auto ask = [environment](store::Database &database) { return database.activities(shownActivities, environment); };
    core::whenReady(m_services.history().ask(ask), this, [this, environment](const core::Result<QList<store::Activity>> &kept) {
        if (environment == environmentName())
            take(environment, kept);
    });
}

QString ActivityPlace::environmentName() const
{
    return m_services.session() ? m_services.session()->environment().name : QString();
}

void ActivityPlace::take(const QString &environment, const core::Result<QList<store::Activity>> &kept)
{
    if (kept) {
        m_error->clear();
        m_model->setActivities(*kept);
    } else { // what is shown was read before; nothing is shown as nothing
        m_error->showError(kept.error());
        m_error->setAction(tr("Try again"));
        if (environment != m_shownOf)
            m_model->setActivities({});
    }
    m_shownOf = environment;
    const bool any = m_model->rowCount() > 0;
    m_empty->setVisible(!any && kept);
    m_content->setVisible(any);
    if (any && !m_table->currentIndex().isValid())
        m_table->setCurrentIndex(m_filter->index(0, 0));
    showChosen();
}

void ActivityPlace::showChosen()
{
    const QModelIndex current = m_filter->mapToSource(m_table->currentIndex());
    if (!current.isValid()) {
        m_details->setRows({});
        m_command->setCommand({});
        m_undo->setCommand({});
        return;
    }
    const store::Activity &activity = m_model->activity(current.row());
    const auto health = activity.state == QLatin1String("failed") ? fleet::Health::Failed : activity.state == QLatin1String("started") ? fleet::Health::Unknown : fleet::Health::Ok;
    m_details->setRows({ { tr("Change"), activity.what },
                         { tr("State"), activityStateWord(activity.state), {}, false, health },
                         { tr("When"), absoluteTime(activity.at) },
                         { tr("Call"), activity.call.isEmpty() ? tr("–") : activity.call, {}, true },
                         { tr("Answer"), activity.answer.isEmpty() ? tr("–") : activity.answer },
                         { tr("Request id"), activity.requestId.isEmpty() ? tr("–") : activity.requestId, {}, true } });
    m_command->setCommand(activity.command);
    m_undo->setCommand(activity.undo);
    m_undo->setVisible(!activity.undo.isEmpty());
    m_undoTitle->setVisible(!activity.undo.isEmpty());
}

void ActivityPlace::showObject(const QString &object)
{
    m_tabs->setCurrentIndex(object == QLatin1String("findings") ? 1 : 0);
}

void ActivityPlace::save()
{
    askWhereToSave(this, tr("Export the changes"), QStringLiteral("activity.csv"), { tr("Table (*.csv)"), tr("JSON (*.json)") }, [this](const QString &file) {
        QList<store::Activity> shown;
        for (int row = 0; row < m_filter->rowCount(); ++row)
            shown += m_model->activity(m_filter->mapToSource(m_filter->index(row, 0)).row());
        const bool json = file.endsWith(QLatin1String(".json"), Qt::CaseInsensitive);
        if (const auto written = writeWhole(file, tr("write the changes"), json ? activitiesToJson(shown) : activitiesToCsv(shown)); !written)
            emit m_services.openFailed(written.error());
    });
}

} // namespace catamaran::ui
