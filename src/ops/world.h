// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/result.h"

#include <QJsonObject>
#include <QString>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <typeindex>

namespace catamaran::kube {
class KubeClient;
}

namespace catamaran::ops {

/// What is there, as far as one operation is concerned.
struct State {
    QJsonObject value; ///< compared: {"exists":true,"uid":…,"replicas":1}; kept in the journal, so never a secret
    QString version; ///< a precondition of the act (resourceVersion or the provider's own); not compared
    /// What Receipt::made would be, where looking alone finds it out after an act without answer. Not compared, not kept with the state.
    QJsonObject made {};
    [[nodiscard]] QJsonObject toJson() const;
    [[nodiscard]] static State fromJson(const QJsonObject &object);
};

/// What operations are carried out on: the clients and services of one session. Called from worker threads; what it hands
/// out lives as long as the world.
class World {
public:
    virtual ~World() = default;
    /// The environment's name, for the journal.
    [[nodiscard]] virtual QString environment() const = 0;
    struct Kept {
        std::shared_ptr<void> hold; ///< as long as it lives, others are kept off
        QString notice; ///< why others are not seen; empty: they are
    };
    /// Keeps consoles off that share no journal with this one. Conflict (code "Held") says who is at work since when.
    [[nodiscard]] virtual core::Result<Kept> keepOthersOff([[maybe_unused]] const QString &title, [[maybe_unused]] std::stop_token stop)
    {
        return Kept {};
    }
    /// The client of a cluster by the environment's name for it, or why there is none.
    [[nodiscard]] virtual core::Result<kube::KubeClient *> cluster(const QString &name) = 0;

    /// The service of type T called @p name (a mesh's provider, the secret store); null when there is none.
    template <typename T> [[nodiscard]] T *service(const QString &name = {}) { return static_cast<T *>(find(typeid(T), name)); }

protected:
    /// A pointer to exactly the type that @p type names, or null.
    [[nodiscard]] virtual void *find(std::type_index type, const QString &name) = 0;
};

/// One operation being carried out: what its kind may use. Worker thread.
struct Scope {
    World &world;
    std::stop_token stop;
    std::chrono::steady_clock::time_point deadline;
    std::function<void(const QString &)> note; ///< the newest line for people: "1 of 2 pods ready"; may be empty
    core::Clock clock = core::systemClock();
    QString execution {}, step {}; ///< who does it, for marks on objects; empty when only looked at
    /// As another step of this execution left things, by its id; nullopt when it is not done. May be empty.
    std::function<std::optional<State>(const QString &step)> left {};
    QJsonObject made {}; ///< Receipt::made of this step, in this run or an earlier one, and when it is taken back
    QString name {}; ///< of the execution: "two-meshes", for marks on objects
    bool begun = false; ///< an attempt of this step is written down: it may have been sent
    QString undone {}; ///< uid of the execution whose step is taken back; empty when none is
    /// Of the execution whose deed the step is: what makes something leaves this on it, and finds it again by this.
    [[nodiscard]] const QString &author() const { return undone.isEmpty() ? execution : undone; }
};

} // namespace catamaran::ops
