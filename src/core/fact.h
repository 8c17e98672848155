// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QDateTime>

#include <optional>

namespace catamaran::core {

/// What one thing read has, whatever it is: docs/design/findings.md.
struct FactHead {
    std::optional<Error> error; ///< why the last reading gave nothing; a value beside it is what was read before
    QString source; ///< "GET pods on cluster-1"
    QDateTime at; ///< UTC, of the value; without one of the error; null: it was never asked for
};

template <typename T> struct Fact : FactHead {
    std::optional<T> value;

    [[nodiscard]] bool isRead() const { return value.has_value(); }
    /// The value, or an empty one.
    [[nodiscard]] const T &get() const
    {
        static const T nothing {};
        return value ? *value : nothing;
    }
    /// A later reading: its value, or its error beside what was known.
    void take(Result<T> result, const QString &from, const QDateTime &when)
    {
        source = from;
        if (result) {
            value = std::move(*result);
            error.reset();
            at = when;
        } else {
            error = std::move(result.error());
            if (!value)
                at = when;
        }
    }
};

} // namespace catamaran::core
