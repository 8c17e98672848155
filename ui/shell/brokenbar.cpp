// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "brokenbar.h"

#include "ui/common/format.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"

#include <QAccessible>
#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPushButton>

namespace catamaran::ui {

BrokenBar::BrokenBar(Services &services, QWidget *parent)
    : QFrame(parent)
    , m_services(services)
    , m_title(new PlainLabel)
    , m_what(new PlainLabel)
    , m_until(new PlainLabel)
    , m_show(new QPushButton(tr("Show")))
    , m_stop(new QPushButton(tr("STOP AND RESTORE")))
{
    setObjectName(QStringLiteral("brokenBar"));
    setAttribute(Qt::WA_StyledBackground);
    m_title->setObjectName(QStringLiteral("brokenTitle"));
    m_title->setFont(scaledFont(font(), 1.1, QFont::Bold));
    m_what->setObjectName(QStringLiteral("brokenWhat"));
    m_what->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // a document's title does not widen the window
    m_until->setObjectName(QStringLiteral("brokenUntil"));
    m_until->setFont(scaledFont(tabularFont(font()), 1.1, QFont::DemiBold));
    m_show->setObjectName(QStringLiteral("brokenShow"));
    m_show->setAccessibleName(tr("Show the drill"));
    m_stop->setObjectName(QStringLiteral("brokenStop"));
    m_stop->setToolTip(tr("Ends the drill now and puts everything back (Esc twice)"));
    m_stop->setFont(scaledFont(font(), 1.1, QFont::Bold));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 6, 10, 6);
    layout->setSpacing(12);
    layout->addWidget(m_title);
    layout->addWidget(m_what, 1);
    layout->addWidget(m_until);
    layout->addWidget(m_show);
    layout->addWidget(m_stop);
    hide();

    m_second.setInterval(250);
    connect(&m_second, &QTimer::timeout, this, &BrokenBar::tellCountdown);
    connect(m_show, &QPushButton::clicked, this, &BrokenBar::drillRequested);
    connect(m_stop, &QPushButton::clicked, this, &BrokenBar::stop);
    connect(&m_escape, &EscapeTwice::asked, this, [this] {
        if (m_stop->isEnabled())
            m_stop->setText(tr("Esc again to STOP AND RESTORE"));
    });
    connect(&m_escape, &EscapeTwice::forgotten, this, [this] { m_stop->setText(tr("STOP AND RESTORE")); });
    connect(&m_escape, &EscapeTwice::done, this, &BrokenBar::stop);
    connect(&m_services, &Services::drillTold, this, &BrokenBar::tell);
    connect(&m_services, &Services::faultMarked, this, [this](const QString &, const QString &what) {
        m_broken << what;
        tell();
    });
    connect(&m_services, &Services::faultsCleared, this, [this] {
        m_broken.clear();
        tell();
    });
}

QString BrokenBar::text() const
{
    return QStringList { m_title->text(), m_what->text(), m_until->text() }.join(u' ').simplified();
}

void BrokenBar::tell()
{
    const auto &drill = m_services.drill();
    if (!drill) {
        qApp->removeEventFilter(this);
        m_second.stop();
        m_broken.clear();
        m_stop->setEnabled(true);
        m_stop->setText(tr("STOP AND RESTORE"));
        hide();
        return;
    }
    const bool wasRed = std::exchange(m_isRed, drill->isBroken);
    m_title->setText(drill->isBroken ? tr("Broken on purpose") : tr("A drill runs"));
    m_what->setText(m_broken.isEmpty() || !drill->isBroken ? drill->title : m_broken.join(QStringLiteral(" · ")));
    m_what->setToolTip(drill->title);
    setAccessibleName(QStringLiteral("%1: %2").arg(m_title->text(), m_what->text()));
    tellCountdown();
    if (isHidden() || wasRed != m_isRed) {
        paintItself();
        qApp->removeEventFilter(this); // once, however often it is told
        qApp->installEventFilter(this);
        m_second.start();
        show();
        QAccessibleEvent alert(this, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    }
}

void BrokenBar::tellCountdown()
{
    const auto &drill = m_services.drill();
    if (!drill)
        return;
    const qint64 left = drill->backAt.isValid() ? QDateTime::currentDateTimeUtc().msecsTo(drill->backAt) : -1;
    m_until->setText(left > 0 ? tr("put back in %1").arg(elapsedText((left + 999) / 1000 * 1000)) : drill->phase);
}

void BrokenBar::stop()
{
    const auto &drill = m_services.drill();
    if (!drill || !m_stop->isEnabled())
        return;
    m_stop->setText(tr("Putting everything back…"));
    m_stop->setEnabled(false);
    m_services.requestStop(drill->operation);
}

void BrokenBar::paintItself()
{
    const Theme theme = themeOf(this);
    const QColor ground = m_isRed ? theme.failed : theme.warning;
    const QColor ink = contrast(theme.panel, ground) > contrast(theme.text, ground) ? theme.panel : theme.text;
    setStyleSheet(QStringLiteral(
        "#brokenBar { background: %1; } #brokenBar QLabel { color: %2; background: transparent; }"
        "#brokenBar QPushButton { color: %2; background: transparent; border: 1px solid %2; border-radius: 4px; padding: 5px 12px; }"
        "#brokenBar QPushButton:focus { border: 2px solid %2; padding: 4px 11px; }"
        "#brokenBar #brokenStop { color: %1; background: %2; }"
        "#brokenBar #brokenStop:focus { border: 2px solid %1; }"
        "#brokenBar #brokenStop:disabled { color: %2; background: transparent; }")
                      .arg(ground.name(), ink.name()));
}

void BrokenBar::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && isVisible() && property("dark") != QVariant(themeOf(this).dark)) {
        setProperty("dark", themeOf(this).dark); // a sheet of its own changes the palette again
        paintItself();
    }
}

/// Sees Escape before whoever has the focus does, and leaves it to them: a menu still closes by it. One press comes by as often as it
/// has receivers.
bool BrokenBar::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress && event->type() != QEvent::KeyRelease)
        return QFrame::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    if (key->key() == Qt::Key_Escape && key->modifiers() == Qt::NoModifier && !key->isAutoRepeat()) {
        const bool wasDown = std::exchange(m_isEscapeDown, event->type() == QEvent::KeyPress);
        if (m_isEscapeDown && !wasDown && m_stop->isEnabled())
            m_escape.press();
    }
    return false;
}

} // namespace catamaran::ui
