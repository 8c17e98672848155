// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/emptystate.h"

#include "ui/common/glyphpixmap.h"
#include "ui/common/labels.h"
#include "ui/common/theme.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace catamaran::ui {

EmptyState::EmptyState(const QString &glyph, const QString &title, const QString &text, const QString &actionText, QWidget *parent)
    : QWidget(parent)
    , m_glyph(glyph)
{
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addStretch(2);
    m_icon = new PlainLabel(this);
    m_icon->setAlignment(Qt::AlignCenter);
    layout->addWidget(m_icon);
    m_title = new WrappedLabel(title, this);
    m_title->setAlignment(Qt::AlignCenter);
    m_title->setFont(scaledFont(font(), 1.3, QFont::DemiBold));
    layout->addWidget(m_title);
    m_text = new MutedLabel(text, this);
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setMaximumWidth(QFontMetrics(font()).averageCharWidth() * 70);
    auto *middle = new QHBoxLayout; // not an alignment: that would give the text the height of its hint, and cut it
    middle->addStretch(1);
    middle->addWidget(m_text, 100);
    middle->addStretch(1);
    layout->addLayout(middle);
    if (!actionText.isEmpty()) {
        m_button = new QPushButton(actionText, this);
        m_button->setAccessibleName(actionText);
        setButtonRole(m_button, ButtonRole::Primary);
        layout->addSpacing(6);
        layout->addWidget(m_button, 0, Qt::AlignHCenter);
        connect(m_button, &QPushButton::clicked, this, &EmptyState::triggered);
    }
    layout->addStretch(3);
    setAccessibleName(title);
    setAccessibleDescription(text);
    redrawIcon();
}

void EmptyState::setTexts(const QString &title, const QString &text)
{
    m_title->setText(title);
    m_text->setText(text);
    setAccessibleName(title);
    setAccessibleDescription(text);
}

bool EmptyState::event(QEvent *event)
{
    if (isThemeChange(event))
        redrawIcon();
    return QWidget::event(event);
}

void EmptyState::redrawIcon()
{
    const Theme theme = themeOf(this);
    m_icon->setPixmap(glyphPixmap(this, m_glyph, 56, Theme::blend(theme.window, theme.muted, 0.75)));
}

} // namespace catamaran::ui
