// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/secrettarget.h"

namespace catamaran::mesh::istio {

qsizetype secretTarget(const QString &key, const QSet<QString> &authorities, const std::vector<SecretCandidate> &all)
{
    qsizetype byId = -1, byAuthority = -1;
    int fitting = 0;
    for (qsizetype i = 0; i < qsizetype(all.size()); ++i) {
        const SecretCandidate &one = all[size_t(i)];
        if (one.authorities.intersects(authorities)) {
            byAuthority = i;
            ++fitting;
        }
        if (!one.isReader && byId < 0 && (one.id == key || one.name == key))
            byId = i;
    }
    return fitting == 1 ? byAuthority : byId;
}

} // namespace catamaran::mesh::istio
