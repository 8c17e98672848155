// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include "core/output.h"
#include "core/printable.h"
#include "core/regularfile.h"

#include "drill/compare.h"
#include "drill/drilltemplate.h"
#include "drill/restoration.h"
#include "drill/runner.h"
#include "drill/sentry.h"
#include "drill/trend.h"

#include <QFileInfo>
#include <QJsonArray>

#include <algorithm>

namespace catamaran::ctl {

using core::ErrorKind;
using core::Result;

namespace {

Result<drill::DrillTemplate> findDrill(const QString &name)
{
    const auto builtin = drill::builtinTemplates();
    for (const drill::DrillTemplate &document : builtin) {
        if (document.id == name && !QFileInfo::exists(name))
            return document;
    }
    return drill::loadTemplate(name);
}

/// -p name=value, each name once.
Result<QMap<QString, QString>> readParameters(const QCommandLineParser &parser)
{
    QMap<QString, QString> values;
    const QStringList given = parser.values(QStringLiteral("parameter"));
    for (const QString &one : given) {
        const QString name = one.section(u'=', 0, 0);
        if (!one.contains(u'=') || name.isEmpty())
            return core::fail(badArgument(QStringLiteral("-p"), Say::tr("“%1” is not of the form name=value").arg(one.left(80)),
                Say::tr("Write for example -p target=cluster-1/shop/till.")));
        if (values.contains(name))
            return core::fail(badArgument(QStringLiteral("-p"), Say::tr("%1 is given twice").arg(name.left(80))));
        values.insert(name, one.section(u'=', 1));
    }
    return values;
}

QString failedText(const drill::Measurement &measured)
{
    const QString text = Say::tr("%1 of %2").arg(measured.failed).arg(measured.requests);
    return measured.neverSent > 0 ? Say::tr("%1; of these %2 were due and could not be sent").arg(text, QString::number(measured.neverSent))
                                  : text;
}

QString versionsText(const QMap<QString, int> &versions)
{
    QStringList parts;
    for (auto it = versions.cbegin(); it != versions.cend(); ++it)
        parts += QStringLiteral("%1: %2").arg(
            it.key().isEmpty() ? Say::tr("no version") : core::printableLine(it.key()), QString::number(it.value()));
    return parts.isEmpty() ? Say::tr("no good answer") : parts.join(QStringLiteral(", "));
}

/// The answers by time, and the figures that are known.
QString describeFigures(const drill::DrillResult &result)
{
    const drill::Measurement &measured = result.measurement;
    QList<QStringList> rows;
    const auto add = [&rows](const QString &name, qint64 ms) {
        if (ms >= 0)
            rows += { name, Say::tr("%1 ms").arg(ms) };
    };
    add(Say::tr("First failure after"), measured.firstFailureMs);
    add(Say::tr("Full shift after"), measured.shiftMs);
    add(Say::tr("Longest time without a good answer"), measured.longestGapMs);
    add(Say::tr("Good again after the restore"), measured.failbackMs);
    for (const drill::GuardReading &reading : result.guards)
        rows += { Say::tr("Guard: %1").arg(reading.name()), Say::tr("%1 at the most").arg(reading.text()) };
    for (const drill::Window &window : result.windows)
        rows += { core::printableLine(window.text()),
            Say::tr("%1 of %2 failed; %3")
                .arg(QString::number(window.failed), QString::number(window.requests), versionsText(window.versions)) };
    return rows.isEmpty() ? QString() : u'\n' + table({ Say::tr("FIGURE"), QString() }, rows);
}

QString describe(const drill::DrillResult &result)
{
    const drill::Measurement &measured = result.measurement;
    QString text = table({ Say::tr("Drill"), core::printableLine(result.drill.title) },
        { { Say::tr("Verdict"), drill::verdictName(result.verdict) }, { Say::tr("Why"), result.reason },
            { Say::tr("Recovery"), result.recoveryText() }, { Say::tr("First seen after"), result.detectionText() },
            { Say::tr("Failed requests"), failedText(measured) },
            { Say::tr("Restored"),
                result.times.faultAtMs <= 0 ? Say::tr("nothing was changed")
                    : result.restored       ? Say::tr("yes")
                                            : Say::tr("NO") } });
    for (const QString &proof : result.restoreProof)
        text += QStringLiteral("  ") + core::printableLine(proof) + u'\n';
    return text + describeFigures(result);
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

struct RunWish {
    QString report; ///< a file: .html, .json or .xml (JUnit); empty: none
    bool yes = false, guarded = false; ///< guarded: a sentry stands by
    drill::DrillOptions options;
};

Result<core::Done> writeReport(const QString &file, const drill::DrillResult &result)
{
    return core::writeRegularFile(file, drill::reportAs(file, result), Say::tr("write the report"));
}

int runDrill(Context &context, const drill::DrillDocument &document, const RunWish &wish)
{
    if (const auto allowed = mayChange(context, wish.yes); !allowed)
        return context.failed(allowed.error());
    std::unique_ptr<drill::Sentry> sentry;
    if (wish.guarded) {
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
    const drill::DrillResult result
        = drill::runDrill(document, *context.session, context.databaseFile, callbacks, context.stop, wish.options);
    if (result.error)
        context.progress(result.error->text());
    context.print(result.toJson(), describe(result));
    if (!wish.report.isEmpty()) {
        if (const auto written = writeReport(wish.report, result); !written) {
            context.progress(written.error().text());
            return std::max(exitCodeOf(result), int(Failed));
        }
    }
    return exitCodeOf(result);
}

QJsonObject toJson(const drill::Parameter &parameter)
{
    QJsonObject object { { QStringLiteral("name"), parameter.name }, { QStringLiteral("type"), drill::typeName(parameter.type) },
        { QStringLiteral("about"), parameter.about },
        { QStringLiteral("default"), parameter.preset ? QJsonValue(*parameter.preset) : QJsonValue(QJsonValue::Null) } };
    if (!parameter.allowed.isEmpty())
        object.insert(QStringLiteral("allowed"), QJsonArray::fromStringList(parameter.allowed));
    return object;
}

QJsonObject toJson(const drill::DrillTemplate &document)
{
    QJsonArray parameters;
    for (const drill::Parameter &parameter : document.parameters)
        parameters += toJson(parameter);
    return { { QStringLiteral("drill"), document.id }, { QStringLiteral("title"), document.title },
        { QStringLiteral("summary"), document.summary }, { QStringLiteral("hypothesis"), document.hypothesis },
        { QStringLiteral("parameters"), parameters } };
}

int listDrills(Context &context)
{
    QJsonArray list;
    QList<QStringList> rows;
    const auto builtin = drill::builtinTemplates();
    for (const drill::DrillTemplate &document : builtin) {
        list += toJson(document);
        QStringList wanted;
        for (const drill::Parameter &parameter : document.parameters)
            if (!parameter.preset)
                wanted += parameter.name;
        rows += { document.id, document.title, wanted.isEmpty() ? Say::tr("-") : wanted.join(QStringLiteral(", ")), document.hypothesis };
    }
    context.print({ { QStringLiteral("drills"), list } },
        table({ Say::tr("DRILL"), Say::tr("TITLE"), Say::tr("TO BE GIVEN"), Say::tr("HYPOTHESIS") }, rows));
    return Holds;
}

/// What a drill is and, where its parameters are given, whether it can run here now.
int show(Context &context, const drill::DrillTemplate &document, const QMap<QString, QString> &values)
{
    const auto filled = document.fill(values);
    if (!filled && !values.isEmpty())
        return context.failed(filled.error());
    QJsonObject object = toJson(document);
    QList<QStringList> rows;
    for (const drill::Parameter &parameter : document.parameters)
        rows += { parameter.name, drill::typeName(parameter.type), parameter.preset.value_or(Say::tr("(to be given)")),
            core::printableLine(parameter.about) };
    QString text = table({ document.id, core::printableLine(filled ? filled->title : document.title) },
        { { Say::tr("What"), core::printableLine(filled ? filled->summary : document.summary) },
            { Say::tr("Hypothesis"), core::printableLine(filled ? filled->hypothesis : document.hypothesis) } });
    if (!rows.isEmpty())
        text += u'\n' + table({ Say::tr("PARAMETER"), Say::tr("TYPE"), Say::tr("DEFAULT"), Say::tr("WHAT") }, rows);
    if (!filled) {
        context.print(object, text);
        return Holds;
    }
    QJsonArray faults;
    rows.clear();
    for (const drill::Fault &fault : filled->faults) {
        QJsonObject entry = fault.toJson();
        entry.insert(QStringLiteral("what"), fault.kind->words(fault.arguments));
        entry.insert(QStringLiteral("needs"), fault.kind->needs());
        entry.insert(QStringLiteral("undo"), fault.kind->undoWords(fault.arguments));
        faults += entry;
        rows += { QString::number(fault.stage + 1), core::printableLine(fault.kind->words(fault.arguments)), fault.kind->needs(),
            core::printableLine(fault.kind->undoWords(fault.arguments)) };
    }
    const drill::DrillCheck check = drill::checkDrill(*filled, *context.session, context.stop);
    QStringList obstacles;
    for (const core::Error &error : check.obstacles)
        obstacles += error.text();
    object.insert(QStringLiteral("faults"), faults);
    object.insert(QStringLiteral("fit"), obstacles.isEmpty());
    object.insert(QStringLiteral("obstacles"), QJsonArray::fromStringList(obstacles));
    object.insert(QStringLiteral("unproven"), QJsonArray::fromStringList(check.unproven));
    text += u'\n' + table({ Say::tr("STAGE"), Say::tr("FAULT"), Say::tr("NEEDS"), Say::tr("TAKEN BACK") }, rows) + u'\n';
    if (!obstacles.isEmpty())
        text += Say::tr("It cannot run here now: %1").arg(core::printable(obstacles.join(u'\n')));
    else if (!check.unproven.isEmpty())
        text += Say::tr("It would begin only with --yes-unproven: %1").arg(core::printable(check.unproven.join(u'\n')));
    else
        text += Say::tr("Nothing speaks against running it here now; what the other side answers is asked when it begins.");
    context.print(object, text + u'\n');
    if (obstacles.isEmpty())
        return Holds;
    return std::max(int(Failed), int(ctl::exitCodeOf(check.obstacles.first())));
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
    constexpr int listed = 100, read = 1000;
    const auto documents = past(context, read);
    if (!documents)
        return context.failed(documents.error());
    QJsonArray list, trends;
    QList<QStringList> rows, trendRows;
    QList<drill::PastDrill> all;
    for (const store::Document &document : *documents)
        all += { document.id, document.at, document.content };
    for (const drill::Trend &trend : drill::trends(all)) {
        trends += trend.toJson();
        trendRows += { trend.title, trend.source, trend.text() };
    }
    for (const store::Document &document : documents->mid(0, listed)) {
        QJsonObject entry = document.content;
        entry.insert(QStringLiteral("id"), document.id);
        entry.insert(QStringLiteral("at"), document.at.toString(Qt::ISODate));
        list += entry;
        const QJsonValue recovery = entry[u"recovery_ms"];
        rows += { QString::number(document.id), document.at.toLocalTime().toString(Qt::ISODate), document.name,
            entry[u"verdict"].toString(), recovery.isDouble() ? Say::tr("%1 ms").arg(recovery.toDouble()) : Say::tr("-"),
            Say::tr("%1 of %2").arg(entry[u"failed_requests"].toInt()).arg(entry[u"requests"].toInt()) };
    }
    context.print({ { QStringLiteral("drills"), list }, { QStringLiteral("trends"), trends } },
        table({ Say::tr("ID"), Say::tr("AT"), Say::tr("DRILL"), Say::tr("VERDICT"), Say::tr("RECOVERY"), Say::tr("FAILED") }, rows)
            + (trendRows.isEmpty() ? QString() : u'\n' + table({ Say::tr("DRILL"), Say::tr("FROM"), Say::tr("SO FAR") }, trendRows)));
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
    for (const QString &what : restored->unlisted)
        context.progress(Say::tr("what a drill may have left of it is not seen without its journal: %1").arg(what));
    QJsonObject object { { QStringLiteral("restored"), restored->ok() }, { QStringLiteral("outcomes"), toJson(restored->outcomes) } };
    if (!asked.isEmpty()) {
        object.insert(QStringLiteral("asked"), asked);
        context.progress(Say::tr("Put back what another machine's drill left broken, if it does not run any more: %1")
                             .arg(drill::restoreCommand(context.environment.file, context.databaseFile, { QStringLiteral("--yes") })));
    }
    if (!unseen.isEmpty())
        object.insert(QStringLiteral("unseen"), unseen);
    if (!restored->unlisted.isEmpty())
        object.insert(QStringLiteral("not_listed"), QJsonArray::fromStringList(restored->unlisted));
    for (const drill::RestoreOutcome &outcome : restored->outcomes)
        if (!outcome.ok && outcome.execution != 0)
            context.progress(Say::tr("What cannot be put back any more is given up by: %1")
                                 .arg(drill::giveUpCommand(context.environment.file, context.databaseFile, outcome)));
    if (restored->journal) {
        object.insert(QStringLiteral("journal"), restored->journal->text());
        context.progress(Say::tr("the journal could not be told, and will offer this restore again: %1").arg(restored->journal->text()));
    }
    context.print(object,
        !rows.isEmpty() ? table({ Say::tr("STATE"), Say::tr("WHAT"), Say::tr("PROOF") }, rows)
            : restored->unseen.isEmpty() && restored->unlisted.isEmpty()
            ? Say::tr("Nothing is to be restored.")
            : Say::tr("Nothing is seen that is to be restored; not everything could be looked at."));
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

/// One kept result, whole; @p id 0: the newest.
Result<store::Document> kept(const Context &context, qint64 id)
{
    const auto documents = past(context, 1000);
    if (!documents)
        return core::fail(documents.error());
    const auto wanted = std::find_if(
        documents->begin(), documents->end(), [id](const store::Document &document) { return id == 0 || document.id == id; });
    if (wanted == documents->end())
        return core::fail(
            core::Error::make(ErrorKind::InvalidInput, Say::tr("find the drill"), id == 0 ? Say::tr("the newest") : QString::number(id),
                Say::tr("the history has none"), Say::tr("See “catamaranctl drill history”.")));
    return context.openHistory().and_then([&](const std::shared_ptr<store::Database> &database) { return database->document(wanted->id); });
}

int report(Context &context, qint64 id, const QString &file)
{
    const auto whole = kept(context, id);
    if (!whole)
        return context.failed(whole.error());
    const drill::DrillResult result = drill::DrillResult::fromJson(whole->content);
    if (file.isEmpty()) {
        if (context.json)
            context.print(whole->content, {});
        else
            context.print({}, QString::fromUtf8(drill::toHtml(result)));
        return Holds;
    }
    if (const auto written = writeReport(file, result); !written)
        return context.failed(written.error());
    context.print({ { QStringLiteral("report"), file }, { QStringLiteral("drill"), whole->name } }, Say::tr("Written: %1").arg(file));
    return Holds;
}

QString figureText(const QJsonValue &value)
{
    return value.isDouble() ? QString::number(value.toDouble()) : value.isString() ? value.toString() : Say::tr("-");
}

int compare(Context &context, qint64 first, qint64 second)
{
    const auto one = kept(context, first), other = one ? kept(context, second) : one;
    if (!other)
        return context.failed(other.error());
    QJsonArray list;
    QList<QStringList> rows;
    for (const drill::ComparedFigure &figure : drill::compared(one->content, other->content)) {
        const auto difference = figure.difference();
        list += QJsonObject { { QStringLiteral("figure"), figure.key }, { QStringLiteral("first"), figure.first },
            { QStringLiteral("second"), figure.second },
            { QStringLiteral("difference"), difference ? QJsonValue(*difference) : QJsonValue(QJsonValue::Null) } };
        rows += { figure.name, figureText(figure.first), figureText(figure.second),
            difference ? QString::number(*difference) : Say::tr("-") };
    }
    const QString unlike = drill::whyNotAlike(one->content, other->content);
    context.print(
        { { QStringLiteral("first"), one->id }, { QStringLiteral("second"), other->id }, { QStringLiteral("alike"), unlike.isEmpty() },
            { QStringLiteral("why_not_alike"), unlike }, { QStringLiteral("figures"), list } },
        table({ Say::tr("FIGURE"), QString::number(one->id), QString::number(other->id), Say::tr("DIFFERENCE") }, rows)
            + (unlike.isEmpty() ? QString() : u'\n' + unlike + u'\n'));
    return Holds;
}

Result<Work> prepare(const QCommandLineParser &parser, const QStringList &words)
{
    const QString what = words.value(0);
    const auto tooMany = [&words](qsizetype allowed) { return words.size() > allowed + 1; };
    if (what != u"run" && what != u"show" && (parser.isSet(QStringLiteral("parameter"))))
        return core::fail(badArgument(QStringLiteral("-p"), Say::tr("only run and show take parameters")));
    if (what == u"run" || what == u"show") {
        if (words.size() != 2)
            return core::fail(
                badArgument(QStringLiteral("drill ") + what, words.size() < 2 ? Say::tr("no drill") : Say::tr("more than one drill"),
                    Say::tr("Name a file, or one of “catamaranctl drill list”.")));
        const auto values = readParameters(parser);
        if (!values)
            return core::fail(values.error());
        const auto document = findDrill(words[1]);
        if (!document)
            return core::fail(document.error());
        if (what == u"show")
            return Work([document = *document, values = *values](Context &context) { return show(context, document, values); });
        RunWish wish { parser.value(QStringLiteral("report")), parser.isSet(QStringLiteral("yes")), parser.isSet(QStringLiteral("sentry")),
            {} };
        wish.options.yesUnproven = parser.isSet(QStringLiteral("yes-unproven"));
        return document->fill(*values).map([&](const drill::DrillDocument &filled) {
            return Work([filled, wish](Context &context) { return runDrill(context, filled, wish); });
        });
    }
    if (what == u"compare") {
        bool isFirst = false, isSecond = false;
        const qint64 first = words.value(1).toLongLong(&isFirst), second = words.value(2).toLongLong(&isSecond);
        if (words.size() != 3 || !isFirst || !isSecond || first <= 0 || second <= 0)
            return core::fail(badArgument(QStringLiteral("drill compare"), Say::tr("it wants the numbers of two drills"),
                Say::tr("See “catamaranctl drill history”.")));
        return Work([first, second](Context &context) { return compare(context, first, second); });
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
        Say::tr("It is one of: list, show FILE, run FILE, history, restore, report [ID], compare ID ID.")));
}

} // namespace

Command drillCommand()
{
    Command command { "drill", Say::tr("Rehearses failures: list, show FILE, run FILE, history, restore, report [ID], compare ID ID."),
        QStringLiteral("list|show|run|history|restore|report|compare"), true, {}, &prepare, {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOption(yesOption());
        parser.addOption({ { QStringLiteral("p"), QStringLiteral("parameter") },
            Say::tr("With run and show: a parameter of the drill; again for each."), QStringLiteral("NAME=VALUE") });
        parser.addOption(
            { QStringLiteral("yes-unproven"), Say::tr("With run: also where it is not proven that another side can take over.") });
        parser.addOption(
            { QStringLiteral("give-up"), Say::tr("With restore: leave what this drill's step did as it is; without a step, all of it."),
                QStringLiteral("EXECUTION[/STEP]") });
        parser.addOption({ QStringLiteral("sentry"),
            Say::tr("With run: a process of its own stands sentry, and puts everything back when this one is killed.") });
        parser.addOption({ QStringLiteral("reason"), Say::tr("With --give-up: why. It is kept."), QStringLiteral("TEXT") });
        parser.addOption({ QStringLiteral("report"),
            Say::tr("With run and report: write the result to this file: a page, or by its name .json or .xml (JUnit)."),
            QStringLiteral("FILE") });
    };
    command.connects = [](const QStringList &words) {
        return QStringList { QStringLiteral("run"), QStringLiteral("show"), QStringLiteral("restore"), QStringLiteral("sentry") }.contains(
            words.value(0));
    };
    return command;
}

} // namespace catamaran::ctl
