// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/waiting.h"

#include "mesh/say.h"
#include "ops/ask.h"

#include <algorithm>

namespace catamaran::mesh {

using core::Done;
using core::ErrorKind;
using core::Result;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

constexpr milliseconds firstPause { 500 }, longestPause { 2000 };

bool passes(ErrorKind kind)
{
    return kind == ErrorKind::Network || kind == ErrorKind::Timeout || kind == ErrorKind::Throttled || kind == ErrorKind::Server;
}

} // namespace

Result<Done> poll(ops::Scope &scope, const Waiting &waiting, const std::function<Result<bool>()> &done)
{
    const auto begun = Clock::now();
    for (milliseconds pause = firstPause;; pause = std::min(longestPause, pause * 2)) {
        const auto is = done();
        if (is && *is)
            return Done {};
        if (!is && !passes(is.error().kind))
            return core::fail(is.error());
        const auto left = std::chrono::duration_cast<milliseconds>(scope.deadline - Clock::now());
        if (!core::sleepFor(std::clamp(left, milliseconds(0), pause), scope.stop))
            return core::fail(ErrorKind::Cancelled, waiting.tried, waiting.target, Say::tr("stopped on request"),
                Say::tr("Run it again to go on from here."));
        if (left > pause)
            continue;
        if (!is)
            return core::fail(is.error());
        const auto waited = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - begun);
        return core::fail(ErrorKind::Timeout, waiting.tried, waiting.target,
            Say::tr("%1 after %2 s").arg(waiting.pending).arg(qint64(waited.count())),
            Say::tr("Run it again when it is done; what was done already stays."));
    }
}

core::Error notSent(core::Error error)
{
    if (error.kind == ErrorKind::Timeout)
        error.kind = ErrorKind::Precondition;
    return error;
}

Result<QList<MeshStatus>> readMeshes(ops::Scope &scope, const QString &tried)
{
    const auto *providers = scope.world.service<Providers>();
    if (!providers || providers->all.empty())
        return core::fail(ErrorKind::Precondition, tried, scope.world.environment(), Say::tr("the environment has no cloud account"),
            Say::tr("Add one to the environment file."));
    QList<MeshStatus> meshes;
    for (Provider *provider : providers->all) {
        auto read = ops::ask(
            scope, scope.stop, tried, scope.world.environment(), [&](std::stop_token stop) { return provider->status(std::move(stop)); });
        if (!read)
            return core::fail(read.error());
        meshes += read->meshes;
    }
    return meshes;
}

void note(const ops::Scope &scope, const QString &line)
{
    if (scope.note)
        scope.note(line);
}

QString subjectOf(const QString &mesh)
{
    return QStringLiteral("mesh ") + mesh;
}

} // namespace catamaran::mesh
