// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/commandbox.h"

#include "core/printable.h"
#include "ui/common/copybutton.h"
#include "ui/common/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QTextBlock>
#include <QTextLayout>
#include <QToolButton>

#include <cmath>

namespace catamaran::ui {

CommandBox::CommandBox(QWidget *parent)
    : QFrame(parent)
{
    setProperty("code", true);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(6, 4, 4, 4);
    layout->setSpacing(4);
    m_text = new QPlainTextEdit(this);
    m_text->setReadOnly(true);
    m_text->setFont(monoFont());
    m_text->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_text->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(tr("Command"));
    m_text->setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    m_text->viewport()->setAutoFillBackground(false);
    m_text->installEventFilter(this);
    layout->addWidget(m_text, 1);
    m_copy = makeCopyButton([this] { return command(); }, this);
    layout->addWidget(m_copy, 0, Qt::AlignTop);
    fit();
}

void CommandBox::setCommand(const QString &command)
{
    const QString shown = core::printable(command);
    if (shown == m_text->toPlainText())
        return;
    m_text->setPlainText(shown);
    fit();
}

QString CommandBox::command() const
{
    return m_text->toPlainText();
}

void CommandBox::setMaximumLines(int lines)
{
    m_maximumLines = lines;
    fit();
}

bool CommandBox::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_text && event->type() == QEvent::Resize)
        fit(); // another width wraps into another number of lines
    return QFrame::eventFilter(watched, event);
}

void CommandBox::fit()
{
    // In lines as wrapped; a text with very many is cut to the most shown anyway.
    const double inner = m_text->width() - 2 * m_text->document()->documentMargin() - 2 * m_text->frameWidth();
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    int lines = 0;
    double height = 0;
    bool whole = true;
    for (QTextBlock block = m_text->document()->begin(); block.isValid() && lines < m_maximumLines; block = block.next()) {
        QTextLayout layout(block.text(), m_text->font());
        layout.setTextOption(option);
        layout.beginLayout();
        for (QTextLine line = layout.createLine(); line.isValid() && lines < m_maximumLines; line = layout.createLine(), ++lines) {
            line.setLineWidth(std::max(40.0, inner));
            height += line.height();
        }
        layout.endLayout();
        const QTextLine last = layout.lineCount() > 0 ? layout.lineAt(layout.lineCount() - 1) : QTextLine();
        whole = !block.next().isValid() && (!last.isValid() || last.textStart() + last.textLength() >= block.text().size());
    }
    // Where it scrolls, the line below must not look in.
    const double margins = (whole ? 2 : 1) * m_text->document()->documentMargin() + (whole ? 1 : 0);
    m_text->setFixedHeight(static_cast<int>(std::ceil(height + margins)) + 2 * m_text->frameWidth());
}

} // namespace catamaran::ui
