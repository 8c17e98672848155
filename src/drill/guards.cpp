// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/guards.h"

#include "drill/say.h"

#include <algorithm>

namespace catamaran::drill {

using Kind = GuardReading::Kind;

namespace {

constexpr std::size_t mostInWindow = 200000; ///< requests; more than any rate sends within a minute

constexpr std::pair<Kind, const char *> guardNames[] = { { Kind::FailedInARow, "failed_in_a_row" }, { Kind::FailedShare, "failed_share" },
    { Kind::SlowShare, "slow_share" }, { Kind::Blind, "blind_ms" }, { Kind::Duration, "duration_ms" } };

QString seconds(double ms)
{
    return Say::tr("%1 s").arg(ms / 1000, 0, 'f', ms < 10000 ? 1 : 0);
}

QString figure(Kind kind, double value)
{
    switch (kind) {
    case Kind::FailedInARow: return QString::number(qint64(value));
    case Kind::FailedShare:
    case Kind::SlowShare: return Say::tr("%1 %").arg(value, 0, 'f', value < 10 ? 1 : 0);
    case Kind::Blind:
    case Kind::Duration: return seconds(value);
    }
    return {};
}

} // namespace

QStringList guardWords(const Guard &guard)
{
    QStringList words;
    const QString window = seconds(double(guard.window.count()));
    if (guard.maxFailedInARow > 0)
        words += Say::tr("more than %1 requests fail one after the other").arg(guard.maxFailedInARow);
    if (guard.maxFailedShare > 0)
        words += Say::tr("more than %1 % of the requests of %2 fail").arg(QString::number(guard.maxFailedShare), window);
    if (guard.maxLatency.count() > 0)
        words += Say::tr("more than %1 % of the answers of %2 take longer than %3")
                     .arg(QString::number(Guards::slowShare), window, seconds(double(guard.maxLatency.count())));
    if (guard.maxBlind.count() > 0)
        words += Say::tr("what was broken cannot be seen for %1").arg(seconds(double(guard.maxBlind.count())));
    words += Say::tr("it takes longer than %1").arg(seconds(double(guard.maxDuration.count())));
    return words;
}

QString GuardReading::name() const
{
    switch (kind) {
    case Kind::FailedInARow: return Say::tr("failed in a row");
    case Kind::FailedShare: return Say::tr("failed lately");
    case Kind::SlowShare: return Say::tr("too slow lately");
    case Kind::Blind: return Say::tr("out of sight");
    case Kind::Duration: return Say::tr("time");
    }
    return {};
}

QString GuardReading::text() const
{
    return Say::tr("%1 of %2").arg(value ? figure(kind, *value) : Say::tr("–"), figure(kind, limit));
}

QString GuardReading::sentence() const
{
    const QString is = value ? figure(kind, *value) : QString();
    switch (kind) {
    case Kind::FailedInARow: return Say::tr("the guard stopped it: %1 requests failed one after the other").arg(is);
    case Kind::FailedShare:
        return Say::tr("the guard stopped it: %1 of the last requests failed, at most %2 may").arg(is, figure(kind, limit));
    case Kind::SlowShare:
        return Say::tr("the guard stopped it: %1 of the last answers came too late, at most %2 may").arg(is, figure(kind, limit));
    case Kind::Blind: return Say::tr("the guard stopped it: what was broken has not been seen for %1").arg(is);
    case Kind::Duration: return Say::tr("the guard stopped it: longer than %1 s").arg(qint64(limit) / 1000);
    }
    return {};
}

QJsonObject GuardReading::toJson() const
{
    QString word;
    for (const auto &[one, name] : guardNames)
        if (one == kind)
            word = QLatin1StringView(name);
    return { { QStringLiteral("guard"), word }, { QStringLiteral("value"), value ? QJsonValue(*value) : QJsonValue(QJsonValue::Null) },
        { QStringLiteral("limit"), limit } };
}

std::optional<GuardReading> GuardReading::fromJson(const QJsonObject &object)
{
    for (const auto &[kind, name] : guardNames) {
        if (object[u"guard"].toString() != QLatin1StringView(name))
            continue;
        const QJsonValue value = object[u"value"];
        return GuardReading { kind, value.isDouble() ? std::optional(value.toDouble()) : std::nullopt, object[u"limit"].toDouble() };
    }
    return std::nullopt; // a newer version's
}

Guards::Guards(const Guard &guard)
    : m_guard(guard)
{
}

void Guards::restart()
{
    m_window.clear();
    m_failed = m_slow = m_inARow = 0;
    m_highest.clear();
}

void Guards::add(const probe::Sample &sample)
{
    const bool ok = sample.ok();
    m_inARow = ok ? 0 : m_inARow + 1;
    if (m_guard.maxFailedShare <= 0 && m_guard.maxLatency.count() <= 0)
        return;
    const bool slow = ok && m_guard.maxLatency.count() > 0 && sample.receivedAtMs - sample.startedAtMs > m_guard.maxLatency.count();
    m_window.push_back({ sample.receivedAtMs, ok, slow });
    m_failed += ok ? 0 : 1;
    m_slow += slow ? 1 : 0;
    forget(sample.receivedAtMs - m_guard.window.count());
}

void Guards::forget(qint64 beforeMs)
{
    while (!m_window.empty() && (m_window.front().atMs < beforeMs || m_window.size() > mostInWindow)) {
        m_failed -= m_window.front().ok ? 0 : 1;
        m_slow -= m_window.front().slow ? 1 : 0;
        m_window.pop_front();
    }
}

QList<GuardReading> Guards::readings(qint64 startedMs, qint64 nowMs)
{
    forget(nowMs - m_guard.window.count());
    QList<GuardReading> list;
    const auto share = [](int part, int whole) { return whole < fewest ? std::nullopt : std::optional(100.0 * part / whole); };
    const int all = int(m_window.size()), good = all - m_failed;
    if (m_guard.maxFailedInARow > 0)
        list += { Kind::FailedInARow, m_inARow, double(m_guard.maxFailedInARow) };
    if (m_guard.maxFailedShare > 0)
        list += { Kind::FailedShare, share(m_failed, all), double(m_guard.maxFailedShare) };
    if (m_guard.maxLatency.count() > 0)
        list += { Kind::SlowShare, share(m_slow, good), slowShare };
    if (m_guard.maxBlind.count() > 0)
        list += { Kind::Blind, m_seenAt ? std::optional(double(std::max<qint64>(0, nowMs - *m_seenAt))) : std::nullopt,
            double(m_guard.maxBlind.count()) };
    list += { Kind::Duration, double(nowMs - startedMs), double(m_guard.maxDuration.count()) };
    if (m_highest.isEmpty())
        m_highest = list;
    for (qsizetype i = 0; i < list.size(); ++i)
        if (list.at(i).value.value_or(-1) > m_highest.at(i).value.value_or(-1))
            m_highest[i] = list.at(i);
    return list;
}

} // namespace catamaran::drill
