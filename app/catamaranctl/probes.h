// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.h"

#include "drill/probes.h"

#include <QJsonArray>

/// Probes where there is no client: what `matrix --with-probes` and `probes` share.
namespace catamaran::ctl {

/// What the arguments say of probes.
struct ProbeWish {
    bool isWished = false, yes = false;
    std::optional<documents::ProbePlace> place {}; ///< instead of the environment's

    static void declare(QCommandLineParser &parser);
    [[nodiscard]] static core::Result<ProbeWish> read(const QCommandLineParser &parser);
    /// Where probes are to stand; Precondition where neither the arguments nor the environment say it.
    [[nodiscard]] core::Result<documents::ProbePlace> placeIn(const documents::Environment &environment) const;
};

/// How it went with them.
struct ProbeUse {
    bool areGone = true; ///< nothing of them is left but what ends by itself
    std::optional<core::Error> refused {}; ///< nothing was begun
    QList<fleet::PlannedProbe> made {};
    QMap<QString, core::Error> failed {}; ///< by cluster
    qint64 execution = 0;
    QDateTime at {}; ///< when the proving ended; null: nothing was proven

    /// [{"cluster","source","execution","removed"} or {"cluster","error"}]
    [[nodiscard]] QJsonArray toJson() const;
};

/// Puts probes into @p bare, proves what of @p asked (empty: all) begins there, and takes them away. @p observed and @p proofs are brought
/// up to date.
[[nodiscard]] ProbeUse proveWithProbes(const Context &context, const ProbeWish &wish, truth::Question question, const QStringList &bare,
    const QList<truth::Direction> &asked, observe::ObservedFleet &observed, truth::Proofs &proofs);

/// Says of a report what could not be taken away, and how it can be.
void tellLeft(const Context &context, const drill::RestoreReport &removed);

/// probes [list|plan CLUSTER…|remove]
[[nodiscard]] Command probesCommand();

} // namespace catamaran::ctl
