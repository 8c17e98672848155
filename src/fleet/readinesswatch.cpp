// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/readinesswatch.h"

#include "kube/labelselector.h"

namespace catamaran::fleet {

namespace {

constexpr qint64 betweenLooks = 1000;       // ms
constexpr qint64 beforeEvents = 2000;       // most starts are over by then
constexpr qint64 betweenEventLooks = 5000;  // the whole namespace's

} // namespace

ReadinessWatch::ReadinessWatch(kube::KubeClient &client, QString ns, std::stop_token stop)
    : m_client(client)
    , m_ns(std::move(ns))
    , m_stop(std::move(stop))
{
    m_begun.start();
}

void ReadinessWatch::look(const QJsonObject &deployment)
{
    std::optional<kube::NotReady> now = kube::whyNotReady(deployment, {});
    if (!now) {
        if (m_looked.isValid() && m_looked.elapsed() < betweenLooks)
            return;
        m_looked.start();
        const QString selector = kube::selectorText(deployment[u"spec"][u"selector"].toObject());
        if (selector.isEmpty())
            return;
        const QList<QJsonObject> pods = list(kube::kinds::pods, selector), sets = list(kube::kinds::replicaSets, selector);
        if (m_begun.elapsed() >= beforeEvents && (!m_lookedAtEvents.isValid() || m_lookedAtEvents.elapsed() >= betweenEventLooks)) {
            m_lookedAtEvents.start();
            m_events = list(kube::kinds::events, {});
        }
        now = kube::whyNotReady(deployment, pods, sets, m_events);
    }
    if (now && (!m_why || m_why->kind != now->kind))
        m_since.start();
    m_why = std::move(now);
}

bool ReadinessWatch::isHopeless() const
{
    return m_why && m_since.elapsed() >= std::chrono::milliseconds(m_why->patience).count();
}

QList<QJsonObject> ReadinessWatch::list(const kube::ResourceKind &kind, const QString &selector) const
{
    const auto found = core::await(m_client.list(kind, m_ns, selector, m_stop), m_stop);
    return found ? found->items : QList<QJsonObject>();
}

} // namespace catamaran::fleet
