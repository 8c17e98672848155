// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QDateTime>

namespace catamaran::kube {

/// How far a log with timestamps was handed on, so that one that is opened again goes on there: servers go back to a
/// whole second, and what was had of it is left out. Where it is not sure that a line was had it comes again; none is lost.
class LogPosition {
public:
    /// @p bytes were handed on.
    void passed(const QByteArray &bytes);
    /// Whether it can be gone on from here: not inside a line, and not after one without a time.
    [[nodiscard]] bool isKnown() const { return !m_isInside && moment().isValid(); }
    /// What to ask the server for: the second of the last line.
    [[nodiscard]] QDateTime moment() const;
    /// Begins to leave out what was had.
    void resume();
    /// Takes the whole lines that were had off the front of @p lines.
    void leaveOut(QByteArray &lines);

private:
    QByteArray m_last; ///< the last line's time, as it was written
    int m_same = 0; ///< so many lines in a row had it
    bool m_isInside = false;
    QByteArray m_seen; ///< m_last when it was resumed
    int m_toSkip = 0;
};

} // namespace catamaran::kube
