// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "truth/matrix.h"

#include <QColor>

class QIcon;
class QPainter;
class QRectF;
class QWidget;

/// How a state looks. The check mark is for what a request has just shown (or an API server just answered); what is only
/// somebody's word has a look of its own. Pure but for the painting.
namespace catamaran::ui {

struct Theme;

enum class Look { Ok, Configured, Unknown, Stale, Warning, Failed }; ///< the later, the worse

[[nodiscard]] Look lookOf(observe::Health health);
/// Ok only when it is proven and nothing is known against it.
[[nodiscard]] Look lookOf(const truth::Cell &cell);
[[nodiscard]] Look lookOf(const truth::DirectionState &direction);
/// Of the whole fleet; Unknown when there is no direction.
[[nodiscard]] Look lookOf(const truth::Summary &summary);

/// "ok", "configured", "unknown", "stale", "warning", "failed".
[[nodiscard]] QString lookWord(Look look);
/// The same of a direction or a layer: "proven" instead of "ok".
[[nodiscard]] QString proofWord(Look look);
[[nodiscard]] QColor lookColour(Look look, const Theme &theme);
/// As paintHealthShape(); Configured is a ring with a dot and has no check.
void paintLook(QPainter *painter, const QRectF &rect, Look look, const Theme &theme);
[[nodiscard]] QIcon lookIcon(Look look, const QWidget *widget);

/// "proven, 4 s ago; 9 of 20 requests were answered by …", with what it would need and what it holds until.
[[nodiscard]] QString detailText(const truth::Cell &cell); ///< "; 9 of 20 …; it needs …": all but state and age
[[nodiscard]] QString cellText(const truth::Cell &cell, const QDateTime &now);

/// The worst of the directions from @p from; Unknown when there is none.
[[nodiscard]] Look lookFrom(const truth::Matrix &matrix, const QString &from);
/// What is proven from @p from at @p now, a line per direction with the worst first (of many, three), and then of the whole fleet.
/// Empty when there is no other cluster.
[[nodiscard]] QString directionsText(const truth::Matrix &matrix, const QString &from, const QDateTime &now);

} // namespace catamaran::ui
