// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/operations/shownplan.h"

#include "core/printable.h"
#include "fleet/sessionworld.h"
#include "ui/common/format.h"
#include "ui/operations/planview.h"

#include <QHash>
#include <QJsonArray>

#include <algorithm>

namespace catamaran::ui {

using ops::DescribedStep;

namespace {

/// "cluster-1/default" of "cluster-1/default/services/sleep"; empty for what is no object in a namespace.
QString placeOf(const QString &subject)
{
    return subject.count(u'/') >= 3 ? subject.section(u'/', 0, 1) : QString();
}

QString groupTitle(const DescribedStep &lead)
{
    const QString name = lead.words.subject.section(u'/', 3), cluster = lead.words.subject.section(u'/', 0, 0);
    if (lead.step.operation.kind == QLatin1String("kube.apply"))
        return PlanView::tr("Deploy %1 in %2").arg(name, cluster);
    if (lead.step.operation.kind == QLatin1String("kube.delete"))
        return PlanView::tr("Remove %1 from %2").arg(name, cluster);
    return lead.words.title;
}

} // namespace

ShownPlan shownPlan(const ops::Plan &plan, const ops::Names &names)
{
    return { plan, names, ops::describeSteps(plan, fleet::operationKinds(), names) };
}

QList<DescribedStep> keptSteps(const QJsonObject &plan)
{
    QList<DescribedStep> steps;
    const QJsonArray list = plan[u"steps"].toArray();
    steps.reserve(list.size());
    for (const QJsonValue &value : list) {
        const QJsonObject kept = value.toObject();
        DescribedStep one;
        one.step.id = kept[u"id"].toString();
        one.step.why = kept[u"why"].toString();
        const QJsonArray dependsOn = kept[u"depends_on"].toArray();
        for (const QJsonValue &other : dependsOn)
            one.step.dependsOn += other.toString();
        one.step.operation.kind = kept[u"operation"][u"kind"].toString();
        one.step.operation.arguments = kept[u"operation"][u"arguments"].toObject();
        one.words.title = kept[u"title"].toString();
        one.words.subject = kept[u"subject"].toString();
        one.words.lane = kept[u"lane"].toString();
        const QJsonArray calls = kept[u"calls"].toArray();
        for (const QJsonValue &call : calls)
            one.words.calls.append({ call[u"system"].toString(), call[u"method"].toString(), call[u"body"].toString() });
        one.words.command = kept[u"command"].toString();
        one.words.undo = kept[u"undo"].toString();
        one.words.keeps = kept[u"keeps"].toString();
        one.words.usualSeconds = kept[u"usual_seconds"].toInt(one.words.usualSeconds);
        steps.append(one);
    }
    return steps;
}

QList<StepGroup> groupSteps(const QList<DescribedStep> &steps)
{
    QHash<QString, int> byId;
    for (int i = 0; i < steps.size(); ++i)
        byId.insert(steps.at(i).step.id, i);
    // The step that @p place belongs to: the one with the longest id that its own begins with.
    const auto leadOf = [&](int place) {
        const DescribedStep &step = steps.at(place);
        const QString where = placeOf(step.words.subject);
        for (qsizetype end = step.step.id.lastIndexOf(u'-'); !where.isEmpty() && end > 0; end = step.step.id.lastIndexOf(u'-', end - 1)) {
            const int lead = byId.value(step.step.id.left(end), -1);
            if (lead >= 0 && placeOf(steps.at(lead).words.subject) == where
                && steps.at(lead).step.operation.kind == step.step.operation.kind)
                return lead;
        }
        return place;
    };
    QList<StepGroup> groups;
    QHash<int, qsizetype> groupOf; // by lead
    for (int place = 0; place < steps.size(); ++place) {
        const int lead = leadOf(place);
        const auto known = groupOf.constFind(lead);
        if (known != groupOf.constEnd()) {
            groups[*known].steps.append(place);
            groups[*known].title = groupTitle(steps.at(lead));
            continue;
        }
        groupOf.insert(lead, groups.size());
        groups.append({ steps.at(place).words.title, { place } });
    }
    return groups;
}

qint64 longestChain(const QList<DescribedStep> &steps, const std::function<qint64(int)> &ofStep)
{
    QHash<QString, int> byId;
    QHash<QString, qint64> lanes;
    QList<qint64> own, end(steps.size(), 0);
    for (int i = 0; i < steps.size(); ++i) {
        byId.insert(steps.at(i).step.id, i);
        own.append(ofStep(i));
        if (const QString &lane = steps.at(i).words.lane; !lane.isEmpty())
            lanes[lane] += own.last();
    }
    // Plans stand in the order of their dependencies, so that one pass does; what does not is passed over again.
    bool changed = true;
    for (int pass = 0; changed && pass < steps.size(); ++pass) {
        changed = false;
        for (int i = 0; i < steps.size(); ++i) {
            qint64 before = 0;
            for (const QString &id : steps.at(i).step.dependsOn)
                if (const int other = byId.value(id, -1); other >= 0)
                    before = std::max(before, end.at(other));
            changed = changed || end.at(i) != before + own.at(i);
            end[i] = before + own.at(i);
        }
    }
    qint64 longest = 0;
    for (const qint64 one : std::as_const(end))
        longest = std::max(longest, one);
    for (const qint64 one : std::as_const(lanes))
        longest = std::max(longest, one);
    return longest;
}

qint64 usualMs(const QList<DescribedStep> &steps)
{
    return longestChain(steps, [&](int place) { return qint64(steps.at(place).words.usualSeconds) * 1000; });
}

QString planAsScript(const QList<DescribedStep> &steps)
{
    QString script;
    for (qsizetype i = 0; i < steps.size(); ++i) {
        const ops::Description &words = steps.at(i).words;
        script += QStringLiteral("# %1. %2\n").arg(i + 1).arg(core::printableLine(words.title)); // what follows it would be run
        script += words.command.isEmpty() ? QStringLiteral("# (nothing to run by hand)\n") : words.command + u'\n';
        script += u'\n';
    }
    return script;
}

QString stepsText(int count)
{
    return count == 1 ? PlanView::tr("1 step") : PlanView::tr("%1 steps").arg(count);
}

QString usualTimeText(const QList<DescribedStep> &steps)
{
    return PlanView::tr("usually %1").arg(elapsedText(usualMs(steps)));
}

} // namespace catamaran::ui
