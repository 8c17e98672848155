// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/keyvaluelist.h"

#include "ui/common/copybutton.h"
#include "ui/common/labels.h"
#include "ui/common/statebadge.h"
#include "ui/common/theme.h"

#include <QGridLayout>
#include <QPainter>
#include <QToolTip>

namespace catamaran::ui {

namespace {

/// An id, address or other word without blanks: shortened in its middle where room is short, whole in the tooltip, and
/// copied by a click.
class IdLabel final : public PlainLabel {
public:
    explicit IdLabel(QWidget *parent)
        : PlainLabel(parent)
    {
        setFont(monoFont());
        setTextFormat(Qt::PlainText);
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        setCursor(Qt::PointingHandCursor);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setPen(palette().color(QPalette::WindowText));
        QStringList lines = text().split(u'\n');
        for (QString &line : lines)
            line = fontMetrics().elidedText(line, Qt::ElideMiddle, width());
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignTop, lines.join(u'\n'));
    }

    void mouseReleaseEvent(QMouseEvent *) override
    {
        copyText(text());
        QToolTip::showText(QCursor::pos(), KeyValueList::tr("Copied"), this);
    }
};

} // namespace

KeyValueList::KeyValueList(QWidget *parent)
    : QWidget(parent)
{
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(5);
    m_grid->setColumnStretch(1, 1);
}

void KeyValueList::setRows(const QList<Row> &rows)
{
    const auto cell = [this](int row, int column) {
        auto *item = m_grid->itemAtPosition(row, column);
        return item ? item->widget() : nullptr;
    };
    for (int row = static_cast<int>(rows.size()); row < m_rows.size(); ++row) {
        delete cell(row, 0);
        delete cell(row, 1);
    }
    for (int row = 0; row < rows.size(); ++row) {
        const Row &now = rows[row];
        auto *key = qobject_cast<PlainLabel *>(cell(row, 0));
        if (!key) {
            key = new PlainLabel(this);
            key->setProperty("muted", true);
            key->setAlignment(Qt::AlignTop | Qt::AlignLeft);
            m_grid->addWidget(key, row, 0);
        }
        key->setText(now.key);
        key->setContentsMargins(0, now.health ? 2 : 0, 0, 0); // a badge stands a little lower than plain text
        QWidget *old = cell(row, 1);
        if (now.health) {
            auto *badge = qobject_cast<StateBadge *>(old);
            if (!badge) {
                delete old;
                badge = new StateBadge(this);
                m_grid->addWidget(badge, row, 1, Qt::AlignLeft);
            }
            badge->setState(*now.health, now.value);
            badge->setToolTip(now.toolTip);
            continue;
        }
        auto *value = qobject_cast<PlainLabel *>(old);
        if (!value || now.mono != (dynamic_cast<IdLabel *>(value) != nullptr)) {
            delete old;
            value = now.mono ? static_cast<PlainLabel *>(new IdLabel(this)) : new SelectableLabel(this);
            m_grid->addWidget(value, row, 1);
        }
        value->setText(now.value);
        if (now.mono && now.toolTip.isEmpty())
            value->setToolTip(tr("%1\nClick to copy").arg(now.value));
        else
            value->setToolTip(now.toolTip);
        value->setAccessibleName(tr("%1: %2").arg(key->text(), value->text()));
    }
    m_rows = rows;
}

} // namespace catamaran::ui
