// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace catamaran::lab {

/// The folder of one range. Held with a lock as long as this object lives, so that two ranges never share it; the kernel
/// drops the lock of a range that crashed.
class RangeDirectory {
public:
    RangeDirectory() = default;
    ~RangeDirectory();
    RangeDirectory(const RangeDirectory &) = delete;
    RangeDirectory &operator=(const RangeDirectory &) = delete;

    /// Makes the folder (0700) where it is missing and locks it. Empty, or why it cannot be used: one that others own or
    /// may write into is refused, and left as it is.
    [[nodiscard]] std::string open(const std::string &path);
    /// Absolute, without links.
    [[nodiscard]] const std::string &path() const { return m_path; }
    [[nodiscard]] std::string file(const std::string &name) const { return m_path + "/" + name; }
    /// Writes DIR/@p name with mode 0600: whole or not at all. Empty, or why not.
    [[nodiscard]] std::string write(const std::string &name, std::string_view content) const;

private:
    std::string m_path;
    int m_descriptor = -1;
};

} // namespace catamaran::lab
