// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QByteArray>

namespace catamaran::core {

/// Reads a file whole that somebody named and that is not secret. It must be a regular file of at most @p most bytes: a
/// device or a pipe has no end, and opening one may wait for ever or do something. Whose it is does not matter. Errors
/// are InvalidInput with @p tried and @p file. Any thread.
[[nodiscard]] Result<QByteArray> readRegularFile(const QString &file, qint64 most, const QString &tried);

/// Writes @p file whole or not at all: what was there stays when the disk is full. What is there already must be a regular
/// file (InvalidInput): a device is not replaced by a page. Storage for the rest, with @p tried. Any thread.
[[nodiscard]] Result<Done> writeRegularFile(const QString &file, const QByteArray &bytes, const QString &tried);

} // namespace catamaran::core
