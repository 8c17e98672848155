// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "support/paths.h"

namespace catamaran::tests {

QString sourceFile(const QString &path)
{
    return QStringLiteral(CATAMARAN_SOURCE_DIR "/") + path;
}

QString program(const QString &name)
{
    return QStringLiteral(CATAMARAN_BIN_DIR "/") + name;
}

} // namespace catamaran::tests
