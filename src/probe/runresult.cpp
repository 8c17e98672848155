// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/run.h"

#include <algorithm>

namespace catamaran::probe {

namespace {

/// One run in progress behind run(). Lives on the client's thread; ends itself.
struct Running {
    QPromise<core::Result<RunResult>> promise;
    std::unique_ptr<Run> run;
    std::optional<std::stop_callback<std::function<void()>>> onStop;
};

} // namespace

Summary RunResult::figures() const
{
    return summary.requests > 0 ? summary : summarize(samples);
}

int RunResult::samplesLeftOut() const
{
    return std::max(0, summary.requests - int(samples.size()));
}

QJsonObject RunResult::toJson() const
{
    const Summary all = figures();
    QJsonObject object = all.toJson();
    object.insert(QStringLiteral("source"), spec.source.text());
    object.insert(QStringLiteral("url"), spec.url);
    object.insert(QStringLiteral("pod"), pod);
    object.insert(QStringLiteral("container"), container);
    object.insert(QStringLiteral("command"), command);
    object.insert(QStringLiteral("keep_alive"), spec.keepAlive);
    object.insert(QStringLiteral("sentence"), verdictSentence(all, QStringList()));
    object.insert(QStringLiteral("samples"), samplesToJson(samples));
    object.insert(QStringLiteral("samples_left_out"), samplesLeftOut());
    if (!olderFailures.isEmpty())
        object.insert(QStringLiteral("older_failures"), samplesToJson(olderFailures));
    if (error) {
        object.insert(QStringLiteral("error"),
            QJsonObject { { QStringLiteral("kind"), core::kindName(error->kind) }, { QStringLiteral("text"), error->text() } });
    }
    return object;
}

QFuture<core::Result<RunResult>> run(kube::KubeClient &client, const RunSpec &spec, std::stop_token stop,
    std::function<void(const QList<Sample> &)> onSamples, std::function<void(int)> onNotSent)
{
    if (const auto checked = spec.check(true); !checked)
        return core::readyFuture<core::Result<RunResult>>(core::fail(checked.error()));
    auto start = [&client, spec, stop, onSamples = std::move(onSamples), onNotSent = std::move(onNotSent)] {
        auto running = std::make_shared<Running>();
        running->promise.start();
        running->run = std::make_unique<Run>(client, spec);
        Run *run = running->run.get();
        if (onSamples)
            QObject::connect(run, &Run::received, run, onSamples);
        if (onNotSent) {
            QObject::connect(run, &Run::received, run, [run, onNotSent] { onNotSent(run->figures().notSent()); });
            QObject::connect(run, &Run::finished, run, [run, onNotSent] { onNotSent(run->figures().notSent()); });
        }
        // The connection owns `running`, and the run is released by its own end: never inside its own signal.
        QObject::connect(run, &Run::finished, run, [running, stop](const std::shared_ptr<core::Error> &error) {
            running->onStop.reset();
            Run *done = running->run.release();
            RunResult result = done->result();
            if (error)
                result.error = *error;
            done->deleteLater();
            if (result.samples.isEmpty() && error)
                running->promise.addResult(core::fail(*error));
            else if (result.samples.isEmpty() && stop.stop_requested())
                running->promise.addResult(core::fail(core::ErrorKind::Cancelled, QCoreApplication::translate("Probe", "send requests"),
                    done->spec().source.text(), QCoreApplication::translate("Probe", "stopped before the first answer")));
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
