// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"
#include "core/result.h"

#include <QFuture>
#include <QTest>

namespace catamaran::test {

/// Runs the event loop until @p future has its value. The limit only bounds a failure.
template <typename T> core::Result<T> wait(const QFuture<core::Result<T>> &future, int timeoutMs = 60000)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, timeoutMs) || future.resultCount() == 0)
        return core::fail(core::ErrorKind::Internal, QStringLiteral("wait"), {}, QStringLiteral("the future did not end with a value"));
    return future.result();
}

} // namespace catamaran::test
