// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/faultwatch.h"

#include "drill/say.h"

#include <QDateTime>
#include <QJsonArray>

#include <algorithm>

namespace catamaran::drill {

using core::ErrorKind;
using core::Result;

namespace {

constexpr qint64 everyMs = 250;

qint64 nowMs()
{
    return QDateTime::currentMSecsSinceEpoch();
}

/// The latest that the server recorded as an owner of spec.replicas.
QString ownerOfReplicas(const QJsonObject &deployment)
{
    QString owner, latest;
    const QJsonArray entries = deployment[u"metadata"][u"managedFields"].toArray();
    for (const QJsonValue &entry : entries) {
        if (entry[u"fieldsV1"][u"f:spec"][u"f:replicas"].isUndefined())
            continue;
        const QString at = entry[u"time"].toString(); // RFC 3339 in UTC: the order of its letters is that of time
        if (owner.isEmpty() || at >= latest) {
            owner = entry[u"manager"].toString();
            latest = at;
        }
    }
    return owner;
}

/// "0.3", "2", "12": seconds.
QString secondsText(qint64 milliseconds)
{
    const qint64 tenths = (milliseconds + 50) / 100;
    return tenths < 100 && tenths % 10 != 0 ? QString::number(double(tenths) / 10, 'f', 1) : QString::number((tenths + 5) / 10);
}

} // namespace

std::optional<Undone> undone(const QJsonObject &deployment, int replicas)
{
    const int now = deployment[u"spec"][u"replicas"].toInt(1);
    if (now == replicas)
        return {};
    return Undone { now, ownerOfReplicas(deployment) };
}

FaultWatch::~FaultWatch()
{
    m_stop.request_stop();
}

void FaultWatch::expect(kube::KubeClient &client, const Subject &subject, std::optional<int> replicas)
{
    m_workloads.removeIf([&](const Workload &known) { return known.subject == subject; });
    m_workloads += Workload { &client, subject, replicas, nowMs(), 0, 0, {}, {} };
}

Result<core::Done> FaultWatch::take(Workload &workload, const Result<QJsonObject> &answer)
{
    if (!answer && answer.error().kind != ErrorKind::NotFound) {
        workload.trouble = answer.error();
        return core::Done {};
    }
    const auto changed = !answer ? std::optional(Undone()) : workload.replicas ? undone(*answer, *workload.replicas) : std::nullopt;
    if (!changed) {
        workload.trouble.reset();
        workload.seenAtMs = workload.askedAtMs;
        return core::Done {};
    }
    const QString where = workload.subject.cluster + u'/' + workload.subject.ns + u'/' + workload.subject.name;
    const QString after = secondsText(nowMs() - workload.takenAtMs);
    QString what;
    if (changed->replicas < 0)
        what = Say::tr("the fault did not hold: somebody deleted it after %1 s").arg(after);
    else if (changed->manager.isEmpty())
        what = Say::tr("the fault did not hold: somebody set replicas to %1 after %2 s").arg(changed->replicas).arg(after);
    else
        what = Say::tr("the fault did not hold: somebody set replicas to %1 after %2 s (field manager %3)")
                   .arg(changed->replicas)
                   .arg(after)
                   .arg(changed->manager);
    return core::fail(ErrorKind::Precondition, Say::tr("keep the fault in place"), where, what,
        Say::tr("Suspend what manages this workload (an autoscaler, a GitOps controller) while the drill runs."));
}

Result<core::Done> FaultWatch::look()
{
    for (Workload &workload : m_workloads) {
        if (workload.asked && workload.asked->isFinished()) {
            const auto answer = *std::exchange(workload.asked, {});
            if (answer.resultCount() == 0) // its client has gone
                continue;
            if (const auto taken = take(workload, answer.result()); !taken)
                return taken;
        }
        if (!workload.asked && nowMs() - workload.askedAtMs >= everyMs) {
            workload.askedAtMs = nowMs();
            workload.asked = workload.client->get(workload.subject.kind, workload.subject.ns, workload.subject.name, m_stop.get_token());
        }
    }
    return core::Done {};
}

std::optional<qint64> FaultWatch::seenAtMs() const
{
    std::optional<qint64> oldest;
    for (const Workload &workload : m_workloads) {
        const qint64 seen = std::max(workload.takenAtMs, workload.seenAtMs); // the server has taken it: that is a sight too
        oldest = std::min(oldest.value_or(seen), seen);
    }
    return oldest;
}

bool FaultWatch::seenSince(qint64 sinceMs) const
{
    return std::all_of(m_workloads.begin(), m_workloads.end(), [&](const Workload &workload) { return workload.seenAtMs >= sinceMs; });
}

std::optional<core::Error> FaultWatch::trouble() const
{
    const auto silent
        = std::find_if(m_workloads.begin(), m_workloads.end(), [](const Workload &workload) { return workload.trouble.has_value(); });
    return silent == m_workloads.end() ? std::nullopt : silent->trouble;
}

} // namespace catamaran::drill
