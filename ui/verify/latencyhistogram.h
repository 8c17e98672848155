// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/sample.h"

#include <QWidget>

namespace catamaran::ui {

/// "up to 5 ms", "longer than 10 s": the place @p index of Summary::latencyCounts.
[[nodiscard]] QString latencyBucketText(size_t index);

/// How many good answers took how long, from when they were due: a bar for each span of time between the shortest and the longest.
class LatencyHistogram : public QWidget {
    Q_OBJECT
public:
    explicit LatencyHistogram(QWidget *parent = nullptr);
    void setCounts(const std::array<int, 14> &counts);
    [[nodiscard]] const std::array<int, 14> &counts() const { return m_counts; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::array<int, 14> m_counts {};
};

} // namespace catamaran::ui
