// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QMap>
#include <QString>

/// Texts by name in one file: a tar archive, packed with gzip.
namespace catamaran::bundle {

inline constexpr qint64 mostPacked = 32LL * 1024 * 1024; ///< bytes of a file that is read
inline constexpr qint64 mostUnpacked = 256LL * 1024 * 1024; ///< bytes of all entries together
inline constexpr int mostFiles = 32;

[[nodiscard]] core::Result<QByteArray> pack(const QMap<QString, QByteArray> &files, qint64 unixSeconds);

/// The entries of @p packed, which is not trusted: regular files alone, with a plain name (letters, digits, dots and dashes), each
/// once, at most mostFiles and mostUnpacked. InvalidInput about @p origin for anything else. Nothing is written anywhere.
[[nodiscard]] core::Result<QMap<QString, QByteArray>> unpack(const QByteArray &packed, const QString &origin);

} // namespace catamaran::bundle
