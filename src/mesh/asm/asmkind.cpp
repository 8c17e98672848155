// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/asmkind.h"

#include "alicloud/asmclient.h"
#include "alicloud/calls.h"
#include "mesh/asm/addmember.h"
#include "mesh/asm/asmaccount.h"
#include "mesh/asm/awaitmesh.h"
#include "mesh/asm/createmesh.h"
#include "mesh/asm/deletemesh.h"
#include "mesh/asm/removemember.h"
#include "mesh/asm/setinjection.h"
#include "mesh/asm/setnetworks.h"
#include "mesh/say.h"

namespace catamaran::mesh {

namespace {

class AsmKind final : public ProviderKind {
public:
    [[nodiscard]] QString name() const override { return asmName; }

    [[nodiscard]] ProviderWords words() const override
    {
        ProviderWords words;
        words.product = QStringLiteral("ASM");
        words.needs = Say::tr("an Alibaba Cloud account with an AccessKey, whose secret stays in the keyring, and ACK clusters in it");
        words.account = Say::tr("Alibaba Cloud account");
        words.section = QStringLiteral("alibabaCloud");
        words.meshesCall = QStringLiteral("DescribeServiceMeshes");
        words.membersCall = QStringLiteral("DescribeClustersInServiceMesh");
        words.rootCall = QStringLiteral("GetCaCert");
        words.clustersCall = QStringLiteral("DescribeClustersV1");
        words.versionsCall = QStringLiteral("DescribeVersions");
        words.accountRemedy = Say::tr(
            "Check the access key's permissions (RAM) and the endpoints of this environment; until it answers nobody knows what is there.");
        words.meshRemedy = Say::tr("Repair or delete it in the console of the service mesh.");
        words.publicApiServerRemedy = Say::tr("Bind an EIP to the API server: the other mesh reads services and endpoints through it.");
        words.connectTitle = Say::tr("Connect Alibaba Cloud");
        words.connectText = Say::tr(
            "With an AccessKey, Catamaran finds your ACK clusters and ASM instances. The key's secret stays in the desktop's keyring.");
        words.clusterId = Say::tr("ACK cluster id");
        words.clusterIdHint = Say::tr("where it is an ACK cluster of the account");
        words.tool = QStringLiteral("aliyun");
        return words;
    }

    [[nodiscard]] const Operations &operations() const override { return asmOperations(); }

    [[nodiscard]] std::vector<std::unique_ptr<const ops::Kind>> kinds() const override
    {
        std::vector<std::unique_ptr<const ops::Kind>> kinds;
        kinds.push_back(makeAsmCreateMesh());
        kinds.push_back(makeAsmAwaitMesh());
        kinds.push_back(makeAsmDeleteMesh());
        kinds.push_back(makeAsmAddMember());
        kinds.push_back(makeAsmRemoveMember());
        kinds.push_back(makeAsmSetNetworks());
        kinds.push_back(makeAsmSetInjection());
        return kinds;
    }

    [[nodiscard]] std::optional<VersionProblem> versionProblem(const QString &version) const override
    {
        const auto order = alicloud::compareVersions(version, alicloud::minimumMeshVersion);
        if (!order)
            return VersionProblem { Say::tr("“%1” is not a mesh version").arg(version.left(80)),
                Say::tr("Write it like %1").arg(alicloud::minimumMeshVersion) };
        if (*order < 0)
            return VersionProblem { Say::tr("%1 is too old: meshes share a root and discover each other's clusters from %2 on")
                                        .arg(version, alicloud::minimumMeshVersion),
                Say::tr("Use %1 or a newer version").arg(alicloud::minimumMeshVersion) };
        return std::nullopt;
    }

    [[nodiscard]] QString newestVersion(const QStringList &offered) const override
    {
        QString best = alicloud::minimumMeshVersion;
        for (const QString &version : offered)
            if (const auto order = alicloud::compareVersions(version, best); order && *order > 0)
                best = version;
        return best;
    }

    [[nodiscard]] std::shared_ptr<const Account> readAccount(const documents::YamlValue &section, const QDir &folder) const override
    {
        return makeAsmAccount(readAccountSettings(section, folder));
    }

    [[nodiscard]] QList<AccountField> accountFields() const override
    {
        return { { QStringLiteral("accessKeyId"), Say::tr("AccessKey &id"), {} },
            { QStringLiteral("accessKeySecret"), Say::tr("AccessKey s&ecret"), Say::tr("kept in the keyring, never in a file"), true, 4 },
            { QStringLiteral("regions"), Say::tr("Re&gions"), QStringLiteral("cn-hangzhou, cn-shanghai") } };
    }

    [[nodiscard]] std::shared_ptr<const Account> makeAccount(
        const QMap<QString, QString> &fields, const QString &secretEntry) const override
    {
        AccountSettings settings;
        settings.accessKeyId = fields.value(QStringLiteral("accessKeyId")).trimmed();
        if (settings.accessKeyId.isEmpty())
            return {};
        settings.secret = { documents::SecretSource::Kind::Keyring, secretEntry };
        for (const QString &region : fields.value(QStringLiteral("regions")).split(u',', Qt::SkipEmptyParts))
            settings.regions << region.trimmed();
        return makeAsmAccount(settings);
    }

    [[nodiscard]] QString meshCommand(const MeshStatus &mesh) const override
    {
        return alicloud::describeAsCommand(QStringLiteral("DescribeServiceMeshDetail"), { { QStringLiteral("ServiceMeshId"), mesh.id } });
    }

    [[nodiscard]] ops::Call rootCall(const QString &id) const override
    {
        return { QStringLiteral("asm"), QStringLiteral("POST GetCaCert"), QStringLiteral("ServiceMeshId=%1\n").arg(id) };
    }

    [[nodiscard]] bool madeGateway(const QJsonObject &service) const override
    {
        return service[u"metadata"][u"name"].toString().startsWith(u"asm-cross-network-")
            || service[u"metadata"][u"labels"][u"asm.alibabacloud.com/cross-network-gateway"].toString() == u"true";
    }
};

} // namespace

const ProviderKind &asmKind()
{
    static const AsmKind kind;
    return kind;
}

} // namespace catamaran::mesh
