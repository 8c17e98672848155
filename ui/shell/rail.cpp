// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "rail.h"

#include "ui/common/icons.h"
#include "ui/common/theme.h"

#include <QButtonGroup>
#include <QPainter>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

namespace catamaran::ui {
namespace {

/// Icon above its word; the current one has a bar at the left and the accent colour.
class RailButton final : public QToolButton {
public:
    RailButton(QString glyph, const QString &text, QWidget *parent)
        : QToolButton(parent)
        , m_glyph(std::move(glyph))
    {
        setText(text);
        setCheckable(true);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }

    QSize sizeHint() const override
    {
        const QFontMetrics metrics(font());
        return { std::max(76, metrics.horizontalAdvance(text()) + 28), 26 + metrics.height() + 20 };
    }

    void setCount(int count, bool isBad)
    {
        m_count = count;
        m_isBad = isBad;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const Theme theme = themeOf(this);
        const QRectF area = QRectF(rect()).adjusted(6, 2, -6, -2);
        if (isChecked() || underMouse()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(isChecked() ? theme.tint(theme.accent, theme.dark ? 0.22 : 0.10) : theme.raised);
            painter.drawRoundedRect(area, 8, 8);
        }
        if (isChecked()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme.accent);
            painter.drawRoundedRect(QRectF(0, area.top() + 12, 3, area.height() - 24), 1.5, 1.5);
        }
        if (hasFocus()) {
            painter.setPen(QPen(theme.accent, 1.4));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(area, 8, 8);
        }
        const QColor ink = isChecked() ? theme.accent : theme.muted;
        paintGlyph(&painter, QRectF(area.center().x() - 11, area.top() + 6, 22, 22), m_glyph, ink);
        painter.setFont(font());
        painter.setPen(isChecked() ? theme.text : theme.muted);
        painter.drawText(QRectF(area.left(), area.top() + 30, area.width(), area.height() - 32), Qt::AlignHCenter | Qt::AlignTop, text());
        if (m_count > 0) {
            const QString number = m_count > 99 ? QStringLiteral("99+") : QString::number(m_count);
            painter.setFont(scaledFont(font(), 0.85, QFont::DemiBold));
            const double width = std::max(16.0, painter.fontMetrics().horizontalAdvance(number) + 9.0);
            const QRectF pill(area.center().x() + 6, area.top() + 2, width, 16);
            const QColor colour = m_isBad ? theme.failed : theme.warning;
            painter.setPen(Qt::NoPen);
            painter.setBrush(colour);
            painter.drawRoundedRect(pill, 8, 8);
            painter.setPen(theme.panel);
            painter.drawText(pill, Qt::AlignCenter, number);
        }
    }

private:
    int m_count = 0;
    bool m_isBad = false;
    QString m_glyph;
};

} // namespace

Rail::Rail(const QList<PlaceEntry> &places, QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("rail"));
    setAccessibleName(tr("Places"));
    m_group = new QButtonGroup(this);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 8);
    layout->setSpacing(4);
    for (int i = 0; i < places.size(); ++i) {
        auto *button = new RailButton(places[i].icon, places[i].title, this);
        button->setObjectName(QStringLiteral("rail-") + places[i].id);
        button->setAccessibleName(places[i].title);
        button->setToolTip(QStringLiteral("%1 (Ctrl+%2)").arg(places[i].title).arg(i + 1));
        m_group->addButton(button, i);
        m_ids << places[i].id;
        layout->addWidget(button);
    }
    layout->addStretch(1);
    connect(m_group, &QButtonGroup::idToggled, this, [this](int index, bool on) { // a screen reader toggles, and clicks nothing
        if (on)
            emit placeChosen(m_ids.value(index));
    });
}

void Rail::setCurrent(const QString &place)
{
    const QSignalBlocker quiet(m_group); // nobody chose it just now
    if (auto *button = m_group->button(static_cast<int>(m_ids.indexOf(place))))
        button->setChecked(true);
}

void Rail::setCount(const QString &place, int count, bool isBad, const QString &words)
{
    auto *button = static_cast<RailButton *>(m_group->button(static_cast<int>(m_ids.indexOf(place))));
    if (!button)
        return;
    button->setCount(count, isBad);
    button->setAccessibleDescription(words);
}

void Rail::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme theme = themeOf(this);
    painter.fillRect(rect(), theme.panel);
    painter.setPen(theme.line);
    painter.drawLine(rect().topRight(), rect().bottomRight());
}

} // namespace catamaran::ui
