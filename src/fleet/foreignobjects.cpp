// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/plans.h"

#include "fleet/say.h"
#include "mesh/providers.h"
#include "ops/kinds/kubekinds.h"

#include <algorithm>

namespace catamaran::fleet {

core::Result<ForeignObject> ForeignObject::parse(const QString &text)
{
    const QStringList parts = text.split(u'/');
    if ((parts.size() != 2 && parts.size() != 3) || parts.contains(QString()))
        return core::fail(core::ErrorKind::InvalidInput, Say::tr("read an object's name"), text.left(300),
            Say::tr("it is not KIND/NAMESPACE/NAME"), Say::tr("For example: Deployment/default/sleep, Namespace/shop, or mesh/mesh-1."));
    return ForeignObject { parts.first(), parts.size() == 3 ? parts[1] : QString(), parts.last() };
}

QString ForeignObject::text() const
{
    return ns.isEmpty() ? kind + u'/' + name : kind + u'/' + ns + u'/' + name;
}

std::optional<ops::Target> changedObject(const ops::Operation &operation)
{
    const auto target = ops::targetOf(operation);
    return target ? target : mesh::objectOf(operation);
}

std::optional<ForeignObject> objectOf(const ops::Operation &operation)
{
    const auto target = changedObject(operation);
    return target ? std::optional(ForeignObject { target->kindName, target->ns, target->name }) : std::nullopt;
}

ops::Plan withForeign(ops::Plan plan, const QList<ForeignObject> &taken)
{
    for (ops::Step &step : plan.steps) {
        const auto object = taken.isEmpty() ? std::nullopt : objectOf(step.operation);
        const auto isMeant = [&](const ForeignObject &one) {
            return one.kind.compare(object->kind, Qt::CaseInsensitive) == 0 && one.ns == object->ns && one.name == object->name;
        };
        if (!object || std::none_of(taken.begin(), taken.end(), isMeant))
            continue;
        step.operation.arguments.insert(QStringLiteral("foreign"), QStringLiteral("take"));
        step.operation.arguments.remove(QStringLiteral("onlyIfMissing"));
    }
    return plan;
}

QString whatCannotBeResumed(const ops::Plan &plan, store::Keeping keeping)
{
    const bool makesARoot = std::any_of(
        plan.steps.begin(), plan.steps.end(), [](const ops::Step &step) { return step.operation.kind == QLatin1String("trust.takeRoot"); });
    if (keeping != store::Keeping::ThisRun || !makesARoot)
        return {};
    return Say::tr(
        "No keyring answers: the key of the root lives only as long as this program. If it is interrupted before the last mesh is "
        "made, it cannot be resumed, and no mesh can ever be added: the fleet would have to be destroyed and applied anew. "
        "Start a keyring first if that matters.");
}

} // namespace catamaran::fleet
