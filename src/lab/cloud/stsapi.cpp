// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/cloud/stsapi.h"

#include <openssl/rand.h>

#include <array>
#include <charconv>
#include <ctime>
#include <regex>

namespace catamaran::lab {

namespace {

constexpr int shortest = 900, longest = 3600; // of a role nobody has allowed more
constexpr std::string_view all = "catamaran", allBut = "without-";

std::string randomHex(std::size_t bytes)
{
    std::string random(bytes, '\0');
    RAND_bytes(reinterpret_cast<unsigned char *>(random.data()), static_cast<int>(bytes));
    return sha256Hex(random).substr(0, bytes * 2);
}

std::string utc(Doorkeeper::Time time)
{
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm fields {};
    gmtime_r(&seconds, &fields);
    std::array<char, 40> text {};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &fields);
    return text.data();
}

} // namespace

CloudAnswer handleSts(const std::string &action, const CloudParameters &parameters, Doorkeeper::Time now, Doorkeeper &door)
{
    if (action != "AssumeRole")
        return refuse(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.");
    const std::string arn = value(parameters, "RoleArn"), session = value(parameters, "RoleSessionName"),
                      duration = value(parameters, "DurationSeconds");
    if (arn.empty())
        return refuse(400, "MissingRoleArn", "RoleArn is mandatory for this action.");
    if (session.empty())
        return refuse(400, "MissingRoleSessionName", "RoleSessionName is mandatory for this action.");
    static const std::regex arnForm("acs:ram::([0-9]{1,20}):role/([A-Za-z0-9.-]{1,64})"), sessionForm("[A-Za-z0-9.@_-]{2,64}");
    std::smatch parts;
    if (!std::regex_match(arn, parts, arnForm))
        return refuse(400, "InvalidParameter.RoleArn", "The parameter RoleArn is wrongly formed.");
    if (!std::regex_match(session, sessionForm))
        return refuse(400, "InvalidParameter.RoleSessionName", "The parameter RoleSessionName is wrongly formed.");
    int seconds = longest;
    if (!duration.empty()) {
        const auto [end, error] = std::from_chars(duration.data(), duration.data() + duration.size(), seconds);
        if (error != std::errc() || end != duration.data() + duration.size() || seconds < shortest || seconds > longest)
            return refuse(400, "InvalidParameter.DurationSeconds", "The Min/Max value of DurationSeconds is 15min/1hr.");
    }
    const std::string role = parts[2];
    Doorkeeper::TemporaryKey key;
    if (role.starts_with(allBut))
        key.deniedAction = role.substr(allBut.size());
    else if (role != all)
        return refuse(404, "EntityNotExist.Role", "The specified Role not exists.");
    const std::string id = "STS." + randomHex(12);
    key.secret = randomHex(20);
    key.token = "CAIS" + randomHex(32) + "+/==";
    key.end = now + std::chrono::seconds(seconds);
    CloudAnswer answer;
    answer.body = { { "AssumedRoleUser",
                        json::object { { "AssumedRoleId", "300000000000000001:" + session },
                            { "Arn", "acs:ram::" + std::string(parts[1]) + ":role/" + role + "/" + session } } },
        { "Credentials",
            json::object { { "AccessKeyId", id }, { "AccessKeySecret", key.secret }, { "SecurityToken", key.token },
                { "Expiration", utc(key.end) } } } };
    door.admit(id, std::move(key));
    return answer;
}

} // namespace catamaran::lab
