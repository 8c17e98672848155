// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/drills/drillhistorypanel.h"

#include "drill/compare.h"
#include "ui/common/comparegrid.h"
#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/lists.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/drills/drilltrend.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace catamaran::ui {

namespace {

/// A figure of a result as people read it.
QString figureText(const drill::ComparedFigure &figure, const QJsonValue &value)
{
    if (figure.key == QLatin1String("verdict"))
        return verdictWord(value.toString());
    if (!value.isDouble() || (figure.key.endsWith(QLatin1String("_ms")) && value.toDouble() < 0))
        return DrillHistoryPanel::tr("–");
    return figure.key.endsWith(QLatin1String("_ms")) ? durationText(qint64(value.toDouble())) : countText(value.toInt());
}

QString changeText(const drill::ComparedFigure &figure)
{
    const auto difference = figure.difference();
    if (!difference || *difference == 0)
        return {};
    const QString size
        = figure.key.endsWith(QLatin1String("_ms")) ? durationText(qint64(std::abs(*difference))) : countText(int(std::abs(*difference)));
    return (*difference > 0 ? QStringLiteral("+") : QStringLiteral("−")) + size;
}

} // namespace

DrillHistoryPanel::DrillHistoryPanel(QWidget *parent)
    : QWidget(parent)
    , m_model(new DrillHistoryModel(this))
    , m_table(new QTableView)
    , m_error(new ErrorBanner)
    , m_none(new MutedLabel(
          tr("Nothing was rehearsed here yet. Each drill ends with a verdict and a recovery time taken from single requests.")))
    , m_open(new QPushButton(tr("Open the res&ult")))
    , m_compare(new QPushButton(tr("Com&pare two")))
    , m_trendPart(new QWidget)
    , m_trendTitle(new PlainLabel)
    , m_trendText(new MutedLabel)
    , m_trend(new DrillTrend)
{
    prepareList(m_table, QStringLiteral("drillHistory"), tr("Drills that were run"));
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setFont(tabularFont(m_table->font()));
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->setMinimumHeight(140);
    m_open->setObjectName(QStringLiteral("openDrillResult"));
    m_compare->setObjectName(QStringLiteral("compareDrills"));
    m_compare->setToolTip(tr("Choose two runs (Ctrl+click or Shift+arrows) to see them side by side"));
    m_error->setObjectName(QStringLiteral("drillHistoryError"));
    m_trendTitle->setObjectName(QStringLiteral("drillTrendTitle"));
    m_trendTitle->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    m_trendTitle->setWordWrap(true);
    m_trendText->setObjectName(QStringLiteral("drillTrendText"));
    m_trendText->setWordWrap(true);

    auto *trend = new QVBoxLayout(m_trendPart);
    trend->setContentsMargins(0, 0, 0, 0);
    trend->setSpacing(2);
    trend->addWidget(m_trendTitle);
    trend->addWidget(m_trendText);
    trend->addWidget(m_trend);
    auto *head = new QHBoxLayout;
    head->addWidget(new SectionTitle(tr("History")), 1);
    head->addWidget(m_open);
    head->addWidget(m_compare);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(head);
    layout->addWidget(m_error);
    layout->addWidget(m_none);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_trendPart);

    m_error->hide();
    showParts(false);
    connect(m_error, &ErrorBanner::actionTriggered, this, &DrillHistoryPanel::historyRequested);
    connect(
        m_table, &QTableView::activated, this, [this](const QModelIndex &index) { emit resultOpened(m_model->document(index.row()).id); });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &DrillHistoryPanel::showChosen);
    connect(m_open, &QPushButton::clicked, this, [this] {
        if (const QList<int> rows = selectedRows(); rows.size() == 1)
            emit resultOpened(m_model->document(rows.first()).id);
    });
    connect(m_compare, &QPushButton::clicked, this, &DrillHistoryPanel::compare);
    connect(m_trend, &DrillTrend::chosen, this, &DrillHistoryPanel::choose);
}

void DrillHistoryPanel::setHistory(const core::Result<QList<store::Document>> &documents)
{
    if (documents) {
        m_error->clear();
        const QList<int> rows = selectedRows();
        const qint64 chosen = rows.size() == 1 ? m_model->document(rows.first()).id : 0;
        QList<drill::PastDrill> past;
        for (const store::Document &document : *documents)
            past += { document.id, document.at, document.content };
        m_trends = drill::trends(past);
        m_model->setDocuments(*documents);
        choose(chosen);
    } else { // what is shown was read before; nothing is shown as nothing
        m_error->showError(documents.error());
        m_error->setAction(tr("Try again"));
    }
    showParts(documents.has_value());
}

void DrillHistoryPanel::forget()
{
    m_trends.clear();
    m_model->setDocuments({});
    showParts(false);
}

void DrillHistoryPanel::showParts(bool isKnown)
{
    const bool any = m_model->rowCount() > 0;
    m_table->setVisible(any);
    m_open->setVisible(any);
    m_compare->setVisible(any);
    m_none->setVisible(!any && isKnown);
    showChosen();
}

QList<int> DrillHistoryPanel::selectedRows() const
{
    QList<int> rows;
    const QModelIndexList selected = m_table->selectionModel()->selectedRows();
    for (const QModelIndex &index : selected)
        rows << index.row();
    std::sort(rows.begin(), rows.end());
    return rows;
}

void DrillHistoryPanel::choose(qint64 document)
{
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (m_model->document(row).id == document) {
            m_table->selectRow(row);
            m_table->scrollTo(m_model->index(row, 0));
        }
    }
}

/// Without a choice the trend is that of the newest run.
void DrillHistoryPanel::showChosen()
{
    const QList<int> rows = selectedRows();
    m_open->setEnabled(rows.size() == 1);
    m_compare->setEnabled(rows.size() == 2);
    const bool any = m_model->rowCount() > 0;
    const qint64 document = !any ? 0 : m_model->document(rows.isEmpty() ? 0 : rows.first()).id;
    const auto mine = std::find_if(m_trends.cbegin(), m_trends.cend(), [&](const drill::Trend &trend) { return trend.has(document); });
    m_trendPart->setVisible(mine != m_trends.cend() && mine->runs.size() > 1);
    if (mine == m_trends.cend())
        return;
    m_trendTitle->setText(tr("%1, from %2").arg(mine->title, mine->source));
    m_trendText->setText(mine->text());
    m_trend->setTrend(*mine, document);
}

void DrillHistoryPanel::compare()
{
    const QList<int> rows = selectedRows();
    if (rows.size() != 2)
        return;
    // The older one first: the difference then reads as what changed since.
    const store::Document &first = m_model->document(rows.last()), &second = m_model->document(rows.first());
    auto *dialog = new QDialog(this);
    dialog->setObjectName(QStringLiteral("compareDrillsDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Two drills compared"));
    dialog->resize(760, 480);
    auto *layout = new QVBoxLayout(dialog);
    if (const QString unlike = drill::whyNotAlike(first.content, second.content); !unlike.isEmpty()) {
        auto *note = new ErrorBanner;
        note->showNote(observe::Health::Warning, unlike);
        note->setClosable(false);
        layout->addWidget(note);
    }
    auto *grid = new CompareGrid;
    grid->addLine(tr("When"), absoluteTime(first.at), absoluteTime(second.at));
    grid->addLine(tr("Drill"), first.content[u"title"].toString(first.name), second.content[u"title"].toString(second.name));
    grid->addLine(tr("Source"), first.content[u"source"].toString(), second.content[u"source"].toString());
    for (const drill::ComparedFigure &figure : drill::compared(first.content, second.content))
        grid->addLine(figure.name, figureText(figure, figure.first), figureText(figure, figure.second), changeText(figure));
    layout->addWidget(grid);
    layout->addStretch(1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    layout->addWidget(buttons);
    dialog->open();
}

} // namespace catamaran::ui
