// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/mend.h"

#include "findings/rule.h"

namespace catamaran::findings {

namespace {

constexpr qsizetype mostNamed = 10;

ops::Plan planOf(const QList<ops::Operation> &operations, const QString &why)
{
    ops::Plan plan;
    for (const ops::Operation &operation : operations) {
        ops::Step step { QStringLiteral("mend-%1").arg(plan.steps.size() + 1), why, {}, operation };
        if (!plan.steps.isEmpty())
            step.dependsOn.append(plan.steps.last().id);
        plan.steps.append(step);
    }
    return plan;
}

} // namespace

ops::Plan mendPlan(const Finding &finding)
{
    return planOf(finding.mend, finding.sentence);
}

ops::Plan mendPlan(const FailoverVerdict &verdict)
{
    return planOf(verdict.mend, Say::tr("%1, clients in %2: %3").arg(verdict.service, verdict.from, verdict.sentence));
}

bool isMendable(const Finding &finding)
{
    return !finding.mend.isEmpty() && (finding.state == Health::Failed || finding.state == Health::Warning);
}

core::Result<Finding> mendable(const QList<Finding> &found, const QString &name)
{
    const QString tried = Say::tr("mend a finding");
    QList<const Finding *> meant;
    const Finding *other = nullptr; // one of that name that cannot be mended
    QStringList ids;
    for (const Finding &finding : found) {
        const QString id = finding.id();
        const bool fits = id == name || id.startsWith(name + u'|');
        if (!isMendable(finding)) {
            other = fits ? &finding : other;
            continue;
        }
        ids.append(id);
        if (id == name)
            return finding;
        if (fits)
            meant.append(&finding);
    }
    if (meant.size() == 1)
        return *meant.first();
    if (meant.isEmpty() && other)
        return core::fail(core::ErrorKind::Precondition, tried, name,
            other->state == Health::Unknown     ? Say::tr("whether there is anything to mend is not known")
                : other->state == Health::Stale ? Say::tr("what it rests on is old")
                                                : Say::tr("no operation mends it"),
            other->remedy);
    QStringList named;
    for (const Finding *one : meant)
        named.append(one->id());
    if (!meant.isEmpty())
        ids = named;
    const qsizetype rest = ids.size() - mostNamed;
    QString list = ids.mid(0, mostNamed).join(QStringLiteral(", "));
    if (rest > 0)
        list = Say::tr("%1 and %2 more").arg(list, QString::number(rest));
    return core::fail(core::ErrorKind::InvalidInput, tried, name,
        meant.isEmpty() ? Say::tr("there is no finding of this name now") : Say::tr("that is more than one finding"),
        ids.isEmpty() ? Say::tr("Nothing that was found is mended by operations.") : Say::tr("Name one of: %1").arg(list));
}

} // namespace catamaran::findings
