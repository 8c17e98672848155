// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeclient.h"
#include "kube/reasons.h"

#include <QElapsedTimer>

namespace catamaran::fleet {

/// Finds out what keeps a deployment's pods from being ready, for somebody who asks again and again while waiting. One per
/// wait; worker thread. Pods, replica sets and events that may not be read only make it say less; it never fails for them.
class ReadinessWatch {
public:
    ReadinessWatch(kube::KubeClient &client, QString ns, std::stop_token stop);

    /// Looks at @p deployment as it was just read, and now and then at what belongs to it.
    void look(const QJsonObject &deployment);
    /// What is in the way; nullopt: nothing that anybody told.
    [[nodiscard]] const std::optional<kube::NotReady> &why() const { return m_why; }
    /// That for people; else that its pods may not be looked at; empty when there is nothing to say.
    [[nodiscard]] QString told() const;
    /// Whether the same thing is in the way for longer than it takes when it passes by itself.
    [[nodiscard]] bool isHopeless() const;

private:
    [[nodiscard]] core::Result<QList<QJsonObject>> list(const kube::ResourceKind &kind, const QString &selector) const;

    kube::KubeClient &m_client;
    QString m_ns;
    std::stop_token m_stop;
    std::optional<kube::NotReady> m_why;
    QElapsedTimer m_begun, m_since, m_looked, m_lookedAtEvents; ///< m_since: of the present kind
    QList<QJsonObject> m_events;
    QString m_unreadable; ///< why its pods cannot be looked at
};

} // namespace catamaran::fleet
