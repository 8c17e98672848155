// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/fleetview.h"

#include <QMap>
#include <QString>

#include <optional>

namespace catamaran::ui {

class Services;

/// A template with what an object says of its parameters.
struct Aim {
    QString drill; ///< of a template that comes with Catamaran
    QMap<QString, QString> values;
};
/// Which drill loses @p object (an id of the map): a workload, the gateway of a cluster or at the far end of a link, the control plane
/// that was seen to run in a cluster, or of a mesh (one that a cloud runs is none of the fleet's to stop). nullopt: none does. Pure.
[[nodiscard]] std::optional<Aim> aimAt(const QString &object, const observe::FleetView &view);

/// Adds “Lose this…” to what can be done with objects: it opens the drills with the form of that template filled in.
void addLoseThis(Services &services);
/// What it hands to the place of drills, and the object of that; empty: it is something else.
[[nodiscard]] QString loseRequest(const QString &object);
[[nodiscard]] QString objectToLose(const QString &request);

} // namespace catamaran::ui
