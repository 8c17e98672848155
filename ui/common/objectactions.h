// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>

#include <functional>

namespace catamaran::ui {

/// Something to be done with one object of the fleet. @c object is an id of the map (ui/topology/objectid.h).
struct ObjectAction {
    QString id; ///< "lose": stable, for tests and for what was used last
    QString text; ///< "Lose this…"
    QString icon; ///< a glyph of resources/icons
    QKeySequence keys {}; ///< where the map, its tree or the inspector has the keyboard
    std::function<bool(const QString &object)> concerns; ///< whether it is offered for this object at all
    std::function<QString(const QString &object)> obstacle {}; ///< why it cannot be done now; empty, or none: it can
    std::function<void(const QString &object)> run;
};

/// What can be done with an object, wherever it is shown: the inspector's buttons, the map's and the lists' context menus
/// and the palette all ask here. Main thread. Whoever can do something adds it once, when the window is built.
class ObjectActions : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// In the order in which they are shown. An id that is there already is replaced.
    void add(ObjectAction action);
    [[nodiscard]] QList<ObjectAction> of(const QString &object) const;
    [[nodiscard]] QString obstacle(const ObjectAction &action, const QString &object) const;
    /// False when there is no such action, it does not concern @p object or cannot be done now.
    bool run(const QString &id, const QString &object);

signals:
    /// An action has been done: the palette shows first what was used last.
    void done(const QString &id, const QString &object);

private:
    QList<ObjectAction> m_actions;
};

} // namespace catamaran::ui
