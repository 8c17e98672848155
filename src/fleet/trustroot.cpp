// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/trustroot.h"

#include <QCoreApplication>

#include <algorithm>

namespace catamaran::fleet {

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(TrustRoot)
};

} // namespace

QString whatCannotBeResumed(const Plan &plan, store::Keeping keeping)
{
    if (keeping != store::Keeping::ThisRun)
        return {};
    const bool makesARoot = std::any_of(
        plan.steps.begin(), plan.steps.end(), [](const PlanStep &step) { return std::holds_alternative<MakeRoot>(step.action); });
    if (!makesARoot)
        return {};
    return Say::tr("No keyring answers: the key of the root lives only as long as this program. If it is interrupted before the last mesh is "
                   "made, it cannot be resumed, and no mesh can ever be added: the fleet would have to be destroyed and applied anew. "
                   "Start a keyring first if that matters.");
}

} // namespace catamaran::fleet
