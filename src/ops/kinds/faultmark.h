// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonObject>
#include <QString>

#include <optional>

namespace catamaran::ops {

/// The annotation that a fault writes on what it changes, in the same PATCH.
inline const QString faultAnnotation = QStringLiteral("catamaran.io/fault");

/// What it says: whose doing it is, and the number of replicas that was there.
struct FaultMark {
    QString execution, step;
    int replicas = 0;

    [[nodiscard]] QString toText() const; ///< {"execution":…,"replicas":…,"step":…}
    bool operator==(const FaultMark &) const = default;
};

/// The mark of an object; nullopt when it has none, or one that nobody can read. Pure.
[[nodiscard]] std::optional<FaultMark> faultMarkOf(const QJsonObject &object);

} // namespace catamaran::ops
