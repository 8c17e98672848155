// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include "probes.h"

#include "probe/run.h"

#include <QJsonArray>

#include <algorithm>

namespace catamaran::ctl {

using core::Result;
using observe::Health;

namespace {

/// "not proven" says nothing of why; these words do, in the column of states.
QString stateWord(const truth::Cell &cell)
{
    return cell.isConfigured() ? Say::tr("configured") : observe::healthName(cell.health);
}

QString evidenceOf(const truth::Cell &cell)
{
    QString text = cell.evidence;
    if (!cell.latent.isEmpty())
        text += QStringLiteral(". ") + cell.latent;
    if (!cell.needs.isEmpty() && cell.health != Health::Ok)
        text += QStringLiteral(" [") + Say::tr("needs: %1").arg(cell.needs) + u']';
    return text;
}

/// Only what is between the clusters of @p named; empty: all.
void keepOnly(truth::Matrix &matrix, const QStringList &named)
{
    if (named.isEmpty())
        return;
    const auto isOther = [&](const QString &cluster) { return !named.contains(cluster); };
    matrix.clusters.removeIf(isOther);
    matrix.directions.removeIf(
        [&](const truth::DirectionState &state) { return isOther(state.direction.from) || isOther(state.direction.to); });
}

int matrix(Context &context, truth::Question question, const QStringList &clusters, const ProbeWish &wish)
{
    for (const QString &name : clusters)
        if (!context.session->clusterNames().contains(name))
            return context.failed(badArgument(QStringLiteral("FLEET"), Say::tr("the environment has no cluster %1").arg(name)));
    auto observed = look(context, { question.ns });
    if (!observed)
        return context.failed(observed.error());
    QList<truth::Direction> asked;
    for (const QString &from : clusters)
        for (const QString &to : clusters)
            if (from != to)
                asked.append({ from, to });
    context.progress(Say::tr("requests from %1/%2 of each cluster to %3").arg(question.ns, question.workload, question.url));
    truth::Proofs proofs = truth::prove(*context.session, *observed, question, asked, context.stop);
    ProbeUse probes;
    const QStringList bare = truth::withoutClient(proofs);
    if (wish.isWished && !bare.isEmpty() && !context.stop.stop_requested()) {
        probes = proveWithProbes(context, wish, question, bare, asked, *observed, proofs);
        if (probes.refused)
            return context.failed(*probes.refused);
    }
    if (context.stop.stop_requested())
        return probes.areGone ? Aborted : Failed;
    // Taking probes away takes its time, in which no proof grows old for the reader.
    const QDateTime now = probes.at.isValid() ? probes.at : QDateTime::currentDateTimeUtc();
    truth::Matrix matrix = truth::judge(*observed, proofs, {}, now);
    keepOnly(matrix, clusters);
    QList<QStringList> rows;
    QStringList silent; // directions that failed in nothing, but were not asked
    for (const truth::DirectionState &state : matrix.directions) {
        for (const truth::Cell &cell : state.cells)
            rows += { state.direction.text(), truth::layerName(cell.layer), stateWord(cell), evidenceOf(cell) };
        if (const auto request = proofs.requests.constFind(state.direction); request == proofs.requests.cend() || request->error)
            silent += state.direction.text();
    }
    const truth::Summary summary = matrix.summary();
    const bool allProven = summary.health() == Health::Ok;
    QString sentence
        = allProven ? Say::tr("Every direction is proven in every layer.") : Say::tr("Not every direction is proven in every layer.");
    sentence += u' ' + summary.sentence(now) + u'.';
    if (!silent.isEmpty())
        sentence += u' '
            + (wish.isWished
                    ? Say::tr("Not asked: %1. Why stands beside the request.")
                    : Say::tr(
                        "Not asked: %1. It needs a ready client there; name one with --source, or let probes of ours send: --with-probes."))
                  .arg(silent.join(QStringLiteral(", ")));
    if (!probes.areGone)
        sentence += u' ' + Say::tr("A probe was left there; take it away: catamaranctl probes remove.");
    QJsonObject object { { QStringLiteral("proven"), allProven }, { QStringLiteral("sentence"), sentence },
        { QStringLiteral("health"), observe::healthName(summary.health()) }, { QStringLiteral("directions"), matrix.toJson() } };
    if (wish.isWished)
        object.insert(QStringLiteral("probes"), probes.toJson());
    context.print(
        object, table({ Say::tr("DIRECTION"), Say::tr("LAYER"), Say::tr("STATE"), Say::tr("EVIDENCE") }, rows) + u'\n' + sentence);
    if (!probes.areGone)
        return Failed;
    return allProven ? Holds : unheardCode(observed->errors) == Unreachable ? Unreachable : Failed;
}

Result<Work> prepare(const QCommandLineParser &parser, const QStringList &words)
{
    if (words.size() > 1)
        return core::fail(badArgument(words.at(1), Say::tr("not expected here")));
    QStringList clusters;
    if (!words.isEmpty()) {
        const auto document = documents::loadFleet(words.first());
        if (!document)
            return core::fail(document.error());
        for (const auto &cluster : document->clusters)
            clusters << cluster.name;
    }
    const auto source = probe::Source::parse(QStringLiteral("any/") + parser.value(QStringLiteral("source")));
    if (!source)
        return core::fail(badArgument(QStringLiteral("--source"), Say::tr("it is not of the form namespace/workload")));
    truth::Question question;
    question.ns = source->ns;
    question.workload = source->workload;
    question.url = parser.value(QStringLiteral("url"));
    probe::RunSpec spec;
    spec.source = *source;
    spec.url = question.url;
    spec.count = 1;
    if (parser.isSet(QStringLiteral("count")))
        spec.count = question.count = parser.value(QStringLiteral("count")).toInt();
    if (const auto checked = spec.check(); !checked)
        return core::fail(checked.error());
    const auto wish = ProbeWish::read(parser);
    if (!wish)
        return core::fail(wish.error());
    return Work([question, clusters, wish = *wish](Context &context) { return matrix(context, question, clusters, wish); });
}

} // namespace

Command matrixCommand()
{
    Command command { "matrix", Say::tr("Judges every direction between clusters in four layers, with a real request as the last."),
        QStringLiteral("[FLEET]"), true, {}, &prepare, {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOptions({
            { QStringLiteral("url"), Say::tr("What to ask for. Default: http://helloworld:5000/hello"), QStringLiteral("URL"),
                QStringLiteral("http://helloworld:5000/hello") },
            { QStringLiteral("count"), Say::tr("Requests per sending cluster. Default: as many as it takes to meet every cluster"),
                QStringLiteral("N") },
            { QStringLiteral("source"), Say::tr("The workload to send from, in each cluster. Default: default/sleep"),
                QStringLiteral("NAMESPACE/WORKLOAD"), QStringLiteral("default/sleep") },
        });
        ProbeWish::declare(parser);
    };
    return command;
}

} // namespace catamaran::ctl
