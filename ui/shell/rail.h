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

signals:
    void placeChosen(const QString &place);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QButtonGroup *m_group = nullptr;
    QStringList m_ids;
};

} // namespace catamaran::ui
