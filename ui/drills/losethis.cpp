// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/drills/losethis.h"

#include "ui/common/services.h"
#include "ui/topology/objectid.h"

#include <QCoreApplication>

namespace catamaran::ui {

namespace {

using objectid::Kind;

struct LoseThis {
    Q_DECLARE_TR_FUNCTIONS(LoseThis)
};

Aim loseIn(const char *drill, const QString &cluster)
{
    return { QLatin1String(drill), { { QStringLiteral("cluster"), cluster } } };
}

/// The cluster that the control plane of @p mesh runs in; empty: none of the fleet.
QString homeOf(const observe::ObservedMesh &mesh, const observe::FleetView &view)
{
    for (const auto &member : mesh.status.members) {
        const observe::ObservedCluster *cluster = view.clusterOf(member);
        if (cluster && view.managingMesh(cluster->name) == mesh.status.name)
            return cluster->name;
    }
    return {};
}

} // namespace

std::optional<Aim> aimAt(const QString &object, const observe::FleetView &view)
{
    const objectid::ObjectId id = objectid::parse(object);
    switch (id.kind) {
    case Kind::Workload:
        return Aim { QStringLiteral("lose-workload"),
            { { QStringLiteral("target"), QStringLiteral("%1/%2/%3").arg(id.name, id.ns, id.workload) } } };
    case Kind::Gateway: return loseIn("lose-gateway", id.name);
    case Kind::Link: return view.hasGateway(id.to) ? std::optional(loseIn("lose-gateway", id.to)) : std::nullopt;
    case Kind::Cluster: return view.managingMesh(id.name).isEmpty() ? std::nullopt : std::optional(loseIn("lose-control-plane", id.name));
    case Kind::Mesh: {
        const observe::ObservedMesh *mesh = view.mesh(id.name);
        const QString home = mesh ? homeOf(*mesh, view) : QString();
        return home.isEmpty() ? std::nullopt : std::optional(loseIn("lose-control-plane", home));
    }
    case Kind::None:
    case Kind::Root:
    case Kind::Network: break;
    }
    return std::nullopt;
}

QString loseRequest(const QString &object)
{
    return QStringLiteral("lose ") + object;
}

QString objectToLose(const QString &request)
{
    const QString prefix = loseRequest({});
    return request.startsWith(prefix) ? request.mid(prefix.size()) : QString();
}

void addLoseThis(Services &services)
{
    ObjectAction lose;
    lose.id = QStringLiteral("lose");
    lose.text = LoseThis::tr("Lose this…");
    lose.icon = QStringLiteral("drill");
    const auto view = [&services] { return services.live() ? services.live()->view() : observe::FleetView(); };
    lose.concerns = [view](const QString &object) { return aimAt(object, view()).has_value(); };
    lose.obstacle = [&services](const QString &) {
        if (!services.session())
            return LoseThis::tr("No environment is open.");
        return services.drill() ? LoseThis::tr("A drill is running.") : QString();
    };
    lose.run = [&services](const QString &object) { emit services.placeRequested(QStringLiteral("drills"), loseRequest(object)); };
    services.objectActions().add(std::move(lose));
}

} // namespace catamaran::ui
