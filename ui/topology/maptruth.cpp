// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "maptruth.h"

#include "fleetfacts.h"
#include "ui/common/format.h"
#include "ui/common/say.h"

#include <algorithm>
#include <numeric>

namespace catamaran::ui {
QString DirectionLine::text(const QDateTime &now) const
{
    QString state = proofWord(look);
    if (whole && look == Look::Failed)
        state = Say::tr("%1 (%2)").arg(state, truth::layerTitle(cell.layer));
    if (cell.at.isValid())
        state = Say::tr("%1, %2").arg(state, relativeTime(cell.at, now));
    return QStringLiteral("%1: %2%3").arg(direction.text(), state, detailText(cell));
}

QString PartTruth::text(const QDateTime &now) const
{
    QStringList said;
    for (const DirectionLine &line : lines)
        said << line.text(now);
    if (total > lines.size())
        said << Say::tr("%n more", nullptr, int(total - lines.size()));
    return said.join(u'\n');
}

MapTruth::MapTruth(const observe::ObservedFleet &fleet, const truth::Matrix &matrix)
    : m_matrix(matrix)
{
    if (matrix.directions.isEmpty())
        return;
    QHash<QString, QString> network;
    for (const auto &mesh : fleet.meshes) {
        for (const auto &member : mesh.status.members) {
            const auto *cluster = clusterOf(fleet, member);
            if (!cluster)
                continue;
            if (member.mode == mesh::Mode::Managed && !m_managing.contains(cluster->name))
                m_managing.insert(cluster->name, mesh.status.name);
            if (!member.network.isEmpty() && !network.contains(cluster->name))
                network.insert(cluster->name, member.network);
        }
    }
    // The gateways that stand for each cluster: its own, else all of its network.
    QHash<QString, QStringList> gatewaysOf, gatewaysIn;
    for (const auto &cluster : fleet.clusters) {
        if (hasGateway(fleet, cluster.name))
            gatewaysIn[network.value(cluster.name)] << cluster.name;
    }
    for (const auto &cluster : fleet.clusters) {
        const QStringList &there = gatewaysIn[network.value(cluster.name)];
        gatewaysOf.insert(cluster.name, there.contains(cluster.name) ? QStringList { cluster.name } : there);
    }
    m_all.resize(matrix.directions.size());
    std::iota(m_all.begin(), m_all.end(), 0);
    for (const int i : std::as_const(m_all)) {
        const truth::Direction &direction = matrix.directions.at(i).direction;
        m_byCluster[direction.from] << i;
        m_byCluster[direction.to] << i;
        if (const QString mesh = m_managing.value(direction.from); !mesh.isEmpty()) {
            m_byMesh[mesh] << i;
            m_member[{ mesh, direction.from }] << i;
            if (m_managing.value(direction.to) != mesh)
                m_member[{ mesh, direction.to }] << i;
        }
        if (network.value(direction.from) == network.value(direction.to))
            continue;
        for (const QString &to : gatewaysOf.value(direction.to)) {
            m_byGateway[to] << i;
            for (const QString &from : gatewaysOf.value(direction.from))
                m_cross[{ from, to }] << i;
        }
    }
}

PartTruth MapTruth::gathered(const Those &those, std::optional<truth::Layer> layer) const
{
    const auto lookAt = [&](int i) {
        const truth::DirectionState &state = m_matrix.directions.at(i);
        return layer ? lookOf(state.cell(*layer)) : lookOf(state);
    };
    PartTruth truth;
    truth.total = int(those.size());
    truth.allFailed = !those.isEmpty();
    QList<std::pair<Look, int>> seen;
    seen.reserve(those.size());
    for (const int i : those) {
        seen.append({ lookAt(i), i });
        truth.allFailed = truth.allFailed && seen.last().first == Look::Failed;
    }
    const auto most = std::min<qsizetype>(seen.size(), PartTruth::mostLines);
    std::partial_sort(seen.begin(), seen.begin() + most, seen.end(),
        [](const auto &one, const auto &other) { return one.first != other.first ? one.first > other.first : one.second < other.second; });
    for (const auto &[look, i] : seen.mid(0, most)) {
        const truth::DirectionState &state = m_matrix.directions.at(i);
        truth.lines.append({ state.direction, look, !layer, layer ? state.cell(*layer) : state.decisive() });
    }
    if (!truth.lines.isEmpty())
        truth.look = truth.lines.first().look;
    return truth;
}

PartTruth MapTruth::cross(const QString &from, const QString &to) const
{
    return gathered(m_cross.value({ from, to }), std::nullopt);
}

PartTruth MapTruth::member(const QString &mesh, const QString &cluster) const
{
    const Those those = m_member.value({ mesh, cluster });
    PartTruth truth = gathered(those, truth::Layer::Discovery);
    if (m_managing.value(cluster) != mesh || truth.look == Look::Warning)
        return truth;
    // That one other cluster is not known is no fault between the mesh and the cluster that it manages, as long as another is.
    for (const int i : those)
        truth.look = std::min(truth.look, lookOf(m_matrix.directions.at(i).cell(truth::Layer::Discovery)));
    return truth;
}

PartTruth MapTruth::gateway(const QString &cluster) const
{
    return gathered(m_byGateway.value(cluster), truth::Layer::Gateway);
}

bool MapTruth::isCut(const QString &cluster) const
{
    const Those those = m_byGateway.value(cluster);
    return !those.isEmpty() && std::all_of(those.cbegin(), those.cend(), [this](int i) {
        const truth::Direction &direction = m_matrix.directions.at(i).direction;
        const auto *back = m_matrix.find(direction.to, direction.from);
        return back && back->cell(truth::Layer::Gateway).health == observe::Health::Failed;
    });
}

PartTruth MapTruth::mesh(const QString &mesh) const
{
    PartTruth truth = gathered(m_byMesh.value(mesh), truth::Layer::Discovery);
    // A direction that is not known or not proven is no news of the control plane; what is wrong or cannot last is.
    truth.look = truth.look >= Look::Warning ? Look::Warning : Look::Configured;
    return truth;
}

PartTruth MapTruth::trust(const QString &mesh) const
{
    if (mesh.isEmpty())
        return gathered(m_all, truth::Layer::Trust);
    Those those;
    for (const int i : m_all) {
        const truth::Direction &direction = m_matrix.directions.at(i).direction;
        if (m_managing.value(direction.from) == mesh || m_managing.value(direction.to) == mesh)
            those << i;
    }
    return gathered(those, truth::Layer::Trust);
}

PartTruth MapTruth::cluster(const QString &cluster) const
{
    return gathered(m_byCluster.value(cluster), std::nullopt);
}

Look MapTruth::look(const observe::ObservedCluster &cluster) const
{
    const Look own = lookOf(healthOf(cluster));
    return own == Look::Ok && this->cluster(cluster.name).look >= Look::Warning ? Look::Warning : own;
}

Look MapTruth::look(const observe::ObservedFleet &fleet, const QStringList &clusters) const
{
    Look look = Look::Ok;
    for (const QString &name : clusters) {
        look = std::max(look, this->look(*findCluster(fleet, name)));
        if (const PartTruth directions = cluster(name); directions.total > 0)
            look = std::max(look, std::min(directions.look, Look::Warning));
    }
    return look;
}

} // namespace catamaran::ui
