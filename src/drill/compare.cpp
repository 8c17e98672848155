// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/compare.h"

#include "drill/say.h"

namespace catamaran::drill {

std::optional<double> ComparedFigure::difference() const
{
    if (!first.isDouble() || !second.isDouble())
        return std::nullopt;
    return second.toDouble() - first.toDouble();
}

QList<ComparedFigure> compared(const QJsonObject &first, const QJsonObject &second)
{
    QList<ComparedFigure> figures;
    const auto add = [&](const char *key, const QString &name) {
        const QString word = QString::fromLatin1(key);
        const auto valueIn = [&](const QJsonObject &one) { return one.contains(word) ? one.value(word) : QJsonValue(QJsonValue::Null); };
        figures.append({ word, name, valueIn(first), valueIn(second) });
    };
    add("verdict", Say::tr("Verdict"));
    add("recovery_ms", Say::tr("Recovery (ms)"));
    add("detect_ms", Say::tr("First seen after (ms)"));
    add("first_failure_ms", Say::tr("First failure after (ms)"));
    add("full_shift_ms", Say::tr("Full shift after (ms)"));
    add("longest_gap_ms", Say::tr("Longest gap (ms)"));
    add("failback_ms", Say::tr("Good again after the restore (ms)"));
    add("requests", Say::tr("Requests"));
    add("failed_requests", Say::tr("Failed requests"));
    add("never_sent", Say::tr("Never sent"));
    add("slow_requests", Say::tr("Slow answers"));
    add("flaps", Say::tr("Failed again after it was good"));
    return figures;
}

QString whyNotAlike(const QJsonObject &first, const QJsonObject &second)
{
    QStringList others;
    const std::pair<const char *, QString> parts[] = { { "drill", Say::tr("the drill") }, { "source", Say::tr("the client") },
        { "url", Say::tr("what is asked for") }, { "parameters", Say::tr("the parameters") } };
    for (const auto &[key, name] : parts)
        if (first.value(QLatin1StringView(key)) != second.value(QLatin1StringView(key)))
            others += name;
    return others.isEmpty() ? QString()
                            : Say::tr("They measure two different things; not the same is: %1").arg(others.join(QStringLiteral(", ")));
}

} // namespace catamaran::drill
