// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/place.h"
#include "ui/common/services.h"

#include <QList>

#include <functional>

namespace catamaran::ui {

/// A place of the rail before it is built: places are made when they are first shown, so that the window is there at once.
struct PlaceEntry {
    QString id, title, icon;
    std::function<Place *(Services &services, QWidget *parent)> make;
};

/// The seven places in the order of the rail.
[[nodiscard]] QList<PlaceEntry> allPlaces();

} // namespace catamaran::ui
