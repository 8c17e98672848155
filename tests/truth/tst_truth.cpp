// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "judgetest.h"
#include "pathtest.h"
#include "proofstest.h"
#include "rangetest.h"
#include "splittest.h"

using namespace catamaran::tests;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    QString function = arguments.value(1);
    function.truncate(function.indexOf(u':') < 0 ? function.size() : function.indexOf(u':'));
    const auto run = [&](QObject *test) {
        const bool isNamed = !function.isEmpty() && !function.startsWith(u'-');
        if (isNamed && test->metaObject()->indexOfSlot(function.toLatin1() + "()") < 0)
            return 0;
        return QTest::qExec(test, arguments);
    };
    JudgeTest judge;
    ProofsTest proofs;
    PathTest path;
    SplitTest split;
    TruthRangeTest range;
    return run(&judge) + run(&proofs) + run(&path) + run(&split) + run(&range);
}
