// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "truth/path.h"

namespace catamaran::session {
class Session;
}

namespace catamaran::truth {

/// InvalidInput for a question that no request can follow: a URL that is none, clusters that the session does not have, one to itself.
[[nodiscard]] core::Result<core::Done> checkQuestion(const PathQuestion &question, const QStringList &clusters);

/// Sends requests as the question says, asks the proxies on both sides and the gateways in between, and explains the way. @p facts and
/// @p found: what is known of the objects. For a worker thread; a stop gives what was heard until then.
[[nodiscard]] RequestPath explain(session::Session &session, const observe::ObservedFleet &fleet, const findings::FleetFacts &facts,
    const QList<findings::Finding> &found, const PathQuestion &question, std::stop_token stop);

} // namespace catamaran::truth
