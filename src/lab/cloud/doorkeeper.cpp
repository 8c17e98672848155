// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/cloud/doorkeeper.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <optional>
#include <vector>

namespace catamaran::lab {

namespace {

constexpr auto algorithm = "ACS3-HMAC-SHA256";
constexpr auto clockTolerance = std::chrono::minutes(15);

std::vector<std::string> split(const std::string &text, char separator)
{
    std::vector<std::string> parts;
    std::size_t from = 0;
    while (from <= text.size()) {
        const auto to = std::min(text.find(separator, from), text.size());
        parts.push_back(text.substr(from, to - from));
        from = to + 1;
    }
    return parts;
}

struct Authorization {
    std::string credential, signedHeaders, signature;
};

std::optional<Authorization> readAuthorization(const std::string &header)
{
    const std::string start = std::string(algorithm) + " ";
    if (header.compare(0, start.size(), start) != 0)
        return std::nullopt;
    Authorization found;
    for (const std::string &part : split(header.substr(start.size()), ',')) {
        const auto equals = part.find('=');
        const auto nameAt = part.find_first_not_of(' ');
        if (equals == std::string::npos || nameAt >= equals)
            return std::nullopt;
        const std::string name = part.substr(nameAt, equals - nameAt);
        const std::string value = part.substr(equals + 1);
        if (name == "Credential")
            found.credential = value;
        else if (name == "SignedHeaders")
            found.signedHeaders = value;
        else if (name == "Signature")
            found.signature = value;
    }
    if (found.credential.empty() || found.signedHeaders.empty() || found.signature.empty())
        return std::nullopt;
    return found;
}

std::optional<Doorkeeper::Time> readDate(const std::string &text)
{
    std::tm fields {};
    const char *end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &fields);
    if (!end || *end != '\0')
        return std::nullopt;
    return std::chrono::system_clock::from_time_t(timegm(&fields));
}

/// Each segment decoded and encoded again, so that every legal spelling of a path gives the same text.
std::string canonicalPath(const std::string &path)
{
    std::string out;
    for (const std::string &segment : split(path, '/')) {
        const auto decoded = percentDecode(segment, false);
        out += '/' + percentEncode(decoded ? *decoded : segment);
    }
    return out.substr(1); // the first segment is the empty one before the leading slash
}

} // namespace

std::string canonicalRequest(const CloudRequest &request, const std::string &signedHeaders)
{
    std::string text = request.method + '\n' + canonicalPath(request.path) + '\n';
    bool isFirst = true;
    for (const auto &[key, value] : request.query) {
        text += (isFirst ? "" : "&") + percentEncode(key) + '=' + percentEncode(value);
        isFirst = false;
    }
    text += '\n';
    for (const std::string &name : split(signedHeaders, ';'))
        text += name + ':' + request.header(name) + '\n';
    return text + '\n' + signedHeaders + '\n' + request.header("x-acs-content-sha256");
}

std::string signatureOf(const std::string &canonicalRequest, const std::string &secret)
{
    const std::string toSign = std::string(algorithm) + '\n' + sha256Hex(canonicalRequest);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest {};
    unsigned int length = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char *>(toSign.data()),
        toSign.size(), digest.data(), &length);
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (unsigned int i = 0; i < length; ++i) {
        hex.push_back(digits[digest[i] >> 4]);
        hex.push_back(digits[digest[i] & 15]);
    }
    return hex;
}

Doorkeeper::Doorkeeper(std::string accessKeyId, std::string accessKeySecret, int requestsPerSecond)
    : m_accessKeyId(std::move(accessKeyId))
    , m_accessKeySecret(std::move(accessKeySecret))
    , m_rate(requestsPerSecond)
    , m_tokens(requestsPerSecond)
{
}

CloudAnswer Doorkeeper::check(const CloudRequest &request, Time now)
{
    const std::string header = request.header("authorization");
    if (header.empty())
        return refuse(400, "MissingAccessKeyId", "AccessKeyId is mandatory for this action.");
    const auto authorization = readAuthorization(header);
    if (!authorization)
        return refuse(400, "IncompleteSignature", "The request signature does not conform to Aliyun standards.");
    const auto temporary = m_temporary.find(authorization->credential);
    const bool isTemporary = temporary != m_temporary.end();
    if (authorization->credential != m_accessKeyId && !isTemporary)
        return refuse(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");
    const auto names = split(authorization->signedHeaders, ';');
    for (const char *required :
        { "host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256" }) {
        if (std::find(names.begin(), names.end(), required) == names.end() || request.header(required).empty())
            return refuse(400, "IncompleteSignature", std::string("The header ") + required + " must be sent and signed.");
    }
    const auto date = readDate(request.header("x-acs-date"));
    if (!date)
        return refuse(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.");
    if (*date > now + clockTolerance || *date < now - clockTolerance)
        return refuse(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");
    const std::string canonical = canonicalRequest(request, authorization->signedHeaders);
    const std::string wanted = signatureOf(canonical, isTemporary ? temporary->second.secret : m_accessKeySecret);
    const bool isSame = wanted.size() == authorization->signature.size()
        && CRYPTO_memcmp(wanted.data(), authorization->signature.data(), wanted.size()) == 0;
    if (!isSame || request.header("x-acs-content-sha256") != sha256Hex(request.body)) {
        std::string shown = canonical;
        std::replace(shown.begin(), shown.end(), '\n', '|');
        return refuse(400, "SignatureDoesNotMatch",
            "Specified signature is not matched with our calculation. server CanonicalRequest is: " + shown
                + ", server body hash is: " + sha256Hex(request.body));
    }
    if (CloudAnswer refusal = checkToken(request, names, isTemporary ? &temporary->second : nullptr, now); refusal.isError())
        return refusal;
    if (!useNonce(request.header("x-acs-signature-nonce"), now))
        return refuse(400, "SignatureNonceUsed", "Specified signature nonce was used already.");
    if (const int wait = waitMs(now); wait > 0) {
        CloudAnswer answer = refuse(429, "Throttling.User", "Request was denied due to user flow control.");
        answer.retryAfterMs = wait;
        return answer;
    }
    if (isTemporary && temporary->second.deniedAction == request.header("x-acs-action"))
        return deniedByRam(request);
    return {};
}

CloudAnswer Doorkeeper::checkToken(
    const CloudRequest &request, const std::vector<std::string> &signedNames, const TemporaryKey *key, Time now)
{
    const std::string token = request.header("x-acs-security-token");
    if (!key)
        return token.empty()
            ? CloudAnswer {}
            : refuse(400, "InvalidSecurityToken.MismatchWithAccessKey", "Specified SecurityToken mismatch with the AccessKey.");
    if (token.empty())
        return refuse(400, "MissingSecurityToken", "SecurityToken is mandatory for this action.");
    if (std::find(signedNames.begin(), signedNames.end(), "x-acs-security-token") == signedNames.end())
        return refuse(400, "IncompleteSignature", "The header x-acs-security-token must be sent and signed.");
    if (token != key->token)
        return refuse(400, "InvalidSecurityToken.MismatchWithAccessKey", "Specified SecurityToken mismatch with the AccessKey.");
    if (now >= key->end)
        return refuse(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.");
    return {};
}

CloudAnswer Doorkeeper::deniedByRam(const CloudRequest &request)
{
    const std::string version = request.header("x-acs-version");
    const std::string product = version == "2015-12-15" ? "cs" : version == "2015-04-01" ? "sts" : "servicemesh";
    CloudAnswer answer = refuse(403, "NoPermission", "You are not authorized to do this action. You should be authorized by RAM.");
    answer.body["AccessDeniedDetail"]
        = json::object { { "AuthAction", product + ":" + request.header("x-acs-action") }, { "AuthPrincipalType", "AssumedRoleUser" },
              { "NoPermissionType", "ImplicitDeny" }, { "PolicyType", "AccountLevelIdentityBasedPolicy" } };
    return answer;
}

bool Doorkeeper::useNonce(const std::string &nonce, Time now)
{
    // An older request is refused by its date, so its nonce need not be remembered.
    while (!m_nonceAges.empty() && m_nonceAges.front().first < now - 2 * clockTolerance) {
        m_nonces.erase(m_nonceAges.front().second);
        m_nonceAges.pop_front();
    }
    if (!m_nonces.insert(nonce).second)
        return false;
    m_nonceAges.emplace_back(now, nonce);
    return true;
}

int Doorkeeper::waitMs(Time now)
{
    if (m_rate <= 0)
        return 0;
    if (m_refilled != Time {}) {
        const double seconds = std::max(0.0, std::chrono::duration<double>(now - m_refilled).count());
        m_tokens = std::min(m_rate, m_tokens + seconds * m_rate);
    }
    m_refilled = now;
    if (m_tokens >= 1.0) {
        m_tokens -= 1.0;
        return 0;
    }
    return std::max(1, static_cast<int>(std::ceil((1.0 - m_tokens) / m_rate * 1000.0)));
}

} // namespace catamaran::lab
