// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "net/httpclient.h"
#include "net/shownurl.h"

#include <QJsonObject>

#include <optional>

namespace catamaran::kube {

inline constexpr qsizetype longestErrorBody = 64 * 1024; ///< of an answer that is read as it comes: no Status is longer

/// Turns an answer that is not 2xx into an Error: kind by HTTP status, code = reason, answer = message with its causes,
/// conflicts = the field managers that its causes name.
/// Bodies that are no Status (a proxy's HTML, nothing) give their first line. Pure.
[[nodiscard]] core::Error statusError(const QString &tried, const QUrl &url, const net::HttpReply &reply);

/// The same for a Status that came inside a stream (the ERROR event of a watch, the end of a command).
[[nodiscard]] core::Error statusError(const QString &tried, const QUrl &url, int httpStatus, const QJsonObject &status);

/// Whether an answer is made for people: by its content type, or by how its body begins. Pure.
[[nodiscard]] bool isPage(const net::HttpReply &reply);

/// A 2xx answer that no API server gave: a login page of a proxy, or another page made for people. Pure.
[[nodiscard]] std::optional<core::Error> pageError(const QString &tried, const QUrl &url, const net::HttpReply &reply);

using net::shownUrl;

} // namespace catamaran::kube
