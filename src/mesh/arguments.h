// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QJsonObject>
#include <QStringList>

#include <optional>

namespace catamaran::mesh {

/// Reads the arguments of one operation strictly: the first thing that is wrong is kept, and what is not asked for is not known.
/// Pure.
class ArgumentReader {
public:
    ArgumentReader(QString operation, const QJsonObject &arguments);

    /// A text that is not empty.
    [[nodiscard]] QString text(const QString &name);
    /// The same, empty when it is left out.
    [[nodiscard]] QString maybeText(const QString &name);
    /// A label as DNS has it, as meshes and namespaces are named: it can stand in a shell's line as it is.
    [[nodiscard]] QString label(const QString &name);
    /// At least one, none empty.
    [[nodiscard]] QStringList texts(const QString &name);
    [[nodiscard]] QStringList labels(const QString &name);
    [[nodiscard]] bool has(const QString &name) const { return m_arguments.contains(name); }
    [[nodiscard]] bool flag(const QString &name); ///< must be there
    [[nodiscard]] bool maybeFlag(const QString &name); ///< false when it is left out
    [[nodiscard]] QJsonObject object(const QString &name);
    void refuse(const QString &name, const QString &answer);

    /// InvalidInput that names the first argument that is wrong or not known; call it last.
    [[nodiscard]] std::optional<core::Error> error() const;

private:
    [[nodiscard]] QJsonValue take(const QString &name);

    const QString m_operation;
    const QJsonObject m_arguments;
    QStringList m_asked;
    std::optional<core::Error> m_error;
};

} // namespace catamaran::mesh
