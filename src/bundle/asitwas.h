// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/finding.h"
#include "truth/matrix.h"

/// A fleet as it was once: what a support bundle tells of it, with no cluster to be asked.
namespace catamaran::bundle {

struct AsItWas {
    QDateTime at; ///< UTC, when it was written
    QString file; ///< the bundle
    QString environment; ///< its name
    bool isProduction = false;
    QString colour;
    QString program; ///< the version that wrote it
    observe::ObservedFleet fleet;
    truth::Matrix matrix; ///< as it was judged then
    QList<findings::Finding> findings; ///< without what mends them: nothing is to be done here
};

/// The three as JSON, for the bundle. Times, texts and enumerations are as they are; how clusters are reached by hand is left out.
[[nodiscard]] QJsonObject toJson(const observe::ObservedFleet &fleet);
[[nodiscard]] QJsonObject toJson(const truth::Matrix &matrix);
[[nodiscard]] QJsonObject toJson(const QList<findings::Finding> &findings);
/// What toJson() wrote, strictly: false where a field is missing or of another type.
[[nodiscard]] bool read(const QJsonObject &object, observe::ObservedFleet &fleet);
[[nodiscard]] bool read(const QJsonObject &object, truth::Matrix &matrix);
[[nodiscard]] bool read(const QJsonObject &object, QList<findings::Finding> &findings);

} // namespace catamaran::bundle
