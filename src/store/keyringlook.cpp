// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "store/keyringlook.h"

#include "store/say.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusVariant>
#include <QFileInfo>
#include <QMap>

namespace catamaran::store::keyring {

using core::ErrorKind;
using core::Result;

namespace {

constexpr int answerMs = 10000;
constexpr int pingMs = 5000;
const QString secretService = QStringLiteral("org.freedesktop.secrets");
const QString secretServicePath = QStringLiteral("/org/freedesktop/secrets");

/// A connection of our own: one that failed is not kept, so that a bus that comes later is found.
QDBusConnection sessionBus()
{
    const QString name = QStringLiteral("catamaran-keyring");
    QDBusConnection known(name);
    if (known.isConnected())
        return known;
    QDBusConnection::disconnectFromBus(name);
    // By its address as it is now: libdbus remembers the one that it saw first.
    QString address = qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS");
    const QString own = qEnvironmentVariable("XDG_RUNTIME_DIR") + QStringLiteral("/bus");
    if (address.isEmpty() && QFileInfo::exists(own))
        address = QStringLiteral("unix:path=") + own;
    return address.isEmpty() ? QDBusConnection::connectToBus(QDBusConnection::SessionBus, name)
                             : QDBusConnection::connectToBus(address, name);
}

using Answered = std::function<void(const QDBusMessage &)>;

void ask(QObject *context, const QDBusMessage &question, int patienceMs, Answered answered)
{
    auto *watcher = new QDBusPendingCallWatcher(sessionBus().asyncCall(question, patienceMs), context);
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, context, [watcher, answered = std::move(answered)] {
        watcher->deleteLater();
        answered(watcher->reply());
    });
}

bool isAnswer(const QDBusMessage &message)
{
    return message.type() == QDBusMessage::ReplyMessage && !message.arguments().isEmpty();
}

bool cameTooLate(const QDBusMessage &message)
{
    return message.errorName() == QLatin1String("org.freedesktop.DBus.Error.NoReply")
        || message.errorName() == QLatin1String("org.freedesktop.DBus.Error.Timeout");
}

QDBusMessage to(const QString &service, const QString &path, const QString &interface, const QString &method, const QVariantList &arguments)
{
    QDBusMessage message = QDBusMessage::createMethodCall(service, path, interface, method);
    message.setArguments(arguments);
    return message;
}

/// One look, step by step; it holds itself alive in the functions that wait.
class Look : public std::enable_shared_from_this<Look> {
public:
    Look(QObject *context, QString folder, QString name, std::function<void(const Result<Seen> &)> then)
        : m_context(context)
        , m_folder(std::move(folder))
        , m_name(std::move(name))
        , m_then(std::move(then))
    {
    }

    void begin()
    {
        if (!sessionBus().isConnected()) {
            QMetaObject::invokeMethod(
                m_context, [self = shared_from_this()] { self->end(State::None); }, Qt::QueuedConnection);
            return;
        }
        // As QtKeychain: on KDE its wallet comes first.
        if (QString::fromLocal8Bit(qgetenv("XDG_CURRENT_DESKTOP")).split(u':').contains(QLatin1String("KDE")))
            beginWallet();
        else
            beginSecretService();
    }

private:
    void end(State state)
    {
        m_seen.state = state;
        if (state == State::None)
            m_seen.service.clear();
        m_then(m_seen);
    }

    /// Goes on with @p next when there is an answer; otherwise the look ends, or goes on with @p otherwise.
    Answered when(std::function<void(const QVariantList &)> next, std::function<void()> otherwise = {})
    {
        return [self = shared_from_this(), next = std::move(next), otherwise = std::move(otherwise)](const QDBusMessage &message) {
            if (isAnswer(message)) {
                self->m_seen.process = message.service();
                next(message.arguments());
            } else if (cameTooLate(message))
                self->m_then(
                    core::fail(ErrorKind::Timeout, Say::tr("look at the keyring"), self->m_seen.service, Say::tr("it does not answer"),
                        Say::tr("Start it anew, or set CATAMARAN_KEYRING=none to keep secrets for this run only.")));
            else if (otherwise)
                otherwise();
            else
                self->end(State::None);
        };
    }

    void beginSecretService()
    {
        m_seen.service = secretService;
        const auto question = to(secretService, secretServicePath, QStringLiteral("org.freedesktop.Secret.Service"),
            QStringLiteral("SearchItems"),
            { QVariant::fromValue(QMap<QString, QString> { { QStringLiteral("user"), m_name }, { QStringLiteral("server"), m_folder } }) });
        ask(m_context, question, answerMs, when([this](const QVariantList &lists) { // kept alive by when()
            const auto any = [&](int list) { return !qdbus_cast<QList<QDBusObjectPath>>(lists.value(list)).isEmpty(); };
            m_seen.heldLocked = !any(0) && any(1); // those that are unlocked, those that are not
            m_seen.held = any(0) || any(1);
            findCollection();
        }));
    }

    void findCollection()
    {
        const auto question = to(secretService, secretServicePath, QStringLiteral("org.freedesktop.Secret.Service"),
            QStringLiteral("ReadAlias"), { QStringLiteral("default") });
        ask(m_context, question, answerMs, when([this](const QVariantList &answer) {
            const QString path = qdbus_cast<QDBusObjectPath>(answer.first()).path();
            if (path.size() < 2) // "/": no such collection
                return end(State::Unmade);
            const auto lock = to(secretService, path, QStringLiteral("org.freedesktop.DBus.Properties"), QStringLiteral("Get"),
                { QStringLiteral("org.freedesktop.Secret.Collection"), QStringLiteral("Locked") });
            ask(m_context, lock, answerMs, when([this](const QVariantList &locked) {
                end(qdbus_cast<QDBusVariant>(locked.first()).variant().toBool() ? State::Locked : State::Open);
            }));
        }));
    }

    void beginWallet()
    {
        m_seen.service = QStringLiteral("org.kde.kwalletd5");
        askWallet(QStringLiteral("networkWallet"), {}, [this](const QVariantList &answer) {
            const QString wallet = answer.first().toString();
            if (wallet.isEmpty())
                return beginSecretService();
            askWallet(QStringLiteral("keyDoesNotExist"), { wallet, m_folder, m_name }, [this, wallet](const QVariantList &missing) {
                m_seen.held = !missing.first().toBool();
                askWallet(QStringLiteral("isOpen"), { wallet }, [this](const QVariantList &open) {
                    m_seen.heldLocked = m_seen.held && !open.first().toBool();
                    end(open.first().toBool() ? State::Open : State::Locked);
                });
            });
        });
    }

    void askWallet(const QString &method, const QVariantList &arguments, std::function<void(const QVariantList &)> next)
    {
        ask(m_context, to(m_seen.service, QStringLiteral("/modules/kwalletd5"), QStringLiteral("org.kde.KWallet"), method, arguments),
            answerMs, when(std::move(next), [this] { beginSecretService(); }));
    }

    QObject *m_context;
    const QString m_folder, m_name;
    const std::function<void(const Result<Seen> &)> m_then;
    Seen m_seen;
};

} // namespace

void look(QObject *context, const QString &folder, const QString &name, std::function<void(const Result<Seen> &)> then)
{
    static const bool registered = [] {
        qDBusRegisterMetaType<QMap<QString, QString>>();
        qDBusRegisterMetaType<QList<QDBusObjectPath>>();
        return true;
    }();
    Q_UNUSED(registered)
    std::make_shared<Look>(context, folder, name, std::move(then))->begin();
}

void ping(QObject *context, const QString &service, std::function<void(bool)> then)
{
    ask(context, to(service, QStringLiteral("/"), QStringLiteral("org.freedesktop.DBus.Peer"), QStringLiteral("Ping"), {}), pingMs,
        [then = std::move(then)](const QDBusMessage &answer) { then(!cameTooLate(answer)); });
}

} // namespace catamaran::store::keyring
