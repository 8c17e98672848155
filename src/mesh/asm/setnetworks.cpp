// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/setnetworks.h"

#include "mesh/asm/asmcalls.h"
#include "mesh/asm/asmprovider.h"

#include <algorithm>

namespace catamaran::mesh {

using alicloud::ClusterNetwork;
using alicloud::ClusterNetworks;
using core::ErrorKind;
using core::Result;
using ops::Description;
using ops::Direction;
using ops::Evidence;
using ops::Names;
using ops::Receipt;
using ops::Scope;
using ops::State;

namespace {

using Settings = QMap<QString, NetworkSetting>; ///< by our name for the cluster

struct Arguments {
    QString mesh;
    Settings networks;
    std::optional<Settings> previous; ///< as the planner saw it, of all members: for words only
};

const QString source = QStringLiteral("DescribeMeshMultiClusterNetwork");

Settings settingsOf(ArgumentReader &reader, const QString &operation, const QString &name)
{
    Settings settings;
    const QJsonObject byCluster = reader.object(name);
    for (auto it = byCluster.begin(); it != byCluster.end(); ++it) {
        ArgumentReader entry(operation + u' ' + name, it.value().toObject());
        settings.insert(it.key(), { entry.text(QStringLiteral("network")), entry.flag(QStringLiteral("gateway")) });
        if (const auto error = entry.error())
            reader.refuse(name, Say::tr("of %1: %2").arg(it.key(), error->text()));
    }
    return settings;
}

Result<Arguments> parsed(const QString &operation, const QJsonObject &given)
{
    ArgumentReader reader(operation, given);
    Arguments arguments;
    arguments.mesh = reader.label(QStringLiteral("mesh"));
    arguments.networks = settingsOf(reader, operation, QStringLiteral("networks"));
    if (reader.has(QStringLiteral("previous")))
        arguments.previous = settingsOf(reader, operation, QStringLiteral("previous"));
    if (const auto error = reader.error())
        return core::fail(*error);
    return arguments;
}

/// Whether it does nothing but take gateways away, as far as the arguments tell.
bool takesGatewaysAway(const Arguments &arguments)
{
    const auto any = [](const Settings &settings) {
        return std::any_of(settings.begin(), settings.end(), [](const NetworkSetting &one) { return one.gateway; });
    };
    return arguments.previous && any(*arguments.previous) && !any(arguments.networks);
}

QString titleOf(const Arguments &arguments)
{
    return (takesGatewaysAway(arguments) ? Say::tr("Take away the gateways of %1") : Say::tr("Set the networks of %1")).arg(arguments.mesh);
}

ClusterNetworks described(const Settings &settings, const Names &names)
{
    ClusterNetworks networks;
    for (auto it = settings.begin(); it != settings.end(); ++it)
        networks.insert(clusterIdFor(names, it.key()), { it->network, it->gateway, {}, {} });
    return networks;
}

/// The mesh's map as it is, of its members: the provider refuses others in it.
Result<ClusterNetworks> readMap(const QString &mesh, const QString &id, AsmCalls &calls)
{
    const auto networks
        = calls.read(mesh, [&](alicloud::AsmClient &client, std::stop_token stop) { return client.networks(id, std::move(stop)); });
    if (!networks && networks.error().kind != ErrorKind::NotFound) // not found: nothing was ever set
        return core::fail(networks.error());
    const auto members
        = calls.read(mesh, [&](alicloud::AsmClient &client, std::stop_token stop) { return client.clustersInMesh(id, std::move(stop)); });
    if (!members)
        return core::fail(members.error());
    ClusterNetworks map;
    for (const alicloud::MeshCluster &member : *members)
        if (const ClusterNetwork one = networks ? networks->value(member.id) : ClusterNetwork(); !one.network.isEmpty())
            map.insert(member.id, one);
    return map;
}

/// By our names, of the clusters in @p ids (name to id).
QJsonObject valueOf(const ClusterNetworks &map, const QMap<QString, QString> &ids)
{
    Settings settings;
    for (auto it = ids.begin(); it != ids.end(); ++it)
        settings.insert(it.key(), { map.value(*it).network, map.value(*it).enableGateway });
    return settingsToJson(settings);
}

QJsonObject networksIn(const State &state)
{
    return state.value.value(u"networks").toObject();
}

/// @p value is what valueOf() writes.
ClusterNetworks with(ClusterNetworks map, const QJsonObject &value, const QMap<QString, QString> &ids)
{
    for (auto it = ids.begin(); it != ids.end(); ++it) {
        const QJsonObject wished = value.value(it.key()).toObject();
        const QString network = wished.value(u"network").toString();
        if (network.isEmpty()) {
            map.remove(*it);
            continue;
        }
        ClusterNetwork &one = map[*it]; // what the provider keeps beside our two fields stays as it is
        one.network = network;
        one.enableGateway = wished.value(u"gateway").toBool();
    }
    return map;
}

class SetNetworks final : public ops::TypedKind<Arguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("asm.setNetworks"); }

protected:
    [[nodiscard]] Result<Arguments> read(const QJsonObject &given) const override { return parsed(name(), given); }
    [[nodiscard]] Description words(const Arguments &arguments, const Names &names) const override;
    [[nodiscard]] QList<ops::Right> needs(const Arguments &, Direction) const override { return {}; }
    [[nodiscard]] bool isDone(const Arguments &arguments, const State &now) const override;
    [[nodiscard]] bool isSame(const State &a, const State &b) const override;
    [[nodiscard]] QString goneWith(const Arguments &arguments, const State &before, const State &now) const override;
    [[nodiscard]] Result<State> see(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Receipt> change(const Arguments &arguments, const State &before, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> proof(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const override;

private:
    [[nodiscard]] Result<QMap<QString, QString>> idsOf(const Arguments &arguments, AsmCalls &calls) const;
    /// Sends the map as it is now with @p wished, when what it replaces is as @p seen.
    [[nodiscard]] Result<Receipt> send(const Arguments &arguments, const QJsonObject &wished, const State &seen, AsmCalls &calls) const;
    [[nodiscard]] Result<Evidence> shows(const Arguments &arguments, const QJsonObject &wished, AsmCalls &calls) const;
};

} // namespace

Description SetNetworks::words(const Arguments &arguments, const Names &names) const
{
    const QString meshId = meshIdFor(names, arguments.mesh);
    Description said = mesh::described(titleOf(arguments), arguments.mesh,
        alicloud::calls::setNetworks(meshId, described(arguments.networks, names)), takesGatewaysAway(arguments) ? 20 : 60);
    if (arguments.previous)
        said.undo = commandOf(alicloud::calls::setNetworks(meshId, described(*arguments.previous, names)));
    return said;
}

bool SetNetworks::isDone(const Arguments &arguments, const State &now) const
{
    return exists(now) && networksIn(now) == settingsToJson(arguments.networks);
}

bool SetNetworks::isSame(const State &a, const State &b) const
{
    return isSamePresence(a, b) && networksIn(a) == networksIn(b);
}

Result<QMap<QString, QString>> SetNetworks::idsOf(const Arguments &arguments, AsmCalls &calls) const
{
    QMap<QString, QString> ids;
    for (auto it = arguments.networks.begin(); it != arguments.networks.end(); ++it) {
        const auto id = calls.clusterId(it.key());
        if (!id)
            return core::fail(id.error());
        ids.insert(it.key(), *id);
    }
    return ids;
}

QString SetNetworks::goneWith(const Arguments &arguments, const State &before, const State &now) const
{
    return goneWithMesh(arguments.mesh, before, now);
}

Result<State> SetNetworks::see(const Arguments &arguments, Scope &scope) const
{
    AsmCalls calls(scope, titleOf(arguments));
    const auto found = calls.find(arguments.mesh);
    if (!found)
        return core::fail(found.error());
    State state = presence(*found);
    if (!*found)
        return state;
    const auto ids = idsOf(arguments, calls);
    if (!ids)
        return core::fail(ids.error());
    // A mesh that is being made or taken away has nothing to tell.
    const MeshState is = stateOf((*found)->state);
    const auto map
        = is == MeshState::Creating || is == MeshState::Deleting ? Result<ClusterNetworks>() : readMap(arguments.mesh, (*found)->id, calls);
    if (!map)
        return core::fail(map.error());
    state.value.insert(QStringLiteral("networks"), valueOf(*map, *ids));
    return state;
}

Result<Receipt> SetNetworks::send(const Arguments &arguments, const QJsonObject &wished, const State &seen, AsmCalls &calls) const
{
    const auto ids = idsOf(arguments, calls);
    if (!ids)
        return core::fail(ids.error());
    const auto ready = calls.readyForChange(arguments.mesh, idIn(seen));
    if (!ready)
        return core::fail(ready.error());
    // The whole map goes out, and the provider takes no version: read at the last moment.
    const auto map = readMap(arguments.mesh, ready->id, calls);
    if (!map)
        return core::fail(notSent(map.error()));
    if (valueOf(*map, *ids) == wished)
        return Receipt { Say::tr("it was set meanwhile"), {} };
    if (valueOf(*map, *ids) != networksIn(seen))
        return core::fail(ErrorKind::Conflict, calls.tried(), arguments.mesh,
            Say::tr("somebody else has changed the networks meanwhile: %1").arg(ops::compact(valueOf(*map, *ids)).left(500)),
            Say::tr("Plan again: the world has changed since."));
    return calls.change(arguments.mesh, Say::tr("accepted"), [&](alicloud::AsmClient &client, std::stop_token stop) {
        return client.setNetworks(ready->id, with(*map, wished, *ids), std::move(stop));
    });
}

Result<Evidence> SetNetworks::shows(const Arguments &arguments, const QJsonObject &wished, AsmCalls &calls) const
{
    const auto settled = calls.untilSettled(arguments.mesh, Say::tr("the networks are still not as they were set"),
        [&] { return see(arguments, calls.scope()).map([&](const State &now) { return networksIn(now) == wished; }); });
    if (!settled)
        return core::fail(settled.error());
    return calls.evidence(ops::compact(wished).left(500), source);
}

Result<Receipt> SetNetworks::change(const Arguments &arguments, const State &before, Scope &scope) const
{
    AsmCalls calls(scope, titleOf(arguments));
    if (!exists(before))
        return calls.absent(arguments.mesh);
    return send(arguments, settingsToJson(arguments.networks), before, calls);
}

Result<Evidence> SetNetworks::proof(const Arguments &arguments, Scope &scope) const
{
    AsmCalls calls(scope, titleOf(arguments));
    return shows(arguments, settingsToJson(arguments.networks), calls);
}

Result<Evidence> SetNetworks::takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const
{
    AsmCalls calls(scope, Say::tr("give the networks of %1 their former setting").arg(arguments.mesh));
    const auto sent = send(arguments, networksIn(before), now, calls);
    if (!sent)
        return core::fail(sent.error());
    return shows(arguments, networksIn(before), calls);
}

std::unique_ptr<const ops::Kind> makeAsmSetNetworks()
{
    return std::make_unique<SetNetworks>();
}

} // namespace catamaran::mesh
