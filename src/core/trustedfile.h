// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>

/// Reading files that somebody named. Any thread.
namespace catamaran::core {

struct ReadFile {
    QByteArray content;
    bool othersMayRead = false;
};

/// Reads a regular file of at most @p maxBytes. A pipe only where it is open already (/dev/fd/…, /dev/stdin): opening one
/// that nobody writes to would never end. @p tried is Error::tried; errors are of the kind InvalidInput.
[[nodiscard]] Result<ReadFile> readBounded(const QString &path, qint64 maxBytes, const QString &tried);

/// The same for a file that decides which programs run, whom we trust and where we work: what it says counts as the
/// user's word, so nobody else may be able to say it. It is this user's or root's (under sudo also that of who called
/// it), and so is a link to it; others may change neither the file nor the entries of its folder and of those above. What is open already
/// is the user's word by being handed over.
[[nodiscard]] Result<ReadFile> readTrusted(const QString &path, qint64 maxBytes, const QString &tried);

/// Why what stands behind an open descriptor, or at the end of @p path, is not the user's own in that sense, in words for
/// people; empty when it is. Of a folder: whether others may put something into it.
[[nodiscard]] QString whyNotOwn(int descriptor);
[[nodiscard]] QString whyNotOwn(const QString &path);

} // namespace catamaran::core
