// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QUrl>

#include <optional>

/// The messages of a command's WebSocket as pure functions (facts kubernetes-wire 3.3 and 3.4).
namespace catamaran::kube {

enum class ExecChannel { Stdin = 0, Stdout = 1, Stderr = 2, Status = 3, Resize = 4 };

struct ExecMessage {
    ExecChannel channel = ExecChannel::Stdout;
    QByteArray payload;
};

/// One message from the server; nullopt for what is to be ignored (empty, unknown channel, a v5 close).
[[nodiscard]] std::optional<ExecMessage> parseExecMessage(const QByteArray &message);

/// @p bytes as messages on the input channel, each at most 32 KiB with its channel byte.
[[nodiscard]] QByteArrayList stdinMessages(const QByteArray &bytes);
/// v5's end of the input.
[[nodiscard]] QByteArray closeStdinMessage();
[[nodiscard]] QByteArray resizeMessage(int width, int height);

struct ExecEnd {
    int exitCode = 0;
    std::optional<core::Error> error; ///< the command did not end by itself
};

/// Reads the final Status of channel 3.
[[nodiscard]] ExecEnd parseExecStatus(const QByteArray &json, const QString &tried, const QUrl &url);

/// Whether @p said, a container runtime's words, means that the container has no @p program: a distroless image. Pure.
[[nodiscard]] bool isProgramMissing(const QString &said, const QString &program);

} // namespace catamaran::kube
