// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "tour.h"

#include "commandpalette.h"
#include "mainwindow.h"

#include <QDir>
#include <QPainter>
#include <QPixmap>

namespace catamaran::ui {

namespace {
constexpr int pollMs = 150;
constexpr int settleMs = 900; ///< layouts, first answers on charts
constexpr int busyAtMostMs = 90000;
constexpr int openAtMostMs = 40000;
} // namespace

Tour::Tour(MainWindow &window, Services &services, QString folder, QObject *parent)
    : QObject(parent)
    , m_window(window)
    , m_services(services)
    , m_folder(std::move(folder))
{
    m_timer.setInterval(pollMs);
    connect(&m_timer, &QTimer::timeout, this, &Tour::poll);
    connect(&services, &Services::operationBegan, this, [this] { ++m_running; });
    connect(&services, &Services::operationEnded, this, [this] { --m_running; });
}

void Tour::start()
{
    if (!QDir().mkpath(m_folder)) {
        emit finished(tr("Could not make the folder %1").arg(m_folder), 0);
        return;
    }
    m_since.start();
    m_timer.start();
}

void Tour::plan()
{
    m_planned = true;
    const bool then = m_services.asItWas() != nullptr;
    const bool open = m_services.session() || then;
    if (!open)
        m_stops.append({ QStringLiteral("first-start"), [this] { m_window.showPlace(QStringLiteral("topology")); }, {} });
    for (const QString &id : m_window.placeIds()) {
        if (then ? !MainWindow::showsBundle(id) : !open && id != QLatin1String("setup"))
            continue; // another screen stands there
        Place *place = m_window.place(id);
        const QStringList stops = place->tourStops();
        for (const QString &stop : open ? stops : stops.mid(0, 1)) { // without an environment every page is the first
            m_stops.append({ stop,
                [this, id, place, stop] {
                    m_window.showPlace(id);
                    place->showTourStop(stop);
                },
                [this, place] { return m_running > 0 || place->isTourBusy(); } });
        }
    }
    m_stops.append({ QStringLiteral("command-palette"),
        [this] {
            m_window.showPlace(QStringLiteral("topology"));
            if (m_window.isBuilt(QStringLiteral("topology")))
                m_window.place(QStringLiteral("topology"))->showTourStop(QStringLiteral("topology-map"));
            m_window.showPalette();
        },
        {} });
    m_stops.append({ QStringLiteral("other-theme"),
        [this] {
            m_window.commandPalette()->hide();
            m_window.setScheme(themeOf(&m_window).dark ? Scheme::Light : Scheme::Dark, false);
        },
        {} });
}

void Tour::poll()
{
    if (!m_planned) {
        const bool waiting = m_services.isOpening() || (m_services.live() && !m_services.live()->fleet().at.isValid());
        const bool looking = m_services.live() && m_since.elapsed() < 4000; // let watches and the cloud be heard
        if ((waiting || looking) && m_since.elapsed() < openAtMostMs)
            return;
        plan();
        next();
        return;
    }
    const Stop &stop = m_stops[m_at];
    const qint64 waited = m_since.elapsed();
    if (waited < settleMs || (stop.busy && stop.busy() && waited < busyAtMostMs))
        return;
    picture();
}

void Tour::next()
{
    ++m_at;
    if (m_at >= m_stops.size()) {
        m_timer.stop();
        emit finished({}, static_cast<int>(m_stops.size()));
        return;
    }
    m_stops[m_at].show();
    m_since.restart();
}

void Tour::picture()
{
    QPixmap pixmap = m_window.grab();
    if (QWidget *popup = m_window.commandPalette(); popup && popup->isVisible()) { // a window of its own, laid over ours
        QPainter painter(&pixmap);
        painter.drawPixmap(m_window.mapFromGlobal(popup->pos()), popup->grab());
    }
    const QString file = QStringLiteral("%1/%2-%3.png").arg(m_folder).arg(m_at + 1, 2, 10, QLatin1Char('0')).arg(m_stops[m_at].name);
    if (!pixmap.save(file)) {
        m_timer.stop();
        emit finished(tr("Could not write %1").arg(file), static_cast<int>(m_at));
        return;
    }
    next();
}

} // namespace catamaran::ui
