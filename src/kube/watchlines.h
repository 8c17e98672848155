// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>

namespace catamaran::kube {

/// Cuts a watch's bytes into lines, however the network split them. Pure.
class WatchLines {
public:
    explicit WatchLines(qsizetype longest = 8 * 1024 * 1024)
        : m_longest(longest)
    {
    }
    /// The lines that @p bytes completed, without empty ones. A line longer than the bound is a Protocol error (answer
    /// only), after which nothing more is taken.
    [[nodiscard]] core::Result<QList<QByteArray>> feed(const QByteArray &bytes);
    /// What came behind the last line end.
    [[nodiscard]] const QByteArray &rest() const { return m_rest; }

private:
    QByteArray m_rest;
    qsizetype m_longest;
    bool m_broken = false;
};

/// One line of a watch.
struct WatchLine {
    enum class Type { Added, Modified, Deleted, Bookmark, Error };
    Type type = Type::Added;
    QJsonObject object; ///< the resource, or the Status of an error
    QString key;        ///< "namespace/name" or "name"; empty for bookmarks and errors
    QString resourceVersion;
};

/// Reads a line strictly. Errors fill the answer only. Pure.
[[nodiscard]] core::Result<WatchLine> parseWatchLine(const QByteArray &line);

/// "namespace/name", or "name" for what has no namespace.
[[nodiscard]] QString objectKey(const QJsonObject &object);

} // namespace catamaran::kube
