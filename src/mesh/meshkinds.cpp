// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/meshkinds.h"

#include "mesh/asm/addmember.h"
#include "mesh/asm/awaitmesh.h"
#include "mesh/asm/createmesh.h"
#include "mesh/asm/deletemesh.h"
#include "mesh/asm/removemember.h"
#include "mesh/asm/setinjection.h"
#include "mesh/asm/setnetworks.h"
#include "mesh/comparerootskind.h"
#include "mesh/takerootkind.h"

namespace catamaran::mesh {

std::vector<std::unique_ptr<const ops::Kind>> meshKinds()
{
    std::vector<std::unique_ptr<const ops::Kind>> kinds;
    kinds.push_back(makeAsmCreateMesh());
    kinds.push_back(makeAsmAwaitMesh());
    kinds.push_back(makeAsmDeleteMesh());
    kinds.push_back(makeAsmAddMember());
    kinds.push_back(makeAsmRemoveMember());
    kinds.push_back(makeAsmSetNetworks());
    kinds.push_back(makeAsmSetInjection());
    kinds.push_back(makeTrustTakeRoot());
    kinds.push_back(makeTrustCompareRoots());
    return kinds;
}

} // namespace catamaran::mesh
