// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "bundle/archive.h"
#include "bundle/bundle.h"
#include "fuzz.h"

namespace {

using namespace catamaran;

/// A bundle whose fleet, matrix and findings are these bytes: what no archive would let through by chance.
QByteArray around(const QByteArray &bytes)
{
    const qsizetype third = bytes.size() / 3;
    const auto packed = bundle::pack(
        { { QStringLiteral("bundle.json"), R"({"kind":"catamaran-bundle","format":1,"at":"2026-01-02T03:04:05.678Z","environment":"x"})" },
            { QStringLiteral("fleet.json"), bytes.first(third) }, { QStringLiteral("matrix.json"), bytes.sliced(third, third) },
            { QStringLiteral("findings.json"), bytes.sliced(2 * third) } },
        0);
    fuzz::require(packed.has_value(), "any texts can be packed");
    return *packed;
}

void look(const QByteArray &bytes)
{
    const auto then = bundle::open(bytes, QStringLiteral("fuzz.tar.gz"));
    if (!then) {
        fuzz::require(then.error().kind == core::ErrorKind::InvalidInput && then.error().target == QStringLiteral("fuzz.tar.gz")
                && !then.error().answer.isEmpty(),
            "an error names the file and says why");
        fuzz::require(then.error().answer.size() <= 1025, "an error is bounded");
        return;
    }
    const qsizetype clusters = then->matrix.clusters.size();
    fuzz::require(then->matrix.directions.size() == (clusters > 0 ? clusters * (clusters - 1) : 0), "each pair has a direction");
    // What was read is written the same.
    observe::ObservedFleet again;
    fuzz::require(
        bundle::read(bundle::toJson(then->fleet), again) && bundle::toJson(again) == bundle::toJson(then->fleet), "a fleet is read again");
}

} // namespace

/// A bundle of strangers: read whole, or refused with a reason, as an archive and as the texts in one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes = fuzz::bytesOf(data, size);
    look(bytes);
    look(around(bytes));
    return 0;
}
