// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/sample.h"

#include <QStringList>

/// Whether answers are shared out as they should be. Pure.
namespace catamaran::probe {

/// A host that a request may go to, as a proxy sees it: one pod, or a gateway with the weight of the pods behind it.
struct PossibleHost {
    QString version; ///< what its answers name
    double weight = 1;
    int priority = 0; ///< 0 first; above it hosts are asked only as far as the ones before are not well
    bool healthy = true;
};

/// Which part of the answers each version is to give, in parts of 1: by weight within a priority, and by priority as Envoy does
/// (it leaves one when less than 1/1.4 of its hosts are well). Versions that get nothing are left out; empty when nobody is well.
[[nodiscard]] QMap<QString, double> expectedShares(const QList<PossibleHost> &hosts);

/// Watches answers as they come and says when they are not shared out as expected. It may be looked at after each of them:
/// where they are, it raises a false alarm in at most one of a hundred stretches of a thousand answers (in n answers with a
/// chance of at most n * falseAlarmRate / stretch). Answers are taken to be drawn independently, as proxies draw hosts.
///
/// A Shiryaev-Roberts detector: for each way in which shares may have changed (a version gone, or four, two times more or less
/// of it), the sum over all moments of change of the likelihood of what came since, against what is expected. That sum less the
/// number of answers is a martingale under the expectation, which bounds the chance by Doob's inequality.
class ShareWatch {
public:
    static constexpr double falseAlarmRate = 0.01;
    static constexpr int stretch = 1000; ///< answers

    /// @p expected: parts of 1; what is 0 or less is never expected.
    explicit ShareWatch(const QMap<QString, double> &expected);

    /// One good answer.
    void add(const QString &version);
    [[nodiscard]] int answers() const { return m_answers; }
    enum class State {
        TooFew, ///< an expected version has not answered yet, and that may be chance
        AsExpected, ///< all have, and nothing speaks against the expected shares
        NotAsExpected, ///< it raised the alarm, now or before
    };
    [[nodiscard]] State state() const;
    /// The answer (from 1) that raised the alarm; 0: none.
    [[nodiscard]] int alarmAt() const { return m_alarmAt; }
    /// The versions that answered and were not expected at all: each is an alarm at once.
    [[nodiscard]] const QStringList &strangers() const { return m_strangers; }

private:
    struct Alternative {
        double part = 0; ///< of the evidence
        QList<double> likelihood; ///< of an answer of each version, against what is expected
        double evidence = 0;
    };
    QMap<QString, qsizetype> m_versions; ///< which of the likelihoods is theirs
    QList<bool> m_seen;
    QStringList m_strangers;
    QList<Alternative> m_alternatives;
    int m_answers = 0, m_alarmAt = 0;
};

/// What is said of a run's shares: by ShareTest alone.
struct ShareVerdict {
    enum class State {
        Unknown, ///< nobody knows what to expect
        TooFew, ///< an expected version has not answered yet, and that may be chance
        AsExpected,
        Differs,
    };
    State state = State::Unknown;
    int sinceRequest = 0; ///< the request (from 1) whose answer raised the alarm; 0: none did
    qint64 sinceMs = 0; ///< Unix time when that answer came
    QStringList missing {}; ///< expected, and none answered
    QStringList strangers {}; ///< answered, and not expected
};
[[nodiscard]] QString stateName(ShareVerdict::State state); ///< "unknown", "too-few", "as-expected", "differs"
/// The one of that name; Unknown for any other.
[[nodiscard]] ShareVerdict::State shareStateOf(const QString &name);

/// ShareWatch over the samples of a run. May be asked after each of them.
class ShareTest {
public:
    /// @p expected as ShareWatch takes it; empty: nothing is known, and nothing is ever said.
    explicit ShareTest(const QMap<QString, double> &expected = {});
    /// In the order in which they were due; failures count as requests and not as answers.
    void add(const QList<Sample> &samples);
    [[nodiscard]] ShareVerdict verdict() const;
    [[nodiscard]] const QMap<QString, double> &expected() const { return m_expected; }

private:
    QMap<QString, double> m_expected;
    ShareWatch m_watch;
    QMap<QString, int> m_answers; ///< of the expected versions
    int m_sinceRequest = 0;
    qint64 m_sinceMs = 0;
};

/// A ShareTest whose expectation may come while the samples do: until then they wait.
class ShareFeed {
public:
    void add(const QList<Sample> &samples);
    /// The first call counts; an empty expectation is one that nobody knows.
    void expect(const QMap<QString, double> &expected);
    [[nodiscard]] bool isExpecting() const { return m_test.has_value(); }
    [[nodiscard]] ShareVerdict verdict() const { return m_test ? m_test->verdict() : ShareVerdict(); }

private:
    std::optional<ShareTest> m_test;
    QList<Sample> m_waiting;
};

/// Where the shares of a whole series of answers changed: the index of the first answer of each further piece. Found by
/// splitting where the pieces differ most, as long as that is not chance: a series without a change is split in at most one of a
/// hundred cases. A change that lasts for fewer than about ten answers is not seen.
[[nodiscard]] QList<int> changePoints(const QStringList &versions);

/// A change of the shares within a run.
struct ShareChange {
    int request = 0; ///< the first (from 1) of the new piece
    qint64 atMs = 0; ///< Unix time when it was sent
    QMap<QString, int> before {}, after {}; ///< answers of the pieces on both sides
};
/// changePoints() of the good answers among @p samples, of the newest mostLookedAt at most.
[[nodiscard]] QList<ShareChange> shareChanges(const QList<Sample> &samples);
inline constexpr int mostLookedAt = 5000;

/// One sentence: "v1 50 %, v2 50 % of 200: both versions answer, as expected." As expected, and that it differs and since when,
/// is said by @p verdict alone. An empty @p expected: nothing is expected, and @p verdict says nothing.
[[nodiscard]] QString verdictSentence(const Summary &summary, const QMap<QString, double> &expected, const ShareVerdict &verdict);

/// The fields of a run's JSON that say how its answers are shared out: {"state","since_request","since_at","false_alarm_rate",
/// "false_alarm_answers","missing","strangers","measured":[{"version","answers","share","low","high","expected"}],
/// "changes":[{"request","at","before","after"}]}; "since_*" are null where nothing differs, "expected" where nothing is known.
[[nodiscard]] QJsonObject sharesToJson(
    const Summary &summary, const QMap<QString, double> &expected, const ShareVerdict &verdict, const QList<ShareChange> &changes);
/// The verdict and the changes that sharesToJson() wrote.
[[nodiscard]] ShareVerdict shareVerdictOf(const QJsonObject &shares);
[[nodiscard]] QList<ShareChange> shareChangesOf(const QJsonObject &shares);

} // namespace catamaran::probe
