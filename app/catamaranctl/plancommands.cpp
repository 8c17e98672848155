// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "planned.h"

#include "fleet/plans.h"
#include "fleet/preflight.h"
#include "fleet/render.h"
#include "fleet/sessionworld.h"

#include <QJsonArray>

#include <optional>

namespace catamaran::ctl {

using core::Result;

namespace {

using Planner
    = Result<ops::Plan> (*)(const documents::FleetDocument &, const observe::ObservedFleet &, const QList<fleet::ForeignObject> &);

Result<ops::Plan> applyPlan(
    const documents::FleetDocument &document, const observe::ObservedFleet &observed, const QList<fleet::ForeignObject> &)
{
    return fleet::applyPlan(document, observed);
}

Result<Planned> makePlan(const Context &context, const documents::FleetDocument &document, Planner planner, const QString &purpose,
    const QList<fleet::ForeignObject> &foreign)
{
    const auto observed = lookFor(context, document, true);
    if (!observed)
        return core::fail(observed.error());
    const auto whole = fleet::rendered(document, context.stop);
    if (!whole)
        return core::fail(whole.error());
    auto plan = planner(*whole, *observed, foreign);
    if (!plan)
        return core::fail(plan.error());
    Planned planned { purpose, document.name, fleet::withForeign(std::move(*plan), foreign), fleet::namesOf(*context.session, *observed) };
    if (const auto checked = ops::checkPlan(planned.plan, fleet::operationKinds()); !checked)
        return core::fail(checked.error());
    return planned;
}

/// Which of the purposes there are, and what else its options say.
struct Wish {
    Planner planner;
    QString purpose;
    QList<fleet::ForeignObject> foreign {};
    bool yes = false;
};

int change(Context &context, const documents::FleetDocument &document, const Wish &wish, const QString &doneText)
{
    if (const auto allowed = mayChange(context, wish.yes); !allowed)
        return context.failed(allowed.error());
    context.progress(Say::tr("looking at the fleet"));
    const auto planned = makePlan(context, document, wish.planner, wish.purpose, wish.foreign);
    if (!planned)
        return context.failed(planned.error());
    if (planned->plan.isEmpty()) {
        context.print({ { QStringLiteral("fleet"), document.name }, { QStringLiteral("complete"), true },
                          { QStringLiteral("done_steps"), QJsonArray() }, { QStringLiteral("steps"), 0 },
                          { QStringLiteral("execution"), QJsonValue::Null }, { QStringLiteral("outcomes"), QJsonArray() } },
            Say::tr("Nothing is to do."));
        return Holds;
    }
    return execute(context, *planned, doneText);
}

QCommandLineOption foreignOption()
{
    return { QStringLiteral("foreign"),
        Say::tr("This object may be changed or deleted although others made it (KIND/NAMESPACE/NAME, of a mesh mesh/NAME; repeatable)."),
        QStringLiteral("OBJECT") };
}

Result<QList<fleet::ForeignObject>> foreignIn(const QCommandLineParser &parser)
{
    QList<fleet::ForeignObject> all;
    const QStringList texts = parser.values(QStringLiteral("foreign"));
    for (const QString &text : texts) {
        const auto one = fleet::ForeignObject::parse(text);
        if (!one)
            return core::fail(badArgument(QStringLiteral("--foreign ") + text, one.error().answer, one.error().remedy));
        all.append(*one);
    }
    return all;
}

int preflight(Context &context, const documents::FleetDocument &document)
{
    const auto observed = lookFor(context, document, false);
    if (!observed)
        return context.failed(observed.error());
    const QList<fleet::Finding> findings = fleet::preflight(document, *observed);
    QJsonArray list;
    QList<QStringList> rows;
    bool holds = true;
    for (const fleet::Finding &finding : findings) {
        // What nobody could look at does not hold.
        holds = holds && (finding.severity == observe::Health::Ok || finding.severity == observe::Health::Warning);
        list += QJsonObject { { QStringLiteral("id"), finding.id }, { QStringLiteral("title"), finding.title },
            { QStringLiteral("where"), finding.where }, { QStringLiteral("severity"), observe::healthName(finding.severity) },
            { QStringLiteral("evidence"), finding.evidence }, { QStringLiteral("source"), finding.source },
            { QStringLiteral("remedy"), finding.remedy } };
        rows += { observe::healthName(finding.severity), finding.where, finding.title, finding.evidence };
        if (finding.severity != observe::Health::Ok && !finding.remedy.isEmpty())
            rows += { QString(), QString(), QStringLiteral("→ ") + finding.remedy, QString() };
    }
    context.print({ { QStringLiteral("fleet"), document.name }, { QStringLiteral("holds"), holds }, { QStringLiteral("findings"), list } },
        table({ Say::tr("STATE"), Say::tr("WHERE"), Say::tr("CHECK"), Say::tr("EVIDENCE") }, rows));
    // A cluster that does not answer is a finding. So is the account, but without it nothing is known of meshes; one that
    // nobody needs for this fleet does not count.
    QList<core::Error> unheard;
    for (const auto &error : { observed->meshesError, observed->clustersError, observed->versionsError })
        if (error && !document.meshes.isEmpty() && !observed->account.isEmpty())
            unheard.append(*error);
    return unheardCode(unheard) == Unreachable ? Unreachable : holds ? Holds : Failed;
}

Command preflightCommand()
{
    Command command { "preflight", Say::tr("Judges what can be judged before anything is changed."), QStringLiteral("FLEET"), true, {}, {},
        {} };
    command.prepare = [](const QCommandLineParser &, const QStringList &words) -> Result<Work> {
        return fleetArgument(words).map([](const documents::FleetDocument &document) {
            return Work([document](Context &context) { return preflight(context, document); });
        });
    };
    return command;
}

Command planCommand()
{
    Command command { "plan", Say::tr("Shows every step of apply with its calls and the command that would do it by hand."),
        QStringLiteral("FLEET"), true, {}, {}, {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOptions({ { QStringLiteral("destroy"), Say::tr("Plan the taking away instead.") }, foreignOption() });
    };
    command.prepare = [](const QCommandLineParser &parser, const QStringList &words) -> Result<Work> {
        const auto foreign = foreignIn(parser);
        if (!foreign)
            return core::fail(foreign.error());
        const bool destroys = parser.isSet(QStringLiteral("destroy"));
        const Wish wish { destroys ? &fleet::destroyPlan : &applyPlan, destroys ? QStringLiteral("destroy") : QStringLiteral("apply"),
            *foreign };
        return fleetArgument(words).map([wish](const documents::FleetDocument &document) {
            return Work([document, wish](Context &context) -> int {
                const auto planned = makePlan(context, document, wish.planner, wish.purpose, wish.foreign);
                if (!planned)
                    return context.failed(planned.error());
                if (const auto error = whyRefused(context, planned->plan))
                    context.progress(error->text());
                tellWhatCannotBeResumed(context, planned->plan);
                context.print(ops::describePlan(planned->plan, fleet::operationKinds(), planned->names),
                    describe(ops::describeSteps(planned->plan, fleet::operationKinds(), planned->names)));
                return Holds;
            });
        });
    };
    return command;
}

Command changeCommand(const char *name, const QString &summary, Planner planner, const QString &doneText)
{
    Command command { name, summary, QStringLiteral("FLEET"), true, {}, {}, {} };
    command.declare = [](QCommandLineParser &parser) { parser.addOptions({ yesOption(), foreignOption() }); };
    command.prepare = [name, planner, doneText](const QCommandLineParser &parser, const QStringList &words) -> Result<Work> {
        const auto foreign = foreignIn(parser);
        if (!foreign)
            return core::fail(foreign.error());
        const Wish wish { planner, QLatin1String(name), *foreign, parser.isSet(QStringLiteral("yes")) };
        return fleetArgument(words).map([=](const documents::FleetDocument &document) {
            return Work([=](Context &context) { return change(context, document, wish, doneText); });
        });
    };
    return command;
}

struct Move {
    QString ns, from, to;
    QList<fleet::ForeignObject> foreign;
    bool yes = false;
};

int moveClient(Context &context, const Move &wish)
{
    const auto &[ns, from, to, foreign, yes] = wish;
    if (const auto allowed = mayChange(context, yes); !allowed)
        return context.failed(allowed.error());
    for (const QString &name : { from, to }) {
        if (!context.session->cluster(name))
            return context.failed(
                context.session->clusterError(name).value_or(badArgument(name, Say::tr("not a cluster of this environment"),
                    Say::tr("It has: %1").arg(context.session->clusterNames().join(QStringLiteral(", "))))));
    }
    const auto scale = core::await(
        context.session->cluster(from)->scale(kube::kinds::deployments, ns, QStringLiteral("sleep"), context.stop), context.stop);
    if (!scale)
        return context.failed(scale.error());
    const auto there = core::await(
        context.session->cluster(to)->scale(kube::kinds::deployments, ns, QStringLiteral("sleep"), context.stop), context.stop);
    if (!there && there.error().kind != core::ErrorKind::NotFound)
        return context.failed(there.error());
    const fleet::ClientMove move { ns, from, to, scale->specReplicas, there ? std::optional(there->specReplicas) : std::nullopt };
    const Planned planned { QStringLiteral("move-client"), QStringLiteral("move-client"),
        fleet::withForeign(fleet::movePlan(move), foreign), fleet::namesOf(*context.session) };
    if (const auto checked = ops::checkPlan(planned.plan, fleet::operationKinds()); !checked)
        return context.failed(checked.error());
    return execute(context, planned, Say::tr("The client has moved to %1; steps: %2.").arg(to));
}

Command moveClientCommand()
{
    Command command { "move-client", Say::tr("The guide's step 5: stops sleep in one cluster and starts it in the other."),
        QStringLiteral("FROM TO"), true, {}, {}, {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOptions({ yesOption(), foreignOption() });
        parser.addOption({ QStringLiteral("namespace"), Say::tr("Where the client runs (default: default)."), QStringLiteral("NAME"),
            QStringLiteral("default") });
    };
    command.prepare = [](const QCommandLineParser &parser, const QStringList &words) -> Result<Work> {
        if (words.size() != 2 || words[0] == words[1])
            return core::fail(badArgument(QStringLiteral("move-client"), Say::tr("it needs two different clusters"),
                Say::tr("For example: move-client cluster-1 cluster-2")));
        const auto foreign = foreignIn(parser);
        if (!foreign)
            return core::fail(foreign.error());
        const Move wish { parser.value(QStringLiteral("namespace")), words[0], words[1], *foreign, parser.isSet(QStringLiteral("yes")) };
        return Work([wish](Context &context) { return moveClient(context, wish); });
    };
    return command;
}

} // namespace

QList<Command> planCommands()
{
    return { preflightCommand(), planCommand(),
        changeCommand("apply", Say::tr("Carries out the plan and reads every change back; a second run changes nothing."), &applyPlan,
            Say::tr("Done; steps: %1.")),
        changeCommand("destroy", Say::tr("Takes the fleet away again."), &fleet::destroyPlan, Say::tr("Taken away; steps: %1.")),
        moveClientCommand() };
}

} // namespace catamaran::ctl
