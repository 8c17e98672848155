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

bool isSlow(const Sample &sample)
{
    return sample.ok() && sample.latencyMs() > Measurement::slowFromMs;
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

void Meter::open(Window::Kind kind, const QString &name, qint64 atMs)
{
    m_windows.append({ kind, name, atMs });
}

void Meter::count(const Sample &sample)
{
    for (auto window = m_windows.rbegin(); window != m_windows.rend(); ++window) {
        if (sample.startedAtMs < window->fromMs && std::next(window) != m_windows.rend())
            continue;
        ++window->requests;
        if (!sample.ok())
            ++window->failed;
        else
            ++window->versions[boundedName(window->versions, sample.version)];
        if (isSlow(sample))
            ++window->slow;
        return;
    }
}

void Meter::add(const Sample &sample)
{
    ++m_requests;
    if (!sample.ok())
        ++m_failed;
    if (isSlow(sample))
        ++m_slow;
    count(sample);
    // On its way when it struck, or sent later, but before the restore.
    const bool beforeRestore = m_times.restoreAtMs <= 0 || sample.startedAtMs < m_times.restoreAtMs;
    if (m_times.faultAtMs <= 0 || endOf(sample) < m_times.faultAtMs) {
        if (sample.ok()) {
            ++m_versions[boundedName(m_versions, sample.version)].before;
            ++m_answersBefore;
            m_lastGoodEndMs = std::max(m_lastGoodEndMs.value_or(0), endOf(sample));
        }
    } else if (beforeRestore) {
        addInside(sample);
    } else {
        addAfter(sample);
    }
    if (m_times.inPlaceAtMs > 0 && sample.startedAtMs >= m_times.inPlaceAtMs && beforeRestore)
        addInPlace(sample);
}

/// The stage that a sample was begun in, from 0.
int Meter::stageOf(const Sample &sample) const
{
    int stage = -1;
    for (const Window &window : m_windows)
        if (window.kind == Window::Kind::Broken && sample.startedAtMs >= window.fromMs)
            ++stage;
    return std::max(stage, 0);
}

void Meter::addAfter(const Sample &sample)
{
    m_isAfter = true;
    if (!sample.ok()) {
        m_failedAfter = true;
        m_goodAfterMs.reset();
    } else if (m_failedAfter && !m_goodAfterMs) {
        m_goodAfterMs = sample.startedAtMs;
    }
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
            it->lastEndMs = endOf(sample);
            continue;
        }
        if (it->order < 0) {
            it->order = order;
            it->endMs = endOf(sample);
        }
        if (sample.ok())
            ++it->answersSince;
    }
    if (sample.ok()) {
        if (m_lastGoodEndMs)
            m_longestGapMs = std::max(m_longestGapMs, endOf(sample) - *m_lastGoodEndMs);
        m_lastGoodEndMs = std::max(m_lastGoodEndMs.value_or(0), endOf(sample));
    } else if (!m_firstFailureMs) {
        m_firstFailureMs = endOf(sample);
    }
    if (!sample.ok()) {
        if (m_goodAgainMs)
            ++m_flaps;
        m_failedInside = true;
        m_goodAgainMs.reset();
        Settled &settled = m_settled[stageOf(sample)];
        settled.answers = 0;
        settled.last.clear();
    } else if (m_failedInside && !m_goodAgainMs && (m_times.restoreAtMs <= 0 || endOf(sample) <= m_times.restoreAtMs)) {
        m_goodAgainMs = sample.startedAtMs; // one that the restore may have answered shows nothing
    }
}

void Meter::addInPlace(const Sample &sample)
{
    m_sentInPlace = true;
    Settled &settled = m_settled[stageOf(sample)];
    settled.isAsked = true;
    if (sample.ok())
        settled.last[boundedName(settled.last, sample.version)] = settled.answers++;
}

/// It stayed away for so many answers that chance explains it in less than one of a hundred cases.
bool Meter::isGone(const Vanishing &version) const
{
    if (version.before == 0 || version.order < 0 || version.answersSince == 0)
        return false;
    return std::pow(1 - double(version.before) / m_answersBefore, double(version.answersSince)) < 0.01;
}

qint64 Meter::detectMs() const
{
    std::optional<Strange> first = m_strange;
    for (const Vanishing &version : m_versions)
        if (isGone(version) && (!first || version.order < first->order))
            first = Strange { version.order, version.endMs };
    return first ? std::max<qint64>(0, first->endMs - m_times.faultAtMs) : -1;
}

qint64 Meter::shiftMs() const
{
    qint64 last = -1;
    for (const Vanishing &version : m_versions)
        if (isGone(version))
            last = std::max(last, std::max<qint64>(0, version.lastEndMs - m_times.faultAtMs));
    return last;
}

qint64 Meter::recoveryMs() const
{
    if (!m_failedInside)
        return m_inside == 0 ? -1 : 0;
    return m_goodAgainMs ? std::max<qint64>(0, *m_goodAgainMs - m_times.faultAtMs) : -1;
}

Measurement Meter::measurement() const
{
    Measurement measurement;
    measurement.requests = m_requests + m_neverSent;
    measurement.failed = m_failed + m_neverSent;
    measurement.neverSent = m_neverSent;
    measurement.slow = m_slow;
    if (m_times.faultAtMs <= 0)
        return measurement; // there was no fault to measure from
    measurement.detectMs = detectMs();
    measurement.recoveryMs = recoveryMs();
    measurement.shiftMs = shiftMs();
    measurement.longestGapMs = m_longestGapMs;
    if (m_inside > 0 && m_lastGoodEndMs && m_times.restoreAtMs > 0) // none came any more: it lasted until the restore at least
        measurement.longestGapMs = std::max(measurement.longestGapMs, m_times.restoreAtMs - *m_lastGoodEndMs);
    if (m_firstFailureMs)
        measurement.firstFailureMs = std::max<qint64>(0, *m_firstFailureMs - m_times.faultAtMs);
    if (m_inside > 0)
        measurement.flaps = m_flaps;
    if (m_isAfter && m_times.restoreAtMs > 0)
        measurement.failbackMs = !m_failedAfter ? 0 : m_goodAfterMs ? std::max<qint64>(0, *m_goodAfterMs - m_times.restoreAtMs) : -1;
    return measurement;
}

/// Who answered while it was broken, compared with who should have; empty when it is as expected. A pod that is going away
/// still answers what it has taken, so nobody is unexpected before the second half of the answers.
QString Meter::wrongVersions(const DrillDocument &drill) const
{
    for (int stage = 0; stage < drill.stages.size(); ++stage) {
        const QStringList &expected = drill.stages.at(stage).expectVersions;
        if (expected.isEmpty())
            continue;
        const Settled settled = m_settled.value(stage);
        const QString where = drill.stages.at(stage).name.isEmpty() ? QString() : Say::tr(" (stage “%1”)").arg(drill.stages.at(stage).name);
        QStringList missing, unexpected;
        for (const QString &version : expected) {
            if (!settled.last.contains(version))
                missing += version;
        }
        for (auto it = settled.last.cbegin(); it != settled.last.cend(); ++it) {
            if (it.value() >= settled.answers / 2 && !expected.contains(it.key()))
                unexpected += it.key().isEmpty() ? Say::tr("no version") : it.key();
        }
        if (!missing.isEmpty())
            return Say::tr("%1 did not answer while it was broken").arg(joined(missing)) + where;
        if (!unexpected.isEmpty())
            return Say::tr("%1 still answered while it was broken").arg(joined(unexpected)) + where;
    }
    return {};
}

Judgement Meter::judge(const DrillDocument &drill) const
{
    const auto fail = [](const QString &reason) { return Judgement { Verdict::Fail, reason }; };
    const Measurement measured = measurement();
    const qint64 recovery = measured.recoveryMs;
    const int failed = measured.failed, requests = measured.requests;
    if (!m_sentInPlace)
        return fail(Say::tr("No request was sent while it was broken, so nothing was shown."));
    if (recovery < 0)
        return fail(Say::tr("Requests still failed when the fault was taken back: %1 of %2 failed.").arg(failed).arg(requests));
    if (const QString wrong = wrongVersions(drill); !wrong.isEmpty())
        return fail(wrong + u'.');
    if (recovery > drill.recoverWithin.count())
        return fail(Say::tr("Every answer was good again after %1 ms; the hypothesis allows %2 ms.")
                        .arg(recovery)
                        .arg(drill.recoverWithin.count()));
    if (drill.maxFailedRequests >= 0 && failed > drill.maxFailedRequests)
        return fail(Say::tr("%1 requests failed; the hypothesis allows %2.").arg(failed).arg(drill.maxFailedRequests));
    if (drill.failbackWithin.count() > 0 && measured.failbackMs < 0)
        return fail(Say::tr("Not every answer was good again after the restore."));
    if (drill.failbackWithin.count() > 0 && measured.failbackMs > drill.failbackWithin.count())
        return fail(Say::tr("After the restore every answer was good again after %1 ms; the hypothesis allows %2 ms.")
                        .arg(measured.failbackMs)
                        .arg(drill.failbackWithin.count()));
    if (failed == 0)
        return { Verdict::Pass, Say::tr("None of %1 requests failed.").arg(requests) };
    return { Verdict::Pass,
        Say::tr("%1 of %2 requests failed; every answer was good again after %3 ms.").arg(failed).arg(requests).arg(recovery) };
}

} // namespace catamaran::drill
