// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/faults/kinds.h"
#include "drill/faultwriter.h"
#include "drill/say.h"

namespace catamaran::drill {

using core::ErrorKind;
using core::Result;

namespace {

const kube::ResourceKind autoscalers { QStringLiteral("autoscaling"), QStringLiteral("v2"), QStringLiteral("horizontalpodautoscalers") };

/// The workload's kind by the key that names it; empty: neither is known.
QString kindIn(const QJsonObject &arguments)
{
    return arguments.contains(u"statefulSet") ? QStringLiteral("StatefulSet")
        : arguments.contains(u"deployment")   ? QStringLiteral("Deployment")
                                              : QString();
}

FaultObject objectIn(const QJsonObject &arguments)
{
    QString name;
    for (const char *key : { "deployment", "statefulSet", "workload" })
        if (name.isEmpty())
            name = arguments.value(QLatin1StringView(key)).toString();
    const QString kind = kindIn(arguments);
    return workloadObject(arguments.value(u"cluster").toString(), kind.isEmpty() ? QStringLiteral("Deployment") : kind,
        arguments.value(u"namespace").toString(), name);
}

/// The autoscaler that sets the workload's number; empty: none that can be seen.
QString autoscalerOf(const FaultObject &object, const QList<QJsonObject> &all)
{
    for (const QJsonObject &one : all) {
        const QJsonValue target = one[u"spec"][u"scaleTargetRef"];
        if (target[u"kind"].toString() == object.kind && target[u"name"].toString() == object.name)
            return one[u"metadata"][u"name"].toString();
    }
    return {};
}

class ScaleFault final : public FaultKind {
public:
    [[nodiscard]] QString key() const override { return QStringLiteral("scale"); }
    [[nodiscard]] QString needs() const override
    {
        return Say::tr("a Deployment or a StatefulSet, and the right to patch it; no autoscaler where the number is not 0");
    }

    [[nodiscard]] QString loses(const QJsonObject &arguments) const override
    {
        return arguments.value(u"replicas").toInt() == 0 ? arguments.value(u"cluster").toString() : QString();
    }

    [[nodiscard]] QJsonObject parse(const documents::YamlValue &value) const override
    {
        value.only({ "cluster", "namespace", "deployment", "statefulSet", "workload", "replicas" });
        QJsonObject arguments { { QStringLiteral("cluster"), value.field("cluster").label() },
            { QStringLiteral("namespace"), value.field("namespace").label() },
            { QStringLiteral("replicas"), value.field("replicas").integer(0, 0, 1000) } };
        int named = 0;
        for (const char *key : { "deployment", "statefulSet", "workload" }) {
            if (const auto name = value.maybe(key)) {
                arguments.insert(QString::fromLatin1(key), name.label());
                ++named;
            }
        }
        if (named != 1)
            value.reject(Say::tr("must name exactly one of deployment, statefulSet and workload"));
        return arguments;
    }

    [[nodiscard]] QString words(const QJsonObject &arguments) const override
    {
        const FaultObject object = objectIn(arguments);
        return Say::tr("%1 in %2 goes to %3 replicas")
            .arg(object.name, object.cluster, QString::number(arguments.value(u"replicas").toInt()));
    }
    [[nodiscard]] QString undoWords(const QJsonObject &arguments) const override
    {
        const FaultObject object = objectIn(arguments);
        return Say::tr("%1 in %2 gets the replicas it had, read back").arg(object.name, object.cluster);
    }
    [[nodiscard]] Result<QList<FaultObject>> touches(const QJsonObject &arguments) const override
    {
        return QList<FaultObject> { objectIn(arguments) };
    }
    [[nodiscard]] Result<core::Done> write(const QJsonObject &arguments, FaultWriter &writer) const override
    {
        return writer.scale(objectIn(arguments), arguments.value(u"replicas").toInt());
    }

    [[nodiscard]] Result<QJsonObject> resolve(const QJsonObject &arguments, const FaultLook &look) const override
    {
        QJsonObject known = arguments;
        FaultObject object = objectIn(arguments);
        if (kindIn(arguments).isEmpty()) {
            const auto found = look.get(object.cluster, kube::kinds::deployments, object.ns, object.name);
            if (!found && found.error().kind != ErrorKind::NotFound)
                return core::fail(found.error());
            object.kind = found ? QStringLiteral("Deployment") : QStringLiteral("StatefulSet");
            if (!found) {
                const auto set = look.get(object.cluster, kube::kinds::statefulSets, object.ns, object.name);
                if (!set && set.error().kind == ErrorKind::NotFound)
                    return unfit(object, Say::tr("there is neither a Deployment nor a StatefulSet of that name"),
                        Say::tr("Name a workload that is there. What another controller scales (a Rollout) is not known here."),
                        ErrorKind::NotFound);
                if (!set)
                    return core::fail(set.error());
            }
            known.remove(QStringLiteral("workload"));
            known.insert(found ? QStringLiteral("deployment") : QStringLiteral("statefulSet"), object.name);
        }
        if (arguments.value(u"replicas").toInt() == 0) // which every autoscaler leaves alone
            return known;
        const auto all = look.list(object.cluster, autoscalers, object.ns);
        if (!all && (all.error().kind == ErrorKind::Forbidden || all.error().kind == ErrorKind::Unauthorized))
            return known; // one that is at work is seen when it puts the number back
        if (!all)
            return core::fail(all.error());
        if (const QString scaler = autoscalerOf(object, *all); !scaler.isEmpty())
            return unfit(object, Say::tr("the autoscaler %1 sets its replicas, and would put the fault back").arg(scaler),
                Say::tr("Let the drill scale it to 0, which an autoscaler leaves alone, or suspend the autoscaler."));
        return known;
    }
};

} // namespace

const FaultKind *scaleFault()
{
    static const ScaleFault kind;
    return &kind;
}

} // namespace catamaran::drill
