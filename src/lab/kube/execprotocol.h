// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/objectstore.h"

#include <string>
#include <string_view>

namespace catamaran::lab {

/// The channels of exec over a WebSocket (facts kubernetes-wire 3.3): the first byte of every message.
enum class ExecChannel : unsigned char { Stdin = 0, Stdout = 1, Stderr = 2, Status = 3, Resize = 4, Close = 255 };

/// The best of the offered subprotocols that is spoken here, or "".
[[nodiscard]] std::string chooseExecProtocol(std::string_view offered);
/// The same for SPDY, where v4 is the best there is.
[[nodiscard]] std::string chooseSpdyProtocol(std::string_view offered);
/// The Status of channel 3 for an ended command.
[[nodiscard]] json::object execStatus(int exitCode);
/// The Status of channel 3 for a command that did not start.
[[nodiscard]] json::object execFailure(const std::string &why);

} // namespace catamaran::lab
