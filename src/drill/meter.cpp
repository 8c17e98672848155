// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/meter.h"

#include "drill/say.h"
#include "probe/figures.h"

#include <algorithm>
#include <cmath>

namespace catamaran::drill {

using probe::Sample;

namespace {

qint64 endOf(const Sample &sample)
{
    return sample.startedAtMs + qint64(std::llround(sample.totalMs));
}

/// The name under which @p version is counted: a service can name itself anew in each answer.
template <typename Value> QString boundedName(const QMap<QString, Value> &known, const QString &version)
{
    return known.contains(version) || known.size() < probe::Figures::mostVersions ? version : probe::Figures::otherName();
}

QString joined(const QStringList &versions)
{
    return versions.join(Say::tr(" and "));
}

} // namespace

void Meter::add(const Sample &sample)
{
    ++m_requests;
    if (!sample.ok())
        ++m_failed;
    // On its way when it struck, or sent later, but before the restore.
    const bool beforeRestore = m_times.restoreAtMs <= 0 || sample.startedAtMs < m_times.restoreAtMs;
    if (m_times.faultAtMs <= 0 || endOf(sample) < m_times.faultAtMs) {
        if (sample.ok()) {
            ++m_versions[boundedName(m_versions, sample.version)].before;
            ++m_answersBefore;
        }
    } else if (beforeRestore) {
        addInside(sample);
    }
    if (m_times.inPlaceAtMs > 0 && sample.startedAtMs >= m_times.inPlaceAtMs && beforeRestore)
        addInPlace(sample);
}

void Meter::addInside(const Sample &sample)
{
    const qint64 order = m_inside++;
    const QString version = boundedName(m_versions, sample.version);
    if (!m_strange && (!sample.ok() || (m_answersBefore > 0 && !m_versions.contains(version))))
        m_strange = Strange { order, endOf(sample) };
    for (auto it = m_versions.begin(); it != m_versions.end(); ++it) {
        if (sample.ok() && it.key() == version) {
            it->answersSince = 0;
            it->order = -1;
            continue;
        }
        if (it->order < 0) {
            it->order = order;
            it->endMs = endOf(sample);
        }
        if (sample.ok())
            ++it->answersSince;
    }
    if (!sample.ok()) {
        m_failedInside = true;
        m_goodAgainMs.reset();
        m_settledAnswers = 0;
        m_lastSettled.clear();
    } else if (m_failedInside && !m_goodAgainMs) {
        m_goodAgainMs = sample.startedAtMs;
    }
}

void Meter::addInPlace(const Sample &sample)
{
    m_sentInPlace = true;
    if (sample.ok())
        m_lastSettled[boundedName(m_lastSettled, sample.version)] = m_settledAnswers++;
}

qint64 Meter::detectMs() const
{
    std::optional<Strange> first = m_strange;
    for (const Vanishing &version : m_versions) {
        // It stayed away for so many answers that chance explains it in less than one of a hundred cases.
        if (version.before == 0 || version.order < 0 || version.answersSince == 0)
            continue;
        const double share = double(version.before) / m_answersBefore;
        if (std::pow(1 - share, double(version.answersSince)) < 0.01 && (!first || version.order < first->order))
            first = Strange { version.order, version.endMs };
    }
    return first ? std::max<qint64>(0, first->endMs - m_times.faultAtMs) : -1;
}

qint64 Meter::recoveryMs() const
{
    if (!m_failedInside)
        return m_inside == 0 ? -1 : 0;
    return m_goodAgainMs ? std::max<qint64>(0, *m_goodAgainMs - m_times.faultAtMs) : -1;
}

Measurement Meter::measurement() const
{
    Measurement measurement { m_requests, m_failed, -1, -1 };
    if (m_times.faultAtMs <= 0)
        return measurement; // there was no fault to measure from
    measurement.detectMs = detectMs();
    measurement.recoveryMs = recoveryMs();
    return measurement;
}

/// Who answered while it was broken, compared with who should have; empty when it is as expected. A pod that is going away
/// still answers what it has taken, so nobody is unexpected before the second half of the answers.
QString Meter::wrongVersions(const DrillDocument &drill) const
{
    if (drill.expectVersionsDuring.isEmpty())
        return {};
    QStringList missing, unexpected;
    for (const QString &version : drill.expectVersionsDuring) {
        if (!m_lastSettled.contains(version))
            missing += version;
    }
    for (auto it = m_lastSettled.cbegin(); it != m_lastSettled.cend(); ++it) {
        if (it.value() >= m_settledAnswers / 2 && !drill.expectVersionsDuring.contains(it.key()))
            unexpected += it.key().isEmpty() ? Say::tr("no version") : it.key();
    }
    if (!missing.isEmpty())
        return Say::tr("%1 did not answer while it was broken").arg(joined(missing));
    if (!unexpected.isEmpty())
        return Say::tr("%1 still answered while it was broken").arg(joined(unexpected));
    return {};
}

Judgement Meter::judge(const DrillDocument &drill) const
{
    const auto fail = [](const QString &reason) { return Judgement { Verdict::Fail, reason }; };
    const qint64 recovery = recoveryMs();
    if (!m_sentInPlace)
        return fail(Say::tr("No request was sent while it was broken, so nothing was shown."));
    if (recovery < 0)
        return fail(Say::tr("Requests still failed when the fault was taken back: %1 of %2 failed.").arg(m_failed).arg(m_requests));
    if (const QString wrong = wrongVersions(drill); !wrong.isEmpty())
        return fail(wrong + u'.');
    if (recovery > drill.recoverWithin.count())
        return fail(Say::tr("Every answer was good again after %1 ms; the hypothesis allows %2 ms.")
                        .arg(recovery)
                        .arg(drill.recoverWithin.count()));
    if (drill.maxFailedRequests >= 0 && m_failed > drill.maxFailedRequests)
        return fail(Say::tr("%1 requests failed; the hypothesis allows %2.").arg(m_failed).arg(drill.maxFailedRequests));
    if (m_failed == 0)
        return { Verdict::Pass, Say::tr("None of %1 requests failed.").arg(m_requests) };
    return { Verdict::Pass,
        Say::tr("%1 of %2 requests failed; every answer was good again after %3 ms.").arg(m_failed).arg(m_requests).arg(recovery) };
}

} // namespace catamaran::drill
