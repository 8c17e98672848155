// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/errorbanner.h"

#include "core/printable.h"
#include "ui/common/copybutton.h"
#include "ui/common/icons.h"
#include "ui/common/labels.h"
#include "ui/common/theme.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

namespace catamaran::ui {

ErrorBanner::ErrorBanner(QWidget *parent)
    : QFrame(parent)
{
    hide();
}

/// Most banners are never shown: their parts are made when there is something to say.
void ErrorBanner::build()
{
    if (m_title)
        return;
    auto *layout = new QHBoxLayout(this);
    layout->setSpacing(8);
    setSlim(m_slim);
    auto *texts = new QVBoxLayout;
    texts->setSpacing(2);
    m_title = new SelectableLabel(this);
    m_detail = new SelectableLabel(this);
    m_detail->setProperty("muted", true);
    texts->addWidget(m_title);
    texts->addWidget(m_detail);
    layout->addLayout(texts, 1);
    m_actions = new QHBoxLayout;
    layout->addLayout(m_actions);
    m_copy = makeCopyButton([this] { return m_copyText; }, this);
    layout->addWidget(m_copy, 0, Qt::AlignTop);
    m_close = new QToolButton(this);
    m_close->setIcon(themedIcon(QStringLiteral("close")));
    m_close->setToolTip(tr("Close this message"));
    m_close->setAccessibleName(tr("Close this message"));
    layout->addWidget(m_close, 0, Qt::AlignTop);
    connect(m_close, &QToolButton::clicked, this, [this] {
        hide();
        emit closed();
    });
}

void ErrorBanner::showError(const core::Error &error)
{
    build();
    m_health = observe::Health::Failed;
    QString title = error.target.isEmpty() ? tr("Could not %1").arg(error.tried) : tr("Could not %1 on %2").arg(error.tried, error.target);
    if (error.tried.isEmpty())
        title = error.answer;
    title = core::printable(title);
    m_title->setFont(scaledFont(font(), 1, QFont::Bold));
    m_title->setText(title);
    QStringList detail;
    if (!error.tried.isEmpty() && !error.answer.isEmpty())
        detail << error.answer;
    if (!error.remedy.isEmpty())
        detail << error.remedy;
    m_detail->setText(detail.join(u'\n'));
    m_detail->setVisible(!detail.isEmpty());
    m_copyText = error.text();
    if (!error.requestId.isEmpty()) {
        m_copyText += tr(" (request %1)").arg(error.requestId);
        m_detail->setToolTip(tr("Request %1").arg(error.requestId));
    }
    setAccessibleName(tr("Error: %1").arg(title));
    setAccessibleDescription(m_detail->text());
    m_copy->show();
    m_close->show();
    setActions({}); // it was another message's
    update();
    show();
}

void ErrorBanner::showNote(observe::Health health, const QString &text)
{
    build();
    m_health = health;
    m_title->setFont(font());
    m_title->setText(text);
    m_detail->hide();
    m_copyText = text;
    m_copy->hide();
    setAccessibleName(tr("%1: %2").arg(healthWord(health), m_title->text()));
    update();
    show();
}

void ErrorBanner::setAction(const QString &text)
{
    setActions(text.isEmpty() ? QStringList() : QStringList { text });
}

void ErrorBanner::setActions(const QStringList &texts)
{
    build();
    while (m_buttons.size() < texts.size()) {
        auto *button = new QPushButton(this);
        const auto number = int(m_buttons.size());
        button->setObjectName(QStringLiteral("bannerAction%1").arg(number));
        m_actions->addWidget(button, 0, Qt::AlignVCenter);
        m_buttons.append(button);
        connect(button, &QPushButton::clicked, this, [this, number] {
            if (number == 0)
                emit actionTriggered();
            emit actionChosen(number);
        });
    }
    for (qsizetype i = 0; i < m_buttons.size(); ++i) {
        m_buttons.at(i)->setText(texts.value(i));
        m_buttons.at(i)->setAccessibleName(texts.value(i).remove(u'&'));
        m_buttons.at(i)->setVisible(i < texts.size());
    }
}

void ErrorBanner::setClosable(bool closable)
{
    build();
    m_close->setVisible(closable);
}

void ErrorBanner::setSlim(bool slim)
{
    m_slim = slim;
    if (!layout())
        return;
    layout()->setContentsMargins(slim ? 34 : 40, slim ? 1 : 9, slim ? 4 : 8, slim ? 1 : 9);
    updateGeometry();
    update();
}

void ErrorBanner::clear()
{
    hide();
    if (!m_title)
        return;
    m_title->clear();
    m_detail->clear();
    m_copyText.clear();
    setAction({});
}

QString ErrorBanner::text() const
{
    return m_copyText;
}

void ErrorBanner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme theme = themeOf(this);
    const QColor colour = theme.health(m_health);
    painter.setPen(QPen(Theme::blend(theme.panel, colour, 0.5), 1));
    painter.setBrush(theme.tint(colour, theme.dark ? 0.14 : 0.07));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    // Beside the first line of the text, which stands in the middle of its label.
    const int side = m_slim ? 15 : 18, line = m_title->fontMetrics().height();
    const int lines = std::max(1, m_title->heightForWidth(m_title->width()) / line);
    const int middle = m_title->geometry().center().y() - (lines - 1) * line / 2 + 1;
    paintHealthShape(&painter, QRectF(12, middle - side / 2, side, side), m_health, theme);
}

} // namespace catamaran::ui
