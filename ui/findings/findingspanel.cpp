// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/findings/findingspanel.h"

#include "core/printable.h"
#include "findings/mend.h"
#include "findings/rule.h"
#include "ui/common/accessible.h"
#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/lists.h"
#include "ui/common/savefile.h"
#include "ui/common/services.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/findings/acceptdialog.h"
#include "ui/findings/findingdetail.h"
#include "ui/findings/mender.h"

#include <QAction>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace catamaran::ui {

namespace {

/// By text and by kind.
class FindingsFilter final : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setKinds(const QList<int> &kinds)
    {
        m_kinds = kinds;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        const QModelIndex index = sourceModel()->index(row, 0, parent);
        return (m_kinds.isEmpty() || m_kinds.contains(index.data(FindingsModel::StateRole).toInt()))
            && QSortFilterProxyModel::filterAcceptsRow(row, parent);
    }

private:
    QList<int> m_kinds;
};

} // namespace

FindingsPanel::FindingsPanel(Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_model(new FindingsModel(this))
    , m_filter(new FindingsFilter(this))
    , m_table(new QTableView)
    , m_detail(new FindingDetail)
    , m_pages(new QStackedWidget)
    , m_none(new EmptyState(QStringLiteral("check"), tr("Nothing was found"), {}, tr("Read again")))
    , m_unread(new EmptyState(QStringLiteral("shield"), tr("Not read yet"),
          tr("The objects of the clusters are being read. What the rules conclude from them appears here.")))
    , m_closed(new EmptyState(QStringLiteral("shield"), tr("Nothing is connected"),
          tr("Findings say what is wrong with clusters and between them, what that rests on, and what to do. Open an environment first."),
          tr("Set up a fleet")))
    , m_summary(new MutedLabel)
    , m_noMatch(new MutedLabel(tr("Nothing here fits the search.")))
    , m_note(new ErrorBanner)
    , m_unaccepted(new ErrorBanner)
    , m_mender(new Mender(services, this))
{
    setObjectName(QStringLiteral("findingsPanel"));
    m_note->setObjectName(QStringLiteral("findingsNote"));
    m_unaccepted->setObjectName(QStringLiteral("acceptancesNote"));
    m_summary->setObjectName(QStringLiteral("findingsSummary"));
    m_noMatch->setObjectName(QStringLiteral("findingsNoMatch"));
    m_none->setObjectName(QStringLiteral("findingsNone"));
    m_unread->setObjectName(QStringLiteral("findingsUnread"));
    m_closed->setObjectName(QStringLiteral("findingsClosed"));
    m_noMatch->hide();
    makeActions();
    buildTable();
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_table);
    splitter->addWidget(m_detail);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({ 300, 220 });
    splitter->setChildrenCollapsible(false);
    nameSplitter(splitter, { tr("Findings"), tr("The chosen finding") });
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(6);
    column->addWidget(buildBar());
    column->addWidget(m_summary);
    column->addWidget(m_noMatch);
    column->addWidget(splitter, 1);
    for (QWidget *page : { static_cast<QWidget *>(m_closed), static_cast<QWidget *>(m_unread), static_cast<QWidget *>(m_none), content })
        m_pages->addWidget(page);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_note);
    layout->addWidget(m_unaccepted);
    layout->addWidget(m_pages, 1);
    setFocusProxy(m_table);

    connect(m_closed, &EmptyState::triggered, this, [this] { emit m_services.placeRequested(QStringLiteral("setup"), {}); });
    connect(m_none, &EmptyState::triggered, m_readAction, &QAction::trigger);
    connect(m_mender, &Mender::started, this, [this] {
        m_note->clear();
        showChosen();
    });
    connect(m_mender, &Mender::ended, this, &FindingsPanel::tellMended);
    connect(m_mender, &Mender::refused, this, [this](const core::Error &error) { m_note->showError(error); });
    connect(m_note, &ErrorBanner::actionTriggered, this, [this] { emit m_services.placeRequested(QStringLiteral("activity"), {}); });
    m_ageing.setInterval(1000);
    connect(&m_ageing, &QTimer::timeout, this, &FindingsPanel::tick);
    showPage();
    showChosen();
}

void FindingsPanel::makeActions()
{
    const auto add = [this](const char *name, const QString &text, const QString &icon, const QKeySequence &keys, auto &&slot) {
        auto *action = new QAction(themedIcon(icon), text, this);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        const QString shown = QString(text).remove(u'…');
        action->setToolTip(keys.isEmpty() ? shown : QStringLiteral("%1 (%2)").arg(shown, keys.toString(QKeySequence::NativeText)));
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
        m_actions << action;
        return action;
    };
    m_readAction = add("readFindings", tr("Read again"), QStringLiteral("refresh"), QKeySequence::Refresh, [this] {
        if (auto *watch = m_services.findings())
            watch->refresh();
    });
    m_mendAction = add("mendFinding", tr("Mend it…"), QStringLiteral("restore"), QKeySequence(Qt::CTRL | Qt::Key_M), [this] { mend(); });
    m_acceptAction = add(
        "acceptFinding", tr("Accept…"), QStringLiteral("check"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A), [this] { accept(); });
    m_takeBackAction = add("takeBackAcceptance", tr("Do not accept any more"), QStringLiteral("undo"), {}, [this] { takeBack(); });
    m_copyAction = add("copyFinding", tr("Copy the finding"), QStringLiteral("copy"), QKeySequence::Copy, [this] {
        if (const FindingRow *row = chosen())
            copyText(findingAsText(*row));
    });
    m_exportAction = add("exportFindings", tr("Export the findings…"), QStringLiteral("export"), {}, [this] { exportRows(); });
    m_findAction = add("findFindings", tr("Search the findings"), QStringLiteral("search"), QKeySequence::Find,
        [this] { m_search->setFocus(Qt::ShortcutFocusReason); });
}

QWidget *FindingsPanel::buildBar()
{
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("searchFindings"));
    m_search->setAccessibleName(tr("Search the findings"));
    m_search->setPlaceholderText(tr("Search findings, objects, services, evidence"));
    m_search->setClearButtonEnabled(true);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter->setFilterFixedString(text);
        showPage();
    });
    m_kinds = new QComboBox;
    m_kinds->setObjectName(QStringLiteral("findingKinds"));
    m_kinds->setAccessibleName(tr("Which findings"));
    m_kinds->addItems({ tr("All"), tr("Failed"), tr("Warnings and old"), tr("Accepted"), tr("Not asked") });
    connect(m_kinds, &QComboBox::currentIndexChanged, this, [this](int which) {
        static_cast<FindingsFilter *>(m_filter)->setKinds(which == 0 ? QList<int>() : QList<int> { which });
        showPage();
    });
    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(m_search, 1);
    row->addWidget(m_kinds);
    const auto button = [&](QAction *action, bool isWordy) {
        auto *made = new QToolButton;
        made->setObjectName(action->objectName() + QStringLiteral("Button"));
        made->setDefaultAction(action);
        made->setToolButtonStyle(isWordy ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
        made->setFocusPolicy(Qt::StrongFocus);
        made->setAccessibleName(QString(action->text()).remove(u'…'));
        row->addWidget(made);
    };
    button(m_mendAction, true);
    button(m_acceptAction, true);
    button(m_takeBackAction, false);
    button(m_copyAction, false);
    button(m_exportAction, false);
    button(m_readAction, false);
    return bar;
}

void FindingsPanel::buildTable()
{
    m_filter->setSourceModel(m_model);
    m_filter->setFilterRole(FindingsModel::SearchRole);
    prepareList(m_table, QStringLiteral("findings"), tr("Findings"));
    m_table->setModel(m_filter);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_table->addActions({ m_mendAction, m_acceptAction, m_takeBackAction, m_copyAction });
    const int em = fontMetrics().horizontalAdvance(u'0');
    const int widths[] = { em * 13, em * 40, em * 26, em * 21, em * 11, em * 12 };
    for (int column = 0; column < FindingsModel::COLUMN_COUNT; ++column)
        m_table->setColumnWidth(column, widths[column]);
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->horizontalHeader()->setSectionResizeMode(FindingsModel::FindingColumn, QHeaderView::Stretch);
    m_table->horizontalHeader()->setMinimumSectionSize(em * 8);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &FindingsPanel::showChosen);
    connect(m_table, &QTableView::doubleClicked, m_mendAction, &QAction::trigger);
}

void FindingsPanel::setJudgement(const std::shared_ptr<const findings::Judgement> &judgement, bool isConnected)
{
    m_judgement = judgement;
    m_isConnected = isConnected;
    m_model->setRows(judgement ? findingRows(*judgement) : QList<FindingRow>());
    if (judgement && judgement->acceptancesError) {
        m_unaccepted->showError(*judgement->acceptancesError);
        m_unaccepted->setClosable(false);
    } else {
        m_unaccepted->clear();
    }
    if (!m_table->currentIndex().isValid() && m_filter->rowCount() > 0)
        m_table->setCurrentIndex(m_filter->index(0, 0));
    showPage();
    showChosen();
    tick();
}

void FindingsPanel::setReading(bool reading)
{
    m_isReading = reading;
    m_readAction->setEnabled(m_isConnected && !reading);
    tick();
}

void FindingsPanel::showPage()
{
    const bool any = m_model->rowCount() > 0;
    m_pages->setCurrentIndex(!m_isConnected ? 0 : !m_judgement ? 1 : any ? 3 : 2);
    m_noMatch->setVisible(any && m_filter->rowCount() == 0);
    for (QAction *action : { m_exportAction, m_findAction })
        action->setEnabled(any);
    m_readAction->setEnabled(m_isConnected && !m_isReading);
}

void FindingsPanel::tick()
{
    if (!m_judgement)
        return;
    const QString age = relativeTime(m_judgement->readAt(), QDateTime::currentDateTimeUtc());
    const QString counts = countsText(m_judgement->counts());
    m_summary->setText(m_isReading ? tr("%1. Read %2; being read again.").arg(counts, age) : tr("%1. Read %2.").arg(counts, age));
    m_none->setTexts(tr("Nothing was found"),
        tr("%1 rules were asked of %2 clusters, and all they needed was read %3. What no object shows is shown by requests alone: see the "
           "matrix.")
            .arg(countText(findings::rules().size()), countText(m_judgement->facts.clusters.size()), age));
    m_model->tick();
}

const FindingRow *FindingsPanel::chosen() const
{
    const QModelIndex at = m_filter->mapToSource(m_table->currentIndex());
    return at.isValid() ? &m_model->row(at.row()) : nullptr;
}

QList<FindingRow> FindingsPanel::shown() const
{
    QList<FindingRow> rows;
    for (int row = 0; row < m_filter->rowCount(); ++row)
        rows.append(m_model->row(m_filter->mapToSource(m_filter->index(row, 0)).row()));
    return rows;
}

void FindingsPanel::showChosen()
{
    const FindingRow *row = chosen();
    m_detail->showRow(row);
    const bool isFinding = row && !row->isUnasked();
    const bool hasFile = m_services.session() && !m_services.session()->environment().file.isEmpty();
    m_mendAction->setEnabled(isFinding && findings::isMendable(row->finding) && !m_mender->isRunning());
    m_acceptAction->setEnabled(isFinding && hasFile && m_judgement && !m_judgement->acceptancesError);
    m_takeBackAction->setEnabled(isFinding && row->finding.accepted && hasFile && m_judgement && !m_judgement->acceptancesError);
    m_copyAction->setEnabled(row);
}

bool FindingsPanel::choose(const QString &object)
{
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const FindingRow &one = m_model->row(row);
        if (one.id != object && one.finding.sentence != object && one.finding.cluster != object)
            continue;
        if (!m_filter->mapFromSource(m_model->index(row, 0)).isValid()) { // what is asked for is shown
            m_search->clear();
            m_kinds->setCurrentIndex(0);
        }
        m_table->setCurrentIndex(m_filter->mapFromSource(m_model->index(row, 0)));
        return true;
    }
    return false;
}

QStringList FindingsPanel::sentences() const
{
    QStringList list;
    for (int row = 0; row < m_model->rowCount(); ++row)
        if (!m_model->row(row).isUnasked())
            list << m_model->row(row).finding.sentence;
    return list;
}

void FindingsPanel::mend()
{
    const FindingRow *row = chosen();
    if (row && m_mendAction->isEnabled())
        m_mender->ask(findings::mendPlan(row->finding), row->finding.rule,
            tr("%1 This mends it; it can be taken back in the Activity.").arg(core::printableLine(row->finding.sentence)));
}

void FindingsPanel::tellMended(const ops::ExecutionResult &result, const QString &name)
{
    if (result.complete)
        m_note->showNote(observe::Health::Ok, tr("%1: every step is done. The finding goes when the facts say so.").arg(name));
    else if (result.error)
        m_note->showError(*result.error);
    else
        m_note->showNote(observe::Health::Warning, tr("%1: stopped. What is left can be done at any time.").arg(name));
    m_note->setAction(tr("Show in the &Activity"));
    m_note->setClosable(true);
    showChosen();
}

void FindingsPanel::accept()
{
    const FindingRow *row = chosen();
    if (!row || !m_acceptAction->isEnabled())
        return;
    auto *dialog = new AcceptDialog(row->finding, this);
    connect(dialog, &QDialog::accepted, this, [this, dialog, finding = row->finding] {
        if (!m_services.session())
            return;
        // Others may have written it since it was read.
        const auto known = findings::loadAcceptances(m_services.session()->environment());
        if (!known) {
            m_note->showError(known.error());
            return;
        }
        const findings::Accepted answer = dialog->answer();
        keep(findings::withAccepted(*known, finding, answer), tr("Accepted until %1.").arg(answer.until.toString(Qt::ISODate)));
    });
    dialog->open();
}

void FindingsPanel::takeBack()
{
    const FindingRow *row = chosen();
    if (!row || !m_takeBackAction->isEnabled())
        return;
    const auto known = findings::loadAcceptances(m_services.session()->environment());
    if (!known) {
        m_note->showError(known.error());
        return;
    }
    const auto left = findings::withoutAccepted(*known, row->finding);
    const bool wider = std::any_of(known->begin(), known->end(), [&](const findings::Acceptance &one) {
        return one.rule == row->finding.rule && !left.contains(one) && (one.cluster.isEmpty() || one.object.isEmpty());
    });
    keep(left, wider ? tr("It counts again, and so do others that the same line had accepted.") : tr("It counts again."));
}

void FindingsPanel::keep(const QList<findings::Acceptance> &acceptances, const QString &said)
{
    const documents::Environment &environment = m_services.session()->environment();
    const auto written = findings::saveAcceptances(environment, acceptances);
    if (written)
        m_note->showNote(observe::Health::Ok, tr("%1 Kept in %2").arg(said, findings::acceptancesFile(environment)));
    else
        m_note->showError(written.error());
    m_note->setAction({});
    m_note->setClosable(true);
    if (auto *watch = m_services.findings(); watch && written)
        watch->judgeAgain();
}

void FindingsPanel::exportRows()
{
    askWhereToSave(this, tr("Export the findings"), QStringLiteral("findings.csv"), { tr("Table (*.csv)"), tr("JSON (*.json)") },
        [this](const QString &file) {
            const bool json = file.endsWith(QLatin1String(".json"), Qt::CaseInsensitive);
            const auto written = writeWhole(file, tr("write the findings"), json ? findingsToJson(shown()) : findingsToCsv(shown()));
            if (written)
                m_note->showNote(observe::Health::Ok, tr("Written: %1").arg(file));
            else
                m_note->showError(written.error());
            m_note->setAction({});
            m_note->setClosable(true);
        });
}

void FindingsPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    tick();
    m_ageing.start();
}

void FindingsPanel::hideEvent(QHideEvent *event)
{
    m_ageing.stop();
    QWidget::hideEvent(event);
}

} // namespace catamaran::ui
