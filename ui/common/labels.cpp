// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/labels.h"

#include "core/printable.h"
#include "ui/common/format.h"
#include "ui/common/theme.h"

#include <QTimer>

namespace catamaran::ui {

PlainLabel::PlainLabel(const QString &text, QWidget *parent)
    : PlainLabel(parent)
{
    setText(text);
}

PlainLabel::PlainLabel(QWidget *parent)
    : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
}

void PlainLabel::setText(const QString &text)
{
    QLabel::setText(core::printable(text));
}

SelectableLabel::SelectableLabel(QWidget *parent)
    : WrappedLabel({}, parent)
{
    setTextInteractionFlags(Qt::TextSelectableByMouse);
    setFocusPolicy(Qt::NoFocus);
}

SectionTitle::SectionTitle(const QString &text, QWidget *parent)
    : PlainLabel(text, parent)
{
    setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    setContentsMargins(0, 6, 0, 2);
}

MutedLabel::MutedLabel(const QString &text, QWidget *parent)
    : WrappedLabel(text, parent)
{
    setProperty("muted", true);
}

RelativeTimeLabel::RelativeTimeLabel(QWidget *parent)
    : PlainLabel(parent)
{
    setProperty("muted", true);
    auto *timer = new QTimer(this);
    timer->setTimerType(Qt::VeryCoarseTimer);
    connect(timer, &QTimer::timeout, this, &RelativeTimeLabel::tick);
    timer->start(1000);
}

void RelativeTimeLabel::setTime(const QDateTime &at)
{
    m_at = at;
    setToolTip(absoluteTime(at));
    tick();
}

void RelativeTimeLabel::tick()
{
    if (m_at.isValid())
        setText(relativeTime(m_at, QDateTime::currentDateTimeUtc()));
}

} // namespace catamaran::ui
