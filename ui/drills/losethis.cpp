// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/drills/losethis.h"

#include "ui/common/services.h"
#include "ui/topology/objectid.h"

#include <QCoreApplication>

#include <algorithm>

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

bool runsAControlPlane(const QString &cluster, const observe::FleetView &view)
{
    const auto &meshes = view.fleet().meshes;
    return std::any_of(meshes.begin(), meshes.end(), [&](const observe::ObservedMesh &mesh) { return mesh.status.home == cluster; });
}

} // namespace

std::optional<Aim> aimAt(const QString &object, const observe::FleetView &view)
{
    const objectid::ObjectId id = objectid::parse(object);
    switch (id.kind) {
    case Kind::Workload:
        if (!view.cluster(id.name))
            return std::nullopt;
        return Aim { QStringLiteral("lose-workload"),
            { { QStringLiteral("target"), QStringLiteral("%1/%2/%3").arg(id.name, id.ns, id.workload) } } };
    case Kind::Gateway: return view.cluster(id.name) ? std::optional(loseIn("lose-gateway", id.name)) : std::nullopt;
    case Kind::Link: return view.hasGateway(id.to) ? std::optional(loseIn("lose-gateway", id.to)) : std::nullopt;
    case Kind::Cluster:
        return view.cluster(id.name) && runsAControlPlane(id.name, view) ? std::optional(loseIn("lose-control-plane", id.name))
                                                                         : std::nullopt;
    case Kind::Mesh: {
        const observe::ObservedMesh *mesh = view.mesh(id.name);
        return mesh && !mesh->status.home.isEmpty() ? std::optional(loseIn("lose-control-plane", mesh->status.home)) : std::nullopt;
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
