// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include "drill/runner.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QSaveFile>

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

Result<core::Done> writeReport(const QString &file, const QByteArray &html)
{
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(html) != html.size() || !out.commit())
        return core::fail(ErrorKind::Storage, tr("write the report"), file, out.errorString(), tr("Name a file in a folder that can be written."));
    return core::Done {};
}

QString milliseconds(qint64 value, const QString &none)
{
    return value < 0 ? none : tr("%1 ms").arg(value);
}

QString describe(const drill::DrillResult &result)
{
    const drill::Measurement &measured = result.measurement;
    QString text = table({ tr("Drill"), result.drill.title },
        { { tr("Verdict"), drill::verdictName(result.verdict) }, { tr("Why"), result.reason }, { tr("Recovery"), milliseconds(measured.recoveryMs, tr("never")) },
            { tr("First seen after"), milliseconds(measured.detectMs, tr("nothing to see")) },
            { tr("Failed requests"), tr("%1 of %2").arg(measured.failed).arg(measured.requests) }, { tr("Restored"), result.restored ? tr("yes") : tr("NO") } });
    for (const QString &proof : result.restoreProof)
        text += QStringLiteral("  ") + proof + u'\n';
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

int runDrill(Context &context, const drill::DrillDocument &document, const QString &report, bool yes)
{
    if (const auto allowed = mayChange(context, yes); !allowed)
        return context.failed(allowed.error());
    drill::DrillCallbacks callbacks;
    callbacks.onPhase = [&context](const drill::PhaseMark &mark) {
        context.progress(drill::phaseName(mark.phase) + (mark.note.isEmpty() ? QString() : QStringLiteral(": ") + mark.note));
    };
    const drill::DrillResult result = drill::runDrill(document, *context.session, context.databaseFile, callbacks, context.stop);
    if (result.error)
        context.progress(result.error->text());
    context.print(result.toJson(), describe(result));
    if (!report.isEmpty()) {
        if (const auto written = writeReport(report, drill::toHtml(result)); !written) {
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
        list += QJsonObject { { QStringLiteral("drill"), document.id }, { QStringLiteral("title"), document.title }, { QStringLiteral("summary"), document.summary },
            { QStringLiteral("hypothesis"), document.hypothesis } };
        rows += { document.id, document.title, document.hypothesis };
    }
    context.print({ { QStringLiteral("drills"), list } }, table({ tr("DRILL"), tr("TITLE"), tr("HYPOTHESIS") }, rows));
    return Holds;
}

Result<QList<store::Document>> past(const Context &context, int limit)
{
    return store::Database::open(context.databaseFile).and_then([&](const std::shared_ptr<store::Database> &database) {
        return database->documents(QStringLiteral("drill"), context.environment.name, limit);
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
        entry.remove(QStringLiteral("samples"));
        entry.insert(QStringLiteral("id"), document.id);
        entry.insert(QStringLiteral("at"), document.at.toString(Qt::ISODate));
        list += entry;
        const QJsonValue recovery = entry[u"recovery_ms"];
        rows += { QString::number(document.id), document.at.toLocalTime().toString(Qt::ISODate), document.name, entry[u"verdict"].toString(),
            recovery.isDouble() ? tr("%1 ms").arg(recovery.toDouble()) : tr("-"), tr("%1 of %2").arg(entry[u"failed_requests"].toInt()).arg(entry[u"requests"].toInt()) };
    }
    context.print({ { QStringLiteral("drills"), list } }, table({ tr("ID"), tr("AT"), tr("DRILL"), tr("VERDICT"), tr("RECOVERY"), tr("FAILED") }, rows));
    return Holds;
}

int restore(Context &context)
{
    context.progress(tr("putting back what an interrupted drill left broken"));
    const auto outcomes = drill::restorePending(*context.session, context.databaseFile, context.stop);
    if (!outcomes)
        return context.failed(outcomes.error());
    QJsonArray list;
    QList<QStringList> rows;
    bool ok = true;
    for (const drill::RestoreOutcome &outcome : *outcomes) {
        ok = ok && outcome.ok;
        list += QJsonObject { { QStringLiteral("what"), outcome.what }, { QStringLiteral("ok"), outcome.ok }, { QStringLiteral("proof"), outcome.proof } };
        rows += { outcome.ok ? tr("restored") : tr("FAILED"), outcome.what, outcome.proof };
    }
    context.print({ { QStringLiteral("restored"), ok }, { QStringLiteral("outcomes"), list } },
        outcomes->isEmpty() ? tr("Nothing is to be restored.") : table({ tr("STATE"), tr("WHAT"), tr("PROOF") }, rows));
    if (ok)
        return Holds;
    return context.stop.stop_requested() ? Aborted : Failed;
}

int report(Context &context, qint64 id, const QString &file)
{
    const auto documents = past(context, 1000);
    if (!documents)
        return context.failed(documents.error());
    const auto wanted = std::find_if(documents->begin(), documents->end(), [id](const store::Document &document) { return id == 0 || document.id == id; });
    if (wanted == documents->end()) {
        return context.failed(core::Error::make(ErrorKind::InvalidInput, tr("find the drill"), id == 0 ? tr("the newest") : QString::number(id),
            tr("the history has none"), tr("See “catamaranctl drill history”.")));
    }
    const QByteArray html = drill::toHtml(drill::DrillResult::fromJson(wanted->content));
    if (file.isEmpty()) {
        if (context.json)
            context.print(wanted->content, {});
        else
            context.print({}, QString::fromUtf8(html));
        return Holds;
    }
    if (const auto written = writeReport(file, html); !written)
        return context.failed(written.error());
    context.print({ { QStringLiteral("report"), file }, { QStringLiteral("drill"), wanted->name } }, tr("Written: %1").arg(file));
    return Holds;
}

Result<Work> prepare(const QCommandLineParser &parser, const QStringList &words)
{
    const QString what = words.value(0);
    const auto tooMany = [&words](qsizetype allowed) { return words.size() > allowed + 1; };
    if (what == u"run") {
        if (words.size() != 2)
            return core::fail(badArgument(QStringLiteral("drill run"), words.size() < 2 ? tr("no drill") : tr("more than one drill"), tr("Name a file, or one of “catamaranctl drill list”.")));
        const QString file = parser.value(QStringLiteral("report"));
        const bool yes = parser.isSet(QStringLiteral("yes"));
        return findDrill(words[1]).map([&](const drill::DrillDocument &document) {
            return Work([document, file, yes](Context &context) { return runDrill(context, document, file, yes); });
        });
    }
    if (what == u"report" && !tooMany(1)) {
        bool ok = true;
        const qint64 id = words.size() == 2 ? words[1].toLongLong(&ok) : 0;
        if (!ok || id < 0)
            return core::fail(badArgument(words[1], tr("not the number of a drill"), tr("See “catamaranctl drill history”.")));
        const QString file = parser.value(QStringLiteral("report"));
        return Work([id, file](Context &context) { return report(context, id, file); });
    }
    if (what == u"list" && !tooMany(0))
        return Work(listDrills);
    if (what == u"history" && !tooMany(0))
        return Work(history);
    if (what == u"restore" && !tooMany(0))
        return Work(restore);
    return core::fail(badArgument(QStringLiteral("drill"), what.isEmpty() ? tr("nothing said after it") : tr("“%1” is not understood").arg(words.join(u' ')),
        tr("It is one of: list, run FILE, history, restore, report [ID].")));
}

} // namespace

Command drillCommand()
{
    Command command { "drill", tr("Rehearses failures: list, run FILE, history, restore, report [ID]."), QStringLiteral("list|run|history|restore|report"), true, {}, &prepare, {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOption(yesOption());
        parser.addOption({ QStringLiteral("report"), tr("With run and report: write a page of the result to this file."), QStringLiteral("FILE") });
    };
    command.connects = [](const QStringList &words) { return words.value(0) == u"run" || words.value(0) == u"restore"; };
    return command;
}

} // namespace catamaran::ctl
