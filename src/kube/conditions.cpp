// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/conditions.h"

#include "kube/deploymentstatus.h"
#include "kube/say.h"

#include <QJsonArray>

namespace catamaran::kube::conditions {

namespace {

using Object = std::optional<QJsonObject>;
using State = Verdict::State;

QJsonObject metadata(const QJsonObject &object)
{
    return object.value(u"metadata").toObject();
}

bool isGoing(const QJsonObject &object)
{
    return metadata(object).contains(u"deletionTimestamp");
}

QString goingText(const QJsonObject &object)
{
    QStringList holders;
    const QJsonArray finalizers = metadata(object).value(u"finalizers").toArray();
    for (const QJsonValue &one : finalizers)
        holders.append(one.toString());
    const QJsonArray spaceFinalizers = object.value(u"spec").toObject().value(u"finalizers").toArray(); // a namespace's
    for (const QJsonValue &one : spaceFinalizers)
        holders.append(one.toString());
    return holders.isEmpty() ? Say::tr("it is being deleted")
                             : Say::tr("it is being deleted, held by %1").arg(holders.join(QStringLiteral(", ")).left(300));
}

Verdict missing()
{
    return { State::Never, Say::tr("it is not there any more") };
}

Verdict wentBy()
{
    return { State::So, Say::tr("not there") };
}

Verdict figures(const DeploymentStatus &now)
{
    if (now.isSettled())
        return { State::So, Say::tr("replicas %1, ready %2").arg(now.desired).arg(now.ready) };
    return { now.stuck.isEmpty() || !now.isCurrent ? State::NotYet : State::Never, now.text() };
}

} // namespace

Condition exists()
{
    return [](const Object &object) {
        return object ? Verdict { State::So, Say::tr("there") } : Verdict { State::NotYet, Say::tr("not there yet") };
    };
}

Condition gone(const QString &uid)
{
    return [uid](const Object &object) {
        if (!object || metadata(*object).value(u"uid").toString() != uid)
            return wentBy();
        return Verdict { State::NotYet, isGoing(*object) ? goingText(*object) : Say::tr("it is still there") };
    };
}

Condition absent()
{
    return [](const Object &object) {
        if (!object)
            return wentBy();
        return isGoing(*object) ? Verdict { State::NotYet, goingText(*object) }
                                : Verdict { State::Never, Say::tr("it is there, not on its way out: somebody made it anew") };
    };
}

Condition goneOrReplaced()
{
    return [](const Object &object) {
        if (!object)
            return wentBy();
        return isGoing(*object) ? Verdict { State::NotYet, goingText(*object) } : Verdict { State::So, Say::tr("replaced by a new one") };
    };
}

Condition scaledTo(int replicas)
{
    return [replicas](const Object &object) {
        if (!object)
            return missing();
        const DeploymentStatus now = deploymentStatus(*object);
        if (now.desired != replicas)
            return Verdict { State::Never, Say::tr("somebody else asks for %1 replicas").arg(now.desired) };
        return figures(now);
    };
}

Condition rolledOut()
{
    return [](const Object &object) { return object ? figures(deploymentStatus(*object)) : missing(); };
}

Condition observed()
{
    return [](const Object &object) {
        if (!object)
            return missing();
        const QJsonObject status = object->value(u"status").toObject();
        if (status.contains(u"observedGeneration") && !deploymentStatus(*object).isCurrent)
            return Verdict { State::NotYet, Say::tr("the controller has not seen the change yet") };
        return Verdict { State::So, Say::tr("as asked for") };
    };
}

} // namespace catamaran::kube::conditions
