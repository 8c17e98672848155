// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "bundletest.h"
#include "checktest.h"

using namespace catamaran::tests;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    CheckTest check;
    BundleTest bundle;
    return QTest::qExec(&check, argc, argv) + QTest::qExec(&bundle, argc, argv);
}
