// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

/// One request of the cloud's API as the gateway sees it, and the answer. Values only.
namespace catamaran::lab {

namespace json = boost::json;

using CloudParameters = std::map<std::string, std::string>;

/// "" when there is none of that name.
[[nodiscard]] std::string value(const CloudParameters &parameters, const std::string &name);

struct CloudRequest {
    std::string method, path; ///< path: as sent, without the query
    CloudParameters query; ///< decoded
    std::multimap<std::string, std::string> headers; ///< names in lower case
    std::string body;

    [[nodiscard]] std::string header(const std::string &name) const; ///< the first value, trimmed; "" when absent
};

struct CloudAnswer {
    int status = 200;
    json::object body;
    int retryAfterMs = -1; ///< header x-acs-retry-after when not negative

    [[nodiscard]] bool isError() const { return status >= 400; }
};

[[nodiscard]] CloudAnswer answer(json::object body = {});

/// An error in the gateway's form. RequestId and HostId are added where the answer leaves.
[[nodiscard]] CloudAnswer refuse(int status, const std::string &code, const std::string &message);

/// %XX decoding; '+' is a blank only where @p plusIsBlank (form bodies). nullopt when an escape is broken.
[[nodiscard]] std::optional<std::string> percentDecode(std::string_view text, bool plusIsBlank);
/// RFC 3986: unreserved characters stay, everything else %XX in upper case.
[[nodiscard]] std::string percentEncode(std::string_view text);
/// "a=b&c=d" decoded. nullopt when it is broken.
[[nodiscard]] std::optional<CloudParameters> readPairs(std::string_view text, bool plusIsBlank);

/// Lower-case hex of the SHA-256.
[[nodiscard]] std::string sha256Hex(std::string_view bytes);

} // namespace catamaran::lab
