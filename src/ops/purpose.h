// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/journal.h"

/// What an execution is for, as far as it makes a difference to those who keep, hold and undo it.
namespace catamaran::ops {

/// Of executions that put pods or containers into clusters, to send requests from for a while.
inline const QString probePurpose = QStringLiteral("probe");

/// What such an execution did is due to be taken back from its first step on; it is held until then.
[[nodiscard]] inline bool isTakenBack(const QString &purpose)
{
    return purpose == drillPurpose || purpose == probePurpose;
}

/// The name of an execution that puts probes into @p clusters: "into cluster-1, cluster-2". No drill can have such a name, so that a mark
/// tells by it which of the two left it.
[[nodiscard]] inline QString probesName(const QStringList &clusters)
{
    return (QStringLiteral("into ") + clusters.join(QStringLiteral(", "))).left(250);
}
[[nodiscard]] inline bool isProbesName(const QString &name)
{
    return name.startsWith(QLatin1String("into "));
}
/// By the name that a mark tells.
[[nodiscard]] inline QString purposeOfMark(const QString &name)
{
    return isProbesName(name) ? probePurpose : drillPurpose;
}

} // namespace catamaran::ops
