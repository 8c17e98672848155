// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/guards.h"

#include <QWidget>

namespace catamaran::ui {

/// How near each guard of a drill is to stopping it: a bar each, with its figure and its limit in words.
class GuardGauges : public QWidget {
    Q_OBJECT
public:
    explicit GuardGauges(QWidget *parent = nullptr);
    /// Before the drill: the limits alone.
    void setGuard(const drill::Guard &guard);
    void setReadings(const QList<drill::GuardReading> &readings);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] int rowHeight() const;
    QList<drill::GuardReading> m_readings;
};

} // namespace catamaran::ui
