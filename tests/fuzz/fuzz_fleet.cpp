// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/fleetdocument.h"
#include "fuzz.h"

/// A fleet that was read says the same when it is written and read again, and is as sound as its own check says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace catamaran::documents;
    using catamaran::fuzz::require;
    const auto fleet = parseFleet(catamaran::fuzz::bytesOf(data, size), QStringLiteral("fuzz.yaml"));
    if (!fleet) {
        require(fleet.error().target.startsWith(QLatin1StringView("fuzz.yaml:")) && !fleet.error().answer.isEmpty(),
            "an error names file and line");
        require(fleet.error().answer.size() <= 1025, "an error is bounded");
        return 0;
    }
    require(validateFleet(*fleet).isEmpty(), "what was read is sound");
    const QByteArray written = toYaml(*fleet);
    const auto again = parseFleet(written, QStringLiteral("again.yaml"));
    require(again.has_value(), "what was written can be read");
    require(toYaml(*again) == written, "write(read(write(x))) is write(x)");
    require(again->memberships == fleet->memberships && again->injectedNamespaces == fleet->injectedNamespaces && again->name == fleet->name
            && again->sharedRoot == fleet->sharedRoot,
        "the same fleet");
    return 0;
}
