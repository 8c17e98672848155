// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/trend.h"

#include "drill/compare.h"
#include "drill/say.h"

#include <algorithm>

namespace catamaran::drill {

namespace {

QList<qint64> recoveries(const Trend &trend)
{
    QList<qint64> times;
    for (const TrendRun &run : trend.runs)
        if (run.recoveryMs)
            times += *run.recoveryMs;
    std::sort(times.begin(), times.end());
    return times;
}

std::optional<qint64> at(const QList<qint64> &sorted, qsizetype index)
{
    return sorted.isEmpty() ? std::nullopt : std::optional(sorted.at(index));
}

QJsonValue orNull(std::optional<qint64> value)
{
    return value ? QJsonValue(*value) : QJsonValue(QJsonValue::Null);
}

TrendRun runOf(const PastDrill &past)
{
    const QJsonValue recovery = past.content[u"recovery_ms"];
    TrendRun run { past.document, past.at, past.content[u"verdict"].toString(), {}, false, past.content[u"failed_requests"].toInt(),
        past.content[u"requests"].toInt() };
    if (recovery.isDouble() && recovery.toDouble() >= 0)
        run.recoveryMs = qint64(recovery.toDouble());
    else
        run.isNever = run.verdict != u"aborted" && past.content[u"fault_at_ms"].toDouble(-1) > 0; // as DrillResult::recoveryText()
    return run;
}

} // namespace

int Trend::held() const
{
    return int(std::count_if(runs.begin(), runs.end(), [](const TrendRun &run) { return run.verdict == u"pass"; }));
}

int Trend::never() const
{
    return int(std::count_if(runs.begin(), runs.end(), [](const TrendRun &run) { return run.isNever; }));
}

std::optional<qint64> Trend::best() const
{
    return at(recoveries(*this), 0);
}

std::optional<qint64> Trend::median() const
{
    const QList<qint64> times = recoveries(*this);
    return at(times, (times.size() - 1) / 2); // of two the better one, which was measured; not a number between them
}

std::optional<qint64> Trend::worst() const
{
    const QList<qint64> times = recoveries(*this);
    return at(times, times.size() - 1);
}

bool Trend::has(qint64 document) const
{
    return std::any_of(runs.begin(), runs.end(), [&](const TrendRun &run) { return run.document == document; });
}

QString Trend::text() const
{
    QStringList parts { Say::tr("%n run(s)", nullptr, int(runs.size())), Say::tr("%1 held").arg(held()) };
    if (const auto quickest = best())
        parts += Say::tr("good again after %1 ms at best, %2 ms in the middle, %3 ms at worst")
                     .arg(QString::number(*quickest), QString::number(*median()), QString::number(*worst()));
    if (never() > 0)
        parts += Say::tr("never good again before it was put back: %1").arg(never());
    return parts.join(QStringLiteral("; "));
}

QJsonObject Trend::toJson() const
{
    return { { QStringLiteral("drill"), drill }, { QStringLiteral("title"), title }, { QStringLiteral("source"), source },
        { QStringLiteral("url"), url }, { QStringLiteral("parameters"), parameters }, { QStringLiteral("runs"), int(runs.size()) },
        { QStringLiteral("held"), held() }, { QStringLiteral("never_recovered"), never() }, { QStringLiteral("best_ms"), orNull(best()) },
        { QStringLiteral("median_ms"), orNull(median()) }, { QStringLiteral("worst_ms"), orNull(worst()) } };
}

QList<Trend> trends(const QList<PastDrill> &past)
{
    QList<PastDrill> sorted = past;
    std::stable_sort(sorted.begin(), sorted.end(), [](const PastDrill &a, const PastDrill &b) { return a.document > b.document; });
    QList<Trend> all;
    QList<QJsonObject> first; // of each
    for (const PastDrill &one : std::as_const(sorted)) {
        const auto same = std::find_if(
            first.cbegin(), first.cend(), [&](const QJsonObject &other) { return whyNotAlike(one.content, other).isEmpty(); });
        if (same != first.cend()) {
            all[same - first.cbegin()].runs.prepend(runOf(one));
            continue;
        }
        const QString drill = one.content[u"drill"].toString();
        first += one.content;
        all += Trend { drill, one.content[u"title"].toString(drill), one.content[u"source"].toString(), one.content[u"url"].toString(),
            one.content[u"parameters"].toObject(), { runOf(one) } };
    }
    return all;
}

} // namespace catamaran::drill
