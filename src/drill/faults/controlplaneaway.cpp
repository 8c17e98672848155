// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/faults/away.h"
#include "drill/say.h"

namespace catamaran::drill {

using core::ErrorKind;
using core::Result;

namespace {

class ControlPlaneAwayFault final : public FaultKind {
public:
    [[nodiscard]] QString key() const override { return QStringLiteral("controlPlaneAway"); }
    [[nodiscard]] QString needs() const override
    {
        return Say::tr(
            "a control plane that the cluster itself holds (a Deployment with the label app=istiod); not where a provider runs it");
    }
    [[nodiscard]] QString loses(const QJsonObject &) const override { return {}; } // requests go on without it

    [[nodiscard]] QJsonObject parse(const documents::YamlValue &value) const override
    {
        QJsonObject arguments = readPlace(value, { "revision" });
        if (const auto revision = value.maybe("revision"))
            arguments.insert(QStringLiteral("revision"), revision.label());
        return arguments;
    }
    [[nodiscard]] QString words(const QJsonObject &arguments) const override
    {
        return Say::tr("the control plane in %1 stops and stays down (%2)")
            .arg(arguments.value(u"cluster").toString(), namesIn(arguments, QStringLiteral("istiod")));
    }
    [[nodiscard]] QString undoWords(const QJsonObject &arguments) const override
    {
        return Say::tr("the control plane in %1 gets the replicas it had, read back").arg(arguments.value(u"cluster").toString());
    }
    [[nodiscard]] Result<QList<FaultObject>> touches(const QJsonObject &arguments) const override { return deploymentsIn(arguments); }
    [[nodiscard]] Result<core::Done> write(const QJsonObject &arguments, FaultWriter &writer) const override
    {
        return writeAway(arguments, writer);
    }

    [[nodiscard]] Result<QJsonObject> resolve(const QJsonObject &arguments, const FaultLook &look) const override
    {
        const QString cluster = arguments.value(u"cluster").toString(), ns = arguments.value(u"namespace").toString();
        QString selector = QStringLiteral("app=istiod");
        if (const QString revision = arguments.value(u"revision").toString(); !revision.isEmpty())
            selector += QStringLiteral(",istio.io/rev=") + revision;
        const auto found = look.list(cluster, kube::kinds::deployments, ns, selector);
        if (!found)
            return core::fail(found.error());
        if (found->isEmpty())
            return core::fail(ErrorKind::Precondition, Say::tr("prepare the drill"), cluster + u'/' + ns,
                Say::tr(
                    "the cluster holds no control plane (no Deployment with %1): there is none, or a provider runs it elsewhere, where nothing here can stop it")
                    .arg(selector),
                Say::tr("Run this drill in a cluster that holds its own istiod, or name its namespace and revision."));
        return withDeployments(arguments, *found);
    }
};

} // namespace

const FaultKind *controlPlaneAwayFault()
{
    static const ControlPlaneAwayFault kind;
    return &kind;
}

} // namespace catamaran::drill
