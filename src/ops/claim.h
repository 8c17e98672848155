// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/journal.h"

#include <thread>

namespace catamaran::ops {

/// An execution held by this process: alive for others until it ends. Its heartbeat runs on a thread of its own. Without
/// Journal::end() the execution counts as interrupted once this is gone.
class Claim {
public:
    /// Journal::begin()
    [[nodiscard]] static core::Result<std::shared_ptr<Claim>> begin(Journal &journal, const NewExecution &execution);
    /// Journal::claim()
    [[nodiscard]] static core::Result<std::shared_ptr<Claim>> take(Journal &journal, qint64 execution, bool held = false);
    ~Claim();

    [[nodiscard]] const Execution &execution() const { return m_execution; }

private:
    Claim(const Journal &journal, Execution execution);

    const QString m_file;
    const Execution m_execution;
    std::jthread m_heart;
};

} // namespace catamaran::ops
