// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "places.h"

#include <QWidget>

class QButtonGroup;

namespace catamaran::ui {

/// The left rail: a button with icon and word per place.
class Rail : public QWidget {
    Q_OBJECT
public:
    explicit Rail(const QList<PlaceEntry> &places, QWidget *parent = nullptr);
    void setCurrent(const QString &place);
    /// A number beside the place; 0: none. @p isBad: something is broken. @p words: what it counts, for who cannot see it.
    void setCount(const QString &place, int count, bool isBad, const QString &words);

signals:
    void placeChosen(const QString &place);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QButtonGroup *m_group = nullptr;
    QStringList m_ids;
};

} // namespace catamaran::ui
