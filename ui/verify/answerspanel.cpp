// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/answerspanel.h"

#include "ui/common/icons.h"
#include "ui/common/widgets.h"
#include "ui/verify/answerfilter.h"
#include "ui/verify/answermodel.h"
#include "ui/verify/datatable.h"

#include <QAction>
#include <QCheckBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace catamaran::ui {

AnswersPanel::AnswersPanel(QWidget *parent)
    : QWidget(parent)
    , m_answers(new AnswerModel(this))
    , m_filter(new AnswerFilter(this))
    , m_search(new QLineEdit)
    , m_why(new QPushButton(themedIcon(QStringLiteral("crosshair")), tr("Expla&in")))
{
    m_filter->setSourceModel(m_answers);
    buildTable();
    m_search->setObjectName(QStringLiteral("searchAnswers"));
    m_search->setAccessibleName(tr("Search the answers"));
    m_search->setPlaceholderText(tr("Search answers, instances, reasons, codes"));
    m_search->setClearButtonEnabled(true);
    auto *failedOnly = new QCheckBox(tr("&Failed only"));
    failedOnly->setObjectName(QStringLiteral("failedOnly"));
    auto *copyButton = new QPushButton(themedIcon(QStringLiteral("copy")), tr("Cop&y"));
    copyButton->setObjectName(QStringLiteral("copyAnswers"));
    copyButton->setToolTip(tr("Copy the chosen answers, or all that are shown, in curl's own words"));
    auto *save = new QPushButton(themedIcon(QStringLiteral("export")), tr("&Export…"));
    save->setObjectName(QStringLiteral("exportAnswers"));
    save->setToolTip(tr("Write this run as CSV, JSON, PDF or PNG"));
    connect(m_search, &QLineEdit::textChanged, m_filter, &AnswerFilter::setText);
    connect(failedOnly, &QCheckBox::toggled, m_filter, &AnswerFilter::setFailedOnly);
    connect(copyButton, &QPushButton::clicked, this, &AnswersPanel::copy);
    connect(save, &QPushButton::clicked, this, &AnswersPanel::exportRequested);

    m_why->setObjectName(QStringLiteral("whyAnswer"));
    m_why->setToolTip(tr("Follows a request like the chosen failed one hop by hop: what rules it, and where it stops"));
    connect(m_why, &QPushButton::clicked, this, &AnswersPanel::whyRequested);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &AnswersPanel::judgeWhy);
    judgeWhy();

    auto *bar = new QHBoxLayout;
    bar->addWidget(m_search, 1);
    bar->addWidget(failedOnly);
    bar->addWidget(m_why);
    bar->addWidget(copyButton);
    bar->addWidget(save);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->addLayout(bar);
    layout->addWidget(m_table, 1);
}

void AnswersPanel::buildTable()
{
    m_table = makeDataTable(QStringLiteral("answers"), tr("Raw answers"), m_filter);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->horizontalHeader()->setStretchLastSection(true);
    const int em = m_table->fontMetrics().horizontalAdvance(u'0');
    const int widths[] = { em * 8, em * 14, em * 13, em * 9, em * 30, em * 10, em * 12 };
    for (int column = 0; column < AnswerModel::AnswerColumn; ++column)
        m_table->setColumnWidth(column, widths[column]);
    // Follow the newest answer as long as the end is in sight.
    connect(m_filter, &QAbstractItemModel::rowsAboutToBeInserted, this, [this] {
        const QScrollBar *bar = m_table->verticalScrollBar();
        m_table->setProperty("atEnd", bar->value() >= bar->maximum() - 1);
    });
    connect(m_filter, &QAbstractItemModel::rowsInserted, this, [this] {
        if (m_table->property("atEnd").toBool())
            m_table->scrollToBottom();
    });
    auto *action = new QAction(tr("Copy answers"), m_table);
    action->setShortcut(QKeySequence::Copy);
    action->setShortcutContext(Qt::WidgetShortcut);
    connect(action, &QAction::triggered, this, &AnswersPanel::copy);
    m_table->addAction(action);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
}

void AnswersPanel::append(const QList<probe::Sample> &samples)
{
    m_answers->append(samples);
}

void AnswersPanel::clear()
{
    m_answers->clear();
}

void AnswersPanel::judgeWhy()
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    m_why->setEnabled(std::any_of(
        rows.begin(), rows.end(), [this](const QModelIndex &row) { return !m_answers->sample(m_filter->mapToSource(row).row()).ok(); }));
}

void AnswersPanel::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
}

void AnswersPanel::copy()
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    QList<int> order;
    for (const QModelIndex &row : rows)
        order << row.row();
    if (order.isEmpty()) {
        for (int row = 0; row < m_filter->rowCount(); ++row)
            order << row;
    }
    std::sort(order.begin(), order.end());
    QStringList lines;
    for (const int row : std::as_const(order))
        lines << AnswerModel::words(m_answers->sample(m_filter->mapToSource(m_filter->index(row, 0)).row()));
    copyText(lines.join(u'\n'));
}

} // namespace catamaran::ui
