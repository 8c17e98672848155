// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/ledger.h"

#include <boost/json.hpp>

namespace catamaran::lab {

namespace {

long long unixMilliseconds(std::chrono::system_clock::time_point when)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count();
}

} // namespace

std::string Ledger::open(const std::string &file)
{
    m_file.open(file, std::ios::out | std::ios::trunc);
    return m_file ? std::string() : "the ledger " + file + " cannot be written";
}

template <typename Object> void Ledger::write(const char *what, Object object)
{
    object["what"] = what;
    object["at_ms"] = unixMilliseconds(std::chrono::system_clock::now());
    m_file << boost::json::serialize(object) << '\n' << std::flush;
}

void Ledger::request(const Request &request)
{
    write("request",
        boost::json::object { { "from", request.from }, { "address", request.address }, { "path", request.path },
            { "began_ms", unixMilliseconds(request.began) }, { "status", request.status }, { "flags", request.flags },
            { "host", request.host } });
}

void Ledger::attempt(const std::string &from, const std::string &host, const std::string &why)
{
    write("attempt", boost::json::object { { "from", from }, { "host", host }, { "why", why } });
}

void Ledger::ejected(const std::string &from, const std::string &host)
{
    write("ejected", boost::json::object { { "from", from }, { "host", host } });
}

void Ledger::fault(const std::string &words)
{
    write("fault", boost::json::object { { "words", words } });
}

} // namespace catamaran::lab
