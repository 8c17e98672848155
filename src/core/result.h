// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <tl/expected.hpp>

namespace catamaran::core {

/// Either a value or the reason why there is none. Copyable whenever T is, as QFuture needs it.
template <typename T> using Result = tl::expected<T, Error>;

/// `return fail(Error{...})` in any function that returns a Result.
[[nodiscard]] inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

/// Shorthand for the common five fields.
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, QString tried, QString target, QString answer, QString remedy = {})
{
    return fail(Error::make(kind, std::move(tried), std::move(target), std::move(answer), std::move(remedy)));
}

/// Success without a value, for Result<Done>. (QFuture cannot carry Result<void> on Qt 6.4.)
struct Done {
    bool operator==(const Done &) const = default;
};

} // namespace catamaran::core
