// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/cloud/webrequest.h"

#include <openssl/sha.h>

#include <array>

namespace catamaran::lab {

namespace {

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

} // namespace

std::string CloudRequest::header(const std::string &name) const
{
    const auto found = headers.find(name);
    if (found == headers.end())
        return {};
    const std::string &value = found->second;
    const auto first = value.find_first_not_of(" \t");
    if (first == std::string::npos)
        return {};
    return value.substr(first, value.find_last_not_of(" \t") - first + 1);
}

std::string value(const CloudParameters &parameters, const std::string &name)
{
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string() : found->second;
}

CloudAnswer answer(json::object body)
{
    CloudAnswer result;
    result.body = std::move(body);
    return result;
}

CloudAnswer refuse(int status, const std::string &code, const std::string &message)
{
    CloudAnswer answer;
    answer.status = status;
    answer.body = { { "Code", code }, { "Message", message } };
    return answer;
}

std::optional<std::string> percentDecode(std::string_view text, bool plusIsBlank)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size())
                return std::nullopt;
            const int high = hexValue(text[i + 1]);
            const int low = hexValue(text[i + 2]);
            if (high < 0 || low < 0)
                return std::nullopt;
            out.push_back(static_cast<char>(high * 16 + low));
            i += 2;
        } else {
            out.push_back(plusIsBlank && text[i] == '+' ? ' ' : text[i]);
        }
    }
    return out;
}

std::string percentEncode(std::string_view text)
{
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const bool isUnreserved
            = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
        if (isUnreserved) {
            out.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out.push_back('%');
        out.push_back(digits[byte >> 4]);
        out.push_back(digits[byte & 15]);
    }
    return out;
}

std::optional<CloudParameters> readPairs(std::string_view text, bool plusIsBlank)
{
    CloudParameters pairs;
    while (!text.empty()) {
        const auto end = text.find('&');
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (pair.empty())
            continue;
        const auto equals = pair.find('=');
        const auto key = percentDecode(pair.substr(0, equals), plusIsBlank);
        const auto value = percentDecode(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), plusIsBlank);
        if (!key || !value)
            return std::nullopt;
        pairs[*key] = *value;
    }
    return pairs;
}

std::string sha256Hex(std::string_view bytes)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest {};
    SHA256(reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size(), digest.data());
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const unsigned char byte : digest) {
        hex.push_back(digits[byte >> 4]);
        hex.push_back(digits[byte & 15]);
    }
    return hex;
}

} // namespace catamaran::lab
