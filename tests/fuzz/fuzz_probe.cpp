// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "probe/run.h"

#include <QJsonDocument>

/// What curl prints in a pod, whole and in pieces whose size is the first byte: both give the same samples. A sample
/// that was stored reads back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace catamaran::probe;
    using catamaran::fuzz::require;
    if (size < 2)
        return 0;
    const qsizetype step = data[0] + 1;
    const QByteArray bytes = catamaran::fuzz::bytesOf(data + 1, size - 1);
    constexpr qint64 now = 1'700'000'000'000;
    LineParser whole, pieces;
    const QList<Sample> samples = whole.feed(bytes, now);
    QList<Sample> gathered;
    for (qsizetype at = 0; at < bytes.size(); at += step)
        gathered += pieces.feed(bytes.mid(at, step), now);
    const auto same = [](const Sample &a, const Sample &b) {
        return a.index == b.index && a.httpCode == b.httpCode && a.curlExit == b.curlExit && a.error == b.error && a.totalMs == b.totalMs && a.version == b.version
            && a.instance == b.instance && a.raw == b.raw && a.remoteAddress == b.remoteAddress && a.newConnection == b.newConnection;
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
        const QJsonObject back = QJsonDocument::fromJson(stored).object();
        require(Sample::fromJson(back).toJson() == back, "a stored sample reads back");
    }
    (void)summarize(gathered);
    return 0;
}
