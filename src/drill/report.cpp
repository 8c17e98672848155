// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/runner.h"

#include "core/printable.h"
#include "drill/say.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace catamaran::drill {

using probe::Sample;

namespace {

constexpr double chartWidth = 900, chartLeft = 40, laneHeight = 34, laneTop = 46;

struct Scale {
    qint64 from = 0, to = 1;
    [[nodiscard]] double x(qint64 at) const
    {
        return chartLeft + (chartWidth - chartLeft - 10) * double(at - from) / double(std::max<qint64>(1, to - from));
    }
};

QString number(double value)
{
    return QString::number(value, 'f', 1);
}

QString text(double x, double y, const QString &what, const char *anchor = "start", const char *style = "axis")
{
    return QStringLiteral("<text x=\"%1\" y=\"%2\" text-anchor=\"%3\" class=\"%4\">%5</text>\n")
        .arg(number(x), number(y), QLatin1String(anchor), QLatin1String(style), what.toHtmlEscaped());
}

/// The lanes of the chart: one per version, failures last.
QStringList lanes(const QList<Sample> &samples)
{
    QStringList versions;
    bool failures = false;
    for (const Sample &sample : samples) {
        failures = failures || !sample.ok();
        if (sample.ok() && !versions.contains(sample.version))
            versions += sample.version;
    }
    versions.sort();
    if (failures)
        versions += QStringLiteral("\n"); // no version has this name
    return versions;
}

QString phaseBands(const DrillResult &result, const Scale &scale, double bottom)
{
    QString svg;
    for (qsizetype i = 0; i < result.phases.size(); ++i) {
        const PhaseMark &mark = result.phases[i];
        if (mark.phase == Phase::Done || mark.phase == Phase::Preparing)
            continue;
        const qint64 end = i + 1 < result.phases.size() ? result.phases[i + 1].atMs : scale.to;
        const double x = scale.x(mark.atMs), width = std::max(0.0, scale.x(end) - x);
        svg += QStringLiteral("<rect x=\"%1\" y=\"24\" width=\"%2\" height=\"%3\" class=\"phase %4\"><title>%5</title></rect>\n")
                   .arg(number(x), number(width), number(bottom - 24), phaseName(mark.phase),
                       (phaseName(mark.phase) + QStringLiteral(": ") + mark.note).toHtmlEscaped());
        if (width > 60)
            svg += text(x + 4, 38, phaseName(mark.phase));
    }
    return svg;
}

QString verticalMark(const Scale &scale, qint64 at, double bottom, const QString &label, const char *style)
{
    if (at <= 0)
        return {};
    const double x = scale.x(at);
    return QStringLiteral("<line x1=\"%1\" x2=\"%1\" y1=\"18\" y2=\"%2\" class=\"%3\"/>\n")
               .arg(number(x), number(bottom), QLatin1String(style))
        + text(x, 14, label, "middle");
}

QString chart(const DrillResult &result)
{
    const QList<Sample> drawn = result.olderFailures + result.samples;
    if (drawn.isEmpty())
        return QStringLiteral("<p>%1</p>\n").arg(Say::tr("No request was sent.").toHtmlEscaped());
    Scale scale { drawn.first().startedAtMs, drawn.last().receivedAtMs };
    const QStringList names = lanes(drawn);
    const double bottom = laneTop + laneHeight * double(names.size());
    QString svg = QStringLiteral("<svg viewBox=\"0 0 %1 %2\" role=\"img\" aria-label=\"%3\">\n")
                      .arg(number(chartWidth), number(bottom + 26),
                          Say::tr("Every request over time, by version; failures in a row of their own").toHtmlEscaped());
    svg += phaseBands(result, scale, bottom);
    for (qsizetype lane = 0; lane < names.size(); ++lane) {
        const bool failures = names[lane] == u"\n";
        const double y = laneTop + laneHeight * (double(lane) + 0.5);
        svg += text(4, y + 4, failures ? Say::tr("failed") : names[lane].isEmpty() ? Say::tr("ok") : names[lane]);
        // One path for all requests of a lane: thousands of them stay one element.
        QString path;
        for (const Sample &sample : drawn) {
            if (failures ? sample.ok() : (!sample.ok() || sample.version != names[lane]))
                continue;
            path += QStringLiteral("M%1 %2v12").arg(number(scale.x(sample.startedAtMs)), number(y - 6));
        }
        svg += QStringLiteral("<path d=\"%1\" class=\"%2\"/>\n")
                   .arg(path, failures ? QStringLiteral("failed") : QStringLiteral("lane%1").arg(lane % 4));
    }
    svg += verticalMark(scale, result.times.faultAtMs, bottom, Say::tr("fault"), "fault-line");
    svg += verticalMark(scale, result.times.restoreAtMs, bottom, Say::tr("restore"), "restore-line");
    const qint64 seconds = std::max<qint64>(1, (scale.to - scale.from) / 1000);
    const qint64 step = std::max<qint64>(1, seconds / 10);
    for (qint64 second = 0; second <= seconds; second += step)
        svg += text(scale.x(scale.from + second * 1000), bottom + 18, QStringLiteral("%1 s").arg(second), "middle");
    svg += QStringLiteral("</svg>\n");
    if (const int left = result.samplesLeftOut(); left > 0)
        svg += QStringLiteral("<p>%1</p>\n")
                   .arg(Say::tr("The drill was long: of its first %1 requests only failed ones are drawn. The figures count all.")
                            .arg(left)
                            .toHtmlEscaped());
    return svg;
}

QString row(const QString &name, const QString &value)
{
    return QStringLiteral("<tr><th scope=\"row\">%1</th><td>%2</td></tr>\n").arg(name.toHtmlEscaped(), value.toHtmlEscaped());
}

QString counts(const QMap<QString, int> &map)
{
    QStringList parts;
    for (auto it = map.begin(); it != map.end(); ++it)
        parts += QStringLiteral("%1: %2").arg(it.key().isEmpty() ? Say::tr("no version") : it.key(), QString::number(it.value()));
    return parts.isEmpty() ? Say::tr("none") : parts.join(QStringLiteral(", "));
}

constexpr char style[]
    = R"css(:root{color-scheme:light dark;--text:#1b1f24;--back:#fff;--soft:#57606a;--line:#d0d7de;--v0:#0b6bcb;--v1:#9a5b00;--v2:#6f42c1;--v3:#0a7d6c;--bad:#c62828;--good:#1a7f37;--band:#00000008}
@media(prefers-color-scheme:dark){:root{--text:#e6edf3;--back:#15191e;--soft:#9aa5b1;--line:#39414a;--v0:#6cb6ff;--v1:#f0b35a;--v2:#c297ff;--v3:#56d4bd;--bad:#ff7b72;--good:#57d178;--band:#ffffff0d}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--text);background:var(--back);max-width:960px;margin:2rem auto;padding:0 1rem}
h1{margin-bottom:.2rem}.verdict{font-size:1.2rem;font-weight:600}.pass{color:var(--good)}.fail,.aborted{color:var(--bad)}
table{border-collapse:collapse;margin:1rem 0;width:100%}th,td{border-bottom:1px solid var(--line);padding:.3rem .6rem;text-align:left;vertical-align:top}th{font-weight:600;white-space:nowrap}
svg{width:100%;height:auto;border:1px solid var(--line);border-radius:6px}.axis{font-size:11px;fill:var(--soft)}
.phase{fill:var(--band);stroke:var(--line);stroke-width:.5}.phase.fault,.phase.observing{fill:var(--bad);fill-opacity:.10}
.lane0{stroke:var(--v0)}.lane1{stroke:var(--v1)}.lane2{stroke:var(--v2)}.lane3{stroke:var(--v3)}.failed{stroke:var(--bad);stroke-width:2}path{stroke-width:1.2;fill:none}
.fault-line{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:5 3}.restore-line{stroke:var(--good);stroke-width:1.5;stroke-dasharray:2 3}
footer{color:var(--soft);font-size:.85rem;margin-top:2rem}
)css";

} // namespace

DrillResult DrillResult::fromJson(const QJsonObject &object)
{
    DrillResult result;
    result.drill.id = object[u"drill"].toString();
    result.drill.title = object[u"title"].toString(result.drill.id);
    result.drill.hypothesis = object[u"hypothesis"].toString();
    if (const auto source = probe::Source::parse(object[u"source"].toString()))
        result.drill.probes.source = *source;
    result.drill.probes.url = object[u"url"].toString();
    result.drill.recoverWithin = std::chrono::milliseconds(qint64(object[u"recover_within_ms"].toDouble())); // 0: not recorded
    const QJsonArray faults = object[u"faults"].toArray();
    for (const QJsonValue &entry : faults)
        if (const auto fault = Fault::fromJson(entry.toObject())) // else a newer version's
            result.drill.faults += *fault;
    const QJsonObject given = object[u"parameters"].toObject(), expected = object[u"expected"].toObject();
    for (auto it = given.begin(); it != given.end(); ++it)
        result.drill.parameters.insert(it.key(), it.value().toString());
    if (!expected.isEmpty()) {
        result.drill.maxFailedRequests = expected[u"max_failed_requests"].toInt(-1);
        result.drill.failbackWithin = std::chrono::milliseconds(qint64(expected[u"failback_within_ms"].toDouble()));
        result.drill.stages.clear();
        const QJsonArray stages = expected[u"stages"].toArray();
        for (const QJsonValue &stage : stages)
            result.drill.stages += FaultStage { stage[u"name"].toString(), std::chrono::milliseconds(qint64(stage[u"hold_ms"].toDouble())),
                stage[u"versions"].toVariant().toStringList() };
    }
    result.environment = object[u"environment"].toString();
    for (const Verdict verdict : { Verdict::Pass, Verdict::Fail, Verdict::Aborted }) {
        if (object[u"verdict"].toString() == verdictName(verdict))
            result.verdict = verdict;
    }
    result.reason = object[u"reason"].toString();
    const auto whole = [&object](QStringView key) { return qint64(object[key].toDouble(-1)); };
    result.measurement = { object[u"requests"].toInt(), object[u"failed_requests"].toInt(), whole(u"detect_ms"), whole(u"recovery_ms") };
    result.measurement.neverSent = object[u"never_sent"].toInt();
    result.measurement.slow = object[u"slow_requests"].toInt();
    result.measurement.firstFailureMs = whole(u"first_failure_ms");
    result.measurement.shiftMs = whole(u"full_shift_ms");
    result.measurement.longestGapMs = whole(u"longest_gap_ms");
    result.measurement.flaps = int(whole(u"flaps"));
    result.measurement.failbackMs = whole(u"failback_ms");
    const QJsonArray guards = object[u"guards"].toArray();
    for (const QJsonValue &entry : guards)
        if (const auto reading = GuardReading::fromJson(entry.toObject()))
            result.guards += *reading;
    result.unproven = object[u"unproven"].toBool();
    const QJsonArray windows = object[u"windows"].toArray();
    for (const QJsonValue &entry : windows) {
        for (const Window::Kind kind : { Window::Kind::Before, Window::Kind::Striking, Window::Kind::Broken, Window::Kind::After }) {
            if (entry[u"window"].toString() != windowName(kind))
                continue;
            Window window { kind, entry[u"name"].toString(), qint64(entry[u"from_ms"].toDouble()), entry[u"requests"].toInt(),
                entry[u"failed"].toInt(), entry[u"slow"].toInt() };
            const QJsonObject versions = entry[u"versions"].toObject();
            for (auto it = versions.begin(); it != versions.end(); ++it)
                window.versions.insert(it.key(), it.value().toInt());
            result.windows += window;
        }
    }
    result.times = { whole(u"fault_at_ms"), whole(u"in_place_at_ms"), whole(u"restore_at_ms") };
    const QJsonArray phases = object[u"phases"].toArray();
    for (const QJsonValue &entry : phases) {
        for (const Phase phase :
            { Phase::Preparing, Phase::Steady, Phase::Fault, Phase::Observing, Phase::Restoring, Phase::Proving, Phase::Done }) {
            if (entry[u"phase"].toString() == phaseName(phase))
                result.phases += { phase, qint64(entry[u"at_ms"].toDouble()), entry[u"note"].toString() };
        }
    }
    result.samples = probe::samplesFromJson(object[u"samples"]);
    result.olderFailures = probe::samplesFromJson(object[u"older_failures"]);
    result.summary = probe::Summary::fromJson(object[u"figures"].toObject());
    result.restored = object[u"restored"].toBool();
    const QJsonArray proofs = object[u"restore_proof"].toArray();
    for (const QJsonValue &proof : proofs)
        result.restoreProof += proof.toString();
    return result;
}

QString DrillResult::recoveryText() const
{
    if (measurement.recoveryMs >= 0)
        return Say::tr("%1 ms").arg(measurement.recoveryMs);
    return times.faultAtMs <= 0 || verdict == Verdict::Aborted ? Say::tr("not measured") : Say::tr("never");
}

QString DrillResult::detectionText() const
{
    if (measurement.detectMs >= 0)
        return Say::tr("%1 ms").arg(measurement.detectMs);
    return times.faultAtMs <= 0 || verdict == Verdict::Aborted ? Say::tr("not measured") : Say::tr("nothing to see");
}

namespace {

/// Everything of the page but its head; @p picture is the chart.
QString pageBody(const DrillResult &result, const QString &picture)
{
    const auto summary = result.figures();
    const Measurement &measured = result.measurement;
    const QString verdict = verdictName(result.verdict);
    const QString when
        = result.phases.isEmpty() ? QString() : QDateTime::fromMSecsSinceEpoch(result.phases.first().atMs, Qt::UTC).toString(Qt::ISODate);
    QString html
        = QStringLiteral("<h1>%1</h1>\n<p>%2</p>\n").arg(result.drill.title.toHtmlEscaped(), result.drill.hypothesis.toHtmlEscaped());
    html += QStringLiteral("<p class=\"verdict %1\">%1</p>\n<p>%2</p>\n").arg(verdict, result.reason.toHtmlEscaped());
    html += picture;
    html += QStringLiteral("<table>\n");
    html += row(Say::tr("Recovery"), result.recoveryText());
    html += row(Say::tr("First seen after"), result.detectionText());
    html += row(Say::tr("Failed requests"), Say::tr("%1 of %2").arg(measured.failed).arg(measured.requests));
    if (measured.neverSent > 0)
        html += row(Say::tr("Of these never sent"), QString::number(measured.neverSent));
    const auto time = [&html](const QString &name, qint64 ms) {
        if (ms >= 0) // what is not known is not shown
            html += row(name, Say::tr("%1 ms").arg(ms));
    };
    time(Say::tr("First failure after"), measured.firstFailureMs);
    time(Say::tr("Full shift after"), measured.shiftMs);
    time(Say::tr("Longest time without a good answer"), measured.longestGapMs);
    if (measured.flaps > 0)
        html += row(Say::tr("Failed again after it was good"), QString::number(measured.flaps));
    time(Say::tr("Good again after the restore"), measured.failbackMs);
    if (measured.slow > 0)
        html += row(Say::tr("Slow answers (over 1 s)"), QString::number(measured.slow));
    html += row(Say::tr("Answers by version"), counts(summary.versions));
    for (const Window &window : result.windows)
        html += row(window.text(),
            Say::tr("%1 of %2 failed; %3").arg(QString::number(window.failed), QString::number(window.requests), counts(window.versions)));
    for (const GuardReading &reading : result.guards)
        html += row(Say::tr("Guard: %1").arg(reading.name()), Say::tr("%1 at the most").arg(reading.text()));
    if (result.unproven)
        html += row(Say::tr("The other side"), Say::tr("was not proven; it was run all the same"));
    html += row(Say::tr("Failures by kind"), counts(summary.errorKinds));
    html += row(Say::tr("Latency (ok)"),
        Say::tr("p50 %1 ms, p95 %2 ms, p99 %3 ms")
            .arg(number(summary.latencyMs.p50), number(summary.latencyMs.p95), number(summary.latencyMs.p99)));
    html += row(Say::tr("Requests"), result.drill.probes.source.text() + QStringLiteral(" → ") + result.drill.probes.url);
    html += row(Say::tr("Environment"), result.environment);
    html += row(Say::tr("Restored"), result.restored ? Say::tr("yes") : Say::tr("no"));
    for (const QString &proof : result.restoreProof)
        html += row(Say::tr("Proof"), proof);
    if (result.error)
        html += row(Say::tr("Error"), result.error->text());
    html += QStringLiteral("</table>\n<h2>%1</h2>\n<table>\n").arg(Say::tr("Phases").toHtmlEscaped());
    for (const PhaseMark &mark : result.phases)
        html += row(phaseName(mark.phase),
            QDateTime::fromMSecsSinceEpoch(mark.atMs, Qt::UTC).toString(QStringLiteral("HH:mm:ss.zzz")) + QStringLiteral("  ") + mark.note);
    html += QStringLiteral("</table>\n<footer>%1 %2</footer>\n").arg(Say::tr("Catamaran, drill of").toHtmlEscaped(), when.toHtmlEscaped());
    return html;
}

// What a printer gets: a text document knows neither variables nor schemes of colours, and a picture stands for itself.
constexpr char printedStyle[] = R"css(body{font-family:sans-serif;font-size:9pt;color:#1b1f24}h1{font-size:15pt}h2{font-size:11pt}
.verdict{font-size:12pt;font-weight:600}.pass{color:#1a7f37}.fail,.aborted{color:#c62828}th{font-weight:600;text-align:left}td,th{padding:2px 8px 2px 0}
)css";
constexpr char printedChartStyle[] = R"css(.axis{font-size:11px;fill:#57606a}.phase{fill:#f6f6f6;stroke:#d0d7de;stroke-width:0.5}
.fault,.observing{fill:#c62828;fill-opacity:0.1}.lane0{stroke:#0b6bcb}.lane1{stroke:#9a5b00}.lane2{stroke:#6f42c1}.lane3{stroke:#0a7d6c}.failed{stroke:#c62828;stroke-width:2}
path{stroke-width:1.2;fill:none}.fault-line{stroke:#c62828;stroke-width:1.5;stroke-dasharray:5 3}.restore-line{stroke:#1a7f37;stroke-width:1.5;stroke-dasharray:2 3}
)css";

} // namespace

QByteArray toHtml(const DrillResult &result)
{
    const QString head = QStringLiteral(
        "<!DOCTYPE html>\n<html lang=\"%1\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\n<title>%2</title>\n<style>%3</style></head>\n<body>\n")
                             .arg(Say::tr("en"), (result.drill.title + QStringLiteral(": ") + verdictName(result.verdict)).toHtmlEscaped(),
                                 QLatin1String(style));
    return core::printable(head + pageBody(result, chart(result)) + QStringLiteral("</body></html>\n")).toUtf8();
}

PrintedReport toPrint(const DrillResult &result)
{
    QString picture = chart(result);
    const qsizetype end = picture.indexOf(QLatin1StringView("</svg>"));
    PrintedReport report;
    QString shown = picture;
    if (picture.startsWith(QLatin1StringView("<svg ")) && end > 0) {
        QString svg = picture.left(end + 6);
        svg.insert(4, QStringLiteral(" xmlns=\"http://www.w3.org/2000/svg\""));
        svg.insert(svg.indexOf(u'>') + 1, QStringLiteral("<style type=\"text/css\">%1</style>").arg(QLatin1StringView(printedChartStyle)));
        report.chart = core::printable(svg).toUtf8();
        shown = QStringLiteral("<p><img src=\"%1\" width=\"640\"></p>").arg(QLatin1StringView(PrintedReport::chartName))
            + picture.mid(end + 6);
    }
    report.html = core::printable(QStringLiteral("<html><head><style>%1</style></head><body>").arg(QLatin1StringView(printedStyle))
        + pageBody(result, shown) + QStringLiteral("</body></html>"));
    return report;
}

QByteArray reportAs(const QString &file, const DrillResult &result)
{
    if (file.endsWith(QLatin1StringView(".xml"), Qt::CaseInsensitive))
        return result.toJunit();
    if (file.endsWith(QLatin1StringView(".json"), Qt::CaseInsensitive))
        return core::printableJson(QJsonDocument(result.toJson()));
    return toHtml(result);
}

} // namespace catamaran::drill
