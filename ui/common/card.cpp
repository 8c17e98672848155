// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/card.h"

#include "ui/common/glyphpixmap.h"
#include "ui/common/labels.h"
#include "ui/common/theme.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace catamaran::ui {

Card::Card(QWidget *parent)
    : QFrame(parent)
{
    setProperty("card", true);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(16, 14, 16, 14);
    outer->setSpacing(8);
    m_body = new QVBoxLayout;
    m_body->setSpacing(8);
    outer->addLayout(m_body, 1);
}

Card::Card(const QString &title, QWidget *parent)
    : Card(parent)
{
    setTitle(title);
}

void Card::setTitle(const QString &title)
{
    if (!m_title) {
        m_title = new WrappedLabel({}, this);
        m_title->setFont(scaledFont(font(), 1.1, QFont::DemiBold));
        auto *outer = static_cast<QVBoxLayout *>(layout());
        outer->insertWidget(m_icon ? 1 : 0, m_title);
    }
    m_title->setText(title);
    setAccessibleName(m_title->text());
}

void Card::setText(const QString &text)
{
    if (!m_text) {
        m_text = new MutedLabel({}, this);
        auto *outer = static_cast<QVBoxLayout *>(layout());
        outer->insertWidget((m_icon ? 1 : 0) + (m_title ? 1 : 0), m_text);
    }
    m_text->setText(text);
    setAccessibleDescription(m_text->text());
}

void Card::setIcon(const QString &glyph)
{
    m_glyph = glyph;
    if (!m_icon) {
        m_icon = new PlainLabel(this);
        static_cast<QVBoxLayout *>(layout())->insertWidget(0, m_icon);
    }
    redrawIcon();
}

QPushButton *Card::addButton(const QString &text, bool primary)
{
    auto *button = new QPushButton(text, this);
    button->setAccessibleName(text);
    if (primary)
        setButtonRole(button, ButtonRole::Primary);
    auto *outer = static_cast<QVBoxLayout *>(layout());
    outer->addWidget(button, 0, Qt::AlignLeft);
    return button;
}

bool Card::event(QEvent *event)
{
    if (m_icon && isThemeChange(event))
        redrawIcon();
    return QFrame::event(event);
}

void Card::redrawIcon()
{
    m_icon->setPixmap(glyphPixmap(this, m_glyph, 32, themeOf(this).accent));
}

} // namespace catamaran::ui
