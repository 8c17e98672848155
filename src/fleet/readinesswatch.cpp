// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/readinesswatch.h"

#include "kube/labelselector.h"

#include <QCoreApplication>

namespace catamaran::fleet {

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Executor)
};

constexpr qint64 betweenLooks = 1000; // ms
constexpr qint64 beforeEvents = 2000; // most starts are over by then
constexpr qint64 betweenEventLooks = 5000; // the whole namespace's

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
        const auto pods = list(kube::kinds::pods, selector);
        m_unreadable = pods ? QString() : pods.error().answer;
        const QList<QJsonObject> sets = list(kube::kinds::replicaSets, selector).value_or(QList<QJsonObject>());
        if (m_begun.elapsed() >= beforeEvents && (!m_lookedAtEvents.isValid() || m_lookedAtEvents.elapsed() >= betweenEventLooks)) {
            m_lookedAtEvents.start();
            m_events = list(kube::kinds::events, {}).value_or(QList<QJsonObject>());
        }
        now = kube::whyNotReady(deployment, pods.value_or(QList<QJsonObject>()), sets, m_events);
    }
    if (now && (!m_why || m_why->kind != now->kind))
        m_since.start();
    m_why = std::move(now);
}

bool ReadinessWatch::isHopeless() const
{
    return m_why && m_since.elapsed() >= std::chrono::milliseconds(m_why->patience).count();
}

QString ReadinessWatch::told() const
{
    if (m_why)
        return m_why->text();
    return m_unreadable.isEmpty() ? QString() : Say::tr("what keeps them cannot be read: %1").arg(m_unreadable);
}

core::Result<QList<QJsonObject>> ReadinessWatch::list(const kube::ResourceKind &kind, const QString &selector) const
{
    return core::await(m_client.list(kind, m_ns, selector, m_stop), m_stop).map([](const kube::ListResult &found) { return found.items; });
}

} // namespace catamaran::fleet
