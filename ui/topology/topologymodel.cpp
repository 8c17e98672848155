// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "topologymodel.h"

#include "fleetfacts.h"
#include "observe/identity.h"
#include "ui/common/icons.h"
#include "ui/topology/maptruth.h"
#include "ui/topology/objectid.h"

#include <algorithm>
#include <vector>

namespace catamaran::ui {

struct TopologyModel::Node {
    QString key; ///< unique among its siblings
    QString objectId; ///< empty for headings
    QString name, detail, state, glyph;
    Look look = Look::Unknown;
    bool hasState = true;
    Node *parent = nullptr;
    std::vector<std::unique_ptr<Node>> children;

    Node &add(const QString &childKey, const QString &childName, const QString &childGlyph, Look childLook, const QString &childDetail)
    {
        auto child = std::make_unique<Node>();
        child->key = childKey;
        child->objectId = childKey;
        child->name = childName;
        child->glyph = childGlyph;
        child->look = childLook;
        child->detail = childDetail;
        child->parent = this;
        children.push_back(std::move(child));
        return *children.back();
    }

    [[nodiscard]] int row() const
    {
        const auto found
            = std::find_if(parent->children.cbegin(), parent->children.cend(), [this](const auto &child) { return child.get() == this; });
        return static_cast<int>(found - parent->children.cbegin());
    }

    [[nodiscard]] bool sameFacts(const Node &other) const
    {
        return objectId == other.objectId && name == other.name && detail == other.detail && state == other.state && look == other.look
            && hasState == other.hasState && glyph == other.glyph;
    }

    void takeFacts(const Node &other)
    {
        objectId = other.objectId;
        name = other.name;
        detail = other.detail;
        state = other.state;
        look = other.look;
        hasState = other.hasState;
        glyph = other.glyph;
    }
};

TopologyModel::TopologyModel(QObject *parent)
    : PlainModel(parent)
    , m_root(std::make_unique<Node>())
{
}

TopologyModel::~TopologyModel() = default;

void TopologyModel::setFleet(const observe::FleetView &view, const QMap<QString, QString> &faults, const truth::Matrix &matrix)
{
    const observe::ObservedFleet &fleet = view.fleet();
    Node fresh;
    const MapTruth truth(view, matrix);
    const auto impaired = impairments(view, faults, truth);
    // What is only read or said is at best what the matrix has proven of it.
    const auto proven = [](observe::Health said, const PartTruth &part) { return said == observe::Health::Ok ? part.look : lookOf(said); };
    const auto judge = [&impaired](Node &node) {
        const auto found = impaired.constFind(node.objectId);
        if (found == impaired.constEnd())
            return;
        node.look = found->dead ? Look::Failed : Look::Stale;
        node.detail = found->reason;
    };
    if (!fleet.meshes.isEmpty()) {
        const auto *shared = trustVerdict(fleet);
        Node &root = fresh.add(objectid::root(), tr("Trust root"), QStringLiteral("root"), proven(trustHealth(fleet), truth.trust()),
            shared ? shared->reason : QString());
        judge(root);
        Node &meshes = fresh.add(QStringLiteral("#meshes"), tr("Meshes"), QStringLiteral("mesh"), Look::Unknown,
            tr("%n control plane(s)", nullptr, static_cast<int>(fleet.meshes.size())));
        meshes.objectId.clear();
        meshes.hasState = false;
        for (const auto &mesh : fleet.meshes) {
            Node &node = meshes.add(objectid::mesh(mesh.status.name), mesh.status.name, QStringLiteral("mesh"),
                proven(healthOf(mesh), truth.mesh(mesh.status.name)), tr("%1, %2").arg(stateWord(mesh.status.state), mesh.status.version));
            judge(node);
            for (const auto &member : mesh.status.members) {
                const auto *cluster = view.clusterOf(member);
                const QString name = observe::nameOrId(member);
                Node &link = node.add(QStringLiteral("member:") + name, observe::toldName(member), QStringLiteral("link"),
                    cluster && cluster->reachable ? truth.member(mesh.status.name, name).look : Look::Failed, modeWord(member.mode));
                link.objectId = objectid::cluster(name);
                judge(link);
                link.detail = modeWord(member.mode) + (impaired.contains(link.objectId) ? QStringLiteral(", ") + link.detail : QString());
            }
        }
    }
    const QStringList networks = view.networks();
    for (const QString &network : networks) {
        const QStringList clusters = view.clustersIn(network);
        Node &region = fresh.add(objectid::network(network), networkTitle(network), QStringLiteral("network"), truth.look(view, clusters),
            tr("%n cluster(s)", nullptr, static_cast<int>(clusters.size())));
        judge(region);
        for (const QString &name : clusters) {
            const auto &cluster = *view.cluster(name);
            Node &node = region.add(objectid::cluster(name), name, QStringLiteral("cluster"), truth.look(cluster),
                cluster.region + (cluster.kubeVersion.isEmpty() ? QString() : QStringLiteral(", ") + cluster.kubeVersion));
            judge(node);
            if (view.hasGateway(name)) {
                const auto *condition = findCondition(cluster.conditions, QStringLiteral("Gateway"));
                Node &gateway = node.add(objectid::gateway(name), tr("Gateway"), QStringLiteral("gateway"),
                    proven(
                        condition ? condition->health : (cluster.gatewayAddress.isEmpty() ? observe::Health::Unknown : observe::Health::Ok),
                        truth.gateway(name)),
                    cluster.gatewayAddress);
                judge(gateway);
            }
            for (const auto &workload : cluster.workloads) {
                QString detail = tr("%1 of %2 pods ready").arg(workload.ready).arg(workload.desired);
                if (!workload.version.isEmpty())
                    detail += QStringLiteral(", ") + workload.version;
                Node &leaf = node.add(objectid::workload(name, workload.ns, workload.name),
                    workload.ns == QLatin1String("default") ? workload.name : workload.ns + u'/' + workload.name,
                    QStringLiteral("workload"), lookOf(healthOf(workload)), detail);
                if (workload.desired == 0)
                    leaf.state = tr("scaled to 0");
                judge(leaf);
            }
        }
    }
    merge(*m_root, fresh);
}

void TopologyModel::merge(Node &old, Node &fresh)
{
    const QModelIndex here = indexOf(old);
    const auto keyIn = [](const Node &node, const QString &key) {
        return std::any_of(node.children.cbegin(), node.children.cend(), [&](const auto &child) { return child->key == key; });
    };
    for (int row = static_cast<int>(old.children.size()) - 1; row >= 0; --row) {
        if (keyIn(fresh, old.children[static_cast<size_t>(row)]->key))
            continue;
        beginRemoveRows(here, row, row);
        old.children.erase(old.children.begin() + row);
        endRemoveRows();
    }
    for (int row = 0; row < static_cast<int>(fresh.children.size()); ++row) {
        auto &next = fresh.children[static_cast<size_t>(row)];
        int from = row;
        while (from < static_cast<int>(old.children.size()) && old.children[static_cast<size_t>(from)]->key != next->key)
            ++from;
        if (from == static_cast<int>(old.children.size())) { // new: with all that is under it
            beginInsertRows(here, row, row);
            next->parent = &old;
            old.children.insert(old.children.begin() + row, std::move(next));
            endInsertRows();
            continue;
        }
        if (from != row) {
            beginMoveRows(here, from, from, here, row);
            auto moved = std::move(old.children[static_cast<size_t>(from)]);
            old.children.erase(old.children.begin() + from);
            old.children.insert(old.children.begin() + row, std::move(moved));
            endMoveRows();
        }
        Node &same = *old.children[static_cast<size_t>(row)];
        if (!same.sameFacts(*next)) {
            same.takeFacts(*next);
            emit dataChanged(indexOf(same), indexOf(same, COLUMN_COUNT - 1));
        }
        merge(same, *next);
    }
}

QModelIndex TopologyModel::indexOf(const Node &node, int column) const
{
    if (&node == m_root.get())
        return {};
    return createIndex(node.row(), column, &node);
}

TopologyModel::Node *TopologyModel::nodeOf(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<Node *>(index.internalPointer()) : m_root.get();
}

QModelIndex TopologyModel::indexOf(const QString &objectId) const
{
    if (objectId.isEmpty())
        return {};
    QModelIndex found;
    const std::function<bool(const Node &)> search = [&](const Node &node) {
        if (node.key == objectId) {
            found = indexOf(node);
            return true;
        }
        return std::any_of(node.children.cbegin(), node.children.cend(), [&](const auto &child) { return search(*child); });
    };
    search(*m_root);
    return found;
}

QModelIndex TopologyModel::index(int row, int column, const QModelIndex &parent) const
{
    if (row < 0 || column < 0 || column >= COLUMN_COUNT || parent.column() > 0)
        return {};
    const Node *node = nodeOf(parent);
    if (row >= static_cast<int>(node->children.size()))
        return {};
    return createIndex(row, column, node->children[static_cast<size_t>(row)].get());
}

QModelIndex TopologyModel::parent(const QModelIndex &child) const
{
    if (!child.isValid())
        return {};
    return indexOf(*nodeOf(child)->parent);
}

int TopologyModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(nodeOf(parent)->children.size());
}

int TopologyModel::columnCount(const QModelIndex &) const
{
    return COLUMN_COUNT;
}

QVariant TopologyModel::value(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Node &node = *nodeOf(index);
    const QString word = node.hasState ? (node.state.isEmpty() ? lookWord(node.look) : node.state) : QString();
    switch (role) {
    case IdRole: return node.objectId;
    case LookRole: return QVariant::fromValue(static_cast<int>(node.look));
    case GlyphRole: return node.glyph;
    case Qt::ToolTipRole: return node.detail;
    case Qt::AccessibleTextRole: return word.isEmpty() ? node.name : tr("%1, %2, %3").arg(node.name, word, node.detail);
    default: break;
    }
    switch (static_cast<Columns>(index.column())) {
    case NameColumn:
        if (role == Qt::DisplayRole)
            return node.name;
        if (role == Qt::DecorationRole)
            return themedIcon(node.glyph);
        break;
    case StateColumn:
        if (role == Qt::DisplayRole)
            return word;
        break;
    case DetailColumn:
        if (role == Qt::DisplayRole)
            return node.detail;
        break;
    case COLUMN_COUNT: break;
    }
    return {};
}

QVariant TopologyModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (static_cast<Columns>(section)) {
    case NameColumn: return tr("Name");
    case StateColumn: return tr("State");
    case DetailColumn: return tr("Detail");
    case COLUMN_COUNT: break;
    }
    return {};
}

} // namespace catamaran::ui
