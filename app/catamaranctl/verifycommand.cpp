// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include "core/printable.h"

#include "probe/run.h"
#include "probe/serviceaddress.h"
#include "probe/several.h"

#include <QDateTime>

#include <algorithm>
#include <cmath>

namespace catamaran::ctl {

using core::Result;

namespace {

constexpr int keptSamples = 5000; ///< a longer run keeps its figures in the history, not each sample

QString percent(double share)
{
    return QStringLiteral("%1 %").arg(int(std::lround(100 * share)));
}

QString describe(const probe::RunResult &result, const QStringList &expected)
{
    const probe::Summary summary = result.figures();
    QString text = Say::tr("%1 → %2, %3 requests (%4), pod %5, container %6")
                       .arg(result.spec.source.text(), result.spec.url)
                       .arg(summary.requests)
                       .arg(result.spec.keepAlive ? Say::tr("kept connections") : Say::tr("a new connection each"),
                           core::printableLine(result.pod), core::printableLine(result.container))
        + QStringLiteral("\n\n");
    QList<QStringList> rows;
    const QList<int> percents = probe::wholePercents(summary.versions.values());
    for (auto it = summary.versions.begin(); it != summary.versions.end(); ++it) {
        const auto interval = probe::wilson(it.value(), summary.ok);
        rows += { it.key().isEmpty() ? Say::tr("(none)") : it.key(), QString::number(it.value()),
            QStringLiteral("%1 %").arg(percents.at(rows.size())),
            QStringLiteral("%1 - %2").arg(percent(interval.low), percent(interval.high)) };
    }
    if (!rows.isEmpty())
        text += table({ Say::tr("VERSION"), Say::tr("ANSWERS"), Say::tr("SHARE"), Say::tr("95 % INTERVAL") }, rows) + u'\n';
    rows.clear();
    for (auto it = summary.errorKinds.begin(); it != summary.errorKinds.end(); ++it)
        rows += { QString::number(it.value()), it.key() };
    if (!rows.isEmpty())
        text += table({ Say::tr("FAILED"), Say::tr("WHY") }, rows) + u'\n';
    if (summary.ok > 0) {
        text += Say::tr("Latency: p50 %1 ms, p95 %2 ms, p99 %3 ms")
                    .arg(summary.latencyMs.p50, 0, 'f', 1)
                    .arg(summary.latencyMs.p95, 0, 'f', 1)
                    .arg(summary.latencyMs.p99, 0, 'f', 1);
        text += summary.latencyIsExact ? QStringLiteral("\n")
                                       : Say::tr(" (of very many: each within %1 %)").arg(100 * probe::Latencies::errorShare) + u'\n';
    }
    return text + core::printableLine(probe::verdictSentence(summary, expected)) + u'\n';
}

void keep(const Context &context, const probe::RunResult &result)
{
    QJsonObject content = result.toJson();
    if (result.samples.size() > keptSamples) {
        content.remove(QStringLiteral("samples"));
        content.insert(QStringLiteral("samples_left_out"), result.figures().requests);
    }
    const auto saved = context.openHistory().and_then([&](const std::shared_ptr<store::Database> &database) {
        return database->save(
            { 0, QDateTime::currentDateTimeUtc(), QStringLiteral("run"), context.environment.name, result.spec.source.text(), content });
    });
    if (!saved)
        context.progress(Say::tr("not kept in the history: %1").arg(saved.error().text()));
}

/// A line now and then for whoever waits: requests that get no answer take their time.
class HowFar {
public:
    HowFar(const Context &context, int count)
        : m_context(context)
        , m_count(count)
    {
        m_since.start();
    }

    void tell(const QList<probe::Sample> &samples)
    {
        m_sent += samples.size();
        m_failed += std::count_if(samples.begin(), samples.end(), [](const probe::Sample &sample) { return !sample.ok(); });
        if (m_since.elapsed() < 5000)
            return;
        m_since.restart();
        const QString all = m_count > 0 ? Say::tr("%1 of %2").arg(m_sent).arg(m_count) : QString::number(m_sent);
        m_context.progress(Say::tr("%1 requests answered or given up, %2 of them failed").arg(all).arg(m_failed));
    }

private:
    const Context &m_context;
    const int m_count;
    qsizetype m_sent = 0, m_failed = 0;
    QElapsedTimer m_since;
};

/// The client of the source's cluster, and where the request is to go.
Result<probe::SourceRun> prepared(const Context &context, probe::RunSpec spec, bool byClusterAddress)
{
    kube::KubeClient *client = context.session->cluster(spec.source.cluster);
    if (!client) {
        const auto error = context.session->clusterError(spec.source.cluster);
        return core::fail(error
                ? *error
                : badArgument(QStringLiteral("--from"), Say::tr("the environment has no cluster “%1”").arg(spec.source.cluster),
                    Say::tr("It has %1.").arg(context.session->clusterNames().join(QStringLiteral(", ")))));
    }
    if (byClusterAddress) {
        const auto address = core::await(probe::lookUpAddress(*client, spec, context.stop), context.stop);
        if (!address)
            return core::fail(address.error());
        spec.address = *address;
    }
    context.progress(spec.address.isEmpty() ? Say::tr("sending from %1 to %2").arg(spec.source.text(), spec.url)
                                            : Say::tr("sending from %1 to %2 at %3").arg(spec.source.text(), spec.url, spec.address));
    return probe::SourceRun { client, spec };
}

bool holds(const probe::Summary &summary, const QStringList &expected)
{
    return summary.errors == 0 && summary.ok > 0
        && std::all_of(expected.begin(), expected.end(), [&](const QString &version) { return summary.versions.contains(version); });
}

/// Several sources side by side: what holds has to hold from each.
int verifySeveral(Context &context, const QList<probe::RunSpec> &specs, bool byClusterAddress, const QStringList &expected)
{
    QList<probe::SourceRun> runs;
    for (const probe::RunSpec &spec : specs) {
        const auto one = prepared(context, spec, byClusterAddress);
        if (!one)
            return context.failed(one.error());
        runs << *one;
    }
    const auto told = std::make_shared<HowFar>(context, specs.first().due() * int(specs.size()));
    const probe::SeveralResult result
        = probe::runSeveral(runs, context.stop, [told](const QList<probe::Sample> &samples) { told->tell(samples); });
    QString text;
    bool all = true;
    for (qsizetype i = 0; i < result.each.size(); ++i) {
        const auto &one = result.each[i];
        if (one)
            keep(context, *one);
        text += one ? describe(*one, expected)
                    : Say::tr("%1: nothing was sent. %2").arg(specs[i].source.text(), core::printableLine(one.error().text())) + u'\n';
        text += u'\n';
        all = all && one && !one->error && holds(one->figures(), expected);
    }
    const QString sentence = probe::verdictSentence(result.together, expected);
    text += Say::tr("Together, from %1 sources: %2").arg(specs.size()).arg(core::printableLine(sentence)) + u'\n';
    QJsonObject object = result.toJson(runs);
    object.insert(QStringLiteral("sentence"), sentence);
    context.print(object, text);
    if (context.stop.stop_requested())
        return Aborted;
    const bool none = std::none_of(result.each.begin(), result.each.end(), [](const auto &one) { return bool(one); });
    return none ? exitCodeOf(result.each.first().error()) : all ? int(Holds) : int(Failed);
}

int verify(Context &context, const probe::RunSpec &wish, bool byClusterAddress, const QStringList &expected)
{
    const auto ready = prepared(context, wish, byClusterAddress);
    if (!ready)
        return context.failed(ready.error());
    kube::KubeClient *client = ready->client;
    const probe::RunSpec &spec = ready->spec;
    // Stopping ends the sending; the answers until then are still wanted, so the wait itself is not stopped.
    const auto told = std::make_shared<HowFar>(context, spec.due());
    const auto result = core::await(
        probe::run(*client, spec, context.stop, [told](const QList<probe::Sample> &samples) { told->tell(samples); }), std::stop_token());
    if (!result)
        return context.failed(result.error());
    keep(context, *result);

    const probe::Summary summary = result->figures();
    QJsonObject object = result->toJson();
    object.insert(QStringLiteral("sentence"), probe::verdictSentence(summary, expected));
    const QString advice = probe::adviceForNames(spec, summary, result->samples);
    if (!advice.isEmpty())
        object.insert(QStringLiteral("advice"), advice);
    if (!spec.address.isEmpty())
        object.insert(QStringLiteral("address"), spec.address);
    context.print(object, describe(*result, expected) + (advice.isEmpty() ? QString() : core::printableLine(advice) + u'\n'));
    if (context.stop.stop_requested())
        return Aborted;
    if (result->error) {
        context.progress(result->error->text());
        return Failed;
    }
    return holds(summary, expected) ? Holds : Failed;
}

Result<Work> prepare(const QCommandLineParser &parser, const QStringList &words)
{
    if (!words.isEmpty())
        return core::fail(badArgument(words.first(), Say::tr("not expected here")));
    probe::RunSpec spec;
    if (!parser.isSet(QStringLiteral("from")))
        return core::fail(
            badArgument(QStringLiteral("--from"), Say::tr("missing"), Say::tr("Write for example --from cluster-1/default/sleep.")));
    QList<probe::Source> sources;
    for (const QString &from : parser.values(QStringLiteral("from"))) {
        const auto source = probe::Source::parse(from);
        if (!source)
            return core::fail(source.error());
        if (std::any_of(sources.begin(), sources.end(), [&](const probe::Source &other) { return other.text() == source->text(); }))
            return core::fail(badArgument(QStringLiteral("--from"), Say::tr("%1 is named twice").arg(from)));
        sources << *source;
    }
    spec.source = sources.first();
    spec.url = parser.value(QStringLiteral("url"));
    bool ok = true;
    if (parser.isSet(QStringLiteral("count"))) {
        spec.count = parser.value(QStringLiteral("count")).toInt(&ok);
        if (!ok || spec.count < 1)
            return core::fail(badArgument(
                QStringLiteral("--count"), Say::tr("“%1” is not a number of requests").arg(parser.value(QStringLiteral("count")))));
    }
    if (parser.isSet(QStringLiteral("duration"))) {
        const auto duration = parseDuration(QStringLiteral("--duration"), parser.value(QStringLiteral("duration")));
        if (!duration)
            return core::fail(duration.error());
        spec.duration = *duration;
    }
    if (spec.count == 0 && spec.duration.count() == 0)
        spec.count = 10; // as the guide does
    if (parser.isSet(QStringLiteral("rate"))) {
        spec.rate = parser.value(QStringLiteral("rate")).toDouble(&ok);
        if (!ok)
            return core::fail(
                badArgument(QStringLiteral("--rate"), Say::tr("“%1” is not a number").arg(parser.value(QStringLiteral("rate")))));
    }
    const auto timeout = parseDuration(QStringLiteral("--timeout"), parser.value(QStringLiteral("timeout")));
    if (!timeout)
        return core::fail(timeout.error());
    spec.requestTimeout = *timeout;
    spec.keepAlive = parser.isSet(QStringLiteral("keep-alive"));
    spec.container = parser.value(QStringLiteral("container"));
    if (parser.isSet(QStringLiteral("container")) && spec.container.isEmpty())
        return core::fail(
            badArgument(QStringLiteral("--container"), Say::tr("empty"), Say::tr("Leave it out to take the one that kubectl would take.")));
    if (const auto checked = spec.check(); !checked)
        return core::fail(checked.error());
    const QStringList expected = parser.value(QStringLiteral("expect")).split(u',', Qt::SkipEmptyParts);
    const bool byClusterAddress = parser.isSet(QStringLiteral("cluster-address"));
    if (sources.size() > 1) {
        QList<probe::RunSpec> specs;
        for (const probe::Source &source : std::as_const(sources)) {
            specs << spec;
            specs.last().source = source;
        }
        return Work(
            [specs, byClusterAddress, expected](Context &context) { return verifySeveral(context, specs, byClusterAddress, expected); });
    }
    return Work([spec, byClusterAddress, expected](Context &context) { return verify(context, spec, byClusterAddress, expected); });
}

} // namespace

Command verifyCommand()
{
    Command command { "verify", Say::tr("Sends requests from a workload and shows who answered each."),
        QStringLiteral("--from CLUSTER/NAMESPACE/WORKLOAD --url URL"), true, {}, &prepare, {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOptions({
            { QStringLiteral("from"), Say::tr("The workload to send from. Given several times, all of them send at the same time."),
                QStringLiteral("CLUSTER/NAMESPACE/WORKLOAD") },
            { QStringLiteral("container"),
                Say::tr("The container to send from. Default: as kubectl, the one that the pod's annotation names, else its first."),
                QStringLiteral("NAME") },
            { QStringLiteral("url"), Say::tr("What to ask for. Default: http://helloworld:5000/hello"), QStringLiteral("URL"),
                QStringLiteral("http://helloworld:5000/hello") },
            { QStringLiteral("count"), Say::tr("How many requests to send. Default: 10"), QStringLiteral("N") },
            { QStringLiteral("duration"), Say::tr("How long to send: 30s, 2m, …"), QStringLiteral("TIME") },
            { QStringLiteral("rate"),
                Say::tr(
                    "Requests per second; up to 50 each goes out when it is due, whether or not others hang. Default: as fast as answers come."),
                QStringLiteral("R") },
            { QStringLiteral("keep-alive"), Say::tr("Keep connections, instead of a new one for each request.") },
            { QStringLiteral("cluster-address"),
                Say::tr("Ask the API server for the service's cluster address, instead of a DNS in the pod: for clusters without DNS.") },
            { QStringLiteral("timeout"), Say::tr("How long one request may take. Default: 2s"), QStringLiteral("TIME"),
                QStringLiteral("2s") },
            { QStringLiteral("expect"), Say::tr("Versions of which each must answer, with commas: v1,v2"), QStringLiteral("VERSIONS") },
        });
    };
    return command;
}

} // namespace catamaran::ctl
