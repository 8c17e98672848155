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

MapTruth::MapTruth(const observe::FleetView &view, const truth::Matrix &matrix)
    : m_view(view)
    , m_matrix(matrix)
{
    const auto count = matrix.clusters.size();
    for (int i = 0; i < count; ++i)
        m_rows.insert(matrix.clusters.at(i), i);
    if (matrix.directions.size() == count * (count - 1))
        return;
    for (int i = 0; i < matrix.directions.size(); ++i) {
        const truth::Direction &direction = matrix.directions.at(i).direction;
        m_sparse.insert(direction, i);
        for (const QString &end : { direction.from, direction.to })
            if (!m_rows.contains(end))
                m_rows.insert(end, int(m_rows.size()));
    }
}

void MapTruth::setMatrix(const truth::Matrix &matrix, const truth::MatrixDelta &delta)
{
    if (delta.all || m_matrix.clusters.isEmpty() || !m_sparse.isEmpty()) {
        *this = MapTruth(m_view, matrix);
        return;
    }
    m_matrix = matrix;
    for (const QString &cluster : delta.clusters)
        m_worst.remove(cluster);
}

/// The direction's index, if there is one.
void MapTruth::add(Those &those, const QString &from, const QString &to) const
{
    if (from == to)
        return;
    if (!m_sparse.isEmpty()) {
        if (const auto found = m_sparse.constFind({ from, to }); found != m_sparse.cend())
            those << *found;
        return;
    }
    const int row = m_rows.value(from, -1), column = m_rows.value(to, -1);
    if (row < 0 || column < 0)
        return;
    const auto i = row * (m_matrix.clusters.size() - 1) + (column < row ? column : column - 1);
    if (i < m_matrix.directions.size() && m_matrix.directions.at(i).direction == truth::Direction { from, to })
        those << int(i);
}

MapTruth::Those MapTruth::between(const QStringList &from, const QStringList &to) const
{
    Those those;
    for (const QString &one : from)
        for (const QString &other : to)
            add(those, one, other);
    return those;
}

MapTruth::Those MapTruth::ofCluster(const QString &cluster) const
{
    const QStringList all = m_sparse.isEmpty() ? m_matrix.clusters : m_rows.keys();
    Those those;
    for (const QString &other : all) {
        add(those, cluster, other);
        add(those, other, cluster);
    }
    return those;
}

/// The clusters that are reached over the gateway of @p cluster: its own, and those of its network that have none.
QStringList MapTruth::standsFor(const QString &gateway) const
{
    if (!m_view.hasGateway(gateway))
        return {};
    QStringList clusters { gateway };
    for (const QString &cluster : m_view.clustersIn(m_view.networkOf(gateway)))
        if (!m_view.hasGateway(cluster))
            clusters << cluster;
    return clusters;
}

QStringList MapTruth::managedBy(const QString &mesh) const
{
    QStringList clusters;
    if (const observe::ObservedMesh *found = m_view.mesh(mesh)) {
        for (const mesh::MemberCluster &member : found->status.members)
            if (const auto *cluster = m_view.clusterOf(member);
                cluster && m_view.managingMesh(cluster->name) == mesh && !clusters.contains(cluster->name))
                clusters << cluster->name;
    }
    return clusters;
}

MapTruth::Those MapTruth::toGateway(const QString &cluster) const
{
    Those those;
    if (m_matrix.directions.isEmpty())
        return those;
    const QString network = m_view.networkOf(cluster);
    const QStringList behind = standsFor(cluster);
    for (const QString &other : m_view.networks())
        if (other != network)
            those << between(m_view.clustersIn(other), behind);
    return those;
}

std::optional<Look> MapTruth::worst(const QString &cluster) const
{
    const auto known = m_worst.constFind(cluster);
    if (known != m_worst.cend())
        return *known;
    std::optional<Look> worst;
    for (const int i : ofCluster(cluster)) {
        const Look look = lookOf(m_matrix.directions.at(i));
        worst = worst ? std::max(*worst, look) : look;
    }
    m_worst.insert(cluster, worst);
    return worst;
}

PartTruth MapTruth::gathered(const Those &those, std::optional<truth::Layer> layer) const
{
    const auto lookAt = [&](int i) {
        const truth::DirectionState &state = m_matrix.directions.at(i);
        return layer ? lookOf(state.cell(*layer)) : lookOf(state);
    };
    PartTruth truth;
    truth.total = int(those.size());
    QList<std::pair<Look, int>> seen;
    seen.reserve(those.size());
    for (const int i : those) {
        seen.append({ lookAt(i), i });
        truth.failed += seen.last().first == Look::Failed ? 1 : 0;
    }
    truth.allFailed = !those.isEmpty() && truth.failed == truth.total;
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
    if (m_view.networkOf(from) == m_view.networkOf(to))
        return gathered({}, std::nullopt);
    return gathered(between(standsFor(from), standsFor(to)), std::nullopt);
}

PartTruth MapTruth::crossNetworks(const QString &from, const QString &to) const
{
    return gathered(between(m_view.clustersIn(from), m_view.clustersIn(to)), std::nullopt);
}

PartTruth MapTruth::member(const QString &mesh, const QString &cluster) const
{
    const bool isManaged = m_view.managingMesh(cluster) == mesh;
    const Those those = isManaged ? between({ cluster }, m_matrix.clusters) : between(managedBy(mesh), { cluster });
    PartTruth truth = gathered(those, truth::Layer::Discovery);
    if (!isManaged || truth.look == Look::Warning)
        return truth;
    // That one other cluster is not known is no fault between the mesh and the cluster that it manages, as long as another is.
    for (const int i : those)
        truth.look = std::min(truth.look, lookOf(m_matrix.directions.at(i).cell(truth::Layer::Discovery)));
    return truth;
}

PartTruth MapTruth::gateway(const QString &cluster) const
{
    return gathered(toGateway(cluster), truth::Layer::Gateway);
}

bool MapTruth::isCut(const QString &cluster) const
{
    const Those those = toGateway(cluster);
    return !those.isEmpty() && std::all_of(those.cbegin(), those.cend(), [this](int i) {
        const truth::Direction &direction = m_matrix.directions.at(i).direction;
        Those back;
        add(back, direction.to, direction.from);
        return !back.isEmpty() && m_matrix.directions.at(back.first()).cell(truth::Layer::Gateway).health == observe::Health::Failed;
    });
}

PartTruth MapTruth::mesh(const QString &mesh) const
{
    PartTruth truth = gathered(between(managedBy(mesh), m_matrix.clusters), truth::Layer::Discovery);
    // A direction that is not known or not proven is no news of the control plane; what is wrong or cannot last is.
    truth.look = truth.look >= Look::Warning ? Look::Warning : Look::Configured;
    return truth;
}

PartTruth MapTruth::trust(const QString &mesh) const
{
    Those those;
    if (mesh.isEmpty()) {
        those.resize(m_matrix.directions.size());
        std::iota(those.begin(), those.end(), 0);
        return gathered(those, truth::Layer::Trust);
    }
    const QStringList managed = managedBy(mesh);
    those = between(managed, m_matrix.clusters);
    for (const QString &from : m_matrix.clusters)
        if (m_view.managingMesh(from) != mesh)
            for (const QString &to : managed)
                add(those, from, to);
    return gathered(those, truth::Layer::Trust);
}

PartTruth MapTruth::cluster(const QString &cluster) const
{
    return gathered(ofCluster(cluster), std::nullopt);
}

Look MapTruth::look(const observe::ObservedCluster &cluster) const
{
    const Look own = lookOf(healthOf(cluster));
    return own == Look::Ok && worst(cluster.name).value_or(Look::Ok) >= Look::Warning ? Look::Warning : own;
}

Look MapTruth::look(const observe::FleetView &view, const QStringList &clusters) const
{
    Look look = Look::Ok;
    for (const QString &name : clusters) {
        look = std::max(look, this->look(*view.cluster(name)));
        if (const auto directions = worst(name))
            look = std::max(look, std::min(*directions, Look::Warning));
    }
    return look;
}

} // namespace catamaran::ui
