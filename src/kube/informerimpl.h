// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/apisession.h"
#include "kube/informer.h"

namespace catamaran::kube {

/// The times of a watch; tests shorten them.
struct WatchTiming {
    std::chrono::milliseconds quiet { 5000 }; ///< silence after which the server is asked whether it lives
    std::chrono::milliseconds healthTimeout { 5000 }; ///< and how long it may take to say so: stale after 10 s at most
    std::chrono::milliseconds silence { 150000 }; ///< a watch without even a bookmark is opened anew
    std::chrono::milliseconds listSilence { 60000 }; ///< how long a living server may pause inside a list
    std::chrono::milliseconds publish { 50 };
    net::RetryPolicy backoff { 0, std::chrono::milliseconds(800), std::chrono::milliseconds(30000) }; ///< attempts are not counted
};

/// Begins at once. Ends, from the event loop, with its last holder. @p name: of that one object alone, and already the first
/// list comes from the store, so that what was written before it began is seen.
[[nodiscard]] std::shared_ptr<Informer> makeInformer(std::shared_ptr<ApiSession> session, const ResourceKind &kind, const QString &ns,
    const WatchTiming &timing = {}, const QString &name = {});

} // namespace catamaran::kube
