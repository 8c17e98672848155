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
    /// Something that lives as long as the claim.
    void keep(std::shared_ptr<void> hold) { m_kept = std::move(hold); }

private:
    Claim(const Journal &journal, Execution execution);

    const QString m_file;
    const Execution m_execution;
    std::shared_ptr<void> m_kept;
    std::jthread m_heart;
};

} // namespace catamaran::ops
