// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QMetaType>
#include <QString>

#include <array>
#include <chrono>
#include <optional>

namespace catamaran::probe {

/// One request and its outcome, as curl in the pod saw it.
struct Sample {
    int index = 0; ///< from 0, in the order in which requests were due
    /// Unix time in milliseconds, on our clock: when its line came, less its total time, and never after its successor's
    /// start. curl cannot print a clock everywhere, and faults are timed by ours.
    qint64 startedAtMs = 0;
    qint64 receivedAtMs = 0; ///< Unix time by our clock when its line came
    int httpCode = 0; ///< 0: no answer
    int curlExit = 0; ///< 0: curl was content
    QString error; ///< curl's words, or the answer's first line when the code is not 2xx; empty when ok
    double totalMs = 0, connectMs = 0, firstByteMs = 0; ///< since it was sent
    double lateMs = 0; ///< how long after it was due it was sent; a multiple of 10
    QString remoteAddress;
    bool newConnection = true;
    QString version; ///< "v1"; empty when the answer names none
    QString instance; ///< "helloworld-v1-7b888…"
    QString raw; ///< the body's first line as it came (at most 512 characters)

    /// From when it was due: what somebody who asks at that rate waits.
    [[nodiscard]] double latencyMs() const { return lateMs + totalMs; }
    /// A 2xx answer that curl took without complaint.
    [[nodiscard]] bool ok() const { return curlExit == 0 && httpCode >= 200 && httpCode < 300; }
    [[nodiscard]] QJsonObject toJson() const;
    /// What toJson() wrote; missing members keep their defaults.
    [[nodiscard]] static Sample fromJson(const QJsonObject &object);
};

[[nodiscard]] QJsonArray samplesToJson(const QList<Sample> &samples);
/// What samplesToJson() wrote; empty for anything but a list.
[[nodiscard]] QList<Sample> samplesFromJson(const QJsonValue &list);

struct Percentiles {
    double p50 = 0, p95 = 0, p99 = 0;
};
/// By nearest rank; zeros for no values.
[[nodiscard]] Percentiles percentiles(QList<double> values);

/// What failures are counted by: the error without the figures that differ each time, with "HTTP <code>: " before it
/// when there was an answer; empty when @p sample is ok.
[[nodiscard]] QString errorKind(const Sample &sample);

/// Figures of any set of samples. Pure.
struct Summary {
    int requests = 0, ok = 0, errors = 0;
    QMap<QString, int> versions; ///< of ok samples; "" when the answer names none
    QMap<QString, int> instances;
    QMap<QString, int> errorKinds; ///< by text
    Percentiles latencyMs; ///< of ok samples, since they were due
    bool latencyIsExact = true; ///< false: of very many, within Latencies::errorShare
    /// How many of the good answers took how long, since they were due: up to each of latencyBounds in milliseconds, and longer.
    std::array<int, 14> latencyCounts {};
    static constexpr std::array<double, 13> latencyBounds { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000 };
    int notSent = 0; ///< due beside the requests and never sent: too many were under way, or it was ten seconds late
    int late = 0; ///< sent more than lateFromMs after they were due
    static constexpr double lateFromMs = 100;
    /// {"requests","ok","errors","error_kinds","versions","instances","latency_ms","latency_within_percent",
    /// "not_sent","late","latency_histogram":[{"up_to_ms" (null: longer),"answers"}]}
    [[nodiscard]] QJsonObject toJson() const;
    /// What toJson() wrote.
    [[nodiscard]] static Summary fromJson(const QJsonObject &object);
};
/// What Figures (probe/figures.h) give for all of @p samples.
[[nodiscard]] Summary summarize(const QList<Sample> &samples);

/// The parts of @p counts in whole per cent. They add up to 100, and none is rounded to 0 or 100 that is not (as far as
/// there are enough per cents); zeros for nothing.
[[nodiscard]] QList<int> wholePercents(const QList<int> &counts);

/// Wilson score interval of @p part of @p whole at 95 %; {0,1} for an empty whole.
struct Interval {
    double low = 0, high = 1;
};
[[nodiscard]] Interval wilson(int part, int whole);

/// One sentence: "v1 50 %, v2 50 % of 200: both versions answer, as expected."
[[nodiscard]] QString verdictSentence(const Summary &summary, const QStringList &expectedVersions);
/// The same with a judgement of the caller's (no full stop; empty: none): the frame of every such sentence.
[[nodiscard]] QString sentenceOf(const Summary &summary, QString judgement);

/// Version and instance of a helloworld answer ("Hello version: v1, instance: x"); empty strings otherwise.
[[nodiscard]] std::pair<QString, QString> parseAnswer(const QString &body);

} // namespace catamaran::probe

Q_DECLARE_METATYPE(QList<catamaran::probe::Sample>)
