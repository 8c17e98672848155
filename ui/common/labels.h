// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDateTime>
#include <QLabel>

#include <memory>

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

/// One whose text can be taken with the mouse; Tab passes it by.
class SelectableLabel : public WrappedLabel {
    Q_OBJECT
public:
    explicit SelectableLabel(QWidget *parent = nullptr);
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

} // namespace catamaran::ui
