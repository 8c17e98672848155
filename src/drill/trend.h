// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <optional>

namespace catamaran::drill {

/// A result as the history keeps it; the summary is enough.
struct PastDrill {
    qint64 document = 0;
    QDateTime at;
    QJsonObject content;
};

struct TrendRun {
    qint64 document = 0;
    QDateTime at;
    QString verdict; ///< as in the result's JSON
    std::optional<qint64> recoveryMs; ///< none: never, or not measured
    bool isNever = false; ///< it was broken, and was not good again until it was put back
    int failed = 0, requests = 0;
};

/// What one drill measured each time. Only runs that can be compared are together: the same drill, client, target and
/// parameters, which is one service in one direction.
struct Trend {
    QString drill, title, source, url;
    QJsonObject parameters;
    QList<TrendRun> runs; ///< oldest first

    [[nodiscard]] int held() const;
    [[nodiscard]] int never() const;
    /// Of the recoveries that were measured; nullopt: none was.
    [[nodiscard]] std::optional<qint64> best() const, median() const, worst() const;
    [[nodiscard]] bool has(qint64 document) const;
    /// "5 runs, 4 held. Good again after 120 ms at best, 300 ms in the middle, 2100 ms at worst; 1 never." For people.
    [[nodiscard]] QString text() const;
    [[nodiscard]] QJsonObject toJson() const;
};

/// The one that ran last first. Pure; @p past in any order.
[[nodiscard]] QList<Trend> trends(const QList<PastDrill> &past);

} // namespace catamaran::drill
