// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QStringList>

namespace catamaran::store {

/// The statements that lead from each version of the file to the next; entry 0 makes version 1 of an empty file.
/// Entries are never changed once released, only added.
[[nodiscard]] const QList<QStringList> &schemaVersions();

} // namespace catamaran::store
