// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "kube/listparser.h"
#include "kube/listsplitter.h"

using namespace catamaran::kube;

namespace {

struct Outcome {
    QList<QByteArray> items;
    std::optional<ListFrame> frame;
};

Outcome split(const QByteArray &body, qsizetype step)
{
    ListSplitter splitter(1024);
    Outcome outcome;
    for (qsizetype at = 0; at < body.size(); at += step) {
        const auto piece = std::string_view(body.constData() + at, std::size_t(std::min(step, body.size() - at)));
        const auto fed = splitter.feed(piece, [&](std::string_view item) {
            outcome.items.append(QByteArray(item.data(), qsizetype(item.size())));
            return true;
        });
        if (!fed)
            return outcome;
    }
    if (auto end = splitter.end())
        outcome.frame = std::move(*end);
    return outcome;
}

} // namespace

/// A list's body, whole and in pieces whose size is the first byte: both give the same items and the same end; no item is
/// longer than the bound; and what the strict parser of whole bodies reads, with items that fit, the splitter reads the
/// same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using catamaran::fuzz::require;
    if (size < 2)
        return 0;
    const QByteArray body = catamaran::fuzz::bytesOf(data + 1, size - 1);
    const Outcome whole = split(body, body.size()), pieces = split(body, data[0] + 1);
    require(whole.frame.has_value() == pieces.frame.has_value(), "split anywhere ends the same");
    if (whole.frame) {
        require(whole.items == pieces.items, "split anywhere gives the same items");
        require(whole.frame->next == pieces.frame->next && whole.frame->resourceVersion == pieces.frame->resourceVersion
                && whole.frame->kind == pieces.frame->kind,
            "split anywhere gives the same frame");
    }
    for (const QByteArray &item : pieces.items)
        require(item.size() <= 1024 + 256 && item.startsWith('{'),
            "an item begins as an object and keeps to the bound"); // what is inside is judged later
    if (const auto page = parseListPage(body); page && whole.frame) {
        require(
            page->next == whole.frame->next && page->resourceVersion == whole.frame->resourceVersion, "both parsers see the same frame");
        require(page->items.size() == whole.items.size(), "both parsers see as many items");
    }
    return 0;
}
