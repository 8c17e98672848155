// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/earlierrestores.h"

#include "drill/say.h"

#include <QJsonArray>

namespace catamaran::drill {

using core::ErrorKind;
using core::Result;

namespace {

tl::unexpected<core::Error> unreadable(const QString &answer)
{
    return core::fail(ErrorKind::Protocol, Say::tr("read what is to be restored"), Say::tr("the journal"), answer,
        Say::tr("Put the workloads back by hand; see the Activity place for what was changed. Then give it up with a reason."));
}

} // namespace

bool isOfEarlierVersion(const ops::Execution &execution)
{
    return !execution.plan.contains(u"steps");
}

Result<QList<ops::Trace>> tracesOf(const ops::Execution &execution)
{
    if (!isOfEarlierVersion(execution))
        return ops::Plan::fromJson(execution.plan).map([&](const ops::Plan &plan) {
            return ops::tracesOf(plan, execution.uid.section(u'/', 0, 0));
        });
    if (!execution.plan[u"restore"].isArray())
        return unreadable(Say::tr("no list of actions"));
    QList<ops::Trace> traces;
    const QJsonArray list = execution.plan[u"restore"].toArray();
    for (const QJsonValue &entry : list) {
        const QString action = entry[u"action"].toString();
        ops::Trace trace;
        trace.step = QStringLiteral("restore-%1").arg(traces.size() + 1);
        trace.cluster = entry[u"cluster"].toString();
        trace.ns = entry[u"namespace"].toString();
        if (trace.cluster.isEmpty() || trace.ns.isEmpty())
            return unreadable(Say::tr("an action without cluster or namespace"));
        if (action == u"scale" && !entry[u"deployment"].toString().isEmpty() && entry[u"replicas"].isDouble()
            && entry[u"replicas"].toInt(-1) >= 0) {
            trace.apiVersion = QStringLiteral("apps/v1");
            trace.kind = QStringLiteral("Deployment");
            trace.name = entry[u"deployment"].toString();
            trace.replicas = entry[u"replicas"].toInt();
        } else if (action == u"delete" && !entry[u"kind"].toString().isEmpty() && !entry[u"name"].toString().isEmpty()) {
            trace.apiVersion = entry[u"apiVersion"].toString();
            trace.kind = entry[u"kind"].toString();
            trace.name = entry[u"name"].toString();
        } else {
            return unreadable(Say::tr("unknown action “%1”").arg(action.left(64)));
        }
        traces += trace;
    }
    return traces;
}

} // namespace catamaran::drill
