// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "planned.h"

#include "executions.h"

#include "core/printable.h"
#include "fleet/carryout.h"
#include "fleet/foreigncheck.h"
#include "fleet/plans.h"
#include "fleet/sessionworld.h"

#include <QJsonArray>

namespace catamaran::ctl {

using core::Result;

namespace {

QString indented(const QString &text, const QString &with)
{
    QStringList lines = text.trimmed().split(u'\n');
    for (QString &line : lines)
        line.prepend(with);
    return lines.join(u'\n');
}

/// What was left as it was, by step.
QString whatStays(const ops::ExecutionResult &result, const QMap<QString, QString> &titles)
{
    QList<QStringList> rows;
    for (const ops::StepOutcome &step : result.steps)
        if (step.state == ops::StepState::Done && step.evidence.text.isEmpty() && !step.note.isEmpty())
            rows += { QStringLiteral("  ") + titles.value(step.stepId), step.note };
    return rows.isEmpty() ? QString() : table({ Say::tr("Nothing was done there:"), QString() }, rows);
}

} // namespace

Result<documents::FleetDocument> fleetArgument(const QStringList &words)
{
    if (words.size() != 1)
        return core::fail(badArgument(
            QStringLiteral("FLEET"), words.isEmpty() ? Say::tr("missing") : Say::tr("more than one"), Say::tr("Name one fleet document.")));
    return documents::loadFleet(words.first());
}

QString describe(const QList<ops::DescribedStep> &steps)
{
    if (steps.isEmpty())
        return Say::tr("Nothing is to do.");
    QString text = Say::tr("%1 steps:").arg(steps.size()) + u'\n';
    int number = 0;
    for (const auto &[step, words] : steps) {
        text += QStringLiteral("\n%1. %2  [%3]\n").arg(++number).arg(core::printableLine(words.title), core::printableLine(step.id));
        if (!step.why.isEmpty())
            text += QStringLiteral("   %1 %2\n").arg(Say::tr("why:"), core::printableLine(step.why));
        if (!step.dependsOn.isEmpty())
            text += QStringLiteral("   %1 %2\n").arg(Say::tr("after:"), core::printableLine(step.dependsOn.join(QStringLiteral(", "))));
        for (const ops::Call &call : words.calls) {
            text += QStringLiteral("   %1 %2: %3\n")
                        .arg(Say::tr("call:"), core::printableLine(call.system), core::printableLine(call.method));
            if (!call.body.isEmpty())
                text += indented(call.body, QStringLiteral("         ")) + u'\n';
        }
        // From the first column on: what is copied from here runs, with the ends of its here-documents.
        if (!words.command.isEmpty())
            text += QStringLiteral("   %1\n%2\n").arg(Say::tr("by hand:"), words.command);
        if (!words.undo.isEmpty())
            text += QStringLiteral("   %1\n%2\n").arg(Say::tr("undo:"), words.undo);
        if (!words.keeps.isEmpty())
            text += QStringLiteral("   %1 %2\n").arg(Say::tr("cannot be taken back:"), core::printableLine(words.keeps));
    }
    return text;
}

void tellWhatCannotBeResumed(const Context &context, const ops::Plan &plan)
{
    store::SecretStore &secrets = context.session->secrets();
    if (const auto keeping = core::await(secrets.look(context.stop), context.stop)) {
        if (const QString text = fleet::whatCannotBeResumed(plan, *keeping); !text.isEmpty())
            context.progress(text);
    }
}

std::optional<core::Error> whyRefused(const Context &context, const ops::Plan &plan)
{
    if (auto error
        = missingRights(context, Say::tr("carry out the plan"), ops::rightsOf(plan, fleet::operationKinds(), ops::Direction::Do)))
        return error;
    const auto foreign = fleet::foreignInTheWay(plan, *context.session, context.stop);
    return foreign.isEmpty() ? std::nullopt : std::optional(fleet::foreignError(Say::tr("carry out the plan"), foreign));
}

int execute(Context &context, const Planned &planned, const QString &doneText, const Afterwards &afterwards)
{
    const ops::Plan &plan = planned.plan;
    if (const auto error = whyRefused(context, plan)) // nothing is begun that cannot be ended
        return context.failed(*error);
    tellWhatCannotBeResumed(context, plan);
    QMap<QString, QString> titles;
    for (const auto &[step, words] : ops::describeSteps(plan, fleet::operationKinds(), planned.names))
        titles.insert(step.id, words.title);
    StepTeller teller(context, titles);
    fleet::CarryOutOptions options;
    options.databaseFile = context.databaseFile;
    options.purpose = planned.purpose;
    options.name = planned.name;
    options.names = planned.names;
    options.onProgress = [&teller](const ops::StepProgress &progress) { teller.tell(progress); };
    options.onNotice = [&context](const QString &notice) { context.progress(notice); };
    const ops::ExecutionResult result = fleet::carryOut(plan, *context.session, options, context.stop);
    QJsonObject object = toJson(result, titles);
    object.insert(QStringLiteral("fleet"), planned.name);
    object.insert(QStringLiteral("steps"), plan.steps.size());
    if (!result.complete) {
        if (result.execution != 0)
            context.progress(Say::tr("%1 of %2 steps are done; run it again to go on from there, or take them back: undo %3")
                                 .arg(result.doneSteps().size())
                                 .arg(plan.steps.size())
                                 .arg(result.execution));
        return context.failed(whyIncomplete(result, Say::tr("carry out the plan"), planned.name), object);
    }
    const QString stays = whatStays(result, titles);
    const auto [words, code] = afterwards ? afterwards(object) : std::pair(QString(), int(Holds));
    context.print(object,
        doneText.arg(plan.steps.size()) + (words.isEmpty() ? QString() : u'\n' + words) + (stays.isEmpty() ? QString() : u'\n' + stays));
    return code;
}

} // namespace catamaran::ctl
