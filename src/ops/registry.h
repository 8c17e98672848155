// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <QMap>
#include <QStringList>

#include <memory>

namespace catamaran::ops {

/// The kinds of operations by name. Filled once when a session opens, then only read, by any thread.
class Registry {
public:
    /// A name is given once; a second kind of the same name is a mistake of ours, and the first stays.
    void add(std::unique_ptr<const Kind> kind);
    /// Unsupported when there is none: an unknown kind is never taken for another.
    [[nodiscard]] core::Result<const Kind *> find(const QString &name) const;
    [[nodiscard]] QStringList names() const;

private:
    QMap<QString, std::shared_ptr<const Kind>> m_kinds;
};

} // namespace catamaran::ops
