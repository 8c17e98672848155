// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include "core/printable.h"

#include "probe/run.h"
#include "probe/serviceaddress.h"
#include "probe/several.h"
#include "probe/shares.h"
#include "truth/split.h"

#include <QDateTime>
#include <QJsonArray>

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

/// What is said of the shares, beside the run itself.
struct Shares {
    truth::SplitExpectation expectation;
    probe::ShareVerdict verdict;
    QList<probe::ShareChange> changes;
    QString sentence;
};

QString shareCounts(const QMap<QString, int> &counts)
{
    QStringList parts;
    for (auto it = counts.cbegin(); it != counts.cend(); ++it)
        parts += (it.key().isEmpty() ? Say::tr("(none)") : it.key()) + QStringLiteral(": ") + QString::number(it.value());
    return parts.join(QStringLiteral(", "));
}

QString describe(const probe::Summary &summary)
{
    QList<QStringList> rows;
    for (size_t i = 0; i < summary.latencyCounts.size(); ++i) {
        const auto &bounds = probe::Summary::latencyBounds;
        if (const int count = summary.latencyCounts.at(i); count > 0)
            rows += { i < bounds.size() ? Say::tr("up to %1 ms").arg(bounds.at(i)) : Say::tr("longer than %1 ms").arg(bounds.back()),
                QString::number(count), percent(double(count) / summary.ok) };
    }
    return rows.isEmpty() ? QString() : table({ Say::tr("LATENCY"), Say::tr("ANSWERS"), Say::tr("SHARE") }, rows) + u'\n';
}

QString describe(const probe::RunResult &result, const Shares &shares)
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
            QStringLiteral("%1 - %2").arg(percent(interval.low), percent(interval.high)),
            shares.expectation.isKnown() ? percent(shares.expectation.shares.value(it.key())) : QStringLiteral("-") };
    }
    if (!rows.isEmpty())
        text += table({ Say::tr("VERSION"), Say::tr("ANSWERS"), Say::tr("SHARE"), Say::tr("95 % INTERVAL"), Say::tr("EXPECTED") }, rows)
            + u'\n';
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
        if (result.spec.isOpenLoop())
            text += Say::tr(", each from when it was due");
        text += summary.latencyIsExact ? QStringLiteral("\n")
                                       : Say::tr(" (of very many: each within %1 %)").arg(100 * probe::Latencies::errorShare) + u'\n';
    }
    text += describe(summary);
    for (const probe::ShareChange &change : shares.changes)
        text += core::printableLine(Say::tr("The shares changed with request %1, at %2: %3 before, %4 after.")
                                        .arg(QString::number(change.request),
                                            QDateTime::fromMSecsSinceEpoch(change.atMs).toString(QStringLiteral("HH:mm:ss")),
                                            shareCounts(change.before), shareCounts(change.after)))
            + u'\n';
    if (const QString from = shares.expectation.sentence(); !from.isEmpty())
        text += core::printableLine(from) + u'\n';
    return text + core::printableLine(shares.sentence) + u'\n';
}

void keep(const Context &context, const probe::RunResult &result, QJsonObject content)
{
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

/// The expectation as soon as it is there, or after a few seconds what is known of it then.
truth::SplitExpectation settled(const QFuture<truth::SplitExpectation> &reading, std::stop_source &stop)
{
    constexpr int patienceMs = 5000;
    QElapsedTimer since;
    since.start();
    while (!reading.isFinished()) {
        if (since.elapsed() > patienceMs)
            stop.request_stop(); // what it waits for is unknown, and it ends
        (void)core::sleepFor(std::chrono::milliseconds(5), std::stop_token());
    }
    return reading.result();
}

Shares judge(
    const probe::RunResult &result, const QStringList &expected, const truth::SplitExpectation &expectation, probe::ShareFeed &feed)
{
    feed.expect(expectation.shares);
    Shares shares { expectation, feed.verdict(), probe::shareChanges(result.samples), {} };
    const probe::Summary summary = result.figures();
    shares.sentence = expected.isEmpty() ? probe::verdictSentence(summary, expectation.shares, shares.verdict)
                                         : probe::verdictSentence(summary, expected);
    return shares;
}

void tell(QJsonObject &object, const probe::Summary &summary, const Shares &shares)
{
    object.insert(QStringLiteral("sentence"), shares.sentence);
    object.insert(QStringLiteral("expectation"), shares.expectation.toJson());
    object.insert(QStringLiteral("shares"), probe::sharesToJson(summary, shares.expectation.shares, shares.verdict, shares.changes));
}

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
    std::stop_source reading;
    const std::stop_callback stops(context.stop, [&reading] { reading.request_stop(); });
    QList<QFuture<truth::SplitExpectation>> expectations; // read beside the runs, as things are when they begin
    for (const probe::SourceRun &one : std::as_const(runs))
        expectations << truth::askForSplit(context.session, {}, one.spec, reading.get_token());
    const auto told = std::make_shared<HowFar>(context, specs.first().due() * int(specs.size()));
    const probe::SeveralResult result
        = probe::runSeveral(runs, context.stop, [told](const QList<probe::Sample> &samples) { told->tell(samples); });
    QString text;
    bool all = true;
    QJsonObject object = result.toJson(runs);
    QJsonArray sources = object.value(u"sources").toArray();
    for (qsizetype i = 0; i < result.each.size(); ++i) {
        const auto &one = result.each[i];
        if (one) {
            probe::ShareFeed feed;
            feed.add(one->samples);
            const Shares shares = judge(*one, expected, settled(expectations[i], reading), feed);
            QJsonObject own = one->toJson();
            tell(own, one->figures(), shares);
            keep(context, *one, own);
            QJsonObject source = sources.at(i).toObject();
            tell(source, one->figures(), shares);
            sources[i] = source;
            text += describe(*one, shares);
        } else {
            text += Say::tr("%1: nothing was sent. %2").arg(specs[i].source.text(), core::printableLine(one.error().text())) + u'\n';
        }
        text += u'\n';
        all = all && one && !one->error && holds(one->figures(), expected);
    }
    reading.request_stop();
    for (const auto &one : std::as_const(expectations)) // nothing reads on while the program ends
        (void)settled(one, reading);
    object.insert(QStringLiteral("sources"), sources);
    const QString sentence = probe::verdictSentence(result.together, expected);
    text += Say::tr("Together, from %1 sources: %2").arg(specs.size()).arg(core::printableLine(sentence)) + u'\n';
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
    // What to expect is read beside the run, as things are when it begins; it is not waited for longer than it is worth.
    std::stop_source reading;
    const std::stop_callback stops(context.stop, [&reading] { reading.request_stop(); });
    const auto expectation = truth::askForSplit(context.session, {}, spec, reading.get_token());
    const auto feed = std::make_shared<probe::ShareFeed>();
    const auto onSamples = [told, feed, expectation](const QList<probe::Sample> &samples) {
        told->tell(samples);
        if (!feed->isExpecting() && expectation.isFinished())
            feed->expect(expectation.result().shares);
        feed->add(samples);
    };
    const auto result = core::await(probe::run(*client, spec, context.stop, onSamples), std::stop_token());
    const Shares shares = result ? judge(*result, expected, settled(expectation, reading), *feed) : Shares();
    reading.request_stop();
    if (!result) {
        (void)settled(expectation, reading); // nothing reads on while the program ends
        return context.failed(result.error());
    }

    const probe::Summary summary = result->figures();
    QJsonObject object = result->toJson();
    tell(object, summary, shares);
    keep(context, *result, object);
    const QString advice = probe::adviceForNames(spec, summary, result->samples);
    if (!advice.isEmpty())
        object.insert(QStringLiteral("advice"), advice);
    if (!spec.address.isEmpty())
        object.insert(QStringLiteral("address"), spec.address);
    context.print(object, describe(*result, shares) + (advice.isEmpty() ? QString() : core::printableLine(advice) + u'\n'));
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
                    "Requests per second, at most 500 over new connections: each goes out when it is due, whether or not others hang. Default: as fast as answers come."),
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
