// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/drilldocument.h"
#include "session/session.h"

namespace catamaran::drill {

/// Who is to take over what a drill takes away.
struct OtherSides {
    enum class Ask {
        Client, ///< requests are sent from the drill's client
        Nobody, ///< the API servers alone: nothing is proven then
    };
    QList<core::Error> obstacles; ///< who would have to cannot be reached, or the client cannot send: the drill does not begin
    QStringList unproven; ///< what is not proven, a sentence each
    QStringList proofs; ///< what is
};
/// Of a resolved @p drill. For a worker thread; takes a few seconds where the client is asked.
[[nodiscard]] OtherSides otherSides(
    const DrillDocument &drill, session::Session &session, std::stop_token stop, OtherSides::Ask ask = OtherSides::Ask::Client);

/// Why a drill does not begin without a yes. Pure.
[[nodiscard]] core::Error unprovenError(const QString &drill, const QStringList &unproven);

} // namespace catamaran::drill
