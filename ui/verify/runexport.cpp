// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/runexport.h"

#include "core/printable.h"
#include "ui/common/savefile.h"
#include "ui/common/widgets.h"
#include "ui/verify/runreport.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QPointer>

#include <algorithm>

namespace catamaran::ui {

namespace {

struct RunExport {
    Q_DECLARE_TR_FUNCTIONS(RunExport)
};

QString csvCell(const QJsonValue &value)
{
    if (value.isDouble())
        return QString::number(value.toDouble(), 'g', 15);
    if (value.isBool())
        return value.toBool() ? QStringLiteral("true") : QStringLiteral("false");
    return core::printableCell(value.toString()); // answers are somebody else's words
}

} // namespace

QJsonObject runContent(const probe::RunResult &result, const JudgedShares &judged, int kept)
{
    QJsonObject content = result.toJson();
    const probe::Summary figures = result.figures();
    if (result.samples.size() > kept) {
        // The figures are of all samples; the list keeps the newest.
        QJsonArray newest;
        for (auto it = result.samples.end() - kept; it != result.samples.end(); ++it)
            newest.append(it->toJson());
        content.insert(QStringLiteral("samples"), newest);
    }
    if (const int omitted = figures.requests - int(std::min<qsizetype>(kept, result.samples.size())); omitted > 0) {
        content.insert(QStringLiteral("samplesOmitted"), omitted);
        content.insert(QStringLiteral("samples_left_out"), omitted);
    }
    content.insert(QStringLiteral("pod"), result.pod);
    content.insert(QStringLiteral("keepAlive"), result.spec.keepAlive);
    content.insert(QStringLiteral("rate"), result.spec.rate);
    if (result.error)
        content.insert(QStringLiteral("error"), result.error->text());
    const QMap<QString, double> &expected = judged.expectation.shares;
    content.insert(QStringLiteral("expectation"), judged.expectation.toJson());
    content.insert(QStringLiteral("shares"), probe::sharesToJson(figures, expected, judged.verdict, probe::shareChanges(result.samples)));
    if (!expected.isEmpty()) {
        QJsonObject split;
        for (auto it = expected.cbegin(); it != expected.cend(); ++it)
            split.insert(it.key(), it.value());
        content.insert(QStringLiteral("expected"), split);
        content.insert(QStringLiteral("sentence"), probe::verdictSentence(figures, expected, judged.verdict));
    }
    return content;
}

QByteArray runToCsv(const QJsonObject &content)
{
    const QJsonArray samples = content.value(QLatin1String("samples")).toArray();
    QStringList columns;
    if (!samples.isEmpty()) {
        // The columns people look for first, then the rest by name.
        QStringList all = samples.first().toObject().keys();
        for (const QJsonValue &sample : samples) {
            const QJsonObject object = sample.toObject();
            for (auto it = object.begin(); it != object.end(); ++it) {
                if (!all.contains(it.key()))
                    all << it.key();
            }
        }
        for (const char *first :
            { "index", "started_at_ms", "started_at", "http_code", "curl_exit", "ok", "version", "instance", "total_ms" }) {
            if (all.removeOne(QLatin1String(first)))
                columns << QLatin1String(first);
        }
        columns << all;
    }
    QByteArray csv = columns.join(u',').toUtf8() + "\r\n";
    for (const QJsonValue &sample : samples) {
        const QJsonObject object = sample.toObject();
        QStringList cells;
        for (const QString &column : std::as_const(columns))
            cells << csvCell(object.value(column));
        csv += cells.join(u',').toUtf8() + "\r\n";
    }
    return csv;
}

core::Result<core::Done> exportRun(const PastRun &run, const QString &file)
{
    const QString tried = RunExport::tr("write the run");
    const QString suffix = QFileInfo(file).suffix().toLower();
    if (suffix == QLatin1String("csv"))
        return writeWhole(file, tried, runToCsv(run.content));
    if (suffix == QLatin1String("json"))
        return writeWhole(file, tried, core::printableJson(QJsonDocument(run.content)));
    if (suffix == QLatin1String("pdf"))
        return writeWhole(file, tried, [&run](QIODevice &device) { return writeRunPdf(run, device); });
    if (suffix == QLatin1String("png"))
        return writeWhole(file, tried, [&run](QIODevice &device) { return runPicture(run).save(&device, "PNG"); });
    return core::fail(core::ErrorKind::InvalidInput, tried, file, RunExport::tr("the ending of the name says nothing about what to write"),
        RunExport::tr("Let the name end in .csv, .json, .png or .pdf."));
}

void askAndExportRun(QWidget *parent, ErrorBanner *banner, const PastRun &run)
{
    const QStringList filters { RunExport::tr("Comma-separated values (*.csv)"), RunExport::tr("JSON (*.json)"),
        RunExport::tr("Report for print (*.pdf)"), RunExport::tr("Picture of the report (*.png)") };
    askWhereToSave(
        parent, RunExport::tr("Export the run"), QStringLiteral("run.csv"), filters, [banner = QPointer(banner), run](const QString &file) {
            const auto written = exportRun(run, file);
            if (!banner)
                return;
            if (written)
                banner->showNote(observe::Health::Ok, RunExport::tr("Written: %1").arg(file));
            else
                banner->showError(written.error());
        });
}

} // namespace catamaran::ui
