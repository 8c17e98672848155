// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QByteArray>
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

} // namespace catamaran::kube
