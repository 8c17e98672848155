// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QJsonObject>
#include <QString>

/// One way to change the world: docs/design/operations.md.
namespace catamaran::ops {

/// One deed as a value. Its kind knows how it is done, proven and undone; arguments never hold a secret.
struct Operation {
    QString kind; ///< "kube.scale"
    QJsonObject arguments;

    /// {"kind","arguments"}
    [[nodiscard]] QJsonObject toJson() const;
    /// Protocol when @p object is not what toJson() writes. The kind judges the arguments: Kind::check().
    [[nodiscard]] static core::Result<Operation> fromJson(const QJsonObject &object);
    bool operator==(const Operation &) const = default;
};

} // namespace catamaran::ops
