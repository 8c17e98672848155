// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeclient.h"
#include "kube/reasons.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace catamaran::kube {

/// What keeps the pods of a workload from being ready, while somebody waits for them: follows the pods and replica sets of its
/// namespace, and its events once most starts are over (2 s). What may not be read only makes it say less.
class PodTrouble {
public:
    /// @p changed: something was seen that look() does not know yet; on the client's thread, also a little after the end.
    PodTrouble(KubeClient &client, QString ns, std::function<void()> changed);
    ~PodTrouble();

    /// Judges what is seen now, with @p workload as it was seen last. One thread, not the client's.
    void look(const QJsonObject &workload);
    /// What is in the way; nullopt: nothing that anybody told.
    [[nodiscard]] const std::optional<NotReady> &why() const { return m_why; }
    /// That for people; else that its pods may not be looked at; empty when there is nothing to say.
    [[nodiscard]] QString told() const;
    /// Whether the same thing is in the way for longer than it takes when it passes by itself.
    [[nodiscard]] bool isHopeless() const;
    /// When look() may say something else although nothing was seen; nullopt: never.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> next() const;

private:
    struct Seen;
    class Lookout;
    void follow(const ResourceKind &kind, int place);

    KubeClient &m_client;
    const QString m_ns;
    const std::shared_ptr<Seen> m_seen;
    const std::chrono::steady_clock::time_point m_begun;
    bool m_followsEvents = false, m_isBehind = false;
    std::optional<std::chrono::steady_clock::time_point> m_looked;
    std::optional<NotReady> m_why;
    std::chrono::steady_clock::time_point m_since; ///< of the present kind
    QString m_unreadable;
};

} // namespace catamaran::kube
