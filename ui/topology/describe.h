// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/finding.h"
#include "observe/observedfleet.h"
#include "ui/common/widgets.h"
#include "ui/topology/maptruth.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace catamaran::ui {

/// All that the inspector shows of one object.
struct ObjectFacts {
    QString id, title, kind, glyph;
    Look look = Look::Unknown;
    QString note; ///< why it is impaired; empty
    QList<KeyValueList::Row> rows;
    PartTruth truth; ///< the directions that it stands for
    QList<observe::Condition> conditions;
    QList<findings::Finding> findings {}; ///< about it, worst first
    int unaskedRules = 0; ///< rules that could not be asked of it
    bool areFindingsRead = false; ///< false: nobody has looked yet
    QString command; ///< shows the same by hand: kubectl or the provider's tool
    QStringList related; ///< object ids
    [[nodiscard]] bool isValid() const { return !id.isEmpty(); }
};

/// Invalid for an id that is not in @p fleet. @p faults: what a running drill broke; @p matrix: what is proven.
[[nodiscard]] ObjectFacts describeObject(
    const observe::FleetView &view, const QString &objectId, const QMap<QString, QString> &faults = {}, const truth::Matrix &matrix = {});
/// The findings of @p found that are about the object: of a cluster all of it, of a mesh and a network what names them, of a workload those
/// of the services that it stands behind. Unknown ones are not among them: unaskedOf() counts their rules.
[[nodiscard]] QList<findings::Finding> findingsAbout(
    const observe::FleetView &view, const QString &objectId, const QList<findings::Finding> &found);
[[nodiscard]] int unaskedOf(const QString &objectId, const QList<findings::Finding> &found);
/// Whether @p condition only repeats what somebody says of himself or has set, so that Ok is configured and no more.
[[nodiscard]] bool isWordOnly(const observe::Condition &condition);
/// Ids of everything on the map, in reading order: for search.
[[nodiscard]] QStringList allObjects(const observe::FleetView &view);

} // namespace catamaran::ui
