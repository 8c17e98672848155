// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/pastrunspanel.h"

#include "ui/common/comparegrid.h"
#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/lists.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/verify/sharebar.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace catamaran::ui {

namespace {

constexpr int pageOfRuns = 100;

QList<PastRun> runsOf(const QList<store::Document> &documents)
{
    QList<PastRun> runs;
    for (const store::Document &document : documents)
        runs << PastRun { document.id, document.at, document.environment, document.content };
    return runs;
}

/// Asks for the runs of @p environment that are older than @p before; 0: the newest.
auto pageBefore(const QString &environment, qint64 before)
{
    return [environment, before](
               store::Database &database) { return database.summaries(QStringLiteral("run"), environment, pageOfRuns, before); };
}

} // namespace

PastRunsPanel::PastRunsPanel(store::History &history, QWidget *parent)
    : QWidget(parent)
    , m_history(history)
    , m_model(new PastRunModel(this))
    , m_table(new QTableView)
    , m_error(new ErrorBanner)
    , m_compare(new QPushButton(tr("Com&pare two")))
    , m_export(new QPushButton(themedIcon(QStringLiteral("export")), tr("E&xport…")))
    , m_remove(new QPushButton(tr("Remo&ve")))
{
    prepareList(m_table, QStringLiteral("pastRuns"), tr("Past runs"));
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 8);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setFont(tabularFont(m_table->font()));
    const int em = m_table->fontMetrics().horizontalAdvance(u'0');
    m_table->setColumnWidth(PastRunModel::TimeColumn, em * 20);
    m_table->setColumnWidth(PastRunModel::SourceColumn, em * 21);
    m_table->setColumnWidth(PastRunModel::UrlColumn, em * 25);
    m_table->setColumnWidth(PastRunModel::RequestsColumn, em * 11);
    m_table->setColumnWidth(PastRunModel::ErrorsColumn, em * 9);
    m_table->setColumnWidth(PastRunModel::VersionsColumn, em * 20);
    m_compare->setObjectName(QStringLiteral("compare"));
    m_compare->setToolTip(tr("Choose two runs (Ctrl+click or Shift+arrows) to see them side by side"));
    m_export->setObjectName(QStringLiteral("exportRun"));
    m_export->setToolTip(tr("Write the chosen run as CSV, JSON, PDF or PNG"));
    m_remove->setObjectName(QStringLiteral("removeRun"));
    m_error->hide();

    auto *buttons = new QHBoxLayout;
    buttons->addWidget(new MutedLabel(tr("The figures of every finished run are kept here.")), 1);
    buttons->addWidget(m_compare);
    buttons->addWidget(m_export);
    buttons->addWidget(m_remove);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->addLayout(buttons);
    layout->addWidget(m_error);
    layout->addWidget(m_table, 1);

    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &PastRunsPanel::enable);
    connect(m_model, &QAbstractItemModel::rowsRemoved, this, &PastRunsPanel::enable);
    connect(m_compare, &QPushButton::clicked, this, &PastRunsPanel::compare);
    connect(m_export, &QPushButton::clicked, this, &PastRunsPanel::exportChosen);
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        if (value == m_table->verticalScrollBar()->maximum())
            readOlder();
    });
    connect(m_error, &ErrorBanner::actionTriggered, this, [this] { reload(m_environment); });
    connect(m_remove, &QPushButton::clicked, this, &PastRunsPanel::remove);
    enable();
}

void PastRunsPanel::reload(const QString &environment)
{
    if (environment != m_environment)
        m_model->clear();
    m_environment = environment;
    core::whenReady(
        m_history.ask(pageBefore(environment, 0)), this, [this, environment](const core::Result<QList<store::Document>> &documents) {
            if (environment != m_environment)
                return; // another one was opened since
            if (!documents) { // what is shown was read before
                m_error->showError(documents.error());
                m_error->setAction(tr("Try again"));
                return;
            }
            m_error->clear();
            m_model->setNewest(runsOf(*documents), documents->size() == pageOfRuns);
        });
}

/// Somebody came to the end of the list.
void PastRunsPanel::readOlder()
{
    if (m_readingOlder || !m_model->hasMore() || m_model->rowCount() == 0)
        return;
    m_readingOlder = true;
    const QString environment = m_environment;
    const qint64 last = m_model->run(m_model->rowCount() - 1).id;
    core::whenReady(
        m_history.ask(pageBefore(environment, last)), this, [this, environment](const core::Result<QList<store::Document>> &documents) {
            m_readingOlder = false;
            if (environment != m_environment)
                return;
            if (!documents)
                m_error->showError(documents.error());
            m_model->addOlder(runsOf(documents.value_or(QList<store::Document>())), !documents || documents->size() == pageOfRuns);
        });
}

void PastRunsPanel::exportChosen()
{
    const QList<int> rows = selectedRows();
    if (rows.size() != 1)
        return;
    const auto ask = [id = m_model->run(rows.first()).id](store::Database &database) {
        return database.document(id).map([](const store::Document &document) { return runsOf({ document }).first(); });
    };
    core::whenReady(m_history.ask(ask), this, [this](const core::Result<PastRun> &run) {
        if (run)
            emit exportRequested(*run);
        else
            m_error->showError(run.error());
    });
}

QList<int> PastRunsPanel::selectedRows() const
{
    QList<int> rows;
    const QModelIndexList selected = m_table->selectionModel()->selectedRows();
    for (const QModelIndex &index : selected)
        rows << index.row();
    std::sort(rows.begin(), rows.end());
    return rows;
}

void PastRunsPanel::enable()
{
    const qsizetype chosen = selectedRows().size();
    m_compare->setEnabled(chosen == 2);
    m_export->setEnabled(chosen == 1);
    m_remove->setEnabled(chosen > 0);
}

void PastRunsPanel::compare()
{
    const QList<int> rows = selectedRows();
    if (rows.size() != 2)
        return;
    // The older one first: the difference then reads as what changed since.
    auto *dialog = new CompareDialog(m_model->run(rows.last()), m_model->run(rows.first()), this);
    dialog->open();
}

void PastRunsPanel::remove()
{
    QList<qint64> ids;
    for (const int row : selectedRows())
        ids << m_model->run(row).id;
    const auto ask = [ids](store::Database &database) -> core::Result<core::Done> {
        for (const qint64 id : ids)
            if (const auto removed = database.removeDocument(id); !removed)
                return removed;
        return core::Done {};
    };
    core::whenReady(m_history.ask(ask), this, [this, ids](const core::Result<core::Done> &removed) {
        if (removed)
            m_model->forget(ids);
        else
            m_error->showError(removed.error());
    });
}

CompareDialog::CompareDialog(const PastRun &first, const PastRun &second, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("compareRuns"));
    setWindowTitle(tr("Two runs compared"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(900, 460);
    auto *grid = new CompareGrid;
    const auto line = [grid](const QString &name, const QString &left, const QString &right, const QString &difference = {}) {
        grid->addLine(name, left, right, difference);
    };
    line(tr("When"), absoluteTime(first.at), absoluteTime(second.at));
    line(tr("Source"), first.source(), second.source(), first.source() == second.source() ? QString() : tr("another source"));
    line(tr("URL"), first.url(), second.url(), first.url() == second.url() ? QString() : tr("another URL"));
    const auto signedCount = [](int value) { return value > 0 ? u'+' + countText(value) : countText(value); };
    line(tr("Requests"), countText(first.requests()), countText(second.requests()), signedCount(second.requests() - first.requests()));
    line(tr("Failed"), countText(first.errors()), countText(second.errors()), signedCount(second.errors() - first.errors()));
    QStringList names = first.versions().keys() + second.versions().keys();
    names.removeDuplicates();
    names.sort();
    for (const QString &name : std::as_const(names)) {
        const auto share = [&](const PastRun &run) { return run.ok() > 0 ? 100.0 * run.versions().value(name) / run.ok() : 0.0; };
        line(name.isEmpty() ? tr("no version") : name,
            tr("%1 (%2)").arg(countText(first.versions().value(name)), percentText(first.versions().value(name), first.ok())),
            tr("%1 (%2)").arg(countText(second.versions().value(name)), percentText(second.versions().value(name), second.ok())),
            tr("%1 points").arg(decimalText(share(second) - share(first))));
    }
    const probe::Percentiles a = first.latency(), b = second.latency();
    const auto latencyLine = [&](const QString &name, double before, double after) {
        line(name, latencyText(before), latencyText(after),
            before > 0 ? tr("%1 %").arg(100.0 * (after - before) / before, 0, 'f', 0) : QString());
    };
    latencyLine(QStringLiteral("p50"), a.p50, b.p50);
    latencyLine(QStringLiteral("p95"), a.p95, b.p95);
    latencyLine(QStringLiteral("p99"), a.p99, b.p99);

    auto *bars = new QHBoxLayout;
    for (const PastRun *run : { &first, &second }) {
        auto *bar = new ShareBar;
        bar->setShares(run->versions(), run->errors(), {});
        bars->addWidget(bar, 1);
    }
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(bars);
    layout->addWidget(grid);
    layout->addStretch(1);
    layout->addWidget(buttons);
}

} // namespace catamaran::ui
