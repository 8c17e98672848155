// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/duration.h"

#include "core/say.h"
#include "core/wholepattern.h"

#include <cmath>

namespace catamaran::core {

namespace {

using std::chrono::milliseconds;

Result<milliseconds> parse(const QString &text, bool needsUnit)
{
    static const QRegularExpression form = wholePattern(QStringLiteral("(\\d+(?:\\.\\d{1,3})?)(ms|s|m|h)?"));
    const auto match = form.match(text);
    const QString unit = match.captured(2);
    if (!match.hasMatch() || (needsUnit && unit.isEmpty() && text != u"0"))
        return fail(ErrorKind::InvalidInput, {}, {}, Say::tr("“%1” is not a time").arg(text.left(60)),
            Say::tr("Write for example 500ms, 30s, 2m or 1h."));
    const double factor = unit == u"ms" ? 1 : unit == u"m" ? 60000 : unit == u"h" ? 3600000 : 1000;
    const double time = match.captured(1).toDouble() * factor; // infinite for a number with too many digits
    const double longest = static_cast<double>(milliseconds(longestDuration).count());
    if (!(time <= longest))
        return fail(ErrorKind::InvalidInput, {}, {},
            Say::tr("“%1” is longer than %2 hours").arg(text.left(60)).arg(longestDuration.count()),
            Say::tr("Give at most %1h.").arg(longestDuration.count()));
    return milliseconds(std::llround(time));
}

} // namespace

Result<milliseconds> parseDuration(const QString &text)
{
    return parse(text, false);
}

Result<milliseconds> parseDurationWithUnit(const QString &text)
{
    return parse(text, true);
}

} // namespace catamaran::core
