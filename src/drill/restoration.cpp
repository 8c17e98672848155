// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/restoration.h"

#include "core/shellquoted.h"
#include "drill/earlierrestores.h"
#include "drill/say.h"
#include "fleet/sessionworld.h"
#include "ops/undo.h"
#include "store/memorydatabase.h"

#include <QFileInfo>

#include <algorithm>

namespace catamaran::drill {

using core::Error;
using core::ErrorKind;
using core::Result;
using namespace std::chrono_literals;

namespace {

ops::ExecuteOptions optionsFor(const session::Session &session, const QString &databaseFile)
{
    ops::ExecuteOptions options;
    options.databaseFile = databaseFile;
    options.purpose = ops::drillPurpose;
    options.names = fleet::namesOf(session);
    options.stepTimeout = 60s;
    options.settleTimeout = 20s;
    return options;
}

/// Nobody else has anything to do with a probe: its end waits for nobody and keeps nobody off.
fleet::SessionWorld::Others othersFor(const QString &purpose)
{
    return purpose == ops::probePurpose ? fleet::SessionWorld::Others::Ignore : fleet::SessionWorld::Others::KeepOff;
}

/// How the steps of an undo ended, of those that had something to be taken back (all when @p acted is not known).
QList<RestoreOutcome> outcomesOf(
    const ops::ExecutionResult &undone, const ops::Plan &plan, const std::optional<QStringList> &acted, qint64 execution)
{
    QList<RestoreOutcome> outcomes;
    for (const ops::StepOutcome &step : undone.steps) {
        if (acted && !acted->contains(step.stepId))
            continue;
        const auto known = std::find_if(plan.steps.begin(), plan.steps.end(), [&](const ops::Step &one) { return one.id == step.stepId; });
        const auto kind = known == plan.steps.end() ? nullptr : fleet::operationKinds().find(known->operation.kind).value_or(nullptr);
        RestoreOutcome outcome;
        outcome.what = kind ? kind->describe(known->operation, {}).subject : step.stepId;
        outcome.ok = step.state == ops::StepState::Done;
        const QString seen = step.evidence.text.isEmpty() ? step.note : step.evidence.text;
        outcome.proof = outcome.ok ? Say::tr("%1: %2 (read back)").arg(outcome.what, seen)
            : step.error           ? step.error->text()
                                   : outcome.what + QStringLiteral(": ") + seen;
        outcome.execution = execution;
        outcome.step = step.stepId;
        outcomes += outcome;
    }
    return outcomes;
}

/// What kept the undo from its rows; nullopt: nothing did.
std::optional<Error> journalTrouble(const ops::ExecutionResult &undone, const QString &file)
{
    // A file whose first page is spoilt is no database any more, which is InvalidInput.
    const auto isIt = [whole = QFileInfo(file).absoluteFilePath()](const std::optional<Error> &error) {
        return error && (error->kind == ErrorKind::Storage || (error->kind == ErrorKind::InvalidInput && error->target == whole));
    };
    if (isIt(undone.error))
        return undone.error;
    for (const ops::StepOutcome &step : undone.steps)
        if (isIt(step.error))
            return step.error;
    return std::nullopt;
}

/// The steps of @p execution that something is to be taken back of; nullopt: the journal does not tell.
std::optional<QStringList> actedSteps(const ops::Journal &journal, qint64 execution)
{
    const auto events = journal.events(execution);
    if (!events)
        return std::nullopt;
    QStringList acted;
    const auto records = ops::recordsOf(*events);
    for (auto it = records.cbegin(); it != records.cend(); ++it)
        if (it->isToUndo() || it->isUnsettled())
            acted += it.key();
    return acted;
}

/// Adopts @p traces into @p journal and takes them back at once.
QList<RestoreOutcome> adoptAndTakeBack(ops::Journal &journal, const ops::Adoptee &whose, const QList<ops::Trace> &traces,
    session::Session &session, bool kept, std::stop_token stop)
{
    fleet::SessionWorld world(session, othersFor(ops::purposeOfMark(whose.name)));
    const ops::ExecuteOptions options = optionsFor(session, journal.file());
    const auto failed = [&](const Error &error) {
        QStringList subjects;
        for (const ops::Trace &trace : traces)
            subjects += trace.subject();
        return QList<RestoreOutcome> { { subjects.isEmpty() ? whose.name : subjects.join(QStringLiteral(", ")), false, error.text(),
            kept ? whose.execution : 0 } };
    };
    const auto adopted = ops::adopt(journal, whose, traces, fleet::operationKinds(), world, options, stop);
    if (!adopted)
        return failed(adopted.error());
    if (*adopted == 0) // the marks are gone: somebody was faster
        return {};
    const auto acted = actedSteps(journal, *adopted);
    const auto execution = journal.execution(*adopted);
    const auto plan = execution.and_then([](const ops::Execution &one) { return ops::Plan::fromJson(one.plan); });
    if (!plan)
        return failed(plan.error());
    const ops::ExecutionResult undone = ops::undo(*adopted, fleet::operationKinds(), world, options, stop);
    if (undone.steps.isEmpty() && undone.error)
        return failed(*undone.error);
    return outcomesOf(undone, *plan, acted, kept ? *adopted : 0);
}

QList<RestoreOutcome> takeBackByMarks(
    const ops::Adoptee &whose, const QList<ops::Trace> &traces, session::Session &session, std::stop_token stop)
{
    const store::MemoryDatabase memory; // the real journal cannot be written, and a temporary file would be on the same full disk
    auto journal = ops::Journal::open(memory.name());
    if (!journal)
        return { { whose.name, false, journal.error().text() } };
    ops::Adoptee anew = whose;
    anew.execution = 0; // which is the other journal's
    if (anew.uid.isEmpty())
        anew.uid = QStringLiteral("earlier-%1").arg(whose.execution);
    QList<RestoreOutcome> outcomes;
    for (const ops::Trace &trace : traces) // each by itself: a cluster that does not answer keeps no other object waiting
        outcomes += adoptAndTakeBack(*journal, anew, { trace }, session, false, stop);
    return outcomes;
}

bool isOk(const QList<RestoreOutcome> &outcomes)
{
    return std::all_of(outcomes.begin(), outcomes.end(), [](const RestoreOutcome &outcome) { return outcome.ok; });
}

ops::Adoptee adopteeOf(const ops::Execution &execution)
{
    return { execution.id, execution.uid.section(u'/', 0, 0), execution.name, execution.at, execution.owner };
}

/// The journal as far as it can be used.
struct Opened {
    std::optional<ops::Journal> journal; ///< nullopt: nothing of it can be read
    std::optional<Error> unwritable;
};

Result<Opened> openJournal(const QString &file)
{
    auto opened = ops::Journal::open(file);
    if (opened) {
        const auto why = opened->readOnly();
        return Opened { std::move(*opened), why };
    }
    if (opened.error().code != store::trouble::damaged)
        return core::fail(opened.error());
    auto rescued = ops::Journal::openToRescue(file);
    return Opened { rescued ? std::optional(std::move(*rescued)) : std::nullopt, opened.error() };
}

Result<DueRestores> dueOf(const ops::Journal &journal, const QString &environment, const QString &purpose)
{
    const auto due = journal.undoDue(environment);
    const auto running = journal.held(environment);
    if (!due || !running)
        return core::fail(due ? running.error() : due.error());
    DueRestores restores;
    for (const ops::Execution &one : *running) {
        const auto undone = one.undoes == 0 ? Result<ops::Execution>(one) : journal.execution(one.undoes);
        if (undone && undone->purpose == purpose
            && std::none_of(
                restores.held.begin(), restores.held.end(), [&](const ops::Execution &other) { return other.uid == undone->uid; })) {
            ops::Execution held = *undone;
            held.owner = one.owner; // who restores it now, where that is another
            restores.held += held;
        }
    }
    for (const ops::Execution &one : *due) {
        const bool isHeld
            = std::any_of(restores.held.begin(), restores.held.end(), [&](const ops::Execution &other) { return other.uid == one.uid; });
        if (one.purpose == purpose && !isHeld)
            restores.due += one;
    }
    return restores;
}

/// What is due by @p opened, put back.
void restoreDue(RestoreReport &report, Opened &opened, const ops::Execution &execution, session::Session &session,
    const QString &databaseFile, std::stop_token stop)
{
    const auto traces = tracesOf(execution);
    if (!traces) {
        report.outcomes += RestoreOutcome { execution.title(), false, traces.error().text(), execution.id };
        return;
    }
    if (opened.unwritable) {
        report.outcomes += takeBackByMarks(adopteeOf(execution), *traces, session, std::move(stop));
    } else if (isOfEarlierVersion(execution)) {
        QList<RestoreOutcome> outcomes = adoptAndTakeBack(*opened.journal, adopteeOf(execution), *traces, session, true, stop);
        const auto now = opened.journal->execution(execution.id);
        if (!isOk(outcomes) && now
            && isOfEarlierVersion(*now)) { // not all of it could be looked at: what can be put back is, and the rest stays due
            outcomes = takeBackByMarks(adopteeOf(execution), *traces, session, std::move(stop));
            for (RestoreOutcome &outcome : outcomes) {
                outcome.execution = execution.id;
                outcome.step.clear(); // it is given up as a whole
            }
        }
        report.outcomes += outcomes;
    } else {
        ops::ExecutionResult broken;
        broken.execution = execution.id;
        broken.uid = execution.uid;
        const auto plan = ops::Plan::fromJson(execution.plan);
        const RestoreReport one
            = takeBack(broken, plan ? *plan : ops::Plan(), session, databaseFile, std::move(stop), {}, execution.purpose);
        report.outcomes += one.outcomes;
        if (one.journal)
            report.journal = one.journal;
    }
}

/// What bears a mark that nobody here knows: by drill.
void restoreMarked(RestoreReport &report, Opened &opened, const QList<MarkedObject> &marks, const RestoreOptions &options,
    session::Session &session, std::stop_token stop)
{
    QMap<QString, QList<MarkedObject>> byExecution;
    for (const MarkedObject &one : marks)
        if (ops::purposeOfMark(one.mark.name) == options.purpose)
            byExecution[one.mark.execution] += one;
    for (const QList<MarkedObject> &objects : std::as_const(byExecution)) {
        const MarkedObject &first = objects.first();
        const OwnerState owner = ownerOf(first.mark);
        if (owner == OwnerState::Alive) {
            report.outcomes
                += RestoreOutcome { first.trace().subject(), false, Say::tr("%1, which runs; another history has it").arg(first.whose()) };
            continue;
        }
        if (owner == OwnerState::Elsewhere && !options.alsoOfOthers) {
            report.asked += objects;
            continue;
        }
        QList<ops::Trace> traces;
        for (const MarkedObject &one : objects)
            traces += one.trace();
        const ops::Adoptee whose { 0, first.mark.execution, first.mark.name, first.mark.at, first.mark.owner };
        report.outcomes += opened.unwritable ? takeBackByMarks(whose, traces, session, stop)
                                             : adoptAndTakeBack(*opened.journal, whose, traces, session, true, stop);
    }
}

QStringList namespacesOf(const QList<ops::Execution> &executions)
{
    QStringList namespaces;
    for (const ops::Execution &one : executions)
        for (const ops::Trace &trace : tracesOf(one).value_or(QList<ops::Trace>()))
            if (!namespaces.contains(trace.ns))
                namespaces += trace.ns;
    return namespaces;
}

} // namespace

bool RestoreReport::ok() const
{
    return isOk(outcomes) && asked.isEmpty();
}

RestoreReport takeBack(const ops::ExecutionResult &broken, const ops::Plan &plan, session::Session &session, const QString &databaseFile,
    std::stop_token stop, std::shared_ptr<ops::Claim> held, const QString &purpose)
{
    fleet::SessionWorld world(session, othersFor(purpose));
    RestoreReport report;
    std::optional<QStringList> acted;
    if (const auto journal = ops::Journal::open(databaseFile))
        acted = actedSteps(*journal, broken.execution);
    const ops::ExecutionResult undone
        = ops::undo(broken.execution, fleet::operationKinds(), world, optionsFor(session, databaseFile), stop, std::move(held));
    report.journal = journalTrouble(undone, databaseFile);
    if (undone.execution != 0 || undone.complete)
        report.outcomes = outcomesOf(undone, plan, acted, broken.execution);
    else if (!report.journal)
        report.outcomes += RestoreOutcome { plan.isEmpty() ? broken.uid : Say::tr("execution %1").arg(broken.execution), false,
            undone.error ? undone.error->text() : QString(), broken.execution };
    if (report.journal && !undone.complete) { // the objects tell as well
        report.outcomes.erase(
            std::remove_if(report.outcomes.begin(), report.outcomes.end(), [](const RestoreOutcome &one) { return !one.ok; }),
            report.outcomes.end());
        report.outcomes += takeBackByMarks(
            { broken.execution, broken.uid.section(u'/', 0, 0), purpose == ops::probePurpose ? ops::probesName({}) : QString(), {}, {} },
            ops::tracesOf(plan, broken.uid.section(u'/', 0, 0)), session, std::move(stop));
    }
    return report;
}

Result<DueRestores> dueRestores(const QString &databaseFile, const QString &environment, const QString &purpose)
{
    return ops::Journal::open(databaseFile).and_then([&](const ops::Journal &journal) { return dueOf(journal, environment, purpose); });
}

QString heldText(const ops::Execution &execution)
{
    return (execution.purpose == ops::probePurpose ? Say::tr("the probe “%1” (execution %2) stands since %3, %4")
                                                   : Say::tr("the drill “%1” (execution %2) runs since %3, %4"))
        .arg(execution.name, QString::number(execution.id), execution.at.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")),
            execution.owner.text());
}

Result<RestoreReport> restorePending(
    session::Session &session, const QString &databaseFile, const RestoreOptions &options, std::stop_token stop)
{
    auto opened = openJournal(databaseFile);
    if (!opened)
        return core::fail(opened.error());
    RestoreReport report;
    DueRestores restores;
    if (opened->journal) {
        auto known = dueOf(*opened->journal, session.environment().name, options.purpose);
        if (known)
            restores = *known;
        else if (opened->unwritable)
            opened->journal.reset(); // damaged where it matters
        else
            return core::fail(known.error());
    }
    for (const ops::Execution &one : std::as_const(restores.held))
        report.outcomes += RestoreOutcome { one.title(), false,
            options.purpose == ops::probePurpose ? Say::tr("%1: it is taken away there").arg(heldText(one))
                                                 : Say::tr("%1: what it broke is put back there").arg(heldText(one)) };
    for (const ops::Execution &one : std::as_const(restores.due))
        restoreDue(report, *opened, one, session, databaseFile, stop);
    QStringList namespaces = namespacesOf(restores.held + restores.due);
    if (const auto &place = session.environment().probe; place && !place->ns.isEmpty() && options.purpose == ops::probePurpose)
        namespaces += place->ns;
    MarkSearch search = findMarks(session, namespaces, stop);
    report.unseen = search.unseen;
    report.unlisted = search.unlisted;
    const auto unknown = opened->journal ? unknownTo(*opened->journal, search.found) : Result<QList<MarkedObject>>(search.found);
    restoreMarked(report, *opened, unknown ? *unknown : search.found, options, session, stop);
    if (opened->unwritable && !report.outcomes.isEmpty())
        report.journal = opened->unwritable;
    return report;
}

Result<fleet::Rights> refusedForRestore(session::Session &session, const QString &databaseFile, std::stop_token stop)
{
    const auto opened = openJournal(databaseFile);
    if (!opened)
        return core::fail(opened.error());
    if (!opened->journal)
        return fleet::Rights();
    const auto restores = dueOf(*opened->journal, session.environment().name, ops::drillPurpose);
    if (!restores)
        return core::fail(restores.error());
    QList<ops::Right> needed;
    for (const ops::Execution &execution : restores->due) {
        const auto traces = tracesOf(execution);
        if (!traces)
            return core::fail(traces.error());
        needed += ops::rightsOf(ops::planOf(*traces), fleet::operationKinds(), ops::Direction::Undo);
    }
    return fleet::refusedOf(fleet::byCluster(needed), session, stop);
}

Result<QList<RestoreOutcome>> giveUp(session::Session &session, const QString &databaseFile, qint64 execution, const QString &step,
    const QString &reason, std::stop_token stop)
{
    auto journal = ops::Journal::open(databaseFile);
    if (!journal)
        return core::fail(journal.error());
    const QString tried = Say::tr("give up what execution %1 did").arg(execution);
    const auto found = journal->execution(execution);
    if (!found)
        return core::fail(found.error());
    if (found->environment != session.environment().name)
        return core::fail(ErrorKind::InvalidInput, tried, found->title(),
            Say::tr("it was begun in another environment than %1").arg(session.environment().name));
    if (found->purpose != ops::drillPurpose)
        return core::fail(ErrorKind::InvalidInput, tried, found->title(), Say::tr("it is no drill"));
    QStringList steps { step };
    if (step.isEmpty() && !isOfEarlierVersion(*found)) {
        const auto acted = actedSteps(*journal, execution);
        if (!acted || acted->isEmpty())
            return core::fail(ErrorKind::InvalidInput, tried, found->title(), Say::tr("nothing of it is left to be settled or taken back"));
        steps = *acted;
    }
    for (const QString &one : std::as_const(steps))
        if (const auto given = journal->giveUp(execution, one, reason); !given)
            return core::fail(given.error());

    // The marks would keep later drills off.
    QList<RestoreOutcome> outcomes;
    fleet::SessionWorld world(session);
    const auto traces = tracesOf(*found).value_or(QList<ops::Trace>());
    for (const ops::Trace &trace : traces) {
        if (!steps.contains(trace.step) && !isOfEarlierVersion(*found))
            continue;
        RestoreOutcome outcome { trace.subject(), true, Say::tr("%1: given up, and left as it is").arg(trace.subject()), execution,
            trace.step };
        const auto unmarked = ops::takeMarkOff(trace, fleet::operationKinds(), world, optionsFor(session, databaseFile), stop);
        if (!unmarked)
            outcome.proof += QStringLiteral("; ") + Say::tr("the mark of the fault is still on it: %1").arg(unmarked.error().text());
        outcomes += outcome;
    }
    if (outcomes.isEmpty())
        outcomes += RestoreOutcome { found->title(), true, Say::tr("given up, and left as it is"), execution };
    return outcomes;
}

QString restoreCommand(const QString &environmentFile, const QString &databaseFile, const QStringList &more)
{
    return core::shellQuoted(QStringList { QStringLiteral("catamaranctl"), QStringLiteral("--env"), environmentFile,
                                 QStringLiteral("--database"), databaseFile, QStringLiteral("drill"), QStringLiteral("restore") }
        + more);
}

QString giveUpCommand(const QString &environmentFile, const QString &databaseFile, const RestoreOutcome &outcome)
{
    const QString what = QString::number(outcome.execution) + (outcome.step.isEmpty() ? QString() : u'/' + outcome.step);
    return restoreCommand(environmentFile, databaseFile, { QStringLiteral("--give-up"), what, QStringLiteral("--reason"), Say::tr("WHY") });
}

} // namespace catamaran::drill
