// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDateTime>
#include <QLabel>

#include <memory>

namespace catamaran::ui {

/// A label that shows its text as it is: no HTML, nothing that acts instead of being seen (core/printable.h). Every label of
/// the console is one.
class PlainLabel : public QLabel {
    Q_OBJECT
public:
    explicit PlainLabel(const QString &text, QWidget *parent = nullptr);
    explicit PlainLabel(QWidget *parent = nullptr);
    void setText(const QString &text); ///< in place of QLabel's
};

/// A label that wraps. A layout asks its height at a handful of widths, many times over, and QLabel shapes the text for
/// each answer, which is the dearest part of showing a window. This one shapes a plain text once, and only breaks its
/// lines anew. Selectable text is left to QLabel, with its answers kept.
class WrappedLabel : public PlainLabel {
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
    [[nodiscard]] bool isOurs() const; ///< to shape and paint
    [[nodiscard]] Shaped &shaped() const;
    mutable std::unique_ptr<Shaped> m_shaped;
};

/// One whose text can be taken with the mouse; Tab passes it by.
class SelectableLabel : public WrappedLabel {
    Q_OBJECT
public:
    explicit SelectableLabel(QWidget *parent = nullptr);
};

/// The heading of a part of a view.
class SectionTitle : public PlainLabel {
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
class RelativeTimeLabel : public PlainLabel {
    Q_OBJECT
public:
    explicit RelativeTimeLabel(QWidget *parent = nullptr);
    void setTime(const QDateTime &at);

private:
    void tick();
    QDateTime m_at;
};

} // namespace catamaran::ui
