// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/kubewatch.h"

#include <QMetaMethod>
#include <QPointer>
#include <QSet>

namespace catamaran::kube {

namespace {

/// An informer's objects as QJsonObjects, converted when somebody looks.
class InformerWatch final : public Watch {
public:
    explicit InformerWatch(std::function<std::shared_ptr<Informer>()> find)
        : m_find(std::move(find))
    {
    }

    ~InformerWatch() override { stop(); }

    void start() override
    {
        if (m_informer)
            return;
        m_objects.clear(); // of an earlier life
        m_fresh.clear();
        m_informer = m_find();
        Informer *informer = m_informer.get();
        connect(informer, &Informer::changed, this, [this](const QList<ObjectChange> &changes) { take(changes); });
        connect(informer, &Informer::healthChanged, this, [this] { takeHealth(); });
        if (!informer->isSynced())
            return;
        // Somebody else's, and it has everything already: told from the event loop, as a fresh one would.
        QMetaObject::invokeMethod(
            this, [this, guard = QPointer<Informer>(informer)] {
                if (!guard || guard != m_informer.get())
                    return;
                QList<ObjectChange> changes;
                for (auto it = guard->objects().cbegin(); it != guard->objects().cend(); ++it) {
                    if (!m_objects.contains(it.key()))
                        changes.append({ ObjectChange::Type::Added, it.key(), it.value() });
                }
                const QPointer<InformerWatch> alive(this);
                if (!changes.isEmpty())
                    take(changes);
                if (alive)
                    takeHealth();
            },
            Qt::QueuedConnection);
    }

    void stop() override
    {
        if (!m_informer)
            return;
        m_informer->disconnect(this);
        m_health = m_informer->health();
        m_informer.reset();
    }

    [[nodiscard]] State state() const override { return m_state; }
    [[nodiscard]] core::Error lastError() const override { return health().error; }
    [[nodiscard]] QDateTime lastHeard() const override { return health().heard; }

    [[nodiscard]] const QHash<QString, QJsonObject> &objects() const override
    {
        for (auto it = m_fresh.cbegin(); it != m_fresh.cend(); ++it)
            m_objects.insert(it.key(), it->object());
        m_fresh.clear();
        return m_objects;
    }

private:
    [[nodiscard]] InformerHealth health() const { return m_informer ? m_informer->health() : m_health; }

    void take(const QList<ObjectChange> &changes)
    {
        QList<WatchEvent> events;
        const bool isHeard = isSignalConnected(QMetaMethod::fromSignal(&Watch::received));
        for (const ObjectChange &change : changes) {
            WatchEvent event;
            event.type = change.type == ObjectChange::Type::Added ? WatchEvent::Type::Added : change.type == ObjectChange::Type::Modified ? WatchEvent::Type::Modified : WatchEvent::Type::Deleted;
            if (isHeard)
                event.object = change.object.object();
            if (change.type == ObjectChange::Type::Deleted) {
                m_objects.remove(change.key);
                m_fresh.remove(change.key);
            } else if (isHeard) {
                m_objects.insert(change.key, event.object);
            } else {
                m_fresh.insert(change.key, change.object);
            }
            events.append(event);
        }
        emit received(events);
    }

    void takeHealth()
    {
        const auto now = m_informer->health().state;
        const State state = now == InformerHealth::State::Starting ? State::Starting : now == InformerHealth::State::Live ? State::Live : State::Stale;
        if (std::exchange(m_state, state) != state)
            emit stateChanged(state);
    }

    std::function<std::shared_ptr<Informer>()> m_find;
    std::shared_ptr<Informer> m_informer;
    InformerHealth m_health;
    State m_state = State::Starting;
    mutable QHash<QString, QJsonObject> m_objects;
    mutable CachedObjects m_fresh; ///< not converted yet
};

} // namespace

std::unique_ptr<Watch> makeWatch(std::function<std::shared_ptr<Informer>()> find)
{
    return std::make_unique<InformerWatch>(std::move(find));
}

std::unique_ptr<Watch> makeWatch(std::shared_ptr<ApiSession> session, const ResourceKind &kind, const QString &ns, const WatchTiming &timing)
{
    return makeWatch([session = std::move(session), kind, ns, timing] { return makeInformer(session, kind, ns, timing); });
}

} // namespace catamaran::kube
