// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

namespace catamaran::core {

/// Bytes that must not be seen: no conversion to text, no operator<<, wiped when the last copy goes.
/// reveal() is the one door out; it is easy to search for.
class Secret {
public:
    Secret() = default;
    explicit Secret(QByteArray bytes);
    ~Secret();
    Secret(const Secret &) = default;
    Secret(Secret &&) noexcept = default;
    /// By value: what was held before is wiped with the parameter.
    Secret &operator=(Secret other) noexcept
    {
        m_bytes.swap(other.m_bytes);
        return *this;
    }

    [[nodiscard]] bool isEmpty() const { return m_bytes.isEmpty(); }
    [[nodiscard]] const QByteArray &reveal() const { return m_bytes; }

private:
    QByteArray m_bytes;
};

} // namespace catamaran::core
