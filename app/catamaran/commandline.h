// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/theme.h"

#include <QCoreApplication>
#include <QSize>
#include <QString>
#include <QStringList>

#include <optional>
#include <variant>

namespace catamaran {

constexpr int notWritten = 1;
constexpr int badInput = 2;
constexpr int unreachable = 3;

/// What the command line asks the console for; empty where it says nothing.
struct CommandLine {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
public:
    QString environment, bundle, tour, database, place;
    bool range = false;
    bool reportFirstFrame = false, quitAfterFirstFrame = false;
    std::optional<ui::Scheme> scheme;
    QSize size;
};

/// Reads @p arguments (the program first), or answers them: help and version are printed, what is wrong is said on stderr,
/// and the exit code comes back. Needs a QCoreApplication, but no display.
[[nodiscard]] std::variant<CommandLine, int> readCommandLine(const QStringList &arguments);

/// Whether a window can be tried: a display is named, or Qt's own platform is.
[[nodiscard]] bool hasDisplay(int argc, char **argv);

/// Whether @p argv asks for words only, which need no window.
[[nodiscard]] bool asksForWords(int argc, char **argv);

/// One line on stderr.
void say(const QString &text);

} // namespace catamaran
