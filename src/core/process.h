// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// How the programs that hold secrets begin and end.
namespace catamaran::core {

/// Opens the standard streams that were closed, so that no database, socket or pipe gets their numbers. What is written to
/// a standard output that was closed still fails.
void openStandardStreams();

/// Before anything else in main(): openStandardStreams(); writing to a reader that has gone, or more than a file may hold,
/// is an error instead of the end; no core files, and nobody else looks into the memory; catches the signals of core/stopsignals.h.
void prepareProcess();

/// Deletes what was left to an event loop that runs no more: network clients die by deleteLater(), and each has a thread
/// that may be inside OpenSSL. One that hangs is said on stderr. Then the pool's threads. Sessions and windows are gone,
/// the application is not.
void joinClients();

/// Last in main(), on the main thread, when everything that was to be written is: joinClients() where there still is an
/// application, then gives back @p code when this is the only thread that is left, so that main() may return it. With
/// others (the system's resolver, one of ours that hangs) the process ends here and now with @p code: exit handlers
/// would take under their hands what they use, and all that was well would end as a crash.
[[nodiscard]] int leaveProcess(int code);

} // namespace catamaran::core
