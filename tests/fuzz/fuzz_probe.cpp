// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "kube/listparser.h"
#include "probe/run.h"

#include <QJsonDocument>

#include <algorithm>

/// What curl prints in a pod, whole and in pieces whose size is the first byte: both give the same samples, never more than
/// were asked for and none without the run's own mark, whatever the bodies say. A sample that was stored reads back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace catamaran::probe;
    using catamaran::fuzz::require;
    if (size < 2)
        return 0;
    const qsizetype step = data[0] + 1;
    const QByteArray bytes = catamaran::fuzz::bytesOf(data + 1, size - 1);
    constexpr qint64 now = 1'700'000'000'000;
    const QByteArray mark("catamaran");
    LineParser whole(mark), pieces(mark);
    QList<Sample> samples = whole.feed(bytes, now);
    samples += whole.flush();
    const int most = 1 + data[0] % 4;
    LineParser few(mark, most), other("0123456789abcdef0123456789abcdef");
    QList<Sample> asked = few.feed(bytes, now);
    asked += few.flush();
    require(asked.size() + few.notSent() == std::min<qsizetype>(samples.size() + whole.notSent(), most),
        "as many samples as there are, never more than were asked for");
    require(samples.size() <= bytes.count("\x1e" + mark + "\t"), "a sample for each mark at most");
    require(bytes.contains("0123456789abcdef0123456789abcdef") || other.feed(bytes, now).isEmpty(), "nothing without the run's own mark");
    QList<Sample> gathered;
    for (qsizetype at = 0; at < bytes.size(); at += step)
        gathered += pieces.feed(bytes.mid(at, step), now);
    gathered += pieces.flush();
    const auto same = [](const Sample &a, const Sample &b) {
        return a.index == b.index && a.httpCode == b.httpCode && a.curlExit == b.curlExit && a.error == b.error && a.totalMs == b.totalMs
            && a.version == b.version && a.instance == b.instance && a.raw == b.raw && a.remoteAddress == b.remoteAddress
            && a.newConnection == b.newConnection;
    };
    require(samples.size() == gathered.size(), "split anywhere gives as many samples");
    for (qsizetype i = 0; i < samples.size(); ++i)
        require(same(samples[i], gathered[i]), "split anywhere gives the same samples");
    qint64 before = 0;
    for (const Sample &sample : gathered) {
        require(sample.raw.size() <= 512 && sample.error.size() <= 512, "texts are bounded");
        require(sample.startedAtMs >= before && sample.startedAtMs <= now, "times go forward");
        before = sample.startedAtMs;
        const QByteArray stored = QJsonDocument(sample.toJson()).toJson(QJsonDocument::Compact);
        const QJsonObject back = catamaran::kube::parseObject(stored).value_or(QJsonObject()); // to the letter, as Qt's own does not
        require(Sample::fromJson(back).toJson() == back, "a stored sample reads back");
    }
    const Summary summary = summarize(gathered);
    require(summary.requests == gathered.size() && summary.ok + summary.errors == summary.requests, "every sample is counted once");
    require(summary.versions.size() <= Figures::mostVersions + 1 && summary.errorKinds.size() <= Figures::mostErrorKinds + 1,
        "names are bounded");
    int percents = 0;
    for (const int percent : wholePercents(summary.versions.values()))
        percents += percent;
    require(percents == (summary.ok > 0 ? 100 : 0), "the parts are a whole");
    return 0;
}
