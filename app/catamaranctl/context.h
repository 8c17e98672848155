// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/fleetdocument.h"
#include "observe/observedfleet.h"
#include "session/session.h"
#include "store/database.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QJsonObject>

#include <functional>
#include <memory>

/// catamaranctl: JSON or tables on standard output, progress and errors on standard error.
namespace catamaran::ctl {

enum ExitCode {
    Holds = 0, ///< done, or the check or hypothesis holds
    Failed = 1, ///< a check or hypothesis failed
    BadInput = 2, ///< a file, field or argument is wrong; nothing was changed
    Unreachable = 3, ///< the environment could not be reached or did not let us in
    Aborted = 4, ///< stopped; what had been broken was put back
};
[[nodiscard]] int exitCodeOf(const core::Error &error);

/// What a command works with. Its work runs on a thread of its own.
struct Context {
    bool json = false;
    QString databaseFile;
    documents::Environment environment;
    std::shared_ptr<session::Session> session; ///< null for commands that need none
    std::stop_token stop;
    QElapsedTimer clock;

    /// The history of --database, for this thread; that it can only be read is said.
    [[nodiscard]] core::Result<std::shared_ptr<store::Database>> openHistory() const;
    /// The command's answer: @p object with -o json, else @p text. What cannot be written makes the program end with 1
    /// instead of 0, and is said there (core/output.h). Printable, as all that follows; what
    /// @p text takes from outside into one line of its own is for the caller to keep in that line.
    void print(const QJsonObject &object, const QString &text) const;
    /// One line on standard error, with the time since the start.
    void progress(const QString &line) const;
    /// Reports @p error (as JSON on standard output too, with -o json) and gives its exit code.
    /// @p more: what else there is to say in JSON.
    [[nodiscard]] int failed(const core::Error &error, QJsonObject more = {}) const;
};

/// Returns an ExitCode.
using Work = std::function<int(Context &)>;

struct Command {
    const char *name;
    QString summary;
    QString arguments; ///< after the name, for the help
    bool needsSession = true;
    std::function<void(QCommandLineParser &)> declare;
    /// Reads the arguments before anything is contacted; @p words are those after the command's name.
    std::function<core::Result<Work>(const QCommandLineParser &parser, const QStringList &words)> prepare;
    /// For commands of which only some words need connections; empty: needsSession.
    std::function<bool(const QStringList &words)> connects;
    bool outputsToFile = false; ///< -o may name a file as well as a form
};

// One file per command or family.
[[nodiscard]] QList<Command> planCommands(); ///< preflight, plan, apply, destroy, move-client
[[nodiscard]] Command statusCommand();
[[nodiscard]] Command verifyCommand();
[[nodiscard]] Command matrixCommand();
[[nodiscard]] QList<Command> findingsCommands(); ///< findings, failover
[[nodiscard]] Command checkCommand();
[[nodiscard]] Command bundleCommand();
[[nodiscard]] Command explainCommand();
[[nodiscard]] Command drillCommand();
[[nodiscard]] Command reportCommand();
[[nodiscard]] QList<Command> driftCommands(); ///< adopt, drift
[[nodiscard]] QList<Command> executionCommands(); ///< undo, history

// Helpers of several commands.
[[nodiscard]] core::Error badArgument(const QString &what, const QString &answer, const QString &remedy = {});
/// "500ms", "30s", "2m", "1h" or plain seconds; at most core::longestDuration.
[[nodiscard]] core::Result<std::chrono::milliseconds> parseDuration(const QString &option, const QString &text);
/// InvalidInput unless --yes was given or the environment is not a production one.
[[nodiscard]] core::Result<core::Done> mayChange(const Context &context, bool yes);
[[nodiscard]] QCommandLineOption yesOption();
/// Looks at the fleet, with the workloads of @p namespaces; a part that could not be read is reported.
[[nodiscard]] core::Result<observe::ObservedFleet> look(const Context &context, const QStringList &namespaces);
/// Looks at what @p document is about; a part that could not be read is reported, and fails when @p whole is asked for.
[[nodiscard]] core::Result<observe::ObservedFleet> lookFor(const Context &context, const documents::FleetDocument &document, bool whole);
/// What the parts that were not heard mean for the exit code, one error for each: Unreachable when one of them did not answer
/// or did not let us in, Failed when all that is missing was refused, Holds when nothing is. One part is enough, whatever the
/// others say: an environment of which a part is not seen is not judged.
[[nodiscard]] int unheardCode(const QList<core::Error> &errors);

/// Columns that are as wide as their widest cell, each row one printable line.
[[nodiscard]] QString table(const QStringList &header, const QList<QStringList> &rows);

/// The texts of the program itself.
struct Say {
    Q_DECLARE_TR_FUNCTIONS(catamaranctl)
};

} // namespace catamaran::ctl
