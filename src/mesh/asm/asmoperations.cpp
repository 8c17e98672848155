// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/asmkind.h"

#include "mesh/asm/words.h"

#include <QJsonArray>

namespace catamaran::mesh {

namespace {

using ops::Operation;
using Settings = QMap<QString, NetworkSetting>;

/// The forms stand in the headers of the kinds beside this file.
class AsmOperations final : public Operations {
public:
    [[nodiscard]] Operation createMesh(const MeshWish &mesh) const override
    {
        QJsonObject arguments { { QStringLiteral("mesh"), mesh.name }, { QStringLiteral("cluster"), mesh.cluster },
            { QStringLiteral("region"), mesh.region }, { QStringLiteral("vpc"), mesh.vpcId },
            { QStringLiteral("vSwitches"), QJsonArray::fromStringList(mesh.vSwitches) } };
        if (!mesh.version.isEmpty())
            arguments.insert(QStringLiteral("version"), mesh.version);
        if (mesh.root) {
            QJsonObject root { { QStringLiteral("name"), mesh.root->name }, { QStringLiteral("step"), mesh.rootStep } };
            if (mesh.root->shared)
                root.insert(QStringLiteral("shared"), true);
            arguments.insert(QStringLiteral("root"), root);
        }
        return { QStringLiteral("asm.createMesh"), arguments };
    }

    [[nodiscard]] Operation awaitMesh(const QString &mesh, const QString &) const override
    {
        return { QStringLiteral("asm.awaitMesh"), { { QStringLiteral("mesh"), mesh } } };
    }

    [[nodiscard]] Operation deleteMesh(const QString &mesh, ops::Foreign foreign) const override
    {
        QJsonObject arguments { { QStringLiteral("mesh"), mesh } };
        if (foreign != ops::Foreign::Refuse)
            arguments.insert(QStringLiteral("foreign"), foreign == ops::Foreign::Take ? QStringLiteral("take") : QStringLiteral("leave"));
        return { QStringLiteral("asm.deleteMesh"), arguments };
    }

    [[nodiscard]] Operation addMember(const QString &mesh, const QString &cluster, Mode mode) const override
    {
        return { QStringLiteral("asm.addMember"),
            { { QStringLiteral("mesh"), mesh }, { QStringLiteral("cluster"), cluster }, { QStringLiteral("mode"), modeName(mode) } } };
    }

    [[nodiscard]] Operation removeMember(const QString &mesh, const QString &cluster, Mode was) const override
    {
        QJsonObject arguments { { QStringLiteral("mesh"), mesh }, { QStringLiteral("cluster"), cluster } };
        if (was != Mode::Unknown)
            arguments.insert(QStringLiteral("mode"), modeName(was));
        return { QStringLiteral("asm.removeMember"), arguments };
    }

    [[nodiscard]] Operation setNetworks(const QString &mesh, const Settings &byCluster, const Settings &previous) const override
    {
        QJsonObject arguments { { QStringLiteral("mesh"), mesh }, { QStringLiteral("networks"), settingsToJson(byCluster) } };
        if (!previous.isEmpty())
            arguments.insert(QStringLiteral("previous"), settingsToJson(previous));
        return { QStringLiteral("asm.setNetworks"), arguments };
    }

    [[nodiscard]] Operation setInjection(const QString &mesh, const QString &ns, bool enabled, const QStringList &managed) const override
    {
        return { QStringLiteral("asm.setInjection"),
            { { QStringLiteral("mesh"), mesh }, { QStringLiteral("namespace"), ns }, { QStringLiteral("enabled"), enabled },
                { QStringLiteral("clusters"), QJsonArray::fromStringList(managed) } } };
    }
};

} // namespace

QJsonObject settingsToJson(const Settings &settings)
{
    QJsonObject value;
    for (auto it = settings.begin(); it != settings.end(); ++it)
        value.insert(it.key(), QJsonObject { { QStringLiteral("network"), it->network }, { QStringLiteral("gateway"), it->gateway } });
    return value;
}

QString modeName(Mode mode)
{
    switch (mode) {
    case Mode::Managed: return QStringLiteral("managed");
    case Mode::DiscoveryOnly: return QStringLiteral("discovery-only");
    case Mode::Unknown: break;
    }
    return QStringLiteral("unknown");
}

Mode modeOf(const QString &name)
{
    for (const Mode mode : { Mode::Managed, Mode::DiscoveryOnly })
        if (name == modeName(mode))
            return mode;
    return Mode::Unknown;
}

const Operations &asmOperations()
{
    static const AsmOperations operations;
    return operations;
}

} // namespace catamaran::mesh
