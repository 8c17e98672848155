// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/operation.h"

#include "ops/say.h"

namespace catamaran::ops {

QJsonObject Operation::toJson() const
{
    return { { QStringLiteral("kind"), kind }, { QStringLiteral("arguments"), arguments } };
}

core::Result<Operation> Operation::fromJson(const QJsonObject &object)
{
    const auto refused
        = [](const QString &answer) { return core::fail(core::ErrorKind::Protocol, Say::tr("read an operation"), {}, answer); };
    if (!object[u"kind"].isString() || object[u"kind"].toString().isEmpty())
        return refused(Say::tr("it has no kind"));
    if (!object[u"arguments"].isObject())
        return refused(Say::tr("%1 has no arguments").arg(object[u"kind"].toString()));
    if (object.size() > 2)
        return refused(Say::tr("%1 has more than a kind and arguments").arg(object[u"kind"].toString()));
    return Operation { object[u"kind"].toString(), object[u"arguments"].toObject() };
}

} // namespace catamaran::ops
