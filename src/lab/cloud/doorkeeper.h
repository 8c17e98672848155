// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/cloud/webrequest.h"

#include <chrono>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace catamaran::lab {

/// Lets a request in or says why not, as the cloud's gateway does: access key (with its token, of STS), clock, nonce, rate, RAM, and the
/// ACS3-HMAC-SHA256 signature (facts asm-openapi 2). Time is passed in.
class Doorkeeper {
public:
    using Time = std::chrono::system_clock::time_point;

    /// @p requestsPerSecond: 0 for no limit. A second's worth may come at once.
    Doorkeeper(std::string accessKeyId, std::string accessKeySecret, int requestsPerSecond);

    /// A key of STS: good with its token, until its end.
    struct TemporaryKey {
        std::string secret, token;
        Time end {};
        std::string deniedAction {}; ///< what its role may not do; empty: it may do everything
    };
    void admit(const std::string &accessKeyId, TemporaryKey key) { m_temporary.insert_or_assign(accessKeyId, std::move(key)); }

    /// An answer with status 200 and no body when the request may pass.
    [[nodiscard]] CloudAnswer check(const CloudRequest &request, Time now);

private:
    [[nodiscard]] static CloudAnswer checkToken(
        const CloudRequest &request, const std::vector<std::string> &signedNames, const TemporaryKey *key, Time now);
    [[nodiscard]] static CloudAnswer deniedByRam(const CloudRequest &request);
    [[nodiscard]] bool useNonce(const std::string &nonce, Time now);
    [[nodiscard]] int waitMs(Time now);

    std::string m_accessKeyId;
    std::string m_accessKeySecret;
    std::map<std::string, TemporaryKey> m_temporary; ///< by access key id
    double m_rate;
    double m_tokens;
    Time m_refilled {};
    std::set<std::string> m_nonces;
    std::deque<std::pair<Time, std::string>> m_nonceAges;
};

/// The canonical request that @p signedHeaders ("host;x-acs-action;...") of @p request stand for. Pure.
[[nodiscard]] std::string canonicalRequest(const CloudRequest &request, const std::string &signedHeaders);
/// Lower-case hex HMAC-SHA256 of the string to sign. Pure.
[[nodiscard]] std::string signatureOf(const std::string &canonicalRequest, const std::string &secret);

} // namespace catamaran::lab
