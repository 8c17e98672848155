// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <fstream>
#include <string>

namespace catamaran::lab {

/// What really happened in a range, for tests to compare figures with; the console never reads it. One JSON object a line, each with
/// "what" and "at_ms" (Unix time, when it ended or happened):
///   request   each that an application sent through its sidecar: "from" (namespace/pod), "address", "path", "began_ms", "status" (0: never
///             answered), "flags", "host" (the last that was tried)
///   attempt   one that failed on the way to a host: "from", "host", "why"
///   ejected   a sidecar has put a host out: "from", "host"
///   fault     a command of ctl: "words"
class Ledger {
public:
    /// Empty, or why nothing can be written there.
    [[nodiscard]] std::string open(const std::string &file);
    struct Request {
        std::string from, address, path, flags, host;
        std::chrono::system_clock::time_point began;
        unsigned status = 0;
    };
    void request(const Request &request);
    void attempt(const std::string &from, const std::string &host, const std::string &why);
    void ejected(const std::string &from, const std::string &host);
    void fault(const std::string &words);

private:
    template <typename Object> void write(const char *what, Object object);
    std::ofstream m_file;
};

} // namespace catamaran::lab
