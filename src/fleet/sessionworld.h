// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"
#include "ops/registry.h"
#include "ops/world.h"
#include "session/session.h"

namespace catamaran::observe {
struct ObservedFleet;
}

namespace catamaran::fleet {

/// The open connections of a session, as operations use them. Does not own @p session, which must outlive it.
class SessionWorld final : public ops::World {
public:
    enum class Others {
        KeepOff, ///< by the environment's Lease
        Ignore, ///< for what is nobody else's business: a probe and its end
    };
    explicit SessionWorld(session::Session &session, Others others = Others::KeepOff);
    [[nodiscard]] QString environment() const override;
    [[nodiscard]] core::Result<Kept> keepOthersOff(const QString &title, std::stop_token stop) override;
    [[nodiscard]] core::Result<kube::KubeClient *> cluster(const QString &name) override;

protected:
    [[nodiscard]] void *find(std::type_index type, const QString &name) override;

private:
    [[nodiscard]] tl::unexpected<core::Error> unknownCluster(const QString &name) const;

    session::Session &m_session;
    mesh::Providers m_providers;
    const Others m_others;
};

/// Every kind of operation that this program knows. Any thread.
[[nodiscard]] const ops::Registry &operationKinds();

/// How the clusters of @p session are reached by hand; with the ids of what @p observed shows.
[[nodiscard]] ops::Names namesOf(const session::Session &session, const observe::ObservedFleet &observed);
[[nodiscard]] ops::Names namesOf(const session::Session &session);

} // namespace catamaran::fleet
