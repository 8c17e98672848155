// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/kinds/kubekinds.h"

#include "ops/kinds/apply.h"
#include "ops/kinds/delete.h"
#include "ops/kinds/deletepod.h"
#include "ops/kinds/patch.h"
#include "ops/kinds/scale.h"

namespace catamaran::ops {

std::vector<std::unique_ptr<const Kind>> kubeKinds()
{
    std::vector<std::unique_ptr<const Kind>> kinds;
    kinds.push_back(makeKubeApply());
    kinds.push_back(makeKubeDelete());
    kinds.push_back(makeKubeScale());
    kinds.push_back(makeKubePatch());
    kinds.push_back(makeKubeDeletePod());
    return kinds;
}

} // namespace catamaran::ops
