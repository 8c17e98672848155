// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/execframes.h"
#include "kube/execplugin.h"

#include <cstddef>
#include <cstdint>

/// Messages of a command's socket, its final status, and what a credential plugin prints.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace catamaran::kube;
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    if (const auto message = parseExecMessage(bytes); message && message->channel == ExecChannel::Status)
        (void)parseExecStatus(message->payload, QStringLiteral("run"), {});
    ExecPlugin plugin;
    plugin.apiVersion = QStringLiteral("client.authentication.k8s.io/v1");
    (void)parseExecCredential(bytes, plugin);
    return 0;
}
