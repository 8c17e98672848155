// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/kinds/kubekinds.h"

#include "ops/kinds/apply.h"
#include "ops/kinds/delete.h"
#include "ops/kinds/deletepod.h"
#include "ops/kinds/ephemeral.h"
#include "ops/kinds/hold.h"
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
    kinds.push_back(makeKubeAddContainer());
    kinds.push_back(makeHold());
    return kinds;
}

std::optional<Target> targetOf(const Operation &operation)
{
    const auto &[kind, arguments] = operation;
    core::Result<Target> target = tl::unexpected(core::Error {});
    if (kind == u"kube.apply")
        target = Target::of(kind, arguments.value(u"cluster").toString(), arguments.value(u"object").toObject());
    else if (kind == u"kube.scale")
        target = scaledTarget(kind, arguments);
    else if (kind == u"kube.delete" || kind == u"kube.patch")
        target = Target::read(kind, arguments, { u"foreign", u"patch" });
    return target ? std::optional(*target) : std::nullopt;
}

} // namespace catamaran::ops
