// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/restoration.h"

#include <functional>
#include <memory>

class QProcess;

/// The dead man's switch of a drill: a process of its own that puts back what was broken when whoever runs the drill is gone without
/// having done so (kill -9, a crash, the end of the desktop session). A lost machine it cannot help: that is for whoever comes next.
namespace catamaran::drill {

/// The side of whoever runs the drill. For one worker thread.
class Sentry final {
public:
    /// Starts @p program (catamaranctl) and waits until it has opened the environment: at most 20 s, or until @p stop.
    [[nodiscard]] static core::Result<std::unique_ptr<Sentry>> post(
        const QString &program, const QString &environmentFile, const QString &databaseFile, std::stop_token stop);
    /// Dismisses it: everything is back, or whoever runs the drill goes on to live and says what is not.
    ~Sentry();
    /// "process 4711 stands sentry: …"
    [[nodiscard]] QString text() const;

private:
    Sentry();
    std::unique_ptr<QProcess> m_process;
};

/// The side of the process that stands sentry: waits until @p input (a file descriptor) says that it is dismissed, or ends without that;
/// then puts back what is due, again and again until all of it is back, for a quarter of an hour at most. nullopt: it was dismissed, or
/// @p stop came while it waited.
[[nodiscard]] std::optional<core::Result<RestoreReport>> standSentry(
    session::Session &session, const QString &databaseFile, int input, std::stop_token stop);

/// What the process that stands sentry says when it does.
inline constexpr char sentryReady[] = "on sentry\n";

} // namespace catamaran::drill
