// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include "core/printable.h"
#include "findings/engine.h"
#include "probe/run.h"
#include "truth/explain.h"

#include <algorithm>

namespace catamaran::ctl {

using core::Result;

namespace {

QString stateOf(const truth::RequestPath &path, const truth::Hop &hop)
{
    if (path.stopsAt == hop.kind)
        return Say::tr("stops here");
    return hop.isAbsent ? Say::tr("none") : observe::healthName(hop.health);
}

QString describe(const truth::RequestPath &path)
{
    QString text;
    const auto line = [&](const QString &what, const QString &words, const QString &source = {}) {
        if (!words.isEmpty())
            text += QStringLiteral("   %1 %2%3\n")
                        .arg(what, core::printableLine(words),
                            source.isEmpty() ? QString() : QStringLiteral("  [%1]").arg(core::printableLine(source)));
    };
    int number = 0;
    for (const truth::Hop &hop : path.hops) {
        text += QStringLiteral("%1. %2  %3  [%4]\n")
                    .arg(QString::number(++number), truth::hopTitle(hop.kind), core::printableLine(hop.where), stateOf(path, hop));
        line(Say::tr("what:"), hop.sentence);
        for (const truth::Ruling &ruling : hop.rulings)
            line(Say::tr("ruled by:"), QStringLiteral("%1: %2").arg(ruling.object, ruling.says), ruling.source);
        if (const auto &certificate = hop.certificate) {
            line(Say::tr("certificate:"),
                Say::tr("%1, serial %2, until %3")
                    .arg(certificate->identity, certificate->serial.isEmpty() ? Say::tr("not told") : certificate->serial,
                        certificate->until.isValid() ? certificate->until.toString(Qt::ISODate) : Say::tr("not told")),
                certificate->source);
            line(Say::tr("issuer:"),
                certificate->issuer.isEmpty() ? Say::tr("not known: %1").arg(certificate->issuerNeeds) : certificate->issuer);
        }
        line(Say::tr("dials:"), hop.endpoints.join(QStringLiteral(", ")));
        for (const findings::Evidence &asked : hop.asked)
            if (asked.text != hop.sentence)
                line(Say::tr("asked:"), asked.text, asked.source);
        for (const findings::Finding &finding : hop.findings)
            line(Say::tr("finding:"), QStringLiteral("%1 (%2)").arg(finding.sentence, finding.rule));
        line(Say::tr("to know it takes:"), hop.needs);
    }
    return text + u'\n' + core::printableLine(path.sentence) + u'\n';
}

int explain(Context &context, const truth::PathQuestion &question)
{
    if (const auto checked = truth::checkQuestion(question, context.session->clusterNames()); !checked)
        return context.failed(checked.error());
    context.progress(Say::tr("reading the objects of the clusters"));
    const auto observed = look(context, { question.ns });
    if (!observed)
        return context.failed(observed.error());
    const findings::FleetFacts facts = findings::readFacts(*context.session, std::nullopt, context.stop);
    const QList<findings::Finding> found = findings::judge(facts);
    context.progress(Say::tr("requests from %1/%2/%3 to %4").arg(question.from, question.ns, question.workload, question.url));
    const truth::RequestPath path = truth::explain(*context.session, *observed, facts, found, question, context.stop);
    if (context.stop.stop_requested())
        return Aborted;
    context.print(path.toJson(), describe(path));
    return !path.arrives ? Unreachable : *path.arrives ? Holds : Failed;
}

Result<Work> prepare(const QCommandLineParser &parser, const QStringList &words)
{
    if (!words.isEmpty())
        return core::fail(badArgument(words.first(), Say::tr("not expected here")));
    for (const char *name : { "from", "to" })
        if (!parser.isSet(QLatin1String(name)))
            return core::fail(badArgument(QStringLiteral("--") + QLatin1String(name), Say::tr("missing"),
                Say::tr("For example: explain --from cluster-1/default/sleep --url http://helloworld:5000/hello --to cluster-2")));
    const auto source = probe::Source::parse(parser.value(QStringLiteral("from")));
    if (!source)
        return core::fail(badArgument(QStringLiteral("--from"), Say::tr("it is not of the form cluster/namespace/workload")));
    const truth::PathQuestion question { source->cluster, source->ns, source->workload, parser.value(QStringLiteral("url")),
        parser.value(QStringLiteral("to")) };
    return Work([question](Context &context) { return explain(context, question); });
}

} // namespace

Command explainCommand()
{
    Command command { "explain",
        Say::tr(
            "Follows one request hop by hop: what rules each hop, and where it stops. 0: it arrives, 1: it does not, 3: that is not known."),
        QStringLiteral("--from CLUSTER/NAMESPACE/CLIENT --to CLUSTER"), true, {}, &prepare, {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOptions({
            { QStringLiteral("from"), Say::tr("The client's workload."), QStringLiteral("CLUSTER/NAMESPACE/WORKLOAD") },
            { QStringLiteral("url"), Say::tr("What to ask for. Default: http://helloworld:5000/hello"), QStringLiteral("URL"),
                QStringLiteral("http://helloworld:5000/hello") },
            { QStringLiteral("to"), Say::tr("The cluster whose pods should answer."), QStringLiteral("CLUSTER") },
        });
    };
    return command;
}

} // namespace catamaran::ctl
