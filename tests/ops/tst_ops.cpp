// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "tst_ops.h"

#include <QCoreApplication>

using namespace catamaran::tests;

/// One program for all of operations: `tst_ops [FUNCTION…]` runs the functions in whichever part has them.
int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (const auto code = runAsChild(arguments))
        return *code;
    int failures = 0;
    for (const auto &part :
        { runPlanTest, runExecutorTest, runUnknownTest, runClaimTest, runCrashTest, runUndoTest, runStorageTest, runPropertyTest })
        failures += part(arguments);
    return failures;
}
