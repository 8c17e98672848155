// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/run.h"

#include <QJsonArray>

namespace catamaran::probe {

namespace {

QJsonObject counts(const QMap<QString, int> &map)
{
    QJsonObject object;
    for (auto it = map.begin(); it != map.end(); ++it)
        object.insert(it.key(), it.value());
    return object;
}

/// One run in progress behind run(). Lives on the client's thread; ends itself.
struct Running {
    QPromise<core::Result<RunResult>> promise;
    std::unique_ptr<Run> run;
    std::optional<std::stop_callback<std::function<void()>>> onStop;
};

} // namespace

QJsonObject RunResult::toJson() const
{
    const Summary summary = summarize(samples);
    QJsonArray list;
    for (const Sample &sample : samples)
        list += sample.toJson();
    QJsonObject object {
        { QStringLiteral("source"), spec.source.text() },
        { QStringLiteral("url"), spec.url },
        { QStringLiteral("pod"), pod },
        { QStringLiteral("command"), command },
        { QStringLiteral("keep_alive"), spec.keepAlive },
        { QStringLiteral("requests"), summary.requests },
        { QStringLiteral("ok"), summary.ok },
        { QStringLiteral("errors"), summary.errors },
        { QStringLiteral("error_kinds"), counts(summary.errorKinds) },
        { QStringLiteral("versions"), counts(summary.versions) },
        { QStringLiteral("instances"), counts(summary.instances) },
        { QStringLiteral("latency_ms"),
            QJsonObject { { QStringLiteral("p50"), summary.latencyMs.p50 }, { QStringLiteral("p95"), summary.latencyMs.p95 }, { QStringLiteral("p99"), summary.latencyMs.p99 } } },
        { QStringLiteral("sentence"), verdictSentence(summary, {}) },
        { QStringLiteral("samples"), list },
    };
    if (error) {
        object.insert(QStringLiteral("error"),
            QJsonObject { { QStringLiteral("kind"), core::kindName(error->kind) }, { QStringLiteral("text"), error->text() } });
    }
    return object;
}

QFuture<core::Result<RunResult>> run(kube::KubeClient &client, const RunSpec &spec, std::stop_token stop, std::function<void(const QList<Sample> &)> onSamples)
{
    if (const auto checked = spec.check(true); !checked)
        return core::readyFuture<core::Result<RunResult>>(core::fail(checked.error()));
    auto start = [&client, spec, stop, onSamples = std::move(onSamples)] {
        auto running = std::make_shared<Running>();
        running->promise.start();
        running->run = std::make_unique<Run>(client, spec);
        Run *run = running->run.get();
        if (onSamples)
            QObject::connect(run, &Run::received, run, onSamples);
        // The connection owns `running`, and the run is released by its own end: never inside its own signal.
        QObject::connect(run, &Run::finished, run, [running, stop](const std::shared_ptr<core::Error> &error) {
            running->onStop.reset();
            Run *done = running->run.release();
            const RunResult result { done->spec(), done->pod(), done->samples(), error ? std::optional(*error) : std::nullopt, done->command() };
            done->deleteLater();
            if (result.samples.isEmpty() && error)
                running->promise.addResult(core::fail(*error));
            else if (result.samples.isEmpty() && stop.stop_requested())
                running->promise.addResult(core::fail(core::ErrorKind::Cancelled, QCoreApplication::translate("Probe", "send requests"), done->spec().source.text(),
                    QCoreApplication::translate("Probe", "stopped before the first answer")));
            else
                running->promise.addResult(result);
            running->promise.finish();
        });
        run->start();
        running->onStop.emplace(stop, [run] { QMetaObject::invokeMethod(run, &Run::stop, Qt::QueuedConnection); });
        return running->promise.future();
    };
    return core::startOn(&client, std::move(start));
}

} // namespace catamaran::probe
