// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "fleet/observedfleet.h"

#include <QDateTime>
#include <QFrame>
#include <QLabel>
#include <QList>
#include <QPair>
#include <QWidget>

#include <functional>
#include <memory>
#include <optional>

class QGridLayout;
class QPlainTextEdit;
class QPushButton;
class QToolButton;
class QVBoxLayout;

/// The small widgets that every place is made of. All follow the palette and have accessible names.
namespace catamaran::ui {

/// A label that wraps. A layout asks its height at a handful of widths, many times over, and QLabel shapes the text for
/// each answer, which is the dearest part of showing a window. This one shapes a plain text once, and only breaks its
/// lines anew. Rich or selectable text is left to QLabel, with its answers kept.
class WrappedLabel : public QLabel {
    Q_OBJECT
public:
    explicit WrappedLabel(const QString &text = {}, QWidget *parent = nullptr);
    ~WrappedLabel() override;
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct Shaped;
    [[nodiscard]] bool isPlain() const;
    [[nodiscard]] Shaped &shaped() const;
    mutable std::unique_ptr<Shaped> m_shaped;
};

/// Shape and word of a state; the tooltip carries the reason.
class StateBadge : public QWidget {
    Q_OBJECT
public:
    explicit StateBadge(QWidget *parent = nullptr);
    StateBadge(fleet::Health health, const QString &word, QWidget *parent = nullptr);
    /// @p word empty: healthWord(health).
    void setState(fleet::Health health, const QString &word = {});
    [[nodiscard]] fleet::Health health() const { return m_health; }
    [[nodiscard]] QString word() const { return m_word; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    fleet::Health m_health = fleet::Health::Unknown;
    QString m_word;
};

/// A panel with a line around it; optionally a glyph, a title and a text above its body.
class Card : public QFrame {
    Q_OBJECT
public:
    explicit Card(QWidget *parent = nullptr);
    explicit Card(const QString &title, QWidget *parent = nullptr);
    void setTitle(const QString &title);
    void setText(const QString &text);
    void setIcon(const QString &glyph);
    /// Where content goes, under the title.
    [[nodiscard]] QVBoxLayout *body() const { return m_body; }
    /// A button at the foot of the card.
    QPushButton *addButton(const QString &text, bool primary = false);

private:
    QVBoxLayout *m_body = nullptr;
    QLabel *m_icon = nullptr;
    QLabel *m_title = nullptr;
    QLabel *m_text = nullptr;
    QString m_glyph;
    bool event(QEvent *event) override;
    void redrawIcon();
};

/// What an empty screen shows: what belongs here, and the one action that fills it.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    explicit EmptyState(const QString &glyph, const QString &title, const QString &text, const QString &actionText = {}, QWidget *parent = nullptr);
    void setTexts(const QString &title, const QString &text);
    /// Null when there is no action.
    [[nodiscard]] QPushButton *button() const { return m_button; }

signals:
    void triggered();

private:
    QLabel *m_icon = nullptr;
    QLabel *m_title = nullptr;
    QLabel *m_text = nullptr;
    QPushButton *m_button = nullptr;
    QString m_glyph;
    bool event(QEvent *event) override;
    void redrawIcon();
};

/// Says what failed, on what, why and what to do, with a button that does it. Hidden until showError().
class ErrorBanner : public QFrame {
    Q_OBJECT
public:
    explicit ErrorBanner(QWidget *parent = nullptr);
    void showError(const core::Error &error);
    /// A banner that is not an error: a note with a state.
    void showNote(fleet::Health health, const QString &text);
    /// A button with @p text; empty removes it. actionTriggered() follows a click.
    void setAction(const QString &text);
    /// The cross at its right; on by default for errors.
    void setClosable(bool closable);
    /// One line that takes as little room as it can: for a standing note that is no hurry.
    void setSlim(bool slim);
    void clear();
    [[nodiscard]] QString text() const;

signals:
    void actionTriggered();
    void closed();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void build();
    fleet::Health m_health = fleet::Health::Failed;
    bool m_slim = false;
    QString m_copyText;
    QLabel *m_title = nullptr;
    QLabel *m_detail = nullptr;
    QPushButton *m_action = nullptr;
    QToolButton *m_copy = nullptr;
    QToolButton *m_close = nullptr;
};

/// A command or manifest in fixed pitch, selectable, with a copy button. Lines that are too long are wrapped, never cut.
class CommandBox : public QFrame {
    Q_OBJECT
public:
    explicit CommandBox(QWidget *parent = nullptr);
    void setCommand(const QString &command);
    [[nodiscard]] QString command() const;
    /// Grows with its text up to this many lines (default 8), then scrolls.
    void setMaximumLines(int lines);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fit();
    QPlainTextEdit *m_text = nullptr;
    QToolButton *m_copy = nullptr;
    int m_maximumLines = 8;
};

/// Facts as two columns. Rows are updated in place: nothing jumps.
class KeyValueList : public QWidget {
    Q_OBJECT
public:
    struct Row {
        QString key, value;
        QString toolTip = {};
        bool mono = false;
        std::optional<fleet::Health> health = std::nullopt; ///< shown as a badge instead of plain text
    };
    explicit KeyValueList(QWidget *parent = nullptr);
    void setRows(const QList<Row> &rows);
    [[nodiscard]] QList<Row> rows() const { return m_rows; }

private:
    QGridLayout *m_grid = nullptr;
    QList<Row> m_rows;
};

/// The heading of a part of a view.
class SectionTitle : public QLabel {
    Q_OBJECT
public:
    explicit SectionTitle(const QString &text, QWidget *parent = nullptr);
};

/// A quieter line of explanation, wrapped.
class MutedLabel : public WrappedLabel {
    Q_OBJECT
public:
    explicit MutedLabel(const QString &text = {}, QWidget *parent = nullptr);
};

/// "12 s ago", kept current; the tooltip has the absolute time.
class RelativeTimeLabel : public QLabel {
    Q_OBJECT
public:
    explicit RelativeTimeLabel(QWidget *parent = nullptr);
    void setTime(const QDateTime &at);

private:
    void tick();
    QDateTime m_at;
};

/// Copies @p text to the clipboard.
void copyText(const QString &text);
/// A small button that copies what @p text gives when it is clicked.
[[nodiscard]] QToolButton *makeCopyButton(std::function<QString()> text, QWidget *parent);

} // namespace catamaran::ui
