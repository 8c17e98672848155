// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAction>
#include <QList>
#include <QWidget>

namespace catamaran::ui {

/// One of the places of the left rail. The window hosts; a place brings its widget and its actions.
class Place : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;
    [[nodiscard]] virtual QString id() const = 0; ///< "verify": stable, for settings and tests
    [[nodiscard]] virtual QString title() const = 0; ///< "Verify"
    [[nodiscard]] virtual QString iconName() const = 0; ///< a glyph of resources/icons
    /// Actions for the command palette and menus; each has text, icon where it helps, and shortcut.
    [[nodiscard]] virtual QList<QAction *> placeActions() const { return {}; }
    /// Names of objects that the palette can find here, and how to show one.
    [[nodiscard]] virtual QStringList findableObjects() const { return {}; }
    virtual void showObject(const QString &) { }
    /// For --tour: number of views worth a picture, and showing one of them; true when it is ready to be grabbed.
    [[nodiscard]] virtual QStringList tourStops() const { return { id() }; }
    virtual void showTourStop(const QString &) { }
    /// The stop still works towards what the picture should show (a run, a drill): the tour waits, within reason.
    [[nodiscard]] virtual bool isTourBusy() const { return false; }
};

} // namespace catamaran::ui
