// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/listparser.h"
#include "kube/statuserror.h"

#include <cstddef>
#include <cstdint>

/// Bodies of answers: lists, objects, and what is no 2xx.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace catamaran;
    const QByteArray body(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    (void)kube::parseListPage(body);
    (void)kube::parseObject(body);
    net::HttpReply reply;
    reply.status = 409;
    reply.headers = { { "Retry-After", body.left(40) } };
    reply.body = body;
    const auto error = kube::statusError(QStringLiteral("try"), QUrl(QStringLiteral("https://h/x")), reply);
    if (error.answer.size() > 1100) // the bound that Error promises
        __builtin_trap();
    return 0;
}
