// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"
#include "planned.h"

#include "core/async.h"
#include "core/output.h"
#include "core/printable.h"
#include "findings/acceptance.h"
#include "findings/engine.h"
#include "findings/failover.h"
#include "findings/mend.h"
#include "fleet/sessionworld.h"

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
    QStringList mendable;
    for (const Finding &finding : found)
        if (findings::isMendable(finding))
            mendable.append(core::printableLine(finding.id()));
    if (!rows.isEmpty())
        text = table(
            { Say::tr("STATE"), Say::tr("RULE"), Say::tr("WHERE"), Say::tr("DIRECTION"), Say::tr("FINDING"), Say::tr("WHAT TO DO") }, rows);
    for (auto it = unknown.cbegin(); it != unknown.cend(); ++it)
        text += Say::tr("%1 rules could not be asked. %2").arg(QString::number(it->size()), core::printableLine(it.key())) + u'\n';
    if (!mendable.isEmpty())
        text += Say::tr("Operations mend these (--mend ID): %1").arg(mendable.join(QStringLiteral("  "))) + u'\n';
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

struct Mending {
    QString id; ///< empty: nothing is to be mended
    bool yes = false;
};

constexpr auto patience = std::chrono::seconds(30);

/// Until the facts no longer say it; what is done is not yet what is seen.
std::pair<QString, int> lookWhetherGone(
    Context &context, const std::optional<documents::FleetDocument> &wish, const Finding &mended, QJsonObject &answer)
{
    context.progress(Say::tr("looking whether the finding is gone"));
    const auto until = std::chrono::steady_clock::now() + patience;
    std::optional<Finding> still;
    bool isKnown = false;
    do {
        const auto seen = look(context, wish);
        if (!seen || context.stop.stop_requested())
            break;
        still.reset();
        isKnown = true;
        for (const Finding &finding : seen->found) {
            if (finding.id() == mended.id())
                still = finding;
            else if (finding.state == Health::Unknown && finding.rule == mended.rule
                && (finding.cluster == mended.cluster || finding.cluster == mended.from || finding.cluster == mended.to))
                isKnown = false;
        }
        if (isKnown && !still)
            break;
    } while (std::chrono::steady_clock::now() < until && core::sleepFor(std::chrono::seconds(1), context.stop));
    answer.insert(QStringLiteral("finding"), mended.id());
    answer.insert(QStringLiteral("gone"), isKnown ? QJsonValue(!still) : QJsonValue(QJsonValue::Null));
    if (!isKnown)
        return { Say::tr("Whether the finding is gone is not known: not everything could be read again."), Unreachable };
    if (still)
        return { Say::tr("The finding is still there: %1").arg(core::printableLine(still->sentence)), Failed };
    return { Say::tr("The finding is gone."), Holds };
}

int mend(Context &context, const std::optional<documents::FleetDocument> &wish, const Mending &mending)
{
    if (const auto allowed = mayChange(context, mending.yes); !allowed)
        return context.failed(allowed.error());
    context.progress(Say::tr("looking at the fleet"));
    const auto seen = look(context, wish);
    if (!seen)
        return context.failed(seen.error());
    const auto finding = findings::mendable(seen->found, mending.id);
    if (!finding) {
        const int code = context.failed(finding.error());
        return seen->isUnreachable ? int(Unreachable) : code;
    }
    const Planned planned { QStringLiteral("mend"), finding->rule, findings::mendPlan(*finding), fleet::namesOf(*context.session) };
    if (const auto checked = ops::checkPlan(planned.plan, fleet::operationKinds()); !checked)
        return context.failed(checked.error());
    core::writeNote(core::printable(ctl::describe(ops::describeSteps(planned.plan, fleet::operationKinds(), planned.names))).toUtf8());
    return execute(context, planned, Say::tr("Mended “%1”; steps: %2.").arg(core::printableLine(finding->rule), QStringLiteral("%1")),
        [&](QJsonObject &answer) { return lookWhetherGone(context, wish, *finding, answer); });
}

Result<std::optional<documents::FleetDocument>> fleetIn(const QStringList &words)
{
    if (words.size() > 1)
        return core::fail(badArgument(words.at(1), Say::tr("not expected here")));
    if (words.isEmpty())
        return std::optional<documents::FleetDocument>();
    return documents::loadFleet(words.first()).map([](const documents::FleetDocument &fleet) { return std::optional(fleet); });
}

Command findingsCommand()
{
    Command command { "findings",
        Say::tr(
            "Says what is wrong with the clusters and between them, and what to do. 0: nothing is broken, 1: something is, 3: not everything could be read."),
        Say::tr("[FLEET]"), true, {}, {}, {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOptions(
            { { QStringLiteral("mend"),
                  Say::tr("Carry out what mends this one, and look whether it is gone; its id, or the beginning of it (the rule's name)."),
                  QStringLiteral("ID") },
                yesOption() });
    };
    command.prepare = [](const QCommandLineParser &parser, const QStringList &words) -> Result<Work> {
        const Mending mending { parser.value(QStringLiteral("mend")), parser.isSet(QStringLiteral("yes")) };
        if (parser.isSet(QStringLiteral("mend")) && mending.id.isEmpty())
            return core::fail(badArgument(QStringLiteral("--mend"), Say::tr("it is empty")));
        return fleetIn(words).map([mending](const std::optional<documents::FleetDocument> &wish) {
            return Work(
                [wish, mending](Context &context) { return mending.id.isEmpty() ? report(context, wish) : mend(context, wish, mending); });
        });
    };
    return command;
}

Command failoverCommand()
{
    Command command { "failover",
        Say::tr(
            "Says of every service whether another cluster takes over, and what to change. 0: all do, 1: some do not, 3: not everything could be read."),
        Say::tr("[FLEET]"), true, {}, {}, {} };
    command.prepare = [](const QCommandLineParser &, const QStringList &words) -> Result<Work> {
        return fleetIn(words).map([](const std::optional<documents::FleetDocument> &wish) {
            return Work([wish](Context &context) { return tellFailover(context, wish); });
        });
    };
    return command;
}

} // namespace

QList<Command> findingsCommands()
{
    return { findingsCommand(), failoverCommand() };
}

} // namespace catamaran::ctl
