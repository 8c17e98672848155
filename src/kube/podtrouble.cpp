// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/podtrouble.h"

#include "core/async.h"
#include "kube/informer.h"
#include "kube/say.h"

#include <QPointer>

#include <array>
#include <mutex>

namespace catamaran::kube {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds beforeEvents { 2000 };
constexpr std::chrono::milliseconds betweenLooks { 250 }; ///< at what may be thousands of pods of others
enum Place { Pods, ReplicaSets, Events, Places };

} // namespace

/// What the client's thread has seen, for the thread that waits.
struct PodTrouble::Seen {
    std::mutex mutex;
    bool isOver = false;
    std::function<void()> changed;
    std::array<CachedObjects, Places> objects;
    core::Error podsError; ///< why nothing is known of the pods; empty: something is
    QList<QPointer<QObject>> lookouts;
};

/// Keeps one informer on the client's thread and puts what it tells where it is seen. Dies with its client.
class PodTrouble::Lookout final : public QObject {
public:
    Lookout(KubeClient &client, const ResourceKind &kind, const QString &ns, int place, std::shared_ptr<Seen> seen)
        : QObject(&client)
        , m_place(place)
        , m_seen(std::move(seen))
        , m_informer(client.informer(kind, ns))
    {
        connect(m_informer.get(), &Informer::changed, this, [this] { post(); });
        connect(m_informer.get(), &Informer::healthChanged, this, [this] { post(); });
        post();
    }

private:
    void post()
    {
        std::function<void()> changed;
        {
            const std::lock_guard lock(m_seen->mutex);
            m_seen->objects[size_t(m_place)] = m_informer->objects();
            if (m_place == Pods)
                m_seen->podsError = m_informer->isSynced() ? core::Error() : m_informer->health().error;
            if (!m_seen->isOver)
                changed = m_seen->changed;
        }
        if (changed)
            changed();
    }

    const int m_place;
    std::shared_ptr<Seen> m_seen;
    std::shared_ptr<Informer> m_informer;
};

PodTrouble::PodTrouble(KubeClient &client, QString ns, std::function<void()> changed)
    : m_client(client)
    , m_ns(std::move(ns))
    , m_seen(std::make_shared<Seen>())
    , m_begun(Clock::now())
{
    m_seen->changed = std::move(changed);
    follow(kinds::pods, Pods);
    follow(kinds::replicaSets, ReplicaSets);
}

PodTrouble::~PodTrouble()
{
    const std::lock_guard lock(m_seen->mutex);
    m_seen->isOver = true;
    m_seen->changed = {};
    for (const QPointer<QObject> &lookout : std::as_const(m_seen->lookouts))
        if (lookout)
            lookout->deleteLater();
}

void PodTrouble::follow(const ResourceKind &kind, int place)
{
    core::postTo(&m_client, [&client = m_client, kind, ns = m_ns, place, seen = m_seen] {
        {
            const std::lock_guard lock(seen->mutex);
            if (seen->isOver)
                return;
        }
        auto *lookout = new Lookout(client, kind, ns, place, seen);
        const std::lock_guard lock(seen->mutex);
        seen->lookouts.append(lookout);
        if (seen->isOver)
            lookout->deleteLater();
    });
}

void PodTrouble::look(const QJsonObject &workload)
{
    if (!m_followsEvents && Clock::now() - m_begun >= beforeEvents) {
        m_followsEvents = true;
        follow(kinds::events, Events);
    }
    m_isBehind = false;
    std::optional<NotReady> now = whyNotReady(workload, {});
    if (!now) {
        m_isBehind = m_looked && Clock::now() - *m_looked < betweenLooks;
        if (m_isBehind)
            return;
        m_looked = Clock::now();
        std::array<CachedObjects, Places> objects;
        {
            const std::lock_guard lock(m_seen->mutex);
            objects = m_seen->objects;
            m_unreadable = m_seen->podsError.answer;
        }
        const auto list = [&](Place place) {
            QList<QJsonObject> all;
            for (const CachedObject &one : std::as_const(objects[place]))
                all.append(one.object());
            return all;
        };
        now = whyNotReady(workload, list(Pods), list(ReplicaSets), list(Events));
    }
    if (now && (!m_why || m_why->kind != now->kind))
        m_since = Clock::now();
    m_why = std::move(now);
}

QString PodTrouble::told() const
{
    if (m_why)
        return m_why->text();
    return m_unreadable.isEmpty() ? QString() : Say::tr("what keeps them cannot be read: %1").arg(m_unreadable);
}

bool PodTrouble::isHopeless() const
{
    return m_why && Clock::now() - m_since >= m_why->patience;
}

std::optional<Clock::time_point> PodTrouble::next() const
{
    std::optional<Clock::time_point> moment;
    const auto at = [&](Clock::time_point other) { moment = moment ? std::min(*moment, other) : other; };
    if (!m_followsEvents)
        at(m_begun + beforeEvents);
    if (m_isBehind)
        at(*m_looked + betweenLooks);
    if (m_why)
        at(m_since + m_why->patience);
    return moment;
}

} // namespace catamaran::kube
