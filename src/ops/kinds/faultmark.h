// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/owner.h"

#include <QJsonObject>
#include <QString>

#include <optional>

namespace catamaran::ops {

/// The annotation that a fault writes on what it changes or makes, in the same call.
inline const QString faultAnnotation = QStringLiteral("catamaran.io/fault");

/// What it says, so that a console that has no rows of the execution can put the object back.
struct FaultMark {
    QString execution, step; ///< whose doing it is
    std::optional<int> replicas; ///< the number that was there; nullopt: the object was not there at all
    std::optional<int> set {}; ///< the number that the fault gave it; nullopt: it is not told
    QString name {}; ///< of the execution: the drill's
    QDateTime at {}; ///< when; invalid: it is not told
    Owner owner {}; ///< whose process; empty: it is not told

    [[nodiscard]] QString toText() const; ///< {"at","by","execution","made" or "replicas","name","set","step"}
    bool operator==(const FaultMark &) const = default;
};

/// The mark of an object; nullopt when it has none, or one that nobody can read. Pure.
[[nodiscard]] std::optional<FaultMark> faultMarkOf(const QJsonObject &object);
/// The same of the annotation's text.
[[nodiscard]] std::optional<FaultMark> readFaultMark(const QString &text);

} // namespace catamaran::ops
