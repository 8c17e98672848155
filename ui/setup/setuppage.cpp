// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/setuppage.h"

#include "core/printable.h"
#include "ui/common/lists.h"
#include "ui/common/plaintext.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"

#include <QHeaderView>
#include <QScrollArea>
#include <QStyle>
#include <QTableWidget>
#include <QVBoxLayout>

namespace catamaran::ui {

SetupPage::SetupPage(SetupContext &shared, const QString &title, const QString &about, QWidget *parent, Body kind)
    : QWidget(parent)
    , context(shared)
    , m_title(title)
{
    setAccessibleName(title);
    auto *heading = new PlainLabel(title);
    heading->setFont(scaledFont(font(), 1.35, QFont::DemiBold));
    auto *inner = new QWidget;
    m_body = new QVBoxLayout(inner);
    m_body->setContentsMargins(20, 4, 20, 12);
    m_body->setSpacing(10);
    auto *head = new QVBoxLayout;
    head->setContentsMargins(20, 16, 20, 4);
    head->setSpacing(4);
    head->addWidget(heading);
    head->addWidget(new MutedLabel(about));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    if (kind == Body::Fills) {
        layout->addWidget(inner, 1);
        return;
    }
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(inner);
    layout->addWidget(scroll, 1);
}

QString healthCell(observe::Health health, const QString &word)
{
    const QString text = word.isEmpty() ? healthWord(health) : word;
    switch (health) {
    case observe::Health::Ok: return QStringLiteral("✓ ") + text;
    case observe::Health::Warning: return QStringLiteral("▲ ") + text;
    case observe::Health::Failed: return QStringLiteral("✗ ") + text;
    case observe::Health::Unknown:
    case observe::Health::Stale: return QStringLiteral("? ") + text;
    }
    return text;
}

const observe::Condition *failedReach(const observe::ObservedCluster *cluster)
{
    if (!cluster || cluster->reachable)
        return nullptr;
    for (const observe::Condition &condition : cluster->conditions) {
        if (condition.type == QLatin1String("Reachable") && condition.health == observe::Health::Failed)
            return &condition;
    }
    return nullptr;
}

void setCell(QTableWidget *table, int row, int column, const QString &said, const QString &tip, std::optional<observe::Health> health)
{
    const QString text = core::printable(said), toolTip = plainToolTip(tip);
    QTableWidgetItem *item = table->item(row, column);
    if (!item) {
        item = new QTableWidgetItem;
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        table->setItem(row, column, item);
    }
    if (item->text() != text)
        item->setText(text);
    if (item->toolTip() != toolTip)
        item->setToolTip(toolTip);
    const QBrush colour = health ? QBrush(themeOf(table).health(*health)) : QBrush();
    if (item->foreground() != colour)
        item->setForeground(colour);
}

void prepareTable(QTableWidget *table, const QString &name, const QString &accessible, const QStringList &headers)
{
    prepareList(table, name, accessible);
    table->setColumnCount(int(headers.size()));
    table->setHorizontalHeaderLabels(headers);
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 14);
    table->verticalHeader()->setMinimumSectionSize(table->fontMetrics().height() + 14);
    table->horizontalHeader()->setStretchLastSection(true);
    table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void clearLayout(QLayout *layout)
{
    while (QLayoutItem *item = layout->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->setObjectName({});
            widget->deleteLater();
        }
        delete item;
    }
}

void fitTable(QTableWidget *table)
{
    int height = table->horizontalHeader()->sizeHint().height() + 2 * table->frameWidth() + 2;
    for (int row = 0; row < table->rowCount(); ++row)
        height += table->rowHeight(row);
    const bool wide = table->horizontalHeader()->length() > table->viewport()->width();
    table->setFixedHeight(height + (wide ? table->style()->pixelMetric(QStyle::PM_ScrollBarExtent) + 2 : 0));
}

} // namespace catamaran::ui
