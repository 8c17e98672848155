// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/sessionworld.h"

#include "fleet/say.h"
#include "mesh/providers.h"
#include "observe/observedfleet.h"
#include "ops/kinds/kubekinds.h"

namespace catamaran::fleet {

SessionWorld::SessionWorld(session::Session &session, Others others)
    : m_session(session)
    , m_providers(session.providers())
    , m_others(others)
{
}

QString SessionWorld::environment() const
{
    return m_session.environment().name;
}

core::Result<ops::World::Kept> SessionWorld::keepOthersOff(const QString &title, std::stop_token stop)
{
    if (m_others == Others::Ignore)
        return Kept {};
    auto lease = m_session.lease(title, std::move(stop));
    if (lease)
        return Kept { std::move(*lease), {} };
    if (lease.error().kind == core::ErrorKind::Conflict || lease.error().kind == core::ErrorKind::Cancelled)
        return core::fail(lease.error());
    // A cluster that is lost or says no keeps nobody from mending the others.
    return Kept { {}, Say::tr("Consoles on other machines are not seen: %1").arg(lease.error().text()) };
}

core::Result<kube::KubeClient *> SessionWorld::cluster(const QString &name)
{
    if (kube::KubeClient *client = m_session.cluster(name))
        return client;
    if (const auto error = m_session.clusterError(name))
        return core::fail(*error);
    return unknownCluster(name);
}

tl::unexpected<core::Error> SessionWorld::unknownCluster(const QString &name) const
{
    return core::fail(core::ErrorKind::InvalidInput, Say::tr("find a cluster"), name,
        Say::tr("the environment %1 has no cluster of this name").arg(m_session.environment().name));
}

void *SessionWorld::find(std::type_index type, const QString &)
{
    if (type == std::type_index(typeid(store::SecretStore)))
        return &m_session.secrets();
    if (type == std::type_index(typeid(mesh::Providers)))
        return &m_providers;
    for (mesh::Provider *provider : m_providers.all) // what their own kinds use
        if (void *service = provider->service(type))
            return service;
    return nullptr;
}

const ops::Registry &operationKinds()
{
    static const ops::Registry registry = [] {
        ops::Registry all;
        for (auto &kind : ops::kubeKinds())
            all.add(std::move(kind));
        for (auto &kind : mesh::meshKinds())
            all.add(std::move(kind));
        return all;
    }();
    return registry;
}

ops::Names namesOf(const session::Session &session)
{
    QMap<QString, kube::ByHand> byHand;
    for (const QString &name : session.clusterNames())
        byHand.insert(name, session.byHand(name));
    QMap<QString, QString> ids;
    for (const documents::EnvironmentCluster &cluster : session.environment().clusters)
        if (!cluster.cloudId.isEmpty())
            ids.insert(cluster.name, cluster.cloudId);
    ops::Names names;
    names.byHand = [byHand](const QString &cluster) { return byHand.value(cluster); };
    names.idOf = [ids](const QString &name) { return ids.value(name); };
    return names;
}

ops::Names namesOf(const session::Session &session, const observe::ObservedFleet &observed)
{
    ops::Names names = namesOf(session);
    QMap<QString, QString> ids;
    for (const observe::ObservedCluster &cluster : observed.clusters)
        ids.insert(cluster.name, cluster.cloudId);
    for (const observe::ObservedMesh &mesh : observed.meshes)
        ids.insert(mesh.status.name, mesh.status.id);
    for (const observe::ObservedMesh &mesh : observed.meshes) // and as its provider calls it
        ids.insert(mesh::kindOf(mesh.status).operations().knownAs(mesh.status.name, mesh.status.home), mesh.status.id);
    names.idOf = [ids, known = names.idOf](const QString &name) {
        const QString id = ids.value(name);
        return id.isEmpty() ? known(name) : id;
    };
    return names;
}

} // namespace catamaran::fleet
