// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QByteArray>

#include <stop_token>

/// Standard output as a place that can fail: a full disk, a reader that has left, a stream that was closed before the
/// start. What could not be written is never taken for written. Nothing is buffered.
namespace catamaran::core {

/// Writes all of @p bytes. Waits for a slow reader as long as it takes; once @p stop is requested, for one that takes
/// nothing no longer than two seconds. Storage or Cancelled when not all was written; closeOutput() tells it again. Any
/// thread, one at a time.
Result<Done> writeOutput(const QByteArray &bytes, std::stop_token stop = {});

/// Says @p line on standard error. Nothing depends on it: what nobody takes within a second (a terminal that was stopped,
/// a pipe that is not read) is left out, for the work must go on. Any thread.
void writeNote(const QByteArray &line);

/// Closes standard output and tells the first failure of any write, or of this: some disks say only here that they are
/// full. For the end of a program.
[[nodiscard]] Result<Done> closeOutput();

} // namespace catamaran::core
