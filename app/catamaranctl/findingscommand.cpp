// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include "core/printable.h"
#include "findings/acceptance.h"
#include "findings/engine.h"
#include "findings/failover.h"

#include <QJsonArray>

#include <algorithm>

namespace catamaran::ctl {

using core::Result;
using findings::Finding;
using observe::Health;

namespace {

QString placeOf(const Finding &finding)
{
    QString place = finding.cluster;
    if (!finding.object.isEmpty())
        place += (place.isEmpty() ? QString() : QStringLiteral(": ")) + finding.object;
    return place;
}

QString directionOf(const Finding &finding)
{
    if (finding.from.isEmpty() && finding.to.isEmpty())
        return {};
    return (finding.from.isEmpty() ? QStringLiteral("*") : finding.from)
        + (finding.bothWays ? QStringLiteral(" <-> ") : QStringLiteral(" -> ")) + (finding.to.isEmpty() ? QStringLiteral("*") : finding.to);
}

QString describe(const QList<Finding> &found, qsizetype clusters)
{
    QList<QStringList> rows;
    QMap<QString, QSet<QString>> unknown; // rules, by what is missing
    for (const Finding &finding : found) {
        if (finding.state == Health::Unknown) {
            unknown[finding.remedy].insert(finding.rule);
            continue;
        }
        rows += { finding.accepted ? Say::tr("accepted") : observe::healthName(finding.state), finding.rule, placeOf(finding),
            directionOf(finding), finding.sentence, finding.remedy };
    }
    QString text;
    if (!rows.isEmpty())
        text = table(
            { Say::tr("STATE"), Say::tr("RULE"), Say::tr("WHERE"), Say::tr("DIRECTION"), Say::tr("FINDING"), Say::tr("WHAT TO DO") }, rows);
    for (auto it = unknown.cbegin(); it != unknown.cend(); ++it)
        text += Say::tr("%1 rules could not be asked. %2").arg(QString::number(it->size()), core::printableLine(it.key())) + u'\n';
    if (text.isEmpty())
        text = Say::tr("Nothing was found in %1 clusters.").arg(QString::number(clusters)) + u'\n';
    return text;
}

/// What both commands look at.
struct Look {
    findings::FleetFacts facts;
    QList<Finding> found;
    QList<findings::FailoverVerdict> failover;
    int failed = 0, warnings = 0, unknown = 0, accepted = 0;
    bool isUnreachable = false;
};

Result<Look> look(Context &context, const std::optional<documents::FleetDocument> &wish)
{
    const auto acceptances = findings::loadAcceptances(context.environment);
    if (!acceptances)
        return core::fail(acceptances.error());
    Look result;
    result.facts = findings::readFacts(*context.session, wish, context.stop);
    result.found = findings::judge(result.facts);
    findings::accept(result.found, *acceptances, result.facts.now.date());
    result.failover = findings::failover(result.facts, result.found);
    for (const Finding &finding : std::as_const(result.found)) {
        result.isUnreachable = result.isUnreachable || finding.rule == u"cluster.unreachable";
        if (finding.state == Health::Unknown)
            ++result.unknown;
        else if (finding.accepted)
            ++result.accepted;
        else if (finding.state == Health::Warning)
            ++result.warnings;
        else
            ++result.failed;
    }
    return result;
}

QJsonArray toJson(const QList<findings::FailoverVerdict> &verdicts)
{
    QJsonArray list;
    for (const findings::FailoverVerdict &verdict : verdicts)
        list.append(verdict.toJson());
    return list;
}

int report(Context &context, const std::optional<documents::FleetDocument> &wish)
{
    const auto seen = look(context, wish);
    if (!seen)
        return context.failed(seen.error());
    if (context.stop.stop_requested())
        return Aborted;
    QJsonArray list;
    for (const Finding &finding : seen->found)
        list.append(findings::toJson(finding));
    context.print({ { QStringLiteral("environment"), context.environment.name },
                      { QStringLiteral("at"), seen->facts.now.toString(Qt::ISODateWithMs) }, { QStringLiteral("failed"), seen->failed },
                      { QStringLiteral("warnings"), seen->warnings }, { QStringLiteral("unknown"), seen->unknown },
                      { QStringLiteral("accepted"), seen->accepted }, { QStringLiteral("findings"), list },
                      { QStringLiteral("failover"), toJson(seen->failover) } },
        describe(seen->found, seen->facts.clusters.size()));
    // A part that did not answer is worse than one that is broken: nobody knows the whole.
    return seen->isUnreachable ? Unreachable : seen->failed > 0 ? Failed : seen->unknown > 0 ? Unreachable : Holds;
}

int tellFailover(Context &context, const std::optional<documents::FleetDocument> &wish)
{
    const auto seen = look(context, wish);
    if (!seen)
        return context.failed(seen.error());
    if (context.stop.stop_requested())
        return Aborted;
    QList<QStringList> rows;
    int no = 0, unknown = 0;
    for (const findings::FailoverVerdict &verdict : seen->failover) {
        QStringList changes;
        for (const findings::FailoverCondition &condition : verdict.conditions)
            if (condition.decides && condition.holds != true && !condition.change.isEmpty())
                changes.append(condition.change);
        changes.removeDuplicates();
        rows += { verdict.service, verdict.from, findings::answerName(verdict.answer), verdict.sentence, changes.join(u' ') };
        no += verdict.answer == findings::Answer::No ? 1 : 0;
        unknown += verdict.answer == findings::Answer::NotKnown ? 1 : 0;
    }
    // What serves in a cluster whose services were not read is not among them.
    QStringList unread;
    for (const observe::ClusterObjects &cluster : seen->facts.clusters)
        if (!cluster.services.isRead() || !cluster.namespaces.isRead())
            unread << cluster.name;
    QString text = unread.isEmpty()
        ? QString()
        : Say::tr("Not known of %1: the services there could not be read.").arg(unread.join(QStringLiteral(", "))) + u'\n';
    if (rows.isEmpty() && unread.isEmpty())
        text = Say::tr("No service of the mesh was found.") + u'\n';
    else if (!rows.isEmpty())
        text.prepend(
            table({ Say::tr("SERVICE"), Say::tr("CLIENTS IN"), Say::tr("FAILS OVER"), Say::tr("WHY"), Say::tr("WHAT TO CHANGE") }, rows));
    context.print(
        { { QStringLiteral("environment"), context.environment.name },
            { QStringLiteral("at"), seen->facts.now.toString(Qt::ISODateWithMs) },
            { QStringLiteral("unread"), QJsonArray::fromStringList(unread) }, { QStringLiteral("failover"), toJson(seen->failover) } },
        text);
    return seen->isUnreachable ? Unreachable : no > 0 ? Failed : unknown > 0 || !unread.isEmpty() ? Unreachable : Holds;
}

using Act = int (*)(Context &, const std::optional<documents::FleetDocument> &);

/// A command whose one argument is a fleet document, or none.
Command ofFleet(const char *name, const QString &summary, Act act)
{
    Command command { name, summary, Say::tr("[FLEET]"), true, {}, {}, {} };
    command.prepare = [act](const QCommandLineParser &, const QStringList &words) -> Result<Work> {
        if (words.size() > 1)
            return core::fail(badArgument(words.at(1), Say::tr("not expected here")));
        std::optional<documents::FleetDocument> wish;
        if (!words.isEmpty()) {
            auto fleet = documents::loadFleet(words.first());
            if (!fleet)
                return core::fail(fleet.error());
            wish = *fleet;
        }
        return Work([act, wish](Context &context) { return act(context, wish); });
    };
    return command;
}

} // namespace

QList<Command> findingsCommands()
{
    return {
        ofFleet("findings",
            Say::tr(
                "Says what is wrong with the clusters and between them, and what to do. 0: nothing is broken, 1: something is, 3: not everything could be read."),
            report),
        ofFleet("failover",
            Say::tr(
                "Says of every service whether another cluster takes over, and what to change. 0: all do, 1: some do not, 3: not everything could be read."),
            tellFailover)
    };
}

} // namespace catamaran::ctl
