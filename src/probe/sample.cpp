// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/figures.h"

#include "core/wholepattern.h"
#include "probe/say.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace catamaran::probe {

namespace {

/// The smallest value that at least @p share of @p values do not exceed (nearest rank).
double nearestRank(QList<double> &values, double share)
{
    const auto rank = std::clamp<qsizetype>(qsizetype(std::ceil(share * double(values.size()))) - 1, 0, values.size() - 1);
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    return values.at(rank);
}

QJsonObject counts(const QMap<QString, int> &map)
{
    QJsonObject object;
    for (auto it = map.begin(); it != map.end(); ++it)
        object.insert(it.key(), it.value());
    return object;
}

QMap<QString, int> countsOf(const QJsonValue &value)
{
    QMap<QString, int> counts;
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it)
        counts.insert(it.key(), it.value().toInt());
    return counts;
}

QString shares(const Summary &summary)
{
    QStringList parts;
    const QList<int> percents = wholePercents(summary.versions.values());
    for (auto it = summary.versions.begin(); it != summary.versions.end(); ++it)
        parts += (it.key().isEmpty() ? Say::tr("no version") : it.key()) + u' ' + Say::tr("%1 %").arg(percents.at(parts.size()));
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
        { QStringLiteral("late_ms"), lateMs },
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
    sample.lateMs = object.value(u"late_ms").toDouble();
    sample.remoteAddress = object.value(u"remote_address").toString();
    sample.newConnection = object.value(u"new_connection").toBool();
    sample.version = object.value(u"version").toString();
    sample.instance = object.value(u"instance").toString();
    sample.raw = object.value(u"raw").toString();
    return sample;
}

QJsonArray samplesToJson(const QList<Sample> &samples)
{
    QJsonArray list;
    for (const Sample &sample : samples)
        list += sample.toJson();
    return list;
}

QList<Sample> samplesFromJson(const QJsonValue &list)
{
    QList<Sample> samples;
    const QJsonArray entries = list.toArray();
    samples.reserve(entries.size());
    for (const QJsonValue &entry : entries)
        samples += Sample::fromJson(entry.toObject());
    return samples;
}

Percentiles percentiles(QList<double> values)
{
    if (values.isEmpty())
        return {};
    return { nearestRank(values, 0.50), nearestRank(values, 0.95), nearestRank(values, 0.99) };
}

QString errorKind(const Sample &sample)
{
    if (sample.ok())
        return {};
    static const QRegularExpression figures(
        QStringLiteral(" after \\d+ (?:ms|milliseconds)(?: with \\S+ (?:out of \\S+ )?bytes received)?"));
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

QJsonObject Summary::toJson() const
{
    return {
        { QStringLiteral("requests"), requests },
        { QStringLiteral("ok"), ok },
        { QStringLiteral("errors"), errors },
        { QStringLiteral("error_kinds"), counts(errorKinds) },
        { QStringLiteral("versions"), counts(versions) },
        { QStringLiteral("instances"), counts(instances) },
        { QStringLiteral("latency_ms"),
            QJsonObject { { QStringLiteral("p50"), latencyMs.p50 }, { QStringLiteral("p95"), latencyMs.p95 },
                { QStringLiteral("p99"), latencyMs.p99 } } },
        { QStringLiteral("latency_within_percent"), latencyIsExact ? 0.0 : 100 * Latencies::errorShare },
        { QStringLiteral("not_sent"), notSent },
        { QStringLiteral("late"), late },
    };
}

Summary Summary::fromJson(const QJsonObject &object)
{
    const QJsonObject latency = object.value(u"latency_ms").toObject();
    return { object.value(u"requests").toInt(), object.value(u"ok").toInt(), object.value(u"errors").toInt(),
        countsOf(object.value(u"versions")), countsOf(object.value(u"instances")), countsOf(object.value(u"error_kinds")),
        { latency.value(u"p50").toDouble(), latency.value(u"p95").toDouble(), latency.value(u"p99").toDouble() },
        object.value(u"latency_within_percent").toDouble() == 0, object.value(u"not_sent").toInt(), object.value(u"late").toInt() };
}

Summary summarize(const QList<Sample> &samples)
{
    Figures figures;
    for (const Sample &sample : samples)
        figures.add(sample);
    return figures.summary();
}

QList<int> wholePercents(const QList<int> &counts)
{
    const qint64 whole = std::accumulate(counts.begin(), counts.end(), qint64(0));
    QList<int> percents(counts.size(), 0);
    if (whole <= 0)
        return percents;
    int left = 100;
    for (qsizetype i = 0; i < counts.size(); ++i) {
        // 1 of 1000 is not "0 %", and 999 of them are not "100 %".
        const int rounded = int(100 * qint64(counts[i]) / whole);
        percents[i] = counts[i] > 0 ? std::max(1, rounded) : 0;
        left -= percents[i];
    }
    const auto rest = [&](qsizetype i) { return 100 * qint64(counts[i]) - percents[i] * whole; }; // what rounding took away, or gave
    while (left != 0) {
        qsizetype chosen = -1;
        for (qsizetype i = 0; i < counts.size(); ++i) {
            const bool may = left > 0 ? counts[i] > 0 && (percents[i] < 99 || counts[i] == whole) : percents[i] > 1;
            if (may
                && (chosen < 0
                    || (left > 0 ? std::pair(rest(i), counts[i]) > std::pair(rest(chosen), counts[chosen])
                                 : std::pair(rest(i), -counts[i]) < std::pair(rest(chosen), -counts[chosen]))))
                chosen = i;
        }
        if (chosen < 0) // more parts than per cents
            break;
        percents[chosen] += left > 0 ? 1 : -1;
        left += left > 0 ? -1 : 1;
    }
    return percents;
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

bool sharesDiffer(const QMap<QString, int> &versions, const QMap<QString, double> &expected)
{
    constexpr int fewest = 50;
    constexpr double slack = 0.05;
    const int all = std::accumulate(versions.begin(), versions.end(), 0);
    return all >= fewest && std::any_of(expected.keyValueBegin(), expected.keyValueEnd(), [&](const auto &one) {
        const Interval seen = wilson(versions.value(one.first), all);
        return one.second < seen.low - slack || one.second > seen.high + slack;
    });
}

namespace {

QString sentenceOf(const Summary &summary, const QStringList &expectedVersions, bool inOtherShares)
{
    if (summary.requests == 0)
        return Say::tr("No request was answered or failed: nothing was sent.");
    const QString worst = mostFrequent(summary.errorKinds);
    const QString unsent = summary.notSent > 0
        ? QStringLiteral("; ") + Say::tr("%n more were due and could not be sent in time", nullptr, summary.notSent)
        : QString();
    if (summary.ok == 0)
        return Say::tr("All %1 requests failed: %2.").arg(QString::number(summary.requests), worst + unsent);

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
    } else if (inOtherShares) {
        judgement = Say::tr("all versions answer, but not in the shares that were expected");
    } else {
        judgement
            = expectedVersions.size() == 2 ? Say::tr("both versions answer, as expected") : Say::tr("all versions answer, as expected");
    }
    if (summary.errors > 0) {
        const QString failed = Say::tr("%1 of %2 requests failed (%3)").arg(summary.errors).arg(summary.requests).arg(worst);
        judgement = judgement.isEmpty() ? failed : judgement + QStringLiteral("; ") + failed;
    }
    return Say::tr("%1 of %2: %3.")
        .arg(shares(summary), QString::number(summary.ok), judgement + unsent); // at once: a version may be called %2
}

} // namespace

QString verdictSentence(const Summary &summary, const QStringList &expectedVersions)
{
    return sentenceOf(summary, expectedVersions, false);
}

QString verdictSentence(const Summary &summary, const QMap<QString, double> &expected)
{
    return sentenceOf(summary, expected.keys(), sharesDiffer(summary.versions, expected));
}

std::pair<QString, QString> parseAnswer(const QString &body)
{
    static const QRegularExpression answer
        = core::wholePattern(QStringLiteral("Hello version: ([^,\\s]{1,64}), instance: (\\S{1,253})\\s*"));
    const auto match = answer.match(body.section(u'\n', 0, 0));
    if (!match.hasMatch())
        return {};
    return { match.captured(1), match.captured(2) };
}

} // namespace catamaran::probe
