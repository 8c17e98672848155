// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include "core/output.h"
#include "core/printable.h"
#include "core/regularfile.h"

#include "drill/restoration.h"
#include "drill/runner.h"
#include "drill/sentry.h"

#include <QFileInfo>
#include <QJsonArray>

#include <algorithm>

namespace catamaran::ctl {

using core::ErrorKind;
using core::Result;

namespace {

Result<drill::DrillDocument> findDrill(const QString &name)
{
    const auto builtin = drill::builtinDrills();
    for (const drill::DrillDocument &document : builtin) {
        if (document.id == name && !QFileInfo::exists(name))
            return document;
    }
    return drill::loadDrill(name);
}

QString describe(const drill::DrillResult &result)
{
    const drill::Measurement &measured = result.measurement;
    QString text = table({ Say::tr("Drill"), core::printableLine(result.drill.title) },
        { { Say::tr("Verdict"), drill::verdictName(result.verdict) }, { Say::tr("Why"), result.reason },
            { Say::tr("Recovery"), result.recoveryText() }, { Say::tr("First seen after"), result.detectionText() },
            { Say::tr("Failed requests"), Say::tr("%1 of %2").arg(measured.failed).arg(measured.requests) },
            { Say::tr("Restored"),
                result.times.faultAtMs <= 0 ? Say::tr("nothing was changed")
                    : result.restored       ? Say::tr("yes")
                                            : Say::tr("NO") } });
    for (const QString &proof : result.restoreProof)
        text += QStringLiteral("  ") + core::printableLine(proof) + u'\n';
    return text;
}

int exitCodeOf(const drill::DrillResult &result)
{
    switch (result.verdict) {
    case drill::Verdict::Pass: return result.restored ? Holds : Failed;
    case drill::Verdict::Fail: return Failed;
    case drill::Verdict::Aborted: break;
    }
    if (!result.restored)
        return Failed;
    if (result.times.restoreAtMs > 0 || !result.error) // something had been broken
        return Aborted;
    return ctl::exitCodeOf(*result.error);
}

int runDrill(Context &context, const drill::DrillDocument &document, const QString &report, bool yes, bool guarded)
{
    if (const auto allowed = mayChange(context, yes); !allowed)
        return context.failed(allowed.error());
    std::unique_ptr<drill::Sentry> sentry;
    if (guarded) {
        auto posted
            = drill::Sentry::post(QCoreApplication::applicationFilePath(), context.environment.file, context.databaseFile, context.stop);
        if (!posted)
            return context.failed(posted.error());
        sentry = std::move(*posted);
        context.progress(sentry->text());
    }
    drill::DrillCallbacks callbacks;
    callbacks.onPhase = [&context](const drill::PhaseMark &mark) {
        context.progress(drill::phaseName(mark.phase) + (mark.note.isEmpty() ? QString() : QStringLiteral(": ") + mark.note));
    };
    const drill::DrillResult result = drill::runDrill(document, *context.session, context.databaseFile, callbacks, context.stop);
    if (result.error)
        context.progress(result.error->text());
    context.print(result.toJson(), describe(result));
    if (!report.isEmpty()) {
        if (const auto written = core::writeRegularFile(report, drill::toHtml(result), Say::tr("write the report")); !written) {
            context.progress(written.error().text());
            return std::max(exitCodeOf(result), int(Failed));
        }
    }
    return exitCodeOf(result);
}

int listDrills(Context &context)
{
    QJsonArray list;
    QList<QStringList> rows;
    const auto builtin = drill::builtinDrills();
    for (const drill::DrillDocument &document : builtin) {
        list += QJsonObject { { QStringLiteral("drill"), document.id }, { QStringLiteral("title"), document.title },
            { QStringLiteral("summary"), document.summary }, { QStringLiteral("hypothesis"), document.hypothesis } };
        rows += { document.id, document.title, document.hypothesis };
    }
    context.print({ { QStringLiteral("drills"), list } }, table({ Say::tr("DRILL"), Say::tr("TITLE"), Say::tr("HYPOTHESIS") }, rows));
    return Holds;
}

/// What was kept of drills, without their samples; newest first.
Result<QList<store::Document>> past(const Context &context, int limit)
{
    return context.openHistory().and_then([&](const std::shared_ptr<store::Database> &database) {
        return database->summaries(QStringLiteral("drill"), context.environment.name, limit);
    });
}

int history(Context &context)
{
    const auto documents = past(context, 100);
    if (!documents)
        return context.failed(documents.error());
    QJsonArray list;
    QList<QStringList> rows;
    for (const store::Document &document : *documents) {
        QJsonObject entry = document.content;
        entry.remove(QStringLiteral("older_failures"));
        entry.insert(QStringLiteral("id"), document.id);
        entry.insert(QStringLiteral("at"), document.at.toString(Qt::ISODate));
        list += entry;
        const QJsonValue recovery = entry[u"recovery_ms"];
        rows += { QString::number(document.id), document.at.toLocalTime().toString(Qt::ISODate), document.name,
            entry[u"verdict"].toString(), recovery.isDouble() ? Say::tr("%1 ms").arg(recovery.toDouble()) : Say::tr("-"),
            Say::tr("%1 of %2").arg(entry[u"failed_requests"].toInt()).arg(entry[u"requests"].toInt()) };
    }
    context.print({ { QStringLiteral("drills"), list } },
        table({ Say::tr("ID"), Say::tr("AT"), Say::tr("DRILL"), Say::tr("VERDICT"), Say::tr("RECOVERY"), Say::tr("FAILED") }, rows));
    return Holds;
}

/// What “drill restore” is asked for.
struct RestoreWish {
    bool yes = false;
    qint64 execution = 0; ///< to be given up, with its step (empty: all of them); 0: none
    QString step, reason;
};

QJsonArray toJson(const QList<drill::RestoreOutcome> &outcomes)
{
    QJsonArray list;
    for (const drill::RestoreOutcome &outcome : outcomes) {
        QJsonObject entry { { QStringLiteral("what"), outcome.what }, { QStringLiteral("ok"), outcome.ok },
            { QStringLiteral("proof"), outcome.proof } };
        if (outcome.execution != 0)
            entry.insert(QStringLiteral("execution"), outcome.execution);
        if (!outcome.step.isEmpty())
            entry.insert(QStringLiteral("step"), outcome.step);
        list += entry;
    }
    return list;
}

int giveUp(Context &context, const RestoreWish &wish)
{
    const auto given = drill::giveUp(*context.session, context.databaseFile, wish.execution, wish.step, wish.reason, context.stop);
    if (!given)
        return context.failed(given.error());
    QList<QStringList> rows;
    for (const drill::RestoreOutcome &outcome : *given)
        rows += { Say::tr("given up"), outcome.what, outcome.proof };
    context.print({ { QStringLiteral("given_up"), toJson(*given) }, { QStringLiteral("reason"), wish.reason } },
        table({ Say::tr("STATE"), Say::tr("WHAT"), Say::tr("PROOF") }, rows));
    return Holds;
}

int restore(Context &context, const RestoreWish &wish)
{
    if (wish.execution != 0)
        return giveUp(context, wish);
    context.progress(Say::tr("putting back what an interrupted drill left broken"));
    if (const auto refused = drill::refusedForRestore(*context.session, context.databaseFile, context.stop); refused && !refused->isEmpty())
        context.progress(fleet::rightsError(Say::tr("put everything back"), *refused).text());
    const auto restored = drill::restorePending(*context.session, context.databaseFile, { wish.yes }, context.stop);
    if (!restored)
        return context.failed(restored.error());
    QList<QStringList> rows;
    for (const drill::RestoreOutcome &outcome : restored->outcomes)
        rows += { outcome.ok ? Say::tr("restored") : Say::tr("FAILED"), outcome.what, outcome.proof };
    QJsonArray asked, unseen;
    for (const drill::MarkedObject &one : restored->asked) {
        asked += QJsonObject { { QStringLiteral("what"), one.trace().subject() }, { QStringLiteral("drill"), one.mark.name },
            { QStringLiteral("since"), one.mark.at.toString(Qt::ISODate) }, { QStringLiteral("owner"), one.mark.owner.text() },
            { QStringLiteral("replicas"), one.mark.replicas ? QJsonValue(*one.mark.replicas) : QJsonValue(QJsonValue::Null) } };
        rows += { Say::tr("left"), one.trace().subject(),
            Say::tr("%1: another machine's drill may be running; %2").arg(one.whose(), one.text()) };
    }
    for (const core::Error &error : restored->unseen) {
        unseen += error.text();
        context.progress(Say::tr("nobody knows whether a drill left something broken there: %1").arg(error.text()));
    }
    QJsonObject object { { QStringLiteral("restored"), restored->ok() }, { QStringLiteral("outcomes"), toJson(restored->outcomes) } };
    if (!asked.isEmpty()) {
        object.insert(QStringLiteral("asked"), asked);
        context.progress(Say::tr("Put back what another machine's drill left broken, if it does not run any more: %1")
                             .arg(drill::restoreCommand(context.environment.file, context.databaseFile, { QStringLiteral("--yes") })));
    }
    if (!unseen.isEmpty())
        object.insert(QStringLiteral("unseen"), unseen);
    for (const drill::RestoreOutcome &outcome : restored->outcomes)
        if (!outcome.ok && outcome.execution != 0)
            context.progress(Say::tr("What cannot be put back any more is given up by: %1")
                                 .arg(drill::giveUpCommand(context.environment.file, context.databaseFile, outcome)));
    if (restored->journal) {
        object.insert(QStringLiteral("journal"), restored->journal->text());
        context.progress(Say::tr("the journal could not be told, and will offer this restore again: %1").arg(restored->journal->text()));
    }
    context.print(object,
        rows.isEmpty() ? Say::tr("Nothing is to be restored.") : table({ Say::tr("STATE"), Say::tr("WHAT"), Say::tr("PROOF") }, rows));
    if (!restored->ok())
        return Failed; // also when it was stopped: “aborted” means that everything was put back
    if (restored->unseen.isEmpty())
        return Holds;
    return ctl::exitCodeOf(restored->unseen.first()) == Unreachable ? Unreachable : Failed;
}

/// Started by whoever runs a drill, and told by its standard input when it is not needed.
int standSentry(Context &context)
{
    (void)core::writeOutput(drill::sentryReady);
    const auto ended = drill::standSentry(*context.session, context.databaseFile, 0, context.stop);
    if (!ended)
        return Holds;
    if (!*ended)
        return context.failed(ended->error());
    for (const drill::RestoreOutcome &outcome : (*ended)->outcomes)
        context.progress(outcome.proof);
    return (*ended)->ok() ? Holds : Failed;
}

/// --give-up EXECUTION[/STEP] --reason TEXT
Result<RestoreWish> readRestore(const QCommandLineParser &parser)
{
    const QString giveUp = QStringLiteral("give-up"), reason = QStringLiteral("reason");
    RestoreWish wish;
    wish.yes = parser.isSet(QStringLiteral("yes"));
    wish.reason = parser.value(reason).trimmed();
    if (!parser.isSet(giveUp))
        return wish.reason.isEmpty() ? Result<RestoreWish>(wish)
                                     : core::fail(badArgument(QStringLiteral("--reason"), Say::tr("nothing is given up"),
                                         Say::tr("Say what: --give-up EXECUTION[/STEP]")));
    const QString what = parser.value(giveUp);
    bool ok = false;
    wish.execution = what.section(u'/', 0, 0).toLongLong(&ok);
    wish.step = what.section(u'/', 1);
    if (!ok || wish.execution <= 0)
        return core::fail(badArgument(QStringLiteral("--give-up"), Say::tr("“%1” is not the number of an execution").arg(what),
            Say::tr("“catamaranctl drill restore” says which there are.")));
    if (wish.reason.isEmpty())
        return core::fail(badArgument(
            QStringLiteral("--give-up"), Say::tr("there is no reason"), Say::tr("Say why with --reason: it is kept with the step.")));
    return wish;
}

int report(Context &context, qint64 id, const QString &file)
{
    const auto documents = past(context, 1000);
    if (!documents)
        return context.failed(documents.error());
    const auto wanted = std::find_if(
        documents->begin(), documents->end(), [id](const store::Document &document) { return id == 0 || document.id == id; });
    if (wanted == documents->end()) {
        return context.failed(
            core::Error::make(ErrorKind::InvalidInput, Say::tr("find the drill"), id == 0 ? Say::tr("the newest") : QString::number(id),
                Say::tr("the history has none"), Say::tr("See “catamaranctl drill history”.")));
    }
    const auto whole
        = context.openHistory().and_then([&](const std::shared_ptr<store::Database> &database) { return database->document(wanted->id); });
    if (!whole)
        return context.failed(whole.error());
    const QByteArray html = drill::toHtml(drill::DrillResult::fromJson(whole->content));
    if (file.isEmpty()) {
        if (context.json)
            context.print(whole->content, {});
        else
            context.print({}, QString::fromUtf8(html));
        return Holds;
    }
    if (const auto written = core::writeRegularFile(file, html, Say::tr("write the report")); !written)
        return context.failed(written.error());
    context.print({ { QStringLiteral("report"), file }, { QStringLiteral("drill"), wanted->name } }, Say::tr("Written: %1").arg(file));
    return Holds;
}

Result<Work> prepare(const QCommandLineParser &parser, const QStringList &words)
{
    const QString what = words.value(0);
    const auto tooMany = [&words](qsizetype allowed) { return words.size() > allowed + 1; };
    if (what == u"run") {
        if (words.size() != 2)
            return core::fail(
                badArgument(QStringLiteral("drill run"), words.size() < 2 ? Say::tr("no drill") : Say::tr("more than one drill"),
                    Say::tr("Name a file, or one of “catamaranctl drill list”.")));
        const QString file = parser.value(QStringLiteral("report"));
        const bool yes = parser.isSet(QStringLiteral("yes")), guarded = parser.isSet(QStringLiteral("sentry"));
        return findDrill(words[1]).map([&](const drill::DrillDocument &document) {
            return Work([document, file, yes, guarded](Context &context) { return runDrill(context, document, file, yes, guarded); });
        });
    }
    if (what == u"report" && !tooMany(1)) {
        bool ok = true;
        const qint64 id = words.size() == 2 ? words[1].toLongLong(&ok) : 0;
        if (!ok || id < 0)
            return core::fail(badArgument(words[1], Say::tr("not the number of a drill"), Say::tr("See “catamaranctl drill history”.")));
        const QString file = parser.value(QStringLiteral("report"));
        return Work([id, file](Context &context) { return report(context, id, file); });
    }
    if (what == u"list" && !tooMany(0))
        return Work(listDrills);
    if (what == u"history" && !tooMany(0))
        return Work(history);
    if (what == u"sentry" && !tooMany(0))
        return Work(standSentry);
    if (what == u"restore" && !tooMany(0))
        return readRestore(parser).map(
            [](const RestoreWish &wish) { return Work([wish](Context &context) { return restore(context, wish); }); });
    return core::fail(badArgument(QStringLiteral("drill"),
        what.isEmpty() ? Say::tr("nothing said after it") : Say::tr("“%1” is not understood").arg(words.join(u' ')),
        Say::tr("It is one of: list, run FILE, history, restore, report [ID].")));
}

} // namespace

Command drillCommand()
{
    Command command { "drill", Say::tr("Rehearses failures: list, run FILE, history, restore, report [ID]."),
        QStringLiteral("list|run|history|restore|report"), true, {}, &prepare, {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOption(yesOption());
        parser.addOption(
            { QStringLiteral("give-up"), Say::tr("With restore: leave what this drill's step did as it is; without a step, all of it."),
                QStringLiteral("EXECUTION[/STEP]") });
        parser.addOption({ QStringLiteral("sentry"),
            Say::tr("With run: a process of its own stands sentry, and puts everything back when this one is killed.") });
        parser.addOption({ QStringLiteral("reason"), Say::tr("With --give-up: why. It is kept."), QStringLiteral("TEXT") });
        parser.addOption(
            { QStringLiteral("report"), Say::tr("With run and report: write a page of the result to this file."), QStringLiteral("FILE") });
    };
    command.connects
        = [](const QStringList &words) { return words.value(0) == u"run" || words.value(0) == u"restore" || words.value(0) == u"sentry"; };
    return command;
}

} // namespace catamaran::ctl
