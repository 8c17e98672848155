// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace catamaran::lab {

/// A private folder for what pods mount, as short a path as possible (it holds sockets): `catamaran-lab-XXXXXX` in
/// $XDG_RUNTIME_DIR, else in /tmp. It goes with this object. What ranges left that were killed goes when the next one
/// is made: a folder belongs to a living range as long as the file `owner` in it is locked.
class WorldFolder {
public:
    WorldFolder();
    ~WorldFolder();
    WorldFolder(const WorldFolder &) = delete;
    WorldFolder &operator=(const WorldFolder &) = delete;

    [[nodiscard]] const std::string &path() const { return m_path; }

    /// Removes the folders of ranges of this user that live no more from @p base; returns how many.
    static int removeStale(const std::string &base);

private:
    std::string m_path;
    int m_owner = -1; ///< the locked file
};

} // namespace catamaran::lab
