// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/drilldocument.h"
#include "fuzz.h"

/// A drill that was read keeps to the limits that make it end; everything else is an error with file and line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace catamaran;
    using fuzz::require;
    using namespace std::chrono_literals;
    const auto drill = drill::parseDrill(fuzz::bytesOf(data, size), QStringLiteral("fuzz.yaml"));
    if (!drill) {
        require(drill.error().target.startsWith(QLatin1StringView("fuzz.yaml:")) && !drill.error().answer.isEmpty(),
            "an error names file and line");
        require(drill.error().answer.size() <= 1025, "an error is bounded");
        return 0;
    }
    require(!drill->faults.isEmpty() && drill->faults.size() <= 10, "one to ten faults");
    require(drill->steadyFor >= 0ms && drill->observeFor() >= 1s && drill->guard.maxDuration >= drill->steadyFor + drill->observeFor(),
        "it ends");
    require(drill->probes.check(true).has_value(), "its probes can be sent");
    require(!drill->probes.command("mark").isEmpty(), "its probes have a command");
    require(!drill->stages.isEmpty() && drill->stages.size() <= drill::DrillDocument::mostStages, "stages are bounded");
    for (const drill::Fault &fault : drill->faults) {
        require(fault.kind && fault.stage >= 0 && fault.stage < drill->stages.size(), "a fault has a kind and a stage");
        const int replicas = fault.arguments[u"replicas"].toInt();
        require(replicas >= 0 && replicas <= 1000, "replicas are bounded");
        require(!fault.kind->words(fault.arguments).isEmpty(), "it can be told");
    }
    return 0;
}
