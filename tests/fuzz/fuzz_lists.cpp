// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "kube/listparser.h"
#include "kube/statuserror.h"

#include <QJsonArray>
#include <QJsonDocument>

/// Bodies of answers: lists, objects, and what is no 2xx. A page that was read says the same when it is printed and
/// read again; an error keeps to its bound whatever the body says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace catamaran;
    using fuzz::require;
    const QByteArray body = fuzz::bytesOf(data, size);
    if (const auto page = kube::parseListPage(body)) {
        QJsonArray items;
        for (const QJsonObject &item : page->items)
            items.append(item);
        const QJsonObject list {
            { QStringLiteral("metadata"),
                QJsonObject { { QStringLiteral("resourceVersion"), page->resourceVersion }, { QStringLiteral("continue"), page->next } } },
            { QStringLiteral("items"), items }
        };
        const auto again = kube::parseListPage(QJsonDocument(list).toJson(QJsonDocument::Compact));
        require(again.has_value(), "a printed page can be read");
        require(again->items == page->items && again->resourceVersion == page->resourceVersion && again->next == page->next,
            "read(print(page)) is page");
    } else {
        require(!page.error().answer.isEmpty() && page.error().answer.size() <= 1025, "an error says what is wrong, briefly");
    }
    if (const auto object = kube::parseObject(body)) {
        const auto again = kube::parseObject(QJsonDocument(*object).toJson(QJsonDocument::Compact));
        require(again && *again == *object, "read(print(object)) is object");
    }
    net::HttpReply reply;
    for (const int status : { 302, 403, 409, 422, 429, 503 }) {
        reply.status = status;
        reply.headers = { { "Retry-After", body.left(40) }, { "Location", body.left(200) },
            { "Content-Type", size % 2 ? "text/html" : "application/json" } };
        reply.body = body;
        const auto error = kube::statusError(QStringLiteral("try"), QUrl(QStringLiteral("https://h/x?token=hidden")), reply);
        require(error.answer.size() <= 1025 && error.code.size() <= 1024, "an error is bounded");
        require(error.httpStatus == status && !error.answer.isEmpty(), "an error says what came");
        require(error.retryAfterMs >= -1 && error.retryAfterMs <= 24 * 3600 * 1000, "a wait is bounded");
        require(!error.target.contains(QLatin1StringView("hidden")), "the query is not shown");
    }
    return 0;
}
