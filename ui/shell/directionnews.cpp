// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/directionnews.h"

#include "core/printable.h"
#include "ui/common/look.h"
#include "ui/common/plaintext.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCall>
#include <QTime>

namespace catamaran::ui {

DirectionNews::DirectionNews(Services &services, QWidget *parent)
    : ErrorBanner(parent)
    , m_services(services)
{
    setObjectName(QStringLiteral("directionNews"));
    connect(this, &ErrorBanner::actionTriggered, this, [this] { emit directionRequested(m_newest); });
    connect(this, &ErrorBanner::closed, this, [this] { m_broken.clear(); });
    connect(&m_services, &Services::sessionChanged, this, &DirectionNews::follow);
    follow();
}

void DirectionNews::follow()
{
    m_broken.clear();
    m_told.clear();
    clear();
    if (auto *prover = m_services.prover()) {
        connect(prover, &truth::Prover::told, this, &DirectionNews::take);
    }
}

void DirectionNews::take(const truth::News &news)
{
    for (const truth::DirectionState &state : news.broken)
        tell(state, What::Broke);
    for (const truth::DirectionState &state : news.found)
        tell(state, What::Found);
    for (const truth::DirectionState &state : news.mended)
        tell(state, What::Mended);
}

void DirectionNews::tell(const truth::DirectionState &state, What what)
{
    const QString direction = state.direction.text();
    const bool isMended = what == What::Mended;
    if (isMended && !m_told.contains(direction))
        return; // it has come up for the first time
    const bool wasFound = (isMended ? m_told.take(direction) : what) == What::Found; // "again" is said of what was proven before
    if (!isMended)
        m_told.insert(direction, what);
    const truth::Cell &cell = isMended ? state.cell(truth::Layer::Request) : state.decisive(); // what proved it, or what failed
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const QString at = now.toLocalTime().toString(QStringLiteral("HH:mm:ss")), layer = truth::layerTitle(cell.layer);
    if (isMended)
        m_broken.remove(direction);
    else if (!wasFound)
        m_broken.insert(direction, tr("%1 broke at %2 (%3)%4").arg(direction, at, layer, detailText(cell)));
    else // since when it is so nobody saw
        m_broken.insert(
            direction, tr("%1 was found failed at %2 (%3)%4; it was never proven here").arg(direction, at, layer, detailText(cell)));
    // What the button opens is what the banner tells of.
    if (!isMended || m_broken.isEmpty())
        m_newest = direction;
    else if (!m_broken.contains(m_newest))
        m_newest = m_broken.firstKey();
    showBroken();
    if (isMended && m_broken.isEmpty()) {
        showNote(observe::Health::Ok, (wasFound ? tr("%1 is proven since %2.") : tr("%1 is proven again since %2.")).arg(direction, at));
        setClosable(true);
        setAction(tr("Show the matrix"));
    }
    if (!QApplication::activeWindow())
        notifyDesktop((isMended ? (wasFound ? tr("%1 is proven") : tr("%1 is proven again"))
                                : (wasFound ? tr("%1 was found failed") : tr("%1 broke")))
                          .arg(direction),
            cell.evidence, !isMended);
    const QString environment = m_services.session() ? m_services.session()->environment().name : QString();
    const QJsonObject content { { QStringLiteral("broke"), !isMended }, { QStringLiteral("found"), wasFound },
        { QStringLiteral("from"), state.direction.from }, { QStringLiteral("to"), state.direction.to },
        { QStringLiteral("layer"), truth::layerName(cell.layer) }, { QStringLiteral("evidence"), cell.evidence },
        { QStringLiteral("source"), cell.source } };
    auto kept = m_services.history().ask([environment, direction, content, now](store::Database &database) {
        return database.save({ 0, now, QStringLiteral("direction"), environment, direction, content });
    });
    core::whenReady(kept, this,
        [this](const core::Result<qint64> &) { m_services.announceActivity(); }); // a history that cannot be written says so itself
}

void DirectionNews::showBroken()
{
    if (m_broken.isEmpty())
        return clear();
    constexpr qsizetype most = 5; // or it takes the window
    QStringList lines = QStringList(m_broken.values()).mid(0, most);
    if (m_broken.size() > most)
        lines << tr("%n more in the matrix", nullptr, int(m_broken.size() - most));
    showNote(observe::Health::Failed, lines.join(u'\n'));
    setClosable(true);
    setAction(tr("Show the matrix"));
}

void notifyDesktop(const QString &title, const QString &text, bool urgent)
{
    if (qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS")) // or a bus would be started for it
        return;
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    QDBusMessage note = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.Notifications"),
        QStringLiteral("/org/freedesktop/Notifications"), QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("Notify"));
    // The body may hold markup; what came from outside is shown as it is.
    note << QApplication::applicationDisplayName() << 0U << QStringLiteral("catamaran") << core::printableLine(title)
         << plainToolTip(core::printableLine(text)) << QStringList()
         << QVariantMap { { QStringLiteral("urgency"), QVariant::fromValue(uchar(urgent ? 2 : 1)) } } << -1;
    note.setAutoStartService(false);
    bus.asyncCall(note);
}

} // namespace catamaran::ui
