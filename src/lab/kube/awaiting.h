// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace catamaran::lab {

/// co_await x(..., awaiting) gives a tuple that starts with the error code; nothing throws.
inline constexpr auto awaiting = boost::asio::as_tuple(boost::asio::use_awaitable);

} // namespace catamaran::lab
