// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "format.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace catamaran::ui {
namespace {

struct FormatText {
    Q_DECLARE_TR_FUNCTIONS(FormatText)
};

} // namespace

QString relativeTime(const QDateTime &at, const QDateTime &now)
{
    if (!at.isValid())
        return FormatText::tr("never");
    const qint64 seconds = at.secsTo(now);
    if (seconds < -1)
        return FormatText::tr("in %1").arg(elapsedText(-seconds * 1000));
    if (seconds < 2)
        return FormatText::tr("just now");
    if (seconds < 60)
        return FormatText::tr("%1 s ago").arg(seconds);
    if (seconds < 3600)
        return FormatText::tr("%1 min ago").arg(seconds / 60);
    const QDateTime local = at.toLocalTime();
    if (seconds < 12 * 3600)
        return FormatText::tr("%1 h ago").arg(seconds / 3600);
    const qint64 days = local.date().daysTo(now.toLocalTime().date());
    if (days == 0)
        return FormatText::tr("today %1").arg(local.time().toString(QStringLiteral("HH:mm")));
    if (days == 1)
        return FormatText::tr("yesterday %1").arg(local.time().toString(QStringLiteral("HH:mm")));
    return local.toString(QStringLiteral("yyyy-MM-dd HH:mm"));
}

QString absoluteTime(const QDateTime &at)
{
    if (!at.isValid())
        return FormatText::tr("never");
    const QDateTime local = at.toLocalTime();
    return local.toOffsetFromUtc(local.offsetFromUtc()).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss t"));
}

QString durationText(qint64 milliseconds)
{
    return milliseconds >= 0 && milliseconds < 1000 ? FormatText::tr("%1 ms").arg(milliseconds) : elapsedText(milliseconds);
}

QString elapsedText(qint64 milliseconds)
{
    if (milliseconds < 0)
        return QStringLiteral("–");
    if (milliseconds < 10000)
        return FormatText::tr("%1 s").arg(QLocale().toString(static_cast<double>(milliseconds) / 1000, 'f', 1));
    const qint64 seconds = milliseconds / 1000;
    if (seconds < 60)
        return FormatText::tr("%1 s").arg(seconds);
    if (seconds < 3600)
        return FormatText::tr("%1 min %2 s").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
    return FormatText::tr("%1 h %2 min").arg(seconds / 3600).arg(seconds % 3600 / 60, 2, 10, QLatin1Char('0'));
}

QString latencyText(double milliseconds)
{
    const QLocale locale;
    if (milliseconds < 0 || !std::isfinite(milliseconds))
        return QStringLiteral("–");
    if (milliseconds > 0 && milliseconds < 1)
        return FormatText::tr("%1 µs").arg(locale.toString(std::round(milliseconds * 1000), 'f', 0));
    if (milliseconds < 10)
        return FormatText::tr("%1 ms").arg(locale.toString(milliseconds, 'f', 1));
    if (milliseconds < 1000)
        return FormatText::tr("%1 ms").arg(locale.toString(milliseconds, 'f', 0));
    return FormatText::tr("%1 s").arg(locale.toString(milliseconds / 1000, 'f', 2));
}

QString countText(qint64 count)
{
    return QLocale().toString(count);
}

QString decimalText(double value)
{
    return QLocale().toString(value, 'f', 1);
}

QString shareText(double share)
{
    return FormatText::tr("%1 %").arg(decimalText(100 * share));
}

QString percentText(qint64 part, qint64 whole)
{
    if (whole <= 0)
        return QStringLiteral("–");
    const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
    if (part <= 0 || part >= whole || std::abs(percent - std::round(percent)) < 1e-9)
        return FormatText::tr("%1 %").arg(QLocale().toString(percent, 'f', 0));
    return shareText(std::clamp(percent, 0.1, 99.9) / 100);
}

} // namespace catamaran::ui
