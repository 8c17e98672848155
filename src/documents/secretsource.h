// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/strictyaml.h"

#include <QDir>

namespace catamaran::documents {

/// Where a secret comes from; the secret itself is never in the file.
struct SecretSource {
    enum class Kind { None, Keyring, File, Variable };
    Kind kind = Kind::None;
    QString name; ///< keyring entry, absolute file, or variable
    bool operator==(const SecretSource &) const = default;
};

/// { keyring: NAME }, { file: PATH } or { env: VARIABLE }; None when @p value does not exist.
[[nodiscard]] SecretSource readSecretSource(const YamlValue &value, const QDir &folder);
/// What readSecretSource() reads back.
[[nodiscard]] QByteArray toYaml(const SecretSource &source);

/// As a path of a document is meant: relative to the document's folder, "~" is the user's home.
[[nodiscard]] QString absolutePath(const QString &path, const QDir &folder);

/// Always quoted: no text of a user becomes YAML by accident.
[[nodiscard]] QByteArray quotedYaml(QString text);
[[nodiscard]] QByteArray quotedYaml(const QStringList &texts);

} // namespace catamaran::documents
