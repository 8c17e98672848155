// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

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
    QString command; ///< shows the same by hand: kubectl or the provider's tool
    QStringList related; ///< object ids
    [[nodiscard]] bool isValid() const { return !id.isEmpty(); }
};

/// Invalid for an id that is not in @p fleet. @p faults: what a running drill broke; @p matrix: what is proven.
[[nodiscard]] ObjectFacts describeObject(const observe::ObservedFleet &fleet, const QString &objectId,
    const QMap<QString, QString> &faults = {}, const truth::Matrix &matrix = {});
/// Whether @p condition only repeats what somebody says of himself or has set, so that Ok is configured and no more.
[[nodiscard]] bool isWordOnly(const observe::Condition &condition);
/// Ids of everything on the map, in reading order: for search.
[[nodiscard]] QStringList allObjects(const observe::ObservedFleet &fleet);

} // namespace catamaran::ui
