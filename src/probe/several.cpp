// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/several.h"

#include <QJsonArray>

#include <algorithm>
#include <mutex>
#include <vector>

namespace catamaran::probe {

SeveralResult runSeveral(const QList<SourceRun> &runs, std::stop_token stop, const std::function<void(const QList<Sample> &)> &onSamples)
{
    // Samples come on the clients' thread, the result is taken here.
    struct Shared {
        std::mutex mutex;
        Figures figures;
    };
    const auto shared = std::make_shared<Shared>();
    const auto take = [shared, onSamples](const QList<Sample> &samples) {
        {
            const std::lock_guard lock(shared->mutex);
            for (const Sample &sample : samples)
                shared->figures.add(sample);
        }
        if (onSamples)
            onSamples(samples);
    };
    std::vector<QFuture<core::Result<RunResult>>> futures;
    for (const SourceRun &one : runs)
        futures.push_back(run(*one.client, one.spec, stop, take));
    SeveralResult result;
    int notSent = 0;
    for (auto &future : futures) {
        result.each.append(core::await(future, std::stop_token()));
        if (result.each.last())
            notSent += result.each.last()->figures().notSent;
    }
    const std::lock_guard lock(shared->mutex);
    shared->figures.setNotSent(notSent);
    result.together = shared->figures.summary();
    return result;
}

QJsonObject SeveralResult::toJson(const QList<SourceRun> &runs) const
{
    RunResult all;
    QStringList names;
    QJsonArray sources;
    for (qsizetype i = 0; i < runs.size() && i < each.size(); ++i) {
        const QString name = runs[i].spec.source.text();
        names << name;
        all.spec = runs[i].spec;
        if (!each[i]) {
            sources += QJsonObject { { QStringLiteral("source"), name },
                { QStringLiteral("error"),
                    QJsonObject { { QStringLiteral("kind"), core::kindName(each[i].error().kind) },
                        { QStringLiteral("text"), each[i].error().text() } } } };
            continue;
        }
        sources += each[i]->toJson();
        all.samples += each[i]->samples;
        all.olderFailures += each[i]->olderFailures;
    }
    std::stable_sort(
        all.samples.begin(), all.samples.end(), [](const Sample &a, const Sample &b) { return a.startedAtMs < b.startedAtMs; });
    all.summary = together;
    QJsonObject object = all.toJson();
    object.insert(QStringLiteral("source"), names.join(QStringLiteral(", ")));
    for (const char *ofOne : { "pod", "container", "command" })
        object.remove(QLatin1StringView(ofOne));
    object.insert(QStringLiteral("sources"), sources);
    return object;
}

} // namespace catamaran::probe
