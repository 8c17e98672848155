// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeclient.h"

#include <QDateTime>

namespace catamaran::kube {

struct WatchEvent {
    enum class Type { Added, Modified, Deleted };
    Type type = Type::Added;
    QJsonObject object;
};

/// A list that stays current: lists, watches from there, resumes after dropped connections, lists again after 410,
/// backs off with jitter. Lives on the client's thread; stops when destroyed.
class Watch : public QObject {
    Q_OBJECT
public:
    enum class State {
        Starting, ///< the first list is not here yet
        Live,     ///< a watch is open
        Stale,    ///< disconnected; the objects are what was last seen. Tries again by itself
    };
    Q_ENUM(State)

    using QObject::QObject;
    virtual void start() = 0;
    virtual void stop() = 0;
    [[nodiscard]] virtual State state() const = 0;
    /// Why it is stale; empty error text otherwise.
    [[nodiscard]] virtual core::Error lastError() const = 0;
    /// The present objects by "namespace/name" (cluster-scoped: "name").
    [[nodiscard]] virtual const QHash<QString, QJsonObject> &objects() const = 0;
    /// When the last byte of the watch (or the list) came.
    [[nodiscard]] virtual QDateTime lastHeard() const = 0;

signals:
    /// Gathered and published at most every 50 ms. After a relist the differences come as events.
    void received(const QList<catamaran::kube::WatchEvent> &events);
    void stateChanged(catamaran::kube::Watch::State state);
};

} // namespace catamaran::kube
