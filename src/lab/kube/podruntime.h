// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/objectstore.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace catamaran::lab {

/// A running command in a pod. Destroying it kills the command and its children.
class ExecProcess {
public:
    virtual ~ExecProcess() = default;
    virtual void writeStdin(std::string_view bytes) = 0;
    virtual void closeStdin() = 0;
    virtual void resize(int width, int height) = 0; ///< tty only
    /// Lets the process go on although the client has gone (closing the socket does not kill it; facts 3.3).
    virtual void detach() = 0;
    /// Asks to hold output back while the client reads slowly; a runtime that cannot do it ignores it.
    virtual void setOutputPaused(bool) { }
};

struct ExecRequest {
    std::string ns, pod, container;
    std::vector<std::string> command;
    bool stdinOpen = false;
    bool tty = false;
    std::function<void(std::string_view)> onStdout;
    std::function<void(std::string_view)> onStderr; ///< never called with a tty
    std::function<void(int exitCode)> onExit; ///< once, after the last output
};

/// What a kubelet does for the API server of one cluster: turns scheduled pods into running ones and runs commands in
/// them. Implemented by the data plane (lab/mesh); the API server and the controllers know only this.
class PodRuntime {
public:
    virtual ~PodRuntime() = default;
    /// Starts @p request. On failure returns null and sets @p error to what the runtime says ("executable not found").
    virtual std::unique_ptr<ExecProcess> exec(ExecRequest request, std::string &error) = 0;
    /// The log so far; @p onLine gets later lines while the returned handle lives.
    virtual std::string logs(const std::string &ns, const std::string &pod, const std::string &container) = 0;
    /// The moments of the lines of logs(), in nanoseconds since 1970; fewer (or none) when they are not known.
    virtual std::vector<std::int64_t> logMoments(const std::string &, const std::string &, const std::string &) { return {}; }
    /// The log of the container before its last restart; "" when there was none.
    virtual std::string previousLogs(const std::string &, const std::string &, const std::string &) { return {}; }
    virtual std::shared_ptr<void> followLogs(
        const std::string &ns, const std::string &pod, const std::string &container, std::function<void(std::string_view)> onLine)
        = 0;
};

} // namespace catamaran::lab
