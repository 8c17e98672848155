// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/faults/away.h"
#include "drill/faultwriter.h"
#include "drill/say.h"

#include <QJsonArray>

#include <algorithm>

namespace catamaran::drill {

using core::ErrorKind;
using core::Result;

namespace {

constexpr int mostPods = 50;

FaultObject podIn(const QJsonObject &arguments, const QString &name)
{
    return { arguments.value(u"cluster").toString(), QStringLiteral("v1"), QStringLiteral("Pod"), arguments.value(u"namespace").toString(),
        name };
}

bool hasController(const QJsonObject &metadata)
{
    const QJsonArray owners = metadata[u"ownerReferences"].toArray();
    return std::any_of(owners.begin(), owners.end(), [](const QJsonValue &owner) { return owner[u"controller"].toBool(); });
}

class DeletePodsFault final : public FaultKind {
public:
    [[nodiscard]] QString key() const override { return QStringLiteral("deletePods"); }
    [[nodiscard]] QString needs() const override
    {
        return Say::tr("a service with a selector, whose pods have controllers that make others; the right to delete pods");
    }
    [[nodiscard]] QJsonObject parse(const documents::YamlValue &value) const override
    {
        value.only({ "cluster", "namespace", "service" });
        return { { QStringLiteral("cluster"), value.field("cluster").label() },
            { QStringLiteral("namespace"), value.field("namespace").label() },
            { QStringLiteral("service"), value.field("service").label() } };
    }
    [[nodiscard]] QString words(const QJsonObject &arguments) const override
    {
        return Say::tr("all pods of %1 in %2 are deleted at once")
            .arg(arguments.value(u"service").toString(), arguments.value(u"cluster").toString());
    }
    [[nodiscard]] QString undoWords(const QJsonObject &arguments) const override
    {
        return Say::tr("the controllers in %1 make others, which is waited for").arg(arguments.value(u"cluster").toString());
    }
    [[nodiscard]] Result<QList<FaultObject>> touches(const QJsonObject &arguments) const override
    {
        QList<FaultObject> objects;
        const QJsonArray pods = arguments.value(u"pods").toArray();
        for (const QJsonValue &pod : pods)
            objects += podIn(arguments, pod[u"name"].toString());
        return objects;
    }
    [[nodiscard]] Result<core::Done> write(const QJsonObject &arguments, FaultWriter &writer) const override
    {
        const QJsonArray pods = arguments.value(u"pods").toArray();
        for (const QJsonValue &pod : pods) {
            const FaultObject object = podIn(arguments, pod[u"name"].toString());
            const auto added = writer.add(object, QStringLiteral("delete-%1-%2-%3").arg(object.name, object.ns, object.cluster),
                { QStringLiteral("kube.deletePod"),
                    { { QStringLiteral("cluster"), object.cluster }, { QStringLiteral("namespace"), object.ns },
                        { QStringLiteral("name"), object.name }, { QStringLiteral("uid"), pod[u"uid"] },
                        { QStringLiteral("awaitReplacement"), true } } });
            if (!added)
                return added;
        }
        return core::Done {};
    }

    [[nodiscard]] Result<QJsonObject> resolve(const QJsonObject &arguments, const FaultLook &look) const override
    {
        const QString cluster = arguments.value(u"cluster").toString(), ns = arguments.value(u"namespace").toString();
        const FaultObject object { cluster, QStringLiteral("v1"), QStringLiteral("Service"), ns, arguments.value(u"service").toString() };
        const auto service = look.get(cluster, kube::kinds::services, ns, object.name);
        if (!service)
            return core::fail(service.error());
        const QString selector = selectorOf(*service);
        if (selector.isEmpty())
            return unfit(object, Say::tr("it has no selector, so its pods are not known"), Say::tr("Name a service that selects pods."));
        const auto pods = look.list(cluster, kube::kinds::pods, ns, selector);
        if (!pods)
            return core::fail(pods.error());
        QJsonArray chosen;
        for (const QJsonObject &pod : *pods) {
            const QJsonObject metadata = pod[u"metadata"].toObject();
            if (metadata.contains(u"deletionTimestamp"))
                continue;
            if (!hasController(metadata)) // before the first one goes, not when its turn comes
                return unfit(object, Say::tr("no controller would replace its pod %1").arg(metadata[u"name"].toString()),
                    Say::tr("Name a service whose pods belong to a Deployment or the like."));
            chosen.append(QJsonObject { { QStringLiteral("name"), metadata[u"name"] }, { QStringLiteral("uid"), metadata[u"uid"] } });
        }
        if (chosen.isEmpty())
            return unfit(
                object, Say::tr("it has no pod there: the fault would change nothing"), Say::tr("Apply the fleet, and try again."));
        if (chosen.size() > mostPods)
            return unfit(object, Say::tr("it has %1 pods; at most %2 are deleted at once").arg(chosen.size()).arg(mostPods),
                Say::tr("Scale it instead, or name a smaller service."));
        QJsonObject known = arguments;
        known.insert(QStringLiteral("pods"), chosen);
        return known;
    }
};

} // namespace

const FaultKind *deletePodsFault()
{
    static const DeletePodsFault kind;
    return &kind;
}

} // namespace catamaran::drill
