// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeclient.h"

#include <QElapsedTimer>
#include <QHash>

#include <optional>

namespace catamaran::kube {

/// Asks whether something is allowed before it is offered, and remembers the answers: a screen asks as often as it
/// likes, the server hears each question once a minute. On the client's thread; KubeClient::accessCheck() has the
/// shared one. An answer is a forecast: the server judges again when it comes to it.
class AccessCheck : public QObject {
    Q_OBJECT
public:
    explicit AccessCheck(KubeClient &client, std::chrono::milliseconds validFor = std::chrono::seconds(60), QObject *parent = nullptr);
    ~AccessCheck() override;

    /// The remembered answer; nullopt when there is none (it is then being asked: answered() follows).
    [[nodiscard]] std::optional<bool> known(const AccessQuestion &question);
    /// The remembered answer or a fresh one. Errors are not remembered.
    [[nodiscard]] QFuture<core::Result<bool>> ask(const AccessQuestion &question);
    /// Which of @p questions are refused; empty: all are allowed. The first error ends it.
    [[nodiscard]] QFuture<core::Result<QList<AccessQuestion>>> refusedOf(const QList<AccessQuestion> &questions);

    /// Forgets what is known of @p ns, or everything when it is empty: after a 403, or when roles were changed.
    void forget(const QString &ns = {});

signals:
    void answered(const catamaran::kube::AccessQuestion &question, bool allowed);

private:
    struct Entry {
        std::optional<bool> allowed;
        QElapsedTimer since;
        std::vector<std::shared_ptr<QPromise<core::Result<bool>>>> waiting; ///< not empty: it is being asked
        bool isAsked = false;
    };
    void send(const QString &key, const AccessQuestion &question);

    KubeClient &m_client;
    std::chrono::milliseconds m_validFor;
    QHash<QString, std::shared_ptr<Entry>> m_entries;
    std::stop_source m_stop;
};

/// What running a command in a pod of @p ns needs. The WebSocket handshake is a GET; servers from 1.35 ask for create
/// as well. @p serverMinor 0: not known, get alone.
[[nodiscard]] QList<AccessQuestion> execNeeds(const QString &ns, int serverMinor = 0);
/// What reading a container's log needs.
[[nodiscard]] QList<AccessQuestion> logNeeds(const QString &ns);
/// What scaling a deployment needs.
[[nodiscard]] QList<AccessQuestion> scaleNeeds(const QString &ns);
/// What applying an object of @p kind needs: patch, and create where it may be missing.
[[nodiscard]] QList<AccessQuestion> applyNeeds(const ResourceKind &kind, const QString &ns);

/// "get pods/exec in namespace default".
[[nodiscard]] QString describeAccess(const AccessQuestion &question);

} // namespace catamaran::kube

Q_DECLARE_METATYPE(catamaran::kube::AccessQuestion)
