// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/kind.h"

#include "ops/say.h"

namespace catamaran::ops {

QJsonObject State::toJson() const
{
    return { { QStringLiteral("value"), value }, { QStringLiteral("version"), version } };
}

State State::fromJson(const QJsonObject &object)
{
    return { object[u"value"].toObject(), object[u"version"].toString() };
}

QString Kind::whyNothing(const Operation &, const State &, const Names &) const
{
    return Say::tr("was in place");
}

bool Kind::same(const Operation &, const State &a, const State &b) const
{
    return a.value == b.value;
}

QString Kind::whyGone(const Operation &, const State &, const State &) const
{
    return {};
}

} // namespace catamaran::ops
