// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/accessible.h"

#include "core/printable.h"
#include "ui/common/say.h"
#include "ui/common/theme.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QKeyEvent>
#include <QPainter>
#include <QSignalBlocker>
#include <QSplitter>

#include <algorithm>
#include <vector>

namespace catamaran::ui {

namespace {

/// Moves the border that has the focus with the arrow keys, Home and End, and shows that it has it.
class BorderKeys final : public QObject {
public:
    BorderKeys(QSplitter *splitter, int border)
        : QObject(splitter)
        , m_splitter(splitter)
        , m_border(border)
    {
        QSplitterHandle *handle = splitter->handle(border);
        handle->setFocusPolicy(Qt::TabFocus);
        handle->installEventFilter(this);
    }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        auto *handle = static_cast<QWidget *>(watched);
        switch (event->type()) {
        case QEvent::KeyPress: return move(*static_cast<QKeyEvent *>(event));
        case QEvent::FocusIn:
        case QEvent::FocusOut: handle->update(); break;
        case QEvent::Paint:
            if (handle->hasFocus()) {
                QPainter(handle).fillRect(handle->rect(), themeOf(handle).accent);
                return true;
            }
            break;
        default: break;
        }
        return false;
    }

private:
    QSplitter *m_splitter;
    int m_border; ///< between the parts border - 1 and border

    bool move(const QKeyEvent &event)
    {
        constexpr int step = 16, far = 1 << 20;
        const bool across = m_splitter->orientation() == Qt::Horizontal;
        const int back = across ? Qt::Key_Left : Qt::Key_Up, forth = across ? Qt::Key_Right : Qt::Key_Down;
        const int by = event.key() == back ? -step
            : event.key() == forth         ? step
            : event.key() == Qt::Key_Home  ? -far
            : event.key() == Qt::Key_End   ? far
                                           : 0;
        if (by == 0)
            return false;
        QList<int> sizes = m_splitter->sizes();
        int &before = sizes[m_border - 1], &after = sizes[m_border];
        const auto least = [&](int part) { return leastOf(*m_splitter->widget(part), across); };
        // Neither becomes smaller than it can be; one that is smaller already stays.
        const int moved = std::clamp(by, std::min(0, least(m_border - 1) - before), std::max(0, after - least(m_border)));
        before += moved;
        after -= moved;
        m_splitter->setSizes(sizes);
        const QPoint at = m_splitter->handle(m_border)->pos();
        emit m_splitter->splitterMoved(across ? at.x() : at.y(), m_border);
        return true;
    }

    static int leastOf(const QWidget &part, bool across)
    {
        const QSize own = part.minimumSize(), hint = part.minimumSizeHint();
        return across ? (own.width() > 0 ? own.width() : hint.width()) : (own.height() > 0 ? own.height() : hint.height());
    }
};

} // namespace

void whenToggled(QAbstractButton *button, QObject *context, std::function<void(bool)> handler)
{
    QObject::connect(button, &QAbstractButton::toggled, context, std::move(handler));
}

void showChecked(QAbstractButton *button, bool checked)
{
    // In a group one goes off when another goes on. Each once: a second blocker would give back what the first one set.
    const QList<QAbstractButton *> all = button->group() ? button->group()->buttons() : QList<QAbstractButton *> { button };
    std::vector<QSignalBlocker> quiet(all.cbegin(), all.cend());
    button->setChecked(checked);
}

void nameSplitter(QSplitter *splitter, const QStringList &parts)
{
    splitter->setAccessibleName(parts.join(QStringLiteral(", ")));
    const auto say = [splitter] {
        const QList<int> sizes = splitter->sizes();
        int all = 0, before = 0;
        for (const int size : sizes)
            all += size;
        for (int i = 1; i < splitter->count() && all > 0; ++i) {
            before += sizes.at(i - 1);
            announce(splitter->handle(i), Say::tr("at %1 % of the room").arg(100 * before / all));
        }
    };
    for (int i = 1; i < splitter->count(); ++i) {
        splitter->handle(i)->setAccessibleName(Say::tr("Border between %1 and %2").arg(parts.value(i - 1), parts.value(i)));
        new BorderKeys(splitter, i);
    }
    QObject::connect(splitter, &QSplitter::splitterMoved, splitter, say);
}

void announce(QWidget *widget, const QString &text)
{
    if (const QString said = core::printable(text); said != widget->accessibleDescription())
        widget->setAccessibleDescription(said); // which tells those who listen
}

} // namespace catamaran::ui
