// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/sample.h"

#include "core/wholepattern.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace catamaran::probe {

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Probe)
};

/// The smallest value that at least @p share of the sorted @p values do not exceed (nearest rank).
double nearestRank(const QList<double> &values, double share)
{
    const auto rank = qsizetype(std::ceil(share * double(values.size())));
    return values.at(std::clamp<qsizetype>(rank - 1, 0, values.size() - 1));
}

QString percent(int part, int whole)
{
    // Rounded, but never to a bound it does not have: 1 of 1000 is not "0 %".
    int value = int(std::lround(100.0 * part / whole));
    if (part > 0)
        value = std::max(value, 1);
    if (part < whole)
        value = std::min(value, 99);
    return Say::tr("%1 %").arg(value);
}

QString shares(const Summary &summary)
{
    QStringList parts;
    for (auto it = summary.versions.begin(); it != summary.versions.end(); ++it)
        parts += (it.key().isEmpty() ? Say::tr("no version") : it.key()) + u' ' + percent(it.value(), summary.ok);
    return parts.join(QStringLiteral(", "));
}

QString mostFrequent(const QMap<QString, int> &counts)
{
    const auto most = std::max_element(counts.begin(), counts.end());
    return most == counts.end() ? QString() : most.key();
}

} // namespace

QJsonObject Sample::toJson() const
{
    return {
        { QStringLiteral("index"), index },
        { QStringLiteral("started_at_ms"), startedAtMs },
        { QStringLiteral("received_at_ms"), receivedAtMs },
        { QStringLiteral("ok"), ok() },
        { QStringLiteral("http_code"), httpCode },
        { QStringLiteral("curl_exit"), curlExit },
        { QStringLiteral("error"), error },
        { QStringLiteral("total_ms"), totalMs },
        { QStringLiteral("connect_ms"), connectMs },
        { QStringLiteral("first_byte_ms"), firstByteMs },
        { QStringLiteral("remote_address"), remoteAddress },
        { QStringLiteral("new_connection"), newConnection },
        { QStringLiteral("version"), version },
        { QStringLiteral("instance"), instance },
        { QStringLiteral("raw"), raw },
    };
}

Sample Sample::fromJson(const QJsonObject &object)
{
    Sample sample;
    sample.index = object.value(u"index").toInt();
    sample.startedAtMs = qint64(object.value(u"started_at_ms").toDouble());
    sample.receivedAtMs = qint64(object.value(u"received_at_ms").toDouble());
    sample.httpCode = object.value(u"http_code").toInt();
    sample.curlExit = object.value(u"curl_exit").toInt();
    sample.error = object.value(u"error").toString();
    sample.totalMs = object.value(u"total_ms").toDouble();
    sample.connectMs = object.value(u"connect_ms").toDouble();
    sample.firstByteMs = object.value(u"first_byte_ms").toDouble();
    sample.remoteAddress = object.value(u"remote_address").toString();
    sample.newConnection = object.value(u"new_connection").toBool();
    sample.version = object.value(u"version").toString();
    sample.instance = object.value(u"instance").toString();
    sample.raw = object.value(u"raw").toString();
    return sample;
}

Percentiles percentiles(QList<double> values)
{
    if (values.isEmpty())
        return {};
    std::sort(values.begin(), values.end());
    return { nearestRank(values, 0.50), nearestRank(values, 0.95), nearestRank(values, 0.99) };
}

QString errorKind(const Sample &sample)
{
    if (sample.ok())
        return {};
    static const QRegularExpression figures(QStringLiteral(" after \\d+ (?:ms|milliseconds)(?: with \\S+ (?:out of \\S+ )?bytes received)?"));
    QString text = sample.error.trimmed();
    text.remove(figures);
    if (sample.httpCode != 0 && sample.curlExit == 0) {
        const QString code = QStringLiteral("HTTP %1").arg(sample.httpCode);
        if (text.isEmpty() || text == code)
            return code;
        return code + QStringLiteral(": ") + text;
    }
    return text.isEmpty() ? Say::tr("no answer") : text;
}

Summary summarize(const QList<Sample> &samples)
{
    Summary summary;
    QList<double> latencies;
    latencies.reserve(samples.size());
    for (const Sample &sample : samples) {
        ++summary.requests;
        if (!sample.ok()) {
            ++summary.errors;
            ++summary.errorKinds[errorKind(sample)];
            continue;
        }
        ++summary.ok;
        ++summary.versions[sample.version];
        if (!sample.instance.isEmpty())
            ++summary.instances[sample.instance];
        latencies += sample.totalMs;
    }
    summary.latencyMs = percentiles(std::move(latencies));
    return summary;
}

Interval wilson(int part, int whole)
{
    if (whole <= 0)
        return {};
    constexpr double z = 1.959963984540054; // two-sided 95 %
    const double n = whole;
    const double p = std::clamp(part, 0, whole) / n;
    const double centre = p + z * z / (2 * n);
    const double spread = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    const double scale = 1 + z * z / n;
    return { std::max(0.0, (centre - spread) / scale), std::min(1.0, (centre + spread) / scale) };
}

QString verdictSentence(const Summary &summary, const QStringList &expectedVersions)
{
    if (summary.requests == 0)
        return Say::tr("No request was answered or failed: nothing was sent.");
    const QString worst = mostFrequent(summary.errorKinds);
    if (summary.ok == 0)
        return Say::tr("All %1 requests failed: %2.").arg(summary.requests).arg(worst);

    QString judgement;
    QStringList missing, unexpected;
    for (const QString &version : expectedVersions) {
        if (!summary.versions.contains(version))
            missing += version;
    }
    for (auto it = summary.versions.keyBegin(); it != summary.versions.keyEnd(); ++it) {
        if (!expectedVersions.contains(*it))
            unexpected += it->isEmpty() ? Say::tr("no version") : *it;
    }
    if (expectedVersions.isEmpty()) {
        judgement = summary.errors == 0 ? Say::tr("every request was answered") : QString();
    } else if (!missing.isEmpty()) {
        judgement = Say::tr("%1 did not answer").arg(missing.join(Say::tr(" and ")));
    } else if (!unexpected.isEmpty()) {
        judgement = Say::tr("%1 answered too, which was not expected").arg(unexpected.join(Say::tr(" and ")));
    } else if (expectedVersions.size() == 1) {
        judgement = Say::tr("only %1 answers, as expected").arg(expectedVersions.first());
    } else {
        judgement = expectedVersions.size() == 2 ? Say::tr("both versions answer, as expected") : Say::tr("all versions answer, as expected");
    }
    if (summary.errors > 0) {
        const QString failed = Say::tr("%1 of %2 requests failed (%3)").arg(summary.errors).arg(summary.requests).arg(worst);
        judgement = judgement.isEmpty() ? failed : judgement + QStringLiteral("; ") + failed;
    }
    return Say::tr("%1 of %2: %3.").arg(shares(summary)).arg(summary.ok).arg(judgement);
}

std::pair<QString, QString> parseAnswer(const QString &body)
{
    static const QRegularExpression answer = core::wholePattern(QStringLiteral("Hello version: ([^,\\s]{1,64}), instance: (\\S{1,253})\\s*"));
    const auto match = answer.match(body.section(u'\n', 0, 0));
    if (!match.hasMatch())
        return {};
    return { match.captured(1), match.captured(2) };
}

} // namespace catamaran::probe
