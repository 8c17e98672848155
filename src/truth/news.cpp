// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "truth/news.h"

namespace catamaran::truth {

News newsOf(const QList<DirectionState> &directions, QHash<Direction, Standing> &known)
{
    News news;
    for (const DirectionState &state : directions) {
        const Standing now = state.standing;
        const auto before = known.constFind(state.direction);
        const bool isNew = before == known.cend();
        if (now == Standing::Configured && isNew)
            known.insert(state.direction, now);
        if (now != Standing::Proven && now != Standing::Failed)
            continue; // says nothing that undoes what was known
        if (!isNew && *before == now)
            continue;
        if (!isNew && now == Standing::Failed)
            (*before == Standing::Proven ? news.broken : news.found).append(state);
        else if (!isNew && *before == Standing::Failed)
            news.mended.append(state);
        known.insert(state.direction, now);
    }
    return news;
}

} // namespace catamaran::truth
