// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/runreport.h"

#include "core/printable.h"
#include "ui/common/format.h"
#include "ui/common/theme.h"
#include "ui/verify/expectation.h"
#include "ui/verify/latencyhistogram.h"
#include "ui/verify/runcharts.h"
#include "ui/verify/runseries.h"
#include "ui/verify/sharebar.h"

#include <QChart>
#include <QCoreApplication>
#include <QGraphicsLayout>
#include <QPainter>
#include <QPdfWriter>
#include <QTextDocument>

#include <algorithm>

namespace catamaran::ui {

namespace {

// An A4 page within its margins, in pixels of 96 per inch.
constexpr int pageWidth = 680, pageHeight = 1006;
constexpr int pictureMargin = 40, pictureScale = 2;
constexpr int leastChartsHeight = 260, mostChartsHeight = 420;
constexpr int listed = 8; ///< rows of a list before the rest is summed up

struct RunReport {
    Q_DECLARE_TR_FUNCTIONS(RunReport)
};

QString cell(const QString &text, const char *attributes = "")
{
    return QStringLiteral("<td %1>%2</td>").arg(QLatin1String(attributes), text.toHtmlEscaped());
}

QString fact(const QString &name, const QString &value)
{
    return QStringLiteral("<tr><td class='quiet'>%1&nbsp;&nbsp;</td><td>%2</td></tr>").arg(name.toHtmlEscaped(), value.toHtmlEscaped());
}

QString heading(const QString &text)
{
    return QStringLiteral("<p class='heading'>%1</p>").arg(text.toHtmlEscaped());
}

QMap<QString, int> counts(const QJsonObject &content, const char *name)
{
    QMap<QString, int> result;
    const QJsonObject object = content.value(QLatin1String(name)).toObject();
    for (auto it = object.begin(); it != object.end(); ++it)
        result.insert(it.key(), it.value().toInt());
    return result;
}

QMap<QString, double> expectedOf(const QJsonObject &content)
{
    QMap<QString, double> expected;
    const QJsonObject object = content.value(QLatin1String("expected")).toObject();
    for (auto it = object.begin(); it != object.end(); ++it)
        expected.insert(it.key(), it.value().toDouble());
    return expected;
}

/// The most frequent first; what is beyond the list is summed up, never left out.
QString countRows(const QMap<QString, int> &all)
{
    QList<QPair<int, QString>> rows;
    for (auto it = all.cbegin(); it != all.cend(); ++it)
        rows.append({ it.value(), it.key() });
    std::stable_sort(rows.begin(), rows.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
    QString html;
    int rest = 0;
    for (qsizetype i = 0; i < rows.size(); ++i) {
        if (i < listed)
            html += QStringLiteral("<tr>%1%2</tr>").arg(cell(rows.at(i).second), cell(countText(rows.at(i).first), "align='right'"));
        else
            rest += rows.at(i).first;
    }
    if (rest > 0)
        html += QStringLiteral("<tr>%1%2</tr>")
                    .arg(cell(RunReport::tr("%n more", nullptr, int(rows.size()) - listed)), cell(countText(rest), "align='right'"));
    return QStringLiteral("<table width='100%' cellpadding='2'>%1</table>").arg(html);
}

QString versionTable(const PastRun &run)
{
    // The bar of the Verify place works the parts out; here they are printed.
    ShareBar bar;
    bar.setShares(run.versions(), run.errors(), expectedOf(run.content));
    QString html = QStringLiteral("<tr class='quiet'>%1%2%3%4%5</tr>")
                       .arg(cell(RunReport::tr("Version")), cell(RunReport::tr("Answers"), "align='right'"),
                           cell(RunReport::tr("Share"), "align='right'"), cell(RunReport::tr("95 % interval"), "align='right'"),
                           cell(RunReport::tr("Expected"), "align='right'"));
    for (const ShareBar::Part &part : bar.parts()) {
        const QString name = part.error ? RunReport::tr("failed") : part.name.isEmpty() ? RunReport::tr("no version named") : part.name;
        html += QStringLiteral("<tr>%1%2%3%4%5</tr>")
                    .arg(cell(name), cell(countText(part.count), "align='right'"), cell(shareText(part.share), "align='right'"),
                        cell(RunReport::tr("%1 to %2").arg(shareText(part.interval.low), shareText(part.interval.high)), "align='right'"),
                        cell(part.expected < 0 ? QStringLiteral("–") : shareText(part.expected), "align='right'"));
    }
    return QStringLiteral("<table width='100%' cellpadding='2'>%1</table>").arg(html);
}

/// How many answers took how long, on as few lines as there are times that any took.
QString latencyTable(const QJsonObject &content)
{
    const probe::Summary summary = probe::Summary::fromJson(content);
    QStringList parts;
    for (size_t i = 0; i < summary.latencyCounts.size(); ++i)
        if (const int count = summary.latencyCounts.at(i); count > 0)
            parts += RunReport::tr("%1: %2").arg(latencyBucketText(i), countText(count));
    return parts.isEmpty() ? QString()
                           : heading(RunReport::tr("How long good answers took, from when they were due"))
            + QStringLiteral("<p>%1</p>").arg(parts.join(QStringLiteral(" · ")).toHtmlEscaped());
}

QString whenText(const PastRun &run, const QList<probe::Sample> &samples)
{
    if (samples.isEmpty() || run.content.contains(QLatin1String("samplesOmitted")))
        return RunReport::tr("ended %1").arg(absoluteTime(run.at));
    const qint64 first = samples.first().startedAtMs, last = samples.last().receivedAtMs;
    return RunReport::tr("%1, over %2")
        .arg(absoluteTime(QDateTime::fromMSecsSinceEpoch(first)), elapsedText(std::max<qint64>(0, last - first)));
}

QString wordsOf(const PastRun &run, const QList<probe::Sample> &samples, const Theme &theme)
{
    const QJsonObject &content = run.content;
    const observe::Health health
        = judgeShares(run.requests(), run.ok(), probe::shareVerdictOf(content.value(QLatin1String("shares")).toObject()));
    QString html = QStringLiteral("<p class='title'>%1</p>").arg(RunReport::tr("Verification of %1").arg(run.url()).toHtmlEscaped());
    html += QStringLiteral("<p class='sentence'><span style='color:%1'>%2.</span> %3</p>")
                .arg(theme.health(health).name(), healthWord(health).toHtmlEscaped(),
                    content.value(QLatin1String("sentence")).toString().toHtmlEscaped());
    html += QStringLiteral("<table cellpadding='1'>");
    if (!run.environment.isEmpty())
        html += fact(RunReport::tr("Environment"), run.environment);
    const QString pod = content.value(QLatin1String("pod")).toString();
    const QString container = content.value(QLatin1String("container")).toString();
    const QString from = container.isEmpty() ? RunReport::tr("%1 (pod %2)").arg(run.source(), pod)
                                             : RunReport::tr("%1 (pod %2, container %3)").arg(run.source(), pod, container);
    html += fact(RunReport::tr("Source"), pod.isEmpty() ? run.source() : from);
    html += fact(RunReport::tr("Target"), run.url());
    html += fact(RunReport::tr("When"), whenText(run, samples));
    const bool kept = content.value(QLatin1String("keep_alive")).toBool();
    html += fact(RunReport::tr("Requests"),
        RunReport::tr("%1, %2 failed; %3")
            .arg(countText(run.requests()), countText(run.errors()),
                kept ? RunReport::tr("connections kept") : RunReport::tr("a new connection each")));
    if (run.ok() > 0) {
        const probe::Percentiles latency = run.latency();
        html += fact(RunReport::tr("Latency"),
            RunReport::tr("p50 %1, p95 %2, p99 %3").arg(latencyText(latency.p50), latencyText(latency.p95), latencyText(latency.p99)));
    }
    if (const QString command = content.value(QLatin1String("command")).toString(); !command.isEmpty())
        html += fact(RunReport::tr("By hand"), command);
    const auto expectation = truth::SplitExpectation::fromJson(content.value(QLatin1String("expectation")).toObject());
    if (const QString origin = expectation.sentence(); !origin.isEmpty())
        html += fact(RunReport::tr("Expectation"), origin);
    html += QStringLiteral("</table>");
    html += heading(RunReport::tr("Who answered")) + versionTable(run);
    html += latencyTable(content);
    if (const auto instances = counts(content, "instances"); !instances.isEmpty())
        html += heading(RunReport::tr("Answers per instance")) + countRows(instances);
    if (const auto errors = counts(content, "error_kinds"); !errors.isEmpty())
        html += heading(RunReport::tr("What failed")) + countRows(errors);
    const QJsonValue broke = content.value(QLatin1String("error"));
    if (const QString why = broke.isObject() ? broke.toObject().value(QLatin1String("text")).toString() : broke.toString(); !why.isEmpty())
        html += heading(RunReport::tr("The run broke off")) + QStringLiteral("<p>%1</p>").arg(why.toHtmlEscaped());
    if (const int omitted = content.value(QLatin1String("samplesOmitted")).toInt(); omitted > 0)
        html += QStringLiteral("<p class='quiet'>%1</p>")
                    .arg(RunReport::tr("The charts show the latest %1 requests; the figures count all %2.")
                             .arg(countText(samples.size()), countText(samples.size() + omitted))
                             .toHtmlEscaped());
    return html;
}

void paintChart(QPainter &painter, const QRectF &target, TimeChart &chart)
{
    chart.resize(target.size().toSize());
    (void)chart.grab(QRect(0, 0, 1, 1)); // a view that is not shown gets its size only when it is asked for a picture
    chart.chart()->layout()->activate();
    static_cast<QGraphicsView &>(chart).render(&painter, target, chart.viewport()->rect(), Qt::IgnoreAspectRatio);
}

/// Within (0, 0, pageWidth, pageHeight).
void paintPage(QPainter &painter, const PastRun &run)
{
    const Theme theme = lightTheme();
    const QList<probe::Sample> samples = probe::samplesFromJson(run.content.value(QLatin1String("samples")));
    QImage pixels(1, 1, QImage::Format_RGB32); // its 96 dots per inch, not those of the screen or the printer
    pixels.setDotsPerMeterX(3780);
    pixels.setDotsPerMeterY(3780);
    QTextDocument words;
    words.documentLayout()->setPaintDevice(&pixels);
    words.setDocumentMargin(0);
    QFont font = tabularFont();
    font.setPixelSize(12);
    words.setDefaultFont(font);
    words.setDefaultStyleSheet(QStringLiteral(
        "body, td, p { color: %1; } .quiet, .quiet td { color: %2; } p { margin: 4px 0; } .title { font-size: 19px; font-weight: 600; margin: 0 0 6px 0; }"
        " .sentence { font-size: 14px; font-weight: 600; margin: 0 0 8px 0; } .heading { font-weight: 600; margin: 12px 0 2px 0; }")
                                   .arg(theme.text.name(), theme.muted.name()));
    words.setHtml(QStringLiteral("<body>%1</body>").arg(core::printable(wordsOf(run, samples, theme))));
    words.setTextWidth(pageWidth);

    // What is more than a page is made smaller: one page is what is handed on.
    const double height = words.size().height();
    const double chartsHeight
        = samples.isEmpty() ? 0 : std::clamp(pageHeight - height - 12, double(leastChartsHeight), double(mostChartsHeight));
    const double scale = std::min(1.0, pageHeight / (height + 12 + chartsHeight));
    painter.save();
    painter.scale(scale, scale);
    words.drawContents(&painter);
    if (!samples.isEmpty()) {
        RunSeries series;
        series.add(samples);
        AnswersChart answers;
        LatencyChart latency;
        const double top = height + 12, upper = chartsHeight * 0.56;
        for (TimeChart *chart : { static_cast<TimeChart *>(&answers), static_cast<TimeChart *>(&latency) }) {
            chart->setTheme(theme);
            chart->setWholeRun(true);
        }
        QList<TimeChart::Mark> marks;
        for (const probe::ShareChange &change : probe::shareChangesOf(run.content.value(QLatin1String("shares")).toObject()))
            marks.append({ change.atMs, changeText(change) });
        answers.setMarks(marks);
        answers.refresh(series);
        latency.refresh(series);
        paintChart(painter, QRectF(0, top, pageWidth, upper), answers);
        paintChart(painter, QRectF(0, top + upper, pageWidth, chartsHeight - upper), latency);
    }
    painter.restore();
}

} // namespace

bool writeRunPdf(const PastRun &run, QIODevice &device)
{
    QPdfWriter writer(&device);
    writer.setTitle(core::printableLine(RunReport::tr("Verification of %1").arg(run.url())));
    writer.setCreator(QCoreApplication::applicationName());
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(QMarginsF(15, 15, 15, 15), QPageLayout::Millimeter);
    QPainter painter;
    if (!painter.begin(&writer))
        return false;
    const double scale = double(writer.width()) / pageWidth;
    painter.scale(scale, scale);
    paintPage(painter, run);
    return painter.end();
}

QImage runPicture(const PastRun &run)
{
    QImage image(QSize(pageWidth + 2 * pictureMargin, pageHeight + 2 * pictureMargin) * pictureScale, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.scale(pictureScale, pictureScale);
    painter.translate(pictureMargin, pictureMargin);
    paintPage(painter, run);
    return image;
}

} // namespace catamaran::ui
