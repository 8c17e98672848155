// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include <QTest>

class ShellTest : public QObject {
    Q_OBJECT
};

QTEST_MAIN(ShellTest)
#include "tst_shell.moc"
