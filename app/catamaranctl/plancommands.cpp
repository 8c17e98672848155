// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include "core/printable.h"

#include "fleet/executor.h"
#include "fleet/plan.h"
#include "fleet/preflight.h"
#include "fleet/rights.h"
#include "fleet/trustroot.h"

#include <QJsonArray>

#include <optional>

namespace catamaran::ctl {

using core::Result;

namespace {

Result<fleet::FleetDocument> fleetArgument(const QStringList &words)
{
    if (words.size() != 1)
        return core::fail(badArgument(QStringLiteral("FLEET"), words.isEmpty() ? Say::tr("missing") : Say::tr("more than one"), Say::tr("Name one fleet document.")));
    return fleet::loadFleet(words.first());
}

QString indented(const QString &text, const QString &with)
{
    QStringList lines = text.trimmed().split(u'\n');
    for (QString &line : lines)
        line.prepend(with);
    return lines.join(u'\n');
}

QString describe(const fleet::Plan &plan)
{
    if (plan.isEmpty())
        return Say::tr("Nothing is to do.");
    QString text = Say::tr("%1 steps:").arg(plan.steps.size()) + u'\n';
    int number = 0;
    for (const fleet::PlanStep &step : plan.steps) {
        text += QStringLiteral("\n%1. %2  [%3]\n").arg(++number).arg(core::printableLine(step.title), core::printableLine(step.id));
        if (!step.why.isEmpty())
            text += QStringLiteral("   %1 %2\n").arg(Say::tr("why:"), core::printableLine(step.why));
        if (!step.dependsOn.isEmpty())
            text += QStringLiteral("   %1 %2\n").arg(Say::tr("after:"), core::printableLine(step.dependsOn.join(QStringLiteral(", "))));
        for (const fleet::PlannedCall &call : step.calls) {
            text += QStringLiteral("   %1 %2: %3\n").arg(Say::tr("call:"), core::printableLine(call.system), core::printableLine(call.method));
            if (!call.body.isEmpty())
                text += indented(call.body, QStringLiteral("         ")) + u'\n';
        }
        // From the first column on: what is copied from here runs, with the ends of its here-documents.
        if (!step.command.isEmpty())
            text += QStringLiteral("   %1\n%2\n").arg(Say::tr("by hand:"), step.command);
        if (!step.undo.isEmpty())
            text += QStringLiteral("   %1\n%2\n").arg(Say::tr("undo:"), step.undo);
    }
    return text;
}

/// Tells each change of a step's state or note once.
class StepTeller {
public:
    StepTeller(const Context &context, const fleet::Plan &plan)
        : m_context(context)
    {
        for (const fleet::PlanStep &step : plan.steps)
            m_titles.insert(step.id, step.title);
    }

    void tell(const fleet::StepProgress &progress)
    {
        const QString note = progress.error ? progress.error->text() : progress.note;
        const QString line = m_titles.value(progress.stepId, progress.stepId) + QStringLiteral(": ") + fleet::stateName(progress.state)
            + (note.isEmpty() ? QString() : QStringLiteral(" - ") + note);
        if (progress.state == fleet::StepState::Waiting || line == m_last)
            return;
        m_last = line;
        m_context.progress(line);
    }

private:
    const Context &m_context;
    QMap<QString, QString> m_titles;
    QString m_last;
};

/// Why @p plan would be refused half-way; nullopt: every right is there, or it could not be asked.
std::optional<core::Error> missingRights(const Context &context, const fleet::Plan &plan)
{
    const fleet::Rights refused = fleet::refusedOf(fleet::rightsFor(plan), *context.session, context.stop);
    return refused.isEmpty() ? std::nullopt : std::optional(fleet::rightsError(Say::tr("carry out the plan"), refused));
}

/// Said before anything is begun.
void tellWhatCannotBeResumed(const Context &context, const fleet::Plan &plan)
{
    store::SecretStore &secrets = context.session->secrets();
    if (const auto keeping = core::await(secrets.look(context.stop), context.stop)) {
        if (const QString text = fleet::whatCannotBeResumed(plan, *keeping); !text.isEmpty())
            context.progress(text);
    }
}

int execute(Context &context, const fleet::Plan &plan, const QString &operation, const QString &doneText)
{
    if (const auto error = missingRights(context, plan)) // nothing is begun that cannot be ended
        return context.failed(*error);
    tellWhatCannotBeResumed(context, plan);
    StepTeller teller(context, plan);
    fleet::ExecuteOptions options;
    options.operation = operation;
    options.databaseFile = context.databaseFile;
    options.onProgress = [&teller](const fleet::StepProgress &progress) { teller.tell(progress); };
    const fleet::ExecutionResult result = fleet::execute(plan, *context.session, options, context.stop);
    QJsonObject object {
        { QStringLiteral("fleet"), plan.fleet },
        { QStringLiteral("complete"), result.complete },
        { QStringLiteral("done_steps"), QJsonArray::fromStringList(result.doneSteps) },
        { QStringLiteral("steps"), plan.steps.size() },
    };
    if (!result.complete) {
        const core::Error error = result.error.value_or(
            core::Error::make(core::ErrorKind::Internal, Say::tr("carry out the plan"), plan.fleet, Say::tr("it ended without a reason")));
        context.progress(Say::tr("%1 of %2 steps are done; run it again to go on from there").arg(result.doneSteps.size()).arg(plan.steps.size()));
        return context.failed(error);
    }
    context.print(object, doneText.arg(plan.steps.size()));
    return Holds;
}

using Planner = Result<fleet::Plan> (*)(const fleet::FleetDocument &, const fleet::ObservedFleet &);

Result<fleet::Plan> makePlan(const Context &context, const fleet::FleetDocument &document, Planner planner)
{
    const auto observed = lookFor(context, document, true);
    if (!observed)
        return core::fail(observed.error());
    return planner(document, *observed);
}

int change(Context &context, const fleet::FleetDocument &document, bool yes, Planner planner, const QString &operation, const QString &doneText)
{
    if (const auto allowed = mayChange(context, yes); !allowed)
        return context.failed(allowed.error());
    context.progress(Say::tr("looking at the fleet"));
    const auto plan = makePlan(context, document, planner);
    if (!plan)
        return context.failed(plan.error());
    if (plan->isEmpty()) {
        context.print({ { QStringLiteral("fleet"), document.name }, { QStringLiteral("complete"), true }, { QStringLiteral("done_steps"), QJsonArray() }, { QStringLiteral("steps"), 0 } },
            Say::tr("Nothing is to do."));
        return Holds;
    }
    return execute(context, *plan, operation + u' ' + document.name, doneText);
}

int preflight(Context &context, const fleet::FleetDocument &document)
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
        holds = holds && (finding.severity == fleet::Health::Ok || finding.severity == fleet::Health::Warning);
        list += QJsonObject { { QStringLiteral("id"), finding.id }, { QStringLiteral("title"), finding.title }, { QStringLiteral("where"), finding.where },
            { QStringLiteral("severity"), fleet::healthName(finding.severity) }, { QStringLiteral("evidence"), finding.evidence },
            { QStringLiteral("source"), finding.source }, { QStringLiteral("remedy"), finding.remedy } };
        rows += { fleet::healthName(finding.severity), finding.where, finding.title, finding.evidence };
        if (finding.severity != fleet::Health::Ok && !finding.remedy.isEmpty())
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
    Command command { "preflight", Say::tr("Judges what can be judged before anything is changed."), QStringLiteral("FLEET"), true, {}, {}, {} };
    command.prepare = [](const QCommandLineParser &, const QStringList &words) -> Result<Work> {
        return fleetArgument(words).map([](const fleet::FleetDocument &document) { return Work([document](Context &context) { return preflight(context, document); }); });
    };
    return command;
}

Command planCommand()
{
    Command command { "plan", Say::tr("Shows every step of apply with its calls and the command that would do it by hand."), QStringLiteral("FLEET"), true, {}, {}, {} };
    command.declare = [](QCommandLineParser &parser) { parser.addOption({ QStringLiteral("destroy"), Say::tr("Plan the taking away instead.") }); };
    command.prepare = [](const QCommandLineParser &parser, const QStringList &words) -> Result<Work> {
        const Planner planner = parser.isSet(QStringLiteral("destroy")) ? &fleet::planDestroy : &fleet::planApply;
        return fleetArgument(words).map([planner](const fleet::FleetDocument &document) {
            return Work([document, planner](Context &context) -> int {
                const auto plan = makePlan(context, document, planner);
                if (!plan)
                    return context.failed(plan.error());
                if (const auto error = missingRights(context, *plan))
                    context.progress(error->text());
                tellWhatCannotBeResumed(context, *plan);
                context.print(plan->toJson(), describe(*plan));
                return Holds;
            });
        });
    };
    return command;
}

Command changeCommand(const char *name, const QString &summary, Planner planner, const QString &doneText)
{
    Command command { name, summary, QStringLiteral("FLEET"), true, {}, {}, {} };
    command.declare = [](QCommandLineParser &parser) { parser.addOption(yesOption()); };
    command.prepare = [name, planner, doneText](const QCommandLineParser &parser, const QStringList &words) -> Result<Work> {
        const bool yes = parser.isSet(QStringLiteral("yes"));
        return fleetArgument(words).map([=](const fleet::FleetDocument &document) {
            return Work([=](Context &context) { return change(context, document, yes, planner, QLatin1String(name), doneText); });
        });
    };
    return command;
}

int moveClient(Context &context, const QString &ns, const QString &from, const QString &to, bool yes)
{
    if (const auto allowed = mayChange(context, yes); !allowed)
        return context.failed(allowed.error());
    for (const QString &name : { from, to }) {
        if (!context.session->cluster(name))
            return context.failed(context.session->clusterError(name).value_or(
                badArgument(name, Say::tr("not a cluster of this environment"), Say::tr("It has: %1").arg(context.session->clusterNames().join(QStringLiteral(", "))))));
    }
    const auto scale = core::await(context.session->cluster(from)->scale(kube::kinds::deployments, ns, QStringLiteral("sleep"), context.stop), context.stop);
    if (!scale)
        return context.failed(scale.error());
    const auto there = core::await(context.session->cluster(to)->scale(kube::kinds::deployments, ns, QStringLiteral("sleep"), context.stop), context.stop);
    if (!there && there.error().kind != core::ErrorKind::NotFound)
        return context.failed(there.error());
    const auto named = [&context](const QString &name) { return fleet::PlanCluster { name, context.session->byHand(name) }; };
    const fleet::Plan plan = fleet::planMoveClient(ns, named(from), named(to), scale->specReplicas, there ? std::optional(there->specReplicas) : std::nullopt);
    return execute(context, plan, QStringLiteral("move-client"), Say::tr("The client has moved to %1; steps: %2.").arg(to));
}

Command moveClientCommand()
{
    Command command { "move-client", Say::tr("The guide's step 5: stops sleep in one cluster and starts it in the other."), QStringLiteral("FROM TO"), true, {}, {}, {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOption(yesOption());
        parser.addOption({ QStringLiteral("namespace"), Say::tr("Where the client runs (default: default)."), QStringLiteral("NAME"), QStringLiteral("default") });
    };
    command.prepare = [](const QCommandLineParser &parser, const QStringList &words) -> Result<Work> {
        if (words.size() != 2 || words[0] == words[1])
            return core::fail(badArgument(QStringLiteral("move-client"), Say::tr("it needs two different clusters"), Say::tr("For example: move-client cluster-1 cluster-2")));
        const bool yes = parser.isSet(QStringLiteral("yes"));
        return Work([ns = parser.value(QStringLiteral("namespace")), from = words[0], to = words[1], yes](Context &context) { return moveClient(context, ns, from, to, yes); });
    };
    return command;
}

} // namespace

QList<Command> planCommands()
{
    return { preflightCommand(), planCommand(),
        changeCommand("apply", Say::tr("Carries out the plan and reads every change back; a second run changes nothing."), &fleet::planApply, Say::tr("Done; steps: %1.")),
        changeCommand("destroy", Say::tr("Takes the fleet away again."), &fleet::planDestroy, Say::tr("Taken away; steps: %1.")),
        moveClientCommand() };
}

} // namespace catamaran::ctl
