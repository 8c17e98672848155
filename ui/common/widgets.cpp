// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "widgets.h"

#include "format.h"
#include "icons.h"
#include "theme.h"

#include <QClipboard>
#include <QEvent>
#include <QFontMetricsF>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QPixmapCache>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStyle>
#include <QTextBlock>
#include <QTextLayout>
#include <QTimer>
#include <QToolButton>
#include <QToolTip>
#include <QVBoxLayout>

#include <cmath>

namespace catamaran::ui {
namespace {

QLabel *wrappedLabel(QWidget *parent)
{
    auto *label = new WrappedLabel({}, parent);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setFocusPolicy(Qt::NoFocus);
    return label;
}

QPixmap glyphPixmap(const QWidget *widget, const QString &name, int side, const QColor &colour)
{
    const qreal ratio = widget->devicePixelRatioF();
    const QString key = QStringLiteral("glyph %1 %2 %3 %4").arg(name, colour.name()).arg(side).arg(ratio);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap)) // a widget asks again whenever it is polished
        return pixmap;
    pixmap = QPixmap(QSize(side, side) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintGlyph(&painter, QRectF(0, 0, side, side), name, colour);
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

/// An id, address or other word without blanks: shortened in its middle where room is short, whole in the tooltip, and
/// copied by a click.
class IdLabel final : public QLabel {
public:
    explicit IdLabel(QWidget *parent)
        : QLabel(parent)
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

bool isThemeChange(QEvent *event)
{
    return event->type() == QEvent::PaletteChange || event->type() == QEvent::Polish;
}

} // namespace

// StateBadge ----------------------------------------------------------------------------------------------------------

StateBadge::StateBadge(QWidget *parent)
    : StateBadge(fleet::Health::Unknown, {}, parent)
{
}

StateBadge::StateBadge(fleet::Health health, const QString &word, QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setState(health, word);
}

void StateBadge::setState(fleet::Health health, const QString &word)
{
    m_health = health;
    m_word = word.isEmpty() ? healthWord(health) : word;
    setAccessibleName(m_word == healthWord(health) ? m_word : tr("%1: %2").arg(healthWord(health), m_word));
    updateGeometry();
    update();
}

QSize StateBadge::sizeHint() const
{
    const QFontMetrics metrics(font());
    return { metrics.height() + 5 + metrics.horizontalAdvance(m_word) + 2, metrics.height() + 4 };
}

void StateBadge::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme theme = themeOf(this);
    const QFontMetricsF metrics(font());
    const double side = std::floor(metrics.height() * 0.95);
    paintHealthShape(&painter, QRectF(0, (height() - side) / 2, side, side), m_health, theme);
    painter.setPen(theme.health(m_health));
    painter.drawText(QRectF(side + 5, 0, width() - side - 5, height()), Qt::AlignVCenter | Qt::AlignLeft, m_word);
}

// Card ----------------------------------------------------------------------------------------------------------------

Card::Card(QWidget *parent)
    : QFrame(parent)
{
    setProperty("card", true);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(16, 14, 16, 14);
    outer->setSpacing(8);
    m_body = new QVBoxLayout;
    m_body->setSpacing(8);
    outer->addLayout(m_body, 1);
}

Card::Card(const QString &title, QWidget *parent)
    : Card(parent)
{
    setTitle(title);
}

void Card::setTitle(const QString &title)
{
    if (!m_title) {
        m_title = new WrappedLabel({}, this);
        m_title->setFont(scaledFont(font(), 1.1, QFont::DemiBold));
        auto *outer = static_cast<QVBoxLayout *>(layout());
        outer->insertWidget(m_icon ? 1 : 0, m_title);
    }
    m_title->setText(title);
    setAccessibleName(title);
}

void Card::setText(const QString &text)
{
    if (!m_text) {
        m_text = new MutedLabel({}, this);
        auto *outer = static_cast<QVBoxLayout *>(layout());
        outer->insertWidget((m_icon ? 1 : 0) + (m_title ? 1 : 0), m_text);
    }
    m_text->setText(text);
    setAccessibleDescription(text);
}

void Card::setIcon(const QString &glyph)
{
    m_glyph = glyph;
    if (!m_icon) {
        m_icon = new QLabel(this);
        static_cast<QVBoxLayout *>(layout())->insertWidget(0, m_icon);
    }
    redrawIcon();
}

QPushButton *Card::addButton(const QString &text, bool primary)
{
    auto *button = new QPushButton(text, this);
    button->setAccessibleName(text);
    if (primary)
        setButtonRole(button, ButtonRole::Primary);
    auto *outer = static_cast<QVBoxLayout *>(layout());
    outer->addWidget(button, 0, Qt::AlignLeft);
    return button;
}

bool Card::event(QEvent *event)
{
    if (m_icon && isThemeChange(event))
        redrawIcon();
    return QFrame::event(event);
}

void Card::redrawIcon()
{
    m_icon->setPixmap(glyphPixmap(this, m_glyph, 32, themeOf(this).accent));
}

// EmptyState ----------------------------------------------------------------------------------------------------------

EmptyState::EmptyState(const QString &glyph, const QString &title, const QString &text, const QString &actionText, QWidget *parent)
    : QWidget(parent)
    , m_glyph(glyph)
{
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addStretch(2);
    m_icon = new QLabel(this);
    m_icon->setAlignment(Qt::AlignCenter);
    layout->addWidget(m_icon);
    m_title = new WrappedLabel(title, this);
    m_title->setAlignment(Qt::AlignCenter);
    m_title->setFont(scaledFont(font(), 1.3, QFont::DemiBold));
    layout->addWidget(m_title);
    m_text = new MutedLabel(text, this);
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setMaximumWidth(QFontMetrics(font()).averageCharWidth() * 70);
    auto *middle = new QHBoxLayout; // not an alignment: that would give the text the height of its hint, and cut it
    middle->addStretch(1);
    middle->addWidget(m_text, 100);
    middle->addStretch(1);
    layout->addLayout(middle);
    if (!actionText.isEmpty()) {
        m_button = new QPushButton(actionText, this);
        m_button->setAccessibleName(actionText);
        setButtonRole(m_button, ButtonRole::Primary);
        layout->addSpacing(6);
        layout->addWidget(m_button, 0, Qt::AlignHCenter);
        connect(m_button, &QPushButton::clicked, this, &EmptyState::triggered);
    }
    layout->addStretch(3);
    setAccessibleName(title);
    setAccessibleDescription(text);
    redrawIcon();
}

void EmptyState::setTexts(const QString &title, const QString &text)
{
    m_title->setText(title);
    m_text->setText(text);
    setAccessibleName(title);
    setAccessibleDescription(text);
}

bool EmptyState::event(QEvent *event)
{
    if (isThemeChange(event))
        redrawIcon();
    return QWidget::event(event);
}

void EmptyState::redrawIcon()
{
    const Theme theme = themeOf(this);
    m_icon->setPixmap(glyphPixmap(this, m_glyph, 56, Theme::blend(theme.window, theme.muted, 0.75)));
}

// ErrorBanner ---------------------------------------------------------------------------------------------------------

ErrorBanner::ErrorBanner(QWidget *parent)
    : QFrame(parent)
{
    hide();
}

/// Most banners are never shown: their parts are made when there is something to say.
void ErrorBanner::build()
{
    if (m_title)
        return;
    auto *layout = new QHBoxLayout(this);
    layout->setSpacing(8);
    setSlim(m_slim);
    auto *texts = new QVBoxLayout;
    texts->setSpacing(2);
    m_title = wrappedLabel(this);
    m_detail = wrappedLabel(this);
    m_detail->setProperty("muted", true);
    texts->addWidget(m_title);
    texts->addWidget(m_detail);
    layout->addLayout(texts, 1);
    m_action = new QPushButton(this);
    m_action->hide();
    layout->addWidget(m_action, 0, Qt::AlignVCenter);
    m_copy = makeCopyButton([this] { return m_copyText; }, this);
    layout->addWidget(m_copy, 0, Qt::AlignTop);
    m_close = new QToolButton(this);
    m_close->setIcon(themedIcon(QStringLiteral("close")));
    m_close->setToolTip(tr("Close this message"));
    m_close->setAccessibleName(tr("Close this message"));
    layout->addWidget(m_close, 0, Qt::AlignTop);
    connect(m_action, &QPushButton::clicked, this, &ErrorBanner::actionTriggered);
    connect(m_close, &QToolButton::clicked, this, [this] {
        hide();
        emit closed();
    });
}

void ErrorBanner::showError(const core::Error &error)
{
    build();
    m_health = fleet::Health::Failed;
    QString title = error.target.isEmpty() ? tr("Could not %1").arg(error.tried) : tr("Could not %1 on %2").arg(error.tried, error.target);
    if (error.tried.isEmpty())
        title = error.answer;
    m_title->setText(title.toHtmlEscaped());
    m_title->setTextFormat(Qt::RichText);
    m_title->setText(QStringLiteral("<b>%1</b>").arg(title.toHtmlEscaped()));
    QStringList detail;
    if (!error.tried.isEmpty() && !error.answer.isEmpty())
        detail << error.answer;
    if (!error.remedy.isEmpty())
        detail << error.remedy;
    m_detail->setTextFormat(Qt::PlainText);
    m_detail->setText(detail.join(u'\n'));
    m_detail->setVisible(!detail.isEmpty());
    m_copyText = error.text();
    if (!error.requestId.isEmpty()) {
        m_copyText += tr(" (request %1)").arg(error.requestId);
        m_detail->setToolTip(tr("Request %1").arg(error.requestId));
    }
    setAccessibleName(tr("Error: %1").arg(title));
    setAccessibleDescription(detail.join(u' '));
    m_copy->show();
    m_close->show();
    update();
    show();
}

void ErrorBanner::showNote(fleet::Health health, const QString &text)
{
    build();
    m_health = health;
    m_title->setTextFormat(Qt::PlainText);
    m_title->setText(text);
    m_detail->hide();
    m_copyText = text;
    m_copy->hide();
    setAccessibleName(tr("%1: %2").arg(healthWord(health), text));
    update();
    show();
}

void ErrorBanner::setAction(const QString &text)
{
    build();
    m_action->setText(text);
    m_action->setAccessibleName(text);
    m_action->setVisible(!text.isEmpty());
}

void ErrorBanner::setClosable(bool closable)
{
    build();
    m_close->setVisible(closable);
}

void ErrorBanner::setSlim(bool slim)
{
    m_slim = slim;
    if (!layout())
        return;
    layout()->setContentsMargins(slim ? 34 : 40, slim ? 1 : 9, slim ? 4 : 8, slim ? 1 : 9);
    updateGeometry();
    update();
}

void ErrorBanner::clear()
{
    hide();
    if (!m_title)
        return;
    m_title->clear();
    m_detail->clear();
    m_copyText.clear();
    setAction({});
}

QString ErrorBanner::text() const
{
    return m_copyText;
}

void ErrorBanner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme theme = themeOf(this);
    const QColor colour = theme.health(m_health);
    painter.setPen(QPen(Theme::blend(theme.panel, colour, 0.5), 1));
    painter.setBrush(theme.tint(colour, theme.dark ? 0.14 : 0.07));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    // Beside the first line of the text, which stands in the middle of its label.
    const int side = m_slim ? 15 : 18, line = m_title->fontMetrics().height();
    const int lines = std::max(1, m_title->heightForWidth(m_title->width()) / line);
    const int middle = m_title->geometry().center().y() - (lines - 1) * line / 2 + 1;
    paintHealthShape(&painter, QRectF(12, middle - side / 2, side, side), m_health, theme);
}

// CommandBox ----------------------------------------------------------------------------------------------------------

CommandBox::CommandBox(QWidget *parent)
    : QFrame(parent)
{
    setProperty("code", true);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(6, 4, 4, 4);
    layout->setSpacing(4);
    m_text = new QPlainTextEdit(this);
    m_text->setReadOnly(true);
    m_text->setFont(monoFont());
    m_text->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_text->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(tr("Command"));
    m_text->setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    m_text->viewport()->setAutoFillBackground(false);
    m_text->installEventFilter(this);
    layout->addWidget(m_text, 1);
    m_copy = makeCopyButton([this] { return command(); }, this);
    layout->addWidget(m_copy, 0, Qt::AlignTop);
    fit();
}

void CommandBox::setCommand(const QString &command)
{
    if (command == m_text->toPlainText())
        return;
    m_text->setPlainText(command);
    fit();
}

QString CommandBox::command() const
{
    return m_text->toPlainText();
}

void CommandBox::setMaximumLines(int lines)
{
    m_maximumLines = lines;
    fit();
}

bool CommandBox::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_text && event->type() == QEvent::Resize)
        fit(); // another width wraps into another number of lines
    return QFrame::eventFilter(watched, event);
}

void CommandBox::fit()
{
    // In lines as wrapped; a text with very many is cut to the most shown anyway.
    const double inner = m_text->width() - 2 * m_text->document()->documentMargin() - 2 * m_text->frameWidth();
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    int lines = 0;
    double height = 0;
    bool whole = true;
    for (QTextBlock block = m_text->document()->begin(); block.isValid() && lines < m_maximumLines; block = block.next()) {
        QTextLayout layout(block.text(), m_text->font());
        layout.setTextOption(option);
        layout.beginLayout();
        for (QTextLine line = layout.createLine(); line.isValid() && lines < m_maximumLines; line = layout.createLine(), ++lines) {
            line.setLineWidth(std::max(40.0, inner));
            height += line.height();
        }
        layout.endLayout();
        const QTextLine last = layout.lineCount() > 0 ? layout.lineAt(layout.lineCount() - 1) : QTextLine();
        whole = !block.next().isValid() && (!last.isValid() || last.textStart() + last.textLength() >= block.text().size());
    }
    // Where it scrolls, the line below must not look in.
    const double margins = (whole ? 2 : 1) * m_text->document()->documentMargin() + (whole ? 1 : 0);
    m_text->setFixedHeight(static_cast<int>(std::ceil(height + margins)) + 2 * m_text->frameWidth());
}

// KeyValueList --------------------------------------------------------------------------------------------------------

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
        auto *key = qobject_cast<QLabel *>(cell(row, 0));
        if (!key) {
            key = new QLabel(this);
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
        auto *value = qobject_cast<QLabel *>(old);
        if (!value || now.mono != (dynamic_cast<IdLabel *>(value) != nullptr)) {
            delete old;
            value = now.mono ? new IdLabel(this) : wrappedLabel(this);
            value->setTextFormat(Qt::PlainText);
            m_grid->addWidget(value, row, 1);
        }
        value->setText(now.value);
        if (now.mono && now.toolTip.isEmpty())
            value->setToolTip(tr("%1\nClick to copy").arg(now.value));
        else
            value->setToolTip(now.toolTip);
        value->setAccessibleName(tr("%1: %2").arg(now.key, now.value));
    }
    m_rows = rows;
}

// Labels --------------------------------------------------------------------------------------------------------------

SectionTitle::SectionTitle(const QString &text, QWidget *parent)
    : QLabel(text, parent)
{
    setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    setContentsMargins(0, 6, 0, 2);
}

MutedLabel::MutedLabel(const QString &text, QWidget *parent)
    : WrappedLabel(text, parent)
{
    setProperty("muted", true);
}

RelativeTimeLabel::RelativeTimeLabel(QWidget *parent)
    : QLabel(parent)
{
    setProperty("muted", true);
    auto *timer = new QTimer(this);
    timer->setTimerType(Qt::VeryCoarseTimer);
    connect(timer, &QTimer::timeout, this, &RelativeTimeLabel::tick);
    timer->start(1000);
}

void RelativeTimeLabel::setTime(const QDateTime &at)
{
    m_at = at;
    setToolTip(absoluteTime(at));
    tick();
}

void RelativeTimeLabel::tick()
{
    if (m_at.isValid())
        setText(relativeTime(m_at, QDateTime::currentDateTimeUtc()));
}

// Copying -------------------------------------------------------------------------------------------------------------

void copyText(const QString &text)
{
    QGuiApplication::clipboard()->setText(text);
}

QToolButton *makeCopyButton(std::function<QString()> text, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(themedIcon(QStringLiteral("copy")));
    button->setToolTip(QCoreApplication::translate("CopyButton", "Copy"));
    button->setAccessibleName(QCoreApplication::translate("CopyButton", "Copy"));
    QObject::connect(button, &QToolButton::clicked, button, [button, text = std::move(text)] {
        copyText(text());
        button->setIcon(themedIcon(QStringLiteral("check"))); // says that it worked, for a moment
        QTimer::singleShot(1200, button, [button] { button->setIcon(themedIcon(QStringLiteral("copy"))); });
    });
    return button;
}

} // namespace catamaran::ui
