// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/kubeconfig.h"

#include <cstddef>
#include <cstdint>

/// Any text must give a configuration or an error, never more.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace catamaran::kube;
    const auto config = parseKubeconfig(QByteArray(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)), QStringLiteral("fuzz"));
    if (config) {
        for (const KubeContext &context : config->contexts())
            (void)resolveContext(*config, context.name);
    }
    return 0;
}
