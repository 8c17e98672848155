// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/istiokind.h"

#include "core/wholepattern.h"
#include "mesh/istio/addmember.h"
#include "mesh/istio/awaitplane.h"
#include "mesh/istio/byhand.h"
#include "mesh/istio/cacerts.h"
#include "mesh/istio/istioprovider.h"
#include "mesh/istio/leavemesh.h"
#include "mesh/istio/readertoken.h"
#include "mesh/istio/removemember.h"
#include "mesh/istio/say.h"
#include "mesh/istio/setinjection.h"
#include "mesh/istio/setnetwork.h"

#include <QVersionNumber>

namespace catamaran::mesh {

namespace istio {

namespace {

const QString leastVersion = QStringLiteral("1.20.0");

std::optional<QVersionNumber> numbersOf(const QString &version)
{
    static const QRegularExpression form
        = core::wholePattern(QStringLiteral("\\d{1,4}\\.\\d{1,4}(\\.\\d{1,4})?([-+.][-A-Za-z0-9.+]{1,80})?"));
    if (!form.match(version).hasMatch())
        return std::nullopt;
    return QVersionNumber::fromString(version);
}

std::vector<std::unique_ptr<const ops::Kind>> istioKinds()
{
    auto kinds = byHandKinds();
    for (const auto make : { &makeAddMember, &makeRemoveMember, &makeReaderToken, &makeSetNetwork, &makeSetInjection, &makeLeaveMesh,
             &makeAwaitPlane, &makeCacerts, &makeRemoveCacerts })
        kinds.push_back(make());
    return kinds;
}

class IstioKind final : public ProviderKind {
public:
    [[nodiscard]] QString name() const override { return istio::istioName; }

    [[nodiscard]] ProviderWords words() const override
    {
        ProviderWords words;
        words.product = QStringLiteral("Istio");
        words.needs = Say::tr("kubeconfigs alone: control planes are found in the clusters");
        words.meshesCall = Say::tr("deployments with the label app=istiod");
        words.membersCall = Say::tr("remote secrets and control planes");
        words.rootCall = Say::tr("ConfigMap istio-ca-root-cert");
        words.clustersCall = Say::tr("the environment");
        words.versionsCall = Say::tr("the environment");
        words.accountRemedy = Say::tr("Until the clusters answer nobody knows which control planes there are.");
        words.meshRemedy = Say::tr("See its pods and events: kubectl -n istio-system describe deployment istiod.");
        words.tool = QStringLiteral("istioctl");
        return words;
    }

    [[nodiscard]] const Operations &operations() const override { return istio::istioOperations(); }
    [[nodiscard]] std::vector<std::unique_ptr<const ops::Kind>> kinds() const override { return istio::istioKinds(); }
    [[nodiscard]] bool needsAccount() const override { return false; }

    [[nodiscard]] std::shared_ptr<Provider> openOn(const std::vector<OpenCluster> &clusters) const override
    {
        return std::make_shared<istio::IstioProvider>(clusters);
    }

    [[nodiscard]] std::optional<VersionProblem> versionProblem(const QString &version) const override
    {
        const auto numbers = numbersOf(version);
        if (!numbers)
            return VersionProblem { Say::tr("“%1” is not a mesh version").arg(version.left(80)),
                Say::tr("Write it like %1").arg(QStringLiteral("1.30.3")) };
        if (*numbers < QVersionNumber::fromString(leastVersion))
            return VersionProblem { Say::tr("%1 is older than %2, the least that is read here").arg(version, leastVersion),
                Say::tr("Use %1 or a newer version").arg(leastVersion) };
        return std::nullopt;
    }

    [[nodiscard]] QString newestVersion(const QStringList &offered) const override
    {
        QString best = leastVersion;
        for (const QString &version : offered)
            if (const auto numbers = numbersOf(version); numbers && *numbers > QVersionNumber::fromString(best))
                best = version;
        return best;
    }

    [[nodiscard]] std::shared_ptr<const Account> readAccount(const documents::YamlValue &, const QDir &) const override { return {}; }
    [[nodiscard]] QList<AccountField> accountFields() const override { return {}; }
    [[nodiscard]] std::shared_ptr<const Account> makeAccount(const QMap<QString, QString> &, const QString &) const override { return {}; }

    [[nodiscard]] QString meshCommand(const MeshStatus &mesh) const override
    {
        const QString ns = mesh.id.section(u'/', 1);
        return QStringLiteral("kubectl -n %1 get deployments,pods -l app=istiod").arg(ns.isEmpty() ? istio::systemNamespace : ns);
    }

    [[nodiscard]] ops::Call rootCall(const QString &id) const override
    {
        return { id.section(u'/', 0, 0), QStringLiteral("GET /api/v1/namespaces/%1/configmaps/istio-ca-root-cert").arg(id.section(u'/', 1)),
            {} };
    }

    [[nodiscard]] bool madeGateway(const QJsonObject &) const override { return false; } // they have the label
};

} // namespace

} // namespace istio

const ProviderKind &istioKind()
{
    static const istio::IstioKind kind;
    return kind;
}

} // namespace catamaran::mesh
