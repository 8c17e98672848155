// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/sample.h"

#include <QMap>
#include <QWidget>

namespace catamaran::ui {

/// Share of answers per version: a bar of parts, under it one line per part with count, percentage, 95 % interval and
/// what was expected. Marks on the bar show the expected split. Failures are hatched and last.
class ShareBar : public QWidget {
    Q_OBJECT
public:
    explicit ShareBar(QWidget *parent = nullptr);

    /// @p expected: part (0..1) by version; empty: nothing is expected.
    void setShares(const QMap<QString, int> &versions, int errors, const QMap<QString, double> &expected);

    struct Part {
        QString name; ///< version; empty when the answer named none
        bool error = false;
        int count = 0;
        double share = 0;
        probe::Interval interval;
        double expected = -1; ///< -1: not expected at all
    };
    [[nodiscard]] const QList<Part> &parts() const { return m_parts; }
    /// "v1: 98 answers, 49.0 % (42 to 56 %), expected 50 %": for the eye, the screen reader and tests.
    [[nodiscard]] static QString partText(const Part &part);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] int lineHeight() const;
    QList<Part> m_parts;
    int m_total = 0;
};

} // namespace catamaran::ui
