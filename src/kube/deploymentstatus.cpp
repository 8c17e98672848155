// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/deploymentstatus.h"

#include "kube/say.h"

#include <QJsonArray>

namespace catamaran::kube {

namespace {

QString wordsOf(const QJsonObject &condition)
{
    const QString message = condition.value(u"message").toString().simplified().left(500);
    return message.isEmpty() ? condition.value(u"reason").toString() : message;
}

} // namespace

QString DeploymentStatus::text() const
{
    QString text;
    if (!isCurrent)
        text = Say::tr("the controller has not seen the change yet");
    else if (existing > desired)
        text = Say::tr("%1 pods, %2 wanted").arg(existing).arg(desired);
    else if (updated < desired && ready >= desired)
        text = Say::tr("%1 of %2 pods are new").arg(updated).arg(desired);
    else
        text = Say::tr("%1 of %2 pods ready").arg(ready).arg(desired);
    const QString &more = stuck.isEmpty() ? trouble : stuck;
    return more.isEmpty() ? text : text + QStringLiteral(": ") + more;
}

DeploymentStatus deploymentStatus(const QJsonObject &workload)
{
    const QJsonObject spec = workload.value(u"spec").toObject(), status = workload.value(u"status").toObject();
    DeploymentStatus now;
    now.desired = spec.value(u"replicas").toInt(1);
    now.existing = status.value(u"replicas").toInt();
    now.updated = status.value(u"updatedReplicas").toInt();
    now.ready = status.value(u"readyReplicas").toInt();
    now.isCurrent
        = status.value(u"observedGeneration").toDouble(0) >= workload.value(u"metadata").toObject().value(u"generation").toDouble(0);
    // Below the partition a StatefulSet keeps its old pods on purpose.
    now.updated += spec.value(u"updateStrategy").toObject().value(u"rollingUpdate").toObject().value(u"partition").toInt();
    const QJsonArray conditions = status.value(u"conditions").toArray();
    for (const QJsonValue &value : conditions) {
        const QJsonObject condition = value.toObject();
        const QString type = condition.value(u"type").toString();
        const bool isTrue = condition.value(u"status").toString() == u"True";
        if (type == u"Progressing" && !isTrue && condition.value(u"reason").toString() == u"ProgressDeadlineExceeded")
            now.stuck = wordsOf(condition);
        else if (type == u"ReplicaFailure" && isTrue)
            now.trouble = wordsOf(condition);
    }
    return now;
}

} // namespace catamaran::kube
