// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "executions.h"

#include "core/printable.h"
#include "fleet/carryout.h"
#include "fleet/sessionworld.h"
#include "ops/journal.h"

#include <QJsonArray>

#include <algorithm>

namespace catamaran::ctl {

using core::ErrorKind;
using core::Result;

namespace {

constexpr int usualLimit = 20, longestList = 1000;

Result<qint64> executionArgument(const QString &text)
{
    bool ok = false;
    const qint64 id = text.toLongLong(&ok);
    if (!ok || id < 1)
        return core::fail(badArgument(text, Say::tr("not the number of an execution"), Say::tr("See “catamaranctl history”.")));
    return id;
}

/// One that the journal has; another number is bad input.
Result<ops::Execution> findExecution(const ops::Journal &journal, qint64 id)
{
    auto found = journal.execution(id);
    if (!found && found.error().kind == ErrorKind::NotFound)
        return core::fail(ErrorKind::InvalidInput, Say::tr("find the execution"), QString::number(id),
            Say::tr("the journal has none of this number"), Say::tr("See “catamaranctl history”."));
    return found;
}

/// What the journal says of the steps of an execution, by id.
QMap<QString, QJsonObject> stepsOf(const ops::Execution &execution)
{
    QMap<QString, QJsonObject> steps;
    const QJsonArray list = execution.plan.value(u"steps").toArray();
    for (const QJsonValue &step : list)
        steps.insert(step[u"id"].toString(), step.toObject());
    return steps;
}

// --- history ----------------------------------------------------------------------------------------------------------

/// An execution with how far it came.
struct Told {
    ops::Execution execution;
    bool isAlive = false;
    int done = 0, undone = 0, steps = 0;

    [[nodiscard]] bool isInterrupted() const { return execution.state == ops::ExecutionState::Running && !isAlive; }
    [[nodiscard]] QString state() const { return isInterrupted() ? QStringLiteral("interrupted") : ops::stateName(execution.state); }
    [[nodiscard]] QString stateText() const
    {
        return execution.state != ops::ExecutionState::Running
            ? state()
            : Say::tr("%1 (%2 since %3)").arg(state(), execution.owner.text(), execution.at.toLocalTime().toString(Qt::ISODate));
    }
    [[nodiscard]] QString what() const
    {
        const qint64 earlier = ops::continuesOf(execution.plan);
        return earlier == 0 ? execution.title() : Say::tr("%1 (goes on from %2)").arg(execution.title(), QString::number(earlier));
    }
    [[nodiscard]] QString doneText() const
    {
        const QString text = Say::tr("%1 of %2").arg(done).arg(steps);
        return undone == 0 ? text : Say::tr("%1, %2 taken back").arg(text).arg(undone);
    }
    [[nodiscard]] QJsonObject toJson() const
    {
        const auto time = [](const QDateTime &at) {
            return at.isValid() && at.toMSecsSinceEpoch() > 0 ? QJsonValue(at.toUTC().toString(Qt::ISODateWithMs))
                                                              : QJsonValue(QJsonValue::Null);
        };
        QJsonObject object { { QStringLiteral("id"), execution.id }, { QStringLiteral("uid"), execution.uid },
            { QStringLiteral("at"), time(execution.at) }, { QStringLiteral("ended"), time(execution.ended) },
            { QStringLiteral("environment"), execution.environment }, { QStringLiteral("purpose"), execution.purpose },
            { QStringLiteral("name"), execution.name }, { QStringLiteral("state"), state() },
            { QStringLiteral("owner"), execution.owner.text() }, { QStringLiteral("steps"), steps }, { QStringLiteral("done_steps"), done },
            { QStringLiteral("undone_steps"), undone } };
        if (execution.undoes != 0)
            object.insert(QStringLiteral("undoes"), execution.undoes);
        if (const qint64 earlier = ops::continuesOf(execution.plan); earlier != 0)
            object.insert(QStringLiteral("continues"), earlier);
        return object;
    }
};

Told told(const ops::Journal &journal, const ops::Execution &execution, const QMap<QString, ops::StepRecord> &records)
{
    Told one { execution, execution.state == ops::ExecutionState::Running && journal.isAlive(execution) };
    one.steps = int(execution.plan.value(u"steps").toArray().size());
    for (const ops::StepRecord &record : records) {
        one.undone += record.state == ops::EventState::Undone;
        one.done += record.state == ops::EventState::Done || record.state == ops::EventState::Undone;
    }
    one.steps = std::max(one.steps, int(records.size()));
    return one;
}

int listExecutions(Context &context, int limit)
{
    const auto journal = ops::Journal::open(context.databaseFile);
    const auto executions = journal.and_then([&](const ops::Journal &open) { return open.executions(limit, context.environment.name); });
    if (!executions)
        return context.failed(executions.error());
    QJsonArray list;
    QList<QStringList> rows;
    for (const ops::Execution &execution : *executions) {
        const auto events = journal->events(execution.id);
        if (!events)
            return context.failed(events.error());
        const Told one = told(*journal, execution, ops::recordsOf(*events));
        list += one.toJson();
        rows += { QString::number(execution.id), execution.at.toLocalTime().toString(Qt::ISODate), execution.environment, one.what(),
            one.stateText(), one.doneText() };
    }
    context.print({ { QStringLiteral("executions"), list } },
        rows.isEmpty()
            ? Say::tr("Nothing was done yet.")
            : table({ Say::tr("ID"), Say::tr("AT"), Say::tr("ENVIRONMENT"), Say::tr("WHAT"), Say::tr("STATE"), Say::tr("DONE") }, rows));
    return Holds;
}

/// The last of what was proven of each step.
QMap<QString, ops::Evidence> evidenceOf(const QList<ops::Event> &events)
{
    QMap<QString, ops::Evidence> evidence;
    for (const ops::Event &event : events)
        if (!event.evidence.text.isEmpty())
            evidence.insert(event.step, event.evidence);
    return evidence;
}

int showExecution(Context &context, qint64 id)
{
    const auto journal = ops::Journal::open(context.databaseFile);
    if (!journal)
        return context.failed(journal.error());
    const auto execution = findExecution(*journal, id);
    if (!execution)
        return context.failed(execution.error());
    const auto events = journal->events(id);
    if (!events)
        return context.failed(events.error());
    auto records = ops::recordsOf(*events);
    const QMap<QString, ops::Evidence> evidence = evidenceOf(*events);
    const Told one = told(*journal, *execution, records);
    QJsonArray steps = execution->plan.value(u"steps").toArray();
    if (steps.isEmpty()) // of an earlier version
        for (const QString &step : records.keys())
            steps += QJsonObject { { QStringLiteral("id"), step }, { QStringLiteral("title"), step } };
    QJsonArray list;
    QString text = table({ Say::tr("Execution"), QString::number(id) },
        { { Say::tr("What"), one.what() }, { Say::tr("Environment"), execution->environment },
            { Say::tr("At"), execution->at.toLocalTime().toString(Qt::ISODate) }, { Say::tr("State"), one.stateText() },
            { Say::tr("Done"), one.doneText() } });
    for (const QJsonValue &value : std::as_const(steps)) {
        const QJsonObject step = value.toObject();
        const QString stepId = step[u"id"].toString();
        const ops::StepRecord record = records.value(stepId);
        const ops::Evidence proof = evidence.value(stepId);
        list += QJsonObject { { QStringLiteral("id"), stepId }, { QStringLiteral("title"), step[u"title"] },
            { QStringLiteral("state"), ops::stateName(record.state) }, { QStringLiteral("answer"), record.answer },
            { QStringLiteral("request_id"), record.requestId }, { QStringLiteral("evidence"), proof.text },
            { QStringLiteral("source"), proof.source },
            { QStringLiteral("at"),
                proof.at.isValid() ? QJsonValue(proof.at.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue(QJsonValue::Null) },
            { QStringLiteral("undo"), step[u"undo"].toString() }, { QStringLiteral("keeps"), step[u"keeps"].toString() } };
        text += QStringLiteral("\n%1  [%2]  %3\n")
                    .arg(core::printableLine(step[u"title"].toString()), core::printableLine(stepId), ops::stateName(record.state));
        const auto line = [&text](const QString &name, const QString &said) {
            if (!said.isEmpty())
                text += QStringLiteral("   %1 %2\n").arg(name, core::printableLine(said));
        };
        line(Say::tr("answer:"), record.answer);
        line(Say::tr("request:"), record.requestId);
        line(Say::tr("evidence:"), proof.source.isEmpty() ? proof.text : Say::tr("%1 (%2)").arg(proof.text, proof.source));
        line(Say::tr("cannot be taken back:"), step[u"keeps"].toString());
        if (const QString undo = step[u"undo"].toString();
            !undo.isEmpty() && record.isToUndo()) // from the first column on: it is copied from here
            text += QStringLiteral("   %1\n%2\n").arg(Say::tr("undo by hand:"), undo);
    }
    context.print({ { QStringLiteral("execution"), one.toJson() }, { QStringLiteral("steps"), list } }, text);
    return Holds;
}

Command historyCommand()
{
    Command command { "history", Say::tr("What was done: executions, newest first, or the steps of one."), QStringLiteral("[EXECUTION]"),
        false, {}, {}, {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOption({ QStringLiteral("limit"), Say::tr("How many executions (default: %1).").arg(usualLimit), QStringLiteral("N"),
            QString::number(usualLimit) });
    };
    command.prepare = [](const QCommandLineParser &parser, const QStringList &words) -> Result<Work> {
        if (words.size() > 1)
            return core::fail(badArgument(QStringLiteral("EXECUTION"), Say::tr("more than one"), Say::tr("Name one execution, or none.")));
        bool ok = false;
        const int limit = parser.value(QStringLiteral("limit")).toInt(&ok);
        if (!ok || limit < 1 || limit > longestList)
            return core::fail(badArgument(QStringLiteral("--limit"), Say::tr("not a whole number from 1 to %1").arg(longestList)));
        if (words.isEmpty())
            return Work([limit](Context &context) { return listExecutions(context, limit); });
        return executionArgument(words.first()).map([](qint64 id) {
            return Work([id](Context &context) { return showExecution(context, id); });
        });
    };
    return command;
}

// --- undo -------------------------------------------------------------------------------------------------------------

struct Undo {
    qint64 execution = 0;
    QStringList givenUp;
    QString reason;
    bool yes = false;
};

/// What it takes to take @p execution back, of the steps that are still to be.
QList<ops::Right> rightsToUndo(const ops::Execution &execution, const QMap<QString, ops::StepRecord> &records)
{
    auto plan = ops::Plan::fromJson(execution.plan);
    if (!plan || !ops::checkPlan(*plan, fleet::operationKinds()))
        return {}; // it is refused for what it is
    plan->steps.removeIf([&](const ops::Step &step) { return !records.value(step.id).isToUndo(); });
    return ops::rightsOf(*plan, fleet::operationKinds(), ops::Direction::Undo);
}

int undo(Context &context, const Undo &wish)
{
    if (const auto allowed = mayChange(context, wish.yes); !allowed)
        return context.failed(allowed.error());
    auto journal = ops::Journal::open(context.databaseFile);
    if (!journal)
        return context.failed(journal.error());
    const auto execution = findExecution(*journal, wish.execution);
    if (!execution)
        return context.failed(execution.error());
    for (const QString &step : wish.givenUp) {
        if (const auto given = journal->giveUp(wish.execution, step, wish.reason); !given)
            return context.failed(given.error());
        context.progress(Say::tr("%1 is left as it is: %2").arg(step, wish.reason));
    }
    const QString tried = Say::tr("take back execution %1").arg(wish.execution);
    const auto chain = fleet::chainOf(wish.execution, *journal);
    if (!chain)
        return context.failed(chain.error());
    QList<ops::Right> rights;
    QMap<QString, QString> titles;
    for (const ops::Execution &one : *chain) {
        const auto records = journal->events(one.id).map(ops::recordsOf);
        if (!records)
            return context.failed(records.error());
        rights += rightsToUndo(one, *records);
        const auto steps = stepsOf(one);
        for (auto it = steps.begin(); it != steps.end(); ++it)
            titles.insert(it.key(), it->value(u"title").toString());
    }
    if (const auto error = missingRights(context, tried, rights))
        return context.failed(*error);
    StepTeller teller(context, titles);
    fleet::CarryOutOptions options;
    options.databaseFile = context.databaseFile;
    options.onProgress = [&teller](const ops::StepProgress &progress) { teller.tell(progress); };
    options.onNotice = [&context](const QString &notice) { context.progress(notice); };
    qint64 current = wish.execution;
    options.onExecution = [&](const ops::Execution &one) {
        current = one.id;
        if (chain->size() > 1)
            context.progress(Say::tr("taking back execution %1 (%2)").arg(QString::number(one.id), one.title()));
    };
    const ops::ExecutionResult result = fleet::takeBack(wish.execution, *context.session, options, context.stop);
    QJsonObject object = toJson(result, titles);
    object.insert(QStringLiteral("undoes"), wish.execution);
    QList<QStringList> rows;
    for (const ops::StepOutcome &step : result.steps) {
        const bool done = step.state == ops::StepState::Done;
        rows += { done ? Say::tr("done") : Say::tr("NOT DONE"), titles.value(step.stepId), step.error ? step.error->text() : step.note };
    }
    const QString text = rows.isEmpty() ? QString() : table({ Say::tr("STATE"), Say::tr("TAKE BACK"), Say::tr("PROOF") }, rows);
    if (result.complete) {
        context.print(object,
            rows.isEmpty() ? Say::tr("Nothing is to be taken back.") : text + u'\n' + Say::tr("Everything was taken back.") + u'\n');
        return Holds;
    }
    if (!context.json)
        context.print({}, text);
    for (const ops::StepOutcome &step : result.steps)
        if (step.error && step.error->kind == ErrorKind::Precondition)
            context.progress(
                Say::tr("To leave %1 as it is: undo %2 --give-up %1 --reason TEXT").arg(step.stepId, QString::number(current)));
    return context.failed(whyIncomplete(result, tried, execution->title()), object);
}

Command undoCommand()
{
    Command command { "undo", Say::tr("Takes back what an execution did, each step proven."), QStringLiteral("EXECUTION"), true, {}, {},
        {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOption(yesOption());
        parser.addOption({ QStringLiteral("give-up"), Say::tr("Leave what this step did as it is (repeatable; needs --reason)."),
            QStringLiteral("STEP") });
        parser.addOption(
            { QStringLiteral("reason"), Say::tr("Why; it is kept with the steps that are given up."), QStringLiteral("TEXT") });
    };
    command.prepare = [](const QCommandLineParser &parser, const QStringList &words) -> Result<Work> {
        if (words.size() != 1)
            return core::fail(badArgument(QStringLiteral("EXECUTION"), words.isEmpty() ? Say::tr("missing") : Say::tr("more than one"),
                Say::tr("See “catamaranctl history”.")));
        Undo wish { 0, parser.values(QStringLiteral("give-up")), parser.value(QStringLiteral("reason")).trimmed(),
            parser.isSet(QStringLiteral("yes")) };
        if (!wish.givenUp.isEmpty() && wish.reason.isEmpty())
            return core::fail(badArgument(QStringLiteral("--reason"), Say::tr("missing"), Say::tr("Say why the step is given up.")));
        if (wish.givenUp.isEmpty() && parser.isSet(QStringLiteral("reason")))
            return core::fail(
                badArgument(QStringLiteral("--reason"), Say::tr("there is nothing to give up"), Say::tr("Name the step: --give-up STEP")));
        return executionArgument(words.first()).map([&](qint64 id) {
            wish.execution = id;
            return Work([wish](Context &context) { return undo(context, wish); });
        });
    };
    return command;
}

} // namespace

QList<Command> executionCommands()
{
    return { undoCommand(), historyCommand() };
}

} // namespace catamaran::ctl
