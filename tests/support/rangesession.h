// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/carryout.h"
#include "fleet/plans.h"
#include "session/session.h"
#include "store/secretstore.h"
#include "support/labprocess.h"

#include <QTest>

/// Working with a practice range from a test's main thread. Needs Catamaran::fleet.
namespace catamaran::tests {

/// Runs the event loop until @p future has its value.
template <typename T> T waitFor(const QFuture<T> &future, int timeoutMs = 120000)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, timeoutMs) || future.resultCount() == 0)
        qFatal("no result in time");
    return future.result();
}

/// Runs a sequence on a worker thread and waits for it.
template <typename Function> auto inSequence(Function function)
{
    return waitFor(core::runSequence(std::move(function)));
}

inline core::Result<std::shared_ptr<session::Session>> openRange(const LabProcess &lab, store::SecretStore &secrets)
{
    const auto environment = documents::loadEnvironment(lab.environmentFile());
    if (!environment)
        return core::fail(environment.error());
    return waitFor(session::Session::open(*environment, secrets, {}));
}

inline core::Result<observe::ObservedFleet> look(session::Session &session)
{
    return inSequence([&session] { return observe::look(session, {}); });
}

/// Carries a plan out.
inline ops::ExecutionResult carriedOut(
    const ops::Plan &plan, session::Session &session, const fleet::CarryOutOptions &options, std::stop_token stop = {})
{
    return inSequence([&] { return fleet::carryOut(plan, session, options, stop); });
}

/// The replicas that a deployment should have, as its API server says; -1: there is none, or it cannot be read.
inline int wantedReplicas(
    session::Session &session, const QString &cluster, const QString &deployment, const QString &ns = QStringLiteral("default"))
{
    const auto scale = waitFor(session.cluster(cluster)->scale(kube::kinds::deployments, ns, deployment, {}));
    return scale ? scale->specReplicas : -1;
}

/// Looks, plans and applies @p fleet in one go; the error of the first part that fails.
inline core::Result<core::Done> applyFleet(
    const documents::FleetDocument &fleet, session::Session &session, const fleet::CarryOutOptions &options)
{
    const auto seen = look(session);
    if (!seen)
        return core::fail(seen.error());
    const auto plan = fleet::applyPlan(fleet, *seen);
    if (!plan)
        return core::fail(plan.error());
    const auto result = carriedOut(*plan, session, options);
    if (result.error)
        return core::fail(*result.error);
    return core::Done {};
}

} // namespace catamaran::tests
