// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/journal.h"

#include <thread>

namespace catamaran::ops {

/// An execution held by this process: alive for others until it ends. Its heartbeat runs on a thread of its own. Without
/// end() the execution counts as interrupted once this is gone.
class Claim {
public:
    /// Journal::begin()
    [[nodiscard]] static core::Result<std::shared_ptr<Claim>> begin(const QString &databaseFile, const NewExecution &execution, const core::Clock &clock);
    /// Journal::claim()
    [[nodiscard]] static core::Result<std::shared_ptr<Claim>> take(const QString &databaseFile, qint64 execution, const core::Clock &clock);
    ~Claim();

    [[nodiscard]] const Execution &execution() const { return m_execution; }
    /// Journal::end()
    [[nodiscard]] core::Result<core::Done> end(ExecutionState state, std::optional<ExecutionState> undone = {});

private:
    Claim(QString databaseFile, Execution execution, core::Clock clock);

    const QString m_file;
    const Execution m_execution;
    const core::Clock m_clock;
    std::jthread m_heart;
};

} // namespace catamaran::ops
