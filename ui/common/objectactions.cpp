// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "objectactions.h"

#include <algorithm>

namespace catamaran::ui {

void ObjectActions::add(ObjectAction action)
{
    const auto same = std::find_if(m_actions.begin(), m_actions.end(), [&](const ObjectAction &other) { return other.id == action.id; });
    if (same != m_actions.end())
        *same = std::move(action);
    else
        m_actions << std::move(action);
}

QList<ObjectAction> ObjectActions::of(const QString &object) const
{
    QList<ObjectAction> mine;
    for (const ObjectAction &action : m_actions) {
        if (action.concerns(object))
            mine << action;
    }
    return mine;
}

QString ObjectActions::obstacle(const ObjectAction &action, const QString &object) const
{
    return action.obstacle ? action.obstacle(object) : QString();
}

bool ObjectActions::run(const QString &id, const QString &object)
{
    const auto wanted = std::find_if(m_actions.cbegin(), m_actions.cend(), [&](const ObjectAction &action) { return action.id == id; });
    if (wanted == m_actions.cend() || !wanted->concerns(object) || !obstacle(*wanted, object).isEmpty())
        return false;
    const auto deed = wanted->run; // which may add actions
    deed(object);
    emit done(id, object);
    return true;
}

} // namespace catamaran::ui
