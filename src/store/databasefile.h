// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QString>

#include <memory>
#include <optional>

namespace catamaran::store {

/// The file of the history, looked at before SQLite touches it: a regular file of ours that no link stands for, and beside it
/// nothing that SQLite would open in another's stead. Whether it holds a database of ours is for SQLite to find out.
///
/// It is held by a descriptor without rights to read (O_PATH): to close any other descriptor of a file takes away every lock
/// that SQLite has on it in this process. Any thread.
class DatabaseFile {
public:
    /// Looks at @p file; when it is not there and @p make, makes it (0600) and the folders above it (0700).
    /// InvalidInput: what stands there is no file that may be used; nothing about it was changed. NotFound without @p make.
    [[nodiscard]] static core::Result<DatabaseFile> look(const QString &file, bool make);

    [[nodiscard]] const QString &path() const { return m_path; } ///< absolute
    /// Why SQLite can only read it; nullopt: nothing stands against writing.
    [[nodiscard]] const std::optional<QString> &whyReadOnly() const { return m_whyReadOnly; }
    /// The same for every name of the same file, until it is removed.
    [[nodiscard]] const QString &identity() const { return m_identity; }

    /// InvalidInput when another file stands under the name by now.
    [[nodiscard]] core::Result<core::Done> isStillThere() const;
    /// Takes every right from group and others; with @p folder, which must be Catamaran's own, from the folder too. What cannot be
    /// changed (a medium that is read only) stays as it is.
    void closeToOthers(bool folder) const;

private:
    QString m_path, m_identity;
    std::optional<QString> m_whyReadOnly;
    std::shared_ptr<const int> m_descriptor;
};

} // namespace catamaran::store
