// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "commandpalette.h"

#include "core/printable.h"
#include "fuzzy.h"
#include "ui/common/accessible.h"
#include "ui/common/theme.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace catamaran::ui {
namespace {

constexpr int indexRole = Qt::UserRole + 1;
constexpr int detailRole = Qt::UserRole + 2;
constexpr int mostShown = 60;

/// Icon and title at the left, kind or keys quietly at the right.
class EntryDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        return { QStyledItemDelegate::sizeHint(option, index).width(), option.fontMetrics.height() + 16 };
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Theme theme = themeOf(option.widget);
        const bool enabled = index.flags() & Qt::ItemIsEnabled;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state & QStyle::State_Selected) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(theme.tint(theme.accent, theme.dark ? 0.26 : 0.13));
            painter->drawRoundedRect(option.rect.adjusted(4, 1, -4, -1), 6, 6);
        }
        const auto icon = index.data(Qt::DecorationRole).value<QIcon>();
        icon.paint(painter, QRect(option.rect.left() + 14, option.rect.center().y() - 8, 17, 17), Qt::AlignCenter,
            enabled ? QIcon::Normal : QIcon::Disabled);
        painter->setFont(option.font);
        const QString detail = index.data(detailRole).toString();
        const int detailWidth = option.fontMetrics.horizontalAdvance(detail);
        painter->setPen(enabled ? theme.text : theme.muted);
        painter->drawText(option.rect.adjusted(42, 0, -detailWidth - 28, 0), Qt::AlignVCenter | Qt::AlignLeft,
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideMiddle, option.rect.width() - 70 - detailWidth));
        painter->setPen(theme.muted);
        painter->drawText(option.rect.adjusted(0, 0, -16, 0), Qt::AlignVCenter | Qt::AlignRight, detail);
        painter->restore();
    }
};

} // namespace

CommandPalette::CommandPalette(QWidget *parent)
    : QDialog(parent, Qt::Popup | Qt::FramelessWindowHint)
{
    setObjectName(QStringLiteral("palette"));
    setAccessibleName(tr("Command palette"));
    setWindowTitle(tr("Command palette"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(6);
    m_input = new QLineEdit(this);
    m_input->setObjectName(QStringLiteral("paletteInput"));
    m_input->setPlaceholderText(tr("What do you want to do, or find?"));
    m_input->setAccessibleName(tr("Search actions and objects"));
    m_input->setFont(scaledFont(font(), 1.15));
    m_input->installEventFilter(this);
    layout->addWidget(m_input);
    m_model = new QStandardItemModel(this);
    m_list = new QListView(this);
    m_list->setObjectName(QStringLiteral("paletteList"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new EntryDelegate(m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setAccessibleName(tr("Matches"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setMouseTracking(true);
    layout->addWidget(m_list);
    connect(m_input, &QLineEdit::textChanged, this, &CommandPalette::refilter);
    connect(m_list, &QListView::clicked, this, &CommandPalette::runCurrent);
    connect(m_list, &QListView::entered, m_list, &QListView::setCurrentIndex);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &CommandPalette::say);
}

void CommandPalette::setEntries(QList<PaletteEntry> entries)
{
    m_entries = std::move(entries);
    m_input->clear();
    refilter();
}

QStringList CommandPalette::shown() const
{
    QStringList titles;
    for (int row = 0; row < m_model->rowCount(); ++row)
        titles << m_model->item(row)->text();
    return titles;
}

void CommandPalette::refilter()
{
    struct Fit {
        int score;
        qsizetype index;
    };
    QList<Fit> fits;
    for (qsizetype i = 0; i < m_entries.size(); ++i) {
        const int score = std::max(fuzzyScore(m_input->text(), m_entries[i].title),
            fuzzyScore(m_input->text(), m_entries[i].title + u' ' + m_entries[i].detail) - 50);
        if (score >= 0)
            fits.append({ score, i });
    }
    std::stable_sort(fits.begin(), fits.end(), [](const Fit &one, const Fit &other) { return one.score > other.score; });
    m_model->clear();
    for (const Fit &fit : fits.mid(0, mostShown)) {
        const PaletteEntry &entry = m_entries[fit.index];
        const QString title = core::printableLine(entry.title), detail = core::printableLine(entry.detail);
        auto *item = new QStandardItem(entry.icon, title);
        item->setData(static_cast<int>(fit.index), indexRole);
        item->setData(detail, detailRole);
        item->setData(tr("%1, %2").arg(title, detail), Qt::AccessibleTextRole);
        item->setEnabled(entry.enabled);
        m_model->appendRow(item);
    }
    m_list->setCurrentIndex(m_model->index(0, 0));
    say();
}

/// The list is never the one with the keyboard, so that nobody would hear what is chosen in it.
void CommandPalette::say()
{
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid()) {
        announce(m_input, tr("Nothing matches"));
        return;
    }
    announce(
        m_input, tr("%1 of %2: %3").arg(current.row() + 1).arg(m_model->rowCount()).arg(current.data(Qt::AccessibleTextRole).toString()));
    if (!QAccessible::isActive() || !isVisible())
        return;
    QAccessibleEvent chosen(m_list, QAccessible::Focus);
    chosen.setChild(current.row());
    QAccessible::updateAccessibility(&chosen);
}

void CommandPalette::runCurrent()
{
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid())
        return;
    const PaletteEntry entry = m_entries.value(current.data(indexRole).toInt());
    if (!entry.enabled || !entry.run)
        return;
    hide();
    QTimer::singleShot(0, parent() ? parent() : this, entry.run); // after the popup has given the focus back
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_input || event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    const int row = m_list->currentIndex().row();
    const int rows = m_model->rowCount();
    switch (key->key()) {
    case Qt::Key_Down:
        if (rows > 0)
            m_list->setCurrentIndex(m_model->index((row + 1) % rows, 0));
        return true;
    case Qt::Key_Up:
        if (rows > 0)
            m_list->setCurrentIndex(m_model->index((row + rows - 1) % rows, 0));
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter: runCurrent(); return true;
    default: return false;
    }
}

void CommandPalette::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme theme = themeOf(this);
    painter.setPen(Theme::blend(theme.line, theme.text, 0.2));
    painter.setBrush(theme.panel);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void CommandPalette::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    m_input->setFocus();
    m_list->setCurrentIndex(m_model->index(0, 0));
}

} // namespace catamaran::ui
