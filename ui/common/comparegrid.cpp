// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/comparegrid.h"

#include "ui/common/theme.h"
#include "ui/common/widgets.h"

#include <QGridLayout>

namespace catamaran::ui {

CompareGrid::CompareGrid(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(18);
    m_grid->setColumnStretch(1, 1);
    m_grid->setColumnStretch(2, 1);
    addCell(1, tr("Earlier"), true);
    addCell(2, tr("Later"), true);
    addCell(3, tr("Change"), true);
    ++m_row;
}

void CompareGrid::addLine(const QString &name, const QString &earlier, const QString &later, const QString &change)
{
    addCell(0, name, true);
    addCell(1, earlier);
    addCell(2, later);
    addCell(3, change);
    ++m_row;
}

void CompareGrid::addCell(int column, const QString &text, bool strong)
{
    auto *label = new PlainLabel(text, this);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setFont(strong ? scaledFont(font(), 1.0, QFont::DemiBold) : tabularFont(font()));
    label->setWordWrap(column == 1 || column == 2);
    m_grid->addWidget(label, m_row, column);
}

} // namespace catamaran::ui
