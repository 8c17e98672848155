// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/cachedobject.h"
#include "kube/kubeclient.h"

#include <QDateTime>

namespace catamaran::kube {

struct ObjectChange {
    enum class Type { Added, Modified, Deleted };
    Type type = Type::Added;
    QString key;
    CachedObject object; ///< after the change; for Deleted the last state that was seen
};

/// How far an informer may be trusted now.
struct InformerHealth {
    enum class State {
        Starting, ///< the first list is not here yet: nothing is known
        Live, ///< a watch is open and the server answers
        Stale, ///< the objects are what was last seen; it tries again by itself
    };
    State state = State::Starting;
    QDateTime heard; ///< when the last byte of the list or the watch came
    QDateTime confirmed; ///< when the server last proved that it lives, also while nothing changed
    QDateTime staleSince; ///< null unless stale
    core::Error error; ///< why it is stale; empty otherwise
};

/// The one cache of a kind in a cluster (or in one namespace of it), shared by all who ask: lists, watches from there,
/// resumes after drops from the last version or bookmark, lists again when the version is too old, backs off with
/// jitter, honours Retry-After. A server that is silent for ten seconds makes it Stale; a quiet one that answers does
/// not. When the client's certificate is rotated, the watch goes on as the new identity. Decoding happens on pool threads, changes are
/// published on the client's thread at most every 50 ms. Get one from KubeClient::informer(); it ends with its last holder.
class Informer : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] virtual const ResourceKind &kind() const = 0;
    [[nodiscard]] virtual const QString &ns() const = 0; ///< empty: the whole cluster
    [[nodiscard]] virtual InformerHealth health() const = 0;
    /// A complete list was taken in at least once: an empty cache means that there is nothing.
    [[nodiscard]] virtual bool isSynced() const = 0;
    /// The present objects. Copying the hash is cheap; a copy may be read on any thread.
    [[nodiscard]] virtual const CachedObjects &objects() const = 0;
    /// The version of the whole cache: the last that a list, event or bookmark told.
    [[nodiscard]] virtual QString resourceVersion() const = 0;
    /// Events that watches told since the beginning (no bookmarks, no lists). Never skips one, also when several changes
    /// of an object are published as one.
    [[nodiscard]] virtual quint64 eventsSeen() const = 0;

signals:
    /// In order, at most every 50 ms; objects() is as it is after them. A list's differences come in the same form. Each
    /// event is told, but for a consumer that is so slow that tens of thousands wait: of each object it is then told the
    /// last state, and whether it was deleted before.
    void changed(const QList<catamaran::kube::ObjectChange> &changes);
    void healthChanged();
};

} // namespace catamaran::kube
