// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QDateTime>

namespace catamaran::net {

/// The time in a Date or Retry-After header ("Tue, 15 Nov 1994 08:12:31 GMT"), UTC; null when it has another form. Pure.
[[nodiscard]] QDateTime httpDate(const QByteArray &header);

} // namespace catamaran::net
