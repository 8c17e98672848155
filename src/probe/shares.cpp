// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/shares.h"

#include "probe/say.h"

#include <QDateTime>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace catamaran::probe {

namespace {

constexpr double overprovisioning = 1.4; ///< Envoy's
constexpr int mostStrangers = 50;

/// How much likelier than @p shares an answer of each version is where one version's share, against all others, is @p factor
/// times what it was.
QList<double> shifted(const QList<double> &shares, qsizetype version, double factor)
{
    const double whole = 1 + (factor - 1) * shares.at(version);
    QList<double> likelihood(shares.size(), 1 / whole);
    likelihood[version] = factor / whole;
    return likelihood;
}

/// n log n, with its limit at 0.
double entropyTerm(int count)
{
    return count > 0 ? count * std::log(double(count)) : 0;
}

/// Counts of each kind among the first answers, for any number of them.
using Sums = QList<QList<int>>;

double logLikelihood(const Sums &sums, int from, int to)
{
    double sum = -entropyTerm(to - from);
    for (const QList<int> &kind : sums)
        sum += entropyTerm(kind.at(to) - kind.at(from));
    return sum;
}

struct Split {
    int at = -1;
    double gain = 0; ///< of the logarithm of the likelihood
};

/// The split of one interval that explains most.
Split bestSplit(const Sums &sums, int from, int to)
{
    const double together = logLikelihood(sums, from, to);
    Split best;
    for (int at = from + 1; at < to; ++at) {
        const double gain = logLikelihood(sums, from, at) + logLikelihood(sums, at, to) - together;
        if (gain > best.gain)
            best = { at, gain };
    }
    return best;
}

/// Splits where that explains most, and the two sides again. It is looked for in windows of all sizes, each half over the next:
/// what changes and changes back within a long series is not seen in the whole of it.
void split(const Sums &sums, int from, int to, double threshold, std::set<int> &points)
{
    constexpr int narrowest = 16;
    Split best;
    for (int width = to - from; width >= 2; width = width / 2 < narrowest ? 0 : width / 2) {
        const int step = std::max(1, width / 2);
        for (int start = from; start < to; start += step) {
            const Split one = bestSplit(sums, std::max(from, std::min(start, to - width)), std::min(start + width, to));
            if (one.gain > best.gain)
                best = one;
            if (start + width >= to)
                break;
        }
    }
    if (best.gain <= threshold)
        return;
    points.insert(best.at);
    split(sums, from, best.at, threshold, points);
    split(sums, best.at, to, threshold, points);
}

} // namespace

QMap<QString, double> expectedShares(const QList<PossibleHost> &hosts)
{
    struct Priority {
        int all = 0, healthy = 0;
        double weight = 0;
    };
    QMap<int, Priority> priorities;
    for (const PossibleHost &host : hosts) {
        Priority &priority = priorities[host.priority];
        ++priority.all;
        priority.healthy += host.healthy ? 1 : 0;
        priority.weight += host.healthy ? std::max(0.0, host.weight) : 0;
    }
    double available = 0;
    for (const Priority &priority : std::as_const(priorities))
        available += std::min(1.0, overprovisioning * priority.healthy / priority.all);
    QMap<QString, double> shares;
    if (available <= 0)
        return shares;
    double left = 1;
    for (auto it = priorities.cbegin(); it != priorities.cend(); ++it) {
        const double load = std::min(left, std::min(1.0, overprovisioning * it->healthy / it->all) / std::min(1.0, available));
        left -= load;
        if (load <= 0 || it->weight <= 0)
            continue;
        for (const PossibleHost &host : hosts) {
            if (host.priority == it.key() && host.healthy && host.weight > 0)
                shares[host.version] += load * host.weight / it->weight;
        }
    }
    return shares;
}

ShareWatch::ShareWatch(const QMap<QString, double> &expected)
{
    QList<double> shares;
    double whole = 0;
    for (auto it = expected.begin(); it != expected.end(); ++it) {
        if (!(it.value() > 0) || !std::isfinite(it.value()))
            continue;
        m_versions.insert(it.key(), shares.size());
        shares += it.value();
        whole += it.value();
    }
    for (double &share : shares)
        share /= whole;
    m_seen.fill(false, shares.size());
    if (shares.size() < 2)
        return;
    const auto kinds = double(shares.size());
    for (qsizetype version = 0; version < shares.size(); ++version) {
        m_alternatives += Alternative { 0.5 / kinds, shifted(shares, version, 0) };
        for (const double factor : { 0.25, 0.5, 2.0, 4.0 })
            m_alternatives += Alternative { 0.125 / kinds, shifted(shares, version, factor) };
    }
}

void ShareWatch::add(const QString &version)
{
    ++m_answers;
    const auto known = m_versions.constFind(version);
    if (known == m_versions.constEnd()) {
        if (!m_strangers.contains(version) && m_strangers.size() < mostStrangers)
            m_strangers += version;
        if (m_alarmAt == 0 && !m_versions.isEmpty())
            m_alarmAt = m_answers;
        return;
    }
    m_seen[*known] = true;
    constexpr double most = 1e280; // far beyond the alarm, and no overflow
    double evidence = 0;
    for (Alternative &one : m_alternatives) {
        one.evidence = std::min(most, (1 + one.evidence) * one.likelihood.at(*known));
        evidence += one.part * one.evidence;
    }
    if (m_alarmAt == 0 && evidence >= stretch / falseAlarmRate)
        m_alarmAt = m_answers;
}

ShareWatch::State ShareWatch::state() const
{
    if (m_alarmAt > 0)
        return State::NotAsExpected;
    return !m_seen.isEmpty() && !m_seen.contains(false) ? State::AsExpected : State::TooFew;
}

QList<int> changePoints(const QStringList &versions)
{
    constexpr double chance = 0.01;
    QMap<QString, int> kinds;
    for (const QString &version : versions)
        kinds.insert(version, 0);
    if (kinds.size() < 2)
        return {};
    Sums sums;
    for (auto it = kinds.begin(); it != kinds.end(); ++it) {
        QList<int> sum { 0 };
        sum.reserve(versions.size() + 1);
        for (const QString &version : versions)
            sum += sum.last() + (version == it.key() ? 1 : 0);
        sums += sum;
    }
    // Each of the splits has its chance, in windows of each size; one more kind is one more share that may seem to differ.
    const auto count = double(versions.size());
    const double threshold = std::log(2 * count * std::max(1.0, std::log2(count)) / chance) + double(kinds.size() - 2) * std::log(count);
    std::set<int> points;
    split(sums, 0, int(versions.size()), threshold, points);
    return { points.begin(), points.end() };
}

QString stateName(ShareVerdict::State state)
{
    switch (state) {
    case ShareVerdict::State::TooFew: return QStringLiteral("too-few");
    case ShareVerdict::State::AsExpected: return QStringLiteral("as-expected");
    case ShareVerdict::State::Differs: return QStringLiteral("differs");
    case ShareVerdict::State::Unknown: break;
    }
    return QStringLiteral("unknown");
}

ShareVerdict::State shareStateOf(const QString &name)
{
    using enum ShareVerdict::State;
    for (const ShareVerdict::State state : { TooFew, AsExpected, Differs })
        if (name == stateName(state))
            return state;
    return Unknown;
}

ShareTest::ShareTest(const QMap<QString, double> &expected)
    : m_expected(expected)
    , m_watch(expected)
{
    for (auto it = expected.cbegin(); it != expected.cend(); ++it)
        if (it.value() > 0)
            m_answers.insert(it.key(), 0);
}

void ShareTest::add(const QList<Sample> &samples)
{
    if (m_answers.isEmpty())
        return;
    for (const Sample &sample : samples) {
        if (!sample.ok())
            continue;
        m_watch.add(sample.version);
        if (const auto known = m_answers.find(sample.version); known != m_answers.end())
            ++*known;
        if (m_sinceRequest == 0 && m_watch.alarmAt() > 0) {
            m_sinceRequest = sample.index + 1;
            m_sinceMs = sample.receivedAtMs;
        }
    }
}

ShareVerdict ShareTest::verdict() const
{
    ShareVerdict verdict;
    if (m_answers.isEmpty())
        return verdict;
    switch (m_watch.state()) {
    case ShareWatch::State::TooFew: verdict.state = ShareVerdict::State::TooFew; break;
    case ShareWatch::State::AsExpected: verdict.state = ShareVerdict::State::AsExpected; break;
    case ShareWatch::State::NotAsExpected: verdict.state = ShareVerdict::State::Differs; break;
    }
    verdict.sinceRequest = m_sinceRequest;
    verdict.sinceMs = m_sinceMs;
    for (auto it = m_answers.cbegin(); it != m_answers.cend(); ++it)
        if (it.value() == 0)
            verdict.missing += it.key();
    verdict.strangers = m_watch.strangers();
    return verdict;
}

void ShareFeed::add(const QList<Sample> &samples)
{
    if (m_test)
        return m_test->add(samples);
    for (Sample sample : samples) {
        if (!sample.ok())
            continue;
        sample.raw.clear(); // only who answered, and when
        sample.instance.clear();
        m_waiting += sample;
    }
}

void ShareFeed::expect(const QMap<QString, double> &expected)
{
    if (m_test)
        return;
    m_test.emplace(expected);
    m_test->add(std::exchange(m_waiting, {}));
}

QList<ShareChange> shareChanges(const QList<Sample> &samples)
{
    QStringList versions;
    QList<const Sample *> good;
    qsizetype from = samples.size();
    while (from > 0 && good.size() < mostLookedAt)
        if (const Sample &sample = samples.at(--from); sample.ok())
            good.prepend(&sample);
    for (const Sample *sample : std::as_const(good))
        versions += sample->version;
    const QList<int> points = changePoints(versions);
    QList<ShareChange> changes;
    const auto count = [&](int begin, int end) {
        QMap<QString, int> counts;
        for (int i = begin; i < end; ++i)
            ++counts[versions.at(i)];
        return counts;
    };
    for (qsizetype i = 0; i < points.size(); ++i) {
        const int at = points.at(i);
        const int end = i + 1 < points.size() ? points.at(i + 1) : int(versions.size());
        changes += { good.at(at)->index + 1, good.at(at)->startedAtMs, count(i > 0 ? points.at(i - 1) : 0, at), count(at, end) };
    }
    return changes;
}

namespace {

QString timeOf(qint64 unixMs)
{
    return QDateTime::fromMSecsSinceEpoch(unixMs).toString(QStringLiteral("HH:mm:ss"));
}

QString judgementOf(const Summary &summary, const QMap<QString, double> &expected, const ShareVerdict &verdict)
{
    const auto named = [](const QStringList &versions) {
        QStringList names;
        for (const QString &version : versions)
            names += version.isEmpty() ? Say::tr("no version") : version;
        return names.join(Say::tr(" and "));
    };
    using enum ShareVerdict::State;
    switch (verdict.state) {
    case Unknown: return summary.errors == 0 ? Say::tr("every request was answered") : QString();
    case TooFew: return Say::tr("%1 has not answered yet; too few answers to tell").arg(named(verdict.missing));
    case AsExpected:
        if (expected.size() == 1)
            return Say::tr("only %1 answers, as expected").arg(named(expected.keys()));
        return expected.size() == 2 ? Say::tr("both versions answer, as expected") : Say::tr("all versions answer, as expected");
    case Differs: break;
    }
    const QString since = Say::tr("(since request %1, at %2)").arg(QString::number(verdict.sinceRequest), timeOf(verdict.sinceMs));
    if (!verdict.strangers.isEmpty())
        return Say::tr("%1 answered too, which was not expected %2").arg(named(verdict.strangers), since);
    if (!verdict.missing.isEmpty())
        return Say::tr("differs from what is expected: %1 did not answer %2").arg(named(verdict.missing), since);
    return Say::tr("differs: all versions answer, but not in the shares that are expected %1").arg(since);
}

} // namespace

QString verdictSentence(const Summary &summary, const QMap<QString, double> &expected, const ShareVerdict &verdict)
{
    return sentenceOf(summary, judgementOf(summary, expected, verdict));
}

QJsonObject sharesToJson(
    const Summary &summary, const QMap<QString, double> &expected, const ShareVerdict &verdict, const QList<ShareChange> &changes)
{
    const auto time = [](qint64 unixMs) { return QDateTime::fromMSecsSinceEpoch(unixMs, Qt::UTC).toString(Qt::ISODateWithMs); };
    const auto counts = [](const QMap<QString, int> &all) {
        QJsonObject object;
        for (auto it = all.cbegin(); it != all.cend(); ++it)
            object.insert(it.key(), it.value());
        return object;
    };
    QMap<QString, int> versions = summary.versions;
    for (auto it = expected.cbegin(); it != expected.cend(); ++it)
        versions.insert(it.key(), versions.value(it.key()));
    QJsonArray measured, changed;
    for (auto it = versions.cbegin(); it != versions.cend(); ++it) {
        const Interval interval = wilson(it.value(), summary.ok);
        measured.append(QJsonObject { { QStringLiteral("version"), it.key() }, { QStringLiteral("answers"), it.value() },
            { QStringLiteral("share"), summary.ok > 0 ? double(it.value()) / summary.ok : 0 }, { QStringLiteral("low"), interval.low },
            { QStringLiteral("high"), interval.high },
            { QStringLiteral("expected"), expected.isEmpty() ? QJsonValue() : QJsonValue(expected.value(it.key())) } });
    }
    for (const ShareChange &change : changes)
        changed.append(QJsonObject { { QStringLiteral("request"), change.request }, { QStringLiteral("at"), time(change.atMs) },
            { QStringLiteral("before"), counts(change.before) }, { QStringLiteral("after"), counts(change.after) } });
    const bool alarmed = verdict.sinceRequest > 0;
    return { { QStringLiteral("state"), stateName(verdict.state) },
        { QStringLiteral("since_request"), alarmed ? QJsonValue(verdict.sinceRequest) : QJsonValue() },
        { QStringLiteral("since_at"), alarmed ? QJsonValue(time(verdict.sinceMs)) : QJsonValue() },
        { QStringLiteral("false_alarm_rate"), ShareWatch::falseAlarmRate }, { QStringLiteral("false_alarm_answers"), ShareWatch::stretch },
        { QStringLiteral("missing"), QJsonArray::fromStringList(verdict.missing) },
        { QStringLiteral("strangers"), QJsonArray::fromStringList(verdict.strangers) }, { QStringLiteral("measured"), measured },
        { QStringLiteral("changes"), changed } };
}

namespace {

qint64 unixMsOf(const QJsonValue &value)
{
    const QDateTime time = QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
    return time.isValid() ? time.toMSecsSinceEpoch() : 0;
}

QStringList textsOf(const QJsonValue &list)
{
    QStringList texts;
    for (const QJsonValue &text : list.toArray())
        texts += text.toString();
    return texts;
}

} // namespace

ShareVerdict shareVerdictOf(const QJsonObject &shares)
{
    return { shareStateOf(shares.value(u"state").toString()), shares.value(u"since_request").toInt(), unixMsOf(shares.value(u"since_at")),
        textsOf(shares.value(u"missing")), textsOf(shares.value(u"strangers")) };
}

QList<ShareChange> shareChangesOf(const QJsonObject &shares)
{
    const auto counts = [](const QJsonValue &value) {
        QMap<QString, int> all;
        const QJsonObject object = value.toObject();
        for (auto it = object.begin(); it != object.end(); ++it)
            all.insert(it.key(), it.value().toInt());
        return all;
    };
    QList<ShareChange> changes;
    for (const QJsonValue &entry : shares.value(u"changes").toArray())
        changes += { entry[u"request"].toInt(), unixMsOf(entry[u"at"]), counts(entry[u"before"]), counts(entry[u"after"]) };
    return changes;
}

} // namespace catamaran::probe
