// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/activity/activityplace.h"

#include "ui/activity/activitymodel.h"
#include "ui/activity/directionlog.h"
#include "ui/activity/executionlist.h"
#include "ui/common/accessible.h"
#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/lists.h"
#include "ui/common/savefile.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/operations/giveup.h"

#include <QAction>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace catamaran::ui {

ActivityPlace::ActivityPlace(Services &services, QWidget *parent)
    : Place(parent)
    , m_services(services)
    , m_model(new ActivityModel(this))
    , m_list(new ExecutionList(services, this))
    , m_filter(new QSortFilterProxyModel(this))
    , m_tabs(new QTabWidget)
    , m_directions(new DirectionLog(services))
{
    setObjectName(QStringLiteral("activityPlace"));
    makeActions();
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildChanges(), tr("&Changes"));
    m_tabs->addTab(m_directions, tr("&Directions"));
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
    m_actions = { find, exportAll, m_goOnAction, m_undoAction, m_giveUpAction };
    addActions({ find, exportAll });
    m_list->onRead([this](const QString &environment, const core::Result<QList<ExecutionEntry>> &kept) {
        if (environment == environmentName())
            take(environment, kept);
    });

    connect(&m_services, &Services::activityChanged, this, &ActivityPlace::reload);
    connect(&m_services, &Services::historyBack, this, &ActivityPlace::reload);
    connect(&m_services, &Services::sessionChanged, this, &ActivityPlace::reload);
    reload();
}

QWidget *ActivityPlace::buildChanges()
{
    m_filter->setSourceModel(m_model);
    m_filter->setFilterRole(Qt::UserRole);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filter->setRecursiveFilteringEnabled(true);
    m_filter->setAutoAcceptChildRows(true);
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("searchActivity"));
    m_search->setAccessibleName(tr("Search the changes"));
    m_search->setPlaceholderText(tr("Search changes, targets, calls, answers, request ids"));
    m_search->setClearButtonEnabled(true);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter->setFilterFixedString(text);
        if (!text.isEmpty())
            m_tree->expandAll(); // what was found may be a step
    });
    auto *exportButton = new QPushButton(themedIcon(QStringLiteral("export")), tr("&Export…"));
    exportButton->setObjectName(QStringLiteral("exportActivity"));
    connect(exportButton, &QPushButton::clicked, this, &ActivityPlace::save);
    auto *bar = new QHBoxLayout;
    bar->addWidget(m_search, 1);
    for (QAction *action : { m_goOnAction, m_undoAction, m_giveUpAction }) {
        auto *button = new QToolButton;
        button->setObjectName(action->objectName() + QStringLiteral("Button"));
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setDefaultAction(action);
        bar->addWidget(button);
    }
    bar->addWidget(exportButton);

    m_tree = new QTreeView;
    prepareTree(m_tree, QStringLiteral("activities"), tr("Changes"));
    m_tree->setModel(m_filter);
    m_tree->setFont(tabularFont(m_tree->font()));
    m_tree->header()->setStretchLastSection(false);
    const int em = fontMetrics().horizontalAdvance(u'0');
    const int widths[] = { em * 40, em * 21, em * 30, em * 22, em * 9, em * 24 };
    for (int column = 0; column < ActivityModel::COLUMN_COUNT; ++column)
        m_tree->setColumnWidth(column, widths[column]);
    m_tree->header()->setSectionResizeMode(ActivityModel::WhatColumn, QHeaderView::Stretch);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->addActions({ m_goOnAction, m_undoAction, m_giveUpAction });
    connect(m_tree, &QWidget::customContextMenuRequested, this, &ActivityPlace::showMenu);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ActivityPlace::showChosen);

    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_tree);
    splitter->addWidget(buildDetails());
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    nameSplitter(splitter, { tr("Changes"), tr("The chosen change") });
    m_content = new QWidget;
    auto *contentLayout = new QVBoxLayout(m_content);
    contentLayout->setContentsMargins(12, 10, 12, 8);
    contentLayout->addLayout(bar);
    contentLayout->addWidget(splitter, 1);
    m_empty = new EmptyState(QStringLiteral("activity"), tr("No change was made yet"),
        tr("Every change that Catamaran makes to any system is written here before it is made: the call, the answer, how long it took, and what takes it back."),
        tr("Set up a fleet"));
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

QWidget *ActivityPlace::buildDetails()
{
    m_details = new KeyValueList;
    m_details->setObjectName(QStringLiteral("activityDetails"));
    m_command = new CommandBox;
    m_command->setAccessibleName(tr("The same by hand"));
    m_undo = new CommandBox;
    m_undo->setAccessibleName(tr("Takes it back"));
    m_commandTitle = new SectionTitle(tr("The same by hand"));
    m_undoTitle = new SectionTitle(tr("Takes it back"));
    auto *details = new QWidget;
    auto *layout = new QVBoxLayout(details);
    layout->addWidget(m_details);
    layout->addWidget(m_commandTitle);
    layout->addWidget(m_command);
    layout->addWidget(m_undoTitle);
    layout->addWidget(m_undo);
    layout->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(details);
    return scroll;
}

void ActivityPlace::makeActions()
{
    const auto make = [this](const char *name, const QString &icon, const QString &text, const QKeySequence &keys, auto &&slot) {
        auto *action = new QAction(themedIcon(icon), text, this);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetShortcut);
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    m_goOnAction = make("goOnExecution", QStringLiteral("play"), tr("Go on…"), Qt::CTRL | Qt::Key_Return,
        [this] { openDialog(ExecutionDialog::Deed::GoOn); });
    m_undoAction = make("undoExecution", QStringLiteral("undo"), tr("Undo this execution…"), QKeySequence::Undo,
        [this] { openDialog(ExecutionDialog::Deed::TakeBack); });
    m_giveUpAction = make("giveUpStep", QStringLiteral("cross"), tr("Give up step…"), QKeySequence::Delete, [this] { giveUp(); });
}

void ActivityPlace::reload()
{
    m_list->reload(environmentName());
    m_directions->reload(environmentName());
}

QString ActivityPlace::environmentName() const
{
    return m_services.session() ? m_services.session()->environment().name : QString();
}

void ActivityPlace::take(const QString &environment, const core::Result<QList<ExecutionEntry>> &kept)
{
    const bool first = m_model->rowCount() == 0;
    if (kept) {
        m_error->clear();
        m_model->setEntries(*kept);
    } else { // what is shown was read before; nothing is shown as nothing
        m_error->showError(kept.error());
        m_error->setAction(tr("Try again"));
        if (environment != m_shownOf)
            m_model->setEntries({});
    }
    m_shownOf = environment;
    const bool any = m_model->rowCount() > 0;
    m_empty->setVisible(!any && kept);
    m_content->setVisible(any);
    if (any && first)
        m_tree->expand(m_filter->index(0, 0));
    if (any && !m_tree->currentIndex().isValid())
        m_tree->setCurrentIndex(m_filter->index(0, 0));
    showChosen();
}

QModelIndex ActivityPlace::chosen() const
{
    return m_filter->mapToSource(m_tree->currentIndex()).siblingAtColumn(0);
}

void ActivityPlace::showChosen()
{
    judgeActions();
    const QModelIndex current = chosen();
    if (!current.isValid()) {
        m_details->setRows({});
        showCommands({}, {});
        return;
    }
    const ExecutionEntry &entry = *m_model->entry(current);
    if (const StepEntry *step = m_model->step(current))
        showStep(entry, *step);
    else
        showExecution(entry);
}

void ActivityPlace::showExecution(const ExecutionEntry &entry)
{
    const ops::Execution &execution = entry.execution;
    QMap<ops::EventState, int> counts;
    QList<ops::DescribedStep> done;
    for (const StepEntry &one : entry.steps) {
        ++counts[one.record.state];
        if (one.record.state == ops::EventState::Done)
            done += one.step;
    }
    QStringList said;
    for (auto it = counts.cbegin(); it != counts.cend(); ++it)
        said += tr("%1 %2").arg(QString::number(it.value()), eventStateText(it.key()));
    m_details->setRows({ { tr("Change"), tr("%1 (execution %2)").arg(executionTitle(execution), QString::number(execution.id)) },
        { tr("State"), executionStateText(entry), {}, false, executionHealth(entry) },
        { tr("Steps"), said.isEmpty() ? tr("–") : said.join(QStringLiteral(", ")) }, { tr("Begun"), absoluteTime(execution.at) },
        { tr("Ended"), execution.ended.isValid() ? absoluteTime(execution.ended) : tr("–") }, { tr("By"), ownerText(execution) },
        { tr("Environment"), execution.environment } });
    showCommands(planAsScript(done), planAsScript(stepsToUndo(entry)));
}

void ActivityPlace::showStep(const ExecutionEntry &entry, const StepEntry &step)
{
    const ops::Description &words = step.step.words;
    QStringList calls;
    for (const ops::Call &call : words.calls)
        calls += call.system.isEmpty() ? call.method : tr("%1: %2").arg(call.system, call.method);
    const QDateTime at = step.record.intentAt.isValid() ? step.record.intentAt : step.at;
    const auto orNone = [](const QString &text) { return text.isEmpty() ? tr("–") : text; };
    QList<KeyValueList::Row> rows { { tr("Change"), words.title },
        { tr("State"), eventStateText(step.record.state), {}, false, eventHealth(step.record.state) },
        { tr("When"), at.isValid() ? absoluteTime(at) : tr("–") }, { tr("Call"), orNone(calls.join(u'\n')), {}, true },
        { tr("Answer"), orNone(step.record.answer) }, { tr("Request id"), orNone(step.record.requestId), {}, true },
        { tr("Evidence"), orNone(step.evidence.text), step.evidence.source }, { tr("By"), ownerText(entry.execution) } };
    if (!words.keeps.isEmpty())
        rows.append({ tr("Cannot be undone"), words.keeps });
    m_details->setRows(rows);
    showCommands(words.command, words.undo);
}

void ActivityPlace::showCommands(const QString &command, const QString &undo)
{
    m_command->setCommand(command.trimmed());
    m_undo->setCommand(undo.trimmed());
    for (QWidget *widget : { static_cast<QWidget *>(m_command), m_commandTitle })
        widget->setVisible(!command.isEmpty());
    for (QWidget *widget : { static_cast<QWidget *>(m_undo), m_undoTitle })
        widget->setVisible(!undo.isEmpty());
}

/// What cannot be done with the chosen row says why.
void ActivityPlace::judgeActions()
{
    const QModelIndex current = chosen();
    const ExecutionEntry *entry = current.isValid() ? m_model->entry(current) : nullptr;
    const StepEntry *step = current.isValid() ? m_model->step(current) : nullptr;
    const QString none = tr("nothing is chosen");
    const auto judge = [](QAction *action, const QString &why) {
        action->setEnabled(why.isEmpty());
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        action->setToolTip(why.isEmpty() ? QStringLiteral("%1 (%2)").arg(action->text(), keys)
                                         : tr("%1: not possible, %2").arg(action->text().remove(u'…'), why));
        action->setStatusTip(why);
    };
    judge(m_goOnAction, entry ? whyNotGoneOn(*entry, environmentName()) : none);
    judge(m_undoAction, entry ? whyNotUndone(*entry, environmentName()) : none);
    judge(m_giveUpAction, entry ? whyNotGivenUp(*entry, step ? step->step.step.id : QString()) : none);
}

void ActivityPlace::showMenu(const QPoint &at)
{
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("activityMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (QAction *action : { m_goOnAction, m_undoAction, m_giveUpAction }) {
        if (action->isEnabled()) {
            menu->addAction(action);
            continue;
        }
        QAction *why = menu->addAction(action->icon(), tr("%1 – %2").arg(action->text(), action->statusTip()));
        why->setEnabled(false);
    }
    menu->popup(m_tree->viewport()->mapToGlobal(at));
}

void ActivityPlace::openDialog(ExecutionDialog::Deed deed)
{
    const QModelIndex current = chosen();
    if (!current.isValid())
        return;
    (new ExecutionDialog(m_services, *m_model->entry(current), deed, this))->open();
}

void ActivityPlace::giveUp()
{
    const QModelIndex current = chosen();
    const StepEntry *step = current.isValid() ? m_model->step(current) : nullptr;
    if (!step)
        return;
    askToGiveUp(m_services, m_model->entry(current)->execution.id, step->step.step.id, step->step.words.title, this,
        [this](const core::Result<core::Done> &given, const QString &) {
            if (given)
                return;
            m_error->showError(given.error());
            m_error->setAction(tr("Try again"));
        });
}

void ActivityPlace::showObject(const QString &object)
{
    m_tabs->setCurrentWidget(object == QLatin1String("directions") ? static_cast<QWidget *>(m_directions) : m_tabs->widget(0));
}

void ActivityPlace::save()
{
    askWhereToSave(this, tr("Export the changes"), QStringLiteral("activity.csv"), { tr("Table (*.csv)"), tr("JSON (*.json)") },
        [this](const QString &file) {
            QList<ExportedStep> shown;
            for (int row = 0; row < m_filter->rowCount(); ++row) {
                const QModelIndex execution = m_filter->index(row, 0);
                for (int step = 0; step < m_filter->rowCount(execution); ++step) {
                    const QModelIndex source = m_filter->mapToSource(m_filter->index(step, 0, execution));
                    shown.append({ *m_model->entry(source), *m_model->step(source) });
                }
            }
            const bool json = file.endsWith(QLatin1String(".json"), Qt::CaseInsensitive);
            if (const auto written = writeWhole(file, tr("write the changes"), json ? stepsToJson(shown) : stepsToCsv(shown)); !written)
                emit m_services.openFailed(written.error());
        });
}

} // namespace catamaran::ui
