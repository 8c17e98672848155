// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/look.h"

#include <QWidget>

namespace catamaran::ui {

/// Shape and word of a state; the tooltip carries the reason.
class StateBadge : public QWidget {
    Q_OBJECT
public:
    explicit StateBadge(QWidget *parent = nullptr);
    StateBadge(observe::Health health, const QString &word, QWidget *parent = nullptr);
    /// @p word empty: healthWord(health).
    void setState(observe::Health health, const QString &word = {});
    /// The same for what may be only configured. @p word empty: lookWord(look).
    void setLook(Look look, const QString &word = {});
    [[nodiscard]] Look look() const { return m_look; }
    [[nodiscard]] QString word() const { return m_word; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Look m_look = Look::Unknown;
    QString m_word;
};

} // namespace catamaran::ui
