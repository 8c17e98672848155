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
        connect(prover, &truth::Prover::broke, this, [this](const truth::DirectionState &state) { tell(state, true); });
        connect(prover, &truth::Prover::mended, this, [this](const truth::DirectionState &state) { tell(state, false); });
    }
}

void DirectionNews::tell(const truth::DirectionState &state, bool broke)
{
    const QString direction = state.direction.text();
    if (broke)
        m_told.insert(direction);
    else if (!m_told.remove(direction))
        return; // it has come up for the first time
    const truth::Cell &cell = broke ? state.decisive() : state.cell(truth::Layer::Request); // what proved it
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const QString at = now.toLocalTime().toString(QStringLiteral("HH:mm:ss"));
    m_newest = direction;
    if (broke)
        m_broken.insert(direction, tr("%1 broke at %2 (%3)%4").arg(direction, at, truth::layerTitle(cell.layer), detailText(cell)));
    else
        m_broken.remove(direction);
    showBroken();
    if (!broke && m_broken.isEmpty()) {
        showNote(observe::Health::Ok, tr("%1 is proven again since %2.").arg(direction, at));
        setClosable(true);
        setAction(tr("Show the matrix"));
    }
    if (!QApplication::activeWindow())
        notifyDesktop(broke ? tr("%1 broke").arg(direction) : tr("%1 is proven again").arg(direction), cell.evidence, broke);
    const QString environment = m_services.session() ? m_services.session()->environment().name : QString();
    const QJsonObject content { { QStringLiteral("broke"), broke }, { QStringLiteral("from"), state.direction.from },
        { QStringLiteral("to"), state.direction.to }, { QStringLiteral("layer"), truth::layerName(cell.layer) },
        { QStringLiteral("evidence"), cell.evidence }, { QStringLiteral("source"), cell.source } };
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
    showNote(observe::Health::Failed, QStringList(m_broken.values()).join(u'\n'));
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
