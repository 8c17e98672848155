// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "layout.h"

#include "fleetfacts.h"

#include <QHash>
#include <QMap>

#include <algorithm>
#include <cmath>

namespace catamaran::ui {
namespace {

// Scene units. Text is drawn at 13, so a unit is about a pixel at 100 %.
constexpr double clusterWidth = 256, headerHeight = 58, rowHeight = 30, clusterFoot = 8, emptyRoom = 34;
constexpr double meshWidth = 212, meshHeight = 60;
constexpr double rootWidth = 248, rootHeight = 56;
constexpr double gatewaySide = 44, crossApart = 10;
constexpr double regionPad = 34, regionTitle = 40, regionFoot = 24;
constexpr double clusterGap = 28, regionGap = 120, meshGap = 36;
constexpr double rootToMesh = 52, meshToRegion = 78;

double clusterHeight(const observe::ObservedCluster &cluster)
{
    const auto rows = std::min<qsizetype>(cluster.workloads.size(), mostWorkloadRows + 1);
    return headerHeight + (rows > 0 ? static_cast<double>(rows) * rowHeight : emptyRoom) + clusterFoot;
}

/// A region before it has a place: its clusters in rows.
struct Region {
    QString network;
    QStringList clusters;
    int columns = 1;
    double width = 0, height = 0;
};

Region measure(const observe::FleetView &view, const QString &network)
{
    Region region;
    region.network = network;
    region.clusters = view.clustersIn(network);
    const auto count = static_cast<int>(region.clusters.size());
    region.columns = count <= 3 ? std::max(1, count) : static_cast<int>(std::ceil(std::sqrt(count * 1.5)));
    double height = 0, rowTallest = 0;
    for (int i = 0; i < count; ++i) {
        rowTallest = std::max(rowTallest, clusterHeight(*view.cluster(region.clusters[i])));
        if (i % region.columns == region.columns - 1 || i == count - 1) {
            height += rowTallest + (height > 0 ? clusterGap : 0);
            rowTallest = 0;
        }
    }
    region.width = region.columns * clusterWidth + (region.columns - 1) * clusterGap + 2 * regionPad;
    region.height = regionTitle + height + regionFoot;
    return region;
}

QPainterPath dropCurve(const QPointF &from, const QPointF &to)
{
    const double reach = std::max(26.0, std::abs(to.y() - from.y()) * 0.5);
    QPainterPath path(from);
    path.cubicTo(from + QPointF(0, reach), to - QPointF(0, reach), to);
    return path;
}

/// From one side of a box to a side of another, leaving and arriving level.
void levelCurveTo(QPainterPath &path, const QPointF &to)
{
    const QPointF from = path.currentPosition();
    const double reach = std::max(24.0, std::abs(to.x() - from.x()) * 0.5) * (to.x() >= from.x() ? 1 : -1);
    path.cubicTo(from + QPointF(reach, 0), to - QPointF(reach, 0), to);
}

struct Builder {
    const observe::FleetView &view;
    const observe::ObservedFleet &fleet;
    const QMap<QString, QPointF> &offsets;
    FleetLayout layout;
    QHash<QString, QRectF> rects;

    QPointF offset(const QString &id) const { return offsets.value(id); }

    void add(const QString &id, objectid::Kind kind, const QString &parent, const QRectF &rect)
    {
        layout.nodes.append({ id, kind, parent, rect, 0 });
        rects.insert(id, rect);
    }

    void placeRegion(const Region &region, QPointF corner);
    void placeGateways(const QStringList &networks);
    void placeMeshes(double top, double left, double right);
    void linkTrust();
    void linkMembers();
    void linkGateways(const QStringList &networks);
    void bundleLinks(const QStringList &networks);
};

void Builder::placeRegion(const Region &region, QPointF corner)
{
    const QString networkId = objectid::network(region.network);
    corner += offset(networkId);
    const QRectF natural(corner, QSizeF(region.width, region.height));
    QRectF around;
    QList<NodeBox> inside;
    double x = natural.left() + regionPad, y = natural.top() + regionTitle, rowTallest = 0;
    for (int i = 0; i < region.clusters.size(); ++i) {
        const auto &cluster = *view.cluster(region.clusters[i]);
        const QString id = objectid::cluster(cluster.name);
        const QRectF card(QPointF(x, y) + offset(id), QSizeF(clusterWidth, clusterHeight(cluster)));
        inside.append({ id, objectid::Kind::Cluster, networkId, card, 0 });
        around = around.united(card);
        const auto shown = cluster.workloads.size() > mostWorkloadRows + 1 ? mostWorkloadRows : cluster.workloads.size();
        for (int row = 0; row < shown; ++row) {
            const auto &workload = cluster.workloads[row];
            inside.append({ objectid::workload(cluster.name, workload.ns, workload.name), objectid::Kind::Workload, id,
                QRectF(card.left() + 8, card.top() + headerHeight + row * rowHeight, card.width() - 16, rowHeight - 3), 0 });
        }
        rowTallest = std::max(rowTallest, card.height());
        x += clusterWidth + clusterGap;
        if (i % region.columns == region.columns - 1) {
            x = natural.left() + regionPad;
            y += rowTallest + clusterGap;
            rowTallest = 0;
        }
    }
    // The region follows its clusters wherever they are dragged.
    QRectF rect = around.isNull() ? natural : around.adjusted(-regionPad, -regionTitle, regionPad, regionFoot);
    rect.setBottom(std::max(rect.bottom(), rect.top() + region.height));
    add(networkId, objectid::Kind::Network, {}, rect);
    for (const NodeBox &box : inside)
        add(box.id, box.kind, box.parent, box.rect);
}

/// Gateways stand on the border that faces the other network; with more than two networks on the lower border.
void Builder::placeGateways(const QStringList &networks)
{
    for (int i = 0; i < networks.size(); ++i) {
        const QRectF region = rects.value(objectid::network(networks[i]));
        QStringList clusters;
        for (const QString &cluster : view.clustersIn(networks[i])) {
            if (view.hasGateway(cluster))
                clusters << cluster;
        }
        const auto count = static_cast<double>(clusters.size());
        for (int g = 0; g < clusters.size(); ++g) {
            QPointF centre;
            int side = 0;
            if (networks.size() == 2) {
                const QRectF other = rects.value(objectid::network(networks[1 - i]));
                const bool onRight = other.center().x() >= region.center().x();
                side = onRight ? 1 : -1;
                const double step = std::min(gatewaySide * 1.9, region.height() / (count + 1));
                const double middle = region.top() + regionTitle + headerHeight + 8;
                centre = { onRight ? region.right() : region.left(), middle + (g - (count - 1) / 2) * step };
            } else {
                const double step = region.width() / (count + 1);
                centre = { region.left() + step * (g + 1), region.bottom() };
            }
            const QRectF rect(centre.x() - gatewaySide / 2, centre.y() - gatewaySide / 2, gatewaySide, gatewaySide);
            add(objectid::gateway(clusters[g]), objectid::Kind::Gateway, objectid::cluster(clusters[g]), rect);
            layout.nodes.last().side = side;
        }
    }
}

void Builder::placeMeshes(double top, double left, double right)
{
    struct Spot {
        QString name;
        double x;
    };
    QList<Spot> spots;
    const auto count = static_cast<double>(fleet.meshes.size());
    for (int i = 0; i < fleet.meshes.size(); ++i) {
        const QString name = fleet.meshes[i].status.name;
        double sum = 0;
        int managed = 0;
        for (const auto &member : fleet.meshes[i].status.members) {
            const auto *cluster = view.clusterOf(member);
            if (cluster && member.mode == mesh::Mode::Managed) {
                sum += rects.value(objectid::cluster(cluster->name)).center().x() - offset(objectid::cluster(cluster->name)).x();
                ++managed;
            }
        }
        const double even = left + (right - left) * (i + 0.5) / count;
        spots.append({ name, managed > 0 ? sum / managed : even });
    }
    std::stable_sort(spots.begin(), spots.end(), [](const Spot &one, const Spot &other) { return one.x < other.x; });
    // Push apart what would overlap, then bring the row back to where it was on the whole.
    double before = 0, after = 0;
    for (const Spot &spot : spots)
        before += spot.x;
    for (qsizetype i = 1; i < spots.size(); ++i)
        spots[i].x = std::max(spots[i].x, spots[i - 1].x + meshWidth + meshGap);
    for (const Spot &spot : spots)
        after += spot.x;
    const double back = spots.isEmpty() ? 0 : (after - before) / static_cast<double>(spots.size());
    for (const Spot &spot : spots) {
        const QString id = objectid::mesh(spot.name);
        add(id, objectid::Kind::Mesh, {}, QRectF(QPointF(spot.x - back - meshWidth / 2, top) + offset(id), QSizeF(meshWidth, meshHeight)));
    }
}

void Builder::linkTrust()
{
    const QRectF root = rects.value(objectid::root());
    for (const auto &mesh : fleet.meshes) {
        const QRectF rect = rects.value(objectid::mesh(mesh.status.name));
        layout.links.append({ QStringLiteral("trust:") + mesh.status.name, LinkKind::Trust, objectid::root(),
            objectid::mesh(mesh.status.name), dropCurve({ root.center().x(), root.bottom() }, { rect.center().x(), rect.top() }) });
    }
}

void Builder::linkMembers()
{
    struct Member {
        QString mesh, cluster;
        mesh::Mode mode;
    };
    QList<Member> members;
    for (const auto &mesh : fleet.meshes) {
        for (const auto &member : mesh.status.members) {
            if (const auto *cluster = view.clusterOf(member))
                members.append({ mesh.status.name, cluster->name, member.mode });
        }
    }
    // The lines at one box stand in the order of their other ends, so that they do not cross there.
    QHash<QString, QList<double>> atMesh, atCluster;
    const auto centreOf = [&](const QString &id) { return rects.value(id).center().x(); };
    for (const Member &member : std::as_const(members)) {
        atMesh[member.mesh] << centreOf(objectid::cluster(member.cluster));
        atCluster[member.cluster] << centreOf(objectid::mesh(member.mesh));
    }
    for (auto *ends : { &atMesh, &atCluster })
        for (QList<double> &others : *ends)
            std::sort(others.begin(), others.end());
    const auto port = [](const QList<double> &others, double own) {
        const auto index = static_cast<double>(std::lower_bound(others.begin(), others.end(), own) - others.begin());
        const double step = std::min(56.0, 170.0 / std::max<double>(1, static_cast<double>(others.size())));
        return (index - (static_cast<double>(others.size()) - 1) / 2) * step;
    };
    for (const Member &member : std::as_const(members)) {
        const QRectF from = rects.value(objectid::mesh(member.mesh));
        const QRectF to = rects.value(objectid::cluster(member.cluster));
        LinkKind kind = LinkKind::UnknownMode;
        QString word = QStringLiteral("member:");
        if (member.mode == mesh::Mode::Managed) {
            kind = LinkKind::Managed;
            word = QStringLiteral("managed:");
        } else if (member.mode == mesh::Mode::DiscoveryOnly) {
            kind = LinkKind::DiscoveryOnly;
            word = QStringLiteral("discovery:");
        }
        layout.links.append(
            { word + member.mesh + u'>' + member.cluster, kind, objectid::mesh(member.mesh), objectid::cluster(member.cluster),
                dropCurve({ from.center().x() + port(atMesh[member.mesh], to.center().x()), from.bottom() },
                    { to.center().x() + port(atCluster[member.cluster], from.center().x()), to.top() }) });
    }
}

void Builder::linkGateways(const QStringList &networks)
{
    QList<std::pair<QString, QString>> gateways; // cluster, network
    for (const QString &network : networks) {
        for (const QString &cluster : view.clustersIn(network)) {
            if (rects.contains(objectid::gateway(cluster)))
                gateways.append({ cluster, network });
        }
    }
    if (gateways.size() > mostGateways) {
        bundleLinks(networks);
        return;
    }
    for (qsizetype i = 0; i < gateways.size(); ++i) {
        for (qsizetype j = i + 1; j < gateways.size(); ++j) {
            if (gateways[i].second == gateways[j].second)
                continue;
            const QString from = objectid::gateway(gateways[i].first), to = objectid::gateway(gateways[j].first);
            // There and back are two: one may be broken without the other.
            for (const bool back : { false, true }) {
                const QString &asking = back ? to : from, &asked = back ? from : to;
                const QRectF one = rects.value(asking), other = rects.value(asked);
                QPainterPath path;
                if (networks.size() == 2) {
                    const bool rightward = other.center().x() >= one.center().x();
                    const double aside = rightward ? -crossApart : crossApart;
                    path.moveTo(rightward ? one.right() : one.left(), one.center().y() + aside);
                    levelCurveTo(path, { rightward ? other.left() : other.right(), other.center().y() + aside });
                } else {
                    const double depth = 36 + std::abs(other.center().x() - one.center().x()) * 0.12
                        + (other.center().x() >= one.center().x() ? 0 : 3 * crossApart);
                    const QPointF start(one.center().x() + crossApart, one.bottom()), end(other.center().x() - crossApart, other.bottom());
                    path.moveTo(start);
                    path.cubicTo(start + QPointF(0, depth), end + QPointF(0, depth), end);
                }
                layout.links.append({ QStringLiteral("cross:%1>%2").arg(gateways[back ? j : i].first, gateways[back ? i : j].first),
                    LinkKind::CrossNetwork, asking, asked, path });
            }
        }
    }
}

/// One link for each direction between two networks, along their lower borders or between their sides.
void Builder::bundleLinks(const QStringList &networks)
{
    struct End {
        QString id;
        QRectF rect;
    };
    QList<End> ends; // there are as many links as pairs of them
    for (const QString &network : networks)
        ends.append({ objectid::network(network), rects.value(objectid::network(network)) });
    layout.links.reserve(layout.links.size() + ends.size() * ends.size());
    for (qsizetype i = 0; i < networks.size(); ++i) {
        for (qsizetype j = 0; j < networks.size(); ++j) {
            if (i == j)
                continue;
            const QRectF &one = ends.at(i).rect, &other = ends.at(j).rect;
            const bool rightward = other.center().x() >= one.center().x();
            const double aside = rightward ? -crossApart : crossApart;
            QPainterPath path;
            if (one.right() < other.left() || other.right() < one.left()) {
                path.moveTo(rightward ? one.right() : one.left(), one.center().y() + aside);
                levelCurveTo(path, { rightward ? other.left() : other.right(), other.center().y() + aside });
            } else {
                const bool downward = other.center().y() >= one.center().y();
                path.moveTo(one.center().x() + aside, downward ? one.bottom() : one.top());
                path.lineTo(other.center().x() + aside, downward ? other.top() : other.bottom());
            }
            layout.links.append(
                { QStringLiteral("bundle:") + networks[i] + u'>' + networks[j], LinkKind::Bundle, ends.at(i).id, ends.at(j).id, path });
        }
    }
}

/// The workload that requests of a cluster come from, as the guide has it.
QString sourceOf(const observe::FleetView &view, const QString &cluster)
{
    if (const auto *found = view.cluster(cluster)) {
        for (const auto &workload : found->workloads) {
            if (workload.name == QLatin1String("sleep"))
                return objectid::workload(cluster, workload.ns, workload.name);
        }
    }
    return objectid::cluster(cluster);
}

} // namespace

const NodeBox *FleetLayout::node(const QString &id) const
{
    const int i = byId.value(id, -1);
    return i < 0 ? nullptr : &nodes.at(i);
}

FleetLayout layoutFleet(const observe::FleetView &view, const QSizeF &size, const QMap<QString, QPointF> &offsets)
{
    const observe::ObservedFleet &fleet = view.fleet();
    Builder builder { view, fleet, offsets, {}, {} };
    const QStringList &networks = view.networks();
    QList<Region> regions;
    for (const QString &network : networks)
        regions << measure(view, network);

    const auto count = static_cast<int>(regions.size());
    const int columns = count <= 4 ? std::max(1, count) : static_cast<int>(std::ceil(std::sqrt(count * 1.6)));
    const int rows = count == 0 ? 0 : (count + columns - 1) / columns;
    QList<double> rowWidths(rows, 0.0), rowHeights(rows, 0.0);
    for (int i = 0; i < count; ++i) {
        rowWidths[i / columns] += regions[i].width;
        rowHeights[i / columns] = std::max(rowHeights[i / columns], regions[i].height);
    }
    const bool hasMeshes = !fleet.meshes.isEmpty();
    const double meshRow = static_cast<double>(fleet.meshes.size()) * (meshWidth + meshGap) - meshGap;
    const double widest = rows == 0 ? 0 : *std::max_element(rowWidths.cbegin(), rowWidths.cend());
    const double naturalWidth = std::max({ widest + (columns - 1) * regionGap, hasMeshes ? meshRow : 0.0, hasMeshes ? rootWidth : 0.0 });
    double naturalHeight = hasMeshes ? rootHeight + rootToMesh + meshHeight + meshToRegion : 0;
    for (const double height : rowHeights)
        naturalHeight += height;
    naturalHeight += std::max(0, rows - 1) * regionGap;

    // Give the gaps what the window's proportions leave over, within reason.
    double gapX = regionGap, stretchY = 1;
    if (size.isValid() && size.height() > 0 && naturalWidth > 0 && naturalHeight > 0) {
        const double aspect = size.width() / size.height();
        const double spareX = naturalHeight * aspect - naturalWidth;
        if (spareX > 0 && columns > 1)
            gapX += std::min(spareX / (columns - 1), regionGap * 0.9);
        const double spareY = naturalWidth / aspect - naturalHeight;
        if (spareY > 0 && hasMeshes)
            stretchY += std::min(spareY / (rootToMesh + meshToRegion), 1.1);
    }

    double y = 0;
    const double meshTop = rootHeight + rootToMesh * stretchY;
    if (hasMeshes)
        y = meshTop + meshHeight + meshToRegion * stretchY;
    const double width = std::max(widest + (columns - 1) * gapX, hasMeshes ? meshRow : 0.0);
    for (int row = 0; row < rows; ++row) {
        const int inRow = std::min(columns, count - row * columns);
        double x = (width - rowWidths[row] - (inRow - 1) * gapX) / 2;
        for (int i = row * columns; i < row * columns + inRow; ++i) {
            regions[i].height = rowHeights[row]; // neighbours stand level, and so do their gateways
            builder.placeRegion(regions[i], { x, y });
            x += regions[i].width + gapX;
        }
        y += rowHeights[row] + regionGap;
    }
    builder.placeGateways(networks);
    if (hasMeshes) {
        builder.placeMeshes(meshTop, 0, width);
        double left = width, right = 0;
        for (const auto &mesh : fleet.meshes) {
            const QPointF centre
                = builder.rects.value(objectid::mesh(mesh.status.name)).center() - builder.offset(objectid::mesh(mesh.status.name));
            left = std::min(left, centre.x());
            right = std::max(right, centre.x());
        }
        const QPointF corner((left + right) / 2 - rootWidth / 2, 0);
        builder.add(
            objectid::root(), objectid::Kind::Root, {}, QRectF(corner + builder.offset(objectid::root()), QSizeF(rootWidth, rootHeight)));
        builder.linkTrust();
        builder.linkMembers();
    }
    builder.linkGateways(networks);

    for (const NodeBox &box : std::as_const(builder.layout.nodes))
        builder.layout.bounds = builder.layout.bounds.united(box.rect);
    for (const LinkPath &link : std::as_const(builder.layout.links))
        builder.layout.bounds = builder.layout.bounds.united(link.path.boundingRect());
    builder.layout.byId.reserve(builder.layout.nodes.size());
    for (int i = 0; i < builder.layout.nodes.size(); ++i)
        builder.layout.byId.insert(builder.layout.nodes.at(i).id, i);
    return builder.layout;
}

QString workloadOf(const observe::FleetView &view, const Answerer &who)
{
    QMap<QString, QString> ready, any; // one by cluster
    for (const auto &cluster : view.fleet().clusters) {
        for (const auto &workload : cluster.workloads) {
            const QString id = objectid::workload(cluster.name, workload.ns, workload.name);
            if (!who.instance.isEmpty() && workload.podNames.contains(who.instance))
                return id;
            if (who.version.isEmpty() || workload.version != who.version)
                continue;
            any.insert(cluster.name, id);
            if (workload.ready > 0)
                ready.insert(cluster.name, id);
        }
    }
    const QMap<QString, QString> &found = ready.isEmpty() ? any : ready;
    return found.size() == 1 ? found.first() : QString();
}

TrafficPath trafficPath(const FleetLayout &layout, const observe::FleetView &view, const QString &sourceCluster, const QString &targetId)
{
    const NodeBox *source = layout.node(sourceOf(view, sourceCluster));
    if (!source)
        source = layout.node(objectid::cluster(sourceCluster)); // its row is beyond "+n more"
    const QString targetCluster = objectid::parse(targetId).name;
    if (!source || targetCluster.isEmpty())
        return {};
    const NodeBox *target = layout.node(targetId);
    if (!target)
        target = layout.node(objectid::cluster(targetCluster));
    if (!target)
        return {};

    TrafficPath way;
    way.target = targetId;
    const QRectF from = source->rect, to = target->rect;
    if (targetCluster == sourceCluster) {
        const double out = 30;
        way.path.moveTo(from.right(), from.center().y());
        way.path.cubicTo({ from.right() + out, from.center().y() }, { to.right() + out, to.center().y() }, { to.right(), to.center().y() });
        return way;
    }
    const QString targetNetwork = view.networkOf(targetCluster);
    way.crossNetwork = view.networkOf(sourceCluster) != targetNetwork;
    const NodeBox *gateway = nullptr;
    if (way.crossNetwork) {
        for (const QString &cluster : view.clustersIn(targetNetwork)) {
            if (const NodeBox *found = layout.node(objectid::gateway(cluster)); found && (!gateway || cluster == targetCluster))
                gateway = found;
        }
    }
    const bool rightward = to.center().x() >= from.center().x();
    way.path.moveTo(rightward ? from.right() : from.left(), from.center().y());
    if (gateway) {
        levelCurveTo(way.path, gateway->rect.center());
        const bool onward = to.center().x() >= gateway->rect.center().x();
        levelCurveTo(way.path, { onward ? to.left() : to.right(), to.center().y() });
    } else {
        levelCurveTo(way.path, { rightward ? to.left() : to.right(), to.center().y() });
    }
    return way;
}

QString neighbour(const FleetLayout &layout, const QString &from, Qt::Key direction)
{
    const NodeBox *start = layout.node(from);
    if (!start)
        return layout.nodes.isEmpty() ? QString() : layout.nodes.last().id; // begin at the trust root
    QPointF way;
    switch (direction) {
    case Qt::Key_Left: way = { -1, 0 }; break;
    case Qt::Key_Right: way = { 1, 0 }; break;
    case Qt::Key_Up: way = { 0, -1 }; break;
    case Qt::Key_Down: way = { 0, 1 }; break;
    default: return {};
    }
    const auto linked = [&](const NodeBox &box) {
        if (box.parent == from || start->parent == box.id)
            return true;
        return std::any_of(layout.links.cbegin(), layout.links.cend(),
            [&](const LinkPath &link) { return (link.from == from && link.to == box.id) || (link.to == from && link.from == box.id); });
    };
    // A box that holds, or is held by, the start is measured by its edge, so that Down leads from a cluster into it.
    const auto anchor = [&](const NodeBox &box) {
        return box.kind == objectid::Kind::Network || box.kind == objectid::Kind::Cluster
            ? QPointF(box.rect.center().x(), box.rect.top() + 18)
            : box.rect.center();
    };
    QString best;
    double bestCost = 1e12;
    for (const NodeBox &box : layout.nodes) {
        if (box.id == from)
            continue;
        const QPointF delta = anchor(box) - anchor(*start);
        const double ahead = QPointF::dotProduct(delta, way);
        if (ahead < 4)
            continue;
        const double aside = std::abs(delta.x() * way.y()) + std::abs(delta.y() * way.x());
        // Links run up and down; sideways the same level counts.
        const double cost = (ahead + 2.2 * aside) * (way.y() != 0 && linked(box) ? 0.55 : 1);
        if (cost < bestCost) {
            bestCost = cost;
            best = box.id;
        }
    }
    return best;
}

} // namespace catamaran::ui
