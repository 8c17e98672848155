// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include "core/printable.h"
#include "core/regularfile.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

namespace catamaran::ctl {

using core::ErrorKind;
using core::Result;

namespace {

constexpr qint64 maxResultBytes = 64 * 1024 * 1024;

constexpr char style[]
    = R"css(:root{color-scheme:light dark;--text:#1d2129;--back:#f6f7f9;--panel:#fff;--soft:#5f6877;--line:#d5d9e0;--v1:#0072b2;--v2:#e69f00;--other:#009e73;--bad:#c02626;--good:#00795a}
@media(prefers-color-scheme:dark){:root{--text:#e6e9ef;--back:#1b1e24;--panel:#23272f;--soft:#9aa3b2;--line:#3a404b;--bad:#ff7a70;--good:#2fbf92}}
body{font:15px/1.5 Inter,system-ui,sans-serif;color:var(--text);background:var(--back);max-width:1040px;margin:2rem auto;padding:0 1rem}
section{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:1rem 1.2rem;margin:1rem 0}
h1{margin:0}h2{margin:.1rem 0 .6rem;font-size:1.1rem}p{margin:.3rem 0}.soft{color:var(--soft)}.good{color:var(--good);font-weight:600}.bad{color:var(--bad);font-weight:600}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--line);font-variant-numeric:tabular-nums;vertical-align:top}
.bar{display:flex;height:22px;border-radius:5px;overflow:hidden;margin:.4rem 0}.bar div{color:#fff;font-size:12px;padding:1px 7px;white-space:nowrap;overflow:hidden}
.shots{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:12px}figure{margin:0}img{width:100%;border:1px solid var(--line);border-radius:6px}figcaption{color:var(--soft);font-size:.85rem}
)css";

/// One result file of this program, as -o json wrote it.
struct ResultFile {
    QString file;
    QJsonObject content;
};

Result<ResultFile> readResult(const QString &file)
{
    const auto bytes = core::readRegularFile(file, maxResultBytes, Say::tr("read a result"));
    if (!bytes)
        return core::fail(bytes.error());
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(*bytes, &error);
    if (!document.isObject())
        return core::fail(ErrorKind::InvalidInput, Say::tr("read a result"), file, error.errorString(),
            Say::tr("Use what “catamaranctl -o json verify” or “drill run” printed."));
    return ResultFile { file, document.object() };
}

Result<QList<ResultFile>> readResults(const QStringList &files)
{
    QList<ResultFile> results;
    for (const QString &file : files) {
        const auto result = readResult(file);
        if (!result)
            return core::fail(result.error());
        results += *result;
    }
    return results;
}

QString row(const QString &name, const QString &value)
{
    return QStringLiteral("<tr><th>%1</th><td>%2</td></tr>\n").arg(name.toHtmlEscaped(), value.toHtmlEscaped());
}

QString verifySection(const QJsonObject &run)
{
    const int requests = run[u"requests"].toInt();
    const QJsonObject versions = run[u"versions"].toObject();
    const QJsonObject latency = run[u"latency_ms"].toObject();
    const int errors = run[u"errors"].toInt();
    QString html
        = QStringLiteral("<section><h2>%1</h2><p class=\"soft\">%2</p>\n<div class=\"bar\">")
              .arg(Say::tr("Answers seen from %1").arg(run[u"source"].toString()).toHtmlEscaped(), run[u"url"].toString().toHtmlEscaped());
    const auto part = [&](const QString &name, int count, const QString &colour) {
        if (count > 0 && requests > 0)
            html += QStringLiteral("<div style=\"flex:%1;background:%2\">%3</div>")
                        .arg(count)
                        .arg(colour,
                            Say::tr("%1: %2 (%3 %)")
                                .arg(name.toHtmlEscaped(), QString::number(count), QString::number(100.0 * count / requests, 'f', 1)));
    };
    for (auto it = versions.begin(); it != versions.end(); ++it)
        part(it.key(), it->toInt(),
            it.key() == u"v1"       ? QStringLiteral("var(--v1)")
                : it.key() == u"v2" ? QStringLiteral("var(--v2)")
                                    : QStringLiteral("var(--other)"));
    part(Say::tr("failed"), errors, QStringLiteral("var(--bad)"));
    html += QStringLiteral("</div>\n<table>\n");
    html += row(Say::tr("Requests"), Say::tr("%1 sent, %2 answered, %3 failed").arg(requests).arg(run[u"ok"].toInt()).arg(errors));
    html += row(Say::tr("Latency"),
        Say::tr("p50 %1 ms, p95 %2 ms, p99 %3 ms")
            .arg(latency[u"p50"].toDouble(), 0, 'f', 1)
            .arg(latency[u"p95"].toDouble(), 0, 'f', 1)
            .arg(latency[u"p99"].toDouble(), 0, 'f', 1));
    QStringList buckets;
    for (const QJsonValue &bucket : run[u"latency_histogram"].toArray())
        if (const int count = bucket[u"answers"].toInt(); count > 0)
            buckets += bucket[u"up_to_ms"].isNull() ? Say::tr("longer: %1").arg(count)
                                                    : Say::tr("up to %1 ms: %2").arg(bucket[u"up_to_ms"].toDouble()).arg(count);
    if (!buckets.isEmpty())
        html += row(Say::tr("Latency, from when each was due"), buckets.join(QStringLiteral(" · ")));
    if (const QString expected = run[u"expectation"][u"sentence"].toString(); !expected.isEmpty())
        html += row(Say::tr("Expectation"), expected);
    if (const QString sentence = run[u"sentence"].toString(); !sentence.isEmpty())
        html += row(Say::tr("Verdict"), sentence);
    for (const QJsonValue &change : run[u"shares"][u"changes"].toArray())
        html += row(Say::tr("Shares changed"),
            Say::tr("with request %1, at %2").arg(QString::number(change[u"request"].toInt()), change[u"at"].toString()));
    return html + QStringLiteral("</table></section>\n");
}

QString drillSection(const QJsonObject &drill)
{
    const QString verdict = drill[u"verdict"].toString();
    const auto time = [](const QJsonValue &value) {
        return value.isDouble() && value.toDouble() >= 0 ? Say::tr("%1 ms").arg(value.toDouble(), 0, 'f', 0) : Say::tr("–");
    };
    QString html = QStringLiteral("<section><h2>%1</h2><p class=\"%2\">%3</p><table>\n")
                       .arg(Say::tr("Drill: %1").arg(drill[u"drill"].toString()).toHtmlEscaped(),
                           verdict == u"pass" ? QStringLiteral("good") : QStringLiteral("bad"),
                           QString(verdict + QStringLiteral(": ") + drill[u"reason"].toString()).toHtmlEscaped());
    html += row(Say::tr("Measured recovery"), time(drill[u"recovery_ms"]));
    html += row(Say::tr("First seen after"), time(drill[u"detect_ms"]));
    html += row(Say::tr("Failed requests"), Say::tr("%1 of %2").arg(drill[u"failed_requests"].toInt()).arg(drill[u"requests"].toInt()));
    html += row(Say::tr("Restored"), drill[u"restored"].toBool() ? Say::tr("yes, read back") : Say::tr("NO"));
    return html + QStringLiteral("</table></section>\n");
}

QString screensSection(const QString &folder, const QDir &reportFolder)
{
    const auto pictures = QDir(folder).entryInfoList({ QStringLiteral("*.png") }, QDir::Files, QDir::Name);
    if (pictures.isEmpty())
        return {};
    QString html = QStringLiteral("<section><h2>%1</h2><div class=\"shots\">\n").arg(Say::tr("Every screen").toHtmlEscaped());
    for (const QFileInfo &picture : pictures) {
        const QString path = reportFolder.relativeFilePath(picture.absoluteFilePath()).toHtmlEscaped();
        html += QStringLiteral("<figure><a href=\"%1\"><img src=\"%1\" alt=\"%2\"></a><figcaption>%2</figcaption></figure>\n")
                    .arg(path, picture.completeBaseName().toHtmlEscaped());
    }
    return html + QStringLiteral("</div></section>\n");
}

int writeReport(
    Context &context, const QString &file, const QList<ResultFile> &runs, const QList<ResultFile> &drills, const QString &screens)
{
    QString html = QStringLiteral(
        "<!doctype html><html><head><meta charset=\"utf-8\"><title>Catamaran</title><style>%1</style></head><body>\n<h1>Catamaran</h1><p class=\"soft\">%2</p>\n")
                       .arg(QLatin1String(style),
                           Say::tr("Environment %1, %2")
                               .arg(context.environment.name, QDateTime::currentDateTimeUtc().toString(Qt::ISODate))
                               .toHtmlEscaped());
    for (const ResultFile &run : runs)
        html += verifySection(run.content);
    for (const ResultFile &drill : drills)
        html += drillSection(drill.content);
    if (!screens.isEmpty())
        html += screensSection(screens, QFileInfo(file).absoluteDir());
    html += QStringLiteral("</body></html>\n");
    if (const auto written = core::writeRegularFile(file, core::printable(html).toUtf8(), Say::tr("write the report")); !written)
        return context.failed(written.error());
    context.print({ { QStringLiteral("report"), file } }, Say::tr("Written: %1").arg(file));
    return Holds;
}

} // namespace

Command reportCommand()
{
    Command command { "report", Say::tr("Puts results of verify and drill run on one page for people."), QStringLiteral("--out FILE"),
        false, {}, {}, {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOptions({ { QStringLiteral("out"), Say::tr("The page to write."), QStringLiteral("FILE") },
            { QStringLiteral("verify"), Say::tr("What “-o json verify” printed; may be given more than once."), QStringLiteral("FILE") },
            { QStringLiteral("drill"), Say::tr("What “-o json drill run” printed; may be given more than once."), QStringLiteral("FILE") },
            { QStringLiteral("screens"), Say::tr("A folder of pictures, as “catamaran --tour” saves them."), QStringLiteral("DIR") } });
    };
    command.prepare = [](const QCommandLineParser &parser, const QStringList &) -> Result<Work> {
        const QString out = parser.value(QStringLiteral("out"));
        if (out.isEmpty())
            return core::fail(badArgument(QStringLiteral("--out"), Say::tr("missing"), Say::tr("Name the page to write.")));
        const auto runs = readResults(parser.values(QStringLiteral("verify")));
        if (!runs)
            return core::fail(runs.error());
        const auto drills = readResults(parser.values(QStringLiteral("drill")));
        if (!drills)
            return core::fail(drills.error());
        const QString screens = parser.value(QStringLiteral("screens"));
        if (!screens.isEmpty() && !QFileInfo(screens).isDir())
            return core::fail(badArgument(QStringLiteral("--screens"), Say::tr("“%1” is not a folder").arg(screens)));
        return Work(
            [out, screens, runs = *runs, drills = *drills](Context &context) { return writeReport(context, out, runs, drills, screens); });
    };
    return command;
}

} // namespace catamaran::ctl
