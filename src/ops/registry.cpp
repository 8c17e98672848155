// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/registry.h"

#include "ops/say.h"

namespace catamaran::ops {

void Registry::add(std::unique_ptr<const Kind> kind)
{
    const QString name = kind->name();
    Q_ASSERT(!m_kinds.contains(name));
    if (!m_kinds.contains(name))
        m_kinds.insert(name, std::move(kind));
}

core::Result<const Kind *> Registry::find(const QString &name) const
{
    if (const auto found = m_kinds.constFind(name); found != m_kinds.constEnd())
        return found->get();
    return core::fail(core::ErrorKind::Unsupported, Say::tr("find out how an operation is done"), name,
        Say::tr("there is no such kind of operation here"),
        Say::tr("It was made by another version of Catamaran, or for a provider that the environment does not have."));
}

QStringList Registry::names() const
{
    return m_kinds.keys();
}

} // namespace catamaran::ops
